package stock_test

import (
	"slices"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

func TestAsOfTellsOccurrenceFromKnowledge(t *testing.T) {
	at := func(minute int) time.Time { return noon.Add(time.Duration(minute) * time.Minute) }
	move := func(item retail.ItemID, b event.Bucket, n int64, shipment string) stock.Move {
		return stock.Move{Place: stock.Place{Item: item, Location: "S1"}, Bucket: b, Quantity: retail.Units(n), Shipment: shipment}
	}
	movements := []stock.Movement{
		{Position: 1, At: at(0), Occurred: at(0), Move: move("A", event.Sellable, 10, "")},
		{Position: 2, At: at(30), Occurred: at(10), Move: move("A", event.Sellable, -1, "")}, // a late sale
		{Position: 3, At: at(20), Occurred: at(20), Move: move("A", event.Sellable, -2, "")},
		{Position: 4, At: at(40), Occurred: at(40), Move: move("B", event.InTransit, 3, "T1")},
		{Position: 5, At: at(40), Occurred: at(40), Move: move("B", event.InTransit, 4, "T2")},
		{Position: 6, At: at(50), Occurred: at(50), Move: move("B", event.InTransit, -3, "T1")},
	}
	a := func(n int64) stock.Position {
		return stock.Position{Place: stock.Place{Item: "A", Location: "S1"}, Bucket: event.Sellable, Quantity: retail.Units(n)}
	}
	b := func(n int64, shipment string) stock.Position {
		return stock.Position{Place: stock.Place{Item: "B", Location: "S1"}, Bucket: event.InTransit, Shipment: shipment, Quantity: retail.Units(n)}
	}
	for _, c := range []struct {
		name string
		at   stock.Instant
		want []stock.Position
	}{
		{"now: what came to nothing is left out", stock.Instant{}, []stock.Position{a(7), b(4, "T2")}},
		{"before anything", stock.Instant{Occurred: at(-1)}, nil},
		{"what had happened at 12:10, the instant included", stock.Instant{Occurred: at(10)}, []stock.Position{a(9)}},
		{"what was known at 12:25", stock.Instant{Known: at(25)}, []stock.Position{a(8)}},
		{"what was known at 12:25 of what had happened at 12:10", stock.Instant{Occurred: at(10), Known: at(25)}, []stock.Position{a(10)}},
		{"shipments apart", stock.Instant{Known: at(40)}, []stock.Position{a(7), b(3, "T1"), b(4, "T2")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := stock.AsOf(movements, c.at); !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}
