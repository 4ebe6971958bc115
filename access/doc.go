// Package access says who may do what: principals, the API keys that prove them, and
// the scopes that a key carries.
//
// Whoever acts is a person or a machine. A machine never approves, and two keys of one
// person are one person, so that two-person rules (spec E6) count people and not keys.
// Only the hash of a key's secret is ever stored; the token is shown once, when it is
// made. The package takes time and randomness as arguments and knows nothing of HTTP:
// package gateway asks it at the door.
//
// It is not the record of what was done. People's actions are events in the journal.
package access
