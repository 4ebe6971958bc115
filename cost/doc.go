// Package cost values stock by weighted average, perpetually (rule book C1, C2, C6, C8).
//
// A Pool is the stock of one item in one cost scope. It holds quantity and value, never an
// average: the average is derived when it is needed, so that no drift is possible, and the
// last unit that leaves takes the residual with it. Stock that is issued before it was
// received leaves at a provisional cost, is remembered as an open entry, and is trued up
// by the receipt that covers it. Returns that know their sale bring back its cost.
//
// The package is pure arithmetic on values: it takes no time and reads no store, and it
// does not know accounts. What a result debits and credits is for posting to say.
package cost
