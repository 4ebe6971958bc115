package storetest

import (
	"context"
	"fmt"
	"testing"

	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// Benchmark measures what the speed of Heddle rests on. An operation is one record, one
// delta, one document, or one look-up of twenty keys.
func Benchmark(b *testing.B, e Engine) {
	for _, bench := range []struct {
		name string
		run  func(*testing.B, store.Store)
	}{
		{"Append500", benchAppend}, {"Read500", benchRead}, {"Record", benchRecord},
		{"Apply100kDeltas", benchDeltas}, {"Apply100kDocs", benchDocs}, {"Lookup20", benchLookup},
	} {
		b.Run(bench.name, func(b *testing.B) {
			s := (&place{Engine: e, name: b.TempDir()}).open(b)
			bench.run(b, s)
		})
	}
}

// benchAppend appends chunks of 500 records, sealing included.
func benchAppend(b *testing.B, s store.Store) {
	const size = 500
	all := records(0, 64*size)
	tail := journal.Genesis()
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += size {
		from := i % len(all)
		c := sealOf(b, tail, noon, all[from:from+size]...)
		if err := s.Journal().Append(context.Background(), c); err != nil {
			b.Fatal(err)
		}
		tail = c.End()
	}
}

func benchRead(b *testing.B, s store.Store) {
	grow(b, s.Journal(), fill(100, 500)...)
	b.ReportAllocs()
	b.ResetTimer()
	for n := 0; n < b.N; n += 50_000 {
		if err := s.Journal().Read(context.Background(), 1, func(*journal.Chunk) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

func benchRecord(b *testing.B, s store.Store) {
	grow(b, s.Journal(), fill(100, 500)...)
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		if _, err := s.Journal().Record(context.Background(), int64(n*7919%50_000)+1); err != nil {
			b.Fatal(err)
		}
	}
}

func fill(n, size int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = size
	}
	return all
}

// benchDeltas applies batches of 100 000 deltas, of which half change what is there.
func benchDeltas(b *testing.B, s store.Store) {
	const size = 100_000
	ch := store.Changes{Deltas: make([]store.Delta, size)}
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += size {
		for j := range ch.Deltas {
			ch.Deltas[j] = store.Delta{Table: "position", Key: fmt.Sprintf("SKU-%07d\x00%04d", j+i/2, j%613), Add: -1}
		}
		benchApply(b, s, i, size, ch)
	}
}

func benchDocs(b *testing.B, s store.Store) {
	const size = 100_000
	ch := store.Changes{Docs: make([]store.Doc, size)}
	value := []byte(`[123456,1]`)
	b.ReportAllocs()
	b.ResetTimer()
	for i := 0; i < b.N; i += size {
		for j := range ch.Docs {
			ch.Docs[j] = store.Doc{Table: "key", Key: fmt.Sprintf("%04d·poslog·west·%07d·2026-03-01·4·%d", i/size, j, j%9), Value: value}
		}
		benchApply(b, s, i, size, ch)
	}
}

func benchApply(b *testing.B, s store.Store, from, size int, ch store.Changes) {
	if err := s.Views().Apply(context.Background(), "p", mark(int64(from+1)), mark(int64(from+size+1)), ch); err != nil {
		b.Fatal(err)
	}
}

// benchLookup reads one item at twenty locations, a snapshot each.
func benchLookup(b *testing.B, s store.Store) {
	ch := store.Changes{}
	for item := range 1000 {
		for location := range 20 {
			ch.Deltas = append(ch.Deltas, store.Delta{Table: "position", Key: fmt.Sprintf("SKU-%07d\x00%04d", item, location), Add: 5})
		}
	}
	benchApply(b, s, 0, len(ch.Deltas), ch)
	keys := make([]string, 20)
	b.ReportAllocs()
	b.ResetTimer()
	for n := range b.N {
		for i := range keys {
			keys[i] = ch.Deltas[n%1000*20+i].Key
		}
		snap := read(b, s.Views(), "p")
		found, err := snap.Counters("position", keys)
		if err != nil || len(found) != len(keys) {
			b.Fatal(len(found), err)
		}
		closeSnapshot(b, snap)
	}
}
