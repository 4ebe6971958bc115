package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// OnHand returns the owned physical stock at the place: SELLABLE + QC_HOLD + DAMAGED (A2).
func OnHand(s State, p Place) retail.Quantity {
	return s.Quantity(p, event.Sellable, Owned) + s.Quantity(p, event.QCHold, Owned) + s.Quantity(p, event.Damaged, Owned)
}

// RawATS returns what is available to sell to the channel, negative where more is promised
// or kept back than is there (A2). The rule book's pending sales are none here: what has
// been received is decided in the order of the journal and waits nowhere.
func RawATS(s State, p Place, ch retail.ChannelID) retail.Quantity {
	return offered(s, p) - claims(s, p) - s.Safety(p) - s.Buffer(p, ch)
}

// ATS returns what is published to the channel: never negative.
func ATS(s State, p Place, ch retail.ChannelID) retail.Quantity { return max(RawATS(s, p, ch), 0) }

// NetworkATS returns the sum of ATS over the locations from which the channel is sourced.
func NetworkATS(s State, item retail.ItemID, ch retail.ChannelID, sourcing []retail.LocationID) retail.Quantity {
	var q retail.Quantity
	for _, l := range sourcing {
		q += ATS(s, Place{item, l}, ch)
	}
	return q
}

// offered returns what can be promised from: SELLABLE, and CONSIGNED where that is sold.
func offered(s State, p Place) retail.Quantity {
	q := s.Quantity(p, event.Sellable, Owned)
	if s.SellsConsigned(p) {
		q += s.Quantity(p, event.Consigned, event.ConsignedIn)
	}
	return q
}

// claims returns what is promised at the place.
func claims(s State, p Place) retail.Quantity {
	return s.Quantity(p, event.Reserved, Owned) + s.Quantity(p, event.AllocatedStock, Owned)
}
