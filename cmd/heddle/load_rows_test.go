package main

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// readRows reads all rows; one that cannot be read is nil.
func readRows(t *testing.T, text string) (rows [][]string) {
	t.Helper()
	r := newRowReader(strings.NewReader(text))
	for {
		fields, err := r.next()
		if errors.Is(err, io.EOF) {
			return rows
		}
		if _, syntax := errors.AsType[*csv.ParseError](err); err != nil && !syntax {
			t.Fatal(err)
		}
		rows = append(rows, slices.Clone(fields))
	}
}

// TestABadRowEndsWithItsLine reads rows among which some cannot be read: the others can.
func TestABadRowEndsWithItsLine(t *testing.T) {
	long := strings.Repeat("x", quotedMax-4)
	for _, c := range []struct{ name, text, want string }{
		{"rows", "a,b\nc,d", "a|b c|d"},
		{"a mark in front, and line ends of two bytes", "\ufeffa,b\r\nc,d\r\n", "a|b c|d"},
		{"empty lines", "a\n\n\r\nb\n", "a b"},
		{"a line end in quotes", "a,\"b\nc\"\nd,e\n", "a|b\nc d|e"},
		{"quotes in quotes", "\"a\"\"b\",c\nd,e\n", "a\"b|c d|e"},
		{"a quote that is never closed", "a,b\n\"c,d\ne,f\ng,h\n", "a|b bad e|f g|h"},
		{"a quote in a field", "a,b\nc\"c,d\ne,f\n", "a|b bad e|f"},
		{"two of them", "a,b\nc\"c,d\ne,f\"f\ng,h\n", "a|b bad bad g|h"},
		{"one before a quoted field", "a,b\nc\"c,d\n\"e\",f\n", "a|b bad e|f"},
		{"one that the next quoted field seems to close", "\"a,b\n\"c\",d\ne,f\n", "bad c|d e|f"},
		{"a text behind quotes", "\"a\"b,c\nd,e\n", "bad d|e"},
		{"a quoted text at the limit", "\"" + long + "\n\"\na\n", long + "\n a"},
		{"one more", "\"x" + long + "\n\"\na\n", "bad bad a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got []string
			for _, fields := range readRows(t, c.text) {
				if fields == nil {
					fields = []string{"bad"}
				}
				got = append(got, strings.Join(fields, "|"))
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got %.200q, want %.200q", got, c.want)
			}
		})
	}
}

// FuzzRows reads what the standard library can read whole as it does, and the rest to its end.
func FuzzRows(f *testing.F) {
	for _, text := range []string{"a,b\n\"c\nd\",e\n", "\"a\n", "a\"\n\"b\"\n", "\ufeffa\r\n\r\nb"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got := readRows(t, text)
		whole := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff")))
		whole.FieldsPerRecord = -1
		want, err := whole.ReadAll()
		if err == nil && len(text) <= quotedMax && !slices.EqualFunc(got, want, slices.Equal) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}
