package intake_test

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// memory is a desk in maps, for tests.
type memory struct {
	mu         sync.Mutex
	evidence   map[journal.Hash]intake.Evidence
	keys       []intake.DataKey
	puts       int
	beforePut  func() // runs once before the next PutEvidence
	deliveries map[intake.DeliveryID]intake.Delivery
}

func newMemory() *memory {
	return &memory{evidence: map[journal.Hash]intake.Evidence{}, deliveries: map[intake.DeliveryID]intake.Delivery{}}
}

func (m *memory) PutEvidence(_ context.Context, e intake.Evidence, fresh []intake.DataKey) (bool, error) {
	if f := m.beforePut; f != nil {
		m.beforePut = nil
		f()
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.evidence[e.Hash].Revision != e.Revision-1 {
		return false, nil
	}
	m.puts++
	m.evidence[e.Hash] = e
	m.keys = append(m.keys, fresh...)
	return true, nil
}

func (m *memory) Evidence(_ context.Context, hash journal.Hash) (intake.Evidence, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.evidence[hash]
	if !ok {
		return intake.Evidence{}, fault.New(fault.NoSuchThing, hash.String(), "no such evidence")
	}
	return e, nil
}

func (m *memory) LiveKeys(_ context.Context, owners []retail.Token) ([]intake.DataKey, error) {
	return m.filter(func(k intake.DataKey) bool { return !k.Erased() && slices.Contains(owners, k.Owner) }), nil
}

func (m *memory) Keys(_ context.Context, ids []intake.KeyID) ([]intake.DataKey, error) {
	return m.filter(func(k intake.DataKey) bool { return slices.Contains(ids, k.ID) }), nil
}

func (m *memory) filter(keep func(intake.DataKey) bool) []intake.DataKey {
	m.mu.Lock()
	defer m.mu.Unlock()
	var found []intake.DataKey
	for _, k := range m.keys {
		if keep(k) {
			found = append(found, k)
		}
	}
	return found
}

func (m *memory) EraseKeys(_ context.Context, owner retail.Token, at time.Time) (int, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	n := 0
	for i, k := range m.keys {
		if k.Owner == owner && !k.Erased() {
			m.keys[i].Wrapped, m.keys[i].ErasedAt = nil, at
			n++
		}
	}
	return n, nil
}
