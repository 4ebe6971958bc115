package jq

import "github.com/itchyny/gojq"

// scope is what a name means at a place in the program: one name, and the scope around.
type scope struct {
	up    *scope
	block *block

	named string // a variable with its dollar sign
	fixed node   // the constant that it is; else nil
	uses  int    // of the variable
	loose bool   // one of them is where it is not evaluated just once
	level int    // of looseness around the variable; see compiler.loose
	label string
	slot  int // of the variable or label

	def       *gojq.FuncDef
	recursive *recursive // how the function is called, where it calls itself
	// shared is the body, where each call of the block can have the same: without parameters,
	// and over before another call begins.
	shared      node
	sharedBlock *block

	param  string
	arg    *gojq.Query // what the parameter stands for …
	at     *scope      // … there
	number int         // or, without arg, which closure of the frame of block
}

// block is what has a frame of its own when it runs.
type block struct {
	up    *block
	slots int
}

func (b *block) slot() int {
	b.slots++
	return b.slots - 1
}

// from returns how many blocks further out b is than inner.
func (b *block) from(inner *block) int {
	n := 0
	for ; inner != b; inner = inner.up {
		n++
	}
	return n
}

func (s *scope) variable(name string, b *block) *scope {
	return &scope{up: s, block: b, named: name, slot: b.slot()}
}

func (s *scope) find(fits func(s *scope) bool) *scope {
	for ; s != nil; s = s.up {
		if fits(s) {
			return s
		}
	}
	return nil
}

func (s *scope) findVariable(name string) *scope {
	return s.find(func(s *scope) bool { return s.named == name })
}

// function returns what a call of this name and number of arguments calls.
func (s *scope) function(name string, arity int) *scope {
	return s.find(func(s *scope) bool {
		return s.def != nil && s.def.Name == name && len(s.def.Args) == arity || s.param == name && arity == 0
	})
}
