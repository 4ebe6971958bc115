package money

import (
	"slices"

	"github.com/heddlehq/heddle/fault"
)

// TaxRounding says where the rounding of tax happens (rule book D4, policy tax_rounding).
type TaxRounding uint8

// The two policies.
const (
	PerLine     TaxRounding = iota // LINE: per line and jurisdiction
	PerDocument                    // DOCUMENT: per jurisdiction, code and rate, then back to the lines
)

// Tax is what one jurisdiction asks of a line.
type Tax struct {
	Jurisdiction string   // "STATE", "NL"
	Code         string   // the treatment: standard, reduced, exempt; exempt and zero are codes of their own
	Rate         Rate     // zero for exempt, zero-rated and reverse charge
	Rounding     Rounding // the jurisdiction's own, HalfAway unless it says otherwise
}

// Taxed is a line of a document as its taxes see it.
type Taxed struct {
	Base  int64 // minor units after discounts: without tax, or with it where prices include tax
	Taxes []Tax // in the order in which results are wanted
}

// TaxPolicy computes the taxes of a document. What a source says it collected is the fact
// and is posted; the computation makes the figures where Heddle is the one who sells, and
// the comparison where it is not.
type TaxPolicy struct {
	Rounding      TaxRounding
	PricesInclude bool // prices_include_tax: Base is gross
}

// Compute returns the tax of line i for lines[i].Taxes[j] in minor units as result[i][j].
// Where prices include tax, what remains of Base is the net (rule book D4, INV-16).
//
// Several jurisdictions within one inclusive price share one tax: it is computed at the
// sum of their rates and split over them by the largest remainder of the rates; where
// their roundings differ it rounds half away. Lines with a negative base are returns and
// never netted with sales, so PerDocument rounds them as a group of their own. What cannot
// be held in an int64 is V-BAL-04.
func (p TaxPolicy) Compute(lines []Taxed) ([][]int64, error) {
	result := make([][]int64, len(lines))
	for i, line := range lines {
		if p.Rounding == PerDocument {
			result[i] = make([]int64, len(line.Taxes))
			continue
		}
		var err error
		if result[i], err = p.taxesOn(line.Base, line.Taxes); err != nil {
			return nil, err
		}
	}
	if p.Rounding == PerDocument {
		for _, g := range p.groups(lines) {
			if err := p.spread(g, lines, result); err != nil {
				return nil, err
			}
		}
	}
	return result, nil
}

// Tolerance returns how far, in minor units, the tax that a source collected may lie from
// the recomputed one before it is V-TAX-01 (rule book D4): PerLine half a unit for each
// line and jurisdiction, rounded up, and one more; PerDocument one for each group that is
// rounded.
func (p TaxPolicy) Tolerance(lines []Taxed) int64 {
	if p.Rounding == PerDocument {
		return int64(len(p.groups(lines)))
	}
	pairs := 0
	for _, line := range lines {
		pairs += len(line.Taxes)
	}
	return int64((pairs+1)/2) + 1
}

// taxesOn returns each of the taxes on a base that is rounded by itself.
func (p TaxPolicy) taxesOn(base int64, taxes []Tax) ([]int64, error) {
	parts := make([]int64, len(taxes))
	if p.PricesInclude {
		var all Rate
		for j, t := range taxes {
			parts[j] = int64(t.Rate)
			all += t.Rate
		}
		if all < 0 || all > MaxRate {
			return nil, fault.New(fault.NotRepresentable, all.String(), "the rates add up to more than %s", MaxRate)
		}
		return LargestRemainder(all.ApplyInclusive(base, commonRounding(taxes)), parts)
	}
	for j, t := range taxes {
		part, ok := TryMulDiv(base, int64(t.Rate), int64(rateOne), t.Rounding)
		if !ok {
			return nil, fault.New(fault.NotRepresentable, t.Jurisdiction, "a tax of %s on %d is too large", t.Rate, base)
		}
		parts[j] = part
	}
	return parts, nil
}

// commonRounding returns the rounding that all the taxes have, else HalfAway.
func commonRounding(taxes []Tax) Rounding {
	for _, t := range taxes {
		if t.Rounding != taxes[0].Rounding {
			return HalfAway
		}
	}
	if len(taxes) == 0 {
		return HalfAway
	}
	return taxes[0].Rounding
}

// taxGroup is the lines whose tax PerDocument rounds together: those with one tax in
// common, or with the same several taxes inside an inclusive price.
type taxGroup struct {
	taxes   []Tax
	returns bool // the lines have a negative base
	members []taxMember
}

// taxMember is a line, and the place of the group's first tax among the line's own.
type taxMember struct{ line, tax int }

// groups lists what PerDocument rounds together, in order of first appearance.
func (p TaxPolicy) groups(lines []Taxed) []taxGroup {
	var groups []taxGroup
	for i, line := range lines {
		width := 1
		if p.PricesInclude {
			width = max(len(line.Taxes), 1)
		}
		for j := 0; j < len(line.Taxes); j += width {
			taxes, returns := line.Taxes[j:j+width], line.Base < 0
			at := slices.IndexFunc(groups, func(g taxGroup) bool {
				return g.returns == returns && slices.Equal(g.taxes, taxes)
			})
			if at < 0 {
				at = len(groups)
				groups = append(groups, taxGroup{taxes: taxes, returns: returns})
			}
			groups[at].members = append(groups[at].members, taxMember{i, j})
		}
	}
	return groups
}

// spread computes the taxes of a group and gives each line its share. The exact tax of a
// line is in proportion to its base, so the base is the weight.
func (p TaxPolicy) spread(g taxGroup, lines []Taxed, result [][]int64) error {
	var base int64
	weights := make([]int64, len(g.members))
	for k, m := range g.members {
		base += lines[m.line].Base
		weights[k] = max(lines[m.line].Base, -lines[m.line].Base)
	}
	parts, err := p.taxesOn(base, g.taxes)
	if err != nil {
		return err
	}
	for j, part := range parts {
		shares, err := LargestRemainder(part, weights)
		if err != nil {
			return err
		}
		for k, m := range g.members {
			result[m.line][m.tax+j] = shares[k]
		}
	}
	return nil
}
