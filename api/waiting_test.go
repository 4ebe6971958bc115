package api_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
)

// telling is what a source says of one adjustment: so many of A, as one of its versions.
type telling struct {
	key      string
	version  int
	quantity int
	status   record.Status
}

// adjusted makes the event of what was told, at a place.
func (a telling) adjusted(place string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":"d-%s-%d-%d","source":"wms/main","type":"retail.stock_adjusted.v1","subject":"%s·1","time":"2026-07-09T08:00:00Z","sourceversion":"%d",`+
		`"data":{"adjustment":"%s","line":"1","item":"A","location":"%s","bucket":"SELLABLE","quantity":"%d","reason":"COUNT"}}`,
		a.key, a.version, a.quantity, a.key, a.version, a.key, place, a.quantity)
}

// send sends all that was told in one request, and checks what became of each.
func (h *house) send(place string, all ...telling) {
	h.t.Helper()
	var body strings.Builder
	for _, a := range all {
		body.WriteString(a.adjusted(place) + "\n")
	}
	got := decoded[api.EventResults](h.do(call{as: "oms", method: "POST", path: "/v1/events", body: body.String(), header: map[string]string{"Content-Type": "application/x-ndjson"}}).is(200))
	for i, a := range all {
		if got.Results[i].Status != a.status {
			h.t.Errorf("%+v: got %+v", a, got.Results[i])
		}
	}
}

// holds checks how many of A there are at a place.
func (h *house) holds(place, want string) {
	h.t.Helper()
	rows := decoded[api.Positions](h.get("/v1/positions?item=A&location=" + place).is(200)).Positions
	if len(rows) != 1 || rows[0].Quantity.String() != want {
		h.t.Errorf("at %s: got %+v, want %s", place, rows, want)
	}
}

// TestWhatWaitsComesInAsItCame sends the same facts to a place that is known and to one that
// becomes known afterwards: what waited is decided as what did not wait.
func TestWhatWaitsComesInAsItCame(t *testing.T) {
	for _, c := range []struct {
		name    string
		all     []telling // with what becomes of them where the place is known
		count   string
		records int64 // in the journal, the place's own among them
		work    []fault.Code
	}{
		{"a lower version late", []telling{{"V", 2, 100, record.Accepted}, {"V", 1, 1, record.Accepted}}, "100", 3, nil},
		{"a higher version", []telling{{"V", 1, 1, record.Accepted}, {"V", 2, 100, record.Accepted}}, "100", 3, []fault.Code{fault.RevisionHeld}},
		{"the same version with other content", []telling{{"V", 1, 100, record.Accepted}, {"V", 1, 200, record.Conflicting}}, "100", 2, []fault.Code{fault.KeyConflict}},
		{"the same again", []telling{{"V", 1, 100, record.Accepted}, {"V", 1, 100, record.Duplicate}}, "100", 2, nil},
		{"several keys", []telling{{"V", 1, 100, record.Accepted}, {"W", 1, 7, record.Accepted}, {"V", 2, 50, record.Accepted}}, "57", 4, []fault.Code{fault.RevisionHeld}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, waits := range []bool{false, true} {
				h := stocked(t)
				known := func(place string) {
					h.post("/v1/reference", `{"rows":[{"table":"locations","key":"`+place+`","row":{"entity":"LE1","zone":"UTC","kind":"STORE"}}]}`).is(200)
				}
				place, before := "S2", h.owner.Position()
				if waits {
					for _, a := range c.all {
						a.status = record.Waiting
						h.send(place, a)
					}
					h.onlyWork(fault.LocationUnknown, int64(len(c.all)))
				}
				known(place)
				if !waits {
					h.send(place, c.all...)
				}
				h.holds(place, c.count)
				var work []fault.Code
				for _, item := range h.work() {
					work = append(work, item.Code)
				}
				if got := h.owner.Position() - before; !slices.Equal(work, c.work) || got != c.records {
					t.Errorf("waits %v: got work %v and %d records, want %v and %d", waits, work, got, c.work, c.records)
				}
			}
		})
	}
}

// TestARowThatIsThereReleases sets a place once more whose release was broken off after it had
// come into the journal: what waits for it comes in.
func TestARowThatIsThereReleases(t *testing.T) {
	const row = `"key":"S9","row":{"entity":"LE1","zone":"UTC","kind":"STORE"}`
	for _, c := range []struct{ name, method, path, body string }{
		{"a load", "POST", "/v1/reference/locations", `{"rows":[{` + row + `}]}`},
		{"rows", "POST", "/v1/reference", `{"rows":[{"table":"locations",` + row + `}]}`},
		{"one row", "PUT", rowPath("locations", "S9"), `{"row":{"entity":"LE1","zone":"UTC","kind":"STORE"}}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := stocked(t)
			h.send("S9", telling{"V", 1, 100, record.Waiting})
			set := &event.ReferenceSet{Table: "locations", RowKey: "S9", Row: event.Row{"entity": "LE1", "zone": "UTC", "kind": "STORE"}, Author: "oms"}
			answers, err := h.owner.Submit(t.Context(), []record.Submission{{Event: reference.NewEvent(set, "main", h.now)}})
			if err != nil || answers[0].Status != record.Accepted {
				t.Fatalf("got %+v, %v", answers, err)
			}
			h.onlyWork(fault.LocationUnknown, 1)
			h.post("/v1/reference/locations?dry_run=true", `{"rows":[{`+row+`}]}`).is(200)
			h.onlyWork(fault.LocationUnknown, 1)
			h.do(call{as: "oms", method: c.method, path: c.path, body: c.body}).is(200)
			h.holds("S9", "100")
			if got := h.work(); len(got) != 0 {
				t.Errorf("got %+v, want the work done", got)
			}
		})
	}
}
