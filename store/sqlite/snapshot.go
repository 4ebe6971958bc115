package sqlite

import (
	"context"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// snapshot implements store.Snapshot: a connection in a read transaction.
type snapshot struct {
	ctx        context.Context //nolint:containedctx // a snapshot ends with the request that took it
	readers    *readers
	c          *conn // nil: closed
	name       string
	projection projection
}

// Read implements store.Views. The transaction begins with its first SELECT, the one that
// reads the watermark.
func (v *views) Read(ctx context.Context, name string) (store.Snapshot, error) {
	const op = "views.read"
	if err := store.ValidName(name); err != nil {
		return nil, err
	}
	c, err := v.readers.take(ctx)
	if err != nil {
		return nil, err
	}
	s := &snapshot{ctx: ctx, readers: v.readers, c: c, name: name}
	if err = c.exec("BEGIN"); err == nil {
		s.projection, err = find(c, name)
	}
	if err != nil {
		s.Close() //nolint:errcheck // the first error says what is wrong
		return nil, translate(ctx, err, op, name)
	}
	return s, nil
}

// Watermark implements store.Snapshot.
func (s *snapshot) Watermark() journal.Watermark { return s.projection.mark }

// Docs implements store.Snapshot.
func (s *snapshot) Docs(table string, keys []string) (map[string][]byte, error) {
	found := make(map[string][]byte, len(keys))
	err := s.look(part{table: table}, keys, func(key string, stmt *sqlite.Stmt) { found[key] = bytesOf(stmt, 0) })
	return found, err
}

// Counters implements store.Snapshot.
func (s *snapshot) Counters(table string, keys []string) (map[string]int64, error) {
	found := make(map[string]int64, len(keys))
	err := s.look(part{table: table, counters: true}, keys, func(key string, stmt *sqlite.Stmt) { found[key] = stmt.ColumnInt64(0) })
	return found, err
}

// look runs one look-up for each key and calls take for those that are there.
func (s *snapshot) look(of part, keys []string, take func(key string, stmt *sqlite.Stmt)) error {
	t, ok := s.projection.parts[of]
	if !ok || len(keys) == 0 {
		return nil
	}
	stmt, err := s.c.prepare(t.get())
	if err != nil {
		return s.failed(err)
	}
	for _, key := range keys {
		s.c.bindKey(stmt, 1, key)
		var there bool
		if there, err = stmt.Step(); err != nil {
			break
		}
		if there {
			take(key, stmt)
		}
		if err = stmt.Reset(); err != nil {
			break
		}
	}
	return s.failed(s.c.release(t.get(), stmt, err))
}

// Scan implements store.Snapshot.
func (s *snapshot) Scan(table string, r store.Range, fn func(string, []byte) (bool, error)) error {
	var value []byte
	return s.scan(part{table: table}, r, func(key string, stmt *sqlite.Stmt) (bool, error) {
		if n := stmt.ColumnLen(1); n <= cap(value) {
			value = value[:n]
		} else {
			value = make([]byte, n)
		}
		stmt.ColumnBytes(1, value)
		return fn(key, value)
	})
}

// ScanCounters implements store.Snapshot.
func (s *snapshot) ScanCounters(table string, r store.Range, fn func(string, int64) (bool, error)) error {
	return s.scan(part{table: table, counters: true}, r, func(key string, stmt *sqlite.Stmt) (bool, error) {
		return fn(key, stmt.ColumnInt64(1))
	})
}

// scan calls fn for each row of the range. The statement is taken out of the connection's
// stock, so that fn may use the snapshot; fn's own error is not one of SQLite and is
// returned as it is.
func (s *snapshot) scan(of part, r store.Range, fn func(key string, stmt *sqlite.Stmt) (bool, error)) error {
	t, ok := s.projection.parts[of]
	if !ok {
		return nil
	}
	text := t.scan(r.To != "")
	stmt, err := s.c.prepare(text)
	if err != nil {
		return s.failed(err)
	}
	s.c.bindKey(stmt, 1, r.From)
	if r.To != "" {
		s.c.bindKey(stmt, 2, r.To)
	}
	var ours error
	for more := true; more && err == nil; {
		if more, err = stmt.Step(); err != nil || !more {
			break
		}
		more, ours = fn(string(bytesOf(stmt, 0)), stmt)
		more = more && ours == nil
	}
	if err := s.failed(s.c.release(text, stmt, err)); ours == nil {
		return err
	}
	return ours
}

func (s *snapshot) failed(err error) error { return translate(s.ctx, err, "views.read", s.name) }

// Close implements store.Snapshot.
func (s *snapshot) Close() error {
	if s.c == nil {
		return nil
	}
	c := s.c
	s.c = nil
	return s.failed(s.readers.give(c))
}
