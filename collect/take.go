package collect

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"
	"os"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
)

// pauseFirst and pauseMax bound how long a part waits before it is tried again.
const (
	pauseFirst = 100 * time.Millisecond
	pauseMax   = 30 * time.Second
)

// copied is the copy of a file, which nobody changes while it is taken.
type copied struct {
	*os.File
	content journal.Hash
}

// errGrown says that a file has more bytes than it had when it was looked at.
var errGrown = fault.New(fault.PlaceFailed, "file", "it is growing")

// bounded takes no more bytes than are left.
type bounded struct {
	w    io.Writer
	left int64
}

// Write implements io.Writer.
func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errGrown
	}
	return b.w.Write(p)
}

const spoolPrefix = "collect-"

// copy copies a file. Nil without an error means that it changed meanwhile: it is not finished.
func (w *watch) copy(ctx context.Context, e Entry) (_ *copied, err error) {
	file, err := os.CreateTemp(w.opts.Spool, spoolPrefix+"*")
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "collect.copy", e.Name)
	}
	c := &copied{File: file}
	whole := false
	defer func() {
		if !whole {
			err = errors.Join(err, c.remove())
		}
	}()
	from, err := w.Place.Open(ctx, e.Name)
	if err != nil {
		return nil, err
	}
	hash := sha256.New()
	size, err := io.Copy(&bounded{io.MultiWriter(file, hash), e.Size}, from)
	err = errors.Join(err, from.Close())
	if errors.Is(err, errGrown) {
		return nil, nil
	}
	if err != nil {
		return nil, placeFault(err, "collect.copy", e.Name)
	}
	after, err := w.Place.Stat(ctx, e.Name)
	if err != nil && !gone(err) {
		return nil, err
	}
	if err != nil || size != e.Size || !after.unchanged(e) || !after.Regular {
		return nil, nil
	}
	hash.Sum(c.content[:0])
	whole = true
	return c, nil
}

// remove deletes the copy.
func (c *copied) remove() error {
	if err := errors.Join(c.Close(), os.Remove(c.Name())); err != nil {
		return fault.Wrap(err, fault.Storage, "collect.copy", "spool")
	}
	return nil
}

// take takes one file: all of it, or up to where ctx ends or something fails. False without an
// error means that the file is not finished.
func (w *watch) take(ctx context.Context, e Entry) (_ bool, err error) {
	c, err := w.copy(ctx, e)
	if err != nil || c == nil {
		return false, err
	}
	defer func() { err = errors.Join(err, c.remove()) }()
	release, err := w.slot(ctx) // a slow place does not hold up the others
	if err != nil {
		return false, err
	}
	defer release()
	f, resumed, err := w.recall(ctx, e, c.content)
	if err != nil {
		return false, err
	}
	if f.State == intake.FileTaking {
		if f, err = w.decide(ctx, f, c, resumed); err != nil {
			return false, err
		}
	}
	return true, w.putAway(ctx, f)
}

// recall returns what is remembered of the file, and remembers it: as begun, as gone on with,
// as known, or as known under another name. resumed says that its taking was broken off.
func (w *watch) recall(ctx context.Context, e Entry, content journal.Hash) (f intake.File, resumed bool, err error) {
	name := intake.FileName{Pack: w.Pack, Instance: w.Instance, Name: e.Name}
	f, err = w.opts.Files.File(ctx, name.ID(content))
	switch {
	case fault.Is(err, fault.NotFound):
		f = intake.File{ID: name.ID(content), FileName: name, Content: content, TakenAt: w.opts.Clock().UTC(), State: intake.FileTaking}
		if err := w.recognise(ctx, &f); err != nil {
			return f, false, err
		}
	case err != nil:
		return f, false, err
	case f.State == intake.FileFailed:
		f.State, f.Counts, f.Parts, f.Next = intake.FileTaking, intake.FileCounts{}, 0, 0
		f.Code, f.Detail, f.Step, f.DoneAt = "", "", "", time.Time{}
	case f.State == intake.FileTaken:
		w.log.Info("a file came again", "file", f.ID, "name", f.Name)
	default:
		resumed = true
		w.log.Info("taking a file goes on", "file", f.ID, "name", f.Name, "next_byte", f.Next, "bytes", f.Size)
	}
	f.Size, f.ModifiedAt, f.PutAway = e.Size, e.ModifiedAt.UTC(), false
	return f, resumed, w.opts.Files.Keep(ctx, f, nil)
}

// recognise completes a file whose content was taken under another name: its records are
// duplicates, whatever the name would have made of their keys.
func (w *watch) recognise(ctx context.Context, f *intake.File) error {
	same, err := w.sameContent(ctx, f.Content)
	if err != nil {
		return err
	}
	for _, s := range same {
		if s.State != intake.FileTaken {
			continue
		}
		if f.SameAs = s.SameAs; f.SameAs == "" {
			f.SameAs = s.ID
		}
		f.State, f.DoneAt, f.Counts = intake.FileTaken, f.TakenAt, s.Counts
		f.Counts.Duplicate += f.Counts.Accepted
		f.Counts.Accepted = 0
		w.log.Info("a file brought a content that was taken under another name", "file", f.ID, "name", f.Name, "same_as", f.SameAs)
		return nil
	}
	return nil
}

// sameContent returns the files of a content.
func (w *watch) sameContent(ctx context.Context, content journal.Hash) ([]intake.File, error) {
	const copiesMax = 100 // the first is the one that counts
	return w.opts.Files.Find(ctx, intake.FileQuery{Pack: w.Pack, Instance: w.Instance, Content: content, Limit: copiesMax})
}

// decide has the parts of a file decided, from where it was broken off, and remembers what
// became of each before it goes on.
func (w *watch) decide(ctx context.Context, f intake.File, c *copied, resumed bool) (intake.File, error) {
	started := w.opts.Clock()
	k, err := w.newKnife(ctx, f, c)
	if fault.HasCode(err, fault.TooLarge) {
		return w.refuse(ctx, f, fault.As(err))
	}
	if err != nil {
		return f, err
	}
	for f.State == intake.FileTaking {
		p, err := k.part(ctx, f.Next, f.Counts.Records)
		if fault.HasCode(err, fault.TooLarge) { // more than can be counted
			return w.refuse(ctx, f, fault.As(err))
		}
		if err != nil {
			return f, err
		}
		lines, err := w.takePart(ctx, &f, p, resumed)
		if err != nil {
			return f, err
		}
		packed, err := packLines(lines)
		if err != nil {
			return f, err
		}
		f.Counts = count(f.Counts, lines)
		f.Next = p.end
		f.Parts++
		if p.last && f.State == intake.FileTaking {
			f.State = intake.FileTaken
		}
		if p.last {
			f.DoneAt = w.opts.Clock().UTC()
		}
		if err := w.opts.Files.Keep(ctx, f, packed); err != nil {
			return f, err
		}
		w.logProgress(f, started)
		resumed = false
	}
	return f, nil
}

// refuse remembers that a file is larger than can be read, and lists it; the file itself is all
// that is kept of what has no answers yet.
func (w *watch) refuse(ctx context.Context, f intake.File, cause *fault.Error) (intake.File, error) {
	fail(&f, cause)
	f.DoneAt = w.opts.Clock().UTC()
	item := exception.New(exception.Report{Code: f.Code, Source: exception.SourceIntake, Subject: w.subject(f.Name), Detail: f.Detail}, w.opts.Clock())
	if err := w.opts.Worklist.Raise(ctx, item); err != nil {
		return f, err
	}
	return f, w.opts.Files.Keep(ctx, f, nil)
}

func (w *watch) logProgress(f intake.File, started time.Time) {
	n := f.Counts
	w.log.Info("collected", "file", f.ID, "name", f.Name, "state", f.State, "bytes", f.Size, "next_byte", f.Next, "milliseconds", w.opts.Clock().Sub(started).Milliseconds(),
		"records", n.Records, "accepted", n.Accepted, "duplicate", n.Duplicate, "conflict", n.Conflict, "refused", n.Refused,
		"waiting", n.Waiting, "ignored", n.Ignored, "code", f.Code)
}

// fail marks a file as one that cannot be read.
func fail(f *intake.File, cause *fault.Error) {
	f.State, f.Code, f.Detail, f.Step = intake.FileFailed, cause.Code, detailOf(cause), cause.NextStep()
}

func detailOf(f *fault.Error) string {
	if f.Subject == "" || f.Detail == "" {
		return f.Detail
	}
	return f.Subject + ": " + f.Detail
}

// takePart has one part decided and returns what became of its records. A file whose only part
// is refused as a whole has failed.
func (w *watch) takePart(ctx context.Context, f *intake.File, p part, resumed bool) ([]Line, error) {
	receipt, again, err := w.deliver(ctx, f, p)
	if err != nil {
		if receipt.Evidence == (journal.Hash{}) {
			return nil, err
		}
		cause := fault.As(err)
		if p.start == 0 && p.last {
			fail(f, cause)
			return nil, nil
		}
		return []Line{p.refused(receipt.Evidence, cause)}, nil
	}
	lines := p.lines(receipt)
	switch {
	case resumed || again:
		err = w.claim(ctx, *f, receipt, lines)
	case receipt.Redelivered:
		asDuplicates(lines) // it came in by another door
	}
	return lines, err
}

// deliver hands a part to the doors until they have an answer, and reports whether it had to do
// so again: some of its facts may have come in before.
func (w *watch) deliver(ctx context.Context, f *intake.File, p part) (_ intake.Receipt, again bool, _ error) {
	pauses := 0
	pause := func(ctx context.Context) error {
		pauses++
		return wait(ctx, backoff(pauseFirst, pauseMax, pauses))
	}
	for {
		receipt, err := w.opts.Door.Take(ctx, intake.Arrival{
			Pack: w.Pack, Instance: w.Instance, Topic: w.Topic, FileName: f.Name, Body: p.body, Before: p.before, Ordinals: p.ordinals, Caller: Collected, Pause: pause,
		})
		if !passing(err) && (err != nil || !undecided(receipt)) {
			return receipt, again, err
		}
		again = true
		w.log.Warn("a part of a file is waiting", "file", f.ID, "next_byte", f.Next, "fault", err)
		if err := pause(ctx); err != nil {
			return receipt, again, err
		}
	}
}

// passing reports whether the same part will be welcome later.
func passing(err error) bool {
	return fault.Is(err, fault.Busy) || fault.Is(err, fault.Unknown) || fault.Is(err, fault.Unavailable)
}

// undecided reports whether it is not known of some event whether it was recorded.
func undecided(r intake.Receipt) bool {
	for _, line := range r.Records {
		for _, e := range line.Events {
			if e.Status == record.Unknown {
				return true
			}
		}
	}
	return false
}
