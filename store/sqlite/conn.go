package sqlite

import (
	"context"
	"errors"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
)

const (
	busyMax       = 5 * time.Second // how long a statement waits for another process's lock
	statementsMax = 256             // prepared statements that a connection keeps
)

// conn is a connection with its prepared statements. It is used by one goroutine at a time.
type conn struct {
	raw  *sqlite.Conn
	idle map[string][]*sqlite.Stmt // prepared and not running, by their text
	kept int
	key  []byte // scratch for binding a key
}

// openConn opens a connection and runs the pragmas.
func openConn(path string, flags sqlite.OpenFlags, pragmas ...string) (*conn, error) {
	raw, err := sqlite.OpenConn(path, flags)
	if err != nil {
		return nil, err
	}
	raw.SetBusyTimeout(busyMax)
	c := &conn{raw: raw, idle: make(map[string][]*sqlite.Stmt)}
	for _, p := range pragmas {
		if err := c.exec("PRAGMA " + p); err != nil {
			return nil, errors.Join(err, c.close())
		}
	}
	return c, nil
}

func (c *conn) close() error {
	err := c.forget()
	return errors.Join(err, c.raw.Close())
}

// forget gives back every statement that is not running.
func (c *conn) forget() error {
	var errs []error
	for _, stmts := range c.idle {
		for _, s := range stmts {
			errs = append(errs, s.Finalize())
		}
	}
	clear(c.idle)
	c.kept = 0
	return errors.Join(errs...)
}

// prepare returns a statement for the text that nobody else is running. The texts are the
// package's own; values are always bound.
func (c *conn) prepare(text string) (*sqlite.Stmt, error) {
	if idle := c.idle[text]; len(idle) > 0 {
		s := idle[len(idle)-1]
		c.idle[text] = idle[:len(idle)-1]
		c.kept--
		return s, nil
	}
	s, _, err := c.raw.PrepareTransient(text)
	return s, err
}

// release keeps a statement for the next time; err is the error of its use.
func (c *conn) release(text string, s *sqlite.Stmt, err error) error {
	if err != nil {
		s.Finalize() //nolint:errcheck // repeats the error of the last step, which err is
		return err
	}
	if err := s.Reset(); err != nil {
		s.Finalize() //nolint:errcheck // repeats the error of Reset
		return err
	}
	if c.kept >= statementsMax {
		if err := c.forget(); err != nil {
			return err
		}
	}
	c.idle[text] = append(c.idle[text], s)
	c.kept++
	return nil
}

// query runs a statement once: bind sets its parameters, row is called for each row. Either
// may be nil.
func (c *conn) query(text string, bind func(*sqlite.Stmt), row func(*sqlite.Stmt) error) error {
	s, err := c.prepare(text)
	if err != nil {
		return err
	}
	if bind != nil {
		bind(s)
	}
	return c.release(text, s, each(s, row))
}

func each(s *sqlite.Stmt, row func(*sqlite.Stmt) error) error {
	for {
		more, err := s.Step()
		if err != nil || !more {
			return err
		}
		if row == nil {
			continue
		}
		if err := row(s); err != nil {
			return err
		}
	}
}

func (c *conn) exec(text string) error { return c.query(text, nil, nil) }

// script runs the statements of a text one after the other.
func (c *conn) script(text string) error {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		s, rest, err := c.raw.PrepareTransient(text)
		if err != nil {
			return err
		}
		if err := errors.Join(each(s, nil), s.Finalize()); err != nil {
			return err
		}
		text = text[len(text)-rest:]
	}
	return nil
}

// bindKey binds a key of any bytes as a blob, without a copy of its own for each.
func (c *conn) bindKey(s *sqlite.Stmt, param int, key string) {
	c.key = append(c.key[:0], key...)
	s.BindBytes(param, c.key)
}

// bytesOf returns a column as a slice of the caller's own, never nil.
func bytesOf(s *sqlite.Stmt, col int) []byte {
	b := make([]byte, s.ColumnLen(col))
	s.ColumnBytes(col, b)
	return b
}

// isFault reports whether err is a fault already, and not one of SQLite.
func isFault(err error) bool {
	var f *fault.Error
	return errors.As(err, &f)
}

// translate makes a fault of an error of SQLite, for whatever is not an append.
func translate(ctx context.Context, err error, op, subject string) error {
	if err == nil || isFault(err) {
		return err
	}
	switch code := sqlite.ErrCode(err); code.ToPrimary() {
	case sqlite.ResultInterrupt:
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return fault.Wrap(err, fault.TooBusy, op, subject)
	case sqlite.ResultBusy:
		return fault.Wrap(err, fault.TooBusy, op, subject)
	default:
		return fault.Wrap(err, fault.Storage, op, subject)
	}
}
