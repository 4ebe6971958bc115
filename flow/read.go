package flow

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// readTries is how often a read is taken again because the journal grew meanwhile.
const readTries = 4

// Position returns how far the owner's memory, and so every answer, has followed the journal.
func (o *Owner) Position() int64 { return o.cache.Mark().Next - 1 }

// consistent runs a read on one state of memory: durable, and of one journal position.
func (o *Owner) consistent(ctx context.Context, read func(s *state) error) (int64, error) {
	for try := 1; ; try++ {
		mark := o.cache.Mark()
		s := newState(store.NewOverlay(ctx, o.cache), reference.NewBook(nil))
		s.day = retail.DateOf(o.opts.Clock().UTC())
		if err := read(s); err != nil {
			return 0, err
		}
		if err := s.Err(); err != nil {
			return 0, err
		}
		if o.cache.Mark() == mark || try == readTries {
			return mark.Next - 1, nil
		}
	}
}

// Availability is what can be sold of an item at a location.
type Availability struct {
	stock.Place
	Channel   retail.ChannelID `json:"channel,omitempty"`
	OnHand    retail.Quantity  `json:"on_hand"`
	Sellable  retail.Quantity  `json:"sellable"`
	Reserved  retail.Quantity  `json:"reserved"`
	Allocated retail.Quantity  `json:"allocated"`
	// RawATS may be negative: that is the exposure to overselling. ATS is what is published.
	RawATS retail.Quantity `json:"raw_ats"`
	ATS    retail.Quantity `json:"ats"`
	// ATP is what can be promised for the end of a day (rule book A2), with what is in transit
	// and on order to the place; all three only where a day was asked for.
	ATP       *retail.Quantity `json:"atp,omitempty"`
	InTransit *retail.Quantity `json:"in_transit,omitempty"`
	OnOrder   *retail.Quantity `json:"on_order,omitempty"`
}

// Available answers for items at locations. With a day it says what can be promised by its
// end, too; zero asks for what can be sold now only.
func (o *Owner) Available(ctx context.Context, places []stock.Place, ch retail.ChannelID, by retail.Date) (out []Availability, position int64, err error) {
	position, err = o.consistent(ctx, func(s *state) error {
		out = make([]Availability, len(places))
		for i, p := range places {
			out[i] = Availability{
				Place: p, Channel: ch, OnHand: stock.OnHand(s, p), Sellable: s.Quantity(p, event.Sellable, stock.Owned),
				Reserved: s.Quantity(p, event.Reserved, stock.Owned), Allocated: s.Quantity(p, event.AllocatedStock, stock.Owned),
				RawATS: stock.RawATS(s, p, ch), ATS: stock.ATS(s, p, ch),
			}
			if by != 0 {
				out[i].ATP = new(outlook{s}.promise(p, ch, by))
				out[i].InTransit = new(s.Quantity(p, event.InTransit, stock.Owned))
				out[i].OnOrder = new(s.Quantity(p, event.OnOrder, stock.Owned))
			}
		}
		return nil
	})
	return out, position, err
}

// Places returns the places that ever held something of an item, or of all items if it is empty.
func (o *Owner) Places(ctx context.Context, item retail.ItemID, limit int) ([]stock.Place, error) {
	r := store.Range{}
	if item != "" {
		r = store.Prefix(store.Key(string(item), ""))
	}
	var out []stock.Place
	err := o.cache.ScanCounters(ctx, tablePositions, r, 0, func(key string, _ int64) bool {
		parts := strings.SplitN(key, store.KeySep, 3)
		p := stock.Place{Item: retail.ItemID(parts[0]), Location: retail.LocationID(parts[1])}
		if len(out) == 0 || out[len(out)-1] != p {
			out = append(out, p)
		}
		return limit == 0 || len(out) < limit
	})
	return out, err
}

// Positions returns the positions of an item at a location now; empty ids mean all.
func (o *Owner) Positions(ctx context.Context, item retail.ItemID, location retail.LocationID) ([]stock.Position, int64, error) {
	r := store.Range{}
	if item != "" {
		r = store.Prefix(store.Key(string(item), ""))
	}
	at := o.Position()
	var out []stock.Position
	err := o.cache.ScanCounters(ctx, tablePositions, r, 0, func(key string, n int64) bool {
		parts := strings.Split(key, store.KeySep)
		p := stock.Position{
			Place:  stock.Place{Item: retail.ItemID(parts[0]), Location: retail.LocationID(parts[1])},
			Bucket: event.Bucket(parts[2]), Owner: event.Ownership(parts[3]), Quantity: retail.Quantity(n),
		}
		if location == "" || p.Location == location {
			out = append(out, p)
		}
		return true
	})
	return out, at, err
}

// AsOf returns positions as they were: by occurrence (what had happened by then), by
// knowledge (what Heddle knew by then), or by both.
func (o *Owner) AsOf(ctx context.Context, item retail.ItemID, location retail.LocationID, at stock.Instant) ([]stock.Position, error) {
	r := store.Range{}
	if item != "" {
		r = store.Prefix(store.Key(string(item), ""))
	}
	var movements []stock.Movement
	var bad error
	err := o.cache.Scan(ctx, tableMovements, r, 0, func(_ string, value []byte) bool {
		var m movementDoc
		if bad = json.Unmarshal(value, &m); bad != nil {
			return false
		}
		if location == "" || m.Location == location {
			movements = append(movements, m.Movement)
		}
		return true
	})
	if err == nil && bad != nil {
		err = fault.Wrap(bad, fault.ChainBroken, "flow.as_of", "movement")
	}
	return stock.AsOf(movements, at), err
}

// Claim returns a reservation.
func (o *Owner) Claim(ctx context.Context, id retail.ReservationID) (claim stock.Claim, err error) {
	_, err = o.consistent(ctx, func(s *state) error {
		c, ok := s.Claim(stock.ClaimID(id))
		if !ok {
			return fault.New(fault.NoSuchThing, string(id), "no such reservation")
		}
		claim = c
		return nil
	})
	return claim, err
}

// threadMax bounds how many facts a thread shows.
const threadMax = 1000

// Thread returns the journal positions of every fact tied to an id, in order: a typed
// reference ("payment:stripe·ch_1") or a bare id of any type.
func (o *Owner) Thread(ctx context.Context, id string) ([]*record.Record, error) {
	starts, err := o.named(ctx, id)
	if err != nil {
		return nil, err
	}
	if len(starts) == 0 {
		return nil, fault.New(fault.NoSuchThing, id, "nothing in the journal carries this id")
	}
	met, seen := slices.Clone(starts), map[retail.Ref]bool{}
	found := map[int64]*record.Record{}
	for len(met) > 0 && len(found) < threadMax {
		ref := met[0]
		met = met[1:]
		if seen[ref] {
			continue
		}
		seen[ref] = true
		positions, err := o.carrying(ctx, ref)
		if err != nil {
			return nil, err
		}
		for _, p := range positions {
			if found[p] != nil {
				continue
			}
			r, err := o.Record(ctx, p)
			if err != nil {
				return nil, err
			}
			if !lineage.Follow(starts[0], ref, r.Event) {
				continue
			}
			found[p] = r
			met = append(met, lineage.Named(r.Event)...)
		}
	}
	out := make([]*record.Record, 0, len(found))
	for _, r := range found {
		out = append(out, r)
	}
	slices.SortFunc(out, func(a, b *record.Record) int { return int(a.Position - b.Position) })
	return out, nil
}

// named returns the typed references that an id may mean.
func (o *Owner) named(ctx context.Context, id string) (out []retail.Ref, err error) {
	if ref, ok := retail.ParseRef(id); ok {
		positions, err := o.carrying(ctx, ref)
		if err != nil || len(positions) > 0 {
			return []retail.Ref{ref}, err
		}
	}
	err = o.cache.Scan(ctx, tableThreadID, store.Prefix(store.Key(id, "")), 0, func(key string, _ []byte) bool {
		if _, kind, ok := strings.Cut(key, store.KeySep); ok {
			out = append(out, retail.Ref{Type: retail.RefType(kind), ID: id})
		}
		return true
	})
	return out, err
}

func (o *Owner) carrying(ctx context.Context, ref retail.Ref) (out []int64, err error) {
	prefix := store.Key(ref.String(), "")
	err = o.cache.Scan(ctx, tableThread, store.Prefix(prefix), threadMax, func(key string, _ []byte) bool {
		out = append(out, store.FromOrdinal(key[len(prefix):]))
		return true
	})
	return out, err
}

// Record returns a journaled record.
func (o *Owner) Record(ctx context.Context, position int64) (*record.Record, error) {
	r, err := o.log.Record(ctx, position)
	if err != nil {
		return nil, err
	}
	return record.Decode(o.opts.Tenant, r)
}

// silentMax is how long the source that books may stay silent on what another reports.
const silentMax = 24 * time.Hour

// Exceptions returns the flow's part of the work list: rules that fired, and facts on which
// two sources differ or the booking one is silent (V-AUT-01).
func (o *Owner) Exceptions(ctx context.Context) (out []exception.Item, err error) {
	_, err = o.consistent(ctx, func(s *state) error {
		out = out[:0]
		err := o.cache.Scan(ctx, tableExceptions, store.Range{}, 0, func(_ string, value []byte) bool {
			var item exception.Item
			if uerr := json.Unmarshal(value, &item); uerr != nil {
				s.err = fault.Wrap(uerr, fault.ChainBroken, "flow.exceptions", "item")
				return false
			}
			out = append(out, item)
			return true
		})
		if err != nil {
			return err
		}
		for i, item := range out {
			if item.Status == exception.Open {
				out[i].Waiting, _ = load[int64](s, tableWaiting, subjectKey(record.Wait{Code: item.Code, Subject: item.Subject}))
			}
		}
		breaks, err := o.breaks(ctx, s)
		if err != nil {
			return err
		}
		conflicts, err := o.conflicts(ctx, s)
		if err != nil {
			return err
		}
		overdue, err := o.overdue(ctx, s)
		out = slices.Concat(out, breaks, conflicts, overdue)
		return err
	})
	return out, err
}

// breaks lists what the sources report differently now.
func (o *Owner) breaks(ctx context.Context, s *state) (out []exception.Item, err error) {
	now := o.opts.Clock()
	var keys []string
	err = o.cache.Scan(ctx, tableUnequal, store.Range{}, 0, func(key string, _ []byte) bool {
		keys = append(keys, key)
		return true
	})
	for _, key := range keys {
		doc, ok := load[reportDoc](s, tableReports, key)
		if !ok || !doc.unequal() {
			continue
		}
		first, rerr := o.Record(ctx, doc.Since)
		if rerr != nil {
			return out, rerr
		}
		if len(doc.By) < 2 && now.Sub(first.At) < silentMax {
			continue
		}
		detail, _ := json.Marshal(doc.By)
		out = append(out, exception.New(exception.Report{
			Code: fault.AuthorityBreak, Source: exception.SourceFlow, Subject: subjectOf(key),
			Detail: "reported: " + string(detail), Position: doc.Since, Refs: lineage.Named(first.Event),
		}, first.At))
	}
	return out, err
}

// subjectOf renders a document key for people.
func subjectOf(key string) string {
	return strings.TrimSpace(strings.ReplaceAll(key, store.KeySep, " "))
}

// Tail returns the journal's end.
func (o *Owner) Tail(ctx context.Context) (journal.Watermark, error) {
	mark, _, err := o.log.Tail(ctx)
	return mark, err
}

// Reference returns a row of reference data through time.
func (o *Owner) Reference(ctx context.Context, table event.Table, key string) (reference.History, error) {
	doc, err := o.cache.Doc(ctx, reference.DocTable, reference.RowKey(table, key))
	if err != nil {
		return nil, err
	}
	return reference.ParseHistory(doc)
}

// ReferenceRows calls fn for every row of a table behind a key, in the order of keys.
func (o *Owner) ReferenceRows(ctx context.Context, table event.Table, after string, fn func(key string, h reference.History) bool) error {
	var bad error
	rows := store.Prefix(reference.RowKey(table, ""))
	if after != "" {
		rows.From = reference.RowKey(table, after) + store.KeySep
	}
	err := o.cache.Scan(ctx, reference.DocTable, rows, 0, func(key string, value []byte) bool {
		h, err := reference.ParseHistory(value)
		if err != nil {
			bad = err
			return false
		}
		_, row := reference.CutRowKey(key)
		return fn(row, h)
	})
	if err == nil {
		err = bad
	}
	return err
}
