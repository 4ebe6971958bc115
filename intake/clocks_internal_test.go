package intake

import (
	"context"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// deciding keeps the event that came to be decided.
type deciding struct{ event *event.Event }

func (d *deciding) Submit(_ context.Context, subs []record.Submission) ([]record.Answer, error) {
	d.event = subs[0].Event
	return make([]record.Answer, len(subs)), nil
}

// What waited for its place is told by the clocks there, with the cut-off of a count, and an
// instant falls on the day there.
func TestToldByThePlace(t *testing.T) {
	newYork, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	noon := time.Date(2026, 1, 10, 12, 0, 0, 0, time.UTC)
	night := time.Date(2026, 1, 21, 4, 25, 24, 0, time.UTC)
	for _, c := range []struct {
		name string
		sub  record.Submission
		time time.Time
		day  retail.Date
	}{
		{"a count by the clock there", record.Submission{Clock: "S1", Event: &event.Event{
			Header: event.Header{Time: noon, BusinessDate: 20260110}, Data: &event.CountAdjusted{Cutoff: noon}}}, noon.Add(5 * time.Hour), 20260110},
		{"an instant on the day there", record.Submission{Calendar: "S1", Event: &event.Event{
			Header: event.Header{Time: night, BusinessDate: 20260121}, Data: &event.StockAdjusted{}}}, night, 20260120},
		{"a day that the source tells itself", record.Submission{Calendar: "S1", Event: &event.Event{
			Header: event.Header{Time: night, BusinessDate: 20260119}, Data: &event.StockAdjusted{}}}, night, 20260119},
	} {
		decided := &deciding{}
		clocks := &clocks{decider: decided, zones: func(context.Context, retail.SystemID, string, retail.Date) (*time.Location, error) {
			return newYork, nil
		}}
		if _, err := clocks.Submit(t.Context(), []record.Submission{c.sub}); err != nil {
			t.Fatal(err)
		}
		e := decided.event
		if !e.Time.Equal(c.time) || e.TZ != "-05:00" || e.BusinessDate != c.day {
			t.Errorf("%s: got %s %s on %s", c.name, e.Time, e.TZ, e.BusinessDate)
		}
		if count, ok := e.Data.(*event.CountAdjusted); ok && !count.Cutoff.Equal(c.time) {
			t.Errorf("%s: the cut-off is %s", c.name, count.Cutoff)
		}
	}
}
