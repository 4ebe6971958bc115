package sqlite

import (
	"context"
	"path/filepath"
	"testing"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/storetest"
)

func engine() storetest.Engine {
	return storetest.Engine{
		Open: func(ctx context.Context, place string) (store.Store, error) { return Open(ctx, place) },
		Exec: func(t testing.TB, place, kind, statement string) {
			t.Helper()
			c, err := openConn(filepath.Join(place, kind+".db"), sqlite.OpenReadWrite)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.exec(statement); err != nil {
				t.Fatalf("%s: %v", statement, err)
			}
			if err := c.close(); err != nil {
				t.Fatal(err)
			}
		},
	}
}

func TestStore(t *testing.T) { storetest.Run(t, engine()) }

func BenchmarkStore(b *testing.B) { storetest.Benchmark(b, engine()) }
