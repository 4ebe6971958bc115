package stock

import (
	"fmt"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Cancel takes back q of what was promised to an order line (LINE_CANCELLED, ORDER_CANCELLED, an
// ORDER_MODIFIED that asks for less): RESERVED −q, then ALLOCATED −q. What has been handed over
// stays so, and nothing moves for it: the movement wins (A9). A cancellation may come before
// the line's reservation and waits for it.
//
// Goods that go back to the shelf from a task (PICKUP_EXPIRED) are deallocated first.
func Cancel(s State, item retail.ItemID, q retail.Quantity, t Target) Effect {
	d := NewDraft(s)
	t, p := d.complete(t, Place{Item: item})
	switch {
	case t.Line != "":
		waiting, made := d.openLine(p, t)
		if q < 0 {
			q = -takeBackSum(-q, append([]*Claim{waiting}, made...), released)
		}
		waiting.Released += q
		d.putLine(waiting, made)
	case len(t.Claims) > 0:
		c := d.open(t.Claims[0], p, t)
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
	switch {
	case t.Line != "":
		waiting, made := d.openLine(p, t)
		waiting.addLine(Allocated, p.Location, -q, made)
		if q < 0 {
			q = -takeBackSum(-q, append([]*Claim{waiting}, made...), short)
		}
		waiting.Short += q
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

// takeBackSum lowers a sum of the claims by up to q in all and returns the rest.
func takeBackSum(q retail.Quantity, from []*Claim, sum func(*Claim) *retail.Quantity) (rest retail.Quantity) {
	for _, c := range from {
		n := max(min(q, *sum(c)), 0)
		*sum(c) -= n
		q -= n
	}
	return q
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
