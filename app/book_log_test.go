package app

import (
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

// TestMemoryLog keeps the promises of journal.Log that one owner and its followers use.
func TestMemoryLog(t *testing.T) {
	ctx := t.Context()
	log := &memoryLog{}
	at := time.Date(2026, 6, 1, 8, 0, 0, 0, time.UTC)
	seal := func(prev journal.Watermark, n int) *journal.Chunk {
		records := make([]journal.Record, n)
		for i := range records {
			records[i] = journal.Record{Fact: []byte(`{}`), Outcome: []byte(`{}`)}
		}
		c, err := journal.Seal("file", "test", prev, at, records)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	if tail, last, err := log.Tail(ctx); err != nil || tail != journal.Genesis() || !last.IsZero() {
		t.Errorf("the empty log ends at %v, %v, %v", tail, last, err)
	}
	first := seal(journal.Genesis(), 3)
	second := seal(first.End(), 2)
	if err := log.Append(ctx, second); !fault.HasCode(err, fault.NotOwner) {
		t.Errorf("a chunk over a gap: %v, want H-NOT-OWNER", err)
	}
	for _, c := range []*journal.Chunk{first, second} {
		if err := log.Append(ctx, c); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		from int64
		want []int64
	}{{1, []int64{1, 4}}, {3, []int64{1, 4}}, {4, []int64{4}}, {5, []int64{4}}, {6, nil}} {
		var got []int64
		err := log.Read(ctx, c.from, func(chunk *journal.Chunk) error {
			got = append(got, chunk.First)
			return nil
		})
		if err != nil || len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("from %d: chunks %v, %v; want %v", c.from, got, err, c.want)
		}
	}
	for position := int64(1); position <= 5; position++ {
		if r, err := log.Record(ctx, position); err != nil || r.Position != position {
			t.Errorf("record %d: %+v, %v", position, r, err)
		}
	}
	if _, err := log.Record(ctx, 6); !fault.HasCode(err, fault.NoSuchThing) {
		t.Errorf("record 6: %v, want H-NOT-FOUND", err)
	}
	for next, want := range map[int64]bool{1: true, 2: false, 4: true, 5: false, 6: true, 7: false} {
		if _, ok, err := log.Root(ctx, next); err != nil || ok != want {
			t.Errorf("a root before %d: %v, %v; want %v", next, ok, err, want)
		}
	}
}
