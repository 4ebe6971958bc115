// Package lineage knows how facts name one another: which references an event declares and
// which it follows, what a reference finally means, and which facts form one thread from a
// payload to a ledger line and back.
//
// It is pure: whoever follows the journal keeps the documents and the index.
package lineage
