package collect

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

const (
	// backoffMax is how long a place is left alone at most after it has failed.
	backoffMax = 5 * time.Minute
	// lookGap is how soon after a look the next one comes, whatever changes in the place.
	lookGap = 500 * time.Millisecond
)

// watch looks at one source again and again.
type watch struct {
	*Collector
	Source
	lookout
	log *slog.Logger
	// done are the files of the last listing that need nothing more while they stay as they
	// are, so that the desk is not asked about each of them at each look.
	done map[string]Entry
}

func newWatch(c *Collector, s Source) *watch {
	return &watch{
		Collector: c, Source: s, lookout: lookout{match: s.Match, marker: s.Marker, settle: s.Settle, seen: map[string]seen{}},
		log: c.opts.Log.With("source", s.Pack+"/"+string(s.Instance), "place", s.Title), done: map[string]Entry{},
	}
}

// run looks until ctx ends.
func (w *watch) run(ctx context.Context) {
	changed := make(chan struct{}, 1)
	var notifying sync.WaitGroup
	defer notifying.Wait()
	if w.Notify != nil {
		notifying.Go(func() {
			w.Notify(ctx, func() {
				select {
				case changed <- struct{}{}:
				default: // a look is due already
				}
			})
		})
	}
	failed, err := w.listed(ctx)
	if err != nil {
		w.log.Error("what was listed before cannot be read", "fault", err)
	}
	for failures := 0; ; {
		next, err := w.look(ctx)
		if ctx.Err() != nil {
			break
		}
		if failures++; err == nil {
			failures = 0
		}
		failed = w.report(ctx, err, failed)
		if !w.sleep(ctx, w.pauseAfter(next, failures), changed, failures == 0) {
			break
		}
	}
	if err := w.Place.Close(); err != nil {
		w.log.Warn("the place was not left in order", "fault", err)
	}
}

// pauseAfter returns how long to wait for the next look: less while files settle, more and more
// after failures.
func (w *watch) pauseAfter(next time.Time, failures int) time.Duration {
	if failures > 0 {
		return backoff(w.Every, max(backoffMax, w.Every), failures)
	}
	pause := w.Every
	if !next.IsZero() {
		pause = min(pause, next.Sub(w.opts.Clock()))
	}
	return max(pause, 0)
}

// backoff doubles a pause with each failure after the first, up to a limit.
func backoff(first, limit time.Duration, failures int) time.Duration {
	for ; failures > 1 && first < limit; failures-- {
		first *= 2
	}
	return min(first, limit)
}

// sleep waits for the next look, or for a change where it may come sooner. False means that
// ctx has ended.
func (w *watch) sleep(ctx context.Context, pause time.Duration, changed <-chan struct{}, sooner bool) bool {
	gap := min(lookGap, pause)
	if wait(ctx, gap) != nil {
		return false
	}
	if !sooner {
		changed = nil
	}
	timer := time.NewTimer(pause - gap)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-changed:
	case <-ctx.Done():
		return false
	}
	return true
}

// look looks once and takes what is ready, the oldest first. It returns when to look again
// for a file that is settling, or the zero time.
func (w *watch) look(ctx context.Context) (time.Time, error) {
	listing, err := w.Place.List(ctx)
	if err != nil {
		return time.Time{}, err
	}
	var errs []error
	failed := func(err error) {
		if err != nil && len(errs) < failuresMax {
			errs = append(errs, err)
		}
	}
	if listing.More {
		failed(fault.New(fault.TooLarge, w.Title, "the folder has more than %d entries", EntriesMax).
			WithHint("Delete or move what was taken; the others are taken then."))
	}
	slices.SortFunc(listing.Entries, func(a, b Entry) int {
		return cmp.Or(a.ModifiedAt.Compare(b.ModifiedAt), strings.Compare(a.Name, b.Name))
	})
	verdicts := w.judge(listing.Entries, w.opts.Clock())
	w.forgetDone(listing.Entries)
	for i, e := range listing.Entries {
		if ctx.Err() != nil {
			return time.Time{}, stopping(ctx)
		}
		switch verdicts[i] {
		case BadName:
			failed(fault.New(fault.BadRequest, w.Title, "there is a name with control characters, or of more than %d bytes", NameMax).
				WithHint("Rename the file; it is left alone."))
		case TooBig:
			failed(fault.New(fault.TooLarge, e.Name, "it has %d bytes; the limit is %d", e.Size, int64(FileMax)))
		default:
			err := w.handle(ctx, e, verdicts[i])
			if errors.Is(err, errLost) {
				return time.Time{}, errors.Join(errs...) // the failure that lost it is among them
			}
			failed(err)
		}
	}
	next, _ := w.settled(listing.Entries, verdicts)
	return next, errors.Join(errs...)
}

// forgetDone drops what is gone or has changed.
func (w *watch) forgetDone(entries []Entry) {
	before := w.done
	w.done = map[string]Entry{}
	for _, e := range entries {
		if d, ok := before[e.Name]; ok && d.unchanged(e) {
			w.done[e.Name] = d
		}
	}
}

// handle takes a file that is ready. One that was taken, and that a killed process has not put
// away, is put away whatever its marker says; one that stays in its place is left alone.
func (w *watch) handle(ctx context.Context, e Entry, r Readiness) error {
	if r != Ready && r != Settling && r != Unmarked {
		return nil
	}
	if _, done := w.done[e.Name]; done {
		return nil
	}
	newest, err := w.opts.Files.Find(ctx, intake.FileQuery{Pack: w.Pack, Instance: w.Instance, Name: e.Name, Limit: 1})
	if err != nil {
		return err
	}
	if len(newest) == 1 {
		switch f := newest[0]; {
		case f.State == intake.FileTaking || !e.unchanged(Entry{Size: f.Size, ModifiedAt: f.ModifiedAt}):
		case !f.PutAway:
			return w.putAway(ctx, f)
		case w.Then == Keep:
			w.done[e.Name] = e
			return nil
		}
	}
	if r != Ready {
		return nil
	}
	whole, err := w.take(ctx, e)
	if whole && err == nil && w.Then == Keep {
		w.done[e.Name] = e
	}
	return err
}

// report lists what failed at a look and logs it, and closes what no longer fails. It returns
// what is listed now.
func (w *watch) report(ctx context.Context, err error, before []exception.Item) []exception.Item {
	now := w.opts.Clock()
	var items []exception.Item
	for _, err := range parts(err) {
		f := fault.As(err)
		item := exception.New(exception.Report{Code: f.Code, Source: exception.SourceIntake, Subject: w.subject(f.Subject), Detail: f.Detail}, now)
		if slices.ContainsFunc(items, func(i exception.Item) bool { return i.ID == item.ID }) {
			continue
		}
		items = append(items, item)
		w.log.Error("collecting failed and will be tried again", "code", f.Code, "fault", err)
		if err := w.opts.Worklist.Raise(ctx, item); err != nil {
			w.log.Error("the failure could not be listed", "fault", err)
		}
	}
	for _, item := range before {
		if slices.ContainsFunc(items, func(i exception.Item) bool { return i.ID == item.ID }) {
			continue
		}
		if err := w.opts.Worklist.Resolve(ctx, item.Resolve(now, string(Collected))); err != nil {
			w.log.Error("the end of a failure could not be listed", "fault", err)
		}
	}
	return items
}

// listed returns what a process before this one has listed of the place and not closed. What
// is said of single files and receipts by others than report is not among it.
func (w *watch) listed(ctx context.Context) ([]exception.Item, error) {
	all, err := w.opts.Worklist.Items(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(i exception.Item) bool {
		inside := strings.HasPrefix(i.Subject, w.subject("")+" ") && i.Code == fault.PlaceFailed && i.Subject != w.subject(w.Receipts)
		return i.Status != exception.Open || i.Source != exception.SourceIntake || i.Subject != w.subject("") && !inside
	}), nil
}

// subject names what failed on the work list: the place, or something in it.
func (w *watch) subject(name string) string {
	subject := w.Pack + "/" + string(w.Instance) + " " + w.Title
	if name != "" && name != w.Title {
		subject += " " + name
	}
	return subject
}

// parts returns the errors that errors.Join joined.
func parts(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.DeleteFunc(joined.Unwrap(), func(err error) bool { return err == nil })
	}
	return []error{err}
}

func gone(err error) bool { return errors.Is(err, fs.ErrNotExist) }
