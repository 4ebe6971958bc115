package sqlite

import (
	"context"
	"encoding/json"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// followUps implements intake.FollowUps.
type followUps struct{ *file }

const (
	selectFollowUp  = `SELECT follow_up FROM follow_up WHERE id = ?`
	selectFollowUps = `SELECT follow_up FROM follow_up WHERE pack = ? AND instance = ? ORDER BY due_at IS NULL, due_at, number LIMIT ?`
	countFollowUps  = `SELECT count(*), count(*) - count(due_at) FROM follow_up WHERE pack = ? AND instance = ?`
	putFollowUp     = `INSERT INTO follow_up (id, pack, instance, due_at, raised, follow_up) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET due_at = excluded.due_at, raised = excluded.raised, follow_up = excluded.follow_up`
	updateFollowUp = `UPDATE follow_up SET due_at = ?, follow_up = ? WHERE id = ? AND raised = ?`
	deleteFollowUp = `DELETE FROM follow_up WHERE id = ? AND raised = ?`
)

// Raise implements intake.FollowUps.
func (d followUps) Raise(ctx context.Context, f intake.FollowUp) (intake.FollowUp, error) {
	const op = "follow_ups.raise"
	kept := f
	err := d.transact(ctx, func(c *conn) error {
		err := c.query(selectFollowUp, func(s *sqlite.Stmt) { s.BindText(1, string(f.ID)) }, func(s *sqlite.Stmt) error {
			old, err := followUpOf(s)
			kept.Raised += old.Raised
			if !old.DueAt.IsZero() && old.DueAt.Before(kept.DueAt) {
				kept.DueAt = old.DueAt
			}
			return err
		})
		if err != nil {
			return err
		}
		text, err := json.Marshal(kept)
		if err != nil {
			return fault.Wrap(err, fault.InternalError, op, string(f.ID))
		}
		d.wrote(len(text) + rowCost)
		return c.query(putFollowUp, func(s *sqlite.Stmt) {
			s.BindText(1, string(kept.ID))
			s.BindText(2, kept.Pack)
			s.BindText(3, string(kept.Instance))
			bindTime(s, 4, kept.DueAt)
			s.BindInt64(5, kept.Raised)
			s.BindBytes(6, text)
		}, nil)
	})
	return kept, translate(ctx, err, op, string(f.ID))
}

// Open implements intake.FollowUps.
func (d followUps) Open(ctx context.Context, source intake.SourceName, limit int) ([]intake.FollowUp, error) {
	var all []intake.FollowUp
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectFollowUps, func(s *sqlite.Stmt) {
			s.BindText(1, source.Pack)
			s.BindText(2, string(source.Instance))
			s.BindInt64(3, int64(limit))
		}, func(s *sqlite.Stmt) error {
			f, err := followUpOf(s)
			all = append(all, f)
			return err
		})
	})
	return all, translate(ctx, err, "follow_ups.open", d.path)
}

// Put implements intake.FollowUps.
func (d followUps) Put(ctx context.Context, f intake.FollowUp) error {
	const op = "follow_ups.put"
	text, err := json.Marshal(f)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, op, string(f.ID))
	}
	err = d.transact(ctx, func(c *conn) error {
		d.wrote(len(text) + rowCost)
		return c.query(updateFollowUp, func(s *sqlite.Stmt) {
			bindTime(s, 1, f.DueAt)
			s.BindBytes(2, text)
			s.BindText(3, string(f.ID))
			s.BindInt64(4, f.Raised)
		}, nil)
	})
	return translate(ctx, err, op, string(f.ID))
}

// Close implements intake.FollowUps.
func (d followUps) Close(ctx context.Context, f intake.FollowUp) error {
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(rowCost)
		return c.query(deleteFollowUp, func(s *sqlite.Stmt) {
			s.BindText(1, string(f.ID))
			s.BindInt64(2, f.Raised)
		}, nil)
	})
	return translate(ctx, err, "follow_ups.close", string(f.ID))
}

// Count implements intake.FollowUps.
func (d followUps) Count(ctx context.Context, source intake.SourceName) (open, stopped int, err error) {
	err = d.readers.with(ctx, func(c *conn) error {
		return c.query(countFollowUps, func(s *sqlite.Stmt) {
			s.BindText(1, source.Pack)
			s.BindText(2, string(source.Instance))
		}, func(s *sqlite.Stmt) error {
			open, stopped = int(s.ColumnInt64(0)), int(s.ColumnInt64(1))
			return nil
		})
	})
	return open, stopped, translate(ctx, err, "follow_ups.count", d.path)
}

func followUpOf(s *sqlite.Stmt) (intake.FollowUp, error) {
	var f intake.FollowUp
	if err := json.Unmarshal(bytesOf(s, 0), &f); err != nil {
		return f, fault.Wrap(err, fault.Storage, "follow_ups.read", "")
	}
	return f, nil
}
