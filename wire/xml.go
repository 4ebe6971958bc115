package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
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
	arrays := map[string]bool{}
	for _, name := range options.Arrays {
		arrays[name] = true
	}
	r := newXMLReader(src.text, src.places(), arrays, limits)
	r.record = options.Record
	if err := r.document(); err != nil {
		return nil, err
	}
	return &Document{Root: r.root, records: r.reread(src)}, nil
}

// xmlReader reads a document twice: first whole, noting where the records are and building
// only what is around them; then each record when it is asked for.
type xmlReader struct {
	decoder *xml.Decoder
	places  *places
	arrays  map[string]bool
	limits  Limits
	record  string // local name of the record element; empty builds the whole element
	root    string
	depth   int
	values  int
	spans   []xmlSpan
}

// xmlSpan is where a record stands, and in which element.
type xmlSpan struct {
	start, end int // in the text
	number     int // among the records of the parent
	parent     *xmlElement
}

// xmlElement is an element while it is being read.
type xmlElement struct {
	members map[string]any
	text    strings.Builder
	records int // how many of its children are records
}

func newXMLReader(text []byte, places *places, arrays map[string]bool, limits Limits) *xmlReader {
	decoder := xml.NewDecoder(bytes.NewReader(text))
	// The text is UTF-8 by now, whatever the declaration says.
	decoder.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	return &xmlReader{decoder: decoder, places: places, arrays: arrays, limits: limits}
}

// document reads the whole text: one root element and nothing else of weight.
func (r *xmlReader) document() error {
	for {
		start := r.offset()
		token, err := r.token()
		if errors.Is(err, io.EOF) {
			if r.root == "" {
				return r.syntax("it has no element")
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if r.root != "" {
				return r.syntax("it has a second root element")
			}
			r.root = token.Name.Local
			if err := r.child(token, start, nil); err != nil {
				return err
			}
		case xml.CharData:
			if len(bytes.TrimSpace(token)) > 0 {
				return r.syntax("text stands outside of the root element")
			}
		}
	}
}

// child takes in the element that start opens: as a record, or as a member of its parent.
func (r *xmlReader) child(start xml.StartElement, at int, parent *xmlElement) error {
	name := start.Name.Local
	if name != r.record && (parent != nil || r.record != "") {
		tree, err := r.element(start)
		if err == nil && parent != nil {
			parent.add(name, tree, r.arrays[name])
		}
		return err
	}
	if len(r.spans) == r.limits.Records {
		return tooLarge(r.at(), "it has more than %d records", r.limits.Records)
	}
	around := r.values
	r.values = 0
	if err := r.skip(start); err != nil {
		return err
	}
	r.values = around
	number := 1
	if parent != nil {
		parent.records++
		number = parent.records
	}
	r.spans = append(r.spans, xmlSpan{at, r.offset(), number, parent})
	return nil
}

// element builds the tree of the element that start opens, without the records in it.
func (r *xmlReader) element(start xml.StartElement) (any, error) {
	e := &xmlElement{}
	if err := r.open(start, e); err != nil {
		return nil, err
	}
	defer func() { r.depth-- }()
	for {
		at := r.offset()
		token, err := r.token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := r.child(token, at, e); err != nil {
				return nil, err
			}
		case xml.CharData:
			e.text.Write(token)
		case xml.EndElement:
			return e.tree(), nil
		}
	}
}

// skip passes over the element that start opens, checking its limits and its syntax.
func (r *xmlReader) skip(start xml.StartElement) error {
	depth := r.depth
	defer func() { r.depth = depth }()
	if err := r.open(start, nil); err != nil {
		return err
	}
	for r.depth > depth {
		token, err := r.token()
		if err != nil {
			return err
		}
		switch token := token.(type) {
		case xml.StartElement:
			if err := r.open(token, nil); err != nil {
				return err
			}
		case xml.EndElement:
			r.depth--
		}
	}
	return nil
}

// open counts an element, checks its attributes and, where e is given, keeps them in it.
func (r *xmlReader) open(start xml.StartElement, e *xmlElement) error {
	if r.depth++; r.depth > r.limits.Depth {
		return tooLarge(r.at(), "it is nested deeper than %d", r.limits.Depth)
	}
	if r.values += 1 + len(start.Attr); r.values > r.limits.Values {
		return tooLarge(r.at(), "it has more than %d values", r.limits.Values)
	}
	seen := make(map[xml.Name]bool, len(start.Attr))
	for _, attr := range start.Attr {
		if seen[attr.Name] {
			return r.syntax("an element has an attribute twice")
		}
		seen[attr.Name] = true
		declaration := attr.Name.Space == "xmlns" || attr.Name == xml.Name{Local: "xmlns"}
		if e == nil || declaration {
			continue
		}
		if _, taken := e.members["@"+attr.Name.Local]; !taken || attr.Name.Space == "" {
			e.set("@"+attr.Name.Local, attr.Value)
		}
	}
	return nil
}

func (r *xmlReader) token() (xml.Token, error) {
	token, err := r.decoder.Token()
	var malformed *xml.SyntaxError
	switch {
	case errors.As(err, &malformed) && malformed.Msg == "unexpected EOF":
		return nil, r.syntax("it ends before the document is complete")
	case err != nil && !errors.Is(err, io.EOF):
		// The decoder's message quotes the payload, which can hold a person's name.
		return nil, r.syntax("it is not well-formed XML")
	}
	if _, ok := token.(xml.Directive); ok {
		return nil, r.syntax("a document type declaration is not accepted")
	}
	return token, err
}

// reread yields the records that the first reading found.
func (r *xmlReader) reread(src source) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		places := src.places()
		for _, span := range r.spans {
			record := Record{Start: places.of(span.start), End: places.of(span.end), Number: span.number}
			if span.parent != nil {
				record.Envelope = span.parent.members
			}
			inner := newXMLReader(src.text[span.start:span.end], places, r.arrays, r.limits)
			record.Tree, record.Err = inner.single()
			if !yield(record) {
				return
			}
		}
	}
}

// single builds the one element that the text is.
func (r *xmlReader) single() (any, *fault.Error) {
	token, err := r.token()
	start, ok := token.(xml.StartElement)
	if err != nil || !ok {
		return nil, fault.New(fault.InternalError, "record", "the first reading marked it wrongly")
	}
	tree, err := r.element(start)
	if err != nil {
		return nil, fault.As(err)
	}
	return tree, nil
}

// offset is how far the text was read.
func (r *xmlReader) offset() int { return int(r.decoder.InputOffset()) }

func (r *xmlReader) at() int64 { return r.places.of(r.offset()) }

func (r *xmlReader) syntax(detail string) *fault.Error { return syntax(r.at(), "%s", detail) }

func (e *xmlElement) set(name string, value any) {
	if e.members == nil {
		e.members = map[string]any{}
	}
	e.members[name] = value
}

func (e *xmlElement) add(name string, tree any, always bool) {
	switch before, repeated := e.members[name]; before := before.(type) {
	case []any:
		e.set(name, append(before, tree))
	default:
		switch {
		case repeated:
			e.set(name, []any{before, tree})
		case always:
			e.set(name, []any{tree})
		default:
			e.set(name, tree)
		}
	}
}

// tree is the element's final form: a text, or an object.
func (e *xmlElement) tree() any {
	text := strings.Trim(e.text.String(), " \t\r\n")
	if e.members == nil {
		return text
	}
	if text != "" {
		e.set("#text", text)
	}
	return e.members
}
