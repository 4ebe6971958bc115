// Package mortal has processes for tests that die at a chosen step: what a crash leaves behind is
// tried at every place where it can happen, without a clock and without chance.
package mortal
