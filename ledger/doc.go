// Package ledger holds what finance reads: entries that cannot exist unbalanced, the account
// roles of the rule book (B1) and their map to accounts, balances, the close calendar and
// exports.
//
// An entry is made of lines that name a role, never an account; the account is looked up in
// an effective-dated chart when the entry is made, and an unmapped role is V-MAP-01 and never
// a default. Its id and hash (rule book 0.4) depend on what it says and on nothing else, so
// that replaying the journal makes the same ones again.
//
// Package ledger knows no event and no template: package posting, which stands above it,
// turns the one into the other. It is pure; days and charts come as arguments.
package ledger
