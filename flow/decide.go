package flow

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// futureMax is how far a source's clock may be ahead (V-DATE-01).
const futureMax = 15 * time.Minute

// decision is one event on its way through the owner. What it writes to its state is for its
// own eyes, so that a refusal leaves nothing behind; the outcome is applied afterwards.
type decision struct {
	c       *chunk
	s       *state
	e       *event.Event
	command bool
	day     retail.Date
	place   retail.LocationID
	// other is the other end of a movement.
	other retail.LocationID
	// late says that a line that waited is tried again.
	late    bool
	channel retail.ChannelID
	bytes   []byte
	outcome record.Outcome
	// effect is what was taken so far, with flags that a recount may make void.
	effect   stock.Effect
	recounts []stock.Recomputation
	waiting  *waitingFact // the last one that was read
	// voided is the void of the transaction that is revised.
	voided *record.Record
}

// decide says what becomes of a submission and journals it where it is accepted, together with
// what the owner derives from it. An error is one of reading the database, or errFull; what is
// wrong with the event is in the answer.
func (c *chunk) decide(sub *record.Submission) (record.Answer, error) {
	c.scratch.Reset()
	d := &decision{c: c, s: c.trial, e: sub.Event, command: sub.Command, bytes: sub.Event.AppendFact(nil)}
	d.outcome.Receipt = sub.Receipt
	answer, journaled, err := d.run()
	all := []*decision{d}
	if err == nil && journaled {
		all, err = d.derive(all)
	}
	if err != nil {
		if unanswered(err) {
			return record.Answer{}, err
		}
		answer = record.Refuse(err)
	}
	answer.EventID = event.ID(c.o.opts.Tenant, d.e)
	if err := c.trial.Err(); err != nil {
		return record.Answer{}, err
	}
	if !journaled || err != nil {
		return answer, nil
	}
	if answer.Status != record.Duplicate {
		answer.Status, answer.Position, answer.Standing = record.Accepted, c.next(), d.outcome.Standing
	}
	answer.Flags = d.outcome.Flags
	err = c.add(all)
	if fault.HasCode(err, fault.TooLarge) {
		refusal := record.Refuse(err)
		refusal.EventID = answer.EventID
		return refusal, nil
	}
	return answer, err
}

// unanswered reports whether a fault is one of the database, which says nothing of the event.
func unanswered(err error) bool {
	switch fault.KindOf(err) {
	case fault.Unavailable, fault.Corrupt, fault.Unknown:
		return true
	}
	return false
}

// run is the order of questions: is it new, where does it belong, who books it, what does it do.
func (d *decision) run() (answer record.Answer, journaled bool, err error) {
	d.day = d.e.Day()
	d.s.day = d.day
	d.outcome.Standing = record.Books
	answer, known := d.recall()
	if known && d.outcome.Standing != record.History {
		return answer, false, nil
	}
	if answer.Status == record.Conflicting {
		return answer, false, nil
	}
	if err := d.locate(); err != nil {
		return answer, false, err
	}
	if d.outcome.Standing == record.Books {
		d.authorise()
	}
	if d.e.Time.After(d.c.at.Add(futureMax)) {
		d.flag(fault.DateInFuture, d.e.Key, fmt.Sprintf("it says %s", d.e.Time.Format(time.RFC3339)))
	}
	if d.outcome.Standing == record.Books && d.outcome.Revises != 0 {
		if err := d.takeBack(); err != nil {
			return answer, false, err
		}
	}
	d.link()
	if d.outcome.Standing == record.Books {
		if err := d.act(); err != nil {
			return answer, false, err
		}
		d.staysVoid()
		if v, ok := d.e.Data.(*event.PaymentSettled); ok {
			if err := d.settledVoid(v); err != nil {
				return answer, false, err
			}
		}
		d.advances()
		d.recheck()
		d.recount()
	}
	if d.outcome.Standing != record.History {
		d.arrive()
	}
	return answer, true, nil
}

// recall asks whether the key is known: a duplicate, a conflict, history or a revision (0.3).
func (d *decision) recall() (record.Answer, bool) {
	key := event.IdempotencyKey(d.c.o.opts.Tenant, d.e)
	have, ok := load[keyDoc](d.s, tableKeys, string(key[:]))
	if !ok {
		return record.Answer{}, false
	}
	content := d.e.ContentHash()
	switch {
	case bytes.Equal(content[:], have.Content):
		if d.e.SourceVersion > have.Version {
			d.outcome.Standing = record.History // it says nothing new, and a version between the two is late from now on
		}
		return record.Answer{Status: record.Duplicate, Position: have.Position, Standing: record.Standing(have.Standing)}, true
	case d.e.SourceVersion > have.Version:
		d.outcome.Revises = have.Position
		return record.Answer{}, false
	case d.e.SourceVersion < have.Version:
		if at := d.s.Get(tableVersions, versionKey(key[:], content[:])); at != nil {
			return record.Answer{Status: record.Duplicate, Position: store.FromOrdinal(string(at)), Standing: record.History}, true
		}
		d.outcome.Standing = record.History
		return record.Answer{}, false
	}
	a := record.Refuse(fault.New(fault.KeyConflict, d.e.Key, "position %d holds this key with other content", have.Position))
	a.Position = have.Position
	return a, false
}

// locate finds the places and the legal entity on the business date (V-LOC-01 where there is
// none). An event that names only documents belongs where its order does.
func (d *decision) locate() error {
	w, naming := d.e.Data.Where(), d.s.book.NamingOf(d.e)
	if w.Other != "" {
		id, _, ok := d.s.book.Location(naming, w.Other, d.day)
		if !ok {
			return d.unplaced(w.Other)
		}
		d.other, d.outcome.Other = id, id
	}
	switch {
	case w.Location != "":
		id, row, ok := d.s.book.Location(naming, w.Location, d.day)
		if !ok {
			return d.unplaced(w.Location)
		}
		d.place, d.outcome.Location = id, id
		d.outcome.Entity = retail.EntityID(row["entity"])
		d.channel = retail.ChannelID(row["channel"])
		if d.channel == "" {
			d.channel = "STORE"
		}
		return nil
	case w.Processor != "":
		if row, ok := d.s.book.MerchantAccount(w.Processor, w.Account, d.e.Instance, d.day); ok {
			d.outcome.Entity = retail.EntityID(row["entity"])
			return nil
		}
		// A shop that reports a payment knows the order's entity, not the processor's account.
		return d.bySource("merchant account " + retail.Key(w.Processor, w.Account))
	case w.Bank != "":
		row, ok := d.s.book.BankAccount(w.Bank, d.day)
		if !ok {
			return fault.New(fault.LocationUnknown, "bank account "+w.Bank, "no legal entity on %s", d.day)
		}
		d.outcome.Entity = retail.EntityID(row["entity"])
		return nil
	case w.Source:
		return d.bySource("shop " + retail.Key(string(d.e.System), string(d.e.Instance)))
	}
	if order, ok := load[orderDoc](d.s, tableOrders, string(d.orderOf())); ok {
		d.outcome.Entity = order.Entity
	}
	return nil
}

func (d *decision) unplaced(code string) error {
	return fault.New(fault.LocationUnknown, "location "+code, "%s does not name a known location on %s%s", d.e.System, d.day, doubt(code))
}

// bySource takes the legal entity of the source instance; subject is what lacks one.
func (d *decision) bySource(subject string) error {
	row, ok := d.s.book.Shop(d.e.System, d.e.Instance, d.day)
	if !ok {
		return fault.New(fault.LocationUnknown, subject, "no legal entity on %s", d.day)
	}
	d.outcome.Entity = retail.EntityID(row["entity"])
	return nil
}

// authorise asks the authority table whether this source books this kind of fact.
func (d *decision) authorise() {
	fact := factKind(d.e)
	if fact == "" {
		return
	}
	channel := d.channel
	if order, ok := load[orderDoc](d.s, tableOrders, string(d.orderOf())); ok {
		channel = order.Channel
	}
	books, ruled := d.s.book.Books(fact, d.outcome.Entity, channel, d.day)
	if ruled && books != d.e.System {
		d.outcome.Standing = record.Corroborates
	}
}

// link resolves the order and the order lines that the fact names, as far as they are known.
func (d *decision) link() {
	d.outcome.Order = d.orderOf()
	for _, l := range claimed(d.e) {
		t := d.resolve(l.claim)
		if t.Line == "" {
			continue
		}
		if d.outcome.OrderLines == nil {
			d.outcome.OrderLines = map[string]string{}
		}
		d.outcome.OrderLines[l.line] = t.Line
	}
}

// orderOf returns the order of the first reference that leads to one.
func (d *decision) orderOf() retail.OrderID {
	switch d.e.Data.(type) {
	case *event.OrderPlaced, *event.MPOrder:
		return lineage.OrderIDOf(d.e.Header)
	}
	for _, ref := range lineage.Named(d.e) {
		switch ref.Type {
		case retail.RefPayout, retail.RefTrace:
			continue // a payout gathers many orders
		case retail.RefReference:
			continue // a row of reference data belongs to none
		}
		if t := d.resolve(ref); t.Order != "" {
			return t.Order
		}
	}
	return ""
}

func (d *decision) resolve(ref retail.Ref) lineage.Target {
	t, _, err := lineage.Resolve(d.s, ref)
	if err != nil && d.s.err == nil {
		d.s.err = err
	}
	return t
}

// act decides what a booking fact does to stock, line by line: a line that lacks reference
// data waits, its neighbours go on (V-ITEM-01).
func (d *decision) act() error {
	switch v := d.e.Data.(type) {
	case *event.ReferenceSet:
		return d.refer(v)
	case *event.LinesReleased:
		return d.releaseLines()
	}
	for _, l := range lines(d.e) {
		_, err := d.move(l)
		if lacks, ok := errors.AsType[*lack](err); ok && !d.command {
			d.unmake(l)
			d.wait(l, lacks)
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// move decides what a line does, and returns the item that it moves.
func (d *decision) move(l line) (retail.ItemID, error) {
	item, q, err := d.identify(l)
	if err != nil {
		return "", err
	}
	if d.s.isService(item, d.day) {
		return item, nil
	}
	effect, err := l.effect(d, item, q)
	if err != nil {
		return "", err
	}
	d.take(effect)
	return item, nil
}

// isService reports whether an item is no goods: it has no stock.
func (s *state) isService(item retail.ItemID, day retail.Date) bool {
	row, _ := s.book.Row(event.TableItems, string(item), day)
	return row["kind"] == event.ItemService
}

// take adds an effect to the outcome and makes it visible to the lines after it.
func (d *decision) take(effect stock.Effect) {
	o := &d.outcome
	o.Moves = append(o.Moves, effect.Moves...)
	o.Claims = merge(o.Claims, effect.Claims, func(c stock.Claim) stock.ClaimID { return c.ID })
	o.Purchases = merge(o.Purchases, effect.Purchases, func(p stock.Purchase) stock.PurchaseID { return p.ID })
	o.Counts = merge(o.Counts, effect.Counts, func(c stock.Count) stock.CountID { return c.ID })
	o.Served = append(o.Served, effect.Served...)
	d.effect.Moves = append(d.effect.Moves, effect.Moves...)
	d.effect.Flags = append(d.effect.Flags, effect.Flags...)
	applyEffect(d.s, effect)
}

// merge replaces what changed again and adds what changed first.
func merge[T any, ID comparable](have, changed []T, id func(T) ID) []T {
	for _, c := range changed {
		if i := slices.IndexFunc(have, func(h T) bool { return id(h) == id(c) }); i >= 0 {
			have[i] = c
		} else {
			have = append(have, c)
		}
	}
	return have
}

// arrive frees what waited for the documents that the fact is.
func (d *decision) arrive() {
	for _, ref := range arrivals(d.e, d.c.next()) {
		for _, code := range []fault.Code{fault.ParentMissing, fault.VoidRefused} {
			w := record.Wait{Code: code, Subject: ref.String()}
			if n, _ := load[int64](d.s, tableWaiting, subjectKey(w)); n > 0 {
				d.outcome.Frees = append(d.outcome.Frees, w)
			}
		}
	}
}

// arrivals are the documents that a fact brings.
func arrivals(e *event.Event, position int64) []retail.Ref {
	if v, ok := e.Data.(*event.LayawayOpened); ok {
		return []retail.Ref{{Type: retail.RefLayaway, ID: v.Layaway}}
	}
	var out []retail.Ref
	for _, a := range lineage.Declared(e, position) {
		if a.Ref.ID != "" {
			out = append(out, a.Ref)
		}
	}
	return out
}

// policy returns a policy of the fact's legal entity on its day, or the default of the rule book.
func (d *decision) policy(name, otherwise string) string {
	return d.s.book.Policy(d.outcome.Entity, name, otherwise, d.day)
}

func (d *decision) flag(code fault.Code, subject, detail string) {
	d.outcome.Flags = append(d.outcome.Flags, record.Flag{Code: code, Subject: subject, Detail: detail})
}

// record reads a journaled record, from this chunk or from the journal.
func (c *chunk) record(position int64) (*record.Record, error) {
	if i := position - c.o.mark.Next; i >= 0 {
		return record.Decode(c.o.opts.Tenant, c.records[i])
	}
	r, err := c.o.log.Record(c.overlay.Context(), position)
	if err != nil {
		return nil, err
	}
	return record.Decode(c.o.opts.Tenant, r)
}

// fact is the decided event as the journal will hold it.
func (d *decision) fact(position int64, at time.Time) *record.Record {
	return &record.Record{
		Record: journal.Record{Position: position, At: at}, Tenant: d.c.o.opts.Tenant, Event: d.e, Outcome: &d.outcome,
	}
}
