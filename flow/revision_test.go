package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// revisable are facts that say something of promises, with a quantity, a place and the item and
// ids of their run to be filled in: {q}, {at} and {x}. The sale is of the same goods.
var revisable = []string{
	`reservation_made R1{x} {"reservation":"R1{x}","order_line":{line},"item":"{x}","location":"S1","quantity":"{q}"}`,
	`reservation_made R2{x} {"reservation":"R2{x}","order_line":{line},"item":"{x}","location":"S1","quantity":"{q}"}`,
	`allocated AL1{x} {"allocation":"AL1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`allocated AL2{x} {"allocation":"AL2{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`deallocated AL1{x} {"allocation":"AL1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`picked T1{x}·pick {"task":"T1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`packed T1{x}·pack {"task":"T1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`staged T1{x}·stage {"task":"T1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`pick_shorted T1{x}·short {"task":"T1{x}","claim":{line},"item":"{x}","location":"{at}","quantity":"{q}"}`,
	`line_cancelled O{x}·1·1 {"order":{order},"order_line":{line},"item":"{x}","quantity":"{q}"}`,
	`order_modified O{x}·2 {"order":{order},"changed":[{"line":{line},"quantity":"-{q}"}]}`,
	`reservation_released R1{x}·1 {"reservation":"R1{x}","quantity":"{q}"}`,
	`reservation_made R3{x} {"reservation":"R3{x}","item":"{x}","location":"S1","quantity":"{q}"}`,
	`reservation_released R3{x}·1 {"reservation":"R3{x}","quantity":"{q}"}`,
	`reservation_released R3{x}·2 {"reservation":"R3{x}"}`,
	`pickup_expired O{x}·x {"shipment":{"type":"shipment","id":"SH{x}"},"order":{order},"location":"{at}","lines":[{"line":"1","claim":{line},"item":"{x}","quantity":"{q}"}]}`,
	`fulfilled F1{x} {"location":"{at}","lines":[{"line":"1","claim":{line},"item":"{x}","quantity":"{q}"}]}`,
	`shipped SH1{x} {"shipment":{"type":"shipment","id":"SH1{x}"},"location":"{at}","lines":[{"line":"1","claim":{line},"item":"{x}","quantity":"{q}"}]}`,
	`transfer_requested TR{x}·1 {"transfer":"TR{x}","line":"1","item":"{x}","location":"{at}","to":"W1","quantity":"{q}"}`,
	`transfer_cancelled TR{x}·1·1 {"transfer":"TR{x}","line":"1","item":"{x}","location":"{at}","to":"W1","quantity":"{q}"}`,
	`transfer_shipped TR{x}·S·1 {"transfer":"TR{x}","shipment":"S","line":"1","item":"{x}","location":"{at}","to":"W1","quantity":"{q}"}`,
	`sale S1·{x} {"aliases":[{"type":"till_transaction","id":"S1·{x}"}],"location":"S1","till":"1","currency":"USD","lines":[{"line":"1","item":"{x}","quantity":"{q}","gross":$10.00,"net":$10.00}],"total":$10.00}`,
	`post_void S1·v{x} {"location":"S1","till":"1","original":{"type":"till_transaction","id":"S1·{x}"}}`,
}

// told is a version of a fact.
type told struct {
	fact    string
	version int64
	at      string
	q       int64
}

func (v told) event(t *testing.T, run string) *event.Event {
	line, order := `{"type":"shop_order_line","id":"O`+run+`-1"}`, `{"type":"shop_order","id":"O`+run+`"}`
	text := strings.NewReplacer("{x}", run, "{at}", v.at, "{q}", fmt.Sprint(v.q), "{line}", line, "{order}", order).Replace(v.fact)
	name, rest, _ := strings.Cut(text, " ")
	e := readFact(t, name, rest)
	e.SourceVersion = v.version
	return e
}

// all hands events over in one request.
func (r *rig) all(events ...*event.Event) {
	r.t.Helper()
	subs := make([]record.Submission, len(events))
	for i, e := range events {
		subs[i].Event = e
	}
	answers, err := r.owner.Submit(r.t.Context(), subs)
	if err != nil {
		r.t.Fatal(err)
	}
	for i, a := range answers {
		if a.Status != record.Accepted && a.Status != record.Duplicate {
			r.t.Fatalf("%s %s: got %s %s: %s", events[i].Type(), events[i].Key, a.Status, a.Code, a.Detail)
		}
	}
}

// stands prints where the goods of a run stand and are promised, and how far its order came.
func (r *rig) stands(run string) string {
	r.t.Helper()
	var b strings.Builder
	positions, _, err := r.owner.Positions(r.t.Context(), retail.ItemID(run), "")
	if err != nil {
		r.t.Fatal(err)
	}
	for _, p := range positions {
		if p.Quantity != 0 {
			fmt.Fprintf(&b, "%s %s %s\n", p.Location, p.Bucket, p.Quantity)
		}
	}
	order, err := r.owner.Order(r.t.Context(), "test/main/O"+run)
	if err != nil {
		r.t.Fatal(err)
	}
	fmt.Fprintf(&b, "%s %v\n", order.Lines[0].Status, order.Lines[0].Reached)
	return b.String()
}

// The end of several versions of facts, in any order of arrival, is what the highest versions
// alone would have given (0.3, L7; contracts 4). The reservations stand at one place and ask
// for more than the other facts say: where one promise is not enough for all that is said of
// it, the first to come is served, revised or not.
func TestRevisionsLeaveNothingBehind(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	runs := 0
	rapid.Check(t, func(t *rapid.T) {
		var all []told
		last := map[string]int64{}
		for _, fact := range rapid.SliceOfNDistinct(rapid.SampledFrom(revisable), 1, 8, rapid.ID[string]).Draw(t, "facts") {
			for v := range rapid.Int64Range(1, 3).Draw(t, "versions") {
				at, q := "S1", rapid.Int64Range(1, 3).Draw(t, "quantity")
				switch {
				case strings.HasPrefix(fact, "reservation_made"), strings.HasPrefix(fact, "transfer_requested"):
					q += 20
				case !strings.HasPrefix(fact, "transfer"):
					at = rapid.SampledFrom([]string{"S1", "S2"}).Draw(t, "place")
				}
				all = append(all, told{fact, v + 1, at, q})
				last[fact] = v + 1
			}
		}
		all = rapid.Permutation(all).Draw(t, "order")
		highest := slices.DeleteFunc(slices.Clone(all), func(v told) bool { return v.version != last[v.fact] })
		runs++
		var got [2]string
		for i, versions := range [][]told{all, highest} {
			run := fmt.Sprintf("X%dx%d", runs, i)
			events := []*event.Event{r.row(event.TableItems, run, event.Row{"department": "D1"})}
			for n, at := range []string{"S1", "S2"} {
				events = append(events, readFact(r.t, "stock_adjusted", fmt.Sprintf(
					`O%s·%d {"adjustment":%q,"line":"%d","item":%q,"location":%q,"bucket":"SELLABLE","quantity":"100","reason":"DATA_FIX"}`, run, n, "O"+run, n, run, at)))
			}
			order := told{fact: `order_placed O{x} {"aliases":[{order}],"channel":"ONLINE","currency":"USD","lines":[{"line":"1","aliases":[{line}],"item":"{x}","quantity":"9","gross":$90.00,"net":$90.00}],"total":$90.00}`}
			events = append(events, order.event(r.t, run))
			for _, v := range versions {
				events = append(events, v.event(r.t, run))
			}
			r.all(events...)
			got[i] = r.stands(run)
		}
		if got[0] != got[1] {
			t.Fatalf("got\n%swant\n%s", got[0], got[1])
		}
	})
}

// A version that says the same as the one before changes nothing, and is the highest all the
// same: one between the two is late (contracts 4).
func TestARestatedVersion(t *testing.T) {
	r := newRig(t)
	r.house()
	for _, c := range []struct {
		version, units int64
		status         record.Status
		ats            int64
	}{
		{1, 5, record.Accepted, 15}, {3, 5, record.Duplicate, 15}, {3, 5, record.Duplicate, 15},
		{2, 9, record.Accepted, 15}, {3, 6, record.Conflicting, 15}, {4, 6, record.Accepted, 16},
	} {
		e := r.adjust("ADJ", "A", c.units)
		e.SourceVersion = c.version
		if got := r.submit(e)[0]; got.Status != c.status || r.ats() != retail.Units(c.ats) {
			t.Errorf("version %d, %d units: got %s, ATS %s; want %s, ATS %d", c.version, c.units, got.Status, r.ats(), c.status, c.ats)
		}
	}
}
