// Package progress says how far an order line, a payment, a dispute, a transfer line, a
// purchase order line or a layaway has come, and which facts about it contradict one another
// (rule book A9).
//
// An object keeps a counter for every stage, and a fact raises the counter of its own stage
// only. What an object is and what conflicts it has are functions of the counters, so that
// the order in which facts arrive plays no part: a late fact of a lower rank takes nothing
// back, and a conflict that a later fact explains is gone.
//
// The package is pure and moves nothing. Package stock decides what a fact does to goods and
// promises; here stands who wins, and which exception the loser raises.
package progress
