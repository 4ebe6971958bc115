package flow

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// apply does to the operations projection what a record's outcome says. It decides nothing:
// replay of a journal gives the same rows, whatever code decides by then.
func apply(s *state, r *record.Record) error {
	o := r.Outcome
	remember(s, r)
	applyEffect(s, stock.Effect{Moves: o.Moves, Claims: o.Claims})
	move(s, r, movementDoc{stock.Movement{Occurred: r.Event.Time}, r.Event.Type()}, 0, o.Moves)
	release(s, r)
	if o.Standing == record.Books || o.Standing == record.Corroborates {
		declare(s, r)
		compare(s, r)
	}
	if o.Standing == record.Books {
		if err := govern(s, r); err != nil {
			return err
		}
	}
	wait(s, r)
	raise(s, r)
	return s.Err()
}

// remember keeps the idempotency key for ever, and the thread of the fact.
func remember(s *state, r *record.Record) {
	key := event.IdempotencyKey(r.Tenant, r.Event)
	if r.Outcome.Standing != record.History {
		content := r.Event.ContentHash()
		save(s, tableKeys, string(key[:]), keyDoc{
			Position: r.Position, Content: content[:], Version: r.Event.SourceVersion, Standing: string(r.Outcome.Standing),
		})
	}
	at := store.Ordinal(r.Position)
	refs := append(lineage.Named(r.Event), retail.Ref{Type: "event", ID: event.IDOf(key)}, retail.Ref{Type: "key", ID: r.Event.Key})
	for _, ref := range refs {
		s.Put(tableThread, store.Key(ref.String(), at), []byte{})
		s.Put(tableThreadID, store.Key(ref.ID, string(ref.Type)), []byte{})
	}
}

// applyEffect changes positions and claims, and the lists that lead to claims.
func applyEffect(s *state, effect stock.Effect) {
	for _, m := range effect.Moves {
		s.Add(tablePositions, positionKey(m.Place, m.Bucket, m.Owner), int64(m.Quantity))
	}
	for _, c := range effect.Claims {
		keepClaim(s, c)
	}
}

func keepClaim(s *state, c stock.Claim) {
	old, had := s.Claim(c.ID)
	if had {
		if due := old.Deadline(); !due.IsZero() {
			s.Put(tableDue, store.Key(store.Ordinal(due.UnixMicro()), string(c.ID)), nil)
		}
		for _, h := range old.Holds() {
			listClaim(s, tableClaimsAt, placeKey(stock.Place{Item: old.Item, Location: h.Location}), c.ID, false)
		}
	}
	save(s, tableClaims, string(c.ID), c)
	if due := c.Deadline(); !due.IsZero() {
		s.Put(tableDue, store.Key(store.Ordinal(due.UnixMicro()), string(c.ID)), []byte{})
	}
	for _, h := range c.Holds() {
		listClaim(s, tableClaimsAt, placeKey(stock.Place{Item: c.Item, Location: h.Location}), c.ID, true)
	}
	if c.OrderLine != "" && !c.ID.Waiting() {
		listClaim(s, tableClaimsOf, lineKey(c.Order, c.OrderLine), c.ID, true)
	}
}

// listClaim adds a claim to a list, oldest first, or takes it out.
func listClaim(s *state, table, key string, id stock.ClaimID, in bool) {
	ids, _ := load[[]stock.ClaimID](s, table, key)
	i := slices.Index(ids, id)
	switch {
	case in && i < 0:
		age := func(id stock.ClaimID) int64 { c, _ := s.Claim(id); return c.MadeAt }
		at, _ := slices.BinarySearchFunc(ids, id, func(a, b stock.ClaimID) int {
			if n := age(a) - age(b); n != 0 {
				return int(max(-1, min(1, n)))
			}
			return strings.Compare(string(a), string(b))
		})
		ids = slices.Insert(ids, at, id)
	case !in && i >= 0:
		ids = slices.Delete(ids, i, i+1)
	default:
		return
	}
	if len(ids) == 0 {
		s.Put(table, key, nil)
		return
	}
	save(s, table, key, ids)
}

// move keeps the movements of a fact for as-of questions; base keeps apart what one record
// moved for others.
func move(s *state, r *record.Record, fact movementDoc, base int, moves []stock.Move) {
	for i, m := range moves {
		doc := fact
		doc.Position, doc.At, doc.Move = r.Position, r.At, m
		if !m.Effective.IsZero() {
			doc.Occurred = m.Effective
		}
		save(s, tableMovements, store.Key(placeKey(m.Place), store.Ordinal(r.Position), store.Ordinal(int64(base+i))), doc)
	}
}

// declare keeps what the references mean that the fact gives a meaning to.
func declare(s *state, r *record.Record) {
	for _, a := range lineage.Declared(r.Event, r.Position) {
		if a.Ref.IsZero() {
			continue
		}
		s.Put(lineage.DocTable, a.Ref.String(), a.Target.Bytes())
	}
	switch d := r.Event.Data.(type) {
	case *event.OrderPlaced:
		keepOrder(s, r, d.Channel, d.Mode)
	case *event.MPOrder:
		keepOrder(s, r, d.Channel, event.ModeShip)
	case *event.ReservationMade:
		// A shop need not say how the customer gets the goods; whoever reserves knows.
		if order, ok := load[orderDoc](s, tableOrders, string(r.Outcome.Order)); ok && order.Mode == "" && d.Mode != "" {
			order.Mode = d.Mode
			save(s, tableOrders, string(r.Outcome.Order), order)
		}
	}
}

// keepOrder keeps where an order belongs and how its goods reach the customer.
func keepOrder(s *state, r *record.Record, channel retail.ChannelID, mode event.Mode) {
	id := string(lineage.OrderIDOf(r.Event.Header))
	order, _ := load[orderDoc](s, tableOrders, id)
	order.Entity, order.Channel = r.Outcome.Entity, channel
	if mode != "" {
		order.Mode = mode
	}
	save(s, tableOrders, id, order)
}

// compare counts what each source reports of one fact; sources that differ are V-AUT-01.
func compare(s *state, r *record.Record) {
	if factKind(r.Event) == "" || r.Outcome.Revises != 0 {
		return
	}
	for _, rep := range reported(r.Event, r.Outcome.Order, r.Outcome.OrderLines) {
		key := store.Key(rep.fact, rep.subject)
		doc, had := load[reportDoc](s, tableReports, key)
		if !had {
			doc = reportDoc{Fact: rep.fact, By: map[retail.SystemID]int64{}, Since: r.Position}
		}
		doc.By[r.Event.System] += rep.measure
		if r.Outcome.Standing == record.Books {
			doc.Books = r.Event.System
		}
		save(s, tableReports, key, doc)
		if doc.unequal() {
			s.Put(tableUnequal, key, []byte{})
		} else {
			s.Put(tableUnequal, key, nil)
		}
	}
}

// govern keeps reference data, and what it frees for the records that follow.
func govern(s *state, r *record.Record) error {
	d, ok := r.Event.Data.(*event.ReferenceSet)
	if !ok {
		return nil
	}
	key, doc, err := reference.Apply(s, d, r.Event.SourceVersion)
	if err != nil {
		return err
	}
	s.Put(reference.DocTable, key, doc)
	if len(r.Outcome.Frees) > 0 {
		save(s, tableFreeing, store.Ordinal(r.Position), freeingDoc{Table: d.Table, RowKey: d.RowKey, Waits: r.Outcome.Frees})
	}
	return nil
}

// raise puts the rules that fired on the work list.
func raise(s *state, r *record.Record) {
	for _, f := range r.Outcome.Flags {
		item := exception.New(exception.Report{
			Code: f.Code, Source: exception.SourceFlow, Subject: f.Subject, Detail: f.Detail,
			Position: r.Position, Evidence: r.Outcome.Receipt.Evidence, Refs: lineage.Named(r.Event),
		}, r.At)
		have, ok := load[exception.Item](s, tableExceptions, string(item.ID))
		if ok {
			item = have.Again(item)
		}
		save(s, tableExceptions, string(item.ID), item)
	}
}

// Follow brings the operations projection to the end of the journal and returns its memory.
// A watermark whose root the journal does not know belongs to another history (a restored
// backup): the projection is dropped and built anew.
func Follow(ctx context.Context, log journal.Log, views store.Views, logger *slog.Logger) (*store.Cache, error) {
	cache, err := store.OpenKnown(ctx, log, views, Operations, logger)
	if err != nil {
		return nil, err
	}
	book := reference.NewBook(nil)
	err = log.Read(ctx, cache.Mark().Next, func(c *journal.Chunk) error {
		return Absorb(ctx, cache, book, c)
	})
	return cache, err
}

// absorbMax bounds what is in memory only while a projection catches up.
const absorbMax = 50_000

// Absorb applies a chunk to the operations projection's memory.
func Absorb(ctx context.Context, cache *store.Cache, book *reference.Book, c *journal.Chunk) error {
	overlay := store.NewOverlay(ctx, cache)
	s := newState(overlay, book)
	for _, jr := range c.Records {
		r, err := record.Decode(c.Tenant, jr)
		if err != nil {
			return err
		}
		if err := apply(s, r); err != nil {
			return err
		}
	}
	cache.Absorb(overlay, c.End())
	if cache.Pending() > absorbMax {
		return cache.Flush(ctx)
	}
	return nil
}
