package intake

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// EvidenceStore is where evidence and its keys are kept: on the desk, at full durability.
// All methods may be called from many goroutines, and what they return is not changed
// afterwards by either side.
type EvidenceStore interface {
	// PutEvidence writes the evidence and the new keys in one transaction, and returns
	// when they are durable. It writes only if the evidence follows what is stored:
	// Revision 1 where nothing is, n+1 over n, replacing all its parts. Else it writes
	// nothing, not even the keys, and returns false. It is called once per new payload.
	PutEvidence(ctx context.Context, e Evidence, fresh []DataKey) (bool, error)

	// Evidence returns what is stored under the hash, with its parts in order. None is
	// H-NOT-FOUND. It is called once per payload that comes in, and when one is read.
	Evidence(ctx context.Context, hash journal.Hash) (Evidence, error)

	// LiveKeys returns the keys of these owners that are not erased, the oldest first,
	// in one query. It is called once per new payload.
	LiveKeys(ctx context.Context, owners []retail.Token) ([]DataKey, error)

	// Keys returns the keys of these ids, erased ones too, in any order; an id that is
	// not known is left out. It is called once per payload that is read.
	Keys(ctx context.Context, ids []KeyID) ([]DataKey, error)

	// EraseKeys overwrites what is wrapped in every live key of the owner, keeps the rows
	// with ErasedAt, and returns how many there were, when that is durable. Nothing of
	// the wrapped bytes may stay behind in free pages or write-ahead logs.
	EraseKeys(ctx context.Context, owner retail.Token, at time.Time) (int, error)
}

// Evidence is a payload as it is stored.
type Evidence struct {
	Hash        journal.Hash
	Revision    int // from 1; counts how often it was cut anew
	Size        int // bytes of the body
	ContentType string
	Source      Source
	Delivery    string
	ReceivedAt  time.Time
	Parts       []Part // empty for an empty body
}

// Part is what of a payload is encrypted together: the bytes that tell of the same people,
// in order. The parts of a payload cover it without gap or overlap.
type Part struct {
	Keys   []KeyID // every one of them is needed; sealed under the first, then the second, …
	Ranges []Range // in order
	Sealed []byte  // empty once an erased part was stored anew
}

// KeyID names a data key.
type KeyID string

// DataKey is a key that encrypts parts, wrapped by the master key.
type DataKey struct {
	ID        KeyID
	Owner     retail.Token // the subject; empty for the tenant's own keys, which are never erased
	Wrapped   []byte       // empty when erased
	CreatedAt time.Time
	ErasedAt  time.Time // zero: alive
}

// Erased reports whether the key was destroyed.
func (k DataKey) Erased() bool { return !k.ErasedAt.IsZero() || len(k.Wrapped) == 0 }
