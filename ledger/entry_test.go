package ledger_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"math/rand"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

func dim(name ledger.DimName, value string) ledger.Dim { return ledger.Dim{Name: name, Value: value} }

// anyChart maps every role to an account of its name.
func anyChart(t testing.TB) *ledger.Chart {
	t.Helper()
	chart := ledger.NewChart()
	if err := chart.Set("*·*", 0, ledger.Account{Code: "{role}"}); err != nil {
		t.Fatal(err)
	}
	return chart
}

// capture is a P16 with every kind of line: keyed, with several dimensions, on both sides.
func capture() ledger.Proposal {
	return ledger.Proposal{
		Unit:     ledger.UnitID{Event: "0198c0de-0000-8000-8000-000000000001", Revision: 0, Template: "P16", Entity: "LE1", Leg: ledger.LegTender},
		Version:  1,
		Position: 42,
		Dates:    ledger.Dates{Accounting: 20260701, Business: 20260630, TaxPoint: 20260630},
		Currency: "USD", Functional: "USD", Channel: "ONLINE",
		Lines: []ledger.Line{
			ledger.Post(ledger.Cr, ledger.TaxDeferred, 140, dim(ledger.DimOrder, "O1"), dim(ledger.DimJurisdiction, "CITY")).Keyed("O1·CITY"),
			ledger.Post(ledger.Cr, ledger.ContractLiability, 6999, dim(ledger.DimOrder, "O1")).Keyed("O1"),
			ledger.Post(ledger.Cr, ledger.TaxDeferred, 437, dim(ledger.DimOrder, "O1"), dim(ledger.DimJurisdiction, "STATE")).Keyed("O1·STATE"),
			ledger.Post(ledger.Dr, ledger.TenderClearing, 7576, dim(ledger.DimTender, "CARD"), dim(ledger.DimProcessor, "psp")).Keyed("CARD·psp·ch_1"),
		},
	}
}

func mustEntry(t testing.TB, p ledger.Proposal) *ledger.Entry {
	t.Helper()
	e, err := ledger.NewEntry(p, anyChart(t))
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// reproduces: V-BAL-03, V-MAP-02, V-CUR-02
func TestNewEntryRefuses(t *testing.T) {
	wider := func(change func(p *ledger.Proposal)) ledger.Proposal {
		p := capture()
		change(&p)
		return p
	}
	cases := []struct {
		name string
		p    ledger.Proposal
		want fault.Code
	}{
		{"a cent is missing", wider(func(p *ledger.Proposal) { p.Lines[0].Minor-- }), fault.EntryUnbalanced},
		{"both sides of one line", wider(func(p *ledger.Proposal) { p.Lines[0].Side = "Dr/Cr" }), fault.EntryUnbalanced},
		{"a negative amount", wider(func(p *ledger.Proposal) { p.Lines[3].Minor, p.Lines[3].Side = -7576, ledger.Cr }), fault.EntryUnbalanced},
		{"no lines", wider(func(p *ledger.Proposal) { p.Lines = nil }), fault.EntryUnbalanced},
		{"lines of zero only", wider(func(p *ledger.Proposal) {
			for i := range p.Lines {
				p.Lines[i].Minor = 0
			}
		}), fault.EntryUnbalanced},
		{"too many lines", wider(func(p *ledger.Proposal) {
			for len(p.Lines) <= 500 {
				p.Lines = append(p.Lines, p.Lines[0].Mirror(), p.Lines[0])
			}
		}), fault.EntryUnbalanced},
		{"an amount beyond the limit", wider(func(p *ledger.Proposal) { p.Lines[3].Minor = money.MaxMinor + 1 }), fault.NotRepresentable},
		{"no jurisdiction", wider(func(p *ledger.Proposal) { p.Lines[0].Dims = ledger.NewDims(dim(ledger.DimOrder, "O1")) }), fault.NoDimension},
		{"an empty jurisdiction", wider(func(p *ledger.Proposal) { p.Lines[0].Dims[0].Value = "" }), fault.NoDimension},
		{"no clearing key", wider(func(p *ledger.Proposal) { p.Lines[0].Key = "" }), fault.NoDimension},
		{"a key where nothing clears", wider(func(p *ledger.Proposal) {
			p.Lines[1].Role = ledger.OpeningEquity
		}), fault.EntryUnbalanced},
		{"an unknown role", wider(func(p *ledger.Proposal) { p.Lines[1].Role = "PETTY_CASH" }), fault.NoAccount},
		{"an unknown currency", wider(func(p *ledger.Proposal) { p.Currency, p.Functional = "XXQ", "XXQ" }), fault.CurrencyUnknown},
		{"a foreign amount without rate", wider(func(p *ledger.Proposal) { p.Functional = "EUR" }), fault.RateMissing},
		{"balanced, but not in functional currency", wider(func(p *ledger.Proposal) {
			p.Functional = "EUR"
			p.Lines[3].Functional, p.Lines[1].Functional = 7000, 6999
		}), fault.EntryUnbalanced},
		{"balanced in functional currency only", wider(func(p *ledger.Proposal) {
			p.Functional = "JPY"
			for i := range p.Lines {
				p.Lines[i].Functional = p.Lines[i].Minor
			}
			p.Lines[0].Minor--
		}), fault.EntryUnbalanced},
		{"accounted before it happened", wider(func(p *ledger.Proposal) { p.Dates.Accounting = 20260629 }), fault.EntryUnbalanced},
		{"no tax point", wider(func(p *ledger.Proposal) { p.Dates.TaxPoint = 0 }), fault.EntryUnbalanced},
		{"no template version", wider(func(p *ledger.Proposal) { p.Version = 0 }), fault.EntryUnbalanced},
		{"an unknown leg", wider(func(p *ledger.Proposal) { p.Unit.Leg = "STOCK" }), fault.EntryUnbalanced},
		{"an entity that would split the unit's id", wider(func(p *ledger.Proposal) { p.Unit.Entity = "LE·1" }), fault.EntryUnbalanced},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			e, err := ledger.NewEntry(c.p, anyChart(t))
			if !fault.HasCode(err, c.want) || e != nil {
				t.Errorf("got %v, %v, want %s", e, err, c.want)
			}
		})
	}
}

func TestZeroLinesAreDropped(t *testing.T) {
	p := capture()
	p.Lines = append(p.Lines, ledger.Post(ledger.Dr, ledger.CashRounding, 0))
	if e := mustEntry(t, p); len(e.Postings()) != 4 || e.Hash() != mustEntry(t, capture()).Hash() {
		t.Errorf("got %d postings, want 4", len(e.Postings()))
	}
}

// TestAmountBelowZeroTurns: a line is never negative, it stands on the other side.
func TestAmountBelowZeroTurns(t *testing.T) {
	got := ledger.Post(ledger.Cr, ledger.CashRounding, -2)
	if got.Side != ledger.Dr || got.Minor != 2 || got.Signed() != 2 || got.Mirror().Signed() != -2 {
		t.Errorf("got %+v", got)
	}
}

// TestBalancedOrNot is INV-06: whatever the lines, an entry exists if and only if its sides
// are equal.
func TestBalancedOrNot(t *testing.T) {
	chart := anyChart(t)
	rapid.Check(t, func(t *rapid.T) {
		p := capture()
		p.Lines = nil
		var sum int64
		for _, minor := range rapid.SliceOfN(rapid.Int64Range(-1000, 1000), 1, 8).Draw(t, "amounts") {
			p.Lines = append(p.Lines, ledger.Post(ledger.Dr, ledger.CashRounding, minor))
			sum += minor
		}
		plug := rapid.SampledFrom([]int64{sum, sum, sum + 1, sum - 1}).Draw(t, "plug")
		p.Lines = append(p.Lines, ledger.Post(ledger.Cr, ledger.OpeningEquity, plug))
		e, err := ledger.NewEntry(p, chart)
		if plug != sum {
			if !fault.HasCode(err, fault.EntryUnbalanced) {
				t.Fatalf("got %v, %v", e, err)
			}
			return
		}
		if err != nil {
			if sum != 0 || !fault.HasCode(err, fault.EntryUnbalanced) || len(nonZero(p.Lines)) > 0 {
				t.Fatal(err)
			}
			return
		}
		var left int64
		for _, posting := range e.Postings() {
			left += posting.Signed()
			if posting.Minor <= 0 {
				t.Fatalf("a posting of %d", posting.Minor)
			}
		}
		if left != 0 {
			t.Fatalf("an entry that is %d out of balance exists", left)
		}
	})
}

func nonZero(lines []ledger.Line) []ledger.Line {
	return slices.DeleteFunc(slices.Clone(lines), func(l ledger.Line) bool { return l.Minor == 0 })
}

// TestHashVectors fixes ids and hashes for ever (rule book 0.4): an entry that was booked
// years ago has to come out the same.
func TestHashVectors(t *testing.T) {
	sale := capture()
	sale.Unit = ledger.UnitID{Event: "0198c0de-0000-8000-8000-000000000002", Revision: 3, Template: "P01", Entity: "LE2", Leg: ledger.LegRevenue, Line: "2·a"}
	sale.Version, sale.Currency, sale.Functional = 2, "KWD", "USD"
	sale.Lines = []ledger.Line{
		{Role: ledger.TenderClearing, Side: ledger.Dr, Minor: 9900, Functional: 3201, Key: "CASH·S1·2026-06-30",
			Dims: ledger.NewDims(dim(ledger.DimTender, "CASH"), dim(ledger.DimProcessor, "S1"))},
		{Role: ledger.SalesRevenue, Side: ledger.Cr, Minor: 9900, Functional: 3201,
			Dims: ledger.NewDims(dim(ledger.DimDepartment, "D"), dim(ledger.DimChannel, "STORE"))},
	}
	type vector struct {
		Unit    string        `json:"posting_unit_id"`
		Version int           `json:"template_version"`
		ID      ledger.Digest `json:"entry_id"`
		Hash    ledger.Digest `json:"entry_hash"`
	}
	var got []vector
	for _, p := range []ledger.Proposal{capture(), sale} {
		e := mustEntry(t, p)
		got = append(got, vector{e.Unit().String(), e.Version(), e.ID(), e.Hash()})
	}
	const file = "testdata/hashes.json"
	if *update {
		b, err := json.MarshalIndent(got, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var want []vector
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
}

// TestHashSaysWhatTheLinesSay: the order of lines does not change the hash or the document,
// anything else about a line changes the hash, and nothing but unit and version the id.
func TestHashSaysWhatTheLinesSay(t *testing.T) {
	e := mustEntry(t, capture())
	document, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	shuffled := capture()
	rand.New(rand.NewSource(1)).Shuffle(len(shuffled.Lines), func(i, j int) {
		shuffled.Lines[i], shuffled.Lines[j] = shuffled.Lines[j], shuffled.Lines[i]
	})
	again := mustEntry(t, shuffled)
	if other, _ := json.Marshal(again); again.Hash() != e.Hash() || !bytes.Equal(other, document) {
		t.Error("the order of the lines shows")
	}
	changes := map[string]func(p *ledger.Proposal){
		"entity":   func(p *ledger.Proposal) { p.Unit.Entity = "LE2" },
		"currency": func(p *ledger.Proposal) { p.Currency, p.Functional = "CAD", "CAD" },
		"dims":     func(p *ledger.Proposal) { p.Lines[3].Dims[0].Value = "other" },
		"key":      func(p *ledger.Proposal) { p.Lines[3].Key += "1" },
		"amounts":  func(p *ledger.Proposal) { p.Lines[0].Minor++; p.Lines[1].Minor-- },
		"side":     func(p *ledger.Proposal) { mirror(p.Lines) },
	}
	for name, change := range changes {
		p := capture()
		change(&p)
		if got := mustEntry(t, p); got.Hash() == e.Hash() {
			t.Errorf("another %s, the same hash", name)
		} else if (got.ID() == e.ID()) != (name != "entity") {
			t.Errorf("another %s: the id changed or did not", name)
		}
	}
	newer := capture()
	newer.Version = 2
	if got := mustEntry(t, newer); got.ID() == e.ID() || got.Hash() != e.Hash() {
		t.Error("the template's version belongs to the id and not to the hash")
	}
}

func mirror(lines []ledger.Line) {
	for i := range lines {
		lines[i] = lines[i].Mirror()
	}
}

func TestUnitID(t *testing.T) {
	for _, want := range []string{"ev·0·P17·LE1·REVENUE", "ev·12·P17·LE1·COST·till·line"} {
		u, ok := ledger.ParseUnitID(want)
		if !ok || u.String() != want {
			t.Errorf("got %q, %v, want %q", u, ok, want)
		}
	}
	for _, bad := range []string{"", "ev·0·P17·LE1", "ev·x·P17·LE1·COST", "ev·0·P17·LE1·STOCK", "·0·P17·LE1·COST", "ev·00·P17·LE1·COST", "ev·0·P17·LE1·COST·"} {
		if u, ok := ledger.ParseUnitID(bad); ok {
			t.Errorf("%q reads as %+v", bad, u)
		}
	}
}

func TestDocumentRoundTrip(t *testing.T) {
	p := capture()
	p.Store, p.Unit.Line, p.Reverses = "S1", "1", mustEntry(t, capture()).ID()
	foreign := capture()
	foreign.Functional = "JPY"
	for i := range foreign.Lines {
		foreign.Lines[i].Functional = foreign.Lines[i].Minor * 150
	}
	for _, p := range []ledger.Proposal{capture(), p, foreign} {
		e := mustEntry(t, p)
		document, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		back, err := ledger.DecodeEntry(document)
		if err != nil {
			t.Fatalf("%v\n%s", err, document)
		}
		again, err := json.Marshal(back)
		if err != nil || !bytes.Equal(document, again) {
			t.Errorf("got %s, %v\nwant %s", again, err, document)
		}
	}
}

// TestDecodeEntryRefuses changes one thing at a time in a stored entry.
//
// reproduces: H-ENTRY
func TestDecodeEntryRefuses(t *testing.T) {
	document, err := json.Marshal(mustEntry(t, capture()))
	if err != nil {
		t.Fatal(err)
	}
	changes := map[string][2]string{
		"an amount":           {`"69.99"`, `"69.98"`},
		"two amounts":         {`"69.99"`, `"1.40"`},
		"a dimension":         {`"psp"`, `"qsp"`},
		"a key":               {`"O1·STATE"`, `"O2·STATE"`},
		"a role":              {`"role":"CONTRACT_LIABILITY"`, `"role":"REFUND_PAYABLE"`},
		"the unit":            {`"leg":"TENDER"`, `"leg":"COST"`},
		"the template":        {`"template":"P16"`, `"template":"P17"`},
		"the version":         {`"template_version":1`, `"template_version":2`},
		"the ledger":          {`"ledger":"MAIN"`, `"ledger":"SIDE"`},
		"an unknown member":   {`"leg":`, `"legs":1,"leg":`},
		"a line on two sides": {`"credit":"69.99"`, `"credit":"69.99","debit":"69.99"`},
		"a line on no side":   {`"credit":"69.99",`, ``},
		"a zero line":         {`"lines":[`, `"lines":[{"account":"X","credit":"0.00","role":"CASH_ROUNDING"},`},
		"something behind it": {`"template_version":1}`, `"template_version":1} {}`},
		"lines out of order":  {`"lines":[{`, `"lines":[{"account":"Y","debit":"0.01","role":"CASH_ROUNDING"},{"account":"X","credit":"0.01","role":"CASH_ROUNDING"},{`},
		"no JSON":             {`{"acc`, `{acc`},
	}
	for name, change := range changes {
		text := strings.Replace(string(document), change[0], change[1], 1)
		if text == string(document) {
			t.Fatalf("%s: nothing changed in %s", name, document)
		}
		if e, err := ledger.DecodeEntry([]byte(text)); !fault.HasCode(err, fault.EntryCorrupt) || e != nil {
			t.Errorf("%s: got %v, %v, want H-ENTRY", name, e, err)
		}
	}
}

func FuzzDecodeEntry(f *testing.F) {
	document, err := json.Marshal(mustEntry(f, capture()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(document)
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		e, err := ledger.DecodeEntry(b)
		if err != nil {
			var known *fault.Error
			if !errors.As(err, &known) {
				t.Fatalf("%v is no fault", err)
			}
			return
		}
		again, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := ledger.DecodeEntry(again); err != nil {
			t.Fatal(err)
		}
	})
}

func TestDigestText(t *testing.T) {
	d := mustEntry(t, capture()).ID()
	if back, err := ledger.ParseDigest(d.String()); err != nil || back != d || back.IsZero() {
		t.Errorf("got %v, %v", back, err)
	}
	for _, bad := range []string{"", "ab", strings.ToUpper(d.String()), d.String() + "00", strings.Repeat("g", 64)} {
		if _, err := ledger.ParseDigest(bad); err == nil {
			t.Errorf("%q reads as a digest", bad)
		}
	}
}

func TestRolesAreComplete(t *testing.T) {
	seen := map[ledger.Role]bool{}
	for _, r := range ledger.Roles() {
		if seen[r.Role] || !slices.Contains([]ledger.Type{ledger.Asset, ledger.Liability, ledger.Equity, ledger.Income, ledger.Expense}, r.Type) {
			t.Errorf("%s stands twice or has no type", r.Role)
		}
		seen[r.Role] = true
		if r.Shown != "" && !slices.Contains(r.Dims, r.Shown) {
			t.Errorf("%s shows %s, which a line may lack", r.Role, r.Shown)
		}
		if strings.Contains(string(r.Role), retail.Sep) {
			t.Errorf("%s would split a key", r.Role)
		}
	}
}
