package event

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// The generated writers append each member as ,"name":value in the order of RFC 8785 and
// turn the first comma into the opening brace at the end.

// closeObject ends an object whose members were appended behind start.
func closeObject(b []byte, start int) []byte {
	if len(b) == start {
		return append(b, '{', '}')
	}
	b[start] = '{'
	return append(b, '}')
}

// closeArray ends an array whose elements were appended behind start, each with a comma before it.
func closeArray(b []byte, start int) []byte {
	if len(b) == start {
		return append(b, '[', ']')
	}
	b[start] = '['
	return append(b, ']')
}

// appendString appends a string as RFC 8785 writes it: only quotes, backslashes and control
// characters are escaped. Bytes that are not UTF-8 become U+FFFD; data from outside never
// has them, because the decoder refuses them.
func appendString[S ~string](b []byte, s S) []byte {
	b = append(b, '"')
	plain := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' && c < utf8.RuneSelf {
			continue
		}
		if c >= utf8.RuneSelf {
			r, size := utf8.DecodeRuneInString(string(s[i:]))
			if r != utf8.RuneError || size > 1 {
				i += size - 1
				continue
			}
			b = append(b, s[plain:i]...)
			b = append(b, "\uFFFD"...)
		} else {
			b = append(b, s[plain:i]...)
			b = appendControl(b, c)
		}
		plain = i + 1
	}
	b = append(b, s[plain:]...)
	return append(b, '"')
}

// appendControl appends the escape of a quote, backslash or control character.
func appendControl(b []byte, c byte) []byte {
	if at := strings.IndexByte("\"\\\b\f\n\r\t", c); at >= 0 {
		return append(b, '\\', `"\bfnrt`[at])
	}
	const hex = "0123456789abcdef"
	return append(b, '\\', 'u', '0', '0', hex[c>>4], hex[c&15])
}

func appendQuantity(b []byte, q retail.Quantity) []byte {
	b = append(b, '"')
	b = q.Append(b)
	return append(b, '"')
}

func appendAmount(b []byte, a money.Amount) []byte { return a.AppendJSON(b) }

func appendRate(b []byte, r money.Rate) []byte {
	b = append(b, '"')
	b = append(b, r.String()...)
	return append(b, '"')
}

func appendRef(b []byte, r retail.Ref) []byte {
	b = append(b, `{"id":`...)
	b = appendString(b, r.ID)
	b = append(b, `,"type":`...)
	b = appendString(b, r.Type)
	return append(b, '}')
}

func appendDate(b []byte, d retail.Date) []byte {
	b = append(b, '"')
	b = appendDigits(b, int(d/10000), 4)
	b = append(b, '-')
	b = appendDigits(b, int(d/100%100), 2)
	b = append(b, '-')
	b = appendDigits(b, int(d%100), 2)
	return append(b, '"')
}

func appendDigits(b []byte, n, width int) []byte {
	for range width {
		b = append(b, '0')
	}
	for i := len(b) - 1; n > 0 && width > 0; i, width = i-1, width-1 {
		b[i] = byte('0' + n%10)
		n /= 10
	}
	return b
}

func appendTime(b []byte, t time.Time) []byte {
	b = append(b, '"')
	b = t.UTC().AppendFormat(b, time.RFC3339Nano)
	return append(b, '"')
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, "true"...)
	}
	return append(b, "false"...)
}

func appendRow(b []byte, row Row) []byte {
	start := len(b)
	for _, column := range slices.SortedFunc(maps.Keys(row), compareNames) {
		b = append(b, ',')
		b = appendString(b, column)
		b = append(b, ':')
		b = appendString(b, row[column])
	}
	return closeObject(b, start)
}

// compareNames orders member names as RFC 8785 does, by UTF-16 code units. It differs from
// the order of the bytes only where a character beyond U+FFFF meets one from U+E000 on.
func compareNames(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && n < len(a) && n < len(b) && !utf8.RuneStart(a[n]) {
		n--
	}
	if n == len(a) || n == len(b) {
		return cmp.Compare(len(a), len(b))
	}
	ra, _ := utf8.DecodeRuneInString(a[n:])
	rb, _ := utf8.DecodeRuneInString(b[n:])
	if (ra > 0xFFFF) != (rb > 0xFFFF) {
		return cmp.Compare(firstUnit(ra), firstUnit(rb))
	}
	return cmp.Compare(ra, rb)
}

// firstUnit returns the first UTF-16 code unit of a character.
func firstUnit(r rune) rune {
	if r > 0xFFFF {
		return 0xD800 + (r-0x10000)>>10
	}
	return r
}
