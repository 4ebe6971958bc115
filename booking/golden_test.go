package booking_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// step is a step of a worked example: the events that are fed and what they have to do.
type step struct {
	name   string
	events []*event.Event
}

// readSteps reads testdata/golden/NAME.jsonl: lines of {"step":n,…} and canonical events.
func readSteps(t *testing.T, name string) []step {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "golden", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var steps []step
	lines := bufio.NewScanner(bytes.NewReader(text))
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var mark struct {
			Step *int `json:"step"`
		}
		if json.Unmarshal(lines.Bytes(), &mark) == nil && mark.Step != nil {
			steps = append(steps, step{name: fmt.Sprintf("step %d", *mark.Step)})
			continue
		}
		e, _, err := event.Parse(bytes.Clone(lines.Bytes()))
		if err != nil {
			t.Fatalf("%v\n%s", err, lines.Bytes())
		}
		last := &steps[len(steps)-1]
		last.events = append(last.events, e)
	}
	return steps
}

// house is an owner and its books on an SQLite store.
type house struct {
	t     *testing.T
	store store.Store
	owner *flow.Owner
	books *booking.Books
	now   time.Time
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h, closed := openHouse(t)
	t.Cleanup(closed)
	return h
}

// openHouse opens a house that its caller closes.
func openHouse(t *testing.T) (*house, func()) {
	t.Helper()
	h := &house{t: t, now: time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC)}
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	o, err := flow.Open(t.Context(), s.Journal(), s.Views(), flow.Options{
		Tenant: "acme", Environment: "test", Clock: func() time.Time { return h.now },
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := booking.Open(t.Context(), s.Journal(), s.Views(), booking.Options{})
	if err != nil {
		t.Fatal(err)
	}
	h.store, h.owner, h.books = s, o, b
	return h, func() {
		if err := o.Close(context.Background()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// feed submits events and books them.
func (h *house) feed(events []*event.Event, times int) {
	h.t.Helper()
	for i := range times {
		for _, e := range events {
			answers, err := h.owner.Submit(h.t.Context(), []record.Submission{{Event: e}})
			if err != nil {
				h.t.Fatal(err)
			}
			want := record.Accepted
			if i > 0 {
				want = record.Duplicate
			}
			if answers[0].Status != want {
				h.t.Fatalf("%s %s: %+v", e.Type(), e.Key, answers[0])
			}
		}
	}
	if err := h.books.CatchUp(h.t.Context()); err != nil {
		h.t.Fatal(err)
	}
}

// buckets are the stock columns of the worked examples.
func (h *house) buckets() map[string]int64 {
	h.t.Helper()
	positions, _, err := h.owner.Positions(h.t.Context(), "", "")
	if err != nil {
		h.t.Fatal(err)
	}
	out := map[string]int64{}
	for _, p := range positions {
		out[string(p.Item)+"."+string(p.Bucket)] = int64(p.Quantity) / 1000
	}
	return out
}

func (h *house) trialBalance() *ledger.TrialBalance {
	h.t.Helper()
	tb, err := h.books.TrialBalance(h.t.Context(), "")
	if err != nil {
		h.t.Fatal(err)
	}
	return tb
}

func (h *house) clearing() []ledger.Open {
	h.t.Helper()
	open, err := h.books.Clearing(h.t.Context(), "")
	if err != nil {
		h.t.Fatal(err)
	}
	return open
}

// journalText prints what was booked after a position, legs merged, as the examples do.
func (h *house) journalText(after int64, costOnly bool) []string {
	h.t.Helper()
	entries, _, err := h.books.Entries(h.t.Context(), booking.Filter{After: after}, "", 0)
	if err != nil {
		h.t.Fatal(err)
	}
	sums := map[string]int64{}
	for _, e := range entries {
		if costOnly && e.Unit().Leg != ledger.LegCost {
			continue
		}
		for _, p := range e.Postings() {
			sums[string(p.Side)+" "+shown(p.Shown())] += p.Minor
		}
	}
	return printed(sums)
}

// shown leaves out the dimensions that the examples do not show.
func shown(role string) string {
	for _, r := range []string{"SALES_DISCOUNT", "SALES_RETURNS", "SALES_REVENUE", "COGS_TRUEUP"} {
		if strings.HasPrefix(role, r+"[") {
			return r
		}
	}
	return role
}

func printed(sums map[string]int64) []string {
	var out []string
	for key, minor := range sums {
		side, role, _ := strings.Cut(key, " ")
		if side == "dr" || side == "D" {
			side = "Dr"
		}
		out = append(out, fmt.Sprintf("%s %s %s", side, role, money.Of(minor, "USD").Decimal()))
	}
	slices.Sort(out)
	return out
}

// expectation is one block of testdata/golden/NAME.txt.
type expectation struct {
	name    string
	journal []string
	stock   map[string]int64
}

func readExpectations(t *testing.T, name string) []expectation {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "golden", name+".txt"))
	if err != nil {
		t.Fatal(err)
	}
	var out []expectation
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		switch {
		case !strings.HasPrefix(line, " "):
			out = append(out, expectation{name: strings.TrimSpace(line), stock: map[string]int64{}})
		case len(fields) == 3:
			last := &out[len(out)-1]
			last.journal = append(last.journal, strings.Join(fields, " "))
		case len(fields) == 2:
			var n int64
			if _, err := fmt.Sscan(fields[1], &n); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
			out[len(out)-1].stock[fields[0]] += n
		}
	}
	for i := range out {
		slices.Sort(out[i].journal)
	}
	return out
}

// costOnly are the steps of which the examples show the cost leg alone.
var costOnly = map[string]bool{"E15 step 2": true}

// TestGolden feeds the worked examples of the rule book through the flow, every event
// delivered twice, and compares each step's entries, legs merged, and stock.
func TestGolden(t *testing.T) {
	for _, name := range []string{"E01", "E06", "E15", "E31"} {
		t.Run(name, func(t *testing.T) {
			want := readExpectations(t, name)
			h := newHouse(t)
			for _, s := range readSteps(t, name) {
				before, stockBefore := h.owner.Position(), h.buckets()
				h.feed(s.events, 2)
				i := slices.IndexFunc(want, func(e expectation) bool { return e.name == s.name })
				if i < 0 {
					continue // a fixture of ours
				}
				got := h.journalText(before, costOnly[name+" "+s.name])
				if !slices.Equal(got, want[i].journal) {
					t.Errorf("%s:\ngot  %s\nwant %s", s.name, strings.Join(got, "; "), strings.Join(want[i].journal, "; "))
				}
				for bucket, n := range h.buckets() {
					if delta := n - stockBefore[bucket]; delta != want[i].stock[bucket] {
						t.Errorf("%s: %s changed by %d, want %d", s.name, bucket, delta, want[i].stock[bucket])
					}
				}
			}
			h.checkTrialBalance(name, want[len(want)-1])
		})
	}
}

func (h *house) checkTrialBalance(name string, want expectation) {
	h.t.Helper()
	sums := map[string]int64{}
	for _, b := range h.trialBalance().Rows() {
		sums[shown(b.Shown)] += b.Minor
	}
	signed := map[string]int64{}
	for role, minor := range sums {
		if minor > 0 {
			signed["Dr "+role] = minor
		} else if minor < 0 {
			signed["Cr "+role] = -minor
		}
	}
	got := printed(signed)
	if name == "E15" {
		got = slices.DeleteFunc(got, func(s string) bool { // the example shows the cost leg only
			return strings.Contains(s, "SALES_REVENUE") || strings.Contains(s, "TENDER_CLEARING")
		})
	}
	if name == "E31" {
		got = slices.DeleteFunc(got, func(s string) bool { // our fixture of stock
			return strings.Contains(s, " INVENTORY") || strings.Contains(s, "OPENING_EQUITY")
		})
		want.journal = slices.DeleteFunc(want.journal, func(s string) bool { return strings.Contains(s, " INVENTORY") })
	}
	if !slices.Equal(got, want.journal) {
		h.t.Errorf("trial balance:\ngot  %s\nwant %s", strings.Join(got, "; "), strings.Join(want.journal, "; "))
	}
}
