// Package stock decides what a fact or a command does to positions and claims (rule book
// A1, A2, A9, A11).
//
// A position is the sum of its movements, in any order. A claim is a promise on a position:
// it keeps sums of what its facts said, and what it holds now (RESERVED, ALLOCATED) is a
// function of those sums, so that a late fact of a lower rank cannot take the claim back.
//
// The package is pure. It reads what is known through State and answers with an Effect,
// which its caller stores in the record's outcome; replay applies effects and never asks
// again. It knows resolved ids only, no source codes, no money and no clock.
package stock
