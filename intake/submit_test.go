package intake_test

import (
	"context"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store/sqlite"
)

// hesitant is a decider to which a place becomes known after so many questions: right then
// another goroutine sets it.
type hesitant struct {
	asked, until int
	known        map[string]bool
	meanwhile    func()
}

func (h *hesitant) Submit(_ context.Context, subs []record.Submission) ([]record.Answer, error) {
	out := make([]record.Answer, len(subs))
	for i, s := range subs {
		_, set := s.Event.Data.(*event.ReferenceSet)
		switch {
		case set:
			out[i] = record.Answer{Status: record.Accepted, Position: 1}
		case h.asked < h.until:
			out[i] = record.Refuse(fault.New(fault.LocationUnknown, "location S9", "nobody knows it"))
		case h.known[s.Event.Key]:
			out[i] = record.Answer{Status: record.Duplicate, Position: 2}
		default:
			h.known[s.Event.Key] = true
			out[i] = record.Answer{Status: record.Accepted, Position: 2}
		}
		out[i].EventID = s.Event.Key
		if set {
			return out, nil
		}
	}
	if h.asked++; h.asked == h.until {
		h.meanwhile()
	}
	return out, nil
}

// TestAPlaceThatBecomesKnownMeanwhile takes an event in whose place was set after it had been
// decided and before it was kept: nobody else would ever try it.
func TestAPlaceThatBecomesKnownMeanwhile(t *testing.T) {
	for _, c := range []struct {
		name  string
		until int // how often the place is unknown
		kept  int
		work  exception.Status
	}{
		{"it becomes known", 1, 0, exception.Resolved},
		{"it stays unknown", 9, 1, exception.Open},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := sqlite.Open(t.Context(), t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := s.Close(); err != nil {
					t.Error(err)
				}
			}()
			owner := &hesitant{until: c.until, known: map[string]bool{}}
			doors, err := intake.Open(intake.Options{
				Decider: owner, Waiting: s.Desk().Waiting(), Worklist: s.Desk().Worklist(), Clock: func() time.Time { return noon },
			})
			if err != nil {
				t.Fatal(err)
			}
			owner.meanwhile = func() {
				if _, err := doors.Submit(t.Context(), []record.Submission{placed()}); err != nil {
					t.Error(err)
				}
			}
			answers, err := doors.Submit(t.Context(), []record.Submission{adjusted("A", 1, retail.One)})
			if err != nil || answers[0].Status != record.Waiting {
				t.Fatalf("got %+v, %v", answers, err)
			}
			kept, err := s.Desk().Waiting().Kept(t.Context(), 0, 10)
			if err != nil || len(kept) != c.kept {
				t.Errorf("got %d that wait, %v, want %d", len(kept), err, c.kept)
			}
			items, err := s.Desk().Worklist().Items(t.Context())
			if err != nil || len(items) != 1 || items[0].Status != c.work || items[0].Count != 1 {
				t.Errorf("got %+v, %v, want one item, %s", items, err, c.work)
			}
		})
	}
}
