// Package jq compiles programs of the jq language and runs them.
//
// The language is that of gojq, which also reads the programs: this package takes the syntax
// tree from it, and asks it for what a function makes of unusual values and for functions
// that are rare. What it does itself is to run the tree. gojq is a machine with backtracking
// that copes with any program; the programs here are short, run on every payload, and give
// one result in nearly every place. Compile finds those places and evaluates them as plain
// calls; only what can give several results or none passes them on one by one.
//
// It differs from gojq where a mapping has to be sure: a run ends after a number of steps and
// of calls within calls, a function that is given from outside can end it for good, and every
// computed value passes a check. Modules, inputs and alternative destructuring (?//) are not
// there.
package jq
