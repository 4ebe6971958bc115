package wire

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/heddlehq/heddle/fault"
)

// string reads the string that begins here.
func (r *jsonReader) string() (string, *fault.Error) {
	r.at++
	for at := r.at; at < len(r.text); at++ {
		switch c := r.text[at]; {
		case c == '"':
			text := r.text[r.at:at]
			r.at = at + 1
			return text, nil
		case c == '\\':
			return r.escaped(at)
		case c < ' ':
			r.at = at
			return "", r.syntax("a control character stands in a string")
		}
	}
	r.at = len(r.text)
	return "", r.cutOff()
}

// escaped reads the rest of a string whose first escape stands at a place.
func (r *jsonReader) escaped(at int) (string, *fault.Error) {
	var b strings.Builder
	b.WriteString(r.text[r.at:at])
	for r.at = at; r.at < len(r.text); r.at++ {
		switch c := r.text[r.at]; {
		case c == '"':
			r.at++
			return b.String(), nil
		case c < ' ':
			return "", r.syntax("a control character stands in a string")
		case c != '\\':
			b.WriteByte(c)
		default:
			if err := r.escape(&b); err != nil {
				return "", err
			}
		}
	}
	return "", r.cutOff()
}

// escape reads one escape and stands at its last character then.
func (r *jsonReader) escape(b *strings.Builder) *fault.Error {
	if r.at++; r.at == len(r.text) {
		return r.cutOff()
	}
	c := r.text[r.at]
	if c != 'u' {
		const names, meanings = `"\/bfnrt`, "\"\\/\b\f\n\r\t"
		i := strings.IndexByte(names, c)
		if i < 0 {
			return r.syntax("an escape is none of JSON's")
		}
		b.WriteByte(meanings[i])
		return nil
	}
	first, ok := hexadecimal(r.text[r.at+1:])
	if !ok {
		return r.syntax("an escape has no four hexadecimal digits")
	}
	r.at += 4
	if utf16.IsSurrogate(first) {
		// Half a pair alone is no character; it is told as one that could not be read.
		second, ok := rune(0), false
		if rest := r.text[r.at+1:]; strings.HasPrefix(rest, `\u`) {
			second, ok = hexadecimal(rest[2:])
		}
		if first = utf16.DecodeRune(first, second); ok && first != utf8.RuneError {
			r.at += 6
		}
	}
	b.WriteRune(first)
	return nil
}

// hexadecimal reads four digits.
func hexadecimal(text string) (rune, bool) {
	if len(text) < 4 {
		return 0, false
	}
	n := rune(0)
	for _, c := range []byte(text[:4]) {
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		n = n<<4 | rune(c)
	}
	return n, true
}
