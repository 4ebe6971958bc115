package wire

import (
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// Guide says how the segments of one kind of transaction set nest, as an implementation guide
// does. It is written as an indented list:
//
//	W06 once
//	N1
//	  N3
//	  N4 once
//	N9*BM as bill_of_lading once
//	LX
//	  W12
//	    N9
//	W03 once
//
// A segment that has others below it begins a loop. The tree of a set is the object of its ST
// segment. The object of a segment has its elements by the names that X12 people use ("W0602",
// always texts, empty ones left out) and, if the segment begins a loop, what belongs to the loop
// by name:
//
//	{"ST01": "945", "ST02": "0001", "W06": {"W0601": "N", …},
//	 "N1": [{"N101": "ST", "N3": [{"N301": …}], "N4": {…}}],
//	 "LX": [{"LX01": "1", "W12": [{"W1201": "CC", …, "N9": [{…}]}]}]}
//
// A segment with the word once is an object and a second one is an error of the set; all others
// are arrays. It stands under its identifier, or under the name after the word as. A segment
// can be narrowed by its elements as they stand on the wire: N1*ST is an N1 whose first element
// is ST, HL***O an HL whose third is O; the first line that fits counts.
//
// A line can say which elements of its segment are read: "W12 reads 02 03 07 08", "N3 reads
// nothing". The others are not in the tree. A segment of which nothing is read is counted, and in
// the tree only if it begins a loop.
//
// A segment belongs to the innermost open loop that names it, and ends the loops inside. One that
// no open loop names stays in the innermost, as an array, so that nothing is lost.
//
// HL segments, where the guide has them at its top, stand in the HL that HL02 names, under the
// name of their line, whatever the order of levels. One without HL02 stands in the set itself
// and has to be of the level of the first. A parent that has not come is an error of the set.
//
// Of an element with components the first has the element's name, and the others add their
// number: "REF04", "REF04_2". A repeated element has arrays of them instead of texts.
type Guide struct {
	Set   string // ST01
	root  *guideLine
	kinds map[string]string // see Mark
}

// guideLine is one line of a guide, or its root.
type guideLine struct {
	id       string
	name     string
	once     bool
	only     []guideElement
	members  []*guideLine
	elements []string // names of the first elements, by number; empty for one that is not read
	kinds    []string // of the elements that are replaced, by number; see Mark
	chosen   bool     // only the elements with a name are read
	silent   bool     // nothing is read, and no loop begins
}

// guideElement narrows a line to segments with one value in one element.
type guideElement struct {
	number int
	value  string
}

// Limits of a guide.
const (
	guideLinesMax    = 500
	guideElementsMax = 24 // of which the names are kept
	x12ElementsMax   = 99 // of a segment: names have two digits
	x12KindsMax      = 500
)

// NewGuide reads a guide. What is wrong in it is H-PACK-INVALID with the line.
func NewGuide(set, text string) (*Guide, error) {
	g := &Guide{Set: set, root: &guideLine{id: "ST", name: "ST", elements: elementNames("ST", guideElementsMax)}}
	type level struct {
		indent int
		line   *guideLine
	}
	levels := []level{{-1, g.root}}
	lines := strings.Split(text, "\n")
	if len(lines) > guideLinesMax {
		return nil, fault.New(fault.BadPack, "guide", "it has more than %d lines", guideLinesMax)
	}
	for i, written := range lines {
		content, _, _ := strings.Cut(strings.TrimRight(written, " \t\r"), "#")
		words := strings.Fields(content)
		if len(words) == 0 {
			continue
		}
		line, problem := newGuideLine(words)
		indent := len(content) - len(strings.TrimLeft(content, " "))
		for indent <= levels[len(levels)-1].indent {
			levels = levels[:len(levels)-1]
		}
		parent := levels[len(levels)-1].line
		if problem == "" {
			problem = parent.problem(line, parent == g.root)
		}
		if problem != "" {
			return nil, fault.New(fault.BadPack, "line "+strconv.Itoa(i+1), "%s", problem)
		}
		parent.members, parent.silent = append(parent.members, line), false
		levels = append(levels, level{indent, line})
	}
	for _, hl := range g.root.members {
		for _, other := range g.root.members {
			if hl.id == "HL" && other.id == "HL" && slices.ContainsFunc(hl.members, func(m *guideLine) bool { return m.name == other.name }) {
				return nil, fault.New(fault.BadPack, "guide", "%s is the name of an HL and of something below one", other.name)
			}
		}
	}
	return g, nil
}

func newGuideLine(words []string) (*guideLine, string) {
	parts := strings.Split(words[0], "*")
	line := &guideLine{id: parts[0], name: parts[0]}
	if !isSegmentID(line.id) || isControlSegment(line.id) {
		return nil, "it names no segment of a transaction set"
	}
	for n, value := range parts {
		if n > 0 && value != "" {
			line.only = append(line.only, guideElement{n, value})
		}
	}
	for words = words[1:]; len(words) > 0; words = words[1:] {
		switch {
		case words[0] == "once" && !line.once:
			line.once = true
		case words[0] == "as" && len(words) > 1 && line.name == line.id:
			line.name, words = words[1], words[1:]
			if !isLoopName(line.name) {
				return nil, "a name has small letters, digits and underlines"
			}
		case words[0] == "reads" && len(words) > 1:
			if problem := line.read(words[1:]); problem != "" {
				return nil, problem
			}
			words = words[len(words)-1:]
		default:
			return nil, "a segment can be followed by once, by as and a name, and by reads and numbers of elements"
		}
	}
	if line.once && len(line.only) > 0 && line.name == line.id {
		return nil, "a narrowed segment that stands once needs a name, because others of its kind can stand beside it"
	}
	if !line.chosen {
		line.elements = elementNames(line.id, guideElementsMax)
	}
	return line, ""
}

// read takes in which elements are read.
func (l *guideLine) read(numbers []string) string {
	l.chosen, l.elements = true, nil
	if len(numbers) == 1 && numbers[0] == "nothing" {
		l.silent = true
		return ""
	}
	for _, text := range numbers {
		n, err := strconv.Atoi(text)
		if err != nil || len(text) != 2 || n < max(1, len(l.elements)) || n > x12ElementsMax {
			return "the elements that are read are numbers of two digits in their order, or nothing"
		}
		for len(l.elements) < n {
			l.elements = append(l.elements, "")
		}
		l.elements = append(l.elements, elementName(l.id, n))
	}
	return ""
}

// Mark says by name which elements are replaced when a set is read, and of what kind they are;
// see X12File.Document.
func (g *Guide) Mark(kinds map[string]string) {
	g.kinds = kinds
	g.root.mark(kinds)
}

func (l *guideLine) mark(kinds map[string]string) {
	l.kinds = make([]string, len(l.elements))
	for n, name := range l.elements {
		l.kinds[n] = kinds[name]
	}
	for _, m := range l.members {
		m.mark(kinds)
	}
}

// Unread returns the first of the names of elements that is read of no segment, though the guide
// has such segments; or nothing. Names of other things are passed over.
func (g *Guide) Unread(names []string) string {
	for _, name := range names {
		if len(name) < len("N101") || !isSegmentID(name[:len(name)-2]) {
			continue
		}
		n, err := strconv.Atoi(name[len(name)-2:])
		if known, read := g.root.reads(name[:len(name)-2], n); err == nil && known && !read {
			return name
		}
	}
	return ""
}

// reads reports whether there are segments of that name below the line, and whether one of them
// is read at that element.
func (l *guideLine) reads(id string, number int) (known, read bool) {
	for _, m := range l.members {
		if m.id == id {
			known = true
			read = read || !m.chosen || number < len(m.elements) && m.elements[number] != ""
		}
		below, too := m.reads(id, number)
		known, read = known || below, read || too
	}
	return known, read
}

// problem says why a line cannot stand below this one, or nothing.
func (l *guideLine) problem(line *guideLine, top bool) string {
	if line.id == "HL" && (!top || line.once) {
		return "HL stands at the top and can come again"
	}
	same := func(m *guideLine) bool { return m.name == line.name }
	if i := slices.IndexFunc(l.members, same); i >= 0 {
		if before := l.members[i]; before.id != line.id || before.once || line.once || slices.Equal(before.only, line.only) {
			return "its name is taken in this loop"
		}
	}
	return ""
}

// find returns the line of the loop for a segment, or nil.
func (l *guideLine) find(id, segment, separator string) *guideLine {
	for _, m := range l.members {
		if m.id == id && (len(m.only) == 0 || m.fits(segment, separator)) {
			return m
		}
	}
	return nil
}

func (l *guideLine) fits(segment, separator string) bool {
	return !slices.ContainsFunc(l.only, func(e guideElement) bool { return segmentElement(segment, separator, e.number) != e.value })
}

// segmentElement returns an element of a segment by number, or nothing.
func segmentElement(segment, separator string, number int) string {
	for ; number > 0; number-- {
		i := strings.Index(segment, separator)
		if i < 0 {
			return ""
		}
		segment = segment[i+len(separator):]
	}
	value, _, _ := strings.Cut(segment, separator)
	return strings.TrimRight(value, " ")
}

// isSegmentID reports whether a text is two or three capital letters and digits, a letter first.
func isSegmentID(id string) bool {
	if len(id) != 2 && len(id) != 3 {
		return false
	}
	for i, c := range []byte(id) {
		if (c < 'A' || c > 'Z') && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return true
}

func isControlSegment(id string) bool {
	return slices.Contains([]string{"ISA", "GS", "ST", "SE", "GE", "IEA", "TA1"}, id)
}

// isLoopName keeps the names of a guide apart from those of segments and elements.
func isLoopName(name string) bool {
	return name[0] >= 'a' && name[0] <= 'z' && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}

// elementName is how X12 people call an element: W0602.
func elementName(id string, number int) string {
	return id + string([]byte{byte('0' + number/10), byte('0' + number%10)})
}

// elementNames are the names of a segment's first elements, by number.
func elementNames(id string, count int) []string {
	names := make([]string, count+1)
	for n := 1; n <= count; n++ {
		names[n] = elementName(id, n)
	}
	return names
}
