package stock

import (
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Move is one delta of one position. RESERVED and ALLOCATED are positions, too, and their
// moves name the claim.
type Move struct {
	Place
	Bucket   event.Bucket    `json:"bucket"`
	Owner    event.Ownership `json:"owner,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
	Claim    ClaimID         `json:"claim,omitempty"`
	// Shipment is the document by which a pipeline bucket is kept: the shipment, or the
	// purchase order line for ON_ORDER.
	Shipment string `json:"shipment,omitempty"`
	// Count is the count whose adjustment this is.
	Count CountID `json:"count,omitempty"`
	// Effective is when the move occurred, where that is not the time of its event: an
	// adjustment takes effect at the cutoff of its count.
	Effective time.Time `json:"effective,omitzero"`
}

// Delta returns a move at the place. What stands in CONSIGNED belongs to the vendor
// (CONSIGNED_IN), everything else is owned.
func (p Place) Delta(b event.Bucket, q retail.Quantity) Move {
	return Move{Place: p, Bucket: b, Owner: ownerOf(b), Quantity: q}
}

// By returns the move with the document that a pipeline bucket is kept by.
func (m Move) By(shipment string) Move {
	m.Shipment = shipment
	return m
}

// Change moves goods as a fact tells it: the column "Stock Δ" of the catalogue (A4 to A8),
// one Delta for each of its terms. A claim's bucket and a pipeline bucket without its document
// are V-SCH-01. Promises change by the functions that name a claim or a Target.
func Change(s State, moves ...Move) (Effect, error) {
	d := NewDraft(s)
	for _, m := range moves {
		switch {
		case !physical(m.Bucket) && !pipeline(m.Bucket):
			return Effect{}, fault.New(fault.SchemaInvalid, m.subject(), "%q cannot be moved by a fact about goods", m.Bucket)
		case pipeline(m.Bucket) && m.Shipment == "":
			return Effect{}, fault.New(fault.SchemaInvalid, m.subject(), "%s is kept by shipment or order line, and none is named", m.Bucket)
		}
		d.shift(m)
	}
	d.check()
	return d.Effect(), nil
}

// Mirror takes back moves of goods (POST_VOID, a version that was replaced); they occurred at
// the given time, or when the event of the effect did if it is zero. It leaves out claims,
// purchase orders and counts, which keep sums of their own: there the fact is taken back by
// its function, with the negative quantity, or replaced by its next version.
func Mirror(s State, moves []Move, occurred time.Time) Effect {
	d := NewDraft(s)
	for _, m := range moves {
		if m.Claim != "" || m.Count != "" || m.Bucket == event.OnOrder {
			continue
		}
		m.Quantity, m.Effective = -m.Quantity, occurred
		d.shift(m)
	}
	d.check()
	return d.Effect()
}

// physical reports whether the bucket holds goods.
func physical(b event.Bucket) bool {
	return b == event.Sellable || b == event.QCHold || b == event.Damaged || b == event.Consigned
}

// pipeline reports whether the bucket holds what is expected or on its way.
func pipeline(b event.Bucket) bool {
	return b == event.InTransit || b == event.ShippedNotDelivered || b == event.OnOrder
}

// promised reports whether the bucket can be promised from, or holds promises.
func promised(b event.Bucket) bool {
	return b == event.Sellable || b == event.Consigned || b == event.Reserved || b == event.AllocatedStock
}

func ownerOf(b event.Bucket) event.Ownership {
	if b == event.Consigned {
		return event.ConsignedIn
	}
	return Owned
}
