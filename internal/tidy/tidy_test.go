package tidy

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// rules are all that the house asks for; each has a file in testdata that breaks it.
var rules = []struct {
	name string
	find func(*tree) []finding
}{
	{"imports", findImports},
	{"libraries", findLibraries},
	{"packages", findPackages},
	{"comments", findComments},
	{"sizes", findSizes},
	{"interfaces", findInterfaces},
	{"purity", findPurity},
	{"floats", findFloats},
	{"globals", findGlobals},
	{"listen", findListen},
	{"words", findWords},
	{"architecture", findArchitecture},
	{"rulepages", findRulePages},
	{"links", findLinks},
}

// exemptions are breaches that stay, each with its reason. One that excuses nothing fails.
var exemptions = []struct{ rule, path, reason string }{}

// TestHouse applies every rule to this module.
func TestHouse(t *testing.T) {
	house := loadTree(t, os.DirFS("../.."))
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			used := make(map[string]bool)
			for _, f := range rule.find(house) {
				if exempt(rule.name, f.path) {
					used[f.path] = true
					continue
				}
				t.Error(f)
			}
			for _, e := range exemptions {
				if e.rule == rule.name && !used[e.path] {
					t.Errorf("%s needs no exemption any more", e.path)
				}
			}
		})
	}
}

func exempt(rule, path string) bool {
	for _, e := range exemptions {
		if e.rule == rule && e.path == path {
			return true
		}
	}
	return false
}

// TestRulesFind shows that each rule can fail: testdata/RULE.txt holds a tree that breaks it
// and, in its last file, what the rule must say.
func TestRulesFind(t *testing.T) {
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", rule.name+".txt"))
			if err != nil {
				t.Fatal(err)
			}
			files := split(string(data))
			want := string(files["findings"].Data)
			delete(files, "findings")
			var got []string
			for _, f := range rule.find(loadTree(t, files)) {
				got = append(got, f.String()+"\n")
			}
			slices.Sort(got)
			if g := strings.Join(got, ""); g != want || want == "" {
				t.Errorf("got:\n%s\nwant:\n%s", g, want)
			}
		})
	}
}

// split reads a tree from one text, each file under a line "-- name --".
func split(text string) fstest.MapFS {
	files := fstest.MapFS{}
	name := "explanation"
	for line := range strings.Lines(text) {
		if inner, ok := strings.CutPrefix(line, "-- "); ok && strings.HasSuffix(inner, " --\n") {
			name = strings.TrimSuffix(inner, " --\n")
			continue
		}
		if files[name] == nil {
			files[name] = &fstest.MapFile{}
		}
		files[name].Data = append(files[name].Data, line...)
	}
	delete(files, "explanation")
	return files
}
