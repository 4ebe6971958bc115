package retail

import (
	"time"

	"github.com/heddlehq/heddle/fault"
)

// Date is a calendar day without a zone, as yyyymmdd; zero means none. A store's trading
// day and a book's accounting date are Dates.
type Date int32

// ParseDate reads "2006-01-02".
func ParseDate(s string) (Date, error) {
	if len(s) != len(time.DateOnly) || s[4] != '-' || s[7] != '-' {
		return 0, noDate(s)
	}
	year, y := digits(s[:4])
	month, m := digits(s[5:7])
	day, d := digits(s[8:])
	date, ok := NewDate(year, month, day)
	if !y || !m || !d || !ok {
		return 0, noDate(s)
	}
	return date, nil
}

func noDate(s string) error {
	return fault.New(fault.SchemaInvalid, s, "a date is written 2006-01-02")
}

// digits reads a number without sign.
func digits(s string) (n int, ok bool) {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int(s[i]-'0')
	}
	return n, true
}

// NewDate returns the day of a year from 0 to 9999, and whether the calendar has it.
func NewDate(year, month, day int) (Date, bool) {
	if year < 0 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return 0, false
	}
	return Date(year*10000 + month*100 + day), true
}

func daysIn(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// DateOf returns the day of t in t's own zone.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date(y*10000 + int(m)*100 + d)
}

// String returns "2006-01-02", or "" for none.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	text := [len(time.DateOnly)]byte{4: '-', 7: '-'}
	for i, n := len(text)-1, d; i >= 0; i-- {
		if text[i] == 0 {
			text[i], n = byte('0'+n%10), n/10
		}
	}
	return string(text[:])
}

// Time returns midnight UTC of the day.
func (d Date) Time() time.Time {
	return time.Date(int(d/10000), time.Month(d/100%100), int(d%100), 0, 0, 0, 0, time.UTC)
}

// AddDays returns the day n days later.
func (d Date) AddDays(n int) Date { return DateOf(d.Time().AddDate(0, 0, n)) }

// MarshalText makes a date a JSON string.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads; an empty text is no date.
func (d *Date) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*d = 0
		return nil
	}
	v, err := ParseDate(string(b))
	*d = v
	return err
}
