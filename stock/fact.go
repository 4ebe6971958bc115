package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Sale takes goods from the shelf without a claim (SALE): SELLABLE −q. Goods of a vendor are
// sold by a Change of CONSIGNED.
//
// The quantities of this and the other facts may be negative: that takes back what a lower
// version of the fact did.
func Sale(s State, p Place, q retail.Quantity) Effect { return change(s, p, event.Sellable, -q) }

// Fulfil hands over promised goods (PICKED_UP, SHIPPED, LAYAWAY_COMPLETED): SELLABLE −q at the
// place, and the order line's claims are released by min(q, claim), ALLOCATED before RESERVED,
// those at the place first. It never releases another line's claim.
//
// Goods that are ours until they are delivered (recognise=DELIVERY) go on to
// SHIPPED_NOT_DELIVERED: the caller passes that move, by shipment, in onward.
func Fulfil(s State, p Place, q retail.Quantity, t Target, onward ...Move) Effect {
	d := NewDraft(s)
	d.shift(p.Delta(event.Sellable, -q))
	d.serve(Fulfilled, p, q, t)
	for _, m := range onward {
		d.shift(m)
	}
	d.check()
	return d.Effect()
}

// FulfilLate is the part of Fulfil that concerns claims, for a fulfilment whose goods left
// when it arrived and whose order line was known only later.
func FulfilLate(s State, p Place, q retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	d.serve(Fulfilled, p, q, t)
	return d.Effect()
}

// Return takes goods back by disposition (RETURN_ACCEPTED, A10). An unknown disposition is
// V-SCH-01.
func Return(s State, p Place, q retail.Quantity, disposition event.Disposition) (Effect, error) {
	switch disposition {
	case event.Restock:
		return change(s, p, event.Sellable, q), nil
	case event.Inspect:
		return change(s, p, event.QCHold, q), nil
	case event.Defect, event.ToVendor, event.Destroy:
		return change(s, p, event.Damaged, q), nil
	case event.Returnless:
		return Effect{}, nil
	}
	return Effect{}, fault.New(fault.SchemaInvalid, p.subject(), "%q is not a disposition", disposition)
}

// Receive brings goods in without a purchase order to SELLABLE or QC_HOLD; an empty bucket means
// SELLABLE, another one is V-SCH-01.
func Receive(s State, p Place, b event.Bucket, q retail.Quantity) (Effect, error) {
	switch b {
	case "", event.Sellable:
		return change(s, p, event.Sellable, q), nil
	case event.QCHold:
		return change(s, p, event.QCHold, q), nil
	}
	return Effect{}, fault.New(fault.SchemaInvalid, p.subject(), "goods are not received into %q", b)
}

// Adjust changes a physical bucket by a signed quantity (STOCK_ADJUSTED, OPENING_LOAD, SHRINK,
// WRITTEN_OFF, DONATED, 3PL_ADJUSTED); another bucket is V-SCH-01.
func Adjust(s State, p Place, b event.Bucket, q retail.Quantity) (Effect, error) {
	if !physical(b) {
		return Effect{}, fault.New(fault.SchemaInvalid, p.subject(), "%q cannot be adjusted", b)
	}
	return change(s, p, b, q), nil
}

// change is a fact that moves one physical bucket and names no claim.
func change(s State, p Place, b event.Bucket, q retail.Quantity) Effect {
	d := NewDraft(s)
	d.shift(p.Delta(b, q))
	d.check()
	return d.Effect()
}
