package ledger_test

import (
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/retail"
)

// reproduces: V-MAP-01
func TestChartResolves(t *testing.T) {
	chart := ledger.NewChart()
	for _, row := range []struct {
		key     string
		from    retail.Date
		account ledger.Account
	}{
		{"*·*", 0, ledger.Account{Code: "9-{role}", Name: "Everything else"}},
		{"*·TAX_PAYABLE", 0, ledger.Account{Code: "2200", Name: "Tax {jurisdiction}"}},
		{"*·TAX_PAYABLE·jurisdiction=CITY", 0, ledger.Account{Code: "2210"}},
		{"*·TAX_PAYABLE·jurisdiction=CITY·tax_code=REDUCED", 0, ledger.Account{Code: "2211"}},
		{"*·TAX_PAYABLE·tax_code=EXEMPT", 0, ledger.Account{Code: "2290"}},
		{"LE1·COGS", 20260101, ledger.Account{Code: "5000"}},
		{"LE1·COGS", 20260701, ledger.Account{Code: "5001"}},
		{"LE1·COGS", 20261001, ledger.Account{}},
		{"LE2·*", 0, ledger.Account{Code: "{role}-2"}},
		{"LE1·TENDER_CLEARING", 0, ledger.Account{Code: "10-{tender}-{processor}", Name: "Tenders {tender}"}},
		{"LE3·TENDER_CLEARING", 0, ledger.Account{Code: "10-{tender}"}},
	} {
		if err := chart.Set(row.key, row.from, row.account); err != nil {
			t.Fatalf("%s: %v", row.key, err)
		}
	}
	tax := func(jurisdiction, code string) ledger.Dims {
		return ledger.NewDims(dim(ledger.DimTaxCode, code), dim(ledger.DimJurisdiction, jurisdiction))
	}
	cases := []struct {
		name   string
		entity retail.EntityID
		role   ledger.Role
		dims   ledger.Dims
		day    retail.Date
		want   ledger.Account
		code   fault.Code
	}{
		{"the role's row", "LE1", ledger.TaxPayable, tax("STATE", "STANDARD"), 20260630, ledger.Account{Code: "2200", Name: "Tax STATE"}, ""},
		{"a dimension is more specific", "LE1", ledger.TaxPayable, tax("CITY", "STANDARD"), 20260630, ledger.Account{Code: "2210"}, ""},
		{"two dimensions are more so", "LE1", ledger.TaxPayable, tax("CITY", "REDUCED"), 20260630, ledger.Account{Code: "2211"}, ""},
		{"two rows fit equally well", "LE1", ledger.TaxPayable, tax("CITY", "EXEMPT"), 20260630, ledger.Account{}, fault.NoAccount},
		{"the wildcard of roles", "LE1", ledger.OpeningEquity, nil, 20260630, ledger.Account{Code: "9-OPENING_EQUITY", Name: "Everything else"}, ""},
		{"the entity's own wildcard comes first", "LE2", ledger.TaxPayable, tax("CITY", "STANDARD"), 20260630, ledger.Account{Code: "TAX_PAYABLE-2"}, ""},
		{"before the row began", "LE1", ledger.COGS, nil, 20251231, ledger.Account{Code: "9-COGS", Name: "Everything else"}, ""},
		{"on its first day", "LE1", ledger.COGS, nil, 20260101, ledger.Account{Code: "5000"}, ""},
		{"on its last day", "LE1", ledger.COGS, nil, 20260630, ledger.Account{Code: "5000"}, ""},
		{"after it changed", "LE1", ledger.COGS, nil, 20260930, ledger.Account{Code: "5001"}, ""},
		{"after it ended", "LE1", ledger.COGS, nil, 20261001, ledger.Account{Code: "9-COGS", Name: "Everything else"}, ""},
		{"placeholders", "LE1", ledger.TenderClearing, ledger.NewDims(dim(ledger.DimTender, "CARD"), dim(ledger.DimProcessor, "psp")), 20260630,
			ledger.Account{Code: "10-CARD-psp", Name: "Tenders CARD"}, ""},
		{"a placeholder without value", "LE3", ledger.TenderClearing, ledger.NewDims(dim(ledger.DimProcessor, "psp")), 20260630, ledger.Account{}, fault.NoDimension},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := chart.Resolve(c.entity, c.role, c.dims, c.day)
			if got != c.want || (err == nil) != (c.code == "") || err != nil && !fault.HasCode(err, c.code) {
				t.Errorf("got %+v, %v, want %+v, %s", got, err, c.want, c.code)
			}
		})
	}
}

// TestChartNeverGuesses: no row, no account.
func TestChartNeverGuesses(t *testing.T) {
	chart := ledger.NewChart()
	if err := chart.Set("LE1·BANK", 20260101, ledger.Account{Code: "1000"}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		entity retail.EntityID
		role   ledger.Role
		day    retail.Date
	}{{"LE2", ledger.Bank, 20260630}, {"LE1", ledger.COGS, 20260630}, {"LE1", ledger.Bank, 20251231}} {
		if got, err := chart.Resolve(c.entity, c.role, nil, c.day); !fault.HasCode(err, fault.NoAccount) {
			t.Errorf("got %+v, %v for %+v, want V-MAP-01", got, err, c)
		}
	}
	p := capture()
	if e, err := ledger.NewEntry(p, chart); !fault.HasCode(err, fault.NoAccount) || e != nil {
		t.Errorf("got %v, %v, want V-MAP-01", e, err)
	}
}

func TestChartSetRefuses(t *testing.T) {
	for _, c := range []struct{ name, key, code string }{
		{"no role", "LE1", "1"},
		{"an empty part", "LE1··x=y", "1"},
		{"an unknown role", "LE1·PETTY_CASH", "1"},
		{"a dimension of no form", "LE1·BANK·bank_account", "1"},
		{"a dimension that the role does not have", "LE1·BANK·tender=CASH", "1"},
		{"a placeholder that the role cannot fill", "LE1·BANK", "{tender}"},
		{"a placeholder that does not end", "LE1·BANK", "{bank_account"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if err := ledger.NewChart().Set(c.key, 0, ledger.Account{Code: c.code}); !fault.HasCode(err, fault.SchemaInvalid) {
				t.Errorf("got %v, want V-SCH-01", err)
			}
		})
	}
}
