package jq

import (
	"reflect"
	"regexp"
	"slices"

	"github.com/itchyny/gojq"
)

// definitions are functions of the language that it can say itself, as its manual does.
const definitions = `
def map(f): [.[] | f];
def map_values(f): .[] |= f;
def add(f): [f] | add;
def in(xs): . as $x | xs | has($x);
def abs: if . < 0 then -. else . end;
def select(f): if f then . else empty end;
def recurse(f): def r: ., (f | r); r;
def recurse(f; cond): def r: ., (f | select(cond) | r); r;
def to_entries: [keys[] as $k | {key: $k, value: .[$k]}];
def from_entries: map({(.key // .Key // .name // .Name): if has("value") then .value else .Value end}) | add // {};
def with_entries(f): to_entries | map(f) | from_entries;
def while(cond; update): def _while: if cond then ., (update | _while) else empty end; _while;
def until(cond; next): def _until: if cond then . else next | _until end; _until;
def repeat(f): def _repeat: f, _repeat; _repeat;
def range($end): _range(0; $end; 1);
def range($start; $end): _range($start; $end; 1);
def range($start; $end; $step): _range($start; $end; $step);
def min_by(f): _min_by(map([f]));
def max_by(f): _max_by(map([f]));
def sort_by(f): _sort_by(map([f]));
def group_by(f): _group_by(map([f]));
def unique_by(f): _unique_by(map([f]));
def arrays: select(type == "array");
def objects: select(type == "object");
def iterables: select(type | . == "array" or . == "object");
def booleans: select(type == "boolean");
def numbers: select(type == "number");
def strings: select(type == "string");
def nulls: select(. == null);
def values: select(. != null);
def scalars: select(type | . != "array" and . != "object");
def combinations: if length == 0 then [] else .[0][] as $x | [$x] + (.[1:] | combinations) end;
def combinations(n): [limit(n; repeat(.))] | combinations;
def walk(f): def _walk: if type == "array" then map(_walk) elif type == "object" then map_values(_walk) end | f; _walk;
def first: .[0];
def last: .[-1];
def isempty(g): any(g; true) | not;
def all: all(.[]; .);
def all(y): all(.[]; y);
def all(g; y): any(g; y | not) | not;
def any: any(.[]; .);
def any(y): any(.[]; y);
def skip($n; g):
  if $n > 0 then foreach g as $item ($n; . - 1; if . < 0 then $item else empty end)
  elif $n == 0 then g
  else _fail("skip doesn't support negative count") end;
def nth($n): .[$n];
def nth($n; g): if $n >= 0 then first(skip($n; g)) else _fail("nth doesn't support negative index") end;
def limit($n; g):
  if $n > 0 then label $out | foreach g as $item ($n; . - 1; $item, if . <= 0 then break $out else empty end)
  elif $n == 0 then empty
  else _fail("limit doesn't support negative count") end;
def del(f): delpaths([path(f)]);
def paths: path(..) | select(. != []);
def paths(f): path(.. | select(f)) | select(. != []);
def pick(f): . as $v | reduce path(f) as $p (null; setpath($p; $v | getpath($p)));
def match($re): if $re | type == "array" then match($re[0]; $re[1]) else match($re; null) end;
def match($re; $flags): _match($re; $flags; false)[];
def test($re): if $re | type == "array" then test($re[0]; $re[1]) else test($re; null) end;
def test($re; $flags): _match($re; $flags; true);
def capture($re): if $re | type == "array" then capture($re[0]; $re[1]) else capture($re; null) end;
def capture($re; $flags): match($re; $flags) | .captures | _captures;
def scan($re): scan($re; null);
def scan($re; $flags): match($re; $flags + "g") | if .captures == [] then .string else [.captures[].string] end;
def splits($re; $flags):
  .[foreach (match($re; $flags + "g"), null) as {$offset, $length}
      (null; {start: .next, end: $offset, next: $offset + $length})];
def splits($re): splits($re; null);
def split($re; $flags): [splits($re; $flags)];
def sub($re; str): sub($re; str; null);
def sub($re; str; $flags):
  reduce match($re; $flags) as {$offset, $length, $captures}
    ({s: ., r: []};
      reduce ($captures | _captures | str) as $s
        (.i = 0; (.s[.next:$offset] + $s) as $text | .r[.i] |= . + $text | .i |= . + 1) |
      .next = $offset + $length) | .r[] + .s[.next:] // .s;
def gsub($re; str): sub($re; str; "g");
def gsub($re; str; $flags): sub($re; str; $flags + "g");
def INDEX(stream; idx_expr): reduce stream as $row ({}; .[$row | idx_expr | tostring] = $row);
def INDEX(idx_expr): INDEX(.[]; idx_expr);
def IN(s): any(s == .; .);
def IN(src; s): any(src == s; .);
`

var defined = parseDefinitions()

func parseDefinitions() []*gojq.FuncDef {
	query, err := gojq.Parse(definitions + ".")
	if err != nil {
		panic("jq: the definitions of the language do not parse: " + err.Error())
	}
	return query.FuncDefs
}

func definition(name string, arity int) *gojq.FuncDef {
	i := slices.IndexFunc(defined, func(d *gojq.FuncDef) bool { return d.Name == name && len(d.Args) == arity })
	if i < 0 {
		return nil
	}
	return defined[i]
}

// signature names a function with its number of arguments.
type signature struct {
	name  string
	arity int
}

// forms are functions that do more with their arguments than to take values of them. A form
// that is nil is none for these arguments.
var forms = map[signature]func(c *compiler, args []node) node{
	{"empty", 0}:   func(*compiler, []node) node { return empty{} },
	{"path", 1}:    func(_ *compiler, args []node) node { return &paths{of: args[0]} },
	{"getpath", 1}: func(_ *compiler, args []node) node { return &getpath{path: args[0]} },
	{"recurse", 0}: func(*compiler, []node) node { return descent{} },
	{"first", 1}:   func(_ *compiler, args []node) node { return &firstOf{args[0]} },
	{"last", 1}:    func(_ *compiler, args []node) node { return &lastOf{of: args[0]} },
	{"any", 2}:     func(_ *compiler, args []node) node { return only[*anyOf]{&anyOf{args[0], args[1]}} },
	{"_range", 3}:  func(_ *compiler, args []node) node { return &span{bounds: args} },
	{"IN", 1}:      func(_ *compiler, args []node) node { return newOneOf(identity{}, args[0]) },
	{"IN", 2}:      func(_ *compiler, args []node) node { return newOneOf(args[0], args[1]) },
	{"test", 1}:    func(_ *compiler, args []node) node { return newTest(args[0]) },
	{"_fail", 1}: func(_ *compiler, args []node) node {
		return newCall(args, func(_ *frame, _ any, args []any) (any, error) { return nil, failure(args[0].(string)) })
	},
}

// failure is an error of the language that a program can catch.
type failure string

func (f failure) Error() string { return "error: " + string(f) }

// Value is what catch gets of it.
func (f failure) Value() any { return string(f) }

// firstOf gives the first result and asks for no more.
type firstOf struct{ of node }

func (n *firstOf) single() bool                      { return n.of.single() }
func (n *firstOf) optional() bool                    { return true }
func (n *firstOf) one(f *frame, in any) (any, error) { return n.of.one(f, in) }

func (n *firstOf) maybe(f *frame, in any) (any, bool, error) { return first(n.of, f, in) }

func (n *firstOf) each(f *frame, in value, yield yield) error {
	var got value
	found := false
	err := n.of.each(f, in, func(v value) error {
		got, found = v, true
		return errEnough
	})
	if found {
		return yield(got)
	}
	return err
}

// lastOf gives the last result, if there is one.
type lastOf struct {
	several
	of node
}

func (n *lastOf) each(f *frame, in value, yield yield) error {
	var got any
	found := false
	err := results(n.of, f, in.v, func(v any) error {
		got, found = v, true
		return f.step()
	})
	if err != nil || !found {
		return err
	}
	return yield(value{got, in.at})
}

// anyOf reports whether the test is true for a result.
type anyOf struct{ of, test node }

func (n *anyOf) one(f *frame, in any) (any, error) {
	if !n.test.optional() {
		return n.general(f, in)
	}
	found := false
	looped, err := over(n.of, f, in, func(v any) (bool, error) {
		v, ok, err := n.test.maybe(f, v)
		found = ok && truth(v)
		return found, err
	})
	if looped || err != nil {
		return found, err
	}
	return n.general(f, in)
}

func (n *anyOf) general(f *frame, in any) (any, error) {
	found := false
	err := results(n.of, f, in, func(v any) error {
		return results(n.test, f, v, func(v any) error {
			if !truth(v) {
				return f.step()
			}
			found = true
			return errEnough
		})
	})
	if found {
		return true, nil
	}
	return false, err
}

// tested reports whether a text matches a fixed expression.
type tested struct{ expression *regexp.Regexp }

// newTest returns nil for an expression that is computed or broken.
func newTest(expression node) node {
	fixed, ok := expression.(only[constant])
	text, isText := fixed.is.v.(string)
	if !ok || !isText {
		return nil
	}
	compiled, err := regexp.Compile(text)
	if err != nil {
		return nil
	}
	return only[*tested]{&tested{compiled}}
}

func (n *tested) one(_ *frame, in any) (any, error) {
	text, ok := in.(string)
	if !ok {
		return askTest.call(in, n.expression.String())
	}
	return n.expression.MatchString(text), nil
}

// oneOf reports whether a value is one of some constants.
type oneOf struct {
	of    node
	list  []any
	texts []string // those of the list
}

func newOneOf(of, candidates node) node {
	if !of.single() {
		return nil
	}
	if list, ok := fixedList(listed(candidates)); ok {
		return only[*oneOf]{&oneOf{of, list, textsOf(list)}}
	}
	return only[*equalOne]{&equalOne{of, candidates}}
}

// equalOne reports whether a value is one of those that a node gives.
type equalOne struct{ of, candidates node }

func (n *equalOne) one(f *frame, in any) (any, error) {
	found := false
	same := func(candidate any) (bool, error) {
		v, err := n.of.one(f, in)
		found = err == nil && equal(v, candidate)
		return found, err
	}
	looped, err := over(n.candidates, f, in, same)
	if looped || err != nil {
		return found, err
	}
	return n.general(f, in)
}

func (n *equalOne) general(f *frame, in any) (any, error) {
	found := false
	err := results(n.candidates, f, in, func(candidate any) error {
		v, err := n.of.one(f, in)
		if err != nil {
			return err
		}
		if found = equal(v, candidate); found {
			return errEnough
		}
		return f.step()
	})
	if found {
		return true, nil
	}
	return false, err
}

func (n *oneOf) one(f *frame, in any) (any, error) {
	v, err := n.of.one(f, in)
	if err != nil {
		return nil, err
	}
	if text, ok := v.(string); ok {
		return slices.Contains(n.texts, text), nil
	}
	return slices.ContainsFunc(n.list, func(candidate any) bool { return equal(v, candidate) }), nil
}

func textsOf(list []any) []string {
	var texts []string
	for _, v := range list {
		if text, ok := v.(string); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// span gives the numbers from a start to before an end.
type span struct {
	several
	bounds []node // start, end, step
}

func (n *span) each(f *frame, in value, yield yield) error {
	got := make([]any, len(n.bounds))
	return cross(n.bounds, f, in.v, got, func() error {
		start, ok1 := got[0].(int)
		end, ok2 := got[1].(int)
		by, ok3 := got[2].(int)
		if !ok1 || !ok2 || !ok3 || by <= 0 || end > spanMax {
			return askRange.each(f, in.v, func(v any) error { return yield(value{v, in.at}) }, got...)
		}
		for i := start; i < end; i += by {
			if err := f.step(); err != nil {
				return err
			}
			if err := yield(value{i, in.at}); err != nil {
				return err
			}
		}
		return nil
	})
}

// spanMax keeps the sum of a number and a step from overflowing.
const spanMax = 1 << 62

// walk calls visit for every use of a function in a piece of syntax.
func walk(node any, visit func(f *gojq.Func)) {
	walkValue(reflect.ValueOf(node), func(n any) {
		if f, ok := n.(*gojq.Func); ok {
			visit(f)
		}
	})
}

// Names returns the names of members that a program writes as they are, .name and "name", in
// the order of the text. It does not know names that the program computes.
func Names(query *gojq.Query) []string {
	var names []string
	walkValue(reflect.ValueOf(query), func(n any) {
		switch n := n.(type) {
		case *gojq.Index:
			names = append(names, n.Name)
		case *gojq.String:
			names = append(names, n.Str)
		case *gojq.PatternObject:
			names = append(names, n.Key)
		}
	})
	return slices.DeleteFunc(names, func(name string) bool { return name == "" })
}

// walkValue visits what the pointers of a tree point to.
func walkValue(v reflect.Value, visit func(n any)) {
	switch v.Kind() {
	case reflect.Pointer:
		if v.IsNil() {
			return
		}
		visit(v.Interface())
		walkValue(v.Elem(), visit)
	case reflect.Slice:
		for i := range v.Len() {
			walkValue(v.Index(i), visit)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			walkValue(v.Field(i), visit)
		}
	}
}
