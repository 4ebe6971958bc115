package jq

import (
	"context"
	"errors"
	"slices"

	"github.com/itchyny/gojq"
)

// Function is a function that programs can call beside those of the language.
type Function struct {
	Name  string
	Arity int
	// Call gets what Run was given for the run, the input, and one value for each argument,
	// and keeps none of them. Its error ends the run: neither try nor // catches it.
	Call func(run, in any, args []any) (any, error)
	// Write appends as JSON what Call gives; nil where a value has to be made anyway.
	Write func(b []byte, run, in any, args []any) ([]byte, error)
	// Parts does for an array that is written in the program what Call does, without the
	// array being made; nil where it has to be. It keeps none of the parts.
	Parts func(run any, parts []any) (any, error)
}

// Options say what a program can use and how far it can go.
type Options struct {
	Functions []Function
	// Variables are the names, with their dollar signs, of the values that Run is given.
	Variables []string
	// Computed looks at each result of an operator, an interpolation and a function of
	// Computing, before anything else sees it. Its error ends the run.
	Computed func(v any) error
	// Computing are the functions of the language whose results Computed looks at.
	Computing []string
	// Steps bounds one run: the turns of its loops, its results, what it makes and its calls of
	// functions that call themselves. Depth bounds how many calls stand within one another.
	Steps, Depth int
	// Values bounds the values of one result of Write.
	Values int
	// SkipNull lets Write leave out members that are null, for readers to whom that is the same.
	SkipNull bool
}

// The ends of a run that goes too far.
var (
	ErrSteps = errors.New("jq: the run used up its steps")
	ErrDepth = errors.New("jq: functions that call themselves stand too deep within one another")
)

// Code is a compiled program. It can be run by several goroutines at once.
type Code struct {
	root    node
	slots   int
	options *Options
}

// Compile compiles a program. Its error tells what the language or the options do not have.
// The language has functions that ask the world, such as now: who wants none of them looks
// through the program first.
func Compile(query *gojq.Query, options Options) (*Code, error) {
	c := &compiler{options: &options}
	block := &block{}
	scope := (*scope)(nil)
	for _, name := range options.Variables {
		scope = scope.variable(name, block)
	}
	root, err := c.query(query, scope, block)
	if err != nil {
		return nil, err
	}
	return &Code{root: root, slots: block.slots, options: &options}, nil
}

// Input is what one run gets.
type Input struct {
	Value any // which is not changed
	// Variables are the values of those of the options, in their order.
	Variables []any
	// Run goes to the functions of the options.
	Run any
}

// Machine runs programs, one at a time, and keeps what a run needs for the next one.
type Machine struct {
	machine
	frame  frame
	writer writer // of Write
	// Room for the variables and arguments of programs.
	vars []any
	room [16]any
}

// Run runs a program and passes each result to yield, whose error ends the run.
func (m *Machine) Run(ctx context.Context, c *Code, in Input, yield func(v any) error) error {
	m.start(ctx, c, in)
	return cause(results(c.root, &m.frame, in.Value, func(v any) error {
		if err := m.step(); err != nil {
			return err
		}
		return yield(v)
	}))
}

// Optional reports whether the program has at most one result on any input, as most short ones
// have. Only then is One called.
func (c *Code) Optional() bool { return c.root.optional() }

// One runs such a program and reports whether it has a result.
func (m *Machine) One(ctx context.Context, c *Code, in Input) (v any, found bool, err error) {
	m.start(ctx, c, in)
	v, found, err = c.root.maybe(&m.frame, in.Value)
	return v, found, cause(err)
}

func (m *Machine) start(ctx context.Context, c *Code, in Input) {
	if m.args == nil {
		m.args = m.room[:0]
	}
	m.machine = machine{ctx: ctx, run: in.Run, steps: c.options.Steps, depth: c.options.Depth, args: m.args[:0]}
	m.vars = slices.Grow(m.vars[:0], max(c.slots, usualSlots))[:c.slots]
	clear(m.vars)
	copy(m.vars, in.Variables)
	m.frame = frame{machine: &m.machine, vars: m.vars}
}

// usualSlots is how many variables most programs have at most.
const usualSlots = 64

// Forget drops what the machine knows of the runs before, and keeps the memory that it needs for
// the next ones.
func (m *Machine) Forget() {
	clear(m.vars[:cap(m.vars)])
	clear(m.room[:])
	if cap(m.vars) > slotsKept {
		m.vars = nil
	}
	m.machine, m.frame, m.writer = machine{}, frame{}, writer{b: m.writer.b[:0]}
	if cap(m.writer.b) > bytesKept {
		m.writer.b = nil
	}
}

// What is kept at most: of what is written, and of variables.
const (
	bytesKept = 1 << 16
	slotsKept = 1 << 10
)

// machine is one run.
type machine struct {
	ctx   context.Context
	run   any
	steps int // that are left
	// patience is how many steps are left until the next look at the context of the caller.
	patience int
	depth    int   // that is left
	args     []any // of the calls that are being prepared
}

// patience is how many steps pass between two looks at the caller's context.
const patience = 1024

func (m *machine) step() error {
	if m.steps--; m.steps < 0 {
		return &final{ErrSteps}
	}
	if m.patience--; m.patience < 0 {
		m.patience = patience
		if err := m.ctx.Err(); err != nil {
			return &final{err}
		}
	}
	return nil
}

// enter begins something that can stand within itself, and leave ends it.
func (m *machine) enter() error {
	if m.depth--; m.depth < 0 {
		return &final{ErrDepth}
	}
	return m.step()
}

func (m *machine) leave() { m.depth++ }

// making is what an array or object costs beside the step of the loop around it. It keeps
// what is made within what was made before from becoming deeper than gojq can go.
const making = 10

func (m *machine) make() error {
	if m.steps -= making; m.steps < 0 {
		return &final{ErrSteps}
	}
	return nil
}

// frame holds the variables of one call of a function that calls itself, or of the program.
// Other functions are written out where they are called.
type frame struct {
	*machine
	vars []any
	up   *frame    // of the block around
	args []closure // of the call
}

// closure is an argument of a call with the frame that it belongs to.
type closure struct {
	body  node
	block *block
	frame *frame
}

// above returns the frame n blocks further out.
func (f *frame) above(n int) *frame {
	for ; n > 0; n-- {
		f = f.up
	}
	return f
}

// final is an error that a program cannot catch.
type final struct{ error }

// cause returns the error that ended a run without its wrapping.
func cause(err error) error {
	if end, ok := errors.AsType[*final](err); ok {
		return end.error
	}
	return err
}

// caught reports whether a program can catch the error.
func caught(err error) bool {
	_, ended := errors.AsType[*final](err)
	_, left := errors.AsType[*leave](err)
	return !ended && !left
}

// leave ends what stands within one turn of a label.
type leave struct{ label *int }

func (*leave) Error() string { return "break" }

// errEnough ends a generator of which nothing more is asked for. Who returns it from a yield
// takes it back where the generator ends.
var errEnough = &leave{}
