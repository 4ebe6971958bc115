package stock_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// A9: the facts of a claim, its progress and its end give the same claim in any order: whether
// a lower rank is late, the reservation itself comes last, or the claim lapses in between.
func TestAClaimIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		byLine := rapid.Bool().Draw(t, "facts name the order line")
		target := func(s *shop) stock.Target {
			if byLine {
				return stock.Target{Order: "O1", Line: "1", Claims: s.line("O1", "1")}
			}
			return stock.Target{Claims: []stock.ClaimID{"claim-1"}}
		}
		home := stock.Place{Item: "A", Location: "S1"}
		request := stock.Request{ID: "claim-1", Order: "O1", OrderLine: "1", Place: home, Quantity: drawQuantity.Draw(t, "asked"), ExpiresAt: noon}
		if !byLine {
			request.Order, request.OrderLine = "", ""
		}
		facts := []act{{name: "told", decide: func(s *shop) (stock.Effect, error) { return stock.Reserve(s, request, false) }}}
		left := request.Quantity // to allocate; more would contradict the claim (V-INV-03)
		for range rapid.IntRange(1, 8).Draw(t, "count") {
			facts = append(facts, drawProgress(t, target, &left))
		}
		lapses := rapid.Bool().Draw(t, "the claim lapses")

		want := runProgress(t, facts, lapses)
		got := runProgress(t, rapid.Permutation(facts).Draw(t, "order"), lapses)
		if !maps.Equal(got.positions, want.positions) {
			t.Fatalf("positions: got %v, want %v", got.positions, want.positions)
		}
		a, b := got.claims["claim-1"], want.claims["claim-1"]
		if !slices.Equal(a.Holds(), b.Holds()) || a.Unmet() != b.Unmet() {
			t.Fatalf("got %+v, want %+v", a, b)
		}
		for _, r := range []stock.Rank{stock.Reserved, stock.Allocated, stock.Picked, stock.Packed, stock.Staged, stock.Fulfilled} {
			if a.Reached(r) != b.Reached(r) {
				t.Fatalf("rank %d: got %s, want %s", r, a.Reached(r), b.Reached(r))
			}
		}
	})
}

// Several claims of one order line at different locations hold the same in all.
func TestALineHoldsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		target := func(s *shop) stock.Target {
			return stock.Target{Order: "O1", Line: "1", Claims: s.line("O1", "1")}
		}
		var facts []act
		for i, l := range []retail.LocationID{"S1", "S2"} {
			r := stock.Request{ID: stock.ClaimID(fmt.Sprint("claim-", i)), Order: "O1", OrderLine: "1", Place: stock.Place{Item: "A", Location: l}, Quantity: drawQuantity.Draw(t, "asked")}
			facts = append(facts, act{name: "told", decide: func(s *shop) (stock.Effect, error) { return stock.Reserve(s, r, false) }})
		}
		for range rapid.IntRange(1, 6).Draw(t, "count") {
			p, q := drawStore(t), drawQuantity.Draw(t, "quantity")
			facts = append(facts, act{name: "fulfil", decide: func(s *shop) (stock.Effect, error) { return stock.Fulfil(s, p, q, target(s)), nil }})
		}
		held := func(s *shop) (q retail.Quantity) {
			for _, l := range []retail.LocationID{"S1", "S2"} {
				q += s.Quantity(stock.Place{Item: "A", Location: l}, event.Reserved, stock.Owned)
			}
			return q
		}
		want := held(runProgress(t, facts, false))
		if got := held(runProgress(t, rapid.Permutation(facts).Draw(t, "order"), false)); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func drawStore(t *rapid.T) stock.Place {
	return stock.Place{Item: "A", Location: rapid.SampledFrom([]retail.LocationID{"S1", "S2"}).Draw(t, "location")}
}

// drawProgress draws a fact of the claim, in time before it lapses.
func drawProgress(t *rapid.T, target func(*shop) stock.Target, left *retail.Quantity) act {
	p, q := drawStore(t), drawQuantity.Draw(t, "quantity")
	kind := rapid.SampledFrom([]string{"allocate", "deallocate", "pick", "pack", "stage", "short", "cancel", "uncollected", "fulfil", "release"}).Draw(t, "kind")
	if kind == "allocate" {
		q = min(q, *left)
		*left -= q
	}
	return act{name: kind, decide: func(s *shop) (stock.Effect, error) {
		switch kind {
		case "allocate":
			return stock.Allocate(s, p, q, target(s), noon), nil
		case "deallocate":
			return stock.Deallocate(s, p, q, target(s)), nil
		case "pick":
			return stock.Step(s, stock.Picked, p, q, target(s)), nil
		case "pack":
			return stock.Step(s, stock.Packed, p, q, target(s)), nil
		case "stage":
			return stock.Step(s, stock.Staged, p, q, target(s)), nil
		case "short":
			return stock.PickShort(s, p, q, target(s)), nil
		case "cancel":
			return stock.Cancel(s, p.Item, q, target(s)), nil
		case "uncollected":
			return stock.ExpirePickup(s, p, q, target(s)), nil
		case "fulfil":
			return stock.Fulfil(s, p, q, target(s)), nil
		}
		return stock.Release(s, "claim-1", q), nil
	}}
}

// runProgress decides the facts in their order, with stock for everything. If the claim
// lapses, the owner looks for what is due after every fact, as it does before every batch.
func runProgress(t *rapid.T, facts []act, lapses bool) *shop {
	s := newShop()
	for _, l := range []retail.LocationID{"S1", "S2"} {
		s.positions[position{stock.Place{Item: "A", Location: l}, event.Sellable, stock.Owned}] = retail.Units(1000)
	}
	for _, f := range facts {
		e, err := f.decide(s)
		if err != nil {
			t.Fatalf("%s: %v", f.name, err)
		}
		s.apply(e)
		if lapses {
			s.apply(stock.Expire(s, "claim-1", noon.Add(time.Hour)))
		}
	}
	dropZero(s.positions)
	return s
}
