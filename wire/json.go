package wire

import (
	"encoding/json"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// JSON opens a single JSON document (RFC 8259) as one record. A member named twice and
// anything after the document are H-SYNTAX: two readers would understand two things.
// Numbers keep their digits, so that an identifier above 2^53 stays itself.
func JSON(body []byte, limits Limits) (*Document, error) {
	src, err := open(body, UTF8, &limits)
	if err != nil {
		return nil, err
	}
	r := &jsonReader{text: string(src.text), base: src.base, limits: limits}
	tree, failure := r.document()
	if failure != nil {
		return nil, failure
	}
	record := Record{Start: 0, End: int64(len(body)), Number: 1, Tree: tree}
	return &Document{records: func(yield func(Record) bool) { yield(record) }}, nil
}

// jsonReader builds a tree in one pass. Texts are parts of the document's text wherever they
// need no unescaping, so that a tree costs few allocations and keeps the document alive.
type jsonReader struct {
	text   string
	at     int
	base   int64
	limits Limits
	depth  int
	values int
	boxes  boxes
	// members and elements are the open objects and arrays, one after the other: an object is
	// made when its size is known, because a map that grows costs twice.
	members  []jsonMember
	elements []any
}

type jsonMember struct {
	name  string
	end   int // where the name ends in the text
	value any
}

func (r *jsonReader) document() (any, *fault.Error) {
	tree, err := r.value()
	if err != nil {
		return nil, err
	}
	if r.space(); r.at < len(r.text) {
		return nil, r.syntax("something follows the document")
	}
	return tree, nil
}

func (r *jsonReader) value() (any, *fault.Error) {
	r.space()
	if r.at == len(r.text) {
		return nil, r.cutOff()
	}
	if r.values++; r.values > r.limits.Values {
		return nil, tooLarge(r.place(), "it has more than %d values", r.limits.Values)
	}
	switch c := r.text[r.at]; {
	case c == '"':
		text, err := r.string()
		if err != nil {
			return nil, err
		}
		return r.boxes.text(text), nil
	case c == '{':
		return r.nested(r.object)
	case c == '[':
		return r.nested(r.array)
	case c == '-' || '0' <= c && c <= '9':
		return r.number()
	case c == 't':
		return true, r.word("true")
	case c == 'f':
		return false, r.word("false")
	case c == 'n':
		return nil, r.word("null")
	}
	return nil, r.syntax("a value is expected")
}

func (r *jsonReader) nested(read func() (any, *fault.Error)) (any, *fault.Error) {
	r.at++
	if r.depth++; r.depth > r.limits.Depth {
		return nil, tooLarge(r.place(), "it is nested deeper than %d", r.limits.Depth)
	}
	tree, err := read()
	r.depth--
	return tree, err
}

func (r *jsonReader) object() (any, *fault.Error) {
	first := len(r.members)
	for more := !r.ends('}'); more; {
		if r.space(); r.at == len(r.text) || r.text[r.at] != '"' {
			return nil, r.syntax("a member's name is expected")
		}
		name, err := r.string()
		if err != nil {
			return nil, err
		}
		end := r.at
		if r.space(); r.at == len(r.text) || r.text[r.at] != ':' {
			return nil, r.syntax("a colon is expected after a member's name")
		}
		r.at++
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		r.members = append(r.members, jsonMember{name, end, value})
		if more, err = r.more('}'); err != nil {
			return nil, err
		}
	}
	members := r.members[first:]
	object := make(map[string]any, len(members))
	for i, m := range members {
		if object[m.name] = m.value; len(object) <= i {
			return nil, syntax(r.base+int64(m.end), "a member is named twice")
		}
	}
	clear(members)
	r.members = r.members[:first]
	return object, nil
}

func (r *jsonReader) array() (any, *fault.Error) {
	first := len(r.elements)
	for more := !r.ends(']'); more; {
		value, err := r.value()
		if err != nil {
			return nil, err
		}
		r.elements = append(r.elements, value)
		if more, err = r.more(']'); err != nil {
			return nil, err
		}
	}
	array := make([]any, len(r.elements)-first)
	copy(array, r.elements[first:])
	clear(r.elements[first:])
	r.elements = r.elements[:first]
	return array, nil
}

// ends passes over the end of an object or array that may be empty.
func (r *jsonReader) ends(end byte) bool {
	r.space()
	if r.at < len(r.text) && r.text[r.at] == end {
		r.at++
		return true
	}
	return false
}

// more passes over what follows a value: a comma, or the end.
func (r *jsonReader) more(end byte) (bool, *fault.Error) {
	r.space()
	if r.at == len(r.text) {
		return false, r.cutOff()
	}
	c := r.text[r.at]
	if c != ',' && c != end {
		return false, r.syntax("a comma or the end of an object or array is expected")
	}
	r.at++
	return c == ',', nil
}

func (r *jsonReader) space() {
	for r.at < len(r.text) {
		switch r.text[r.at] {
		case ' ', '\n', '\r', '\t':
			r.at++
		default:
			return
		}
	}
}

func (r *jsonReader) word(word string) *fault.Error {
	if !strings.HasPrefix(r.text[r.at:], word) {
		return r.syntax("a value is expected")
	}
	r.at += len(word)
	return nil
}

// number reads -?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?
func (r *jsonReader) number() (any, *fault.Error) {
	start := r.at
	r.skip("-")
	if !r.skip("0") && !r.digits() {
		return nil, r.syntax("a number has no digits")
	}
	if r.skip(".") && !r.digits() {
		return nil, r.syntax("a number has no digits after its point")
	}
	if r.skip("eE") {
		r.skip("+-")
		if !r.digits() {
			return nil, r.syntax("a number has no digits in its exponent")
		}
	}
	if r.at-start > maxNumberDigits {
		return nil, tooLarge(r.place(), "a number has more than %d digits", maxNumberDigits)
	}
	return r.boxes.number(json.Number(r.text[start:r.at])), nil
}

// skip passes over one of the characters.
func (r *jsonReader) skip(characters string) bool {
	if r.at < len(r.text) && strings.IndexByte(characters, r.text[r.at]) >= 0 {
		r.at++
		return true
	}
	return false
}

func (r *jsonReader) digits() bool {
	start := r.at
	for r.at < len(r.text) && '0' <= r.text[r.at] && r.text[r.at] <= '9' {
		r.at++
	}
	return r.at > start
}

func (r *jsonReader) place() int64 { return r.base + int64(r.at) }

func (r *jsonReader) cutOff() *fault.Error {
	return r.syntax("it ends before the document is complete")
}

func (r *jsonReader) syntax(detail string) *fault.Error { return syntax(r.place(), "%s", detail) }
