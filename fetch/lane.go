package fetch

import (
	"context"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

// idleMax is how long a lane without work sleeps before it looks again.
const idleMax = time.Minute

// lane asks one source, one question at a time.
type lane struct {
	opts    *Options
	source  Source
	name    intake.SourceName
	client  *client
	buckets map[string]*bucket // by fetch; "" is that of the API
	polls   []*poll
	wake    chan struct{}
	turn    chan struct{} // holds one token while nobody asks

	// failures in a row, and until when nothing is asked because of them; under turn.
	failures int
	quiet    time.Time
	// troubled says that the work list may hold an item of the source; under turn.
	troubled bool

	// shown is how far the polls have come, for those who do not wait for the turn.
	mu    sync.Mutex
	shown []PollStatus
}

func openLane(ctx context.Context, o *Options, s Source) (*lane, error) {
	if err := s.Check(); err != nil {
		return nil, err
	}
	l := &lane{
		opts: o, source: s, name: s.Name(), buckets: map[string]*bucket{"": newBucket(s.Pack.API.Rate)},
		wake: make(chan struct{}, 1), turn: make(chan struct{}, 1), troubled: true,
	}
	l.turn <- struct{}{}
	for _, f := range s.Pack.Fetches {
		if f.Rate != nil {
			l.buckets[f.Name] = newBucket(f.Rate)
		}
	}
	var err error
	if l.client, err = newClient(s, o.Transport, o.Clock); err != nil {
		return nil, err
	}
	for _, p := range s.Polls {
		p, err := l.openPoll(ctx, p)
		if err != nil {
			return nil, err
		}
		l.polls = append(l.polls, p)
	}
	l.show()
	return l, nil
}

// poke has the lane look for work.
func (l *lane) poke() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// bucket returns the bucket that a fetch draws from.
func (l *lane) bucket(f *pack.Fetch) *bucket {
	if own := l.buckets[f.Name]; own != nil {
		return own
	}
	return l.buckets[""]
}

// work is something to ask, and from when on.
type work struct {
	at time.Time
	do func(ctx context.Context) error
}

// run asks until ctx ends. An error is one of the desk's.
func (l *lane) run(ctx context.Context) error {
	for {
		next, err := l.step(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		if now := l.opts.Clock(); next.After(now) {
			if err := l.opts.Wait(ctx, min(next.Sub(now), idleMax), l.wake); err != nil {
				return nil //nolint:nilerr // ctx has ended, and that is no failure
			}
		}
	}
}

// step does what is due, if anything is, and returns from when on it wants to be called again.
func (l *lane) step(ctx context.Context) (time.Time, error) {
	if err := l.take(ctx); err != nil {
		return time.Time{}, err
	}
	defer l.give()
	next, err := l.next(ctx)
	if err != nil {
		return time.Time{}, err
	}
	now := l.opts.Clock()
	if next == nil {
		return now.Add(idleMax), nil
	}
	if next.at.After(now) {
		return next.at, nil
	}
	return now, next.do(ctx)
}

func (l *lane) take(ctx context.Context) error {
	select {
	case <-l.turn:
		return nil
	case <-ctx.Done():
		return fault.Wrap(context.Cause(ctx), fault.Stopping, "fetch.turn", l.source.subject())
	}
}

func (l *lane) give() { l.turn <- struct{}{} }

// next returns what is to be asked first: what has been due for longest. Nil means nothing.
func (l *lane) next(ctx context.Context) (*work, error) {
	var first *work
	consider := func(due time.Time, f *pack.Fetch, do func(ctx context.Context) error) {
		w := &work{at: due, do: do}
		now := l.opts.Clock()
		for _, t := range []time.Time{l.quiet, l.bucket(f).ready(now)} {
			if t.After(w.at) && t.After(now) {
				w.at = t
			}
		}
		if first == nil || w.at.Before(first.at) {
			first = w
		}
	}
	open, err := l.opts.FollowUps.Open(ctx, l.name, 1)
	if err != nil {
		return nil, err
	}
	for _, u := range open {
		if f := l.source.Pack.Fetch(u.Fetch); f != nil && !u.DueAt.IsZero() {
			consider(u.DueAt, f, func(ctx context.Context) error {
				_, err := l.follow(ctx, u, false)
				return ours(err)
			})
		} else if f == nil && !u.DueAt.IsZero() {
			return &work{at: u.DueAt, do: func(ctx context.Context) error { return l.unknownFetch(ctx, u) }}, nil
		}
	}
	for _, p := range l.polls {
		consider(p.due, p.fetch, func(ctx context.Context) error {
			return ours(l.page(ctx, p, newHaul(false)))
		})
	}
	return first, nil
}

// ours returns err unless it tells only that the system did not answer: that is dealt with.
func ours(err error) error {
	var t *trouble
	if errors.As(err, &t) {
		return nil
	}
	return err
}

// ask asks one page of a fetch, at the vendor's pace. The caller holds the turn.
func (l *lane) ask(ctx context.Context, f *pack.Fetch, q pack.Question) (pack.Page, error) {
	b := l.bucket(f)
	for now := l.opts.Clock(); b.ready(now).After(now); now = l.opts.Clock() {
		if err := l.opts.Wait(ctx, b.ready(now).Sub(now), nil); err != nil {
			return pack.Page{}, fault.Wrap(err, fault.Stopping, "fetch.wait", l.source.subject())
		}
	}
	q.Instance, q.Options = l.source.Instance, l.source.Options
	request, err := l.source.Pack.Request(ctx, f, q)
	if err != nil {
		return pack.Page{}, l.denied(ctx, err)
	}
	b.take(l.opts.Clock())
	answer, err := l.client.ask(ctx, request, f.Bytes)
	now := l.opts.Clock()
	if answer.Header != nil {
		b.heard(answer.Header, now)
	}
	if err != nil {
		l.troubles(err, b, now)
		return pack.Page{}, err
	}
	l.failures, l.quiet = 0, time.Time{}
	page, err := f.Read(ctx, answer, q.Next)
	if err != nil {
		return pack.Page{}, l.denied(ctx, err)
	}
	return page, l.recovered(ctx)
}

// denied is the trouble of a request that cannot be made or an answer that cannot be read.
func (l *lane) denied(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	return &trouble{meaning: pack.Denied, fault: fault.As(err)}
}

// troubles lets the source rest after a question that was not answered.
func (l *lane) troubles(err error, b *bucket, now time.Time) {
	var t *trouble
	if !errors.As(err, &t) || stops(t.meaning) {
		return
	}
	l.failures++
	rest := max(t.wait, backoff(l.failures, l.opts.Jitter))
	if t.meaning == pack.Throttled {
		b.block(now.Add(rest))
		return
	}
	l.quiet = now.Add(rest)
}

// brought takes what was fetched in through the doors, in order.
func (l *lane) brought(ctx context.Context, f *pack.Fetch, page pack.Page, h *haul) error {
	contentType := func(name string) string {
		if name == "Content-Type" {
			return page.ContentType
		}
		return ""
	}
	for _, r := range page.Records {
		receipt, err := l.opts.Taker.Take(ctx, intake.Arrival{
			Pack: l.name.Pack, Instance: l.name.Instance, Topic: f.Topic, Body: r.Body, Caller: Caller,
			Header: contentType, Anew: h.anew, Pause: l.pause,
		})
		if err != nil {
			switch fault.KindOf(err) {
			case fault.Busy, fault.Unknown, fault.Unavailable, fault.Internal:
				if ctx.Err() != nil {
					return err
				}
				return &trouble{meaning: pack.Failing, fault: fault.As(err)}
			}
			h.Records++
			h.Refused++ // it is evidence, and on the work list
			continue
		}
		h.count(receipt)
	}
	return nil
}

// busyPause is how long a busy owner is left alone.
const busyPause = 100 * time.Millisecond

func (l *lane) pause(ctx context.Context) error { return l.opts.Wait(ctx, busyPause, nil) }

// raise lists why something was not answered.
func (l *lane) raise(ctx context.Context, f *fault.Error, subject, evidence string) error {
	detail := f.Detail
	if detail == "" && f.Err != nil {
		detail = "it failed; the log has the cause"
		l.opts.Log.Error("a question to a source failed", "subject", subject, "fault", f)
	}
	return l.opts.Worklist.Raise(ctx, exception.New(exception.Report{
		Code: f.Code, Source: exception.SourceIntake, Subject: subject, Detail: detail, Evidence: evidence,
	}, l.opts.Clock()))
}

// resolve closes an item whose cause is gone.
func (l *lane) resolve(ctx context.Context, code fault.Code, subject string) error {
	now := l.opts.Clock()
	item := exception.New(exception.Report{Code: code, Source: exception.SourceIntake, Subject: subject}, now)
	return l.opts.Worklist.Resolve(ctx, item.Resolve(now, "it was answered"))
}

// recovered closes the items of a source that did not accept its credentials, or that nobody
// asked.
func (l *lane) recovered(ctx context.Context) error {
	if !l.troubled {
		return nil
	}
	for _, code := range []fault.Code{fault.FetchUnauthorised, fault.BadConfig} {
		if err := l.resolve(ctx, code, l.source.subject()); err != nil {
			return err
		}
	}
	l.troubled = false
	return nil
}

// report lists trouble that has lasted, or that will not pass by itself. Credentials concern
// the source as a whole and are one item.
func (l *lane) report(ctx context.Context, t *trouble, failures int, subject, evidence string) error {
	switch {
	case t.meaning == pack.Unauthorised:
		l.troubled = true
		return l.raise(ctx, t.fault, l.source.subject(), "")
	case stops(t.meaning) || failures == failuresMax:
		f := *t.fault
		if !stops(t.meaning) {
			f.Detail += "; " + strconv.Itoa(failures) + " tries in a row"
		}
		return l.raise(ctx, &f, subject, evidence)
	}
	return nil
}

// show tells how far the polls have come. The caller holds the turn.
func (l *lane) show() {
	shown := make([]PollStatus, len(l.polls))
	for i, p := range l.polls {
		shown[i] = PollStatus{Name: p.Name, Since: p.cursor.Since, LastAt: p.cursor.AskedAt, Failures: p.failures}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.shown = shown
}

// status says how far asking has come.
func (l *lane) status(ctx context.Context) (Status, error) {
	open, stopped, err := l.opts.FollowUps.Count(ctx, l.name)
	if err != nil {
		return Status{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return Status{Source: l.name, Host: l.client.base.Host, FollowUps: open, Stopped: stopped, Polls: l.shown}, nil
}
