package money_test

import (
	"reflect"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

func rate(t testing.TB, s string) money.Rate {
	t.Helper()
	r, err := money.ParseRate(s)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// taxed makes a line with one tax for each pair of jurisdiction and rate.
func taxed(t testing.TB, base int64, pairs ...string) money.Taxed {
	t.Helper()
	line := money.Taxed{Base: base}
	for i := 0; i < len(pairs); i += 2 {
		line.Taxes = append(line.Taxes, money.Tax{Jurisdiction: pairs[i], Rate: rate(t, pairs[i+1])})
	}
	return line
}

// The policies of the cases below.
var (
	exclusive           = money.TaxPolicy{}
	inclusive           = money.TaxPolicy{PricesInclude: true}
	byDocument          = money.TaxPolicy{Rounding: money.PerDocument}
	inclusiveByDocument = money.TaxPolicy{Rounding: money.PerDocument, PricesInclude: true}
)

// taxCase is a document's lines with the tax of each line and jurisdiction.
type taxCase struct {
	name      string
	policy    money.TaxPolicy
	lines     []money.Taxed
	want      [][]int64
	tolerance int64
}

// taxExamples are the rule book's examples, and lines by themselves.
func taxExamples(t *testing.T) []taxCase {
	return []taxCase{
		{
			"E01 two lines, two jurisdictions", exclusive,
			[]money.Taxed{taxed(t, 4374, "STATE", "0.0625", "CITY", "0.02"), taxed(t, 2625, "STATE", "0.0625", "CITY", "0.02")},
			[][]int64{{273, 87}, {164, 53}}, 3,
		},
		{
			"E01 rounded once at the sum of the rates", exclusive,
			[]money.Taxed{taxed(t, 4374, "ALL", "0.0825"), taxed(t, 2625, "ALL", "0.0825")},
			[][]int64{{361}, {217}}, 2,
		},
		{
			"E01 by document", byDocument,
			[]money.Taxed{taxed(t, 4374, "ALL", "0.0825"), taxed(t, 2625, "ALL", "0.0825")},
			[][]int64{{361}, {216}}, 1,
		},
		{
			"E02 two rates by document, prices include tax", inclusiveByDocument,
			[]money.Taxed{taxed(t, 4990, "NL-21", "0.21"), taxed(t, 747, "NL-09", "0.09")},
			[][]int64{{866}, {62}}, 2,
		},
		{
			"E04 HST", exclusive,
			[]money.Taxed{taxed(t, 4236, "CA-ON", "0.13")},
			[][]int64{{551}}, 2,
		},
		{
			"E28 no decimals", inclusive,
			[]money.Taxed{taxed(t, 1000, "JP-10", "0.1")},
			[][]int64{{91}}, 2,
		},
		{
			"J3 paid and undiscounted", inclusive,
			[]money.Taxed{taxed(t, 2178, "NL-21", "0.21"), taxed(t, 2420, "NL-21", "0.21")},
			[][]int64{{378}, {420}}, 2,
		},
		{
			"inclusive, two jurisdictions: total first, then by rate", inclusive,
			// 999 × 8.25/108.25 = 76.14 → 76, as 57.58 : 18.42; each by itself would give 58 + 18.
			[]money.Taxed{taxed(t, 999, "STATE", "0.0625", "CITY", "0.02"), taxed(t, 111, "A", "0.05", "B", "0.05")},
			[][]int64{{58, 18}, {5, 5}}, 3,
		},
		{
			"inclusive, two jurisdictions: the total decides where parts would not", inclusive,
			// 50 × 10/110 = 4.545 → 5, split 3 and 2; each part alone is 2.27 → 2.
			[]money.Taxed{taxed(t, 50, "A", "0.05", "B", "0.05")},
			[][]int64{{3, 2}}, 2,
		},
	}
}

// taxHardCases are documents at which a simpler way to round gives another tax.
func taxHardCases(t *testing.T) []taxCase {
	return []taxCase{
		{
			"by document, the document decides where lines would not", byDocument,
			// Three times 0.4 is 1.2 → 1, and the first of equals gets it.
			[]money.Taxed{taxed(t, 4, "A", "0.1"), taxed(t, 4, "A", "0.1"), taxed(t, 4, "A", "0.1")},
			[][]int64{{1}, {0}, {0}}, 1,
		},
		{
			"by document, returns are not netted with sales", byDocument,
			[]money.Taxed{taxed(t, 105, "A", "0.1"), taxed(t, -104, "A", "0.1"), taxed(t, 0, "A", "0.1")},
			[][]int64{{11}, {-10}, {0}}, 2,
		},
		{
			"by document, one rate of two codes is two groups", byDocument,
			[]money.Taxed{taxed(t, 5, "A", "0.1"), taxed(t, 5, "B", "0.1")},
			[][]int64{{1}, {1}}, 2,
		},
		{
			"inclusive by document, two jurisdictions over two lines", inclusiveByDocument,
			// 100 × 10/110 = 9.09 → 9; by rate 5 + 4; then 5 over 30 : 70 is 1.5 + 3.5, 4 is 1.2 + 2.8.
			[]money.Taxed{taxed(t, 30, "A", "0.05", "B", "0.05"), taxed(t, 70, "A", "0.05", "B", "0.05")},
			[][]int64{{1, 1}, {4, 3}}, 1,
		},
		{
			"a line without tax and one that is exempt", inclusiveByDocument,
			[]money.Taxed{taxed(t, 500), taxed(t, 500, "EXEMPT", "0")},
			[][]int64{{}, {0}}, 1,
		},
		{
			"a jurisdiction that rounds up, and one that rounds down", exclusive,
			[]money.Taxed{{Base: 101, Taxes: []money.Tax{
				{Jurisdiction: "A", Rate: rate(t, "0.01"), Rounding: money.Up},
				{Jurisdiction: "B", Rate: rate(t, "0.099"), Rounding: money.Down},
			}}},
			[][]int64{{2, 9}}, 2,
		},
		{
			"inclusive with roundings that agree, and that do not", inclusive,
			// 50 × 6/106 = 2.83: down is 2, half away is 3.
			[]money.Taxed{
				{Base: 50, Taxes: []money.Tax{{Rate: rate(t, "0.03"), Rounding: money.Down}, {Rate: rate(t, "0.03"), Rounding: money.Down}}},
				{Base: 50, Taxes: []money.Tax{{Rate: rate(t, "0.02"), Rounding: money.Down}, {Rate: rate(t, "0.02"), Rounding: money.Up}, {Rate: rate(t, "0.02"), Rounding: money.Down}}},
			},
			[][]int64{{1, 1}, {1, 1, 1}}, 4,
		},
	}
}

func TestTax(t *testing.T) {
	for _, c := range append(taxExamples(t), taxHardCases(t)...) {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.policy.Compute(c.lines)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
			if got := c.policy.Tolerance(c.lines); got != c.tolerance {
				t.Errorf("tolerance: got %d, want %d", got, c.tolerance)
			}
		})
	}
}

func TestTaxRefusesWhatDoesNotFit(t *testing.T) {
	huge := money.Taxed{Base: 1 << 62, Taxes: []money.Tax{{Jurisdiction: "A", Rate: money.MaxRate}}}
	for name, c := range map[string]struct {
		policy money.TaxPolicy
		lines  []money.Taxed
		code   fault.Code
	}{
		"a product":          {money.TaxPolicy{}, []money.Taxed{huge}, fault.NotRepresentable},
		"a document's base":  {money.TaxPolicy{Rounding: money.PerDocument}, []money.Taxed{huge, huge, huge, huge}, fault.HeaderUnequal},
		"a sum of the rates": {money.TaxPolicy{PricesInclude: true}, []money.Taxed{{Base: 1, Taxes: []money.Tax{{Rate: money.MaxRate}, {Rate: 1}}}}, fault.NotRepresentable},
	} {
		t.Run(name, func(t *testing.T) {
			if got, err := c.policy.Compute(c.lines); !fault.HasCode(err, c.code) {
				t.Errorf("got %v, %v, want %s", got, err, c.code)
			}
		})
	}
}

// A prepayment takes the telescoping share of net and of each tax (D3, D4).
func TestPartCapturesAddUp(t *testing.T) {
	net, state, city := int64(6999), int64(437), int64(140)
	captured := []int64{3000, 3000, 1576} // three part captures of E01's 75.76
	var gotNet, gotState, gotCity, before int64
	for _, part := range captured {
		gotNet += money.Share(net, before, part, 7576)
		gotState += money.Share(state, before, part, 7576)
		gotCity += money.Share(city, before, part, 7576)
		before += part
	}
	if gotNet != net || gotState != state || gotCity != city {
		t.Errorf("got %d + %d + %d, want %d + %d + %d", gotNet, gotState, gotCity, net, state, city)
	}
}

func TestRateText(t *testing.T) {
	for in, want := range map[string]string{
		"0.0625": "0.0625", "0.08250": "0.0825", "0": "0", "1": "1", "0.21": "0.21", "10.5": "10.5",
		"0.000000000001": "0.000000000001", "9000": "9000", "00.5": "0.5",
	} {
		r, err := money.ParseRate(in)
		if err != nil || r.String() != want {
			t.Errorf("%q: got %q, %v, want %q", in, r, err, want)
		}
		var again money.Rate
		text, _ := r.MarshalText()
		if err := again.UnmarshalText(text); err != nil || again != r {
			t.Errorf("%q: %s read again as %d, %v, want %d", in, text, again, err, r)
		}
	}
	for _, in := range []string{"", "-0.01", "8%", "1e-2", "0.0000000000001", "9000.1", ".5", "0,5"} {
		if r, err := money.ParseRate(in); !fault.HasCode(err, fault.SchemaInvalid) {
			t.Errorf("%q: got %v, %v, want %s", in, r, err, fault.SchemaInvalid)
		}
	}
}

func TestLargestAmountTimesLargestRateFits(t *testing.T) {
	if got, want := money.MaxRate.Apply(-money.MaxMinor, money.Up), -9000*money.MaxMinor; got != want {
		t.Errorf("got %d, want %d", got, want)
	}
}

func TestFeeOfE01(t *testing.T) {
	if got := rate(t, "0.029").Apply(7576, money.HalfAway) + 30; got != 250 {
		t.Errorf("2.9 %% of 75.76 and 0.30: got %d, want 250", got)
	}
}
