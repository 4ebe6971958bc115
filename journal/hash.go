package journal

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"math/bits"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Hash is a SHA-256. The zero Hash is the root before the first chunk.
type Hash [sha256.Size]byte

// The first byte of everything that is hashed says what it is, so that no leaf can pass for
// a node, no node for a chunk and no event for a leaf (as in RFC 6962). These numbers, and
// testdata/hashes.json which fixes their effect, never change.
const (
	domainLeaf       = 0x00
	domainNode       = 0x01
	domainChunk      = 0x02
	domainEvent      = 0x03
	domainCheckpoint = 0x04
)

// String returns 64 hexadecimal digits in lower case.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// IsZero reports whether the hash is that of nothing.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText makes a hash a JSON string of what String returns.
func (h Hash) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, h[:]), nil }

// UnmarshalText reads what String returns, and nothing else.
func (h *Hash) UnmarshalText(text []byte) error {
	var v Hash
	if n, err := hex.Decode(v[:], shortened(text)); err != nil || n != len(v) || v.String() != string(text) {
		return fault.New(fault.BadSyntax, "", "a hash is 64 hexadecimal digits in lower case")
	}
	*h = v
	return nil
}

// shortened keeps a text that is too long from running over the hash it is decoded into.
func shortened(text []byte) []byte { return text[:min(len(text), 2*sha256.Size)] }

// EventHash returns the hash of a fact, the event hash of the rule book: two servers that
// were told the same fact have the same one, whatever each of them decided.
func EventHash(fact []byte) Hash {
	d := digest{sha256.New()}
	d.tag(domainEvent)
	d.bytes(fact)
	return d.sum()
}

// chunkRoot returns SHA-256(0x02 ‖ tenant ‖ environment ‖ prev ‖ first ‖ count ‖ at ‖ tree),
// where texts are preceded by their length, numbers are eight bytes with the highest first,
// and at counts nanoseconds since 1970 UTC.
func chunkRoot(tenant retail.TenantID, environment string, prev Hash, first int64, at time.Time, records []Record) Hash {
	d := digest{sha256.New()}
	d.tag(domainChunk)
	d.bytes([]byte(tenant))
	d.bytes([]byte(environment))
	d.hash(prev)
	d.int(first)
	d.int(int64(len(records)))
	d.int(at.UnixNano())
	d.hash(merkle(leaves(records)))
	return d.sum()
}

// leaves returns SHA-256(0x00 ‖ fact ‖ outcome) of each record.
func leaves(records []Record) []Hash {
	hashes := make([]Hash, len(records))
	d := digest{sha256.New()}
	for i, r := range records {
		d.Reset()
		d.tag(domainLeaf)
		d.bytes(r.Fact)
		d.bytes(r.Outcome)
		hashes[i] = d.sum()
	}
	return hashes
}

// merkle returns the head of the tree over at least one leaf, split as RFC 6962 does: the
// left side holds the largest power of two that is smaller than the number of leaves.
func merkle(leaves []Hash) Hash {
	if len(leaves) == 1 {
		return leaves[0]
	}
	split := 1 << (bits.Len(uint(len(leaves)-1)) - 1)
	left, right := merkle(leaves[:split]), merkle(leaves[split:])
	var node [1 + 2*sha256.Size]byte
	node[0] = domainNode
	copy(node[1:], left[:])
	copy(node[1+sha256.Size:], right[:])
	return sha256.Sum256(node[:])
}

// digest is a SHA-256 that is fed with parts whose ends cannot be mistaken.
type digest struct{ hash.Hash }

func (d digest) tag(domain byte) { d.Write([]byte{domain}) }

func (d digest) int(n int64) {
	var b [8]byte
	binary.BigEndian.PutUint64(b[:], uint64(n))
	d.Write(b[:])
}

func (d digest) bytes(b []byte) {
	d.int(int64(len(b)))
	d.Write(b)
}

func (d digest) hash(h Hash) { d.Write(h[:]) }

func (d digest) sum() (h Hash) {
	d.Sum(h[:0])
	return h
}
