package stock

import (
	"slices"

	"github.com/heddlehq/heddle/retail"
)

// serve adds q to the rank's sum of the target at the place, and returns by how much the
// target's claims, if they have been made, are exceeded.
//
// Facts of an order line go to its waiting document and from there to the claims that have
// room, whenever one of both changes. So it does not matter whether the claim or the fact
// came first. Where the line is not known, the named claim takes them, be they too many.
func (d *Draft) serve(r Rank, p Place, q retail.Quantity, t Target) (over retail.Quantity) {
	t, p = d.complete(t, p)
	d.say(t, p, termOf(r), q)
	switch {
	case t.Line != "":
		return d.serveLine(r, p, q, t)
	case len(t.Claims) > 0:
		c := d.open(t.Claims[0], p, t)
		c.add(r, p.Location, q)
		d.put(c)
		if c.Made() {
			return max(c.sum(r)-c.Quantity, 0)
		}
	}
	return 0
}

func (d *Draft) serveLine(r Rank, p Place, q retail.Quantity, t Target) (over retail.Quantity) {
	waiting, made := d.openLine(p, t)
	addLine(r, p.Location, q, waiting, made)
	d.putLine(waiting, made)
	if len(made) == 0 {
		return 0
	}
	return max(waiting.sum(r), 0)
}

// openLine returns copies to change of what waits for the order line and of its claims on
// the item.
func (d *Draft) openLine(p Place, t Target) (waiting *Claim, made []*Claim) {
	for _, id := range t.Claims {
		if c, ok := d.Claim(id); ok && c.Made() && c.Item == p.Item {
			made = append(made, new(c.clone()))
		}
	}
	return new(d.open(WaitingID(t.Order, t.Line, p.Item), p, t)), made
}

// putLine gives the claims what waits for them, and keeps those that changed.
func (d *Draft) putLine(waiting *Claim, made []*Claim) {
	hand(waiting, made)
	for _, c := range append(made, waiting) {
		if before, _ := d.Claim(c.ID); !sameFacts(&before, c) {
			d.put(*c)
		}
	}
}

// addLine adds q to the rank's sum of the line: it waits, and what is taken back is taken from
// what waits first.
func addLine(r Rank, l retail.LocationID, q retail.Quantity, waiting *Claim, made []*Claim) {
	if q < 0 {
		q = -takeBack(r, l, -q, append([]*Claim{waiting}, made...))
	}
	waiting.add(r, l, q)
}

// sameFacts reports whether facts of the order line changed nothing.
func sameFacts(a, b *Claim) bool {
	return slices.Equal(a.Parts, b.Parts) && a.Released == b.Released && a.Short == b.Short
}

// takeBack lowers the rank's sums at the location by up to q in all and returns the rest.
func takeBack(r Rank, l retail.LocationID, q retail.Quantity, from []*Claim) (rest retail.Quantity) {
	for _, c := range from {
		if n := min(q, c.has(r, l)); n > 0 {
			c.add(r, l, -n)
			q -= n
		}
	}
	return q
}

// hand moves what waits to the claims that have room for it.
func hand(waiting *Claim, made []*Claim) {
	for _, r := range [...]Rank{Allocated, Picked, Packed, Staged, Fulfilled} {
		for _, part := range slices.Clone(waiting.Parts) {
			left := *part.at(r)
			for _, room := range rooms(r) {
				for _, c := range nearest(made, part.Location) {
					if n := min(left, room(c)); n > 0 {
						c.add(r, part.Location, n)
						waiting.add(r, part.Location, -n)
						left -= n
					}
				}
			}
		}
	}
	if waiting.Released > 0 {
		handCancelled(waiting, made)
	}
	if waiting.Short > 0 {
		handShort(waiting, made)
	}
}

// rooms returns how much of a rank a claim takes, in passes over all claims of the line:
// what is handed over takes from ALLOCATED before RESERVED (A5); claims that ended come
// last, because what happened to the goods wins over the end of the promise (A9).
func rooms(r Rank) []func(*Claim) retail.Quantity {
	whole := func(c *Claim) retail.Quantity { return max(c.Quantity-c.sum(r), 0) }
	if r == Fulfilled {
		return []func(*Claim) retail.Quantity{
			(*Claim).Allocated,
			func(c *Claim) retail.Quantity { return c.Reserved() + c.Unmet() },
			whole,
		}
	}
	live := func(c *Claim) retail.Quantity {
		if c.Withdrawn > 0 || c.Expired {
			return 0
		}
		return max(c.Quantity-c.Released-c.sum(r), 0)
	}
	return []func(*Claim) retail.Quantity{live, whole}
}

// nearest returns the claims with those that stand at the location first.
func nearest(made []*Claim, l retail.LocationID) []*Claim {
	if len(made) < 2 {
		return made
	}
	sorted := slices.Clone(made)
	slices.SortStableFunc(sorted, func(a, b *Claim) int { return distance(a, l) - distance(b, l) })
	return sorted
}

func distance(c *Claim, l retail.LocationID) int {
	if c.Location == l || c.has(Allocated, l) > 0 {
		return 0
	}
	return 1
}

// complete fills in the order line from a claim that has arrived. Where other goods were
// handed over than any claim of the line promised, the promise that they served is what
// counts: the item becomes that of the claim.
func (d *Draft) complete(t Target, p Place) (Target, Place) {
	promised := p.Item
	for _, id := range slices.Backward(t.Claims) {
		c, ok := d.Claim(id)
		if !ok || !c.Made() {
			continue
		}
		if t.Line == "" {
			t.Order, t.Line = c.Order, c.OrderLine
		}
		if c.Item == p.Item {
			return t, p
		}
		promised = c.Item
	}
	p.Item = promised
	return t, p
}

// open returns a copy of the document to change, a new one if there is none yet.
func (d *Draft) open(id ClaimID, p Place, t Target) Claim {
	if c, ok := d.Claim(id); ok {
		return c.clone()
	}
	return Claim{ID: id, Order: t.Order, OrderLine: t.Line, Place: p}
}
