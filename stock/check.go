package stock

import (
	"fmt"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// check is the end of every fact (A11): it looks at all that the draft moved and flags
// positions below zero (V-INV-01) and places that promise more than they have (V-INV-02).
func (d *Draft) check() { d.checkAt(d.effect.Moves) }

// Check returns what is wrong now where the moves went (V-INV-01, V-INV-02). What takes back an
// earlier version is checked when the new one has taken its place, and not in between.
func Check(s State, moves []Move) []Flag {
	d := NewDraft(s)
	d.checkAt(moves)
	return d.effect.Flags
}

func (d *Draft) checkAt(moves []Move) {
	var places []Place
	var positions []Move
	for _, m := range moves {
		if physical(m.Bucket) && !slices.ContainsFunc(positions, func(n Move) bool { return samePosition(&n, &m) }) {
			positions = append(positions, m)
		}
		if promised(m.Bucket) && !slices.Contains(places, m.Place) {
			places = append(places, m.Place)
		}
	}
	for _, m := range positions {
		if q := d.Quantity(m.Place, m.Bucket, m.Owner); q < 0 {
			d.raise(Flag{fault.StockNegative, m.subject(), fmt.Sprintf("%s is %s", m.Bucket, q), m.Place, m.Bucket})
		}
	}
	for _, p := range places {
		held := claims(d, p)
		if held <= 0 {
			continue
		}
		if excess := held - max(offered(d, p), 0); excess > 0 {
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
			d.raise(Flag{fault.ClaimsExceed, string(id), fmt.Sprintf("%s of %s promised at %s are not there", short[i], h.Reserved+h.Allocated, p.subject()), p, ""})
		}
	}
	if left > 0 {
		d.raise(Flag{fault.ClaimsExceed, p.subject(), fmt.Sprintf("%s promised at %s are not there and belong to no claim", left, p.subject()), p, ""})
	}
}

// samePosition reports whether both moves are of one position.
func samePosition(a, b *Move) bool {
	return a.Place == b.Place && a.Bucket == b.Bucket && a.Owner == b.Owner
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
