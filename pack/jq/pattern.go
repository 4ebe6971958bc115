package jq

import "errors"

// pattern takes a value apart into variables.
type pattern interface {
	// single reports whether the pattern fits in one way. Only then is set called.
	single() bool
	set(f *frame, v any) error
	// bind sets the variables and calls then, for each way in which the pattern fits.
	bind(f *frame, v any, then func() error) error
}

// whole puts the value into a variable.
type whole struct{ slot int }

func (p whole) single() bool { return true }

func (p whole) set(f *frame, v any) error {
	f.vars[p.slot] = v
	return nil
}

func (p whole) bind(f *frame, v any, then func() error) error {
	f.vars[p.slot] = v
	return then()
}

type elements []pattern

func (p elements) single() bool {
	for _, inner := range p {
		if !inner.single() {
			return false
		}
	}
	return true
}

func (p elements) set(f *frame, v any) error {
	if err := arrayOrNull(v); err != nil {
		return err
	}
	for i, inner := range p {
		element, err := indexed(v, i)
		if err == nil {
			err = inner.set(f, element)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p elements) bind(f *frame, v any, then func() error) error {
	if err := arrayOrNull(v); err != nil {
		return err
	}
	return p.from(0, f, v, then)
}

func arrayOrNull(v any) error {
	if _, ok := v.([]any); !ok && v != nil {
		return errors.New("expected an array but got: " + preview(v))
	}
	return nil
}

func (p elements) from(i int, f *frame, v any, then func() error) error {
	if i == len(p) {
		return then()
	}
	element, err := indexed(v, i)
	if err != nil {
		return err
	}
	return p[i].bind(f, element, func() error { return p.from(i+1, f, v, then) })
}

// memberPattern takes one member apart: {name: inner}. The variable, where there is one, gets
// the member as a whole.
type memberPattern struct {
	key   node
	whole pattern // nil for none
	inner pattern // nil for none
}

type membersPattern []memberPattern

func (p membersPattern) single() bool {
	for _, m := range p {
		if !m.key.single() || m.inner != nil && !m.inner.single() {
			return false
		}
	}
	return true
}

func (p membersPattern) set(f *frame, v any) error {
	for _, m := range p {
		key, err := m.key.one(f, v)
		if err != nil {
			return err
		}
		member, err := indexed(v, key)
		if err != nil {
			return err
		}
		for _, inner := range [...]pattern{m.whole, m.inner} {
			if inner == nil {
				continue
			}
			if err := inner.set(f, member); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p membersPattern) bind(f *frame, v any, then func() error) error {
	if len(p) == 0 {
		return then()
	}
	m := p[0]
	rest := func() error { return p[1:].bind(f, v, then) }
	return results(m.key, f, v, func(key any) error {
		member, err := indexed(v, key)
		if err != nil {
			return err
		}
		inner := func() error {
			if m.inner == nil {
				return rest()
			}
			return m.inner.bind(f, member, rest)
		}
		if m.whole == nil {
			return inner()
		}
		return m.whole.bind(f, member, inner)
	})
}
