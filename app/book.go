package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/store/sqlite"
)

// fileTenant is the tenant of a run over a file; it is part of no amount.
const fileTenant = "file"

// Booked is what a file of events comes to.
type Booked struct {
	// Entries are in the order in which they were booked.
	Entries      []*ledger.Entry
	TrialBalance *ledger.TrialBalance
	// Faults are the events that did not come in, in the order of the file.
	Faults []*fault.Error
	// Open is the work list at the end: what holds money back and what warns.
	Open []exception.Item
	// Waiting are parts of facts that wait for a fact that the file does not have.
	Waiting []booking.Parked
	// Assumed says in sentences which reference data was taken as it stands.
	Assumed []string
}

// BookEvents books the events that r holds, in their order and from nothing, by the same
// owner and the same booking as a server: a file gives the entries that a server gives that
// was told the same. The owner's clock is the running maximum of the events' times, so that
// one file always gives the same bytes. Policy may be nil; what neither it nor the file says
// is assumed as DefaultPolicy describes. An error concerns the run as a whole.
func BookEvents(ctx context.Context, r io.Reader, policy *Config) (booked *Booked, err error) {
	events, faults := readEvents(r)
	dir, err := os.MkdirTemp("", "heddle-book-")
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "app.book", "temporary folder")
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	s, err := sqlite.Open(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	run := &fileRun{booked: &Booked{Faults: faults}}
	log := &memoryLog{}
	if run.owner, err = flow.Open(ctx, log, s.Views(), flow.Options{Tenant: fileTenant, Environment: "test", Clock: run.past.now}); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, run.owner.Close(context.WithoutCancel(ctx))) }()
	if run.books, err = booking.Open(ctx, log, s.Views(), booking.Options{}); err != nil {
		return nil, err
	}
	if err := run.play(ctx, events, policy); err != nil {
		return nil, err
	}
	return run.booked, run.collect(ctx)
}

// numbered is an event with its place in the file.
type numbered struct {
	number int // from 1; 0 for what the file does not hold
	event  *event.Event
}

// readEvents reads what can be read; each of the others is a fault.
func readEvents(r io.Reader) (events []numbered, faults []*fault.Error) {
	n := 0
	for text, err := range event.Split(r) {
		n++
		var e *event.Event
		if err == nil {
			e, _, err = event.Parse([]byte(string(text)))
		}
		if err != nil {
			faults = append(faults, ofEvent(n, fault.As(err)))
			continue
		}
		events = append(events, numbered{n, e})
	}
	return events, faults
}

// ofEvent names the event in the fault's subject.
func ofEvent(number int, f *fault.Error) *fault.Error {
	named := *f
	named.Subject = "event " + strconv.Itoa(number)
	if f.Subject != "" {
		named.Subject += ": " + f.Subject
	}
	return &named
}

// fileRun is one run over a file.
type fileRun struct {
	owner  *flow.Owner
	books  *booking.Books
	past   pastClock
	booked *Booked
}

// play submits the policy, the assumptions and then every event, one after another.
func (r *fileRun) play(ctx context.Context, events []numbered, policy *Config) error {
	if len(events) == 0 {
		return nil
	}
	r.past.advance(events[0].event.Time)
	var sets []*event.ReferenceSet
	if policy != nil {
		sets = policy.Proposals(ConfigSource)
	}
	before, assumed := assume(events, sets, policy == nil)
	r.booked.Assumed = assumed
	for _, set := range sets {
		if err := r.submit(ctx, numbered{event: reference.NewEvent(set, "policy", r.past.now())}); err != nil {
			return err
		}
	}
	for _, e := range append(before, events...) {
		r.past.advance(e.event.Time)
		if err := r.submit(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

func (r *fileRun) submit(ctx context.Context, e numbered) error {
	answers, err := r.owner.Submit(ctx, []record.Submission{{Event: e.event}})
	if err != nil {
		return err
	}
	switch a := answers[0]; {
	case a.Status == record.Accepted || a.Status == record.Duplicate:
		if _, ok := e.event.Data.(*event.ReferenceSet); ok {
			return r.owner.Settle(ctx) // what it frees stands before the next event, every time
		}
		return nil
	case e.number == 0:
		return fault.New(a.Code, e.event.Key, "%s", a.Detail)
	default:
		r.booked.Faults = append(r.booked.Faults, ofEvent(e.number, fault.New(a.Code, "", "%s", a.Detail)))
		return nil
	}
}

// collect books what was journaled and takes down what came of it.
func (r *fileRun) collect(ctx context.Context) error {
	if err := r.books.CatchUp(ctx); err != nil {
		return err
	}
	cursor := booking.Cursor("")
	for {
		entries, next, err := r.books.Entries(ctx, booking.Filter{}, cursor, 1000)
		if err != nil {
			return err
		}
		r.booked.Entries = append(r.booked.Entries, entries...)
		if cursor = next; cursor == "" {
			break
		}
	}
	var err error
	if r.booked.TrialBalance, err = r.books.TrialBalance(ctx, ""); err != nil {
		return err
	}
	ofFlow, err := r.owner.Exceptions(ctx)
	if err != nil {
		return err
	}
	ofBooking, err := r.books.Exceptions(ctx, r.past.now())
	if err != nil {
		return err
	}
	for _, item := range append(ofFlow, ofBooking...) {
		if item.Status == exception.Open {
			r.booked.Open = append(r.booked.Open, item)
		}
	}
	r.booked.Waiting, err = r.books.Waiting(ctx, waitingMax)
	return err
}

// waitingMax bounds how much of what waits is reported.
const waitingMax = 1000

// Complete reports whether the books hold what the file says: no event stayed out, and no
// rule holds its money back. Goods without a cost and promises without stock are open too,
// and told; a file of sales rightly knows neither.
func (b *Booked) Complete() bool {
	for _, item := range b.Open {
		switch item.Code {
		case fault.CostUnknown, fault.ClaimsExceed, fault.ReleaseExceeds:
			continue
		}
		if item.Severity != exception.Warn {
			return false
		}
	}
	return len(b.Faults) == 0
}

// Problems returns what a person has to know: the code and what is wrong, and in a line below
// it what to do next. Faults come first, warnings last.
func (b *Booked) Problems() []string {
	var lines []string
	add := func(code fault.Code, subject, detail, next string) {
		lines = append(lines, fmt.Sprintf("%s: %s: %s", code, subject, cmp.Or(detail, code.Title())), "  "+next)
	}
	for _, f := range b.Faults {
		add(f.Code, f.Subject, f.Detail, f.NextStep())
	}
	for _, warns := range []bool{false, true} {
		for _, item := range b.Open {
			if (item.Severity == exception.Warn) == warns {
				add(item.Code, item.Subject, item.Detail, item.Next)
			}
		}
	}
	return lines
}
