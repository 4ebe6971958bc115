// Package intake takes payloads in: it proves who sent the bytes, keeps them as evidence,
// tells a redelivery from a new delivery, and answers fast.
//
// Evidence is the raw payload, byte for byte, named by the SHA-256 of the whole. It is
// kept beside the journal, never in it, because it holds personal data: compressed, cut
// into parts, and each part encrypted. What names a person is encrypted under a key of
// that person's, the rest under the tenant's key, and every key is wrapped by the master
// key. Erasing a person destroys their keys; the payload keeps its hash and everything of
// the others, and the journal and the books do not change.
//
// The package maps nothing (packs do) and decides nothing (flow does).
package intake
