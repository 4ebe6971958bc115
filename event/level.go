package event

import (
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Level is a quantity that is there: it may be zero, which a movement may not.
type Level retail.Quantity

// level reads a quantity that may be zero and is never negative (V-QTY-01).
func (d *decoder) level() Level {
	s := d.text()
	if d.err != nil {
		return 0
	}
	q, err := retail.ParseQuantity(s)
	switch {
	case err != nil:
		d.reword(err)
	case q > quantityMax || q < -quantityMax:
		d.wrong("has more than 12 digits before the point")
	}
	return Level(q)
}

// level refuses less than nothing, and more than anybody has.
func (c *checker) level(member string, l Level) {
	switch {
	case l < 0:
		c.fail(member, fault.QuantitySign, "is negative")
	case retail.Quantity(l) > quantityMax:
		c.fail(member, fault.SchemaInvalid, "has more than 12 digits before the point")
	}
}
