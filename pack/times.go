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

// readTime reads a time as RFC 3339 with its own zone, or with the given one if it has none.
func readTime(v any, zone *time.Location) (any, *fault.Error) {
	t, ok := parseTime(v, zone)
	if !ok {
		return nil, fault.New(fault.SchemaInvalid, "", "a time is missing or not of the form 2006-01-02T15:04:05")
	}
	if text, _ := v.(string); zone == time.UTC && len(text) == len("2006-01-02T15:04:05") && text[10] == 'T' && text[13] == ':' {
		return text + "Z", nil // which is what Format makes of it
	}
	return t.Format(time.RFC3339Nano), nil
}

// inZone tells an instant in the instance's zone, so that its day is the one of the clocks
// there, for senders that write the time of what happens at a place in UTC.
func inZone(r *run, v any, _ []any) (any, *fault.Error) {
	t, ok := parseTime(v, time.UTC)
	if !ok {
		return nil, fault.New(fault.SchemaInvalid, "", "a time is missing or not of the form 2006-01-02T15:04:05Z")
	}
	return t.In(r.zone).Format(time.RFC3339Nano), nil
}

func parseTime(v any, zone *time.Location) (time.Time, bool) {
	text, _ := v.(string)
	if utc, ok := strings.CutSuffix(text, " UTC"); ok {
		text, zone = utc, time.UTC
	}
	forms := naiveTimes
	if zoned(text) {
		forms = zonedTimes
	} else if len(text) == len("2006-01-02T15:04:05") {
		// The library reads RFC 3339 much faster than other forms.
		if t, err := time.Parse(time.RFC3339, text+"Z"); err == nil {
			return time.Date(t.Year(), t.Month(), t.Day(), t.Hour(), t.Minute(), t.Second(), 0, zone), true
		}
	}
	for _, form := range forms {
		if t, err := time.ParseInLocation(form, text, zone); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// zoned reports whether a zone stands behind the minutes.
func zoned(text string) bool {
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
	t, ok := parseTime(v, time.UTC)
	if !ok || t.Before(time.Unix(0, 0)) {
		return nil, fault.New(fault.SchemaInvalid, "", "a version is a time like 2006-01-02T15:04:05Z")
	}
	return int(t.UnixMicro()), nil
}
