package store

import (
	"github.com/heddlehq/heddle/journal"
)

// Store is one installation's database.
type Store interface {
	Journal() journal.Log
	Views() Views
	Desk() Desk

	// Close ends what the store does in the background and gives back its files and
	// connections. It waits for calls that are under way and for open snapshots; nothing
	// is called after it.
	Close() error
}
