package texttable_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/internal/texttable"
)

// What goes in keeps its line ends, and an update writes a file that passes.
func TestCheck(t *testing.T) {
	for _, in := range []string{"", "a\n", "a\n\nb ----------\n"} {
		file := filepath.Join(t.TempDir(), "one.txt")
		if err := os.WriteFile(file, []byte(in+texttable.Dashes+"old\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		play := func(t *testing.T, got string) string {
			t.Helper()
			if got != in {
				t.Errorf("got %q, want %q", got, in)
			}
			return strings.ToUpper(got)
		}
		texttable.Check(t, file, true, play)
		texttable.Check(t, file, false, play)
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if want := in + texttable.Dashes + strings.ToUpper(in); string(text) != want {
			t.Errorf("got %q, want %q", text, want)
		}
	}
}
