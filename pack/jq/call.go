package jq

import (
	"fmt"
	"slices"
	"strings"

	"github.com/itchyny/gojq"
)

// call compiles the use of a function or variable: a definition of the program, then one of
// the language, then a function of the options, then one that gojq has.
func (c *compiler) call(f *gojq.Func, s *scope, b *block) (node, error) {
	if strings.HasPrefix(f.Name, "$") {
		v := s.findVariable(f.Name)
		if v == nil {
			return nil, fmt.Errorf("variable not defined: %s", f.Name)
		}
		if v.fixed != nil {
			return v.fixed, nil
		}
		v.uses++
		v.loose = v.loose || c.loose > v.level || v.block != b
		return only[variable]{variable{v.block.from(b), v.slot}}, nil
	}
	if target := s.function(f.Name, len(f.Args)); target != nil {
		return c.defined(target, f.Args, s, b)
	}
	if form, ok := forms[signature{f.Name, len(f.Args)}]; ok {
		c.loose++
		args, err := c.queries(f.Args, s, b)
		c.loose--
		if err != nil {
			return nil, err
		}
		if n := form(c, args); n != nil {
			return n, nil
		}
	}
	if def := definition(f.Name, len(f.Args)); def != nil {
		return c.defined(&scope{block: b, def: def}, f.Args, s, b)
	}
	args, err := c.queries(f.Args, s, b)
	if err != nil {
		return nil, err
	}
	for _, own := range c.options.Functions {
		if own.Name == f.Name && own.Arity == len(args) {
			return (&call{args: args, write: own.Write, parts: own.Parts, fn: func(f *frame, in any, args []any) (any, error) {
				v, err := own.Call(f.run, in, args)
				if err != nil {
					return nil, &final{err}
				}
				return v, nil
			}}).node(), nil
		}
	}
	return c.ofLanguage(f.Name, args)
}

// queries compiles arguments, which are evaluated from the last to the first.
func (c *compiler) queries(list []*gojq.Query, s *scope, b *block) ([]node, error) {
	defer func(loose int) { c.loose = loose }(c.loose)
	nodes := make([]node, len(list))
	for i, q := range slices.Backward(list) {
		var err error
		if nodes[i], err = c.query(q, s, b); err != nil {
			return nil, err
		}
		if !nodes[i].single() {
			c.loose++
		}
	}
	return nodes, nil
}

// ofLanguage compiles a function that takes values: here where it is common, else by gojq.
func (c *compiler) ofLanguage(name string, args []node) (node, error) {
	var computed func(any) error
	if slices.Contains(c.options.Computing, name) {
		computed = c.options.Computed
	}
	if fn, ok := functions[name]; ok && len(args) == 0 {
		return only[*function]{&function{func(in any) (any, error) {
			v, err := fn(in)
			if err != nil || computed == nil {
				return v, err
			}
			return passed(v, computed)
		}}}, nil
	}
	fn, ok := functions1[name]
	if !ok || len(args) != 1 {
		rare, err := ask(name, len(args))
		if err != nil {
			return nil, err
		}
		fn = func(in, arg any) (any, error) { return rare.call(in, arg) }
		if len(args) != 1 {
			return newCall(args, func(_ *frame, in any, args []any) (any, error) {
				v, err := rare.call(in, args...)
				if err != nil {
					return nil, err
				}
				return passed(v, computed)
			}), nil
		}
	}
	return newCall(args, func(_ *frame, in any, args []any) (any, error) {
		v, err := fn(in, args[0])
		if err != nil {
			return nil, err
		}
		return passed(v, computed)
	}), nil
}

// defined compiles a call of a definition or of a parameter, which is what it stands for.
func (c *compiler) defined(target *scope, args []*gojq.Query, s *scope, b *block) (node, error) {
	switch {
	case target.def == nil && target.arg == nil:
		return &parameter{up: target.block.from(b), number: target.number}, nil
	case target.def == nil:
		return c.query(target.arg, target.at, b)
	case callsItself(target.def):
		return c.recursive(target, args, s, b)
	case target.shared != nil && target.sharedBlock == b:
		return target.shared, nil
	}
	n, err := c.inline(target, args, s, b)
	if err == nil && len(args) == 0 && n.optional() {
		target.shared, target.sharedBlock = n, b
	}
	return n, err
}

// inline writes a definition out where it is called. A parameter with a dollar sign is a
// variable, and the name without it stands for the argument, too.
func (c *compiler) inline(target *scope, args []*gojq.Query, s *scope, b *block) (node, error) {
	within := target
	for i, name := range target.def.Args {
		within = &scope{up: within, block: b, param: strings.TrimPrefix(name, "$"), arg: args[i], at: s}
	}
	return c.arguments(target.def, args, s, within, b)
}

// arguments compiles the body of a definition within the variables that its parameters are.
func (c *compiler) arguments(def *gojq.FuncDef, args []*gojq.Query, s, within *scope, b *block) (node, error) {
	for i, name := range def.Args {
		if !strings.HasPrefix(name, "$") {
			continue
		}
		source, err := c.query(args[i], s, b)
		if err != nil {
			return nil, err
		}
		if fixed, ok := source.(only[constant]); ok {
			within = &scope{up: within, block: b, named: name, fixed: fixed}
			continue
		}
		within = c.variable(within, name, b)
		rest := &gojq.FuncDef{Name: def.Name, Args: slices.Concat(make([]string, i+1), def.Args[i+1:]), Body: def.Body}
		return c.bound(source, whole{within.slot}, within, func() (node, error) { return c.arguments(rest, args, s, within, b) })
	}
	return c.query(def.Body, within, b)
}

// callsItself reports whether a definition has its own name in it. Functions see only what
// stands before them and themselves, so that there is no other way to call oneself.
func callsItself(def *gojq.FuncDef) bool {
	found := false
	walk(def.Body, func(f *gojq.Func) {
		found = found || f.Name == def.Name && len(f.Args) == len(def.Args)
	})
	return found
}

// recursive is a function that calls itself: it has a frame for each of its calls.
type recursive struct {
	block *block
	body  node
}

func (c *compiler) recursive(target *scope, args []*gojq.Query, s *scope, b *block) (node, error) {
	if target.recursive == nil {
		target.recursive = &recursive{block: &block{up: target.block}}
		within := target
		for i, name := range target.def.Args {
			within = &scope{up: within, block: target.recursive.block, param: strings.TrimPrefix(name, "$"), number: i}
		}
		body := target.def.Body
		for _, name := range slices.Backward(target.def.Args) {
			if plain, isVariable := strings.CutPrefix(name, "$"); isVariable {
				arg := &gojq.Query{Term: &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: plain}}}
				body = &gojq.Query{Left: arg, Op: gojq.OpPipe, Right: body, Patterns: []*gojq.Pattern{{Name: name}}}
			}
		}
		var err error
		if target.recursive.body, err = c.query(body, within, target.recursive.block); err != nil {
			return nil, err
		}
	}
	n := &recursion{is: target.recursive, up: target.block.from(b)}
	for _, arg := range args {
		own := &block{up: b}
		body, err := c.loosely(arg, s, own)
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, argument{body, own})
	}
	return n, nil
}

// recursion is a call of a function that calls itself.
type recursion struct {
	several
	is   *recursive
	up   int // to the block that the function stands in
	args []argument
}

type argument struct {
	body  node
	block *block
}

func (n *recursion) each(f *frame, in value, yield yield) error {
	if err := f.enter(); err != nil {
		return err
	}
	defer f.leave()
	inner := &frame{machine: f.machine, vars: make([]any, n.is.block.slots), up: f.above(n.up)}
	for _, arg := range n.args {
		inner.args = append(inner.args, closure{arg.body, arg.block, f})
	}
	return n.is.body.each(inner, in, yield)
}

// parameter calls what an argument of a call stands for.
type parameter struct {
	several
	up, number int
}

func (n *parameter) each(f *frame, in value, yield yield) error {
	arg := f.above(n.up).args[n.number]
	inner := &frame{machine: f.machine, vars: make([]any, arg.block.slots), up: arg.frame}
	return arg.body.each(inner, in, yield)
}
