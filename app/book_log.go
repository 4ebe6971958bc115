package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

// memoryLog is the journal of one run over a file, which is gone afterwards: it lives in
// memory, so that booking a file costs no write to the disk for each event.
type memoryLog struct {
	mu     sync.RWMutex
	chunks []*journal.Chunk
}

// Append implements journal.Log for the one owner that there is.
func (l *memoryLog) Append(_ context.Context, c *journal.Chunk) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if tail := l.tail(); c.First != tail.Next || c.Prev != tail.Root {
		return fault.New(fault.NotOwner, "journal", "the chunk does not follow the one before")
	}
	l.chunks = append(l.chunks, c)
	return nil
}

func (l *memoryLog) tail() journal.Watermark {
	if len(l.chunks) == 0 {
		return journal.Genesis()
	}
	return l.chunks[len(l.chunks)-1].End()
}

// Tail implements journal.Log.
func (l *memoryLog) Tail(context.Context) (journal.Watermark, time.Time, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	if len(l.chunks) == 0 {
		return journal.Genesis(), time.Time{}, nil
	}
	return l.tail(), l.chunks[len(l.chunks)-1].At, nil
}

// Read implements journal.Log.
func (l *memoryLog) Read(ctx context.Context, from int64, fn func(*journal.Chunk) error) error {
	l.mu.RLock()
	at, _ := l.chunkOf(from)
	chunks := l.chunks[at:]
	l.mu.RUnlock()
	for _, c := range chunks {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(err, fault.TooBusy, "journal.read", "journal")
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return nil
}

// chunkOf returns the number of the chunk that holds a position, and whether one does.
func (l *memoryLog) chunkOf(position int64) (int, bool) {
	after, exact := slices.BinarySearchFunc(l.chunks, position, func(c *journal.Chunk, p int64) int {
		switch {
		case c.End().Next <= p:
			return -1
		case c.First > p:
			return 1
		}
		return 0
	})
	return after, exact
}

// Record implements journal.Log.
func (l *memoryLog) Record(_ context.Context, position int64) (journal.Record, error) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := l.chunkOf(position)
	if !ok {
		return journal.Record{}, fault.New(fault.NoSuchThing, "journal", "there is no position %d", position)
	}
	return l.chunks[i].Records[position-l.chunks[i].First], nil
}

// Root implements journal.Log.
func (l *memoryLog) Root(_ context.Context, next int64) (journal.Hash, bool, error) {
	if next == journal.Genesis().Next {
		return journal.Hash{}, true, nil
	}
	l.mu.RLock()
	defer l.mu.RUnlock()
	i, ok := l.chunkOf(next - 1)
	if !ok || l.chunks[i].End().Next != next {
		return journal.Hash{}, false, nil
	}
	return l.chunks[i].Root, true, nil
}
