package collect

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

const day = "opening-2026-07-09.csv"

// TestOneBadRecord takes a file of which every record ends another way.
func TestOneBadRecord(t *testing.T) {
	r := newRig(t)
	r.lay(day, "item,location,qty,value\nMUG,S1,3,12.00\nMUG,S1,much,1.00\nCUP,NOWHERE,1,1.00\nMUG,S1,0,0\nCUP,S1,1\nCUP,S1,2,4.00\n")
	r.look()
	r.wantTree("done/" + day + " receipts/" + day + ".receipt.json")
	r.wantCounts("taken 6: 2 accepted 2 refused 1 waiting 1 ignored")
	r.wantFacts(day+"·1", day+"·6")
	receipt := r.receipt(day + ".receipt.json")
	if f := receipt.File; f.Accepted != 2 || f.Records != 6 || f.Read != f.Size || f.Content != intake.HashOf(mustRead(t, r.folder, "done", day)) {
		t.Errorf("got %+v", f)
	}
	content := string(mustRead(t, r.folder, "done", day))
	for i, want := range []struct {
		answer Answer
		code   fault.Code
		row    string
	}{
		{Accepted, "", "MUG,S1,3,12.00\n"}, {Refused, fault.SchemaInvalid, "MUG,S1,much,1.00\n"}, {Waiting, "", "CUP,NOWHERE,1,1.00\n"},
		{Ignored, "", "MUG,S1,0,0\n"}, {Refused, fault.BadSyntax, "CUP,S1,1\n"}, {Accepted, "", "CUP,S1,2,4.00\n"},
	} {
		l := receipt.Records[i]
		if l.Record != i+1 || l.Answer != want.answer || l.Code != want.code || content[l.Start:l.End] != want.row || l.Evidence != "" {
			t.Errorf("record %d: got %+v over %q, want %s %s over %q", i+1, l, content[l.Start:l.End], want.answer, want.code, want.row)
		}
		if l.Code != "" && l.Next == "" {
			t.Errorf("record %d: nothing says what to do next", i+1)
		}
	}
	if e := receipt.Records[2].Events[0]; e.Code != fault.LocationUnknown || e.Key != day+"·3" || e.Next == "" {
		t.Errorf("the record that waits: got %+v", e)
	}
	if e := receipt.Records[5].Events[0]; e.Position != 2 || e.Key != day+"·6" || e.Type != "stock_adjusted" {
		t.Errorf("the last record: got %+v", e)
	}
}

func mustRead(t *testing.T, path ...string) []byte {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(path...))
	must(t, err)
	return text
}

// TestTakenOnce lays the same content down again, under its name, under another, and with a
// change. What a file means depends on its name here: the name stands in the keys.
func TestTakenOnce(t *testing.T) {
	r := newRig(t)
	r.lay(day, rows(2))
	r.look()
	r.wantCounts("taken 2: 2 accepted")

	r.layAt(day, rows(2), noon.Add(time.Hour))
	r.look()
	r.wantCounts("taken 2: 2 accepted")
	r.wantTree("done/" + day + " receipts/" + day + ".receipt.json")

	const copied = "copy-2026-07-09.csv"
	r.lay(copied, rows(2))
	r.look()
	r.wantCounts("taken 2: 2 duplicate")
	if got := r.receipt(copied + ".receipt.json"); got.File.SameAs == "" || len(got.Records) != 2 || got.Records[1].Answer != Duplicate || got.Records[1].Events[0].Key != day+"·2" {
		t.Errorf("the copy's receipt: got %+v", got)
	}
	r.wantFacts(day+"·1", day+"·2")

	r.lay(day, strings.Replace(rows(3), "ITEM-1,S1,1", "ITEM-1,S1,9", 1))
	r.look()
	r.wantCounts("taken 3: 1 accepted 1 duplicate 1 conflict")
	changed := r.newest().Content.String()[:12]
	r.wantTree("done/" + copied + " done/" + day + " done/opening-2026-07-09~" + changed + ".csv" +
		" receipts/" + copied + ".receipt.json receipts/" + day + ".receipt.json receipts/opening-2026-07-09~" + changed + ".csv.receipt.json")
	r.wantFacts(day+"·1", day+"·2", day+"·3")
}

// TestTakenByAnotherDoor puts a file that was put over HTTP before.
func TestTakenByAnotherDoor(t *testing.T) {
	r := newRig(t)
	_, err := r.opts.Door.Take(t.Context(), intake.Arrival{Pack: "counts", Instance: "main", FileName: day, Body: []byte(rows(2)), Caller: "ann"})
	must(t, err)
	r.lay("other-2026-07-09.csv", rows(2))
	r.look()
	r.wantCounts("taken 2: 2 duplicate")
	r.wantFacts(day+"·1", day+"·2")
}

// TestKept leaves files in their place, takes each once, and takes it again when it changes.
func TestKept(t *testing.T) {
	r := newRig(t, func(s *Source) { s.Then, s.Receipts = Keep, "" })
	r.lay(day, rows(1))
	for range 3 {
		r.look()
	}
	r.start()
	before := r.fate.Steps
	r.look()
	if r.fate.Steps != before {
		t.Error("after a restart, a file that is known was read again")
	}
	r.wantTree(day)
	r.wantCounts("taken 1: 1 accepted")
	r.layAt(day, rows(2), noon.Add(time.Second))
	r.look()
	r.wantCounts("taken 2: 1 accepted 1 duplicate")
	r.layAt(day, rows(1), noon.Add(time.Minute)) // the first content again
	r.look()
	r.look()
	r.wantFacts(day+"·1", day+"·2")
	r.wantTree(day)
}

// TestUnreadable lays down what its pack cannot read: the bytes are evidence, the file stands
// aside, and when the pack has learnt to read it, it is taken.
func TestUnreadable(t *testing.T) {
	r := newRig(t)
	const name = "stocks.csv"
	r.lay(name, "sku,store,count\nA,S1,1\n")
	r.look()
	r.wantTree("failed/" + name + " receipts/" + name + ".receipt.json")
	f := r.newest()
	if f.State != intake.FileFailed || f.Code != fault.UnknownTopic || f.Step == "" || !f.PutAway {
		t.Errorf("got %+v", f)
	}
	if got := r.receipt(name + ".receipt.json"); got.File.State != intake.FileFailed || got.File.Code != fault.UnknownTopic || len(got.Records) != 0 {
		t.Errorf("the receipt: got %+v", got)
	}
	if got, want := r.work(), []string{"H-TOPIC counts/main " + f.Content.String()[:12] + " ×1"}; !slices.Equal(got, want) {
		t.Errorf("work: got %q, want %q", got, want)
	}
	must(t, os.Rename(filepath.Join(r.folder, "failed", name), filepath.Join(r.folder, name)))
	r.watch.Topic = "opening"
	r.look()
	r.wantCounts("taken 1: 1 refused") // its columns are still not those of the topic
	r.wantTree("done/" + name + " receipts/" + name + ".receipt.json")
}

// TestTooLarge has a file of no rows that is larger than a payload.
func TestTooLarge(t *testing.T) {
	// reproduces: H-TOO-LARGE
	r := newRig(t)
	large := filepath.Join(r.folder, "large.xml")
	must(t, os.WriteFile(large, []byte("<a>"), 0o600))
	must(t, os.Truncate(large, intake.PayloadMax+1))
	r.look()
	if f := r.newest(); f.State != intake.FileFailed || f.Code != fault.TooLarge {
		t.Errorf("got %+v", f)
	}
	r.wantTree("failed/large.xml receipts/large.xml.receipt.json")
	if got, want := r.work(), []string{"H-TOO-LARGE counts/main the folder large.xml ×1"}; !slices.Equal(got, want) {
		t.Errorf("work: got %q, want %q", got, want)
	}
}

// TestLargeWholeFile reads a file of no rows that is larger than a message may be.
func TestLargeWholeFile(t *testing.T) {
	r := newRig(t)
	r.lay("large.xml", "<notes>"+strings.Repeat(" ", 20<<20)+"</notes>")
	r.look()
	if f := r.newest(); f.State != intake.FileTaken || f.Counts.Records != 1 {
		t.Errorf("got %+v", f)
	}
}

// TestLargeFile cuts a file of rows: the keys are those that one payload would have given, and
// the receipt tells places in the file.
func TestLargeFile(t *testing.T) {
	r := newRig(t)
	r.watch.limits.rows = 100
	const n = 203
	text := rows(n)
	r.lay(day, text)
	r.look()
	r.wantCounts("taken 203: 203 accepted")
	f := r.newest()
	if f.Parts != 3 || f.Next != int64(len(text)) {
		t.Errorf("got %d parts up to %d, want 3 up to %d", f.Parts, f.Next, len(text))
	}
	if got, want := r.journal.keys()[n-1], day+"·203"; got != want {
		t.Errorf("the last key: got %s, want %s", got, want)
	}
	receipt := r.receipt(day + ".receipt.json")
	for i, l := range receipt.Records {
		if l.Record != i+1 || (l.Evidence == "") != (i%100 != 0) || !strings.HasPrefix(text[l.Start:l.End], "ITEM-"+l.Events[0].Key[len(day+"·"):]+",") {
			t.Fatalf("record %d: got %+v over %q", i+1, l, text[l.Start:l.End])
		}
	}
}

// TestReceiptMayNotBeWritten lists it once, and puts the file away all the same.
func TestReceiptMayNotBeWritten(t *testing.T) {
	r := newRig(t)
	r.watch.Place = denied{r.watch.Place, "receipts"}
	r.lay("a-2026-07-09.csv", rows(1))
	r.look()
	r.wantTree("done/a-2026-07-09.csv")
	if got, want := r.work(), []string{"H-PLACE counts/main the folder receipts ×1"}; !slices.Equal(got, want) {
		t.Errorf("work: got %q, want %q", got, want)
	}
	r.watch.Place = r.watch.Place.(denied).Place
	r.lay("b-2026-07-09.csv", rows(2))
	r.look()
	if got := r.work(); len(got) != 0 {
		t.Errorf("after a receipt was written: got %q, want nothing", got)
	}
}

// TestMoveFails goes on with the other files, takes none of them twice, and moves the file when
// it can.
func TestMoveFails(t *testing.T) {
	// reproduces: H-PLACE
	r := newRig(t, func(s *Source) { s.Receipts = "" })
	must(t, os.WriteFile(filepath.Join(r.folder, "done"), nil, 0o600)) // a file in the folder's place
	r.lay("a-2026-07-09.csv", rows(1))
	r.lay("b-2026-07-09.csv", rows(2))
	for range 2 {
		if _, err := r.watch.look(t.Context()); !fault.HasCode(err, fault.PlaceFailed) {
			t.Fatalf("got %v, want H-PLACE", err)
		}
	}
	r.wantFacts("a-2026-07-09.csv·1", "b-2026-07-09.csv·1", "b-2026-07-09.csv·2")
	must(t, os.Remove(filepath.Join(r.folder, "done")))
	r.look()
	r.wantTree("done/a-2026-07-09.csv done/b-2026-07-09.csv")
}

// TestManyFailures tells of so many failures of one look and no more, and goes on.
func TestManyFailures(t *testing.T) {
	r := newRig(t)
	for i := range failuresMax + 1 {
		must(t, os.WriteFile(filepath.Join(r.folder, fmt.Sprintf("%d\n", i)), nil, 0o600))
	}
	r.layAt(day, rows(1), time.Now().Add(time.Hour)) // the last of them
	_, err := r.watch.look(t.Context())
	if got := len(parts(err)); got != failuresMax {
		t.Errorf("%d failures were told, want %d", got, failuresMax)
	}
	r.wantFacts(day + "·1")
}

// TestChangedWhileTaken leaves a file in its place that somebody has gone on writing to: it is
// taken anew, and its first rows are duplicates.
func TestChangedWhileTaken(t *testing.T) {
	r := newRig(t, func(s *Source) { s.Receipts = "" })
	r.watch.opts.Door = &during{r.opts.Door, func() { r.layAt(day, rows(3), noon.Add(time.Second)) }}
	r.lay(day, rows(2))
	r.look()
	r.wantTree(day)
	r.watch.opts.Door = r.opts.Door
	r.look()
	r.wantCounts("taken 3: 1 accepted 2 duplicate")
	r.wantFacts(day+"·1", day+"·2", day+"·3")
}

// TestOpenRefuses names what a source cannot be.
func TestOpenRefuses(t *testing.T) {
	for name, change := range map[string]func(*Source){
		"an unknown pack":     func(s *Source) { s.Pack = "nothing" },
		"a bad pattern":       func(s *Source) { s.Match = "[" },
		"never":               func(s *Source) { s.Every = 0 },
		"another disposal":    func(s *Source) { s.Then = "burn" },
		"a marker elsewhere":  func(s *Source) { s.Marker = "/x" },
		"receipts elsewhere":  func(s *Source) { s.Receipts = "../x" },
		"receipts in done":    func(s *Source) { s.Receipts = "done" },
		"replies among files": func(s *Source) { s.Replies = "./" },
		"replies in failed":   func(s *Source) { s.Replies = "failed" },
	} {
		t.Run(name, func(t *testing.T) {
			opts := newRig(t).opts
			change(&opts.Sources[0])
			if _, err := Open(opts); !fault.HasCode(err, fault.BadConfig) {
				t.Errorf("got %v, want H-CONFIG", err)
			}
		})
	}
}

// TestReceiptForms compares both forms of a receipt with what people were promised.
func TestReceiptForms(t *testing.T) {
	r := newRig(t)
	r.lay(day, "item,location,qty,value\nMUG,S1,3,12.00\nMUG,S1,much,1.00\n")
	r.look()
	var csv, text strings.Builder
	must(t, WriteCSV(t.Context(), r.opts.Files, r.newest(), &csv))
	want := `record,start,end,answer,type,key,position,code,detail,next
1,24,39,accepted,stock_adjusted,opening-2026-07-09.csv·1,1,,,
2,39,56,refused,,,,V-SCH-01,a quantity is missing or not a decimal,"Compare it with the published schema of the type, mend the source, and send again."
`
	if csv.String() != want {
		t.Errorf("CSV: got\n%s\nwant\n%s", csv.String(), want)
	}
	must(t, WriteJSON(t.Context(), r.opts.Files, r.newest(), &text))
	if lines := strings.Split(text.String(), "\n"); !json.Valid([]byte(text.String())) || !strings.HasPrefix(lines[len(lines)-4], `{"record":1,`) {
		t.Errorf("JSON: got\n%s", text.String())
	}
}
