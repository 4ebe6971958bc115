package money

import (
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// RateScale is the number of decimal places of a Rate; rule book 0.1 asks for at least 8.
const RateScale = 12

// MaxRate is the largest rate, 9000. With amounts of at most MaxMinor no product of the two
// can overflow.
const MaxRate Rate = 9000 * rateOne

const rateOne Rate = 1_000_000_000_000

// Rate is an exact decimal share, zero or more, at scale 12: a tax of 6.25 % is 0.0625. In
// text it is that decimal, without trailing zeros.
type Rate int64

// ParseRate reads a plain decimal. A negative one, one above MaxRate, more than twelve
// places, a percent sign or anything else is V-SCH-01.
func ParseRate(s string) (Rate, error) {
	n, ok := ParseFixed(s, RateScale)
	if !ok || n < 0 || Rate(n) > MaxRate {
		return 0, fault.New(fault.SchemaInvalid, s, "a rate is a decimal from 0 to %s with at most %d places", MaxRate, RateScale)
	}
	return Rate(n), nil
}

// String returns the shortest decimal: "0.0625".
func (r Rate) String() string {
	whole := strconv.FormatInt(int64(r/rateOne), 10)
	frac := strconv.FormatInt(int64(rateOne+r%rateOne), 10)[1:]
	return strings.TrimSuffix(whole+"."+strings.TrimRight(frac, "0"), ".")
}

// MarshalText makes a rate a JSON string.
func (r Rate) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads what ParseRate reads.
func (r *Rate) UnmarshalText(b []byte) error {
	v, err := ParseRate(string(b))
	*r = v
	return err
}

// Apply returns minor × r, rounded once: the tax on a net amount, the fee on a gross one.
func (r Rate) Apply(minor int64, rounding Rounding) int64 {
	return MulDiv(minor, int64(r), int64(rateOne), rounding)
}

// ApplyInclusive returns minor × r ÷ (1 + r), rounded once: the tax that is contained in a
// gross amount (rule book D4).
func (r Rate) ApplyInclusive(minor int64, rounding Rounding) int64 {
	return MulDiv(minor, int64(r), int64(rateOne+r), rounding)
}
