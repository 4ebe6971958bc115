package store

import (
	"context"
	"io/fs"
	"path"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// Migration is one step of a schema: a file NNNN_name.sql, which both databases have under
// the same number and name. A migration that was released is never edited.
type Migration struct {
	Number int // from 1, without gaps
	Name   string
	SQL    string
}

// Migrator is what Migrate asks of a database.
type Migrator interface {
	// Migrated returns the names of the migrations that were applied, the first one first.
	// It is called once, and makes the table that remembers them if there is none.
	Migrated(ctx context.Context) ([]string, error)

	// Migrate applies one migration and remembers it, in one transaction.
	Migrate(ctx context.Context, m Migration) error
}

// ReadMigrations returns the migrations of a directory in order. A file of another name, a
// gap or a repeated number is H-INTERNAL.
func ReadMigrations(dir fs.FS) ([]Migration, error) {
	names, err := fs.Glob(dir, "*")
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "store.migrate", "")
	}
	all := make([]Migration, 0, len(names))
	for i, file := range names { // Glob sorts
		digits, name, ok := strings.Cut(strings.TrimSuffix(file, ".sql"), "_")
		number, err := strconv.Atoi(digits)
		if !ok || path.Ext(file) != ".sql" || len(digits) != 4 || err != nil || number != i+1 {
			return nil, fault.New(fault.InternalError, file, "migrations are named NNNN_name.sql, from 0001 without gaps").In("store.migrate")
		}
		text, err := fs.ReadFile(dir, file)
		if err != nil {
			return nil, fault.Wrap(err, fault.InternalError, "store.migrate", file)
		}
		all = append(all, Migration{Number: number, Name: name, SQL: string(text)})
	}
	return all, nil
}

// Migrate brings a database, named by subject, forward to the last migration. One that has
// more migrations than there are is H-SCHEMA-NEWER and is left as it is; one that has
// others is H-STORAGE: it is not a database of Heddle, or not this one.
func Migrate(ctx context.Context, db Migrator, subject string, all []Migration) error {
	done, err := db.Migrated(ctx)
	if err != nil {
		return err
	}
	if len(done) > len(all) {
		return fault.New(fault.NewerSchema, subject, "it has %d migrations, and this version knows %d", len(done), len(all)).In("store.migrate")
	}
	for i, name := range done {
		if name != all[i].Name {
			return fault.New(fault.Storage, subject, "its migration %d is %q, and should be %q", i+1, name, all[i].Name).In("store.migrate")
		}
	}
	for _, m := range all[len(done):] {
		if err := db.Migrate(ctx, m); err != nil {
			return err
		}
	}
	return nil
}
