package store_test

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// model is what a cache has to show.
type model struct {
	docs     map[string]string
	counters map[string]int64
}

func (m model) clone() model { return model{maps.Clone(m.docs), maps.Clone(m.counters)} }

const (
	docTable     = "doc"
	counterTable = "count"
)

func openViews(t *testing.T) store.Views {
	t.Helper()
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s.Views()
}

// mark returns a watermark; every position has its own root.
func mark(n int64) journal.Watermark {
	return journal.Watermark{Next: n, Root: journal.EventHash(fmt.Append(nil, n))}
}

// check compares everything that the cache and an overlay on it can be asked with the model.
func check(t *rapid.T, ask store.Reader, m model, at string) {
	ctx := t.Context()
	for i := range 12 {
		key := fmt.Sprintf("k%02d", i)
		doc, err := ask.Doc(ctx, docTable, key)
		if err != nil {
			t.Fatal(err)
		}
		if want, ok := m.docs[key]; ok != (doc != nil) || ok && string(doc) != want {
			t.Fatalf("%s: doc %s is %q, want %q", at, key, doc, want)
		}
		n, err := ask.Counter(ctx, counterTable, key)
		if err != nil {
			t.Fatal(err)
		}
		if n != m.counters[key] {
			t.Fatalf("%s: counter %s is %d, want %d", at, key, n, m.counters[key])
		}
	}
	r := store.Range{From: "k03", To: "k09"}
	limit := rapid.IntRange(0, 4).Draw(t, "limit")
	var got, want []string
	if err := ask.Scan(ctx, docTable, r, limit, func(k string, v []byte) bool {
		got = append(got, k+"="+string(v))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	for _, k := range slices.Sorted(maps.Keys(m.docs)) {
		if k >= r.From && k < r.To && (limit == 0 || len(want) < limit) {
			want = append(want, k+"="+m.docs[k])
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: scan gives %v, want %v", at, got, want)
	}
	got, want = nil, nil
	if err := ask.ScanCounters(ctx, counterTable, r, limit, func(k string, n int64) bool {
		got = append(got, fmt.Sprintf("%s=%d", k, n))
		return true
	}); err != nil {
		t.Fatal(err)
	}
	for _, k := range slices.Sorted(maps.Keys(m.counters)) {
		if n := m.counters[k]; n != 0 && k >= r.From && k < r.To && (limit == 0 || len(want) < limit) {
			want = append(want, fmt.Sprintf("%s=%d", k, n))
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("%s: counters give %v, want %v", at, got, want)
	}
}

// change makes some changes on an overlay and the model.
func change(t *rapid.T, o *store.Overlay, m model) {
	for range rapid.IntRange(1, 6).Draw(t, "changes") {
		key := fmt.Sprintf("k%02d", rapid.IntRange(0, 11).Draw(t, "key"))
		switch rapid.IntRange(0, 2).Draw(t, "what") {
		case 0:
			value := rapid.StringMatching(`[a-z]{1,5}`).Draw(t, "value")
			o.Put(docTable, key, []byte(value))
			m.docs[key] = value
		case 1:
			o.Put(docTable, key, nil)
			delete(m.docs, key)
		case 2:
			n := rapid.Int64Range(-3, 3).Draw(t, "add")
			o.Add(counterTable, key, n)
			m.counters[key] += n
		}
	}
}

// TestCache shows the same whatever is in memory, being written or in the database, and the
// same rows after it is opened again.
func TestCache(t *testing.T) {
	views := openViews(t)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		name := fmt.Sprintf("projection%d", run)
		c, err := store.OpenCache(t.Context(), views, name)
		if err != nil {
			t.Fatal(err)
		}
		m := model{map[string]string{}, map[string]int64{}}
		next := int64(1)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			switch rapid.IntRange(0, 3).Draw(t, "step") {
			case 0, 1:
				o := store.NewOverlay(t.Context(), c)
				trial := m.clone()
				change(t, o, trial)
				top := store.NewOverlay(t.Context(), o)
				again := trial.clone()
				change(t, top, again)
				check(t, top, again, "overlay on overlay")
				if rapid.Bool().Draw(t, "merge") {
					o.Merge(top)
					trial = again
				}
				check(t, o, trial, "overlay")
				check(t, c, m, "below the overlay")
				next++
				c.Absorb(o, mark(next))
				m = trial
			case 2:
				if err := c.Flush(t.Context()); err != nil {
					t.Fatal(err)
				}
				if c.Flushed() != c.Mark() || c.Pending() != 0 {
					t.Fatalf("flushed %v of %v", c.Flushed(), c.Mark())
				}
			case 3:
				check(t, c, m, "cache")
			}
		}
		check(t, c, m, "end")
		if err := c.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		again, err := store.OpenCache(t.Context(), views, name)
		if err != nil {
			t.Fatal(err)
		}
		if again.Mark() != c.Mark() {
			t.Fatalf("opened at %v, want %v", again.Mark(), c.Mark())
		}
		check(t, again, m, "opened again")
	})
}

// failing is a database that does not write.
type failing struct{ store.Views }

func (failing) Apply(context.Context, string, journal.Watermark, journal.Watermark, store.Changes) error {
	return fault.New(fault.Storage, "views", "the disk is full")
}

// TestFlushFails loses nothing when the database does not write.
func TestFlushFails(t *testing.T) {
	views := openViews(t)
	c, err := store.OpenCache(t.Context(), failing{views}, "p")
	if err != nil {
		t.Fatal(err)
	}
	o := store.NewOverlay(t.Context(), c)
	o.Put(docTable, "k", []byte("v"))
	o.Add(counterTable, "k", 2)
	c.Absorb(o, mark(2))
	for range 2 {
		if err := c.Flush(t.Context()); err == nil {
			t.Fatal("it says that it was written")
		}
	}
	doc, err := c.Doc(t.Context(), docTable, "k")
	n, cerr := c.Counter(t.Context(), counterTable, "k")
	if cmp.Or(err, cerr) != nil || string(doc) != "v" || n != 2 || c.Pending() != 1 {
		t.Errorf("got %q, %d, pending %d, %v", doc, n, c.Pending(), err)
	}
}
