package flow_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// clock is a clock that tests set.
type clock struct{ now time.Time }

func (c *clock) Now() time.Time { return c.now }

// rig is an owner on an SQLite store in a temporary folder.
type rig struct {
	t     *testing.T
	dir   string
	clock *clock
	store store.Store
	owner *flow.Owner
}

func newRig(t *testing.T) *rig {
	r := &rig{t: t, dir: t.TempDir(), clock: &clock{time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC)}}
	r.open()
	t.Cleanup(func() { r.close() })
	return r
}

func (r *rig) open() { r.openAt(r.clock.Now) }

// openAt opens it with another clock.
func (r *rig) openAt(now func() time.Time) {
	s, err := sqlite.Open(r.t.Context(), r.dir)
	if err != nil {
		r.t.Fatal(err)
	}
	o, err := flow.Open(r.t.Context(), s.Journal(), s.Views(), flow.Options{
		Tenant: "acme", Environment: "test", Clock: now, FlushEvery: 10 * time.Millisecond,
		Fatal: func(err error) { r.t.Errorf("the owner stopped: %v", err) },
	})
	if err != nil {
		r.t.Fatal(err)
	}
	r.store, r.owner = s, o
}

func (r *rig) close() {
	if r.owner == nil {
		return
	}
	if err := r.owner.Close(context.Background()); err != nil {
		r.t.Error(err)
	}
	if err := r.store.Close(); err != nil {
		r.t.Error(err)
	}
	r.owner = nil
}

// submit hands events over as facts, one request each.
func (r *rig) submit(events ...*event.Event) []record.Answer {
	r.t.Helper()
	var out []record.Answer
	for _, e := range events {
		answers, err := r.owner.Submit(r.t.Context(), []record.Submission{{Event: e}})
		if err != nil {
			r.t.Fatal(err)
		}
		out = append(out, answers...)
	}
	return out
}

// golden reads the events of a worked example.
func golden(t *testing.T, name string) []*event.Event {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "booking", "testdata", "golden", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var out []*event.Event
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if bytes.HasPrefix(lines.Bytes(), []byte(`{"step"`)) {
			continue
		}
		e, _, err := event.Parse(bytes.Clone(lines.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, lines.Bytes())
		}
		out = append(out, e)
	}
	return out
}

func (r *rig) availability(item, location string) string {
	r.t.Helper()
	got, _, err := r.owner.Available(r.t.Context(), []stock.Place{{Item: "A", Location: "S1"}, {Item: "B", Location: "S1"}}, "ONLINE", 0)
	if err != nil {
		r.t.Fatal(err)
	}
	text, _ := json.Marshal(got)
	return string(text)
}

func TestE01Stock(t *testing.T) {
	r := newRig(t)
	for i, a := range r.submit(golden(t, "E01")...) {
		if a.Status != record.Accepted {
			t.Errorf("event %d: %+v", i, a)
		}
	}
	want := `[{"item":"A","location":"S1","channel":"ONLINE","on_hand":"9","sellable":"9","reserved":"0","allocated":"0","raw_ats":"7","ats":"7"},` +
		`{"item":"B","location":"S1","channel":"ONLINE","on_hand":"8","sellable":"8","reserved":"0","allocated":"0","raw_ats":"7","ats":"7"}]`
	if got := r.availability("A", "S1"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	for i, a := range r.submit(golden(t, "E01")...) {
		if a.Status != record.Duplicate {
			t.Errorf("again, event %d: %+v", i, a)
		}
	}
	r.close()
	r.open()
	if got := r.availability("A", "S1"); got != want {
		t.Errorf("after a restart: got  %s\nwant %s", got, want)
	}
}

// exceptions returns the codes and subjects that are open.
func (r *rig) exceptions() []string {
	r.t.Helper()
	items, err := r.owner.Exceptions(r.t.Context())
	if err != nil {
		r.t.Fatal(err)
	}
	var out []string
	for _, i := range items {
		if i.Status == exception.Open {
			out = append(out, string(i.Code)+" "+i.Subject)
		}
	}
	return out
}
