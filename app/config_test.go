package app_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/retail"
)

// TestProblems reads testdata/config: a file, ----------, and every problem with it.
func TestProblems(t *testing.T) {
	// reproduces: H-CONFIG
	texttable.Check(t, "testdata/config/*.txt", flag.Lookup("update").Value.String() == "true", func(t *testing.T, in string) string {
		c, problems := app.Parse([]byte(in), "")
		var got strings.Builder
		for _, p := range problems {
			fmt.Fprintln(&got, p)
		}
		if (c == nil) != (len(problems) > 0) {
			t.Errorf("got a configuration %v with %d problems", c != nil, len(problems))
		}
		if strings.Contains(got.String(), "hunter2") {
			t.Errorf("the problems repeat a secret:\n%s", &got)
		}
		if err := app.AsFault("heddle.yaml", problems); len(problems) > 0 && !fault.HasCode(err, fault.BadConfig) {
			t.Errorf("got %v, want %s", err, fault.BadConfig)
		}
		return got.String()
	})
}

const whole = `
environment: production
tenant: acme
data_dir: state
listen: 0.0.0.0:80
log: {level: debug, format: json}
limits: {body_bytes: 1024, requests_in_flight: 2, connections: 3, drain_seconds: 4}
store: {sqlite: {dir: /db}}
keys: {evidence: {file: evidence.key}, tokens: {env: TOKENS}}
packs: [packs, /opt/packs]
sources:
  - pack: shopify
    instance: acme.myshopify.com
    zone: America/New_York
    secrets: [{env: SHOPIFY}, {file: old}]
    options: {sandbox: yes, lines: 12, rate: 0.10}
reference:
  locations:
    - {key: 0123, entity: US01, zone: America/New_York, kind: STORE}
    - {key: 0123, effective_from: 2026-06-01}
  item_codes:
    - key: [shopify, 0042]
      item: SKU-1
  policies:
    - {key: [US01, recognise], effective_from: 2027-01-01, value: SHIPMENT}
policies:
  US01: {tax_rounding: LINE, recognise: DELIVERY}
  "*": {neg_stock: ALLOW_WARN}
`

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "heddle.yaml")
	if err := os.WriteFile(file, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	c, problems := app.Load(file)
	if problems != nil {
		t.Fatal(problems)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	checks := []struct{ what, got, want string }{
		{"environment", c.Environment, "production"},
		{"tenant", string(c.Tenant), "acme"},
		{"data_dir", c.DataDir, in("state")},
		{"listen", c.Listen, "0.0.0.0:80"},
		{"log", fmt.Sprint(c.Log), "{debug json}"},
		{"limits", fmt.Sprint(c.Limits), "{1024 2 3 4}"},
		{"store", c.Store.SQLite.Dir, "/db"},
		{"keys", fmt.Sprintf("%+v", c.Keys), "{Evidence:file " + in("evidence.key") + " Checkpoint:none Tokens:environment variable TOKENS}"},
		{"packs", fmt.Sprint(c.Packs), "[" + in("packs") + " /opt/packs]"},
		{"secrets", fmt.Sprint(c.Sources[0].Secrets), "[environment variable SHOPIFY file " + in("old") + "]"},
		{"options as they are written", fmt.Sprint(c.Sources[0].Options), "map[lines:12 rate:0.10 sandbox:yes]"},
	}
	for _, check := range checks {
		if check.got != check.want {
			t.Errorf("%s: got %s, want %s", check.what, check.got, check.want)
		}
	}
	var rows []string
	for _, r := range c.Proposals("configuration") {
		rows = append(rows, fmt.Sprintf("%s %s %s %v", r.Table, r.RowKey, r.EffectiveFrom, r.Row))
		if r.Author != "configuration" {
			t.Errorf("got author %s", r.Author)
		}
	}
	want := []string{
		"locations 0123  map[entity:US01 kind:STORE zone:America/New_York]",
		"locations 0123 2026-06-01 map[]",
		"item_codes shopify·0042  map[item:SKU-1]",
		"policies US01·recognise 2027-01-01 map[value:SHIPMENT]",
		"policies *·neg_stock  map[value:ALLOW_WARN]",
		"policies US01·recognise  map[value:DELIVERY]",
		"policies US01·tax_rounding  map[value:LINE]",
	}
	if got, want := strings.Join(rows, "\n"), strings.Join(want, "\n"); got != want {
		t.Errorf("got rows\n%s\nwant\n%s", got, want)
	}
}

func TestDefaults(t *testing.T) {
	c, problems := app.Parse([]byte("environment: test\ntenant: acme\n"), "/etc/heddle")
	if problems != nil {
		t.Fatal(problems)
	}
	if c.Listen != "127.0.0.1:7433" || c.DataDir != "/etc/heddle/data" || c.Store.SQLite.Dir != "/etc/heddle/data" {
		t.Errorf("got %s, %s, %s; want this machine only and the folder of the file", c.Listen, c.DataDir, c.Store.SQLite.Dir)
	}
}

func TestAConfigMadeInCodeIsCheckedToo(t *testing.T) {
	c := &app.Config{Environment: "demo", Tenant: "demo", Reference: map[event.Table][]app.ReferenceRow{
		event.TableLocations: {{Key: "S1", Columns: event.Row{"zone": "UTC"}}},
	}}
	c.EnsureDefaults()
	problems := c.Validate()
	if len(problems) != 1 || problems[0].String() != "reference.locations[0]: column entity is missing" {
		t.Errorf("got %v, want the missing column", problems)
	}
}

func TestLoadWhatCannotBeRead(t *testing.T) {
	dir := t.TempDir()
	huge := filepath.Join(dir, "huge.yaml")
	if err := os.WriteFile(huge, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for size, want := range map[int64]string{8 << 20: "this is not YAML", 8<<20 + 1: "is larger than 8388608 bytes"} {
		if err := os.Truncate(huge, size); err != nil {
			t.Fatal(err)
		}
		if c, problems := app.Load(huge); c != nil || len(problems) != 1 || !strings.Contains(problems[0].Message, want) {
			t.Errorf("%d bytes: got %v, want %q", size, problems, want)
		}
	}
	if c, problems := app.Load(filepath.Join(dir, "none.yaml")); c != nil || len(problems) != 1 {
		t.Errorf("no file: got %v, want one problem", problems)
	}
}

func TestProblemsAreBounded(t *testing.T) {
	for rows, want := range map[int]int{499: 499, 500: 500, 501: 500} {
		text := "environment: test\ntenant: acme\nreference:\n  items:\n" + strings.Repeat("    - {name: x}\n", rows)
		if _, problems := app.Parse([]byte(text), ""); len(problems) != want {
			t.Errorf("%d rows without a key: got %d problems, want %d", rows, len(problems), want)
		}
	}
}

func TestProblemKnowsTheLine(t *testing.T) {
	c, problems := app.Parse([]byte("environment: test\ntenant: acme\nsources:\n  - instance: a\n    pack: nonesuch\n"), "")
	if problems != nil {
		t.Fatal(problems)
	}
	for path, want := range map[string]string{
		"sources[0].pack":       "line 5: sources[0].pack: no",
		"sources[0].secrets[1]": "line 4: sources[0].secrets[1]: no",
		"keys.tokens":           "line 1: keys.tokens: no",
	} {
		if got := c.Problem(path, "no").String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestSuggest(t *testing.T) {
	known := []string{"secrets", "sources", "log", "listen", "level"}
	for got, want := range map[string]string{
		"secret": "secrets", "secrtes": "secrets", "soruces": "sources", "lisen": "listen", "lvl": "", "lgo": "log",
		"colour": "", "": "", "log": "log", "x": "",
	} {
		if meant := app.Suggest(got, known); meant != want {
			t.Errorf("%q: got %q, want %q", got, meant, want)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(whole)
	f.Add("a: [1, {b: }]\n---\n")
	f.Add("? {}\n: &x [*x]\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, problems := app.Parse([]byte(text), "")
		if (c == nil) != (len(problems) > 0) {
			t.Fatalf("got a configuration %v with %d problems", c != nil, len(problems))
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 2
		for _, p := range problems {
			if p.Line < 0 || p.Line > lines {
				t.Fatalf("got line %d of %d: %s", p.Line, lines, p)
			}
		}
		if c != nil {
			for _, r := range c.Proposals(retail.PrincipalID("x")) {
				if r.RowKey == "" {
					t.Fatal("got a row without a key")
				}
			}
		}
	})
}
