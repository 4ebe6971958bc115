package event

import (
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// The methods below refuse what cannot be a fact and what the generated checks (form, signs,
// currencies, line numbers) cannot tell. What is odd but can have happened (totals that do
// not add up, a discount above the price, unknown codes) enters and is an exception.

// Validate checks signs and currency.
func (v *Sale) Validate() error {
	c := newChecker()
	v.form(&c)
	c.lines(len(v.Lines), func(i int) (money.Amount, []Tax) { return v.Lines[i].Net, v.Lines[i].Taxes })
	return c.err
}

// Validate checks signs and currency: a return counts what comes back and what is refunded
// as positive.
func (v *ReturnAccepted) Validate() error {
	c := newChecker()
	v.form(&c)
	c.disposed(v.Disposition, v.Reason)
	c.taxed(v.Net, v.Taxes)
	return c.err
}

// Validate checks signs and currency: a return counts what comes back and what is refunded
// as positive.
func (v *ReturnNoReceipt) Validate() error {
	c := newChecker()
	v.form(&c)
	c.taxed(v.Net, v.Taxes)
	return c.err
}

// Validate checks signs and currency, and that no line number stands on both sides.
func (v *Exchange) Validate() error {
	c := newChecker()
	v.form(&c)
	c.lines(len(v.Lines), func(i int) (money.Amount, []Tax) { return v.Lines[i].Net, v.Lines[i].Taxes })
	c.open("returned")
	for i := range v.Returned {
		c.element(i)
		c.disposed(v.Returned[i].Disposition, v.Returned[i].Reason)
	}
	c.close()
	for i := range v.Returned {
		same := func(l SaleLine) bool { return l.Line == v.Returned[i].Line }
		if slices.ContainsFunc(v.Lines, same) {
			c.fail("returned", fault.SchemaInvalid, "a line has the number of a line that is sold")
		}
	}
	return c.err
}

// Validate checks signs and currency: a return counts what comes back as positive.
func (v *MPReturned) Validate() error {
	c := newChecker()
	v.form(&c)
	c.disposed(v.Disposition, v.Reason)
	return c.err
}

// Validate checks signs and currency.
func (v *OrderPlaced) Validate() error {
	c := newChecker()
	v.form(&c)
	c.lines(len(v.Lines), func(i int) (money.Amount, []Tax) { return v.Lines[i].Net, v.Lines[i].Taxes })
	return c.err
}

// Validate checks signs and currency.
func (v *MPOrder) Validate() error {
	c := newChecker()
	v.form(&c)
	c.lines(len(v.Lines), func(i int) (money.Amount, []Tax) { return v.Lines[i].Net, v.Lines[i].Taxes })
	return c.err
}

// Validate checks that something changes.
func (v *OrderModified) Validate() error {
	c := newChecker()
	v.form(&c)
	if len(v.Changed)+len(v.Added) == 0 {
		c.fail("changed", fault.SchemaInvalid, "no line changes and none is added")
	}
	return c.err
}

// Validate checks the quantity and the bucket; a value of zero or less is booking's to hold (V-COST-02).
func (v *POReceived) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, "", Sellable, QCHold)
	return c.err
}

// Validate checks the bucket.
func (v *ReceiptReversed) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, "", Sellable, QCHold)
	return c.err
}

// Validate checks the bucket.
func (v *VendorReturnShipped) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, "", Damaged, Sellable)
	return c.err
}

// Validate checks the bucket.
func (v *TransferReceived) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, "", Sellable, QCHold, Damaged)
	return c.err
}

// Validate checks the bucket.
func (v *CountAdjusted) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, Sellable, QCHold, Damaged)
	return c.err
}

// Validate checks quantity, bucket and value.
func (v *StockAdjusted) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, Sellable, QCHold, Damaged)
	switch {
	case v.Value == nil && v.Reason == OpeningLoad:
		c.fail("value", fault.SchemaInvalid, "is missing: an opening load brings its value")
	case v.Value != nil && (v.Value.Minor < 0) != (v.Quantity < 0) && v.Value.Minor != 0:
		c.fail("value", fault.AmountSign, "does not have the sign of the quantity")
	}
	return c.err
}

// Validate checks the buckets: where goods change theirs, the quantity is what moved.
func (v *ThirdPartyAdjusted) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, Sellable, QCHold, Damaged)
	c.within("from", v.From, "", Sellable, QCHold, Damaged)
	if v.From != "" {
		c.positive("quantity", v.Quantity)
	}
	return c.err
}

func (v *Disposal) validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, Sellable, QCHold, Damaged)
	return c.err
}

// Validate checks the bucket.
func (v *WrittenOff) Validate() error { return (*Disposal)(v).validate() }

// Validate checks the bucket.
func (v *Destroyed) Validate() error { return (*Disposal)(v).validate() }

// Validate checks the bucket.
func (v *Donated) Validate() error {
	c := newChecker()
	v.form(&c)
	c.within("bucket", v.Bucket, "", Sellable, Damaged)
	return c.err
}

// Validate checks that a part loses no more than it has.
func (v *KitWork) validate() error {
	c := newChecker()
	v.form(&c)
	c.open("parts")
	for i := range v.Parts {
		if c.element(i); v.Parts[i].Scrap > v.Parts[i].Quantity {
			c.fail("scrap", fault.QuantitySign, "is more than the quantity")
		}
	}
	c.close()
	return c.err
}

// Validate checks the parts.
func (v *KitAssembled) Validate() error { return (*KitWork)(v).validate() }

// Validate checks the parts.
func (v *KitDisassembled) Validate() error { return (*KitWork)(v).validate() }

// Validate checks the parts.
func (v *Repacked) Validate() error { return (*KitWork)(v).validate() }

// Validate checks the row against its table.
func (v *ReferenceSet) Validate() error {
	c := newChecker()
	v.form(&c)
	if err := CheckRow(Table(v.Table), v.Row); err != nil {
		c.fail("row", fault.SchemaInvalid, fault.As(err).Detail)
	}
	return c.err
}

// within refuses a bucket that is none of the list.
func (c *checker) within(member string, b Bucket, allowed ...Bucket) {
	if !slices.Contains(allowed, b) {
		c.fail(member, fault.SchemaInvalid, "the goods cannot stand there")
	}
}

// lines checks the taxes of every line.
func (c *checker) lines(n int, line func(i int) (money.Amount, []Tax)) {
	c.open("lines")
	for i := range n {
		c.element(i)
		c.taxed(line(i))
	}
	c.close()
}

// taxed checks that no tax has the other sign than what it is charged on.
func (c *checker) taxed(net money.Amount, taxes []Tax) {
	c.open("taxes")
	for i := range taxes {
		if c.element(i); net.Minor > 0 {
			c.notNegative("amount", taxes[i].Amount)
		}
	}
	c.close()
}

// unique refuses a line number that occurs twice, because nothing could name the line.
func (c *checker) unique(member string, n int, line func(int) string) {
	if n < 2 {
		return
	}
	seen := make(map[string]bool, n)
	for i := range n {
		if seen[line(i)] {
			c.open(member)
			c.element(i)
			c.fail("line", fault.SchemaInvalid, "the number stands there twice")
			c.close()
		}
		seen[line(i)] = true
	}
}

// disposed asks of goods that come back what becomes of them, or at least why they come.
func (c *checker) disposed(d Disposition, reason string) {
	if d == "" && reason == "" {
		c.fail("disposition", fault.SchemaInvalid, "is missing, and no reason tells it")
	}
}
