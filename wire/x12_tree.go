package wire

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// x12Builder makes trees of transaction sets. It first finds which segment belongs to which, and
// then makes each object and array in its final size. Its memory serves all sets of a file.
type x12Builder struct {
	guides  []*Guide
	kinds   map[string]string // those of the set's guide
	replace func(kind, text string) any
	text    string
	places  *places
	limits  Limits
	header  *x12Header
	around  x12Around
	values  int
	depth   int // of the segment placed last
	nodes   []x12Node
	loops   []int          // the open loops, the set first
	levels  map[string]int // the HL segments by HL01
	top     string         // HL03 of the first HL
	pairs   []x12Pair
	slots   []x12Slot
	names   map[string][]string // of the elements of segments that no guide names
	boxes   boxes
	// inner are the objects of the set, outer those of envelopes, where records share their
	// memory.
	memory       *X12Memory // nil where they do not
	inner, outer x12Objects
}

// x12Objects keeps objects for the next set.
type x12Objects struct {
	all  []map[string]any
	used int
}

// next returns an empty object.
func (o *x12Objects) next() map[string]any {
	if o.used == len(o.all) {
		o.all = append(o.all, map[string]any{})
	}
	o.used++
	return o.all[o.used-1]
}

// free takes the objects back. What they held is let go.
func (o *x12Objects) free() {
	for i, object := range o.all[:o.used] {
		if len(object) > x12MembersKept {
			o.all[i] = map[string]any{}
			continue
		}
		clear(object)
	}
	o.used = 0
}

// x12MembersKept bounds the objects that are kept: a large one takes long to clear.
const x12MembersKept = 64

// object returns an empty object for so many members.
func (b *x12Builder) object(from *x12Objects, members int) map[string]any {
	if b.memory != nil {
		return from.next()
	}
	return make(map[string]any, members)
}

// x12Node is one segment of a set, and what is below it.
type x12Node struct {
	id, segment string
	line        *guideLine // nil where no guide names the segment
	first, last int        // children; 0 is none, because the set itself is nobody's child
	next        int        // the next child of the parent
	level       int        // how deep an HL stands among its kind
	slot        int        // under which of the parent's names it stands
}

func (n *x12Node) silent() bool { return n.line != nil && n.line.silent }

// x12Pair is a member of an object that is about to be made.
type x12Pair struct {
	name  string
	value any
}

// x12Slot is a name under which children of a loop stand.
type x12Slot struct {
	name  string
	once  bool
	count int
	array []any
}

// x12Around is the envelope of the last record, which the next one mostly shares.
type x12Around struct {
	interchange *X12Interchange
	group       *X12Group
	tree        map[string]any
}

func (f *X12File) builder(guides []*Guide, memory *X12Memory) *x12Builder {
	b := &x12Builder{names: map[string][]string{}, levels: map[string]int{}}
	if memory != nil && memory.builder != nil {
		b, memory.builder = memory.builder, nil
	}
	b.guides, b.memory, b.text, b.places, b.limits = guides, memory, f.text, f.source.places(), f.limits
	return b
}

// done gives the builder to the memory, without what it knows of the file.
func (b *x12Builder) done() {
	memory := b.memory
	if memory == nil || cap(b.nodes) > x12NodesKept {
		return
	}
	clear(b.nodes[:cap(b.nodes)])
	clear(b.pairs[:cap(b.pairs)])
	clear(b.slots[:cap(b.slots)])
	clear(b.names)
	clear(b.levels)
	b.inner.free()
	b.outer.free()
	*b = x12Builder{
		nodes: b.nodes[:0], loops: b.loops[:0], pairs: b.pairs[:0], slots: b.slots[:0], names: b.names, levels: b.levels,
		inner: b.inner, outer: b.outer,
	}
	memory.builder = b
}

// x12NodesKept bounds what is kept of a builder that met a large set.
const x12NodesKept = 1 << 12

// set makes the tree of a set. What is wrong with its segments comes in both forms: for an
// acknowledgement, and for people.
func (b *x12Builder) set(span x12Span) (any, *X12Error, *fault.Error) {
	guide := b.guide(span.set.ID)
	if guide == nil {
		place := b.places.of(span.start)
		return nil, nil, fault.New(fault.UnknownTopic, "byte "+strconv.FormatInt(place, 10), "there is no guide for transaction sets of this kind")
	}
	b.header, b.kinds = span.interchange.header, guide.kinds
	b.nodes, b.loops, b.values, b.depth, b.top = b.nodes[:0], b.loops[:0], 0, 0, ""
	b.nodes = slices.Grow(b.nodes, span.set.Segments)
	clear(b.levels)
	segments := x12Segments{text: b.text, header: b.header, at: span.start, limit: span.end}
	for segments.next() {
		if segments.at == span.end && len(b.nodes) > 0 { // SE
			break
		}
		problem := b.place(guide, segments.id(), segments.segment)
		switch {
		case problem != nil:
			return nil, problem, b.refused(problem, segments.start)
		case b.values > b.limits.Values:
			return nil, nil, tooLarge(b.places.of(segments.start), "a transaction set has more than %d values", b.limits.Values)
		case b.depth > b.limits.Depth:
			return nil, nil, tooLarge(b.places.of(segments.start), "loops are nested deeper than %d", b.limits.Depth)
		}
	}
	tree, problem := b.tree(0)
	if problem != nil {
		return nil, problem, b.refused(problem, span.start)
	}
	return tree, nil, nil
}

func (b *x12Builder) refused(problem *X12Error, at int) *fault.Error {
	return syntax(b.places.of(at), "segment %d: %s", problem.Position, problem.Detail)
}

// single makes the object of one segment outside of all sets.
func (b *x12Builder) single(span x12Span) (any, *fault.Error) {
	b.header, b.kinds = span.interchange.header, nil
	segments := x12Segments{text: b.text, header: b.header, at: span.start, limit: span.end}
	segments.next()
	b.nodes = append(b.nodes[:0], x12Node{id: segments.id(), segment: segments.segment})
	tree, problem := b.tree(0)
	if problem != nil {
		return nil, syntax(b.places.of(span.start), "%s", problem.Detail)
	}
	return tree, nil
}

// place puts the next segment of a set where it belongs.
func (b *x12Builder) place(guide *Guide, id, segment string) *X12Error {
	node := len(b.nodes)
	b.nodes = append(b.nodes, x12Node{id: id, segment: segment})
	b.values += 1 + strings.Count(segment, b.header.element)
	if node == 0 {
		b.nodes[0].line = guide.root
		b.loops = append(b.loops, 0)
		return nil
	}
	if !isSegmentID(id) {
		return b.problem(node, 0, x12SegmentUnknown, "it has no identifier of two or three letters and digits")
	}
	if id == "HL" {
		if line := guide.root.find(id, segment, b.header.element); line != nil {
			return b.placeLevel(node, line)
		}
	}
	for open := len(b.loops) - 1; open >= 0; open-- {
		loop := b.loops[open]
		line := b.nodes[loop].line.find(id, segment, b.header.element)
		if line == nil {
			continue
		}
		if line.once && b.has(loop, line) {
			return b.problem(node, 0, x12SegmentTooOften, id+" comes twice; the guide has it once")
		}
		b.nodes[node].line = line
		b.loops = b.loops[:open+1]
		b.append(loop, node)
		if len(line.members) > 0 {
			b.loops = append(b.loops, node)
			b.depth = max(b.nodes[b.loops[1]].level-1, 0) + len(b.loops)
		}
		return nil
	}
	b.append(b.loops[len(b.loops)-1], node)
	return nil
}

// placeLevel puts an HL segment under the one that it names.
func (b *x12Builder) placeLevel(node int, line *guideLine) *X12Error {
	segment := b.nodes[node].segment
	number := segmentElement(segment, b.header.element, 1)
	parent := segmentElement(segment, b.header.element, 2)
	code := segmentElement(segment, b.header.element, 3)
	above := 0
	switch before, come := b.levels[parent]; {
	case number == "":
		return b.problem(node, 1, x12ElementMandatory, "it has no number in HL01")
	case b.isLevel(number):
		return b.problem(node, 1, x12ElementInvalidValue, "its HL01 was there before")
	case parent == "" && len(b.levels) == 0:
		b.top = code
	case parent == "" && code != b.top:
		return b.problem(node, 2, x12ElementMissing, "it names no parent in HL02, and is not of the level of the first HL")
	case parent != "" && !come:
		return b.problem(node, 2, x12ElementInvalidValue, "the parent that HL02 names has not come")
	case parent != "":
		above = before
	}
	b.levels[number] = node
	b.nodes[node].line = line
	b.nodes[node].level = b.nodes[above].level + 1
	b.append(above, node)
	b.loops = append(b.loops[:1], node)
	b.depth = b.nodes[node].level + 1
	return nil
}

func (b *x12Builder) isLevel(number string) bool { _, come := b.levels[number]; return come }

func (b *x12Builder) problem(node, element int, code, detail string) *X12Error {
	id := b.nodes[node].id
	if !isSegmentID(id) {
		id = x12SegmentNameless
	}
	return &X12Error{Segment: id, Position: node + 1, Element: element, Code: code, Detail: detail}
}

// append makes a node the last child of another.
func (b *x12Builder) append(parent, node int) {
	p := &b.nodes[parent]
	if p.first == 0 {
		p.first = node
	} else {
		b.nodes[p.last].next = node
	}
	p.last = node
}

// has reports whether a loop has a segment of a line.
func (b *x12Builder) has(loop int, line *guideLine) bool {
	for child := b.nodes[loop].first; child != 0; child = b.nodes[child].next {
		if b.nodes[child].line == line {
			return true
		}
	}
	return false
}

// tree makes the object of a segment and of what is below it.
func (b *x12Builder) tree(node int) (map[string]any, *X12Error) {
	firstPair, firstSlot := len(b.pairs), len(b.slots)
	if problem := b.elements(node); problem != nil {
		return nil, problem
	}
	for child := b.nodes[node].first; child != 0; child = b.nodes[child].next {
		if b.nodes[child].silent() {
			continue
		}
		b.nodes[child].slot = b.slot(firstSlot, &b.nodes[child])
		if len(b.slots)-firstSlot > x12KindsMax {
			return nil, b.problem(child, 0, x12SegmentUnknown, "its loop has segments of more kinds than can be")
		}
	}
	object := b.object(&b.inner, len(b.pairs)-firstPair+len(b.slots)-firstSlot)
	for _, p := range b.pairs[firstPair:] {
		object[p.name] = p.value
	}
	b.pairs = b.pairs[:firstPair]
	for i := firstSlot; i < len(b.slots); i++ {
		if !b.slots[i].once {
			b.slots[i].array = make([]any, 0, b.slots[i].count)
		}
	}
	for child := b.nodes[node].first; child != 0; child = b.nodes[child].next {
		if b.nodes[child].silent() {
			continue
		}
		tree, problem := b.tree(child)
		if problem != nil {
			return nil, problem
		}
		if slot := &b.slots[b.nodes[child].slot]; slot.once {
			object[slot.name] = tree
		} else {
			slot.array = append(slot.array, tree)
		}
	}
	for _, slot := range b.slots[firstSlot:] {
		if !slot.once {
			object[slot.name] = slot.array
		}
	}
	b.slots = b.slots[:firstSlot]
	return object, nil
}

// slot counts a child under its name and returns the name's place.
func (b *x12Builder) slot(first int, child *x12Node) int {
	name, once := child.id, false
	if child.line != nil {
		name, once = child.line.name, child.line.once
	}
	for i := first; i < len(b.slots); i++ {
		if b.slots[i].name == name {
			b.slots[i].count++
			return i
		}
	}
	b.slots = append(b.slots, x12Slot{name: name, once: once, count: 1})
	return len(b.slots) - 1
}

// elements lists the elements of a segment that are not empty.
func (b *x12Builder) elements(node int) *X12Error {
	n := &b.nodes[node]
	names := b.elementNames(n)
	separator := b.header.element
	parts := b.header.hasParts(n.segment)
	rest := n.segment[len(n.id):]
	for number := 1; rest != ""; number++ {
		if number > x12ElementsMax {
			return b.problem(node, x12ElementsMax, x12ElementsTooMany, "it has more elements than can be named")
		}
		value := rest[len(separator):]
		if i := strings.Index(value, separator); i >= 0 {
			value, rest = value[:i], value[i:]
		} else {
			rest = ""
		}
		value = strings.TrimRight(value, " ")
		if value == "" {
			continue
		}
		var name string
		switch {
		case number < len(names):
			name = names[number]
		case n.line == nil || !n.line.chosen:
			name = elementName(n.id, number)
		}
		if name == "" {
			continue
		}
		first := len(b.pairs)
		if parts {
			b.parts(name, value)
		} else {
			b.pairs = append(b.pairs, x12Pair{name, b.boxes.text(value)})
		}
		b.mark(n.line, number, name, b.pairs[first:])
	}
	return nil
}

// mark replaces an element, or its components, if it is of a kind that is replaced.
func (b *x12Builder) mark(line *guideLine, number int, name string, pairs []x12Pair) {
	if b.replace == nil || len(b.kinds) == 0 || line != nil && number < len(line.kinds) && line.kinds[number] == "" && len(pairs) == 1 {
		return
	}
	for i, p := range pairs {
		kind := cmp.Or(b.kinds[p.name], b.kinds[name])
		if kind == "" {
			continue
		}
		if repeated, ok := p.value.([]any); ok {
			for j, text := range repeated {
				repeated[j] = b.replaced(kind, text)
			}
			continue
		}
		pairs[i].value = b.replaced(kind, p.value)
	}
}

func (b *x12Builder) replaced(kind string, text any) any { return b.replace(kind, text.(string)) }

func (b *x12Builder) elementNames(n *x12Node) []string {
	if n.line != nil {
		return n.line.elements
	}
	names, known := b.names[n.id]
	if !known {
		names = elementNames(n.id, guideElementsMax)
		b.names[n.id] = names
	}
	return names
}

// parts lists an element that can have components and repetitions.
func (b *x12Builder) parts(name, value string) {
	repetitions := []string{value}
	if b.header.repetition != "" {
		repetitions = strings.Split(value, b.header.repetition)
	}
	var components [][]string // of each repetition
	most := 0
	for _, r := range repetitions {
		c := strings.Split(r, b.header.component)
		components = append(components, c)
		most = max(most, len(c))
	}
	for i := range most {
		texts := make([]any, len(components))
		for j, c := range components {
			texts[j] = at(c, i)
		}
		key := name
		if i > 0 {
			key += "_" + strconv.Itoa(i+1)
		}
		switch {
		case len(texts) > 1:
			b.pairs = append(b.pairs, x12Pair{key, texts})
		case texts[0] != "":
			b.pairs = append(b.pairs, x12Pair{key, texts[0]})
		}
	}
}

// envelope returns the headers around a record.
func (b *x12Builder) envelope(span x12Span) map[string]any {
	if span.interchange == nil {
		return nil
	}
	if b.around.interchange != span.interchange || b.around.group != span.group {
		tree := b.object(&b.outer, 2)
		isa := b.object(&b.outer, len(x12EnvelopeHas))
		for _, n := range x12EnvelopeHas {
			if value := span.interchange.header.elements[n]; value != "" {
				isa[x12HeaderNames[n]] = b.boxes.text(value)
			}
		}
		tree["ISA"] = isa
		if span.group != nil {
			gs := b.object(&b.outer, len(span.group.header))
			for n, value := range span.group.header {
				if n > 0 && n < len(x12GroupNames) && value != "" {
					gs[x12GroupNames[n]] = b.boxes.text(value)
				}
			}
			tree["GS"] = gs
		}
		b.around = x12Around{span.interchange, span.group, tree}
	}
	return b.around.tree
}
