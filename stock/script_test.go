package stock_test

import (
	"cmp"
	"fmt"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// decideMore decides what is not about a single claim or bucket.
func (s *script) decideMore(c command, target stock.Target) (stock.Effect, error) {
	switch c.verb {
	case "change":
		return stock.Change(s.shop, c.moves...)
	case "postvoid":
		return stock.Mirror(s.shop, s.told[c.word], time.Time{}), nil
	case "cancel":
		return stock.Cancel(s.shop, c.place.Item, c.quantity, target), nil
	case "uncollected":
		return stock.ExpirePickup(s.shop, c.place, c.quantity, target), nil
	case "short":
		return stock.PickShort(s.shop, c.place, c.quantity, target), nil
	case "send":
		return stock.Fulfil(s.shop, c.place, c.quantity, target, c.place.Delta(event.ShippedNotDelivered, c.quantity).By(c.option("on"))), nil
	case "order":
		return stock.Approve(s.purchase(c), stock.Order{Place: c.place, Version: s.version(c), Quantity: c.quantity, ETA: date(s.t, c.option("eta"))})
	case "announce":
		return stock.Announce(s.purchase(c), stock.Announcement{
			Place: c.place, Shipment: c.option("on"), Quantity: c.quantity, ETA: date(s.t, c.option("eta")), Title: c.option("title") == "ours",
		})
	case "deliver":
		return stock.ReceivePurchase(s.shop, s.purchase(c), stock.Receipt{Place: c.place, Bucket: event.Bucket(c.word), Shipment: c.option("on"), Quantity: c.quantity})
	case "close":
		return stock.CloseShort(s.purchase(c), c.option("on"), c.quantity), nil
	case "count":
		return stock.MakeCount(s.shop, stock.Count{
			ID: stock.CountID(c.option("id")), Place: c.place, Bucket: cmp.Or(event.Bucket(c.word), event.Sellable),
			Cutoff: s.occurred(c), Counted: c.quantity,
		})
	}
	s.t.Fatalf("unknown command %q", c.verb)
	return stock.Effect{}, nil
}

// occurred is when the fact happened: at= by the clock of the day, late= so long ago, or now.
func (s *script) occurred(c command) time.Time {
	at := c.option("at")
	if at == "" {
		return s.clock.Add(-c.late)
	}
	t, err := time.Parse("15:04", at)
	if err != nil {
		s.t.Fatal(err)
	}
	return time.Date(2026, 3, 2, t.Hour(), t.Minute(), 0, 0, time.UTC)
}

func (s *script) purchase(c command) stock.Purchase {
	id := stock.PurchaseID(c.option("po"))
	if p, ok := s.shop.purchases[id]; ok {
		return p
	}
	return stock.Purchase{ID: id}
}

func (s *script) version(c command) int64 {
	if v := c.option("version"); v != "" {
		q, err := retail.ParseQuantity(v)
		if err != nil {
			s.t.Fatal(err)
		}
		return int64(q / retail.One)
	}
	return 1
}

// atp prints what can be promised for a day, with its parts.
func (s *script) atp(c command) {
	rate, err := money.ParseRate(cmp.Or(c.option("confidence"), "1"))
	if err != nil {
		s.t.Fatal(err)
	}
	channel := retail.ChannelID(c.option("channel"))
	q := stock.ATP(s.shop, c.place, channel, date(s.t, c.option("day")), rate)
	fmt.Fprintf(&s.out, "    %s can be promised; available now %s\n", q, stock.RawATS(s.shop, c.place, channel))
}

func date(t *testing.T, s string) retail.Date {
	t.Helper()
	if s == "" {
		return 0
	}
	d, err := retail.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}
