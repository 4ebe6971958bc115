package entity_test

import (
	"testing"
	"time"

	"github.com/heddlehq/heddle/entity"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

func of(position int64, body event.Body) *record.Record {
	return &record.Record{
		Record:  journal.Record{Position: position, At: time.Unix(0, 0)},
		Event:   &event.Event{Header: event.Header{System: "shop", Instance: "main", Key: "O1"}, Data: body},
		Outcome: &record.Outcome{Entity: "LE1"},
	}
}

// The status of an order is the lowest stage of what is still open, or the end of all.
func TestOrderStatus(t *testing.T) {
	line := func(stage progress.Stage) progress.Progress {
		p, err := progress.New(progress.OrderLine)
		if err == nil {
			p, err = p.Add(progress.Placed, 1000, 1)
		}
		if err == nil {
			p, err = p.Add(stage, 1000, 2)
		}
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	placed := of(1, &event.OrderPlaced{Currency: "EUR", Total: money.Of(1, "EUR"), Lines: []event.OrderLine{{Line: "1", Quantity: retail.One}, {Line: "2", Quantity: retail.One}}})
	for _, c := range []struct{ first, second, want progress.Stage }{
		{progress.Shipped, progress.Picked, progress.Picked},
		{progress.Shipped, progress.Cancelled, progress.Shipped},
		{progress.Cancelled, progress.Shipped, progress.Shipped},
		{progress.Cancelled, progress.Cancelled, progress.Cancelled},
		{progress.Delivered, progress.Delivered, progress.Delivered},
	} {
		o, ok := entity.NewOrder("shop/main/O1", []*record.Record{placed}, func(l string) (progress.Progress, bool) {
			return line(map[string]progress.Stage{"1": c.first, "2": c.second}[l]), true
		})
		if !ok || o.Status != c.want || o.Version != 1 || o.Entity != "LE1" {
			t.Errorf("%s and %s: got %s, %+v; want %s", c.first, c.second, o.Status, o.Head, c.want)
		}
	}
	if _, ok := entity.NewOrder("x", []*record.Record{of(1, &event.OrderModified{})}, nil); ok {
		t.Error("an order that was never placed is one")
	}
}

// Every fact that brings money to a settlement says how much, with the sign of what the
// processor owes.
func TestShares(t *testing.T) {
	eur := func(minor int64) money.Amount { return money.Of(minor, "EUR") }
	fee := eur(15)
	for _, c := range []struct {
		body             event.Body
		gross, fees, net int64
	}{
		{&event.PaymentSettled{Gross: eur(100), Fee: eur(3), Net: eur(97)}, 100, 3, 97},
		{&event.PaymentSettled{Gross: eur(-100), Fee: eur(0), Net: eur(-100)}, -100, 0, -100},
		{&event.ProcessorFee{Amount: eur(5)}, 0, 5, -5},
		{&event.ChargebackOpened{Amount: eur(20), Fee: &fee}, -20, 15, -35},
		{&event.ChargebackWon{Amount: eur(20)}, 20, 0, 20},
		{&event.ReserveHeld{Amount: eur(7)}, 0, 0, -7},
		{&event.ReserveReleased{Amount: eur(7)}, 0, 0, 7},
		{&event.MPFees{Amount: eur(4)}, 0, 4, -4},
		{&event.MPReimbursement{Amount: eur(9)}, 9, 0, 9},
		{&event.Payout{Amount: eur(9)}, 0, 0, 0},
	} {
		s := entity.ShareOf(of(1, c.body).Event)
		if s.Gross != c.gross || s.Fees != c.fees || s.Net != c.net || s.Currency != "EUR" {
			t.Errorf("%s: got %+v, want %d, %d, %d", c.body.Type(), s, c.gross, c.fees, c.net)
		}
	}
}
