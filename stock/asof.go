package stock

import (
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Movement is a move with its two times, as the movements projection keeps it.
type Movement struct {
	// Position is the journal position of the record that moved the stock.
	Position int64 `json:"position"`
	// At is when Heddle knew of it: the chunk's time.
	At time.Time `json:"at"`
	// Occurred is when it happened.
	Occurred time.Time `json:"occurred"`
	Move
}

// Instant selects movements by one or both of their times; a zero time does not limit.
type Instant struct {
	// Occurred keeps what had happened by then.
	Occurred time.Time
	// Known keeps what Heddle knew by then.
	Known time.Time
}

// Position is one position and its quantity.
type Position struct {
	Place
	Bucket   event.Bucket    `json:"bucket"`
	Owner    Ownership       `json:"owner,omitempty"`
	Shipment string          `json:"shipment,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
}

// AsOf sums the movements up to the instant, both ends included, into positions sorted by
// item, location, bucket, owner and shipment. Positions of zero are left out.
func AsOf(movements []Movement, at Instant) []Position { return nil }
