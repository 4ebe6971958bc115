package packs

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

// What comes of a sample stands in testdata/samples, as text that a person reads beside the
// sample: every event with its key, times and version, and with every field of its content, so
// that nothing that moves stock or money or links can change unseen.

// title names a row: the file, and what was done with it before it was mapped.
func (s sample) title() string {
	var b strings.Builder
	b.WriteString(s.file)
	say := func(format string, args ...any) { fmt.Fprintf(&b, ", "+format, args...) }
	switch {
	case s.fetch != "":
		say("answering %s", s.fetch)
	case s.each != "":
		say("each of %s", s.each)
	}
	if s.member != "" {
		say("%s of it", s.member)
	}
	if s.query != "" {
		say("as %s", s.query)
	}
	if s.event != "" {
		say("in an event %s", s.event)
	}
	if s.wrap != "" {
		say("in %s", s.wrap)
	}
	for i := 0; i < len(s.mend); i += 2 {
		say("%q for %q", s.mend[i+1], s.mend[i])
	}
	if s.header != "" {
		say("sent as %s", s.header)
	}
	if s.topic != "" {
		say("taken as %s", s.topic)
	}
	for _, name := range slices.Sorted(maps.Keys(s.options)) {
		say("%s: %s", name, s.options[name])
	}
	return b.String()
}

// report is what came of a sample: the topic, and each record.
func report(result pack.Result, err error) string {
	var b strings.Builder
	if err != nil {
		return "  refused " + fault.As(err).Error() + "\n"
	}
	fmt.Fprintf(&b, "  topic %s\n", result.Topic)
	if result.Ignored != "" {
		fmt.Fprintf(&b, "  ignored: %s\n", result.Ignored)
	}
	for _, outcome := range result.Records {
		tellOutcome(&b, outcome)
	}
	return b.String()
}

func tellOutcome(b *strings.Builder, outcome pack.Outcome) {
	switch {
	case outcome.Err != nil:
		fmt.Fprintf(b, "  refused %s\n", outcome.Err)
	case outcome.Ignored != "":
		fmt.Fprintf(b, "  ignored: %s\n", outcome.Ignored)
	}
	for _, e := range outcome.Events {
		tell(b, e)
	}
	if outcome.Follow != nil {
		fmt.Fprintf(b, "  follow %s\n", outcome.Follow.Key())
	}
}

// tell writes an event: what it is, when it was, its fields, and a line for each of its lines.
func tell(b *strings.Builder, e *event.Event) {
	fmt.Fprintf(b, "  %s %s\n    at %s", e.Type(), e.Key, e.Time.Format(time.RFC3339Nano))
	if e.TZ != "" {
		fmt.Fprintf(b, " in %s", e.TZ)
	}
	if e.BusinessDate != 0 {
		fmt.Fprintf(b, ", day %s", e.BusinessDate)
	}
	if e.SourceVersion != 0 {
		fmt.Fprintf(b, ", version %d", e.SourceVersion)
	}
	if e.CorrelationID != "" {
		fmt.Fprintf(b, ", correlation %s", e.CorrelationID)
	}
	fmt.Fprintf(b, ", by %s\n", e.System)

	var data map[string]any
	if err := json.Unmarshal(e.Data.AppendCanonical(nil), &data); err != nil {
		panic(err) // an event is written by the same package that reads it
	}
	var fields, lists []string
	for _, name := range slices.Sorted(maps.Keys(data)) {
		list, _ := data[name].([]any)
		if len(list) == 0 || !isRow(list[0]) {
			fields = append(fields, name+" "+inWords(data[name]))
			continue
		}
		for _, member := range list {
			lists = append(lists, name+": "+inWords(member))
		}
	}
	for _, line := range append([]string{strings.Join(fields, ", ")}, lists...) {
		if line != "" {
			fmt.Fprintf(b, "    %s\n", line)
		}
	}
}

// isRow says whether a value is more than an amount or a reference.
func isRow(value any) bool {
	object, yes := value.(map[string]any)
	return yes && !isAmount(object) && !isRef(object)
}

func isAmount(v map[string]any) bool {
	return len(v) == 2 && v["amount"] != nil && v["currency"] != nil
}

func isRef(v map[string]any) bool { return len(v) == 2 && v["id"] != nil && v["type"] != nil }

// inWords writes an amount as "1.00 USD", a reference as "id (type)", and the rest as names and values.
func inWords(value any) string {
	switch v := value.(type) {
	case map[string]any:
		if isAmount(v) {
			return fmt.Sprintf("%s %s", v["amount"], v["currency"])
		}
		if isRef(v) {
			return fmt.Sprintf("%s (%s)", v["id"], v["type"])
		}
		var parts []string
		for _, name := range slices.Sorted(maps.Keys(v)) {
			part := inWords(v[name])
			if isRow(v[name]) {
				part = "{" + part + "}"
			}
			parts = append(parts, name+" "+part)
		}
		return strings.Join(parts, ", ")
	case []any:
		var parts []string
		for _, member := range v {
			parts = append(parts, inWords(member))
		}
		return "[" + strings.Join(parts, "; ") + "]"
	default:
		return fmt.Sprint(v)
	}
}

// expected reads what has to come of the samples of a pack: a title in each row, and what is told under it.
func expected(t *testing.T, name string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(expectedFile(name))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for row := range strings.SplitSeq(string(text), "\n\n") {
		title, want, _ := strings.Cut(row, "\n")
		rows[title] = strings.TrimRight(want, "\n") + "\n"
	}
	delete(rows, "")
	return rows
}

func expectedFile(name string) string { return filepath.Join("testdata", "samples", name+".txt") }
