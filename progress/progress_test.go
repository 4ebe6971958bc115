package progress_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/progress"
)

var update = flag.Bool("update", false, "rewrite the expected part of testdata/*.txt")

// ranks are the rule book's A9, by object, from the lowest; ends are those that end it.
var ranks = map[progress.Object][]progress.Stage{
	progress.OrderLine:    {"PLACED", "RESERVED", "ALLOCATED", "PICKED", "PACKED", "STAGED", "SHIPPED", "DELIVERED"},
	progress.Payment:      {"AUTHORISED", "CAPTURED", "SETTLED", "PAID_OUT"},
	progress.Dispute:      {"INQUIRY", "OPENED", "EVIDENCE", "PREARB"},
	progress.TransferLine: {"REQUESTED", "SHIPPED", "RECEIVED"},
	progress.PurchaseLine: {"APPROVED", "ASN", "RECEIVED", "INVOICED"},
	progress.Layaway:      {"OPENED", "PAYING"},
}

var ends = map[progress.Object][]progress.Stage{
	progress.OrderLine:    {"CANCELLED", "RETURNED"},
	progress.Payment:      {"VOIDED", "EXPIRED", "FAILED"},
	progress.Dispute:      {"WON", "LOST"},
	progress.TransferLine: {"LOST", "CANCELLED"},
	progress.PurchaseLine: {"CLOSED_SHORT", "CANCELLED"},
	progress.Layaway:      {"COMPLETED", "CANCELLED"},
}

type said struct {
	stage       progress.Stage
	q, sequence int64
}

func play(t interface{ Fatal(...any) }, o progress.Object, facts []said) progress.Progress {
	p, err := progress.New(o)
	for _, f := range facts {
		if err == nil {
			p, err = p.Add(f.stage, f.q, f.sequence)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The tables provoke what A9 raises for whoever loses.
// reproduces: RETURN_INTENT
// reproduces: OVERAGE
// reproduces: V-VOID-01
// reproduces: V-PAY-02
// reproduces: V-PAY-06
// reproduces: V-PO-01
// reproduces: V-PO-02
func TestTables(t *testing.T) {
	raised := map[fault.Code]bool{}
	texttable.Check(t, "testdata/*.txt", *update, func(t *testing.T, in string) string {
		var got strings.Builder
		for line := range strings.Lines(in) {
			line = strings.TrimSuffix(line, "\n")
			fmt.Fprintln(&got, line)
			if line == "" || strings.HasPrefix(line, "#") {
				continue
			}
			p := parse(t, line)
			for _, c := range p.Conflicts() {
				raised[c.Code] = true
			}
			show(&got, &p)
		}
		return got.String()
	})
	for _, code := range []fault.Code{
		fault.ReturnIntent, fault.Overage, fault.VoidRefused, fault.CaptureTooMuch, fault.RefundDisputed, fault.ReceiptUnordered, fault.ReceiptTooMuch,
	} {
		if !raised[code] {
			t.Errorf("no table raises %s", code)
		}
	}
}

// parse reads "order_line PLACED 2, SHIPPED 1 #3".
func parse(t *testing.T, line string) progress.Progress {
	object, rest, _ := strings.Cut(line, " ")
	var facts []said
	for term := range strings.SplitSeq(rest, ", ") {
		term, sequence, _ := strings.Cut(term, " #")
		stage, q, _ := strings.Cut(term, " ")
		facts = append(facts, said{progress.Stage(stage), number(t, q), number(t, sequence)})
	}
	return play(t, progress.Object(object), facts)
}

func number(t *testing.T, s string) int64 {
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func show(w *strings.Builder, p *progress.Progress) {
	fmt.Fprintf(w, "    %s;", p.Status())
	for _, s := range slices.Concat(ranks[p.Object], ends[p.Object]) {
		if q := p.Reached(s); q != 0 {
			fmt.Fprintf(w, " %s %d", s, q)
		}
	}
	fmt.Fprintln(w)
	for _, c := range p.Conflicts() {
		fmt.Fprintf(w, "    ! %s %d: %s wins over %s\n", c.Code, c.Quantity, c.Wins, c.Loses)
	}
}

func drawFacts(t *rapid.T) (progress.Object, []said) {
	o := rapid.SampledFrom(slices.Sorted(maps.Keys(ranks))).Draw(t, "object")
	stages := slices.Concat(ranks[o], ends[o])
	if o == progress.Payment {
		stages = append(stages, progress.Refunded, progress.Disputed)
	}
	return o, rapid.SliceOfN(rapid.Custom(func(t *rapid.T) said {
		return said{rapid.SampledFrom(stages).Draw(t, "stage"), rapid.Int64Range(-2, 6).Draw(t, "quantity"), rapid.Int64Range(0, 5).Draw(t, "sequence")}
	}), 1, 14).Draw(t, "facts")
}

// A9, L2, L3: the same facts in any order are the same object with the same conflicts; what
// has reached a rank is never less than what has reached the next; and a fact of a rank changes
// what has reached that one and those before it, and none after it.
func TestAnObjectIsTheSameInAnyOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o, facts := drawFacts(t)
		want := play(t, o, facts)
		got := play(t, o, rapid.Permutation(facts).Draw(t, "order"))
		if !reflect.DeepEqual(got, want) || got.Status() != want.Status() || !slices.Equal(got.Conflicts(), want.Conflicts()) {
			t.Fatalf("got %+v, want %+v", got, want)
		}
		for i, s := range ranks[o][1:] {
			if before := ranks[o][i]; want.Reached(before) < want.Reached(s) {
				t.Fatalf("%s has reached %s, and %s %s", strconv.FormatInt(want.Reached(s), 10), s, strconv.FormatInt(want.Reached(before), 10), before)
			}
		}
		more := rapid.SampledFrom(ranks[o]).Draw(t, "late")
		after, err := want.Add(more, 1, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range ranks[o][slices.Index(ranks[o], more)+1:] {
			if after.Reached(s) != want.Reached(s) || after.Total(s) != want.Total(s) {
				t.Fatalf("a late %s changed %s", more, s)
			}
		}
		for _, c := range want.Conflicts() {
			if c.Quantity <= 0 || c.Code == "" {
				t.Fatalf("conflict %+v", c)
			}
		}
	})
}

// Add leaves the value that it is called on alone.
func TestAddCopies(t *testing.T) {
	p := play(t, progress.OrderLine, []said{{progress.Placed, 2, 0}, {progress.Shipped, 1, 0}})
	if _, err := p.Add(progress.Placed, 5, 0); err != nil || p.Total(progress.Placed) != 2 {
		t.Errorf("got %d, %v", p.Total(progress.Placed), err)
	}
}

func TestUnknownObjectsAndStagesAreRefused(t *testing.T) {
	if _, err := progress.New("parcel"); !fault.HasCode(err, fault.SchemaInvalid) {
		t.Errorf("object: %v", err)
	}
	p := play(t, progress.Layaway, nil)
	if _, err := p.Add(progress.Shipped, 1, 0); !fault.HasCode(err, fault.SchemaInvalid) {
		t.Errorf("stage: %v", err)
	}
	if got := p.Status(); got != "" {
		t.Errorf("an object of which nothing is known is %s", got)
	}
}

func TestProgressKeepsItsForm(t *testing.T) {
	p := play(t, progress.Payment, []said{{progress.Voided, 100, 7}, {progress.Authorised, 100, 0}})
	const want = `{"object":"payment","counters":[{"stage":"AUTHORISED","total":100},{"stage":"VOIDED","total":100,"last":7}]}`
	got, err := json.Marshal(p)
	if err != nil || string(got) != want {
		t.Fatalf("got %s, %v\nwant %s", got, err, want)
	}
	var back progress.Progress
	if err := json.Unmarshal(got, &back); err != nil || !reflect.DeepEqual(back, p) {
		t.Errorf("read back %+v, %v", back, err)
	}
}
