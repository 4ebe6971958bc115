package sqlite

import (
	"context"
	"encoding/json"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// deliveries implements intake.Deliveries.
type deliveries struct{ *file }

// forgetMax is how many deliveries are dropped in one transaction, so that others get a turn.
const forgetMax = 1000

const (
	selectDelivery   = `SELECT evidence, answer, at FROM delivery WHERE system = ? AND instance = ? AND id = ?`
	putDelivery      = `INSERT OR REPLACE INTO delivery (system, instance, id, evidence, answer, at) VALUES (?, ?, ?, ?, ?, ?)`
	deleteDeliveries = `DELETE FROM delivery WHERE (system, instance, id) IN
		(SELECT system, instance, id FROM delivery WHERE at < ? ORDER BY at LIMIT ?)`
)

func bindDelivery(s *sqlite.Stmt, id intake.DeliveryID) {
	s.BindText(1, string(id.System))
	s.BindText(2, string(id.Instance))
	s.BindText(3, id.ID)
}

// Delivery implements intake.Deliveries.
func (d deliveries) Delivery(ctx context.Context, id intake.DeliveryID) (intake.Delivery, error) {
	const op = "deliveries.get"
	var found intake.Delivery
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectDelivery, func(s *sqlite.Stmt) { bindDelivery(s, id) }, func(s *sqlite.Stmt) error {
			found.DeliveryID = id
			found.Answer = bytesOf(s, 1)
			s.ColumnBytes(0, found.Evidence[:])
			return timeOf(s, 2, &found.At)
		})
	})
	if err == nil && found.Answer == nil {
		err = fault.New(fault.NoSuchThing, id.ID, "no such delivery is remembered").In(op)
	}
	return found, translate(ctx, err, op, id.ID)
}

// Remember implements intake.Deliveries.
func (d deliveries) Remember(ctx context.Context, delivery intake.Delivery) error {
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(len(delivery.Answer) + rowCost)
		return c.query(putDelivery, func(s *sqlite.Stmt) {
			bindDelivery(s, delivery.DeliveryID)
			s.BindBytes(4, delivery.Evidence[:])
			s.BindBytes(5, delivery.Answer)
			s.BindText(6, delivery.At.UTC().Format(instant))
		}, nil)
	})
	return translate(ctx, err, "deliveries.remember", delivery.ID)
}

// Forget implements intake.Deliveries.
func (d deliveries) Forget(ctx context.Context, before time.Time) (int, error) {
	forgotten := 0
	for {
		n := 0
		err := d.transact(ctx, func(c *conn) error {
			err := c.query(deleteDeliveries, func(s *sqlite.Stmt) {
				s.BindText(1, before.UTC().Format(instant))
				s.BindInt64(2, forgetMax)
			}, nil)
			n = c.raw.Changes()
			d.wrote(n * rowCost)
			return err
		})
		if err != nil {
			return forgotten, translate(ctx, err, "deliveries.forget", d.path)
		}
		if forgotten += n; n < forgetMax {
			return forgotten, nil
		}
	}
}

// waiting implements intake.Waiting.
type waiting struct{ *file }

const (
	putWaiting    = `INSERT INTO waiting (id, event) VALUES (?, ?) ON CONFLICT (id) DO NOTHING`
	selectWaiting = `SELECT number, id, event FROM waiting WHERE number > ? ORDER BY number LIMIT ?`
	deleteWaiting = `DELETE FROM waiting WHERE id = ?`
)

// Keep implements intake.Waiting.
func (d waiting) Keep(ctx context.Context, id string, event []byte) error {
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(len(event) + rowCost)
		return c.query(putWaiting, func(s *sqlite.Stmt) {
			s.BindText(1, id)
			s.BindBytes(2, event)
		}, nil)
	})
	return translate(ctx, err, "waiting.keep", id)
}

// Kept implements intake.Waiting.
func (d waiting) Kept(ctx context.Context, after int64, limit int) ([]intake.Kept, error) {
	var all []intake.Kept
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectWaiting, func(s *sqlite.Stmt) {
			s.BindInt64(1, after)
			s.BindInt64(2, int64(limit))
		}, func(s *sqlite.Stmt) error {
			all = append(all, intake.Kept{Number: s.ColumnInt64(0), ID: s.ColumnText(1), Event: bytesOf(s, 2)})
			return nil
		})
	})
	return all, translate(ctx, err, "waiting.kept", d.path)
}

// Release implements intake.Waiting.
func (d waiting) Release(ctx context.Context, id string) error {
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(rowCost)
		return c.query(deleteWaiting, func(s *sqlite.Stmt) { s.BindText(1, id) }, nil)
	})
	return translate(ctx, err, "waiting.release", id)
}

// worklist implements intake.Worklist.
type worklist struct{ *file }

const (
	selectItem  = `SELECT item FROM exception WHERE id = ?`
	selectItems = `SELECT item FROM exception ORDER BY number`
	putItem     = `INSERT INTO exception (id, item) VALUES (?, ?) ON CONFLICT (id) DO UPDATE SET item = excluded.item`
)

// Raise implements intake.Worklist.
func (d worklist) Raise(ctx context.Context, item exception.Item) error {
	return d.change(ctx, "worklist.raise", item.ID, func(old *exception.Item) *exception.Item {
		if old != nil {
			item = old.Again(item)
		}
		return &item
	})
}

// Resolve implements intake.Worklist.
func (d worklist) Resolve(ctx context.Context, item exception.Item) error {
	return d.change(ctx, "worklist.resolve", item.ID, func(old *exception.Item) *exception.Item {
		if old == nil || old.Status != exception.Open {
			return nil
		}
		resolved := old.Resolve(item.ResolvedAt, item.ResolvedBy)
		return &resolved
	})
}

// change replaces an item, nil where there is none, by what next makes of it; nil leaves it.
func (d worklist) change(ctx context.Context, op string, id exception.ID, next func(*exception.Item) *exception.Item) error {
	err := d.transact(ctx, func(c *conn) error {
		var old *exception.Item
		err := c.query(selectItem, func(s *sqlite.Stmt) { s.BindText(1, string(id)) }, func(s *sqlite.Stmt) error {
			item, err := itemOf(s)
			old = &item
			return err
		})
		if err != nil {
			return err
		}
		item := next(old)
		if item == nil {
			return nil
		}
		text, err := json.Marshal(item)
		if err != nil {
			return fault.Wrap(err, fault.InternalError, op, string(id))
		}
		d.wrote(len(text))
		return c.query(putItem, func(s *sqlite.Stmt) {
			s.BindText(1, string(id))
			s.BindBytes(2, text)
		}, nil)
	})
	return translate(ctx, err, op, string(id))
}

// Items implements intake.Worklist.
func (d worklist) Items(ctx context.Context) ([]exception.Item, error) {
	var all []exception.Item
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectItems, nil, func(s *sqlite.Stmt) error {
			item, err := itemOf(s)
			all = append(all, item)
			return err
		})
	})
	return all, translate(ctx, err, "worklist.items", d.path)
}

func itemOf(s *sqlite.Stmt) (exception.Item, error) {
	var item exception.Item
	if err := json.Unmarshal(bytesOf(s, 0), &item); err != nil {
		return item, fault.Wrap(err, fault.Storage, "worklist.items", "")
	}
	return item, nil
}
