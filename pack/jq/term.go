package jq

import (
	"encoding/json"
	"fmt"
	"math/big"
	"strings"

	"github.com/itchyny/gojq"
)

// term compiles a term with what is written behind it.
func (c *compiler) term(t *gojq.Term, s *scope, b *block) (node, error) {
	n := len(t.SuffixList)
	if n == 0 {
		return c.bare(t, s, b)
	}
	inner := *t
	inner.SuffixList = t.SuffixList[:n-1]
	switch last := t.SuffixList[n-1]; {
	case last.Optional:
		return c.optional(&inner, s, b)
	case last.Iter:
		of, err := c.term(&inner, s, b)
		return &iteration{of: of}, err
	default:
		return c.index(&inner, last.Index, s, b)
	}
}

// array compiles what an array collects: parts with commas between them are evaluated once each.
func (c *compiler) array(q *gojq.Query, s *scope, b *block) (node, error) {
	if q.Term == nil && q.Op == gojq.OpComma && len(q.FuncDefs) == 0 {
		left, err := c.array(q.Left, s, b)
		if err != nil {
			return nil, err
		}
		right, err := c.array(q.Right, s, b)
		return &comma{left: left, right: right}, err
	}
	return c.query(q, s, b)
}

// optional is try around the last step of a term.
func (c *compiler) optional(t *gojq.Term, s *scope, b *block) (node, error) {
	c.loose++
	defer func() { c.loose-- }()
	n := len(t.SuffixList)
	if n == 0 {
		body, err := c.bare(t, s, b)
		return &attempt{body: body}, err
	}
	last := t.SuffixList[n-1]
	if last.Optional {
		body, err := c.term(t, s, b)
		return &attempt{body: body}, err
	}
	inner := *t
	inner.SuffixList = t.SuffixList[:n-1]
	of, err := c.term(&inner, s, b)
	if err != nil || last.Iter {
		return &iteration{of: of, quiet: true}, err
	}
	body, err := c.index(&gojq.Term{Type: gojq.TermTypeIdentity}, last.Index, s, b)
	return newPipe(of, &attempt{body: body}), err
}

func (c *compiler) index(t *gojq.Term, x *gojq.Index, s *scope, b *block) (node, error) {
	if x.Name != "" && !x.IsSlice {
		of, err := c.term(t, s, b)
		if err != nil {
			return nil, err
		}
		return newIndex(of, x.Name), nil
	}
	c.loose++
	of, err := c.term(t, s, b)
	c.loose--
	if err != nil {
		return nil, err
	}
	if x.IsSlice {
		return c.slice(of, x, s, b)
	}
	var key node
	if x.Str != nil {
		key, err = c.text(x.Str, "tostring", s, b)
	} else {
		key, err = c.query(x.Start, s, b)
	}
	if err != nil {
		return nil, err
	}
	if fixed, ok := key.(only[constant]); ok {
		switch fixed.is.v.(type) {
		case string, int:
			return newIndex(of, fixed.is.v), nil
		}
	}
	return newLookup(of, key), nil
}

// newIndex writes .[].a as .[] | .a, so that a loop over it is seen.
func newIndex(of node, key any) node {
	if of.single() {
		return &index{of, key}
	}
	return newPipe(of, &index{identity{}, key})
}

func (c *compiler) slice(of node, x *gojq.Index, s *scope, b *block) (node, error) {
	bounds := [2]node{only[constant]{}, only[constant]{}}
	for i, q := range []*gojq.Query{x.Start, x.End} {
		if q == nil {
			continue
		}
		var err error
		if bounds[i], err = c.query(q, s, b); err != nil {
			return nil, err
		}
	}
	return newCut(of, bounds[0], bounds[1]), nil
}

// bare compiles a term with nothing behind it.
func (c *compiler) bare(t *gojq.Term, s *scope, b *block) (node, error) {
	switch t.Type {
	case gojq.TermTypeIdentity:
		return identity{}, nil
	case gojq.TermTypeRecurse:
		return c.call(&gojq.Func{Name: "recurse"}, s, b)
	case gojq.TermTypeNull:
		return only[constant]{}, nil
	case gojq.TermTypeTrue:
		return only[constant]{constant{true}}, nil
	case gojq.TermTypeFalse:
		return only[constant]{constant{false}}, nil
	case gojq.TermTypeNumber:
		return number(t.Number)
	case gojq.TermTypeIndex:
		return c.index(&gojq.Term{Type: gojq.TermTypeIdentity}, t.Index, s, b)
	case gojq.TermTypeFunc:
		return c.call(t.Func, s, b)
	case gojq.TermTypeObject:
		return c.object(t.Object, s, b)
	case gojq.TermTypeArray:
		if t.Array.Query == nil {
			return only[constant]{constant{[]any{}}}, nil
		}
		body, err := c.array(t.Array.Query, s, b)
		if err != nil {
			return nil, err
		}
		return newArray(body), nil
	case gojq.TermTypeUnary:
		return c.unary(t.Unary, s, b)
	case gojq.TermTypeString:
		return c.text(t.Str, "tostring", s, b)
	case gojq.TermTypeFormat:
		if t.Str == nil {
			return c.call(&gojq.Func{Name: t.Format}, s, b)
		}
		return c.text(t.Str, t.Format, s, b)
	case gojq.TermTypeIf:
		return c.choice(t.If, s, b)
	case gojq.TermTypeTry:
		return c.attempt(t.Try, s, b)
	case gojq.TermTypeReduce:
		return c.reduction(t.Reduce, s, b)
	case gojq.TermTypeForeach:
		return c.loop(t.Foreach, s, b)
	case gojq.TermTypeLabel:
		within := &scope{up: s, block: b, label: t.Label.Ident, slot: b.slot()}
		body, err := c.loosely(t.Label.Body, within, b)
		return &label{slot: within.slot, body: body}, err
	case gojq.TermTypeBreak:
		target := s.find(func(s *scope) bool { return s.label == t.Break })
		if target == nil {
			return nil, fmt.Errorf("there is no label %s", t.Break)
		}
		return only[breaking]{breaking{target.block.from(b), target.slot}}, nil
	case gojq.TermTypeQuery:
		return c.query(t.Query, s, b)
	}
	return nil, fmt.Errorf("%s is not available", t)
}

// number reads a whole number.
func number(text string) (node, error) {
	n := json.Number(text)
	if i, err := n.Int64(); err == nil {
		return only[constant]{constant{int(i)}}, nil
	}
	i, ok := new(big.Int).SetString(text, 10)
	if !ok {
		return nil, fmt.Errorf("%s is no whole number", text)
	}
	return only[constant]{constant{i}}, nil
}

func (c *compiler) unary(u *gojq.Unary, s *scope, b *block) (node, error) {
	of, err := c.term(u.Term, s, b)
	if err != nil {
		return nil, err
	}
	if u.Op == gojq.OpAdd {
		return newPipe(of, only[*function]{&function{plus}}), nil
	}
	if fixed, ok := of.(only[constant]); ok {
		if v, err := negate(fixed.is.v); err == nil {
			return only[constant]{constant{v}}, nil
		}
	}
	return newPipe(of, only[*function]{&function{negate}}), nil
}

func (c *compiler) object(o *gojq.Object, s *scope, b *block) (node, error) {
	if len(o.KeyVals) == 0 {
		return only[constant]{constant{map[string]any{}}}, nil
	}
	members := make([]member, len(o.KeyVals))
	defer func(loose int) { c.loose = loose }(c.loose)
	for i, kv := range o.KeyVals {
		m, err := c.member(kv, s, b)
		if err != nil {
			return nil, err
		}
		if members[i] = m; !m.name.single() || !m.value.single() {
			c.loose++ // those behind it
		}
	}
	return newObject(members), nil
}

func (c *compiler) member(kv *gojq.ObjectKeyVal, s *scope, b *block) (m member, err error) {
	switch {
	case strings.HasPrefix(kv.Key, "$"):
		m.name = named(kv.Key[1:])
		m.value, err = c.call(&gojq.Func{Name: kv.Key}, s, b)
		return m, err
	case kv.Key != "":
		m.name = named(kv.Key)
	case kv.KeyString != nil:
		m.name, err = c.text(kv.KeyString, "tostring", s, b)
	default:
		m.name, err = c.query(kv.KeyQuery, s, b)
	}
	if err != nil {
		return m, err
	}
	if !m.name.single() {
		c.loose++ // the value; the object takes it back
	}
	if kv.Val != nil {
		m.value, err = c.query(kv.Val, s, b)
	} else {
		m.value = newLookup(identity{}, m.name)
	}
	return m, err
}

// text compiles a string; what stands in \( ) goes through the function or format.
func (c *compiler) text(str *gojq.String, through string, s *scope, b *block) (node, error) {
	if str.Queries == nil {
		return only[constant]{constant{str.Str}}, nil
	}
	parts, err := c.queries(str.Queries, s, b)
	if err != nil {
		return nil, err
	}
	single := true
	for i, q := range str.Queries {
		part := parts[i]
		if q.Term == nil || q.Term.Str == nil {
			format, err := c.call(&gojq.Func{Name: through}, nil, b)
			if err != nil {
				return nil, err
			}
			part = newPipe(part, format)
		}
		parts[i] = part
		single = single && part.single()
	}
	if single {
		return only[*text]{&text{parts, c.options.Computed}}, nil
	}
	return newCall(parts, func(_ *frame, _ any, args []any) (any, error) {
		var b strings.Builder
		for _, arg := range args {
			b.WriteString(arg.(string))
		}
		return passed(b.String(), c.options.Computed)
	}), nil
}
