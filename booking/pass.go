package booking

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/store"
)

// part names what of a fact books by itself: a leg, or a document that legs need.
type part string

const (
	partOrder   part = "ORDER" // what later facts of the order take their amounts from
	partSale    part = "SALE"  // the same for a till sale
	partRevenue part = "REVENUE"
	partCost    part = "COST"
	// partUnbooked is a fact that this version cannot book.
	partUnbooked part = "UNBOOKED"
	partTender   part = "TENDER"
	partAdjust   part = "ADJ"
	partCheck    part = "CHECK" // a return against its original, a document's total against its parts
	partLink     part = "LINK"  // two reports of one fact share a clearing key
)

// task is a part of a fact, with the fact's line where there is one.
type task struct {
	Position int64  `json:"position"`
	Part     part   `json:"part"`
	Line     string `json:"line,omitempty"`
}

// parkedDoc is a task that waits.
type parkedDoc struct {
	task
	Since time.Time `json:"since"`
	// Code and Subject name the exception that it raised; a parent that has merely not
	// arrived raises none before its time is up.
	Code    fault.Code `json:"code,omitempty"`
	Subject string     `json:"subject,omitempty"`
}

// waiting says for what a task waits.
type waiting struct {
	cause string
	fault *fault.Error // nil where a parent has not arrived yet (L1)
}

func (w *waiting) Error() string { return "waiting for " + w.cause }

// waitFor parks a task until the cause is provided; the rule that fired goes on the work list.
func waitFor(cause string, err error) error {
	if err == nil {
		return &waiting{cause: cause}
	}
	return &waiting{cause: cause, fault: fault.As(err)}
}

// pass is the booking of one journal record.
type pass struct {
	b  *Books
	o  *store.Overlay
	at *record.Record
	// booked counts the entries of this position.
	booked int
	// provided are the causes that tasks may have waited for, in order.
	provided []string
}

// run books a record, and then everything that waited for it, in order.
func (p *pass) run() error {
	if err := p.learn(); err != nil {
		return err
	}
	p.supersede()
	for _, t := range tasks(p.at) {
		if err := p.attempt(t, p.at, nil); err != nil {
			return err
		}
	}
	for i := 0; i < len(p.provided); i++ {
		if err := p.wake(p.provided[i]); err != nil {
			return err
		}
	}
	return p.o.Err()
}

// learn takes in what a record says beyond its own postings: references, reference data,
// approvals.
func (p *pass) learn() error {
	if p.at.Outcome.Standing == record.History {
		return nil
	}
	for _, a := range lineage.Declared(p.at.Event, p.at.Position) {
		if a.Ref.IsZero() {
			continue
		}
		p.o.Put(lineage.DocTable, a.Ref.String(), a.Target.Bytes())
		p.provide(causeRef(a.Ref))
	}
	if p.at.Outcome.Standing != record.Books {
		return nil
	}
	switch d := p.at.Event.Data.(type) {
	case *event.ReferenceSet:
		return p.refer(d)
	case *event.LinesReleased:
		p.release()
	case *event.ApprovalGiven:
		if d.Decision == event.Approved {
			store.Save(p.o, tableApprovals, d.Subject.String(), d.Person)
			p.provide(causeApproval(d.Subject))
		}
	}
	return nil
}

func (p *pass) refer(d *event.ReferenceSet) error {
	key, doc, err := reference.Apply(p.o, d, p.at.Event.SourceVersion)
	if err != nil {
		return err
	}
	p.o.Put(reference.DocTable, key, doc)
	table := event.Table(d.Table)
	if err := p.b.learn(table, d.RowKey, d.EffectiveFrom, d.Row); err != nil {
		p.raise(exception.Report{
			Code: fault.As(err).Code, Subject: d.Table + " " + d.RowKey, Detail: fault.As(err).Detail,
		})
		return nil
	}
	p.provide(p.causesOf(table, d.RowKey)...)
	return nil
}

func (p *pass) provide(causes ...string) {
	for _, c := range causes {
		if len(p.b.parked[c]) > 0 {
			p.provided = append(p.provided, c)
		}
	}
}

// attempt does one task on an overlay of its own, so that a task that cannot be finished
// leaves nothing behind.
func (p *pass) attempt(t task, fact *record.Record, was *parkedDoc) error {
	top := store.NewOverlay(p.o.Context(), p.o)
	w := &work{p: p, o: top, ref: p.b.ref.Over(top), fact: fact, task: t, booked: p.booked}
	w.day = fact.Event.Day()
	w.measure()
	err := w.do()
	if ferr := firstError(top.Err(), w.ref.Err()); ferr != nil {
		return ferr
	}
	var wait *waiting
	switch {
	case err == nil:
		p.o.Merge(top)
		p.booked = w.booked
		p.provide(w.provided...)
		for _, more := range w.spawned {
			if err := p.attempt(more, fact, nil); err != nil {
				return err
			}
		}
	case errors.As(err, &wait):
		p.park(t, wait, was)
	case expected(err):
		p.hold(w, fault.As(err))
	default:
		return err
	}
	return nil
}

// expected reports whether a fault is about the fact, or about a template of ours that does
// not fit it (V-BAL-03): its money is held and booking goes on. Faults of the database end
// the pass, which is then taken again.
func expected(err error) bool {
	switch fault.KindOf(err) {
	case fault.Corrupt, fault.Unavailable, fault.Unknown, fault.Busy:
		return false
	}
	return true
}

// hold lists a task that can never be done as it is; a corrected version of the fact can.
func (p *pass) hold(w *work, f *fault.Error) {
	p.raise(exception.Report{
		Code: f.Code, Subject: w.subject(), Detail: detail(f), Refs: lineage.Named(w.fact.Event),
		Evidence: w.fact.Outcome.Receipt.Evidence, Position: w.fact.Position,
	})
}

func detail(f *fault.Error) string {
	if f.Subject == "" {
		return f.Detail
	}
	return f.Subject + ": " + f.Detail
}

// park keeps a task until its cause is provided.
func (p *pass) park(t task, wait *waiting, was *parkedDoc) {
	doc := parkedDoc{task: t, Since: p.at.At}
	if was != nil {
		doc.Since = was.Since
	}
	if wait.fault != nil {
		doc.Code, doc.Subject = wait.fault.Code, wait.cause
		if was == nil || was.Code != doc.Code || was.Subject != doc.Subject {
			p.raise(exception.Report{Code: doc.Code, Subject: doc.Subject, Detail: detail(wait.fault), Position: t.Position})
		}
	}
	key := parkedKey(wait.cause, t)
	store.Save(p.o, tableParked, key, doc)
	p.b.park(key)
}

func parkedKey(cause string, t task) string {
	return store.Key(cause, store.Ordinal(t.Position), string(t.Part), t.Line)
}

func causeOf(key string) string {
	cause, _, _ := strings.Cut(key, store.KeySep)
	return cause
}

// wake tries everything that waited for a cause again, in journal order.
func (p *pass) wake(cause string) error {
	keys := slices.Sorted(maps.Keys(p.b.parked[cause]))
	delete(p.b.parked, cause)
	docs := make([]parkedDoc, 0, len(keys))
	for _, key := range keys {
		doc, ok := store.Load[parkedDoc](p.o, tableParked, key)
		if !ok {
			continue
		}
		p.o.Put(tableParked, key, nil)
		docs = append(docs, doc)
	}
	for i := range docs {
		fact, err := p.record(docs[i].Position)
		if err != nil {
			return err
		}
		if p.superseded(docs[i].Position) {
			continue
		}
		if err := p.attempt(docs[i].task, fact, &docs[i]); err != nil {
			return err
		}
	}
	p.settle(docs)
	return p.o.Err()
}

func (p *pass) record(position int64) (*record.Record, error) {
	if position == p.at.Position {
		return p.at, nil
	}
	r, err := p.b.log.Record(p.o.Context(), position)
	if err != nil {
		return nil, err
	}
	return record.Decode(p.at.Tenant, r)
}

// settle closes the exceptions of tasks that were tried again, where nothing waits for the
// same any more.
func (p *pass) settle(tried []parkedDoc) {
	type asked struct {
		code    fault.Code
		subject string
	}
	done := map[asked]bool{}
	for _, was := range tried {
		a := asked{was.Code, was.Subject}
		if was.Code == "" || done[a] || len(p.b.parked[was.Subject]) > 0 {
			continue
		}
		done[a] = true
		id := exception.IDOf(was.Code, exception.SourceBooking, was.Subject)
		if item, ok := store.Load[exception.Item](p.o, tableExceptions, string(id)); ok && item.Status == exception.Open {
			store.Save(p.o, tableExceptions, string(id), item.Resolve(p.at.At, fmt.Sprintf("position %d", p.at.Position)))
		}
	}
}

// raise puts something on the work list.
func (p *pass) raise(r exception.Report) {
	r.Source = exception.SourceBooking
	item := exception.New(r, p.at.At)
	if have, ok := store.Load[exception.Item](p.o, tableExceptions, string(item.ID)); ok {
		item = have.Again(item)
	}
	store.Save(p.o, tableExceptions, string(item.ID), item)
}

// resolve closes an exception by what it was raised on.
func (w *work) resolve(code fault.Code, subject string) {
	id := exception.IDOf(code, exception.SourceBooking, subject)
	if item, ok := store.Load[exception.Item](w.o, tableExceptions, string(id)); ok && item.Status == exception.Open {
		store.Save(w.o, tableExceptions, string(id), item.Resolve(w.p.at.At, fmt.Sprintf("position %d", w.p.at.Position)))
	}
}
