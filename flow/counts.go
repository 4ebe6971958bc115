package flow

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// counts is the state with what counts need to know.
type counts struct{ *state }

var _ stock.Counts = counts{}

// Count returns a line of a count.
func (c counts) Count(id stock.CountID) (stock.Count, bool) {
	return load[stock.Count](c.state, tableCounts, string(id))
}

// NextCount returns the first count of the bucket at the place after (cutoff, id). Most places
// were never counted after the time of a fact, which the location's youngest cutoff tells.
func (c counts) NextCount(p stock.Place, b event.Bucket, cutoff time.Time, id stock.CountID) (next stock.Count, ok bool) {
	last, _ := load[int64](c.state, tableLastCount, string(p.Location))
	if last == 0 || cutoff.UnixMicro() > last {
		return stock.Count{}, false
	}
	r := store.Prefix(countsPrefix(p, b))
	r.From = countKey(p, b, cutoff, id)
	after := r.From
	c.keep(c.Scan(c.Context(), tableCountsAt, r, 2, func(key string, _ []byte) bool {
		if id != "" && key == after {
			return true
		}
		_, count, _ := strings.Cut(key[len(countsPrefix(p, b)):][len(instant(cutoff)):], store.KeySep)
		next, ok = c.Count(stock.CountID(count))
		return false
	}))
	return next, ok
}

// MovedAfter returns the sum of a position's moves that took effect after the instant.
func (c counts) MovedAfter(p stock.Place, b event.Bucket, o event.Ownership, at time.Time) (sum retail.Quantity) {
	r := store.Prefix(store.Key(placeKey(p), ""))
	r.From = store.Key(placeKey(p), instant(at))
	c.keep(c.Scan(c.Context(), tableMovements, r, 0, func(_ string, value []byte) bool {
		var m movementDoc
		c.keep(json.Unmarshal(value, &m))
		if m.Bucket == b && m.Owner == o && m.Occurred.After(at) {
			sum += m.Quantity
		}
		return true
	}))
	return sum
}

// cutCount takes the id of a count's line apart.
func cutCount(id stock.CountID) (count, line string) {
	i := strings.LastIndex(string(id), retail.Sep)
	return string(id[:i]), string(id[i+len(retail.Sep):])
}
