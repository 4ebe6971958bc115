package jq

import (
	"errors"
	"slices"

	"github.com/itchyny/gojq"
)

// index takes the member or element of a fixed key.
type index struct {
	of  node
	key any // a string or an int
}

func (n *index) single() bool   { return n.of.single() }
func (n *index) optional() bool { return n.of.optional() }

func (n *index) maybe(f *frame, in any) (any, bool, error) {
	if _, whole := n.of.(identity); !whole {
		v, ok, err := n.of.maybe(f, in)
		if err != nil || !ok {
			return v, false, err
		}
		in = v
	}
	v, err := n.in(in)
	return v, err == nil, err
}

func (n *index) one(f *frame, in any) (any, error) {
	if _, whole := n.of.(identity); !whole {
		v, err := n.of.one(f, in)
		if err != nil {
			return nil, err
		}
		in = v
	}
	return n.in(in)
}

// in returns what stands at the key of a value; most are members of objects.
func (n *index) in(v any) (any, error) {
	if object, ok := v.(map[string]any); ok {
		if name, ok := n.key.(string); ok {
			return object[name], nil
		}
	}
	return indexed(v, n.key)
}

func (n *index) each(f *frame, in value, yield yield) error {
	if _, ok := n.of.(identity); ok {
		return step(in, n.key, yield)
	}
	return n.ofEach(f, in, yield)
}

func (n *index) ofEach(f *frame, in value, yield yield) error {
	return n.of.each(f, in, func(v value) error { return step(v, n.key, yield) })
}

// step passes on what stands at a key.
func step(v value, key any, yield yield) error {
	if err := v.intact(); err != nil {
		return err
	}
	result, err := indexed(v.v, key)
	if err != nil {
		return err
	}
	return yield(value{result, v.at.step(key, result)})
}

func indexed(v, key any) (any, error) {
	switch key := key.(type) {
	case string:
		switch v := v.(type) {
		case map[string]any:
			return v[key], nil
		case nil:
			return nil, nil
		}
	case int:
		switch v := v.(type) {
		case []any:
			if key < 0 {
				key += len(v)
			}
			if 0 <= key && key < len(v) {
				return v[key], nil
			}
			return nil, nil
		case nil:
			return nil, nil
		}
	}
	if bounds, ok := key.(map[string]any); ok {
		start, from := bounds["start"]
		end, to := bounds["end"]
		if part, ok := sliced(v, start, end); ok && from && to {
			return part, nil
		}
	}
	return askIndex.call(v, key)
}

// sliced takes a part of an array, or of a text in which each byte is a character.
func sliced(v, start, end any) (any, bool) {
	switch v := v.(type) {
	case string:
		if from, to, ok := bounds(start, end, len(v)); ok && ascii(v) {
			return v[from:to], true
		}
	case []any:
		if from, to, ok := bounds(start, end, len(v)); ok {
			return v[from:to], true
		}
	}
	return nil, false
}

// bounds returns the bounds of a slice of something that long; negative ones count from its end.
func bounds(start, end any, length int) (from, to int, ok bool) {
	to = length
	for _, bound := range [...]struct {
		of   any
		into *int
	}{{start, &from}, {end, &to}} {
		if bound.of == nil {
			continue
		}
		n, whole := bound.of.(int)
		if !whole {
			return 0, 0, false
		}
		if n < 0 {
			n += length
		}
		*bound.into = min(max(n, 0), length)
	}
	return from, max(from, to), true
}

// lookup takes the member or element of a key that is computed on the input of the whole term.
type lookup struct {
	of, key node
	count
}

func newLookup(of, key node) node { return &lookup{of, key, countOf(of, key)} }

func (n *lookup) maybe(f *frame, in any) (any, bool, error) {
	key, ok, err := n.key.maybe(f, in)
	if err != nil || !ok {
		return nil, false, err
	}
	v, ok, err := n.of.maybe(f, in)
	if err == nil && ok {
		v, err = indexed(v, key)
	}
	return v, ok && err == nil, err
}

func (n *lookup) one(f *frame, in any) (any, error) {
	key, err := n.key.one(f, in)
	if err != nil {
		return nil, err
	}
	v, err := n.of.one(f, in)
	if err != nil {
		return nil, err
	}
	return indexed(v, key)
}

func (n *lookup) each(f *frame, in value, yield yield) error {
	return results(n.key, f, in.v, func(key any) error {
		return n.of.each(f, in, func(v value) error { return step(v, key, yield) })
	})
}

// newCut takes a slice; a bound that is not there is null.
func newCut(of, start, end node) node {
	if fixed, ok := start.(only[constant]); ok {
		if to, ok := end.(only[constant]); ok {
			return newLookup(of, only[constant]{constant{map[string]any{"start": fixed.is.v, "end": to.is.v}}})
		}
	}
	return newLookup(of, newObject([]member{{named("start"), start}, {named("end"), end}}))
}

func named(text string) node { return only[constant]{constant{text}} }

// iteration gives the elements of an array, or the values of an object in the order of the
// names. With quiet it gives nothing of what is neither.
type iteration struct {
	several
	of    node
	quiet bool
}

func (n *iteration) each(f *frame, in value, yield yield) error {
	if in.at == nil && n.of.optional() {
		v, ok, err := n.of.maybe(f, in.v)
		if err != nil || !ok {
			return err
		}
		return n.through(f, value{v: v}, yield)
	}
	return n.ofEach(f, in, yield)
}

func (n *iteration) ofEach(f *frame, in value, yield yield) error {
	return n.of.each(f, in, func(v value) error { return n.through(f, v, yield) })
}

func (n *iteration) through(f *frame, in value, yield yield) error {
	if err := in.intact(); err != nil {
		if n.quiet {
			return nil
		}
		return err
	}
	switch v := in.v.(type) {
	case []any:
		at := in.at.within()
		for i, element := range v {
			if err := f.step(); err != nil {
				return err
			}
			if at != nil {
				at.key, at.value = i, element
			}
			if err := yield(value{element, at}); err != nil {
				return err
			}
		}
		return nil
	case map[string]any:
		var few [16]string
		at := in.at.within()
		for _, name := range names(v, few[:0]) {
			if err := f.step(); err != nil {
				return err
			}
			if at != nil {
				at.key, at.value = name, v[name]
			}
			if err := yield(value{v[name], at}); err != nil {
				return err
			}
		}
		return nil
	}
	if n.quiet {
		return nil
	}
	return errors.New("cannot iterate over: " + preview(in.v))
}

// names appends the names of an object's members in their order.
func names(object map[string]any, list []string) []string {
	for name := range object {
		list = append(list, name)
	}
	slices.Sort(list)
	return list
}

// descent is ..: a value and everything in it.
type descent struct{ several }

func (n descent) each(f *frame, in value, yield yield) error {
	if err := f.enter(); err != nil {
		return err
	}
	defer f.leave()
	if err := yield(in); err != nil || in.intact() != nil {
		return err
	}
	at := in.at.within()
	switch v := in.v.(type) {
	case []any:
		for i, element := range v {
			if at != nil {
				at.key, at.value = i, element
			}
			if err := n.each(f, value{element, at}, yield); err != nil {
				return err
			}
		}
	case map[string]any:
		var few [16]string
		for _, name := range names(v, few[:0]) {
			if at != nil {
				at.key, at.value = name, v[name]
			}
			if err := n.each(f, value{v[name], at}, yield); err != nil {
				return err
			}
		}
	}
	return nil
}

// list is [of[] | each], where each element gives one result or none.
func (n *iteration) list(f *frame, in any, each node) (any, error) {
	of, ok, err := n.of.maybe(f, in)
	if err != nil || !ok {
		return []any{}, err
	}
	elements, ok := of.([]any)
	if !ok {
		return n.others(f, of, each)
	}
	list := make([]any, 0, len(elements))
	for _, element := range elements {
		if err := f.step(); err != nil {
			return nil, err
		}
		v, ok, err := each.maybe(f, element)
		if err != nil {
			return nil, err
		}
		if ok {
			list = append(list, v)
		}
	}
	return list, nil
}

// over calls visit for every result of a loop over an array in which each element gives one
// result or none, until it has enough. It reports whether the node is such a loop; a function
// that only this calls costs no memory.
func over(n node, f *frame, in any, visit func(v any) (enough bool, err error)) (bool, error) {
	each := node(identity{})
	if p, ok := n.(*pipe); ok {
		n, each = p.left, p.right
	}
	loop, ok := n.(*iteration)
	if !ok || !loop.of.optional() || !each.optional() {
		return false, nil
	}
	of, ok, err := loop.of.maybe(f, in)
	if err != nil || !ok {
		return true, err
	}
	elements, ok := of.([]any)
	if !ok {
		return false, nil // the general way knows objects, and what is wrong
	}
	for _, element := range elements {
		if err := f.step(); err != nil {
			return true, err
		}
		v, ok, err := each.maybe(f, element)
		if err != nil {
			return true, err
		}
		if !ok {
			continue
		}
		if enough, err := visit(v); err != nil || enough {
			return true, err
		}
	}
	return true, nil
}

// others is list of what is no array.
func (n *iteration) others(f *frame, of any, each node) (any, error) {
	list := []any{}
	err := n.through(f, value{v: of}, func(v value) error {
		result, ok, err := each.maybe(f, v.v)
		if ok {
			list = append(list, result)
		}
		return err
	})
	return list, err
}

func wrongKey(v any) error {
	return errors.New("expected a string for object key but got: " + preview(v))
}

// preview is how gojq names a value in an error.
func preview(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	default:
		return gojq.TypeOf(v) + " (" + gojq.Preview(v) + ")"
	}
}
