package sqlite

import (
	"context"
	"encoding/json"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
)

// files implements intake.Files.
type files struct{ *file }

const (
	selectFile      = `SELECT number, doc FROM file WHERE id = ?`
	selectFileLines = `SELECT l.lines FROM file_lines l JOIN file f ON f.number = l.file WHERE f.id = ? AND l.part = ?`
	putFile         = `INSERT INTO file (id, pack, instance, name, content, doc) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET doc = excluded.doc RETURNING number`
	putFileLines  = `INSERT OR REPLACE INTO file_lines (file, part, lines) VALUES (?, ?, ?)`
	dropFileLines = `DELETE FROM file_lines WHERE file = ? AND part > ?`
)

// File implements intake.Files.
func (d files) File(ctx context.Context, id intake.FileID) (intake.File, error) {
	const op = "files.get"
	found, err := d.read(ctx, selectFile, func(s *sqlite.Stmt) { s.BindText(1, string(id)) })
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NoSuchThing, string(id), "no such file was taken").In(op)
	}
	if err != nil {
		return intake.File{}, translate(ctx, err, op, string(id))
	}
	return found[0], nil
}

// Keep implements intake.Files.
func (d files) Keep(ctx context.Context, f intake.File, lines []byte) error {
	const op = "files.keep"
	doc, err := json.Marshal(f)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, op, string(f.ID))
	}
	err = d.transact(ctx, func(c *conn) error {
		d.wrote(len(doc) + len(lines) + rowCost)
		var number int64
		err := c.query(putFile, func(s *sqlite.Stmt) {
			s.BindText(1, string(f.ID))
			s.BindText(2, f.Pack)
			s.BindText(3, string(f.Instance))
			s.BindText(4, f.Name)
			s.BindBytes(5, f.Content[:])
			s.BindBytes(6, doc)
		}, func(s *sqlite.Stmt) error {
			number = s.ColumnInt64(0)
			return nil
		})
		if err == nil && lines != nil {
			err = c.query(putFileLines, func(s *sqlite.Stmt) {
				s.BindInt64(1, number)
				s.BindInt64(2, int64(f.Parts))
				s.BindBytes(3, lines)
			}, nil)
		}
		if err != nil {
			return err
		}
		return c.query(dropFileLines, func(s *sqlite.Stmt) {
			s.BindInt64(1, number)
			s.BindInt64(2, int64(f.Parts))
		}, nil)
	})
	return translate(ctx, err, op, string(f.ID))
}

// Find implements intake.Files.
func (d files) Find(ctx context.Context, q intake.FileQuery) ([]intake.File, error) {
	text, values := `SELECT number, doc FROM file WHERE true`, []any(nil)
	where := func(condition string, value any, wanted bool) {
		if wanted {
			text += condition
			values = append(values, value)
		}
	}
	where(` AND pack = ?`, q.Pack, q.Pack != "")
	where(` AND instance = ?`, string(q.Instance), q.Instance != "")
	where(` AND name = ?`, q.Name, q.Name != "")
	where(` AND content = ?`, q.Content[:], q.Content != journal.Hash{})
	where(` AND number < ?`, q.Before, q.Before != 0)
	where(` ORDER BY number DESC LIMIT ?`, int64(q.Limit), true)
	found, err := d.read(ctx, text, func(s *sqlite.Stmt) {
		for i, value := range values {
			switch value := value.(type) {
			case string:
				s.BindText(i+1, value)
			case []byte:
				s.BindBytes(i+1, value)
			case int64:
				s.BindInt64(i+1, value)
			}
		}
	})
	return found, translate(ctx, err, "files.find", d.path)
}

// read returns the files that a query finds; it selects number and doc.
func (d files) read(ctx context.Context, text string, bind func(*sqlite.Stmt)) ([]intake.File, error) {
	var found []intake.File
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(text, bind, func(s *sqlite.Stmt) error {
			var f intake.File
			if err := json.Unmarshal(bytesOf(s, 1), &f); err != nil {
				return fault.Wrap(err, fault.Storage, "files.read", "")
			}
			f.Number = s.ColumnInt64(0)
			found = append(found, f)
			return nil
		})
	})
	return found, err
}

// Lines implements intake.Files.
func (d files) Lines(ctx context.Context, id intake.FileID, part int) ([]byte, error) {
	const op = "files.lines"
	var lines []byte
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectFileLines, func(s *sqlite.Stmt) {
			s.BindText(1, string(id))
			s.BindInt64(2, int64(part))
		}, func(s *sqlite.Stmt) error {
			lines = bytesOf(s, 0)
			return nil
		})
	})
	if err == nil && lines == nil {
		err = fault.New(fault.NoSuchThing, string(id), "no part %d of its lines is kept", part).In(op)
	}
	return lines, translate(ctx, err, op, string(id))
}
