package flow_test

import (
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// A place has the zone of the location that its source's code names on the day.
func TestZoneAt(t *testing.T) {
	r := newRig(t)
	from, _ := retail.ParseDate("2026-06-01")
	later := r.row(event.TableLocations, "LA1", event.Row{"entity": "LE1", "zone": "America/Denver"})
	later.Data.(*event.ReferenceSet).EffectiveFrom = from
	later.SourceVersion++
	r.submit(
		r.row(event.TableLocations, "LA1", event.Row{"entity": "LE1", "zone": "America/Los_Angeles"}), later,
		r.row(event.TableLocations, "MARS", event.Row{"entity": "LE1", "zone": "Mars/Base"}),
		r.row(event.TableLocations, "LOCAL", event.Row{"entity": "LE1", "zone": "Local"}),
		r.row(event.TableLocationCodes, "poslog·LA", event.Row{"location": "LA1"}),
	)
	for _, c := range []struct {
		name, system, place, day, want string
		code                           fault.Code
	}{
		{"by the source's code", "poslog", "LA", "2026-05-31", "America/Los_Angeles", ""},
		{"from another day on", "poslog", "LA", "2026-06-01", "America/Denver", ""},
		{"by its own id", "csv", "LA1", "2026-05-31", "America/Los_Angeles", ""},
		{"another source's code", "csv", "LA", "2026-05-31", "", ""},
		{"no zone", "csv", "MARS", "2026-05-31", "", fault.ZoneUnknown},
		{"the machine's own", "csv", "LOCAL", "2026-05-31", "", fault.ZoneUnknown},
	} {
		day, _ := retail.ParseDate(c.day)
		zone, err := r.owner.ZoneAt(t.Context(), retail.SystemID(c.system), c.place, day)
		got := ""
		if zone != nil {
			got = zone.String()
		}
		if got != c.want || c.code == "" && err != nil || c.code != "" && !fault.HasCode(err, c.code) {
			t.Errorf("%s: got %q, %v, want %q %s", c.name, got, err, c.want, c.code)
		}
	}
}
