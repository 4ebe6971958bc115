package jq

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

// The oracle is gojq's own machine.

// errInexact is what the tests' Computed says of fractions and of numbers beyond 64 bits.
var errInexact = errors.New("inexact")

func exact(v any) error {
	switch v := v.(type) {
	case nil, bool, int, string, json.Number, []any, map[string]any:
		return nil
	case *big.Int:
		if v.IsInt64() {
			return nil
		}
	}
	return errInexact
}

// twice is a function from outside: it doubles texts, and ends the run for anything else.
func twice(_, in any, _ []any) (any, error) {
	text, ok := in.(string)
	if !ok {
		return nil, errInexact
	}
	return text + text, nil
}

// glue joins the texts of an array, and ends the run for anything else.
func glue(_, in any, _ []any) (any, error) {
	parts, ok := in.([]any)
	if !ok {
		return nil, errInexact
	}
	return glued(nil, parts)
}

func glued(_ any, parts []any) (any, error) {
	var b strings.Builder
	for _, part := range parts {
		text, ok := part.(string)
		if !ok {
			return nil, errInexact
		}
		b.WriteString(text)
	}
	return b.String(), nil
}

func testOptions() Options {
	return Options{
		Functions: []Function{{Name: "twice", Call: twice, Write: func(b []byte, run, in any, args []any) ([]byte, error) {
			v, err := twice(run, in, args)
			if err != nil {
				return nil, err
			}
			return appendText(b, v.(string)), nil
		}}, {Name: "glue", Call: glue, Parts: glued}, {Name: "pair", Arity: 2, Call: func(run, in any, args []any) (any, error) { return []any{run, in, args[0], args[1]}, nil }}},
		Variables: []string{"$one", "$list"}, Computed: exact, Computing: []string{"add", "tonumber"},
		Steps: 200_000, Depth: 2_000, Values: 10_000,
	}
}

func testVariables() []any { return []any{1, []any{"a", "b", 3}} }

// outcome is what a program gives: its results as JSON, and what ended it.
func outcome(results []any, err error) string {
	var b strings.Builder
	for _, v := range results {
		text, fail := gojq.Marshal(v)
		if fail != nil {
			panic(fail)
		}
		b.Write(text)
		b.WriteByte(' ')
	}
	if err != nil {
		// Messages are compared up to the value that they quote.
		message, _, _ := strings.Cut(err.Error(), "(")
		if errors.Is(err, errInexact) {
			message = errInexact.Error()
		}
		b.WriteString("! " + strings.TrimSpace(message))
	}
	return b.String()
}

func read(t testing.TB, text string) any {
	t.Helper()
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func ours(t testing.TB, program string, in any) (string, error) {
	t.Helper()
	query, err := gojq.Parse(program)
	if err != nil {
		return "", err
	}
	code, err := Compile(query, testOptions())
	if err != nil {
		return "", err
	}
	var found []any
	err = new(Machine).Run(t.Context(), code, Input{Value: in, Variables: testVariables(), Run: "run"}, func(v any) error {
		found = append(found, v)
		return nil
	})
	return outcome(found, err), nil
}

// written returns what a program writes, and whether it is exact.
func written(t testing.TB, program string, in any) (string, bool) {
	t.Helper()
	query, err := gojq.Parse(program)
	if err != nil {
		return "", true
	}
	code, err := Compile(query, testOptions())
	if err != nil {
		return "", true
	}
	var found []any
	err = new(Machine).Write(t.Context(), code, Input{Value: in, Variables: testVariables(), Run: "run"}, func(b []byte) error {
		found = append(found, read(t, string(b)))
		return nil
	})
	return outcome(found, err), !errors.Is(err, ErrInexact)
}

// theirs runs a program on gojq, with every computation within a check.
func theirs(t testing.TB, program string, in any) (string, error) {
	t.Helper()
	query, err := gojq.Parse(program)
	if err != nil {
		return "", err
	}
	checkedQuery(query)
	halting := func(do func(in any, args []any) (any, error)) func(any, []any) any {
		return func(in any, args []any) any {
			v, err := do(in, args)
			if err != nil {
				halt, _ := haltError.Run(err.Error()).Next()
				return halt
			}
			return v
		}
	}
	code, err := gojq.Compile(query, gojq.WithVariables([]string{"$one", "$list"}),
		gojq.WithFunction("_checked", 1, 1, halting(func(_ any, args []any) (any, error) { return args[0], exact(args[0]) })),
		gojq.WithFunction("twice", 0, 0, halting(func(in any, args []any) (any, error) { return twice("run", in, args) })),
		gojq.WithFunction("glue", 0, 0, halting(func(in any, args []any) (any, error) { return glue("run", in, args) })),
		gojq.WithFunction("pair", 2, 2, halting(func(in any, args []any) (any, error) { return []any{"run", in, args[0], args[1]}, nil })))
	if err != nil {
		return "", err
	}
	results := code.RunWithContext(&stepping{Context: t.Context(), steps: 2_000_000}, in, testVariables()...)
	var found []any
	for {
		v, ok := results.Next()
		if !ok {
			return outcome(found, nil), nil
		}
		if err, failed := v.(error); failed {
			var halt *gojq.HaltError
			if errors.As(err, &halt) {
				err = fmt.Errorf("%s", halt.Value())
			}
			return outcome(found, err), nil
		}
		if found = append(found, v); len(found) > 200_000 {
			return outcome(found, ErrSteps), nil
		}
	}
}

var haltError = func() *gojq.Code {
	query, err := gojq.Parse("halt_error")
	if err != nil {
		panic(err)
	}
	code, err := gojq.Compile(query)
	if err != nil {
		panic(err)
	}
	return code
}()

// stepping is a context that ends after a number of gojq's own steps.
type stepping struct {
	context.Context
	steps int
}

func (s *stepping) Done() <-chan struct{} {
	if s.steps--; s.steps < 0 {
		done := make(chan struct{})
		close(done)
		return done
	}
	return nil
}

func (s *stepping) Err() error { return ErrSteps }

// checkedQuery puts every computation of a program into _checked.
func checkedQuery(query *gojq.Query) {
	var visit func(v reflect.Value)
	visit = func(v reflect.Value) {
		switch v.Kind() {
		case reflect.Pointer:
			if v.IsNil() {
				return
			}
			visit(v.Elem())
			switch node := v.Interface().(type) {
			case *gojq.Query:
				switch node.Op {
				case gojq.OpAdd, gojq.OpSub, gojq.OpMul, gojq.OpDiv, gojq.OpMod:
					inner := *node
					*node = gojq.Query{Term: checkedTerm(&inner)}
				}
			case *gojq.Term:
				if node.Type == gojq.TermTypeFunc && slices.Contains(testOptions().Computing, node.Func.Name) || node.Str != nil && len(node.Str.Queries) > 0 {
					inner := *node
					inner.SuffixList = nil
					suffixes := node.SuffixList
					*node = *checkedTerm(&gojq.Query{Term: &inner})
					node.SuffixList = suffixes
				}
			}
		case reflect.Slice:
			for i := range v.Len() {
				visit(v.Index(i))
			}
		case reflect.Struct:
			for i := range v.NumField() {
				visit(v.Field(i))
			}
		}
	}
	visit(reflect.ValueOf(query))
}

func checkedTerm(q *gojq.Query) *gojq.Term {
	return &gojq.Term{Type: gojq.TermTypeFunc, Func: &gojq.Func{Name: "_checked", Args: []*gojq.Query{q}}}
}

// agree runs a program both ways.
func agree(t testing.TB, program, input string) {
	t.Helper()
	got, err := ours(t, program, read(t, input))
	want, oracle := theirs(t, program, read(t, input))
	if (err != nil) != (oracle != nil) {
		t.Errorf("%s does not compile alike: %v and gojq %v", program, err, oracle)
	}
	if got != want {
		t.Errorf("%s of %s:\ngot  %s\nwant %s", program, input, got, want)
	}
	if text, exact := written(t, program, read(t, input)); exact && text != want {
		t.Errorf("%s of %s:\nwrote %s\nwant  %s", program, input, text, want)
	}
}
