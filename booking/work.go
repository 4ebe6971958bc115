package booking

import (
	"encoding/json"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// work is one task on its way into the books.
type work struct {
	p    *pass
	o    *store.Overlay
	ref  *reference.Book
	fact *record.Record
	task task
	day  retail.Date // the fact's business date
	// goodsItem is the item that the task handles, for what its row lacks.
	goodsItem retail.ItemID
	// booked continues the pass's count of entries; provided are causes that others wait for.
	booked   int
	provided []string
	// spawned are tasks that this one leaves behind.
	spawned []task
}

// tasks returns what of a record books, in the order in which it books.
func tasks(r *record.Record) []task {
	one := func(parts ...part) (out []task) {
		for _, p := range parts {
			out = append(out, task{Position: r.Position, Part: p})
		}
		return out
	}
	if _, ok := r.Event.Data.(*event.ReturnAccepted); ok && r.Outcome.Standing == record.Corroborates {
		return one(partLink)
	}
	if r.Outcome.Standing != record.Books {
		return nil
	}
	switch d := r.Event.Data.(type) {
	case *event.OrderPlaced:
		return one(partOrder)
	case *event.Sale:
		out := one(partSale)
		for _, l := range d.Lines {
			out = append(out, task{r.Position, partRevenue, l.Line}, task{r.Position, partCost, l.Line})
		}
		return out
	case *event.PickedUp:
		return fulfilTasks(r.Position, d.Lines)
	case *event.Fulfilled:
		return fulfilTasks(r.Position, d.Lines)
	case *event.ReturnAccepted:
		return one(partRevenue, partCost, partLink)
	case *event.ReturnNoReceipt:
		return one(partRevenue, partCost)
	case *event.PaymentCaptured, *event.RefundIssued, *event.PaymentSettled, *event.Payout, *event.BankLine:
		return one(partTender)
	case *event.POReceived:
		return one(partCost)
	case *event.StockAdjusted, *event.PeriodRunRequested:
		return one(partAdjust)
	case *event.Shipped:
		return fulfilTasks(r.Position, d.Lines)
	case *event.MPOrder, *event.TaxQuoted, *event.TaxCommitted:
		return one(partCheck)
	}
	if kind, ok := event.Lookup(r.Event.Type()); ok && kind.Finance != "" {
		return one(partUnbooked)
	}
	return nil
}

func fulfilTasks(position int64, lines []event.FulfilledLine) []task {
	var out []task
	for _, l := range lines {
		out = append(out, task{position, partRevenue, l.Line}, task{position, partCost, l.Line})
	}
	return out
}

// do does the task.
func (w *work) do() error {
	if d := w.fact.Event.Time; d.After(w.fact.At.Add(futureMax)) {
		return fault.New(fault.DateInFuture, w.fact.Event.Key, "it is dated after it was recorded")
	}
	if w.fact.Outcome.Revises != 0 {
		if err := w.unbooked(); err != nil {
			return err
		}
	}
	if w.costless() {
		return nil
	}
	switch d := w.fact.Event.Data.(type) {
	case *event.OrderPlaced:
		return w.order(d)
	case *event.Sale:
		return w.sale(d)
	case *event.PickedUp:
		return w.fulfil((*event.Fulfilment)(d))
	case *event.Fulfilled:
		return w.fulfil((*event.Fulfilment)(d))
	case *event.ReturnAccepted:
		return w.returned(d)
	case *event.ReturnNoReceipt:
		return w.returnedBlind(d)
	case *event.PaymentCaptured:
		return w.capture(d)
	case *event.RefundIssued:
		return w.refund(d)
	case *event.PaymentSettled:
		return w.settled(d)
	case *event.Payout:
		return w.payout(d)
	case *event.BankLine:
		return w.bankLine(d)
	case *event.POReceived:
		return w.received(d)
	case *event.StockAdjusted:
		return w.adjusted(d)
	case *event.PeriodRunRequested:
		return w.periodRun(d)
	case *event.Shipped:
		return w.shipped(d)
	case *event.MPOrder, *event.TaxQuoted, *event.TaxCommitted:
		return posting.Totals(w.fact.Event.Key, d)
	}
	return w.unbookable()
}

// unbookable holds what the rule book books and this version has no template for. It waits
// for the template as for any other cause, and people see that it does. What of it books
// nothing is left alone, and a document that contradicts itself is told first: its source has to
// mend it.
func (w *work) unbookable() error {
	if err := posting.Totals(w.fact.Event.Key, w.fact.Event.Data); err != nil {
		return err
	}
	nothing, err := w.nothing()
	if err != nil || nothing {
		return err
	}
	kind, _ := event.Lookup(w.fact.Event.Type())
	return fault.New(fault.Unbooked, w.fact.Event.Key, "%s is booked by %s", kind.Type, kind.Finance)
}

// subject names the task on the work list.
func (w *work) subject() string {
	s := string(w.fact.Event.Type()) + " " + w.fact.Event.Key + " " + string(w.task.Part)
	if w.task.Line != "" {
		s += " line " + w.task.Line
	}
	return s
}

func (w *work) provide(causes ...string) { w.provided = append(w.provided, causes...) }

// setting is what the drafts of the fact share.
func (w *work) setting(c money.Currency, channel retail.ChannelID) posting.Setting {
	return posting.Setting{Currency: c, Store: w.fact.Outcome.Location, Channel: channel}
}

// book makes an entry of a draft and keeps it. A role without account (V-MAP-01), a missing
// dimension (V-MAP-02) or a date without open period waits; nothing is ever booked elsewhere.
func (w *work) book(d posting.Draft) error {
	return w.bookOn(d, w.fact.Outcome.Entity, w.day)
}

// bookOn books for an entity and business date that the fact does not carry itself.
func (w *work) bookOn(d posting.Draft, entity retail.EntityID, day retail.Date) error {
	if d.IsZero() {
		return nil
	}
	accounting, err := w.p.b.calendar.AccountingDate(entity, day)
	if err != nil {
		return waitFor(causePeriods(entity), err)
	}
	entry, err := d.Entry(posting.Cause{
		Event: event.ID(w.fact.Tenant, w.fact.Event), Revision: w.fact.Event.SourceVersion, Position: w.p.at.Position, Entity: entity,
		Dates:      ledger.Dates{Accounting: accounting, Business: day, TaxPoint: day},
		Functional: money.Currency(w.ref.Policy(entity, "functional_currency", string(d.Currency), day)),
	}, w.p.b.chart)
	return w.keep(entry, err)
}

// keep stores an entry with its balances.
func (w *work) keep(entry *ledger.Entry, err error) error {
	switch {
	case fault.HasCode(err, fault.NoAccount):
		return waitFor(causeRow(event.TableAccounts, fault.As(err).Subject), err)
	case fault.HasCode(err, fault.NoDimension):
		return waitFor(causeDimensions(w.goodsItem), err)
	case err != nil:
		return err
	}
	key := store.Key(store.Ordinal(w.p.at.Position), store.Ordinal(int64(w.booked)))
	w.booked++
	doc, err := json.Marshal(entry)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, "booking.keep", entry.ID().String())
	}
	w.o.Put(tableEntries, key, doc)
	w.o.Put(tableEntryIDs, entry.ID().String(), []byte(key))
	w.o.Put(tableEntriesOf, store.Key(store.Ordinal(w.fact.Position), key), []byte{})
	for _, b := range entry.Balances() {
		w.o.Add(tableBalances, b.String(), b.Minor)
	}
	for _, c := range entry.Clearing() {
		w.o.Add(tableClearing, c.String(), c.Minor)
	}
	w.o.Add(tableTotals, "entries", 1)
	return nil
}

// resolveRef follows a reference; what is missing is what the task has to wait for.
func (w *work) resolveRef(ref retail.Ref) (lineage.Target, retail.Ref, error) {
	return lineage.Resolve(w.o, ref)
}

// orderAt returns the order that a reference leads to, or waits for what is missing (L1).
func (w *work) orderAt(refs ...retail.Ref) (*posting.Order, lineage.Target, error) {
	var cause string
	for _, ref := range refs {
		if ref.IsZero() {
			continue
		}
		t, missing, err := w.resolveRef(ref)
		if err != nil {
			return nil, t, err
		}
		if t.Order == "" {
			if cause == "" {
				cause = causeRef(missing)
			}
			continue
		}
		o, ok := store.Load[posting.Order](w.o, tableOrders, string(t.Order))
		if !ok {
			return nil, t, waitFor(causeOrder(t.Order), nil)
		}
		o.Resolve(w.treatment)
		return &o, t, nil
	}
	if cause == "" {
		return nil, lineage.Target{}, fault.New(fault.ParentMissing, w.fact.Event.Key, "it names no order")
	}
	return nil, lineage.Target{}, waitFor(cause, nil)
}

func (w *work) saveOrder(o *posting.Order) { store.Save(w.o, tableOrders, string(o.ID), o) }

// treatment resolves a tax code as the fact's own source writes it, or as any source does.
func (w *work) treatment(source string) (posting.Treatment, bool) {
	system, code, ok := strings.Cut(source, retail.Sep)
	if !ok {
		system, code = string(w.fact.Event.System), source
	}
	row, ok := w.ref.Coded(event.TableTaxCodes, retail.SystemID(system), code, w.day)
	return posting.Treatment{Jurisdiction: row["jurisdiction"], Code: row["code"]}, ok
}

func (w *work) treatments(taxes []event.Tax) []posting.Treatment {
	out := make([]posting.Treatment, len(taxes))
	for i, t := range taxes {
		out[i], _ = w.treatment(t.Code)
	}
	return out
}

func (w *work) lineTerms(taxes []event.Tax, discounts []event.Discount) posting.LineTerms {
	terms := posting.LineTerms{Taxes: w.treatments(taxes), Funding: make([]string, len(discounts))}
	for i, d := range discounts {
		if row, ok := w.ref.Row(event.TablePromotions, d.Funding, w.day); ok && d.Funding != "" {
			terms.Funding[i] = row["funding"]
		} else {
			terms.Funding[i] = d.Funding
		}
	}
	return terms
}

// awaitTax parks what lacks a tax code (V-TAX-02); other faults stay what they are.
func awaitTax(err error) error {
	if fault.HasCode(err, fault.TaxCodeUnknown) {
		_, code, ok := strings.Cut(fault.As(err).Subject, retail.Sep)
		if !ok {
			code = fault.As(err).Subject
		}
		return waitFor(causeRow(event.TableTaxCodes, code), err)
	}
	return err
}

// tender resolves a tender code (V-TND-01 waits).
func (w *work) tender(code string) (posting.Tender, error) {
	row, ok := w.ref.Coded(event.TableTenders, w.fact.Event.System, code, w.day)
	if !ok {
		return posting.Tender{}, waitFor(causeRow(event.TableTenders, code),
			fault.New(fault.TenderUnknown, code, "%s's tender is not mapped to a class", w.fact.Event.System))
	}
	return posting.Tender{Class: posting.TenderClass(row["class"]), Elsewhere: row["executed_by"] == "PROCESSOR"}, nil
}

// item returns the resolved item of a line and its row. What the owner has resolved stands; a
// line that waits in the flow waits here, too (V-ITEM-01 was raised when the fact came in).
func (w *work) item(line, code string) (retail.ItemID, event.Row, error) {
	item, known := w.fact.Outcome.ItemOf(line, code)
	if !known {
		rel, ok := w.released(line)
		if !ok {
			return "", nil, waitFor(causeLine(w.fact.Position, line), nil)
		}
		item = rel.Item
	}
	row, ok := w.ref.Row(event.TableItems, string(item), w.day)
	if !ok { // not a line of the flow, which would wait
		item, row, ok = w.ref.Item(w.ref.NamingOf(w.fact.Event), code, w.day)
	}
	if !ok {
		return "", nil, waitFor(causeRow(event.TableItems, code), nil)
	}
	w.goodsItem = item
	return item, row, nil
}
