package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
)

// book books a file without a policy.
func book(t *testing.T, events string) *app.Booked {
	t.Helper()
	b, err := app.BookEvents(t.Context(), strings.NewReader(events), nil)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func balanceOf(t *testing.T, b *app.Booked) string {
	t.Helper()
	var out bytes.Buffer
	if err := b.TrialBalance.WriteText(&out); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// workedExample reads a worked example of the rule book, and leaves out what drop says.
func workedExample(t *testing.T, name string, drop string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "booking", "testdata", "golden", name+".jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	var kept strings.Builder
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, `{"step"`) && (drop == "" || !strings.Contains(line, drop)) {
			kept.WriteString(line)
		}
	}
	return kept.String()
}

// TestBookWorkedExample books the rule book's key example with its own reference data, and
// without any: what is assumed gives the same balances.
func TestBookWorkedExample(t *testing.T) {
	const want = `LE1 USD              debit  credit
BANK                 44.84
INVENTORY           294.60
TAX_PAYABLE[CITY]             0.87
TAX_PAYABLE[STATE]            2.73
OPENING_EQUITY              316.00
SALES_REVENUE                79.99
SALES_DISCOUNT       10.00
SALES_RETURNS        26.25
COGS                 21.40
MERCHANT_FEES         2.50
Σ                   399.59  399.59
`
	for _, c := range []struct{ name, drop string }{{"its own reference data", ""}, {"none", "retail.reference_set"}} {
		t.Run(c.name, func(t *testing.T) {
			b := book(t, workedExample(t, "E01", c.drop))
			if got := balanceOf(t, b); got != want {
				t.Errorf("got\n%swant\n%s", got, want)
			}
			if !b.Complete() {
				t.Errorf("not complete: %v", b.Problems())
			}
			if assumed := len(b.Assumed) > 0; assumed != (c.drop != "") {
				t.Errorf("assumed %v", b.Assumed)
			}
		})
	}
}

// TestBookTwice books a file that holds everything twice: the second time changes nothing.
func TestBookTwice(t *testing.T) {
	once := workedExample(t, "E01", "")
	first, twice := book(t, once), book(t, once+once)
	if got, want := balanceOf(t, twice), balanceOf(t, first); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if len(twice.Entries) != len(first.Entries) || len(twice.Faults) != 0 {
		t.Errorf("%d entries and %v, want %d and none", len(twice.Entries), twice.Faults, len(first.Entries))
	}
}

const reservation = `{"specversion":"1.0","id":"ID","source":"oms/main","type":"retail.reservation_made.v1","subject":"ID","time":"TIME","data":{"reservation":"ID","item":"A","location":"S1","quantity":"1","expires_at":"2026-06-01T10:00:00Z"}}
`

// TestBookClock says what time it is in a file: that of the latest event so far. A claim
// that expired by it is not there to be allocated any more.
func TestBookClock(t *testing.T) {
	const opening = `{"specversion":"1.0","id":"1","source":"csv/main","type":"retail.stock_adjusted.v1","subject":"O·1","time":"2026-06-01T08:00:00Z","data":{"adjustment":"O","line":"1","item":"A","location":"S1","bucket":"SELLABLE","quantity":"1","reason":"OPENING_LOAD","value":{"amount":"4.00","currency":"USD"}}}
`
	claim := func(id, at string) string {
		return strings.NewReplacer("ID", id, "TIME", at).Replace(reservation)
	}
	second := func(at string) string {
		return strings.Replace(claim("R2", at), "10:00:00Z\"}}", "20:00:00Z\"}}", 1)
	}
	for _, c := range []struct {
		name, at string
		full     bool
	}{
		{"before it expires", "2026-06-01T10:04:59Z", true},
		{"after it has expired", "2026-06-01T10:05:00Z", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := book(t, opening+claim("R1", "2026-06-01T09:00:00Z")+second(c.at))
			full := false
			for _, item := range b.Open {
				full = full || item.Code == fault.ClaimsExceed
			}
			if full != c.full {
				t.Errorf("more claimed than there is: %v, want %v; %v", full, c.full, b.Problems())
			}
		})
	}
}

// TestBookNothing books a file without events.
func TestBookNothing(t *testing.T) {
	b := book(t, "\n")
	if len(b.Entries) != 0 || len(b.Assumed) != 0 || !b.Complete() {
		t.Errorf("%+v", b)
	}
}

// TestParsePolicy reads the sections of a policy and reports what is wrong at its line.
func TestParsePolicy(t *testing.T) {
	const good = "policies:\n  LE1: {functional_currency: EUR}\n"
	for _, c := range []struct{ name, text, want string }{
		{"sections only", good, ""},
		{"a whole configuration", "environment: production\ntenant: acme\n" + good, ""},
		{"an unknown section", good + "policy: {}\n", "line 3: policy: "},
		{"an unknown column", "reference:\n  items:\n    - {key: A, colour: red}\n", "line 3: reference.items[0].colour: "},
	} {
		t.Run(c.name, func(t *testing.T) {
			config, problems := app.ParsePolicy([]byte(c.text))
			switch {
			case c.want == "" && (len(problems) > 0 || config.Policies["LE1"]["functional_currency"] != "EUR"):
				t.Errorf("got %v", problems)
			case c.want != "" && (len(problems) != 1 || !strings.HasPrefix(problems[0].String(), c.want)):
				t.Errorf("got %v, want %s", problems, c.want)
			}
		})
	}
}
