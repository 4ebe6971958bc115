package storetest

import (
	"reflect"
	"testing"
	"time"

	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

var followTests = []test{
	{"follow-ups of one object are one", raiseAgain},
	{"a follow-up that was raised during a try stays open", raisedMeanwhile},
	{"follow-ups are due in order, by source", followInOrder},
}

var square = intake.SourceName{Pack: "square", Instance: "main"}

func followUp(order string, at time.Time) intake.FollowUp {
	return intake.NewFollowUp(square.Pack, square.Instance, pack.FollowUp{Fetch: "order", With: map[string]string{"order_id": order}}, at)
}

// wantOpen checks what is open for a source.
func wantOpen(t *testing.T, desk intake.FollowUps, source intake.SourceName, want ...intake.FollowUp) {
	t.Helper()
	got, err := desk.Open(t.Context(), source, 10)
	if err != nil || len(got) != len(want) || len(got) > 0 && !reflect.DeepEqual(got, want) {
		t.Errorf("Open: got %+v, %v, want %+v", got, err, want)
	}
}

func raiseAgain(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().FollowUps()
	first := followUp("A", noon)
	got, err := desk.Raise(t.Context(), first)
	if err != nil || !reflect.DeepEqual(got, first) {
		t.Fatalf("Raise: got %+v, %v, want %+v", got, err, first)
	}
	failed := first
	failed.Failures, failed.DueAt, failed.Detail = 3, time.Time{}, "there is no such order"
	wantCode(t, "Put", desk.Put(t.Context(), failed), "")
	wantOpen(t, desk, square, failed)
	again, err := desk.Raise(t.Context(), followUp("A", noon.Add(time.Hour)))
	if err != nil || again.Raised != 2 || again.Failures != 0 || !again.DueAt.Equal(noon.Add(time.Hour)) {
		t.Errorf("Raise again: got %+v, %v, want it due anew", again, err)
	}
	shut(t, s)
	desk = p.open(t).Desk().FollowUps()
	wantOpen(t, desk, square, again)
	more, err := desk.Raise(t.Context(), followUp("A", noon.Add(2*time.Hour)))
	if err != nil || more.Raised != 3 || !more.DueAt.Equal(again.DueAt) {
		t.Errorf("Raise a third time: got %+v, %v, want it due as before", more, err)
	}
	again = more
	wantCode(t, "Close", desk.Close(t.Context(), again), "")
	wantCode(t, "Close what is closed", desk.Close(t.Context(), again), "")
	wantCode(t, "Put what is closed", desk.Put(t.Context(), again), "")
	wantOpen(t, desk, square)
}

func raisedMeanwhile(t *testing.T, p *place) {
	desk := p.open(t).Desk().FollowUps()
	tried, err := desk.Raise(t.Context(), followUp("A", noon))
	wantCode(t, "Raise", err, "")
	again, err := desk.Raise(t.Context(), followUp("A", noon.Add(time.Minute)))
	wantCode(t, "Raise", err, "")
	wantCode(t, "Close", desk.Close(t.Context(), tried), "")
	wantOpen(t, desk, square, again)
	tried.DueAt, tried.Failures = time.Time{}, 9
	wantCode(t, "Put", desk.Put(t.Context(), tried), "")
	wantOpen(t, desk, square, again)
	wantCode(t, "Close", desk.Close(t.Context(), again), "")
	wantOpen(t, desk, square)
}

func followInOrder(t *testing.T, p *place) {
	desk := p.open(t).Desk().FollowUps()
	stopped, later, sooner, same := followUp("A", noon), followUp("B", noon.Add(2)), followUp("C", noon.Add(1)), followUp("D", noon.Add(1))
	stopped.DueAt = time.Time{}
	other := followUp("A", noon)
	other.Instance, other.ID = "outlet", "other"
	for _, f := range []intake.FollowUp{stopped, later, sooner, same, other} {
		_, err := desk.Raise(t.Context(), f)
		wantCode(t, "Raise", err, "")
	}
	wantOpen(t, desk, square, sooner, same, later, stopped)
	wantOpen(t, desk, intake.SourceName{Pack: "square", Instance: "outlet"}, other)
	wantOpen(t, desk, intake.SourceName{Pack: "shopify", Instance: "main"})
	if got, err := desk.Open(t.Context(), square, 2); err != nil || len(got) != 2 {
		t.Errorf("Open 2: got %d, %v", len(got), err)
	}
	if open, waits, err := desk.Count(t.Context(), square); err != nil || open != 4 || waits != 1 {
		t.Errorf("Count: got %d, %d, %v, want 4 and 1", open, waits, err)
	}
}
