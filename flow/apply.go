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
	moved := o.Moved()
	applyEffect(s, stock.Effect{Moves: moved, Claims: o.Claims, Purchases: o.Purchases, Counts: o.Counts})
	move(s, r, movementDoc{stock.Movement{Occurred: r.Event.Time}, r.Event.Type()}, 0, moved)
	keepVoid(s, r)
	if err := release(s, r); err != nil {
		return err
	}
	if err := proceed(s, r, slices.Concat(o.Reverses.Advances, o.Advances)); err != nil {
		return err
	}
	if o.Standing == record.Books || o.Standing == record.Corroborates {
		declare(s, r)
		compare(s, r)
		describe(s, r)
	}
	if o.Standing == record.Books {
		if err := govern(s, r); err != nil {
			return err
		}
	}
	wait(s, r)
	free(s, r)
	raise(s, r)
	return s.Err()
}

// remember keeps the idempotency key for ever, and the thread of the fact.
func remember(s *state, r *record.Record) {
	key := event.IdempotencyKey(r.Tenant, r.Event)
	content := r.Event.ContentHash()
	have, had := load[keyDoc](s, tableKeys, string(key[:]))
	switch {
	case r.Outcome.Standing != record.History:
		if had {
			s.Put(tableVersions, versionKey(key[:], have.Content), []byte(store.Ordinal(have.Position)))
		}
		save(s, tableKeys, string(key[:]), keyDoc{
			Position: r.Position, Content: content[:], Version: r.Event.SourceVersion, Standing: string(r.Outcome.Standing),
		})
	case had && r.Event.SourceVersion > have.Version:
		have.Version = r.Event.SourceVersion
		save(s, tableKeys, string(key[:]), have)
	case had:
		s.Put(tableVersions, versionKey(key[:], content[:]), []byte(store.Ordinal(r.Position)))
	}
	at := store.Ordinal(r.Position)
	refs := append(lineage.Named(r.Event), retail.Ref{Type: "event", ID: event.IDOf(key)}, retail.Ref{Type: "key", ID: r.Event.Key})
	for _, ref := range refs {
		s.Put(tableThread, store.Key(ref.String(), at), []byte{})
		s.Put(tableThreadID, store.Key(ref.ID, string(ref.Type)), []byte{})
	}
}

// applyEffect changes positions, claims, order lines and counts, and the lists that lead to them.
func applyEffect(s *state, effect stock.Effect) {
	for _, m := range effect.Moves {
		s.Add(tablePositions, positionKey(m.Place, m.Bucket, m.Owner), int64(m.Quantity))
		if m.Shipment != "" {
			s.Add(tablePipeline, pipelineKey(m.Place, m.Bucket, m.Shipment), int64(m.Quantity))
		}
	}
	ship(s, effect.Moves)
	for _, p := range effect.Purchases {
		save(s, tablePurchases, string(p.ID), p)
	}
	for _, c := range effect.Counts {
		keepCount(s, c)
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
		if old.Unmet() > 0 {
			listClaim(s, tableBackorders, placeKey(old.Place), c.ID, false)
		}
	}
	if had && old.OrderLine != "" && lineKey(old.Order, old.OrderLine) != lineKey(c.Order, c.OrderLine) {
		listClaim(s, tableClaimsOf, lineKey(old.Order, old.OrderLine), c.ID, false)
	}
	save(s, tableClaims, string(c.ID), c)
	if due := c.Deadline(); !due.IsZero() {
		s.Put(tableDue, store.Key(store.Ordinal(due.UnixMicro()), string(c.ID)), []byte{})
	}
	for _, h := range c.Holds() {
		listClaim(s, tableClaimsAt, placeKey(stock.Place{Item: c.Item, Location: h.Location}), c.ID, true)
	}
	if c.Unmet() > 0 {
		listClaim(s, tableBackorders, placeKey(c.Place), c.ID, true)
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
		save(s, tableMovements, movementKey(m.Place, doc.Occurred, r.Position, base+i), doc)
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
	expect(s, r.Event)
	switch d := r.Event.Data.(type) {
	case *event.OrderPlaced:
		keepOrder(s, r, d.Channel, d.Mode, d.Aliases, d.Lines)
	case *event.MPOrder:
		keepOrder(s, r, d.Channel, event.ModeShip, d.Aliases, d.Lines)
	case *event.OrderModified:
		modifyOrder(s, d)
	case *event.LayawayOpened:
		keepLayaway(s, r, d)
	case *event.Shipped:
		// A shipment is known, whether something of it is still ours or not.
		doc, _ := load[shipmentDoc](s, tableShipments, d.Shipment.ID)
		doc.Lines = doc.Lines[:0]
		for _, l := range d.Lines {
			q := l.Quantity
			if base, ok := r.Outcome.Quantities[l.Line]; ok {
				q = base
			}
			if !l.Claim.IsZero() {
				doc.Lines = append(doc.Lines, shippedLine{l.Claim, q})
			}
		}
		save(s, tableShipments, d.Shipment.ID, doc)
	case *event.ReservationMade:
		// A shop need not say how the customer gets the goods; whoever reserves knows.
		if order, ok := load[orderDoc](s, tableOrders, string(r.Outcome.Order)); ok && order.Mode == "" && d.Mode != "" {
			order.Mode = d.Mode
			save(s, tableOrders, string(r.Outcome.Order), order)
		}
	}
}

// keepOrder keeps where an order belongs, what it asks for and how its goods reach the customer.
func keepOrder(s *state, r *record.Record, channel retail.ChannelID, mode event.Mode, names []retail.Ref, lines []event.OrderLine) {
	id := string(lineage.OrderIDOf(r.Event.Header))
	order, _ := load[orderDoc](s, tableOrders, id)
	order.Entity, order.Channel, order.System = r.Outcome.Entity, channel, r.Event.System
	order.Names = []string{retail.Ref{Type: retail.RefOrder, ID: id}.String()}
	for _, name := range names {
		order.Names = append(order.Names, name.String())
	}
	order.Lines = order.Lines[:0]
	for _, l := range lines {
		order.Lines = append(order.Lines, orderLineDoc{l.Line, l.Item, l.Unit, l.Quantity})
	}
	if mode != "" {
		order.Mode = mode
	}
	save(s, tableOrders, id, order)
}

// modifyOrder keeps what an order asks for in addition, under the name by which the
// modification knows it: it may come before the order. What it asks less for was given up.
func modifyOrder(s *state, d *event.OrderModified) {
	if len(d.Added) == 0 {
		return
	}
	added, _ := load[[]orderLineDoc](s, tableOrderAdds, d.Order.String())
	for _, l := range d.Added {
		added = slices.DeleteFunc(added, func(have orderLineDoc) bool { return have.Line == l.Line })
		added = append(added, orderLineDoc{l.Line, l.Item, l.Unit, l.Quantity})
	}
	save(s, tableOrderAdds, d.Order.String(), added)
}

// keepLayaway keeps which lines a layaway put aside.
func keepLayaway(s *state, r *record.Record, d *event.LayawayOpened) {
	doc := layawayDoc{Location: r.Outcome.Location}
	for _, l := range d.Lines {
		doc.Lines = append(doc.Lines, layawayLine{layawayClaim(d.Layaway, l.Line), l.Quantity})
	}
	save(s, tableLayaways, d.Layaway, doc)
}

// ship keeps what a shipment has on its way to a customer.
func ship(s *state, moves []stock.Move) {
	for _, m := range moves {
		if m.Bucket != event.ShippedNotDelivered {
			continue
		}
		doc, _ := load[shipmentDoc](s, tableShipments, m.Shipment)
		i := slices.IndexFunc(doc.Goods, func(g shippedGoods) bool { return g.Place == m.Place })
		if i < 0 {
			i = len(doc.Goods)
			doc.Goods = append(doc.Goods, shippedGoods{Place: m.Place})
		}
		doc.Goods[i].Quantity += m.Quantity
		save(s, tableShipments, m.Shipment, doc)
	}
}

// keepCount keeps a count, and the order of the counts of its place.
func keepCount(s *state, c stock.Count) {
	if old, ok := (counts{s}).Count(c.ID); ok && (old.Place != c.Place || old.Bucket != c.Bucket || !old.Cutoff.Equal(c.Cutoff)) {
		s.Put(tableCountsAt, countKey(old.Place, old.Bucket, old.Cutoff, old.ID), nil)
	}
	save(s, tableCounts, string(c.ID), c)
	s.Put(tableCountsAt, countKey(c.Place, c.Bucket, c.Cutoff, c.ID), []byte{})
	last, _ := load[int64](s, tableLastCount, string(c.Location))
	if at := c.Cutoff.UnixMicro(); at > last {
		save(s, tableLastCount, string(c.Location), at)
	}
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
	return nil
}

// free keeps what the records after this one release: what a row of reference data tells, or
// what waited for a document.
func free(s *state, r *record.Record) {
	if len(r.Outcome.Frees) == 0 {
		return
	}
	doc := freeingDoc{Table: lineage.DocTable, RowKey: r.Event.Key, Waits: r.Outcome.Frees}
	if d, ok := r.Event.Data.(*event.ReferenceSet); ok {
		doc.Table, doc.RowKey = d.Table, d.RowKey
	}
	save(s, tableFreeing, store.Ordinal(r.Position), doc)
}

// raise puts the rules that fired on the work list.
func raise(s *state, r *record.Record) {
	for _, f := range r.Outcome.Flags {
		item := exception.New(exception.Report{
			Code: f.Code, Source: exception.SourceFlow, Subject: f.Subject, Detail: f.Detail,
			Position: r.Position, Evidence: r.Outcome.Receipt.Evidence, Refs: lineage.Named(r.Event), Severity: exception.Severity(f.Severity),
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
