package flow

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// Limits of one owner.
const (
	// chunkEventsMax and chunkBytesMax bound one chunk.
	chunkEventsMax = 2000
	chunkBytesMax  = journal.BodyMax - 64<<10
	// queueMax bounds the requests that wait for the loop.
	queueMax = 1024
	// submissionsMax bounds one request.
	submissionsMax = 10_000
)

// Options are the owner's settings; the zero value of an optional one is usable.
type Options struct {
	Tenant      retail.TenantID
	Environment string
	// Clock tells the time; the only place where the flow meets it.
	Clock func() time.Time
	Log   *slog.Logger
	// TailMax is how many journal positions may be in memory only before intake slows down.
	TailMax int64
	// FlushEvery is how often the operations projection is written.
	FlushEvery time.Duration
	// Fatal is called when the loop ends because the journal is lost to it.
	Fatal func(error)
}

// EnsureDefaults fills what was left out.
func (o *Options) EnsureDefaults() {
	if o.TailMax == 0 {
		o.TailMax = 200_000
	}
	if o.FlushEvery == 0 {
		o.FlushEvery = 200 * time.Millisecond
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Fatal == nil {
		o.Fatal = func(error) {}
	}
}

// Owner decides and appends. It is the only writer of the journal while it owns it.
type Owner struct {
	opts     Options
	log      journal.Log
	cache    *store.Cache
	queue    chan *request
	appended *Signal
	book     *reference.Book // what was parsed of reference data
	freeing  bool            // whether lines that waited may still have to be released

	mark   journal.Watermark
	lastAt time.Time

	stop    chan struct{}
	stopped sync.WaitGroup
	fault   error // why the loop ended; read after stopped
}

type request struct {
	subs    []record.Submission
	answers []record.Answer
	freeing bool // whether lines that waited may still have to be released
	done    chan error
}

// Open follows the journal to its end and starts the loop. The projection is rebuilt first
// where its watermark belongs to another history.
func Open(ctx context.Context, log journal.Log, views store.Views, opts Options) (*Owner, error) {
	opts.EnsureDefaults()
	cache, tail, at, err := followToTail(ctx, log, views, opts.Log)
	if err != nil {
		return nil, err
	}
	o := &Owner{
		freeing: true, opts: opts, log: log, cache: cache, queue: make(chan *request, queueMax), appended: NewSignal(), book: reference.NewBook(nil),
		mark: tail, lastAt: at, stop: make(chan struct{}),
	}
	o.stopped.Go(o.loop)
	o.stopped.Go(o.flush)
	return o, nil
}

// followToTail follows until memory stands at the journal's end. A writer that is still at
// work may move the end meanwhile; whoever then extends it first owns it.
func followToTail(ctx context.Context, log journal.Log, views store.Views, logger *slog.Logger) (*store.Cache, journal.Watermark, time.Time, error) {
	for {
		cache, err := Follow(ctx, log, views, logger)
		if err != nil {
			return nil, journal.Watermark{}, time.Time{}, err
		}
		tail, at, err := log.Tail(ctx)
		if err != nil || tail == cache.Mark() {
			return cache, tail, at, err
		}
	}
}

// Close answers what was gathered, writes the projection and stops. Submissions after it
// are answered "unknown".
func (o *Owner) Close(ctx context.Context) error {
	close(o.stop)
	o.stopped.Wait()
	if o.fault != nil {
		return o.fault // whoever owns the journal now writes its projection
	}
	return o.cache.Flush(ctx)
}

// Appended tells followers that the journal has grown.
func (o *Owner) Appended() *Signal { return o.appended }

// Submit hands events to the owner and waits until each is decided and what was accepted is
// durable. The answers stand in the order of the submissions. An error means that nothing is
// known of any of them (H-UNKNOWN: send the same keys again) or that nothing was taken (H-BUSY).
func (o *Owner) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	if len(subs) > submissionsMax {
		return nil, fault.New(fault.TooLarge, "events", "%d in one request; the limit is %d", len(subs), submissionsMax)
	}
	if len(subs) == 0 {
		return nil, nil
	}
	if o.cache.Pending() > o.opts.TailMax {
		return nil, fault.New(fault.TooBusy, "journal", "the projections are %d events behind", o.cache.Pending())
	}
	r := &request{subs: subs, done: make(chan error, 1)}
	if err := o.hand(ctx, r); err != nil {
		return nil, err
	}
	return r.answers, nil
}

// Settle waits until every line is released that reference data has freed so far. Releases go
// on beside submissions: whoever wants one journal of one list of facts settles between them.
func (o *Owner) Settle(ctx context.Context) error {
	for {
		r := &request{done: make(chan error, 1)}
		if err := o.hand(ctx, r); err != nil || !r.freeing {
			return err
		}
	}
}

// hand gives a request to the loop and waits until it is done.
func (o *Owner) hand(ctx context.Context, r *request) error {
	select {
	case o.queue <- r:
	case <-o.stop:
		return fault.New(fault.TooBusy, "owner", "the server is stopping")
	default:
		return fault.New(fault.TooBusy, "owner", "%d requests wait already", queueMax)
	}
	select {
	case err := <-r.done:
		return err
	case <-ctx.Done():
		return fault.Wrap(ctx.Err(), fault.OutcomeUnknown, "flow.submit", "request")
	}
}

// loop gathers requests and handles them until the owner is stopped or loses the journal.
func (o *Owner) loop() {
	idle := time.NewTicker(time.Second)
	defer idle.Stop()
	ready := make(chan struct{})
	close(ready)
	for {
		var batch []*request
		var more <-chan struct{}
		if o.freeing {
			more = ready
		}
		select {
		case r := <-o.queue:
			batch = o.gather(r)
		case <-more:
		case <-idle.C: // what is due falls due when nobody asks, too
		case <-o.stop:
			o.drain(fault.New(fault.TooBusy, "owner", "the server is stopping"))
			return
		}
		if err := o.handle(batch); err != nil {
			o.fault = err
			o.opts.Log.Error("the owner stops", "fault", err)
			o.opts.Fatal(err)
			o.drain(fault.Wrap(err, fault.OutcomeUnknown, "flow.owner", "request"))
			return
		}
	}
}

// gather takes what waits already, up to a chunk's worth.
func (o *Owner) gather(first *request) []*request {
	batch, n := []*request{first}, len(first.subs)
	for n < chunkEventsMax {
		select {
		case r := <-o.queue:
			batch = append(batch, r)
			n += len(r.subs)
		default:
			return batch
		}
	}
	return batch
}

func (o *Owner) drain(err error) {
	for {
		select {
		case r := <-o.queue:
			r.done <- err
		default:
			return
		}
	}
}

// handle decides a batch, appends it and answers. Its error ends the loop.
func (o *Owner) handle(batch []*request) error {
	ctx := context.Background() // a commit is never cancelled by who waits for it
	at := o.now()
	c := newChunk(ctx, o, at)
	err := c.due()
	if err == nil {
		err = c.free()
	}
	if err == nil {
		err = o.lookUp(ctx, batch)
	}
	if err != nil {
		o.answer(batch, err)
		return nil
	}
	for _, r := range batch {
		r.answers = make([]record.Answer, len(r.subs))
		for i := range r.subs {
			if c.full() {
				if err := o.append(ctx, c); err != nil {
					o.answer(batch, unknown(err))
					return err
				}
				c = newChunk(ctx, o, at)
			}
			answer, err := c.decide(&r.subs[i])
			if errors.Is(err, errFull) {
				if err := o.append(ctx, c); err != nil {
					o.answer(batch, unknown(err))
					return err
				}
				c = newChunk(ctx, o, at)
				answer, err = c.decide(&r.subs[i])
			}
			if err != nil {
				o.answer(batch, err)
				return nil
			}
			r.answers[i] = answer
		}
	}
	if err := c.free(); err != nil {
		o.answer(batch, err)
		return nil
	}
	if err := o.append(ctx, c); err != nil {
		o.answer(batch, unknown(err))
		return err
	}
	o.answer(batch, nil)
	return nil
}

// lookUp asks for what most decisions of a batch need in one look-up each, so that no
// decision asks the database by itself whether its event is new.
func (o *Owner) lookUp(ctx context.Context, batch []*request) error {
	keys := map[string][]string{}
	need := func(table, key string) { keys[table] = append(keys[table], key) }
	for _, r := range batch {
		for i := range r.subs {
			key := event.IdempotencyKey(o.opts.Tenant, r.subs[i].Event)
			need(tableKeys, string(key[:]))
			if set, ok := r.subs[i].Event.Data.(*event.ReferenceSet); ok {
				need(reference.DocTable, reference.RowKey(event.Table(set.Table), set.RowKey))
				for _, w := range releasing(set) {
					need(tableWaiting, subjectKey(w))
				}
			}
		}
	}
	for _, table := range []string{tableKeys, reference.DocTable, tableWaiting} {
		if len(keys[table]) == 0 {
			continue
		}
		if _, err := o.cache.Docs(ctx, table, keys[table]); err != nil {
			return err
		}
	}
	return nil
}

func unknown(err error) error {
	return fault.Wrap(err, fault.OutcomeUnknown, "flow.append", "request")
}

func (o *Owner) answer(batch []*request, err error) {
	for _, r := range batch {
		r.freeing = o.freeing
		r.done <- err
	}
}

// now is the owner's clock, never earlier than the chunk before, in whole microseconds.
func (o *Owner) now() time.Time {
	at := o.opts.Clock().UTC().Truncate(time.Microsecond)
	if at.Before(o.lastAt) {
		at = o.lastAt
	}
	return at
}

// append makes a chunk durable. While the outcome is unknown it appends the same bytes again.
func (o *Owner) append(ctx context.Context, c *chunk) error {
	if len(c.records) == 0 {
		return nil
	}
	sealed, err := journal.Seal(o.opts.Tenant, o.opts.Environment, o.mark, c.at, c.records)
	if err != nil {
		return err
	}
	for wait := time.Millisecond; ; wait = min(2*wait, time.Second) {
		err := o.log.Append(ctx, sealed)
		if err == nil {
			break
		}
		if !fault.Is(err, fault.Unknown) {
			return err
		}
		o.opts.Log.Warn("the outcome of an append is unknown; appending the same bytes again", "first", sealed.First, "fault", err)
		select {
		case <-time.After(wait):
		case <-o.stop:
			return err
		}
	}
	o.mark, o.lastAt = sealed.End(), sealed.At
	o.cache.Absorb(c.overlay, o.mark)
	o.appended.Raise()
	return nil
}

// flush writes the operations projection in the background.
func (o *Owner) flush() {
	tick := time.NewTicker(o.opts.FlushEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			if err := o.cache.Flush(context.Background()); err != nil {
				o.opts.Log.Error("the operations projection was not written and will be tried again", "fault", err)
			}
		case <-o.stop:
			return
		}
	}
}

// chunk is what is decided between two appends.
type chunk struct {
	o       *Owner
	at      time.Time
	overlay *store.Overlay // what the chunk's records change
	state   *state
	scratch *store.Overlay // what the event being decided changes, in its own eyes
	trial   *state
	records []journal.Record
	bytes   int
	freed   *freed // what the lines_released being decided is about
	// released counts the lines that were released in front of a batch or behind it.
	released int
}

func newChunk(ctx context.Context, o *Owner, at time.Time) *chunk {
	overlay := store.NewOverlay(ctx, o.cache)
	scratch := store.NewOverlay(ctx, overlay)
	return &chunk{
		o: o, at: at, overlay: overlay, state: newState(overlay, o.book),
		scratch: scratch, trial: newState(scratch, o.book),
	}
}

func (c *chunk) full() bool { return len(c.records) >= chunkEventsMax || c.bytes >= chunkBytesMax }

func (c *chunk) next() int64 { return c.o.mark.Next + int64(len(c.records)) }

// errFull says that a decided event belongs to the next chunk.
var errFull = fault.New(fault.InternalError, "chunk", "it is full")

// add journals a decided event with what was derived from it, and makes both visible to the
// decisions after it. Events that do not fit beside the others are errFull; those that would
// fit no chunk are H-TOO-LARGE.
func (c *chunk) add(all []*decision) error {
	records, size := make([]journal.Record, len(all)), 0
	for i, d := range all {
		records[i] = journal.Record{Position: c.next() + int64(i), At: c.at, Fact: d.bytes, Outcome: d.outcome.Bytes()}
		size += records[i].Size()
	}
	switch {
	case size > journal.BodyMax:
		return fault.New(fault.TooLarge, all[0].e.Key, "with what was decided about it the event takes %d bytes; the limit is %d", size, journal.BodyMax)
	case c.bytes+size > journal.BodyMax:
		return errFull
	}
	for i, d := range all {
		if err := apply(c.state, d.fact(records[i].Position, c.at)); err != nil {
			return err
		}
		c.o.freeing = c.o.freeing || len(d.outcome.Frees) > 0
	}
	c.records = append(c.records, records...)
	c.bytes += size
	return nil
}
