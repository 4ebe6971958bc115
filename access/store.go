package access

import "context"

// Keys is where API keys are kept: on the desk, at full durability, never an input to a
// result. Implementations are used by many goroutines at once.
type Keys interface {
	// Put writes the key, replacing what has the same id, and returns when it is durable.
	// It is called when a key is made and when it is revoked.
	Put(ctx context.Context, key Key) error

	// Get returns the key with this id. It is called for every request with a bearer
	// token. No such key is a fault of kind NotFound (H-NOT-FOUND); a caller takes any
	// other fault as "cannot be told now" and lets nobody in.
	Get(ctx context.Context, id KeyID) (Key, error)

	// List returns every key, revoked and expired ones too, ordered by id. It is called
	// by people, and when a key is made.
	List(ctx context.Context) ([]Key, error)
}
