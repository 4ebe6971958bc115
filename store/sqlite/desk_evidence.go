package sqlite

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// evidence implements intake.EvidenceStore.
type evidence struct{ *file }

const (
	selectRevision = `SELECT number, revision FROM evidence WHERE hash = ?`
	selectEvidence = `SELECT number, revision, size, content_type, system, instance, delivery, received_at FROM evidence WHERE hash = ?`
	putEvidence    = `INSERT INTO evidence (number, hash, revision, size, content_type, system, instance, delivery, received_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (number) DO UPDATE SET revision = excluded.revision, size = excluded.size,
		content_type = excluded.content_type, system = excluded.system, instance = excluded.instance,
		delivery = excluded.delivery, received_at = excluded.received_at`
	selectParts = `SELECT layout, sealed FROM evidence_part WHERE evidence = ? ORDER BY part`
	insertPiece = `INSERT INTO evidence_part (evidence, part, layout, sealed) VALUES (?, ?, ?, ?)`
	deletePiece = `DELETE FROM evidence_part WHERE evidence = ?`
)

// layoutOf is a part without its bytes, as it is stored.
type layoutOf struct {
	Keys   []intake.KeyID `json:"keys"`
	Ranges [][2]int       `json:"ranges"`
}

// PutEvidence implements intake.EvidenceStore.
func (d evidence) PutEvidence(ctx context.Context, e intake.Evidence, fresh []intake.DataKey) (bool, error) {
	written := false
	err := d.transact(ctx, func(c *conn) error {
		written = false
		var number, revision int64
		err := c.query(selectRevision, func(s *sqlite.Stmt) { s.BindBytes(1, e.Hash[:]) }, func(s *sqlite.Stmt) error {
			number, revision = s.ColumnInt64(0), s.ColumnInt64(1)
			return nil
		})
		if err != nil || int64(e.Revision) != revision+1 {
			return err
		}
		if err := d.putKeys(c, fresh); err != nil {
			return err
		}
		if number, err = d.putEvidence(c, number, e); err != nil {
			return err
		}
		written = true
		return d.putParts(c, number, e.Parts)
	})
	if err != nil {
		return false, translate(ctx, err, "evidence.put", e.Hash.String())
	}
	return written, nil
}

// putEvidence writes the row, over the one of that number unless it is 0, and returns its number.
func (d evidence) putEvidence(c *conn, number int64, e intake.Evidence) (int64, error) {
	d.wrote(rowCost)
	err := c.query(putEvidence, func(s *sqlite.Stmt) {
		if s.BindNull(1); number != 0 {
			s.BindInt64(1, number)
		}
		s.BindBytes(2, e.Hash[:])
		s.BindInt64(3, int64(e.Revision))
		s.BindInt64(4, int64(e.Size))
		s.BindText(5, e.ContentType)
		s.BindText(6, string(e.Source.System))
		s.BindText(7, string(e.Source.Instance))
		s.BindText(8, e.Delivery)
		bindTime(s, 9, e.ReceivedAt)
	}, nil)
	if number == 0 {
		number = c.raw.LastInsertRowID()
	}
	return number, err
}

func (d evidence) putParts(c *conn, number int64, parts []intake.Part) error {
	if err := c.query(deletePiece, func(s *sqlite.Stmt) { s.BindInt64(1, number) }, nil); err != nil {
		return err
	}
	for i, p := range parts {
		l := layoutOf{Keys: p.Keys, Ranges: make([][2]int, len(p.Ranges))}
		for j, r := range p.Ranges {
			l.Ranges[j] = [2]int{r.Start, r.End}
		}
		text, err := json.Marshal(l)
		if err != nil {
			return fault.Wrap(err, fault.InternalError, "evidence.put", "")
		}
		d.wrote(len(text) + len(p.Sealed))
		err = c.query(insertPiece, func(s *sqlite.Stmt) {
			s.BindInt64(1, number)
			s.BindInt64(2, int64(i))
			s.BindText(3, string(text))
			s.BindBytes(4, p.Sealed)
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// Evidence implements intake.EvidenceStore. Row and parts are read in one transaction, since
// a payload may be cut anew between them.
func (d evidence) Evidence(ctx context.Context, hash journal.Hash) (intake.Evidence, error) {
	const op = "evidence.get"
	var e intake.Evidence
	err := d.readers.with(ctx, func(c *conn) error {
		if err := c.exec("BEGIN"); err != nil {
			return err
		}
		var number int64
		err := c.query(selectEvidence, func(s *sqlite.Stmt) { s.BindBytes(1, hash[:]) }, func(s *sqlite.Stmt) error {
			number = s.ColumnInt64(0)
			e = intake.Evidence{
				Hash: hash, Revision: s.ColumnInt(1), Size: s.ColumnInt(2), ContentType: s.ColumnText(3),
				Source:   intake.Source{System: retail.SystemID(s.ColumnText(4)), Instance: retail.InstanceID(s.ColumnText(5))},
				Delivery: s.ColumnText(6),
			}
			return timeOf(s, 7, &e.ReceivedAt)
		})
		if err != nil {
			return err
		}
		return c.query(selectParts, func(s *sqlite.Stmt) { s.BindInt64(1, number) }, func(s *sqlite.Stmt) error {
			p, err := partOf(s)
			e.Parts = append(e.Parts, p)
			return err
		})
	})
	if err != nil {
		return intake.Evidence{}, translate(ctx, err, op, hash.String())
	}
	if e.Revision == 0 {
		return intake.Evidence{}, fault.New(fault.NoSuchThing, hash.String(), "there is no such payload").In(op)
	}
	return e, nil
}

func partOf(s *sqlite.Stmt) (intake.Part, error) {
	var l layoutOf
	if err := json.Unmarshal([]byte(s.ColumnText(0)), &l); err != nil {
		return intake.Part{}, fault.Wrap(err, fault.EvidenceBad, "evidence.get", "")
	}
	p := intake.Part{Keys: l.Keys}
	for _, r := range l.Ranges {
		p.Ranges = append(p.Ranges, intake.Range{Start: r[0], End: r[1]})
	}
	if s.ColumnLen(1) > 0 {
		p.Sealed = bytesOf(s, 1)
	}
	return p, nil
}

const (
	dataKeyColumns = `k.number, k.id, k.owner, w.bytes, k.created_at, k.erased_at
		FROM data_key k JOIN wrapped_key w ON w.number = k.number`

	selectLiveKeys = `SELECT ` + dataKeyColumns + ` WHERE k.owner = ? AND k.erased_at IS NULL`
	selectDataKey  = `SELECT ` + dataKeyColumns + ` WHERE k.id = ?`
	insertDataKey  = `INSERT INTO data_key (id, owner, created_at, erased_at) VALUES (?, ?, ?, ?)`
	insertWrapped  = `INSERT INTO wrapped_key (number, bytes) VALUES (?, ?)`
	zeroWrapped    = `UPDATE wrapped_key SET bytes = zeroblob(length(bytes))
		WHERE number IN (SELECT number FROM data_key WHERE owner = ? AND erased_at IS NULL)`
	eraseDataKeys = `UPDATE data_key SET erased_at = ? WHERE owner = ? AND erased_at IS NULL`
)

func (d evidence) putKeys(c *conn, fresh []intake.DataKey) error {
	for _, k := range fresh {
		d.wrote(len(k.Wrapped) + rowCost)
		err := c.query(insertDataKey, func(s *sqlite.Stmt) {
			s.BindText(1, string(k.ID))
			s.BindText(2, string(k.Owner))
			bindTime(s, 3, k.CreatedAt)
			bindTime(s, 4, k.ErasedAt)
		}, nil)
		if err != nil {
			return err
		}
		number := c.raw.LastInsertRowID()
		err = c.query(insertWrapped, func(s *sqlite.Stmt) {
			s.BindInt64(1, number)
			s.BindBytes(2, k.Wrapped)
		}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// numbered is a data key with its row's number, by which those of one instant are ordered.
type numbered struct {
	intake.DataKey
	number int64
}

// LiveKeys implements intake.EvidenceStore.
func (d evidence) LiveKeys(ctx context.Context, owners []retail.Token) ([]intake.DataKey, error) {
	found, err := d.dataKeys(ctx, selectLiveKeys, texts(owners))
	slices.SortFunc(found, func(a, b numbered) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.number, b.number))
	})
	return plain(found), translate(ctx, err, "evidence.live_keys", d.path)
}

// Keys implements intake.EvidenceStore.
func (d evidence) Keys(ctx context.Context, ids []intake.KeyID) ([]intake.DataKey, error) {
	found, err := d.dataKeys(ctx, selectDataKey, texts(ids))
	return plain(found), translate(ctx, err, "evidence.keys", d.path)
}

// dataKeys runs the query for each of the values, which may repeat, in one transaction.
func (d evidence) dataKeys(ctx context.Context, text string, values []string) ([]numbered, error) {
	slices.Sort(values)
	var found []numbered
	err := d.readers.with(ctx, func(c *conn) error {
		if err := c.exec("BEGIN"); err != nil {
			return err
		}
		for _, value := range slices.Compact(values) {
			err := c.query(text, func(s *sqlite.Stmt) { s.BindText(1, value) }, func(s *sqlite.Stmt) error {
				k, err := dataKeyOf(s)
				found = append(found, k)
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	return found, err
}

func dataKeyOf(s *sqlite.Stmt) (numbered, error) {
	k := numbered{number: s.ColumnInt64(0)}
	k.ID, k.Owner = intake.KeyID(s.ColumnText(1)), retail.Token(s.ColumnText(2))
	if err := timeOf(s, 4, &k.CreatedAt); err != nil {
		return k, err
	}
	if err := timeOf(s, 5, &k.ErasedAt); err != nil || !k.ErasedAt.IsZero() {
		return k, err
	}
	k.Wrapped = bytesOf(s, 3)
	return k, nil
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, s := range all {
		out[i] = string(s)
	}
	return out
}

func plain(all []numbered) []intake.DataKey {
	out := make([]intake.DataKey, len(all))
	for i, k := range all {
		out[i] = k.DataKey
	}
	return out
}

// EraseKeys implements intake.EvidenceStore. The file is scrubbed even when no key was alive:
// an erasure whose scrubbing was cut short is finished by asking for it again.
func (d evidence) EraseKeys(ctx context.Context, owner retail.Token, at time.Time) (int, error) {
	erased := 0
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(rowCost)
		err := c.query(zeroWrapped, func(s *sqlite.Stmt) { s.BindText(1, string(owner)) }, nil)
		if err != nil {
			return err
		}
		err = c.query(eraseDataKeys, func(s *sqlite.Stmt) {
			bindTime(s, 1, at)
			s.BindText(2, string(owner))
		}, nil)
		erased = c.raw.Changes()
		return err
	})
	if err == nil {
		err = d.scrub(ctx)
	}
	if err != nil {
		return 0, translate(ctx, err, "evidence.erase_keys", "")
	}
	return erased, nil
}
