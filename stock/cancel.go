package stock

import (
	"fmt"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Cancel takes back q of what was promised to an order line (LINE_CANCELLED, ORDER_CANCELLED, an
// ORDER_MODIFIED that asks for less): RESERVED −q, then ALLOCATED −q. What has been handed over
// stays so, and nothing moves for it: the movement wins (A9). A cancellation may come before
// the line's reservation: what it does not find waits for the line's next one.
func Cancel(s State, item retail.ItemID, q retail.Quantity, t Target) Effect {
	return cancel(s, Place{Item: item}, q, 0, t)
}

// ExpirePickup takes back q of what stood ready at the place and was not collected
// (PICKUP_EXPIRED): ALLOCATED −q. The promise ends with it.
func ExpirePickup(s State, p Place, q retail.Quantity, t Target) Effect {
	return cancel(s, p, q, q, t)
}

// cancel takes back q of a promise, and with it what of that is allocated at the place.
func cancel(s State, p Place, q, allocated retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	t, p = d.complete(t, p)
	d.say(t, p, TermAllocated, -allocated)
	d.say(t, p, TermCancelled, q)
	switch {
	case t.Line != "":
		waiting, made := d.openLine(p, t)
		addLine(Allocated, p.Location, -allocated, waiting, made)
		addLineSum(released, q, waiting, made)
		d.putLine(waiting, made)
	case len(t.Claims) > 0:
		c := d.open(t.Claims[0], p, t)
		c.add(Allocated, p.Location, -allocated)
		c.Released += q
		d.put(c)
	}
	d.check()
	return d.Effect()
}

// PickShort records that q of an allocation was not there (PICK_SHORTED): ALLOCATED −q. The
// claim still asks for it and holds nothing for it, with V-INV-02, until it is allocated
// elsewhere, cancelled or released.
func PickShort(s State, p Place, q retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	t, p = d.complete(t, p)
	d.say(t, p, TermAllocated, -q)
	d.say(t, p, TermShort, q)
	switch {
	case t.Line != "":
		waiting, made := d.openLine(p, t)
		addLine(Allocated, p.Location, -q, waiting, made)
		addLineSum(short, q, waiting, made)
		d.putLine(waiting, made)
	case len(t.Claims) > 0:
		c := d.open(t.Claims[0], p, t)
		c.add(Allocated, p.Location, -q)
		c.Short += q
		d.put(c)
	}
	for _, id := range t.Claims {
		if c, _ := d.Claim(id); c.Made() && c.Unmet() > 0 {
			d.raise(Flag{fault.ClaimsExceed, string(id), fmt.Sprintf("%s asked and not found at %s", c.Unmet(), p.subject()), p, ""})
		}
	}
	d.check()
	return d.Effect()
}

func released(c *Claim) *retail.Quantity { return &c.Released }
func short(c *Claim) *retail.Quantity    { return &c.Short }

// addLineSum adds q to a sum of the line, as addLine does to that of a rank.
func addLineSum(sum func(*Claim) *retail.Quantity, q retail.Quantity, waiting *Claim, made []*Claim) {
	for _, c := range append([]*Claim{waiting}, made...) {
		n := max(min(-q, *sum(c)), 0)
		*sum(c) -= n
		q += n
	}
	*sum(waiting) += q
}

// handCancelled moves what was cancelled to the claims that have something left, that which
// is bound to no task first.
func handCancelled(waiting *Claim, made []*Claim) {
	for _, room := range [...]func(*Claim) retail.Quantity{
		func(c *Claim) retail.Quantity { return c.Reserved() + c.Unmet() },
		(*Claim).open,
	} {
		for _, c := range made {
			n := max(min(waiting.Released, room(c)), 0)
			c.Released += n
			waiting.Released -= n
		}
	}
}

// handShort moves what was not found to the claims that ask for more than is allocated.
func handShort(waiting *Claim, made []*Claim) {
	for _, c := range made {
		n := max(min(waiting.Short, c.open()-c.Allocated()-c.Short), 0)
		c.Short += n
		waiting.Short -= n
	}
}
