package event

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"
)

func TestFromMapped(t *testing.T) {
	object := func() map[string]any {
		return map[string]any{"type": "reservation_released.v1", "key": "R-1·1", "time": "2026-03-02T23:30:00-05:00", "correlation_id": nil,
			"data": map[string]any{"reservation": "R-1", "quantity": nil, "reason": "late", "ext": map[string]any{"n": 7, "list": []any{true, "ü"}}}}
	}
	const base = `{"business_date":"2026-03-02","data":{"ext":{"list":[true,"ü"],"n":7},"reason":"late","reservation":"R-1"},"instance":"main","key":"R-1·1",`
	for _, c := range []struct {
		name   string
		change func(o map[string]any)
		want   string
	}{
		{"as it is", func(map[string]any) {}, base + `"system":"oms","time":"2026-03-03T04:30:00Z","type":"reservation_released.v1","tz":"-05:00"}`},
		{"version as int", func(o map[string]any) { o["source_version"] = 3 }, `"source_version":3`},
		{"version as int64", func(o map[string]any) { o["source_version"] = int64(3) }, `"source_version":3`},
		{"version as big.Int", func(o map[string]any) { o["source_version"] = big.NewInt(3) }, `"source_version":3`},
		{"version as json.Number", func(o map[string]any) { o["source_version"] = json.Number("3") }, `"source_version":3`},
		{"version as decimal", func(o map[string]any) { o["source_version"] = json.Number("3.5") }, `V-SCH-01: source_version: has to be an integer`},
		{"version too large", func(o map[string]any) { o["source_version"] = new(big.Int).Lsh(big.NewInt(1), 64) }, `V-SCH-01: source_version: has to be an integer`},
		{"floating point", func(o map[string]any) { o["source_version"] = asDecoded(t, "3") }, `V-SCH-01: float64`},
		{"date said", func(o map[string]any) { o["business_date"] = "2026-03-01" }, `{"business_date":"2026-03-01"`},
		{"required member null", func(o map[string]any) { o["key"] = nil }, `V-SCH-01: key: is missing`},
		{"its own system", func(o map[string]any) { o["system"] = "other" }, `V-SCH-01: system: the member stands there twice`},
		{"invalid", func(o map[string]any) { o["data"].(map[string]any)["quantity"] = "-1" }, `V-QTY-01: data.quantity`},
		{"unknown member", func(o map[string]any) { o["subject"] = "x" }, `V-SCH-01: subject: there is no such member`},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := object()
			c.change(o)
			got := factOrFault(FromMapped("oms", "main", o))
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
			if strings.HasPrefix(got, "V-SCH-01: float64") {
				return
			}
			text, err := json.Marshal(o)
			if err != nil {
				t.Fatal(err)
			}
			if byText := factOrFault(FromMapped("oms", "main", text)); byText != got {
				t.Errorf("as text %s, as a tree %s", byText, got)
			}
		})
	}
}

func factOrFault(e *Event, err error) string {
	if err != nil {
		return err.Error()
	}
	return string(e.AppendFact(nil))
}

// asDecoded returns what encoding/json makes of a number by itself.
func asDecoded(t *testing.T, text string) (number any) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &number); err != nil {
		t.Fatal(err)
	}
	return number
}
