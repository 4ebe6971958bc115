package event

import (
	"strings"
	"testing"
)

const saleCloudEvent = `{"specversion":"1.0","id":"d-1","source":"poslog/estate-1","type":"retail.sale.v1","subject":"S12·2026-03-02·T1·4711","time":"2026-03-02T18:05:11+01:00",
 "data":{"location":"S12","till":"T1","currency":"EUR","lines":[{"line":"1","item":"SKU-1","quantity":"2.0","gross":{"amount":"12.3","currency":"EUR"},
 "net":{"currency":"EUR","amount":"10.34"},"taxes":[{"code":"NORMAL","rate":"0.19","amount":{"amount":"1.96","currency":"EUR"}}]}],
 "tenders":[{"code":"CARD","amount":{"amount":"12.30","currency":"EUR"}}],"total":{"amount":"12.30","currency":"EUR"},"ext":{"z":1,"a":["ü",null,true]}}}`

func TestFactOfACloudEvent(t *testing.T) {
	e, id, err := Parse([]byte(saleCloudEvent))
	if err != nil || id != "d-1" {
		t.Fatalf("got %q, %v", id, err)
	}
	got := string(e.AppendFact(nil))
	want := `{"business_date":"2026-03-02","data":{"currency":"EUR","ext":{"a":["ü",null,true],"z":1},"lines":[{"gross":{"amount":"12.30","currency":"EUR"},"item":"SKU-1","line":"1",` +
		`"net":{"amount":"10.34","currency":"EUR"},"quantity":"2","taxes":[{"amount":{"amount":"1.96","currency":"EUR"},"code":"NORMAL","rate":"0.19"}]}],"location":"S12",` +
		`"tenders":[{"amount":{"amount":"12.30","currency":"EUR"},"code":"CARD"}],"till":"T1","total":{"amount":"12.30","currency":"EUR"}},"instance":"estate-1",` +
		`"key":"S12·2026-03-02·T1·4711","system":"poslog","time":"2026-03-02T17:05:11Z","type":"sale.v1","tz":"+01:00"}`
	if got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	again, err := Decode([]byte(got))
	if err != nil {
		t.Fatal(err)
	}
	if twice := string(again.AppendFact(nil)); twice != got {
		t.Errorf("the canonical form changes when it is read: %s", twice)
	}
	other, _, err := Parse([]byte(got))
	if err != nil || other.ContentHash() != e.ContentHash() {
		t.Errorf("the stored form is not taken at the door: %v", err)
	}
	cloud := AppendCloudEvent(nil, e, "d-2")
	back, id, err := ParseCloudEvent(cloud)
	if err != nil || id != "d-2" || string(back.AppendFact(nil)) != got {
		t.Errorf("got %q, %v from %s", id, err, cloud)
	}
}

// TestFaultNamesThePlace refuses a sale that is wrong in one member, and says in which.
// reproduces: V-CUR-01, V-BAL-04
func TestFaultNamesThePlace(t *testing.T) {
	for _, c := range []struct{ name, old, new, want string }{
		{"unknown member", `"line":"1"`, `"line":"1","colour":"red"`, "V-SCH-01: data.lines[0].colour: there is no such member"},
		{"missing member", `"item":"SKU-1",`, ``, "V-SCH-01: data.lines[0].item: is missing"},
		{"doubled member", `"line":"1"`, `"line":"1","line":"2"`, "V-SCH-01: data.lines[0].line: the member stands there twice"},
		{"kind", `"quantity":"2.0"`, `"quantity":2`, "V-SCH-01: data.lines[0].quantity: has to be a string"},
		{"digits", `"amount":"12.3"`, `"amount":"12.345"`, "V-BAL-04: data.lines[0].gross"},
		{"currency", `"amount":"12.3","currency":"EUR"`, `"amount":"12.3","currency":"USD"`, "V-CUR-01: data.lines[0].gross"},
		{"sign", `"quantity":"2.0"`, `"quantity":"-2"`, "V-QTY-01: data.lines[0].quantity"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := Parse([]byte(strings.Replace(saleCloudEvent, c.old, c.new, 1)))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
