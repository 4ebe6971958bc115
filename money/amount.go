package money

import (
	"strconv"

	"github.com/heddlehq/heddle/fault"
)

// MaxMinor is the largest amount, of either sign, that is read from outside: fifteen digits of
// minor units, which is what ledgers elsewhere hold. It leaves room for nine thousand of
// the largest in one sum, and for any Rate on one.
const MaxMinor int64 = 999_999_999_999_999

// Amount is a signed sum of money in minor units of its currency: {1230, EUR} is 12.30 EUR,
// {1230, JPY} is 1230 JPY. On the wire it is {"amount":"12.30","currency":"EUR"}, padded to
// the currency's exponent.
type Amount struct {
	Minor    int64
	Currency Currency
}

// Of returns an amount of minor units.
func Of(minor int64, c Currency) Amount { return Amount{minor, c} }

// Parse reads a decimal as an amount of the currency, exactly. A currency that is not
// known is V-CUR-01; more digits than the exponent has, an exponent sign or anything that
// is not a decimal, and more than MaxMinor is V-BAL-04. Trailing zeros beyond the exponent
// are accepted.
func Parse(decimal string, c Currency) (Amount, error) {
	exp, ok := c.Exponent()
	if !ok {
		return Amount{}, fault.New(fault.CurrencyUnknown, string(c), "not an ISO 4217 currency")
	}
	minor, ok := ParseFixed(decimal, exp)
	if !ok || minor > MaxMinor || minor < -MaxMinor {
		return Amount{}, fault.New(fault.NotRepresentable, decimal, "an amount of %s has at most 15 digits, %d of them decimal places", c, exp)
	}
	return Amount{minor, c}, nil
}

// Decimal returns the amount without its currency, padded to the exponent: "12.30".
func (a Amount) Decimal() string { return string(a.AppendDecimal(nil)) }

// AppendDecimal appends what Decimal returns.
func (a Amount) AppendDecimal(b []byte) []byte {
	exp, _ := a.Currency.Exponent()
	n := uint64(a.Minor)
	if a.Minor < 0 {
		b = append(b, '-')
		n = -n
	}
	one := uint64(1) // a major unit
	for range exp {
		one *= 10
	}
	b = strconv.AppendUint(b, n/one, 10)
	if exp > 0 {
		point := len(b)
		b = strconv.AppendUint(b, one+n%one, 10) // the 1 in front keeps the zeros, and its place is the point's
		b[point] = '.'
	}
	return b
}

// String returns "12.30 EUR".
func (a Amount) String() string { return a.Decimal() + " " + string(a.Currency) }

// IsZero reports whether the amount is nothing, in whatever currency. A JSON member tagged
// omitzero is therefore left out for 0.00 EUR, too.
func (a Amount) IsZero() bool { return a.Minor == 0 }

// Neg returns the amount with the other sign.
func (a Amount) Neg() Amount { return Amount{-a.Minor, a.Currency} }

// Add returns a + b. Adding two currencies, and a sum beyond an int64, are bugs of the
// caller and panic; data from outside is checked before it comes here (V-CUR-01, MaxMinor).
// A zero Amount without currency adds to any.
func (a Amount) Add(b Amount) Amount {
	switch {
	case a.Currency == "":
		a.Currency = b.Currency
	case b.Currency != "" && a.Currency != b.Currency:
		panic("money: " + string(a.Currency) + " and " + string(b.Currency) + " added")
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		panic("money: " + a.String() + " and " + b.String() + " do not fit in one sum")
	}
	a.Minor = sum
	return a
}

// Sub returns a − b, under the rules of Add.
func (a Amount) Sub(b Amount) Amount { return a.Add(b.Neg()) }
