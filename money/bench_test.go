package money_test

import (
	"testing"

	"github.com/heddlehq/heddle/money"
)

// BenchmarkFiveLineSale does the money of a sale: an order discount over five lines and
// two jurisdictions' tax on each, then the return of one unit of the first line.
func BenchmarkFiveLineSale(b *testing.B) {
	prices := []int64{4999, 3000, 1250, 799, 10000}
	taxes := []money.Tax{{Jurisdiction: "STATE", Rate: rate(b, "0.0625")}, {Jurisdiction: "CITY", Rate: rate(b, "0.02")}}
	for _, p := range []struct {
		name   string
		policy money.TaxPolicy
	}{
		{"line", money.TaxPolicy{}},
		{"line_inclusive", money.TaxPolicy{PricesInclude: true}},
		{"document", money.TaxPolicy{Rounding: money.PerDocument}},
	} {
		b.Run(p.name, func(b *testing.B) {
			lines := make([]money.Taxed, len(prices))
			b.ReportAllocs()
			for b.Loop() {
				shares, err := money.LargestRemainder(1000, prices)
				if err != nil {
					b.Fatal(err)
				}
				for i, price := range prices {
					lines[i] = money.Taxed{Base: price - shares[i], Taxes: taxes}
				}
				tax, err := p.policy.Compute(lines)
				if err != nil {
					b.Fatal(err)
				}
				money.Share(lines[0].Base, 0, 1000, 3000)
				money.Share(tax[0][0], 0, 1000, 3000)
				money.Share(tax[0][1], 0, 1000, 3000)
			}
		})
	}
}

// BenchmarkMulDiv is the one operation that the others are made of.
func BenchmarkMulDiv(b *testing.B) {
	for b.Loop() {
		money.MulDiv(4374, 62_500_000_000, 1_000_000_000_000, money.HalfAway)
	}
}

// BenchmarkAmountJSON reads and writes one amount.
func BenchmarkAmountJSON(b *testing.B) {
	text := []byte(`{"amount":"12.30","currency":"EUR"}`)
	buf := make([]byte, 0, 64)
	b.ReportAllocs()
	for b.Loop() {
		var a money.Amount
		if err := a.UnmarshalJSON(text); err != nil {
			b.Fatal(err)
		}
		buf = a.AppendJSON(buf[:0])
	}
}
