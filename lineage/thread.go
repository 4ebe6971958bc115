package lineage

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Named returns every reference by which a thread finds the fact: the ids that it declares
// and the ids that it follows, without repetition, in a fixed order.
func Named(e *event.Event) []retail.Ref {
	var out refs
	switch d := e.Data.(type) {
	case *event.OrderPlaced:
		out.add(retail.Ref{Type: retail.RefOrder, ID: string(OrderIDOf(e.Header))})
		out.add(d.Aliases...)
		for _, l := range d.Lines {
			out.add(l.Aliases...)
		}
	case *event.ReservationMade:
		out.add(reservation(d.Reservation), d.Order, d.OrderLine)
	case *event.ReservationReleased:
		out.add(reservation(d.Reservation))
	case *event.ReservationExpired:
		out.add(reservation(d.Reservation))
	case *event.Allocated:
		out.add(retail.Ref{Type: retail.RefTask, ID: d.Allocation}, d.Claim)
	case *event.Deallocated:
		out.add(retail.Ref{Type: retail.RefTask, ID: d.Allocation}, d.Claim)
	case *event.Picked:
		out.add(retail.Ref{Type: retail.RefTask, ID: d.Task}, d.Claim)
	case *event.Packed:
		out.add(retail.Ref{Type: retail.RefTask, ID: d.Task}, d.Claim)
	case *event.Staged:
		out.add(retail.Ref{Type: retail.RefTask, ID: d.Task}, d.Claim)
	case *event.PickedUp:
		out.fulfilment((*event.Fulfilment)(d))
	case *event.Fulfilled:
		out.fulfilment((*event.Fulfilment)(d))
	case *event.Sale:
		out.add(d.Aliases...)
		for _, l := range d.Lines {
			out.add(l.Aliases...)
		}
	case *event.ReturnAccepted:
		out.add(d.Return, d.Original)
		out.add(d.Aliases...)
	default:
		out.money(e)
	}
	return out
}

type refs []retail.Ref

func (r *refs) money(e *event.Event) {
	switch d := e.Data.(type) {
	case *event.PaymentAuthorised:
		r.add(d.Payment, d.Order)
	case *event.PaymentCaptured:
		r.add(d.Payment, d.Order)
	case *event.RefundIssued:
		r.add(d.Refund, d.Payment, d.Order, d.Return)
	case *event.PaymentSettled:
		r.add(d.Of, d.Payout)
	case *event.Payout:
		r.add(d.Payout, d.Trace)
	case *event.BankLine:
		r.add(retail.Ref{Type: retail.RefBankLine, ID: retail.Key(d.Account, d.Statement, d.Entry)}, d.Trace)
	case *event.POReceived:
		r.add(retail.Ref{Type: retail.RefReceipt, ID: retail.Key(d.Receipt, d.Line)}, d.Purchase)
	case *event.StockAdjusted:
		r.add(retail.Ref{Type: retail.RefDocument, ID: d.Adjustment})
	case *event.ApprovalGiven:
		r.add(d.Subject)
	}
}

func (r *refs) fulfilment(d *event.Fulfilment) {
	r.add(d.Aliases...)
	r.add(d.Order)
	for _, l := range d.Lines {
		r.add(l.Claim)
		r.add(l.Aliases...)
	}
}

func (r *refs) add(more ...retail.Ref) {
next:
	for _, ref := range more {
		if ref.IsZero() {
			continue
		}
		for _, have := range *r {
			if have == ref {
				continue next
			}
		}
		*r = append(*r, ref)
	}
}

func reservation(id retail.ReservationID) retail.Ref {
	return retail.Ref{Type: retail.RefReservation, ID: string(id)}
}

// Follow says whether a thread that began at start goes on through a reference that it met.
// A payout gathers the payments of many orders: a thread that did not begin at it takes in
// the payout itself and its bank line, never the other payments.
func Follow(start, met retail.Ref, e *event.Event) bool {
	if met.Type != retail.RefPayout || start == met {
		return true
	}
	switch e.Data.(type) {
	case *event.Payout, *event.BankLine:
		return true
	}
	return false
}
