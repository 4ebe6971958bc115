package ledger_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
)

// books returns a capture, its fulfilment but for a cent, and a sale in another currency
// and entity.
func books(t testing.TB) []*ledger.Entry {
	t.Helper()
	pickup := capture()
	pickup.Unit.Template, pickup.Unit.Leg, pickup.Unit.Line, pickup.Position = "P17", ledger.LegRevenue, "1", 43
	pickup.Lines = []ledger.Line{
		ledger.Post(ledger.Dr, ledger.ContractLiability, 6998, dim(ledger.DimOrder, "O1")).Keyed("O1"),
		ledger.Post(ledger.Dr, ledger.TaxDeferred, 437, dim(ledger.DimOrder, "O1"), dim(ledger.DimJurisdiction, "STATE")).Keyed("O1·STATE"),
		ledger.Post(ledger.Dr, ledger.TaxDeferred, 140, dim(ledger.DimOrder, "O1"), dim(ledger.DimJurisdiction, "CITY")).Keyed("O1·CITY"),
		ledger.Post(ledger.Dr, ledger.SalesDiscount, 1000, dim(ledger.DimFunding, "STORE")),
		ledger.Post(ledger.Cr, ledger.SalesRevenue, 7998, dim(ledger.DimChannel, "ONLINE"), dim(ledger.DimDepartment, "D1")),
		ledger.Post(ledger.Cr, ledger.TaxPayable, 437, dim(ledger.DimJurisdiction, "STATE"), dim(ledger.DimTaxCode, "STANDARD")),
		ledger.Post(ledger.Cr, ledger.TaxPayable, 140, dim(ledger.DimJurisdiction, "CITY"), dim(ledger.DimTaxCode, "STANDARD")),
	}
	cash := capture()
	cash.Unit.Template, cash.Unit.Entity, cash.Currency, cash.Functional, cash.Position = "P01", "LE2", "KWD", "KWD", 44
	cash.Lines = []ledger.Line{
		ledger.Post(ledger.Dr, ledger.TenderClearing, 9900, dim(ledger.DimTender, "CASH"), dim(ledger.DimProcessor, "S: 1")).Keyed("CASH·S: 1·2026-06-30"),
		ledger.Post(ledger.Dr, ledger.SalesDiscount, 100, dim(ledger.DimFunding, "STORE")),
		ledger.Post(ledger.Cr, ledger.SalesRevenue, 10000, dim(ledger.DimChannel, "STORE"), dim(ledger.DimDepartment, "D1")),
	}
	return []*ledger.Entry{mustEntry(t, cash), mustEntry(t, pickup), mustEntry(t, capture())}
}

func golden(t *testing.T, file, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestTrialBalance(t *testing.T) {
	tb := ledger.TrialBalanceOf(books(t))
	var text bytes.Buffer
	if err := tb.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/trial_balance.txt", text.String())
	document, err := json.Marshal(tb)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "testdata/trial_balance.json", string(document)+"\n")
	for _, total := range tb.Totals() {
		if !total.Balanced() {
			t.Errorf("%+v", total)
		}
	}
}

// TestBalancesAreCounters: adding up what each entry says, in any order and through the
// keys of a store, gives the same trial balance and the same open items.
func TestBalancesAreCounters(t *testing.T) {
	entries := books(t)
	balances, open := map[string]int64{}, map[string]int64{}
	for _, e := range slices.Backward(entries) {
		for _, b := range e.Balances() {
			balances[b.String()] += b.Minor
		}
		for _, o := range e.Clearing() {
			open[o.String()] += o.Minor
		}
	}
	var rows []ledger.Balance
	for key, minor := range balances {
		k, ok := ledger.ParseBalanceKey(key)
		if !ok {
			t.Fatalf("%q does not read", key)
		}
		rows = append(rows, ledger.Balance{BalanceKey: k, Minor: minor})
	}
	want := ledger.TrialBalanceOf(entries).Rows()
	if got := ledger.NewTrialBalance(rows).Rows(); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	var items []ledger.Open
	for key, minor := range open {
		k, ok := ledger.ParseClearingKey(key)
		if !ok {
			t.Fatalf("%q does not read", key)
		}
		items = append(items, ledger.Open{ClearingKey: k, Minor: minor})
	}
	got := ledger.OpenItems(items)
	wantOpen := []ledger.Open{
		{ClearingKey: ledger.ClearingKey{Entity: "LE1", Currency: "USD", Role: ledger.TenderClearing, Key: "CARD·psp·ch_1"}, Minor: 7576},
		{ClearingKey: ledger.ClearingKey{Entity: "LE1", Currency: "USD", Role: ledger.ContractLiability, Key: "O1"}, Minor: -1},
		{ClearingKey: ledger.ClearingKey{Entity: "LE2", Currency: "KWD", Role: ledger.TenderClearing, Key: "CASH·S: 1·2026-06-30"}, Minor: 9900},
	}
	if !slices.Equal(got, wantOpen) {
		t.Errorf("got %v\nwant %v", got, wantOpen)
	}
	for _, bad := range []string{"", "LE1", "LE1·USD", "LE1·USD·BANK"} {
		if k, ok := ledger.ParseClearingKey(bad); ok {
			t.Errorf("%q reads as %v", bad, k)
		}
	}
}

func TestNotation(t *testing.T) {
	all := books(t)
	for _, c := range []struct {
		entries []*ledger.Entry
		want    string
	}{
		{nil, "–"},
		{all[2:], "Dr TENDER_CLEARING[CARD] 75.76 / Cr CONTRACT_LIABILITY 69.99; TAX_DEFERRED[CITY] 1.40; TAX_DEFERRED[STATE] 4.37"},
		{[]*ledger.Entry{all[2], all[2]}, "Dr TENDER_CLEARING[CARD] 151.52 / Cr CONTRACT_LIABILITY 139.98; TAX_DEFERRED[CITY] 2.80; TAX_DEFERRED[STATE] 8.74"},
	} {
		if got := ledger.Notation(c.entries); got != c.want {
			t.Errorf("got  %s\nwant %s", got, c.want)
		}
	}
}

// TestHledger writes the books in both namings. Where hledger is installed, it has to accept
// them in its strict mode and come to the same balances.
func TestHledger(t *testing.T) {
	for name, names := range map[string]ledger.HledgerAccounts{"roles": ledger.HledgerRoles, "codes": ledger.HledgerCodes} {
		t.Run(name, func(t *testing.T) {
			var journal bytes.Buffer
			w := ledger.NewHledgerWriter(&journal, names)
			entries := books(t)
			for _, e := range slices.SortedFunc(slices.Values(entries), ledger.Compare) {
				if err := w.Write(e); err != nil {
					t.Fatal(err)
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			golden(t, "testdata/hledger_"+name+".journal", journal.String())
			hledger(t, journal.String(), "check", "--strict", "payees")
			if name != "roles" {
				return
			}
			var want strings.Builder
			for _, r := range ledger.TrialBalanceOf(entries).Rows() {
				account := strings.TrimSuffix(strings.Replace(r.Shown, "[", ":", 1), "]")
				want.WriteString(`"` + string(r.Entity) + ":" + account + `","` + money.Of(r.Minor, r.Currency).String() + `"` + "\n")
			}
			got := strings.Split(strings.TrimSpace(hledger(t, journal.String(), "balance", "--flat", "-N", "-O", "csv")), "\n")[1:]
			lines := strings.Split(strings.TrimSpace(want.String()), "\n")
			slices.Sort(got)
			slices.Sort(lines)
			if !slices.Equal(got, lines) {
				t.Errorf("hledger says\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(lines, "\n"))
			}
		})
	}
}

// hledger runs hledger on a journal; without it the test stops there.
func hledger(t *testing.T, journal string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath("hledger")
	if err != nil {
		t.Skip("hledger is not installed")
	}
	cmd := exec.CommandContext(t.Context(), path, append([]string{"-f", "-"}, args...)...)
	cmd.Stdin = strings.NewReader(journal)
	cmd.Env = append(os.Environ(), "LC_ALL=C.UTF-8")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("hledger %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func TestHledgerNames(t *testing.T) {
	p := capture()
	p.Unit.Event, p.Unit.Line, p.Unit.Entity = "ev", "a,b;c|d\ne", "LE 1 (main): *x"
	p.Currency, p.Functional = "JPY", "JPY"
	var journal bytes.Buffer
	w := ledger.NewHledgerWriter(&journal, ledger.HledgerRoles)
	if err := w.Write(mustEntry(t, p)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	hledger(t, journal.String(), "check", "--strict", "payees")
}

func TestHledgerReportsItsWriter(t *testing.T) {
	w := ledger.NewHledgerWriter(full{}, ledger.HledgerRoles)
	e := mustEntry(t, capture())
	var err error
	for i := 0; i < 100 && err == nil; i++ {
		err = w.Write(e)
	}
	if err == nil || w.Close() == nil {
		t.Error("a full disk goes unnoticed")
	}
}

// full is a writer that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, os.ErrClosed }
