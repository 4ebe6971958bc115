// Package tidy holds the house rules as tests: who may import whom, what domain packages may
// touch, how long files and functions may be, which words must not be written down, and that
// the documents tell of the tree as it is.
//
// Each rule is a function from a tree of files to findings. TestHouse runs all of them on this
// module; TestRulesFind runs each on a small tree in testdata that breaks it, so that every
// rule is known to be able to fail. The package has no code outside its tests.
package tidy
