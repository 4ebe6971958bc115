package booking_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// tbText prints the trial balance.
func (h *house) tbText() string {
	h.t.Helper()
	var b bytes.Buffer
	if err := h.trialBalance().WriteText(&b); err != nil {
		h.t.Fatal(err)
	}
	return b.String()
}

// openItems returns the codes and subjects on the work list.
func (h *house) openItems() []string {
	h.t.Helper()
	items, err := h.books.Exceptions(h.t.Context(), h.now)
	if err != nil {
		h.t.Fatal(err)
	}
	var out []string
	for _, i := range items {
		if i.Status == exception.Open {
			out = append(out, string(i.Code)+" "+i.Subject)
		}
	}
	slices.Sort(out)
	return out
}

// TestPermutations sends steps 4 to 11 of E01 in fifty orders, event by event: the trial
// balance, stock and clearing end the same (INV-12, rule book 0.5).
func TestPermutations(t *testing.T) {
	steps := readSteps(t, "E01")
	var first, rest []*event.Event
	for i, s := range steps {
		if i < 3 {
			first = append(first, s.events...)
		} else {
			rest = append(rest, s.events...)
		}
	}
	reference := newHouse(t)
	reference.feed(append(slices.Clone(first), rest...), 1)
	want, wantStock := reference.tbText(), fmt.Sprint(reference.buckets())
	for seed := range uint64(50) {
		shuffled := slices.Clone(rest)
		rand.New(rand.NewPCG(seed, 1)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
		h := newHouse(t)
		h.feed(append(slices.Clone(first), shuffled...), 1)
		if got := h.tbText(); got != want {
			t.Errorf("seed %d:\n%s", seed, got)
		}
		if got := fmt.Sprint(h.buckets()); got != wantStock {
			t.Errorf("seed %d: stock %s, want %s", seed, got, wantStock)
		}
		if open := h.clearing(); len(open) != 0 {
			t.Errorf("seed %d: clearing is open: %+v", seed, open)
		}
		if items := h.openItems(); len(items) != 0 {
			t.Errorf("seed %d: %v", seed, items)
		}
	}
}

// TestGoldenPermuted permutes the steps of E31 behind its fixture: the close run finds what is
// open then, and the books end the same. Within the one cost scope of E15 the split of cost
// may differ by order, its sum may not (INV-12).
func TestGoldenPermuted(t *testing.T) {
	orders := [][]int{{0, 1, 2}, {0, 2, 1}, {2, 0, 1}, {1, 0, 2}, {2, 1, 0}, {1, 2, 0}}
	for name, sum := range map[string]func(h *house) string{
		"E31": (*house).tbText,
		"E15": func(h *house) string {
			var cost int64
			for _, b := range h.trialBalance().Rows() {
				if r := b.Role(); r == ledger.Inventory || r == ledger.COGS || r == ledger.COGSTrueUp {
					cost += b.Minor
				}
			}
			return fmt.Sprint(cost, len(h.openItems()))
		},
	} {
		t.Run(name, func(t *testing.T) {
			steps := readSteps(t, name)
			fixture, moving := steps[0].events, steps[1:]
			want := ""
			for _, order := range orders {
				h := newHouse(t)
				h.feed(fixture, 2)
				for _, i := range order {
					if i < len(moving) {
						h.feed(moving[i].events, 2)
					}
				}
				if want == "" {
					want = sum(h)
				}
				if got := sum(h); got != want {
					t.Errorf("order %v:\n%s\nwant\n%s", order, got, want)
				}
			}
		})
	}
}

// TestReplay builds the books anew from the journal: every entry hash, balance and document
// is the same (INV-10).
func TestReplay(t *testing.T) {
	for _, name := range []string{"E01", "E15", "E31"} {
		h := newHouse(t)
		for _, s := range readSteps(t, name) {
			h.feed(s.events, 1)
		}
		if err := h.books.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		want := h.rows()
		if strings.Count(want, "\n") < 20 {
			t.Fatalf("%s: hardly any rows:\n%s", name, want)
		}
		if err := h.store.Views().Drop(t.Context(), booking.Name); err != nil {
			t.Fatal(err)
		}
		again, err := booking.Open(t.Context(), h.store.Journal(), h.store.Views(), booking.Options{})
		if err != nil {
			t.Fatal(err)
		}
		h.books = again
		if err := h.books.CatchUp(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := h.books.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := h.rows(); got != want {
			t.Errorf("%s: rebuilt rows differ", name)
		}
	}
}

func (h *house) rows() string {
	h.t.Helper()
	snap, err := h.store.Views().Read(h.t.Context(), booking.Name)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() {
		if err := snap.Close(); err != nil {
			h.t.Error(err)
		}
	}()
	var b strings.Builder
	for _, table := range booking.Tables() {
		if err := snap.Scan(table, store.Range{}, func(k string, v []byte) (bool, error) {
			fmt.Fprintf(&b, "%s %q %s\n", table, k, v)
			return true, nil
		}); err != nil {
			h.t.Fatal(err)
		}
		if err := snap.ScanCounters(table, store.Range{}, func(k string, n int64) (bool, error) {
			fmt.Fprintf(&b, "%s %q %d\n", table, k, n)
			return true, nil
		}); err != nil {
			h.t.Fatal(err)
		}
	}
	return b.String()
}

// set makes a reference row's event; row columns are name, value pairs.
func (h *house) set(table event.Table, key string, columns ...string) *event.Event {
	row := event.Row{}
	for i := 0; i < len(columns); i += 2 {
		row[columns[i]] = columns[i+1]
	}
	return reference.NewEvent(&event.ReferenceSet{Table: string(table), RowKey: key, Row: row, Author: "ann"}, "config", h.now)
}

// without leaves out the reference rows of a key.
func without(events []*event.Event, key string) []*event.Event {
	return slices.DeleteFunc(slices.Clone(events), func(e *event.Event) bool {
		set, ok := e.Data.(*event.ReferenceSet)
		return ok && set.Table+" "+set.RowKey == key
	})
}

// TestWaitsForReferenceData leaves out one row of reference data at a time: what needs it
// waits and is listed once, the rest books, and the row that comes late books it all.
// reproduces: V-MAP-01
// reproduces: V-TAX-02
// reproduces: V-TND-01
func TestWaitsForReferenceData(t *testing.T) {
	var all []*event.Event
	for _, s := range readSteps(t, "E01") {
		all = append(all, s.events...)
	}
	whole := newHouse(t)
	whole.feed(all, 1)
	want := whole.tbText()
	for _, c := range []struct {
		left string
		open string
		late func(h *house) *event.Event
	}{
		{"accounts *·*", "V-MAP-01 accounts INVENTORY", func(h *house) *event.Event {
			return h.set(event.TableAccounts, "*·*", "account", "{role}", "name", "{role}")
		}},
		{"tax_codes shopify·City Tax", "V-TAX-02 tax_codes City Tax", func(h *house) *event.Event {
			return h.set(event.TableTaxCodes, "shopify·City Tax", "jurisdiction", "CITY")
		}},
		{"tax_codes poslog·CITY", "V-TAX-02 tax_codes CITY", func(h *house) *event.Event {
			return h.set(event.TableTaxCodes, "poslog·CITY", "jurisdiction", "CITY")
		}},
		{"tenders poslog·OnlinePayment", "V-TND-01 tenders OnlinePayment", func(h *house) *event.Event {
			return h.set(event.TableTenders, "poslog·OnlinePayment", "class", "PREPAID", "executed_by", "PROCESSOR")
		}},
		{"items B", "", func(h *house) *event.Event {
			return h.set(event.TableItems, "B", "department", "D1", "class", "MERCH")
		}},
	} {
		t.Run(c.left, func(t *testing.T) {
			h := newHouse(t)
			h.feed(without(all, c.left), 1)
			if got := h.tbText(); got == want {
				t.Error("nothing was missing")
			}
			if items := h.openItems(); c.open != "" && !slices.Contains(items, c.open) {
				t.Errorf("got %v, want %s", items, c.open)
			}
			h.feed([]*event.Event{c.late(h)}, 1)
			if got := h.tbText(); got != want {
				t.Errorf("after the row came:\n%s\nwant\n%s", got, want)
			}
			if items := h.openItems(); len(items) != 0 {
				t.Errorf("still open: %v", items)
			}
		})
	}
}

// change returns the events with one of them changed.
func change[T event.Body](events []*event.Event, edit func(e *event.Event, d T)) []*event.Event {
	out := slices.Clone(events)
	for i, e := range out {
		if _, ok := e.Data.(T); ok {
			again, err := event.Decode(e.AppendFact(nil))
			if err != nil {
				panic(err)
			}
			out[i] = again
			edit(again, again.Data.(T))
			break
		}
	}
	return out
}

// TestHolds breaks one fact of E01 at a time: its money is held with the rule's code and both
// figures, its neighbours book, and every entry balances.
// reproduces: V-BAL-02
// reproduces: V-RET-02
// reproduces: V-RET-01
// reproduces: V-PAY-04
// reproduces: V-PAY-05
// reproduces: H-APPROVAL
func TestHolds(t *testing.T) {
	var all []*event.Event
	for _, s := range readSteps(t, "E01") {
		all = append(all, s.events...)
	}
	for _, c := range []struct {
		name   string
		events []*event.Event
		code   string
	}{
		{"the order's header is a cent off", change(all, func(_ *event.Event, d *event.OrderPlaced) { d.Total = money.Of(7577, "USD") }), "V-BAL-02"},
		{"more is given back than was paid", change(all, func(_ *event.Event, d *event.ReturnAccepted) {
			d.Net = money.Of(2700, "USD")
			d.Tenders[0].Amount = money.Of(2917, "USD")
		}), "V-RET-02"},
		{"more comes back than was sold", change(all, func(_ *event.Event, d *event.ReturnAccepted) { d.Quantity = retail.Units(2) }), "V-RET-01"},
		{"a settlement of a payment that nobody knows", change(all, func(_ *event.Event, d *event.PaymentSettled) { d.Of.ID = "stripe·ch_9" }), "V-PAY-04"},
		{"the payout is not its members", change(all, func(_ *event.Event, d *event.Payout) { d.Amount = money.Of(4400, "USD") }), "V-PAY-05"},
		{"the author approves alone", change(all, func(_ *event.Event, d *event.StockAdjusted) { d.Approver = d.Author }), "H-APPROVAL"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.feed(c.events, 1)
			items := strings.Join(h.openItems(), "; ")
			if !strings.Contains(items, c.code) {
				t.Errorf("got %s, want %s", items, c.code)
			}
			for _, total := range h.trialBalance().Totals() {
				if !total.Balanced() || total.Debit.IsZero() {
					t.Errorf("got %+v", total)
				}
			}
		})
	}
}

// TestCorrection books the corrected version of a fact that was held, and holds the
// correction of one that is booked.
// reproduces: H-REVISION
func TestCorrection(t *testing.T) {
	var all []*event.Event
	for _, s := range readSteps(t, "E01") {
		all = append(all, s.events...)
	}
	whole := newHouse(t)
	whole.feed(all, 1)
	h := newHouse(t)
	h.feed(change(all, func(e *event.Event, d *event.OrderPlaced) { e.SourceVersion, d.Total = 1, money.Of(1, "USD") }), 1)
	corrected := change(all, func(e *event.Event, _ *event.OrderPlaced) { e.SourceVersion = 2 })
	i := slices.IndexFunc(corrected, func(e *event.Event) bool { return e.Type() == "order_placed" })
	h.feed(corrected[i:i+1], 1)
	if got, want := h.tbText(), whole.tbText(); got != want {
		t.Errorf("corrected order:\n%s\nwant\n%s", got, want)
	}
	late := change(all, func(e *event.Event, d *event.BankLine) { e.SourceVersion, d.Amount = 2, money.Of(4485, "USD") })
	h.feed(late[len(late)-1:], 1)
	if items := strings.Join(h.openItems(), "; "); !strings.Contains(items, "H-REVISION") {
		t.Errorf("got %s", items)
	}
	if got, want := h.tbText(), whole.tbText(); got != want {
		t.Errorf("a correction of what is booked changed the books:\n%s", got)
	}
	again := change(all, func(e *event.Event, d *event.BankLine) { e.SourceVersion, d.Amount = 3, money.Of(4486, "USD") })
	h.feed(again[len(again)-1:], 1)
	if items, got := strings.Join(h.openItems(), "; "), h.tbText(); !strings.Contains(items, "H-REVISION") || got != whole.tbText() {
		t.Errorf("a correction of the correction: got %s and\n%s", items, got)
	}
}

// TestApprovalReleases books an opening load once another person has approved it.
func TestApprovalReleases(t *testing.T) {
	var all []*event.Event
	for _, s := range readSteps(t, "E15")[:1] {
		all = append(all, s.events...)
	}
	alone := change(all, func(_ *event.Event, d *event.StockAdjusted) { d.Approver = "" })
	h := newHouse(t)
	h.feed(alone, 1)
	if len(h.trialBalance().Rows()) != 0 {
		t.Errorf("booked without approval:\n%s", h.tbText())
	}
	if h.buckets()["T.SELLABLE"] != 2 {
		t.Error("the goods are there, whoever approves")
	}
	approve := func(person retail.PrincipalID) *event.Event {
		return &event.Event{
			Header: event.Header{System: "heddle", Instance: "api", Key: "document:OPEN·" + string(person), Time: h.now, TZ: "UTC"},
			Data:   &event.ApprovalGiven{Subject: retail.Ref{Type: retail.RefDocument, ID: "OPEN"}, Decision: event.Approved, Person: person},
		}
	}
	h.feed([]*event.Event{approve("ann")}, 1)
	if len(h.trialBalance().Rows()) != 0 {
		t.Error("the author's own approval counted")
	}
	h.feed([]*event.Event{approve("bob")}, 1)
	if len(h.trialBalance().Rows()) != 2 || len(h.openItems()) != 0 {
		t.Errorf("got %s%v", h.tbText(), h.openItems())
	}
}
