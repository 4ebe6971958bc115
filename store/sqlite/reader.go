package sqlite

import (
	"context"
	"errors"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
)

// readersMax is the number of connections that read one file at a time; more wait.
const readersMax = 16

// readers are the connections that only read a file. They are opened when first needed.
type readers struct {
	path  string
	cache string     // the pragma
	free  chan *conn // nil: may be opened
}

func newReaders(path, cache string) *readers {
	r := &readers{path: path, cache: cache, free: make(chan *conn, readersMax)}
	for range readersMax {
		r.free <- nil
	}
	return r
}

// take returns a connection whose statements end when ctx does.
func (r *readers) take(ctx context.Context) (*conn, error) {
	var c *conn
	select {
	case c = <-r.free:
	case <-ctx.Done():
		return nil, fault.Wrap(context.Cause(ctx), fault.TooBusy, "sqlite.read", r.path)
	}
	if c == nil {
		var err error
		if c, err = openConn(r.path, sqlite.OpenReadOnly, r.cache, "temp_store=MEMORY"); err != nil {
			r.free <- nil
			return nil, translate(ctx, err, "sqlite.read", r.path)
		}
	}
	c.raw.SetInterrupt(ctx.Done())
	return c, nil
}

// give takes a connection back, and ends its transaction if it has one. One that cannot
// even do that is closed.
func (r *readers) give(c *conn) error {
	c.raw.SetInterrupt(nil)
	if c.raw.AutocommitEnabled() {
		r.free <- c
		return nil
	}
	if err := c.exec("ROLLBACK"); err != nil {
		err = errors.Join(err, c.close())
		r.free <- nil
		return err
	}
	r.free <- c
	return nil
}

// with runs do with a connection.
func (r *readers) with(ctx context.Context, do func(*conn) error) error {
	c, err := r.take(ctx)
	if err != nil {
		return err
	}
	err = do(c)
	if gerr := r.give(c); err == nil {
		err = gerr
	}
	return err
}

// close waits for every connection and closes it.
func (r *readers) close() error {
	var errs []error
	for range readersMax {
		if c := <-r.free; c != nil {
			errs = append(errs, c.close())
		}
	}
	return errors.Join(errs...)
}
