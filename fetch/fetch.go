package fetch

import (
	"context"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/retail"
)

// Caller is who brings in what was fetched: the connection to the configured host is the proof.
const Caller retail.PrincipalID = "fetch"

// Taker takes what was fetched; intake.Doors does.
type Taker interface {
	// Take handles a payload, and returns when its events are durable. It is called once for
	// each record. An error of kind Busy, Unknown, Unavailable or Internal has the record
	// fetched again; any other means that it is on the work list.
	Take(ctx context.Context, a intake.Arrival) (intake.Receipt, error)
}

// Cursors keeps how far polls have come, on the desk, at full durability; store.Settings does.
type Cursors interface {
	// Get returns the value of a name, or nil. It is called once for each poll, at start.
	Get(ctx context.Context, name string) ([]byte, error)
	// Put sets the value of a name, and returns when that is durable. It is called once for
	// each page.
	Put(ctx context.Context, name string, value []byte) error
}

// Options are what asking needs. All of them are required.
type Options struct {
	Sources   []Source
	Taker     Taker
	FollowUps intake.FollowUps
	Cursors   Cursors
	Worklist  intake.Worklist
	// Transport sends requests; it verifies TLS.
	Transport http.RoundTripper
	Clock     func() time.Time
	// Wait returns after a time, when wake gives something, or with an error when ctx ends.
	Wait func(ctx context.Context, d time.Duration, wake <-chan struct{}) error
	// Jitter returns a random time from zero up to below, so that many lanes do not ask a
	// vendor that comes back all at once.
	Jitter func(below time.Duration) time.Duration
	Log    *slog.Logger
}

// Fetcher asks the sources that are to be asked. Its methods may be called from many
// goroutines.
type Fetcher struct {
	opts  Options
	lanes []*lane
}

// Open checks the sources against their packs and reads how far their polls have come. What
// is wrong with a source is H-CONFIG. Nothing is asked before Run.
func Open(ctx context.Context, o Options) (*Fetcher, error) {
	f := &Fetcher{opts: o}
	for _, s := range o.Sources {
		l, err := openLane(ctx, &f.opts, s)
		if err != nil {
			return nil, err
		}
		f.lanes = append(f.lanes, l)
	}
	return f, nil
}

// Run asks until ctx ends and returns nil then. An error means that the desk failed, so that
// nothing that was fetched could be known to be.
func (f *Fetcher) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var lanes sync.WaitGroup
	var failed error
	var once sync.Once
	for _, l := range f.lanes {
		lanes.Go(func() {
			if err := l.run(ctx); err != nil && ctx.Err() == nil {
				once.Do(func() { failed = err })
				cancel(err)
			}
		})
	}
	lanes.Wait()
	return failed
}

// Followed tells the lanes that there are new follow-ups.
func (f *Fetcher) Followed() {
	for _, l := range f.lanes {
		l.poke()
	}
}

// lane returns the lane of a source.
func (f *Fetcher) lane(source intake.SourceName) (*lane, error) {
	i := slices.IndexFunc(f.lanes, func(l *lane) bool { return l.name == source })
	if i < 0 {
		return nil, fault.New(fault.NoSuchThing, source.Pack+"/"+string(source.Instance), "no such source is asked").
			WithHint("Add api: to the source in the configuration.")
	}
	return f.lanes[i], nil
}

// Summary says what came of asking.
type Summary struct {
	Pages   int `json:"pages"`
	Records int `json:"records"`
	// Events counts the events of the records by what was answered to them.
	Events map[string]int `json:"events"`
	// Refused counts the records that are on the work list now.
	Refused int `json:"refused"`
	// Followed counts the records that told only what to ask for next.
	Followed int `json:"followed"`
}

// haul is what is being brought in: what came of it so far, and whether what was answered
// before is decided anew, as it is on command.
type haul struct {
	Summary
	anew bool
}

func newHaul(anew bool) *haul { return &haul{Summary{Events: map[string]int{}}, anew} }

// count adds what came of a record.
func (s *Summary) count(receipt intake.Receipt) {
	s.Records++
	for _, line := range receipt.Records {
		if line.Code != "" {
			s.Refused++
		}
		if line.Follow != "" {
			s.Followed++
		}
		for _, e := range line.Events {
			s.Events[string(e.Status)]++
		}
	}
}

// FollowUp asks one question now. It is kept first, so that it is asked again if this does not
// succeed. The error says what the system answered.
func (f *Fetcher) FollowUp(ctx context.Context, u intake.FollowUp) (Summary, error) {
	l, err := f.lane(intake.SourceName{Pack: u.Pack, Instance: u.Instance})
	if err != nil {
		return Summary{}, err
	}
	if err := l.checkFollowUp(u); err != nil {
		return Summary{}, err
	}
	if u, err = f.opts.FollowUps.Raise(ctx, u); err != nil {
		return Summary{}, err
	}
	return l.followNow(ctx, u)
}

// Retry has the follow-ups of a source that wait for a person tried again, all of them or the
// one of an id, and returns how many those are.
func (f *Fetcher) Retry(ctx context.Context, source intake.SourceName, id intake.FollowUpID) (int, error) {
	l, err := f.lane(source)
	if err != nil {
		return 0, err
	}
	return l.retry(ctx, id)
}

// Poll asks what has changed until the system has no more to say: since the cursor, or since
// an instant where that is not zero.
func (f *Fetcher) Poll(ctx context.Context, source intake.SourceName, poll string, since time.Time) (Summary, error) {
	l, err := f.lane(source)
	if err != nil {
		return Summary{}, err
	}
	return l.pollNow(ctx, poll, since)
}

// Status says how far asking a source has come.
type Status struct {
	Source intake.SourceName `json:"-"`
	Host   string            `json:"host"`
	// FollowUps counts the open follow-ups, Stopped those among them that wait for a person.
	FollowUps int          `json:"follow_ups"`
	Stopped   int          `json:"stopped"`
	Polls     []PollStatus `json:"polls"`
}

// PollStatus says how far a poll has come.
type PollStatus struct {
	Name string `json:"name"`
	// Since is up to when every change was taken in, LastAt when that was asked; zero: never.
	Since  time.Time `json:"since"`
	LastAt time.Time `json:"last_at,omitzero"`
	// Failures counts the tries in a row that brought nothing.
	Failures int `json:"failures,omitempty"`
}

// Status returns the status of every source that is asked, in the order of the configuration.
func (f *Fetcher) Status(ctx context.Context) ([]Status, error) {
	var all []Status
	for _, l := range f.lanes {
		s, err := l.status(ctx)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}
