package pack

import (
	"reflect"
	"slices"
	"strings"

	"github.com/itchyny/gojq"

	"github.com/heddlehq/heddle/pack/jq"
)

// A mapping may use what is listed here, what is provided and what it defines itself. Left out
// is whatever asks the world (now, input, env), whatever computes in floating point, and
// whatever could hide a refusal.
const (
	// selecting functions can stand in a path expression.
	selecting = `empty select recurse map map_values first last limit skip nth paths path getpath
		del delpaths setpath to_entries from_entries with_entries arrays objects iterables booleans numbers
		strings nulls values scalars not any all isempty has in length keys keys_unsorted type
		sort sort_by group_by min min_by max max_by unique unique_by reverse contains inside index
		rindex indices startswith endswith ltrimstr rtrimstr trimstr ltrim rtrim trim
		ascii_downcase ascii_upcase abs split splits test match capture scan range while until
		repeat walk combinations transpose explode IN INDEX pick tojson tostring`
	// computing functions make numbers, texts or arrays whose size and exactness is checked.
	computing = `add tonumber fromjson join sub gsub implode flatten`
)

// checker walks a mapping before it is compiled and refuses what is not allowed.
type checker struct {
	name    string
	allowed map[string]bool
	err     error
}

func check(name string, query *gojq.Query) error {
	c := &checker{name: name, allowed: map[string]bool{}}
	for _, f := range strings.Fields(selecting + " " + computing) {
		c.allowed[f] = true
	}
	for _, f := range language.Functions {
		c.allowed[f.Name] = true
	}
	c.walk(reflect.ValueOf(query), c.define)
	c.walk(reflect.ValueOf(query), c.use)
	return c.err
}

// walk calls visit on every node of the syntax tree, inner nodes first.
func (c *checker) walk(v reflect.Value, visit func(node any)) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			c.walk(v.Elem(), visit)
			visit(v.Interface())
		}
	case reflect.Slice:
		for i := range v.Len() {
			c.walk(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			c.walk(v.Field(i), visit)
		}
	}
}

// define allows what the mapping itself defines. A name that the language has already is
// refused: where such a name means which function depends on the place.
func (c *checker) define(node any) {
	def, ok := node.(*gojq.FuncDef)
	if !ok {
		return
	}
	c.declare(def.Name, len(def.Args))
	for _, arg := range def.Args {
		c.declare(strings.TrimPrefix(arg, "$"), 0)
	}
}

func (c *checker) declare(name string, arity int) {
	call := name
	if arity > 0 {
		call += "(" + strings.TrimSuffix(strings.Repeat(".;", arity), ";") + ")"
	}
	query, err := gojq.Parse(call)
	if err == nil {
		_, err = gojq.Compile(query)
	}
	if err == nil || isProvided(name) {
		c.refuse("%s is a function of the language: choose another name", name)
	}
	c.allowed[name] = true
}

// isProvided reports whether a function of functions.go has the name.
func isProvided(name string) bool {
	return slices.ContainsFunc(language.Functions, func(f jq.Function) bool { return f.Name == name })
}

func (c *checker) use(node any) {
	switch node := node.(type) {
	case *gojq.Import:
		c.refuse("a mapping is one file: import and include are not available")
	case *gojq.Func:
		c.called(node.Name)
	case *gojq.ObjectKeyVal:
		if strings.HasPrefix(node.Key, "$") {
			c.called(node.Key)
		}
	case *gojq.Query:
		c.operator(node)
	case *gojq.Term:
		c.term(node)
	}
}

// called checks the name of a function or variable that is used.
func (c *checker) called(name string) {
	variable := strings.HasPrefix(name, "$")
	if strings.HasPrefix(name, "$__") || name == "$ENV" || !variable && !c.allowed[name] {
		c.refuse("%s is not available", name)
	}
}

func (c *checker) operator(q *gojq.Query) {
	switch q.Op {
	case gojq.OpUpdateAdd, gojq.OpUpdateSub, gojq.OpUpdateMul, gojq.OpUpdateDiv, gojq.OpUpdateMod:
		c.refuse("%s is not available: write |= and the sum", q.Op)
	}
}

func (c *checker) term(t *gojq.Term) {
	if t.Type == gojq.TermTypeNumber && strings.ContainsAny(t.Number, ".eE") {
		c.refuse("%s is no whole number: amounts and quantities are texts", t.Number)
	}
}

// refuse keeps the first finding.
func (c *checker) refuse(format string, args ...any) {
	if c.err == nil {
		c.err = broken(c.name, format, args...)
	}
}
