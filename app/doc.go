// Package app puts Heddle together: it reads the configuration, wires the parts, starts
// them in order and stops them in the reverse order.
//
// The configuration is heddle.yaml. It is strict: config.schema.json is its published
// contract, every problem is reported with its line, and secrets stand in it by reference
// only. What it says of reference data and policies are proposals: at start the owner
// appends to the journal what differs, and nothing is decided from the file itself.
//
// No business rule lives here.
package app
