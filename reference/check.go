package reference

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// wholeMax is the largest whole number of a column.
const wholeMax = 999_999_999

// costScale is the number of decimal places of a unit cost.
const costScale = 6

// CheckValues says what is wrong with a row: its key, its columns, or values that code will
// read as dates, quantities or one of a list. What is wrong is V-SCH-01.
func CheckValues(set *event.ReferenceSet) error {
	table := event.Table(set.Table)
	if err := event.CheckRow(table, set.Row); err != nil {
		return err
	}
	if _, err := CanonicalKey(table, set.RowKey); err != nil {
		return err
	}
	info, _ := event.LookupTable(table)
	for _, c := range info.Columns {
		value := set.Row[c.Name]
		if value == "" {
			continue
		}
		if why := misfit(c, value); why != "" {
			return fault.New(fault.SchemaInvalid, set.Table+" "+set.RowKey, "%s %s, not %q", c.Name, why, value)
		}
	}
	return nil
}

// misfit says what a column has to be where a value is not that; "" where it is.
func misfit(c event.Column, value string) string {
	if len(c.Values) > 0 && !slices.Contains(c.Values, value) {
		last := len(c.Values) - 1
		return "is " + strings.Join(c.Values[:last], ", ") + " or " + c.Values[last]
	}
	switch c.Form {
	case event.FormDate:
		if _, err := retail.ParseDate(value); err != nil {
			return "is a date written 2006-01-02"
		}
	case event.FormQuantity:
		if _, err := retail.ParseQuantity(value); err != nil {
			return "is a decimal with at most three places"
		}
	case event.FormCost:
		if n, ok := money.ParseFixed(value, costScale); !ok || n < 0 {
			return "is a decimal with at most six places and no sign"
		}
	case event.FormWhole:
		if n, ok := money.ParseFixed(value, 0); !ok || n < 1 || n > wholeMax {
			return "is a whole number from 1 to 999999999"
		}
	}
	return ""
}
