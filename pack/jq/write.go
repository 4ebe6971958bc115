package jq

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"unicode/utf8"
)

// Write runs a program as Run does and passes on each result as JSON, without making a
// value of what the program builds last. Members stand in the order of the program, those of
// other objects in the order of their names. The bytes are yield's until it returns.
func (m *Machine) Write(ctx context.Context, c *Code, in Input, yield func(b []byte) error) error {
	m.start(ctx, c, in)
	w := &m.writer
	if w.b == nil {
		w.b = make([]byte, 0, usual)
	}
	w.yield, w.frame, w.most, w.skipNull = yield, &m.frame, c.options.Values, c.options.SkipNull
	return cause(w.results(c.root, in.Value, result))
}

// usual is how long a result usually is at most.
const usual = 512

// writer writes the results of one run.
type writer struct {
	*frame
	yield func(b []byte) error
	b     []byte
	left  int // values that the result can still have
	most  int

	skipNull bool
}

// into says where results go: each to yield, or as elements into the array that begins at a
// place of the bytes.
type into int

const result into = -1

// results writes every result of a node. Where a node only passes on what its parts give it
// is followed into them.
func (w *writer) results(n node, in any, to into) error {
	switch n := n.(type) {
	case *pipe:
		if n.left.optional() {
			v, ok, err := n.left.maybe(w.frame, in)
			if err != nil || !ok {
				return err
			}
			return w.results(n.right, v, to)
		}
		return w.pipe(n, in, to)
	case *comma:
		if err := w.results(n.left, in, to); err != nil {
			return err
		}
		return w.results(n.right, in, to)
	case *choice:
		if n.test.optional() {
			v, ok, err := n.test.maybe(w.frame, in)
			if err != nil || !ok {
				return err
			}
			return w.results(n.branch(v), in, to)
		}
		return w.choice(n, in, to)
	case *binding:
		if !n.simple() {
			return w.binding(n, in, to)
		}
		ok, err := n.set(w.frame, in)
		if err != nil || !ok {
			return err
		}
		return w.results(n.body, in, to)
	}
	if !n.single() {
		return w.each(n, in, to)
	}
	w.start(to)
	return w.end(w.one(n, in), to)
}

func (w *writer) pipe(n *pipe, in any, to into) error {
	if over, ok := n.left.(*iteration); ok && over.of.optional() {
		of, ok, err := over.of.maybe(w.frame, in)
		if err != nil || !ok {
			return err
		}
		if list, ok := of.([]any); ok {
			return w.loop(list, n.right, to)
		}
		return over.through(w.frame, value{v: of}, func(v value) error { return w.results(n.right, v.v, to) })
	}
	return n.left.each(w.frame, value{v: in}, func(v value) error { return w.results(n.right, v.v, to) })
}

func (w *writer) loop(list []any, n node, to into) error {
	for _, element := range list {
		if err := w.step(); err != nil {
			return err
		}
		if err := w.results(n, element, to); err != nil {
			return err
		}
	}
	return nil
}

func (w *writer) choice(n *choice, in any, to into) error {
	return n.test.each(w.frame, value{v: in}, func(v value) error { return w.results(n.branch(v.v), in, to) })
}

func (w *writer) binding(n *binding, in any, to into) error {
	return results(n.source, w.frame, in, func(v any) error {
		return n.pattern.bind(w.frame, v, func() error { return w.results(n.body, in, to) })
	})
}

func (w *writer) each(n node, in any, to into) error {
	return results(n, w.frame, in, func(v any) error {
		w.start(to)
		return w.end(w.value(v), to)
	})
}

func (w *writer) start(to into) {
	switch {
	case to == result:
		w.b, w.left = w.b[:0], w.most
	case len(w.b) > int(to):
		w.b = append(w.b, ',')
	}
}

func (w *writer) end(err error, to into) error {
	if err == nil && to == result {
		err = w.step()
	}
	if err != nil || to != result {
		return err
	}
	return w.yield(w.b)
}

// one writes the result of a node that has one.
func (w *writer) one(n node, in any) error {
	switch n := n.(type) {
	case only[*object]:
		return w.object(n.is, in)
	case only[*array]:
		return w.array(n.is, in)
	case only[tuple]:
		return w.tuple(n.is, in)
	case *pipe:
		v, err := n.left.one(w.frame, in)
		if err != nil {
			return err
		}
		return w.one(n.right, v)
	case *choice:
		v, err := n.test.one(w.frame, in)
		if err != nil {
			return err
		}
		return w.one(n.branch(v), in)
	case *binding:
		if _, err := n.set(w.frame, in); err != nil {
			return err
		}
		return w.one(n.body, in)
	case only[variable]:
		of := w.above(n.is.up)
		late, ok := of.vars[n.is.slot].(deferred)
		switch {
		case !ok:
			return w.value(of.vars[n.is.slot])
		case of == w.frame:
			return w.one(late.object, late.in)
		}
	case only[*call]:
		if n.is.write != nil {
			return w.call(n.is, in)
		}
	}
	v, err := n.one(w.frame, in)
	if err != nil {
		return err
	}
	return w.value(v)
}

func (w *writer) object(n *object, in any) error {
	if n.before == nil {
		v, err := n.one(w.frame, in)
		if err != nil {
			return err
		}
		return w.value(v)
	}
	if err := w.count(); err != nil {
		return err
	}
	w.b = append(w.b, '{')
	start := len(w.b)
	for i, m := range n.members {
		mark := len(w.b)
		if mark > start {
			w.b = append(w.b, ',')
		}
		w.b = append(w.b, n.before[i]...)
		if n.written[i] != "" {
			if err := w.count(); err != nil {
				return err
			}
			w.b = append(w.b, n.written[i]...)
			continue
		}
		v := len(w.b)
		if err := w.one(m.value, in); err != nil {
			return err
		}
		if w.skipNull && w.b[v] == 'n' {
			w.b = w.b[:mark]
		}
	}
	w.b = append(w.b, '}')
	return nil
}

// call writes what a function gives that can write it itself.
func (w *writer) call(n *call, in any) error {
	if err := w.count(); err != nil {
		return err
	}
	mark := len(w.args)
	args, err := w.values(n.args, in)
	if err == nil {
		if w.b, err = n.write(w.b, w.run, in, args); err != nil {
			err = &final{err}
		}
	}
	w.args = w.args[:mark]
	return err
}

func (w *writer) tuple(n tuple, in any) error {
	if err := w.count(); err != nil {
		return err
	}
	w.b = append(w.b, '[')
	for i, part := range n {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		if err := w.one(part, in); err != nil {
			return err
		}
	}
	w.b = append(w.b, ']')
	return nil
}

func (w *writer) array(n *array, in any) error {
	if err := w.count(); err != nil {
		return err
	}
	w.b = append(w.b, '[')
	if err := w.results(n.body, in, into(len(w.b))); err != nil {
		return err
	}
	w.b = append(w.b, ']')
	return nil
}

// ErrInexact is a result with a number that is no whole number of 64 bits, save the numbers
// of the input, which keep their digits.
var ErrInexact = errors.New("jq: a result has a number that is not exact")

// ErrValues is a result with more values than the options allow.
var ErrValues = errors.New("jq: a result has too many values")

func (w *writer) count() error {
	if w.left--; w.left < 0 {
		return &final{ErrValues}
	}
	return nil
}

// value writes a value.
func (w *writer) value(v any) error {
	if err := w.count(); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		w.b = append(w.b, "null"...)
	case bool:
		w.b = strconv.AppendBool(w.b, v)
	case string:
		w.b = appendText(w.b, v)
	case int:
		w.b = strconv.AppendInt(w.b, int64(v), 10)
	case json.Number:
		w.b = append(w.b, v...)
	case []any:
		w.b = append(w.b, '[')
		for i, element := range v {
			if i > 0 {
				w.b = append(w.b, ',')
			}
			if err := w.value(element); err != nil {
				return err
			}
		}
		w.b = append(w.b, ']')
	case map[string]any:
		return w.members(v)
	case *big.Int:
		if !v.IsInt64() {
			return &final{ErrInexact}
		}
		w.b = v.Append(w.b, 10)
	default:
		return &final{ErrInexact}
	}
	return nil
}

func (w *writer) members(object map[string]any) error {
	var few [16]string
	w.b = append(w.b, '{')
	for i, name := range names(object, few[:0]) {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		w.b = append(appendText(w.b, name), ':')
		if err := w.value(object[name]); err != nil {
			return err
		}
	}
	w.b = append(w.b, '}')
	return nil
}

// appendText appends a text as a JSON string.
func appendText(b []byte, text string) []byte {
	const hex = "0123456789abcdef"
	b = append(b, '"')
	plain := 0
	for i := 0; i < len(text); {
		c := text[i]
		if unescaped[c] {
			i++
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(text[i:])
			if r != utf8.RuneError || size > 1 {
				i += size
				continue
			}
			b = append(append(b, text[plain:i]...), "\ufffd"...)
		} else {
			b = append(append(b, text[plain:i]...), '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
		}
		i++
		plain = i
	}
	return append(append(b, text[plain:]...), '"')
}

// unescaped marks the bytes that stand for themselves in a JSON string.
var unescaped = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()
