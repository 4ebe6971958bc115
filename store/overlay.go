package store

import (
	"context"
	"encoding/json"

	"github.com/heddlehq/heddle/fault"
)

// Reader is what an overlay lies on: a Cache, or another overlay.
type Reader interface {
	Doc(ctx context.Context, table, key string) ([]byte, error)
	Counter(ctx context.Context, table, key string) (int64, error)
	Scan(ctx context.Context, table string, r Range, limit int, fn func(key string, value []byte) bool) error
	ScanCounters(ctx context.Context, table string, r Range, limit int, fn func(key string, n int64) bool) error
}

// Overlay collects the changes of one stretch of the journal before they are durable. It
// reads through to what lies below. The first error of a read is kept: reads after it give
// nothing, and whoever works on the overlay must ask Err before the work is used.
//
// An overlay is for one goroutine.
type Overlay struct {
	ctx     context.Context //nolint:containedctx // an overlay lives as long as one call
	base    Reader
	changed *layer
	err     error
}

// NewOverlay returns an empty overlay on a reader for the time of one call.
func NewOverlay(ctx context.Context, base Reader) *Overlay {
	return &Overlay{ctx: ctx, base: base, changed: newLayer()}
}

// Reset forgets the changes and keeps what lies below.
func (o *Overlay) Reset() { o.changed.clear() }

// Context returns the context of the call that the overlay lives for.
func (o *Overlay) Context() context.Context { return o.ctx }

// Err returns the first error of a read.
func (o *Overlay) Err() error { return o.err }

// Get returns a document, or nil where there is none. The bytes must not be changed.
func (o *Overlay) Get(table, key string) []byte {
	if v, ok := o.changed.docs[cell{table, key}]; ok {
		return v
	}
	if o.err != nil {
		return nil
	}
	v, err := o.base.Doc(o.ctx, table, key)
	o.err = err
	return v
}

// Put sets a document; nil deletes it. The overlay keeps the bytes.
func (o *Overlay) Put(table, key string, value []byte) { o.changed.put(cell{table, key}, value) }

// Count returns a counter.
func (o *Overlay) Count(table, key string) int64 {
	at := cell{table, key}
	if o.err != nil {
		return 0
	}
	base, err := o.base.Counter(o.ctx, table, key)
	o.err = err
	return base + o.changed.counters[at]
}

// Add changes a counter. It needs no base, so that facts about cold rows read nothing.
func (o *Overlay) Add(table, key string, delta int64) {
	o.changed.add(cell{table, key}, delta)
}

// Doc and Counter make an overlay a Reader, for an overlay on top of it.
func (o *Overlay) Doc(_ context.Context, table, key string) ([]byte, error) {
	v := o.Get(table, key)
	return v, o.err
}

// Counter returns what Count returns, and the error of the overlay.
func (o *Overlay) Counter(_ context.Context, table, key string) (int64, error) {
	n := o.Count(table, key)
	return n, o.err
}

// Merge takes the changes of an overlay that lies on this one.
func (o *Overlay) Merge(top *Overlay) {
	o.changed.merge(top.changed)
	if o.err == nil {
		o.err = top.err
	}
}

// Scan calls fn for the documents of a range in ascending order of key. It is for ranges
// that are small, because it gathers them first; 0 means no limit.
func (o *Overlay) Scan(_ context.Context, table string, r Range, limit int, fn func(key string, value []byte) bool) error {
	var base []Row
	changes := o.changed.docRows(table, r)
	room := len(changes)
	if limit == 0 {
		room = 0
	}
	o.keep(o.base.Scan(o.ctx, table, r, limit+room, func(key string, value []byte) bool {
		base = append(base, Row{Key: key, Value: value})
		return true
	}))
	for _, row := range mergeRows(base, changes, limit, newerDoc) {
		if !fn(row.Key, row.Value) {
			break
		}
	}
	return o.err
}

// ScanCounters calls fn for the counters of a range that are not zero, as Scan does.
func (o *Overlay) ScanCounters(_ context.Context, table string, r Range, limit int, fn func(key string, n int64) bool) error {
	var base []Row
	changes := o.changed.counterRows(table, r)
	room := len(changes)
	if limit == 0 {
		room = 0
	}
	o.keep(o.base.ScanCounters(o.ctx, table, r, limit+room, func(key string, n int64) bool {
		base = append(base, Row{Key: key, Count: n})
		return true
	}))
	for _, row := range mergeRows(base, changes, limit, sumCounters) {
		if !fn(row.Key, row.Count) {
			break
		}
	}
	return o.err
}

// keep keeps the first error.
func (o *Overlay) keep(err error) {
	if o.err == nil {
		o.err = err
	}
}

// Load decodes a JSON document; false where there is none. A document that cannot be read
// is an error of the overlay.
func Load[T any](o *Overlay, table, key string) (doc T, ok bool) {
	b := o.Get(table, key)
	if b == nil {
		return doc, false
	}
	if err := json.Unmarshal(b, &doc); err != nil {
		o.keep(fault.Wrap(err, fault.ChainBroken, "store.load", table))
	}
	return doc, true
}

// Save encodes a JSON document.
func Save(o *Overlay, table, key string, doc any) {
	b, err := json.Marshal(doc)
	if err != nil {
		panic(err) // documents hold strings, integers and what is checked already
	}
	o.Put(table, key, b)
}
