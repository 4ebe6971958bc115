package sqlite

import (
	"context"
	"errors"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// Store implements store.Store.
type Store struct {
	journal log
	views   views
	desk    desk
}

// Open opens the store in a folder, which is made if it is not there. It settles what a
// process that died left behind, and brings the schemas forward; a file of a newer version
// is H-SCHEMA-NEWER.
func Open(ctx context.Context, dir string) (*Store, error) {
	if err := makeFolder(dir); err != nil {
		return nil, fault.Wrap(err, fault.Storage, "sqlite.open", dir)
	}
	s := &Store{}
	// Views are written in large sorted batches all over the place, for which a large cache
	// pays; the others are appended to. Blocks of the journal fit a larger page.
	for _, open := range []struct {
		layout layout
		file   **file
	}{
		{layout{name: "journal", synchronous: "FULL", pageSize: 8192, writeCache: 8 << 20, readCache: 4 << 20}, &s.journal.file},
		{layout{name: "views", synchronous: "NORMAL", pageSize: 4096, writeCache: 64 << 20, readCache: 8 << 20}, &s.views.file},
		{layout{name: "desk", synchronous: "FULL", pageSize: 4096, writeCache: 8 << 20, readCache: 4 << 20, erases: true}, &s.desk.file},
	} {
		f, err := openFile(ctx, dir, open.layout)
		if err != nil {
			return nil, errors.Join(err, s.Close())
		}
		*open.file = f
	}
	if err := syncFolder(dir); err != nil {
		return nil, errors.Join(fault.Wrap(err, fault.Storage, "sqlite.open", dir), s.Close())
	}
	return s, nil
}

// Journal implements store.Store.
func (s *Store) Journal() journal.Log { return &s.journal }

// Views implements store.Store.
func (s *Store) Views() store.Views { return &s.views }

// Desk implements store.Store.
func (s *Store) Desk() store.Desk { return &s.desk }

// Close implements store.Store.
func (s *Store) Close() error {
	var errs []error
	for _, f := range []*file{s.journal.file, s.views.file, s.desk.file} {
		if f != nil {
			errs = append(errs, f.close())
		}
	}
	if err := errors.Join(errs...); err != nil {
		return fault.Wrap(err, fault.Storage, "sqlite.close", "")
	}
	return nil
}
