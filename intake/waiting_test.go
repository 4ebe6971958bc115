package intake_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/internal/mortal"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store/sqlite"
)

type mortalOwner struct {
	*flow.Owner
	fate *mortal.Process
}

// Submit implements intake.Decider.
func (m mortalOwner) Submit(ctx context.Context, subs []record.Submission) (answers []record.Answer, err error) {
	err = m.fate.Step("decide", func() error { answers, err = m.Owner.Submit(ctx, subs); return err })
	return answers, err
}

type mortalWaiting struct {
	intake.Waiting
	fate *mortal.Process
}

// Release implements intake.Waiting.
func (m mortalWaiting) Release(ctx context.Context, id string) error {
	return m.fate.Step("release", func() error { return m.Waiting.Release(ctx, id) })
}

type mortalWorklist struct {
	intake.Worklist
	fate *mortal.Process
}

// Raise implements intake.Worklist.
func (m mortalWorklist) Raise(ctx context.Context, item exception.Item) error {
	return m.fate.Step("raise", func() error { return m.Worklist.Raise(ctx, item) })
}

// Resolve implements intake.Worklist.
func (m mortalWorklist) Resolve(ctx context.Context, item exception.Item) error {
	return m.fate.Step("resolve", func() error { return m.Worklist.Resolve(ctx, item) })
}

// doorsOf opens doors on a desk, for one process with its fate.
func doorsOf(t *testing.T, s *sqlite.Store, owner *flow.Owner, f *mortal.Process) *intake.Doors {
	t.Helper()
	desk := s.Desk()
	doors, err := intake.Open(intake.Options{
		Decider: mortalOwner{owner, f}, Waiting: mortalWaiting{desk.Waiting(), f}, Worklist: mortalWorklist{desk.Worklist(), f},
		Clock: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	return doors
}

// adjusted is so many of A at S9, as one version of a key.
func adjusted(key string, version int64, quantity retail.Quantity) record.Submission {
	return record.Submission{Event: &event.Event{
		Header: event.Header{System: "wms", Instance: "main", Key: key + "·1", SourceVersion: version, Time: noon, TZ: "UTC"},
		Data: &event.StockAdjusted{
			Adjustment: key, Line: "1", Item: "A", Location: "S9", Bucket: event.Sellable, Quantity: quantity, Reason: "COUNT",
		},
	}}
}

// row sets a row of reference data.
func row(table event.Table, key string, columns event.Row) record.Submission {
	set := &event.ReferenceSet{Table: string(table), RowKey: key, Row: columns, Author: "ann"}
	return record.Submission{Event: reference.NewEvent(set, "main", noon)}
}

// placed makes S9 known.
func placed() record.Submission {
	return row(event.TableLocations, "S9", event.Row{"entity": "LE1", "zone": "UTC", "kind": "STORE"})
}

// TestReleaseIsKilledAtEachStep kills a process at every step of releasing what waited for a
// place, before the step and after it. The next process finishes it, at its start or when the
// place is set once more: nothing is lost, nothing is twice, and the place is nobody's work.
func TestReleaseIsKilledAtEachStep(t *testing.T) {
	for _, c := range []struct {
		name   string
		finish func(context.Context, *intake.Doors) error
	}{
		{"at the start", func(ctx context.Context, d *intake.Doors) error { return d.Release(ctx) }},
		{"by the same row", func(ctx context.Context, d *intake.Doors) error {
			_, err := d.Submit(ctx, []record.Submission{placed()})
			return err
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, after := range []bool{false, true} {
				for dies, over := 2, false; !over && !t.Failed(); dies++ { // the first step is the place's own
					over = killedReleasing(t, mortal.Process{Dies: dies, After: after}, c.finish)
				}
			}
		})
	}
}

// killedReleasing reports whether all was over before the process was to die.
func killedReleasing(t *testing.T, f mortal.Process, finish func(context.Context, *intake.Doors) error) bool {
	t.Helper()
	ctx := t.Context()
	s, err := sqlite.Open(ctx, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	owner, err := flow.Open(ctx, s.Journal(), s.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: func() time.Time { return noon }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := owner.Close(context.WithoutCancel(ctx)); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	before := doorsOf(t, s, owner, &mortal.Process{})
	if _, err := before.Submit(ctx, []record.Submission{row(event.TableItems, "A", event.Row{"department": "D1", "class": "MERCH", "unit": "EA"})}); err != nil {
		t.Fatal(err)
	}
	for _, sub := range []record.Submission{adjusted("V", 1, 100*retail.One), adjusted("W", 1, 7*retail.One), adjusted("W", 1, 8*retail.One)} {
		if answers, err := before.Submit(ctx, []record.Submission{sub}); err != nil || answers[0].Status != record.Waiting {
			t.Fatalf("got %+v, %v", answers, err)
		}
	}
	_, err = doorsOf(t, s, owner, &f).Submit(ctx, []record.Submission{placed()})
	if f.Dead != (err != nil) {
		t.Fatalf("killed at step %d, %s: got %v", f.Dies, f.Name, err)
	}
	if err := finish(ctx, doorsOf(t, s, owner, &mortal.Process{})); err != nil {
		t.Fatal(err)
	}
	if kept, err := s.Desk().Waiting().Kept(ctx, 0, 10); err != nil || len(kept) > 0 {
		t.Errorf("%d wait still, %v", len(kept), err)
	}
	if rows, _, err := owner.Positions(ctx, "A", "S9"); err != nil || len(rows) != 1 || rows[0] != (stock.Position{Place: stock.Place{Item: "A", Location: "S9"}, Bucket: event.Sellable, Quantity: 107 * retail.One}) {
		t.Errorf("got %+v, %v, want 107", rows, err)
	}
	if got := owner.Position(); got != 4 {
		t.Errorf("there are %d records, want the item, the place and two facts", got)
	}
	work := map[fault.Code]exception.Status{}
	items, err := s.Desk().Worklist().Items(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		work[i.Code] = i.Status
	}
	if len(work) != 2 || work[fault.LocationUnknown] != exception.Resolved || work[fault.KeyConflict] != exception.Open {
		t.Errorf("work: got %v", work)
	}
	if t.Failed() {
		t.Errorf("killed at step %d, %s (after it: %v)", f.Dies, f.Name, f.After)
	}
	return !f.Dead
}

// TestAllThatWaitsIsKept keeps each version and each content of a key, in the order in which they
// came, and the same once.
func TestAllThatWaitsIsKept(t *testing.T) {
	s, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	doors, err := intake.Open(intake.Options{
		Decider: &hesitant{until: 99, known: map[string]bool{}}, Waiting: s.Desk().Waiting(), Worklist: s.Desk().Worklist(), Clock: func() time.Time { return noon },
	})
	if err != nil {
		t.Fatal(err)
	}
	type said struct {
		version  int64
		quantity retail.Quantity
	}
	for _, a := range []said{{2, 100}, {1, 1}, {2, 200}, {2, 100}, {3, 1}, {1, 1}} {
		if _, err := doors.Submit(t.Context(), []record.Submission{adjusted("V", a.version, a.quantity)}); err != nil {
			t.Fatal(err)
		}
	}
	var got []said
	kept, err := s.Desk().Waiting().Kept(t.Context(), 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range kept {
		var doc struct{ Event json.RawMessage }
		if err := json.Unmarshal(k.Event, &doc); err != nil {
			t.Fatal(err)
		}
		e, err := event.Decode(doc.Event)
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, said{e.SourceVersion, e.Data.(*event.StockAdjusted).Quantity})
	}
	if want := []said{{2, 100}, {1, 1}, {2, 200}, {3, 1}}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
