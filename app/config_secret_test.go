package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
)

func environment(pairs ...string) app.Environment {
	return func(name string) (string, bool) {
		for i := 0; i+1 < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1], true
			}
		}
		return "", false
	}
}

func write(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestSecretRefRead(t *testing.T) {
	env := environment("SET", "hunter2", "EMPTY", "", "SPACED", " hunter2 \r\n")
	tests := []struct {
		name string
		ref  app.SecretRef
		want string // empty: refused
	}{
		{"a variable", app.SecretRef{Env: "SET"}, "hunter2"},
		{"a variable with a line end", app.SecretRef{Env: "SPACED"}, " hunter2 "},
		{"a variable that is empty", app.SecretRef{Env: "EMPTY"}, ""},
		{"a variable that is not set", app.SecretRef{Env: "NOT"}, ""},
		{"a file", app.SecretRef{File: write(t, "a", "hunter2\n")}, "hunter2"},
		{"a file with nothing but a line end", app.SecretRef{File: write(t, "b", "\n")}, ""},
		{"a file that is not there", app.SecretRef{File: "/nonesuch"}, ""},
		{"a file of 64 KiB", app.SecretRef{File: write(t, "c", strings.Repeat("x", 64<<10))}, strings.Repeat("x", 64<<10)},
		{"a file of one byte more", app.SecretRef{File: write(t, "d", strings.Repeat("x", 64<<10+1))}, ""},
		{"nothing", app.SecretRef{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.ref.Read(env)
			if tt.want == "" {
				if !fault.HasCode(err, fault.BadConfig) {
					t.Errorf("got %v, want %s", err, fault.BadConfig)
				}
				return
			}
			if err != nil || string(got.Reveal()) != tt.want {
				t.Errorf("got %q, %v; want %q", got.Reveal(), err, tt.want)
			}
		})
	}
}

func TestASecretNeverPrints(t *testing.T) {
	s := app.NewSecret([]byte("hunter2"))
	inside := struct {
		S app.Secret
		P *app.Secret
	}{s, &s}
	var out bytes.Buffer
	fmt.Fprintf(&out, "%v %+v %#v %s %q %x %d %v %+v %#v", s, s, s, s, s, s, s, inside, inside, inside)
	log := slog.New(slog.NewTextHandler(&out, nil))
	log.Info("x", "s", s, "inside", inside)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "s", s, "inside", inside)
	asJSON, err := json.Marshal(inside)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Marshal(inside)
	if err != nil {
		t.Fatal(err)
	}
	shown := out.String() + string(asJSON) + string(asYAML)
	for _, never := range []string{"hunter2", fmt.Sprintf("%x", "hunter2"), "104 117 110", "aHVudGVyMg"} {
		if strings.Contains(shown, never) {
			t.Errorf("%q stands in %s", never, shown)
		}
	}
}

func TestCheckSecrets(t *testing.T) {
	c, problems := app.Parse([]byte(`environment: test
tenant: acme
keys:
  tokens: {env: NOT}
sources:
  - pack: shopify
    instance: eu
    secrets:
      - {env: SET}
      - {file: /nonesuch}
`), "")
	if problems != nil {
		t.Fatal(problems)
	}
	var got []string
	for _, p := range c.CheckSecrets(environment("SET", "hunter2")) {
		got = append(got, p.String())
	}
	want := []string{
		"line 4: keys.tokens: the environment variable NOT is not set",
		"line 10: sources[0].secrets[1]: open /nonesuch: no such file or directory",
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestOwnKey(t *testing.T) {
	dir := t.TempDir()
	c := &app.Config{DataDir: dir}
	env := environment("KEY", "from outside")
	random := strings.NewReader(strings.Repeat("a", 32) + strings.Repeat("b", 32))
	first, err := c.OwnKey("evidence", app.SecretRef{}, env, random)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := string(first.Reveal()), "YWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWFhYWE="; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	path := filepath.Join(dir, "keys", "evidence.key")
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("got mode %v, %v; want 0600", info.Mode(), err)
	}
	again, err := c.OwnKey("evidence", app.SecretRef{}, env, random)
	if err != nil || string(again.Reveal()) != string(first.Reveal()) {
		t.Errorf("got %v, %v; want the same key at the next start", again, err)
	}
	if other, err := c.OwnKey("tokens", app.SecretRef{}, env, random); err != nil || string(other.Reveal()) == string(first.Reveal()) {
		t.Errorf("got %v, %v; want another key for another name", other, err)
	}
	if named, err := c.OwnKey("evidence", app.SecretRef{Env: "KEY"}, env, random); err != nil || string(named.Reveal()) != "from outside" {
		t.Errorf("got %v, %v; want the one that is named", named, err)
	}
	if _, err := c.OwnKey("late", app.SecretRef{}, env, random); !fault.HasCode(err, fault.InternalError) {
		t.Errorf("without randomness: got %v, want %s", err, fault.InternalError)
	}
	left, err := os.ReadDir(filepath.Join(dir, "keys"))
	if err != nil || len(left) != 2 {
		t.Errorf("got %v, %v; want the two keys and nothing beside", left, err)
	}
	if err := os.Chmod(path, 0o640); err != nil {
		t.Fatal(err)
	}
	if _, err := c.OwnKey("evidence", app.SecretRef{}, env, random); !fault.HasCode(err, fault.BadConfig) {
		t.Errorf("a key that others can read: got %v, want %s", err, fault.BadConfig)
	}
}
