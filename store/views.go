package store

import (
	"context"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

// Limits of what views hold.
const (
	NameMax  = 64      // bytes of a projection's or a table's name, at least 1
	KeyMax   = 2048    // bytes of a key, at least 0; an index page of either database holds it
	ValueMax = 4 << 20 // bytes of a document
)

// Doc sets a document to a value. A nil Value deletes it, whether it is there or not; an
// empty one that is not nil is a document.
type Doc struct {
	Table, Key string
	Value      []byte
}

// Delta adds to a counter, which is 0 where there is none.
type Delta struct {
	Table, Key string
	Add        int64
}

// Changes is what a stretch of the journal does to a projection. Docs and Deltas are each
// in ascending order of table, then key, bytewise, with at most one of a key. Documents and
// counters have tables of their own: one name may be used for both.
type Changes struct {
	Docs   []Doc
	Deltas []Delta
}

// Range is the keys from From up to, and without, To, bytewise. An empty To has no end.
type Range struct{ From, To string }

// Prefix returns the range of the keys that begin with p.
func Prefix(p string) Range {
	end := []byte(p)
	for i := len(end) - 1; i >= 0; i-- {
		if end[i] < 0xff {
			end[i]++
			return Range{From: p, To: string(end[:i+1])}
		}
	}
	return Range{From: p}
}

func (r Range) holds(key string) bool { return key >= r.From && (r.To == "" || key < r.To) }

// ProjectionInfo says how far a projection has come.
type ProjectionInfo struct {
	Name      string
	Watermark journal.Watermark
}

// Views hold projections: rows that were made from the journal, and up to where. Their
// durability may be lower than the journal's: after a crash of the machine a projection may
// be found at an earlier watermark, with the rows of that watermark. All methods may be
// called from many goroutines and from several processes. A database that does not do what
// is asked is H-STORAGE; one that is busy, or a ctx that ends, is H-BUSY: the same call is
// right later.
type Views interface {
	// Read returns a snapshot: watermark and rows of one instant, whatever is applied
	// meanwhile. Every request that reads takes one, for a short time, and must close it.
	// A projection to which nothing was ever applied is empty and stands at Genesis.
	// When ctx ends, the snapshot's methods fail, and it must still be closed.
	Read(ctx context.Context, projection string) (Snapshot, error)

	// Apply changes rows and moves the watermark, in one transaction. It is called with
	// changes of many journal positions at a time. The stored watermark must be from, else
	// nothing is changed and the fault is H-WATERMARK: another writer moved it, or an
	// earlier Apply of unknown outcome (H-UNKNOWN) had been done after all; read again.
	// A counter that becomes 0 is deleted, so that a rebuild gives the same rows. Changes
	// that are not in order or exceed a limit, a to before from, and a counter that leaves
	// the range of int64 are H-INTERNAL: they are errors of the program.
	Apply(ctx context.Context, projection string, from, to journal.Watermark, ch Changes) error

	// Drop deletes a projection with its watermark; one that does not exist is no error.
	Drop(ctx context.Context, projection string) error

	// Rename gives the projection from the name to, in place of what has that name, all at
	// once: a reader finds the one or the other, with its own watermark. This is how a
	// projection that was built beside the old one takes its place. Without a projection
	// from it is H-NOT-FOUND. Snapshots that are open keep what they read.
	Rename(ctx context.Context, from, to string) error

	// Projections returns those to which something was applied, ordered by name.
	Projections(ctx context.Context) ([]ProjectionInfo, error)
}

// Snapshot is a projection at one instant. It is used by one goroutine at a time. Its faults
// are those of Views.
type Snapshot interface {
	// Watermark returns up to where the rows were made.
	Watermark() journal.Watermark

	// Docs returns the documents of the table that are there; keys may repeat and come in
	// any order. The caller owns the values.
	Docs(table string, keys []string) (map[string][]byte, error)

	// Counters returns the counters of the table that are there, none of which is 0.
	Counters(table string, keys []string) (map[string]int64, error)

	// Scan calls fn with the documents of the range in ascending order until it returns
	// false or an error, which is returned as it is. The value is valid during the call
	// only. fn may use the snapshot.
	Scan(table string, r Range, fn func(key string, value []byte) (bool, error)) error

	// ScanCounters does the same with counters.
	ScanCounters(table string, r Range, fn func(key string, n int64) (bool, error)) error

	// Close gives the snapshot back. Closing it again does nothing.
	Close() error
}

// Validate checks the order and the limits of changes, for implementations of Apply.
func (ch Changes) Validate() error {
	for i, d := range ch.Docs {
		if len(d.Value) > ValueMax {
			return unfit(d.Table, "a document has %d bytes, and may have %d", len(d.Value), ValueMax)
		}
		if err := validCell(d.Table, d.Key); err != nil {
			return err
		}
		if i > 0 && compareCells(ch.Docs[i-1].Table, ch.Docs[i-1].Key, d.Table, d.Key) >= 0 {
			return unfit(d.Table, "document %d is not in order", i)
		}
	}
	for i, d := range ch.Deltas {
		if err := validCell(d.Table, d.Key); err != nil {
			return err
		}
		if i > 0 && compareCells(ch.Deltas[i-1].Table, ch.Deltas[i-1].Key, d.Table, d.Key) >= 0 {
			return unfit(d.Table, "delta %d is not in order", i)
		}
	}
	return nil
}

func validCell(table, key string) error {
	if err := ValidName(table); err != nil {
		return err
	}
	if len(key) > KeyMax {
		return unfit(table, "a key has %d bytes, and may have %d", len(key), KeyMax)
	}
	return nil
}

// ValidName checks the name of a projection or table, for implementations of Views: 1 to
// NameMax bytes, none of them zero. Another one is H-INTERNAL.
func ValidName(name string) error {
	if name == "" || len(name) > NameMax || strings.ContainsRune(name, 0) {
		return unfit(name, "a name has 1 to %d bytes, none of them zero", NameMax)
	}
	return nil
}

func unfit(subject, format string, args ...any) error {
	return fault.New(fault.InternalError, subject, format, args...).In("store.views")
}
