package jq

import (
	"context"
	"fmt"
	"strings"

	"github.com/itchyny/gojq"
)

// asked is a function that gojq computes.
type asked struct{ code *gojq.Code }

// arguments are the names of its arguments in the program that asks.
const arguments = "abcdefgh"

// ask returns the function of a name and number of arguments. A name that is none of the
// language is an error.
func ask(name string, arity int) (asked, error) {
	call := name
	if arity > len(arguments) {
		return asked{}, fmt.Errorf("function not defined: %s/%d", name, arity)
	}
	if arity > 0 {
		call += "($" + strings.Join(strings.Split(arguments[:arity], ""), "; $") + ")"
	}
	return askProgram(call, arity)
}

func askProgram(program string, arity int) (asked, error) {
	query, err := gojq.Parse(program)
	if err != nil {
		return asked{}, err
	}
	names := make([]string, arity)
	for i := range names {
		names[i] = "$" + arguments[i:i+1]
	}
	code, err := gojq.Compile(query, gojq.WithVariables(names))
	return asked{code}, err
}

// must is for what this package itself asks.
func must(a asked, err error) asked {
	if err != nil {
		panic("jq: " + err.Error())
	}
	return a
}

func mustAsk(name string, arity int) asked { return must(ask(name, arity)) }

// call returns the one result.
func (a asked) call(in any, args ...any) (any, error) {
	v, ok := a.code.Run(in, args...).Next()
	if !ok {
		return nil, nil
	}
	if err, failed := v.(error); failed {
		return nil, err
	}
	return v, nil
}

// each passes on all results, one step each.
func (a asked) each(f *frame, in any, yield func(v any) error, args ...any) error {
	results := a.code.RunWithContext(context.Background(), in, args...)
	for {
		v, ok := results.Next()
		if !ok {
			return nil
		}
		if err, failed := v.(error); failed {
			return err
		}
		if err := f.step(); err != nil {
			return err
		}
		if err := yield(v); err != nil {
			return err
		}
	}
}

// What the nodes ask for.
var (
	askIndex    = must(askProgram(".[$a]", 1))
	askAdd      = must(askProgram(". + $a", 1))
	askSub      = must(askProgram(". - $a", 1))
	askMul      = must(askProgram(". * $a", 1))
	askDiv      = must(askProgram(". / $a", 1))
	askMod      = must(askProgram(". % $a", 1))
	askPlus     = must(askProgram("+.", 0))
	askNegate   = must(askProgram("-.", 0))
	askRange    = must(askProgram("range($a; $b; $c)", 3))
	askGetpath  = mustAsk("getpath", 1)
	askSetpath  = mustAsk("setpath", 2)
	askDelpaths = mustAsk("delpaths", 1)
	askLength   = mustAsk("length", 0)
	askKeys     = mustAsk("keys", 0)
	askSum      = mustAsk("add", 0)
	askTostring = mustAsk("tostring", 0)
	askHas      = mustAsk("has", 1)
	askTest     = mustAsk("test", 1)
	askTrim     = mustAsk("trim", 0)
	askJoin     = mustAsk("join", 1)
)
