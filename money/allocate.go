package money

import (
	"cmp"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"strconv"

	"github.com/heddlehq/heddle/fault"
)

// LargestRemainder splits total over lines in proportion to their weights (rule book D1).
// Each line gets its exact share rounded towards zero; the minor units that are left go
// one each to the lines with the largest remainder, then the largest weight, then the
// lowest index. The shares add up to total, each lies within one minor unit of exact, and
// a negative total gives the mirror of the positive one.
//
// Weights come from outside, so what cannot be split is a fault: a negative weight is
// V-QTY-02, and a total with no weight to carry it, or weights that add up to more than an
// int64, are V-BAL-02. A total of zero is zero on every line, whatever the weights.
func LargestRemainder(total int64, weights []int64) ([]int64, error) {
	shares := make([]int64, len(weights))
	sum, err := sumWeights(weights)
	if err != nil || total == 0 {
		return shares, err
	}
	if sum == 0 {
		return nil, fault.New(fault.HeaderUnequal, strconv.FormatInt(total, 10), "no line can carry a share of the amount")
	}
	type remainder struct {
		size uint64 // of the denominator sum, so that sizes compare exactly
		line int
	}
	left := magnitude(total)
	remainders := make([]remainder, 0, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(magnitude(total), uint64(w))
		share, rem := bits.Div64(hi, lo, sum) // fits, because w ≤ sum
		shares[i] = int64(share)
		left -= share
		if rem > 0 {
			remainders = append(remainders, remainder{rem, i})
		}
	}
	slices.SortFunc(remainders, func(a, b remainder) int {
		return cmp.Or(cmp.Compare(b.size, a.size), cmp.Compare(weights[b.line], weights[a.line]), cmp.Compare(a.line, b.line))
	})
	for _, r := range remainders[:left] { // the remainders add up to left × sum
		shares[r.line]++
	}
	if total < 0 {
		for i := range shares {
			shares[i] = -shares[i]
		}
	}
	return shares, nil
}

// sumWeights adds up the weights and refuses those that LargestRemainder cannot use.
func sumWeights(weights []int64) (uint64, error) {
	var sum uint64
	for i, w := range weights {
		if w < 0 {
			return 0, fault.New(fault.AmountSign, strconv.Itoa(i), "a share cannot follow the negative base %d", w)
		}
		if sum += uint64(w); sum > math.MaxInt64 {
			return 0, fault.New(fault.HeaderUnequal, strconv.Itoa(i), "the lines add up to more than can be held")
		}
	}
	return sum, nil
}

// Share returns what count further units of a line of n are worth when before of them are
// gone already (rule book D3): T(before+count) − T(before) with T(x) = total × x ÷ n,
// rounded half away from zero. Whatever the partition of n, the shares add up to total,
// none has the other sign, and each lies within one minor unit of its pro-rata part.
//
// It applies to each component by itself: gross, each discount, net, each jurisdiction's
// tax, freight, cost. Quantities may be of any scale, as long as the three have the same.
// More units than n are V-RET-01 and for the caller to refuse; here they panic.
func Share(total, before, count, n int64) int64 {
	if before < 0 || count < 0 || n <= 0 || count > n-before {
		panic(fmt.Sprintf("money: %d units after %d of %d", count, before, n))
	}
	return MulDiv(total, before+count, n, HalfAway) - MulDiv(total, before, n, HalfAway)
}
