// Package estate is a pretend retailer: a shop, an order management system, tills, a payment
// processor and a bank, which speak to Heddle's doors in their own formats, with their own
// signatures, ids and habits.
//
// It plays the rule book's key scenario E01 (click and collect, an order discount, tax by
// jurisdiction, pickup, a return in the store, refund, settlement with a fee, payout, bank
// line) with its figures or with others, in order or in any order, once or twice, and says
// by the rules what stock and books have to be after each step. It imports the words and
// nothing of the server, so that what it expects never comes from what it checks.
//
// The same scenario, day and seed give the same bytes; only a processor's signature carries
// the time of sending.
package estate
