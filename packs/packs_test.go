package packs

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

var update = flag.Bool("update", false, "write what came into the cases")

func builtin(t testing.TB) *pack.Set {
	t.Helper()
	set, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func get(t testing.TB, name string) *pack.Pack {
	t.Helper()
	p, err := builtin(t).Get(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Every case of every pack gives what it says. go test ./packs -update writes what came.
func TestCases(t *testing.T) {
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range results {
			t.Run(p.Name+"/"+filepath.Base(r.File), func(t *testing.T) {
				if r.Passed() {
					return
				}
				if *update {
					if err := os.WriteFile(filepath.Join(p.Name, r.File), r.Updated, 0o600); err != nil {
						t.Fatal(err)
					}
					return
				}
				t.Errorf("got\n%s\nwant\n%s", r.Got, r.Want)
			})
		}
	}
}

// Each topic that maps has a case that gives an event, so that no mapping goes untried.
func TestEveryTopicHasACase(t *testing.T) {
	for _, p := range builtin(t).All() {
		results, err := p.RunCases(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		mapped := map[string]bool{}
		for _, r := range results {
			mapped[r.Topic] = mapped[r.Topic] || r.Events > 0
		}
		for _, topic := range p.Topics {
			if topic.Ignored == "" && !mapped[topic.Name] {
				t.Errorf("%s: no case of the topic %s gives an event", p.Name, topic.Name)
			}
		}
	}
}

func TestBuiltinIsComplete(t *testing.T) {
	entries, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	set := builtin(t)
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		if p, err := set.Get(entry.Name()); err != nil || p.Name != entry.Name() {
			t.Errorf("the folder %s is no built-in pack: %v", entry.Name(), err)
		}
	}
	if _, err := set.Get("none"); !fault.HasCode(err, fault.UnknownPack) {
		t.Errorf("got %v, want %s", err, fault.UnknownPack)
	}
}
