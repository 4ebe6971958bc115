// Command errdoc writes docs/errors.md, the catalogue of everything that Heddle can refuse or
// fail at: one row per code of package fault, with what a person does about it and a test that
// provokes it.
//
// A test becomes the reproducer of a code by a comment in a _test.go file, a testscript or a
// pack's case, inside the test that provokes it:
//
//	// reproduces: V-SCH-01
//
// The file must also name the code in what it checks; a comment alone proves nothing. A code
// without a reproducer fails, save those that still stand in the list of pending codes.
package main
