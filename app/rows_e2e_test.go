//go:build e2e || soak

package app_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"
	"zombiezen.com/go/sqlite/sqlitex"
)

// tableHashes returns a hash of the rows of each table of each projection in a closed views file.
func tableHashes(t *testing.T, file string) map[string]string {
	t.Helper()
	conn, err := sqlite.OpenConn(file, sqlite.OpenReadWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := conn.Close(); err != nil {
			t.Error(err)
		}
	}()
	type part struct {
		id   int64
		name string
	}
	var parts []part
	rows := func(query string, row func(s *sqlite.Stmt)) {
		err := sqlitex.ExecuteTransient(conn, query, &sqlitex.ExecOptions{ResultFunc: func(s *sqlite.Stmt) error { row(s); return nil }})
		if err != nil {
			t.Fatal(err)
		}
	}
	rows(`SELECT part.id, projection.name, part.name, part.counters FROM part JOIN projection ON projection.id = part.projection`, func(s *sqlite.Stmt) {
		parts = append(parts, part{s.ColumnInt64(0), fmt.Sprintf("%s %s %d", s.ColumnText(1), s.ColumnText(2), s.ColumnInt64(3))})
	})
	hashes := map[string]string{}
	for _, p := range parts {
		h := sha256.New()
		n := 0
		rows(fmt.Sprintf(`SELECT CAST(key AS BLOB), CAST(value AS BLOB) FROM part_%d ORDER BY key`, p.id), func(s *sqlite.Stmt) {
			n++
			for column := range 2 {
				b := make([]byte, s.ColumnLen(column))
				s.ColumnBytes(column, b)
				fmt.Fprintf(h, "%d:%s", len(b), b)
			}
		})
		if n > 0 {
			hashes[p.name] = fmt.Sprintf("%d rows %s", n, hex.EncodeToString(h.Sum(nil)[:8]))
		}
	}
	rows(`SELECT name, next, hex(root) FROM projection`, func(s *sqlite.Stmt) {
		hashes[s.ColumnText(0)] = fmt.Sprintf("up to %d %s", s.ColumnInt64(1), s.ColumnText(2))
	})
	return hashes
}

// forgetRows deletes the projections of a closed installation: its next start makes them again.
func forgetRows(t *testing.T, dir string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "views.db*"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no rows in %s: %v", dir, err)
	}
	for _, file := range files {
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
}
