package sqlite

import (
	"context"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// log implements journal.Log.
type log struct{ *file }

const (
	chunkColumns = `first, count, at, prev, root, tenant, environment`

	selectLast   = `SELECT ` + chunkColumns + ` FROM chunk ORDER BY first DESC LIMIT 1`
	selectBefore = `SELECT ` + chunkColumns + ` FROM chunk WHERE first < ? ORDER BY first DESC LIMIT 1`
	selectRoot   = `SELECT root FROM chunk WHERE first = ?`
	insertChunk  = `INSERT INTO chunk (` + chunkColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?)`
	selectBlocks = `SELECT first, bytes FROM block WHERE first >= ? AND first < ? ORDER BY first`
	selectBlock  = `SELECT first, bytes FROM block WHERE first < ? ORDER BY first DESC LIMIT 1`
	insertBlock  = `INSERT INTO block (first, bytes) VALUES (?, ?)`
)

// row is a chunk without its records.
type row struct {
	journal.Chunk
	count int64
}

func (r *row) end() journal.Watermark {
	return journal.Watermark{Next: r.First + r.count, Root: r.Root}
}

// Append implements journal.Log. SQLite runs the compare and the insert under its write
// lock, which other processes respect.
func (l *log) Append(ctx context.Context, c *journal.Chunk) error {
	const op = "journal.append"
	subject := strconv.FormatInt(c.First, 10)
	blocks := c.Blocks()
	err := l.transact(ctx, func(db *conn) error {
		there, err := compare(db, c, subject)
		if err != nil || there {
			return err
		}
		return l.insert(db, c, blocks)
	})
	switch {
	case err == nil:
		return nil
	case fault.Is(err, fault.Busy): // ctx ended before there was a turn
		return fault.Wrap(err, fault.OutcomeUnknown, op, subject)
	case isFault(err):
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultFull:
		// Nothing was written, and the same chunk is right once the lock or the disk is free.
		return fault.Wrap(err, fault.OutcomeUnknown, op, subject)
	default:
		return fault.Wrap(err, fault.InternalError, op, subject)
	}
}

// compare reports whether the chunk is there already; a fault says why it cannot follow.
func compare(db *conn, c *journal.Chunk, subject string) (there bool, err error) {
	tail, err := lastRow(db)
	if err != nil {
		return false, err
	}
	end := tail.end()
	switch {
	case tail.count > 0 && (tail.Tenant != c.Tenant || tail.Environment != c.Environment):
		return false, fault.New(fault.BadConfig, subject, "the journal belongs to %s, %s, and not to %s, %s",
			tail.Tenant, tail.Environment, c.Tenant, c.Environment).In("journal.append")
	case c.First > end.Next:
		return false, notOwner(subject, "the journal ends at position %d", end.Next)
	case c.First < end.Next:
		return standsThere(db, c, subject)
	case c.Prev != end.Root:
		return false, notOwner(subject, "the journal's last root is %s, and the chunk follows %s", end.Root, c.Prev)
	case c.At.Before(tail.At):
		return false, fault.New(fault.InternalError, subject, "the chunk's time %s is earlier than that of the chunk before",
			c.At.Format(time.RFC3339Nano)).In("journal.append")
	}
	return false, nil
}

// standsThere reports that this very chunk stands at its position.
func standsThere(db *conn, c *journal.Chunk, subject string) (bool, error) {
	var root journal.Hash
	err := db.query(selectRoot, func(s *sqlite.Stmt) { s.BindInt64(1, c.First) }, func(s *sqlite.Stmt) error {
		return hashOf(s, 0, c.First, &root)
	})
	if err != nil {
		return false, err
	}
	if root != c.Root {
		return false, notOwner(subject, "another chunk stands at this position")
	}
	return true, nil
}

func notOwner(subject, format string, args ...any) error {
	return fault.New(fault.NotOwner, subject, format, args...).In("journal.append")
}

func (l *log) insert(db *conn, c *journal.Chunk, blocks []journal.Block) error {
	err := db.query(insertChunk, func(s *sqlite.Stmt) {
		s.BindInt64(1, c.First)
		s.BindInt64(2, int64(len(c.Records)))
		s.BindInt64(3, c.At.UnixNano())
		s.BindBytes(4, c.Prev[:])
		s.BindBytes(5, c.Root[:])
		s.BindText(6, string(c.Tenant))
		s.BindText(7, c.Environment)
	}, nil)
	if err != nil {
		return err
	}
	for _, b := range blocks {
		err := db.query(insertBlock, func(s *sqlite.Stmt) {
			s.BindInt64(1, b.First)
			s.BindBytes(2, b.Bytes)
		}, nil)
		if err != nil {
			return err
		}
		l.wrote(len(b.Bytes))
	}
	return nil
}

// Tail implements journal.Log. SQLite shows a commit to readers only after it has synced
// the write-ahead log, and opening the file has settled what came before; so what is seen
// is durable.
func (l *log) Tail(ctx context.Context) (journal.Watermark, time.Time, error) {
	var tail row
	err := l.readers.with(ctx, func(db *conn) error {
		var err error
		tail, err = lastRow(db)
		return err
	})
	if err != nil {
		return journal.Watermark{}, time.Time{}, translate(ctx, err, "journal.tail", l.path)
	}
	return tail.end(), tail.At, nil
}

// Read implements journal.Log. It borrows a connection for one chunk at a time, so that a
// slow fn holds neither a connection nor the write-ahead log.
func (l *log) Read(ctx context.Context, from int64, fn func(*journal.Chunk) error) error {
	tail, _, err := l.Tail(ctx)
	if err != nil {
		return err
	}
	var before journal.Watermark
	for next := max(from, 1); next < tail.Next; next = before.Next {
		c, err := l.chunk(ctx, next, before)
		if err != nil {
			return err
		}
		if err := fn(c); err != nil {
			return err
		}
		before = c.End()
	}
	return nil
}

// chunk reads the chunk that holds the position, and checks that it follows before unless
// that is zero.
func (l *log) chunk(ctx context.Context, position int64, before journal.Watermark) (*journal.Chunk, error) {
	var r row
	err := l.readers.with(ctx, func(db *conn) error {
		var err error
		if r, err = rowHolding(db, position, before); err != nil {
			return err
		}
		return db.query(selectBlocks, func(s *sqlite.Stmt) {
			s.BindInt64(1, r.First)
			s.BindInt64(2, r.end().Next)
		}, func(s *sqlite.Stmt) error {
			block := journal.Block{First: s.ColumnInt64(0), Bytes: bytesOf(s, 1)}
			if block.First != r.First+int64(len(r.Records)) {
				return broken(r.First, "its blocks do not follow one another")
			}
			var err error
			if r.Records, err = block.Unpack(r.At, r.Records); err != nil {
				return broken(r.First, "its block at position %d is damaged", block.First)
			}
			return nil
		})
	})
	if err == nil && int64(len(r.Records)) != r.count {
		err = broken(r.First, "it has %d records, and says %d", len(r.Records), r.count)
	}
	return &r.Chunk, translate(ctx, err, "journal.read", l.path)
}

// rowHolding returns the row of the chunk that holds the position.
func rowHolding(db *conn, position int64, before journal.Watermark) (row, error) {
	r, err := oneRow(db, selectBefore, position+1)
	switch {
	case err != nil:
		return row{}, err
	case r.count == 0 || r.end().Next <= position:
		return row{}, broken(position, "no chunk holds this position")
	case before.Next == 0:
		return r, nil
	case r.First != before.Next:
		return row{}, broken(r.First, "the chunk before ends at position %d", before.Next)
	case r.Prev != before.Root:
		return row{}, broken(r.First, "it follows root %s, and the chunk before has root %s", r.Prev, before.Root)
	}
	return r, nil
}

// Record implements journal.Log.
func (l *log) Record(ctx context.Context, position int64) (journal.Record, error) {
	const op = "journal.record"
	var found journal.Record
	err := l.readers.with(ctx, func(db *conn) error {
		r, err := oneRow(db, selectBefore, position+1)
		if err != nil {
			return err
		}
		if r.count == 0 || position < 1 || position >= r.end().Next {
			return fault.New(fault.NoSuchThing, strconv.FormatInt(position, 10), "the journal has no such position").In(op)
		}
		return db.query(selectBlock, func(s *sqlite.Stmt) { s.BindInt64(1, position+1) }, func(s *sqlite.Stmt) error {
			block := journal.Block{First: s.ColumnInt64(0), Bytes: bytesOf(s, 1)}
			records, err := block.Unpack(r.At, nil)
			if err != nil || position-block.First >= int64(len(records)) {
				return broken(r.First, "its block at position %d is damaged", block.First)
			}
			found = records[position-block.First]
			return nil
		})
	})
	if err == nil && found.Position == 0 {
		err = broken(position, "no block holds this position")
	}
	return found, translate(ctx, err, op, l.path)
}

// Root implements journal.Log.
func (l *log) Root(ctx context.Context, next int64) (journal.Hash, bool, error) {
	if next <= 1 {
		return journal.Hash{}, next == 1, nil
	}
	var r row
	err := l.readers.with(ctx, func(db *conn) error {
		var err error
		r, err = oneRow(db, selectBefore, next)
		return err
	})
	if err != nil || r.count == 0 || r.end().Next != next {
		return journal.Hash{}, false, translate(ctx, err, "journal.root", l.path)
	}
	return r.Root, true, nil
}

// lastRow returns the row of the last chunk; that of an empty journal ends at Genesis.
func lastRow(db *conn) (row, error) {
	r := row{Chunk: journal.Chunk{First: 1}}
	err := db.query(selectLast, nil, r.scan)
	return r, err
}

// oneRow returns the row that a statement with one parameter finds, or the zero row.
func oneRow(db *conn, text string, param int64) (row, error) {
	var r row
	err := db.query(text, func(s *sqlite.Stmt) { s.BindInt64(1, param) }, r.scan)
	return r, err
}

func (r *row) scan(s *sqlite.Stmt) error {
	r.First, r.count = s.ColumnInt64(0), s.ColumnInt64(1)
	r.At = time.Unix(0, s.ColumnInt64(2)).UTC()
	r.Tenant, r.Environment = retail.TenantID(s.ColumnText(5)), s.ColumnText(6)
	if r.count < 1 || r.First < 1 || r.end().Next < r.First {
		return broken(r.First, "it says that it has %d records", r.count)
	}
	if err := hashOf(s, 3, r.First, &r.Prev); err != nil {
		return err
	}
	return hashOf(s, 4, r.First, &r.Root)
}

// hashOf reads a column of the chunk at first as a hash.
func hashOf(s *sqlite.Stmt, col int, first int64, h *journal.Hash) error {
	if n := s.ColumnLen(col); n != len(h) {
		return broken(first, "a stored hash has %d bytes", n)
	}
	s.ColumnBytes(col, h[:])
	return nil
}

func broken(first int64, format string, args ...any) error {
	return fault.New(fault.ChainBroken, strconv.FormatInt(first, 10), format, args...).In("journal.read")
}
