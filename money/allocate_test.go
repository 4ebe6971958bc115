package money_test

import (
	"math"
	"slices"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

func TestLargestRemainder(t *testing.T) {
	for _, c := range []struct {
		name    string
		total   int64
		weights []int64
		want    []int64
		code    fault.Code
	}{
		{name: "E01 discount 10.00 over 49.99 and 30.00", total: 1000, weights: []int64{4999, 3000}, want: []int64{625, 375}},
		{name: "E29 discount 0.100 over three lines of KWD", total: 100, weights: []int64{3333, 3333, 3334}, want: []int64{33, 33, 34}},
		{name: "the largest remainder comes before the larger weight", total: 2, weights: []int64{3, 2}, want: []int64{1, 1}},
		{name: "equal remainders and weights go by index", total: 2, weights: []int64{5, 5, 5}, want: []int64{1, 1, 0}},
		{name: "equal remainders go to the larger weight", total: 5, weights: []int64{1, 1, 4, 4}, want: []int64{1, 0, 2, 2}},
		{name: "the larger weight comes before the lower index", total: 3, weights: []int64{1, 3, 2}, want: []int64{0, 2, 1}},
		{name: "a negative total mirrors", total: -1000, weights: []int64{4999, 3000}, want: []int64{-625, -375}},
		{name: "a weight of zero gets nothing", total: 10, weights: []int64{0, 3, 0, 3}, want: []int64{0, 5, 0, 5}},
		{name: "one line takes all", total: 7, weights: []int64{1}, want: []int64{7}},
		{name: "largest figures", total: math.MaxInt64, weights: []int64{1, math.MaxInt64 - 1}, want: []int64{1, math.MaxInt64 - 1}},
		{name: "nothing over nothing", total: 0, weights: []int64{0, 0}, want: []int64{0, 0}},
		{name: "nothing over no lines", total: 0, weights: nil, want: []int64{}},
		{name: "something over nothing", total: 1, weights: []int64{0, 0}, code: fault.HeaderUnequal},
		{name: "something over no lines", total: 1, weights: nil, code: fault.HeaderUnequal},
		{name: "a negative weight", total: 0, weights: []int64{3, -1}, code: fault.AmountSign},
		{name: "weights beyond an int64", total: 1, weights: []int64{math.MaxInt64, 1}, code: fault.HeaderUnequal},
		{name: "weights beyond an uint64", total: 1, weights: []int64{math.MaxInt64, math.MaxInt64, 2}, code: fault.HeaderUnequal},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := money.LargestRemainder(c.total, c.weights)
			if c.code != "" {
				if !fault.HasCode(err, c.code) {
					t.Fatalf("got %v, %v, want %s", got, err, c.code)
				}
				return
			}
			if err != nil || !slices.Equal(got, c.want) {
				t.Errorf("got %v, %v, want %v", got, err, c.want)
			}
		})
	}
}

func TestShareUnitByUnit(t *testing.T) {
	for _, c := range []struct {
		name  string
		total int64
		want  []int64
	}{
		{"C1 cost 10.00 of three", 1000, []int64{333, 334, 333}},
		{"E02 gross 49.90 of two", 4990, []int64{2495, 2495}},
		{"E02 tax 8.66 of two", 866, []int64{433, 433}},
		{"E02 gross 7.47 of three", 747, []int64{249, 249, 249}},
		{"E02 tax 0.62 of three", 62, []int64{21, 20, 21}},
		{"E28 gross ¥1,000 of three", 1000, []int64{333, 334, 333}},
		{"E28 tax ¥91 of three", 91, []int64{30, 31, 30}},
		{"E28 cost ¥400 of three", 400, []int64{133, 134, 133}},
		{"a discount is negative", -62, []int64{-21, -20, -21}},
		{"less than a unit each", 1, []int64{0, 1, 0}},
	} {
		t.Run(c.name, func(t *testing.T) {
			n := int64(len(c.want)) * 1000 // quantities at scale 3
			got := make([]int64, len(c.want))
			for i := range got {
				got[i] = money.Share(c.total, int64(i)*1000, 1000, n)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %v, want %v", got, c.want)
			}
		})
	}
}

func TestShareBeyondTheLinePanics(t *testing.T) {
	for name, args := range map[string][3]int64{
		"more than sold":       {2, 2, 3},
		"nothing sold":         {0, 0, 0},
		"negative before":      {-1, 1, 3},
		"negative count":       {1, -1, 3},
		"sum beyond the int64": {math.MaxInt64, math.MaxInt64, math.MaxInt64},
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			money.Share(100, args[0], args[1], args[2])
		})
	}
}
