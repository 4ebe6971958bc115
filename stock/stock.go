package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Owned is the ownership of what is our own; on the wire it is the empty string. Goods that
// stand at a partner's are owned, too: only their location changes.
const Owned event.Ownership = ""

// Place is an item at a location. What is on the way between own locations stands at its
// destination, what is on the way to a customer where it left, and what is on order where it
// is to come (rule book A1).
type Place struct {
	Item     retail.ItemID     `json:"item"`
	Location retail.LocationID `json:"location"`
}

// subject names the place in a flag: "item@location".
func (p Place) subject() string { return string(p.Item) + "@" + string(p.Location) }

// Flag is a rule that the effect breaks. The effect stands nevertheless: a flag becomes an
// exception for people.
type Flag struct {
	Code fault.Code `json:"code"`
	// Subject is the claim's id or "item@location".
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
	// Place is where the rule looked, if it looked at a place: the kind of its location decides
	// whether V-INV-01 warns (a store) or holds (a warehouse). Bucket is the negative position.
	Place  Place        `json:"place,omitzero"`
	Bucket event.Bucket `json:"bucket,omitempty"`
}

// Effect is what one fact or command does: the moves in a fixed order, the new content of
// every claim, purchase order line and count that changed, what was said of promises, and the
// rules that it breaks.
type Effect struct {
	Moves     []Move     `json:"moves,omitempty"`
	Claims    []Claim    `json:"claims,omitempty"`
	Purchases []Purchase `json:"purchases,omitempty"`
	Counts    []Count    `json:"counts,omitempty"`
	Served    []Served   `json:"served,omitempty"`
	Flags     []Flag     `json:"flags,omitempty"`
}

// State is what is known when a fact or command is decided. Its methods do not fail: the
// caller has loaded what the decision may ask for. A command asks for about five values, a
// fact for about four; ClaimsAt is asked only when more is promised than is there.
type State interface {
	// Quantity returns the position, zero for one that never moved. For RESERVED and
	// ALLOCATED it is the sum over all claims, for a pipeline bucket over all shipments.
	Quantity(p Place, b event.Bucket, o event.Ownership) retail.Quantity
	// Claim returns the claim, or the waiting facts of an order line under WaitingID, and
	// whether there is one. Closed claims must be found, too.
	Claim(id ClaimID) (Claim, bool)
	// ClaimsAt returns the claims that hold something at the place (Claim.Holds), oldest
	// first.
	ClaimsAt(p Place) []ClaimID
	// Safety returns the safety stock of the place, never negative.
	Safety(p Place) retail.Quantity
	// Buffer returns what is kept back from the channel at the place, never negative.
	Buffer(p Place, ch retail.ChannelID) retail.Quantity
	// SellsConsigned reports whether CONSIGNED goods at the place are offered like SELLABLE
	// ones (A2).
	SellsConsigned(p Place) bool
}
