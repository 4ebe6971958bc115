// Package journal is the log of everything that happened: an append-only chain of chunks,
// each one group commit of the owner.
//
// A record is a fact and an outcome, both canonical JSON (RFC 8785). The fact is what the
// source said; the outcome is what the owner decided about it. Records have positions,
// gapless and total from 1. A chunk's root is the head of a Merkle tree over its records,
// hashed with the chunk's time, place and tenant and with the root before it; so one root
// stands for the whole history up to it, and a watermark (position and root) tells whether
// a projection was made from this history or from another one. Signed checkpoints carry
// the roots out of the reach of whoever can write to the database.
//
// The package holds the types, the hashes, the stored form and the verification. It is pure
// but for Log, the seam that the databases under store implement. It is not for the
// accounting record, which is a ledger entry, and it does not know what a fact means.
package journal
