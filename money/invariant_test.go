package money_test

import (
	"math/big"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/money"
)

// within reports whether |got − total×num/den| is less than or equal to limit.
func within(got, total, num, den, limit int64) bool {
	exact := big.NewRat(0, 1).SetFrac(new(big.Int).Mul(big.NewInt(total), big.NewInt(num)), big.NewInt(den))
	off := exact.Sub(exact, new(big.Rat).SetInt64(got))
	return off.Abs(off).Cmp(new(big.Rat).SetInt64(limit)) <= 0
}

func TestINV14LargestRemainder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "total")
		weights := rapid.SliceOfN(rapid.OneOf(rapid.Int64Range(0, 5), rapid.Int64Range(0, money.MaxMinor)), 1, 12).Draw(t, "weights")
		weights[rapid.IntRange(0, len(weights)-1).Draw(t, "positive")]++
		shares, err := money.LargestRemainder(total, weights)
		if err != nil {
			t.Fatal(err)
		}
		var sum, base int64
		for i := range weights {
			sum, base = sum+shares[i], base+weights[i]
		}
		if sum != total {
			t.Fatalf("the shares add up to %d, want %d", sum, total)
		}
		for i, w := range weights {
			if !within(shares[i], total, w, base, 1) || shares[i] != 0 && (shares[i] < 0) != (total < 0) {
				t.Fatalf("line %d of weight %d has %d", i, w, shares[i])
			}
		}
		checkPermuted(t, total, weights, shares)
	})
}

// checkPermuted asserts that another order of the lines gives each weight the same shares,
// and that among equal weights an earlier line never has less of the total.
func checkPermuted(t *rapid.T, total int64, weights, shares []int64) {
	order := rapid.Permutation(indices(len(weights))).Draw(t, "order")
	moved := make([]int64, len(order))
	for to, from := range order {
		moved[to] = weights[from]
	}
	movedShares, err := money.LargestRemainder(total, moved)
	if err != nil {
		t.Fatal(err)
	}
	byWeight := func(weights, shares []int64) map[int64][]int64 {
		m := make(map[int64][]int64)
		for i, w := range weights {
			m[w] = append(m[w], max(shares[i], -shares[i]))
		}
		return m
	}
	before, after := byWeight(weights, shares), byWeight(moved, movedShares)
	for w, got := range after {
		if !slices.IsSortedFunc(got, func(a, b int64) int { return int(b - a) }) {
			t.Fatalf("lines of weight %d have %v, in this order", w, got)
		}
		if want := before[w]; !slices.Equal(got, want) {
			t.Fatalf("lines of weight %d have %v after the permutation, %v before", w, got, want)
		}
	}
}

func indices(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func TestINV15Telescoping(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "total")
		parts := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 12).Draw(t, "parts")
		parts[0]++
		var n, before, sum int64
		for _, p := range parts {
			n += p
		}
		for i, p := range parts {
			share := money.Share(total, before, p, n)
			if share != 0 && (share < 0) != (total < 0) {
				t.Fatalf("part %d of %d has %d of %d", i, p, share, total)
			}
			if !within(share, total, p, n, 1) {
				t.Fatalf("part %d has %d, more than one off %d × %d ÷ %d", i, share, total, p, n)
			}
			before, sum = before+p, sum+share
		}
		if sum != total {
			t.Fatalf("the parts add up to %d, want %d", sum, total)
		}
	})
}

func drawTaxed(t *rapid.T) []money.Taxed {
	catalogue := []money.Tax{
		{Jurisdiction: "STATE", Rate: 62_500_000_000},
		{Jurisdiction: "CITY", Rate: 20_000_000_000, Rounding: money.HalfEven},
		{Jurisdiction: "NL", Rate: 210_000_000_000},
		{Jurisdiction: "NL", Code: "EXEMPT"},
		{Jurisdiction: "QC", Rate: 99_750_000_000, Rounding: money.Down},
	}
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) money.Taxed {
		order := rapid.Permutation(catalogue).Draw(t, "taxes")
		return money.Taxed{
			Base:  rapid.OneOf(rapid.Int64Range(-50, 50), rapid.Int64Range(0, 1_000_000)).Draw(t, "base"),
			Taxes: order[:rapid.IntRange(0, 3).Draw(t, "jurisdictions")],
		}
	}), 0, 8).Draw(t, "lines")
}

func TestINV16TaxAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := drawTaxed(t)
		for _, p := range []money.TaxPolicy{{}, {PricesInclude: true}, {Rounding: money.PerDocument}, {Rounding: money.PerDocument, PricesInclude: true}} {
			taxes, err := p.Compute(lines)
			if err != nil {
				t.Fatal(err)
			}
			checkTax(t, p, lines, taxes)
		}
	})
}

// checkTax asserts that every figure lies near the exact tax of its line, and that each
// group of a document adds up to the tax that is rounded once over the group. The net of
// an inclusive price is a difference, so that net + tax = gross needs no assertion but
// that tax stays between zero and gross.
func checkTax(t *rapid.T, p money.TaxPolicy, lines []money.Taxed, taxes [][]int64) {
	type group struct {
		tax     money.Tax
		returns bool
	}
	base, sum := make(map[group]int64), make(map[group]int64)
	for i, line := range lines {
		all := int64(1_000_000_000_000)
		if p.PricesInclude {
			for _, tax := range line.Taxes {
				all += int64(tax.Rate)
			}
		}
		var ofLine int64
		for j, tax := range line.Taxes {
			// One unit by the rounding of the total, and one by each largest remainder.
			if !within(taxes[i][j], line.Base, int64(tax.Rate), all, 3) {
				t.Fatalf("%+v: line %d, tax %d: got %d", p, i, j, taxes[i][j])
			}
			ofLine += taxes[i][j]
			g := group{tax, line.Base < 0}
			base[g] += line.Base
			sum[g] += taxes[i][j]
		}
		if p.PricesInclude && (ofLine != 0 && (ofLine < 0) != (line.Base < 0) || max(ofLine, -ofLine) > max(line.Base, -line.Base)) {
			t.Fatalf("%+v: line %d of %d contains a tax of %d", p, i, line.Base, ofLine)
		}
	}
	if p.Rounding == money.PerDocument && !p.PricesInclude {
		for g, got := range sum {
			if want := g.tax.Rate.Apply(base[g], g.tax.Rounding); got != want {
				t.Fatalf("%+v: %+v on %d adds up to %d, want %d", p, g.tax, base[g], got, want)
			}
		}
	}
}

func TestINV16InclusiveDocumentIsRoundedOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bases := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 8).Draw(t, "bases")
		taxes := []money.Tax{{Jurisdiction: "A", Rate: 50_000_000_000}, {Jurisdiction: "B", Rate: 99_750_000_000}}
		var lines []money.Taxed
		var gross, got int64
		for _, b := range bases {
			lines = append(lines, money.Taxed{Base: b, Taxes: taxes})
			gross += b
		}
		parts, err := money.TaxPolicy{Rounding: money.PerDocument, PricesInclude: true}.Compute(lines)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range parts {
			got += p[0] + p[1]
		}
		if want := (taxes[0].Rate + taxes[1].Rate).ApplyInclusive(gross, money.HalfAway); got != want {
			t.Fatalf("got %d, want %d", got, want)
		}
	})
}

func TestINV17CashRounding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rule := rapid.SampledFrom(money.SeedCashRules()).Draw(t, "rule")
		minor := rapid.Int64Range(-money.MaxMinor, money.MaxMinor).Draw(t, "minor")
		paid, diff := rule.Round(minor)
		if paid%rule.Step != 0 || paid-minor != diff || 2*max(diff, -diff) > rule.Step {
			t.Fatalf("%d becomes %d with %d, step %d", minor, paid, diff, rule.Step)
		}
		if mirror, _ := rule.Round(-minor); mirror != -paid {
			t.Fatalf("%d becomes %d, and %d becomes %d", minor, paid, -minor, mirror)
		}
	})
}

func TestRateTextRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := money.Rate(rapid.Int64Range(0, int64(money.MaxRate)).Draw(t, "rate"))
		if again, err := money.ParseRate(r.String()); err != nil || again != r {
			t.Fatalf("%d prints as %s and reads as %d, %v", r, r, again, err)
		}
	})
}
