package app

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// pastClock tells the latest time at which anything happened of what it was told: the time at
// which everything would have been known to somebody who was there. Its methods may be called
// from many goroutines.
type pastClock struct {
	at atomic.Int64 // Unix microseconds
}

// now is the clock of an owner.
func (c *pastClock) now() time.Time { return time.UnixMicro(c.at.Load()).UTC() }

// advance tells that something happened at t.
func (c *pastClock) advance(t time.Time) {
	for {
		at := c.at.Load()
		if t.UnixMicro() <= at || c.at.CompareAndSwap(at, t.UnixMicro()) {
			return
		}
	}
}

// pastOwner is an owner whose clock is that of the facts that it is told. Reference data and
// approvals are said today about then and advance nothing, nor does what has not happened yet.
type pastOwner struct {
	*flow.Owner
	past  *pastClock
	today func() time.Time
}

// Submit implements intake.Decider. A payload of many days is decided day by day: what is
// decided together is known together.
func (o pastOwner) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	answers := make([]record.Answer, 0, len(subs))
	for len(subs) > 0 {
		n := 1
		for n < len(subs) && dayOf(subs[n]) == dayOf(subs[0]) {
			n++
		}
		for _, s := range subs[:n] {
			o.happened(s.Event)
		}
		decided, err := o.Owner.Submit(ctx, subs[:n])
		if err != nil {
			return nil, err
		}
		answers, subs = append(answers, decided...), subs[n:]
	}
	return answers, nil
}

func dayOf(s record.Submission) retail.Date { return retail.DateOf(s.Event.Time.UTC()) }

func (o pastOwner) happened(e *event.Event) {
	switch e.Data.(type) {
	case *event.ReferenceSet, *event.ApprovalGiven:
		return
	}
	if e.Time.Before(o.today()) {
		o.past.advance(e.Time)
	}
}

// historyBegins returns the beginning of the past that is loaded; zero where none is.
func (c *Config) historyBegins() (time.Time, error) {
	if c.History == "" {
		return time.Time{}, nil
	}
	day, err := retail.ParseDate(c.History)
	if err != nil {
		return time.Time{}, err
	}
	return day.Time(), nil
}

// openPast returns the clock of a house into which a past is loaded, or nil.
func (h *House) openPast() (*pastClock, error) {
	begins, err := h.config.historyBegins()
	if err != nil || begins.IsZero() {
		return nil, err
	}
	past := &pastClock{}
	past.advance(begins)
	return past, nil
}

// decider decides what comes through the doors.
func (h *House) decider() intake.Decider {
	if h.past == nil {
		return h.Owner
	}
	return pastOwner{h.Owner, h.past, h.options.Clock}
}

// resumePast goes on with the clock where loading was broken off.
func (h *House) resumePast(ctx context.Context) error {
	if h.past == nil || h.Owner.Position() < 1 {
		return nil
	}
	last, err := h.Owner.Record(ctx, h.Owner.Position())
	if err == nil {
		h.past.advance(last.At)
	}
	return err
}
