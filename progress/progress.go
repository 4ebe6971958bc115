package progress

import (
	"slices"

	"github.com/heddlehq/heddle/fault"
)

// Progress is how far one object has come. Its counters are in thousandths of a base unit
// for lines, in minor units for payments, and 1 for what goes as a whole.
type Progress struct {
	Object   Object    `json:"object"`
	Counters []Counter `json:"counters,omitempty"` // in the order of the object's table
}

// Counter is what facts said of one stage.
type Counter struct {
	Stage Stage `json:"stage"`
	// Total is the sum; what is taken back is negative.
	Total int64 `json:"total"`
	// Last is the highest sequence among the facts, where their source numbers them.
	Last int64 `json:"last,omitempty"`
}

// New returns an object of which nothing is known yet; an unknown kind is V-SCH-01.
func New(o Object) (Progress, error) {
	if _, ok := tables[o]; !ok {
		return Progress{}, fault.New(fault.SchemaInvalid, string(o), "there is no object of that kind")
	}
	return Progress{Object: o}, nil
}

// Add counts what a fact says: so much has come to the stage. Sequence is the source's own
// number of the fact, or its time; zero where nothing tells which fact was later. A stage that
// the object does not have is V-SCH-01.
func (p Progress) Add(s Stage, q, sequence int64) (Progress, error) {
	t := p.table()
	at := t.index(s)
	if at < 0 {
		return p, fault.New(fault.SchemaInvalid, string(p.Object), "it has no stage %q", s)
	}
	p.Counters = slices.Clone(p.Counters)
	i, found := slices.BinarySearchFunc(p.Counters, at, func(c Counter, at int) int { return t.index(c.Stage) - at })
	if !found {
		p.Counters = slices.Insert(p.Counters, i, Counter{Stage: s})
	}
	c := &p.Counters[i]
	c.Total += q
	c.Last = max(c.Last, sequence)
	return p, nil
}

// Told reports whether a fact said anything of the stage, if only that it is nothing any more.
func (p *Progress) Told(s Stage) bool {
	return slices.ContainsFunc(p.Counters, func(c Counter) bool { return c.Stage == s })
}

// Total returns what facts said of the stage itself.
func (p *Progress) Total(s Stage) int64 { return p.counter(s).Total }

// Reached returns how much has come to the stage or beyond it, so that it is never less than
// what has reached a later one. An end reaches what was said of it.
func (p *Progress) Reached(s Stage) int64 {
	t := p.table()
	reached := max(p.Total(s), 0)
	if i := slices.Index(t.ranks, s); i >= 0 {
		for _, later := range t.ranks[i+1:] {
			reached = max(reached, p.Total(later))
		}
	}
	return reached
}

// Status returns the furthest stage that something has reached, or the end if all has come to
// one; of several ends the one told last by its source. It is empty while nothing is known.
func (p *Progress) Status() Stage {
	t := p.table()
	lost := p.lost()
	var ended int64
	var end Counter
	for _, s := range t.ends {
		c := p.counter(s)
		if c.Total -= lost[s]; c.Total > 0 {
			ended += c.Total
			if c.Last >= end.Last {
				end = c
			}
		}
	}
	if ended > 0 && ended >= p.size() {
		return end.Stage
	}
	for _, s := range slices.Backward(t.ranks) {
		if p.Total(s) > 0 {
			return s
		}
	}
	return ""
}

// size returns how much there is of the object: what its first stage says, or as long as
// nothing was said of that, what has come furthest.
func (p *Progress) size() int64 {
	first := p.table().ranks[0]
	if q := p.Total(first); q > 0 {
		return q
	}
	return p.Reached(first)
}

func (p *Progress) counter(s Stage) Counter {
	for _, c := range p.Counters {
		if c.Stage == s {
			return c
		}
	}
	return Counter{Stage: s}
}

// table returns the object's table; a Progress that New did not make is a bug.
func (p *Progress) table() *table {
	t, ok := tables[p.Object]
	if !ok {
		panic("progress: no object " + string(p.Object))
	}
	return t
}
