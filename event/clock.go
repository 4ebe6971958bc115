package event

import (
	"time"

	"github.com/heddlehq/heddle/retail"
)

// Years that a date or time on the wire may have. Outside of them lie sentinels ("0001",
// "9999") that systems write where they mean none.
const (
	yearMin = 1900
	yearMax = 2999
)

// parseDate reads "2006-01-02".
func parseDate(s string) (retail.Date, bool) {
	if len(s) != len("2006-01-02") || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, m, d := digits(s[:4]), digits(s[5:7]), digits(s[8:])
	date := retail.Date(y*10000 + m*100 + d)
	return date, m > 0 && d > 0 && isDay(date)
}

// isDay reports whether there is such a day within the years above.
func isDay(date retail.Date) bool {
	y, m, d := int(date/10000), int(date/100%100), int(date%100)
	return y >= yearMin && y <= yearMax && m >= 1 && m <= 12 && d >= 1 && d <= daysIn(y, m)
}

// parseTime reads an RFC 3339 time as its profile in the schema has it: capital T and Z, at
// most nine decimals, no leap second. It returns the instant in UTC and the offset as it was
// written, "Z" or "+02:00".
func parseTime(s string) (t time.Time, offset string, ok bool) {
	if len(s) < len("2006-01-02T15:04:05Z") || s[10] != 'T' || s[13] != ':' || s[16] != ':' {
		return t, "", false
	}
	date, ok := parseDate(s[:10])
	h, m, sec := digits(s[11:13]), digits(s[14:16]), digits(s[17:19])
	nanos, offset, fine := parseFraction(s[19:])
	ahead, known := parseOffset(offset)
	if !ok || !fine || !known || h < 0 || h > 23 || m < 0 || m > 59 || sec < 0 || sec > 59 {
		return t, "", false
	}
	t = time.Date(int(date/10000), time.Month(date/100%100), int(date%100), h, m, sec, nanos, time.UTC)
	t = t.Add(-ahead)
	return t, offset, t.Year() >= yearMin && t.Year() <= yearMax
}

// parseFraction reads ".123" and returns what follows it.
func parseFraction(s string) (nanos int, rest string, ok bool) {
	if s[0] != '.' {
		return 0, s, true
	}
	n := 1
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	if n == 1 || n > 10 {
		return 0, "", false
	}
	nanos = digits(s[1:n])
	for range 10 - n {
		nanos *= 10
	}
	return nanos, s[n:], true
}

// parseOffset reads "Z" or "+02:00".
func parseOffset(s string) (time.Duration, bool) {
	if s == "Z" {
		return 0, true
	}
	if len(s) != len("+02:00") || s[0] != '+' && s[0] != '-' || s[3] != ':' {
		return 0, false
	}
	h, m := digits(s[1:3]), digits(s[4:])
	if h < 0 || h > 23 || m < 0 || m > 59 {
		return 0, false
	}
	ahead := time.Duration(h)*time.Hour + time.Duration(m)*time.Minute
	if s[0] == '-' {
		ahead = -ahead
	}
	return ahead, true
}

// digits reads up to nine digits; −1 means that another character is among them.
func digits(s string) int {
	n := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return -1
		}
		n = n*10 + int(s[i]-'0')
	}
	return n
}

func daysIn(year, month int) int {
	switch month {
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}
