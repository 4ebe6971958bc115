package flow

import (
	"encoding/json"
	"errors"
	"iter"
	"slices"
	"strconv"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// Limits of releasing. What is freed goes on in front of every batch, so that a correction
// for which a hundred thousand lines wait holds up nobody for longer than one step takes.
const (
	// releaseLinesMax and releaseBytesMax bound one lines_released.
	releaseLinesMax = 500
	releaseBytesMax = journal.BodyMax / 4
	// releasesMax bounds how many lines are released in front of one batch, and behind it.
	releasesMax = 2000
	// waitsPage is how many waiting lines are read at a time.
	waitsPage = 256
)

// freeingDoc is what a reference_set has freed and is not released yet.
type freeingDoc struct {
	Table  string        `json:"table"`
	RowKey string        `json:"row_key"`
	Waits  []record.Wait `json:"waits"`
	// After is the position of the last fact that was released.
	After int64 `json:"after,omitempty"`
	// Parts counts the records so far.
	Parts int64 `json:"parts,omitempty"`
}

// refer accepts reference data, and says what it frees of the lines that waited for it.
func (d *decision) refer(set *event.ReferenceSet) error {
	if err := reference.CheckValues(set); err != nil {
		return err
	}
	key, doc, err := reference.Apply(d.s, set, d.e.SourceVersion)
	if err != nil {
		return err
	}
	d.s.Put(reference.DocTable, key, doc)
	for _, w := range releasing(set) {
		if n, _ := load[int64](d.s, tableWaiting, subjectKey(w)); n > 0 && d.s.anyKnown(w) {
			d.outcome.Frees = append(d.outcome.Frees, w)
		}
	}
	return nil
}

// anyKnown reports whether a line that waits need not wait any more.
func (s *state) anyKnown(w record.Wait) bool {
	for waiter := range s.waiters(w, 0) {
		if s.known(w.Code, waiter.waitDoc) {
			return true
		}
	}
	return false
}

// known reports whether a line that waits is worth another try.
func (s *state) known(code fault.Code, w waitDoc) bool {
	if code != fault.ItemUnknown {
		return true
	}
	item, _, ok := s.book.Item(s.book.Naming(w.System, w.Vendor, w.Day), w.Item, w.Day)
	return ok || string(item) != w.Lacks
}

// waiter is a line that waits, with its place in the order of the journal.
type waiter struct {
	waitDoc
	code             fault.Code
	position, number int64
}

func (w waiter) before(v waiter) bool {
	return w.position < v.position || w.position == v.position && w.number < v.number
}

// waiters yields the lines that wait under a subject in the order of the journal, from a
// position on.
func (s *state) waiters(w record.Wait, from int64) iter.Seq[waiter] {
	return func(yield func(waiter) bool) {
		prefix := store.Key(subjectKey(w), "")
		r := store.Prefix(prefix)
		r.From = prefix + store.Ordinal(from)
		for {
			var page []waiter
			last := ""
			s.keep(s.Scan(s.Context(), tableWaits, r, waitsPage, func(key string, value []byte) bool {
				next := waiter{code: w.Code, position: store.FromOrdinal(key[len(prefix):]), number: store.FromOrdinal(key[len(key)-8:])}
				s.keep(json.Unmarshal(value, &next.waitDoc))
				page, last = append(page, next), key
				return true
			}))
			for _, next := range page {
				if !yield(next) {
					return
				}
			}
			if len(page) < waitsPage || s.err != nil {
				return
			}
			r.From = last + store.KeySep
		}
	}
}

// merged yields the lines that wait under several subjects in the order of the journal.
func (s *state) merged(waits []record.Wait, from int64) iter.Seq[waiter] {
	if len(waits) == 1 {
		return s.waiters(waits[0], from)
	}
	return func(yield func(waiter) bool) {
		heads, nexts, stops := make([]*waiter, len(waits)), make([]func() (waiter, bool), len(waits)), make([]func(), len(waits))
		defer func() {
			for _, stop := range stops {
				stop()
			}
		}()
		advance := func(i int) {
			heads[i] = nil
			if w, ok := nexts[i](); ok {
				heads[i] = &w
			}
		}
		for i, w := range waits {
			nexts[i], stops[i] = iter.Pull(s.waiters(w, from))
		}
		for i := range waits {
			advance(i)
		}
		for {
			first := -1
			for i, head := range heads {
				if head != nil && (first < 0 || head.before(*heads[first])) {
					first = i
				}
			}
			if first < 0 || !yield(*heads[first]) {
				return
			}
			advance(first)
		}
	}
}

// releaseLines decides lines that waited, with what is known now, in the order in which they
// came, until the record is full.
func (d *decision) releaseLines() error {
	freed := d.c.freed
	d.outcome.Cause = freed.cause
	size, tried := 0, map[string]bool{}
	for w := range d.s.merged(freed.Waits, freed.After) {
		at := waiterKey(w.position, w.Line)
		if tried[at] || !d.s.known(w.code, w.waitDoc) {
			continue
		}
		tried[at] = true
		if len(d.outcome.Releases) == releaseLinesMax || size >= releaseBytesMax {
			d.outcome.More = true
			break
		}
		rel, changed, err := d.release(w)
		if err != nil {
			return err
		}
		if !changed {
			continue
		}
		text, err := json.Marshal(rel)
		if err != nil {
			return fault.Wrap(err, fault.InternalError, "flow.release", d.e.Key)
		}
		size += len(text)
		d.c.released++
		d.outcome.Releases = append(d.outcome.Releases, rel)
	}
	return d.s.Err()
}

// waitingFact is a fact of which lines wait, read once for all of them.
type waitingFact struct {
	*record.Record
	lines map[string]line
}

func (d *decision) waitingFact(position int64) (*waitingFact, error) {
	if d.waiting != nil && d.waiting.Position == position {
		return d.waiting, nil
	}
	r, err := d.c.record(position)
	if err != nil {
		return nil, err
	}
	f := &waitingFact{r, map[string]line{}}
	for _, l := range lines(r.Event) {
		f.lines[l.id] = l
	}
	d.waiting = f
	return f, nil
}

// release decides a line that waited; unchanged means that it waits for the same as before.
func (d *decision) release(w waiter) (rel record.Release, changed bool, err error) {
	fact, err := d.waitingFact(w.position)
	if err != nil {
		return rel, false, err
	}
	was := &decision{c: d.c, s: d.s, e: fact.Event, day: w.Day, place: fact.Outcome.Location, other: fact.Outcome.Other}
	was.late, was.outcome.Standing = true, fact.Outcome.Standing
	was.outcome.Entity, was.outcome.Order, was.outcome.OrderLines = fact.Outcome.Entity, fact.Outcome.Order, fact.Outcome.OrderLines
	d.s.day = was.day
	defer func() { d.s.day = d.day }()
	rel = record.Release{Position: w.position, Line: w.Line, Occurred: fact.Event.Time, Type: fact.Event.Type()}
	l := fact.lines[w.Line]
	if rel.Item, err = was.move(l); err == nil {
		err = was.moveVoided(w.position)
	}
	lacks, waits := errors.AsType[*lack](err)
	switch {
	case waits:
		have, _ := load[waitsOfDoc](d.s, tableWaitsOf, waiterKey(w.position, w.Line))
		if rel.Waits = lacks.waits(w.Line); slices.Equal(have.Waits, rel.Waits) {
			return rel, false, nil
		}
		was.wait(l, lacks)
	case err != nil && unanswered(err):
		return rel, false, err
	case err != nil: // it can never move, and people see why
		was.flag(fault.As(err).Code, retail.Key(fact.Event.Key, w.Line), fault.As(err).Detail)
	}
	was.recount()
	d.recounted(was.recounts)
	rel.Advances = was.outcome.Advances
	rel.Voids, rel.VoidsPayments, rel.Drops, rel.Served = was.outcome.Voids, was.outcome.VoidsPayments, was.outcome.Drops, was.outcome.Served
	rel.Counts, rel.Purchases = was.outcome.Counts, was.outcome.Purchases
	rel.Moves, rel.Claims, rel.Quantity = was.outcome.Moves, was.outcome.Claims, was.outcome.Quantities[w.Line]
	// What is released after it sees what it came to.
	keepVoided(d.s, w.position, rel.Voids, rel.VoidsPayments)
	if err := proceed(d.s, fact.Record, rel.Advances); err != nil {
		return rel, false, err
	}
	d.outcome.Flags = append(d.outcome.Flags, was.outcome.Flags...)
	return rel, true, nil
}

// free journals what reference data has freed, a few records at a time.
func (c *chunk) free() error {
	for c.released = 0; c.released < releasesMax; c.released++ { // what frees nothing counts, too
		if !c.o.freeing || c.full() {
			return nil
		}
		freed, ok, err := c.firstFreed()
		if err != nil {
			return err
		}
		if c.o.freeing = ok; !ok {
			return nil
		}
		freed.Parts++
		c.freed = &freed
		answer, err := c.decide(&record.Submission{Event: c.releaseEvent(freed)})
		c.freed = nil
		if errors.Is(err, errFull) {
			return nil
		}
		if err != nil {
			return err
		}
		if answer.Status != record.Accepted {
			c.o.freeing = false
			c.o.opts.Log.Error("lines that waited are not released", "row", freed.Table+" "+freed.RowKey, "code", answer.Code, "detail", answer.Detail)
		}
	}
	return nil
}

// freed is what one reference_set has freed, with its position.
type freed struct {
	freeingDoc
	cause int64
}

func (c *chunk) firstFreed() (out freed, ok bool, err error) {
	err = c.overlay.Scan(c.overlay.Context(), tableFreeing, store.Range{}, 1, func(key string, value []byte) bool {
		out.cause, ok = store.FromOrdinal(key), true
		c.state.keep(json.Unmarshal(value, &out.freeingDoc))
		return false
	})
	if err == nil {
		err = c.state.Err()
	}
	return out, ok, err
}

func (c *chunk) releaseEvent(f freed) *event.Event {
	part := strconv.FormatInt(f.Parts, 10)
	return &event.Event{
		Header: event.Header{
			System: OwnSystem, Instance: "owner", Key: retail.Key(strconv.FormatInt(f.cause, 10), part),
			Time: c.at, TZ: "UTC", BusinessDate: retail.DateOf(c.at),
		},
		Data: &event.LinesReleased{Table: f.Table, RowKey: f.RowKey, Part: part},
	}
}

// release does to the projection what a lines_released says.
func release(s *state, r *record.Record) error {
	o := r.Outcome
	for i, rel := range o.Releases {
		applyEffect(s, stock.Effect{Moves: rel.Moves, Claims: rel.Claims, Purchases: rel.Purchases, Counts: rel.Counts})
		fact := movementDoc{stock.Movement{Occurred: rel.Occurred}, rel.Type}
		move(s, r, fact, (i+1)<<16, rel.Moves)
		if err := proceed(s, r, rel.Advances); err != nil {
			return err
		}
		keepVoided(s, rel.Position, rel.Voids, rel.VoidsPayments)
		for _, line := range rel.Drops {
			delist(s, rel.Voids, line, r)
		}
		doc, was := delist(s, rel.Position, rel.Line, r)
		if len(rel.Waits) > 0 {
			enlist(s, rel.Position, doc, waitsOfDoc{was.Number, rel.Waits})
			continue
		}
		save(s, tableReleased, waiterKey(rel.Position, rel.Line), rel)
	}
	if o.Cause == 0 {
		return nil
	}
	at := store.Ordinal(o.Cause)
	doc, _ := load[freeingDoc](s, tableFreeing, at)
	if !o.More {
		s.Put(tableFreeing, at, nil)
		return nil
	}
	doc.Parts++
	doc.After = o.Releases[len(o.Releases)-1].Position
	save(s, tableFreeing, at, doc)
	return nil
}
