package wire

import (
	"fmt"
	"strconv"
	"strings"
)

// X12File is a file of interchanges whose envelopes were read.
type X12File struct {
	source       source
	text         string
	limits       Limits
	interchanges []*X12Interchange
	spans        []x12Span
}

// x12Span is where a record stands and what is around it.
type x12Span struct {
	start, end  int // in the text
	interchange *X12Interchange
	group       *X12Group
	set         *X12Set
	problem     x12Problem // why it cannot be read
}

// OpenX12 reads the envelopes of a file. What is wrong with one of them stands in it; a file that
// has none is H-SYNTAX.
func OpenX12(body []byte, encoding Encoding, limits Limits) (*X12File, error) {
	src, err := open(body, encoding, &limits)
	if err != nil {
		return nil, err
	}
	f := &X12File{source: src, text: string(src.text), limits: limits}
	starts := x12Headers(f.text)
	if len(starts) == 0 {
		return nil, f.noHeader()
	}
	if len(starts) > limits.Records {
		return nil, tooLarge(src.base, "it has more than %d interchanges", limits.Records)
	}
	f.stray(0, starts[0].start)
	for i, header := range starts {
		end := len(f.text)
		if i+1 < len(starts) {
			end = starts[i+1].start
		}
		if err := f.interchange(header, end); err != nil {
			return nil, err
		}
	}
	places := src.places()
	for _, x := range f.interchanges {
		x.Start, x.End = places.of(int(x.Start)), places.of(int(x.End))
		for _, g := range x.Groups {
			for _, s := range g.Sets {
				s.Start, s.End = places.of(int(s.Start)), places.of(int(s.End))
			}
		}
	}
	return f, nil
}

func (f *X12File) noHeader() error {
	start := len(f.text) - len(strings.TrimLeft(f.text, x12Blank))
	problem := "it does not begin with ISA"
	if strings.HasPrefix(f.text[start:], "ISA") {
		_, problem = readX12Header(f.text, start)
	}
	return syntax(f.source.places().of(start), "%s", problem)
}

// stray notes text that belongs to no interchange.
func (f *X12File) stray(start, end int) {
	text := strings.TrimLeft(f.text[start:end], x12Blank)
	start = end - len(text)
	if text = strings.TrimRight(text, x12Blank); text != "" {
		f.spans = append(f.spans, x12Span{start: start, end: start + len(text), problem: x12Problem{start, "this belongs to no interchange"}})
	}
}

// x12Segments reads the segments of a part of a text one by one.
type x12Segments struct {
	text       string
	header     *x12Header
	at, limit  int
	start      int    // where the segment begins; at is where it ends
	segment    string // without terminator and without line ends inside
	terminated bool
}

func (s *x12Segments) next() bool {
	for s.at < s.limit {
		s.start = s.at
		for s.start < s.limit && isSpace(s.text[s.start]) {
			s.start++
		}
		trimmed := s.text[s.start:s.limit]
		i := strings.Index(trimmed, s.header.terminator)
		if s.terminated = i >= 0; s.terminated {
			s.segment, s.at = trimmed[:i], s.start+i+len(s.header.terminator)
		} else {
			s.segment = strings.TrimRight(trimmed, x12Blank)
			s.at = s.start + len(s.segment)
			s.limit = s.at
		}
		if s.segment = withoutLineEnds(s.segment); s.segment != "" {
			return true
		}
	}
	return false
}

// id returns the segment's identifier.
func (s *x12Segments) id() string {
	id, _, _ := strings.Cut(s.segment, s.header.element)
	return id
}

// x12Envelope follows the control segments of one interchange.
type x12Envelope struct {
	file        *X12File
	segments    x12Segments
	interchange *X12Interchange
	group       *X12Group
	set         *X12Set
	first       int // the first span of the interchange
	groupStart  int
	setStart    int
	ended       bool
}

// interchange reads the interchange of a header, up to a place of the text.
func (f *X12File) interchange(h *x12Header, end int) error {
	start := h.start
	x := &X12Interchange{
		Start: int64(start), header: h, Test: h.elements[15] == "T", Control: h.elements[13],
		Sender: X12Party{h.elements[5], h.elements[6]}, Receiver: X12Party{h.elements[7], h.elements[8]},
	}
	f.interchanges = append(f.interchanges, x)
	e := &x12Envelope{file: f, interchange: x, segments: x12Segments{text: f.text, header: h, at: h.end, limit: end}, first: len(f.spans)}
	if _, ok := controlNumber(x.Control); !ok {
		e.fail(start, X12BadStructure, "ISA13 is no number")
	}
	for !e.ended && e.segments.next() {
		e.segment()
		if n := max(len(f.spans), len(x.Groups)); n > f.limits.Records {
			return tooLarge(f.source.places().of(e.segments.at), "it has more than %d records", f.limits.Records)
		}
	}
	if !e.ended {
		e.segments.start = e.segments.at
		e.endGroup(nil)
		e.fail(e.segments.at, X12EndsEarly, "the interchange ends without IEA")
	}
	x.End = int64(e.segments.at)
	if x.problem.text != "" && len(f.spans) == e.first {
		f.spans = append(f.spans, x12Span{start: start, end: e.segments.at, interchange: x, problem: x.problem})
	}
	f.stray(e.segments.at, end)
	return nil
}

// segment takes in one segment after the header.
func (e *x12Envelope) segment() {
	switch id := e.segments.id(); id {
	case "GS":
		e.endGroup(nil)
		e.beginGroup(e.control())
	case "ST":
		e.endSet(nil)
		if e.group == nil {
			e.fail(e.segments.start, X12BadContent, "a transaction set stands outside of a group")
			e.beginGroup(nil)
		}
		e.beginSet(e.control())
	case "SE":
		if e.set == nil {
			e.fail(e.segments.start, X12BadContent, "SE ends no transaction set")
			return
		}
		e.endSet(e.control())
	case "GE":
		if e.group == nil {
			e.fail(e.segments.start, X12BadContent, "GE ends no group")
			return
		}
		e.endGroup(e.control())
	case "IEA":
		e.endGroup(nil)
		e.end(e.control())
	default:
		switch {
		case e.set != nil:
			e.set.Segments++
		case id == "TA1" && e.group == nil:
			e.file.spans = append(e.file.spans, x12Span{start: e.segments.start, end: e.segments.at, interchange: e.interchange})
		default:
			e.fail(e.segments.start, X12BadContent, "a segment stands outside of all transaction sets")
		}
	}
}

// control returns the elements of a control segment by number. None of them has components.
func (e *x12Envelope) control() []string {
	if e.segments.header.hasParts(e.segments.segment) {
		e.fail(e.segments.start, X12BadStructure, "a control segment holds a separator of components or repetitions")
	}
	elements := strings.Split(e.segments.segment, e.segments.header.element)
	for i, value := range elements {
		elements[i] = strings.Trim(value, " ")
	}
	return elements
}

// at returns an element that may be missing.
func at(elements []string, n int) string {
	if n < len(elements) {
		return elements[n]
	}
	return ""
}

// fail notes what is wrong with the interchange; the first thing counts.
func (e *x12Envelope) fail(at int, note, detail string) {
	if e.interchange.Note == "" {
		e.interchange.Note, e.interchange.problem = note, x12Problem{at, detail}
	}
}

func (e *x12Envelope) failGroup(code, format string, args ...any) {
	e.group.Errors = append(e.group.Errors, code)
	if e.group.problem.text == "" {
		e.group.problem = x12Problem{e.segments.start, fmt.Sprintf(format, args...)}
	}
}

func (e *x12Envelope) failSet(code, format string, args ...any) {
	e.set.Errors = append(e.set.Errors, X12Error{Code: code, Detail: fmt.Sprintf(format, args...)})
}

func (e *x12Envelope) beginGroup(gs []string) {
	e.group = &X12Group{FunctionalID: at(gs, 1), Sender: at(gs, 2), Receiver: at(gs, 3), Control: at(gs, 6), Version: at(gs, 8), Declared: -1, header: gs}
	e.groupStart = e.segments.start
	e.interchange.Groups = append(e.interchange.Groups, e.group)
}

func (e *x12Envelope) beginSet(st []string) {
	e.set = &X12Set{Start: int64(e.segments.start), ID: at(st, 1), Control: at(st, 2), Segments: 1}
	e.setStart = e.segments.start
	e.group.Sets = append(e.group.Sets, e.set)
	if e.set.ID == "" {
		e.failSet(X12SetNoIdentifier, "ST01 is missing")
	}
	if e.set.Control == "" {
		e.failSet(X12SetNoControl, "ST02 is missing")
	}
}

// endSet ends an open set, with its trailer or without.
func (e *x12Envelope) endSet(se []string) {
	if e.set == nil {
		return
	}
	end := e.segments.start
	if se == nil {
		e.failSet(X12SetNoTrailer, "the transaction set ends without SE")
	} else {
		end = e.segments.at
		e.set.Segments++
		if !sameControl(at(se, 2), e.set.Control) {
			e.failSet(X12SetControlDiffers, "SE02 is not the control number of ST02")
		}
		if n, ok := controlNumber(at(se, 1)); !ok || n != e.set.Segments {
			e.failSet(X12SetSegmentsDiffer, "SE01 says %s segments; there are %d", said(at(se, 1)), e.set.Segments)
		}
	}
	e.set.End = int64(end)
	e.file.spans = append(e.file.spans, x12Span{start: e.setStart, end: end, interchange: e.interchange, group: e.group, set: e.set})
	e.set = nil
}

// endGroup ends an open group, with its trailer or without.
func (e *x12Envelope) endGroup(ge []string) {
	e.endSet(nil)
	if e.group == nil {
		return
	}
	if ge == nil {
		e.failGroup(X12GroupNoTrailer, "the group ends without GE")
	} else {
		n, ok := controlNumber(at(ge, 1))
		if ok {
			e.group.Declared = n
		}
		if !sameControl(at(ge, 2), e.group.Control) {
			e.failGroup(X12GroupControlDiffers, "GE02 is not the control number of GS06")
		}
		if n != len(e.group.Sets) {
			e.failGroup(X12GroupSetsDiffer, "GE01 says %s transaction sets; there are %d", said(at(ge, 1)), len(e.group.Sets))
		}
	}
	if len(e.group.Sets) == 0 && e.group.problem.text != "" {
		e.file.spans = append(e.file.spans, x12Span{start: e.groupStart, end: e.segments.at, interchange: e.interchange, group: e.group, problem: e.group.problem})
	}
	e.group = nil
}

// end ends the interchange with its trailer.
func (e *x12Envelope) end(iea []string) {
	e.ended = true
	if !sameControl(at(iea, 2), e.interchange.Control) {
		e.fail(e.segments.start, X12ControlDiffers, "IEA02 is not the control number of ISA13")
	}
	if n, ok := controlNumber(at(iea, 1)); !ok || n != len(e.interchange.Groups) {
		e.fail(e.segments.start, X12GroupsDiffer, fmt.Sprintf("IEA01 says %s groups; there are %d", said(at(iea, 1)), len(e.interchange.Groups)))
	}
}

// controlNumber reads a count or a numeric control number.
func controlNumber(text string) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= 0 && len(text) <= 9 && text[0] != '+'
}

// sameControl compares control numbers; leading zeros of a numeric one mean nothing.
func sameControl(a, b string) bool {
	m, isNumber := controlNumber(a)
	n, both := controlNumber(b)
	return a == b && a != "" || isNumber && both && m == n
}

// said is a count of the sender's for an error text, unless it is none.
func said(text string) string {
	if _, ok := controlNumber(text); ok {
		return text
	}
	return "no number of"
}
