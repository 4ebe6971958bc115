package fetch_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

var noon = time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// clock is a time that passes only when somebody waits.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// rig is an installation that asks the vendor, on a store in a folder.
type rig struct {
	t      *testing.T
	clock  *clock
	vendor *vendor
	dir    string
	log    bytes.Buffer
	master string
	// text changes the pack, source the source, death the parts that a crash can hit.
	text   func(manifest string) string
	source func(s *fetch.Source)
	death  *death
	// silent leaves the source out of what is asked.
	silent bool

	store   store.Store
	owner   *flow.Owner
	doors   *intake.Doors
	fetcher *fetch.Fetcher
	cancel  context.CancelFunc
	horizon time.Time
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, clock: &clock{now: noon}, dir: t.TempDir()}
	r.vendor = newVendor(t, r.clock)
	var err error
	r.master, err = func() (string, error) { b, err := intake.NewMasterKey(rand.Reader); return string(b), err }()
	must(t, err)
	t.Cleanup(r.close)
	return r
}

// counter returns the pack in testdata/counter, with its manifest changed.
func (r *rig) counter() *pack.Pack {
	r.t.Helper()
	folder := fstest.MapFS{}
	must(r.t, fs.WalkDir(os.DirFS("testdata/counter"), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile("testdata/counter/" + name)
		if name == "pack.yaml" && r.text != nil {
			data = []byte(r.text(string(data)))
		}
		folder[name] = &fstest.MapFile{Data: data}
		return err
	}))
	p, err := pack.Load(folder)
	must(r.t, err)
	return p
}

// open starts the installation, on what it has left behind.
func (r *rig) open() *rig {
	r.t.Helper()
	ctx := context.Background()
	var err error
	r.store, err = sqlite.Open(ctx, r.dir)
	must(r.t, err)
	r.owner, err = flow.Open(ctx, r.store.Journal(), r.store.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: r.clock.Now})
	must(r.t, err)
	desk := r.store.Desk()
	master, err := intake.ParseMasterKey([]byte(r.master))
	must(r.t, err)
	vault, err := intake.OpenVault(ctx, desk.Evidence(), master, "acme")
	must(r.t, err)
	p := r.counter()
	set, err := pack.NewSet(p)
	must(r.t, err)
	d := r.death
	if d == nil {
		d = &death{}
	}
	d.cancel = func() { r.cancel() }
	followUps := &mortalFollowUps{desk.FollowUps(), d}
	r.doors, err = intake.Open(intake.Options{
		Tenant: "acme", Packs: set, Decider: r.owner, Vault: vault, Known: desk.Deliveries(), Waiting: desk.Waiting(),
		Worklist: desk.Worklist(), FollowUps: followUps, Followed: func() { r.fetcher.Followed() }, TokenKey: pack.TestTokenKey(),
		Clock: r.clock.Now, Origins: []intake.Origin{{Pack: "counter", Instance: "main", Asked: !r.silent}},
	})
	must(r.t, err)
	for _, set := range []*event.ReferenceSet{
		{Table: string(event.TableLocations), RowKey: "S1", Row: event.Row{"entity": "LE1", "zone": "UTC", "kind": "STORE"}, Author: "test"},
		{Table: string(event.TableItems), RowKey: "MUG", Row: event.Row{"department": "D1", "class": "MERCH"}, Author: "test"},
	} {
		answers, err := r.doors.Submit(ctx, []record.Submission{{Event: reference.NewEvent(set, "config", noon)}})
		must(r.t, err)
		if s := answers[0].Status; s != record.Accepted && s != record.Duplicate {
			r.t.Fatalf("%s: %+v", set.Table, answers[0])
		}
	}
	source := fetch.Source{Pack: p, Instance: "main", BaseURL: r.vendor.URL, Credentials: map[string][]byte{"token": []byte("the-token")}}
	if r.source != nil {
		r.source(&source)
	}
	sources := []fetch.Source{source}
	if r.silent {
		sources = nil
	}
	r.fetcher, err = fetch.Open(ctx, fetch.Options{
		Sources: sources, Taker: &mortalTaker{r.doors, d}, FollowUps: followUps, Cursors: &mortalCursors{desk.Settings(), d},
		Worklist: desk.Worklist(), Transport: r.vendor.Client().Transport, Clock: r.clock.Now, Wait: r.wait,
		Jitter: func(below time.Duration) time.Duration { return below }, Log: slog.New(slog.NewTextHandler(&r.log, nil)),
	})
	must(r.t, err)
	return r
}

// wait lets the time pass, up to the horizon.
func (r *rig) wait(ctx context.Context, d time.Duration, wake <-chan struct{}) error {
	select {
	case <-wake:
		return ctx.Err()
	default:
	}
	if at := r.clock.Now().Add(d); !r.horizon.IsZero() && at.After(r.horizon) {
		r.clock.pass(r.horizon.Sub(r.clock.Now()))
		r.cancel()
	} else {
		r.clock.pass(d)
	}
	return ctx.Err()
}

// run asks for some time, which passes as fast as the test can.
func (r *rig) run(d time.Duration) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.cancel, r.horizon = cancel, r.clock.Now().Add(d)
	err := r.fetcher.Run(ctx)
	if r.death != nil && errors.Is(err, errDead) {
		return
	}
	must(r.t, err)
}

// close ends the installation.
func (r *rig) close() {
	if r.store == nil {
		return
	}
	must(r.t, errors.Join(r.owner.Close(context.Background()), r.store.Close()))
	r.store = nil
}

// notify sends a notification as the vendor would.
func (r *rig) notify(delivery, id string) intake.Receipt {
	r.t.Helper()
	receipt, err := r.doors.Take(context.Background(), intake.Arrival{
		Pack: "counter", Instance: "main", Caller: "hook", Body: fmt.Appendf(nil, `{"event":%q,"type":"move.updated","data":{"id":%q}}`, delivery, id),
	})
	must(r.t, err)
	return receipt
}

// onHand is the position of the item that everything is about.
func (r *rig) onHand() string {
	r.t.Helper()
	positions, _, err := r.owner.Positions(context.Background(), "MUG", "S1")
	must(r.t, err)
	var sum retail.Quantity
	for _, p := range positions {
		sum += p.Quantity
	}
	return sum.String()
}

// facts returns how many facts of the vendor are in the journal.
func (r *rig) facts() int64 { return r.owner.Position() - 2 } // before them come a location and an item

// items returns the open items of the work list: "CODE subject: detail".
func (r *rig) items() []string {
	r.t.Helper()
	items, err := r.store.Desk().Worklist().Items(context.Background())
	must(r.t, err)
	var all []string
	for _, i := range items {
		if i.Status == exception.Open {
			all = append(all, string(i.Code)+" "+i.Subject+": "+i.Detail)
		}
	}
	return all
}

func (r *rig) status() fetch.Status {
	r.t.Helper()
	all, err := r.fetcher.Status(context.Background())
	must(r.t, err)
	return all[0]
}

func replaceOnce(t *testing.T, text, from, to string) string {
	t.Helper()
	if strings.Count(text, from) != 1 {
		t.Fatalf("%q is not in the manifest once", from)
	}
	return strings.Replace(text, from, to, 1)
}

func nopBody(b []byte) io.ReadCloser { return io.NopCloser(bytes.NewReader(b)) }

func wantText(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: got\n%v\nwant\n%v", what, got, want)
	}
}

// wantLines compares lists, one entry a line.
func wantLines(t *testing.T, what string, got []string, want ...string) {
	t.Helper()
	wantText(t, what, strings.Join(got, "\n"), strings.Join(want, "\n"))
}

var errDead = errors.New("the process is dead")

// death kills the process at the nth call that leaves something behind: before it or after it.
// Every call after that fails.
type death struct {
	mu     sync.Mutex
	at     int // 0: never
	after  bool
	calls  int
	dead   bool
	cancel func()
}

// do runs a call that leaves something behind.
func (d *death) do(call func() error) error {
	d.mu.Lock()
	d.calls++
	hit := d.at != 0 && d.calls == d.at
	dead := d.dead || hit && !d.after
	d.dead = d.dead || hit
	d.mu.Unlock()
	if dead {
		d.cancel()
		return errDead
	}
	err := call()
	if hit {
		d.cancel()
		return errDead
	}
	return err
}

type mortalTaker struct {
	fetch.Taker
	death *death
}

func (m *mortalTaker) Take(ctx context.Context, a intake.Arrival) (receipt intake.Receipt, err error) {
	err = m.death.do(func() (err error) {
		receipt, err = m.Taker.Take(context.WithoutCancel(ctx), a)
		return err
	})
	return receipt, err
}

type mortalCursors struct {
	fetch.Cursors
	death *death
}

func (m *mortalCursors) Put(ctx context.Context, name string, value []byte) error {
	return m.death.do(func() error { return m.Cursors.Put(context.WithoutCancel(ctx), name, value) })
}

type mortalFollowUps struct {
	intake.FollowUps
	death *death
}

func (m *mortalFollowUps) Put(ctx context.Context, f intake.FollowUp) error {
	return m.death.do(func() error { return m.FollowUps.Put(context.WithoutCancel(ctx), f) })
}

func (m *mortalFollowUps) Close(ctx context.Context, f intake.FollowUp) error {
	return m.death.do(func() error { return m.FollowUps.Close(context.WithoutCancel(ctx), f) })
}
