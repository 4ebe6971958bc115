package stock

import (
	"fmt"
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

// WaitingID names the document that keeps what happened to an item of an order line beyond
// its claims: an allocation or a fulfilment that arrived before its reservation, or that has
// none. A reservation of the line takes it over.
func WaitingID(order retail.OrderID, line string, item retail.ItemID) ClaimID {
	return ClaimID(waitingPrefix + retail.Key(string(order), line, string(item)))
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
	// Ungranted is how much of Quantity came as a fact and was more than was available: it
	// holds nothing until stock is allocated to it (V-INV-02).
	Ungranted retail.Quantity `json:"ungranted,omitempty"`
	// Short is how much was not there when it was picked: it holds nothing either, until
	// stock is allocated to it.
	Short retail.Quantity `json:"short,omitempty"`
	// Expired says that what was only RESERVED has lapsed.
	Expired bool `json:"expired,omitempty"`
	// Withdrawn is how many facts said that all that is left is released; one is enough.
	Withdrawn int `json:"withdrawn,omitempty"`
	// Released is what was released of the claim or cancelled of its order line.
	Released retail.Quantity `json:"released,omitempty"`
	// Parts are sorted by location.
	Parts []Part `json:"parts,omitempty"`
	// ExpiresAt ends the claim, ExpiryGrace later; zero means never.
	ExpiresAt time.Time `json:"expires_at,omitzero"`
	// NeededBy is the day for which the goods were promised to the customer; zero means now.
	NeededBy retail.Date `json:"needed_by,omitzero"`
	// MadeAt is the journal position of the reservation: the claim's age.
	MadeAt int64 `json:"made_at,omitempty"`
}

// Hold is what a claim holds at one location now.
type Hold struct {
	Location  retail.LocationID
	Reserved  retail.Quantity
	Allocated retail.Quantity
}

// Made reports whether the reservation itself has arrived, and not only facts of it.
func (c *Claim) Made() bool { return c.Quantity > 0 }

// Holds returns what the claim holds now, by location; none for a closed claim.
//
// What is fulfilled takes from what is allocated at its own location, then elsewhere, then
// from what is only reserved.
func (c *Claim) Holds() []Hold {
	var holds []Hold
	var beyond retail.Quantity // fulfilled where less or nothing was allocated
	for _, p := range c.Parts {
		bound := max(p.Allocated, 0) - max(p.Fulfilled, 0)
		if bound > 0 {
			holds = append(holds, Hold{Location: p.Location, Allocated: bound})
		}
		beyond -= min(bound, 0)
	}
	open := c.open()
	for i := range holds {
		h := &holds[i]
		taken := min(beyond, h.Allocated)
		beyond -= taken
		h.Allocated = min(h.Allocated-taken, open)
		open -= h.Allocated
	}
	if open -= c.Ungranted + c.Short; open > 0 && c.Made() && !c.Expired {
		i, found := slices.BinarySearchFunc(holds, c.Location, func(h Hold, l retail.LocationID) int { return strings.Compare(string(h.Location), string(l)) })
		if !found {
			holds = slices.Insert(holds, i, Hold{Location: c.Location})
		}
		holds[i].Reserved = open
	}
	return slices.DeleteFunc(holds, func(h Hold) bool { return h.Reserved == 0 && h.Allocated == 0 })
}

// open returns what is asked for, or allocated as long as nothing is asked for, and neither
// fulfilled nor released.
func (c *Claim) open() retail.Quantity {
	if c.Withdrawn > 0 {
		return 0
	}
	size := c.Quantity
	if !c.Made() {
		for _, p := range c.Parts {
			size += max(p.Allocated, 0)
		}
	}
	return max(size-c.sum(Fulfilled)-c.Released, 0)
}

// Reserved returns what the claim holds as RESERVED, at its own location.
func (c *Claim) Reserved() retail.Quantity {
	var q retail.Quantity
	for _, h := range c.Holds() {
		q += h.Reserved
	}
	return q
}

// Allocated returns what the claim holds as ALLOCATED, at all locations.
func (c *Claim) Allocated() retail.Quantity {
	var q retail.Quantity
	for _, h := range c.Holds() {
		q += h.Allocated
	}
	return q
}

// Unmet returns what the claim still asks for and was not granted or not found: a backorder.
func (c *Claim) Unmet() retail.Quantity {
	if c.Expired {
		return 0
	}
	return min(c.Ungranted+c.Short, c.open()-c.Allocated())
}

// Closed reports whether the claim was made and nothing is left of it.
func (c *Claim) Closed() bool {
	return c.Made() && c.Unmet() == 0 && len(c.Holds()) == 0
}

// Reached returns the quantity that has reached the rank or gone beyond it, so that
// Reached(k) is never less than Reached(k+1) (A9).
func (c *Claim) Reached(r Rank) retail.Quantity {
	var q retail.Quantity
	if r <= Reserved {
		q = c.Quantity
	}
	for _, k := range [...]Rank{Allocated, Picked, Packed, Staged, Fulfilled} {
		if k >= r {
			q = max(q, c.sum(k))
		}
	}
	return q
}

// Deadline returns the instant at which the claim lapses, ExpiryGrace after ExpiresAt; zero
// if nothing can lapse.
func (c *Claim) Deadline() time.Time {
	if c.ExpiresAt.IsZero() || c.Expired || c.Reserved()+c.Unmet() == 0 {
		return time.Time{}
	}
	return c.ExpiresAt.Add(ExpiryGrace)
}

// Due reports whether something lapses at the instant.
func (c *Claim) Due(at time.Time) bool {
	d := c.Deadline()
	return !d.IsZero() && !at.Before(d)
}

// lapsedBy reports whether the claim expired and had its deadline at or before the instant.
func (c *Claim) lapsedBy(occurred time.Time) bool {
	return c.Expired && !occurred.Before(c.ExpiresAt.Add(ExpiryGrace))
}

// holdsAt reports whether the claim holds something at the place.
func (c *Claim) holdsAt(p Place) bool {
	return c.Item == p.Item && slices.ContainsFunc(c.Holds(), func(h Hold) bool { return h.Location == p.Location })
}

// sum returns what the facts of the rank say together.
func (c *Claim) sum(r Rank) retail.Quantity {
	var q retail.Quantity
	for i := range c.Parts {
		q += *c.Parts[i].at(r)
	}
	return q
}

// add changes the sum of the rank at the location and drops a part that became empty.
func (c *Claim) add(r Rank, l retail.LocationID, q retail.Quantity) {
	i, found := c.find(l)
	if !found {
		c.Parts = slices.Insert(c.Parts, i, Part{Location: l})
	}
	*c.Parts[i].at(r) += q
	if c.Parts[i] == (Part{Location: l}) {
		c.Parts = slices.Delete(c.Parts, i, i+1)
	}
}

// has returns the sum of the rank at the location.
func (c *Claim) has(r Rank, l retail.LocationID) retail.Quantity {
	if i, found := c.find(l); found {
		return *c.Parts[i].at(r)
	}
	return 0
}

func (c *Claim) find(l retail.LocationID) (int, bool) {
	return slices.BinarySearchFunc(c.Parts, l, func(p Part, l retail.LocationID) int {
		return strings.Compare(string(p.Location), string(l))
	})
}

// clone returns a copy whose parts can be changed.
func (c Claim) clone() Claim {
	c.Parts = slices.Clone(c.Parts)
	return c
}

// at returns the sum of a rank.
func (p *Part) at(r Rank) *retail.Quantity {
	switch r {
	case Allocated:
		return &p.Allocated
	case Picked:
		return &p.Picked
	case Packed:
		return &p.Packed
	case Staged:
		return &p.Staged
	case Fulfilled:
		return &p.Fulfilled
	}
	panic(fmt.Sprintf("stock: rank %d keeps no sum", r))
}
