// Package retail holds the nouns that every part of Heddle shares: typed
// identifiers, quantities and their units, dates and places in time, and the
// typed references by which documents name one another.
//
// It holds no behaviour of one flow: no events, no stock, no money.
package retail
