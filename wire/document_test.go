package wire

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

// show prints a tree as JSON with sorted members, digits as they are.
func show(t *testing.T, tree any) string {
	t.Helper()
	b, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(b))
}

func records(d *Document) []Record { return slices.Collect(d.Records()) }

func wantCode(t *testing.T, err error, code fault.Code, subject string) {
	t.Helper()
	if !fault.HasCode(err, code) || subject != "" && fault.As(err).Subject != subject {
		t.Fatalf("got %v, want %s at %q", err, code, subject)
	}
}

// checkSpans requires records in order, inside the body, and free of overlap.
func checkSpans(t *testing.T, body []byte, d *Document) {
	t.Helper()
	last := int64(0)
	for r := range d.Records() {
		if r.Start < last || r.End < r.Start || r.End > int64(len(body)) {
			t.Fatalf("record [%d,%d) after %d in %d bytes", r.Start, r.End, last, len(body))
		}
		if r.Err != nil && r.Tree != nil {
			t.Fatalf("record [%d,%d) has a tree and an error", r.Start, r.End)
		}
		last = r.End
	}
}
