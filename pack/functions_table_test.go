package pack

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
)

// TestFunctionTable reads testdata/functions.txt: a value, a mapping, and what comes of it.
func TestFunctionTable(t *testing.T) {
	text, err := os.ReadFile("testdata/functions.txt")
	if err != nil {
		t.Fatal(err)
	}
	columns := regexp.MustCompile(`\s{2,}`)
	for i, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		row := columns.Split(line, -1)
		if len(row) != 3 {
			t.Fatalf("line %d has %d columns, want 3: %s", i+1, len(row), line)
		}
		got := evaluate(t, row[1], row[0])
		if isCode := regexp.MustCompile(`^[VH]-`).MatchString(row[2]); isCode {
			got, _, _ = strings.Cut(got, ":")
		}
		if got != row[2] {
			t.Errorf("line %d: %s | %s: got %s, want %s", i+1, row[0], row[1], got, row[2])
		}
	}
}

// A decimal is the same however it is written, and two signs give it back.
func TestDecimalsAreTheSameHoweverWritten(t *testing.T) {
	group := func(whole, separator string) string {
		for i := len(whole) - 3; i > 0; i -= 3 {
			whole = whole[:i] + separator + whole[i:]
		}
		return whole
	}
	rapid.Check(t, func(r *rapid.T) {
		whole := rapid.StringMatching(`[1-9][0-9]{0,11}`).Draw(r, "whole")
		places := rapid.StringMatching(`[0-9]{1,4}`).Draw(r, "places")
		want := whole + "." + places
		for _, c := range []struct {
			how, text string
			read      func(any, []any) (any, *fault.Error)
			args      []any
		}{
			{"comma", group(whole, ".") + "," + places, decimalComma, nil},
			{"point", group(whole, ",") + "." + places, decimalPoint, nil},
			{"scale", whole + places, scaled, []any{len(places)}},
			{"plain", "+0" + want, decimal, nil},
		} {
			if got, err := c.read(c.text, c.args); err != nil || got != want {
				r.Fatalf("%s: %s: got %v, %v, want %s", c.how, c.text, got, err, want)
			}
		}
		there, _ := negated(want, nil)
		if back, err := negated(there, nil); err != nil || there != "-"+want || back != want {
			r.Fatalf("got %v and back %v, %v, want -%s", there, back, err, want)
		}
	})
}

// Whatever a sender writes, a function gives a value or a fault of the record, and a decimal
// that it gives can be read again.
func FuzzFunctions(f *testing.F) {
	for _, seed := range []string{"1.234,56", "-,5", "1E-18", "12/1/2010 8:26", "240131", "urn:epc:id:sgtin:0614141.112345.400", "https://id.gs1.org/01/70614141123451", "é", "%"} {
		f.Add(seed, "%m/%d/%Y %H:%M")
		f.Add(seed, "%y%m%d%z")
	}
	f.Fuzz(func(t *testing.T, text, form string) {
		for _, read := range []func(any, []any) (any, *fault.Error){decimal, decimalComma, decimalPoint, negated} {
			v, err := read(text, nil)
			if err != nil {
				continue
			}
			if again, err := decimal(v, nil); err != nil || again != v {
				t.Fatalf("%q: got %v, which reads as %v, %v", text, v, again, err)
			}
		}
		for _, read := range []func(any, []any) (any, *fault.Error){gtinOfEPC, glnOfEPC, ssccOfEPC} {
			if v, err := read(text, nil); err != nil || v != nil && withCheck(v.(string)[:len(v.(string))-1]) != v {
				t.Fatalf("%q: got %v, %v", text, v, err)
			}
		}
		_, _ = dateFrom(text, []any{form})
		_, _ = timeFrom(&run{zone: time.UTC}, text, []any{form})
	})
}
