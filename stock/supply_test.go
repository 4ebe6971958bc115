package stock_test

import (
	"fmt"
	"maps"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// drawSupply draws a fact about one line of a purchase order. Some are versions of the order;
// each shipment is announced by one notice, with or without title as the policy says.
func drawSupply(t *rapid.T, id stock.PurchaseID, title bool) act {
	home := stock.Place{Item: "A", Location: "W"}
	q := drawQuantity.Draw(t, "quantity")
	shipment := rapid.SampledFrom([]string{"ASN1", "ASN2"}).Draw(t, "shipment")
	kind := rapid.SampledFrom([]string{"order", "announce", "receive", "receive", "close"}).Draw(t, "kind")
	version := rapid.Int64Range(1, 4).Draw(t, "version")
	bucket := rapid.SampledFrom([]event.Bucket{"", event.QCHold}).Draw(t, "bucket")
	unnamed := rapid.IntRange(0, 2).Draw(t, "unnamed") == 0
	if unnamed && kind == "receive" {
		shipment = ""
	}
	line := func(s *shop) stock.Purchase {
		if p, ok := s.purchases[id]; ok {
			return p
		}
		return stock.Purchase{ID: id}
	}
	a := act{name: fmt.Sprintf("%s %s %s", kind, q, shipment)}
	switch kind {
	case "order":
		// A version says the same whenever it comes.
		a.name = fmt.Sprintf("order version %d", version)
		a.decide = func(s *shop) (stock.Effect, error) {
			return stock.Approve(line(s), stock.Order{Place: home, Version: version, Quantity: 3 * retail.Units(version)})
		}
	case "announce":
		a.decide = func(s *shop) (stock.Effect, error) {
			return stock.Announce(line(s), stock.Announcement{Place: home, Shipment: shipment, Quantity: q, Title: title})
		}
	case "receive":
		a.decide = func(s *shop) (stock.Effect, error) {
			return stock.ReceivePurchase(s, line(s), stock.Receipt{Place: home, Bucket: bucket, Shipment: shipment, Quantity: q})
		}
	default:
		a.decide = func(s *shop) (stock.Effect, error) { return stock.CloseShort(line(s), shipment, q), nil }
	}
	return a
}

// What an order line expects is the same in any order of its facts, never below zero, and what
// its arrivals add up to; an order that comes again is not expected twice.
func TestAnOrderLineExpectsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		title := rapid.Bool().Draw(t, "po_title=SHIPMENT")
		facts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) act { return drawSupply(t, "PO1·1", title) }), 1, 12).Draw(t, "facts")
		run := func(facts []act) *shop {
			s := newShop()
			for _, f := range facts {
				e, err := f.decide(s)
				if err != nil {
					t.Fatalf("%s: %v", f.name, err)
				}
				s.apply(e)
				checkPipeline(t, f.name, s)
			}
			dropZero(s.positions)
			return s
		}
		want := run(facts).positions
		if got := run(rapid.Permutation(facts).Draw(t, "order")).positions; !maps.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		var again []act // every order once more
		for _, f := range facts {
			if again = append(again, f); f.name[:5] == "order" {
				again = append(again, f)
			}
		}
		if got := run(again).positions; !maps.Equal(got, want) {
			t.Fatalf("told again: got %v, want %v", got, want)
		}
	})
}

// checkPipeline compares what is on order and in transit with the arrivals that the lines say.
func checkPipeline(t *rapid.T, name string, s *shop) {
	expected := map[event.Bucket]retail.Quantity{}
	for _, p := range s.purchases {
		for _, a := range p.Arrivals() {
			if a.Quantity <= 0 {
				t.Fatalf("%s: expects %+v", name, a)
			}
			expected[a.Bucket] += a.Quantity
		}
	}
	p := stock.Place{Item: "A", Location: "W"}
	for _, b := range []event.Bucket{event.OnOrder, event.InTransit} {
		if got := s.Quantity(p, b, stock.Owned); got != expected[b] {
			t.Fatalf("%s: %s is %s, arrivals are %s", name, b, got, expected[b])
		}
	}
}

// drawOwned draws a fact of the catalogue and by how much it changes what is owned.
func drawOwned(t *rapid.T) (act, retail.Quantity) {
	p, q := drawPlace.Draw(t, "place"), drawQuantity.Draw(t, "quantity")
	tr := stock.Transfer{Shipment: "T1", Item: p.Item, From: p.Location, To: "S9", Quantity: q}
	change := func(moves ...stock.Move) func(*shop) (stock.Effect, error) {
		return func(s *shop) (stock.Effect, error) { return stock.Change(s, moves...) }
	}
	kind := rapid.SampledFrom([]string{
		"sale", "return", "receipt", "damaged", "released", "shipped", "delivered", "returned to sender",
		"transfer", "transfer received", "lost", "found", "overage", "kit", "count", "post-void", "consigned", "partner",
	}).Draw(t, "kind")
	a, total := act{name: kind}, retail.Quantity(0)
	switch kind {
	case "sale":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.Sale(s, p, q), nil }, -q
	case "return":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.Return(s, p, q, event.Inspect) }, q
	case "receipt":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.Receive(s, p, "", q) }, q
	case "damaged":
		a.decide = change(p.Delta(event.Sellable, -q), p.Delta(event.Damaged, q))
	case "released":
		a.decide = change(p.Delta(event.QCHold, -q), p.Delta(event.Sellable, q))
	case "shipped":
		a.decide = func(s *shop) (stock.Effect, error) {
			return stock.Fulfil(s, p, q, stock.Target{}, p.Delta(event.ShippedNotDelivered, q).By("P1")), nil
		}
	case "delivered":
		a.decide, total = change(p.Delta(event.ShippedNotDelivered, -q).By("P1")), -q
	case "returned to sender":
		a.decide = change(p.Delta(event.ShippedNotDelivered, -q).By("P1"), p.Delta(event.QCHold, q))
	case "transfer":
		a.decide = func(s *shop) (stock.Effect, error) { return stock.ShipTransfer(s, tr, stock.Target{}), nil }
	case "transfer received":
		a.decide = func(s *shop) (stock.Effect, error) { return stock.ReceiveTransfer(s, tr, event.Damaged) }
	case "lost":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.ResolveTransfer(s, tr, event.ResolvedLost) }, -q
	case "found":
		a.decide = func(s *shop) (stock.Effect, error) { return stock.ResolveTransfer(s, tr, event.ResolvedFoundAtSource) }
	case "overage":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.ResolveTransfer(s, tr, event.ResolvedOverage) }, q
	case "kit": // of two parts, which weigh half of it each
		kit := stock.Place{Item: "KIT", Location: p.Location}
		a.decide = change(p.Delta(event.Sellable, -2*q), kit.Delta(event.Sellable, 2*q))
	case "count":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.Adjust(s, p, event.QCHold, -q) }, -q
	case "post-void":
		a.decide, total = func(s *shop) (stock.Effect, error) { return stock.Mirror(s, stock.Sale(s, p, q).Moves, noon), nil }, q
	case "consigned":
		a.decide = change(p.Delta(event.Consigned, q))
	case "partner":
		a.decide = change(p.Delta(event.Sellable, -q), stock.Place{Item: p.Item, Location: "PARTNER"}.Delta(event.Sellable, q))
	}
	return a, total
}

// INV-03: what is owned, over all locations and on the way, changes by what comes in and goes
// out and by nothing else.
func TestOwnedStockIsConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop()
		var want retail.Quantity
		for range rapid.IntRange(1, 30).Draw(t, "count") {
			a, total := drawOwned(t)
			e, err := a.decide(s)
			if err != nil {
				t.Fatalf("%s: %v", a.name, err)
			}
			s.apply(e)
			want += total
			var got retail.Quantity
			for p, q := range s.positions {
				if p.owner == stock.Owned {
					got += q
				}
			}
			if got != want {
				t.Fatalf("after %s: got %s, want %s", a.name, got, want)
			}
		}
	})
}
