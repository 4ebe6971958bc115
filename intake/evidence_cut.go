package intake

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// cut says how a payload is cut into what is sealed together. Its pieces cover the
// payload without gap or overlap.
type cut struct {
	size   int
	pieces []piece
}

// piece is the bytes that tell of the same people. One piece is one Part.
type piece struct {
	ranges []Range        // in order, apart from one another
	owners []retail.Token // whose keys seal it, sorted; none when erased
	erased bool
	from   int // the stored part that an erased piece comes from
}

// label is what one byte carries while a payload is cut: a person, or the mark of a part
// that was erased.
type label struct {
	subject retail.Token
	part    int // one more than the index of the erased part; zero for a person
}

// span is a range and what its bytes carry.
type span struct {
	Range
	label
}

// with returns the cut that knows these segments, too. What is erased stays erased and
// keeps its own key, which is gone, whatever else is said of it.
func (c cut) with(segments []Segment) (cut, error) {
	spans := make([]span, 0, len(segments))
	for _, p := range c.pieces {
		for _, r := range p.ranges {
			if p.erased {
				spans = append(spans, span{r, label{part: p.from + 1}})
			}
			for _, owner := range p.owners {
				if owner != tenantOwner {
					spans = append(spans, span{r, label{subject: owner}})
				}
			}
		}
	}
	for _, s := range segments {
		spans = append(spans, span{s.Range, label{subject: s.Subject}})
	}
	return sweep(c.size, spans)
}

// sweep cuts a payload at the ends of all spans and puts together what carries the same
// labels, in the order in which each set of labels first appears.
func sweep(size int, spans []span) (cut, error) {
	type edge struct {
		at, change int
		label      label
	}
	edges := make([]edge, 0, 2*len(spans))
	for _, s := range spans {
		edges = append(edges, edge{s.Start, 1, s.label}, edge{s.End, -1, s.label})
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	out := cut{size: size}
	index := map[string]int{}
	carried := map[label]int{}
	for at := 0; at < size; {
		for len(edges) > 0 && edges[0].at == at {
			e := edges[0]
			edges = edges[1:]
			if carried[e.label] += e.change; carried[e.label] == 0 {
				delete(carried, e.label)
			}
		}
		if len(carried) > SegmentDepth {
			return cut{}, fault.New(fault.BadMapping, "segments", "a byte tells of at most %d people", SegmentDepth)
		}
		end := size
		if len(edges) > 0 {
			end = edges[0].at
		}
		out.add(index, Range{at, end}, pieceOf(carried))
		at = end
	}
	return out, nil
}

// pieceOf says how bytes that carry these labels are sealed.
func pieceOf(carried map[label]int) piece {
	var p piece
	for l := range carried {
		switch {
		case l.part == 0:
			p.owners = append(p.owners, l.subject)
		case !p.erased || l.part-1 < p.from:
			p.erased, p.from = true, l.part-1
		}
	}
	if p.erased {
		p.owners = nil
	} else if len(p.owners) == 0 {
		p.owners = []retail.Token{tenantOwner}
	}
	slices.Sort(p.owners)
	return p
}

// add adds a range to the piece that is sealed like p; index finds it.
func (c *cut) add(index map[string]int, r Range, p piece) {
	key := fmt.Sprintf("%t %d %q", p.erased, p.from, p.owners)
	i, ok := index[key]
	if !ok {
		i = len(c.pieces)
		index[key] = i
		c.pieces = append(c.pieces, p)
	}
	c.pieces[i].ranges = join(c.pieces[i].ranges, r)
}

// join appends a range that lies behind the others, and lengthens the last one if they touch.
func join(ranges []Range, r Range) []Range {
	if last := len(ranges) - 1; last >= 0 && ranges[last].End == r.Start {
		ranges[last].End = r.End
		return ranges
	}
	return append(ranges, r)
}

// equal reports whether both cuts seal the same bytes together under the same keys.
func (c cut) equal(other cut) bool {
	return c.size == other.size && slices.EqualFunc(c.pieces, other.pieces, func(a, b piece) bool {
		return a.erased == b.erased && a.from == b.from && slices.Equal(a.ranges, b.ranges) && slices.Equal(a.owners, b.owners)
	})
}

// owners returns everybody whose key seals something, sorted.
func (c cut) owners() []retail.Token {
	var all []retail.Token
	for _, p := range c.pieces {
		all = append(all, p.owners...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// erased returns what cannot be read any more, in order, ranges that touch joined.
func (c cut) erased() []Range {
	var all []Range
	for _, p := range c.pieces {
		if p.erased {
			all = append(all, p.ranges...)
		}
	}
	slices.SortFunc(all, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	var joined []Range
	for _, r := range all {
		joined = join(joined, r)
	}
	return joined
}

// covers reports whether the pieces cover the payload without gap or overlap.
func (c cut) covers() bool {
	var all []Range
	for _, p := range c.pieces {
		all = append(all, p.ranges...)
	}
	slices.SortFunc(all, func(a, b Range) int { return cmp.Compare(a.Start, b.Start) })
	at := 0
	for _, r := range all {
		if r.Start != at || r.End <= r.Start {
			return false
		}
		at = r.End
	}
	return at == c.size
}
