package flow

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
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

// derive decides what the owner says by itself because of a fact: counts whose adjustment
// changes, because the fact happened before them and came after (L6, INV-31).
func (d *decision) derive(all []*decision) ([]*decision, error) {
	for _, r := range d.recounts {
		e := d.recomputed(r)
		if r.Delta == 0 {
			continue // its lines make up for one another
		}
		derived := &decision{c: d.c, s: d.s, e: e, bytes: e.AppendFact(nil)}
		if _, _, err := derived.run(); err != nil {
			return nil, err
		}
		all = append(all, derived)
	}
	return all, nil
}

func (d *decision) recomputed(r stock.Recomputation) *event.Event {
	count, line := cutCount(r.Count)
	return &event.Event{
		Header: event.Header{
			System: OwnSystem, Instance: "owner", Key: retail.Key(string(r.Count), strconv.FormatInt(r.Revision, 10)),
			Time: d.c.at, TZ: "UTC", BusinessDate: retail.DateOf(d.c.at),
		},
		Data: &event.CountRecomputed{
			Count: count, Line: line, Item: string(r.Place.Item), Location: string(r.Place.Location), Bucket: r.Bucket,
			Quantity: r.Delta, Cause: d.c.next(),
		},
	}
}

// recount finds the counts for which the fact comes too late, and raises the flags of the
// rest of its effect.
func (d *decision) recount() {
	effect := d.effect
	if _, own := d.e.Data.(*event.CountRecomputed); !own {
		var late []stock.Recomputation
		effect, late = stock.Recomputations(counts{d.s}, d.effect, d.e.Time)
		d.recounted(late)
	}
	for _, f := range effect.Flags {
		flag := record.Flag{Code: f.Code, Subject: f.Subject, Detail: f.Detail}
		if f.Code == fault.StockNegative && d.inWarehouse(f.Place) {
			flag.Severity = string(exception.Hold)
		}
		d.outcome.Flags = append(d.outcome.Flags, flag)
	}
}

// inWarehouse reports whether a place must not go negative: V-INV-01 warns in stores and
// holds in warehouses.
func (d *decision) inWarehouse(p stock.Place) bool {
	row, _ := d.s.book.Row(event.TableLocations, string(p.Location), d.day)
	return row["kind"] == "WAREHOUSE"
}

// recounted adds up what several lines change in one count.
func (d *decision) recounted(late []stock.Recomputation) {
	for _, r := range late {
		i := slices.IndexFunc(d.recounts, func(have stock.Recomputation) bool { return have.Count == r.Count })
		if i < 0 {
			d.recounts = append(d.recounts, r)
		} else {
			d.recounts[i].Delta += r.Delta
		}
	}
}
