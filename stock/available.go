package stock

import "github.com/heddlehq/heddle/retail"

// OnHand returns the owned physical stock at the place: SELLABLE + QC_HOLD + DAMAGED (A2).
func OnHand(s State, p Place) retail.Quantity { return 0 }

// RawATS returns what is available to sell to the channel, negative where more is promised
// or kept back than is there (A2).
func RawATS(s State, p Place, ch retail.ChannelID) retail.Quantity { return 0 }

// ATS returns what is published to the channel: never negative.
func ATS(s State, p Place, ch retail.ChannelID) retail.Quantity { return 0 }

// NetworkATS returns the sum of ATS over the locations from which the channel is sourced.
func NetworkATS(s State, item retail.ItemID, ch retail.ChannelID, sourcing []retail.LocationID) retail.Quantity {
	return 0
}
