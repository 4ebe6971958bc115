package reference

import (
	"math"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// InBase returns a quantity of an item, counted in some unit, in the item's base unit. No
// unit means the base unit. A unit without a conversion, and a quantity that the conversion
// does not turn into thousandths exactly, is V-ITEM-03, whose subject is item·unit.
func (b *Book) InBase(item retail.ItemID, row event.Row, unit retail.Unit, q retail.Quantity, day retail.Date) (retail.Quantity, error) {
	base := retail.Unit(row["unit"])
	if base == "" {
		base = retail.Each
	}
	if unit == "" || unit == base {
		return q, nil
	}
	subject := retail.Key(string(item), string(unit))
	for _, key := range []string{subject, retail.Key(AnySystem, string(unit))} {
		conversion, ok := b.Row(event.TableItemUnits, key, day)
		if !ok {
			continue
		}
		num, den := whole(conversion["num"]), whole(conversion["den"])
		if int64(q.Abs()) > math.MaxInt64/num || int64(q)*num%den != 0 {
			return 0, fault.New(fault.UnitInexact, subject, "%s %s at %d/%d is not a whole number of thousandths of %s", q, unit, num, den, base)
		}
		return retail.Quantity(int64(q) * num / den), nil
	}
	return 0, fault.New(fault.UnitInexact, subject, "nothing tells how many %s a %s of %s is", base, unit, item)
}

// whole reads a number that CheckValues has checked; an absent one is 1.
func whole(text string) int64 {
	if n, ok := money.ParseFixed(text, 0); ok && n > 0 {
		return n
	}
	return 1
}
