package pack

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// records returns what of a payload is mapped by itself: the records of its format, or the
// elements of the array that the topic names within a JSON document, each with its own place
// in the payload, so that one that is refused leaves its neighbours alone.
func (t *Topic) records(in *payload) (iter.Seq[wire.Record], error) {
	document, err := t.open(in)
	if err != nil || t.elements == "" {
		if err != nil {
			return nil, err
		}
		return document.Records(), nil
	}
	spans, err := elements(in.Body, strings.Split(t.elements, "."))
	if err != nil {
		return nil, err
	}
	return func(yield func(wire.Record) bool) {
		for i, s := range spans {
			record := wire.Record{Start: s.start, End: s.end, Number: i + 1}
			element, err := wire.JSON(in.Body[s.start:s.end], in.Limits)
			if err != nil {
				record.Err = fault.As(err)
			} else {
				for whole := range element.Records() {
					record.Tree = whole.Tree
				}
			}
			if !yield(record) {
				return
			}
		}
	}, nil
}

// span is a part of a payload, the end excluded.
type span struct{ start, end int64 }

// elements finds the elements of the array at a path of member names in a document that is
// known to be JSON. A document that has no such array is H-SYNTAX.
func elements(body []byte, path []string) ([]span, error) {
	d := json.NewDecoder(bytes.NewReader(body))
	for _, name := range path {
		if !enter(d, name) {
			return nil, fault.New(fault.BadSyntax, strings.Join(path, "."), "the document has no such array")
		}
	}
	if token, err := d.Token(); err != nil || token != json.Delim('[') {
		return nil, fault.New(fault.BadSyntax, strings.Join(path, "."), "the document has no such array")
	}
	var out []span
	for d.More() {
		var raw json.RawMessage
		if err := d.Decode(&raw); err != nil {
			return nil, fault.Wrap(err, fault.BadSyntax, "pack.elements", strings.Join(path, "."))
		}
		end := d.InputOffset()
		out = append(out, span{end - int64(len(raw)), end})
	}
	return out, nil
}

// enter moves into the member of an object, before its value; false where there is none.
func enter(d *json.Decoder, name string) bool {
	if token, err := d.Token(); err != nil || token != json.Delim('{') {
		return false
	}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return false
		}
		if token == name {
			return true
		}
		var skipped json.RawMessage
		if d.Decode(&skipped) != nil {
			return false
		}
	}
	return false
}
