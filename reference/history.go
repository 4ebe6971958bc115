package reference

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Version is what a row says from a day on.
type Version struct {
	From    retail.Date `json:"from,omitempty"`
	Version int64       `json:"version,omitempty"` // the source version that set it
	Row     event.Row   `json:"row"`
}

// History is a row through time, oldest first, at most one version a day.
type History []Version

// ParseHistory reads what Bytes wrote; nothing gives an empty history.
func ParseHistory(b []byte) (History, error) {
	if len(b) == 0 {
		return nil, nil
	}
	var h History
	if err := json.Unmarshal(b, &h); err != nil {
		return nil, fault.Wrap(err, fault.ChainBroken, "reference.history", "row")
	}
	return h, nil
}

// Bytes returns the stored form, the same bytes for the same history.
func (h History) Bytes() []byte {
	b, err := json.Marshal(h) // maps are written in key order
	if err != nil {
		panic(err) // a history holds strings and integers only
	}
	return b
}

// Set returns the history with a row set from a day on. A lower version than the one that
// stands for that day has no effect.
func (h History) Set(v Version) History {
	i, found := slices.BinarySearchFunc(h, v.From, func(have Version, day retail.Date) int { return int(have.From - day) })
	if !found {
		return slices.Insert(slices.Clone(h), i, v)
	}
	if v.Version < h[i].Version {
		return h
	}
	out := slices.Clone(h)
	out[i] = v
	return out
}

// On returns the row that holds on a day; false where there is none or it was ended.
func (h History) On(day retail.Date) (event.Row, bool) {
	for _, v := range slices.Backward(h) {
		if v.From <= day {
			return v.Row, len(v.Row) > 0
		}
	}
	return nil, false
}

// OwnSystem is the source system of reference data that comes through Heddle's own doors.
const OwnSystem retail.SystemID = "heddle"

// NewEvent makes the event that sets a row, told by an instance of Heddle's own ("config",
// "api") at an instant. Its key is that of the rule: table·key·effective_from.
//
// A GTIN in the key is written in 14 digits, so that one row has one key; a key that is wrong
// stays as it is, for CheckValues to refuse.
func NewEvent(set *event.ReferenceSet, instance retail.InstanceID, at time.Time) *event.Event {
	if key, err := CanonicalKey(event.Table(set.Table), set.RowKey); err == nil && key != set.RowKey {
		canonical := *set
		canonical.RowKey = key
		set = &canonical
	}
	parts := []string{set.Table, set.RowKey}
	if set.EffectiveFrom != 0 {
		parts = append(parts, set.EffectiveFrom.String())
	}
	return &event.Event{
		Header: event.Header{
			System: OwnSystem, Instance: instance, Key: retail.Key(parts...),
			Time: at.UTC(), TZ: "UTC", BusinessDate: retail.DateOf(at.UTC()),
		},
		Data: set,
	}
}
