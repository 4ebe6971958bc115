package stock_test

import (
	"fmt"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// BenchmarkReserve decides commands on one hot item and on many cold ones: both must cost
// the same.
func BenchmarkReserve(b *testing.B) {
	for _, items := range []int{1, 10_000} {
		b.Run(fmt.Sprintf("items=%d", items), func(b *testing.B) {
			s := newShop()
			places := make([]stock.Place, items)
			for i := range places {
				places[i] = stock.Place{Item: retail.ItemID(fmt.Sprint("A", i)), Location: "S1"}
				s.positions[position{places[i], event.Sellable, stock.Owned}] = retail.Units(1 << 40)
			}
			ids := make([]stock.ClaimID, 1<<16)
			for i := range ids {
				ids[i] = stock.ClaimID(fmt.Sprint("R", i))
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				r := stock.Request{ID: ids[i%len(ids)], Order: "O1", OrderLine: "1", Place: places[i%items], Channel: "ONLINE", Quantity: retail.One}
				e, err := stock.Reserve(s, r, true)
				if err != nil {
					b.Fatal(err)
				}
				for _, m := range e.Moves {
					s.positions[position{m.Place, m.Bucket, m.Owner}] += m.Quantity
				}
			}
		})
	}
}

// BenchmarkPickup takes one claim through allocation and pickup.
func BenchmarkPickup(b *testing.B) {
	s := newShop()
	p := stock.Place{Item: "A", Location: "S1"}
	s.positions[position{p, event.Sellable, stock.Owned}] = retail.Units(1 << 40)
	target := stock.Target{Order: "O1", Line: "1", Claims: []stock.ClaimID{"R1"}}
	request := stock.Request{ID: "R1", Order: "O1", OrderLine: "1", Place: p, Quantity: retail.One}
	b.ReportAllocs()
	for b.Loop() {
		clear(s.claims)
		s.ages, s.moves = s.ages[:0], s.moves[:0]
		e, err := stock.Reserve(s, request, true)
		if err != nil {
			b.Fatal(err)
		}
		s.apply(e)
		s.apply(stock.Allocate(s, p, retail.One, target, noon))
		s.apply(stock.Fulfil(s, p, retail.One, target))
	}
}
