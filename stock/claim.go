package stock

import (
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// ExpiryGrace is how long after ExpiresAt a claim still stands (rule book A9).
const ExpiryGrace = 5 * time.Minute

// ClaimID is the reservation's id, or the WaitingID of an order line.
type ClaimID string

// waitingPrefix starts the ids under which facts of an order line wait for its claim.
const waitingPrefix = string(retail.RefOrderLine) + ":"

// WaitingID names the document that keeps what happened to an order line beyond its claims:
// an allocation or a fulfilment that arrived before its reservation, or that has none. A
// reservation of the line takes it over.
func WaitingID(order retail.OrderID, line string) ClaimID {
	return ClaimID(waitingPrefix + retail.Key(string(order), line))
}

// Waiting reports whether the id is that of an order line's waiting facts.
func (id ClaimID) Waiting() bool { return strings.HasPrefix(string(id), waitingPrefix) }

// Rank is how far a quantity of an order line has come (rule book A9).
type Rank uint8

// The ranks. Fulfilled stands for SHIPPED, PICKED_UP and DELIVERED.
const (
	Reserved  Rank = 20
	Allocated Rank = 30
	Picked    Rank = 40
	Packed    Rank = 45
	Staged    Rank = 50
	Fulfilled Rank = 80
)

// Part is what facts said about a claim at one location: sums, which only their own kind of
// fact changes.
type Part struct {
	Location  retail.LocationID `json:"location"`
	Allocated retail.Quantity   `json:"allocated,omitempty"` // net of deallocations
	Picked    retail.Quantity   `json:"picked,omitempty"`
	Packed    retail.Quantity   `json:"packed,omitempty"`
	Staged    retail.Quantity   `json:"staged,omitempty"`
	Fulfilled retail.Quantity   `json:"fulfilled,omitempty"`
}

// Claim is a promise of stock to an order line. Everything in it is a sum or a switch that
// facts set, so that the same facts in any order make the same claim; Holds derives what
// the claim holds.
type Claim struct {
	ID        ClaimID        `json:"id"`
	Order     retail.OrderID `json:"order,omitempty"`
	OrderLine string         `json:"order_line,omitempty"`
	// Place is where the stock was promised; an allocation may bind another location.
	Place
	Channel retail.ChannelID `json:"channel,omitempty"`
	Mode    event.Mode       `json:"mode,omitempty"`
	// Quantity is what was asked for; zero as long as facts of the claim arrived and the
	// reservation itself did not.
	Quantity retail.Quantity `json:"quantity,omitempty"`
	// Ungranted says that the reservation came as a fact and was more than was available:
	// it holds nothing until stock is allocated to it (V-INV-02).
	Ungranted bool `json:"ungranted,omitempty"`
	// Expired says that what was only RESERVED has lapsed.
	Expired bool `json:"expired,omitempty"`
	// Withdrawn says that all that was left was released.
	Withdrawn bool            `json:"withdrawn,omitempty"`
	Released  retail.Quantity `json:"released,omitempty"`
	// Parts are sorted by location.
	Parts []Part `json:"parts,omitempty"`
	// ExpiresAt ends the claim, ExpiryGrace later; zero means never.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// MadeAt is the journal position of the reservation: the claim's age.
	MadeAt int64 `json:"made_at,omitempty"`
}

// Hold is what a claim holds at one location now.
type Hold struct {
	Location  retail.LocationID
	Reserved  retail.Quantity
	Allocated retail.Quantity
}

// Holds returns what the claim holds now, by location; none for a closed claim.
func (c *Claim) Holds() []Hold {
	return nil
}

// Reserved returns what the claim holds as RESERVED.
func (c *Claim) Reserved() retail.Quantity { return 0 }

// Allocated returns what the claim holds as ALLOCATED, at all locations.
func (c *Claim) Allocated() retail.Quantity { return 0 }

// Refused returns what was asked for and neither granted, allocated, fulfilled nor given up.
func (c *Claim) Refused() retail.Quantity { return 0 }

// Closed reports whether nothing is left of the claim.
func (c *Claim) Closed() bool { return false }

// Reached returns the quantity that has reached the rank or gone beyond it.
func (c *Claim) Reached(r Rank) retail.Quantity { return 0 }

// Deadline returns the instant at which the claim lapses, ExpiryGrace after ExpiresAt; zero
// if nothing can lapse.
func (c *Claim) Deadline() time.Time { return time.Time{} }

// Due reports whether something lapses at the instant.
func (c *Claim) Due(at time.Time) bool { return false }

func (c Claim) clone() Claim {
	c.Parts = slices.Clone(c.Parts)
	return c
}
