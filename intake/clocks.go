package intake

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// clocks is a decider that tells the time of an event anew whose place was not known when it was
// mapped. As long as nobody knows the place, an event of a source without a zone waits for it.
type clocks struct {
	decider Decider
	tenant  retail.TenantID
	zones   pack.Zones
	origins map[originKey]Origin
}

// Submit decides the events whose time is sure, or as good as the source tells it.
func (c *clocks) Submit(ctx context.Context, subs []record.Submission) ([]record.Answer, error) {
	sure := make([]record.Submission, 0, len(subs))
	answers := make([]record.Answer, len(subs))
	for i, sub := range subs {
		zone, err := c.zoneOf(ctx, sub, sub.Clock)
		if err != nil {
			return nil, err
		}
		day, err := c.zoneOf(ctx, sub, sub.Calendar)
		if err != nil {
			return nil, err
		}
		if day != nil {
			sub.Event, sub.Calendar = inCalendar(sub.Event, day), ""
		}
		switch {
		case sub.Clock == "":
		case zone != nil:
			sub.Event, sub.Clock = retold(sub.Event, zone), ""
		case c.origins[originKey{sub.Receipt.Pack, sub.Event.Instance}].Zone == nil:
			answers[i] = record.Refuse(fault.New(fault.LocationUnknown, "location "+sub.Clock,
				"%s does not name a known location on %s, by whose clocks it told the time", sub.Event.System, sub.Event.Day()))
			answers[i].EventID = event.ID(c.tenant, sub.Event)
			continue
		}
		sure = append(sure, sub)
	}
	decided, err := c.decider.Submit(ctx, sure)
	if err != nil {
		return nil, err
	}
	for i := range answers {
		if answers[i].Status == "" {
			answers[i], decided = decided[0], decided[1:]
		}
	}
	return answers, nil
}

// zoneOf returns the zone of a place by which an event was told; nil where there is no such place,
// or where nobody knows it.
func (c *clocks) zoneOf(ctx context.Context, sub record.Submission, place string) (*time.Location, error) {
	if place == "" || c.zones == nil {
		return nil, nil
	}
	return c.zones(ctx, sub.Event.System, place, sub.Event.Day())
}

// inCalendar returns the event with its instant told in another zone. Its day is the one there,
// unless the source told another than that of the instant.
func inCalendar(e *event.Event, zone *time.Location) *event.Event {
	told := e.Time.UTC()
	if at, err := time.Parse("-07:00", e.TZ); err == nil {
		told = told.In(at.Location())
	}
	t, again := e.Time.In(zone), *e
	if e.BusinessDate == retail.DateOf(told) {
		again.BusinessDate = retail.DateOf(t)
	}
	again.TZ = offset(t)
	return &again
}

// offset is how an event writes the zone of a time; nothing is UTC.
func offset(t time.Time) string {
	if _, ahead := t.Zone(); ahead != 0 {
		return t.Format("-07:00")
	}
	return ""
}

// retold returns the event with what its clock showed told in another zone. The day is that of
// the clock and stays.
func retold(e *event.Event, zone *time.Location) *event.Event {
	shown := e.Time.UTC()
	if at, err := time.Parse("-07:00", e.TZ); err == nil {
		_, ahead := at.Zone()
		shown = shown.Add(time.Duration(ahead) * time.Second)
	}
	t := pack.OnClock(shown, zone)
	again := *e
	again.Time, again.TZ, again.Data = t.UTC(), offset(t), moved(e.Data, e.Time, t.UTC())
	return &again
}

// moved returns a body whose own time, if it is that of its event, is told anew, too.
func moved(body event.Body, from, to time.Time) event.Body {
	same := func(at time.Time) time.Time {
		if at.Equal(from) {
			return to
		}
		return at
	}
	switch v := body.(type) {
	case *event.CountStarted:
		again := *v
		again.Cutoff = same(v.Cutoff)
		return &again
	case *event.CountAdjusted:
		again := *v
		again.Cutoff = same(v.Cutoff)
		return &again
	case *event.ThirdPartySnapshot:
		again := *v
		again.AsOf = same(v.AsOf)
		return &again
	}
	return body
}
