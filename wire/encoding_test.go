package wire

import (
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"github.com/heddlehq/heddle/fault"
)

// TestPlaces requires that each place of a text leads to the byte of the payload where its
// character begins.
func TestPlaces(t *testing.T) {
	const text = "Zoë, 5€ or\n日本ｱ😀x"
	big := binary.BigEndian.AppendUint16
	var wide []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		wide = big(wide, unit)
	}
	narrow := "Zoë 5€"
	windows, _ := charmap.Windows1252.NewEncoder().String(narrow)
	japan, _ := japanese.ShiftJIS.NewEncoder().String("a日本ｱ\\~ﾝx")
	for _, c := range []struct {
		name, payload, want string
		encoding            Encoding
		prefix              func(text string) int // bytes that a text takes in the payload
	}{
		{"UTF-8", text, text, "", func(s string) int { return len(s) }},
		{"UTF-8 with a mark", "\ufeff" + text, text, ISO88591, func(s string) int { return 3 + len(s) }},
		{"UTF-16", string(wide), text, UTF16, func(s string) int { return 2 * len(utf16.Encode([]rune(s))) }},
		{"UTF-16 with a mark", "\xfe\xff" + string(wide), text, "", func(s string) int { return 2 + 2*len(utf16.Encode([]rune(s))) }},
		{"Windows", windows, narrow, Windows1252, func(s string) int { return len([]rune(s)) }},
		{"Latin 9", "5\xa4", "5€", ISO885915, func(s string) int { return len([]rune(s)) }},
		{"Latin 1", "5\xa4\x80", "5¤\u0080", ISO88591, func(s string) int { return len([]rune(s)) }},
		{"Shift JIS", japan, "a日本ｱ\\~ﾝx", ShiftJIS, func(s string) int { b, _ := japanese.ShiftJIS.NewEncoder().String(s); return len(b) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			src, err := open([]byte(c.payload), c.encoding, &Limits{})
			if err != nil || string(src.text) != c.want {
				t.Fatalf("got %q, %v, want %q", src.text, err, c.want)
			}
			rising := src.places()
			for at := range c.want {
				if got := rising.of(at); got != int64(c.prefix(c.want[:at])) {
					t.Errorf("place %d: got %d, want %d", at, got, c.prefix(c.want[:at]))
				}
			}
			if end := rising.of(len(c.want)); end != int64(len(c.payload)) {
				t.Errorf("the end: got %d, want %d", end, len(c.payload))
			}
			if start := rising.of(0); start != src.base {
				t.Errorf("back at the start: got %d, want %d", start, src.base)
			}
		})
	}
}

func TestOpenRefused(t *testing.T) {
	for _, c := range []struct {
		name, payload string
		encoding      Encoding
		subject       string
	}{
		{"UTF-8", "ab\xff", UTF8, "byte 2"},
		{"an odd byte", "\xff\xfea\x00b", "", "byte 4"},
		{"half a pair at the end", "a\x00\x00\xd8", UTF16LE, "byte 2"},
		{"half a pair", "a\x00\x00\xd8b\x00", UTF16LE, "byte 2"},
		{"the second half alone", "\xdc\x00\x00a", UTF16, "byte 0"},
		{"a byte without character", "ab\x81", Windows1252, "byte 2"},
		{"half a character", "a\x93\xfa\x93", ShiftJIS, "byte 3"},
		{"no character", "a\xb1\xa0", ShiftJIS, "byte 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := open([]byte(c.payload), c.encoding, &Limits{})
			wantCode(t, err, fault.BadSyntax, c.subject)
		})
	}
}

func TestEncodingKnown(t *testing.T) {
	for _, e := range []Encoding{"", UTF8, UTF16, UTF16LE, UTF16BE, ISO88591, ISO885915, Windows1252, ShiftJIS} {
		if _, err := open(nil, e, &Limits{}); err != nil || !e.Known() {
			t.Errorf("%q: got %v, want it known and read", e, err)
		}
	}
	if Encoding("UTF-8").Known() {
		t.Error("names are in lower case")
	}
}
