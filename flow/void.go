package flow

import (
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// postVoid takes back what the original moved. An original that is settled, void already or of
// another day or place cannot be voided any more: the void moves nothing and is V-VOID-01, to
// be told as a return (A9). So is one whose original has not arrived, until it does.
func (d *decision) postVoid(v *event.PostVoid) (stock.Effect, error) {
	t := d.resolve(v.Original)
	if t.Fact == 0 {
		return stock.Effect{}, &lack{fault: fault.New(fault.VoidRefused, v.Original.String(), "a void names it, and it has not arrived")}
	}
	sale, err := d.c.record(t.Fact)
	if err != nil {
		return stock.Effect{}, err
	}
	why := unvoidable(sale, d.day, d.place)
	if why == "" {
		why = d.s.void(sale)
	}
	if why == "" {
		why = d.s.settled(sale)
	}
	if why != "" {
		d.flag(fault.VoidRefused, d.e.Key, why)
		return stock.Effect{}, nil
	}
	if sale.Outcome.Standing != d.outcome.Standing {
		return stock.Effect{}, nil
	}
	d.outcome.Voids, d.outcome.VoidsPayments = t.Fact, payments(sale)
	return stock.Mirror(d.s, d.deedsOf(sale).moves, d.e.Time), nil
}

// unvoidable says why a void of that day and place cannot take a transaction back.
func unvoidable(sale *record.Record, day retail.Date, at retail.LocationID) string {
	if sale.Event.Day() != day || sale.Outcome.Location != at {
		return "the original is of " + sale.Event.Day().String() + " at " + string(sale.Outcome.Location)
	}
	return ""
}

// void says by what a transaction is void already.
func (s *state) void(sale *record.Record) string {
	by, ok := load[int64](s, tableVoids, store.Ordinal(sale.Position))
	if !ok {
		return ""
	}
	return "the original is void by position " + strconv.FormatInt(by, 10)
}

// settled says which tender of a transaction is settled.
func (s *state) settled(sale *record.Record) string {
	for _, reference := range payments(sale) {
		id := reference
		if full, ok := load[string](s, tablePaymentNames, reference); ok {
			id = full
		}
		if doc, ok := load[progressDoc](s, tableProgress, progressKey(progress.Payment, id, "")); ok && doc.Total(progress.Settled) > 0 {
			return "payment " + id + " of the original is settled"
		}
	}
	return ""
}

// payments returns the references by which the tenders of a transaction name payments.
func payments(sale *record.Record) (out []string) {
	var tenders []event.Tender
	switch v := sale.Event.Data.(type) {
	case *event.Sale:
		tenders = v.Tenders
	case *event.Exchange:
		tenders = v.Tenders
	}
	for _, t := range tenders {
		if t.Reference != "" && !slices.Contains(out, t.Reference) {
			out = append(out, t.Reference)
		}
	}
	return out
}

// settledNames are the references by which a tender may name a payment that is settled: its id
// with its processor, and the processor's own.
func settledNames(v *event.PaymentSettled) []string {
	if v.Of.Type != retail.RefPayment {
		return nil
	}
	return []string{v.Of.ID, strings.TrimPrefix(v.Of.ID, v.Processor+retail.Sep)}
}

// settledVoid raises that a payment is settled whose transaction was voided before: the void
// came too late after all, or the processor took money that nobody owes (A9).
func (d *decision) settledVoid(v *event.PaymentSettled) error {
	for _, name := range settledNames(v) {
		position, ok := load[int64](d.s, tableVoidedPayments, name)
		if !ok {
			continue
		}
		void, err := d.c.record(position)
		if err != nil {
			return err
		}
		body, ok := void.Event.Data.(*event.PostVoid)
		if !ok {
			continue
		}
		original := d.resolve(body.Original).Fact
		if by, _ := load[int64](d.s, tableVoids, store.Ordinal(original)); by == position {
			d.flag(fault.VoidRefused, void.Event.Key, "payment "+v.Of.ID+" of the original is settled all the same")
			return nil
		}
	}
	return nil
}

// unvoid gives a transaction back what a replaced version of its void took.
func (d *decision) unvoid(old *record.Record, v *event.PostVoid) error {
	fact := d.resolve(v.Original).Fact
	by, _ := load[int64](d.s, tableVoids, store.Ordinal(fact))
	if by != old.Position {
		return nil
	}
	sale, err := d.c.record(fact)
	if err != nil {
		return err
	}
	d.outcome.Unvoids = fact
	d.s.Put(tableVoids, store.Ordinal(fact), nil)
	d.reverse(stock.Mirror(d.s, mirrored(d.deedsOf(sale).moves), old.Event.Time))
	return nil
}

// mirrored turns moves round.
func mirrored(moves []stock.Move) []stock.Move {
	out := slices.Clone(moves)
	for i := range out {
		out[i].Quantity = -out[i].Quantity
	}
	return out
}

// staysVoid takes the new version of a voided transaction back like the one before.
func (d *decision) staysVoid() {
	if d.voided == nil {
		return
	}
	if why := unvoidable(d.fact(d.c.next(), d.c.at), d.voided.Event.Day(), d.voided.Outcome.Location); why != "" {
		d.flag(fault.VoidRefused, d.voided.Event.Key, why)
		return
	}
	d.outcome.VoidedBy = d.voided.Position
	d.reverse(stock.Mirror(d.s, d.outcome.Moves, d.voided.Event.Time))
}

// moveVoided takes back what a line of a voided transaction has moved that waited.
func (d *decision) moveVoided(position int64) error {
	by, ok := load[int64](d.s, tableVoids, store.Ordinal(position))
	if !ok {
		return nil
	}
	void, err := d.c.record(by)
	if err == nil {
		d.take(stock.Mirror(d.s, d.outcome.Moves, void.Event.Time))
	}
	return err
}

// keepVoid keeps which transactions are void, and by what.
func keepVoid(s *state, r *record.Record) {
	o := r.Outcome
	if o.Standing != record.Books {
		return
	}
	for _, position := range []int64{o.Revises, o.Unvoids} {
		if position != 0 {
			s.Put(tableVoids, store.Ordinal(position), nil)
		}
	}
	if o.VoidedBy != 0 {
		save(s, tableVoids, store.Ordinal(r.Position), o.VoidedBy)
	}
	keepVoided(s, r.Position, o.Voids, o.VoidsPayments)
	if v, ok := r.Event.Data.(*event.PaymentSettled); ok {
		for _, name := range settledNames(v) {
			save(s, tablePaymentNames, name, v.Of.ID)
		}
	}
}

// keepVoided keeps that the void at a position has taken a transaction back.
func keepVoided(s *state, position, transaction int64, payments []string) {
	if transaction == 0 {
		return
	}
	save(s, tableVoids, store.Ordinal(transaction), position)
	for _, reference := range payments {
		save(s, tableVoidedPayments, reference, position)
	}
}
