package money

import (
	"fmt"
	"math"
	"math/bits"
)

// Rounding says what becomes of the part of a result that is smaller than a minor unit.
// Every kind is symmetric: a negative amount rounds to the mirror of its positive one.
type Rounding uint8

// The roundings of rule book 0.1. HalfAway is the default everywhere; a jurisdiction may
// override it for its tax, and for nothing else.
const (
	HalfAway Rounding = iota // to the nearest, a half away from zero
	HalfEven                 // to the nearest, a half to the even neighbour
	Down                     // towards zero
	Up                       // away from zero
)

// MulDiv returns a × num ÷ den with an exact intermediate product, rounded once. A den of
// zero and a result beyond ±math.MaxInt64 are bugs of the caller and panic; where the
// operands come from outside and are not bounded, TryMulDiv is the one to call.
func MulDiv(a, num, den int64, r Rounding) int64 {
	result, ok := TryMulDiv(a, num, den, r)
	if !ok {
		panic(fmt.Sprintf("money: %d × %d ÷ %d does not fit", a, num, den))
	}
	return result
}

// TryMulDiv is MulDiv for operands that nobody has bounded: it reports false where MulDiv
// panics.
func TryMulDiv(a, num, den int64, r Rounding) (int64, bool) {
	hi, lo := bits.Mul64(magnitude(a), magnitude(num))
	d := magnitude(den)
	if hi >= d { // also when den is zero
		return 0, false
	}
	q, rem := bits.Div64(hi, lo, d)
	if r.awayFromZero(q, rem, d) {
		q++ // q is at most 2⁶⁴−2 here: a remainder means that the product is not the largest
	}
	if q > math.MaxInt64 {
		return 0, false
	}
	if (a < 0) != (num < 0) != (den < 0) {
		return -int64(q), true
	}
	return int64(q), true
}

// awayFromZero reports whether the magnitude q + rem/d rounds to q+1.
func (r Rounding) awayFromZero(q, rem, d uint64) bool {
	switch r {
	case HalfAway:
		return rem >= d-rem
	case HalfEven:
		return rem > d-rem || rem == d-rem && q&1 == 1
	case Down:
		return false
	case Up:
		return rem > 0
	}
	panic(fmt.Sprintf("money: rounding %d", r))
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}
