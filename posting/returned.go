package posting

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// SoldGoods is a line that was sold, and what of it has come back. It serialises the returns
// of the line: each takes its share after those before it (D3).
type SoldGoods struct {
	Line     string          `json:"line"`
	Quantity retail.Quantity `json:"quantity"`
	Amounts
	Returned Returned `json:"returned,omitzero"`
}

// Returned is how much of a line has come back, and what was given for it.
type Returned struct {
	Quantity retail.Quantity `json:"quantity"`
	Net      int64           `json:"net"`
	Taxes    []int64         `json:"taxes,omitempty"` // beside the taxes of the line
}

// IsZero reports whether nothing has come back.
func (r Returned) IsZero() bool { return r.Quantity == 0 }

// ReturnClaim is what a system says it gave back for a quantity of a line.
type ReturnClaim struct {
	Quantity retail.Quantity
	Net      int64
	// Taxes by jurisdiction; where the source tells one sum only it is TaxTotal, which the
	// original's jurisdictions split.
	Taxes    []TaxAmount
	TaxTotal *int64
}

// NewReturnClaim reads the amounts of a return. treatments stand in the order of its taxes.
func NewReturnClaim(r *event.ReturnAccepted, treatments []Treatment) ReturnClaim {
	claim := ReturnClaim{Quantity: r.Quantity, Net: r.Net.Minor, Taxes: taxAmounts(r.Taxes, treatments)}
	if len(r.Taxes) == 0 && r.TaxTotal != nil {
		claim.TaxTotal = &r.TaxTotal.Minor
	}
	return claim
}

// ReturnShare is what a return posts: the amounts that its source tells, by the treatments
// of the original. Expected is what telescoping (D3) would give; where the two differ within
// the limits the difference is for the record.
type ReturnShare struct {
	Net      int64
	Taxes    []TaxAmount
	Expected Amounts
}

// Total returns what the customer gets.
func (s ReturnShare) Total() int64 { return s.Net + taxSum(s.Taxes) }

// refundSlack is how many minor units a component may lie above its telescoped amount: a
// till that rounds its partial returns in another order is off by one and ends right.
const refundSlack = 1

// giveBack checks a claim against the line and counts it. More than was sold is V-RET-01;
// a component (net, or the tax of one jurisdiction) beyond what was paid for it, or beyond
// its part for the units that came back by more than one minor unit, is V-RET-02.
func (g *SoldGoods) giveBack(c money.Currency, claim ReturnClaim) (ReturnShare, error) {
	if claim.Quantity <= 0 {
		return ReturnShare{}, fault.New(fault.QuantitySign, g.Line, "a return is above zero, not %s", claim.Quantity)
	}
	before := g.Returned.Quantity
	if claim.Quantity > g.Quantity-before {
		return ReturnShare{}, fault.New(fault.ReturnTooMany, g.Line, "%s returned after %s of %s", claim.Quantity, before, g.Quantity)
	}
	if err := resolved(g.Taxes); err != nil {
		return ReturnShare{}, err
	}
	share := ReturnShare{Net: claim.Net, Expected: g.share(before, claim.Quantity, g.Quantity)}
	taxes, err := g.claimedTaxes(claim, share.Expected)
	if err != nil {
		return ReturnShare{}, err
	}
	after := g.Returned.plus(claim, taxes)
	soFar := g.share(0, after.Quantity, g.Quantity)
	if err := withinPaid(c, g.Line, "net", after.Net, soFar.Net, g.Net); err != nil {
		return ReturnShare{}, err
	}
	for i, t := range g.Taxes {
		if err := withinPaid(c, g.Line, t.Jurisdiction, after.Taxes[i], soFar.Taxes[i].Minor, t.Minor); err != nil {
			return ReturnShare{}, err
		}
		t.Minor = taxes[i]
		share.Taxes = append(share.Taxes, t)
	}
	g.Returned = after
	return share, nil
}

// plus returns the counters after a claim.
func (r Returned) plus(claim ReturnClaim, taxes []int64) Returned {
	out := Returned{Quantity: r.Quantity + claim.Quantity, Net: r.Net + claim.Net, Taxes: make([]int64, len(taxes))}
	for i, t := range taxes {
		out.Taxes[i] = t
		if i < len(r.Taxes) {
			out.Taxes[i] += r.Taxes[i]
		}
	}
	return out
}

// withinPaid is V-RET-02 where more comes back than was paid.
func withinPaid(c money.Currency, line, component string, back, soFar, paid int64) error {
	if back <= paid && back <= soFar+refundSlack {
		return nil
	}
	return fault.New(fault.RefundTooMuch, line, "%s: %s given back in all, %s paid, %s of it for the units returned",
		component, money.Of(back, c), money.Of(paid, c), money.Of(soFar, c))
}

// claimedTaxes returns the claimed tax for each tax of the line.
func (g *SoldGoods) claimedTaxes(claim ReturnClaim, expected Amounts) ([]int64, error) {
	if claim.Net < 0 {
		return nil, fault.New(fault.AmountSign, g.Line, "what is given back is not negative")
	}
	if claim.TaxTotal != nil {
		return g.splitTax(*claim.TaxTotal, expected)
	}
	if err := resolved(claim.Taxes); err != nil {
		return nil, err
	}
	out := make([]int64, len(g.Taxes))
	for _, t := range claim.Taxes {
		if t.Minor < 0 {
			return nil, fault.New(fault.AmountSign, g.Line, "what is given back is not negative")
		}
		at := g.taxOf(t.Treatment)
		if at < 0 && t.Minor != 0 {
			return nil, fault.New(fault.RefundTooMuch, g.Line, "the line was not taxed by %s, %s", t.Jurisdiction, t.Code)
		}
		if at >= 0 {
			out[at] += t.Minor
		}
	}
	return out, nil
}

// taxOf returns the place of a treatment among the taxes of the line; a code that the
// return's source does not tell apart is that of the jurisdiction.
func (g *SoldGoods) taxOf(t Treatment) int {
	same := -1
	for i, have := range g.Taxes {
		if have.Treatment == t {
			return i
		}
		if have.Jurisdiction == t.Jurisdiction && same < 0 {
			same = i
		}
	}
	return same
}

// splitTax splits one sum over the jurisdictions in proportion to what telescoping gives.
func (g *SoldGoods) splitTax(total int64, expected Amounts) ([]int64, error) {
	weights := make([]int64, len(g.Taxes))
	var sum int64
	for i, t := range expected.Taxes {
		weights[i] = t.Minor
		sum += t.Minor
	}
	if sum == 0 {
		for i, t := range g.Taxes {
			weights[i] = t.Minor
			sum += t.Minor
		}
	}
	if total < 0 || sum == 0 && total > 0 {
		return nil, fault.New(fault.RefundTooMuch, g.Line, "no tax was paid that could be given back")
	}
	return money.LargestRemainder(total, weights)
}

// ReturnTerms is what reference data says about a return.
type ReturnTerms struct {
	// Unit is the line of the event; empty where the event is one line.
	Unit string
	// Return is the key of the whole return, which a refund names.
	Return string
	// Reason is the return reason class of rule book A10.
	Reason string
	// Tenders is how it was paid back; none means that another system executes the refund.
	Tenders []TenderAmount
}

// ChangeOfMind is the return reason class where the source tells none.
const ChangeOfMind = "CHANGE_OF_MIND"

// Accepted is P04: SALES_RETURNS, TAX_PAYABLE / the tender that was paid back inside the same
// transaction, or REFUND_PAYABLE where another system executes the refund. Tenders that do
// not add up to what is given back are V-BAL-01.
func Accepted(s Setting, terms ReturnTerms, share ReturnShare) (Draft, error) {
	if terms.Reason == "" {
		terms.Reason = ChangeOfMind
	}
	credit := func(minor int64) ledger.Line { return refundPayable(ledger.Cr, terms.Return, minor) }
	return s.gaveBack(P04, terms, share, credit)
}

// NoReceipt is the return reason class of what nobody can trace to a sale.
const NoReceipt = "NO_RECEIPT"

// WithoutReceipt is P07: SALES_RETURNS[NO_RECEIPT] / the tender that was paid back, or
// STORE_CREDIT_LIABILITY where none was. Tax is part of the return unless taxToo says that
// it is taken back from the authority as well (policy no_receipt_tax=INCLUDE).
func WithoutReceipt(s Setting, terms ReturnTerms, share ReturnShare, taxToo bool) (Draft, error) {
	if !taxToo {
		share = ReturnShare{Net: share.Total()}
	}
	terms.Reason = NoReceipt
	credit := func(minor int64) ledger.Line {
		return cr(ledger.StoreCreditLiability, minor, dim(ledger.DimProgramme, "STORE_CREDIT"), dim(ledger.DimIssuer, string(s.Store)))
	}
	return s.gaveBack(P07, terms, share, credit)
}

// gaveBack is a return and how it was paid back; owed is the line of what was not yet.
func (s Setting) gaveBack(id TemplateID, terms ReturnTerms, share ReturnShare, owedBy func(minor int64) ledger.Line) (Draft, error) {
	lines := []ledger.Line{dr(ledger.SalesReturns, share.Net,
		dim(ledger.DimChannel, string(s.Channel)), dim(ledger.DimReason, terms.Reason))}
	lines = append(lines, taxPayable(ledger.Dr, share.Taxes)...)
	owed, paid := int64(0), int64(0)
	for _, t := range terms.Tenders {
		paid += t.Minor
		if t.Elsewhere || t.Class == TenderPrepaid {
			owed += t.Minor
			continue
		}
		back, err := t.line(ledger.Cr, t.Minor)
		if err != nil {
			return Draft{}, err
		}
		lines = append(lines, back)
	}
	if len(terms.Tenders) == 0 {
		owed, paid = share.Total(), share.Total()
	}
	if paid != share.Total() {
		return Draft{}, fault.New(fault.TendersUnequal, terms.Return, "paid back %s, due %s",
			money.Of(paid, s.Currency), money.Of(share.Total(), s.Currency))
	}
	return s.draft(id, ledger.LegRevenue, terms.Unit, append(lines, owedBy(owed))...), nil
}
