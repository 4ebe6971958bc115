package sqlite

import (
	"context"
	"embed"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/store"
)

//go:embed migrations
var migrations embed.FS

// layout says how one of the files is kept.
type layout struct {
	name        string // of the file and of the folder with its migrations
	synchronous string
	pageSize    int  // bytes
	writeCache  int  // bytes of pages that the writer may keep
	readCache   int  // the same for each reader
	erases      bool // whether what is deleted must be overwritten
}

func onOff(on bool) string {
	if on {
		return "ON"
	}
	return "OFF"
}

// cacheSize returns the pragma for a cache of so many bytes; SQLite wants negative kibibytes.
func cacheSize(bytes int) string { return "cache_size=-" + strconv.Itoa(bytes>>10) }

// file is one database file with its connections.
type file struct {
	*writer
	readers *readers
}

// openFile opens a file, makes durable what a crash left in its write-ahead log, and brings
// its schema forward.
func openFile(ctx context.Context, dir string, l layout) (*file, error) {
	path := filepath.Join(dir, l.name+".db")
	steps, err := migrationsOf(l.name)
	if err != nil {
		return nil, err
	}
	c, err := openConn(path, sqlite.OpenReadWrite|sqlite.OpenCreate,
		"page_size="+strconv.Itoa(l.pageSize), "journal_mode=WAL", "synchronous="+l.synchronous,
		"wal_autocheckpoint=0", "secure_delete="+onOff(l.erases), cacheSize(l.writeCache), "temp_store=MEMORY")
	if err != nil {
		return nil, translate(ctx, err, "sqlite.open", path)
	}
	f := &file{
		writer:  &writer{path: path, turn: make(chan struct{}, 1), c: c},
		readers: newReaders(path, cacheSize(l.readCache)),
	}
	f.give()
	if err := inWAL(c, path); err != nil {
		return nil, errors.Join(err, c.close())
	}
	if err := settle(c); err != nil {
		return nil, errors.Join(translate(ctx, err, "sqlite.open", path), c.close())
	}
	if err := store.Migrate(ctx, f, l.name+".db", steps); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return f, nil
}

func migrationsOf(name string) ([]store.Migration, error) {
	dir, err := fs.Sub(migrations, "migrations/"+name)
	if err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "sqlite.open", name)
	}
	return store.ReadMigrations(dir)
}

// inWAL checks that the file system can do what a write-ahead log needs; where it cannot,
// SQLite goes on without one.
func inWAL(c *conn, path string) error {
	mode := ""
	err := c.query("PRAGMA journal_mode", nil, func(s *sqlite.Stmt) error {
		mode = s.ColumnText(0)
		return nil
	})
	if err == nil && mode != "wal" {
		return fault.New(fault.Storage, path, "the journal mode is %s and should be wal", mode).In("sqlite.open").
			WithHint("Keep the data folder on a local disk; network file systems cannot share memory.")
	}
	return translate(context.Background(), err, "sqlite.open", path)
}

// settle copies what a process that died left in the write-ahead log into the database file
// and syncs it, before anybody is told that it is there: after a failed fsync, reading it
// from the log proves nothing. Another process that has the file open may keep the log from
// being emptied; then that process has settled it, and the log has been synced at least.
func settle(c *conn) error { return c.exec("PRAGMA wal_checkpoint(TRUNCATE)") }

func (f *file) close() error { return errors.Join(f.readers.close(), f.c.close()) }

// Migrated implements store.Migrator.
func (f *file) Migrated(ctx context.Context) ([]string, error) {
	var names []string
	err := f.transact(ctx, func(c *conn) error {
		names = nil
		err := c.exec(`CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, name TEXT NOT NULL) STRICT`)
		if err != nil {
			return err
		}
		return c.query(`SELECT name FROM migration ORDER BY number`, nil, func(s *sqlite.Stmt) error {
			names = append(names, s.ColumnText(0))
			return nil
		})
	})
	return names, translate(ctx, err, "sqlite.migrate", f.path)
}

// Migrate implements store.Migrator. Another process may have been faster.
func (f *file) Migrate(ctx context.Context, m store.Migration) error {
	err := f.transact(ctx, func(c *conn) error {
		last := 0
		err := c.query(`SELECT coalesce(max(number), 0) FROM migration`, nil, func(s *sqlite.Stmt) error {
			last = s.ColumnInt(0)
			return nil
		})
		if err != nil || last >= m.Number {
			return err
		}
		if err := c.script(m.SQL); err != nil {
			return err
		}
		return c.query(`INSERT INTO migration (number, name) VALUES (?, ?)`, func(s *sqlite.Stmt) {
			s.BindInt64(1, int64(m.Number))
			s.BindText(2, m.Name)
		}, nil)
	})
	return translate(ctx, err, "sqlite.migrate", f.path)
}

// makeFolder makes the folder if need be. Its rights are its owner's alone, because the desk
// is in it.
func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return syncFolder(filepath.Dir(dir))
}

// syncFolder makes names in a folder durable. The files themselves are never opened here:
// closing one would drop the locks that SQLite holds on it in this process.
func syncFolder(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
