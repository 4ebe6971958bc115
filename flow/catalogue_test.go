package flow_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// scenario is a file of testdata/catalogue: facts, and the positions that they lead to in any
// order. What begins with OPEN· is there before: whether a promise is granted depends on what
// is available when it is made. A line is: type key [@time] [vN] data, where $1.00 stands for an amount in USD. A line
// "item ID" makes an item known, "policy NAME VALUE" sets a policy, "= …" says that the order matters, and a line after the
// rule that begins with ! is an exception that is open in the given order.
type scenario struct {
	policies   [][2]string
	opening    []*event.Event
	events     []*event.Event
	ordered    bool
	positions  string
	exceptions []string
}

var dollars = regexp.MustCompile(`\$(-?[0-9.]+)`)

func readScenario(t *testing.T, path string) scenario {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	facts, after, ok := strings.Cut(string(text), "----------\n")
	if !ok {
		t.Fatalf("%s has no rule", path)
	}
	var s scenario
	for line := range strings.Lines(facts) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		switch word {
		case "#", "":
		case "=":
			s.ordered = true
		case "item":
			s.events = append(s.events, reference.NewEvent(&event.ReferenceSet{
				Table: string(event.TableItems), RowKey: rest, Row: event.Row{"department": "D1"}, Author: "ann",
			}, "config", time.Date(2026, 7, 9, 11, 0, 0, 0, time.UTC)))
		case "policy":
			name, value, _ := strings.Cut(rest, " ")
			s.policies = append(s.policies, [2]string{name, value})
		default:
			if e := readFact(t, word, rest); strings.HasPrefix(e.Key, "OPEN") {
				s.opening = append(s.opening, e)
			} else {
				s.events = append(s.events, e)
			}
		}
	}
	for line := range strings.Lines(after) {
		if flag, ok := strings.CutPrefix(line, "! "); ok {
			s.exceptions = append(s.exceptions, strings.TrimSpace(flag))
		} else {
			s.positions += line
		}
	}
	return s
}

func readFact(t *testing.T, name, rest string) *event.Event {
	t.Helper()
	head, data, _ := strings.Cut(rest, "{")
	words := strings.Fields(head)
	time, version := "2026-07-09T10:00:00Z", ""
	for _, w := range words[1:] {
		if at, ok := strings.CutPrefix(w, "@"); ok {
			time = at
		} else {
			version = fmt.Sprintf(`,"source_version":%s`, strings.TrimPrefix(w, "v"))
		}
	}
	data = dollars.ReplaceAllString("{"+data, `{"amount":"$1","currency":"USD"}`)
	e, err := event.FromMapped("test", "main", []byte(fmt.Sprintf(`{"type":%q,"key":%q,"time":%q%s,"data":%s}`, name+".v1", words[0], time, version, data)))
	if err != nil {
		t.Fatalf("%s %s: %v", name, words[0], err)
	}
	return e
}

// world sets up the places, items and accounts of the scenarios.
func (r *rig) world(policies [][2]string) {
	r.t.Helper()
	rows := []*event.Event{
		r.row(event.TableShops, "test·main", event.Row{"entity": "LE1"}),
		r.row(event.TableMerchantAccounts, "psp·main", event.Row{"entity": "LE1", "currency": "USD"}),
		r.row(event.TableMerchantAccounts, "mp·main", event.Row{"entity": "LE1", "currency": "USD"}),
		r.row(event.TableBankAccounts, "BA", event.Row{"entity": "LE1", "currency": "USD"}),
		r.row(event.TableFeeTypes, "*·monthly", event.Row{"class": "MERCHANT_FEES"}),
		r.row(event.TableFeeTypes, "*·Commission", event.Row{"class": "MARKETPLACE_COMMISSION"}),
		r.row(event.TableFeeTypes, "*·Ads", event.Row{"class": "ADVERTISING"}),
		r.row(event.TableFeeTypes, "*·Storage", event.Row{"class": "STORAGE"}),
	}
	for _, l := range []string{"S1", "S2", "MP1"} {
		rows = append(rows, r.row(event.TableLocations, l, event.Row{"entity": "LE1", "zone": "UTC"}))
	}
	rows = append(rows, r.row(event.TableLocations, "W1", event.Row{"entity": "LE1", "zone": "UTC", "kind": "WAREHOUSE"}))
	for _, i := range []string{"A", "B", "K"} {
		rows = append(rows, r.row(event.TableItems, i, event.Row{"department": "D1"}))
	}
	rows = append(rows, r.row(event.TableItemUnits, "A·CS", event.Row{"num": "12"}))
	for _, p := range policies {
		rows = append(rows, r.row(event.TablePolicies, "LE1·"+p[0], event.Row{"value": p[1]}))
	}
	r.submit(rows...)
}

// positions lists what is not zero.
func (r *rig) positions() string {
	r.t.Helper()
	all, _, err := r.owner.Positions(r.t.Context(), "", "")
	if err != nil {
		r.t.Fatal(err)
	}
	var lines []string
	for _, p := range all {
		if p.Quantity != 0 {
			words := []string{string(p.Item) + "@" + string(p.Location), string(p.Bucket)}
			if p.Owner != "" {
				words = append(words, string(p.Owner))
			}
			lines = append(lines, strings.Join(append(words, p.Quantity.String()), " ")+"\n")
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// TestCatalogue moves stock as the column "Stock Δ" of the rule book says (A4 to A8): in the
// order of the file, backwards, and shuffled with every fact delivered twice (INV-01 to INV-04,
// INV-31). What is derived comes out the same, too.
func TestCatalogue(t *testing.T) {
	files, err := filepath.Glob("testdata/catalogue/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no scenarios: %v", err)
	}
	for _, file := range files {
		s := readScenario(t, file)
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			s.run(t, s.events, true)
			if s.ordered {
				return
			}
			backwards := slices.Clone(s.events)
			slices.Reverse(backwards)
			s.run(t, backwards, false)
			for seed := range uint64(2) {
				random := rand.New(rand.NewPCG(seed, 1))
				twice := slices.Concat(s.events, s.events)
				random.Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
				s.run(t, twice, false)
			}
		})
	}
}

func (s scenario) run(t *testing.T, events []*event.Event, asWritten bool) {
	t.Helper()
	r := newRig(t)
	r.world(s.policies)
	r.submit(s.opening...)
	for i, a := range r.submit(events...) {
		if a.Status != record.Accepted && a.Status != record.Duplicate {
			t.Errorf("%s %s: got %s %s: %s", events[i].Type(), events[i].Key, a.Status, a.Code, a.Detail)
		}
	}
	r.submit(r.row(event.TableItems, "last", event.Row{"department": "D1"})) // what waited is released before it
	order := func() string {
		var keys []string
		for _, e := range events {
			keys = append(keys, string(e.Type())+" "+e.Key)
		}
		return strings.Join(keys, "\n  ")
	}
	if got := r.positions(); got != s.positions {
		t.Errorf("got\n%swant\n%safter\n  %s", got, s.positions, order())
	}
	if !asWritten {
		return
	}
	if got := r.exceptions(); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(s.exceptions))) {
		t.Errorf("got the exceptions %q, want %q", got, s.exceptions)
	}
}

// Every kind that comes from outside is in a scenario, so that none is without a stock effect
// by mistake.
func TestEveryKindHasAScenario(t *testing.T) {
	files, err := filepath.Glob("testdata/catalogue/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	seen := map[event.Type]bool{}
	for _, file := range files {
		s := readScenario(t, file)
		for _, e := range slices.Concat(s.opening, s.events) {
			seen[e.Type()] = true
		}
	}
	for _, own := range []event.Type{"reference_set", "approval_given", "period_run_requested", "lines_released", "reservation_expired", "count_recomputed"} {
		seen[own] = true // made by Heddle itself; tests of their own
	}
	for _, k := range event.Kinds() {
		if !seen[k.Type] {
			t.Errorf("no scenario has %s", k.Type)
		}
	}
}

// The adjustment of a count is the counted quantity less the book, whatever came late (INV-31).
func TestCountsAreRecomputed(t *testing.T) {
	s := readScenario(t, "testdata/catalogue/counting.txt")
	for seed := range uint64(20) {
		random := rand.New(rand.NewPCG(seed, 2))
		events := slices.Clone(s.events)
		random.Shuffle(len(events), func(i, j int) { events[i], events[j] = events[j], events[i] })
		r := newRig(t)
		r.world(nil)
		r.submit(s.opening...)
		r.submit(events...)
		var adjusted int64
		var keys []string
		for p := int64(1); p <= r.owner.Position(); p++ {
			rec, err := r.owner.Record(t.Context(), p)
			if err != nil {
				t.Fatal(err)
			}
			switch d := rec.Event.Data.(type) {
			case *event.CountAdjusted, *event.CountRecomputed:
				for _, m := range rec.Outcome.Moves {
					adjusted += int64(m.Quantity)
				}
				keys = append(keys, string(rec.Event.Type())+" "+rec.Event.Key)
				if c, ok := d.(*event.CountRecomputed); ok && cmp.Compare(c.Cause, rec.Position) >= 0 {
					t.Errorf("%s comes before its cause %s", rec.Event.Key, strconv.FormatInt(c.Cause, 10))
				}
			}
		}
		// 20 in, 2 and 1 sold before the cut-offs: counted 17 and then 15 makes −1 and −1.
		if adjusted != -2000 {
			t.Errorf("seed %d: the adjustments come to %d thousandths, want -2000: %v", seed, adjusted, keys)
		}
	}
}

// What is to come can be promised from the day on which it is expected (A2), less what waits
// for it already, as far as the policy trusts it.
func TestATP(t *testing.T) {
	r := newRig(t)
	r.world([][2]string{{"atp_confidence", "0.9"}})
	file := readScenario(t, "testdata/catalogue/purchasing.txt")
	r.submit(file.events[:4]...) // 12 ordered for 22 July, 7 of them announced for the 21st, 6 came
	r.submit(readFact(t, "reservation_made", `R1 {"reservation":"R1","item":"A","location":"W1","quantity":"8"}`))
	for _, c := range []struct {
		day  string
		want int64
	}{
		{"2026-07-20", 6 - 8},
		{"2026-07-21", 6 + 0 - 8}, // 0.9 of the one that is left of the shipment
		{"2026-07-22", 6 + 5 - 8}, // 0.9 of six
	} {
		day, err := retail.ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := r.owner.Available(t.Context(), []stock.Place{{Item: "A", Location: "W1"}}, "", day)
		if err != nil {
			t.Fatal(err)
		}
		if *got[0].ATP != retail.Units(c.want) || *got[0].OnOrder != retail.Units(6) || *got[0].InTransit != 0 {
			t.Errorf("%s: got %s promised, %s on order, %s in transit; want %d, 6, 0", c.day, *got[0].ATP, *got[0].OnOrder, *got[0].InTransit, c.want)
		}
	}
}

// A higher version replaces what the lower one did, whatever kind of sums it changed (L7).
func TestRevisions(t *testing.T) {
	for _, c := range []struct{ name, first, second, want string }{
		{"a sale", `sale S1·1 v1 {"location":"S1","till":"1","currency":"USD","lines":[{"line":"1","item":"A","quantity":"3","gross":$30.00,"net":$30.00}],"total":$30.00}`,
			`sale S1·1 v2 {"location":"S1","till":"1","currency":"USD","lines":[{"line":"1","item":"B","quantity":"1","gross":$30.00,"net":$30.00}],"total":$30.00}`, "B@S1 SELLABLE -1\n"},
		{"an order line", `po_approved PO·1 v1 {"order":"PO","line":"1","vendor":"V","item":"A","location":"W1","quantity":"10"}`,
			`po_approved PO·1 v2 {"order":"PO","line":"1","vendor":"V","item":"A","location":"W1","quantity":"4"}`, "A@W1 ON_ORDER 4\n"},
		{"a receipt", `po_received R·1 v1 {"receipt":"R","line":"1","purchase_order":{"type":"purchase_order","id":"PO·1"},"item":"A","location":"W1","quantity":"10"}`,
			`po_received R·1 v2 {"receipt":"R","line":"1","purchase_order":{"type":"purchase_order","id":"PO·1"},"item":"A","location":"W1","quantity":"6"}`, "A@W1 SELLABLE 6\n"},
		{"a count", `count_adjusted C·1 v1 {"count":"C","line":"1","item":"A","location":"S1","bucket":"SELLABLE","cutoff_time":"2026-07-02T12:00:00Z","counted":"17"}`,
			`count_adjusted C·1 v2 {"count":"C","line":"1","item":"A","location":"S1","bucket":"SELLABLE","cutoff_time":"2026-07-02T12:00:00Z","counted":"0"}`, ""},
		{"a transfer", `transfer_shipped T·S·1 v1 {"transfer":"T","shipment":"S","line":"1","item":"A","location":"S1","to":"S2","quantity":"3"}`,
			`transfer_shipped T·S·1 v2 {"transfer":"T","shipment":"S","line":"1","item":"A","location":"S1","to":"S2","quantity":"2"}`, "A@S1 SELLABLE -2\nA@S2 IN_TRANSIT 2\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, order := range [][]string{{c.first, c.second}, {c.second, c.first}, {c.first, c.second, c.first, c.second}} {
				r := newRig(t)
				r.world(nil)
				for _, line := range order {
					name, rest, _ := strings.Cut(line, " ")
					r.submit(readFact(t, name, rest))
				}
				if got := r.positions(); got != c.want {
					t.Errorf("%d deliveries: got\n%swant\n%s", len(order), got, c.want)
				}
			}
		})
	}
}

// A transaction of another day cannot be voided any more: nothing moves, and finance has to
// look at it (A9).
// reproduces: V-VOID-01
func TestAVoidOfAnotherDay(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	r.tell(
		`sale S1·3 @2026-07-08T10:00:00Z {"aliases":[{"type":"till_transaction","id":"S1·3"}],"location":"S1","till":"1","currency":"USD","lines":[{"line":"1","item":"A","quantity":"1","gross":$10.00,"net":$10.00}],"total":$10.00}`,
		`post_void S1·4 {"location":"S1","till":"1","original":{"type":"till_transaction","id":"S1·3"}}`,
	)
	if got, want := r.positions(), "A@S1 SELLABLE -1\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if !slices.Contains(r.exceptions(), string(fault.VoidRefused)+" S1·4") {
		t.Errorf("got %v, want %s", r.exceptions(), fault.VoidRefused)
	}
}
