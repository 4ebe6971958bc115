package jq

import (
	"slices"
	"strings"
)

// array collects what its body gives.
type array struct{ body node }

// tuple is an array of parts that have one result each.
type tuple []node

func (n tuple) one(f *frame, in any) (any, error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	list := make([]any, len(n))
	for i, part := range n {
		var err error
		if list[i], err = part.one(f, in); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// newArray returns the node that collects what a body gives.
func newArray(body node) node {
	parts := listed(body)
	if list, ok := fixedList(parts); ok {
		return only[constant]{constant{list}}
	}
	for _, part := range parts {
		if !part.single() {
			return only[*array]{&array{body}}
		}
	}
	return only[tuple]{parts}
}

// fixedList returns the values of nodes that are constants.
func fixedList(nodes []node) ([]any, bool) {
	list := make([]any, len(nodes))
	for i, n := range nodes {
		fixed, ok := n.(only[constant])
		if !ok {
			return nil, false
		}
		list[i] = fixed.is.v
	}
	return list, true
}

// listed returns the nodes between which there are commas.
func listed(n node) []node {
	if c, ok := n.(*comma); ok {
		return append(listed(c.left), listed(c.right)...)
	}
	return []node{n}
}

func (n *array) one(f *frame, in any) (any, error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	if p, ok := n.body.(*pipe); ok && p.right.optional() {
		if over, ok := p.left.(*iteration); ok && over.of.optional() {
			return over.list(f, in, p.right)
		}
	}
	if over, ok := n.body.(*iteration); ok && over.of.optional() {
		return over.list(f, in, identity{})
	}
	return n.elements(f, in)
}

func (n *array) elements(f *frame, in any) (any, error) {
	list := []any{}
	err := n.body.each(f, value{v: in}, func(v value) error {
		list = append(list, v.v)
		return f.step()
	})
	return list, err
}

// member is one member of an object that is made.
type member struct{ name, value node }

func newObject(members []member) node {
	if fixed, ok := fixedObject(members); ok {
		return fixed
	}
	for _, m := range members {
		if !m.name.single() || !m.value.single() {
			return &objects{members: members}
		}
	}
	return only[*object]{&object{members, before(members), fixedTexts(members)}}
}

// joined makes one object of two that are added and have no name in common. Its parts are
// evaluated as those of operators are, the right ones first.
func joined(left, right node) (node, bool) {
	if within, ok := right.(*binding); ok && within.alone {
		// What is bound for the right one means nothing to the left one.
		both, ok := joined(left, within.body)
		return within.with(both), ok
	}
	if within, ok := left.(*binding); ok && within.alone {
		both, ok := joined(within.body, right)
		return within.with(both), ok
	}
	a, ok := left.(only[*object])
	b, both := right.(only[*object])
	if !ok || !both || a.is.before == nil || b.is.before == nil {
		return nil, false
	}
	sum := &object{members: slices.Concat(b.is.members, a.is.members)}
	sum.before, sum.written = before(sum.members), fixedTexts(sum.members)
	return only[*object]{sum}, sum.before != nil
}

// fixedObject returns the object as a constant where all its parts are.
func fixedObject(members []member) (node, bool) {
	made := make(map[string]any, len(members))
	for _, m := range members {
		name, isFixed := m.name.(only[constant])
		v, both := m.value.(only[constant])
		text, isText := name.is.v.(string)
		if !isFixed || !both || !isText {
			return nil, false
		}
		made[text] = v.is.v
	}
	return only[constant]{constant{made}}, true
}

// before returns what is written before each value of an object whose names are known and of
// which no two are the same, else nil.
func before(members []member) []string {
	texts := make([]string, len(members))
	seen := map[string]bool{}
	for i, m := range members {
		fixed, ok := m.name.(only[constant])
		if !ok {
			return nil
		}
		name, ok := fixed.is.v.(string)
		if !ok || seen[name] {
			return nil
		}
		seen[name] = true
		texts[i] = string(appendText(nil, name)) + ":"
	}
	return texts
}

// fixedTexts returns the values that are texts of the program as they are written; the others
// are empty.
func fixedTexts(members []member) []string {
	texts := make([]string, len(members))
	for i, m := range members {
		fixed, ok := m.value.(only[constant])
		if text, isText := fixed.is.v.(string); ok && isText {
			texts[i] = string(appendText(nil, text))
		}
	}
	return texts
}

// object makes objects whose parts have one result each. Of two members of one name the
// later stays.
type object struct {
	members []member
	before  []string // what is written before each value; nil where names are not known or repeat
	written []string
}

func (n *object) one(f *frame, in any) (any, error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	made := make(map[string]any, len(n.members))
	for _, m := range n.members {
		name, err := m.name.one(f, in)
		if err != nil {
			return nil, err
		}
		v, err := m.value.one(f, in)
		if err != nil {
			return nil, err
		}
		text, ok := name.(string)
		if !ok {
			return nil, wrongKey(name)
		}
		made[text] = v
	}
	return made, nil
}

// objects makes one object for each combination of what its parts give; the last varies
// fastest.
type objects struct {
	several
	members []member
}

func (n *objects) each(f *frame, in value, yield yield) error {
	return n.from(f, in, make([]any, 2*len(n.members)), 0, yield)
}

func (n *objects) from(f *frame, in value, parts []any, i int, yield yield) error {
	if i == len(parts) {
		if err := f.make(); err != nil {
			return err
		}
		made := make(map[string]any, len(n.members))
		for i := 0; i < len(parts); i += 2 {
			name, ok := parts[i].(string)
			if !ok {
				return wrongKey(parts[i])
			}
			made[name] = parts[i+1]
		}
		return yield(value{made, in.at})
	}
	part := n.members[i/2].name
	if i%2 == 1 {
		part = n.members[i/2].value
	}
	return results(part, f, in.v, func(v any) error {
		parts[i] = v
		return n.from(f, in, parts, i+1, yield)
	})
}

// text joins the texts that its parts give, one result each.
type text struct {
	parts    []node
	computed func(any) error
}

func (n *text) one(f *frame, in any) (any, error) {
	var b strings.Builder
	for _, part := range n.parts {
		v, err := part.one(f, in)
		if err != nil {
			return nil, err
		}
		b.WriteString(v.(string)) // what tostring and the formats give
	}
	return passed(b.String(), n.computed)
}

// passed looks at a computed value.
func passed(v any, computed func(any) error) (any, error) {
	if computed != nil {
		if err := computed(v); err != nil {
			return nil, &final{err}
		}
	}
	return v, nil
}

// call calls a function on the input and one value for each argument.
type call struct {
	args  []node
	fn    func(f *frame, in any, args []any) (any, error)
	write func(b []byte, run, in any, args []any) ([]byte, error) // nil where fn has to do
	parts func(run any, parts []any) (any, error)                 // nil where fn has to do
}

func (n *call) one(f *frame, in any) (any, error) {
	mark := len(f.machine.args)
	args, err := f.values(n.args, in)
	var v any
	if err == nil {
		v, err = n.fn(f, in, args)
	}
	f.machine.args = f.machine.args[:mark]
	return v, err
}

// values puts the values of arguments behind those of the calls around.
func (f *frame) values(of []node, in any) ([]any, error) {
	mark := len(f.machine.args)
	for _, arg := range of {
		v, err := arg.one(f, in)
		if err != nil {
			return nil, err
		}
		f.machine.args = append(f.machine.args, v)
	}
	return f.machine.args[mark:], nil
}

// ofParts calls a function on a tuple that is not made.
type ofParts struct {
	list tuple
	fn   func(run any, parts []any) (any, error)
}

// newOfParts returns nil where the left one is made or the right one needs it made.
func newOfParts(left, right node) node {
	list, isList := left.(only[tuple])
	of, isCall := right.(only[*call])
	if !isList || !isCall || of.is.parts == nil || len(of.is.args) > 0 {
		return nil
	}
	return only[*ofParts]{&ofParts{list.is, of.is.parts}}
}

func (n *ofParts) one(f *frame, in any) (any, error) {
	if err := f.make(); err != nil {
		return nil, err
	}
	mark := len(f.machine.args)
	parts, err := f.values(n.list, in)
	var v any
	if err == nil {
		if v, err = n.fn(f.run, parts); err != nil {
			err = &final{err}
		}
	}
	f.machine.args = f.machine.args[:mark]
	return v, err
}

// calls calls it for each combination of what the arguments give; the first varies fastest.
type calls struct {
	several
	call
}

func (n *calls) single() bool                      { return false }
func (n *calls) one(f *frame, in any) (any, error) { return n.several.one(f, in) }
func (n *calls) each(f *frame, in value, yield yield) error {
	args := make([]any, len(n.args))
	return cross(n.args, f, in.v, args, func() error {
		v, err := n.fn(f, in.v, args)
		if err != nil {
			return err
		}
		return yield(value{v, in.at})
	})
}

// cross puts each combination of what the nodes give into got; the first varies fastest.
func cross(nodes []node, f *frame, in any, got []any, then func() error) error {
	if len(nodes) == 0 {
		return then()
	}
	last := len(nodes) - 1
	return results(nodes[last], f, in, func(v any) error {
		got[last] = v
		return cross(nodes[:last], f, in, got, then)
	})
}

// newCall returns the node that calls a function.
func newCall(args []node, fn func(f *frame, in any, args []any) (any, error)) node {
	return (&call{args: args, fn: fn}).node()
}

func (n *call) node() node {
	for _, arg := range n.args {
		if !arg.single() {
			return &calls{call: *n}
		}
	}
	return only[*call]{n}
}

// operation is a function of two operands, one result each.
type operation struct {
	left, right node
	fn          func(left, right any) (any, error)
	computed    func(any) error // nil for what needs no look
}

func (n *operation) one(f *frame, in any) (any, error) {
	right, err := n.right.one(f, in)
	if err != nil {
		return nil, err
	}
	left, err := n.left.one(f, in)
	if err != nil {
		return nil, err
	}
	v, err := n.fn(left, right)
	if err != nil {
		return nil, err
	}
	return passed(v, n.computed)
}

func newOperation(left, right node, fn func(left, right any) (any, error), computed func(any) error) node {
	if left.single() && right.single() {
		return only[*operation]{&operation{left, right, fn, computed}}
	}
	return newCall([]node{left, right}, func(_ *frame, _ any, args []any) (any, error) {
		v, err := fn(args[0], args[1])
		if err != nil {
			return nil, err
		}
		return passed(v, computed)
	})
}

// sameness is == or != of something with a text, null or a truth value that is written there.
type sameness struct {
	of   node
	with any
	want bool
}

// newSameness returns nil where the operation is another one.
func newSameness(left, right node, want bool) node {
	fixed, ok := right.(only[constant])
	if !ok || !left.single() {
		return nil
	}
	switch fixed.is.v.(type) {
	case nil, string, bool:
		return only[*sameness]{&sameness{left, fixed.is.v, want}}
	}
	return nil
}

func (n *sameness) one(f *frame, in any) (any, error) {
	v, err := n.of.one(f, in)
	if err != nil {
		return nil, err
	}
	if text, ok := n.with.(string); ok {
		other, same := v.(string)
		return (same && other == text) == n.want, nil
	}
	return (v == n.with) == n.want, nil
}

// function is a function without arguments.
type function struct{ fn func(in any) (any, error) }

func (n *function) one(_ *frame, in any) (any, error) { return n.fn(in) }
