package ledger

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Leg is the part of an event that a posting unit books. Legs are units of their own, so
// that a missing cost holds only the COST leg (rule book 0.4).
type Leg string

// The legs.
const (
	LegRevenue Leg = "REVENUE" // with its share of tender and tax, so that it balances by itself
	LegCost    Leg = "COST"
	LegTender  Leg = "TENDER" // of events that have nothing else
	LegTax     Leg = "TAX"    // of events that have nothing else
	LegAdjust  Leg = "ADJ"
)

// UnitID names a posting unit (rule book 0.4), line by line where an event has lines.
type UnitID struct {
	Event    string // the event's id
	Revision int64  // the source's version of the fact
	Template string // the template's id: "P17"
	Entity   retail.EntityID
	Leg      Leg
	Line     string // the line of the event; empty where it has none
}

// String returns the posting unit id: the parts joined by "·".
func (u UnitID) String() string {
	id := retail.Key(u.Event, strconv.FormatInt(u.Revision, 10), u.Template, string(u.Entity), string(u.Leg))
	if u.Line == "" {
		return id
	}
	return retail.Key(id, u.Line)
}

// ParseUnitID reads what String returns.
func ParseUnitID(s string) (UnitID, bool) {
	parts := strings.SplitN(s, retail.Sep, 6)
	if len(parts) < 5 {
		return UnitID{}, false
	}
	revision, err := strconv.ParseInt(parts[1], 10, 64)
	u := UnitID{Event: parts[0], Revision: revision, Template: parts[2], Entity: retail.EntityID(parts[3]), Leg: Leg(parts[4])}
	if len(parts) == 6 {
		u.Line = parts[5]
	}
	return u, err == nil && u.String() == s && u.check() == nil
}

// check refuses what would make two units share an id.
func (u UnitID) check() error {
	for _, part := range []string{u.Event, u.Template, string(u.Entity)} {
		if part == "" || strings.Contains(part, retail.Sep) {
			return fault.New(fault.EntryUnbalanced, part, "a part of a posting unit's id is missing or contains %q", retail.Sep)
		}
	}
	if !slices.Contains([]Leg{LegRevenue, LegCost, LegTender, LegTax, LegAdjust}, u.Leg) {
		return fault.New(fault.EntryUnbalanced, string(u.Leg), "there is no such leg")
	}
	return nil
}

// Digest is a SHA-256: an entry's id, or its hash.
type Digest [sha256.Size]byte

// String returns 64 hexadecimal digits in lower case.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero reports whether the digest is that of nothing.
func (d Digest) IsZero() bool { return d == Digest{} }

// MarshalText makes a digest a JSON string of what String returns.
func (d Digest) MarshalText() ([]byte, error) { return hex.AppendEncode(nil, d[:]), nil }

// UnmarshalText reads what String returns.
func (d *Digest) UnmarshalText(text []byte) error {
	v, err := ParseDigest(string(text))
	*d = v
	return err
}

// ParseDigest reads what String returns, and nothing else.
func ParseDigest(s string) (Digest, error) {
	var d Digest
	b, err := hex.DecodeString(s)
	if err != nil || len(b) != len(d) || strings.ToLower(s) != s {
		return d, fault.New(fault.BadSyntax, "", "a digest is 64 hexadecimal digits in lower case")
	}
	copy(d[:], b)
	return d, nil
}

// The first byte of what is hashed says what it is; the journal's own begin at 0x00. These
// numbers, and testdata/hashes.json which fixes their effect, never change.
const (
	domainEntryID = 0x10
	domainEntry   = 0x11
)

// MainLedger is the only ledger so far; the hash names it, so that a second one can follow.
const MainLedger = "MAIN"

// entryID returns SHA-256(0x10 ‖ posting unit id ‖ template version), the journal_id of rule
// book 0.4. Texts are preceded by their length; numbers are eight bytes, the highest first.
func entryID(unit UnitID, version int) Digest {
	h := digester{sha256.New()}
	h.Write([]byte{domainEntryID})
	h.text(unit.String())
	h.number(int64(version))
	return h.digest()
}

// entryHash returns SHA-256(0x11 ‖ count ‖ the lines, sorted by their bytes), the
// journal_hash of rule book 0.4. A line is entity, ledger, role, the number of dimensions,
// each name and value, currency, side, minor units and functional minor units; the clearing
// key is its last dimension, under the name "key".
func entryHash(entity retail.EntityID, c money.Currency, lines []Line) Digest {
	encoded := make([]string, len(lines))
	for i, l := range lines {
		encoded[i] = string(l.canonical(entity, c))
	}
	slices.Sort(encoded)
	h := digester{sha256.New()}
	h.Write([]byte{domainEntry})
	h.number(int64(len(encoded)))
	for _, line := range encoded {
		h.text(line)
	}
	return h.digest()
}

// canonical returns the bytes of a line that are hashed.
func (l Line) canonical(entity retail.EntityID, c money.Currency) []byte {
	dims := l.Dims
	if l.Key != "" {
		dims = append(slices.Clip(dims), Dim{"key", l.Key})
	}
	b := make([]byte, 0, 256)
	for _, s := range []string{string(entity), MainLedger, string(l.Role)} {
		b = appendText(b, s)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(len(dims)))
	for _, d := range dims {
		b = appendText(appendText(b, string(d.Name)), d.Value)
	}
	b = appendText(appendText(b, string(c)), string(l.Side))
	b = binary.BigEndian.AppendUint64(b, uint64(l.Minor))
	return binary.BigEndian.AppendUint64(b, uint64(l.Functional))
}

func appendText(b []byte, s string) []byte {
	return append(binary.BigEndian.AppendUint64(b, uint64(len(s))), s...)
}

// digester is a SHA-256 that is fed with parts whose ends cannot be mistaken.
type digester struct{ hash.Hash }

func (h digester) text(s string) { h.Write(appendText(nil, s)) }

func (h digester) number(n int64) { h.Write(binary.BigEndian.AppendUint64(nil, uint64(n))) }

func (h digester) digest() (d Digest) {
	h.Sum(d[:0])
	return d
}
