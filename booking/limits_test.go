package booking_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// eventsOf returns the events of a worked example's steps, one after the other.
func eventsOf(t *testing.T, example string) []*event.Event {
	t.Helper()
	var all []*event.Event
	for _, s := range readSteps(t, example) {
		all = append(all, s.events...)
	}
	return all
}

// TestDatedInTheFuture books a fact that is dated fifteen minutes after it was recorded, and
// holds one that is dated later.
// reproduces: V-DATE-01
func TestDatedInTheFuture(t *testing.T) {
	all := eventsOf(t, "E01")
	whole := newHouse(t)
	whole.feed(all, 1)
	want := whole.tbText()
	for _, c := range []struct {
		name  string
		ahead time.Duration
		open  []string
	}{
		{"at the limit", 15 * time.Minute, nil},
		{"past the limit", 15*time.Minute + time.Second, []string{"V-DATE-01"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.feed(change(all, func(e *event.Event, _ *event.BankLine) { e.Time = h.now.Add(c.ahead) }), 1)
			if got := codes(h.openItems()); !slices.Equal(got, c.open) {
				t.Errorf("got %v, want %v", got, c.open)
			}
			if booked := h.tbText() == want; booked != (c.open == nil) {
				t.Errorf("booked: got %v, want %v", booked, c.open == nil)
			}
		})
	}
}

// codes are the codes of work list items, each once.
func codes(items []string) []string {
	var out []string
	for _, item := range items {
		code, _, _ := strings.Cut(item, " ")
		out = append(out, code)
	}
	return slices.Compact(out)
}

// withoutOpening leaves out the opening load, and with it every cost that is known.
func withoutOpening(all []*event.Event) []*event.Event {
	return slices.DeleteFunc(slices.Clone(all), func(e *event.Event) bool {
		_, opening := e.Data.(*event.StockAdjusted)
		return opening
	})
}

// TestUnknownCost sells what nobody knows a cost of: the revenue books, the cost leg waits,
// and the receipt that comes late books it (C6).
// reproduces: V-COST-01
func TestUnknownCost(t *testing.T) {
	all := withoutOpening(eventsOf(t, "E15"))
	receipt := slices.IndexFunc(all, func(e *event.Event) bool { _, ok := e.Data.(*event.POReceived); return ok })
	h := newHouse(t)
	h.feed(all[:receipt], 1)
	if got := codes(h.openItems()); !slices.Contains(got, "V-COST-01") {
		t.Errorf("got %v, want V-COST-01", got)
	}
	if tb := h.tbText(); !strings.Contains(tb, "SALES_REVENUE") || strings.Contains(tb, "COGS") {
		t.Errorf("got\n%s\nwant revenue and no cost", tb)
	}
	h.feed(all[receipt:], 1)
	if got := codes(h.openItems()); slices.Contains(got, "V-COST-01") {
		t.Errorf("after the receipt: got %v", got)
	}
	if tb := h.tbText(); !strings.Contains(tb, "COGS") {
		t.Errorf("after the receipt: got\n%s\nwant the cost", tb)
	}
}

// TestReceiptWithoutValue holds a receipt that costs nothing, unless it says that it means it.
// reproduces: V-COST-02
func TestReceiptWithoutValue(t *testing.T) {
	all := eventsOf(t, "E15")
	for _, meant := range []bool{false, true} {
		h := newHouse(t)
		h.feed(change(all, func(_ *event.Event, d *event.POReceived) { d.Value, d.ZeroCostOK = new(money.Of(0, "USD")), meant }), 1)
		if held := slices.Contains(codes(h.openItems()), "V-COST-02"); held == meant {
			t.Errorf("meant %v: held %v", meant, held)
		}
	}
}

// TestUnbooked holds what the rule book books and no template does yet: its stock moves, its
// money is on the work list and nowhere else.
// reproduces: H-UNBOOKED
func TestUnbooked(t *testing.T) {
	all := eventsOf(t, "E15")
	h := newHouse(t)
	h.feed(all, 1)
	before := h.tbText()
	damaged := &event.Event{Header: all[len(all)-1].Header, Data: &event.Shrink{
		Case: "C1", Line: "1", Item: "T", Location: "S1", Quantity: retail.Units(1), Known: true,
	}}
	damaged.Key = "C1·1"
	h.feed([]*event.Event{damaged}, 1)
	if got := codes(h.openItems()); !slices.Contains(got, string(fault.Unbooked)) {
		t.Errorf("got %v, want %s", got, fault.Unbooked)
	}
	if h.tbText() != before || h.buckets()["T.SELLABLE"] != 6 {
		t.Errorf("got\n%s and %v, want the books as before and six of T", h.tbText(), h.buckets())
	}
}

// TestInvoiceThatContradictsItself lists a vendor's invoice and a credit memo whose
// header is not the sum of its lines.
func TestInvoiceThatContradictsItself(t *testing.T) {
	all := eventsOf(t, "E15")
	head := all[len(all)-1].Header
	for _, test := range []struct {
		header, lines int64
		want          fault.Code
	}{{24000, 23950, fault.HeaderUnequal}, {24000, 24000, fault.Unbooked}} {
		header, lines := new(money.Of(test.header, "USD")), new(money.Of(test.lines, "USD"))
		for key, body := range map[string]event.Body{
			"V1·I1·1": &event.VendorInvoice{Vendor: "V1", Invoice: "I1", Line: "1", Net: money.Of(23950, "USD"), Total: header, Lines: lines},
			"V1·M1":   &event.VendorCreditMemo{Vendor: "V1", Memo: "M1", Amount: money.Of(23950, "USD"), Total: header, Lines: lines},
		} {
			h := newHouse(t)
			told := &event.Event{Header: head, Data: body}
			told.System, told.Instance, told.Key = "edi", "V1", key
			shop := h.set(event.TableShops, "edi·V1", "entity", "US1")
			h.feed(append(slices.Clone(all), shop, told), 1)
			if got := codes(h.openItems()); !slices.Contains(got, string(test.want)) {
				t.Errorf("%s: got %v, want %s", key, got, test.want)
			}
		}
	}
}

// TestCaptureOfATillSale: the sale has the tender (P01), its capture adds nothing, and the
// settlement clears it, in any order.
func TestCaptureOfATillSale(t *testing.T) {
	fixtures := eventsOf(t, "E15")
	open := slices.IndexFunc(fixtures, func(e *event.Event) bool { _, sale := e.Data.(*event.Sale); return sale })
	head := fixtures[open].Header
	told := func(system, key string, body event.Body) *event.Event {
		h := head
		h.System, h.Instance, h.Key = retail.SystemID(system), "acct", key
		return &event.Event{Header: h, Data: body}
	}
	eur := func(minor int64) money.Amount { return money.Of(minor, "USD") }
	payment := retail.Ref{Type: retail.RefPayment, ID: "stripe·pi_1"}
	sale := told("stripe", "S1·9", &event.Sale{
		Aliases: []retail.Ref{{Type: retail.RefShopOrder, ID: "ORD9"}, payment}, Location: "S1", Till: "1", Currency: "USD", Total: eur(1000),
		Lines:   []event.SaleLine{{Line: "1", Item: "T", Quantity: retail.Units(1), Gross: eur(1000), Net: eur(1000)}},
		Tenders: []event.Tender{{Code: "CARD", Amount: eur(1000), Reference: "stripe·pi_1"}},
	})
	capture := told("stripe", "stripe·pi_1", &event.PaymentCaptured{
		Processor: "stripe", Payment: payment, Order: retail.Ref{Type: retail.RefShopOrder, ID: "ORD9"}, Amount: eur(1000)})
	settled := told("stripe", "stripe·po_9·pi_1", &event.PaymentSettled{
		Processor: "stripe", Payout: retail.Ref{Type: retail.RefPayout, ID: "stripe·po_9"}, Of: payment, Gross: eur(1000), Fee: eur(30), Net: eur(970)})
	for _, order := range [][]*event.Event{{sale, capture, settled}, {settled, capture, sale}, {capture, sale, settled}} {
		h := newHouse(t)
		h.feed(fixtures[:open], 1)
		h.feed([]*event.Event{h.set(event.TableTenders, "stripe·CARD", "class", "CARD")}, 1)
		h.feed(order, 2)
		for _, key := range h.clearing() {
			if strings.Contains(key.String(), "TENDER_CLEARING") {
				t.Errorf("%s first: open %s", order[0].Type(), key)
			}
		}
		if got := codes(h.openItems()); len(got) != 0 {
			t.Errorf("%s first: got %v", order[0].Type(), got)
		}
	}
}
