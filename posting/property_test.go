package posting_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
)

func rolesAsAccounts(t testing.TB) *ledger.Chart {
	t.Helper()
	chart := ledger.NewChart()
	if err := chart.Set("*·*", 0, ledger.Account{Code: "{role}"}); err != nil {
		t.Fatal(err)
	}
	return chart
}

// drawCurrency covers the exponents 0, 2 and 3 (D6).
func drawCurrency(t *rapid.T) money.Currency {
	return rapid.SampledFrom([]money.Currency{"JPY", "USD", "KWD"}).Draw(t, "currency")
}

var jurisdictions = []string{"STATE", "CITY", "COUNTY"}

// priced is a line as any source may tell it.
type priced struct {
	quantity  retail.Quantity
	gross     money.Amount
	discounts []event.Discount
	net       money.Amount // without tax
	taxes     []event.Tax
	terms     posting.LineTerms
}

// drawLine draws a line: small figures and large, and discounts down to nothing.
func drawLine(t *rapid.T, c money.Currency, inclusive bool) priced {
	l := priced{quantity: retail.Quantity(rapid.SampledFrom([]int64{1000, 2000, 3000, 7000, 1234}).Draw(t, "quantity"))}
	net := rapid.OneOf(rapid.Int64Range(0, 20), rapid.Int64Range(0, 1_000_000)).Draw(t, "net")
	var tax, discount int64
	for _, j := range jurisdictions[:rapid.IntRange(0, 3).Draw(t, "taxes")] {
		minor := rapid.Int64Range(0, net/4+2).Draw(t, "tax")
		tax += minor
		l.taxes = append(l.taxes, event.Tax{Code: j, Amount: money.Of(minor, c)})
		l.terms.Taxes = append(l.terms.Taxes, posting.Treatment{Jurisdiction: j})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "discounts") {
		minor := rapid.Int64Range(0, 5000).Draw(t, "discount")
		discount += minor
		l.discounts = append(l.discounts, event.Discount{ID: fmt.Sprint(i), Amount: money.Of(minor, c)})
		l.terms.Funding = append(l.terms.Funding, rapid.SampledFrom([]string{"", "VENDOR"}).Draw(t, "funding"))
	}
	l.net, l.gross = money.Of(net, c), money.Of(net+discount, c)
	if inclusive {
		l.gross.Minor += tax
	}
	return l
}

func (l priced) due() int64 {
	sum := l.net.Minor
	for _, t := range l.taxes {
		sum += t.Amount.Minor
	}
	return sum
}

// drawOrder draws an order whose header agrees with its lines.
func drawOrder(t *rapid.T) *posting.Order {
	c := drawCurrency(t)
	placed := &event.OrderPlaced{Currency: c, Channel: "ONLINE", PricesIncludeTax: rapid.Bool().Draw(t, "inclusive")}
	terms := posting.OrderTerms{ID: "O1"}
	var total int64
	for i := range rapid.IntRange(1, 4).Draw(t, "lines") {
		l := drawLine(t, c, placed.PricesIncludeTax)
		line := event.OrderLine{Line: fmt.Sprint(i), Quantity: l.quantity, Gross: l.gross, Discounts: l.discounts, Net: l.net, Taxes: l.taxes}
		if placed.PricesIncludeTax {
			line.Net.Minor = l.due()
		}
		placed.Lines, terms.Lines = append(placed.Lines, line), append(terms.Lines, l.terms)
		total += l.due()
	}
	if rapid.Bool().Draw(t, "shipped") {
		shipping, tax := money.Of(rapid.Int64Range(0, 999).Draw(t, "shipping"), c), money.Of(rapid.Int64Range(0, 99).Draw(t, "shipping tax"), c)
		placed.Shipping, placed.ShippingTaxes = &shipping, []event.Tax{{Code: "STATE", Amount: tax}}
		terms.Shipping = []posting.Treatment{{Jurisdiction: "STATE"}}
		total += shipping.Minor + tax.Minor
	}
	placed.Total = money.Of(total, c)
	o, err := posting.NewOrder(placed, terms)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// ledgerOf collects balanced entries of drafts; an unbalanced one fails the test (INV-06).
type ledgerOf struct {
	t        *rapid.T
	chart    *ledger.Chart
	currency money.Currency
	entries  []*ledger.Entry
}

func (b *ledgerOf) post(d posting.Draft, err error) {
	if err != nil {
		b.t.Fatal(err)
	}
	if d.IsZero() {
		return
	}
	e, err := d.Entry(posting.Cause{
		Event: fmt.Sprint("e", len(b.entries)), Entity: "LE1", Functional: b.currency,
		Dates: ledger.Dates{Accounting: 20260630, Business: 20260630, TaxPoint: 20260630},
	}, b.chart)
	if err != nil {
		b.t.Fatal(err)
	}
	b.entries = append(b.entries, e)
}

func (b *ledgerOf) balances() map[string]int64 {
	out := map[string]int64{}
	for _, r := range ledger.TrialBalanceOf(b.entries).Rows() {
		out[r.Shown] = r.Minor
	}
	return out
}

// TestOrderInAnyParts is INV-06, INV-15 and the money side of INV-12: whatever the parts and
// whatever the order in which an order is captured, fulfilled and returned, every unit
// balances, no part of a tax, of net or of gross is below zero, the parts add up to the
// order, and the clearing keys end at zero.
func TestOrderInAnyParts(t *testing.T) {
	chart := rolesAsAccounts(t)
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrder(t)
		placed := *o
		placed.Lines = append([]posting.OrderLine(nil), o.Lines...)
		b := &ledgerOf{t: t, chart: chart, currency: o.Currency}
		s := posting.Setting{Currency: o.Currency, Channel: o.Channel}
		for parts := 0; !closed(o); parts++ {
			if rapid.Bool().Draw(t, "capture") && o.Captured < o.Total {
				capturePart(t, b, s, o, parts)
				continue
			}
			for i := range o.Lines {
				fulfilPart(t, b, s, o, i, parts)
			}
		}
		checkComplete(t, b, &placed)
	})
}

func closed(o *posting.Order) bool {
	for _, l := range o.Lines {
		if l.Fulfilled < l.Quantity {
			return false
		}
	}
	return o.Captured == o.Total
}

func capturePart(t *rapid.T, b *ledgerOf, s posting.Setting, o *posting.Order, parts int) {
	minor := o.Total - o.Captured
	if parts < 8 {
		minor = rapid.Int64Range(1, minor).Draw(t, "captured")
	}
	share, err := o.Capture(minor)
	if err != nil {
		t.Fatal(err)
	}
	for _, tax := range share.Taxes {
		minor -= tax.Minor
		if tax.Minor < 0 {
			t.Fatalf("a tax share of %d", tax.Minor)
		}
	}
	if minor != share.Net {
		t.Fatalf("net %d, the taxes leave %d", share.Net, minor)
	}
	b.post(posting.Captured(s, o.ID, posting.Tender{Class: posting.TenderCard, Processor: "psp", Reference: fmt.Sprint(parts)}, minor+taxesOf(share), share))
}

func taxesOf(share posting.CaptureShare) (sum int64) {
	for _, tax := range share.Taxes {
		sum += tax.Minor
	}
	return sum
}

func fulfilPart(t *rapid.T, b *ledgerOf, s posting.Setting, o *posting.Order, i, parts int) {
	left := o.Lines[i].Quantity - o.Lines[i].Fulfilled
	if left == 0 {
		return
	}
	if parts < 8 {
		left = retail.Quantity(rapid.Int64Range(1, int64(left)).Draw(t, "fulfilled"))
	}
	share, err := o.Fulfil(o.Lines[i].Line, left)
	if err != nil {
		t.Fatal(err)
	}
	if share.Gross < share.Net || share.Net < 0 {
		t.Fatalf("%+v", share)
	}
	for _, d := range share.Discounts {
		if d.Minor < 0 {
			t.Fatalf("%+v", share)
		}
	}
	for _, tax := range share.Taxes {
		if tax.Minor < 0 {
			t.Fatalf("%+v", share)
		}
	}
	b.post(posting.Fulfilled(s, fmt.Sprint(o.Lines[i].Line, "·", parts), o.ID, "D1", share), nil)
}

// checkComplete compares the books of a closed order with what was agreed.
func checkComplete(t *rapid.T, b *ledgerOf, placed *posting.Order) {
	want := map[string]int64{"TENDER_CLEARING[CARD]": placed.Total, "FREIGHT_REVENUE": -placed.Shipping}
	for _, l := range placed.Lines {
		want["SALES_REVENUE"] -= l.Gross
		for _, d := range l.Discounts {
			want["SALES_DISCOUNT"] += d.Minor
		}
		for _, tax := range l.Taxes {
			want["TAX_PAYABLE["+tax.Jurisdiction+"]"] -= tax.Minor
		}
	}
	for _, tax := range placed.ShippingTaxes {
		want["TAX_PAYABLE["+tax.Jurisdiction+"]"] -= tax.Minor
	}
	got := b.balances()
	for shown, minor := range want {
		if got[shown] != minor {
			t.Fatalf("%s is %d, want %d", shown, got[shown], minor)
		}
		delete(got, shown)
	}
	if len(got) > 0 {
		t.Fatalf("left over: %v", got)
	}
}

// TestReturnsGiveBackWhatWasPaid is INV-13: returns of a line in any parts give back every
// component exactly, whether the till tells taxes by jurisdiction or as one sum, and nothing
// more can come back after that.
func TestReturnsGiveBackWhatWasPaid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrder(t)
		l := o.Lines[0]
		if _, err := o.Fulfil(l.Line, l.Quantity); err != nil {
			t.Fatal(err)
		}
		var net int64
		taxes := make([]int64, len(l.Taxes))
		for back := retail.Quantity(0); back < l.Quantity; {
			q := retail.Quantity(rapid.Int64Range(1, int64(l.Quantity-back)).Draw(t, "returned"))
			share := returnPart(t, o, l, back, q)
			net += share.Net
			for i, tax := range share.Taxes {
				taxes[i] += tax.Minor
			}
			back += q
		}
		for i, tax := range l.Taxes {
			if taxes[i] != tax.Minor {
				t.Fatalf("tax %s: %d came back of %d", tax.Jurisdiction, taxes[i], tax.Minor)
			}
		}
		if net != l.Net {
			t.Fatalf("net: %d came back of %d", net, l.Net)
		}
		if _, err := o.Return(l.Line, posting.ReturnClaim{Quantity: 1}); !fault.HasCode(err, fault.ReturnTooMany) {
			t.Fatalf("got %v, want V-RET-01", err)
		}
	})
}

// returnPart returns q after back units have come back, as a till computes it by D3.
func returnPart(t *rapid.T, o *posting.Order, l posting.OrderLine, back, q retail.Quantity) posting.ReturnShare {
	claim := posting.ReturnClaim{Quantity: q, Net: money.Share(l.Net, int64(back), int64(q), int64(l.Quantity))}
	var total int64
	for _, tax := range l.Taxes {
		tax.Minor = money.Share(tax.Minor, int64(back), int64(q), int64(l.Quantity))
		claim.Taxes = append(claim.Taxes, tax)
		total += tax.Minor
	}
	tooMuch := claim
	tooMuch.Net += 2
	if _, err := o.Return(l.Line, tooMuch); !fault.HasCode(err, fault.RefundTooMuch) {
		t.Fatalf("two minor units too much: got %v, want V-RET-02", err)
	}
	if len(claim.Taxes) > 0 && rapid.Bool().Draw(t, "one sum") {
		claim.Taxes, claim.TaxTotal = nil, &total
	}
	share, err := o.Return(l.Line, claim)
	if err != nil {
		t.Fatal(err)
	}
	return share
}

// TestSaleByLines is INV-06 and INV-16 for the sale builder: every line balances by itself,
// the lines together post every tender, tax and rounding exactly, and net and tax of an
// inclusive price are what was paid.
func TestSaleByLines(t *testing.T) {
	chart := rolesAsAccounts(t)
	rapid.Check(t, func(t *rapid.T) {
		sale, terms := drawSale(t)
		sold, err := posting.NewSold(sale, terms)
		if err != nil {
			t.Fatal(err)
		}
		b := &ledgerOf{t: t, chart: chart, currency: sale.Currency}
		want := map[string]int64{}
		for _, tender := range sale.Tenders {
			want["TENDER_CLEARING["+tender.Code+"]"] += tender.Amount.Minor
		}
		if sale.Rounding != nil {
			want["CASH_ROUNDING"] = -sale.Rounding.Minor
		}
		for i, l := range sale.Lines {
			b.post(sold.Revenue(l.Line, "D1"))
			var paid int64
			for _, tender := range sold.Lines[i].Tenders {
				paid += tender.Minor
			}
			due := sold.Lines[i].Net
			for _, tax := range l.Taxes {
				due += tax.Amount.Minor
				want["TAX_PAYABLE["+tax.Code+"]"] -= tax.Amount.Minor
			}
			if paid != due+sold.Lines[i].Rounding {
				t.Fatalf("line %s: paid %d, due %d and rounding %d", l.Line, paid, due, sold.Lines[i].Rounding)
			}
		}
		got := b.balances()
		for shown, minor := range want {
			if got[shown] != minor {
				t.Fatalf("%s is %d, want %d", shown, got[shown], minor)
			}
		}
	})
}

// drawSale draws a sale that was paid by card and cash, the cash rounded (D7).
func drawSale(t *rapid.T) (*event.Sale, posting.SaleTerms) {
	sale := &event.Sale{Currency: "CAD", PricesIncludeTax: rapid.Bool().Draw(t, "inclusive")}
	terms := posting.SaleTerms{Key: "T1", Store: "S1", Channel: "STORE", Day: 20260630, Cash: money.SeedCashRules().For("CAD", "CA")}
	for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
		l := drawLine(t, "CAD", sale.PricesIncludeTax)
		sale.Lines = append(sale.Lines, event.SaleLine{Line: fmt.Sprint(i), Quantity: l.quantity, Gross: l.gross, Discounts: l.discounts, Net: l.net, Taxes: l.taxes})
		terms.Lines = append(terms.Lines, l.terms)
		sale.Total.Minor += l.due()
	}
	sale.Total.Currency = "CAD"
	card := rapid.Int64Range(0, sale.Total.Minor).Draw(t, "card")
	cash, rounding := terms.Cash.Round(sale.Total.Minor - card)
	sale.Tenders = []event.Tender{{Code: "CARD", Amount: money.Of(card, "CAD")}, {Code: "CASH", Amount: money.Of(cash, "CAD")}}
	terms.Tenders = []posting.Tender{{Class: posting.TenderCard}, {Class: posting.TenderCash}}
	if rounding != 0 {
		amount := money.Of(rounding, "CAD")
		sale.Rounding = &amount
	}
	return sale, terms
}

// TestMirrorUndoes: a draft and its mirror leave nothing, whatever the template.
func TestMirrorUndoes(t *testing.T) {
	chart := rolesAsAccounts(t)
	rapid.Check(t, func(t *rapid.T) {
		o := drawOrder(t)
		b := &ledgerOf{t: t, chart: chart, currency: o.Currency}
		s := posting.Setting{Currency: o.Currency, Channel: o.Channel}
		share, err := o.Fulfil(o.Lines[0].Line, o.Lines[0].Quantity)
		if err != nil {
			t.Fatal(err)
		}
		d := posting.Fulfilled(s, "1", o.ID, "D1", share)
		before := fmt.Sprint(d.Lines)
		b.post(d, nil)
		b.post(d.Mirror(posting.P92R), nil)
		if left := b.balances(); len(left) > 0 || fmt.Sprint(d.Lines) != before {
			t.Fatalf("left over: %v", left)
		}
	})
}
