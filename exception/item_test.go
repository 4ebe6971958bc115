package exception_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func oversold(detail string, position int64, refs ...retail.Ref) exception.Report {
	return exception.Report{Code: fault.ClaimsExceed, Source: exception.SourceFlow, Subject: "claim-1", Detail: detail, Refs: refs, Position: position}
}

// The document is stored and served: its names and its id are a contract.
func TestItemOnTheWire(t *testing.T) {
	r := oversold("1 of 2 promised at A@S1 are not there", 7, retail.Ref{Type: retail.RefReservation, ID: "claim-1"})
	r.Evidence = "ab12"
	item := exception.New(r, noon)
	for _, c := range []struct {
		name string
		item exception.Item
		want string
	}{
		{"open", item, `{"id":"ID","code":"V-INV-02","title":"More is promised than is there.","severity":"H","queue":"OMS ops","source":"flow","subject":"claim-1","detail":"1 of 2 promised at A@S1 are not there","next":"Source the youngest claim from elsewhere.","refs":[{"type":"reservation","id":"claim-1"}],"evidence":"ab12","position":7,"raised_at":"2026-03-02T12:00:00Z","last_at":"2026-03-02T12:00:00Z","count":1,"status":"OPEN"}`},
		{"resolved, without what it does not have", exception.New(exception.Report{Code: fault.LocationUnknown, Source: exception.SourceIntake, Subject: "655"}, noon).Resolve(noon.Add(time.Hour), "position 9"), `{"id":"ID","code":"V-LOC-01","title":"The location is not known, or has no legal entity on that date.","severity":"B","queue":"master data","source":"intake","subject":"655","next":"Create the location; the payload is kept and comes in by itself then.","raised_at":"2026-03-02T12:00:00Z","last_at":"2026-03-02T12:00:00Z","count":1,"status":"RESOLVED","resolved_at":"2026-03-02T13:00:00Z","resolved_by":"position 9"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			stored, err := json.Marshal(c.item)
			if err != nil {
				t.Fatal(err)
			}
			var back exception.Item
			if err := json.Unmarshal(stored, &back); err != nil || !reflect.DeepEqual(back, c.item) {
				t.Errorf("read back %+v, %v", back, err)
			}
			c.item.ID = "ID"
			if got, _ := json.Marshal(c.item); string(got) != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
	if got, want := item.ID, exception.ID("0cd7ecaeeddafaddfc877639"); got != want {
		t.Errorf("id %s, want %s on every server", got, want)
	}
}

// Rule, source and subject make the id, and none runs into the next.
func TestIDsDiffer(t *testing.T) {
	seen := map[exception.ID]string{}
	for _, p := range [][3]string{
		{"V-INV-01", "flow", "A@S1"}, {"V-INV-02", "flow", "A@S1"}, {"V-INV-01", "booking", "A@S1"},
		{"V-INV-01", "flow", "A@S2"}, {"V-INV-01", "flowA", "@S1"}, {"V-INV-01f", "low", "A@S1"},
	} {
		id := exception.IDOf(fault.Code(p[0]), exception.Source(p[1]), p[2])
		if other, ok := seen[id]; ok || len(id) != 24 {
			t.Errorf("%v has the id %q, also of %q", p, id, other)
		}
		seen[id] = fmt.Sprint(p)
	}
}

// What fires again on the same subject is the same piece of work.
func TestAgainCountsUp(t *testing.T) {
	sale, count := retail.Ref{Type: retail.RefTill, ID: "1"}, retail.Ref{Type: retail.RefDocument, ID: "2"}
	first := exception.New(oversold("1 of 2", 7, sale), noon)
	r := oversold("2 of 2", 9, sale, count)
	r.Evidence = "ab12"
	second := first.Resolve(noon.Add(time.Minute), "ann").Again(exception.New(r, noon.Add(time.Hour)))

	want := first
	want.Count, want.Detail, want.Position, want.Evidence = 2, "2 of 2", 9, "ab12"
	want.LastAt, want.Refs = noon.Add(time.Hour), []retail.Ref{sale, count}
	if !reflect.DeepEqual(second, want) {
		t.Errorf("got %+v\nwant %+v", second, want)
	}
	third := second.Again(exception.New(oversold("again", 0), noon.Add(2*time.Hour)))
	if third.Count != 3 || third.Position != 9 || third.Evidence != "ab12" || !third.RaisedAt.Equal(noon) {
		t.Errorf("what is not told again was lost: %+v", third)
	}
}

func TestAnItemNamesSoManyDocuments(t *testing.T) {
	ref := func(n int) retail.Ref { return retail.Ref{Type: retail.RefTill, ID: fmt.Sprint(n)} }
	item := exception.New(oversold("", 1, ref(0)), noon)
	for n := range 40 {
		item = item.Again(exception.New(oversold("", 1, ref(n)), noon))
	}
	if len(item.Refs) != 32 || item.Refs[0] != ref(0) || !slices.Contains(item.Refs, ref(31)) {
		t.Errorf("got %d documents, %v … %v; want the first 32", len(item.Refs), item.Refs[0], item.Refs[len(item.Refs)-1])
	}
}

// The first to close an item has closed it.
func TestResolveOnce(t *testing.T) {
	item := exception.New(oversold("", 1), noon).Resolve(noon, "position 8").Resolve(noon.Add(time.Hour), "position 9")
	if item.Status != exception.Resolved || item.ResolvedBy != "position 8" || !item.ResolvedAt.Equal(noon) {
		t.Errorf("got %s by %s at %s", item.Status, item.ResolvedBy, item.ResolvedAt)
	}
}
