package pack

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Zones tells in which zone the clocks of a place are on a day; place is the code by which the
// source system calls it. Nil means that nobody knows the place. It is called once for each
// place and day of a payload, and an error refuses the record.
type Zones func(ctx context.Context, system retail.SystemID, place string, day retail.Date) (*time.Location, error)

// placeDay is what was asked of Zones.
type placeDay struct {
	system retail.SystemID
	place  string
	day    retail.Date
}

// placed returns the zone of a place, else that of the source, and the place if nobody knows it.
// Nil means that neither is declared.
func (r *run) placed(place any, day retail.Date) (zone *time.Location, unknown string, _ *fault.Error) {
	code, ok := scalarText(place)
	if r.zones == nil || !ok || code == "" {
		return r.zone, "", nil
	}
	at := placeDay{r.system, code, day}
	zone, known := r.asked[at]
	if !known {
		var err error
		if zone, err = r.zones(r.ctx, at.system, at.place, at.day); err != nil {
			return nil, "", fault.As(err)
		}
		if r.asked == nil {
			r.asked = map[placeDay]*time.Location{}
		}
		r.asked[at] = zone
	}
	if zone == nil {
		return r.zone, code, nil
	}
	return zone, "", nil
}

// told tells what the clocks of a place showed. Where neither the place nor the source declares
// a zone, nobody knows when that was (H-ZONE). A place that is not known yet has its time told
// anew when it is; see Outcome.Clock.
func (r *run) told(clock time.Time, place any) (time.Time, *fault.Error) {
	zone, unknown, err := r.placed(place, retail.DateOf(clock))
	if err != nil {
		return time.Time{}, err
	}
	if unknown != "" {
		r.clock = unknown
	}
	if zone == nil && unknown != "" {
		return clock, nil
	}
	if zone == nil {
		return time.Time{}, fault.New(fault.ZoneUnknown, "", "a time without a zone, and neither its place nor the source declares one")
	}
	return OnClock(clock, zone), nil
}

// OnClock returns when the clocks of a zone showed what clock shows in UTC. What they showed
// twice, as they were put back, was the first time; what they never showed, as they were put
// forward, is told by a clock that was not yet.
func OnClock(clock time.Time, zone *time.Location) time.Time {
	t := time.Date(clock.Year(), clock.Month(), clock.Day(), clock.Hour(), clock.Minute(), clock.Second(), clock.Nanosecond(), zone)
	start, end := t.ZoneBounds()
	for _, change := range [...]time.Time{start, end} {
		if change.IsZero() {
			continue
		}
		_, before := change.Add(-1).Zone()
		_, after := change.Zone()
		// By the clock that was not changed, first lies so far from the change.
		first := clock.Add(-time.Duration(before) * time.Second)
		far, step := first.Sub(change), time.Duration(after-before)*time.Second
		if far >= min(0, step) && far < max(0, step) {
			return first.In(zone)
		}
	}
	return t
}
