package collect

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/internal/mortal"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/store/sqlite"
)

// noon is when tests begin, by the collector's clock.
var noon = time.Date(2026, 7, 10, 12, 0, 0, 0, time.UTC)

// owner stands in for the real one: it knows each business key for ever.
type owner struct {
	mu    sync.Mutex
	facts map[string]string // content by key
	order []string          // keys as they were accepted
	place map[string]int64  // positions by key
	from  []record.Receipt  // how they came in, in that order
	// busy is how many submissions are refused before one is heard.
	busy int
}

// Submit implements intake.Decider.
func (o *owner) Submit(_ context.Context, subs []record.Submission) ([]record.Answer, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.busy > 0 {
		o.busy--
		return nil, fault.New(fault.TooBusy, "owner", "later")
	}
	out := make([]record.Answer, len(subs))
	for i, s := range subs {
		content := string(s.Event.AppendFact(nil))
		before, known := o.facts[s.Event.Key]
		switch adjusted, _ := s.Event.Data.(*event.StockAdjusted); {
		case adjusted != nil && adjusted.Location == "NOWHERE":
			out[i] = record.Refuse(fault.New(fault.LocationUnknown, "NOWHERE", "it is not known"))
			out[i].EventID = s.Event.Key
		case known && before == content:
			out[i] = record.Answer{Status: record.Duplicate, Position: o.place[s.Event.Key]}
		case known:
			out[i] = record.Refuse(fault.New(fault.KeyConflict, s.Event.Key, "it came with other content"))
		default:
			o.facts[s.Event.Key] = content
			o.order = append(o.order, s.Event.Key)
			o.from = append(o.from, s.Receipt)
			o.place[s.Event.Key] = int64(len(o.order))
			out[i] = record.Answer{Status: record.Accepted, Position: o.place[s.Event.Key]}
		}
	}
	return out, nil
}

// Read implements Facts, with chunks of two records.
func (o *owner) Read(_ context.Context, from int64, fn func(*journal.Chunk) error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	for first := from - (from-1)%2; first <= int64(len(o.from)); first += 2 {
		c := &journal.Chunk{First: first}
		for _, r := range o.from[first-1 : min(first+1, int64(len(o.from)))] {
			c.Records = append(c.Records, journal.Record{Outcome: (&record.Outcome{Receipt: r}).Bytes()})
		}
		if err := fn(c); err != nil {
			return err
		}
	}
	return nil
}

// keys returns what was accepted, in order.
func (o *owner) keys() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Clone(o.order)
}

// beBusy has the owner refuse so many submissions.
func (o *owner) beBusy(times int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.busy = times
}

// rig is a collector over a folder, real doors and a real desk; only the owner is a stand-in.
type rig struct {
	t       *testing.T
	folder  string
	journal *owner
	fate    *mortal.Process
	opts    Options
	now     time.Time
	watch   *watch
}

// newRig has the source counts/main in a folder of its own, with settling off.
func newRig(t *testing.T, change ...func(*Source)) *rig {
	t.Helper()
	r := &rig{t: t, folder: t.TempDir(), journal: &owner{facts: map[string]string{}, place: map[string]int64{}}, now: noon, fate: &mortal.Process{}}
	s, err := sqlite.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	desk := s.Desk()
	counts, err := pack.Load(os.DirFS("testdata/counts"))
	must(t, err)
	advices, err := pack.Load(os.DirFS("testdata/advices"))
	must(t, err)
	all, err := pack.NewSet(counts, advices)
	must(t, err)
	source := Source{
		Pack: "counts", Instance: "main", Title: "the folder", Place: mortalPlace{NewFolder(r.folder), r.fate}, Every: time.Minute, Receipts: "receipts",
	}
	for _, c := range change {
		c(&source)
	}
	r.opts = Options{
		Sources: []Source{source}, Packs: all, Files: mortalFiles{desk.Files(), r.fate}, Facts: r.journal, Worklist: mortalWorklist{desk.Worklist(), r.fate},
		Spool: t.TempDir(), Clock: func() time.Time { return r.now }, Log: slog.New(slog.DiscardHandler),
	}
	text, err := intake.NewMasterKey(rand.Reader)
	must(t, err)
	master, err := intake.ParseMasterKey(text)
	must(t, err)
	vault, err := intake.OpenVault(t.Context(), mortalEvidence{desk.Evidence(), r.fate}, master, "acme")
	must(t, err)
	r.opts.Door, err = intake.Open(intake.Options{
		Tenant: "acme", Packs: all, Decider: mortalOwner{r.journal, r.fate}, Vault: vault, Known: mortalDeliveries{desk.Deliveries(), r.fate},
		Waiting: desk.Waiting(), Worklist: r.opts.Worklist, TokenKey: []byte("0123456789abcdef0123456789abcdef"), Clock: r.opts.Clock,
		Origins: []intake.Origin{{Pack: "counts", Instance: "main", Zone: time.UTC}, {Pack: "advices", Instance: "main", Zone: time.UTC}},
	})
	must(t, err)
	r.start()
	return r
}

// start starts the collector, as after a crash when it ran before.
func (r *rig) start() {
	r.t.Helper()
	c, err := Open(r.opts)
	must(r.t, err)
	r.watch = newWatch(c, c.opts.Sources[0])
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lay lays a file down, finished at noon.
func (r *rig) lay(name, content string) {
	r.t.Helper()
	r.layAt(name, content, noon)
}

func (r *rig) layAt(name, content string, at time.Time) {
	r.t.Helper()
	file := filepath.Join(r.folder, name)
	must(r.t, os.WriteFile(file, []byte(content), 0o600))
	must(r.t, os.Chtimes(file, at, at))
}

// look looks once and has to succeed.
func (r *rig) look() {
	r.t.Helper()
	if _, err := r.watch.look(r.t.Context()); err != nil {
		r.t.Fatalf("look: %v", err)
	}
}

// tree lists the files of the folder, with the folders below.
func (r *rig) tree() string {
	r.t.Helper()
	var names []string
	must(r.t, filepath.WalkDir(r.folder, func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			rel, _ := filepath.Rel(r.folder, name)
			names = append(names, rel)
		}
		return err
	}))
	return strings.Join(names, " ")
}

func (r *rig) wantTree(want string) {
	r.t.Helper()
	if got := r.tree(); got != want {
		r.t.Errorf("the folder holds %q, want %q", got, want)
	}
}

// wantFacts checks which keys are in the journal, in order.
func (r *rig) wantFacts(want ...string) {
	r.t.Helper()
	if got := r.journal.keys(); !slices.Equal(got, want) {
		r.t.Errorf("the journal holds %q, want %q", got, want)
	}
}

// newest returns the file that was kept last.
func (r *rig) newest() intake.File {
	r.t.Helper()
	found, err := r.opts.Files.Find(r.t.Context(), intake.FileQuery{Limit: 1})
	must(r.t, err)
	if len(found) == 0 {
		r.t.Fatal("no file was taken")
	}
	return found[0]
}

// wantCounts checks the state and the counts of the newest file: "taken 3: 2 accepted 1 refused".
func (r *rig) wantCounts(want string) {
	r.t.Helper()
	if got := counts(r.newest()); got != want {
		r.t.Errorf("got %q, want %q", got, want)
	}
}

func counts(f intake.File) string {
	n := f.Counts
	text := fmt.Sprintf("%s %d:", f.State, n.Records)
	for _, c := range []struct {
		n    int
		name string
	}{{n.Accepted, "accepted"}, {n.Duplicate, "duplicate"}, {n.Conflict, "conflict"}, {n.Refused, "refused"}, {n.Waiting, "waiting"}, {n.Ignored, "ignored"}} {
		if c.n > 0 {
			text += fmt.Sprintf(" %d %s", c.n, c.name)
		}
	}
	return text
}

// receipt reads a receipt from the folder.
func (r *rig) receipt(name string) Receipt {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.folder, "receipts", name))
	must(r.t, err)
	var receipt Receipt
	must(r.t, json.Unmarshal(text, &receipt))
	return receipt
}

// work returns the open items of the work list as "CODE subject ×count".
func (r *rig) work() []string {
	r.t.Helper()
	items, err := r.opts.Worklist.Items(r.t.Context())
	must(r.t, err)
	var out []string
	for _, i := range items {
		if i.Status == exception.Open {
			out = append(out, fmt.Sprintf("%s %s ×%d", i.Code, i.Subject, i.Count))
		}
	}
	return out
}

// rows makes an opening load of so many rows.
func rows(n int) string {
	var b strings.Builder
	b.WriteString("item,location,qty,value\n")
	for i := range n {
		fmt.Fprintf(&b, "ITEM-%d,S1,1,2.00\n", i+1)
	}
	return b.String()
}
