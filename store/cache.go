package store

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

// cleanMax bounds how many rows a cache keeps that stand in the database as well.
const cleanMax = 200_000

type cell struct{ table, key string }

// layer is a set of changes that belong together.
type layer struct {
	docs     map[cell][]byte // nil value: deleted
	counters map[cell]int64  // deltas
	// docKeys and counterKeys are the keys by table, so that a scan passes over no other table.
	docKeys, counterKeys map[string][]string
	to                   journal.Watermark
}

func newLayer() *layer {
	return &layer{
		docs: map[cell][]byte{}, counters: map[cell]int64{},
		docKeys: map[string][]string{}, counterKeys: map[string][]string{},
	}
}

func (l *layer) size() int { return len(l.docs) + len(l.counters) }

func (l *layer) put(at cell, value []byte) {
	if _, had := l.docs[at]; !had {
		l.docKeys[at.table] = append(l.docKeys[at.table], at.key)
	}
	l.docs[at] = value
}

func (l *layer) add(at cell, n int64) {
	before, had := l.counters[at]
	if !had {
		l.counterKeys[at.table] = append(l.counterKeys[at.table], at.key)
	}
	l.counters[at] = before + n
}

// merge takes the changes of a layer that came after this one.
func (l *layer) merge(top *layer) {
	for at, v := range top.docs {
		l.put(at, v)
	}
	for at, n := range top.counters {
		l.add(at, n)
	}
}

// clear forgets the changes.
func (l *layer) clear() {
	clear(l.docs)
	clear(l.counters)
	clear(l.docKeys)
	clear(l.counterKeys)
}

// Cache is the memory of one projection: what it changed and has not yet written, over
// what it has read. Changes become visible with Absorb, one journal stretch at a time, and
// reach the database with Flush, together with the watermark that they belong to. A cache
// over an empty projection that absorbs the same stretches gives the same rows, however
// the flushes fall.
//
// Any number of goroutines may read; one absorbs, and one flushes.
type Cache struct {
	views      Views
	projection string

	mu       sync.Mutex
	dirty    *layer            // absorbed since the last flush began
	flushing *layer            // being written now, or nil
	docs     map[cell][]byte   // as in the database; nil value: known to be absent
	counters map[cell]int64    // as in the database
	flushed  journal.Watermark // what the database holds
	mark     journal.Watermark // what memory holds
}

// OpenCache reads the projection's watermark and begins there. The caller then absorbs the
// journal from Mark on.
func OpenCache(ctx context.Context, views Views, projection string) (*Cache, error) {
	snap, err := views.Read(ctx, projection)
	if err != nil {
		return nil, err
	}
	mark := snap.Watermark()
	if err := snap.Close(); err != nil {
		return nil, err
	}
	return &Cache{
		views: views, projection: projection, dirty: newLayer(),
		docs: map[cell][]byte{}, counters: map[cell]int64{}, flushed: mark, mark: mark,
	}, nil
}

// Mark returns how far memory has followed the journal.
func (c *Cache) Mark() journal.Watermark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mark
}

// Flushed returns how far the database has followed the journal.
func (c *Cache) Flushed() journal.Watermark {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.flushed
}

// Pending returns how many journal positions are in memory only.
func (c *Cache) Pending() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.mark.Next - c.flushed.Next
}

// Doc returns a document, or nil where there is none. The bytes must not be changed.
func (c *Cache) Doc(ctx context.Context, table, key string) ([]byte, error) {
	found, err := c.Docs(ctx, table, []string{key})
	return found[key], err
}

// Docs returns the documents of several keys with one look-up in the database at most.
func (c *Cache) Docs(ctx context.Context, table string, keys []string) (map[string][]byte, error) {
	out := make(map[string][]byte, len(keys))
	for {
		c.mu.Lock()
		var missing []string
		for _, key := range keys {
			if v, ok := c.docInMemory(cell{table, key}); !ok {
				missing = append(missing, key)
			} else if v != nil {
				out[key] = v
			}
		}
		c.mu.Unlock()
		if len(missing) == 0 {
			return out, nil
		}
		done, err := c.load(ctx, func(snap Snapshot) error {
			rows, err := snap.Docs(table, missing)
			if err != nil {
				return err
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			if snap.Watermark() != c.flushed {
				return errMoved
			}
			c.makeRoom(len(missing))
			for _, key := range missing {
				c.docs[cell{table, key}] = rows[key]
			}
			return nil
		})
		if err != nil || !done {
			return nil, err
		}
	}
}

// Counter returns the value of a counter, 0 where there is none.
func (c *Cache) Counter(ctx context.Context, table, key string) (int64, error) {
	at := cell{table, key}
	for {
		c.mu.Lock()
		base, known := c.counters[at]
		sum := base + c.dirty.counters[at]
		if c.flushing != nil {
			sum += c.flushing.counters[at]
		}
		c.mu.Unlock()
		if known {
			return sum, nil
		}
		done, err := c.load(ctx, func(snap Snapshot) error {
			rows, err := snap.Counters(table, []string{key})
			if err != nil {
				return err
			}
			c.mu.Lock()
			defer c.mu.Unlock()
			if snap.Watermark() != c.flushed {
				return errMoved
			}
			c.makeRoom(1)
			c.counters[at] = rows[key]
			return nil
		})
		if err != nil || !done {
			return 0, err
		}
	}
}

// errMoved says that a flush ended between looking into memory and into the database.
var errMoved = fault.New(fault.InternalError, "cache", "the snapshot has moved")

// load runs read on a snapshot until memory and snapshot stand at the same watermark.
func (c *Cache) load(ctx context.Context, read func(Snapshot) error) (bool, error) {
	for {
		if err := ctx.Err(); err != nil {
			return false, fault.Wrap(err, fault.TooBusy, "store.cache", c.projection)
		}
		snap, err := c.views.Read(ctx, c.projection)
		if err != nil {
			return false, err
		}
		err = read(snap)
		if cerr := snap.Close(); err == nil {
			err = cerr
		}
		if err == error(errMoved) { //nolint:errorlint // the sentinel itself, never wrapped
			continue
		}
		return err == nil, err
	}
}

func (c *Cache) docInMemory(at cell) ([]byte, bool) {
	if v, ok := c.dirty.docs[at]; ok {
		return v, true
	}
	if c.flushing != nil {
		if v, ok := c.flushing.docs[at]; ok {
			return v, true
		}
	}
	v, ok := c.docs[at]
	return v, ok
}

// Row is one document or counter met by a scan.
type Row struct {
	Key   string
	Value []byte
	Count int64
}

// Scan calls fn for the documents of a range in ascending order of key, memory and database
// as one. It reads at most limit rows; 0 means all.
func (c *Cache) Scan(ctx context.Context, table string, r Range, limit int, fn func(key string, value []byte) bool) error {
	rows, err := c.rows(ctx, limit, func(snap Snapshot, take func(Row) bool) error {
		return snap.Scan(table, r, func(k string, v []byte) (bool, error) {
			return take(Row{Key: k, Value: slices.Clone(v)}), nil
		})
	}, func(l *layer) []Row { return l.docRows(table, r) }, newerDoc)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !fn(row.Key, row.Value) {
			return nil
		}
	}
	return nil
}

// ScanCounters calls fn for the counters of a range that are not zero, as Scan does.
func (c *Cache) ScanCounters(ctx context.Context, table string, r Range, limit int, fn func(key string, n int64) bool) error {
	rows, err := c.rows(ctx, limit, func(snap Snapshot, take func(Row) bool) error {
		return snap.ScanCounters(table, r, func(k string, n int64) (bool, error) {
			return take(Row{Key: k, Count: n}), nil
		})
	}, func(l *layer) []Row { return l.counterRows(table, r) }, sumCounters)
	if err != nil {
		return err
	}
	for _, row := range rows {
		if !fn(row.Key, row.Count) {
			return nil
		}
	}
	return nil
}

// rows merges what a scan finds in the database with what memory changed, memory last.
func (c *Cache) rows(ctx context.Context, limit int,
	scan func(Snapshot, func(Row) bool) error,
	changed func(*layer) []Row,
	merge mergeFunc,
) ([]Row, error) {
	var out []Row
	_, err := c.load(ctx, func(snap Snapshot) error {
		changes, room, ok := c.changes(snap.Watermark(), changed, merge)
		if !ok {
			return errMoved
		}
		var base []Row
		err := scan(snap, func(row Row) bool {
			base = append(base, row)
			// Every change may hide one row of the database, so that many more are needed.
			return limit == 0 || len(base) < limit+room
		})
		if err != nil {
			return err
		}
		out = mergeRows(base, changes, limit, merge)
		return nil
	})
	return out, err
}

// changes collects memory's changes in a range over the database at a watermark, sorted.
func (c *Cache) changes(at journal.Watermark, changed func(*layer) []Row, merge mergeFunc) ([]Row, int, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if at != c.flushed {
		return nil, 0, false
	}
	out := changed(c.dirty)
	if c.flushing != nil {
		out = mergeRows(changed(c.flushing), out, 0, func(old, newer Row) (Row, bool) {
			newer, _ = merge(old, newer)
			return newer, true // a deletion has to reach the database's row
		})
	}
	return out, len(out), true
}

// mergeFunc puts a newer row over an older one, and says whether anything is left.
type mergeFunc func(old, newer Row) (Row, bool)

func newerDoc(_, newer Row) (Row, bool) { return newer, newer.Value != nil }

func sumCounters(old, newer Row) (Row, bool) {
	newer.Count += old.Count
	return newer, newer.Count != 0
}

func (l *layer) docRows(table string, r Range) []Row {
	var out []Row
	for _, key := range l.docKeys[table] {
		if r.holds(key) {
			out = append(out, Row{Key: key, Value: l.docs[cell{table, key}]})
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func (l *layer) counterRows(table string, r Range) []Row {
	var out []Row
	for _, key := range l.counterKeys[table] {
		if r.holds(key) {
			out = append(out, Row{Key: key, Count: l.counters[cell{table, key}]})
		}
	}
	slices.SortFunc(out, func(a, b Row) int { return strings.Compare(a.Key, b.Key) })
	return out
}

func mergeRows(base, changes []Row, limit int, merge mergeFunc) []Row {
	var out []Row
	for len(base) > 0 || len(changes) > 0 {
		if limit > 0 && len(out) == limit {
			return out
		}
		switch {
		case len(changes) == 0 || len(base) > 0 && base[0].Key < changes[0].Key:
			out = append(out, base[0])
			base = base[1:]
		case len(base) == 0 || changes[0].Key < base[0].Key:
			if row, keep := merge(Row{Key: changes[0].Key}, changes[0]); keep {
				out = append(out, row)
			}
			changes = changes[1:]
		default:
			if row, keep := merge(base[0], changes[0]); keep {
				out = append(out, row)
			}
			base, changes = base[1:], changes[1:]
		}
	}
	return out
}

// Absorb makes the changes of an overlay visible and moves the mark.
func (c *Cache) Absorb(o *Overlay, mark journal.Watermark) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.dirty.merge(o.changed)
	c.mark = mark
}

// Flush writes what was absorbed so far and moves the database's watermark. After an error
// nothing is lost: the next Flush writes it all.
func (c *Cache) Flush(ctx context.Context) error {
	c.mu.Lock()
	if c.mark == c.flushed {
		c.mu.Unlock()
		return nil
	}
	batch := c.dirty
	batch.to = c.mark
	from := c.flushed
	c.flushing, c.dirty = batch, newLayer()
	c.mu.Unlock()

	err := c.views.Apply(ctx, c.projection, from, batch.to, batch.sorted())

	c.mu.Lock()
	defer c.mu.Unlock()
	c.flushing = nil
	if err != nil {
		c.takeBack(batch)
		return err
	}
	c.flushed = batch.to
	c.keep(batch)
	return nil
}

// takeBack puts a batch that was not written under what came after it.
func (c *Cache) takeBack(batch *layer) {
	batch.merge(c.dirty)
	c.dirty = batch
}

// keep remembers written rows, within the limit.
func (c *Cache) keep(batch *layer) {
	c.makeRoom(batch.size())
	for at, v := range batch.docs {
		c.docs[at] = v
	}
	for at, n := range batch.counters {
		if _, known := c.counters[at]; known {
			c.counters[at] += n
		}
	}
}

// makeRoom forgets what the database holds as well, when n more rows would be too many.
func (c *Cache) makeRoom(n int) {
	if len(c.docs)+len(c.counters)+n > cleanMax {
		c.docs, c.counters = map[cell][]byte{}, map[cell]int64{}
	}
}

func (l *layer) sorted() Changes {
	ch := Changes{Docs: make([]Doc, 0, len(l.docs)), Deltas: make([]Delta, 0, len(l.counters))}
	for at, v := range l.docs {
		ch.Docs = append(ch.Docs, Doc{Table: at.table, Key: at.key, Value: v})
	}
	for at, n := range l.counters {
		if n != 0 {
			ch.Deltas = append(ch.Deltas, Delta{Table: at.table, Key: at.key, Add: n})
		}
	}
	slices.SortFunc(ch.Docs, func(a, b Doc) int { return compareCells(a.Table, a.Key, b.Table, b.Key) })
	slices.SortFunc(ch.Deltas, func(a, b Delta) int { return compareCells(a.Table, a.Key, b.Table, b.Key) })
	return ch
}

func compareCells(t1, k1, t2, k2 string) int {
	if n := strings.Compare(t1, t2); n != 0 {
		return n
	}
	return strings.Compare(k1, k2)
}
