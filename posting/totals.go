package posting

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Totals compares what a document says that it comes to with what its parts come to, where it
// tells both; V-BAL-02 names the document, its key, and both totals. Documents that a builder of
// their own reads (Order, Sold) are compared there.
//
// The amounts of a document have one currency, which was checked when it came in.
func Totals(key string, document event.Body) error {
	switch d := document.(type) {
	case *event.Exchange:
		return exchangeTotals(key, d)
	case *event.MPOrder:
		return marketplaceTotals(key, d)
	case *event.MPShipped:
		return shipmentTotals(key, d)
	case *event.MPSettlementClosed:
		return settlementTotals(key, d)
	case *event.Invoice:
		return documentTotals(key, (*event.CustomerDocument)(d))
	case *event.CreditMemo:
		return documentTotals(key, (*event.CustomerDocument)(d))
	case *event.TaxQuoted:
		return taxTotals(key, (*event.TaxDocument)(d))
	case *event.TaxCommitted:
		return taxTotals(key, (*event.TaxDocument)(d))
	case *event.TaxAdjusted:
		return taxTotals(key, (*event.TaxDocument)(d))
	case *event.TaxRefunded:
		return taxTotals(key, (*event.TaxDocument)(d))
	case *event.VendorInvoice:
		return told(retail.Key(d.Vendor, d.Invoice), d.Total, d.Lines)
	case *event.VendorCreditMemo:
		return told(retail.Key(d.Vendor, d.Memo), d.Total, d.Lines)
	case *event.ReturnAccepted:
		return told(d.Return.ID, d.Total, d.Lines)
	case *event.ReturnNoReceipt:
		return told(d.Return.ID, d.Total, d.Lines)
	case *event.GiftCardSold:
		return told(key, d.Total, d.Lines)
	case *event.GiftCardReloaded:
		return told(key, d.Total, d.Lines)
	case *event.BankLine:
		return told(retail.Key(d.Account, d.Statement), (*money.Amount)(d.Closing), (*money.Amount)(d.Computed))
	}
	return nil
}

// headerUnequal is V-BAL-02 with both totals.
func headerUnequal(subject string, c money.Currency, header, lines int64) error {
	return fault.New(fault.HeaderUnequal, subject, "the header says %s, the lines add up to %s: %s differ",
		money.Of(header, c), money.Of(lines, c), money.Of(header-lines, c))
}

func equal(key string, c money.Currency, header, lines int64) error {
	if header == lines {
		return nil
	}
	return headerUnequal(key, c, header, lines)
}

// told compares two totals that a document's pack saw, because the event is one part of it.
func told(key string, header, lines *money.Amount) error {
	switch {
	case header == nil || lines == nil:
		return nil
	case header.Currency != lines.Currency:
		return fault.New(fault.HeaderUnequal, key, "the header says %s, the lines add up to %s", header, lines)
	}
	return equal(key, header.Currency, header.Minor, lines.Minor)
}

// due adds up what lines come to, taxes included, within the limits of a document.
func due(lines []sourceLine) (int64, error) {
	var sum int64
	for _, l := range lines {
		if err := l.within(len(lines)); err != nil {
			return 0, err
		}
		sum += l.due()
	}
	return sum, nil
}

// exchangeTotals: the difference is what goes out less what comes back.
func exchangeTotals(key string, d *event.Exchange) error {
	var sold, back []sourceLine
	for _, l := range d.Lines {
		line := sourceLine{l.Line, l.Quantity, l.Gross, l.Discounts, l.Net.Minor, l.Taxes}
		if _, err := line.amounts(d.Currency, LineTerms{}, d.PricesIncludeTax); err != nil {
			return err
		}
		sold = append(sold, line)
	}
	for _, l := range d.Returned {
		back = append(back, sourceLine{line: l.Line, net: l.Net.Minor, taxes: l.Taxes})
	}
	out, err := due(sold)
	if err != nil {
		return err
	}
	in, err := due(back)
	if err != nil {
		return err
	}
	return equal(key, d.Currency, d.Total.Minor, out-in)
}

// marketplaceTotals: an order of a marketplace adds up as any other one does.
func marketplaceTotals(key string, d *event.MPOrder) error {
	_, err := NewOrder(&event.OrderPlaced{
		Currency: d.Currency, PricesIncludeTax: d.PricesIncludeTax, Lines: d.Lines,
		Shipping: d.Shipping, ShippingTaxes: d.ShippingTaxes, Total: d.Total,
	}, OrderTerms{ID: retail.OrderID(key)})
	return err
}

// shipmentTotals: the net of a shipment is its price and delivery less discounts.
func shipmentTotals(key string, d *event.MPShipped) error {
	if d.Gross == nil || d.Net == nil {
		return nil
	}
	paid := d.Gross.Minor
	if d.Shipping != nil {
		paid += d.Shipping.Minor
	}
	if len(d.Discounts) > partsMax {
		return fault.New(fault.NotRepresentable, key, "a line has at most %d discounts", partsMax)
	}
	for _, discount := range d.Discounts {
		paid -= discount.Amount.Minor
	}
	return equal(key, d.Gross.Currency, d.Net.Minor, paid)
}

// settlementTotals: what is paid is the opening balance and the sums less the reserve. A
// settlement without sums tells nothing that could be compared.
func settlementTotals(key string, d *event.MPSettlementClosed) error {
	if len(d.Sums) == 0 {
		return nil
	}
	if len(d.Sums) > linesMax {
		return fault.New(fault.NotRepresentable, key, "a settlement has at most %d sums", linesMax)
	}
	var sum int64
	for _, s := range d.Sums {
		sum += s.Amount.Minor
	}
	if d.Opening != nil {
		sum += d.Opening.Minor
	}
	if d.Reserve != nil {
		sum -= d.Reserve.Minor
	}
	return equal(key, d.Currency, d.Payout.Minor, sum)
}

func documentTotals(key string, d *event.CustomerDocument) error {
	var lines []sourceLine
	for _, l := range d.Lines {
		lines = append(lines, sourceLine{line: l.Line, net: l.Net.Minor, taxes: l.Taxes})
	}
	sum, err := due(lines)
	if err != nil {
		return err
	}
	return equal(key, d.Currency, d.Total.Minor, sum)
}

func taxTotals(key string, d *event.TaxDocument) error {
	var lines []sourceLine
	for _, l := range d.Lines {
		lines = append(lines, sourceLine{line: l.Line, taxes: l.Taxes})
	}
	sum, err := due(lines)
	if err != nil {
		return err
	}
	return equal(key, d.Currency, d.Total.Minor, sum)
}
