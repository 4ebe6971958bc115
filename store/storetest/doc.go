// Package storetest holds every implementation of the store seam to the promises that its
// comments make: one suite, run by each implementation's tests on its own database.
//
// A promise that is added to a comment in store or journal gets its test here. What only one
// database can do wrong (a full disk, a lost connection) is tested beside that database.
package storetest
