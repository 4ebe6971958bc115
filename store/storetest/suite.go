package storetest

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// Engine is an implementation under test.
type Engine struct {
	// Open opens the store of a place: the same place has the same data again. Several may
	// be open at a time.
	Open func(ctx context.Context, place string) (store.Store, error)

	// Exec runs a statement behind the store's back, while it is closed. kind is journal,
	// views or desk; the tables have the same names in every implementation.
	Exec func(t testing.TB, place, kind, statement string)
}

// Run runs the whole suite.
func Run(t *testing.T, e Engine) {
	for _, group := range []struct {
		name  string
		tests []test
	}{
		{"Log", logTests}, {"LogOwners", ownerTests}, {"Damage", damageTests}, {"Views", viewsTests},
		{"Snapshot", snapshotTests}, {"Desk", deskTests}, {"Evidence", evidenceTests}, {"Doors", doorTests}, {"FollowUps", followTests}, {"Files", fileTests}, {"Schema", schemaTests},
	} {
		t.Run(group.name, func(t *testing.T) {
			for _, test := range group.tests {
				t.Run(test.name, func(t *testing.T) {
					t.Parallel()
					test.run(t, &place{Engine: e, name: t.TempDir()})
				})
			}
		})
	}
}

type test struct {
	name string
	run  func(*testing.T, *place)
}

// place is where one test keeps its store.
type place struct {
	Engine
	name string
}

// open opens the store and closes it at the end of the test, if the test has not.
func (p *place) open(t testing.TB) store.Store {
	t.Helper()
	s, err := p.Open(context.Background(), p.name)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	o := &opened{Store: s}
	t.Cleanup(func() {
		if err := o.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return o
}

// opened is a store that a test may close before its end.
type opened struct {
	store.Store
	closed bool
}

func (o *opened) Close() error {
	if o.closed {
		return nil
	}
	o.closed = true
	return o.Store.Close()
}

func shut(t testing.TB, s store.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Fatalf("Close: %v", err)
	}
}

var noon = time.Date(2026, 3, 1, 12, 0, 0, 123456789, time.UTC)

// record returns a record of about the size and the look of a real one.
func record(n int) journal.Record {
	return journal.Record{
		Fact: fmt.Appendf(nil, `{"businessdate":"2026-03-01","data":{"currency":"EUR","lines":[{"item":"SKU-%d","line":"1","quantity":"-1",`+
			`"total":{"amount":"%d.90","currency":"EUR"}}],"location":"%d"},"id":"%08x-7d1e","source":"poslog/west","specversion":"1.0",`+
			`"subject":"%d·2026-03-01·4·%d","time":"2026-03-01T11:59:%02dZ","type":"retail.sale.v1","tz":"Europe/Berlin"}`,
			n%9973, n%89, n%613, uint32(n)*2654435761, n%613, n, n%60),
		Outcome: fmt.Appendf(nil, `{"answer":"accepted","books":true,"event":"%016x"}`, uint64(n)*0x9e3779b97f4a7c15),
	}
}

func records(from, n int) []journal.Record {
	all := make([]journal.Record, n)
	for i := range all {
		all[i] = record(from + i)
	}
	return all
}

// seal makes the chunk of n records that follows prev.
func seal(t testing.TB, prev journal.Watermark, at time.Time, n int) *journal.Chunk {
	t.Helper()
	return sealOf(t, prev, at, records(int(prev.Next), n)...)
}

func sealOf(t testing.TB, prev journal.Watermark, at time.Time, all ...journal.Record) *journal.Chunk {
	t.Helper()
	c, err := journal.Seal("acme", "test", prev, at, all)
	if err != nil {
		t.Fatalf("Seal: %v", err)
	}
	return c
}

// grow appends chunks of the sizes, a second apart, and returns them.
func grow(t testing.TB, log journal.Log, sizes ...int) []*journal.Chunk {
	t.Helper()
	tail, at, err := log.Tail(t.Context())
	if err != nil {
		t.Fatalf("Tail: %v", err)
	}
	if at.IsZero() {
		at = noon
	}
	var all []*journal.Chunk
	for _, n := range sizes {
		at = at.Add(time.Second)
		c := seal(t, tail, at, n)
		if err := log.Append(t.Context(), c); err != nil {
			t.Fatalf("Append at %d: %v", c.First, err)
		}
		all, tail = append(all, c), c.End()
	}
	return all
}

// wantCode checks that err is a fault of the code; the empty code is no error.
func wantCode(t testing.TB, what string, err error, want fault.Code) {
	t.Helper()
	if want == "" {
		if err != nil {
			t.Errorf("%s: %v", what, err)
		}
		return
	}
	if !fault.HasCode(err, want) {
		t.Errorf("%s: got %v, want %s", what, err, want)
	}
}

// wantTail checks the end of the journal.
func wantTail(t testing.TB, log journal.Log, want journal.Watermark) {
	t.Helper()
	if got, _, err := log.Tail(context.Background()); err != nil || got != want {
		t.Errorf("Tail: got %v, %v, want %v", got, err, want)
	}
}

// verify checks the whole chain and returns its report. Any goroutine of a test may call it.
func verify(t testing.TB, log journal.Log) journal.Report {
	t.Helper()
	report, err := journal.VerifyChain(context.Background(), log, nil)
	if err != nil {
		t.Errorf("VerifyChain: %v", err)
	}
	return report
}
