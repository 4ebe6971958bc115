package pack

import (
	"context"
	"encoding/json"
	"errors"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack/jq"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

// Limits of one run of a mapping. They are counted, not timed, so that a payload is refused
// on every machine or on none.
const (
	stepsMax  = 5_000_000 // turns of loops, results and calls; see jq.Options
	depthMax  = 20_000    // calls of functions that call themselves, within one another
	textMax   = 1 << 20   // bytes of one computed text
	listMax   = 200_000   // elements of one computed array
	eventsMax = 10_000    // results
)

// program is a compiled expression or mapping.
type program struct {
	name  string // the file or member that it stands in
	code  *jq.Code
	names []string // of members, as the program writes them
}

// run is what one run may know besides its input.
type run struct {
	ctx      context.Context
	instance string
	envelope any
	system   retail.SystemID
	zone     *time.Location // nil where the source declares none
	zones    Zones          // nil where no place is known
	asked    map[placeDay]*time.Location
	file     string
	number   int
	ordinal  int
	sums     any // by name, nil where they are not known
	options  map[string]any
	tokens   *tokens
	room     *room // see engine
	known    []any // the values of the variables
	made     made
	tests    []retail.Ref // see refuseTest
	clock    string       // see Outcome.Clock
	calendar string       // see Outcome.Calendar
}

// variables in the order of run.values:
//
//	$instance   the installation of the outside system
//	$envelope   what surrounds the record in its parent element (XML)
//	$zone       the name of the source's time zone, or ""
//	$file       the name of the file without folders, or ""
//	$number     the record's number among those of its parent, from 1
//	$ordinal    the row's number among those that hold the same in the topic's column, from 1; else 0
//	$sums       what the records of its parent come to, by name, in whole numbers; null where that is not known
//	$options    what the installation chose of the pack's options, by name
var variables = []string{"$instance", "$envelope", "$zone", "$file", "$number", "$ordinal", "$sums", "$options"}

// values returns them as they are now.
func (r *run) values() []any {
	if r.known == nil {
		zone := ""
		if r.zone != nil {
			zone = r.zone.String()
		}
		r.known = []any{r.instance, nil, zone, r.file, nil, nil, nil, r.options}
	}
	r.known[1], r.known[4], r.known[5], r.known[6] = r.envelope, r.number, r.ordinal, r.sums
	return r.known
}

// engine returns what runs the programs of the payload.
func (r *run) engine() *jq.Machine {
	if r.room == nil {
		r.room = new(room)
	}
	return &r.room.machine
}

// room is memory that a payload needs and that its pack keeps for the next one.
type room struct {
	machine jq.Machine
	token   tokenKey
	x12     wire.X12Memory
}

func (p *Pack) room() *room {
	if r, ok := p.rooms.Get().(*room); ok {
		return r
	}
	return new(room)
}

// leave gives a room back. What was made in it last must not be used any more.
func (p *Pack) leave(r *room) {
	r.machine.Forget()
	p.rooms.Put(r)
}

func (r *run) input(tree any) jq.Input { return jq.Input{Value: tree, Variables: r.values(), Run: r} }

// language is what all mappings can use.
var language = jq.Options{
	Functions: functions(), Variables: variables,
	Computed: checkComputed, Computing: strings.Fields(computing),
	Steps: stepsMax, Depth: depthMax, Values: listMax,
	SkipNull: true, // FromMapped reads both alike
}

// compile checks and compiles a text of the mapping language.
func compile(name, text string) (*program, error) { return functionsFile(nil).compile(name, text) }

// compile compiles a text that can use the definitions of the file.
func (f functionsFile) compile(name, text string) (*program, error) {
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, parseFault(name, text, err)
	}
	query.FuncDefs = slices.Concat(f, query.FuncDefs)
	if err := check(name, query); err != nil {
		return nil, err
	}
	code, err := jq.Compile(query, language)
	if err != nil {
		return nil, broken(name, "%v", err)
	}
	return &program{name, code, jq.Names(query)}, nil
}

// functionsFile is the definitions that a pack's mappings share. They are parsed once.
type functionsFile []*gojq.FuncDef

// parseFunctions returns the definitions of a file. One that does more than define is refused.
func parseFunctions(name, text string) (functionsFile, error) {
	query, err := gojq.Parse(text)
	if err != nil {
		return nil, parseFault(name, text, err)
	}
	definitions := query.FuncDefs
	query.FuncDefs = nil
	if body := query.String(); query.Meta != nil || len(query.Imports) > 0 || body != "." && body != "" {
		return nil, broken(name, "it defines functions and does nothing else")
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
	var found []any
	err := r.engine().Run(r.ctx, p.code, r.input(tree), func(value any) error {
		if left := listMax; !exact(value, &left) {
			return jq.ErrInexact
		}
		if found = append(found, value); len(found) > eventsMax {
			return p.fault("it made more than %d results", eventsMax)
		}
		return nil
	})
	if err != nil {
		return nil, p.failure(err)
	}
	return found, nil
}

// write runs the program on a tree and passes on each result as JSON, whose bytes are yield's
// until it returns.
func (p *program) write(tree any, r *run, yield func(b []byte) error) *fault.Error {
	if err := r.engine().Write(r.ctx, p.code, r.input(tree), yield); err != nil {
		return p.failure(err)
	}
	return nil
}

// one runs an expression that gives one value or none; none is nil.
func (p *program) one(tree any, r *run) (any, *fault.Error) {
	if p.code.Optional() {
		value, ok, err := r.engine().One(r.ctx, p.code, r.input(tree))
		if left := listMax; err == nil && ok && !exact(value, &left) {
			err = jq.ErrInexact
		}
		if err != nil {
			return nil, p.failure(err)
		}
		return value, nil
	}
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
	var own *fault.Error
	switch {
	case errors.As(err, &own):
		if own.Subject == "" {
			c := *own
			c.Subject = p.name
			return &c
		}
		return own
	case errors.Is(err, jq.ErrSteps):
		return p.fault("it did not end within %d steps", stepsMax)
	case errors.Is(err, jq.ErrDepth):
		return p.fault("its functions call themselves more than %d deep", depthMax)
	case errors.Is(err, jq.ErrInexact), errors.Is(err, jq.ErrValues):
		return p.fault("a result has more than %d values, or a number that is not exact", listMax)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fault.Wrap(err, fault.Stopping, "pack.map", "mapping")
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
