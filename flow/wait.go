package flow

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// lack says what reference data does not tell about a line. Its fault is what people see.
type lack struct {
	fault *fault.Error
	// under are the subjects under which the line waits beside the fault's own: whatever
	// of them becomes known, the line is tried again.
	under []string
	// silent says that nobody needs to do anything about it.
	silent bool
}

func (l *lack) Error() string { return l.fault.Error() }
func (l *lack) Unwrap() error { return l.fault }

// identify returns the item of a line and its quantity in the item's base unit. A line that
// names no item has what its claim has.
func (d *decision) identify(l line) (retail.ItemID, retail.Quantity, error) {
	if l.item == "" {
		return "", l.quantity, nil
	}
	naming := d.s.book.NamingOf(d.e)
	item, row, ok := d.s.book.Item(naming, l.item, d.day)
	if !ok {
		return "", 0, d.unknownItem(l.item, string(item))
	}
	q, err := d.s.book.InBase(item, row, l.unit, l.quantity, d.day)
	if err != nil {
		return "", 0, &lack{fault: fault.As(err), under: []string{retail.Key(reference.AnySystem, string(l.unit)), string(item)}}
	}
	if string(item) != l.item {
		put(&d.outcome.Items, l.id, item)
	}
	if q != l.quantity {
		put(&d.outcome.Quantities, l.id, q)
	}
	return item, q, nil
}

func put[V any](m *map[string]V, key string, v V) {
	if *m == nil {
		*m = map[string]V{}
	}
	(*m)[key] = v
}

// unknownItem is the lack of a code, or of the item that a cross-reference of the code names.
func (d *decision) unknownItem(code, id string) *lack {
	var under []string
	if vendor := reference.VendorCode(d.e); vendor != "" {
		under = append(under, vendorSubject(vendor))
	}
	if id != code {
		return &lack{fault: fault.New(fault.ItemUnknown, id, "%s's %s names it, and no such item holds on %s", d.e.System, code, d.day), under: append(under, code)}
	}
	return &lack{fault: fault.New(fault.ItemUnknown, code, "%s does not name a known item on %s%s", d.e.System, d.day, doubt(code)), under: under}
}

// doubt adds what makes a code no GTIN or GLN, where it has the digits of one.
func doubt(code string) string {
	if why := reference.Doubt(code); why != "" {
		return "; " + why
	}
	return ""
}

// vendorSubject is under what lines wait whose vendor may yet be known by another code.
func vendorSubject(code string) string { return "vendor " + code }

// disposition returns what becomes of returned goods: what the source says, or what the
// reason means where it gives a reason only.
func (d *decision) disposition(said event.Disposition, reason string) (event.Disposition, error) {
	if said != "" {
		return said, nil
	}
	if meant, ok := d.s.book.Disposition(d.e.System, reason, d.day); ok {
		return meant, nil
	}
	return "", &lack{fault: fault.New(fault.ReasonUnknown, reason, "nothing tells what becomes of goods that %s returns so", d.e.System)}
}

// fee asks for the class of a fee, which its money needs (H-FEE).
func fee(code string) []line {
	return unnamed(func(d *decision) (stock.Effect, error) {
		if _, ok := d.s.book.Fee(d.e.System, code, d.day); !ok {
			return stock.Effect{}, &lack{fault: fault.New(fault.FeeUnknown, code, "%s's fee has no class", d.e.System)}
		}
		return stock.Effect{}, nil
	})
}

// wait lists a line under everything that may release it, and raises what it lacks, once a fact.
func (d *decision) wait(l line, lacks *lack) {
	f := lacks.fault
	d.outcome.Waits = append(d.outcome.Waits, lacks.waits(l.id)...)
	if lacks.silent {
		return
	}
	for _, have := range d.outcome.Flags {
		if have.Code == f.Code && have.Subject == f.Subject {
			return
		}
	}
	d.flag(f.Code, f.Subject, f.Detail)
}

func (l *lack) waits(line string) []record.Wait {
	out := []record.Wait{{Code: l.fault.Code, Subject: l.fault.Subject, Line: line}}
	for _, subject := range l.under {
		out = append(out, record.Wait{Code: l.fault.Code, Subject: subject, Line: line})
	}
	return out
}

// releasing returns under what lines wait that a reference row may make known.
func releasing(set *event.ReferenceSet) []record.Wait {
	if len(set.Row) == 0 {
		return nil
	}
	table := event.Table(set.Table)
	key, err := reference.CanonicalKey(table, set.RowKey)
	if err != nil {
		return nil
	}
	var out []record.Wait
	under := func(code fault.Code, subjects ...string) {
		for _, s := range subjects {
			out = append(out, record.Wait{Code: code, Subject: s})
		}
	}
	switch table {
	case event.TableItems:
		under(fault.ItemUnknown, key)
		under(fault.UnitInexact, key)
	case event.TableItemCodes:
		under(fault.ItemUnknown, reference.Spelled(table, key)...)
	case event.TableVendorCodes:
		for _, code := range reference.Spelled(table, key) {
			under(fault.ItemUnknown, vendorSubject(code))
		}
	case event.TableItemUnits:
		under(fault.UnitInexact, key)
	case event.TableReasons:
		under(fault.ReasonUnknown, reference.Spelled(table, key)...)
	case event.TableFeeTypes:
		under(fault.FeeUnknown, reference.Spelled(table, key)...)
	}
	return out
}

// waitDoc is one line that waits, with what tells cheaply whether it still has to.
type waitDoc struct {
	Line   string          `json:"line"`
	System retail.SystemID `json:"system"`
	Vendor string          `json:"vendor,omitempty"`
	Item   string          `json:"item,omitempty"`
	Day    retail.Date     `json:"day"`
	// Lacks is what was missing when it was last tried.
	Lacks string `json:"lacks"`
	// Since is when the fact was recorded.
	Since time.Time `json:"since"`
}

// waitsOfDoc is under what a line waits.
type waitsOfDoc struct {
	Number int64         `json:"number"` // of the line among those of its fact that wait
	Waits  []record.Wait `json:"waits"`
}

// subjectKey is the key of what is waited for, in tableWaiting and as a prefix in tableWaits.
func subjectKey(w record.Wait) string { return store.Key(string(w.Code), w.Subject) }

func waitKey(w record.Wait, position, number int64) string {
	return store.Key(subjectKey(w), store.Ordinal(position), store.Ordinal(number))
}

func waiterKey(position int64, line string) string { return store.Key(store.Ordinal(position), line) }

// wait lists the lines of a fact that wait, and forgets those of the version that it replaces.
func wait(s *state, r *record.Record) {
	for _, line := range r.Outcome.Drops {
		for _, of := range []int64{r.Outcome.Revises, r.Outcome.Voids} {
			delist(s, of, line, r)
		}
	}
	if len(r.Outcome.Waits) == 0 {
		return
	}
	items := map[string]string{}
	for _, l := range lines(r.Event) {
		items[l.id] = l.item
	}
	doc := waitDoc{System: r.Event.System, Vendor: reference.VendorCode(r.Event), Day: r.Event.Day(), Since: r.At}
	var number int64
	for waits := r.Outcome.Waits; len(waits) > 0; number++ {
		n := 1
		for n < len(waits) && waits[n].Line == waits[0].Line {
			n++
		}
		doc.Line, doc.Item = waits[0].Line, items[waits[0].Line]
		enlist(s, r.Position, doc, waitsOfDoc{number, waits[:n]})
		waits = waits[n:]
	}
}

// enlist puts a line on the lists of what it waits for.
func enlist(s *state, position int64, line waitDoc, under waitsOfDoc) {
	line.Lacks = under.Waits[0].Subject
	for _, w := range under.Waits {
		save(s, tableWaits, waitKey(w, position, under.Number), line)
		n, _ := load[int64](s, tableWaiting, subjectKey(w))
		save(s, tableWaiting, subjectKey(w), n+1)
	}
	save(s, tableWaitsOf, waiterKey(position, line.Line), under)
}

// delist takes a line off every list on which it waits, and closes the exceptions for which
// nothing waits any more. It returns what was listed.
func delist(s *state, position int64, line string, by *record.Record) (doc waitDoc, was waitsOfDoc) {
	at := waiterKey(position, line)
	was, _ = load[waitsOfDoc](s, tableWaitsOf, at)
	s.Put(tableWaitsOf, at, nil)
	for _, w := range was.Waits {
		key := waitKey(w, position, was.Number)
		doc, _ = load[waitDoc](s, tableWaits, key)
		s.Put(tableWaits, key, nil)
		if n, _ := load[int64](s, tableWaiting, subjectKey(w)); n > 1 {
			save(s, tableWaiting, subjectKey(w), n-1)
			continue
		}
		s.Put(tableWaiting, subjectKey(w), nil)
		resolve(s, w.Code, w.Subject, by)
	}
	return doc, was
}

// resolve closes an exception whose cause is gone.
func resolve(s *state, code fault.Code, subject string, r *record.Record) {
	id := exception.IDOf(code, exception.SourceFlow, subject)
	if item, ok := load[exception.Item](s, tableExceptions, string(id)); ok {
		save(s, tableExceptions, string(id), item.Resolve(r.At, fmt.Sprintf("position %d", r.Position)))
	}
}

// parentMax is how long a line waits for a document before people hear of it (L1, V-LIN-01).
const parentMax = 72 * time.Hour

// overdue lists the documents that have not arrived in time, with the oldest fact that waits for
// each. Of what the money of a fact waits for booking tells.
func (o *Owner) overdue(ctx context.Context, s *state) (out []exception.Item, err error) {
	now := o.opts.Clock()
	prefix := store.Key(string(fault.ParentMissing), "")
	var subjects []string
	err = o.cache.Scan(ctx, tableWaiting, store.Prefix(prefix), 0, func(key string, _ []byte) bool {
		subjects = append(subjects, key[len(prefix):])
		return true
	})
	for _, subject := range subjects {
		w := record.Wait{Code: fault.ParentMissing, Subject: subject}
		for first := range s.waiters(w, 0) {
			if strings.HasPrefix(first.Line, returnedLine) || strings.HasPrefix(first.Line, promiseLine) {
				continue // booking waits for the same, and tells it
			}
			if now.Sub(first.Since) < parentMax {
				break // the others came later
			}
			n, _ := load[int64](s, tableWaiting, subjectKey(w))
			item := exception.New(exception.Report{
				Code: fault.ParentMissing, Source: exception.SourceFlow, Subject: subject,
				Detail: "stock waits for it", Position: first.position,
			}, first.Since.Add(parentMax))
			item.Waiting = n
			out = append(out, item)
			break
		}
	}
	return out, err
}
