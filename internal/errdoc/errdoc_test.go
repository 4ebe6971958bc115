package main

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/heddlehq/heddle/fault"
)

// TestPageIsCurrent compares docs/errors.md with what the generator would write now.
func TestPageIsCurrent(t *testing.T) {
	want, _, err := catalogue(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../" + page)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s is not what the code says: run make generate", page)
	}
}

// TestEveryCodeHasAReproducer holds for all codes but the pending ones, and for those only
// as long as it must.
func TestEveryCodeHasAReproducer(t *testing.T) {
	_, found, err := catalogue(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if err := complete(found, strings.Fields(pending)); err != nil {
		t.Error(err)
	}
}

// house returns a tree with fault's sources and the given files.
func house(t *testing.T, files map[string]string) fstest.MapFS {
	t.Helper()
	tree := fstest.MapFS{}
	for _, name := range []string{"fault/codes.go", "fault/fault.go"} {
		data, err := os.ReadFile("../../" + name)
		if err != nil {
			t.Fatal(err)
		}
		tree[name] = &fstest.MapFile{Data: data}
	}
	for name, text := range files {
		tree[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return tree
}

// others are all codes but the given one.
func others(code fault.Code) string {
	var all []string
	for _, e := range fault.Codes() {
		if e.Code != code {
			all = append(all, string(e.Code))
		}
	}
	return strings.Join(all, " ")
}

func TestReproducersAreFound(t *testing.T) {
	const head = "package x\n\n"
	for _, tt := range []struct {
		name, file, text, want string
	}{
		{"in a test", "x/a_test.go", head + "func TestA() {\n\t// reproduces: V-SCH-01\n\tcheck(fault.SchemaInvalid)\n}\n", "[TestA](../x/a_test.go)"},
		{"in a test's comment", "x/a_test.go", head + "// TestA refuses (reproduces: V-SCH-01).\nfunc TestA() { check(\"V-SCH-01\") }\n", "[TestA](../x/a_test.go)"},
		{"in a table", "x/a_test.go", head + "// reproduces: V-SCH-01\nvar cases = fault.SchemaInvalid\n", "[x/a_test.go](../x/a_test.go)"},
		{"in the suite for databases", "store/storetest/a.go", head + "// reproduces: V-SCH-01\nfunc suite() { check(fault.SchemaInvalid) }\n", "[suite](../store/storetest/a.go)"},
		{"in a testscript", "cmd/testdata/send.txtar", "# reproduces: V-SCH-01\n! heddle events send a.json\nstderr '^V-SCH-01: '\n", "[cmd/testdata/send.txtar](../cmd/testdata/send.txtar)"},
		{"in a pack's case", "packs/shopify/cases/bad.txt", "# reproduces: V-SCH-01\n{}\n----------\nV-SCH-01\n", "[packs/shopify/cases/bad.txt](../packs/shopify/cases/bad.txt)"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, _, err := catalogue(house(t, map[string]string{tt.file: tt.text}))
			if err != nil {
				t.Fatal(err)
			}
			for line := range strings.Lines(string(got)) {
				if strings.HasPrefix(line, "| `V-SCH-01`") && !strings.HasSuffix(line, " | "+tt.want+" |\n") {
					t.Errorf("got %s want it to end with %s", line, tt.want)
				}
			}
		})
	}
}

func TestCatalogueRefuses(t *testing.T) {
	const good = "# reproduces: V-SCH-01\nstderr '^V-SCH-01: '\n"
	for _, tt := range []struct {
		name, file, text, waiting, want string
	}{
		{"a code without a test", "", "", others(fault.SchemaInvalid), "V-SCH-01 has no reproducer"},
		{"a marker outside tests", "docs/send.txt", good, others(fault.SchemaInvalid), "V-SCH-01 has no reproducer"},
		{"a pending code that has one", "x/testdata/a.txt", good, others(""), "V-SCH-01 has a reproducer now"},
		{"a marker without a check", "x/testdata/a.txt", "# reproduces: V-SCH-01\n", others(fault.SchemaInvalid), "never checks for it"},
		{"a marker for no code", "x/testdata/a.txt", "# reproduces: V-SCH-99\n", others(""), "there is no code V-SCH-99"},
		{"a pending name that is no code", "", "", others("") + " V-SCH-99", "V-SCH-99 is pending and no code"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			files := map[string]string{}
			if tt.file != "" {
				files[tt.file] = tt.text
			}
			_, found, err := catalogue(house(t, files))
			if err == nil {
				err = complete(found, strings.Fields(tt.waiting))
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
