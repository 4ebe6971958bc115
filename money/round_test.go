package money_test

import (
	"math"
	"math/big"
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/money"
)

func TestRoundingsOfTenths(t *testing.T) {
	for _, c := range []struct {
		tenths                     int64
		halfAway, halfEven, dn, up int64
	}{
		{0, 0, 0, 0, 0},
		{4, 0, 0, 0, 1},
		{5, 1, 0, 0, 1},
		{6, 1, 1, 0, 1},
		{10, 1, 1, 1, 1},
		{15, 2, 2, 1, 2},
		{25, 3, 2, 2, 3},
		{35, 4, 4, 3, 4},
		{-4, 0, 0, 0, -1},
		{-5, -1, 0, 0, -1},
		{-15, -2, -2, -1, -2},
		{-25, -3, -2, -2, -3},
	} {
		for r, want := range map[money.Rounding]int64{money.HalfAway: c.halfAway, money.HalfEven: c.halfEven, money.Down: c.dn, money.Up: c.up} {
			if got := money.MulDiv(c.tenths, 1, 10, r); got != want {
				t.Errorf("%d tenths, rounding %d: got %d, want %d", c.tenths, r, got, want)
			}
		}
	}
}

func TestMulDivAtTheLimits(t *testing.T) {
	const most = math.MaxInt64
	for _, c := range []struct {
		name        string
		a, num, den int64
		want        int64
		ok          bool
	}{
		{"the largest by itself", most, most, most, most, true},
		{"the smallest by itself", math.MinInt64, 1, 1, 0, false},
		{"the smallest as operand", math.MinInt64, 1, 2, math.MinInt64 / 2, true},
		{"the smallest as denominator", math.MinInt64, math.MinInt64 + 1, math.MinInt64, -most, true},
		{"negative denominator", 7, 3, -2, -11, true},
		{"rounds past the largest", most, 2, 2, most, true},
		{"one too many", most, most, most - 1, 0, false},
		{"product beyond 128 by 64 bits", most, most, 1, 0, false},
		{"nothing to divide by", 1, 1, 0, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, ok := money.TryMulDiv(c.a, c.num, c.den, money.HalfAway)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("got %d, %t, want %d, %t", got, ok, c.want, c.ok)
			}
		})
	}
	defer func() {
		if recover() == nil {
			t.Error("MulDiv did not panic where TryMulDiv reports false")
		}
	}()
	money.MulDiv(1, 1, 0, money.Down)
}

func TestMulDivEqualsBigIntegers(t *testing.T) {
	operand := rapid.OneOf(rapid.Int64(), rapid.Int64Range(-1000, 1000), rapid.SampledFrom([]int64{math.MaxInt64, math.MinInt64, 1 << 32}))
	rapid.Check(t, func(t *rapid.T) {
		a, num, den := operand.Draw(t, "a"), operand.Draw(t, "num"), operand.Draw(t, "den")
		r := money.Rounding(rapid.IntRange(0, 3).Draw(t, "rounding"))
		got, ok := money.TryMulDiv(a, num, den, r)
		want := bigMulDiv(a, num, den, r)
		fits := want != nil && want.IsInt64() && want.Int64() != math.MinInt64
		if ok != fits || ok && got != want.Int64() {
			t.Fatalf("got %d, %t, want %v", got, ok, want)
		}
	})
}

// bigMulDiv is MulDiv by definition, with rationals; nil for a denominator of zero.
func bigMulDiv(a, num, den int64, r money.Rounding) *big.Int {
	if den == 0 {
		return nil
	}
	exact := new(big.Rat).SetFrac(new(big.Int).Mul(big.NewInt(a), big.NewInt(num)), big.NewInt(den))
	down := new(big.Int).Quo(exact.Num(), exact.Denom())
	rest := new(big.Rat).Sub(exact, new(big.Rat).SetInt(down))
	half := new(big.Rat).Abs(rest).Cmp(big.NewRat(1, 2))
	away := false
	switch r {
	case money.HalfAway:
		away = half >= 0
	case money.HalfEven:
		away = half > 0 || half == 0 && down.Bit(0) == 1
	case money.Up:
		away = rest.Sign() != 0
	}
	if away {
		down.Add(down, big.NewInt(int64(rest.Sign())))
	}
	return down
}

var plainDecimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?$`)

// bigFixed is ParseFixed by definition.
func bigFixed(s string, scale int) (int64, bool) {
	if !plainDecimal.MatchString(s) {
		return 0, false
	}
	r, _ := new(big.Rat).SetString(s)
	r.Mul(r, new(big.Rat).SetInt(new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(scale)), nil)))
	if !r.IsInt() || !r.Num().IsInt64() || r.Num().Int64() == math.MinInt64 {
		return 0, false
	}
	return r.Num().Int64(), true
}
