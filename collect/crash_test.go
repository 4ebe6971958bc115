package collect

import (
	"context"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/internal/mortal"
	"github.com/heddlehq/heddle/record"
)

type mortalPlace struct {
	Place
	fate *mortal.Process
}

// Open implements Place.
func (m mortalPlace) Open(ctx context.Context, name string) (r io.ReadCloser, err error) {
	err = m.fate.Step("open", func() error { r, err = m.Place.Open(ctx, name); return err })
	return r, err
}

// Write implements Place.
func (m mortalPlace) Write(ctx context.Context, folder, name string, content io.Reader) error {
	return m.fate.Step("write the receipt", func() error { return m.Place.Write(ctx, folder, name, content) })
}

// Move implements Place.
func (m mortalPlace) Move(ctx context.Context, name, folder, as string) error {
	return m.fate.Step("move", func() error { return m.Place.Move(ctx, name, folder, as) })
}

// Remove implements Place.
func (m mortalPlace) Remove(ctx context.Context, name string) error {
	return m.fate.Step("remove the marker", func() error { return m.Place.Remove(ctx, name) })
}

type mortalFiles struct {
	intake.Files
	fate *mortal.Process
}

// Keep implements intake.Files.
func (m mortalFiles) Keep(ctx context.Context, f intake.File, lines []byte) error {
	return m.fate.Step("keep", func() error { return m.Files.Keep(ctx, f, lines) })
}

type mortalWorklist struct {
	intake.Worklist
	fate *mortal.Process
}

// Raise implements intake.Worklist.
func (m mortalWorklist) Raise(ctx context.Context, item exception.Item) error {
	return m.fate.Step("raise", func() error { return m.Worklist.Raise(ctx, item) })
}

type mortalEvidence struct {
	intake.EvidenceStore
	fate *mortal.Process
}

// PutEvidence implements intake.EvidenceStore.
func (m mortalEvidence) PutEvidence(ctx context.Context, e intake.Evidence, fresh []intake.DataKey) (written bool, err error) {
	err = m.fate.Step("put the evidence", func() error { written, err = m.EvidenceStore.PutEvidence(ctx, e, fresh); return err })
	return written, err
}

type mortalOwner struct {
	*owner
	fate *mortal.Process
}

// Submit implements intake.Decider.
func (m mortalOwner) Submit(ctx context.Context, subs []record.Submission) (answers []record.Answer, err error) {
	err = m.fate.Step("decide", func() error { answers, err = m.owner.Submit(ctx, subs); return err })
	return answers, err
}

type mortalDeliveries struct {
	intake.Deliveries
	fate *mortal.Process
}

// Remember implements intake.Deliveries.
func (m mortalDeliveries) Remember(ctx context.Context, d intake.Delivery) error {
	return m.fate.Step("remember the delivery", func() error { return m.Deliveries.Remember(ctx, d) })
}

// taken is something that is laid down, and what has to be there in the end.
type taken struct {
	name   string
	change func(*Source)
	lay    func(*rig)
	check  func(*testing.T, *rig)
	steps  int // at least
}

var allTaken = []taken{
	{"rows in two parts", func(s *Source) { s.Marker = ".ok" }, func(r *rig) {
		r.lay(day, "item,location,qty,value\nA,S1,1,2.00\nB,S1,much,2.00\nC,NOWHERE,1,2.00\nD,S1,1,2.00\nE,S1,1,2.00\n")
		r.lay(day+".ok", "")
	}, checkAfterKill, 12},
	{"what cannot be read", func(*Source) {}, func(r *rig) { r.lay("a.csv", "sku\nA\n") }, func(t *testing.T, r *rig) {
		t.Helper()
		r.wantTree("failed/a.csv receipts/a.csv.receipt.json")
		r.wantCounts("failed 0:")
		if work := r.work(); len(work) != 1 || !strings.HasPrefix(work[0], "H-TOPIC") {
			t.Errorf("work: got %q", work)
		}
	}, 7},
	{"what is answered", func(s *Source) { s.Pack, s.Replies = "advices", "replies" }, func(r *rig) { r.lay("a.edi", interchange) }, func(t *testing.T, r *rig) {
		t.Helper()
		r.wantTree("done/a.edi receipts/a.edi.receipt.json replies/a.edi.997")
		r.wantCounts("taken 2: 1 refused 1 ignored")
	}, 8},
}

// TestKilledAtEachStep kills the process at every step of taking a file, before the step and
// after it, and starts another one: nothing is lost, nothing is twice, and the receipt has an
// answer for every record.
func TestKilledAtEachStep(t *testing.T) {
	for _, c := range allTaken {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, after := range []bool{false, true} {
				for dies, over := 1, false; !over && !t.Failed(); dies++ {
					if over = c.killedAt(t, dies, after); over && dies < c.steps {
						t.Errorf("there were %d steps only", dies)
					}
				}
			}
		})
	}
}

// killedAt takes a file in a process that dies at a step, and then in another one. It reports
// whether the first one was over before that step.
func (c taken) killedAt(t *testing.T, dies int, after bool) bool {
	t.Helper()
	r := newRig(t, c.change)
	c.lay(r)
	*r.fate = mortal.Process{Dies: dies, After: after}
	r.watch.limits = cutLimits{bytes: partBytes, rows: 3}
	_, err := r.watch.look(t.Context())
	over, name := !r.fate.Dead, r.fate.Name
	if over != (err == nil) {
		t.Fatalf("killed at step %d: got %v", dies, err)
	}
	*r.fate = mortal.Process{}
	r.start()
	r.watch.limits = cutLimits{bytes: partBytes, rows: 3}
	r.look()
	c.check(t, r)
	if t.Failed() {
		t.Fatalf("killed at step %d, %s (after it: %v)", dies, name, after)
	}
	return over
}

func checkAfterKill(t *testing.T, r *rig) {
	t.Helper()
	r.wantFacts(day+"·1", day+"·4", day+"·5")
	r.wantTree("done/" + day + " receipts/" + day + receiptEnd)
	f := r.newest()
	if n := f.Counts; f.State != intake.FileTaken || n.Records != 5 || n.Accepted != 3 || n.Refused != 1 || n.Waiting != 1 {
		t.Errorf("got %+v", f)
	}
	receipt := r.receipt(day + receiptEnd)
	for i, l := range receipt.Records {
		if l.Record != i+1 || l.Answer == "" || l.Answer == Accepted && l.Events[0].Position == 0 {
			t.Errorf("record %d of the receipt: got %+v", i+1, l)
		}
	}
	if len(receipt.Records) != 5 {
		t.Errorf("the receipt has %d records", len(receipt.Records))
	}
	work := r.work()
	if len(work) != 2 || !slices.ContainsFunc(work, func(w string) bool { return strings.HasPrefix(w, "V-LOC-01") }) ||
		!slices.ContainsFunc(work, func(w string) bool { return strings.HasPrefix(w, "V-SCH-01") }) {
		t.Errorf("work: got %q, want one item for each of the two records", work)
	}
}

// TestSpoolIsEmptied deletes the copies that a killed process left behind, and nothing else.
func TestSpoolIsEmptied(t *testing.T) {
	r := newRig(t)
	for _, name := range []string{spoolPrefix + "1", "other"} {
		r.folder = r.opts.Spool
		r.lay(name, "x")
	}
	r.start()
	r.wantTree("other")
}
