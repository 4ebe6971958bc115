package reference

import (
	"maps"
	"math/big"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Control is what the sender of a load says that it holds. The zero Control says nothing.
type Control struct {
	// Rows is how many rows there are; nil says nothing.
	Rows *int64 `json:"rows,omitempty"`
	// Totals are the sums of columns by name, as plain decimals. The column "key" is the last
	// part of the keys, which makes a sum of codes a hash total. What is absent counts nothing.
	Totals map[string]string `json:"totals,omitempty"`
}

// IsZero reports whether the control says nothing.
func (c Control) IsZero() bool { return c.Rows == nil && len(c.Totals) == 0 }

// Tally adds up what a load holds.
type Tally struct {
	rows int64
	sums map[string]*big.Rat
	odd  map[string]bool // columns with a value that is no number
}

// NewTally returns an empty tally of the columns that the control names.
func (c Control) NewTally() *Tally {
	t := &Tally{sums: map[string]*big.Rat{}, odd: map[string]bool{}}
	for column := range c.Totals {
		t.sums[column] = new(big.Rat)
	}
	return t
}

// KeyTotal names the last part of the keys among the columns of a control.
const KeyTotal = "key"

// Add counts a row.
func (t *Tally) Add(key string, row event.Row) {
	t.rows++
	for column, sum := range t.sums {
		value := row[column]
		if column == KeyTotal {
			value = key[strings.LastIndex(retail.Sep+key, retail.Sep):]
		}
		n, ok := decimal(value)
		if !ok {
			t.odd[column] = true
			continue
		}
		sum.Add(sum, n)
	}
}

// Check compares a load with what its sender says; a difference is H-CONTROL-TOTAL with both
// figures.
func (c Control) Check(t *Tally) error {
	if c.Rows != nil && *c.Rows != t.rows {
		return fault.New(fault.ControlTotal, "rows", "the control says %d and the load has %d", *c.Rows, t.rows)
	}
	for _, column := range slices.Sorted(maps.Keys(c.Totals)) {
		want, ok := decimal(c.Totals[column])
		switch {
		case !ok:
			return fault.New(fault.ControlTotal, column, "the control's total is not a plain decimal")
		case t.odd[column]:
			return fault.New(fault.ControlTotal, column, "the load has values that are no plain decimals")
		case want.Cmp(t.sums[column]) != 0:
			return fault.New(fault.ControlTotal, column, "the control says %s and the load has %s", c.Totals[column], plain(t.sums[column]))
		}
	}
	return nil
}

// decimal reads a plain decimal of any length, exactly; nothing is zero.
func decimal(text string) (*big.Rat, bool) {
	if text == "" {
		return new(big.Rat), true
	}
	digits := strings.TrimPrefix(text, "-")
	if digits == "" || strings.Trim(digits, "0123456789.") != "" || len(text) > decimalMax {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

// decimalMax bounds the digits of a number in a control total.
const decimalMax = 100

func plain(n *big.Rat) string {
	text := n.FloatString(decimalMax)
	return strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
}
