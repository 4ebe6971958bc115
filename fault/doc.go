// Package fault is the one error type of Heddle.
//
// A fault says what kind of failure it is (callers act on the kind and never on
// text), which operation met it, what it happened to, and what a person can do
// next. It never carries a secret or personal data. The codes of business rules
// (V-SCH-01, V-ITEM-01, …) and of the technical faults are listed here once;
// package fault is not for logging and knows nothing of HTTP.
package fault
