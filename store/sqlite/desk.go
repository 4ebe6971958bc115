package sqlite

import (
	"bytes"
	"context"
	"strconv"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// desk implements store.Desk.
type desk struct{ *file }

// Keys implements store.Desk.
func (d *desk) Keys() access.Keys { return keys{d.file} }

// Evidence implements store.Desk.
func (d *desk) Evidence() intake.EvidenceStore { return evidence{d.file} }

// Deliveries implements store.Desk.
func (d *desk) Deliveries() intake.Deliveries { return deliveries{d.file} }

// Waiting implements store.Desk.
func (d *desk) Waiting() intake.Waiting { return waiting{d.file} }

// Worklist implements store.Desk.
func (d *desk) Worklist() intake.Worklist { return worklist{d.file} }

// Files implements store.Desk.
func (d *desk) Files() intake.Files { return files{d.file} }

// FollowUps implements store.Desk.
func (d *desk) FollowUps() intake.FollowUps { return followUps{d.file} }

// Checkpoints implements store.Desk.
func (d *desk) Checkpoints() store.Checkpoints { return checkpoints{d.file} }

// Settings implements store.Desk.
func (d *desk) Settings() store.Settings { return settings{d.file} }

// instant is how the desk writes times.
const instant = "2006-01-02T15:04:05.000000000Z"

// bindTime binds a time; the zero time is NULL.
func bindTime(s *sqlite.Stmt, param int, t time.Time) {
	if t.IsZero() {
		s.BindNull(param)
		return
	}
	s.BindText(param, t.UTC().Format(instant))
}

// timeOf reads what bindTime wrote.
func timeOf(s *sqlite.Stmt, col int, t *time.Time) error {
	if s.ColumnIsNull(col) {
		return nil
	}
	var err error
	*t, err = time.Parse(instant, s.ColumnText(col))
	return err
}

const (
	selectSetting = `SELECT value FROM setting WHERE name = ?`
	putSetting    = `INSERT INTO setting (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`
	deleteSetting = `DELETE FROM setting WHERE name = ?`
)

type settings struct{ *file }

// Get implements store.Settings.
func (d settings) Get(ctx context.Context, name string) ([]byte, error) {
	var value []byte
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectSetting, func(s *sqlite.Stmt) { s.BindText(1, name) }, func(s *sqlite.Stmt) error {
			value = bytesOf(s, 0)
			return nil
		})
	})
	return value, translate(ctx, err, "settings.get", name)
}

// Put implements store.Settings.
func (d settings) Put(ctx context.Context, name string, value []byte) error {
	const op = "settings.put"
	if err := store.ValidName(name); err != nil {
		return err
	}
	if len(value) > store.ValueMax {
		return fault.New(fault.InternalError, name, "a setting has at most %d bytes", store.ValueMax).In(op)
	}
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(len(value))
		if value == nil {
			return c.query(deleteSetting, func(s *sqlite.Stmt) { s.BindText(1, name) }, nil)
		}
		return c.query(putSetting, func(s *sqlite.Stmt) {
			s.BindText(1, name)
			s.BindBytes(2, value)
		}, nil)
	})
	return translate(ctx, err, op, name)
}

const (
	selectCheckpoints    = `SELECT line FROM checkpoint ORDER BY next`
	selectLastCheckpoint = `SELECT line FROM checkpoint ORDER BY next DESC LIMIT 1`
	insertCheckpoint     = `INSERT INTO checkpoint (next, line) VALUES (?, ?)`
)

type checkpoints struct{ *file }

// Add implements store.Checkpoints.
func (d checkpoints) Add(ctx context.Context, cp journal.Checkpoint) error {
	const op = "checkpoints.add"
	subject := strconv.FormatInt(cp.From.Next, 10)
	var line bytes.Buffer
	if err := journal.WriteCheckpoint(&line, cp); err != nil {
		return err
	}
	err := d.transact(ctx, func(c *conn) error {
		last, err := lines(c, selectLastCheckpoint)
		if err != nil || bytes.Equal(last, line.Bytes()) {
			return err
		}
		end := journal.Genesis()
		if len(last) > 0 {
			all, err := journal.ReadCheckpoints(bytes.NewReader(last))
			if err != nil {
				return err
			}
			end = all[0].Tail
		}
		if cp.From != end || cp.Tail.Next <= end.Next {
			return fault.New(fault.CheckpointWrong, subject, "the last checkpoint ends at position %d", end.Next).In(op)
		}
		d.wrote(line.Len())
		return c.query(insertCheckpoint, func(s *sqlite.Stmt) {
			s.BindInt64(1, cp.Tail.Next)
			s.BindBytes(2, line.Bytes())
		}, nil)
	})
	return translate(ctx, err, op, subject)
}

// Last implements store.Checkpoints.
func (d checkpoints) Last(ctx context.Context) (journal.Checkpoint, bool, error) {
	all, err := d.read(ctx, selectLastCheckpoint)
	if err != nil || len(all) == 0 {
		return journal.Checkpoint{}, false, err
	}
	return all[0], true, nil
}

// All implements store.Checkpoints.
func (d checkpoints) All(ctx context.Context) ([]journal.Checkpoint, error) {
	return d.read(ctx, selectCheckpoints)
}

func (d checkpoints) read(ctx context.Context, text string) ([]journal.Checkpoint, error) {
	var file []byte
	err := d.readers.with(ctx, func(c *conn) error {
		var err error
		file, err = lines(c, text)
		return err
	})
	if err != nil {
		return nil, translate(ctx, err, "checkpoints.read", d.path)
	}
	return journal.ReadCheckpoints(bytes.NewReader(file))
}

// lines returns the rows of a query for checkpoints as one file.
func lines(c *conn, text string) ([]byte, error) {
	var file []byte
	err := c.query(text, nil, func(s *sqlite.Stmt) error {
		file = append(file, bytesOf(s, 0)...)
		return nil
	})
	return file, err
}
