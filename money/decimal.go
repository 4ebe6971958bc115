package money

import (
	"math"
	"strings"
)

// ParseFixed reads a plain decimal as an integer of the given scale, exactly: "12.3" at
// scale 2 is 1230. It reports false for an exponent, a plus sign, a missing digit before or
// after the point, more significant places than the scale has, and for anything beyond
// ±math.MaxInt64, so that every result can be negated. Trailing zeros are accepted.
func ParseFixed(s string, scale int) (int64, bool) {
	digits, negative := strings.CutPrefix(s, "-")
	whole, frac, dotted := strings.Cut(digits, ".")
	if whole == "" || dotted && frac == "" {
		return 0, false
	}
	for len(frac) > scale && frac[len(frac)-1] == '0' {
		frac = frac[:len(frac)-1]
	}
	if len(frac) > scale {
		return 0, false
	}
	n, ok := appendDigits(0, whole)
	if ok {
		n, ok = appendDigits(n, frac)
	}
	for range scale - len(frac) {
		if n > math.MaxInt64/10 {
			return 0, false
		}
		n *= 10
	}
	if negative {
		n = -n
	}
	return n, ok
}

// appendDigits writes the digits behind those of n.
func appendDigits(n int64, digits string) (int64, bool) {
	for i := range len(digits) {
		d := int64(digits[i]) - '0'
		if d < 0 || d > 9 || n > (math.MaxInt64-d)/10 {
			return 0, false
		}
		n = n*10 + d
	}
	return n, true
}
