package wire

import (
	"iter"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// XMLOptions says what the records of an XML document are and which elements repeat.
type XMLOptions struct {
	// Record is the local name of the element that is one record; empty means that the
	// document is one record.
	Record string
	// Arrays are the local names of elements that can repeat. They are always arrays in
	// their parent, also when there is one, so that a mapping has one form to read.
	Arrays []string
}

// XML opens an XML document by local names: namespaces and prefixes are dropped, because
// senders of one format disagree on them.
//
// An element that holds only text is that text, without the white space around it. Every
// other element is an object: attributes by "@" and their name, its text under "#text", its
// children by name; two children of one name are an array. Of two attributes with one local
// name the one without a prefix stays. Comments and processing instructions are passed over.
//
// The encoding is the one that a byte order mark or the XML declaration names; a declaration
// that can be read byte by byte and says UTF-16 is taken for UTF-8, which many programs write so.
//
// A document type declaration, and with it every entity of the sender's own, is H-SYNTAX.
func XML(body []byte, options XMLOptions, limits Limits) (*Document, error) {
	src, err := openXML(body, &limits)
	if err != nil {
		return nil, err
	}
	r := newXMLReader(xmlScanner{text: string(src.text)}, src.places(), limits)
	r.record = options.Record
	for _, name := range options.Arrays {
		r.arrays[name] = true
	}
	if at := foreignCharacter(r.scan.text); at >= 0 {
		return nil, syntax(r.places.of(at), xmlMalformed)
	}
	if err := r.document(); err != nil {
		return nil, err
	}
	return &Document{Root: r.root, records: r.records(src)}, nil
}

// xmlReader reads a document twice: first whole, noting where the records are and building
// only what is around them; then each record when it is asked for.
type xmlReader struct {
	scan   xmlScanner
	places *places
	arrays map[string]bool
	record string // local name of the record element
	limits Limits
	root   string
	values int
	spans  []xmlSpan

	// The members, and the pieces of text, of the open elements, one after the other: an
	// object is made when its members are known.
	members    []xmlMember
	pieces     []string
	attributes map[string]string // the names of attributes in objects, by their own
	boxes      boxes
}

// xmlSpan is where a record stands, and in which element.
type xmlSpan struct {
	start, end int // in the text
	number     int // among the records of the parent
	parent     *xmlParent
}

// xmlParent is an element that can have records: it is known what they are in when it ends.
type xmlParent struct {
	object  map[string]any // nil if there is nothing but records
	records int
}

// xmlMember is a member of an object that is about to be made.
type xmlMember struct {
	name  string
	value any
}

func newXMLReader(scan xmlScanner, places *places, limits Limits) *xmlReader {
	return &xmlReader{scan: scan, places: places, arrays: map[string]bool{}, limits: limits, attributes: map[string]string{}}
}

// document reads the whole text: one root element and nothing else of weight.
func (r *xmlReader) document() error {
	for {
		switch r.scan.next() {
		case xmlOver:
			if r.root == "" {
				return r.syntax("it has no element")
			}
			return nil
		case xmlBegin:
			if r.root != "" {
				r.scan.at = r.scan.start
				return r.syntax("it has a second root element")
			}
			r.root = localName(r.scan.name)
			if err := r.rootElement(); err != nil {
				return err
			}
		case xmlCharacters:
			if strings.Trim(r.scan.value, xmlSpace) != "" {
				r.scan.at = r.scan.start
				return r.syntax("text stands outside of the root element")
			}
		default:
			return r.syntax(r.scan.problem)
		}
	}
}

// rootElement reads the root: as the one record, or for the records in it. Its own tree is only
// their envelope.
func (r *xmlReader) rootElement() *fault.Error {
	if r.record == "" || r.record == r.root {
		return r.span(nil)
	}
	_, err := r.element()
	return err
}

const xmlSpace = " \t\r\n"

// span notes the record that was begun, and passes over it.
func (r *xmlReader) span(parent *xmlParent) *fault.Error {
	if len(r.spans) == r.limits.Records {
		return tooLarge(r.at(), "it has more than %d records", r.limits.Records)
	}
	start, around := r.scan.start, r.values
	r.values = 0
	if err := r.skip(); err != nil {
		return err
	}
	r.values = around
	number := 1
	if parent != nil {
		parent.records++
		number = parent.records
	}
	r.spans = append(r.spans, xmlSpan{start, r.scan.at, number, parent})
	return nil
}

// element builds the tree of the element that was begun, without the records in it.
func (r *xmlReader) element() (any, *fault.Error) {
	if err := r.count(); err != nil {
		return nil, err
	}
	var parent *xmlParent
	firstMember, firstPiece := len(r.members), len(r.pieces)
	r.keepAttributes()
	for {
		switch r.scan.next() {
		case xmlBegin:
			name := localName(r.scan.name)
			if name == r.record {
				if parent == nil {
					parent = &xmlParent{}
				}
				if err := r.span(parent); err != nil {
					return nil, err
				}
				continue
			}
			tree, err := r.element()
			if err != nil {
				return nil, err
			}
			r.members = append(r.members, xmlMember{name, tree})
		case xmlCharacters:
			r.pieces = append(r.pieces, r.scan.value)
		case xmlEnd:
			text := joined(r.pieces[firstPiece:])
			r.pieces = r.pieces[:firstPiece]
			members := r.members[firstMember:]
			if len(members) == 0 {
				return r.boxes.text(text), nil
			}
			object := r.object(members, text)
			r.members = r.members[:firstMember]
			if parent != nil {
				parent.object = object
			}
			return object, nil
		default:
			return nil, r.syntax(r.scan.problem)
		}
	}
}

// keepAttributes makes members of an element's attributes, but not of declarations of namespaces.
// Those without a prefix come first, and the first of a name stays.
func (r *xmlReader) keepAttributes() {
	for _, prefixed := range []bool{false, true} {
		for _, a := range r.scan.attrs {
			name := localName(a.name)
			if (len(name) < len(a.name)) != prefixed || a.name == "xmlns" || strings.HasPrefix(a.name, "xmlns:") {
				continue
			}
			key, known := r.attributes[name]
			if !known {
				key = "@" + name
				r.attributes[name] = key
			}
			r.members = append(r.members, xmlMember{key, r.boxes.text(a.value)})
		}
	}
}

// objectHint bounds the size that an object is made for: members of one name are one array.
const objectHint = 32

// object makes an element's object of its members and its text.
func (r *xmlReader) object(members []xmlMember, text string) map[string]any {
	object := make(map[string]any, min(len(members)+1, objectHint))
	for _, m := range members {
		before, repeated := object[m.name]
		array, isArray := before.([]any)
		switch {
		case isArray:
			object[m.name] = append(array, m.value)
		case repeated && m.name[0] == '@':
		case repeated:
			object[m.name] = []any{before, m.value}
		case r.arrays[m.name]:
			object[m.name] = []any{m.value}
		default:
			object[m.name] = m.value
		}
	}
	if text != "" {
		object["#text"] = r.boxes.text(text)
	}
	clear(members)
	return object
}

// joined is the text of an element without the white space around it.
func joined(pieces []string) string {
	blank := func(piece string) bool { return strings.Trim(piece, xmlSpace) == "" }
	for len(pieces) > 0 && blank(pieces[0]) {
		pieces = pieces[1:]
	}
	for len(pieces) > 0 && blank(pieces[len(pieces)-1]) {
		pieces = pieces[:len(pieces)-1]
	}
	return strings.Trim(strings.Join(pieces, ""), xmlSpace)
}

// skip passes over the element that was begun, checking its limits and its syntax.
func (r *xmlReader) skip() *fault.Error {
	depth := len(r.scan.opened)
	if err := r.count(); err != nil {
		return err
	}
	for {
		switch r.scan.next() {
		case xmlBegin:
			if err := r.count(); err != nil {
				return err
			}
		case xmlEnd:
			if len(r.scan.opened) < depth {
				return nil
			}
		case xmlCharacters:
		default:
			return r.syntax(r.scan.problem)
		}
	}
}

// count counts the element that was begun against the limits.
func (r *xmlReader) count() *fault.Error {
	if len(r.scan.opened) > r.limits.Depth {
		return tooLarge(r.at(), "it is nested deeper than %d", r.limits.Depth)
	}
	if r.values += 1 + len(r.scan.attrs); r.values > r.limits.Values {
		return tooLarge(r.at(), "it has more than %d values", r.limits.Values)
	}
	return nil
}

// records yields the records that the first reading found.
func (r *xmlReader) records(src source) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		places := src.places()
		inner := newXMLReader(xmlScanner{}, places, r.limits)
		inner.arrays = r.arrays
		for _, span := range r.spans {
			record := Record{Start: places.of(span.start), End: places.of(span.end), Number: span.number}
			if span.parent != nil {
				record.Envelope = span.parent.object
			}
			inner.scan = xmlScanner{text: r.scan.text[:span.end], at: span.start, attrs: inner.scan.attrs, opened: inner.scan.opened[:0]}
			inner.values, inner.members, inner.pieces = 0, inner.members[:0], inner.pieces[:0]
			record.Tree, record.Err = inner.single()
			if !yield(record) {
				return
			}
		}
	}
}

// single builds the one element that stands where the scanner is.
func (r *xmlReader) single() (any, *fault.Error) {
	if r.scan.next() != xmlBegin {
		return nil, fault.New(fault.InternalError, "record", "the first reading marked it wrongly")
	}
	return r.element()
}

func (r *xmlReader) at() int64 { return r.places.of(r.scan.at) }

func (r *xmlReader) syntax(detail string) *fault.Error { return syntax(r.at(), "%s", detail) }
