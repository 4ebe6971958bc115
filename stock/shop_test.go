package stock_test

import (
	"cmp"
	"slices"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// shop is the smallest State: what the owner loop keeps, in maps.
type shop struct {
	positions map[position]retail.Quantity
	claims    map[stock.ClaimID]stock.Claim
	ages      []stock.ClaimID // every claim, oldest first
	safety    map[stock.Place]retail.Quantity
	buffers   map[buffer]retail.Quantity
	consigned bool // CONSIGNED goods are sold everywhere
	purchases map[stock.PurchaseID]stock.Purchase
	counts    map[stock.CountID]stock.Count
	etas      map[string]retail.Date // of transfers, by shipment
	moves     []stock.Move           // each with the time at which it occurred
}

type position struct {
	stock.Place
	bucket event.Bucket
	owner  event.Ownership
}

type buffer struct {
	stock.Place
	channel retail.ChannelID
}

func newShop() *shop {
	return &shop{
		positions: map[position]retail.Quantity{},
		claims:    map[stock.ClaimID]stock.Claim{},
		safety:    map[stock.Place]retail.Quantity{},
		buffers:   map[buffer]retail.Quantity{},
		purchases: map[stock.PurchaseID]stock.Purchase{},
		counts:    map[stock.CountID]stock.Count{},
		etas:      map[string]retail.Date{},
	}
}

func (s *shop) Quantity(p stock.Place, b event.Bucket, o event.Ownership) retail.Quantity {
	return s.positions[position{p, b, o}]
}

func (s *shop) Claim(id stock.ClaimID) (stock.Claim, bool) {
	c, ok := s.claims[id]
	return c, ok
}

func (s *shop) ClaimsAt(p stock.Place) []stock.ClaimID {
	var ids []stock.ClaimID
	for _, id := range s.ages {
		c := s.claims[id]
		if c.Item == p.Item && slices.ContainsFunc(c.Holds(), func(h stock.Hold) bool { return h.Location == p.Location }) {
			ids = append(ids, id)
		}
	}
	return ids
}

func (s *shop) Safety(p stock.Place) retail.Quantity { return s.safety[p] }

func (s *shop) Buffer(p stock.Place, ch retail.ChannelID) retail.Quantity {
	return s.buffers[buffer{p, ch}]
}

func (s *shop) SellsConsigned(stock.Place) bool { return s.consigned }

// sorted returns the counts of a bucket at a place in their order.
func (s *shop) sorted(p stock.Place, b event.Bucket) []stock.Count {
	var out []stock.Count
	for _, c := range s.counts {
		if c.Place == p && c.Bucket == b {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b stock.Count) int {
		return cmp.Or(a.Cutoff.Compare(b.Cutoff), cmp.Compare(a.ID, b.ID))
	})
	return out
}

func (s *shop) Count(id stock.CountID) (stock.Count, bool) {
	c, ok := s.counts[id]
	return c, ok
}

func (s *shop) NextCount(p stock.Place, b event.Bucket, cutoff time.Time, id stock.CountID) (stock.Count, bool) {
	for _, c := range s.sorted(p, b) {
		if c.Cutoff.After(cutoff) || c.Cutoff.Equal(cutoff) && c.ID > id {
			return c, true
		}
	}
	return stock.Count{}, false
}

func (s *shop) MovedAfter(p stock.Place, b event.Bucket, o event.Ownership, at time.Time) (q retail.Quantity) {
	for _, m := range s.moves {
		if m.Place == p && m.Bucket == b && m.Owner == o && m.Effective.After(at) {
			q += m.Quantity
		}
	}
	return q
}

// Arrivals implements stock.Outlook: what purchase orders bring, and what stands in transit by
// shipment with the ETA that the shipment told.
func (s *shop) Arrivals(p stock.Place) (out []stock.Arrival) {
	for _, line := range s.purchases {
		out = append(out, line.Arrivals()...)
	}
	out = slices.DeleteFunc(out, func(a stock.Arrival) bool { return a.Place != p })
	for shipment, eta := range s.etas {
		a := stock.Arrival{Place: p, Bucket: event.InTransit, Shipment: shipment, ETA: eta}
		for _, m := range s.moves {
			if m.Place == p && m.Bucket == a.Bucket && m.Shipment == shipment {
				a.Quantity += m.Quantity
			}
		}
		out = append(out, a)
	}
	return out
}

// Backorders implements stock.Outlook.
func (s *shop) Backorders(p stock.Place) (ids []stock.ClaimID) {
	for _, id := range s.ages {
		if c := s.claims[id]; c.Place == p && c.Unmet() > 0 {
			ids = append(ids, id)
		}
	}
	return ids
}

// apply stores an effect of a fact that occurred then, as the owner loop does after its append.
func (s *shop) applyAt(e stock.Effect, occurred time.Time) {
	for _, m := range e.Moves {
		if m.Effective.IsZero() {
			m.Effective = occurred
		}
		s.moves = append(s.moves, m)
		s.positions[position{m.Place, m.Bucket, m.Owner}] += m.Quantity
	}
	for _, c := range e.Claims {
		if _, known := s.claims[c.ID]; !known {
			s.ages = append(s.ages, c.ID)
		}
		s.claims[c.ID] = c
	}
	for _, p := range e.Purchases {
		s.purchases[p.ID] = p
	}
	for _, c := range e.Counts {
		s.counts[c.ID] = c
	}
}

func (s *shop) apply(e stock.Effect) { s.applyAt(e, noon) }

// line returns the claims of an order line that have been made, oldest first.
func (s *shop) line(order retail.OrderID, line string) []stock.ClaimID {
	var ids []stock.ClaimID
	for _, id := range s.ages {
		if c := s.claims[id]; c.Order == order && c.OrderLine == line && c.Made() {
			ids = append(ids, id)
		}
	}
	return ids
}
