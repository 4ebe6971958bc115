package jq

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

// safe are the functions that the fuzzer's programs may call: none asks the world.
const safe = `empty select recurse map map_values first last limit skip nth paths path getpath del delpaths setpath
	to_entries from_entries with_entries arrays objects iterables booleans numbers strings nulls values scalars not any all
	isempty has in length keys type sort sort_by group_by min min_by max max_by unique unique_by reverse contains
	inside index rindex indices startswith endswith ltrimstr rtrimstr trimstr ltrim rtrim trim ascii_downcase ascii_upcase
	abs split splits test match capture scan range while until walk transpose explode IN INDEX pick tojson
	tostring add tonumber fromjson join sub gsub implode flatten twice glue pair`

// shared reports whether a program is one that both can run: it uses nothing but safe
// functions and its own, and nothing that this package leaves out.
func shared(query *gojq.Query) bool {
	text := query.String()
	for _, left := range []string{"?//", "+=", "-=", "*=", "/=", "%=", "$__loc__", "$ENV", "import", "include", "module", "_"} {
		if strings.Contains(text, left) {
			return false
		}
	}
	own := strings.Fields(safe)
	fits := true
	walk(query, func(f *gojq.Func) {
		fits = fits && (strings.HasPrefix(f.Name, "$") || slices.Contains(own, f.Name) || strings.Contains(text, "def "+f.Name))
	})
	for _, name := range own {
		fits = fits && !strings.Contains(text, "def "+name)
	}
	return fits
}

func FuzzAgreesWithGojq(f *testing.F) {
	for _, program := range []string{
		`.a.b[0]`, `[.list[] | select(.v > 1) | {k, v: (.v + 1)}]`, `reduce .list[] as {$v} (0; . + $v)`, `.list[].v |= . + 1`, `def f(g): g | g; .num | f(. + 1)`,
		`{a: .num} as $o | {b: $o} + {c: .s}`, `[path(..)]`, `label $f | .list[] | if .v == 1 then break $f else . end`, `try (.num.x, 1) catch "e"`, `foreach .list[] as $l (0; . + $l.v; [$l.k, .])`,
		`(.a, .s) = 1`, `del(.list[0], .a)`, `"\(.num) \(.s)"`, `[limit(3; .list[], .words[])]`, `.list | group_by(.k) | map({k: .[0].k, n: length})`, `def f: if . > 0 then ., (. - 1 | f) else empty end; [3 | f]`,
		`[.s, ([.u, "x"] | glue)] | glue`, `[.[] | strings, numbers]`, `.x // (.list[] | .k)`, `[.list[] as {k: $k} | $k] | unique`, `first(.list[] | select(.v == 9)) // "none"`, `.a as {b: [$x, $y]} | [$y, $x]`, `any(.list[]; .v == 2) and (.words | index("y")) == 1`,
	} {
		f.Add(program, document)
	}
	f.Fuzz(func(t *testing.T, program, input string) {
		query, err := gojq.Parse(program)
		if err != nil || len(program) > 200 || !shared(query) {
			return
		}
		d := json.NewDecoder(strings.NewReader(input))
		d.UseNumber()
		var in any
		if d.Decode(&in) != nil {
			return
		}
		got, err := ours(t, program, in)
		if err != nil {
			return // numbers with a point, and what gojq does not compile either
		}
		want, err := theirs(t, program, in)
		if err != nil {
			t.Fatalf("%s compiles, and for gojq it does not: %v", program, err)
		}
		for _, limit := range []error{ErrSteps, ErrDepth} {
			if strings.Contains(got, limit.Error()) || strings.Contains(want, limit.Error()) {
				return
			}
		}
		// Of two errors either can be the first.
		g, w, ended := strings.Index(got, "! "), strings.Index(want, "! "), got
		if g >= 0 && w >= 0 {
			got, want = got[:g], want[:w]
		}
		if got != want {
			t.Errorf("%s of %s:\ngot  %s\nwant %s", program, input, ended, want)
		}
	})
}

// A run ends where its options say so, and no try hides it.
func TestLimits(t *testing.T) {
	for _, c := range []struct {
		program string
		want    error
	}{
		{`range(1000000)`, ErrSteps},
		{`[range(1000000) | empty]`, ErrSteps},
		{`try (reduce range(1000000) as $i (0; .)) catch 1`, ErrSteps},
		{`(last(range(1000000)))?`, ErrSteps},
		{`any(range(1000000); false)`, ErrSteps},
		{`def f: .,.; f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|f|empty`, ErrSteps},
		{`reduce range(50000) as $i (null; [.])`, ErrSteps},
		{`def f: f; f`, ErrDepth},
		{`try (def f: f; f) catch 1`, ErrDepth},
		{`def f: [f]; f`, ErrDepth},
		{`[recurse(. ; true)]`, ErrDepth},
		{`reduce range(3000) as $i (null; [.]) | [..] | length`, ErrDepth},
		{`[range(2000) | [range(6)]]`, ErrValues},
		{`{a: [range(10000)]}`, ErrValues},
		{`reduce range(40) as $i (1; [., .])`, ErrValues},
	} {
		t.Run(c.program, func(t *testing.T) {
			query, err := gojq.Parse(c.program)
			if err != nil {
				t.Fatal(err)
			}
			code, err := Compile(query, testOptions())
			if err != nil {
				t.Fatal(err)
			}
			err = new(Machine).Write(t.Context(), code, Input{Variables: testVariables()}, func([]byte) error { return nil })
			if !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
}

func TestCompileRefuses(t *testing.T) {
	for _, c := range []struct{ program, want string }{
		{`nowhere`, "function not defined: nowhere/0"},
		{`.a | f(1)`, "function not defined: f/1"},
		{`$x`, "variable not defined: $x"},
		{`break $x`, "there is no label $x"},
		{`. as [$a] ?// $a | $a`, "?// is not available: write if"},
		{`.a += 1`, "+= is not available"},
		{`0.5`, "0.5 is no whole number"},
		{`def g(x): x|x; g(g(g(g(g(g(g(g(g(g(g(g(g(g(g(g(g(.)))))))))))))))))`, "the program has more than 100000 parts once its functions are written out"},
	} {
		query, err := gojq.Parse(c.program)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Compile(query, testOptions()); err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", c.program, err, c.want)
		}
	}
}

// A machine runs one program after another, and nothing of one is left for the next.
func TestMachineStartsAnew(t *testing.T) {
	m := new(Machine)
	for _, c := range []struct{ program, want string }{
		{`.num as $x | {a: $x} as $o | {b: $o}`, `{"b":{"a":12}}`},
		{`pair(.num.x; 1)`, `! expected an object but got: number`},
		{`.s | [pair(.; length)]`, `[["run","Text","Text",4]]`},
		{`$one`, `1`},
		{`def f: f; f`, `! ` + ErrDepth.Error()},
		{`.num as $x | [$x, $one]`, `[12,1]`},
	} {
		query, err := gojq.Parse(c.program)
		if err != nil {
			t.Fatal(err)
		}
		code, err := Compile(query, testOptions())
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		err = m.Write(t.Context(), code, Input{Value: read(t, document), Variables: testVariables(), Run: "run"}, func(text []byte) error {
			b.Write(text)
			return nil
		})
		if err != nil {
			b.WriteString("! " + err.Error())
		}
		if !strings.HasPrefix(b.String(), c.want) {
			t.Errorf("%s: got %s, want %s", c.program, b.String(), c.want)
		}
		m.Forget()
		for _, v := range slices.Concat(m.vars[:cap(m.vars)], m.room[:]) {
			if v != nil {
				t.Fatalf("%s: the machine kept %v", c.program, v)
			}
		}
	}
}
