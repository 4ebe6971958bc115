package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// InTransit is the pipeline bucket between own locations, keyed by shipment and reported at
// the destination (rule book A1).
const InTransit event.Bucket = "IN_TRANSIT"

// Ownership says whose the goods are (rule book A1). On the wire, OWNED is the empty string.
type Ownership string

// The ownerships.
const (
	Owned         Ownership = ""
	ConsignedIn   Ownership = "CONSIGNED_IN"
	ConsignedOut  Ownership = "CONSIGNED_OUT"
	CustomerOwned Ownership = "CUSTOMER_OWNED"
)

// String returns the rule book's name, OWNED for the empty one.
func (o Ownership) String() string {
	if o == Owned {
		return "OWNED"
	}
	return string(o)
}

// Place is an item at a location.
type Place struct {
	Item     retail.ItemID     `json:"item"`
	Location retail.LocationID `json:"location"`
}

// subject names the place in a flag: "item@location".
func (p Place) subject() string { return string(p.Item) + "@" + string(p.Location) }

// Move is one delta of one position. RESERVED and ALLOCATED are positions, too, and their
// moves name the claim; a move of IN_TRANSIT names the shipment.
type Move struct {
	Place
	Bucket   event.Bucket    `json:"bucket"`
	Owner    Ownership       `json:"owner,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
	Claim    ClaimID         `json:"claim,omitempty"`
	Shipment string          `json:"shipment,omitempty"`
}

// Flag is a rule that the effect breaks. The effect stands nevertheless: a flag becomes an
// exception for people.
type Flag struct {
	Code fault.Code `json:"code"`
	// Subject is the claim's id or "item@location".
	Subject string `json:"subject"`
	Detail  string `json:"detail"`
}

// Effect is what one fact or command does: the moves in a fixed order, the new content of
// every claim that changed, and the rules that it breaks.
type Effect struct {
	Moves  []Move  `json:"moves,omitempty"`
	Claims []Claim `json:"claims,omitempty"`
	Flags  []Flag  `json:"flags,omitempty"`
}

// State is what is known when a fact or command is decided. Its methods do not fail: the
// caller has loaded what the decision may ask for. A command asks for about five values, a
// fact for about four; ClaimsAt is asked only when more is promised than is there.
type State interface {
	// Quantity returns the position, zero for one that never moved. For RESERVED and
	// ALLOCATED it is the sum over all claims.
	Quantity(p Place, b event.Bucket, o Ownership) retail.Quantity
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
}
