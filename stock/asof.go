package stock

import (
	"cmp"
	"slices"
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
	// Occurred is when it happened: Move.Effective, or the time of its event.
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

// covers reports whether the movement lies at or before the instant.
func (i Instant) covers(m *Movement) bool {
	return (i.Occurred.IsZero() || !m.Occurred.After(i.Occurred)) && (i.Known.IsZero() || !m.At.After(i.Known))
}

// Position is one position and its quantity.
type Position struct {
	Place
	Bucket   event.Bucket    `json:"bucket"`
	Owner    event.Ownership `json:"owner,omitempty"`
	Shipment string          `json:"shipment,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
}

// AsOf sums the movements up to the instant, which is included, into positions sorted by
// item, location, bucket, owner and shipment. Positions of zero are left out.
func AsOf(movements []Movement, at Instant) []Position {
	var sums []Position
	for i := range movements {
		m := &movements[i]
		if !at.covers(m) {
			continue
		}
		p := Position{m.Place, m.Bucket, m.Owner, m.Shipment, m.Quantity}
		k, found := slices.BinarySearchFunc(sums, p, comparePositions)
		if found {
			sums[k].Quantity += p.Quantity
		} else {
			sums = slices.Insert(sums, k, p)
		}
	}
	return slices.DeleteFunc(sums, func(p Position) bool { return p.Quantity == 0 })
}

// comparePositions orders positions by what they are, whatever their quantity.
func comparePositions(a, b Position) int {
	return cmp.Or(
		cmp.Compare(a.Item, b.Item),
		cmp.Compare(a.Location, b.Location),
		cmp.Compare(a.Bucket, b.Bucket),
		cmp.Compare(a.Owner, b.Owner),
		cmp.Compare(a.Shipment, b.Shipment),
	)
}
