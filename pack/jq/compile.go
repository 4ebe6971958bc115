package jq

import (
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
)

// nodesMax bounds a program whose functions are written out where they are called.
const nodesMax = 100_000

type compiler struct {
	options *Options
	nodes   int
	// loose counts the parts of the program around which may be evaluated never or often.
	loose int
}

// loosely compiles what may be evaluated never or often.
func (c *compiler) loosely(q *gojq.Query, s *scope, b *block) (node, error) {
	c.loose++
	defer func() { c.loose-- }()
	return c.query(q, s, b)
}

func (c *compiler) query(q *gojq.Query, s *scope, b *block) (node, error) {
	if c.nodes++; c.nodes > nodesMax {
		return nil, fmt.Errorf("the program has more than %d parts once its functions are written out", nodesMax)
	}
	for _, def := range q.FuncDefs {
		s = &scope{up: s, block: b, def: def}
	}
	switch {
	case q.Term != nil:
		return c.term(q.Term, s, b)
	case q.Op == gojq.OpPipe && len(q.Patterns) > 0:
		return c.binding(q, s, b)
	case q.Op == gojq.OpAssign, q.Op == gojq.OpModify, q.Op == gojq.OpUpdateAlt:
		return c.update(q, s, b)
	case q.Left == nil || q.Right == nil:
		return nil, fmt.Errorf("the program says nothing: write . for its input")
	}
	left, right, err := c.sides(q, s, b)
	if err != nil {
		return nil, err
	}
	switch q.Op {
	case gojq.OpPipe:
		return newPipe(left, right), nil
	case gojq.OpComma:
		return &comma{left: left, right: right}, nil
	case gojq.OpAlt:
		return newAlternative(left, right), nil
	case gojq.OpAnd:
		return newChoice(left, truthOf(right), only[constant]{constant{false}}), nil
	case gojq.OpOr:
		return newChoice(left, only[constant]{constant{true}}, truthOf(right)), nil
	}
	return c.operator(q.Op, left, right)
}

// sides compiles both sides of an operator. That which is evaluated second may be evaluated
// never or often where the first has not just one result.
func (c *compiler) sides(q *gojq.Query, s *scope, b *block) (left, right node, err error) {
	first, second := q.Left, q.Right
	switch q.Op {
	case gojq.OpPipe, gojq.OpComma, gojq.OpAlt, gojq.OpAnd, gojq.OpOr:
	default:
		first, second = q.Right, q.Left
	}
	if left, err = c.query(first, s, b); err != nil {
		return nil, nil, err
	}
	sure := left.single() && (q.Op == gojq.OpPipe || first == q.Right)
	if q.Op == gojq.OpComma {
		sure = true
	}
	if sure {
		right, err = c.query(second, s, b)
	} else {
		right, err = c.loosely(second, s, b)
	}
	if first == q.Right {
		left, right = right, left
	}
	return left, right, err
}

// truthOf makes true or false of what a node gives.
func truthOf(n node) node {
	return newChoice(n, only[constant]{constant{true}}, only[constant]{constant{false}})
}

func (c *compiler) operator(op gojq.Operator, left, right node) (node, error) {
	if op == gojq.OpEq || op == gojq.OpNe {
		if n := newSameness(left, right, op == gojq.OpEq); n != nil {
			return n, nil
		}
	}
	if compare, ok := comparisons[op]; ok {
		return newOperation(left, right, compare, nil), nil
	}
	if op == gojq.OpAdd {
		if both, ok := joined(left, right); ok {
			return both, nil
		}
	}
	compute, ok := operators[op]
	if !ok {
		return nil, fmt.Errorf("%s is not available", op)
	}
	return newOperation(left, right, compute, c.options.Computed), nil
}

func (c *compiler) binding(q *gojq.Query, s *scope, b *block) (node, error) {
	source, err := c.query(q.Left, s, b)
	if err != nil {
		return nil, err
	}
	if fixed, ok := source.(only[constant]); ok && len(q.Patterns) == 1 && q.Patterns[0].Name != "" {
		return c.query(q.Right, &scope{up: s, block: b, named: q.Patterns[0].Name, fixed: fixed}, b)
	}
	p, s, err := c.patterns(q.Patterns, s, b)
	if err != nil {
		return nil, err
	}
	return c.bound(source, p, s, func() (node, error) { return c.query(q.Right, s, b) })
}

// bound compiles a body with the variables of a source; the scope's first is the last of them.
func (c *compiler) bound(source node, p pattern, s *scope, body func() (node, error)) (node, error) {
	if !source.single() {
		c.loose++
		defer func() { c.loose-- }()
	}
	within, err := body()
	if err != nil {
		return nil, err
	}
	n := newBinding(source, p, within)
	_, makes := source.(only[*object])
	_, one := p.(whole)
	n.later = makes && one && s.uses == 1 && !s.loose && within.single()
	return n, nil
}

// variable adds a variable to a scope.
func (c *compiler) variable(s *scope, name string, b *block) *scope {
	s = s.variable(name, b)
	s.level = c.loose
	return s
}

// patterns compiles a pattern and returns the scope with its variables.
func (c *compiler) patterns(list []*gojq.Pattern, s *scope, b *block) (pattern, *scope, error) {
	if len(list) != 1 {
		return nil, nil, fmt.Errorf("?// is not available: write if")
	}
	return c.pattern(list[0], s, b)
}

func (c *compiler) pattern(p *gojq.Pattern, s *scope, b *block) (pattern, *scope, error) {
	if p.Name != "" {
		s = c.variable(s, p.Name, b)
		return whole{s.slot}, s, nil
	}
	if len(p.Array) > 0 {
		var list elements
		for _, inner := range p.Array {
			element, within, err := c.pattern(inner, s, b)
			if err != nil {
				return nil, nil, err
			}
			list, s = append(list, element), within
		}
		return list, s, nil
	}
	var members membersPattern
	for _, kv := range p.Object {
		m, within, err := c.memberPattern(kv, s, b)
		if err != nil {
			return nil, nil, err
		}
		members, s = append(members, m), within
	}
	return members, s, nil
}

func (c *compiler) memberPattern(kv *gojq.PatternObject, s *scope, b *block) (m memberPattern, _ *scope, err error) {
	switch {
	case strings.HasPrefix(kv.Key, "$"):
		m.key = named(kv.Key[1:])
		s = c.variable(s, kv.Key, b)
		m.whole = whole{s.slot}
	case kv.Key != "":
		m.key = named(kv.Key)
	case kv.KeyString != nil:
		m.key, err = c.text(kv.KeyString, "tostring", s, b)
	default:
		m.key, err = c.query(kv.KeyQuery, s, b)
	}
	if err == nil && kv.Val != nil {
		m.inner, s, err = c.pattern(kv.Val, s, b)
	}
	return m, s, err
}

func (c *compiler) update(q *gojq.Query, s *scope, b *block) (node, error) {
	places, err := c.loosely(q.Left, s, b)
	if err != nil {
		return nil, err
	}
	source, err := c.loosely(q.Right, s, b)
	if err != nil {
		return nil, err
	}
	switch q.Op {
	case gojq.OpAssign:
		return newAssignment(places, source), nil
	case gojq.OpModify:
		return only[*modification]{&modification{places, source}}, nil
	}
	// places //= source is, for each result of source, places |= . // $result.
	within := c.variable(s, "", b)
	change := newAlternative(identity{}, only[variable]{variable{0, within.slot}})
	return newBinding(source, whole{within.slot}, only[*modification]{&modification{places, change}}), nil
}

func (c *compiler) choice(t *gojq.If, s *scope, b *block) (node, error) {
	test, err := c.query(t.Cond, s, b)
	if err != nil {
		return nil, err
	}
	then, err := c.loosely(t.Then, s, b)
	if err != nil {
		return nil, err
	}
	other := node(identity{})
	switch {
	case len(t.Elif) > 0:
		c.loose++
		defer func() { c.loose-- }()
		other, err = c.choice(&gojq.If{Cond: t.Elif[0].Cond, Then: t.Elif[0].Then, Elif: t.Elif[1:], Else: t.Else}, s, b)
	case t.Else != nil:
		other, err = c.loosely(t.Else, s, b)
	}
	return newChoice(test, then, other), err
}

func (c *compiler) attempt(t *gojq.Try, s *scope, b *block) (node, error) {
	body, err := c.loosely(t.Body, s, b)
	if err != nil || t.Catch == nil {
		return &attempt{body: body}, err
	}
	handler, err := c.loosely(t.Catch, s, b)
	return &attempt{body: body, handler: handler}, err
}

func (c *compiler) reduction(t *gojq.Reduce, s *scope, b *block) (n *reduction, err error) {
	n = &reduction{}
	if n.start, err = c.loosely(t.Start, s, b); err != nil {
		return n, err
	}
	if n.source, err = c.loosely(t.Query, s, b); err != nil {
		return n, err
	}
	if n.pattern, s, err = c.patterns(t.Patterns, s, b); err != nil {
		return n, err
	}
	n.update, err = c.loosely(t.Update, s, b)
	return n, err
}

func (c *compiler) loop(t *gojq.Foreach, s *scope, b *block) (n *loop, err error) {
	n = &loop{}
	if n.start, err = c.loosely(t.Start, s, b); err != nil {
		return n, err
	}
	if n.source, err = c.loosely(t.Query, s, b); err != nil {
		return n, err
	}
	if n.pattern, s, err = c.patterns(t.Patterns, s, b); err != nil {
		return n, err
	}
	if n.update, err = c.loosely(t.Update, s, b); err != nil {
		return n, err
	}
	n.extract = identity{}
	if t.Extract != nil {
		n.extract, err = c.loosely(t.Extract, s, b)
	}
	return n, err
}
