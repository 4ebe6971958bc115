package collect

import (
	"context"
	"log/slog"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// Limits of a collector.
const (
	// FileMax is how many bytes a file has at most that is taken.
	FileMax = 4 << 30
	// takesMax is how many files are decided at a time. Each has one payload in memory.
	takesMax = 2
	// failuresMax is how many failures of one look are told.
	failuresMax = 100
)

// Collected is the principal in whose name collected files come in. What proves them is that
// their sender can write to the place.
const Collected retail.PrincipalID = "collect"

// Door takes payloads in; intake.Doors is the one. It is called once for each payload of a
// file, and again after errors of the kinds Busy, Unknown and Unavailable.
type Door interface {
	Take(ctx context.Context, a intake.Arrival) (intake.Receipt, error)
}

// Disposal says what is done with a file that was taken.
type Disposal string

// The disposals.
const (
	// Move puts it into the folder done, or failed.
	Move Disposal = "move"
	// Keep leaves it where it is. A change of its content has to change its size or its time.
	Keep Disposal = "keep"
)

// Source is one place and what lies in it for whom.
type Source struct {
	Pack     string
	Instance retail.InstanceID
	// Title names the place for people: a path, or an address with a path; never a secret.
	Title string
	Place Place
	// Notify, unless it is nil, calls look when something has changed in the place, until ctx
	// ends. It only makes looks come sooner; Every is what is relied upon.
	Notify func(ctx context.Context, look func())

	// Match is a pattern of path.Match for names; empty means every name.
	Match string
	// Topic names the pack's topic, where the pack cannot tell it.
	Topic string
	// Options are what the installation chose of the pack's options.
	Options map[string]string
	// Every is how long after a look the next one comes.
	Every time.Duration
	// Settle is how long a file has to stay as it is; it has to be longer than its writer
	// pauses, and than the resolution of the place's times. A marker needs no settling.
	Settle time.Duration
	// Marker is what the name of the file adds by which the sender says that a file is finished:
	// ".done". It has to be laid down after the file. Empty means that there are no markers.
	Marker string
	// Then says what is done with files that were taken; empty means Move.
	Then Disposal
	// Receipts is the folder in the place into which receipts are written; empty means none.
	Receipts string
	// Replies is the folder into which acknowledgements are written, for formats that have
	// them; empty means none. On a server it may be the path of another folder.
	Replies string
}

// Options are what a collector needs.
type Options struct {
	Sources  []Source
	Door     Door
	Packs    *pack.Set
	Files    intake.Files
	Facts    Facts
	Worklist intake.Worklist
	// Spool is a folder for the copies of files while they are taken; what is in it is deleted.
	Spool string
	Clock func() time.Time
	Log   *slog.Logger
}

// Collector collects from all places.
type Collector struct {
	opts   Options
	slots  chan struct{}
	limits cutLimits
}

// Open returns a collector; a source that cannot work is H-CONFIG.
func Open(opts Options) (*Collector, error) {
	for i := range opts.Sources {
		s := &opts.Sources[i]
		if s.Then == "" {
			s.Then = Move
		}
		if err := s.validate(opts.Packs); err != nil {
			return nil, err
		}
	}
	if err := emptySpool(opts.Spool); err != nil {
		return nil, fault.Wrap(err, fault.BadConfig, "collect.open", "spool")
	}
	return &Collector{opts: opts, slots: make(chan struct{}, takesMax), limits: cutLimits{partBytes, partRows}}, nil
}

// emptySpool makes the folder and deletes what a killed process left in it.
func emptySpool(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	left, err := filepath.Glob(filepath.Join(dir, spoolPrefix+"*"))
	for _, file := range left {
		if err := os.Remove(file); err != nil {
			return err
		}
	}
	return err
}

func (s *Source) validate(packs *pack.Set) error {
	wrong := func(format string, args ...any) error { return fault.New(fault.BadConfig, s.Title, format, args...) }
	if _, err := packs.Get(s.Pack); err != nil {
		return fault.Wrap(err, fault.BadConfig, "collect.open", s.Title)
	}
	if _, err := path.Match(s.Match, ""); err != nil {
		return wrong("match is no pattern")
	}
	switch {
	case s.Every <= 0:
		return wrong("it is never looked at")
	case s.Then != Move && s.Then != Keep:
		return wrong("what is done with files is %s or %s", Move, Keep)
	case strings.ContainsAny(s.Marker, `/\`):
		return wrong("a marker is a part of a name")
	case s.Receipts != "" && (!plainName(s.Receipts) || s.Receipts == doneFolder || s.Receipts == failedFolder):
		return wrong("receipts is the name of a folder of their own")
	case s.Replies != "" && (path.Clean(s.Replies) == "." || s.Replies == doneFolder || s.Replies == failedFolder):
		return wrong("replies is a folder of their own")
	}
	return nil
}

// Run collects until ctx ends and returns when nothing is under way any more. What was being
// taken is gone on with by the next process.
func (c *Collector) Run(ctx context.Context) {
	var all sync.WaitGroup
	for _, s := range c.opts.Sources {
		w := newWatch(c, s)
		all.Go(func() { w.run(ctx) })
	}
	all.Wait()
}

// slot waits until a file may be decided, and returns what has to be called after it.
func (c *Collector) slot(ctx context.Context) (func(), error) {
	select {
	case c.slots <- struct{}{}:
		return func() { <-c.slots }, nil
	case <-ctx.Done():
		return nil, stopping(ctx)
	}
}

func stopping(ctx context.Context) error {
	return fault.Wrap(ctx.Err(), fault.Stopping, "collect.run", "")
}

// wait returns after a time, or with an error when ctx ends before.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return stopping(ctx)
	}
}
