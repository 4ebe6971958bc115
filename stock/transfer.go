package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Transfer is a quantity of one item on one shipment between own locations.
type Transfer struct {
	Shipment string
	Item     retail.ItemID
	From, To retail.LocationID
	Quantity retail.Quantity
}

// Resolution says how a transfer's discrepancy ends (TRANSFER_DISCREPANCY_RESOLVED).
type Resolution string

// The resolutions.
const (
	Lost          Resolution = "LOST"
	FoundAtSource Resolution = "FOUND_AT_SOURCE"
	Overage       Resolution = "OVERAGE"
	CarrierClaim  Resolution = "CARRIER_CLAIM"
)

// ShipTransfer takes goods out of the source (TRANSFER_SHIPPED).
func ShipTransfer(s State, t Transfer, target Target) Effect { return Effect{} }

// ReceiveTransfer brings goods in at the destination (TRANSFER_RECEIVED).
func ReceiveTransfer(s State, t Transfer, b event.Bucket) (Effect, error) { return Effect{}, nil }

// ResolveTransfer ends a discrepancy.
func ResolveTransfer(s State, t Transfer, r Resolution) (Effect, error) {
	return Effect{}, fault.New(fault.SchemaInvalid, string(r), "not a resolution")
}
