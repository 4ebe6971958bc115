package store

import (
	"context"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
)

// Desk holds what is neither journal nor projection: what each part of Heddle has asked for
// by an interface of its own. Everything that returned without an error is durable. Times
// keep their nanoseconds and come back in UTC; they lie in the years 0 to 9999.
type Desk interface {
	Reception
	Keys() access.Keys
	Checkpoints() Checkpoints
	Settings() Settings
}

// Reception is the part of the desk that intake has asked for.
type Reception interface {
	Evidence() intake.EvidenceStore
	Deliveries() intake.Deliveries
	Waiting() intake.Waiting
	Worklist() intake.Worklist
	Files() intake.Files
	FollowUps() intake.FollowUps
}

// Settings are small values that Heddle keeps for itself: cursors of lanes and pollers, the
// id of an installation. They are not configuration. All methods may be called from many
// goroutines.
type Settings interface {
	// Get returns the value of a name, or nil where there is none.
	Get(ctx context.Context, name string) ([]byte, error)

	// Put sets the value of a name, at most ValueMax bytes; nil deletes it.
	Put(ctx context.Context, name string, value []byte) error
}

// Checkpoints keeps the signed checkpoints of the journal, so that they can be handed out
// again. What proves anything is the copies that are kept elsewhere.
type Checkpoints interface {
	// Add keeps a checkpoint. One that does not continue the last one (or, as the first,
	// the start of the journal) is H-CHECKPOINT, and nothing is changed. The same one
	// again is no error.
	Add(ctx context.Context, c journal.Checkpoint) error

	// Last returns the newest checkpoint, and whether there is one.
	Last(ctx context.Context) (journal.Checkpoint, bool, error)

	// All returns every checkpoint in order. It is called by people.
	All(ctx context.Context) ([]journal.Checkpoint, error)
}
