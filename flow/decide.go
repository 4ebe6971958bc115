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
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
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
	// warehouse says that the place must not go negative (V-INV-01).
	warehouse bool
	channel   retail.ChannelID
	bytes     []byte
	outcome   record.Outcome
	waiting   *waitingFact // the last one that was read
}

// decide says what becomes of a submission and journals it where it is accepted. An error
// is one of reading the database; what is wrong with the event is in the answer.
func (c *chunk) decide(sub *record.Submission) (record.Answer, error) {
	c.scratch.Reset()
	d := &decision{c: c, s: c.trial, e: sub.Event, command: sub.Command, bytes: sub.Event.AppendFact(nil)}
	d.outcome.Receipt = sub.Receipt
	answer, journaled, err := d.run()
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
	answer.Status, answer.Position = record.Accepted, c.next()
	answer.Standing, answer.Flags = d.outcome.Standing, d.outcome.Flags
	err = c.add(d)
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
	if known {
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
	if d.outcome.Standing != record.Books {
		d.link()
		return answer, true, nil
	}
	if d.outcome.Revises != 0 {
		if err := d.takeBack(); err != nil {
			return answer, false, err
		}
	}
	d.link()
	return answer, true, d.act()
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
		return record.Answer{Status: record.Duplicate, Position: have.Position, Standing: record.Standing(have.Standing)}, true
	case d.e.SourceVersion > have.Version:
		d.outcome.Revises = have.Position
		return record.Answer{}, false
	case d.e.SourceVersion < have.Version:
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
	w := d.e.Data.Where()
	if w.Other != "" {
		id, _, ok := d.s.book.Location(reference.Naming{System: d.e.System}, w.Other, d.day)
		if !ok {
			return d.unplaced(w.Other)
		}
		d.other, d.outcome.Other = id, id
	}
	switch {
	case w.Location != "":
		id, row, ok := d.s.book.Location(reference.Naming{System: d.e.System}, w.Location, d.day)
		if !ok {
			return d.unplaced(w.Location)
		}
		d.place, d.outcome.Location = id, id
		d.outcome.Entity = retail.EntityID(row["entity"])
		d.warehouse = row["kind"] == "WAREHOUSE"
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

// takeBack reverses what the revised version moved (L7); its money is booking's to reverse.
func (d *decision) takeBack() error {
	old, err := d.c.record(d.outcome.Revises)
	if err != nil {
		return err
	}
	if old.Outcome.Standing != record.Books {
		return nil
	}
	for _, m := range slices.Concat(old.Outcome.Moves, d.takeBackWaiting(old)) {
		if m.Bucket == event.Reserved || m.Bucket == event.AllocatedStock {
			continue // claims are replaced by what the new version says
		}
		m.Quantity = -m.Quantity
		d.outcome.Moves = append(d.outcome.Moves, m)
		d.s.Add(tablePositions, positionKey(m.Place, m.Bucket, m.Owner), int64(m.Quantity))
	}
	return nil
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
		if ref.Type == retail.RefPayout || ref.Type == retail.RefTrace {
			continue // a payout gathers many orders
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
	effect, err := l.effect(d, item, q)
	if err != nil {
		return "", err
	}
	d.take(effect)
	return item, nil
}

// take adds an effect to the outcome and makes it visible to the lines after it.
func (d *decision) take(effect stock.Effect) {
	d.outcome.Moves = append(d.outcome.Moves, effect.Moves...)
	d.outcome.Claims = mergeClaims(d.outcome.Claims, effect.Claims)
	for _, f := range effect.Flags {
		d.flag(f.Code, f.Subject, f.Detail)
	}
	applyEffect(d.s, effect)
}

func (d *decision) flag(code fault.Code, subject, detail string) {
	d.outcome.Flags = append(d.outcome.Flags, record.Flag{Code: code, Subject: subject, Detail: detail})
}

func mergeClaims(have, changed []stock.Claim) []stock.Claim {
next:
	for _, c := range changed {
		for i := range have {
			if have[i].ID == c.ID {
				have[i] = c
				continue next
			}
		}
		have = append(have, c)
	}
	return have
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
