package estate

import (
	"github.com/heddlehq/heddle/money"
)

// figures are the amounts of a scenario, as the systems that sell and refund compute them.
type figures struct {
	Lines []line
	// Gross is before the discount, Net after it, Tax what all jurisdictions ask.
	Gross, Net, Tax int64
	// Total is what the customer pays.
	Total int64
	// Taxes is the tax of the order by jurisdiction, in the order of the scenario.
	Taxes []int64
	// Fee is what the processor keeps and Settled what is left of the payment.
	Fee, Settled int64
	// Refund is what the customer gets back and Payout what reaches the bank.
	Refund, Payout int64
}

// line is the amounts of one order line.
type line struct {
	share
	// Back is what comes back of the line.
	Back share
}

// share is the amounts of a number of units of a line.
type share struct {
	Units                int64
	Gross, Discount, Net int64
	Taxes                []int64 // in the order of the scenario's taxes
	Cost                 int64
}

// Tax is the tax of all jurisdictions.
func (s share) Tax() int64 {
	var sum int64
	for _, t := range s.Taxes {
		sum += t
	}
	return sum
}

// figures computes the amounts of a valid scenario.
func (s Scenario) figures() figures {
	f := figures{Taxes: make([]int64, len(s.Taxes))}
	discounts := s.discounts()
	for i, item := range s.Items {
		l := line{share: share{Units: item.Ordered, Gross: item.Price * item.Ordered, Discount: discounts[i], Taxes: make([]int64, len(s.Taxes))}}
		l.Net = l.Gross - l.Discount
		for j, t := range s.Taxes {
			l.Taxes[j] = t.Rate.Apply(l.Net, money.HalfAway)
			f.Taxes[j] += l.Taxes[j]
		}
		l.Cost = issued(item)
		if item.ID == s.Returned.Item {
			l.Back = l.back(s.Returned.Quantity)
		}
		f.Lines = append(f.Lines, l)
		f.Gross += l.Gross
		f.Net += l.Net
		f.Tax += l.Tax()
		f.Refund += l.Back.Net + l.Back.Tax()
	}
	f.Total = f.Net + f.Tax
	f.Fee = s.Fee.Rate.Apply(f.Total, money.HalfAway) + s.Fee.Fixed
	f.Settled = f.Total - f.Fee
	f.Payout = f.Settled - f.Refund
	return f
}

// discounts spreads the order's discount over the lines by what they cost (D1).
func (s Scenario) discounts() []int64 {
	weights := make([]int64, len(s.Items))
	for i, item := range s.Items {
		weights[i] = item.Price * item.Ordered
	}
	out, err := money.LargestRemainder(s.Discount, weights)
	if err != nil {
		panic(err) // a valid scenario has prices
	}
	return out
}

// issued is the cost of what is ordered of an item: its part of the pool's value, and all of
// it with the last unit (C1, C2).
func issued(i Item) int64 { return money.MulDiv(i.Value, i.Ordered, i.Opening, money.HalfAway) }

// back is the part of a line that its first units bring back, each component by itself (D3, C8).
func (l line) back(units int64) share {
	part := func(total int64) int64 { return money.Share(total, 0, units, l.Units) }
	out := share{Units: units, Gross: part(l.Gross), Discount: part(l.Discount), Net: part(l.Net), Cost: part(l.Cost), Taxes: make([]int64, len(l.Taxes))}
	for j, t := range l.Taxes {
		out.Taxes[j] = part(t)
	}
	return out
}
