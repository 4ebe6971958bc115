package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"github.com/heddlehq/heddle/fault"
)

// JSON opens a single JSON document (RFC 8259) as one record. A member named twice and
// anything after the document are H-SYNTAX: two readers would understand two things.
// Numbers keep their digits, so that an identifier above 2^53 stays itself.
func JSON(body []byte, limits Limits) (*Document, error) {
	text, base, err := open(body, &limits)
	if err != nil {
		return nil, err
	}
	r := &jsonReader{decoder: json.NewDecoder(bytes.NewReader(text)), base: base, limits: limits}
	r.decoder.UseNumber()
	tree, err := r.value(0)
	if err != nil {
		return nil, err
	}
	if _, err := r.decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, r.syntax("something follows the document")
	}
	record := Record{Start: 0, End: int64(len(body)), Number: 1, Tree: tree}
	return &Document{records: func(yield func(Record) bool) { yield(record) }}, nil
}

type jsonReader struct {
	decoder *json.Decoder
	base    int64
	limits  Limits
	values  int
}

func (r *jsonReader) value(depth int) (any, error) {
	token, err := r.token()
	if err != nil {
		return nil, err
	}
	if r.values++; r.values > r.limits.Values {
		return nil, tooLarge(r.at(), "it has more than %d values", r.limits.Values)
	}
	switch token := token.(type) {
	case json.Delim:
		if depth++; depth > r.limits.Depth {
			return nil, tooLarge(r.at(), "it is nested deeper than %d", r.limits.Depth)
		}
		if token == '{' {
			return r.object(depth)
		}
		return r.array(depth)
	case json.Number:
		if len(token) > maxNumberDigits {
			return nil, tooLarge(r.at(), "a number has more than %d digits", maxNumberDigits)
		}
	}
	return token, nil
}

func (r *jsonReader) object(depth int) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		token, err := r.token()
		if err != nil {
			return nil, err
		}
		name, ok := token.(string)
		if !ok {
			return nil, r.syntax("a member's name is not a string")
		}
		if _, doubled := object[name]; doubled {
			return nil, r.syntax("a member is named twice")
		}
		if object[name], err = r.value(depth); err != nil {
			return nil, err
		}
	}
	_, err := r.token()
	return object, err
}

func (r *jsonReader) array(depth int) (any, error) {
	array := []any{}
	for r.decoder.More() {
		value, err := r.value(depth)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := r.token()
	return array, err
}

func (r *jsonReader) token() (json.Token, error) {
	token, err := r.decoder.Token()
	var malformed *json.SyntaxError
	switch {
	case err == nil:
		return token, nil
	case errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF):
		return nil, r.syntax("it ends before the document is complete")
	case errors.As(err, &malformed):
		return nil, r.syntax("it is not JSON: %v", malformed)
	}
	return nil, r.syntax("it is not JSON")
}

func (r *jsonReader) at() int64 { return r.base + r.decoder.InputOffset() }

func (r *jsonReader) syntax(format string, args ...any) *fault.Error {
	return syntax(r.at(), format, args...)
}
