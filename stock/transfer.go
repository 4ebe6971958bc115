package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Transfer is a quantity of one item on one shipment between own locations. What is on the
// way stands in IN_TRANSIT at the destination, by shipment; it is below zero as long as a
// receipt has arrived and the shipment has not.
type Transfer struct {
	Shipment string
	Item     retail.ItemID
	From, To retail.LocationID
	Quantity retail.Quantity
}

// ShipTransfer takes goods out of the source (TRANSFER_SHIPPED): SELLABLE −q, IN_TRANSIT +q,
// and the transfer's own claims, which the target names, are released as Fulfil does.
func ShipTransfer(s State, t Transfer, target Target) Effect {
	return Fulfil(s, Place{t.Item, t.From}, t.Quantity, target, t.transit(t.Quantity))
}

// ReceiveTransfer brings goods in at the destination (TRANSFER_RECEIVED): IN_TRANSIT −q and
// +q in a physical bucket, SELLABLE if it is empty; another bucket is V-SCH-01. What was not
// shipped is taken in as well (A9).
func ReceiveTransfer(s State, t Transfer, b event.Bucket) (Effect, error) {
	if b == "" {
		b = event.Sellable
	}
	if !physical(b) || b == event.Consigned {
		return Effect{}, fault.New(fault.SchemaInvalid, t.Shipment, "goods are not received into %q", b)
	}
	d := NewDraft(s)
	d.shift(t.transit(-t.Quantity))
	d.shift(Place{t.Item, t.To}.Delta(b, t.Quantity))
	d.check()
	return d.Effect(), nil
}

// ResolveTransfer ends a discrepancy: what is lost or was found at the source leaves
// IN_TRANSIT, an overage fills it up. An unknown resolution is V-SCH-01.
func ResolveTransfer(s State, t Transfer, r event.Resolution) (Effect, error) {
	d := NewDraft(s)
	switch r {
	case event.ResolvedLost, event.ResolvedCarrierClaim:
		d.shift(t.transit(-t.Quantity))
	case event.ResolvedFoundAtSource:
		d.shift(t.transit(-t.Quantity))
		d.shift(Place{t.Item, t.From}.Delta(event.Sellable, t.Quantity))
	case event.ResolvedOverage:
		d.shift(t.transit(t.Quantity))
	default:
		return Effect{}, fault.New(fault.SchemaInvalid, t.Shipment, "%q is not a resolution", r)
	}
	d.check()
	return d.Effect(), nil
}

// transit returns the move of what is on the way to the destination.
func (t Transfer) transit(q retail.Quantity) Move {
	return Place{t.Item, t.To}.Delta(event.InTransit, q).By(t.Shipment)
}
