package stock_test

import (
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// What is taken back of an order line is what was said last of it, so that its older claims keep
// what they were given first (L7).
func TestUnserve(t *testing.T) {
	at := func(l retail.LocationID) stock.Place { return stock.Place{Item: "A", Location: l} }
	reserve := func(id stock.ClaimID, l retail.LocationID, line string, made int64) stock.Request {
		return stock.Request{ID: id, Order: "O", OrderLine: line, Place: at(l), Quantity: retail.Units(2), MadeAt: made}
	}
	s := newShop()
	for _, l := range []retail.LocationID{"S1", "S2", "W"} {
		s.positions[position{at(l), event.Sellable, stock.Owned}] = retail.Units(20)
	}
	told := func(r stock.Request) []stock.Served {
		t.Helper()
		e, err := stock.Reserve(s, r, false)
		if err != nil {
			t.Fatal(err)
		}
		s.apply(e)
		return e.Served
	}
	said := func(e stock.Effect) []stock.Served {
		s.apply(e)
		return e.Served
	}
	line := func() stock.Target { return stock.Target{Order: "O", Line: "1", Claims: s.line("O", "1")} }
	unserve := func(served []stock.Served) { s.apply(stock.Unserve(s, served, s.line)) }
	holds := func(step string, want map[position]int64) {
		t.Helper()
		for _, b := range []event.Bucket{event.Reserved, event.AllocatedStock} {
			for _, l := range []retail.LocationID{"S1", "S2", "W"} {
				p := position{at(l), b, stock.Owned}
				if got := s.Quantity(p.Place, b, stock.Owned); got != retail.Units(want[p]) {
					t.Errorf("%s: %s at %s is %s, want %d", step, b, l, got, want[p])
				}
			}
		}
	}
	reserved := func(l retail.LocationID) position { return position{at(l), event.Reserved, stock.Owned} }
	allocated := position{at("W"), event.AllocatedStock, stock.Owned}

	first, second := told(reserve("R1", "S1", "1", 1)), told(reserve("R2", "S2", "1", 2))
	said(stock.Allocate(s, at("W"), retail.Units(2), line(), noon))
	more := said(stock.Allocate(s, at("W"), retail.Units(1), line(), noon))
	holds("three are allocated", map[position]int64{reserved("S2"): 1, allocated: 3})
	unserve(more)
	holds("the last one is not", map[position]int64{reserved("S2"): 2, allocated: 2})
	unserve(first)
	holds("the first claim was never made", map[position]int64{allocated: 2})
	said(stock.Cancel(s, "A", retail.Units(1), line()))
	holds("one is cancelled", map[position]int64{allocated: 1})
	unserve(second)
	holds("nor was the second, and the allocation waits", map[position]int64{allocated: 1})
	told(reserve("R3", "S1", "1", 3))
	holds("another claim takes the allocation and the cancellation", map[position]int64{allocated: 1})
}
