package sqlite

import (
	"context"
	"strconv"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// views implements store.Views.
type views struct{ *file }

const (
	selectProjection = `SELECT p.id, p.next, p.root, t.id, t.name, t.counters
		FROM projection p LEFT JOIN part t ON t.projection = p.id WHERE p.name = ?`
	insertProjection  = `INSERT INTO projection (name, next, root) VALUES (?, ?, ?)`
	updateProjection  = `UPDATE projection SET next = ?, root = ? WHERE id = ?`
	renameProjection  = `UPDATE projection SET name = ? WHERE id = ?`
	deleteProjection  = `DELETE FROM projection WHERE id = ?`
	selectProjections = `SELECT name, next, root FROM projection ORDER BY name`
	insertPart        = `INSERT INTO part (projection, name, counters) VALUES (?, ?, ?)`
	deleteParts       = `DELETE FROM part WHERE projection = ?`
)

// part names one table of a projection.
type part struct {
	table    string
	counters bool
}

// projection is a row of that table, with its parts.
type projection struct {
	id    int64 // 0: there is none
	mark  journal.Watermark
	parts map[part]partTable
}

// partTable is the SQL table of a part; the empty one does not exist and has no rows.
type partTable string

func tableOf(id int64) partTable { return partTable("part_" + strconv.FormatInt(id, 10)) }

func (t partTable) create(counters bool) string {
	value := "BLOB"
	if counters {
		value = "INTEGER"
	}
	return `CREATE TABLE ` + string(t) + ` (key BLOB PRIMARY KEY, value ` + value + ` NOT NULL) STRICT, WITHOUT ROWID`
}

func (t partTable) drop() string   { return `DROP TABLE ` + string(t) }
func (t partTable) get() string    { return `SELECT value FROM ` + string(t) + ` WHERE key = ?` }
func (t partTable) delete() string { return `DELETE FROM ` + string(t) + ` WHERE key = ?` }

func (t partTable) put() string {
	return `INSERT INTO ` + string(t) + ` (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`
}

func (t partTable) scan(bounded bool) string {
	if bounded {
		return `SELECT key, value FROM ` + string(t) + ` WHERE key >= ? AND key < ? ORDER BY key`
	}
	return `SELECT key, value FROM ` + string(t) + ` WHERE key >= ? ORDER BY key`
}

// find returns the projection of a name; one that does not exist stands at Genesis.
func find(c *conn, name string) (projection, error) {
	p := projection{mark: journal.Genesis(), parts: make(map[part]partTable)}
	err := c.query(selectProjection, func(s *sqlite.Stmt) { s.BindText(1, name) }, func(s *sqlite.Stmt) error {
		p.id = s.ColumnInt64(0)
		p.mark.Next = s.ColumnInt64(1)
		s.ColumnBytes(2, p.mark.Root[:])
		if !s.ColumnIsNull(3) {
			p.parts[part{s.ColumnText(4), s.ColumnBool(5)}] = tableOf(s.ColumnInt64(3))
		}
		return nil
	})
	return p, err
}

// Apply implements store.Views.
func (v *views) Apply(ctx context.Context, name string, from, to journal.Watermark, ch store.Changes) error {
	const op = "views.apply"
	if err := validApply(name, from, to, ch); err != nil {
		return err
	}
	err := v.transact(ctx, func(c *conn) error {
		p, err := find(c, name)
		if err != nil {
			return err
		}
		if p.mark != from {
			return fault.New(fault.WatermarkMoved, name, "it stands at position %d, root %s, and not at %d, root %s",
				p.mark.Next, p.mark.Root, from.Next, from.Root).In(op)
		}
		if err := move(c, &p, name, to); err != nil {
			return err
		}
		if err := v.docs(c, &p, ch.Docs); err != nil {
			return err
		}
		return v.deltas(c, &p, ch.Deltas)
	})
	return translate(ctx, err, op, name)
}

func validApply(name string, from, to journal.Watermark, ch store.Changes) error {
	if err := store.ValidName(name); err != nil {
		return err
	}
	if to.Next < from.Next {
		return fault.New(fault.InternalError, name, "a watermark does not move back from %d to %d", from.Next, to.Next).In("views.apply")
	}
	return ch.Validate()
}

// move sets the watermark, and makes the projection if there is none.
func move(c *conn, p *projection, name string, to journal.Watermark) error {
	if p.id != 0 {
		return c.query(updateProjection, func(s *sqlite.Stmt) {
			s.BindInt64(1, to.Next)
			s.BindBytes(2, to.Root[:])
			s.BindInt64(3, p.id)
		}, nil)
	}
	err := c.query(insertProjection, func(s *sqlite.Stmt) {
		s.BindText(1, name)
		s.BindInt64(2, to.Next)
		s.BindBytes(3, to.Root[:])
	}, nil)
	p.id = c.raw.LastInsertRowID()
	return err
}

// table returns the SQL table of a part, and makes it if there is none.
func (p *projection) table(c *conn, of part) (partTable, error) {
	if t, ok := p.parts[of]; ok {
		return t, nil
	}
	err := c.query(insertPart, func(s *sqlite.Stmt) {
		s.BindInt64(1, p.id)
		s.BindText(2, of.table)
		s.BindBool(3, of.counters)
	}, nil)
	if err != nil {
		return "", err
	}
	t := tableOf(c.raw.LastInsertRowID())
	p.parts[of] = t
	return t, c.exec(t.create(of.counters))
}

// docs writes documents, one table after the other.
func (v *views) docs(c *conn, p *projection, docs []store.Doc) error {
	for len(docs) > 0 {
		n := 1
		for n < len(docs) && docs[n].Table == docs[0].Table {
			n++
		}
		t, err := p.table(c, part{table: docs[0].Table})
		if err != nil {
			return err
		}
		if err := v.docsOf(c, t, docs[:n]); err != nil {
			return err
		}
		docs = docs[n:]
	}
	return nil
}

func (v *views) docsOf(c *conn, t partTable, docs []store.Doc) (err error) {
	put, err := c.prepare(t.put())
	if err != nil {
		return err
	}
	defer func() { err = c.release(t.put(), put, err) }()
	for _, d := range docs {
		v.wrote(len(d.Key) + len(d.Value))
		if d.Value == nil {
			err = c.query(t.delete(), func(s *sqlite.Stmt) { c.bindKey(s, 1, d.Key) }, nil)
		} else {
			c.bindKey(put, 1, d.Key)
			put.BindBytes(2, d.Value)
			err = run(put)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// deltas adds to counters, one table after the other.
func (v *views) deltas(c *conn, p *projection, deltas []store.Delta) error {
	for len(deltas) > 0 {
		n := 1
		for n < len(deltas) && deltas[n].Table == deltas[0].Table {
			n++
		}
		t, err := p.table(c, part{table: deltas[0].Table, counters: true})
		if err != nil {
			return err
		}
		if err := v.deltasOf(c, t, deltas[:n]); err != nil {
			return err
		}
		deltas = deltas[n:]
	}
	return nil
}

// deltasOf reads each counter and writes the sum, so that a sum of 0 can be deleted and one
// that is out of range can be refused. The second look-up finds the page in the cache.
func (v *views) deltasOf(c *conn, t partTable, deltas []store.Delta) (err error) {
	get, err := c.prepare(t.get())
	if err != nil {
		return err
	}
	defer func() { err = c.release(t.get(), get, err) }()
	put, err := c.prepare(t.put())
	if err != nil {
		return err
	}
	defer func() { err = c.release(t.put(), put, err) }()
	for _, d := range deltas {
		if d.Add == 0 {
			continue
		}
		v.wrote(len(d.Key) + 8)
		var old int64
		c.bindKey(get, 1, d.Key)
		if err := counter(get, &old); err != nil {
			return err
		}
		sum := old + d.Add
		if (sum > old) != (d.Add > 0) {
			return fault.New(fault.InternalError, d.Table, "a counter of %d cannot take %d more", old, d.Add).In("views.apply")
		}
		if sum == 0 {
			err = c.query(t.delete(), func(s *sqlite.Stmt) { c.bindKey(s, 1, d.Key) }, nil)
		} else {
			c.bindKey(put, 1, d.Key)
			put.BindInt64(2, sum)
			err = run(put)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// run steps a statement that returns no rows, and makes it ready again.
func run(s *sqlite.Stmt) error {
	if _, err := s.Step(); err != nil {
		return err
	}
	return s.Reset()
}

// counter runs a look-up of one row and one integer; n stays as it is where there is none.
func counter(s *sqlite.Stmt, n *int64) error {
	found, err := s.Step()
	if err != nil {
		return err
	}
	if found {
		*n = s.ColumnInt64(0)
	}
	return s.Reset()
}

// Drop implements store.Views.
func (v *views) Drop(ctx context.Context, name string) error {
	err := v.transact(ctx, func(c *conn) error { return drop(c, name) })
	return translate(ctx, err, "views.drop", name)
}

func drop(c *conn, name string) error {
	p, err := find(c, name)
	if err != nil || p.id == 0 {
		return err
	}
	for _, t := range p.parts {
		if err := c.exec(t.drop()); err != nil {
			return err
		}
	}
	for _, text := range []string{deleteParts, deleteProjection} {
		if err := c.query(text, func(s *sqlite.Stmt) { s.BindInt64(1, p.id) }, nil); err != nil {
			return err
		}
	}
	return nil
}

// Rename implements store.Views.
func (v *views) Rename(ctx context.Context, from, to string) error {
	const op = "views.rename"
	if err := store.ValidName(to); err != nil {
		return err
	}
	err := v.transact(ctx, func(c *conn) error {
		p, err := find(c, from)
		if err != nil {
			return err
		}
		if p.id == 0 {
			return fault.New(fault.NoSuchThing, from, "there is no such projection").In(op)
		}
		if from == to {
			return nil
		}
		if err := drop(c, to); err != nil {
			return err
		}
		return c.query(renameProjection, func(s *sqlite.Stmt) {
			s.BindText(1, to)
			s.BindInt64(2, p.id)
		}, nil)
	})
	return translate(ctx, err, op, from)
}

// Projections implements store.Views.
func (v *views) Projections(ctx context.Context) ([]store.ProjectionInfo, error) {
	var all []store.ProjectionInfo
	err := v.readers.with(ctx, func(c *conn) error {
		return c.query(selectProjections, nil, func(s *sqlite.Stmt) error {
			info := store.ProjectionInfo{Name: s.ColumnText(0)}
			info.Watermark.Next = s.ColumnInt64(1)
			s.ColumnBytes(2, info.Watermark.Root[:])
			all = append(all, info)
			return nil
		})
	})
	return all, translate(ctx, err, "views.projections", v.path)
}
