package packs

import (
	"slices"
	"testing"

	"github.com/heddlehq/heddle/pack"
)

// TestStatus compares what each topic claims with the table of samples: it is proven by
// several payloads of a real system that gave events as they came, sampled by one, and described by none.
// Payloads that tell the same are one.
// Whoever adds a sample to the table, or takes one out, says so in the pack.
func TestStatus(t *testing.T) {
	mapped := map[[2]string]*evidence{} // by pack and topic
	for _, table := range sampleTables() {
		folder := samplesOf(t, table.folder)
		days := 0
		for _, s := range table.samples {
			if s.rows != nil {
				if days++; days > 2 {
					continue // two files prove a topic, and these are long
				}
			}
			if !s.asItCame() {
				continue
			}
			result, err := s.run(t, get(t, table.pack), folder)
			if err != nil || !slices.ContainsFunc(result.Records, func(o pack.Outcome) bool { return len(o.Events) > 0 }) {
				continue
			}
			key := [2]string{table.pack, result.Topic}
			if mapped[key] == nil {
				mapped[key] = &evidence{}
			}
			mapped[key].add(s.file, report(result, nil))
		}
	}
	for _, p := range builtin(t).All() {
		for _, topic := range p.Topics {
			want, n := pack.Described, 0
			if e := mapped[[2]string{p.Name, topic.Name}]; e != nil {
				n = len(e.files)
			}
			switch {
			case topic.Ignored != "":
				want = ""
			case n > 1:
				want = pack.Proven
			case n == 1:
				want = pack.Sampled
			}
			if topic.Status != want {
				t.Errorf("%s %s: it claims %q, and %d samples of the table make it %q", p.Name, topic.Name, topic.Status, n, want)
			}
		}
	}
}

// evidence is the files that gave events of a topic, and what they told.
type evidence struct{ files, told []string }

func (e *evidence) add(file, told string) {
	if !slices.Contains(e.files, file) && !slices.Contains(e.told, told) {
		e.files, e.told = append(e.files, file), append(e.told, told)
	}
}

// Each topic says which events come of it, what their keys are made of and what links them to
// what was before; its cases show each of them. That nothing else comes of it, the mapping's
// run sees to.
func TestTopicsSayWhatTheyMake(t *testing.T) {
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		shown := map[string]bool{}
		for _, r := range results {
			for _, made := range r.Made {
				shown[r.Topic+" "+string(made)] = true
			}
		}
		for _, topic := range p.Topics {
			if topic.Ignored == "" && topic.Follow == nil && len(topic.Makes) == 0 {
				t.Errorf("%s: %s does not say what it makes", p.Name, topic.Name)
			}
			for _, made := range topic.Makes {
				if !shown[topic.Name+" "+string(made.Event)] {
					t.Errorf("%s: no case of %s gives a %s", p.Name, topic.Name, made.Event)
				}
			}
		}
	}
}
