package posting

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// TaxCheck compares the tax that a document collected with the recomputed one, in minor units.
type TaxCheck struct {
	Collected  int64
	Recomputed int64
	Tolerance  int64
}

// TaxedLine is a line as the check of its taxes sees it.
type TaxedLine struct {
	// Base is the amount after discounts: with tax where prices include it.
	Base       money.Amount
	Taxes      []event.Tax
	Treatments []Treatment
}

// OrderTaxes returns the lines of an order for CheckTaxes, shipping among them.
func OrderTaxes(o *event.OrderPlaced, terms OrderTerms) []TaxedLine {
	lines := make([]TaxedLine, 0, len(o.Lines)+1)
	for i, l := range o.Lines {
		lines = append(lines, TaxedLine{l.Net, l.Taxes, lineTerms(terms.Lines, i).Taxes})
	}
	if o.Shipping != nil {
		base := *o.Shipping
		if o.PricesIncludeTax {
			for _, t := range o.ShippingTaxes {
				base = base.Add(t.Amount) // the policy's bases contain the tax; shipping never does
			}
		}
		lines = append(lines, TaxedLine{base, o.ShippingTaxes, terms.Shipping})
	}
	return lines
}

// SaleTaxes returns the lines of a sale for CheckTaxes.
func SaleTaxes(s *event.Sale, terms SaleTerms) []TaxedLine {
	lines := make([]TaxedLine, len(s.Lines))
	for i, l := range s.Lines {
		base := l.Net
		if s.PricesIncludeTax {
			for _, t := range l.Taxes {
				base = base.Add(t.Amount)
			}
		}
		lines[i] = TaxedLine{base, l.Taxes, lineTerms(terms.Lines, i).Taxes}
	}
	return lines
}

// CheckTaxes recomputes the taxes of a document by the policy of the entity (D4). What was
// collected is the fact and is posted; a difference within the tolerance is for the record,
// beyond it is V-TAX-01. Lines on which a tax is told without its rate are left out.
func CheckTaxes(subject string, policy money.TaxPolicy, lines []TaxedLine) (TaxCheck, error) {
	var check TaxCheck
	var taxed []money.Taxed
	for _, l := range lines {
		if !l.ratesTold() {
			continue
		}
		taxed = append(taxed, l.taxed(policy.PricesInclude)...)
		for _, t := range l.Taxes {
			check.Collected += t.Amount.Minor
		}
	}
	recomputed, err := policy.Compute(taxed)
	if err != nil {
		return check, err
	}
	for _, line := range recomputed {
		for _, minor := range line {
			check.Recomputed += minor
		}
	}
	check.Tolerance = policy.Tolerance(taxed)
	if d := check.Collected - check.Recomputed; max(d, -d) > check.Tolerance {
		return check, fault.New(fault.TaxDiffers, subject, "collected %d, recomputed %d, tolerance %d minor units",
			check.Collected, check.Recomputed, check.Tolerance)
	}
	return check, nil
}

func (l TaxedLine) ratesTold() bool {
	for _, t := range l.Taxes {
		if t.Rate == 0 && t.Amount.Minor != 0 {
			return false
		}
	}
	return true
}

// taxed returns the line for recomputing. Taxes on top of a price each have their own base,
// which the source may tell; taxes inside a price share it.
func (l TaxedLine) taxed(pricesInclude bool) []money.Taxed {
	taxes := make([]money.Tax, len(l.Taxes))
	for i, t := range l.Taxes {
		treatment := Treatment{Jurisdiction: t.Code} // an unmapped code stands for itself
		if i < len(l.Treatments) && l.Treatments[i].Jurisdiction != "" {
			treatment = l.Treatments[i].known()
		}
		taxes[i] = money.Tax{Jurisdiction: treatment.Jurisdiction, Code: treatment.Code, Rate: t.Rate}
	}
	if pricesInclude {
		return []money.Taxed{{Base: l.Base.Minor, Taxes: taxes}}
	}
	out := make([]money.Taxed, len(taxes))
	for i, t := range taxes {
		out[i] = money.Taxed{Base: l.Base.Minor, Taxes: []money.Tax{t}}
		if l.Taxes[i].Base != nil {
			out[i].Base = l.Taxes[i].Base.Minor
		}
	}
	return out
}
