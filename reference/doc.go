// Package reference keeps reference data by the day from which it holds: items, places,
// cross-references, accounts, policies, authority. It enters through the journal only
// (reference_set), so that everything decided with it can be decided again.
//
// Package reference is pure: rows come from whoever keeps them as documents, and days come
// as arguments. It neither stores nor follows anything.
package reference
