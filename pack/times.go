package pack

import (
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Forms in which senders write a time: with a zone, and without. Go reads a fraction of
// seconds in each.
var (
	zonedTimes = []string{time.RFC3339, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04Z07:00"}
	naiveTimes = []string{"2006-01-02T15:04:05", "2006-01-02 15:04:05", "2006-01-02T15:04"}
)

// utcTime reads a time as RFC 3339 with its own zone; one without is in UTC.
func utcTime(v any, _ []any) (any, *fault.Error) {
	t, zoned, ok := parseTime(v)
	if !ok {
		return nil, noTime()
	}
	return tell(t, v, zoned), nil
}

// localTime reads a time as RFC 3339 with its own zone; one without is told by the clocks of the
// place that the first argument names, if there is one, else by those of the source.
func localTime(r *run, v any, args []any) (any, *fault.Error) {
	t, zoned, ok := parseTime(v)
	if !ok {
		return nil, noTime()
	}
	if zoned {
		return tell(t, v, true), nil
	}
	t, err := r.told(t, first(args))
	if err != nil {
		return nil, err
	}
	return tell(t, v, false), nil
}

// tell writes a time that was read from v.
func tell(t time.Time, v any, zoned bool) string {
	if text, _ := v.(string); !zoned && t.Location() == time.UTC && len(text) == len("2006-01-02T15:04:05") && text[10] == 'T' && text[13] == ':' {
		return text + "Z" // which is what Format makes of it
	}
	return t.Format(time.RFC3339Nano)
}

// first returns the first argument, or nil where a function takes none.
func first(args []any) any {
	if len(args) == 0 {
		return nil
	}
	return args[0]
}

func noTime() *fault.Error {
	return fault.New(fault.SchemaInvalid, "", "a time is missing or not of the form 2006-01-02T15:04:05")
}

// inZone tells an instant by the clocks of a place or of the source, so that its day is the one
// there, for senders that write the time of what happens at a place in UTC. Where neither
// declares a zone it stays in UTC.
func inZone(r *run, v any, args []any) (any, *fault.Error) {
	t, _, ok := parseTime(v)
	if !ok {
		return nil, noTime()
	}
	zone, unknown, err := r.placed(first(args), retail.DateOf(t.UTC()))
	if err != nil {
		return nil, err
	}
	if unknown != "" {
		r.calendar = unknown
	}
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Format(time.RFC3339Nano), nil
}

// parseTime reads a time with its zone; zoned is false for one without, which is returned as if
// it were in UTC.
func parseTime(v any) (t time.Time, zoned, ok bool) {
	text, _ := v.(string)
	text, zoned = strings.CutSuffix(text, " UTC")
	forms := naiveTimes
	if !zoned && hasZone(text) {
		forms, zoned = zonedTimes, true
	} else if len(text) == len("2006-01-02T15:04:05") {
		// The library reads RFC 3339 much faster than other forms.
		if t, err := time.Parse(time.RFC3339, text+"Z"); err == nil {
			return t, zoned, true
		}
	}
	for _, form := range forms {
		if t, err := time.Parse(form, text); err == nil {
			return t, zoned, true
		}
	}
	return time.Time{}, false, false
}

// hasZone reports whether a zone stands behind the minutes.
func hasZone(text string) bool {
	return len(text) > len("2006-01-02T15:04") && strings.ContainsAny(text[len("2006-01-02T15:04"):], "Z+-")
}

// epochMax is the last second of the year 9999.
const epochMax = 253402300799

func epochTime(v any, _ []any) (any, *fault.Error) {
	seconds, ok := wholeNumber(v)
	if !ok || seconds < 0 || seconds > epochMax {
		return nil, fault.New(fault.SchemaInvalid, "", "a time in seconds is missing or out of range")
	}
	return time.Unix(seconds, 0).UTC().Format(time.RFC3339), nil
}

func epochMilliseconds(v any, _ []any) (any, *fault.Error) {
	n, ok := wholeNumber(v)
	if !ok || n < 0 || n/1000 > epochMax {
		return nil, fault.New(fault.SchemaInvalid, "", "a time in milliseconds is missing or out of range")
	}
	return time.UnixMilli(n).UTC().Format(time.RFC3339Nano), nil
}

// businessDate takes the date as it is written: the day that the source means, in its zone.
func businessDate(v any, _ []any) (any, *fault.Error) {
	text, _ := v.(string)
	if len(text) >= len(time.DateOnly) {
		if _, err := retail.ParseDate(text[:len(time.DateOnly)]); err == nil {
			return text[:len(time.DateOnly)], nil
		}
	}
	return nil, fault.New(fault.SchemaInvalid, "", "a date is missing or not of the form 2006-01-02")
}

// sourceVersion makes a time of change into a version that grows with it, in microseconds.
func sourceVersion(v any, _ []any) (any, *fault.Error) {
	t, _, ok := parseTime(v)
	if !ok || t.Before(time.Unix(0, 0)) {
		return nil, fault.New(fault.SchemaInvalid, "", "a version is a time like 2006-01-02T15:04:05Z")
	}
	return int(t.UnixMicro()), nil
}
