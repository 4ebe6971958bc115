package jq

import (
	"errors"
	"maps"
	"reflect"
	"slices"
)

// place is where a value stands in the input of a path expression: the steps that led there.
type place struct {
	up    *place // nil at the input itself
	key   any
	value any // what stands there
}

// step returns the place one step further on; outside of path expressions there is none.
func (p *place) step(key, v any) *place {
	if p == nil {
		return nil
	}
	return &place{p, key, v}
}

// within returns a place for what stands in this one, one after the other: it is good until
// the next of them.
func (p *place) within() *place {
	if p == nil {
		return nil
	}
	return &place{up: p}
}

// steps returns the path from the input.
func (p *place) steps() []any {
	n := 0
	for at := p; at.up != nil; at = at.up {
		n++
	}
	steps := make([]any, n)
	for ; p.up != nil; p = p.up {
		n--
		steps[n] = p.key
	}
	return steps
}

// intact checks that a path expression has not left its input: that the value is the one
// that stands at its place.
func (v value) intact() error {
	if v.at == nil || same(v.v, v.at.value) {
		return nil
	}
	return errors.New("invalid path against: " + preview(v.v))
}

func same(a, b any) bool {
	switch a.(type) {
	case []any, map[string]any:
		switch b.(type) {
		case []any, map[string]any:
			a, b := reflect.ValueOf(a), reflect.ValueOf(b)
			return a.Pointer() == b.Pointer() && a.Len() == b.Len()
		}
		return false
	}
	switch b.(type) {
	case []any, map[string]any:
		return false
	}
	return a == b
}

// paths is path(of): the path of each result.
type paths struct {
	several
	of node
}

func (n *paths) each(f *frame, in value, yield yield) error {
	return eachPath(n.of, f, in.v, func(path []any) error { return yield(value{path, in.at}) })
}

func eachPath(of node, f *frame, in any, yield func(path []any) error) error {
	return of.each(f, value{in, &place{value: in}}, func(v value) error {
		if err := v.intact(); err != nil {
			return err
		}
		if err := f.step(); err != nil {
			return err
		}
		return yield(v.at.steps())
	})
}

// getpath follows a path.
type getpath struct {
	several
	path node
}

func (n *getpath) each(f *frame, in value, yield yield) error {
	return results(n.path, f, in.v, func(path any) error {
		v, err := follow(in.v, path)
		if err != nil {
			return err
		}
		at := in.at
		if at != nil {
			if err := in.intact(); err != nil {
				return err
			}
			for _, key := range path.([]any) {
				at = at.step(key, v)
			}
		}
		return yield(value{v, at})
	})
}

// newAssignment makes places = source: every result of source gives one result, in which it
// stands at all the places.
func newAssignment(places, source node) node {
	return newCall([]node{source}, func(f *frame, in any, args []any) (any, error) {
		edit := edit{v: in}
		err := eachPath(places, f, in, func(path []any) error { return edit.set(path, args[0]) })
		return edit.v, err
	})
}

// modification is places |= change: the first result of change replaces what stands at a
// place; where there is none, the place is deleted.
type modification struct{ places, change node }

func (n *modification) one(f *frame, in any) (any, error) {
	edit := edit{v: in}
	var gone []any
	err := eachPath(n.places, f, in, func(path []any) error {
		before, err := edit.get(path)
		if err != nil {
			return err
		}
		after, found, err := first(n.change, f, before)
		switch {
		case err != nil:
			return err
		case !found:
			gone = append(gone, path)
			return nil
		}
		return edit.set(path, after)
	})
	if err != nil || gone == nil {
		return edit.v, err
	}
	return askDelpaths.call(edit.v, gone)
}

// first returns the first result of a node and whether there is one.
func first(n node, f *frame, in any) (v any, found bool, err error) {
	if n.optional() {
		return n.maybe(f, in)
	}
	looped, err := over(n, f, in, func(result any) (bool, error) {
		v, found = result, true
		return true, nil
	})
	if looped || err != nil {
		return v, found, err
	}
	return firstOfMany(n, f, in)
}

func firstOfMany(n node, f *frame, in any) (v any, found bool, err error) {
	err = n.each(f, value{v: in}, func(result value) error {
		v, found = result.v, true
		return errEnough
	})
	if found {
		return v, true, nil
	}
	return nil, false, err
}

// edit changes a value without changing the original: what it changes it copies once.
type edit struct {
	v    any
	made map[uintptr]any // the objects and arrays that are copies, by their addresses
}

// get returns what stands at a path. Whoever has it may put it elsewhere, too: if it is a
// copy it counts as an original from then on.
func (e *edit) get(path []any) (any, error) {
	v, err := follow(e.v, path)
	if err == nil && e.owns(v) {
		e.made = nil
	}
	return v, err
}

// follow returns what stands at a path of a value.
func follow(of any, path any) (any, error) {
	v := of
	steps, ok := path.([]any)
	for _, key := range steps {
		switch key := key.(type) {
		case string:
			object, is := v.(map[string]any)
			v, ok = object[key], ok && is
		case int:
			array, is := v.([]any)
			if ok = ok && is && 0 <= key && key < len(array); ok {
				v = array[key]
			}
		default:
			ok = false
		}
		if !ok {
			return askGetpath.call(of, path)
		}
	}
	if !ok {
		return askGetpath.call(of, path)
	}
	return v, nil
}

func (e *edit) set(path []any, v any) error {
	changed, err := e.changed(e.v, path, v)
	if err == nil {
		e.v = changed
	}
	return err
}

// changed returns the value with another at the path.
func (e *edit) changed(of any, path []any, v any) (any, error) {
	if len(path) == 0 {
		return v, nil
	}
	switch key := path[0].(type) {
	case string:
		if object, ok := of.(map[string]any); ok || of == nil {
			inner, err := e.changed(object[key], path[1:], v)
			if err != nil {
				return nil, err
			}
			if !e.owns(object) {
				object = maps.Clone(object)
				if object == nil {
					object = map[string]any{}
				}
				e.own(object)
			}
			object[key] = inner
			return object, nil
		}
	case int:
		if array, ok := of.([]any); ok && 0 <= key && key < len(array) {
			inner, err := e.changed(array[key], path[1:], v)
			if err != nil {
				return nil, err
			}
			if !e.owns(array) {
				array = slices.Clone(array)
				e.own(array)
			}
			array[key] = inner
			return array, nil
		}
	}
	return askSetpath.call(of, path, v)
}

func (e *edit) owns(v any) bool {
	if e.made == nil {
		return false
	}
	switch v.(type) {
	case []any, map[string]any:
		_, made := e.made[reflect.ValueOf(v).Pointer()]
		return made
	}
	return false
}

func (e *edit) own(v any) {
	if e.made == nil {
		e.made = map[uintptr]any{}
	}
	e.made[reflect.ValueOf(v).Pointer()] = v
}
