package cost

import (
	"fmt"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// UnitScale is the number of decimal places of a UnitCost (rule book 0.1).
const UnitScale = 6

// UnitCost is the cost of one base unit in millionths of the currency's major unit:
// 5_600_000 is 5.60. It is for display and for provisional costing; the stored truth of a
// pool is its quantity and value (rule book C1). In text it has six decimal places.
type UnitCost int64

// major is a unit cost of one of the currency's major unit.
const major UnitCost = 1_000_000

// ParseUnitCost reads a decimal of at most six places. A negative one, a finer one or
// anything else is V-SCH-01.
func ParseUnitCost(s string) (UnitCost, error) {
	n, ok := money.ParseFixed(s, UnitScale)
	if !ok || n < 0 {
		return 0, fault.New(fault.SchemaInvalid, s, "a unit cost is a decimal with at most %d places and no sign", UnitScale)
	}
	return UnitCost(n), nil
}

// UnitCostOf returns value ÷ quantity, rounded half away from zero at the sixth place. A
// result that cannot be held is V-BAL-04.
func UnitCostOf(value money.Amount, q retail.Quantity) (UnitCost, error) {
	n, ok := money.TryMulDiv(value.Minor, perUnit(value.Currency), int64(q), money.HalfAway)
	if !ok {
		return 0, fault.New(fault.NotRepresentable, value.String(), "no unit cost can be held for a quantity of %s", q)
	}
	return UnitCost(n), nil
}

// Extend returns the cost of a quantity in minor units of the currency, rounded half away
// from zero. More than money.MaxMinor is V-BAL-04.
func (u UnitCost) Extend(q retail.Quantity, c money.Currency) (int64, error) {
	minor, ok := money.TryMulDiv(int64(u), int64(q), perUnit(c), money.HalfAway)
	if !ok || minor > money.MaxMinor {
		return 0, fault.New(fault.NotRepresentable, u.String(), "the cost of %s is larger than an amount can be", q)
	}
	return minor, nil
}

// perUnit returns how many steps of a unit cost times steps of a quantity are one minor
// unit of the currency.
func perUnit(c money.Currency) int64 {
	exp, _ := c.Exponent()
	steps := int64(retail.One)
	for range UnitScale - exp {
		steps *= 10
	}
	return steps
}

// String returns the unit cost as documents print it: "5.600000".
func (u UnitCost) String() string { return fmt.Sprintf("%d.%06d", u/major, u%major) }

// MarshalText makes a unit cost a JSON string.
func (u UnitCost) MarshalText() ([]byte, error) { return []byte(u.String()), nil }

// UnmarshalText reads what ParseUnitCost reads.
func (u *UnitCost) UnmarshalText(b []byte) error {
	v, err := ParseUnitCost(string(b))
	*u = v
	return err
}
