package collect

import (
	"context"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/internal/mortal"
)

const movedHeader = "adjustment,item,location,qty\n"

// moved makes rows of adjustments with these numbers.
func moved(numbers string) string {
	var b strings.Builder
	b.WriteString(movedHeader)
	for _, n := range strings.Fields(numbers) {
		b.WriteString(n + ",A,S1,1\n")
	}
	return b.String()
}

// TestReceiptsAfterAKill kills the process at every step of taking a file in parts of two rows,
// before the step and after it: the receipt of the next process is that of one that was never
// killed.
func TestReceiptsAfterAKill(t *testing.T) {
	for _, c := range []struct {
		name    string
		before  func(*rig)
		numbers string
		want    string
	}{
		{"all are new", nil, "1 2 3", "accepted accepted accepted"},
		{"twice in a part", nil, "1 1 2", "accepted duplicate accepted"},
		{"twice in two parts", nil, "1 2 3 1", "accepted accepted accepted duplicate"},
		{"two parts of the same bytes", nil, "1 2 1 2", "accepted accepted duplicate duplicate"},
		{"one of another file", func(r *rig) {
			r.lay("other.csv", moved("2 9"))
			r.look()
		}, "1 2 3", "accepted duplicate accepted"},
		{"the same bytes by another door", func(r *rig) {
			_, err := r.opts.Door.Take(r.t.Context(), intake.Arrival{Pack: "counts", Instance: "main", Body: []byte(moved("1 2")), Caller: "ann"})
			must(r.t, err)
		}, "1 2 3", "duplicate duplicate accepted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for dies, over := 1, false; !over && !t.Failed(); dies++ {
				for _, after := range []bool{false, true} {
					r := newRig(t)
					small := cutLimits{bytes: partBytes, rows: 2}
					r.watch.limits = small
					if c.before != nil {
						c.before(r)
					}
					r.lay("file.csv", moved(c.numbers))
					*r.fate = mortal.Process{Dies: dies, After: after}
					_, err := r.watch.look(t.Context())
					over = err == nil
					name := r.fate.Name
					*r.fate = mortal.Process{}
					r.start()
					r.watch.limits = small
					r.look()
					var got []string
					for _, l := range r.receipt("file.csv" + receiptEnd).Records {
						got = append(got, string(l.Answer))
					}
					if strings.Join(got, " ") != c.want {
						t.Errorf("killed at step %d, %s (after it: %v): got %q, want %q", dies, name, after, got, c.want)
					}
				}
			}
		})
	}
}

// TestTwoNamesAfterAKill kills the process in the middle of a file, and lays the same content down
// under a name that comes first: each fact is told as accepted once.
func TestTwoNamesAfterAKill(t *testing.T) {
	for _, step := range []string{"put the evidence", "decide", "remember the delivery"} {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			small := cutLimits{bytes: partBytes, rows: 2}
			r.watch.limits = small
			r.lay("b.csv", moved("1 2 3 4"))
			for dies := 1; r.fate.Name != step; dies++ {
				*r.fate = mortal.Process{Dies: dies, After: true}
				if _, err := r.watch.look(t.Context()); err == nil {
					t.Fatal("there was no such step")
				}
			}
			*r.fate = mortal.Process{}
			r.lay("a.csv", moved("1 2 3 4"))
			r.start()
			r.watch.limits = small
			r.look()
			times := map[string]int{}
			for _, name := range []string{"a.csv", "b.csv"} {
				for _, l := range r.receipt(name + receiptEnd).Records {
					if l.Answer == Accepted {
						times[l.Events[0].Key]++
					}
				}
			}
			if len(times) != 4 || times["1·1"] != 1 || times["2·1"] != 1 || times["3·1"] != 1 || times["4·1"] != 1 {
				t.Errorf("got %v, want each once", times)
			}
		})
	}
}

// lost is a door whose first answer gets lost.
type lost struct {
	Door
	times int
}

// Take implements Door.
func (l *lost) Take(ctx context.Context, a intake.Arrival) (intake.Receipt, error) {
	receipt, err := l.Door.Take(ctx, a)
	if l.times++; l.times == 1 {
		return receipt, fault.New(fault.OutcomeUnknown, "answer", "it got lost")
	}
	return receipt, err
}

// TestReceiptsAfterALostAnswer has a part decided whose answer gets lost, and asks again.
func TestReceiptsAfterALostAnswer(t *testing.T) {
	r := newRig(t)
	r.opts.Door = &lost{Door: r.opts.Door}
	r.start()
	r.lay("file.csv", moved("1 1 2"))
	r.look()
	r.wantCounts("taken 3: 2 accepted 1 duplicate")
}
