package retail

import (
	"testing"
	"time"
)

// TestDates compares reading and writing with the standard library, day by day over leap years
// and the turns of centuries, and on texts that are no date.
func TestDates(t *testing.T) {
	for _, from := range []string{"1899-12-01", "1999-12-01", "2023-12-01", "2099-12-01"} {
		day, _ := time.Parse(time.DateOnly, from)
		for range 500 {
			text := day.Format(time.DateOnly)
			d, err := ParseDate(text)
			if err != nil || d != DateOf(day) || d.String() != text || !d.Time().Equal(day) {
				t.Fatalf("%s: got %d, %v, written %s", text, d, err, d)
			}
			day = day.AddDate(0, 0, 1)
		}
	}
	for _, text := range []string{
		"", "2026-11-2", "2026-11-231", "26-11-23", "2026/11/23", "2026-11-23T", "2026-13-01", "2026-00-01", "2026-01-00", "2026-01-32",
		"2026-04-31", "2026-02-29", "1900-02-29", "+026-01-01", "2026-+1-01", "2026-01- 1", "２026-01",
	} {
		if _, err := time.Parse(time.DateOnly, text); err == nil {
			t.Fatalf("%q is a date after all", text)
		}
		if d, err := ParseDate(text); err == nil {
			t.Errorf("%q: got %s, want V-SCH-01", text, d)
		}
	}
	for _, text := range []string{"0000-01-01", "0004-02-29", "9999-12-31"} {
		if d, err := ParseDate(text); err != nil || d.String() != text {
			t.Errorf("%s: got %s, %v", text, d, err)
		}
	}
	if d := Date(0); d.String() != "" {
		t.Errorf("no date is written %q", d)
	}
	if d, ok := NewDate(10000, 1, 1); ok {
		t.Errorf("got %d, want no date beyond four digits", d)
	}
}
