package posting_test

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
)

func rated(t *testing.T, code, rate string, minor int64) event.Tax {
	t.Helper()
	r, err := money.ParseRate(rate)
	if err != nil {
		t.Fatal(err)
	}
	return event.Tax{Code: code, Rate: r, Amount: money.Of(minor, "USD")}
}

// TestCheckTaxes compares collected with recomputed taxes (D4).
//
// reproduces: V-TAX-01
func TestCheckTaxes(t *testing.T) {
	base := func(minor int64) *money.Amount {
		a := money.Of(minor, "USD")
		return &a
	}
	two := func(state, city int64) []event.OrderLine {
		return []event.OrderLine{
			{Line: "A", Net: money.Of(4374, "USD"), Taxes: []event.Tax{rated(t, "STATE", "0.0625", state), rated(t, "CITY", "0.02", city)}},
			{Line: "B", Net: money.Of(2625, "USD"), Taxes: []event.Tax{rated(t, "STATE", "0.0625", 164), rated(t, "CITY", "0.02", 53)}},
		}
	}
	cases := []struct {
		name   string
		order  event.OrderPlaced
		policy money.TaxPolicy
		want   posting.TaxCheck
		fires  bool
	}{
		{"as computed", event.OrderPlaced{Lines: two(273, 87)}, money.TaxPolicy{}, posting.TaxCheck{Collected: 577, Recomputed: 577, Tolerance: 3}, false},
		{"at the tolerance", event.OrderPlaced{Lines: two(275, 88)}, money.TaxPolicy{}, posting.TaxCheck{Collected: 580, Recomputed: 577, Tolerance: 3}, false},
		{"beyond it", event.OrderPlaced{Lines: two(276, 88)}, money.TaxPolicy{}, posting.TaxCheck{Collected: 581, Recomputed: 577, Tolerance: 3}, true},
		{"too little", event.OrderPlaced{Lines: two(270, 86)}, money.TaxPolicy{}, posting.TaxCheck{Collected: 573, Recomputed: 577, Tolerance: 3}, true},
		{"rounded per document", event.OrderPlaced{Lines: two(273, 87)}, money.TaxPolicy{Rounding: money.PerDocument}, posting.TaxCheck{Collected: 577, Recomputed: 577, Tolerance: 2}, false},
		{"no rate is told", event.OrderPlaced{Lines: []event.OrderLine{{Net: money.Of(100, "USD"), Taxes: []event.Tax{{Code: "STATE", Amount: money.Of(99, "USD")}}}}},
			money.TaxPolicy{}, posting.TaxCheck{Tolerance: 1}, false},
		{"a base of its own", event.OrderPlaced{Lines: []event.OrderLine{{Net: money.Of(10000, "USD"), Taxes: []event.Tax{
			{Code: "STATE", Rate: rated(t, "", "0.1", 0).Rate, Base: base(5000), Amount: money.Of(500, "USD")}}}}},
			money.TaxPolicy{}, posting.TaxCheck{Collected: 500, Recomputed: 500, Tolerance: 2}, false},
		{"prices with tax, shipping without", event.OrderPlaced{PricesIncludeTax: true, Shipping: base(1000), ShippingTaxes: []event.Tax{rated(t, "VAT", "0.21", 210)},
			Lines: []event.OrderLine{{Net: money.Of(12100, "USD"), Taxes: []event.Tax{rated(t, "VAT", "0.21", 2100)}}}},
			money.TaxPolicy{PricesInclude: true}, posting.TaxCheck{Collected: 2310, Recomputed: 2310, Tolerance: 2}, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got, err := posting.CheckTaxes("O1", c.policy, posting.OrderTaxes(&c.order, posting.OrderTerms{}))
			if got != c.want || c.fires != fault.HasCode(err, fault.TaxDiffers) || !c.fires && err != nil {
				t.Errorf("got %+v, %v, want %+v", got, err, c.want)
			}
		})
	}
}

// TestCheckTaxesOfSale: the net of a sale never contains the tax, the policy's base does.
func TestCheckTaxesOfSale(t *testing.T) {
	sale := &event.Sale{PricesIncludeTax: true, Lines: []event.SaleLine{
		{Net: money.Of(4124, "USD"), Taxes: []event.Tax{rated(t, "21", "0.21", 866)}},
		{Net: money.Of(685, "USD"), Taxes: []event.Tax{rated(t, "9", "0.09", 62)}},
	}}
	lines := posting.SaleTaxes(sale, posting.SaleTerms{Lines: []posting.LineTerms{{Taxes: []posting.Treatment{{Jurisdiction: "NL", Code: "HIGH"}}}}})
	got, err := posting.CheckTaxes("T1", money.TaxPolicy{PricesInclude: true, Rounding: money.PerDocument}, lines)
	want := posting.TaxCheck{Collected: 928, Recomputed: 928, Tolerance: 2}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
}

func TestTemplatesAreComplete(t *testing.T) {
	seen := map[posting.TemplateID]bool{}
	for _, tpl := range posting.Templates() {
		if seen[tpl.ID] || tpl.Version < 1 || tpl.Title == "" || tpl.ID.Title() != tpl.Title {
			t.Errorf("%+v", tpl)
		}
		seen[tpl.ID] = true
	}
	if len(seen) != 21 || posting.TemplateID("P99").Title() != "" {
		t.Errorf("%d templates", len(seen))
	}
}

// TestLimits: what could overflow a sum is refused at the limit, and not before.
func TestLimits(t *testing.T) {
	order := func(lines int, net int64) error {
		placed := &event.OrderPlaced{Currency: "USD"}
		for i := range lines {
			a := money.Of(net, "USD")
			placed.Lines = append(placed.Lines, event.OrderLine{Line: string(rune('a' + i)), Quantity: 1000, Gross: a, Net: a})
			placed.Total.Minor += net
		}
		_, err := posting.NewOrder(placed, posting.OrderTerms{ID: "O1"})
		return err
	}
	if err := order(1000, 1); err != nil {
		t.Errorf("a thousand lines: %v", err)
	}
	if err := order(1, money.MaxMinor); err != nil {
		t.Errorf("the largest amount: %v", err)
	}
	for name, err := range map[string]error{"lines": order(1001, 1), "amount": order(1, money.MaxMinor+1)} {
		if !fault.HasCode(err, fault.NotRepresentable) || !strings.Contains(err.Error(), "at most") {
			t.Errorf("%s: got %v, want V-BAL-04", name, err)
		}
	}
}

// TestProcessorOnce: references that name their processor already do so once in the key.
func TestProcessorOnce(t *testing.T) {
	for _, reference := range []string{"ch_1", "stripe·ch_1"} {
		got := posting.Tender{Class: posting.TenderCard, Processor: "stripe", Reference: reference}.TenderKey()
		if got != "CARD·stripe·ch_1" {
			t.Errorf("%s: got %s", reference, got)
		}
	}
}
