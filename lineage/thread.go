package lineage

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Named returns every reference by which a thread finds the fact: the ids that it declares
// and the ids that it follows, without repetition, in a fixed order.
func Named(e *event.Event) []retail.Ref {
	var out refs
	switch d := e.Data.(type) {
	case *event.OrderPlaced, *event.MPOrder:
		out.add(retail.Ref{Type: retail.RefOrder, ID: string(OrderIDOf(e.Header))})
	case *event.BankLine:
		out.add(retail.Ref{Type: retail.RefBankLine, ID: retail.Key(d.Account, d.Statement, d.Entry)})
	case *event.POReceived:
		out.add(retail.Ref{Type: retail.RefReceipt, ID: retail.Key(d.Receipt, d.Line)})
	case *event.POApproved:
		out.purchase((*event.PurchaseLine)(d))
	case *event.POChanged:
		out.purchase((*event.PurchaseLine)(d))
	case *event.ReferenceSet:
		out.add(retail.Ref{Type: retail.RefReference, ID: retail.Key(d.Table, d.RowKey)})
	}
	e.Data.Refs(out.add)
	return out
}

type refs []retail.Ref

// purchase adds the order's line, by which receipts name it, and the order itself.
func (r *refs) purchase(d *event.PurchaseLine) {
	r.add(retail.Ref{Type: retail.RefPurchase, ID: retail.Key(d.Order, d.Line)})
	r.add(retail.Ref{Type: retail.RefPurchase, ID: d.Order})
}

func (r *refs) add(ref retail.Ref) {
	if ref.ID != "" && !slices.Contains(*r, ref) {
		*r = append(*r, ref)
	}
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
