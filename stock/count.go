package stock

import (
	"cmp"
	"slices"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// CountID names a line of a count: count id·line.
type CountID string

// Count is a line of a count (COUNT_ADJUSTED): so many stood in a bucket at the cutoff. Its
// adjustment is what makes the book at the cutoff that number, and belongs to the cutoff:
// whatever is known of that time later changes the adjustment and not what stands there
// since (A11, INV-31).
//
// The counts of a bucket at a place follow one another by cutoff, and by id where two have
// the same. The book of a count contains the adjustments of those before it. So a late fact
// concerns only the first count after it: that one's book changes by the fact and its
// adjustment by the opposite, and every count after it finds the same book as before.
type Count struct {
	ID CountID `json:"id"`
	Place
	Bucket  event.Bucket    `json:"bucket"`
	Cutoff  time.Time       `json:"cutoff"`
	Counted retail.Quantity `json:"counted"`
	// Adjusted is what the count has changed the position by: Counted less the book at the
	// cutoff as far as it is known.
	Adjusted retail.Quantity `json:"adjusted,omitempty"`
	// Revision is how often the count was recomputed.
	Revision int64 `json:"revision,omitempty"`
}

// Counts is a State that also knows the counts.
type Counts interface {
	State
	// Count returns the count, and whether there is one. It is asked when a count is made or
	// recomputed.
	Count(id CountID) (Count, bool)
	// NextCount returns the first count of the bucket at the place that comes after (cutoff,
	// id) in the order of counts; with an empty id, the first whose cutoff is not before the
	// given time. It is asked for every move of every fact, and there is hardly ever one: an
	// implementation keeps the last cutoff of a place at hand.
	NextCount(p Place, b event.Bucket, cutoff time.Time, id CountID) (Count, bool)
	// MovedAfter returns the sum of the position's moves that occurred after the instant. It is asked once for a new count: what was known
	// before a cutoff did not occur after it, so that only the youngest movements are read.
	MovedAfter(p Place, b event.Bucket, o event.Ownership, at time.Time) retail.Quantity
}

// MakeCount adjusts the bucket to what was counted (COUNT_ADJUSTED): ± (counted − book at
// cutoff). A count with an id that is known replaces it, its recomputations included. A bucket that
// holds no goods, a missing cutoff and a count below zero are refused.
func MakeCount(s Counts, c Count) (Effect, error) {
	switch {
	case !physical(c.Bucket):
		return Effect{}, fault.New(fault.SchemaInvalid, string(c.ID), "%q cannot be counted", c.Bucket)
	case c.Cutoff.IsZero():
		return Effect{}, fault.New(fault.SchemaInvalid, string(c.ID), "a count has a cutoff")
	case c.Counted < 0:
		return Effect{}, fault.New(fault.QuantitySign, string(c.ID), "%s was counted; it must not be less than nothing", c.Counted)
	}
	before, again := s.Count(c.ID)
	c.Adjusted, c.Revision = c.Counted-book(s, &c, before), before.Revision
	d := NewDraft(s)
	if again {
		d.shift(before.adjustment(-before.Adjusted))
	}
	d.shift(c.adjustment(c.Adjusted))
	d.net(0)
	d.effect.Counts = []Count{c}
	d.check()
	return d.Effect(), nil
}

// book returns what the books say of the count's cutoff, without the count itself and those
// after it.
func book(s Counts, c *Count, before Count) retail.Quantity {
	owner := ownerOf(c.Bucket)
	q := s.Quantity(c.Place, c.Bucket, owner) - s.MovedAfter(c.Place, c.Bucket, owner, c.Cutoff)
	for n, ok := s.NextCount(c.Place, c.Bucket, c.Cutoff, c.ID); ok && n.Cutoff.Equal(c.Cutoff); n, ok = s.NextCount(c.Place, c.Bucket, n.Cutoff, n.ID) {
		q -= n.Adjusted
	}
	if before.ID == "" || before.Place != c.Place || before.Bucket != c.Bucket || c.less(&before) {
		return q
	}
	// The version that is replaced stands at or before this cutoff. A count between the two
	// makes up for it, by its recomputation.
	if n, ok := s.NextCount(before.Place, before.Bucket, before.Cutoff, before.ID); ok && n.less(c) {
		return q
	}
	return q - before.Adjusted
}

// less reports whether the count comes before another one of its bucket and place.
func (c *Count) less(o *Count) bool {
	return cmp.Or(c.Cutoff.Compare(o.Cutoff), cmp.Compare(c.ID, o.ID)) < 0
}

// adjustment returns a move of the count, which occurred at its cutoff.
func (c *Count) adjustment(q retail.Quantity) Move {
	m := c.Delta(c.Bucket, q)
	m.Count, m.Effective = c.ID, c.Cutoff
	return m
}

// Recomputation is by how much a count's adjustment changes, because a fact from before its
// cutoff came after it (COUNT_RECOMPUTED). Key: count id·revision.
type Recomputation struct {
	Count    CountID
	Revision int64 // 1 for the first of the count
	Place    Place
	Bucket   event.Bucket
	Prior    retail.Quantity // the adjustment so far
	Delta    retail.Quantity
}

// Recomputations returns which counts the effect of a fact comes too late for (L6), in the
// order of its moves. It is asked after every fact and every count, and not after a
// recomputation, which makes up for its cause; occurred is the time of the event. The effect
// returned is the fact's without the flags of those positions: the recomputation puts the goods
// back, and raises the flags that still hold then.
func Recomputations(s Counts, e Effect, occurred time.Time) (Effect, []Recomputation) {
	var out []Recomputation
	for _, m := range e.Moves {
		if !physical(m.Bucket) || m.Owner != ownerOf(m.Bucket) {
			continue
		}
		at := m.Effective
		if at.IsZero() {
			at = occurred
		}
		c, ok := s.NextCount(m.Place, m.Bucket, at, m.Count)
		if ok && c.ID == m.Count { // the version that the count replaces, at a later cutoff
			c, ok = s.NextCount(m.Place, m.Bucket, c.Cutoff, c.ID)
		}
		if !ok {
			continue
		}
		i := slices.IndexFunc(out, func(r Recomputation) bool { return r.Count == c.ID })
		if i < 0 {
			i = len(out)
			out = append(out, Recomputation{c.ID, c.Revision + 1, c.Place, c.Bucket, c.Adjusted, 0})
		}
		out[i].Delta -= m.Quantity
	}
	out = slices.DeleteFunc(out, func(r Recomputation) bool { return r.Delta == 0 })
	if len(out) > 0 {
		e.Flags = slices.DeleteFunc(slices.Clone(e.Flags), func(f Flag) bool {
			return slices.ContainsFunc(out, func(r Recomputation) bool { return r.checks(f) })
		})
	}
	return e, out
}

// checks reports whether the recomputation raises the flag again if it still holds.
func (r *Recomputation) checks(f Flag) bool {
	return f.Place == r.Place && (f.Bucket == r.Bucket || f.Bucket == "" && promised(r.Bucket))
}

// Recompute changes the adjustment of a count (COUNT_RECOMPUTED): ±q at its cutoff. A count
// that is not known is V-LIN-01.
func Recompute(s Counts, id CountID, delta retail.Quantity) (Effect, error) {
	c, ok := s.Count(id)
	if !ok {
		return Effect{}, fault.New(fault.ParentMissing, string(id), "a count is recomputed that has not arrived")
	}
	c.Adjusted += delta
	c.Revision++
	d := NewDraft(s)
	d.shift(c.adjustment(delta))
	d.effect.Counts = []Count{c}
	d.check()
	return d.Effect(), nil
}
