package sqlite

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
)

// walMax is how much is written to a write-ahead log, by our own count, before it is copied
// into the database file. SQLite's own checkpoint at commit is off, because it swallows its
// errors: an fsync of the database file that failed there once would succeed the next time,
// although the kernel had thrown the pages away.
const walMax = 8 << 20

// rowCost is what a row counts for beside its bytes.
const rowCost = 128

// writer is the one connection that writes to a file. It is never lent out, and nothing
// interrupts it.
type writer struct {
	path    string
	turn    chan struct{} // holds one token while nobody writes
	c       *conn
	written int   // since the last checkpoint, in bytes
	failed  error // set once, under turn: writing or syncing failed, and the file proves nothing any more
}

// take waits for the turn to write.
func (w *writer) take(ctx context.Context) error {
	select {
	case <-w.turn:
		return nil
	case <-ctx.Done():
		return fault.Wrap(context.Cause(ctx), fault.TooBusy, "sqlite.write", w.path)
	}
}

func (w *writer) give() { w.turn <- struct{}{} }

// transact runs do in one transaction and commits it. The error is a fault, or one of
// SQLite; a fault H-STORAGE of transact itself is for ever.
func (w *writer) transact(ctx context.Context, do func(*conn) error) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.give()
	if w.failed != nil {
		return w.failed
	}
	if err := w.c.exec("BEGIN IMMEDIATE"); err != nil {
		return w.judge(err)
	}
	err := do(w.c)
	if err == nil {
		err = w.c.exec("COMMIT")
	}
	if err != nil {
		if rerr := w.rollback(); rerr != nil {
			return w.fail(errors.Join(err, rerr))
		}
		return w.judge(err)
	}
	if w.written >= walMax {
		w.checkpoint()
	}
	return nil
}

// rollback ends a transaction that SQLite has not ended itself.
func (w *writer) rollback() error {
	if w.c.raw.AutocommitEnabled() {
		return nil
	}
	return w.c.exec("ROLLBACK")
}

// wrote counts a row towards the next checkpoint.
func (w *writer) wrote(bytes int) { w.written += bytes + rowCost }

// checkpoint copies the write-ahead log into the file as far as readers allow. What was
// committed is safe already, so its error stops the next write and not the one before it.
func (w *writer) checkpoint() {
	w.written = 0
	if err := w.c.exec("PRAGMA wal_checkpoint(PASSIVE)"); err != nil {
		_ = w.judge(err)
	}
}

// scrub empties the write-ahead log, so that what was overwritten in the file cannot be read
// there. It waits for readers that still need the log.
func (w *writer) scrub(ctx context.Context) error {
	if err := w.take(ctx); err != nil {
		return err
	}
	defer w.give()
	if w.failed != nil {
		return w.failed
	}
	for busy := true; busy; {
		if ctx.Err() != nil {
			return fault.Wrap(context.Cause(ctx), fault.TooBusy, "sqlite.scrub", w.path)
		}
		err := w.c.query("PRAGMA wal_checkpoint(TRUNCATE)", nil, func(s *sqlite.Stmt) error {
			busy = s.ColumnBool(0)
			return nil
		})
		if err != nil {
			return w.judge(err)
		}
	}
	return nil
}

// judge keeps an error after which nothing may be written any more. A full disk and a lock
// that is held pass; of everything else that is not a fault of ours nobody can say what it
// left behind.
func (w *writer) judge(err error) error {
	if err == nil || isFault(err) {
		return err
	}
	switch sqlite.ErrCode(err).ToPrimary() {
	case sqlite.ResultBusy, sqlite.ResultFull, sqlite.ResultConstraint, sqlite.ResultTooBig, sqlite.ResultError:
		return err
	default:
		return w.fail(err)
	}
}

func (w *writer) fail(err error) error {
	w.failed = fault.Wrap(err, fault.Storage, "sqlite.write", w.path).
		WithHint("The disk failed to write or sync. End the process, look at the disk, and start again.")
	return w.failed
}
