// Package packs holds the built-in packs: one folder of data for each outside system, read
// and run by package pack. README.md says what each of them makes of which message.
//
// A pack is data: adding one is adding a folder and its name here. Nothing in this package
// decides anything.
package packs
