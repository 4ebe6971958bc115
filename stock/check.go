package stock

import (
	"fmt"
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// check is the end of every fact (A11): it looks at all that the draft moved and flags
// positions below zero (V-INV-01) and places that promise more than they have (V-INV-02).
func (d *Draft) check() {
	var places []Place
	var positions []Move
	for _, m := range d.effect.Moves {
		if physical(m.Bucket) && !slices.ContainsFunc(positions, func(n Move) bool { return n.Place == m.Place && n.Bucket == m.Bucket }) {
			positions = append(positions, m)
		}
		if promised(m.Bucket) && !slices.Contains(places, m.Place) {
			places = append(places, m.Place)
		}
	}
	for _, m := range positions {
		if q := d.Quantity(m.Place, m.Bucket, m.Owner); q < 0 {
			d.raise(Flag{fault.StockNegative, m.subject(), fmt.Sprintf("%s is %s", m.Bucket, q)})
		}
	}
	for _, p := range places {
		if excess := claims(d, p) - max(d.Quantity(p, event.Sellable, Owned), 0); excess > 0 {
			d.flagYoungest(p, excess)
		}
	}
}

// flagYoungest flags the youngest claims whose RESERVED, then those whose ALLOCATED, makes
// up the excess at the place.
func (d *Draft) flagYoungest(p Place, excess retail.Quantity) {
	ids := d.ClaimsAt(p)
	slices.Reverse(ids)
	short := make([]retail.Quantity, len(ids)) // by claim: what of it is not there
	left := excess
	for _, held := range [...]func(Hold) retail.Quantity{
		func(h Hold) retail.Quantity { return h.Reserved },
		func(h Hold) retail.Quantity { return h.Allocated },
	} {
		for i, id := range ids {
			q := min(left, held(d.heldAt(id, p)))
			short[i] += q
			left -= q
		}
	}
	for i, id := range ids {
		if short[i] > 0 {
			h := d.heldAt(id, p)
			d.raise(Flag{fault.ClaimsExceed, string(id), fmt.Sprintf("%s of %s promised at %s are not there", short[i], h.Reserved+h.Allocated, p.subject())})
		}
	}
	if left > 0 {
		d.raise(Flag{fault.ClaimsExceed, p.subject(), fmt.Sprintf("%s promised at %s are not there and belong to no claim", left, p.subject())})
	}
}

// heldAt returns what the claim holds at the place.
func (d *Draft) heldAt(id ClaimID, p Place) Hold {
	c, _ := d.Claim(id)
	for _, h := range c.Holds() {
		if h.Location == p.Location {
			return h
		}
	}
	return Hold{Location: p.Location}
}

// physical reports whether the bucket holds goods.
func physical(b event.Bucket) bool {
	return b == event.Sellable || b == event.QCHold || b == event.Damaged
}

// promised reports whether the bucket can be promised from, or holds promises.
func promised(b event.Bucket) bool {
	return b == event.Sellable || b == event.Reserved || b == event.AllocatedStock
}
