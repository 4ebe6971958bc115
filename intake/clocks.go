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
		zone, err := c.zoneOf(ctx, sub)
		if err != nil {
			return nil, err
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

// zoneOf returns the zone of the place whose clocks an event was told by; nil where the time is
// sure, or where nobody knows the place.
func (c *clocks) zoneOf(ctx context.Context, sub record.Submission) (*time.Location, error) {
	if sub.Clock == "" || c.zones == nil {
		return nil, nil
	}
	return c.zones(ctx, sub.Event.System, sub.Clock, sub.Event.Day())
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
	again.Time, again.TZ, again.Data = t.UTC(), "", moved(e.Data, e.Time, t.UTC())
	if _, ahead := t.Zone(); ahead != 0 {
		again.TZ = t.Format("-07:00")
	}
	return &again
}

// moved returns a body whose own time, if it is that of its event, is told anew, too.
func moved(body event.Body, from, to time.Time) event.Body {
	switch v := body.(type) {
	case *event.CountStarted:
		if v.Cutoff.Equal(from) {
			again := *v
			again.Cutoff = to
			return &again
		}
	case *event.CountAdjusted:
		if v.Cutoff.Equal(from) {
			again := *v
			again.Cutoff = to
			return &again
		}
	case *event.ThirdPartySnapshot:
		if v.AsOf.Equal(from) {
			again := *v
			again.AsOf = to
			return &again
		}
	}
	return body
}
