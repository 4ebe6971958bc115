package pack

import (
	"os"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v4"
)

// The page that teaches packs, and what it says of each part, are kept by these tests; its
// commands and files by those of cmd/heddle.
func packsPage(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../docs/packs.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Each row of the table of functions gives what it says, and each function has one.
func TestPageFunctions(t *testing.T) {
	rows := regexp.MustCompile("(?m)^\\| `(.+?)` \\| `(.+)` \\| `(.+)` \\|$").FindAllStringSubmatch(packsPage(t), -1)
	shown := map[string]bool{}
	for _, row := range rows {
		value, mapping, want := row[1], row[2], row[3]
		got := evaluate(t, mapping, value)
		if !strings.HasPrefix(want, `"`) {
			got, _, _ = strings.Cut(got, ": ") // of a fault, its code
		}
		if got != want {
			t.Errorf("%s | %s: got %s, want %s", value, mapping, got, want)
		}
		name, _, _ := strings.Cut(mapping, "(")
		shown[name] = true
	}
	for _, f := range language.Functions {
		if !shown[f.Name] {
			t.Errorf("the page shows no example of %s", f.Name)
		}
	}
}

// Each scheme of the page is one.
func TestPageSignatures(t *testing.T) {
	blocks := regexp.MustCompile("(?s)```yaml signature\n(.+?)```").FindAllStringSubmatch(packsPage(t), -1)
	if len(blocks) < 5 {
		t.Fatalf("got %d schemes, want one of each kind", len(blocks))
	}
	for _, block := range blocks {
		var node map[string]any
		if err := yaml.Load([]byte(block[1]), &node); err != nil {
			t.Fatal(err)
		}
		manifest, err := yaml.Dump(map[string]any{"name": "s", "system": "s", "title": "S", "versions": []string{"1"}, "signature": node, "topics": []any{map[string]any{"name": "a", "ignore": "nothing"}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Load(fstest.MapFS{"pack.yaml": {Data: manifest}}); err != nil {
			t.Errorf("%s: %v", block[1], err)
		}
	}
}

// The page names every member that a pack.yaml can have, but those of api, fetches and polls.
func TestPageMembers(t *testing.T) {
	page := packsPage(t)
	var names func(reflect.Type)
	names = func(of reflect.Type) {
		switch of.Kind() {
		case reflect.Pointer, reflect.Slice:
			names(of.Elem())
		case reflect.Struct:
			for i := range of.NumField() {
				name, _, _ := strings.Cut(of.Field(i).Tag.Get("yaml"), ",")
				if name == "" {
					continue
				}
				if !regexp.MustCompile(`\b` + name + `\b`).MatchString(page) {
					t.Errorf("the page does not name %s of %s", name, of)
				}
				names(of.Field(i).Type)
			}
		}
	}
	names(reflect.TypeFor[manifest]())
}
