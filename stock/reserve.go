package stock

import (
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Request asks for a claim.
type Request struct {
	ID        ClaimID
	Order     retail.OrderID
	OrderLine string
	Place     Place
	Channel   retail.ChannelID
	Mode      event.Mode
	Quantity  retail.Quantity
	// ExpiresAt ends the claim, ExpiryGrace later; zero means never.
	ExpiresAt time.Time
	// MadeAt is the journal position of the reservation.
	MadeAt int64
}

// Reserve makes a claim (RESERVATION_MADE). As a command it is refused with NO_STOCK where
// less is available to sell; as a fact it always enters, and stands ungranted with V-INV-02
// there. A fact with the id of a claim that exists replaces what that claim asked for; a
// command with such an id is V-DUP-02.
func Reserve(s State, r Request, command bool) (Effect, error) { return Effect{}, nil }

// Release gives back q of a claim, or all that is left if q is zero (RESERVATION_RELEASED).
// More than is left is V-INV-03, and the rest is released.
func Release(s State, id ClaimID, q retail.Quantity) Effect { return Effect{} }

// Expire lets lapse what the claim holds as RESERVED only (RESERVATION_EXPIRED). It does
// nothing if the claim is not Due at the instant.
func Expire(s State, id ClaimID, at time.Time) Effect { return Effect{} }
