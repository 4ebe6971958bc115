package wire

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// samples returns the files of real systems that a pattern names, where they are at hand.
func samples(t testing.TB, pattern string) []string {
	t.Helper()
	folder := os.Getenv("HEDDLE_SAMPLES")
	if folder == "" {
		t.Skip("HEDDLE_SAMPLES is not set")
	}
	files, err := filepath.Glob(filepath.Join(folder, pattern))
	if err != nil || len(files) == 0 {
		t.Fatalf("no samples for %s", pattern)
	}
	return files
}

// checkSampleTable requires that each sample is in a table of the project and is read as it says.
// Only what this package finds stands there, and nothing of a sample's text.
func checkSampleTable(t *testing.T, pattern, table string, read func(body []byte) string) {
	t.Helper()
	var b strings.Builder
	for _, file := range samples(t, pattern) {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, "%s\n%s", filepath.Base(file), read(body))
	}
	if *update {
		if err := os.WriteFile(table, []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(table)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("%s: got:\n%s\nwant:\n%s", table, b.String(), want)
	}
}

func TestX12Samples(t *testing.T) {
	guides := testGuides(t)
	checkSampleTable(t, "x12/*.edi", "testdata/x12-samples.txt", func(body []byte) string {
		options := X12Options{Guides: guides}
		d, err := X12(body, options, Limits{})
		if err != nil {
			return fmt.Sprintf("  refused: %v\n", err)
		}
		checkSpans(t, body, d)
		interchanges, err := X12Interchanges(body, options, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		var b strings.Builder
		for _, x := range interchanges {
			checkReply(t, &x, guides)
			for _, g := range x.Groups {
				for _, s := range g.Sets {
					codes := []string{x.Note, strings.Join(g.Errors, "+")}
					for _, e := range s.Errors {
						codes = append(codes, e.Code)
					}
					fmt.Fprintf(&b, "  %s %s with %d segments%s\n", g.FunctionalID, s.ID, s.Segments, said997(codes))
				}
			}
		}
		for r := range d.Records() {
			if r.Err != nil {
				fmt.Fprintf(&b, "    record %d: %v\n", r.Number, r.Err)
			}
		}
		return b.String()
	})
}

// said997 tells the codes of an interchange, a group and a set.
func said997(codes []string) string {
	text := ""
	for i, code := range codes {
		if code != "" {
			text += ", " + []string{"TA105", "AK905", "AK502", "AK502"}[min(i, 3)] + " " + code
		}
	}
	return text
}
