package fetch

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

// poll is one poll of a source. It is used under the lane's turn.
type poll struct {
	*pack.Poll
	fetch    *pack.Fetch
	cursor   cursor
	due      time.Time
	failures int
}

// cursor is how far a poll has come. It is durable after the events of each page are.
type cursor struct {
	// Since is up to when every change was taken in.
	Since time.Time `json:"since"`
	// AskedAt is when that was known.
	AskedAt time.Time `json:"asked_at,omitzero"`
	// Next is the page to ask for next; empty where nothing has begun. The others belong to it:
	// when the asking began, and the newest change that its pages have shown.
	Next    string    `json:"next,omitempty"`
	BeganAt time.Time `json:"began_at,omitzero"`
	Newest  time.Time `json:"newest,omitzero"`
	// Again says that the asking has begun anew already, because a page was refused.
	Again bool `json:"again,omitempty"`
	// Code is that of the item on the work list.
	Code fault.Code `json:"code,omitempty"`
}

// begin starts asking for what has changed since the last time.
func (c cursor) begin(now time.Time) cursor {
	c.Next, c.BeganAt, c.Newest = "", now.UTC(), c.Since
	return c
}

// after returns the cursor after a page. What changed while it was asked may have come too
// late for the pages that were read already, so that Since never passes BeganAt.
func (c cursor) after(page pack.Page, newest, now time.Time) cursor {
	if newest.After(c.Newest) {
		c.Newest = newest
	}
	if c.Next = page.Next; c.Next != "" {
		return c
	}
	until := c.Newest
	if c.BeganAt.Before(until) {
		until = c.BeganAt
	}
	if until.After(c.Since) {
		c.Since = until
	}
	c.AskedAt, c.BeganAt, c.Newest, c.Again = now.UTC(), time.Time{}, time.Time{}, false
	return c
}

// cursorName is under what the desk keeps the cursor of a poll.
func (l *lane) cursorName(poll string) string {
	sum := sha256.Sum256([]byte(l.name.Pack + "\x00" + string(l.name.Instance) + "\x00" + poll))
	return "poll/" + hex.EncodeToString(sum[:16])
}

func (l *lane) pollSubject(p *poll) string { return l.source.subject() + " poll " + p.Name }

// openPoll reads how far a poll has come.
func (l *lane) openPoll(ctx context.Context, from PollFrom) (*poll, error) {
	declared := l.source.Pack.Poll(from.Name)
	p := &poll{Poll: declared, fetch: l.source.Pack.Fetch(declared.Fetch), cursor: cursor{Since: from.Since.UTC()}}
	text, err := l.opts.Cursors.Get(ctx, l.cursorName(from.Name))
	if err != nil {
		return nil, err
	}
	if text != nil {
		if err := json.Unmarshal(text, &p.cursor); err != nil {
			return nil, fault.Wrap(err, fault.Storage, "fetch.open", l.pollSubject(p))
		}
	}
	if p.cursor.Next == "" && !p.cursor.AskedAt.IsZero() {
		p.due = p.cursor.AskedAt.Add(p.Every)
	}
	return p, nil
}

// save makes a cursor durable, and only then the one that counts.
func (l *lane) save(ctx context.Context, p *poll, c cursor) error {
	text, err := json.Marshal(c)
	if err != nil {
		return fault.Wrap(err, fault.InternalError, "fetch.save", l.pollSubject(p))
	}
	if err := l.opts.Cursors.Put(ctx, l.cursorName(p.Name), text); err != nil {
		return err
	}
	p.cursor = c
	l.show()
	return nil
}

// page asks for the next page of a poll and takes it in. A *trouble is dealt with; any other
// error is the desk's or that of ctx.
func (l *lane) page(ctx context.Context, p *poll, h *haul) error {
	c := p.cursor
	if c.Next == "" {
		c = c.begin(l.opts.Clock())
	}
	err := l.turnPage(ctx, p, c, h)
	var t *trouble
	if !errors.As(err, &t) {
		return err
	}
	if lost := l.pollFailed(ctx, p, t); lost != nil {
		return lost
	}
	return t
}

func (l *lane) turnPage(ctx context.Context, p *poll, c cursor, h *haul) error {
	page, err := l.ask(ctx, p.fetch, pack.Question{Values: p.Since(c.Since.Add(-p.Overlap)), Next: c.Next})
	if err != nil {
		return err
	}
	h.Pages++
	if err := l.brought(ctx, p.fetch, page, h); err != nil {
		return err
	}
	newest, err := p.Changed(ctx, page.Records)
	if err != nil {
		return l.denied(ctx, err)
	}
	now := l.opts.Clock()
	c = c.after(page, newest, now)
	if c.Code != "" {
		if err := l.resolve(ctx, c.Code, l.pollSubject(p)); err != nil {
			return err
		}
		c.Code = ""
	}
	if err := l.save(ctx, p, c); err != nil {
		return err
	}
	p.failures, p.due = 0, now
	l.show()
	if c.Next == "" {
		p.due = now.Add(p.Every)
	}
	return nil
}

// pollFailed puts a poll off. A page that is refused may have been named too long ago, so that
// the asking begins anew, once.
func (l *lane) pollFailed(ctx context.Context, p *poll, t *trouble) error {
	p.failures++
	now := l.opts.Clock()
	p.due = now.Add(max(t.wait, backoff(p.failures, l.opts.Jitter)))
	c := p.cursor
	if stops(t.meaning) {
		named := c.Next != ""
		c.Next = ""
		if named && !c.Again {
			c.Again = true
			return l.save(ctx, p, c)
		}
		p.due = now.Add(max(p.Every, t.wait))
	}
	if listed := stops(t.meaning) || p.failures == failuresMax; listed && t.meaning != pack.Unauthorised {
		if c.Code != "" && c.Code != t.fault.Code {
			if err := l.resolve(ctx, c.Code, l.pollSubject(p)); err != nil {
				return err
			}
		}
		c.Code = t.fault.Code
	}
	if err := l.report(ctx, t, p.failures, l.pollSubject(p), ""); err != nil {
		return err
	}
	l.show()
	if c == p.cursor {
		return nil
	}
	return l.save(ctx, p, c)
}

// pollNow asks until a poll has come to its end. The turn is given back between pages, so
// that follow-ups do not wait for a long catch-up.
func (l *lane) pollNow(ctx context.Context, name string, since time.Time) (Summary, error) {
	i := slices.IndexFunc(l.polls, func(p *poll) bool { return p.Name == name })
	if i < 0 {
		return Summary{}, fault.New(fault.NoSuchThing, l.source.subject(), "no poll %s is on", name).
			WithHint("heddle pack show lists the polls of a pack; the source's api: polls: turns one on.")
	}
	p, h := l.polls[i], newHaul(true)
	for first := true; ; first = false {
		done, err := l.pollOnce(ctx, p, h, since, first)
		if done || err != nil {
			return h.Summary, err
		}
	}
}

// pollOnce asks for one page and reports whether it was the last.
func (l *lane) pollOnce(ctx context.Context, p *poll, h *haul, since time.Time, first bool) (bool, error) {
	if err := l.take(ctx); err != nil {
		return false, err
	}
	defer l.give()
	if first && !since.IsZero() {
		if err := l.save(ctx, p, cursor{Since: since.UTC(), Code: p.cursor.Code}); err != nil {
			return false, err
		}
	}
	if !first && p.cursor.Next == "" {
		return true, nil // the lane itself has come to the end meanwhile
	}
	err := l.page(ctx, p, h)
	return p.cursor.Next == "", err
}
