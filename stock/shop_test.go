package stock_test

import (
	"slices"

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
}

type position struct {
	stock.Place
	bucket event.Bucket
	owner  stock.Ownership
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
	}
}

func (s *shop) Quantity(p stock.Place, b event.Bucket, o stock.Ownership) retail.Quantity {
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

// apply stores an effect, as the owner loop does after its append.
func (s *shop) apply(e stock.Effect) {
	for _, m := range e.Moves {
		s.positions[position{m.Place, m.Bucket, m.Owner}] += m.Quantity
	}
	for _, c := range e.Claims {
		if _, known := s.claims[c.ID]; !known {
			s.ages = append(s.ages, c.ID)
		}
		s.claims[c.ID] = c
	}
}

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
