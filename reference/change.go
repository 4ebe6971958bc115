package reference

import (
	"maps"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Change says what a row that is set makes of what a table says.
type Change string

// The changes.
const (
	New       Change = "new"       // nothing held on its day
	Changed   Change = "changed"   // something else held
	Ended     Change = "ended"     // something held, and nothing does from its day on
	Unchanged Change = "unchanged" // the same held already
)

// Compare says what setting a row from a day on changes, what held before, and the version
// that the new row needs to replace one of that very day.
func (h History) Compare(from retail.Date, row event.Row) (change Change, before event.Row, version int64) {
	before, held := h.On(from)
	switch {
	case held && len(row) == 0:
		change = Ended
	case held && !maps.Equal(before, row):
		change = Changed
	case held, len(row) == 0:
		change = Unchanged
	default:
		change = New
	}
	for _, v := range h {
		if v.From == from {
			version = v.Version + 1
		}
	}
	return change, before, version
}
