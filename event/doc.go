// Package event holds the canonical business events: one Go struct per fact, as the
// catalogue of the rule book (part A) lists them.
//
// An event is what a source said, in Heddle's words. It carries the source's own codes
// for items, places, taxes and tenders; what they mean is decided by the owner and stands
// in the outcome beside the fact. It never carries personal data, only tokens.
//
// The stored bytes are canonical JSON (RFC 8785) and are what is hashed. Codec, content
// hash and JSON Schemas are generated from the structs: a field without omitempty is
// required, a field tagged effect ("stock", "money" or "link") belongs to the content hash,
// by which a repeated report of one fact is known from a conflicting one.
//
// Package event does not decide, value or book anything.
package event

//go:generate go run ./gen
//go:generate go run ../internal/eventdoc
