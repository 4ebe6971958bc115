package collect

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestEligible judges single files by what one look shows.
func TestEligible(t *testing.T) {
	for _, c := range []struct {
		name   string
		size   int64
		marker string
		want   Readiness
	}{
		{"day.csv", 1, "", Ready},
		{"day.xml", 1, "", Unwanted},
		{".day.csv", 1, "", Hidden},
		{"day.csv.tmp", 1, "", Unfinished},
		{"day.csv.PART", 1, "", Unfinished},
		{"day.csv.filepart", 1, "", Unfinished},
		{"day.csv.crdownload", 1, "", Unfinished},
		{"day.csv~", 1, "", Unfinished},
		{"day.csv", 0, "", Empty},
		{"day.csv", 0, ".done", Ready},
		{"day.csv.done", 1, ".done", Unwanted},
		{"day.csv", FileMax, "", Ready},
		{"day.csv", FileMax + 1, "", TooBig},
		{"day\n.csv", 1, "", BadName},
		{"day\xff.csv", 1, "", BadName},
		{"..", 1, "", BadName},
		{"a/b.csv", 1, "", BadName},
		{`a\b.csv`, 1, "", BadName},
		{strings.Repeat("n", NameMax-4) + ".csv", 1, "", Ready},
		{strings.Repeat("n", NameMax-3) + ".csv", 1, "", BadName},
	} {
		l := lookout{match: "*.csv", marker: c.marker}
		if got := l.eligible(Entry{Name: c.name, Size: c.size, Regular: true}); got != c.want {
			t.Errorf("%.40q of %d bytes with marker %q: got %s, want %s", c.name, c.size, c.marker, got, c.want)
		}
	}
	if got := (&lookout{}).eligible(Entry{Name: "day.csv", Size: 1}); got != NotRegular {
		t.Errorf("a link: got %s, want %s", got, NotRegular)
	}
}

// TestLooks judges files from look to look. A file is NAME:SIZE@TIME, where the times are those
// of the place, in seconds.
func TestLooks(t *testing.T) {
	for _, c := range []struct {
		name, marker string
		looks        string // second: files → verdicts
	}{
		{"a file that stays", "", `
			0: a:5@0 → settling
			4: a:5@0 → settling
			5: a:5@0 → ready`},
		{"a file that grows", "", `
			0: a:5@0 → settling
			4: a:6@4 → settling
			8: a:7@8 → settling
			13: a:7@8 → ready`},
		{"a file that grows in a place without clocks", "", `
			0: a:5@0 → settling
			5: a:6@0 → settling
			10: a:6@0 → ready`},
		{"a file that is written over", "", `
			0: a:5@0 → settling
			5: a:5@3 → settling
			10: a:5@3 → ready`},
		{"a file that is gone for a look", "", `
			0: a:5@0 → settling
			3: →
			5: a:5@0 → settling`},
		{"a clock that goes back", "", `
			9: a:5@0 → settling
			2: a:5@0 → settling
			14: a:5@0 → ready`},
		{"a marker after the file", ".ok", `
			0: a:5@0 → unmarked
			1: a:5@0 a.ok:0@0 → ready unwanted`},
		{"a marker of the file before", ".ok", `
			0: a:5@7 a.ok:0@3 → unmarked unwanted
			1: a:6@8 a.ok:0@8 → ready unwanted`},
		{"a marker without a file", ".ok", `
			0: a.ok:0@3 b:1@0 → unwanted unmarked`},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := lookout{marker: c.marker, settle: 5 * time.Second}
			for _, line := range strings.Split(strings.TrimSpace(c.looks), "\n") {
				line = strings.TrimSpace(line)
				second, rest, _ := strings.Cut(line, ":")
				files, want, _ := strings.Cut(rest, "→")
				var entries []Entry
				for _, file := range strings.Fields(files) {
					name, at, _ := strings.Cut(file, ":")
					e := Entry{Name: name, Regular: true}
					var modified int
					if _, err := fmt.Sscanf(at, "%d@%d", &e.Size, &modified); err != nil {
						t.Fatal(err)
					}
					e.ModifiedAt = noon.Add(time.Duration(modified) * time.Second)
					entries = append(entries, e)
				}
				var now int
				if _, err := fmt.Sscan(second, &now); err != nil {
					t.Fatal(err)
				}
				if got := strings.Trim(fmt.Sprint(l.judge(entries, noon.Add(time.Duration(now)*time.Second))), "[]"); got != strings.TrimSpace(want) {
					t.Errorf("%s: got %s", line, got)
				}
			}
		})
	}
}
