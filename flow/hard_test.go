package flow_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// row makes a reference row's event.
func (r *rig) row(table event.Table, key string, row event.Row) *event.Event {
	return reference.NewEvent(&event.ReferenceSet{Table: string(table), RowKey: key, Row: row, Author: "ann"}, "config", r.clock.now)
}

// house sets a store S1 with an item A and ten of it.
func (r *rig) house() {
	r.t.Helper()
	r.submit(
		r.row(event.TableLocations, "S1", event.Row{"entity": "LE1", "zone": "UTC"}),
		r.row(event.TableItems, "A", event.Row{"department": "D1", "class": "MERCH"}),
		r.adjust("OPEN", "A", 10),
	)
}

func (r *rig) header(system, key string) event.Header {
	return event.Header{System: retail.SystemID(system), Instance: "main", Key: key, Time: r.clock.now, TZ: "UTC", BusinessDate: retail.DateOf(r.clock.now)}
}

func (r *rig) adjust(key, item string, units int64) *event.Event {
	value := money.Of(100*max(units, 0), "USD")
	return &event.Event{Header: r.header("csv", key+"·1"), Data: &event.StockAdjusted{
		Adjustment: key, Line: "1", Item: item, Location: "S1", Bucket: event.Sellable, Quantity: retail.Units(units),
		Reason: event.OpeningLoad, Value: &value, Author: "ann", Approver: "bob",
	}}
}

func (r *rig) reservation(id string, units int64, ttl time.Duration) *event.Event {
	d := &event.ReservationMade{Reservation: retail.ReservationID(id), Item: "A", Location: "S1", Quantity: retail.Units(units)}
	if ttl > 0 {
		d.ExpiresAt = r.clock.now.Add(ttl)
	}
	return &event.Event{Header: r.header("oms", id), Data: d}
}

func (r *rig) sale(key, item string, units int64) *event.Event {
	amount := money.Of(1000*units, "USD")
	return &event.Event{Header: r.header("poslog", key), Data: &event.Sale{
		Location: "S1", Till: "1", Currency: "USD", Total: amount,
		Lines:   []event.SaleLine{{Line: "1", Item: item, Quantity: retail.Units(units), Gross: amount, Net: amount}},
		Tenders: []event.Tender{{Code: "Cash", Amount: amount}},
	}}
}

func (r *rig) command(e *event.Event) record.Answer {
	r.t.Helper()
	answers, err := r.owner.Submit(r.t.Context(), []record.Submission{{Event: e, Command: true}})
	if err != nil {
		r.t.Fatal(err)
	}
	return answers[0]
}

func (r *rig) ats() retail.Quantity {
	r.t.Helper()
	got, _, err := r.owner.Available(r.t.Context(), []stock.Place{{Item: "A", Location: "S1"}}, "", 0)
	if err != nil {
		r.t.Fatal(err)
	}
	return got[0].RawATS
}

// TestKeys tells new, duplicate, conflict, revision and history apart (rule book 0.3).
// reproduces: V-DUP-02
func TestKeys(t *testing.T) {
	r := newRig(t)
	r.house()
	version := func(n, units int64) *event.Event {
		e := r.adjust("ADJ", "A", units)
		e.SourceVersion = n
		return e
	}
	for _, c := range []struct {
		name   string
		event  *event.Event
		status record.Status
		stands record.Standing
		ats    int64
	}{
		{"new", version(1, 5), record.Accepted, record.Books, 15},
		{"the same again", version(1, 5), record.Duplicate, record.Books, 15},
		{"the same with another time", func() *event.Event { e := version(1, 5); e.Time = e.Time.Add(time.Second); return e }(), record.Duplicate, record.Books, 15},
		{"other content, same version", version(1, 6), record.Conflicting, "", 15},
		{"other content, higher version", version(3, 7), record.Accepted, record.Books, 17},
		{"a lower version late", version(2, 9), record.Accepted, record.History, 17},
		{"the highest again", version(3, 7), record.Duplicate, record.Books, 17},
		{"the late one again", version(2, 9), record.Duplicate, record.History, 17},
		{"the first again", version(1, 5), record.Duplicate, record.History, 17},
	} {
		got := r.submit(c.event)[0]
		if got.Status != c.status || got.Standing != c.stands || r.ats() != retail.Units(c.ats) {
			t.Errorf("%s: got %s %s, ATS %s; want %s %s, ATS %d", c.name, got.Status, got.Standing, r.ats(), c.status, c.stands, c.ats)
		}
		if c.status == record.Conflicting && got.Code != fault.KeyConflict {
			t.Errorf("%s: got code %s", c.name, got.Code)
		}
	}
}

// TestDuplicatesWithinOneRequest counts a fact once that stands twice in one request.
func TestDuplicatesWithinOneRequest(t *testing.T) {
	r := newRig(t)
	r.house()
	sub := record.Submission{Event: r.sale("T1", "A", 1)}
	answers, err := r.owner.Submit(t.Context(), []record.Submission{sub, sub})
	if err != nil {
		t.Fatal(err)
	}
	if answers[0].Status != record.Accepted || answers[1].Status != record.Duplicate || answers[0].Position != answers[1].Position {
		t.Errorf("got %+v", answers)
	}
	if r.ats() != retail.Units(9) {
		t.Errorf("got ATS %s", r.ats())
	}
}

// TestCommandsAndFacts grants a command while there is stock, and always takes a fact in.
// reproduces: NO_STOCK
// reproduces: V-INV-01
// reproduces: V-INV-02
func TestCommandsAndFacts(t *testing.T) {
	r := newRig(t)
	r.house()
	if got := r.command(r.reservation("R1", 8, 0)); got.Status != record.Accepted {
		t.Fatalf("got %+v", got)
	}
	if got := r.command(r.reservation("R1", 8, 0)); got.Status != record.Duplicate {
		t.Errorf("asked again: got %+v", got)
	}
	if got := r.command(r.reservation("R2", 3, 0)); got.Status != record.Refused || got.Code != fault.NoStock {
		t.Errorf("more than there is: got %+v", got)
	}
	if got := r.command(r.reservation("R2", 2, 0)); got.Status != record.Accepted {
		t.Errorf("a refusal leaves its key free: got %+v", got)
	}
	got := r.submit(r.sale("T1", "A", 12))[0]
	if got.Status != record.Accepted {
		t.Fatalf("got %+v", got)
	}
	open := strings.Join(r.exceptions(), "; ")
	for _, code := range []fault.Code{fault.StockNegative, fault.ClaimsExceed} {
		if !strings.Contains(open, string(code)) {
			t.Errorf("%s is not on the work list: %s", code, open)
		}
	}
}

// TestExpiry lets a claim lapse five minutes after its expiry, by a journaled event.
func TestExpiry(t *testing.T) {
	r := newRig(t)
	r.house()
	r.command(r.reservation("R1", 4, time.Hour))
	for _, c := range []struct {
		after time.Duration
		ats   int64
	}{{time.Hour, 6}, {time.Hour + 5*time.Minute - time.Second, 6}, {time.Hour + 5*time.Minute, 10}} {
		start := r.clock.now
		r.clock.now = start.Add(c.after)
		r.submit(r.sale(fmt.Sprintf("NONE%d", c.after), "UNKNOWN", 1)) // any batch makes what is due fall due first
		if r.ats() != retail.Units(c.ats) {
			t.Errorf("after %s: got ATS %s, want %d", c.after, r.ats(), c.ats)
		}
		r.clock.now = start
	}
}

// TestUnknownItem holds the line of an unknown item; its neighbour moves, and one reference
// event releases what waited.
// reproduces: V-ITEM-01
func TestUnknownItem(t *testing.T) {
	r := newRig(t)
	r.house()
	e := r.sale("T1", "A", 1)
	d := e.Data.(*event.Sale)
	line := d.Lines[0]
	line.Line, line.Item, line.Quantity = "2", "X9", retail.Units(3)
	d.Lines = append(d.Lines, line)
	if got := r.submit(e)[0]; got.Status != record.Accepted || len(got.Flags) != 1 || got.Flags[0].Code != fault.ItemUnknown {
		t.Fatalf("got %+v", got)
	}
	if open := r.exceptions(); !slices.Equal(open, []string{"V-ITEM-01 X9"}) {
		t.Errorf("got %v", open)
	}
	r.submit(r.row(event.TableItemCodes, "poslog·X9", event.Row{"item": "A"}))
	if r.ats() != retail.Units(6) {
		t.Errorf("released: got ATS %s, want 6", r.ats())
	}
	if open := r.exceptions(); len(open) != 0 {
		t.Errorf("got %v", open)
	}
	r.clock.now = r.clock.now.Add(time.Minute)
	again := r.row(event.TableItemCodes, "poslog·X9", event.Row{"item": "A", "extra": ""})
	again.SourceVersion = 1
	r.submit(again)
	if r.ats() != retail.Units(6) {
		t.Errorf("released twice: got ATS %s", r.ats())
	}
}

// TestUnknownPlace keeps an event outside until its location is known.
// reproduces: V-LOC-01
func TestUnknownPlace(t *testing.T) {
	r := newRig(t)
	got := r.submit(r.adjust("OPEN", "A", 1))[0]
	if got.Status != record.Waiting || got.Code != fault.LocationUnknown || got.Position != 0 {
		t.Errorf("got %+v", got)
	}
}

// TestAuthority lets one source book a fact and the other corroborate it; a difference is a
// break until it is gone.
// reproduces: V-AUT-01
func TestAuthority(t *testing.T) {
	r := newRig(t)
	r.submit(golden(t, "E01")...)
	r.submit(r.row(event.TableAuthority, "fulfilment·*·*", event.Row{"books": "poslog"}))
	shop := func(key string, units int64) *event.Event {
		return &event.Event{Header: r.header("shopify", key), Data: &event.Fulfilled{Location: "S1", Lines: []event.FulfilledLine{
			{Line: "1", Claim: retail.Ref{Type: retail.RefShopLine, ID: "11"}, Item: "A", Quantity: retail.Units(units)},
		}}}
	}
	before := r.availability("A", "S1")
	if got := r.submit(shop("F1", 1))[0]; got.Standing != record.Corroborates {
		t.Errorf("got %+v", got)
	}
	if got := r.availability("A", "S1"); got != before {
		t.Errorf("corroboration moved stock: %s, before %s", got, before)
	}
	if open := r.exceptions(); len(open) != 0 {
		t.Errorf("both agree: got %v", open)
	}
	r.submit(shop("F2", 1))
	if open := r.exceptions(); len(open) != 1 || !strings.HasPrefix(open[0], "V-AUT-01 fulfilment") {
		t.Errorf("the shop says two, the till one: got %v", open)
	}
}

// dump prints every row of the operations projection.
func dump(t *testing.T, s store.Store, name string) string {
	t.Helper()
	snap, err := s.Views().Read(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := snap.Close(); err != nil {
			t.Error(err)
		}
	}()
	var b bytes.Buffer
	for _, table := range flow.Tables() {
		err := snap.Scan(table, store.Range{}, func(k string, v []byte) (bool, error) {
			fmt.Fprintf(&b, "%s %q %s\n", table, k, v)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = snap.ScanCounters(table, store.Range{}, func(k string, n int64) (bool, error) {
			fmt.Fprintf(&b, "%s %q %d\n", table, k, n)
			return true, nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestRebuild drops the operations projection and gets the same rows from the journal, chunk
// by chunk however they fell.
func TestRebuild(t *testing.T) {
	r := newRig(t)
	r.submit(golden(t, "E01")...)
	r.submit(r.sale("T1", "X9", 1), r.row(event.TableItems, "X9", event.Row{}))
	r.close()
	r.open()
	if err := r.owner.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := dump(t, r.store, flow.Operations)
	if strings.Count(want, "\n") < 100 {
		t.Fatalf("the projection has hardly any rows:\n%s", want)
	}
	if err := r.store.Views().Drop(t.Context(), flow.Operations); err != nil {
		t.Fatal(err)
	}
	cache, err := flow.Follow(t.Context(), r.store.Journal(), r.store.Views(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := cache.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, r.store, flow.Operations); got != want {
		t.Errorf("rebuilt rows differ:\n%s", firstDifference(got, want))
	}
	if err := r.store.Close(); err != nil {
		t.Error(err)
	}
	r.owner = nil
}

func firstDifference(got, want string) string {
	g, w := strings.Split(got, "\n"), strings.Split(want, "\n")
	for i := range min(len(g), len(w)) {
		if g[i] != w[i] {
			return "got  " + g[i] + "\nwant " + w[i]
		}
	}
	return fmt.Sprintf("%d rows, want %d", len(g), len(w))
}

// unsure is a log whose answers get lost: the append happened, or did not, and nobody knows.
type unsure struct {
	journal.Log
	mu    sync.Mutex
	fails int
	lost  bool // whether the append that fails has happened
}

func (u *unsure) Append(ctx context.Context, c *journal.Chunk) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.fails > 0 {
		u.fails--
		if u.lost {
			if err := u.Log.Append(ctx, c); err != nil {
				return err
			}
		}
		return fault.New(fault.OutcomeUnknown, "append", "the answer was lost")
	}
	return u.Log.Append(ctx, c)
}

// TestUnknownOutcome appends the same bytes again until the journal answers.
// reproduces: H-UNKNOWN
func TestUnknownOutcome(t *testing.T) {
	for name, lost := range map[string]bool{"not there": false, "there": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			r.house()
			if err := r.owner.Close(context.Background()); err != nil {
				t.Fatal(err)
			}
			log := &unsure{Log: r.store.Journal(), fails: 3, lost: lost}
			o, err := flow.Open(t.Context(), log, r.store.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: r.clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			r.owner = o
			if got := r.submit(r.sale("T1", "A", 1))[0]; got.Status != record.Accepted {
				t.Errorf("got %+v", got)
			}
			if r.ats() != retail.Units(9) {
				t.Errorf("got ATS %s", r.ats())
			}
			log.mu.Lock()
			left := log.fails
			log.mu.Unlock()
			if left != 0 {
				t.Errorf("%d lost answers were never met", left)
			}
		})
	}
}

// TestSecondWriter steps down when another owner has extended the journal, and answers
// "unknown", never "refused".
// reproduces: H-NOT-OWNER
func TestSecondWriter(t *testing.T) {
	r := newRig(t)
	r.house()
	if err := r.owner.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	options := flow.Options{Tenant: "acme", Environment: "test", Clock: r.clock.Now, FlushEvery: time.Hour}
	stale, err := flow.Open(t.Context(), r.store.Journal(), r.store.Views(), options)
	if err != nil {
		t.Fatal(err)
	}
	second, err := flow.Open(t.Context(), r.store.Journal(), r.store.Views(), options)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := second.Submit(t.Context(), []record.Submission{{Event: r.sale("T1", "A", 1)}}); err != nil {
		t.Fatal(err)
	}
	_, lost := stale.Submit(t.Context(), []record.Submission{{Event: r.sale("T2", "A", 1)}})
	if !fault.Is(lost, fault.Unknown) {
		t.Errorf("got %v, want an unknown outcome", lost)
	}
	if err := stale.Close(context.Background()); !fault.HasCode(err, fault.NotOwner) {
		t.Errorf("got %v, want %s", err, fault.NotOwner)
	}
	r.owner = second
}

// TestBusy slows intake down when the projections are too far behind.
// reproduces: H-BUSY
func TestBusy(t *testing.T) {
	r := newRig(t)
	r.house()
	if err := r.owner.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	o, err := flow.Open(t.Context(), r.store.Journal(), r.store.Views(), flow.Options{
		Tenant: "acme", Environment: "test", Clock: r.clock.Now, TailMax: 2, FlushEvery: time.Hour,
	})
	if err != nil {
		t.Fatal(err)
	}
	r.owner = o
	r.submit(r.sale("T1", "A", 1), r.sale("T2", "A", 1), r.sale("T3", "A", 1))
	_, err = o.Submit(t.Context(), []record.Submission{{Event: r.sale("T4", "A", 1)}})
	if !fault.HasCode(err, fault.TooBusy) {
		t.Errorf("got %v, want %s", err, fault.TooBusy)
	}
}

// TestLargeEvents cuts chunks where events are large, and refuses the one that fits in none,
// with its neighbours taken in.
// reproduces: H-TOO-LARGE
func TestLargeEvents(t *testing.T) {
	r := newRig(t)
	r.house()
	large := func(key string, lines int) record.Submission {
		e := r.sale(key, "A", 1)
		d := e.Data.(*event.Sale)
		line := d.Lines[0]
		d.Lines = nil
		for i := range lines {
			line.Line = fmt.Sprintf("%06d", i)
			d.Lines = append(d.Lines, line)
		}
		return record.Submission{Event: e}
	}
	answers, err := r.owner.Submit(t.Context(), []record.Submission{large("T1", 1500), large("T2", 1500), large("T3", 9000), large("T4", 1500), large("T5", 1)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, a := range answers {
		got = append(got, string(a.Status)+" "+string(a.Code))
	}
	if want := []string{"accepted ", "accepted ", "refused " + string(fault.TooLarge), "accepted ", "accepted "}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	chunks := 0
	if err := r.store.Journal().Read(t.Context(), answers[0].Position, func(*journal.Chunk) error { chunks++; return nil }); err != nil {
		t.Fatal(err)
	}
	if chunks < 2 {
		t.Errorf("everything stands in %d chunk", chunks)
	}
	if got := r.ats(); got != retail.Units(10-3*1500-1) {
		t.Errorf("got ATS %s", got)
	}
}
