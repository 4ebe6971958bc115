package event

import (
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// The methods below refuse what cannot be a fact. What is odd but can have happened (totals
// that do not add up, a discount above the price, unknown codes) enters and is an exception.

// Validate checks lines, signs and currency.
func (v *Sale) Validate() error {
	c := newChecker()
	v.form(&c)
	c.open("lines")
	for i := range v.Lines {
		c.element(i)
		l := &v.Lines[i]
		c.positive("quantity", l.Quantity)
		c.priced(l.Gross, l.Discounts, l.Net, l.Taxes)
	}
	c.close()
	c.unique(len(v.Lines), func(i int) string { return v.Lines[i].Line })
	return c.err
}

// Validate checks signs and currency: a return counts what comes back and what is refunded
// as positive.
func (v *ReturnAccepted) Validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	c.notNegative("net", v.Net)
	c.taxed(v.Net, v.Taxes)
	if v.TaxTotal != nil {
		c.notNegative("tax_total", *v.TaxTotal)
	}
	return c.err
}

// Validate checks lines, signs and currency.
func (v *OrderPlaced) Validate() error {
	c := newChecker()
	v.form(&c)
	c.open("lines")
	for i := range v.Lines {
		c.element(i)
		l := &v.Lines[i]
		c.positive("quantity", l.Quantity)
		c.priced(l.Gross, l.Discounts, l.Net, l.Taxes)
	}
	c.close()
	c.unique(len(v.Lines), func(i int) string { return v.Lines[i].Line })
	if v.Shipping != nil {
		c.notNegative("shipping", *v.Shipping)
	}
	return c.err
}

// Validate checks the quantity.
func (v *ReservationMade) Validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	return c.err
}

// Validate checks the quantity, if there is one.
func (v *ReservationReleased) Validate() error {
	c := newChecker()
	v.form(&c)
	if v.Quantity != 0 {
		c.positive("quantity", v.Quantity)
	}
	return c.err
}

// Validate checks the quantity.
func (v *ReservationExpired) Validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	return c.err
}

func (v *Allocation) validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	return c.err
}

// Validate checks the quantity.
func (v *Allocated) Validate() error { return (*Allocation)(v).validate() }

// Validate checks the quantity.
func (v *Deallocated) Validate() error { return (*Allocation)(v).validate() }

func (v *TaskStep) validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	return c.err
}

// Validate checks the quantity.
func (v *Picked) Validate() error { return (*TaskStep)(v).validate() }

// Validate checks the quantity.
func (v *Packed) Validate() error { return (*TaskStep)(v).validate() }

// Validate checks the quantity.
func (v *Staged) Validate() error { return (*TaskStep)(v).validate() }

func (v *Fulfilment) validate() error {
	c := newChecker()
	v.form(&c)
	c.open("lines")
	for i := range v.Lines {
		c.element(i)
		c.positive("quantity", v.Lines[i].Quantity)
	}
	c.close()
	c.unique(len(v.Lines), func(i int) string { return v.Lines[i].Line })
	return c.err
}

// Validate checks lines and quantities.
func (v *PickedUp) Validate() error { return (*Fulfilment)(v).validate() }

// Validate checks lines and quantities.
func (v *Fulfilled) Validate() error { return (*Fulfilment)(v).validate() }

// Validate checks the quantity and the bucket; a value of zero or less is booking's to hold (V-COST-02).
func (v *POReceived) Validate() error {
	c := newChecker()
	v.form(&c)
	c.positive("quantity", v.Quantity)
	if v.Bucket != "" && v.Bucket != Sellable && v.Bucket != QCHold {
		c.fail("bucket", fault.SchemaInvalid, "goods are received as SELLABLE or QC_HOLD")
	}
	return c.err
}

// Validate checks quantity, bucket and value.
func (v *StockAdjusted) Validate() error {
	c := newChecker()
	v.form(&c)
	if v.Bucket != Sellable && v.Bucket != QCHold && v.Bucket != Damaged {
		c.fail("bucket", fault.SchemaInvalid, "claims are not adjusted: SELLABLE, QC_HOLD or DAMAGED")
	}
	switch {
	case v.Value == nil && v.Reason == OpeningLoad:
		c.fail("value", fault.SchemaInvalid, "is missing: an opening load brings its value")
	case v.Value != nil && (v.Value.Minor < 0) != (v.Quantity < 0) && v.Value.Minor != 0:
		c.fail("value", fault.AmountSign, "does not have the sign of the quantity")
	}
	return c.err
}

// Validate checks the sign.
func (v *PaymentAuthorised) Validate() error {
	c := newChecker()
	v.form(&c)
	c.notNegative("amount", v.Amount)
	return c.err
}

// Validate checks the sign.
func (v *PaymentCaptured) Validate() error {
	c := newChecker()
	v.form(&c)
	c.notNegative("amount", v.Amount)
	return c.err
}

// Validate checks the sign: a refund is positive.
func (v *RefundIssued) Validate() error {
	c := newChecker()
	v.form(&c)
	c.notNegative("amount", v.Amount)
	return c.err
}

// Validate checks that gross, fee and net are of one currency; whether they add up is booking's.
func (v *PaymentSettled) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}

// Validate checks the form.
func (v *Payout) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}

// Validate checks the form.
func (v *BankLine) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}

// Validate checks the row against its table.
func (v *ReferenceSet) Validate() error {
	c := newChecker()
	v.form(&c)
	if err := CheckRow(Table(v.Table), v.Row); err != nil {
		c.fail("row", fault.SchemaInvalid, fault.As(err).Detail)
	}
	return c.err
}

// Validate checks the form.
func (v *ApprovalGiven) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}

// Validate checks the form.
func (v *PeriodRunRequested) Validate() error {
	c := newChecker()
	v.form(&c)
	return c.err
}

// priced checks the amounts of a line with a positive quantity.
func (c *checker) priced(gross money.Amount, discounts []Discount, net money.Amount, taxes []Tax) {
	c.notNegative("gross", gross)
	c.open("discounts")
	for i := range discounts {
		c.element(i)
		c.notNegative("amount", discounts[i].Amount)
	}
	c.close()
	c.taxed(net, taxes)
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
func (c *checker) unique(n int, line func(int) string) {
	seen := make(map[string]bool, n)
	for i := range n {
		if seen[line(i)] {
			c.open("lines")
			c.element(i)
			c.fail("line", fault.SchemaInvalid, "the number stands there twice")
			c.close()
		}
		seen[line(i)] = true
	}
}
