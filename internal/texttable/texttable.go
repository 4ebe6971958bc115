package texttable

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Dashes end what goes in.
const Dashes = "----------\n"

// Check plays what goes in of each file that the pattern names, in a subtest named after it, and
// compares. With update it writes what came out into the file instead.
func Check(t *testing.T, pattern string, update bool, play func(t *testing.T, in string) string) {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("there are no tables %s: %v", pattern, err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			in, want, ok := strings.Cut("\n"+string(text), "\n"+Dashes)
			if !ok {
				t.Fatal("the table has no line of dashes")
			}
			in = strings.TrimPrefix(in+"\n", "\n")
			got := play(t, in)
			if update {
				if err := os.WriteFile(file, []byte(in+Dashes+got), 0o600); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}
