package store

import (
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
)

func dirOf(names ...string) fs.FS {
	dir := fstest.MapFS{}
	for _, name := range names {
		dir[name] = &fstest.MapFile{Data: []byte("-- " + name)}
	}
	return dir
}

func TestReadMigrations(t *testing.T) {
	all, err := ReadMigrations(dirOf("0002_more.sql", "0001_first_one.sql"))
	want := []Migration{{1, "first_one", "-- 0001_first_one.sql"}, {2, "more", "-- 0002_more.sql"}}
	if err != nil || !slices.Equal(all, want) {
		t.Errorf("got %v, %v, want %v", all, err, want)
	}
	for _, names := range [][]string{
		{"0002_more.sql"}, {"0001_a.sql", "0003_b.sql"}, {"0001_a.sql", "0001_b.sql"}, {"001_a.sql"}, {"0001a.sql"},
		{"0001_a.txt"}, {"0001_a.sql", "README"}, {"0000_a.sql"}, {"-001_a.sql"}, {"000x_a.sql"},
	} {
		if all, err := ReadMigrations(dirOf(names...)); !fault.HasCode(err, fault.InternalError) {
			t.Errorf("%v: got %v, %v, want %s", names, all, err, fault.InternalError)
		}
	}
}

// applied is a database that was migrated so far.
type applied struct {
	names []string
	fails string
}

func (a *applied) Migrated(context.Context) ([]string, error) { return a.names, nil }

func (a *applied) Migrate(_ context.Context, m Migration) error {
	if m.Name == a.fails {
		return fault.New(fault.Storage, m.Name, "it fails")
	}
	a.names = append(a.names, m.Name)
	return nil
}

func TestMigrate(t *testing.T) {
	all := []Migration{{1, "a", ""}, {2, "b", ""}, {3, "c", ""}}
	for _, c := range []struct{ name, before, fails, after, want string }{
		{"a new database", "", "", "a b c", ""},
		{"an older one", "a", "", "a b c", ""},
		{"a current one", "a b c", "", "a b c", ""},
		{"a newer one", "a b c d", "", "a b c d", string(fault.NewerSchema)},
		{"one with others", "a x", "", "a x", string(fault.Storage)},
		{"one that fails stops there", "", "b", "a", string(fault.Storage)},
	} {
		t.Run(c.name, func(t *testing.T) {
			db := &applied{names: strings.Fields(c.before), fails: c.fails}
			err := Migrate(t.Context(), db, "test.db", all)
			got := ""
			if err != nil {
				got = string(fault.As(err).Code)
			}
			if got != c.want || strings.Join(db.names, " ") != c.after {
				t.Errorf("got %q and %v, want %q and %s", got, db.names, c.want, c.after)
			}
		})
	}
}

// A range of a prefix holds exactly the keys that begin with it.
func TestPrefixHoldsWhatBeginsWithIt(t *testing.T) {
	text := rapid.Custom(func(t *rapid.T) string {
		return string(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 'a', 0xfe, 0xff}), 0, 4).Draw(t, "bytes"))
	})
	rapid.Check(t, func(t *rapid.T) {
		prefix, key := text.Draw(t, "prefix"), text.Draw(t, "key")
		if got, want := Prefix(prefix).holds(key), strings.HasPrefix(key, prefix); got != want {
			t.Fatalf("%q in the range of %q: got %v, want %v", key, prefix, got, want)
		}
	})
}

func TestValidNameAtItsLimit(t *testing.T) {
	for name, want := range map[string]bool{
		"a": true, strings.Repeat("n", NameMax): true, strings.Repeat("n", NameMax+1): false, "": false, "a\x00b": false, "größe/1": true,
	} {
		if err := ValidName(name); (err == nil) != want {
			t.Errorf("%s: got %v, want valid %v", fmt.Sprintf("%q", name), err, want)
		}
	}
}
