package booking_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// shop makes the facts of a small house whose stock all costs the same, so that the split of
// cost does not depend on the order in which things become known (INV-12).
type shop struct{ h *house }

func (s shop) header(system, key string) event.Header {
	return event.Header{System: retail.SystemID(system), Instance: "main", Key: key, Time: s.h.now, TZ: "UTC", BusinessDate: retail.DateOf(s.h.now)}
}

// known are the rows that nothing waits for.
func (s shop) known() []*event.Event {
	return []*event.Event{
		s.h.set(event.TableLocations, "S1", "entity", "LE1", "zone", "UTC", "kind", "STORE"),
		s.h.set(event.TablePeriods, "LE1·2026-07", "from", "2026-07-01", "to", "2026-07-31", "status", "OPEN"),
		s.h.set(event.TablePolicies, "LE1·functional_currency", "value", "USD"),
	}
}

// mapping are the rows that facts wait for, some of them for one another.
func (s shop) mapping() []*event.Event {
	return []*event.Event{
		s.h.set(event.TableItems, "A", "department", "D1", "class", "MERCH", "cost", "2.00"),
		s.h.set(event.TableItems, "B", "department", "D2", "class", "MERCH", "cost", "2.00"),
		s.h.set(event.TableItemCodes, "gtin·036000291452", "item", "A"),
		s.h.set(event.TableItemCodes, "poslog·7", "item", "B"),
		s.h.set(event.TableItemCodes, "vendor:ACME·P-7", "item", "B"),
		s.h.set(event.TableVendorCodes, "wms·V1", "vendor", "ACME"),
		s.h.set(event.TableItemUnits, "*·DZN", "num", "12"),
		s.h.set(event.TableItemUnits, "B·CS", "num", "6"),
		s.h.set(event.TableTenders, "*·Cash", "class", "CASH"),
		s.h.set(event.TableTenders, "poslog·Visa", "class", "CARD"),
		s.h.set(event.TableTaxCodes, "*·STATE", "jurisdiction", "STATE"),
		s.h.set(event.TableReasons, "wms·BRK", "stock", "DAMAGE_STORE"),
		s.h.set(event.TableReasons, "poslog·unwanted", "return", "CHANGE_OF_MIND", "disposition", "RESTOCK"),
		s.h.set(event.TableAccounts, "LE1·INVENTORY", "account", "1400"),
		s.h.set(event.TableAccounts, "*·*", "account", "{role}"),
	}
}

// item is a way in which a source may name goods, and how many pieces one of it is.
type item struct {
	code, unit string
	pieces     int64
}

func items() []item {
	return []item{{"A", "", 1}, {"036000291452", "", 1}, {"00036000291452", "EA", 1}, {"7", "DZN", 12}, {"7", "CS", 6}, {"B", "", 1}}
}

func (s shop) sale(key string, lines []item, tender string) *event.Event {
	d := &event.Sale{Location: "S1", Till: "1", Currency: "USD", Total: money.Of(0, "USD")}
	for i, l := range lines {
		net, tax := money.Of(500*l.pieces, "USD"), money.Of(25*l.pieces, "USD")
		d.Lines = append(d.Lines, event.SaleLine{
			Line: fmt.Sprint(i + 1), Item: l.code, Quantity: retail.One, Unit: retail.Unit(l.unit), Gross: net, Net: net,
			Taxes:   []event.Tax{{Code: "STATE", Amount: tax}},
			Aliases: []retail.Ref{{Type: retail.RefTillLine, ID: retail.Key(key, fmt.Sprint(i+1))}},
		})
		d.Total = d.Total.Add(net).Add(tax)
	}
	d.Tenders = []event.Tender{{Code: tender, Amount: d.Total}}
	return &event.Event{Header: s.header("poslog", key), Data: d}
}

func (s shop) back(key, sale string, of item) *event.Event {
	net, tax := money.Of(500*of.pieces, "USD"), money.Of(25*of.pieces, "USD")
	return &event.Event{Header: s.header("poslog", key), Data: &event.ReturnAccepted{
		Return: retail.Ref{Type: retail.RefReturn, ID: key}, Original: retail.Ref{Type: retail.RefTillLine, ID: retail.Key(sale, "1")},
		Location: "S1", Item: of.code, Quantity: retail.One, Unit: retail.Unit(of.unit), Reason: "unwanted", Net: net,
		Taxes: []event.Tax{{Code: "STATE", Amount: tax}}, Tenders: []event.Tender{{Code: "Cash", Amount: net.Add(tax)}},
	}}
}

func (s shop) receipt(key string, units int64) *event.Event {
	value := money.Of(200*units, "USD")
	return &event.Event{Header: s.header("wms", key), Data: &event.POReceived{
		Receipt: key, Line: "1", Vendor: "V1", Item: "P-7", Location: "S1", Quantity: retail.Units(units), Value: &value,
	}}
}

func (s shop) broken(key string, of string) *event.Event {
	return &event.Event{Header: s.header("wms", key), Data: &event.StockAdjusted{
		Adjustment: key, Line: "1", Item: of, Location: "S1", Bucket: event.Sellable, Quantity: -retail.One, Reason: "BRK",
	}}
}

// feedTogether submits events in one request and books them.
func (h *house) feedTogether(events []*event.Event) {
	h.t.Helper()
	subs := make([]record.Submission, len(events))
	for i, e := range events {
		subs[i].Event = e
	}
	answers, err := h.owner.Submit(h.t.Context(), subs)
	if err != nil {
		h.t.Fatal(err)
	}
	for i, a := range answers {
		if a.Status != record.Accepted {
			h.t.Fatalf("%s %s: %+v", events[i].Type(), events[i].Key, a)
		}
	}
	if err := h.books.CatchUp(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// TestWaitedEqualsKnown feeds facts to two houses: one that knows every code from the start,
// and one that learns them afterwards, in any order and mixed with the facts. Both have the
// same positions and the same trial balance, and nothing stays open.
//
// A check opens two databases, so that there are 25 of them unless -rapid.checks says otherwise.
func TestWaitedEqualsKnown(t *testing.T) {
	if checks := flag.Lookup("rapid.checks"); checks.Value.String() == checks.DefValue {
		if err := checks.Value.Set("25"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = checks.Value.Set(checks.DefValue) })
	}
	rapid.Check(t, func(rt *rapid.T) {
		known, closed := openHouse(t)
		defer closed()
		learns, closed := openHouse(t)
		defer closed()
		play := func(h *house, requests ...[]*event.Event) string {
			for _, facts := range requests {
				h.feedTogether(facts)
			}
			return h.tbText() + fmt.Sprint(h.buckets())
		}
		s := shop{known}
		var facts []*event.Event
		for i := range rapid.IntRange(1, 8).Draw(rt, "facts") {
			key := fmt.Sprintf("T%d", i)
			switch rapid.IntRange(0, 4).Draw(rt, "kind") {
			case 0, 1:
				lines := rapid.SliceOfN(rapid.SampledFrom(items()), 1, 3).Draw(rt, "lines")
				facts = append(facts, s.sale(key, lines, rapid.SampledFrom([]string{"Cash", "Visa"}).Draw(rt, "tender")))
			case 2:
				of := rapid.SampledFrom(items()).Draw(rt, "of")
				facts = append(facts, s.sale(key, []item{of}, "Cash"), s.back("R"+key, key, of))
			case 3:
				facts = append(facts, s.receipt(key, rapid.Int64Range(1, 20).Draw(rt, "units")))
			case 4:
				facts = append(facts, s.broken(key, rapid.SampledFrom([]string{"A", "B"}).Draw(rt, "of")))
			}
		}
		want := play(known, slices.Concat(s.known(), s.mapping(), facts))
		late := rapid.Permutation(s.mapping()).Draw(rt, "mapping")
		first := rapid.IntRange(0, len(late)).Draw(rt, "first")
		mixed := rapid.Permutation(slices.Concat(facts, late[:first])).Draw(rt, "mixed")
		cut := rapid.IntRange(0, len(mixed)).Draw(rt, "cut")
		got := play(learns, s.known(), mixed[:cut], mixed[cut:], late[first:])
		if got != want {
			rt.Errorf("learned:\n%s\nknown:\n%s", got, want)
		}
		held := func(item string) bool { return !strings.HasPrefix(item, "V-INV-01") }
		if open := slices.DeleteFunc(learns.openItems(), func(i string) bool { return !held(i) }); len(open) > 0 {
			rt.Errorf("open: %v", open)
		}
		flows, err := learns.owner.Exceptions(t.Context())
		if err != nil {
			rt.Fatal(err)
		}
		for _, i := range flows {
			if i.Status == "OPEN" && held(string(i.Code)) {
				rt.Errorf("open: %s %s", i.Code, i.Subject)
			}
		}
	})
}

// TestThousandsWaitForATender books two thousand sales by the one row that they waited for,
// under one exception that counts them.
func TestThousandsWaitForATender(t *testing.T) {
	h := newHouse(t)
	s := shop{h}
	rows := slices.DeleteFunc(slices.Concat(s.known(), s.mapping()), func(e *event.Event) bool {
		return strings.Contains(e.Key, "tenders")
	})
	h.feed(append(rows, s.receipt("REC", 5000)), 1)
	var sales []*event.Event
	for i := range 2000 {
		sales = append(sales, s.sale(fmt.Sprintf("T%d", i), []item{{"B", "", 1}}, "Visa"))
	}
	h.feedTogether(sales)
	items, err := h.books.Exceptions(t.Context(), h.now)
	if err != nil {
		t.Fatal(err)
	}
	if len(items) != 1 || items[0].Code != fault.TenderUnknown || items[0].Waiting != 2000 {
		t.Fatalf("got %+v, want one item for which 2000 sales wait", items)
	}
	h.feed([]*event.Event{h.set(event.TableTenders, "poslog·Visa", "class", "CARD")}, 1)
	if open := h.openItems(); len(open) != 0 {
		t.Errorf("got %v", open)
	}
	if tb := h.tbText(); !strings.Contains(tb, "TENDER_CLEARING[CARD]  10,500.00") && !strings.Contains(tb, "10500.00") {
		t.Errorf("got\n%s", tb)
	}
}

// TestReplayOfReleases builds the books anew from a journal in which lines were released: by
// their items, their units and their reasons, with returns of them. Every row is the same.
func TestReplayOfReleases(t *testing.T) {
	h := newHouse(t)
	s := shop{h}
	cases := item{"7", "CS", 6}
	h.feedTogether(slices.Concat(s.known(), []*event.Event{
		s.sale("T1", []item{cases, {"036000291452", "", 1}}, "Visa"), s.back("R1", "T1", cases), s.receipt("REC", 50), s.broken("B1", "A"),
	}))
	for _, row := range s.mapping() {
		h.feedTogether([]*event.Event{row})
	}
	if open := h.openItems(); len(open) > 0 {
		t.Errorf("open: %v", open)
	}
	if err := h.books.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := h.rows()
	if err := h.store.Views().Drop(t.Context(), booking.Name); err != nil {
		t.Fatal(err)
	}
	again, err := booking.Open(t.Context(), h.store.Journal(), h.store.Views(), booking.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h.books = again
	h.feedTogether(nil)
	if err := h.books.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := h.rows(); got != want {
		t.Errorf("rebuilt rows differ:\n%s\nwant\n%s", got, want)
	}
}

// Two that book at once book everything once.
func TestCatchUpTogether(t *testing.T) {
	h := newHouse(t)
	h.feed(eventsOf(t, "E15")[:1], 1)
	for _, e := range eventsOf(t, "E15")[1:] {
		if _, err := h.owner.Submit(t.Context(), []record.Submission{{Event: e}}); err != nil {
			t.Fatal(err)
		}
	}
	var together sync.WaitGroup
	for range 4 {
		together.Go(func() {
			if err := h.books.CatchUp(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	together.Wait()
	want := newHouse(t)
	want.feed(eventsOf(t, "E15"), 1)
	if got := h.tbText(); got != want.tbText() {
		t.Errorf("got\n%s\nwant\n%s", got, want.tbText())
	}
}
