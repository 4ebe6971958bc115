package storetest

import (
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// nothingChanged lets an Apply fail at its very end, after every other row was written.
func nothingChanged(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, deltas(store.Delta{Table: "z", Key: "x", Add: math.MaxInt64}))
	err := v.Apply(t.Context(), "p", mark(2), mark(3), store.Changes{
		Docs:   []store.Doc{doc("a", "x", "1"), doc("b", "x", "1")},
		Deltas: []store.Delta{{Table: "a", Key: "x", Add: 1}, {Table: "z", Key: "x", Add: 1}},
	})
	wantCode(t, "Apply", err, fault.InternalError)
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(2)})
	apply(t, v, "p", 2, 3, docs(doc("a", "x", "2"))) // the tables that were not made can be made
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(3), Docs: map[string]string{"a/x": "2"}})
}

// sameRows compares the store with a model, and a projection that was applied step by step
// with one that was applied at once.
func sameRows(t *testing.T, p *place) {
	v := p.open(t).Views()
	run := 0
	rapid.Check(t, func(rt *rapid.T) {
		run++
		stepwise, atOnce := fmt.Sprint("stepwise", run), fmt.Sprint("at once", run)
		wantDocs, wantCounters := map[string]string{}, map[string]int64{}
		docsAll, deltasAll := map[string]store.Doc{}, map[string]store.Delta{}
		steps := rapid.IntRange(1, 5).Draw(rt, "steps")
		for step := range steps {
			ch := drawChanges(rt)
			for _, d := range ch.Docs {
				docsAll[d.Table+"/"+d.Key] = d
				if wantDocs[d.Table+"/"+d.Key] = string(d.Value); d.Value == nil {
					delete(wantDocs, d.Table+"/"+d.Key)
				}
			}
			for _, d := range ch.Deltas {
				sum := deltasAll[d.Table+"/"+d.Key].Add + d.Add
				deltasAll[d.Table+"/"+d.Key] = store.Delta{Table: d.Table, Key: d.Key, Add: sum}
				if wantCounters[d.Table+"/"+d.Key] = sum; sum == 0 {
					delete(wantCounters, d.Table+"/"+d.Key)
				}
			}
			apply(t, v, stepwise, int64(step+1), int64(step+2), ch)
		}
		apply(t, v, atOnce, 1, int64(steps+1), sorted(docsAll, deltasAll))
		want := rows{Mark: mark(int64(steps + 1)), Docs: wantDocs, Counters: wantCounters}
		for _, name := range []string{stepwise, atOnce} {
			if got := dumpOf(t, v, name); !reflect.DeepEqual(got, want) {
				rt.Fatalf("%s: got %+v, want %+v", name, got, want)
			}
		}
	})
}

func drawChanges(t *rapid.T) store.Changes {
	docs, deltas := map[string]store.Doc{}, map[string]store.Delta{}
	table := rapid.SampledFrom(tables)
	key := rapid.SampledFrom([]string{"", "\x00", "a", "b", "b\x00", "\xff"})
	for range rapid.IntRange(0, 8).Draw(t, "docs") {
		d := store.Doc{Table: table.Draw(t, "table"), Key: key.Draw(t, "key")}
		if rapid.Bool().Draw(t, "set") {
			d.Value = []byte(rapid.StringN(0, 5, -1).Draw(t, "value"))
		}
		docs[d.Table+"/"+d.Key] = d
	}
	for range rapid.IntRange(0, 8).Draw(t, "deltas") {
		d := store.Delta{Table: table.Draw(t, "table"), Key: key.Draw(t, "key"), Add: int64(rapid.IntRange(-2, 2).Draw(t, "add"))}
		deltas[d.Table+"/"+d.Key] = d
	}
	return sorted(docs, deltas)
}

func sorted(docs map[string]store.Doc, deltas map[string]store.Delta) store.Changes {
	less := func(t1, k1, t2, k2 string) int {
		if t1 != t2 {
			return strings.Compare(t1, t2)
		}
		return strings.Compare(k1, k2)
	}
	return store.Changes{
		Docs:   slices.SortedFunc(maps.Values(docs), func(a, b store.Doc) int { return less(a.Table, a.Key, b.Table, b.Key) }),
		Deltas: slices.SortedFunc(maps.Values(deltas), func(a, b store.Delta) int { return less(a.Table, a.Key, b.Table, b.Key) }),
	}
}

func rename(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 5, docs(doc("a", "x", "old"), doc("b", "y", "old")))
	apply(t, v, "p.next", 1, 8, store.Changes{Docs: []store.Doc{doc("a", "x", "new")}, Deltas: []store.Delta{{Table: "a", Key: "x", Add: 1}}})
	before := read(t, v, "p")
	defer closeSnapshot(t, before)
	wantCode(t, "Rename", v.Rename(t.Context(), "p.next", "p"), "")
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(8), Docs: map[string]string{"a/x": "new"}, Counters: map[string]int64{"a/x": 1}})
	wantRows(t, dumpOf(t, v, "p.next"), rows{Mark: journal.Genesis()})
	wantRows(t, dump(t, before), rows{Mark: mark(5), Docs: map[string]string{"a/x": "old", "b/y": "old"}})
	apply(t, v, "p", 8, 9, docs(doc("b", "y", "newer")))
	wantCode(t, "what is not there", v.Rename(t.Context(), "p.next", "p"), fault.NoSuchThing)
	wantCode(t, "onto itself", v.Rename(t.Context(), "p", "p"), "")
	wantCode(t, "to a new name", v.Rename(t.Context(), "p", "q"), "")
	wantRows(t, dumpOf(t, v, "q"), rows{Mark: mark(9), Docs: map[string]string{"a/x": "new", "b/y": "newer"}, Counters: map[string]int64{"a/x": 1}})
	all, err := v.Projections(t.Context())
	if err != nil || len(all) != 1 || all[0].Name != "q" {
		t.Errorf("Projections: got %v, %v, want q", all, err)
	}
}

func renameAtOnce(t *testing.T, p *place) {
	v := p.open(t).Views()
	apply(t, v, "p", 1, 2, docs(doc("a", "x", fmt.Sprint(mark(2)))))
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 3 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				got := dumpOf(t, v, "p")
				if len(got.Docs) != 1 || got.Docs["a/x"] != fmt.Sprint(got.Mark) {
					t.Errorf("got %+v, want the document of its watermark", got)
					return
				}
			}
		})
	}
	for i := range int64(40) {
		apply(t, v, "next", 1, i+3, docs(doc("a", "x", fmt.Sprint(mark(i+3)))))
		wantCode(t, "Rename", v.Rename(t.Context(), "next", "p"), "")
	}
	close(done)
	readers.Wait()
}

func dropAndRebuild(t *testing.T, p *place) {
	v := p.open(t).Views()
	ch := store.Changes{Docs: []store.Doc{doc("a", "x", "1")}, Deltas: []store.Delta{{Table: "b", Key: "x", Add: 1}}}
	apply(t, v, "p", 1, 5, ch)
	apply(t, v, "q", 1, 5, ch)
	before := read(t, v, "p")
	defer closeSnapshot(t, before)
	for range 2 {
		wantCode(t, "Drop", v.Drop(t.Context(), "p"), "")
		wantRows(t, dumpOf(t, v, "p"), rows{Mark: journal.Genesis()})
	}
	want := rows{Mark: mark(5), Docs: map[string]string{"a/x": "1"}, Counters: map[string]int64{"b/x": 1}}
	wantRows(t, dump(t, before), want)
	wantRows(t, dumpOf(t, v, "q"), want)
	apply(t, v, "p", 1, 5, ch)
	wantRows(t, dumpOf(t, v, "p"), want)
}

func reopenViews(t *testing.T, p *place) {
	s := p.open(t)
	apply(t, s.Views(), "p", 1, 5, store.Changes{Docs: []store.Doc{doc("a", "x", "1")}, Deltas: []store.Delta{{Table: "a", Key: "x", Add: 2}}})
	shut(t, s)
	v := p.open(t).Views()
	apply(t, v, "p", 5, 6, deltas(store.Delta{Table: "a", Key: "x", Add: 2}))
	wantRows(t, dumpOf(t, v, "p"), rows{Mark: mark(6), Docs: map[string]string{"a/x": "1"}, Counters: map[string]int64{"a/x": 4}})
}
