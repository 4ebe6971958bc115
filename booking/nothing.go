package booking

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// nothing reports whether the rule book (A4 to A7, B2) books nothing for a fact, although it books
// others of its type.
func (w *work) nothing() (bool, error) {
	switch d := w.fact.Event.Data.(type) {
	case *event.Delivered: // "DELIVERY: P19; else memo"
		title, err := w.titlePassesAtDelivery(d.Shipment)
		return !title, err
	case *event.DeliveryFailed: // nothing has come back or is lost yet
		return d.Outcome != event.DeliveryLost, nil
	case *event.ASNReceived: // "P33a if title passed"
		return w.policy("po_title", "RECEIPT") != "SHIPMENT", nil
	case *event.ReceiptDiscrepancy: // "SHORT none"
		return d.Kind == event.DiscrepancyShort, nil
	case *event.LayawayOpened: // P13 is what is paid at once
		return isNothing(d.Deposit) && isNothing(d.Fee) && len(d.Tenders) == 0, nil
	case *event.TillCounted: // P78 is what is over or short
		return !slices.ContainsFunc(d.Tenders, func(t event.CountedTender) bool { return t.Counted != t.Expected }), nil
	case *event.CountAdjusted: // P50 is what is lost or gained; one that waits has moved nothing yet
		return len(w.fact.Outcome.Moves)+len(w.fact.Outcome.Waits) == 0, nil
	case *event.CostChanged: // "STD: P56; WAC: fallback cost only"
		return w.policy("valuation_method", "WAC") != "STD", nil
	case *event.OrderModified: // "captured excess ⇒ P20"
		return w.uncaptured(d.Order)
	case *event.PickupExpired: // "P20 if captured, else void auth"
		return w.uncaptured(append([]retail.Ref{d.Order}, claims(d.Lines)...)...)
	case *event.LineCancelled: // "uncaptured: void auth; captured: P20"
		return w.uncaptured(d.Order, d.OrderLine)
	case *event.OrderCancelled:
		return w.uncaptured(d.Order)
	case *event.Substituted: // "as cancel + sale"; the sale is that of the fulfilment
		return w.uncaptured(d.Order, d.OrderLine)
	}
	return false, nil
}

func isNothing(a *money.Amount) bool { return a == nil || a.Minor == 0 }

func (w *work) policy(name, otherwise string) string {
	return w.ref.Policy(w.fact.Outcome.Entity, name, otherwise, w.day)
}

func claims(lines []event.ClaimedLine) []retail.Ref {
	refs := make([]retail.Ref, len(lines))
	for i, l := range lines {
		refs[i] = l.Claim
	}
	return refs
}

// titlePassesAtDelivery reports whether the goods of a shipment were still ours on their way, by
// the policy of whoever sent them on the day on which they left. A delivery waits for its shipment
// (A9).
func (w *work) titlePassesAtDelivery(shipment retail.Ref) (bool, error) {
	t, missing, err := w.resolveRef(shipment)
	if err != nil {
		return false, err
	}
	if t.Fact == 0 && missing.IsZero() { // an order, which no shipment of ours is known of
		return w.policy("recognise", "SHIPMENT") == "DELIVERY", nil
	}
	if t.Fact == 0 {
		return false, waitFor(causeRef(missing), nil)
	}
	sent, err := w.p.record(t.Fact)
	if err != nil {
		return false, err
	}
	return w.ref.Policy(sent.Outcome.Entity, "recognise", "SHIPMENT", sent.Event.Day()) == "DELIVERY", nil
}

// uncaptured reports whether nothing of the order was captured, so that what is cancelled of it is
// in no books. A capture that comes later will find the fact: see recallCancelled.
func (w *work) uncaptured(refs ...retail.Ref) (bool, error) {
	o, _, err := w.orderAt(refs...)
	if err != nil || o.Captured > 0 {
		return false, err
	}
	key := string(o.ID)
	cancelled, _ := store.Load[[]int64](w.o, tableCancelled, key)
	if !slices.Contains(cancelled, w.fact.Position) {
		store.Save(w.o, tableCancelled, key, append(cancelled, w.fact.Position))
	}
	return true, nil
}

// recallCancelled holds what was cancelled of an order before its capture came: it is P20 now.
func (w *work) recallCancelled(o *posting.Order) error {
	cancelled, _ := store.Load[[]int64](w.o, tableCancelled, string(o.ID))
	if len(cancelled) == 0 {
		return nil
	}
	w.o.Put(tableCancelled, string(o.ID), nil)
	for _, position := range cancelled {
		if w.o.Get(tableSuperseded, store.Ordinal(position)) != nil {
			continue
		}
		fact, err := w.p.record(position)
		if err != nil {
			return err
		}
		of := &work{fact: fact, task: task{Position: position, Part: partUnbooked}}
		kind, _ := event.Lookup(fact.Event.Type())
		item := exception.New(exception.Report{
			Code: fault.Unbooked, Source: exception.SourceBooking, Subject: of.subject(),
			Detail: fact.Event.Key + ": " + string(kind.Type) + " is booked by " + kind.Finance, Refs: lineage.Named(fact.Event), Position: position,
		}, w.p.at.At)
		store.Save(w.o, tableExceptions, string(item.ID), item)
	}
	return nil
}
