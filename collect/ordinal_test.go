package collect

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/internal/mortal"
)

// TestLinesAreCountedThroughParts takes a file of invoices in parts, kills the process at every
// step and starts another one: each line has the number that it has in the whole file.
func TestLinesAreCountedThroughParts(t *testing.T) {
	t.Parallel()
	for dies, over := 1, false; !over; dies++ {
		r := newRig(t)
		r.lay(day, "invoice,item,location,qty\nA,1,S1,-1\nA,1,S1,-1\nB,1,S1,-1\nA,2,S1,-1\nA,2\nB,1,S1,-1\nA,1,S1,-1\n")
		*r.fate = mortal.Process{Dies: dies, After: dies%2 == 0}
		r.watch.limits = cutLimits{bytes: partBytes, rows: 2}
		_, err := r.watch.look(t.Context())
		over = err == nil
		*r.fate = mortal.Process{}
		r.start()
		r.watch.limits = cutLimits{bytes: partBytes, rows: 2}
		r.look()
		r.wantFacts("A·1", "A·2", "B·1", "A·3", "B·2", "A·4")
		if t.Failed() {
			t.Fatalf("killed at step %d", dies)
		}
	}
}

// TestPartsThatAreTheSame takes a file whose parts hold the same bytes: each is a part of its own.
func TestPartsThatAreTheSame(t *testing.T) {
	r := newRig(t)
	r.lay(day, "invoice,item,location,qty\n"+strings.Repeat("A,1,S1,-1\n", 6))
	r.watch.limits = cutLimits{bytes: partBytes, rows: 2}
	r.look()
	r.wantFacts("A·1", "A·2", "A·3", "A·4", "A·5", "A·6")
	r.wantCounts("taken 6: 6 accepted")
}
