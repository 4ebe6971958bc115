package journal

import (
	"context"
	"time"
)

// Log is the database's side of the journal. One conformance suite, store/storetest, holds
// each promise made here against every implementation. All methods may be called from many
// goroutines; Append is called by the owner alone, one call at a time.
type Log interface {
	// Append adds the chunk if it follows the tail, durably. The owner calls it once per
	// group commit, and answers nobody before it returned.
	//
	// It returns nil if the chunk was inserted, or is already there with this root. These
	// faults say what to do:
	//
	//   - H-NOT-OWNER: the journal continues differently (another root stands at this
	//     position, the tail has another root, or the tail is not there yet). Nothing was
	//     changed; drop the memory and step down.
	//   - H-UNKNOWN: it may or may not be there, now or later. Append the same chunk again
	//     until another answer comes; until then say neither yes nor no.
	//   - H-STORAGE: writing or syncing failed in a way after which nothing that this
	//     process reads from its files proves anything. End the process; opening the
	//     journal again settles what is in it. Every later Append fails the same way.
	//   - H-CONFIG: the journal belongs to another tenant or environment.
	//   - H-INTERNAL: the chunk's time is earlier than the tail's. Nothing was changed.
	//
	// Cancelling ctx ends waiting for a turn to write, with H-UNKNOWN; it never interrupts a
	// commit that has begun.
	Append(ctx context.Context, c *Chunk) error

	// Tail returns the watermark that covers the whole journal, and the last chunk's time.
	// An empty journal has Genesis and the zero time. What Tail returns is durable.
	Tail(ctx context.Context) (Watermark, time.Time, error)

	// Read calls fn with each chunk in order, from the one that holds position from to the
	// last one at the time of the call. From the tail on there is nothing, and nothing is
	// called. fn may keep the chunk. An error of fn ends the reading and is returned as it
	// is. Chunks that do not follow one another, or bytes that cannot be unpacked, are
	// H-CHAIN with the chunk's first position as subject; roots are not computed again, for
	// which see VerifyChain. Appends go on meanwhile.
	Read(ctx context.Context, from int64, fn func(*Chunk) error) error

	// Record returns the record at the position and reads one block, not the chunk. A
	// position that is not there is H-NOT-FOUND.
	Record(ctx context.Context, position int64) (Record, error)

	// Root returns the root of the chunk that ends just before position next, and whether
	// there is one; Genesis has the zero root. It is how a watermark is checked: one whose
	// root differs was made from another history.
	Root(ctx context.Context, next int64) (Hash, bool, error)
}
