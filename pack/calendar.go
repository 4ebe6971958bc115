package pack

import (
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// dateFrom reads a date of a form and gives it as 2006-01-02.
func dateFrom(v any, args []any) (any, *fault.Error) {
	read, err := readForm(v, args[0])
	if err != nil {
		return nil, err
	}
	if read.clock {
		return nil, fault.New(fault.BadMapping, "", "the form of a date has no time of day: use time_from and business_date")
	}
	d, ok := read.date()
	if !ok {
		return nil, noDate()
	}
	return d.String(), nil
}

// timeFrom reads a time of a form and gives it as RFC 3339, in its own zone or, where it
// tells none, by the clocks of the place that the second argument names, else of the source.
func timeFrom(r *run, v any, args []any) (any, *fault.Error) {
	read, err := readForm(v, args[0])
	if err != nil {
		return nil, err
	}
	if _, ok := read.date(); !ok || read.hour > 23 || read.minute > 59 || read.second > 59 {
		return nil, noDate()
	}
	zone := read.zone
	if zone == nil {
		zone = time.UTC
	}
	t := time.Date(read.year, time.Month(read.month), read.day, read.hour, read.minute, read.second, 0, zone)
	if read.zone == nil {
		if t, err = r.told(t, first(args[1:])); err != nil {
			return nil, err
		}
	}
	return t.Format(time.RFC3339), nil
}

func noDate() *fault.Error {
	return fault.New(fault.SchemaInvalid, "", "a date or time is missing or not of the form that the mapping says")
}

// moment is what was read of a date or time.
type moment struct {
	year, month, day, hour, minute, second int
	clock                                  bool // the form has a time of day
	zone                                   *time.Location
}

func (m moment) date() (retail.Date, bool) {
	return retail.NewDate(m.year, m.month, m.day)
}

// centuryPivot is the first year of two digits that belongs to the twentieth century: 69 is
// 1969 and 68 is 2068, as POSIX has it.
const centuryPivot = 69

// readForm reads a text by a form of strptime's: %Y %m %d %y %H %M %S, %z for an offset or Z,
// %Z for UTC or GMT; everything else stands for itself. Where a text that is no digit follows
// in the form, a leading zero can be missing, as in 12/1/2010.
func readForm(v any, form any) (moment, *fault.Error) {
	text, ok := scalarText(v)
	rest, _ := form.(string)
	m := moment{}
	if rest == "" {
		return m, fault.New(fault.BadMapping, "", "a date needs its form, such as %%d.%%m.%%Y")
	}
	for rest != "" && ok {
		if rest[0] != '%' || len(rest) == 1 {
			ok = text != "" && text[0] == rest[0]
			if rest = rest[1:]; ok {
				text = text[1:]
			}
			continue
		}
		place := rest[1]
		rest = rest[2:]
		var known bool
		if text, ok, known = m.read(place, text, rest == "" || rest[0] != '%'); !known {
			return m, fault.New(fault.BadMapping, "", "the form of a date knows %%Y %%y %%m %%d %%H %%M %%S %%z and %%Z")
		}
	}
	if !ok || text != "" {
		return m, noDate()
	}
	return m, nil
}

// read takes one place of a form from the text and returns the rest. Short says that a leading
// zero can be missing.
func (m *moment) read(place byte, text string, short bool) (rest string, ok, known bool) {
	field := m.field(place)
	switch {
	case field != nil:
		width := 2
		if place == 'Y' {
			width = 4
		}
		n := 0
		for n < len(text) && n < width && text[n] >= '0' && text[n] <= '9' {
			n++
		}
		if n == 0 || n < width && (!short || width == 4 || place == 'y') {
			return text, false, true
		}
		*field, _ = strconv.Atoi(text[:n])
		switch place {
		case 'y':
			m.year += 1900
			if m.year < 1900+centuryPivot {
				m.year += 100
			}
		case 'H', 'M', 'S':
			m.clock = true
		}
		return text[n:], true, true
	case place == 'z':
		rest, ok = m.offset(text)
		return rest, ok, true
	case place == 'Z':
		m.zone = time.UTC
		for _, name := range []string{"UTC", "GMT"} {
			if rest, ok = strings.CutPrefix(text, name); ok {
				return rest, true, true
			}
		}
		return text, false, true
	}
	return text, false, false
}

// field is what a place of digits stands for, or nil.
func (m *moment) field(place byte) *int {
	switch place {
	case 'Y', 'y':
		return &m.year
	case 'm':
		return &m.month
	case 'd':
		return &m.day
	case 'H':
		return &m.hour
	case 'M':
		return &m.minute
	case 'S':
		return &m.second
	}
	return nil
}

// offset reads Z, +01, +0100 or +01:00.
func (m *moment) offset(text string) (rest string, ok bool) {
	if rest, ok = strings.CutPrefix(text, "Z"); ok {
		m.zone = time.UTC
		return rest, true
	}
	for _, form := range []string{"-07:00", "-0700", "-07"} {
		if len(text) < len(form) {
			continue
		}
		if t, err := time.Parse(form, text[:len(form)]); err == nil {
			_, seconds := t.Zone()
			m.zone = time.FixedZone("", seconds)
			return text[len(form):], true
		}
	}
	return text, false
}
