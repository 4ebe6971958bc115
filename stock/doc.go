// Package stock decides what a fact or a command does to positions and claims (rule book
// A1, A2, A9, A11).
//
// A position is the sum of its movements, in any order. A claim is a promise on a position:
// it keeps sums of what its facts said, and what it holds now (RESERVED, ALLOCATED) is a
// function of those sums, so that a late fact of a lower rank cannot take the claim back. A
// line of a purchase order does the same with what it expects, and a count with its
// adjustment.
//
// The stock effects of the catalogue (A4 to A8) are read off a few functions:
//
//   - goods that move, by bucket: Change with a Delta for each term, of which Sale, Return,
//     Receive and Adjust are the usual cases; Mirror for a post-void
//   - goods that were promised: Fulfil, with the pipeline that they go on to; ShipTransfer
//   - promises: Reserve, Release, Expire, Allocate, Deallocate, Step, PickShort, ExpirePickup
//     and Cancel; a substitution is a Cancel and a Reserve on one Draft
//   - what is expected: Approve, Announce, ReceivePurchase, CloseShort; ReceiveTransfer and
//     ResolveTransfer
//   - counts: MakeCount, and Recompute for each of the Recomputations after a fact
//
// The package is pure. It reads what is known through State and answers with an Effect,
// which its caller stores in the record's outcome; replay applies effects and never asks
// again. It knows resolved ids only, no source codes, no amounts and no clock.
package stock
