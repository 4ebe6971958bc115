package pack

import (
	"context"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

func zoneOf(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// A time without a zone is told in that of its place, else in that of the source, and by nobody
// in UTC.
func TestZones(t *testing.T) {
	// reproduces: H-ZONE
	west := func(_ context.Context, system retail.SystemID, place string, day retail.Date) (*time.Location, error) {
		if system != "depot" || day.String() != "2026-07-02" || place != "L1" {
			return nil, nil
		}
		return zoneOf(t, "America/Los_Angeles"), nil
	}
	failing := func(context.Context, retail.SystemID, string, retail.Date) (*time.Location, error) {
		return nil, fault.New(fault.ZoneUnknown, "L1", "Mars/Base is no zone")
	}
	p := testPack(t, map[string]string{
		"stock.jq": `.place as $place | {type: "stock_adjusted.v1", key: "5·1", time: (.time | local_time_at($place)), data: {adjustment: "5", line: "1", item: "A", location: "L", bucket: "SELLABLE", quantity: "1", reason: "FOUND"}}`,
	})
	const naive = `{"no":5,"place":"L1","time":"2026-07-02T22:04:05"}`
	for _, c := range []struct {
		name  string
		zone  *time.Location
		zones Zones
		body  string
		want  string
	}{
		{"of the place", zoneOf(t, "America/New_York"), west, naive, "2026-07-03T05:04:05Z -07:00 2026-07-02"},
		{"of the place alone", nil, west, naive, "2026-07-03T05:04:05Z -07:00 2026-07-02"},
		{"of the source, for a place without one", zoneOf(t, "America/New_York"), west, `{"no":5,"place":"L2","time":"2026-07-02T22:04:05"}`, "2026-07-03T02:04:05Z -04:00 2026-07-02, L2"},
		{"of the source, without places", zoneOf(t, "America/New_York"), nil, naive, "2026-07-03T02:04:05Z -04:00 2026-07-02"},
		{"of the time itself", nil, nil, `{"no":5,"place":"L1","time":"2026-07-02T22:04:05+02:00"}`, "2026-07-02T20:04:05Z +02:00 2026-07-02"},
		{"UTC, where somebody said so", time.UTC, nil, naive, "2026-07-02T22:04:05Z  2026-07-02"},
		{"none", nil, nil, naive, "H-ZONE"},
		{"none, of no place", nil, west, `{"no":5,"time":"2026-07-02T22:04:05"}`, "H-ZONE"},
		{"one that the place will have when it is known", nil, west, `{"no":5,"place":"L2","time":"2026-07-02T22:04:05"}`, "2026-07-02T22:04:05Z  2026-07-02, L2"},
		{"one that there is not", time.UTC, failing, naive, "H-ZONE"},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(c.body, "X-Topic", "stock")
			in.Topic, in.Zone, in.Zones = "stock/hook", c.zone, c.zones
			result, err := p.Map(t.Context(), in)
			if err != nil {
				t.Fatal(err)
			}
			if got := toldWhen(result.Records[0]); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func toldWhen(o Outcome) string {
	if o.Err != nil {
		return string(o.Err.Code)
	}
	h := o.Events[0].Header
	told := h.Time.Format(time.RFC3339) + " " + h.TZ + " " + h.BusinessDate.String()
	if o.Clock != "" {
		told += ", " + o.Clock
	}
	return told
}

// Whatever a clock of a zone shows is what it is read from, the first time that it shows it.
func TestOnClockIsTheFirstTime(t *testing.T) {
	zones := []*time.Location{time.UTC}
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu"} {
		zones = append(zones, zoneOf(t, name))
	}
	rapid.Check(t, func(r *rapid.T) {
		zone := rapid.SampledFrom(zones).Draw(r, "zone")
		instant := time.Unix(rapid.Int64Range(1_200_000_000, 2_000_000_000).Draw(r, "instant"), 0)
		if _, end := instant.In(zone).ZoneBounds(); rapid.Bool().Draw(r, "near a change") && !end.IsZero() {
			instant = end.Add(time.Duration(rapid.Int64Range(-7200, 7200).Draw(r, "seconds")) * time.Second)
		}
		shown := func(t time.Time) string { return t.In(zone).Format(time.DateTime) }
		clock, err := time.Parse(time.DateTime, shown(instant))
		if err != nil {
			r.Fatal(err)
		}
		got := OnClock(clock, zone)
		if shown(got) != shown(instant) || got.After(instant) {
			r.Fatalf("%s: got %s, want it to show the same and not to be later", shown(instant), got)
		}
		for _, earlier := range []time.Duration{30 * time.Minute, time.Hour, 24 * time.Hour} {
			if shown(got.Add(-earlier)) == shown(instant) {
				r.Fatalf("%s: got %s, which is not the first time", shown(instant), got)
			}
		}
	})
}

// A record that is refused as a test names its documents, and the next one does not.
func TestTestsNameTheirDocuments(t *testing.T) {
	p := testPack(t, map[string]string{
		"stock.jq": `if .test then refuse_test("a test move"; [{type: "shop_order", id: (.no | tostring)}, {type: "payment", id: "p1"}]) else refuse("V-TRN-01"; "a test without documents") end`,
	})
	for _, c := range []struct {
		body string
		want []retail.Ref
	}{
		{`{"no":5,"test":true}`, []retail.Ref{{Type: "shop_order", ID: "5"}, {Type: "payment", ID: "p1"}}},
		{`{"no":5}`, nil},
	} {
		in := input(c.body, "X-Topic", "stock")
		in.Topic = "stock/hook"
		result, err := p.Map(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if o := result.Records[0]; !fault.HasCode(o.Err, fault.TrainingDropped) || !slices.Equal(o.Tests, c.want) || len(o.Events) > 0 {
			t.Errorf("%s: got %+v, want the documents %v", c.body, o, c.want)
		}
	}
}
