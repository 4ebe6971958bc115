package pack

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"github.com/heddlehq/heddle/fault"
)

// Limits of one run of a mapping. They are counted, not timed, so that a payload is refused
// on every machine or on none.
const (
	stepsMax  = 5_000_000 // instructions
	textMax   = 1 << 20   // bytes of one computed text
	listMax   = 200_000   // elements of one computed array
	eventsMax = 10_000    // results
)

// program is a compiled expression or mapping.
type program struct {
	name string // the file or member that it stands in
	code *gojq.Code
}

// run is what one run may know besides its input.
type run struct {
	ctx      context.Context
	instance string
	envelope any
	zone     *time.Location
	file     string
	number   int
	options  map[string]any
	tokenKey []byte
}

// variables in the order of run.values:
//
//	$instance   the installation of the outside system
//	$envelope   what surrounds the record in its parent element (XML)
//	$zone       the name of the instance's time zone
//	$file       the name of the file without folders, or ""
//	$number     the record's number among those of its parent, from 1
//	$options    what the installation chose of the pack's options, by name
//
// The last is the run itself, for the functions that need it; a mapping cannot name it.
var variables = []string{"$instance", "$envelope", "$zone", "$file", "$number", "$options", "$__run"}

func (r *run) values() []any {
	return []any{r.instance, r.envelope, r.zone.String(), r.file, r.number, r.options, r}
}

// compile checks and compiles a text of the mapping language.
func compile(name, text string) (*program, error) { return functionsFile{}.compile(name, text) }

// compile compiles a text that can use the definitions of the file.
func (f functionsFile) compile(name, text string) (*program, error) {
	definitions, err := f.read()
	if err != nil {
		return nil, err
	}
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, parseFault(name, text, err)
	}
	query.FuncDefs = append(definitions, query.FuncDefs...)
	if err := check(name, query); err != nil {
		return nil, err
	}
	prelude, err := gojq.Parse(preludeText + ".")
	if err != nil {
		panic("pack: the prelude does not parse: " + err.Error())
	}
	query.FuncDefs = append(prelude.FuncDefs, query.FuncDefs...)
	code, err := gojq.Compile(query, append(functions(), gojq.WithVariables(variables))...)
	if err != nil {
		return nil, broken(name, "%v", err)
	}
	return &program{name, code}, nil
}

// functionsFile is a file of definitions that a pack's mappings share.
type functionsFile struct{ name, text string }

// read returns the definitions anew, because checking rewrites them. A file that does more
// than define is refused.
func (f functionsFile) read() ([]*gojq.FuncDef, error) {
	if f.name == "" {
		return nil, nil
	}
	query, err := gojq.Parse(f.text)
	if err != nil {
		return nil, parseFault(f.name, f.text, err)
	}
	definitions := query.FuncDefs
	query.FuncDefs = nil
	if body := query.String(); query.Meta != nil || len(query.Imports) > 0 || body != "." && body != "" {
		return nil, broken(f.name, "it defines functions and does nothing else")
	}
	return definitions, nil
}

// parseFault names the line of a syntax error.
func parseFault(name, text string, err error) error {
	var malformed *gojq.ParseError
	if !errors.As(err, &malformed) {
		return broken(name, "%v", err)
	}
	line := 1 + strings.Count(text[:min(malformed.Offset, len(text))], "\n")
	return broken(name+":"+strconv.Itoa(line), "%v", malformed)
}

// values runs the program on a tree and returns its results. Where the mapping refuses or
// ignores the record it returns why instead; see ignored.
func (p *program) values(tree any, r *run) ([]any, *fault.Error) {
	limit := &budget{Context: r.ctx, steps: stepsMax}
	results := p.code.RunWithContext(limit, tree, r.values()...)
	var found []any
	for {
		value, ok := results.Next()
		if !ok {
			return found, nil
		}
		if err, failed := value.(error); failed {
			return nil, p.failure(err)
		}
		if left := listMax; !exact(value, &left) {
			return nil, p.fault("a result has more than %d values, or a number that is not exact", listMax)
		}
		if found = append(found, value); len(found) > eventsMax {
			return nil, p.fault("it made more than %d results", eventsMax)
		}
	}
}

// one runs an expression that gives one value or none; none is nil.
func (p *program) one(tree any, r *run) (any, *fault.Error) {
	found, err := p.values(tree, r)
	switch {
	case err != nil:
		return nil, err
	case len(found) == 0:
		return nil, nil
	case len(found) > 1:
		return nil, p.fault("it gave %d values; one is expected", len(found))
	}
	return found[0], nil
}

// failure turns what stopped a run into a fault.
func (p *program) failure(err error) *fault.Error {
	var halt *gojq.HaltError
	var own *fault.Error
	switch {
	case errors.As(err, &halt):
		if chosen, ok := halt.Value().(*fault.Error); ok {
			if chosen.Subject == "" {
				c := *chosen
				c.Subject = p.name
				return &c
			}
			return chosen
		}
	case errors.As(err, &own):
		return own
	case errors.Is(err, errSteps):
		return p.fault("it did not end within %d steps", stepsMax)
	}
	return p.fault("%s", withoutValues(err.Error()))
}

func (p *program) fault(format string, args ...any) *fault.Error {
	return fault.New(fault.BadMapping, p.name, format, args...)
}

// withoutValues cuts a message of the interpreter before the value that it quotes, which can
// be anything that a payload holds.
func withoutValues(message string) string {
	if at := strings.IndexAny(message, "(\"[{0123456789-"); at >= 0 {
		message = message[:at]
	}
	return strings.TrimRight(message, " :")
}

// errSteps stops a run that takes too long.
var errSteps = errors.New("pack: the run used up its steps")

// budget stops a run after a number of instructions: the interpreter asks Done before each.
type budget struct {
	context.Context
	steps int
}

// patience is how many instructions pass between two looks at the caller's context.
const patience = 1024

func (b *budget) Done() <-chan struct{} {
	if b.steps--; b.steps < 0 {
		spent := make(chan struct{})
		close(spent)
		return spent
	}
	if b.steps%patience == 0 {
		return b.Context.Done()
	}
	return nil
}

func (b *budget) Err() error {
	if b.steps < 0 {
		return errSteps
	}
	return fault.Wrap(b.Context.Err(), fault.Stopping, "pack.map", "mapping")
}

// exact reports whether the value holds no computed fraction, no whole number beyond 64 bits
// and no more than left values. Numbers of the payload keep their digits and pass.
func exact(value any, left *int) bool {
	if *left--; *left < 0 {
		return false
	}
	switch value := value.(type) {
	case nil, bool, string, int, json.Number:
		return true
	case *big.Int:
		return value.IsInt64()
	case []any:
		for _, v := range value {
			if !exact(v, left) {
				return false
			}
		}
		return true
	case map[string]any:
		for _, v := range value {
			if !exact(v, left) {
				return false
			}
		}
		return true
	}
	return false
}
