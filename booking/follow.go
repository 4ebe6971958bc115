package booking

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// pendingMax bounds what booking holds in memory only.
const pendingMax = 20_000

// Options are the settings of booking; the zero value of an optional one is usable.
type Options struct {
	Log *slog.Logger
	// FlushEvery is how often the projection is written while it keeps up.
	FlushEvery time.Duration
}

// EnsureDefaults fills what was left out.
func (o *Options) EnsureDefaults() {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.FlushEvery == 0 {
		o.FlushEvery = 200 * time.Millisecond
	}
}

// Books is the booking projection and its memory. One goroutine follows; any number read.
type Books struct {
	opts  Options
	log   journal.Log
	cache *store.Cache

	ref      *reference.Book
	chart    *ledger.Chart
	calendar *ledger.Calendar
	// parked are the keys of what waits, by cause, so that no cause is looked up in a database.
	parked map[string]map[string]bool
	// following lets one caller at a time book what the journal holds.
	following sync.Mutex
}

// Open opens the projection where it stands; one that belongs to another history is dropped
// and built anew by following.
func Open(ctx context.Context, log journal.Log, views store.Views, opts Options) (*Books, error) {
	opts.EnsureDefaults()
	cache, err := store.OpenKnown(ctx, log, views, Name, opts.Log)
	if err != nil {
		return nil, err
	}
	b := &Books{
		opts: opts, log: log, cache: cache, ref: reference.NewBook(nil),
		chart: ledger.NewChart(), calendar: ledger.NewCalendar(), parked: map[string]map[string]bool{},
	}
	if err := b.recall(ctx); err != nil {
		return nil, err
	}
	return b, nil
}

// recall reads back what booking holds in memory beside its documents.
func (b *Books) recall(ctx context.Context) error {
	var bad error
	keep := func(err error) bool { bad = err; return err == nil }
	err := b.cache.Scan(ctx, reference.DocTable, store.Range{}, 0, func(key string, value []byte) bool {
		h, err := reference.ParseHistory(value)
		if err != nil {
			return keep(err)
		}
		table, row := reference.CutRowKey(key)
		for _, v := range h {
			if err := b.learn(table, row, v.From, v.Row); err != nil {
				return keep(err)
			}
		}
		return true
	})
	if err != nil || bad != nil {
		return firstError(err, bad)
	}
	return b.cache.Scan(ctx, tableParked, store.Range{}, 0, func(key string, _ []byte) bool {
		b.park(key)
		return true
	})
}

// park remembers that something waits.
func (b *Books) park(key string) {
	cause := causeOf(key)
	if b.parked[cause] == nil {
		b.parked[cause] = map[string]bool{}
	}
	b.parked[cause][key] = true
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// learn puts a reference row where templates look for it.
func (b *Books) learn(table event.Table, key string, from retail.Date, row event.Row) error {
	switch table {
	case event.TableAccounts:
		return b.chart.Set(key, from, ledger.Account{Code: row["account"], Name: row["name"]})
	case event.TablePeriods:
		return b.setPeriod(key, row)
	}
	return nil
}

// Position returns how far booking has followed the journal.
func (b *Books) Position() int64 { return b.cache.Mark().Next - 1 }

// Follow books what the journal holds, and waits for more until ctx ends. grown returns a
// channel that is closed when the journal has grown since it was asked for.
func (b *Books) Follow(ctx context.Context, grown func() <-chan struct{}) error {
	tick := time.NewTicker(b.opts.FlushEvery)
	defer tick.Stop()
	for {
		more := grown()
		if err := b.CatchUp(ctx); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case <-more:
		case <-tick.C:
			if err := b.cache.Flush(ctx); err != nil && ctx.Err() == nil {
				return err
			}
		case <-ctx.Done():
			return nil
		}
	}
}

// CatchUp books what the journal holds now. Whoever calls while another books waits, and books
// what is left.
func (b *Books) CatchUp(ctx context.Context) error {
	b.following.Lock()
	defer b.following.Unlock()
	return b.log.Read(ctx, b.cache.Mark().Next, func(c *journal.Chunk) error {
		if err := ctx.Err(); err != nil {
			return fault.Wrap(err, fault.Stopping, "booking.follow", "journal")
		}
		return b.Absorb(ctx, c)
	})
}

// Flush writes the projection.
func (b *Books) Flush(ctx context.Context) error { return b.cache.Flush(ctx) }

// Absorb books one chunk.
func (b *Books) Absorb(ctx context.Context, c *journal.Chunk) error {
	overlay := store.NewOverlay(ctx, b.cache)
	for _, jr := range c.Records {
		r, err := record.Decode(c.Tenant, jr)
		if err != nil {
			return err
		}
		p := &pass{b: b, o: overlay, at: r}
		if err := p.run(); err != nil {
			return err
		}
	}
	b.cache.Absorb(overlay, c.End())
	if b.cache.Pending() > pendingMax {
		return b.cache.Flush(ctx)
	}
	return nil
}
