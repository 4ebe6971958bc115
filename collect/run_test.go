package collect

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// running starts a collector in a bubble, whose clock is the bubble's; it is stopped by stop.
func running(r *rig) (stop func()) {
	r.opts.Clock = time.Now
	c, err := Open(r.opts)
	must(r.t, err)
	c.limits = r.watch.limits
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	return func() { cancel(); <-ended }
}

// pass lets a time of the bubble pass, and whatever is due in it be done.
func pass(t *testing.T, d time.Duration) {
	t.Helper()
	must(t, wait(t.Context(), d))
	synctest.Wait()
}

// TestRunLeavesGrowingFilesAlone writes a file slowly: it is taken when it has not changed for
// as long as it has to settle, and not before.
func TestRunLeavesGrowingFilesAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *Source) { s.Every, s.Settle = time.Minute, 5*time.Second })
		text := rows(10)
		r.layAt(day, text[:20], time.Now())
		defer running(r)()
		for n := 40; n < len(text); n += 20 {
			pass(t, 4*time.Second)
			r.wantTree(day)
			r.layAt(day, text[:n], time.Now())
		}
		r.layAt(day, text, time.Now())
		pass(t, 4*time.Second)
		r.wantTree(day)
		pass(t, time.Minute+5*time.Second)
		r.wantTree("done/" + day + " receipts/" + day + receiptEnd)
		r.wantCounts("taken 10: 10 accepted")
	})
}

// TestRunLooksAgainWhenAFileHasSettled does not wait for the next look that is due.
func TestRunLooksAgainWhenAFileHasSettled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, func(s *Source) { s.Every, s.Settle = time.Hour, 5*time.Second })
		r.layAt(day, rows(1), time.Now())
		defer running(r)()
		pass(t, 5*time.Second)
		r.wantFacts(day + "·1")
	})
}

// failing is a place that fails for a while.
type failing struct {
	Place
	mu    sync.Mutex
	looks []time.Duration // when it was looked at
	since time.Time
	until time.Duration
}

// List implements Place.
func (f *failing) List(ctx context.Context) (Listing, error) {
	at := time.Since(f.since)
	f.mu.Lock()
	f.looks = append(f.looks, at)
	f.mu.Unlock()
	if at < f.until {
		return Listing{}, fault.New(fault.PlaceFailed, "the folder", "it is not there")
	}
	return f.Place.List(ctx)
}

// TestRunBacksOff leaves a place that fails alone for longer and longer, lists it once, and
// closes the item when the place is back.
func TestRunBacksOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		f := &failing{since: time.Now(), until: 40 * time.Minute}
		r := newRig(t, func(s *Source) { f.Place, s.Place, s.Every = s.Place, f, time.Minute })
		r.lay(day, rows(1))
		stop := running(r)
		pass(t, 39*time.Minute)
		f.mu.Lock()
		looks := fmt.Sprint(f.looks)
		f.mu.Unlock()
		if got, want := looks, "[0s 1m0s 3m0s 7m0s 12m0s 17m0s 22m0s 27m0s 32m0s 37m0s]"; got != want {
			t.Errorf("it was looked at after %s, want %s", got, want)
		}
		if got, want := r.work(), []string{"H-PLACE counts/main the folder ×10"}; !slices.Equal(got, want) {
			t.Errorf("work: got %q, want %q", got, want)
		}
		pass(t, 10*time.Minute)
		stop()
		if got := r.work(); len(got) != 0 {
			t.Errorf("when the place is back: got %q, want nothing", got)
		}
		r.wantFacts(day + "·1")
	})
}

// TestRunClosesWhatWasListed closes what a process before this one has listed, once it no longer
// fails, and leaves what is said of others.
func TestRunClosesWhatWasListed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		raise := func(code fault.Code, subject string) {
			must(t, r.opts.Worklist.Raise(t.Context(), exception.New(exception.Report{Code: code, Source: exception.SourceIntake, Subject: subject}, time.Now())))
		}
		raise(fault.HostKeyWrong, "counts/main the folder")
		raise(fault.PlaceFailed, "counts/main the folder a.csv")
		raise(fault.PlaceFailed, "counts/main the folder receipts")
		raise(fault.TooLarge, "counts/main the folder b.xml")
		raise(fault.PlaceFailed, "counts/main the folder2")
		stop := running(r)
		pass(t, time.Second)
		stop()
		want := []string{"H-PLACE counts/main the folder receipts ×1", "H-TOO-LARGE counts/main the folder b.xml ×1", "H-PLACE counts/main the folder2 ×1"}
		if got := r.work(); !slices.Equal(got, want) {
			t.Errorf("work: got %q, want %q", got, want)
		}
	})
}

// TestRunWaitsForABusyOwner tries again, ever more slowly, and goes on.
func TestRunWaitsForABusyOwner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.journal.beBusy(4) // 100, 200, 400 and 800 ms
		r.lay(day, rows(1))
		defer running(r)()
		pass(t, 1400*time.Millisecond)
		r.wantFacts()
		pass(t, 200*time.Millisecond)
		r.wantCounts("taken 1: 1 accepted")
	})
}

// TestRunStopsAndGoesOn stops in the middle of a file, while the owner is busy; the next process
// goes on after what has its answers.
func TestRunStopsAndGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		const n = 20
		r.watch.limits.rows = n / 2
		r.lay(day, rows(n))
		r.opts.Door = &during{r.opts.Door, func() {
			if len(r.journal.keys()) == n/2 {
				r.journal.beBusy(1 << 30)
			}
		}}
		stop := running(r)
		pass(t, time.Hour)
		stop()
		r.wantCounts("taking 10: 10 accepted")
		if got := r.tree(); got != day {
			t.Errorf("the folder holds %s", got)
		}
		r.journal.beBusy(0)
		taken := 0
		r.opts.Door = &during{r.opts.Door.(*during).Door, func() { taken++ }}
		stop = running(r)
		pass(t, time.Second)
		stop()
		r.wantCounts("taken 20: 20 accepted")
		if taken != 1 || len(r.journal.keys()) != n {
			t.Errorf("%d parts were taken and %d facts are there, want 1 and %d", taken, len(r.journal.keys()), n)
		}
	})
}

// TestRunTakesAPartAgain sends a part whose outcome is unknown again.
func TestRunTakesAPartAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		r.lay(day, rows(2))
		d := &doubtful{Door: r.opts.Door, errs: []error{
			fault.New(fault.OutcomeUnknown, "", "who knows"), fault.New(fault.Storage, "", "the disk is full"), nil,
		}}
		r.opts.Door = d
		defer running(r)()
		pass(t, time.Minute)
		r.wantFacts(day+"·1", day+"·2")
		if f := r.newest(); f.State != intake.FileTaken || len(d.errs) != 0 {
			t.Errorf("got %+v with %d errors left", f, len(d.errs))
		}
	})
}

// doubtful is a door that takes payloads and says otherwise.
type doubtful struct {
	Door
	errs []error
}

// Take implements Door.
func (d *doubtful) Take(ctx context.Context, a intake.Arrival) (intake.Receipt, error) {
	r, err := d.Door.Take(ctx, a)
	if len(d.errs) > 0 {
		err, d.errs = d.errs[0], d.errs[1:]
	}
	if err != nil {
		return intake.Receipt{}, err
	}
	return r, nil
}

// TestOldestFirst takes files in the order in which they were laid down.
func TestOldestFirst(t *testing.T) {
	r := newRig(t)
	for i, name := range strings.Fields("c b a") {
		r.layAt(name+".csv", rows(i+1), noon.Add(time.Duration(i/2)*time.Second))
	}
	r.look()
	r.wantFacts("b.csv·1", "b.csv·2", "c.csv·1", "a.csv·1", "a.csv·2", "a.csv·3")
}
