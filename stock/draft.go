package stock

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Draft is a State with effects on top that are not stored yet: the lines of one event are
// decided one after the other, each seeing the ones before.
type Draft struct {
	base   State
	effect Effect
}

// NewDraft returns a draft without effects.
func NewDraft(s State) *Draft { return &Draft{base: s} }

// Add puts an effect on top.
func (d *Draft) Add(e Effect) {
	d.effect.Moves = append(d.effect.Moves, e.Moves...)
	for _, c := range e.Claims {
		d.keep(c)
	}
	d.effect.Purchases = append(d.effect.Purchases, e.Purchases...)
	d.effect.Counts = append(d.effect.Counts, e.Counts...)
	d.effect.Served = append(d.effect.Served, e.Served...)
	for _, f := range e.Flags {
		d.raise(f)
	}
}

// Effect returns all that was added, as one effect: a claim stands in it once, with its
// last content, and a flag once for each subject.
func (d *Draft) Effect() Effect { return d.effect }

// Quantity implements State.
func (d *Draft) Quantity(p Place, b event.Bucket, o event.Ownership) retail.Quantity {
	q := d.base.Quantity(p, b, o)
	for i := range d.effect.Moves {
		if m := &d.effect.Moves[i]; m.Place == p && m.Bucket == b && m.Owner == o {
			q += m.Quantity
		}
	}
	return q
}

// Claim implements State.
func (d *Draft) Claim(id ClaimID) (Claim, bool) {
	if i := d.index(id); i >= 0 {
		return d.effect.Claims[i], true
	}
	return d.base.Claim(id)
}

// ClaimsAt implements State. Claims of the draft that the state does not have at the place
// are the youngest.
func (d *Draft) ClaimsAt(p Place) []ClaimID {
	ids := slices.Clone(d.base.ClaimsAt(p))
	ids = slices.DeleteFunc(ids, func(id ClaimID) bool {
		i := d.index(id)
		return i >= 0 && !d.effect.Claims[i].holdsAt(p)
	})
	for i := range d.effect.Claims {
		c := &d.effect.Claims[i]
		if c.holdsAt(p) && !slices.Contains(ids, c.ID) {
			ids = append(ids, c.ID)
		}
	}
	return ids
}

// Safety implements State.
func (d *Draft) Safety(p Place) retail.Quantity { return d.base.Safety(p) }

// Buffer implements State.
func (d *Draft) Buffer(p Place, ch retail.ChannelID) retail.Quantity { return d.base.Buffer(p, ch) }

// SellsConsigned implements State.
func (d *Draft) SellsConsigned(p Place) bool { return d.base.SellsConsigned(p) }

// shift adds a move; a move of nothing is none.
func (d *Draft) shift(m Move) {
	if m.Quantity != 0 {
		d.effect.Moves = append(d.effect.Moves, m)
	}
}

// put keeps a claim's new content and moves what it now holds more or less than before.
func (d *Draft) put(c Claim) {
	start := len(d.effect.Moves)
	if before, ok := d.Claim(c.ID); ok {
		d.hold(&before, -1)
	}
	d.hold(&c, +1)
	d.net(start)
	d.keep(c)
}

// net sums the moves from start on by position and drops those that come to nothing. They
// are all of one claim, order line or count.
func (d *Draft) net(start int) {
	all := d.effect.Moves
	out := all[:start]
	for _, m := range all[start:] {
		i := slices.IndexFunc(out[start:], func(o Move) bool {
			return samePosition(&o, &m) && o.Shipment == m.Shipment && o.Effective.Equal(m.Effective)
		})
		if i >= 0 {
			out[start+i].Quantity += m.Quantity
		} else {
			out = append(out, m)
		}
	}
	moved := slices.DeleteFunc(out[start:], func(m Move) bool { return m.Quantity == 0 })
	d.effect.Moves = out[:start+len(moved)]
}

// hold moves all that a claim holds, in or out.
func (d *Draft) hold(c *Claim, sign retail.Quantity) {
	for _, h := range c.Holds() {
		p := Place{c.Item, h.Location}
		if h.Reserved != 0 {
			d.effect.Moves = append(d.effect.Moves, Move{Place: p, Bucket: event.Reserved, Quantity: sign * h.Reserved, Claim: c.ID})
		}
		if h.Allocated != 0 {
			d.effect.Moves = append(d.effect.Moves, Move{Place: p, Bucket: event.AllocatedStock, Quantity: sign * h.Allocated, Claim: c.ID})
		}
	}
}

func (d *Draft) keep(c Claim) {
	if i := d.index(c.ID); i >= 0 {
		d.effect.Claims[i] = c
		return
	}
	d.effect.Claims = append(d.effect.Claims, c)
}

func (d *Draft) raise(f Flag) {
	i := slices.IndexFunc(d.effect.Flags, func(g Flag) bool { return g.Code == f.Code && g.Subject == f.Subject })
	if i >= 0 {
		d.effect.Flags[i] = f
		return
	}
	d.effect.Flags = append(d.effect.Flags, f)
}

func (d *Draft) index(id ClaimID) int {
	return slices.IndexFunc(d.effect.Claims, func(c Claim) bool { return c.ID == id })
}
