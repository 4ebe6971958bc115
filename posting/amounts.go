package posting

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Amounts is what a line was sold for, in minor units and without tax: Gross less the
// discounts is Net, whether the prices at the source contain tax or not.
type Amounts struct {
	Gross     int64            `json:"gross"`
	Discounts []DiscountAmount `json:"discounts,omitempty"`
	Net       int64            `json:"net"`
	Taxes     []TaxAmount      `json:"taxes,omitempty"`
}

// DiscountAmount is a discount by who pays for it.
type DiscountAmount struct {
	Funding string `json:"funding"`
	Minor   int64  `json:"minor"`
}

// TaxAmount is a tax as it was collected.
type TaxAmount struct {
	Treatment
	// Source is the source's own code, by which the treatment was or will be found.
	Source string `json:"source"`
	Minor  int64  `json:"minor"`
}

// Treatment is what the tax_codes table makes of a source's tax code. The zero Treatment
// says that the code is not mapped yet (V-TAX-02).
type Treatment struct {
	Jurisdiction string `json:"jurisdiction,omitempty"`
	// Code is the tax code within the jurisdiction; empty stands for StandardTax.
	Code string `json:"code,omitempty"`
}

// StandardTax is the tax code of a jurisdiction that has no other.
const StandardTax = "STANDARD"

// StoreFunded is the funding of a discount that nobody else pays for.
const StoreFunded = "STORE"

// LineTerms is what reference data says about a line of a document.
type LineTerms struct {
	// Taxes are the treatments of the line's taxes, in the order of the line.
	Taxes []Treatment
	// Funding says who pays each of the line's discounts, in the order of the line; empty
	// means StoreFunded.
	Funding []string
}

// due returns what the customer pays for the line.
func (a Amounts) due() int64 { return a.Net + taxSum(a.Taxes) }

func taxSum(taxes []TaxAmount) int64 {
	var sum int64
	for _, t := range taxes {
		sum += t.Minor
	}
	return sum
}

// share returns the amounts of count units after before of n are gone (D3). Net, each
// discount and each tax telescope by themselves; gross is net plus discounts, so that what
// is posted balances, no part is below zero, and the parts of any partition add up.
func (a Amounts) share(before, count, n retail.Quantity) Amounts {
	part := func(total int64) int64 { return money.Share(total, int64(before), int64(count), int64(n)) }
	out := Amounts{Net: part(a.Net)}
	out.Gross = out.Net
	for _, d := range a.Discounts {
		d.Minor = part(d.Minor)
		out.Discounts = append(out.Discounts, d)
		out.Gross += d.Minor
	}
	for _, t := range a.Taxes {
		t.Minor = part(t.Minor)
		out.Taxes = append(out.Taxes, t)
	}
	return out
}

// resolved returns V-TAX-02 while a tax has no treatment.
func resolved(taxes []TaxAmount) error {
	for _, t := range taxes {
		if t.Jurisdiction == "" {
			return fault.New(fault.TaxCodeUnknown, t.Source, "the tax code is not mapped to a jurisdiction")
		}
	}
	return nil
}

// sourceLine is a line as its source gives it.
type sourceLine struct {
	line      string
	quantity  retail.Quantity
	gross     money.Amount
	discounts []event.Discount
	net       int64 // without tax
	taxes     []event.Tax
}

// Limits of a document, so that no sum over it can overflow: a line is worth no more than an
// amount that is read from outside, and has no more lines of its own than an entry.
const (
	linesMax = 1000
	partsMax = 100
)

// within refuses a line beyond the limits (V-BAL-04).
func (l sourceLine) within(lines int) error {
	if lines > linesMax || len(l.discounts) > partsMax || len(l.taxes) > partsMax {
		return fault.New(fault.NotRepresentable, l.line, "a document has at most %d lines, and a line %d discounts and %d taxes", linesMax, partsMax, partsMax)
	}
	if due := l.due(); max(due, -due) > money.MaxMinor {
		return fault.New(fault.NotRepresentable, l.line, "a line with its taxes has at most 15 digits")
	}
	return nil
}

// due returns what the customer pays for the line, for a net without tax.
func (l sourceLine) due() int64 {
	sum := l.net
	for _, t := range l.taxes {
		sum += t.Amount.Minor
	}
	return sum
}

// amounts checks a line and takes the tax out of its gross and its discounts where they
// contain it.
func (l sourceLine) amounts(c money.Currency, terms LineTerms, pricesIncludeTax bool) (Amounts, error) {
	if l.quantity <= 0 {
		return Amounts{}, fault.New(fault.QuantitySign, l.line, "the quantity of a sale is above zero, not %s", l.quantity)
	}
	a := Amounts{Net: l.net, Taxes: taxAmounts(l.taxes, terms.Taxes)}
	var discount int64
	for i, d := range l.discounts {
		funding := StoreFunded
		if i < len(terms.Funding) && terms.Funding[i] != "" {
			funding = terms.Funding[i]
		}
		a.Discounts = append(a.Discounts, DiscountAmount{funding, d.Amount.Minor})
		discount += d.Amount.Minor
		if d.Amount.Minor < 0 {
			return Amounts{}, fault.New(fault.AmountSign, l.line, "a discount is not negative")
		}
	}
	paid := l.gross.Minor - discount
	switch {
	case paid < 0 || l.net < 0:
		return Amounts{}, fault.New(fault.DiscountTooLarge, l.line, "the discount %s exceeds the price %s", money.Of(discount, c), l.gross)
	case pricesIncludeTax && paid != a.due():
		return Amounts{}, fault.New(fault.HeaderUnequal, l.line, "gross less discounts is %s, net and tax are %s", money.Of(paid, c), money.Of(a.due(), c))
	case !pricesIncludeTax && paid != l.net:
		return Amounts{}, fault.New(fault.HeaderUnequal, l.line, "gross less discounts is %s, net is %s", money.Of(paid, c), money.Of(l.net, c))
	}
	a.Gross = l.gross.Minor
	if pricesIncludeTax {
		if err := l.takeTaxOut(&a, discount); err != nil {
			return Amounts{}, err
		}
	}
	return a, nil
}

// takeTaxOut makes gross and discounts of an inclusive price net of tax (J2, GROSS
// presentation): gross is what it would have been without discount at the same rates, the
// discount is the difference and never rounded on its own.
func (l sourceLine) takeTaxOut(a *Amounts, discount int64) error {
	a.Gross = l.net
	if discount == 0 {
		return nil
	}
	a.Gross = max(l.grossWithoutTax(), l.net)
	weights := make([]int64, len(a.Discounts))
	for i, d := range a.Discounts {
		weights[i] = d.Minor
	}
	shares, err := money.LargestRemainder(a.Gross-l.net, weights)
	if err != nil {
		return err
	}
	for i := range a.Discounts {
		a.Discounts[i].Minor = shares[i]
	}
	return nil
}

// grossWithoutTax returns gross × 1/(1+r) by the rates of the line, or in proportion to the
// collected tax where the source does not tell every rate.
func (l sourceLine) grossWithoutTax() int64 {
	var all money.Rate
	var collected int64
	told := true
	for _, t := range l.taxes {
		all += t.Rate
		collected += t.Amount.Minor
		told = told && (t.Rate != 0 || t.Amount.Minor == 0)
	}
	switch {
	case told && all <= money.MaxRate:
		return l.gross.Minor - all.ApplyInclusive(l.gross.Minor, money.HalfAway)
	case l.net+collected == 0:
		return l.gross.Minor
	}
	return money.MulDiv(l.gross.Minor, l.net, l.net+collected, money.HalfAway)
}

// taxAmounts puts the treatments beside the taxes.
func taxAmounts(taxes []event.Tax, treatments []Treatment) []TaxAmount {
	out := make([]TaxAmount, len(taxes))
	for i, t := range taxes {
		out[i] = TaxAmount{Source: t.Code, Minor: t.Amount.Minor}
		if i < len(treatments) && treatments[i].Jurisdiction != "" {
			out[i].Treatment = treatments[i].known()
		}
	}
	return out
}

func (t Treatment) known() Treatment {
	if t.Code == "" {
		t.Code = StandardTax
	}
	return t
}

// byJurisdiction adds up taxes, in order of first appearance.
func byJurisdiction(groups ...[]TaxAmount) []JurisdictionAmount {
	var out []JurisdictionAmount
	at := map[string]int{}
	for _, taxes := range groups {
		for _, t := range taxes {
			i, known := at[t.Jurisdiction]
			if !known {
				i = len(out)
				at[t.Jurisdiction], out = i, append(out, JurisdictionAmount{Jurisdiction: t.Jurisdiction})
			}
			out[i].Minor += t.Minor
		}
	}
	return out
}
