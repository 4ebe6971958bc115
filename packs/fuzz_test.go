package packs

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

// Whatever arrives, a pack maps it, refuses it with a code, or ignores it with a reason; twice
// the same, and never with a fault of our own.
func FuzzMap(f *testing.F) {
	set := builtin(f)
	for _, p := range set.All() {
		files, err := fs.Glob(folders, p.Name+"/cases/*.txt")
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range files {
			topic := topicOf(f, p.Name, path.Base(file))
			if p.Name == shopify {
				topic = "orders/create"
			}
			f.Add(p.Name, topic, payloadOf(f, p.Name, path.Base(file)))
		}
	}
	f.Fuzz(func(t *testing.T, name, topic string, body []byte) {
		p, err := set.Get(name)
		if err != nil {
			return
		}
		in := pack.Input{Body: body, FileName: "opening-2026-11-20.csv", Instance: "test", Zone: time.UTC, TokenKey: pack.TestTokenKey(), Header: func(string) string { return topic }}
		if slices.ContainsFunc(p.Topics, func(known pack.Topic) bool { return known.Name == topic }) {
			in.Topic = topic
		}
		result, err := p.Map(t.Context(), in)
		if fault.Is(err, fault.Internal) {
			t.Fatal(err)
		}
		for _, outcome := range result.Records {
			reasons := 0
			thin := outcome.Follow != nil && len(outcome.Events) == 0 && outcome.Ignored == ""
			for _, there := range []bool{len(outcome.Events) > 0, outcome.Ignored != "", outcome.Err != nil, thin} {
				if there {
					reasons++
				}
			}
			if reasons != 1 || outcome.Err != nil && outcome.Err.Kind == fault.Internal {
				t.Fatalf("got %+v, want one outcome, and none that is our own fault", outcome)
			}
		}
		again, _ := p.Map(t.Context(), in)
		if a, b := string(result.AppendLines(nil)), string(again.AppendLines(nil)); a != b || strings.Contains(a, "\x00") {
			t.Fatalf("got %s, then %s", a, b)
		}
	})
}

// topicOf returns the topic that a case names, or nothing.
func topicOf(f *testing.F, name, file string) string {
	f.Helper()
	text, err := fs.ReadFile(folders, name+"/cases/"+file)
	if err != nil {
		f.Fatal(err)
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if topic, ok := strings.CutPrefix(line, "topic: "); ok {
			return topic
		}
		if line == "" {
			break
		}
	}
	return ""
}
