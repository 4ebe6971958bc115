package store

import (
	"encoding/binary"
	"strings"
)

// KeySep separates the parts of a document key; no id of the outside world holds it.
const KeySep = "\x00"

// Key joins the parts of a document key. A key that ends with an empty part is the prefix of
// all keys that begin with the parts before it.
func Key(parts ...string) string { return strings.Join(parts, KeySep) }

// Ordinal renders a number that is not negative so that bytewise order is numeric order.
func Ordinal(n int64) string {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	return string(b[:])
}

// FromOrdinal reads what Ordinal wrote, at the beginning of a string; 0 where it is shorter.
func FromOrdinal(s string) int64 {
	if len(s) < 8 {
		return 0
	}
	return int64(binary.BigEndian.Uint64([]byte(s[:8])))
}
