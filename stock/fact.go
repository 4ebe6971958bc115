package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Sale takes goods from the shelf without a claim (SALE): SELLABLE −q.
//
// The quantities of this and the other facts may be negative: that takes back what a lower
// version of the fact did.
func Sale(s State, p Place, q retail.Quantity) Effect { return Effect{} }

// Fulfil hands over promised goods (PICKED_UP, SHIPPED): SELLABLE −q at the place, and the
// order line's claims are released by min(q, claim), ALLOCATED before RESERVED, those at the
// place first. It never releases another line's claim.
func Fulfil(s State, p Place, q retail.Quantity, t Target) Effect { return Effect{} }

// FulfilLate is the part of Fulfil that concerns claims, for a fulfilment whose goods left
// when it arrived and whose order line was known only later.
func FulfilLate(s State, p Place, q retail.Quantity, t Target) Effect { return Effect{} }

// Return takes goods back by disposition (RETURN_ACCEPTED, A10). An unknown disposition is
// V-SCH-01.
func Return(s State, p Place, q retail.Quantity, d event.Disposition) (Effect, error) {
	return Effect{}, nil
}

// Receive brings goods in (PO_RECEIVED) to SELLABLE or QC_HOLD; an empty bucket means
// SELLABLE, another one is V-SCH-01.
func Receive(s State, p Place, b event.Bucket, q retail.Quantity) (Effect, error) {
	return Effect{}, nil
}

// Adjust changes a physical bucket by a signed quantity (STOCK_ADJUSTED, OPENING_LOAD);
// another bucket is V-SCH-01.
func Adjust(s State, p Place, b event.Bucket, q retail.Quantity) (Effect, error) {
	return Effect{}, nil
}
