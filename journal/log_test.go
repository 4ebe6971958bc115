package journal

import (
	"context"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// memory is a Log without a database, whose chunks a test may falsify. It answers what the
// tests here ask; store/storetest is where implementations are held to Log's promises.
type memory struct{ chunks []*Chunk }

func (m *memory) Append(_ context.Context, c *Chunk) error {
	m.chunks = append(m.chunks, c)
	return nil
}

func (m *memory) Tail(context.Context) (Watermark, time.Time, error) {
	if len(m.chunks) == 0 {
		return Genesis(), time.Time{}, nil
	}
	last := m.chunks[len(m.chunks)-1]
	return last.End(), last.At, nil
}

func (m *memory) Read(_ context.Context, from int64, fn func(*Chunk) error) error {
	for _, c := range m.chunks {
		if c.End().Next <= from {
			continue
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return nil
}

func (m *memory) Record(_ context.Context, position int64) (Record, error) {
	for _, c := range m.chunks {
		if position >= c.First && position < c.End().Next {
			return c.Records[position-c.First], nil
		}
	}
	return Record{}, fault.New(fault.NoSuchThing, "", "no record")
}

func (m *memory) Root(_ context.Context, next int64) (Hash, bool, error) {
	if next == 1 {
		return Hash{}, true, nil
	}
	for _, c := range m.chunks {
		if c.End().Next == next {
			return c.Root, true, nil
		}
	}
	return Hash{}, false, nil
}

// chain returns a log of chunks with sizes records each; chunk i has the time noon + i s.
func chain(t testing.TB, sizes ...int) *memory {
	t.Helper()
	m := &memory{}
	m.grow(t, sizes...)
	return m
}

func (m *memory) grow(t testing.TB, sizes ...int) {
	t.Helper()
	for _, size := range sizes {
		tail, _, _ := m.Tail(t.Context())
		m.chunks = append(m.chunks, mustSeal(t, tail, noon.Add(time.Duration(len(m.chunks))*time.Second), recordsOf(size)...))
	}
}

// rewrite changes a record of chunk i and makes every root from there on anew, as somebody
// would who can write to the database and knows how it is made.
func (m *memory) rewrite(t testing.TB, i int) {
	t.Helper()
	m.chunks[i].Records[0].Fact = []byte(`{"forged":true}`)
	prev := Genesis()
	for j, c := range m.chunks {
		if j >= i {
			m.chunks[j] = mustSeal(t, prev, c.At, c.Records...)
		}
		prev = m.chunks[j].End()
	}
}

// truncated has lost its last chunk and not noticed.
type truncated struct{ *memory }

func (l truncated) Read(ctx context.Context, from int64, fn func(*Chunk) error) error {
	return (&memory{l.chunks[:len(l.chunks)-1]}).Read(ctx, from, fn)
}
