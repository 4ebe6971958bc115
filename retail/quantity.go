package retail

import (
	"strconv"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// QuantityScale is the number of decimal places of a Quantity.
const QuantityScale = 3

// One is a quantity of one base unit.
const One Quantity = 1000

// Quantity is a signed number of base units at scale 3: 1000 is one. On the wire it is
// a decimal string without trailing zeros.
type Quantity int64

// Unit is a unit of measure by its UN/ECE Recommendation 20 code; empty means EA, each.
type Unit string

// Each is the unit of things that are counted.
const Each Unit = "EA"

// Units returns a quantity of n whole base units.
func Units(n int64) Quantity { return Quantity(n) * One }

// ParseQuantity reads a decimal of at most three places; a finer one, an exponent or
// anything else is V-SCH-01. Trailing zeros are accepted.
func ParseQuantity(s string) (Quantity, error) {
	q, ok := money.ParseFixed(s, QuantityScale)
	if !ok {
		return 0, fault.New(fault.SchemaInvalid, s, "a quantity is a decimal with at most %d places", QuantityScale)
	}
	return Quantity(q), nil
}

// String returns the shortest decimal: "2", "0.5", "-1.25".
func (q Quantity) String() string { return string(q.Append(nil)) }

// Append appends what String returns.
func (q Quantity) Append(b []byte) []byte {
	n := int64(q)
	if n < 0 {
		b = append(b, '-')
		n = -n
	}
	b = strconv.AppendInt(b, n/1000, 10)
	if frac := n % 1000; frac != 0 {
		b = append(b, '.', byte('0'+frac/100), byte('0'+frac/10%10), byte('0'+frac%10))
		for b[len(b)-1] == '0' {
			b = b[:len(b)-1]
		}
	}
	return b
}

// MarshalText and UnmarshalText make a quantity a JSON string.
func (q Quantity) MarshalText() ([]byte, error) { return q.Append(nil), nil }

// UnmarshalText reads what ParseQuantity reads.
func (q *Quantity) UnmarshalText(b []byte) error {
	v, err := ParseQuantity(string(b))
	*q = v
	return err
}

// Abs returns the size of the quantity.
func (q Quantity) Abs() Quantity { return max(q, -q) }
