package jq

import (
	"errors"

	"github.com/itchyny/gojq"
)

// node is a compiled expression.
type node interface {
	// single reports whether the node has exactly one result, or fails. Only then is one called.
	single() bool
	one(f *frame, in any) (any, error)
	// optional reports whether it has at most one. Only then is maybe called, which also says
	// whether there is one.
	optional() bool
	maybe(f *frame, in any) (any, bool, error)
	// each passes every result to yield and ends with the first error, of yield or its own.
	each(f *frame, in value, yield yield) error
}

type yield func(v value) error

// value is a value and, within a path expression, the place where it stands in its input.
type value struct {
	v  any
	at *place
}

// results evaluates a node outside of path expressions.
func results(n node, f *frame, in any, yield func(v any) error) error {
	if n.optional() {
		v, ok, err := n.maybe(f, in)
		if err != nil || !ok {
			return err
		}
		return yield(v)
	}
	return n.each(f, value{v: in}, func(v value) error { return yield(v.v) })
}

// plain is what a single expression can do that is no path.
type plain interface {
	one(f *frame, in any) (any, error)
}

// only makes a node of it.
type only[P plain] struct{ is P }

func (n only[P]) single() bool                      { return true }
func (n only[P]) optional() bool                    { return true }
func (n only[P]) one(f *frame, in any) (any, error) { return n.is.one(f, in) }

func (n only[P]) maybe(f *frame, in any) (any, bool, error) {
	v, err := n.is.one(f, in)
	return v, err == nil, err
}

func (n only[P]) each(f *frame, in value, yield yield) error {
	v, err := n.is.one(f, in.v)
	if err != nil {
		return err
	}
	return yield(value{v, in.at})
}

// several is for nodes whose results are not counted when they are compiled.
type several struct{}

func (several) single() bool   { return false }
func (several) optional() bool { return false }

func (several) one(*frame, any) (any, error) {
	panic("jq: one of an expression that can have several results or none")
}

func (several) maybe(*frame, any) (any, bool, error) {
	panic("jq: at most one of an expression that can have several results")
}

// count is how many results the nodes with parts have.
type count struct{ alone, most bool }

func (r count) single() bool   { return r.alone }
func (r count) optional() bool { return r.most }

// countOf is that of a node that has one result for one of each part.
func countOf(parts ...node) count {
	r := count{true, true}
	for _, part := range parts {
		r.alone, r.most = r.alone && part.single(), r.most && part.optional()
	}
	return r
}

type identity struct{}

func (identity) single() bool                               { return true }
func (identity) optional() bool                             { return true }
func (identity) one(_ *frame, in any) (any, error)          { return in, nil }
func (identity) maybe(_ *frame, in any) (any, bool, error)  { return in, true, nil }
func (identity) each(_ *frame, in value, yield yield) error { return yield(in) }

type constant struct{ v any }

func (n constant) one(*frame, any) (any, error) { return n.v, nil } //nolint:unparam // plain has it

type variable struct{ up, slot int }

func (n variable) one(f *frame, _ any) (any, error) {
	slot := &f.above(n.up).vars[n.slot]
	if late, ok := (*slot).(deferred); ok {
		v, err := late.object.one(f.above(n.up), late.in)
		if err != nil {
			return nil, err
		}
		*slot = v
	}
	return *slot, nil
}

// deferred stands in a variable for an object that is made where it is used, which is once
// and in any case: what is written at once needs no object. Of two errors in one run another
// one can be the first, and no error is lost.
type deferred struct {
	object node
	in     any
}

type empty struct{ several }

func (empty) optional() bool                       { return true }
func (empty) maybe(*frame, any) (any, bool, error) { return nil, false, nil }
func (empty) each(*frame, value, yield) error      { return nil }

// pipe passes the results of left to right.
type pipe struct {
	left, right node
	count
}

func newPipe(left, right node) node {
	if n := newOfParts(left, right); n != nil {
		return n
	}
	return &pipe{left, right, countOf(left, right)}
}

func (n *pipe) maybe(f *frame, in any) (any, bool, error) {
	v, ok, err := n.left.maybe(f, in)
	if err != nil || !ok {
		return nil, false, err
	}
	return n.right.maybe(f, v)
}

func (n *pipe) one(f *frame, in any) (any, error) {
	v, err := n.left.one(f, in)
	if err != nil {
		return nil, err
	}
	return n.right.one(f, v)
}

func (n *pipe) each(f *frame, in value, yield yield) error {
	if in.at == nil && n.left.optional() {
		v, ok, err := n.left.maybe(f, in.v)
		if err != nil || !ok {
			return err
		}
		return n.right.each(f, value{v: v}, yield)
	}
	return n.through(f, in, yield)
}

// through is apart from each, as such methods are elsewhere, because a function that is made
// costs memory on every way through the method in which it stands.
func (n *pipe) through(f *frame, in value, yield yield) error {
	if in.at == nil && n.right.optional() {
		return n.left.each(f, in, func(v value) error {
			result, ok, err := n.right.maybe(f, v.v)
			if err != nil || !ok {
				return err
			}
			return yield(value{v: result})
		})
	}
	return n.left.each(f, in, func(v value) error { return n.right.each(f, v, yield) })
}

type comma struct {
	several
	left, right node
}

func (n *comma) each(f *frame, in value, yield yield) error {
	if err := f.step(); err != nil {
		return err
	}
	if err := n.left.each(f, in, yield); err != nil {
		return err
	}
	return n.right.each(f, in, yield)
}

// choice is if; without an else, its else is the identity.
type choice struct {
	test, then, other node
	count
}

func newChoice(test, then, other node) node {
	return &choice{test, then, other, countOf(test, then, other)}
}

func (n *choice) maybe(f *frame, in any) (any, bool, error) {
	v, ok, err := n.test.maybe(f, in)
	if err != nil || !ok {
		return nil, false, err
	}
	return n.branch(v).maybe(f, in)
}

func (n *choice) branch(v any) node {
	if truth(v) {
		return n.then
	}
	return n.other
}

func truth(v any) bool {
	if is, ok := v.(bool); ok {
		return is
	}
	return v != nil
}

func (n *choice) one(f *frame, in any) (any, error) {
	v, err := n.test.one(f, in)
	if err != nil {
		return nil, err
	}
	return n.branch(v).one(f, in)
}

func (n *choice) each(f *frame, in value, yield yield) error {
	if n.test.optional() {
		v, ok, err := n.test.maybe(f, in.v)
		if err != nil || !ok {
			return err
		}
		return n.branch(v).each(f, in, yield)
	}
	return n.through(f, in, yield)
}

func (n *choice) through(f *frame, in value, yield yield) error {
	return results(n.test, f, in.v, func(v any) error { return n.branch(v).each(f, in, yield) })
}

// alternative is //: the results of left that are neither null nor false, else those of right.
type alternative struct {
	left, right node
	count
}

// newAlternative has a result wherever right has one, whatever left has.
func newAlternative(left, right node) node {
	n := &alternative{left, right, countOf(left, right)}
	n.alone = left.optional() && right.single()
	return n
}

func (n *alternative) maybe(f *frame, in any) (any, bool, error) {
	v, ok, err := n.left.maybe(f, in)
	if err != nil || ok && truth(v) {
		return v, ok, err
	}
	return n.right.maybe(f, in)
}

func (n *alternative) one(f *frame, in any) (any, error) {
	v, ok, err := n.left.maybe(f, in)
	if err != nil || ok && truth(v) {
		return v, err
	}
	return n.right.one(f, in)
}

func (n *alternative) each(f *frame, in value, yield yield) error {
	found := false
	err := n.left.each(f, in, func(v value) error {
		if !truth(v.v) {
			return nil
		}
		found = true
		return yield(v)
	})
	if err != nil || found {
		return err
	}
	return n.right.each(f, in, yield)
}

// attempt is try; without a catch it passes over the error.
type attempt struct {
	body, handler node
}

func (n *attempt) single() bool { return false }

func (n *attempt) optional() bool {
	return n.body.optional() && (n.handler == nil || n.handler.optional())
}

func (n *attempt) one(*frame, any) (any, error) { return several{}.one(nil, nil) }

func (n *attempt) maybe(f *frame, in any) (any, bool, error) {
	v, ok, err := n.body.maybe(f, in)
	if err == nil || !caught(err) {
		return v, ok, err
	}
	if n.handler == nil {
		return nil, false, nil
	}
	return n.handler.maybe(f, message(err))
}

func (n *attempt) each(f *frame, in value, yield yield) error {
	var down error
	err := n.body.each(f, in, func(v value) error {
		down = yield(v)
		return down
	})
	if down != nil || err == nil || !caught(err) {
		return err
	}
	if n.handler == nil {
		return nil
	}
	return n.handler.each(f, value{message(err), in.at}, yield)
}

// message is what catch gets of an error.
func message(err error) any {
	if own, ok := errors.AsType[gojq.ValueError](err); ok {
		return own.Value()
	}
	return err.Error()
}

// label lets break leave what stands within it.
type label struct {
	several
	slot int
	body node
}

func (n *label) each(f *frame, in value, yield yield) error {
	turn := new(int)
	f.vars[n.slot] = turn
	err := n.body.each(f, in, yield)
	if end, ok := errors.AsType[*leave](err); ok && end.label == turn {
		return nil
	}
	return err
}

type breaking struct{ up, slot int }

func (n breaking) one(f *frame, _ any) (any, error) { //nolint:unparam // plain has it
	return nil, &leave{f.above(n.up).vars[n.slot].(*int)}
}

// binding is "source as pattern | body".
type binding struct {
	source  node
	pattern pattern
	body    node
	count
	later bool // the variable is evaluated where it is used; see deferred
	plain bool // see simple
}

func newBinding(source node, p pattern, body node) *binding {
	n := &binding{source: source, pattern: p, body: body, count: countOf(source, body)}
	n.alone, n.most = n.alone && p.single(), n.most && p.single()
	n.plain = source.optional() && p.single()
	return n
}

// with returns the binding with another body that has as many results.
func (n *binding) with(body node) *binding {
	other := *n
	other.body = body
	return &other
}

func (n *binding) maybe(f *frame, in any) (any, bool, error) {
	ok, err := n.set(f, in)
	if err != nil || !ok {
		return nil, false, err
	}
	return n.body.maybe(f, in)
}

func (n *binding) one(f *frame, in any) (any, error) {
	if _, err := n.set(f, in); err != nil {
		return nil, err
	}
	return n.body.one(f, in)
}

// simple reports whether there is at most one value and one way to take it apart. Only then
// is set called.
func (n *binding) simple() bool { return n.plain }

// set sets the variables, and reports whether there was a value for them.
func (n *binding) set(f *frame, in any) (bool, error) {
	if n.later {
		f.vars[n.pattern.(whole).slot] = deferred{n.source, in}
		return true, nil
	}
	v, ok, err := n.source.maybe(f, in)
	if err != nil || !ok {
		return false, err
	}
	if p, ok := n.pattern.(whole); ok {
		f.vars[p.slot] = v
		return true, nil
	}
	return true, n.pattern.set(f, v)
}

func (n *binding) each(f *frame, in value, yield yield) error {
	if !n.simple() {
		return n.through(f, in, yield)
	}
	ok, err := n.set(f, in.v)
	if err != nil || !ok {
		return err
	}
	return n.body.each(f, in, yield)
}

func (n *binding) through(f *frame, in value, yield yield) error {
	return results(n.source, f, in.v, func(v any) error {
		return n.pattern.bind(f, v, func() error { return n.body.each(f, in, yield) })
	})
}
