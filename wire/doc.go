// Package wire turns foreign syntaxes into trees: JSON documents, XML by local names, CSV
// by its header.
//
// A tree is made of map[string]any, []any, string, json.Number, bool and nil, which is what
// mappings take; numbers keep the digits that the sender wrote. A document is checked whole
// when it is opened, so that a broken or oversized one is refused before any of its records
// counts; its records are then read one at a time, each with its place in the bytes, so that
// evidence can be kept, encrypted and erased record by record.
//
// Package wire knows no business meaning and no outside system.
package wire
