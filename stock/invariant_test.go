package stock_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// act is one fact or command; it asks the shop for an effect when its turn comes.
type act struct {
	name    string
	decide  func(*shop) (stock.Effect, error)
	command bool
}

var (
	drawPlace = rapid.Custom(func(t *rapid.T) stock.Place {
		return stock.Place{
			Item:     rapid.SampledFrom([]retail.ItemID{"A", "B"}).Draw(t, "item"),
			Location: rapid.SampledFrom([]retail.LocationID{"S1", "S2", "W"}).Draw(t, "location"),
		}
	})
	drawQuantity = rapid.Custom(func(t *rapid.T) retail.Quantity {
		return retail.Quantity(rapid.Int64Range(1, 6000).Draw(t, "thousandths"))
	})
	drawBucket = rapid.SampledFrom([]event.Bucket{event.Sellable, event.QCHold, event.Damaged})
)

// drawFact draws an L0 fact: a pure delta.
func drawFact(t *rapid.T) act {
	p, q := drawPlace.Draw(t, "place"), drawQuantity.Draw(t, "quantity")
	switch kind := rapid.SampledFrom([]string{"sale", "return", "receive", "adjust"}).Draw(t, "kind"); kind {
	case "sale":
		return act{name: kind, decide: func(s *shop) (stock.Effect, error) { return stock.Sale(s, p, q), nil }}
	case "return":
		d := rapid.SampledFrom([]event.Disposition{event.Restock, event.Inspect, event.Defect, event.Destroy, event.Returnless}).Draw(t, "disposition")
		return act{name: kind, decide: func(s *shop) (stock.Effect, error) { return stock.Return(s, p, q, d) }}
	case "receive":
		b := rapid.SampledFrom([]event.Bucket{"", event.Sellable, event.QCHold}).Draw(t, "bucket")
		return act{name: kind, decide: func(s *shop) (stock.Effect, error) { return stock.Receive(s, p, b, q) }}
	default:
		b, sign := drawBucket.Draw(t, "bucket"), rapid.SampledFrom([]retail.Quantity{-1, 1}).Draw(t, "sign")
		return act{name: kind, decide: func(s *shop) (stock.Effect, error) { return stock.Adjust(s, p, b, sign*q) }}
	}
}

// INV-01: a position is the sum of its deltas, and any order of L0 facts gives the same.
func TestPositionsAreSumsInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		facts := rapid.SliceOfN(rapid.Custom(drawFact), 1, 30).Draw(t, "facts")
		var movements []stock.Movement
		run := func(facts []act) *shop {
			s := newShop()
			movements = nil
			for i, f := range facts {
				e, err := f.decide(s)
				if err != nil {
					t.Fatal(err)
				}
				s.apply(e)
				for _, m := range e.Moves {
					movements = append(movements, stock.Movement{Position: int64(i), At: noon, Occurred: noon, Move: m})
				}
			}
			return s
		}
		want := run(facts).positions
		got := run(rapid.Permutation(facts).Draw(t, "order")).positions
		dropZero(want)
		dropZero(got)
		if !maps.Equal(got, want) {
			t.Fatalf("got %v, want %v", got, want)
		}
		sums := map[position]retail.Quantity{}
		for _, p := range stock.AsOf(movements, stock.Instant{}) {
			sums[position{p.Place, p.Bucket, p.Owner}] = p.Quantity
		}
		if !maps.Equal(sums, got) {
			t.Fatalf("sum of movements is %v, positions are %v", sums, got)
		}
	})
}

func dropZero(m map[position]retail.Quantity) {
	maps.DeleteFunc(m, func(_ position, q retail.Quantity) bool { return q == 0 })
}

// INV-02: what was shipped was received, lost, found at the source or is on the way, less
// what came in addition, in any order.
func TestTransfersConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := map[string]retail.Quantity{}
		var facts []act
		for range rapid.IntRange(1, 12).Draw(t, "count") {
			kind := rapid.SampledFrom([]string{"ship", "receive", "LOST", "CARRIER_CLAIM", "FOUND_AT_SOURCE", "OVERAGE"}).Draw(t, "kind")
			tr := stock.Transfer{Shipment: "T1", Item: "A", From: "S1", To: "S2", Quantity: drawQuantity.Draw(t, "quantity")}
			total[kind] += tr.Quantity
			facts = append(facts, act{name: kind, decide: func(s *shop) (stock.Effect, error) {
				switch kind {
				case "ship":
					return stock.ShipTransfer(s, tr, stock.Target{}), nil
				case "receive":
					return stock.ReceiveTransfer(s, tr, event.QCHold)
				}
				return stock.ResolveTransfer(s, tr, event.Resolution(kind))
			}})
		}
		s := newShop()
		for _, f := range rapid.Permutation(facts).Draw(t, "order") {
			e, err := f.decide(s)
			if err != nil {
				t.Fatal(err)
			}
			s.apply(e)
		}
		from, to := stock.Place{Item: "A", Location: "S1"}, stock.Place{Item: "A", Location: "S2"}
		transit := s.Quantity(to, event.InTransit, stock.Owned)
		lost := total["LOST"] + total["CARRIER_CLAIM"]
		if left, want := total["receive"]+lost+total["FOUND_AT_SOURCE"]+transit-total["OVERAGE"], total["ship"]; left != want {
			t.Errorf("received, lost, found and on the way less overage are %s, shipped %s", left, want)
		}
		all := stock.OnHand(s, from) + stock.OnHand(s, to) + transit
		if want := total["OVERAGE"] - lost; all != want {
			t.Errorf("own stock and what is on the way changed by %s, want %s", all, want)
		}
	})
}

// drawAct draws a fact or command about the claims of two orders, or an L0 fact.
func drawAct(t *rapid.T) act {
	n := rapid.IntRange(1, 8).Draw(t, "claim")
	id := stock.ClaimID(fmt.Sprintf("claim-%d", n))
	order := retail.OrderID(fmt.Sprintf("O%d", n%2))
	p, q := drawPlace.Draw(t, "place"), drawQuantity.Draw(t, "quantity")
	at := noon.Add(time.Duration(rapid.IntRange(0, 60).Draw(t, "minute")) * time.Minute)
	target := func(s *shop) stock.Target {
		return stock.Target{Order: order, Line: "1", Claims: s.line(order, "1")}
	}
	plain := func(f func(s *shop) stock.Effect) func(*shop) (stock.Effect, error) {
		return func(s *shop) (stock.Effect, error) { return f(s), nil }
	}
	kind := rapid.SampledFrom([]string{"reserve", "reserve", "told", "release", "expire", "allocate", "deallocate", "pick", "short", "cancel", "uncollected", "fulfil", "ship", "L0", "L0"}).Draw(t, "kind")
	a := act{name: fmt.Sprintf("%s %s for %s: %s %s@%s at %s", kind, id, order, q, p.Item, p.Location, at.Format("15:04")), command: kind == "reserve"}
	switch kind {
	case "reserve", "told":
		r := stock.Request{ID: id, Order: order, OrderLine: "1", Place: p, Quantity: q, Channel: "ONLINE", ExpiresAt: at}
		a.decide = func(s *shop) (stock.Effect, error) { return stock.Reserve(s, r, a.command) }
	case "release":
		q = rapid.SampledFrom([]retail.Quantity{0, q}).Draw(t, "released")
		a.decide = plain(func(s *shop) stock.Effect { return stock.Release(s, id, q) })
	case "expire":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Expire(s, id, at) })
	case "allocate":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Allocate(s, p, q, target(s), at) })
	case "deallocate":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Deallocate(s, p, q, target(s)) })
	case "pick":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Step(s, stock.Picked, p, q, target(s)) })
	case "short":
		a.decide = plain(func(s *shop) stock.Effect { return stock.PickShort(s, p, q, target(s)) })
	case "cancel":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Cancel(s, p.Item, q, target(s)) })
	case "uncollected":
		a.decide = plain(func(s *shop) stock.Effect { return stock.ExpirePickup(s, p, q, target(s)) })
	case "fulfil":
		a.decide = plain(func(s *shop) stock.Effect { return stock.Fulfil(s, p, q, target(s)) })
	case "ship":
		tr := stock.Transfer{Shipment: "T1", Item: p.Item, From: p.Location, To: "S9", Quantity: q}
		a.decide = plain(func(s *shop) stock.Effect { return stock.ShipTransfer(s, tr, target(s)) })
	default:
		return drawFact(t)
	}
	return a
}

// A2, A11, INV-04 and INV-05, over any interleaving of commands and facts of several orders: a
// command that is granted finds the stock that it promises; claims never go below zero and
// are what their positions say; what is published is never negative nor too much; and what
// breaks a promise is flagged with exactly its excess.
func TestNothingIsPromisedTwice(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop()
		for _, l := range []retail.LocationID{"S1", "S2", "W"} {
			for _, i := range []retail.ItemID{"A", "B"} {
				p := stock.Place{Item: i, Location: l}
				s.positions[position{p, event.Sellable, stock.Owned}] = 2 * drawQuantity.Draw(t, "stock")
				s.safety[p] = retail.Units(rapid.Int64Range(0, 1).Draw(t, "safety"))
				s.buffers[buffer{p, "ONLINE"}] = retail.Units(rapid.Int64Range(0, 1).Draw(t, "buffer"))
			}
		}
		for _, a := range rapid.SliceOfN(rapid.Custom(drawAct), 1, 40).Draw(t, "acts") {
			e, err := a.decide(s)
			if err != nil {
				if !a.command || !fault.HasCode(err, fault.NoStock) && !fault.HasCode(err, fault.KeyConflict) {
					t.Fatalf("%s: %v", a.name, err)
				}
				continue
			}
			s.apply(e)
			if a.command {
				checkPromise(t, a.name, s, e)
			}
			checkClaims(t, a.name, s)
			checkPublished(t, a.name, s)
		}
	})
}

// checkPromise checks the places where a granted command promised something.
func checkPromise(t *rapid.T, name string, s *shop, e stock.Effect) {
	for _, m := range e.Moves {
		if m.Bucket != event.Reserved || m.Quantity <= 0 {
			continue
		}
		promised := s.Quantity(m.Place, event.Reserved, stock.Owned) + s.Quantity(m.Place, event.AllocatedStock, stock.Owned)
		if sellable := s.Quantity(m.Place, event.Sellable, stock.Owned); promised > max(sellable, 0) {
			t.Fatalf("%s: %s promised of %s", name, promised, sellable)
		}
	}
}

// checkClaims compares the claim buckets with what the claims hold.
func checkClaims(t *rapid.T, name string, s *shop) {
	held := map[position]retail.Quantity{}
	for _, c := range s.claims {
		for _, h := range c.Holds() {
			if h.Reserved < 0 || h.Allocated < 0 {
				t.Fatalf("%s: %s holds %+v", name, c.ID, h)
			}
			p := stock.Place{Item: c.Item, Location: h.Location}
			held[position{p, event.Reserved, stock.Owned}] += h.Reserved
			held[position{p, event.AllocatedStock, stock.Owned}] += h.Allocated
		}
		if c.Unmet() < 0 {
			t.Fatalf("%s: %s lacks %s", name, c.ID, c.Unmet())
		}
		for _, r := range [][2]stock.Rank{{stock.Allocated, stock.Picked}, {stock.Picked, stock.Packed}, {stock.Packed, stock.Staged}, {stock.Staged, stock.Fulfilled}} {
			if c.Reached(r[0]) < c.Reached(r[1]) {
				t.Fatalf("%s: %s reached %d with %s and %d with %s", name, c.ID, r[0], c.Reached(r[0]), r[1], c.Reached(r[1]))
			}
		}
	}
	for p, q := range s.positions {
		if (p.bucket == event.Reserved || p.bucket == event.AllocatedStock) && q != held[p] {
			t.Fatalf("%s: %v is %s, claims hold %s", name, p, q, held[p])
		}
	}
}

func checkPublished(t *rapid.T, name string, s *shop) {
	for p := range s.positions {
		ats := stock.ATS(s, p.Place, "ONLINE")
		promised := s.Quantity(p.Place, event.Reserved, stock.Owned) + s.Quantity(p.Place, event.AllocatedStock, stock.Owned)
		limit := s.Quantity(p.Place, event.Sellable, stock.Owned) - promised - s.Safety(p.Place) - s.Buffer(p.Place, "ONLINE")
		if ats < 0 || ats > max(limit, 0) {
			t.Fatalf("%s: %v publishes %s, limit %s", name, p.Place, ats, limit)
		}
	}
}

// A fact releases claims of its own order line only.
func TestAFactTouchesOnlyItsOwnLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShop()
		for _, a := range rapid.SliceOfN(rapid.Custom(drawAct), 1, 30).Draw(t, "acts") {
			if e, err := a.decide(s); err == nil {
				s.apply(e)
			}
		}
		before := maps.Clone(s.claims)
		e := stock.Fulfil(s, drawPlace.Draw(t, "place"), drawQuantity.Draw(t, "quantity"), stock.Target{Order: "O1", Line: "1", Claims: s.line("O1", "1")})
		for _, c := range e.Claims {
			if c.Order != "O1" || !slices.Equal(slices.Compact([]retail.OrderID{before[c.ID].Order, "O1"}), []retail.OrderID{"O1"}) && before[c.ID].ID != "" {
				t.Fatalf("a fulfilment of O1 changed %+v", c)
			}
		}
		for _, m := range e.Moves {
			if m.Claim != "" && before[m.Claim].Order != "O1" {
				t.Fatalf("a fulfilment of O1 moved %+v", m)
			}
		}
	})
}
