package stock

import (
	"fmt"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
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
	// NeededBy is the day for which the goods were promised to the customer; zero means now.
	NeededBy retail.Date
	// MadeAt is the journal position of the reservation.
	MadeAt int64
}

// Reserve makes a claim (RESERVATION_MADE). As a command it is refused with NO_STOCK where
// less is available to sell; as a fact it always enters, and stands ungranted with V-INV-02
// there. What is asked is granted as a whole or not at all.
//
// A fact with the id of a claim that exists replaces what that claim asked for, as a higher
// version of it does, and keeps what it held; a command with such an id is V-DUP-02. What
// happened to the claim or its order line before it was made counts.
func Reserve(s State, r Request, command bool) (Effect, error) {
	if err := r.validate(); err != nil {
		return Effect{}, err
	}
	d := NewDraft(s)
	before, _ := d.Claim(r.ID)
	again := before.Made()
	if again && before.OrderLine != "" && !r.sameLine(&before) {
		before = d.unmake(&before)
	}
	c := r.claim(before)
	d.adopt(&c)
	if command && (again || before.Withdrawn > 0 || c.Released >= c.Quantity) {
		return Effect{}, fault.New(fault.KeyConflict, string(r.ID), "the reservation has been made, released or cancelled before")
	}
	need := c.Reserved()
	if before.Place == r.Place {
		need -= before.Reserved()
	}
	if raw := RawATS(s, r.Place, r.Channel); need > 0 && raw < need {
		if command {
			return Effect{}, fault.New(fault.NoStock, r.Place.subject(), "%s available to sell, %s asked", raw, need)
		}
		c.Ungranted = need
		d.raise(Flag{fault.ClaimsExceed, string(r.ID), fmt.Sprintf("%s available to sell at %s, %s asked", raw, r.Place.subject(), need), r.Place, ""})
	}
	d.put(c)
	d.effect.Served = append(d.effect.Served, Served{Claim: r.ID, Place: r.Place, Term: TermMade})
	if over := c.Released - c.Quantity; over > 0 {
		d.raise(overReleased(r.ID, over))
	}
	return d.Effect(), nil
}

// validate refuses what cannot be a claim.
func (r *Request) validate() error {
	switch {
	case r.ID == "" || r.ID.Waiting():
		return fault.New(fault.SchemaInvalid, string(r.ID), "a reservation has an id of its own, which does not begin with %q", waitingPrefix)
	case r.Quantity <= 0:
		return fault.New(fault.QuantitySign, string(r.ID), "%s is reserved; it must be more than nothing", r.Quantity)
	}
	return nil
}

// claim returns what is asked for now with what is known of the claim.
func (r *Request) claim(before Claim) Claim {
	c := before.clone()
	c.ID, c.Order, c.OrderLine, c.Place = r.ID, r.Order, r.OrderLine, r.Place
	c.Channel, c.Mode, c.Quantity = r.Channel, r.Mode, r.Quantity
	c.ExpiresAt, c.NeededBy = r.ExpiresAt, r.NeededBy
	c.Ungranted, c.Expired = 0, false
	if c.MadeAt == 0 {
		c.MadeAt = r.MadeAt
	}
	return c
}

// sameLine reports whether the claim serves the order line and item that are asked for.
func (r *Request) sameLine(c *Claim) bool {
	return c.Order == r.Order && c.OrderLine == r.OrderLine && c.Item == r.Place.Item
}

// adopt gives the new claim what waits for its order line.
func (d *Draft) adopt(c *Claim) {
	if c.OrderLine == "" || !c.Made() {
		return
	}
	before, ok := d.Claim(WaitingID(c.Order, c.OrderLine, c.Item))
	if !ok {
		return
	}
	waiting := before.clone()
	hand(&waiting, []*Claim{c})
	if !sameFacts(&before, &waiting) {
		d.put(waiting)
	}
}

// Link binds a claim that was made before its order was known to the order line, and hands it
// what happened to the line meanwhile. A claim that is bound already stays as it is.
func Link(s State, id ClaimID, order retail.OrderID, line string) Effect {
	d := NewDraft(s)
	before, ok := d.Claim(id)
	if !ok || before.OrderLine != "" {
		return d.Effect()
	}
	c := before.clone()
	c.Order, c.OrderLine = order, line
	d.adopt(&c)
	d.put(c)
	d.check()
	return d.Effect()
}

// Release gives back q of a claim, or all that is left if q is zero (RESERVATION_RELEASED),
// RESERVED before ALLOCATED. More than is left is V-INV-03, and the rest is released. A
// release may come before its reservation.
func Release(s State, id ClaimID, q retail.Quantity) Effect {
	d := NewDraft(s)
	c, known := d.Claim(id)
	if !known {
		c.ID = id
	}
	over := q - c.open()
	said := Served{Claim: id, Place: c.Place, Term: TermGivenBack, Quantity: q}
	c.Released += q
	if q == 0 {
		said.Term = TermWithdrawn
		c.Withdrawn++
	}
	d.effect.Served = append(d.effect.Served, said)
	d.put(c)
	if c.Made() && over > 0 {
		d.raise(overReleased(id, over))
	}
	return d.Effect()
}

func overReleased(id ClaimID, over retail.Quantity) Flag {
	return Flag{fault.ReleaseExceeds, string(id), fmt.Sprintf("%s more released than was left", over), Place{}, ""}
}

// Expire lets lapse what the claim holds as RESERVED only (RESERVATION_EXPIRED). It does
// nothing if the claim is not Due at the instant, so that it can be asked twice.
func Expire(s State, id ClaimID, at time.Time) Effect {
	d := NewDraft(s)
	if c, ok := d.Claim(id); ok && c.Due(at) {
		c.Expired = true
		d.put(c)
	}
	return d.Effect()
}
