// Package entity makes the canonical entities of the facts that the journal holds: orders with
// their status, returns, invoices and settlements. An entity is a function of its records and
// of how far its lines have come; nothing is stored for it but where its records stand.
//
// It is pure. Items and locations are rows of reference data, and movements are what facts
// did to positions: both are entities as they are kept.
package entity
