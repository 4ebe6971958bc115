// Package booking is the financial flow on one page: follow the journal, value, post, book.
//
// Booking is a projection: one deterministic pass over the journal in its order, with the
// reference data that the journal held at each position. The same journal gives the same
// entries, bit for bit. It never waits for a counterpart, because clearing roles keyed by
// thread make balances independent of arrival order (rule book 0.5); it waits only for a
// parent whose amounts a fact lacks (L1), and for reference data, leg by leg.
package booking
