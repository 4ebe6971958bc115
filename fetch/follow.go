package fetch

import (
	"context"
	"errors"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

// retryMax is how many follow-ups one command has tried again.
const retryMax = 10_000

// checkFollowUp reports a question that the source cannot be asked (H-REQUEST).
func (l *lane) checkFollowUp(u intake.FollowUp) error {
	if l.source.Pack.Fetch(u.Fetch) == nil {
		return fault.New(fault.BadRequest, l.source.subject(), "the pack has no fetch %s", u.Fetch)
	}
	return nil
}

// followNow tries a follow-up at once, whenever it is due.
func (l *lane) followNow(ctx context.Context, u intake.FollowUp) (Summary, error) {
	if err := l.take(ctx); err != nil {
		return Summary{}, err
	}
	defer l.give()
	return l.follow(ctx, u, true)
}

// follow asks what a notification left open, and closes the follow-up when the answer is
// durable. A *trouble is dealt with; any other error is the desk's or that of ctx.
func (l *lane) follow(ctx context.Context, u intake.FollowUp, anew bool) (Summary, error) {
	h := newHaul(anew)
	err := l.askAll(ctx, u, h)
	var t *trouble
	switch {
	case err == nil:
	case errors.As(err, &t):
		if lost := l.failed(ctx, u, t); lost != nil {
			return h.Summary, lost
		}
		return h.Summary, t
	default:
		return h.Summary, err
	}
	if u.Code != "" {
		if err := l.resolve(ctx, u.Code, u.Subject()); err != nil {
			return h.Summary, err
		}
	}
	return h.Summary, l.opts.FollowUps.Close(ctx, u)
}

// askAll asks for all that a follow-up is about. An answer without a record is no answer: some
// systems leave out what they do not have.
func (l *lane) askAll(ctx context.Context, u intake.FollowUp, h *haul) error {
	f := l.source.Pack.Fetch(u.Fetch)
	if len(f.Beside) > 0 {
		return l.askBeside(ctx, f, u.With, h)
	}
	err := l.eachPage(ctx, f, u.With, h, func(page pack.Page) error { return l.brought(ctx, f, page, h) })
	if err == nil && h.Records == 0 {
		err = newTrouble(pack.Gone, l.source.subject(), "the answer has no record")
	}
	return err
}

// askBeside asks for one record and for what stands beside it, and brings them in together.
func (l *lane) askBeside(ctx context.Context, f *pack.Fetch, with map[string]string, h *haul) error {
	record, err := l.collect(ctx, f, with, h)
	switch {
	case err != nil:
		return err
	case len(record) == 0:
		return newTrouble(pack.Gone, l.source.subject(), "the answer has no record")
	case len(record) > 1:
		return newTrouble(pack.Denied, l.source.subject(), "the answer has %d records, and others belong beside one", len(record))
	}
	beside := make([][]pack.Fetched, len(f.Beside))
	for i, b := range f.Beside {
		if beside[i], err = l.collect(ctx, l.source.Pack.Fetch(b.Fetch), with, h); err != nil {
			return err
		}
	}
	return l.brought(ctx, f, f.Join(record[0], beside), h)
}

// collect returns the records of all pages, which have at most as many bytes as one answer.
func (l *lane) collect(ctx context.Context, f *pack.Fetch, with map[string]string, h *haul) ([]pack.Fetched, error) {
	var all []pack.Fetched
	var size int64
	err := l.eachPage(ctx, f, with, h, func(page pack.Page) error {
		for _, r := range page.Records {
			if size += int64(len(r.Body)); size > f.Bytes {
				return &trouble{meaning: pack.Denied, fault: fault.New(fault.TooLarge, l.source.subject(), "the records have more than %d bytes", f.Bytes)}
			}
		}
		all = append(all, page.Records...)
		return nil
	})
	return all, err
}

// eachPage asks a fetch for all of its pages.
func (l *lane) eachPage(ctx context.Context, f *pack.Fetch, with map[string]string, h *haul, do func(pack.Page) error) error {
	q := pack.Question{Values: with}
	for range f.Pages {
		page, err := l.ask(ctx, f, q)
		if err != nil {
			return err
		}
		h.Pages++
		if err := do(page); err != nil {
			return err
		}
		if q.Next = page.Next; q.Next == "" {
			return nil
		}
	}
	return &trouble{meaning: pack.Denied, fault: fault.New(fault.TooLarge, l.source.subject(), "the answer has more than %d pages", f.Pages)}
}

// failed keeps a follow-up that was not answered for its next try, or for a person.
func (l *lane) failed(ctx context.Context, u intake.FollowUp, t *trouble) error {
	if u.Code != "" && u.Code != t.fault.Code {
		if err := l.resolve(ctx, u.Code, u.Subject()); err != nil {
			return err
		}
	}
	u.Failures++
	u.Code, u.Detail = t.fault.Code, t.fault.Detail
	if err := l.report(ctx, t, u.Failures, u.Subject(), u.Evidence); err != nil {
		return err
	}
	u.DueAt = l.opts.Clock().Add(max(t.wait, backoff(u.Failures, l.opts.Jitter))).UTC()
	if stops(t.meaning) {
		u.DueAt = time.Time{}
	}
	return l.opts.FollowUps.Put(ctx, u)
}

// unknownFetch stops a follow-up whose pack no longer knows what to ask.
func (l *lane) unknownFetch(ctx context.Context, u intake.FollowUp) error {
	return l.failed(ctx, u, newTrouble(pack.Denied, l.source.subject(), "the pack has no fetch %s", u.Fetch))
}

// retry makes due what waits for a person.
func (l *lane) retry(ctx context.Context, id intake.FollowUpID) (int, error) {
	if err := l.take(ctx); err != nil {
		return 0, err
	}
	defer l.give()
	open, err := l.opts.FollowUps.Open(ctx, l.name, retryMax)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, u := range open {
		if !u.DueAt.IsZero() || id != "" && u.ID != id {
			continue
		}
		u.DueAt, u.Failures = l.opts.Clock().UTC(), 0
		if err := l.opts.FollowUps.Put(ctx, u); err != nil {
			return n, err
		}
		n++
	}
	l.quiet, l.failures = time.Time{}, 0
	l.poke()
	return n, nil
}
