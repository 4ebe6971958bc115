package posting

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Order is what later facts of a customer order take their amounts from: what was agreed
// when it was placed, which never changes, and how much of it has been captured, fulfilled
// and returned. Its JSON form is its document; the same order gives the same bytes.
type Order struct {
	ID       retail.OrderID   `json:"id"`
	Currency money.Currency   `json:"currency"`
	Channel  retail.ChannelID `json:"channel"`
	Lines    []OrderLine      `json:"lines"`
	// Shipping is without tax; it is fulfilled with the first line.
	Shipping      int64       `json:"shipping,omitempty"`
	ShippingTaxes []TaxAmount `json:"shipping_taxes,omitempty"`
	// Total is what the customer pays, tax included.
	Total int64 `json:"total"`

	Captured        int64 `json:"captured,omitempty"`
	ShippingCharged bool  `json:"shipping_charged,omitempty"`
}

// OrderLine is one line of an order, with its counters.
type OrderLine struct {
	SoldGoods
	Fulfilled retail.Quantity `json:"fulfilled,omitempty"`
}

// OrderTerms is what reference data says about an order.
type OrderTerms struct {
	ID       retail.OrderID
	Lines    []LineTerms // in the order of the lines
	Shipping []Treatment // in the order of the shipping taxes
}

// NewOrder takes the amounts of an order as it was placed. Unmapped tax codes may stay open;
// see Resolve. A header total that is not the sum of its lines is V-BAL-02.
func NewOrder(placed *event.OrderPlaced, terms OrderTerms) (*Order, error) {
	o := &Order{
		ID: terms.ID, Currency: placed.Currency, Channel: placed.Channel, Total: placed.Total.Minor,
		ShippingTaxes: taxAmounts(placed.ShippingTaxes, terms.Shipping),
	}
	if placed.Shipping != nil {
		o.Shipping = placed.Shipping.Minor
	}
	if len(o.ShippingTaxes) > partsMax {
		return nil, fault.New(fault.NotRepresentable, string(terms.ID), "shipping has at most %d taxes", partsMax)
	}
	total := o.Shipping + taxSum(o.ShippingTaxes)
	for i, l := range placed.Lines {
		source := sourceLine{l.Line, l.Quantity, l.Gross, l.Discounts, l.Net.Minor, l.Taxes}
		if placed.PricesIncludeTax {
			for _, t := range l.Taxes {
				source.net -= t.Amount.Minor // the net of an order with such prices contains the tax
			}
		}
		if err := source.within(len(placed.Lines)); err != nil {
			return nil, err
		}
		a, err := source.amounts(placed.Currency, lineTerms(terms.Lines, i), placed.PricesIncludeTax)
		if err != nil {
			return nil, err
		}
		o.Lines = append(o.Lines, OrderLine{SoldGoods: SoldGoods{Line: l.Line, Quantity: l.Quantity, Amounts: a}})
		total += a.due()
	}
	if total != o.Total {
		return nil, headerUnequal(string(terms.ID), o.Currency, o.Total, total)
	}
	return o, nil
}

func lineTerms(terms []LineTerms, i int) LineTerms {
	if i < len(terms) {
		return terms[i]
	}
	return LineTerms{}
}

// Resolve gives their treatment to taxes whose codes were not mapped before: treatment
// returns it for a source's code, false where it is still unknown.
func (o *Order) Resolve(treatment func(source string) (Treatment, bool)) {
	for i := range o.Lines {
		resolveTaxes(o.Lines[i].Taxes, treatment)
	}
	resolveTaxes(o.ShippingTaxes, treatment)
}

func resolveTaxes(taxes []TaxAmount, treatment func(source string) (Treatment, bool)) {
	for i := range taxes {
		if taxes[i].Jurisdiction != "" {
			continue
		}
		if t, ok := treatment(taxes[i].Source); ok {
			taxes[i].Treatment = t.known()
		}
	}
}

// line returns the line of that number.
func (o *Order) line(number string) (*OrderLine, error) {
	i := slices.IndexFunc(o.Lines, func(l OrderLine) bool { return l.Line == number })
	if i < 0 {
		return nil, fault.New(fault.ParentMissing, retail.Key(string(o.ID), number), "the order has no such line")
	}
	return &o.Lines[i], nil
}

// CaptureShare is the part of an order that a capture pays for.
type CaptureShare struct {
	Net   int64
	Taxes []JurisdictionAmount
}

// Capture takes the share of an amount that was captured and counts it. The tax of each
// jurisdiction over the whole order telescopes over what has been captured (D3), and net is
// the rest of the amount, so that captures that reach the total leave nothing. More than the
// total is V-PAY-02; while a tax code is not mapped it is V-TAX-02.
//
// Net can be one minor unit below zero where a capture of a few minor units meets the step
// of several taxes; it then stands on the other side.
func (o *Order) Capture(minor int64) (CaptureShare, error) {
	if minor <= 0 {
		return CaptureShare{}, fault.New(fault.AmountSign, string(o.ID), "a capture is above zero")
	}
	if minor > o.Total-o.Captured {
		return CaptureShare{}, fault.New(fault.CaptureTooMuch, string(o.ID), "%s captured after %s of %s",
			money.Of(minor, o.Currency), money.Of(o.Captured, o.Currency), money.Of(o.Total, o.Currency))
	}
	groups := [][]TaxAmount{}
	for _, l := range o.Lines {
		groups = append(groups, l.Taxes)
	}
	groups = append(groups, o.ShippingTaxes)
	for _, taxes := range groups {
		if err := resolved(taxes); err != nil {
			return CaptureShare{}, err
		}
	}
	share := CaptureShare{Net: minor, Taxes: byJurisdiction(groups...)}
	for i, t := range share.Taxes {
		part := money.Share(t.Minor, o.Captured, minor, o.Total)
		share.Taxes[i].Minor = part
		share.Net -= part
	}
	o.Captured += minor
	return share, nil
}

// Captured is P16: TENDER_CLEARING / CONTRACT_LIABILITY, TAX_DEFERRED.
func Captured(s Setting, order retail.OrderID, t Tender, minor int64, share CaptureShare) (Draft, error) {
	paid, err := t.line(ledger.Dr, minor)
	if err != nil {
		return Draft{}, err
	}
	lines := []ledger.Line{paid, contractLiability(ledger.Cr, string(order), share.Net)}
	for _, tax := range share.Taxes {
		lines = append(lines, taxDeferred(ledger.Cr, string(order), tax.Jurisdiction, tax.Minor))
	}
	return s.draft(P16, ledger.LegTender, "", lines...), nil
}

// FulfilShare is the part of an order that a fulfilment of one line recognises.
type FulfilShare struct {
	Amounts
	Shipping      int64
	ShippingTaxes []TaxAmount
}

// Fulfil takes the share of a quantity of a line and counts it (D3). Shipping goes with the
// first fulfilment of the order as a whole. More than was ordered is V-INV-03; while a tax
// code of the line is not mapped it is V-TAX-02.
func (o *Order) Fulfil(line string, q retail.Quantity) (FulfilShare, error) {
	l, err := o.line(line)
	if err != nil {
		return FulfilShare{}, err
	}
	subject := retail.Key(string(o.ID), line)
	if q <= 0 {
		return FulfilShare{}, fault.New(fault.QuantitySign, subject, "a fulfilment is above zero, not %s", q)
	}
	if q > l.Quantity-l.Fulfilled {
		return FulfilShare{}, fault.New(fault.ReleaseExceeds, subject, "%s fulfilled after %s of %s", q, l.Fulfilled, l.Quantity)
	}
	if err := resolved(l.Taxes); err != nil {
		return FulfilShare{}, err
	}
	share := FulfilShare{Amounts: l.share(l.Fulfilled, q, l.Quantity)}
	if !o.ShippingCharged {
		if err := resolved(o.ShippingTaxes); err != nil {
			return FulfilShare{}, err
		}
		share.Shipping, share.ShippingTaxes = o.Shipping, slices.Clone(o.ShippingTaxes)
	}
	o.ShippingCharged = true
	l.Fulfilled += q
	return share, nil
}

// Fulfilled is P17 for one line: CONTRACT_LIABILITY, TAX_DEFERRED, SALES_DISCOUNT /
// SALES_REVENUE, FREIGHT_REVENUE, TAX_PAYABLE.
func Fulfilled(s Setting, unit string, order retail.OrderID, department string, share FulfilShare) Draft {
	lines := []ledger.Line{contractLiability(ledger.Dr, string(order), share.Net+share.Shipping)}
	for _, t := range byJurisdiction(share.Taxes, share.ShippingTaxes) {
		lines = append(lines, taxDeferred(ledger.Dr, string(order), t.Jurisdiction, t.Minor))
	}
	lines = append(lines, s.revenue(share.Amounts, department)...)
	lines = append(lines, cr(ledger.FreightRevenue, share.Shipping, dim(ledger.DimChannel, string(s.Channel))))
	lines = append(lines, taxPayable(ledger.Cr, share.ShippingTaxes)...)
	return s.draft(P17, ledger.LegRevenue, unit, lines...)
}

// revenue returns the lines that a sale and a fulfilment have in common.
func (s Setting) revenue(a Amounts, department string) []ledger.Line {
	lines := []ledger.Line{cr(ledger.SalesRevenue, a.Gross,
		dim(ledger.DimChannel, string(s.Channel)), dim(ledger.DimDepartment, department))}
	for _, d := range a.Discounts {
		lines = append(lines, dr(ledger.SalesDiscount, d.Minor, dim(ledger.DimFunding, d.Funding)))
	}
	return append(lines, taxPayable(ledger.Cr, a.Taxes)...)
}

func taxPayable(side ledger.Side, taxes []TaxAmount) []ledger.Line {
	lines := make([]ledger.Line, len(taxes))
	for i, t := range taxes {
		lines[i] = ledger.Post(side, ledger.TaxPayable, t.Minor,
			dim(ledger.DimJurisdiction, t.Jurisdiction), dim(ledger.DimTaxCode, t.Code))
	}
	return lines
}

// Return takes the share of a return of a line and counts it; see SoldGoods. Goods come back
// only after they were fulfilled: what was ordered but is not known to be fulfilled yet is
// V-LIN-01, and waits.
func (o *Order) Return(line string, claim ReturnClaim) (ReturnShare, error) {
	l, err := o.line(line)
	if err != nil {
		return ReturnShare{}, err
	}
	after := l.Returned.Quantity + claim.Quantity
	if after > l.Fulfilled && after <= l.Quantity {
		return ReturnShare{}, fault.New(fault.ParentMissing, retail.Key(string(o.ID), line), "%s returned, %s known to be fulfilled", after, l.Fulfilled)
	}
	return l.giveBack(o.Currency, claim)
}
