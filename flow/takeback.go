package flow

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// deeds is what a fact did by itself, with its lines that waited and were released since.
type deeds struct {
	moves    []stock.Move
	served   []stock.Served
	advances []record.Advance
}

// deedsOf returns what a fact did. Its lines that still wait are dropped: they never will do
// anything.
func (d *decision) deedsOf(old *record.Record) deeds {
	o := old.Outcome
	out := deeds{slices.Clone(o.Moves), slices.Clone(o.Served), slices.Clone(o.Advances)}
	done := map[string]bool{}
	for _, w := range o.Waits {
		if done[w.Line] {
			continue
		}
		done[w.Line] = true
		if d.s.waits(old.Position, w.Line) {
			d.outcome.Drops = append(d.outcome.Drops, w.Line)
		}
		if rel, ok := d.s.released(old.Position, w.Line); ok {
			out.moves = append(out.moves, rel.Moves...)
			out.served = append(out.served, rel.Served...)
			out.advances = append(out.advances, rel.Advances...)
		}
	}
	return out
}

// waits reports whether a line of a fact waits.
func (s *state) waits(position int64, line string) bool {
	_, ok := load[waitsOfDoc](s, tableWaitsOf, waiterKey(position, line))
	return ok
}

// released returns what a line did that waited.
func (s *state) released(position int64, line string) (record.Release, bool) {
	return load[record.Release](s, tableReleased, waiterKey(position, line))
}

// takeBack takes back what the revised version did (L7), as its outcome tells it, so that the
// new version stands as if it had come alone. The money is booking's to reverse.
func (d *decision) takeBack() error {
	old, err := d.c.record(d.outcome.Revises)
	if err != nil {
		return err
	}
	if old.Outcome.Standing != record.Books {
		return nil
	}
	switch v := old.Event.Data.(type) {
	case *event.POApproved, *event.POChanged, *event.CountAdjusted:
		return nil // these say how it is, and the new version replaces them
	case *event.ASNReceived, *event.POReceived, *event.ReceiptReversed, *event.ReceiptDiscrepancy:
		return d.undo(old) // an order line keeps sums of its facts
	case *event.PostVoid:
		d.deedsOf(old)
		return d.unvoid(old, v)
	}
	did := d.deedsOf(old)
	d.reverse(stock.Mirror(d.s, did.moves, old.Event.Time))
	d.reverse(stock.Unserve(d.s, d.notRemade(did.served), d.claimsOf))
	d.regress(did.advances)
	if by, ok := load[int64](d.s, tableVoids, store.Ordinal(old.Position)); ok {
		if d.voided, err = d.c.record(by); err != nil {
			return err
		}
		d.reverse(stock.Mirror(d.s, mirrored(did.moves), d.voided.Event.Time))
	}
	return nil
}

// reverse takes an effect that takes something back. What is wrong after it is asked when the
// new version stands.
func (d *decision) reverse(effect stock.Effect) {
	o := &d.outcome
	o.Reverses.Moves = append(o.Reverses.Moves, effect.Moves...)
	o.Claims = merge(o.Claims, effect.Claims, func(c stock.Claim) stock.ClaimID { return c.ID })
	o.Purchases = merge(o.Purchases, effect.Purchases, func(p stock.Purchase) stock.PurchaseID { return p.ID })
	d.effect.Moves = append(d.effect.Moves, effect.Moves...)
	applyEffect(d.s, effect)
}

// regress takes back how far objects have come.
func (d *decision) regress(advances []record.Advance) {
	for _, a := range advances {
		a.Quantity = -a.Quantity
		d.outcome.Reverses.Advances = append(d.outcome.Reverses.Advances, a)
	}
}

// recheck raises what is wrong where something was taken back.
func (d *decision) recheck() {
	for _, f := range stock.Check(d.s, d.outcome.Reverses.Moves) {
		if !slices.ContainsFunc(d.effect.Flags, func(have stock.Flag) bool { return have.Code == f.Code && have.Subject == f.Subject }) {
			d.effect.Flags = append(d.effect.Flags, f)
		}
	}
}

// notRemade leaves out the claims that the new version asks for, too: they keep what they hold,
// as far as they still ask for it.
func (d *decision) notRemade(served []stock.Served) []stock.Served {
	makes := map[stock.ClaimID]bool{}
	for _, l := range lines(d.e) {
		makes[l.makes] = true
	}
	return slices.DeleteFunc(served, func(v stock.Served) bool { return v.Term == stock.TermMade && makes[v.Claim] })
}

// unmake gives up the claim that a line of the replaced version made, where the line now waits.
func (d *decision) unmake(l line) {
	if d.outcome.Revises != 0 && l.makes != "" {
		d.reverse(stock.Unserve(d.s, []stock.Served{{Claim: l.makes, Term: stock.TermMade}}, d.claimsOf))
	}
}

// claimsOf returns the claims of an order line, oldest first.
func (d *decision) claimsOf(order retail.OrderID, line string) []stock.ClaimID {
	return d.lineTarget(order, line).Claims
}

// undo does the same as a replaced version with the negative quantity, to the items that it
// moved then.
func (d *decision) undo(old *record.Record) error {
	d.deedsOf(old)
	was := &decision{c: d.c, s: d.s, e: old.Event, day: old.Event.Day(), place: old.Outcome.Location, other: old.Outcome.Other}
	was.outcome.Entity = old.Outcome.Entity
	for _, l := range lines(old.Event) {
		item, q, ok := d.s.movedBy(old, l)
		if !ok || d.s.isService(item, was.day) {
			continue
		}
		effect, err := l.effect(was, item, -q)
		if err != nil {
			return err
		}
		d.reverse(effect)
	}
	d.outcome.Reverses.Advances = append(d.outcome.Reverses.Advances, was.outcome.Advances...)
	return nil
}

// movedBy returns the item of a line and its quantity in base units as they were resolved when
// it moved; false if it still waits.
func (s *state) movedBy(r *record.Record, l line) (retail.ItemID, retail.Quantity, bool) {
	item, ok := r.Outcome.ItemOf(l.id, l.item)
	q := r.Outcome.Quantities[l.id]
	if !ok {
		rel, released := s.released(r.Position, l.id)
		if !released {
			return "", 0, false
		}
		item, q = rel.Item, rel.Quantity
	}
	if q == 0 {
		q = l.quantity
	}
	return item, q, true
}
