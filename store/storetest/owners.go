package storetest

import (
	"context"
	"sync"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

var ownerTests = []test{
	{"a chunk that is there may be appended again", appendAgain},
	{"another chunk at the same place is refused", otherChunk},
	{"a chunk that does not reach the tail is refused", beyondTail},
	{"a stale owner that wakes up late is refused", staleOwner},
	{"two appends of one position: one is done", twoAppends},
	{"two owners never both extend the journal", twoOwners},
	{"a context that ends never leaves half an append", appendCancelled},
}

func appendAgain(t *testing.T, p *place) {
	log := p.open(t).Journal()
	chunks := grow(t, log, 3, 1, 20)
	for _, c := range chunks {
		for range 2 {
			wantCode(t, "the same chunk again", log.Append(t.Context(), c), "")
		}
	}
	if got := verify(t, log); got.Chunks != 3 || got.Tail != chunks[2].End() {
		t.Errorf("got %+v, want the three chunks once", got)
	}
}

func otherChunk(t *testing.T, p *place) {
	log := p.open(t).Journal()
	chunks := grow(t, log, 3, 1, 20)
	tail := chunks[2].End()
	for name, c := range map[string]*journal.Chunk{
		"other records at a chunk's place": sealOf(t, chunks[0].End(), chunks[1].At, record(99)),
		"another time":                     seal(t, chunks[1].End(), chunks[2].At.Add(1), 20),
		"at genesis":                       sealOf(t, journal.Genesis(), chunks[0].At, record(99)),
		"inside a chunk":                   seal(t, journal.Watermark{Next: 8, Root: chunks[1].Root}, chunks[2].At, 20),
		"the tail's place, another root":   seal(t, journal.Watermark{Next: tail.Next, Root: chunks[1].Root}, chunks[2].At, 1),
		"the tail's place, no root":        seal(t, journal.Watermark{Next: tail.Next}, chunks[2].At, 1),
	} {
		wantCode(t, name, log.Append(t.Context(), c), fault.NotOwner)
		wantTail(t, log, tail)
	}
	verify(t, log)
}

func beyondTail(t *testing.T, p *place) {
	log := p.open(t).Journal()
	wantCode(t, "in an empty journal", log.Append(t.Context(), seal(t, journal.Watermark{Next: 2}, noon, 1)), fault.NotOwner)
	wantCode(t, "an empty journal that follows a root",
		log.Append(t.Context(), seal(t, journal.Watermark{Next: 1, Root: journal.Hash{1}}, noon, 1)), fault.NotOwner)
	first := grow(t, log, 3)[0]
	// An owner of a longer journal, whose database was replaced by an older backup.
	lost := seal(t, first.End(), first.At, 2)
	wantCode(t, "after a chunk that is not there", log.Append(t.Context(), seal(t, lost.End(), first.At, 1)), fault.NotOwner)
	wantTail(t, log, first.End())
}

func staleOwner(t *testing.T, p *place) {
	old, new := p.open(t), p.open(t)
	first := grow(t, old.Journal(), 2)[0]
	late := seal(t, first.End(), first.At, 3) // decided, and not yet appended
	taken := grow(t, new.Journal(), 4)[0]
	wantCode(t, "the stale owner", old.Journal().Append(t.Context(), late), fault.NotOwner)
	wantCode(t, "the stale owner again", old.Journal().Append(t.Context(), late), fault.NotOwner)
	for _, s := range []journal.Log{old.Journal(), new.Journal()} {
		wantTail(t, s, taken.End())
		verify(t, s)
	}
}

func twoAppends(t *testing.T, p *place) {
	a, b := p.open(t).Journal(), p.open(t).Journal()
	tail := journal.Genesis()
	for i := range 30 {
		var errs [2]error
		chunks := [2]*journal.Chunk{sealOf(t, tail, noon, record(2*i)), sealOf(t, tail, noon, record(2*i+1))}
		var both sync.WaitGroup
		for n, log := range []journal.Log{a, b} {
			both.Go(func() { errs[n] = log.Append(context.Background(), chunks[n]) })
		}
		both.Wait()
		winner := 0
		if errs[0] != nil {
			winner = 1
		}
		wantCode(t, "the one", errs[winner], "")
		wantCode(t, "the other", errs[1-winner], fault.NotOwner)
		tail = chunks[winner].End()
		wantTail(t, a, tail)
		wantTail(t, b, tail)
	}
}

// twoOwners lets two owners append as fast as they can, each believing to be the only one
// until it is told otherwise.
func twoOwners(t *testing.T, p *place) {
	const each = 60
	var both sync.WaitGroup
	var done [2][]*journal.Chunk
	for n := range 2 {
		log := p.open(t).Journal()
		both.Go(func() {
			for len(done[n]) < each {
				tail, _, err := log.Tail(context.Background())
				if err != nil {
					t.Errorf("Tail: %v", err)
					return
				}
				c := sealOf(t, tail, noon, record(n), record(len(done[n])))
				switch err := log.Append(context.Background(), c); {
				case err == nil:
					done[n] = append(done[n], c)
				case !fault.HasCode(err, fault.NotOwner):
					t.Errorf("Append: got %v, want %s", err, fault.NotOwner)
					return
				}
			}
		})
	}
	both.Wait()
	log := p.open(t).Journal()
	if got := verify(t, log); got.Chunks != 2*each {
		t.Errorf("got %d chunks, want %d", got.Chunks, 2*each)
	}
	for _, c := range append(done[0], done[1]...) {
		if root, ok, err := log.Root(t.Context(), c.End().Next); err != nil || !ok || root != c.Root {
			t.Fatalf("the chunk at %d that was said to be appended: got %v, %v, %v", c.First, root, ok, err)
		}
	}
}

// appendCancelled ends contexts at every stage of an append. Whatever the answer, appending
// the same bytes again settles it.
func appendCancelled(t *testing.T, p *place) {
	log := p.open(t).Journal()
	tail := journal.Genesis()
	for i := range 60 {
		ctx, cancel := context.WithCancel(t.Context())
		c := seal(t, tail, noon, 50)
		var racing sync.WaitGroup
		if i%3 == 0 {
			cancel()
		} else {
			racing.Go(cancel)
		}
		if err := log.Append(ctx, c); err != nil {
			wantCode(t, "an append that was cancelled", err, fault.OutcomeUnknown)
		}
		racing.Wait()
		cancel()
		wantCode(t, "the same chunk again", log.Append(t.Context(), c), "")
		tail = c.End()
	}
	if got := verify(t, log); got.Tail != tail || got.Chunks != 60 {
		t.Errorf("got %+v, want 60 chunks", got)
	}
}
