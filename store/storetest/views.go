package storetest

import (
	"context"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

var viewsTests = []test{
	{"a projection to which nothing was applied", neverApplied},
	{"documents are set, replaced and deleted", documents},
	{"counters add up and vanish at zero", counters},
	{"a counter never leaves its range", counterRange},
	{"keys are any bytes, in bytewise order", binaryKeys},
	{"the largest key, value and names", largestDoc},
	{"changes out of order or too large are refused", unfitChanges},
	{"tables and projections are apart", apart},
	{"the watermark is compared", watermarkCompared},
	{"two writers of one projection: one is done", twoWriters},
	{"a refused change changes nothing", nothingChanged},
	{"any way to cut the changes gives the same rows", sameRows},
	{"a rename takes the place of another at once", rename},
	{"a reader finds the old or the new, never neither", renameAtOnce},
	{"a projection is dropped and made again", dropAndRebuild},
	{"everything is there after opening again", reopenViews},
}

// mark returns a watermark for a position, with a root of its own.
func mark(next int64) journal.Watermark {
	if next == 1 {
		return journal.Genesis()
	}
	return journal.Watermark{Next: next, Root: journal.EventHash(fmt.Append(nil, next))}
}

func doc(table, key, value string) store.Doc {
	return store.Doc{Table: table, Key: key, Value: []byte(value)}
}

func docs(all ...store.Doc) store.Changes     { return store.Changes{Docs: all} }
func deltas(all ...store.Delta) store.Changes { return store.Changes{Deltas: all} }
func apply(t testing.TB, v store.Views, name string, from, to int64, ch store.Changes) {
	t.Helper()
	if err := v.Apply(t.Context(), name, mark(from), mark(to), ch); err != nil {
		t.Fatalf("Apply %d to %d: %v", from, to, err)
	}
}

func read(t testing.TB, v store.Views, name string) store.Snapshot {
	t.Helper()
	s, err := v.Read(t.Context(), name)
	if err != nil {
		t.Fatalf("Read: %v", err)
	}
	return s
}

// rows is everything that a projection holds in the tables that the tests use.
type rows struct {
	Mark     journal.Watermark
	Docs     map[string]string // table/key
	Counters map[string]int64
}

var tables = []string{"a", "b", "long/name"}

func dump(t testing.TB, s store.Snapshot) rows {
	t.Helper()
	all := rows{Mark: s.Watermark(), Docs: map[string]string{}, Counters: map[string]int64{}}
	for _, table := range tables {
		last := ""
		if err := errors.Join(
			s.Scan(table, store.Range{}, func(key string, value []byte) (bool, error) {
				if len(all.Docs) > 0 && last != "" && key <= last {
					t.Errorf("document %q came after %q", key, last)
				}
				last = key
				all.Docs[table+"/"+key] = string(value)
				return true, nil
			}),
			s.ScanCounters(table, store.Range{}, func(key string, n int64) (bool, error) {
				all.Counters[table+"/"+key] = n
				return true, nil
			})); err != nil {
			t.Errorf("Scan: %v", err)
		}
	}
	return all
}

// dumpOf may be called by any goroutine of a test.
func dumpOf(t testing.TB, v store.Views, name string) rows {
	t.Helper()
	s, err := v.Read(context.Background(), name)
	if err != nil {
		t.Errorf("Read: %v", err)
		return rows{}
	}
	defer closeSnapshot(t, s)
	return dump(t, s)
}

func closeSnapshot(t testing.TB, s store.Snapshot) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

func wantRows(t testing.TB, got, want rows) {
	t.Helper()
	if want.Docs == nil {
		want.Docs = map[string]string{}
	}
	if want.Counters == nil {
		want.Counters = map[string]int64{}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func neverApplied(t *testing.T, p *place) {
	v := p.open(t).Views()
	wantRows(t, dumpOf(t, v, "none"), rows{Mark: journal.Genesis()})
	s := read(t, v, "none")
	defer closeSnapshot(t, s)
	found, err := s.Docs("a", []string{"x", ""})
	if err != nil || len(found) != 0 {
		t.Errorf("Docs: got %v, %v, want none", found, err)
	}
	counts, err := s.Counters("a", []string{"x", ""})
	if err != nil || len(counts) != 0 {
		t.Errorf("Counters: got %v, %v, want none", counts, err)
	}
	if all, err := v.Projections(t.Context()); err != nil || len(all) != 0 {
		t.Errorf("Projections: got %v, %v, want none", all, err)
	}
	apply(t, v, "empty", 1, 7, store.Changes{}) // nothing but the watermark
	wantRows(t, dumpOf(t, v, "empty"), rows{Mark: mark(7)})
}

func documents(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, docs(doc("a", "x", "1"), doc("a", "y", ""), doc("b", "x", "other")))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(2), Docs: map[string]string{"a/x": "1", "a/y": "", "b/x": "other"}})
	apply(t, v, "p", 2, 3, docs(
		store.Doc{Table: "a", Key: "nothing"}, doc("a", "x", "2"), store.Doc{Table: "a", Key: "y"}, doc("a", "z", "3")))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(3), Docs: map[string]string{"a/x": "2", "a/z": "3", "b/x": "other"}})

	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	got, err := s.Docs("a", []string{"z", "y", "x", "z", "nothing"})
	if want := map[string][]byte{"x": []byte("2"), "z": []byte("3")}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Docs: got %q, %v, want %q", got, err, want)
	}
	got["x"][0] = 'X' // the caller owns it
	if again, _ := s.Docs("a", []string{"x"}); string(again["x"]) != "2" {
		t.Errorf("Docs again: got %q, want 2", again["x"])
	}
	apply(t, v, "p", 3, 4, docs(doc("a", "x", "")))
	s2 := read(t, v, "p")
	defer closeSnapshot(t, s2)
	if found, err := s2.Docs("a", []string{"x", "w"}); err != nil || found["x"] == nil || len(found) != 1 {
		t.Errorf("an empty document: got %v, %v, want one that is not nil", found, err)
	}
}

func counters(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, deltas(store.Delta{Table: "a", Key: "x", Add: 5}, store.Delta{Table: "a", Key: "y", Add: -3}, store.Delta{Table: "a", Key: "z"}))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(2), Counters: map[string]int64{"a/x": 5, "a/y": -3}})
	apply(t, v, "p", 2, 3, deltas(store.Delta{Table: "a", Key: "x", Add: -5}, store.Delta{Table: "a", Key: "y", Add: 1}, store.Delta{Table: "b", Key: "x", Add: 1}))
	want := rows{Mark: mark(3), Counters: map[string]int64{"a/y": -2, "b/x": 1}}
	wantRows(t, dumpOf(t, v, "p"), want)
	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	got, err := s.Counters("a", []string{"y", "x", "y"})
	if want := map[string]int64{"y": -2}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("Counters: got %v, %v, want %v", got, err, want)
	}
}

func counterRange(t *testing.T, p *place) {
	v := p.open(t).Views()
	top := store.Delta{Table: "a", Key: "top", Add: math.MaxInt64}
	low := store.Delta{Table: "a", Key: "low", Add: math.MinInt64}
	apply(t, v, "p", 1, 2, deltas(low, top))
	want := rows{Mark: mark(2), Counters: map[string]int64{"a/top": math.MaxInt64, "a/low": math.MinInt64}}
	for _, d := range []store.Delta{{Table: "a", Key: "top", Add: 1}, {Table: "a", Key: "low", Add: -1}, top, low} {
		err := v.Apply(t.Context(), "p", mark(2), mark(3), store.Changes{Docs: []store.Doc{doc("a", "x", "1")}, Deltas: []store.Delta{d}})
		wantCode(t, fmt.Sprintf("%s %d", d.Key, d.Add), err, fault.InternalError)
		wantRows(t, dumpOf(t, v, "p"), want)
	}
	apply(t, v, "p", 2, 3, deltas(store.Delta{Table: "a", Key: "low", Add: math.MaxInt64}, store.Delta{Table: "a", Key: "top", Add: -math.MaxInt64}))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(3), Counters: map[string]int64{"a/low": -1}})
}

func binaryKeys(t *testing.T, p *place) {
	v := p.open(t).Views()
	keys := []string{"", "\x00", "\x00\x00", "\x00a", "A", "a", "a\x00", "a\x00b", "a\x01", "aa", "a\xff", "a\xff\xff", "b", "ä", "\xff", "\xff\xff"}
	slices.Sort(keys)
	var ch store.Changes
	for i, key := range keys {
		ch.Docs = append(ch.Docs, doc("a", key, fmt.Sprint(i)))
		ch.Deltas = append(ch.Deltas, store.Delta{Table: "a", Key: key, Add: int64(i + 1)})
	}
	apply(t, v, "p", 1, 2, ch)
	s := read(t, v, "p")
	defer closeSnapshot(t, s)
	ranges := []store.Range{{}, {From: "\x00"}, {To: "a"}, {From: "a", To: "a"}, {From: "b", To: "a"}, {From: "zz"}}
	for _, key := range keys {
		ranges = append(ranges, store.Prefix(key), store.Range{From: key}, store.Range{From: key, To: key + "\x00"}, store.Range{To: key})
	}
	for _, r := range ranges {
		var got, want, counted []string
		for _, key := range keys {
			if key >= r.From && (r.To == "" || key < r.To) {
				want = append(want, key)
			}
		}
		err := errors.Join(
			s.Scan("a", r, func(key string, value []byte) (bool, error) {
				got = append(got, key)
				if i, _ := slices.BinarySearch(keys, key); string(value) != fmt.Sprint(i) {
					t.Errorf("%q has %q, want %d", key, value, i)
				}
				return true, nil
			}),
			s.ScanCounters("a", r, func(key string, n int64) (bool, error) {
				counted = append(counted, key)
				if i, _ := slices.BinarySearch(keys, key); n != int64(i+1) {
					t.Errorf("%q counts %d, want %d", key, n, i+1)
				}
				return true, nil
			}))
		if err != nil || !slices.Equal(got, want) || !slices.Equal(counted, want) {
			t.Errorf("%q: got %q and %q, %v, want %q", r, got, counted, err, want)
		}
	}
	for _, prefix := range keys {
		r := store.Prefix(prefix)
		for _, key := range keys {
			if in := key >= r.From && (r.To == "" || key < r.To); in != strings.HasPrefix(key, prefix) {
				t.Errorf("prefix %q, key %q: in the range: %v", prefix, key, in)
			}
		}
	}
}

func largestDoc(t *testing.T, p *place) {
	v := p.open(t).Views()
	name, table := strings.Repeat("p", store.NameMax), strings.Repeat("t", store.NameMax)
	key := strings.Repeat("\xff", store.KeyMax)
	value := strings.Repeat("0123456789abcdef", store.ValueMax/16)
	if err := v.Apply(t.Context(), name, mark(1), mark(2), store.Changes{
		Docs:   []store.Doc{doc(table, key[:store.KeyMax-1], "short"), doc(table, key, value)},
		Deltas: []store.Delta{{Table: table, Key: key, Add: 1}},
	}); err != nil {
		t.Fatalf("Apply: %v", err)
	}
	s := read(t, v, name)
	defer closeSnapshot(t, s)
	found, err := s.Docs(table, []string{key})
	if err != nil || string(found[key]) != value {
		t.Errorf("got %d bytes, %v, want %d", len(found[key]), err, len(value))
	}
	sizes := []int{}
	err = s.Scan(table, store.Range{}, func(_ string, v []byte) (bool, error) {
		sizes = append(sizes, len(v))
		return true, nil
	})
	if err != nil || !slices.Equal(sizes, []int{5, len(value)}) {
		t.Errorf("Scan: got sizes %v, %v", sizes, err)
	}
}

func unfitChanges(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, docs(doc("a", "x", "1")))
	long := strings.Repeat("k", store.KeyMax+1)
	for name, ch := range map[string]store.Changes{
		"a key twice":           docs(doc("a", "k", "1"), doc("a", "k", "2")),
		"keys out of order":     docs(doc("a", "l", "1"), doc("a", "k", "2")),
		"tables out of order":   docs(doc("b", "k", "1"), doc("a", "k", "2")),
		"deltas twice":          deltas(store.Delta{Table: "a", Key: "k", Add: 1}, store.Delta{Table: "a", Key: "k", Add: 1}),
		"deltas out of order":   deltas(store.Delta{Table: "b", Key: "k", Add: 1}, store.Delta{Table: "a", Key: "k", Add: 1}),
		"no table":              docs(doc("", "k", "1")),
		"a table with a zero":   docs(doc("a\x00b", "k", "1")),
		"too long a table":      deltas(store.Delta{Table: strings.Repeat("t", store.NameMax+1), Key: "k", Add: 1}),
		"too long a key":        docs(doc("a", long, "1")),
		"too long a delta key":  deltas(store.Delta{Table: "a", Key: long, Add: 1}),
		"too large a document":  docs(store.Doc{Table: "a", Key: "k", Value: make([]byte, store.ValueMax+1)}),
		"a good one, a bad one": docs(doc("a", "k", "1"), doc("a", long, "1")),
	} {
		wantCode(t, name, v.Apply(t.Context(), "p", mark(2), mark(3), ch), fault.InternalError)
	}
	wantCode(t, "a watermark that moves back", v.Apply(t.Context(), "p", mark(2), mark(1), store.Changes{}), fault.InternalError)
	for _, name := range []string{"", "a\x00", strings.Repeat("p", store.NameMax+1)} {
		wantCode(t, "Apply of a bad name", v.Apply(t.Context(), name, mark(1), mark(2), store.Changes{}), fault.InternalError)
		wantCode(t, "Rename to a bad name", v.Rename(t.Context(), "p", name), fault.InternalError)
		_, err := v.Read(t.Context(), name)
		wantCode(t, "Read of a bad name", err, fault.InternalError)
	}
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(2), Docs: map[string]string{"a/x": "1"}})
}

func apart(t *testing.T, p *place) {
	v := p.open(t).Views()
	both := store.Changes{Docs: []store.Doc{doc("a", "x", "d")}, Deltas: []store.Delta{{Table: "a", Key: "x", Add: 3}}}
	apply(t, v, "p", 1, 2, both)
	apply(t, v, "q", 1, 9, docs(doc("a", "x", "other"), doc("b", "x", "more")))
	apply(t, v, "p", 2, 3, docs(store.Doc{Table: "a", Key: "x"}))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(3), Counters: map[string]int64{"a/x": 3}})
	wantRows(t, dumpOf(t, v, "q"), rows{Mark: mark(9), Docs: map[string]string{"a/x": "other", "b/x": "more"}})
	all, err := v.Projections(t.Context())
	want := []store.ProjectionInfo{{Name: "p", Watermark: mark(3)}, {Name: "q", Watermark: mark(9)}}
	if err != nil || !slices.Equal(all, want) {
		t.Errorf("Projections: got %v, %v, want %v", all, err, want)
	}
}

// reproduces: H-WATERMARK
func watermarkCompared(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 5, docs(doc("a", "x", "1")))
	for name, from := range map[string]journal.Watermark{
		"genesis": journal.Genesis(), "behind": mark(4), "ahead": mark(6),
		"another root": {Next: 5, Root: journal.Hash{1}}, "no root": {Next: 5},
	} {
		err := v.Apply(t.Context(), "p", from, mark(9), docs(doc("a", "x", "2")))
		wantCode(t, name, err, fault.WatermarkMoved)
	}
	wantCode(t, "an unknown projection", v.Apply(t.Context(), "q", mark(5), mark(6), store.Changes{}), fault.WatermarkMoved)
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(5), Docs: map[string]string{"a/x": "1"}})
	wantRows(t, dumpOf(t, v, "q"), rows{Mark: journal.Genesis()})
	apply(t, v, "p", 5, 5, docs(doc("a", "x", "3"))) // the same watermark is no step back
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(5), Docs: map[string]string{"a/x": "3"}})
}

func twoWriters(t *testing.T, p *place) {
	writers := []store.Views{p.open(t).Views(), p.open(t).Views()}
	for i := range int64(20) {
		var both sync.WaitGroup
		var errs [2]error
		for n, v := range writers {
			both.Go(func() {
				errs[n] = v.Apply(t.Context(), "p", mark(i+1), mark(i+2), deltas(store.Delta{Table: "a", Key: "x", Add: 1}))
			})
		}
		both.Wait()
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		wantCode(t, "the one", errs[0], "")
		wantCode(t, "the other", errs[1], fault.WatermarkMoved)
	}
	wantRows(t, dumpOf(t, writers[0], "p"), rows{Mark: mark(21), Counters: map[string]int64{"a/x": 20}})
}
