package posting_test

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
)

func usd(minor int64) money.Amount { return money.Of(minor, "USD") }

func taxed(minor int64) []event.Tax { return []event.Tax{{Code: "MA", Amount: usd(minor)}} }

// documents are of every type that tells a total and its parts. All of them come to 30.00,
// the exchange to 30.00 less 10.50; total is what each says instead.
func documents(total int64) map[string]event.Body {
	told, lines := new(usd(total)), new(usd(3000))
	of := func(net, tax int64) event.CustomerDocument {
		return event.CustomerDocument{Number: "N1", Currency: "USD", Total: usd(total), Lines: []event.InvoiceLine{
			{Line: "1", Net: usd(net), Taxes: taxed(tax)}, {Line: "2", Net: usd(500)},
		}}
	}
	invoice, memo := event.Invoice(of(2400, 100)), event.CreditMemo(of(2400, 100))
	tax := event.TaxDocument{Document: "T1", Currency: "USD", Total: usd(total), Lines: []event.TaxedLine{
		{Line: "1", Taxes: taxed(2900)}, {Line: "2", Taxes: taxed(100)},
	}}
	quoted, committed, adjusted, refunded := event.TaxQuoted(tax), event.TaxCommitted(tax), event.TaxAdjusted(tax), event.TaxRefunded(tax)
	return map[string]event.Body{
		"exchange": &event.Exchange{
			Currency: "USD", Total: usd(total - 1050),
			Lines: []event.SaleLine{{
				Line: "1", Item: "MUG", Quantity: retail.One, Gross: usd(3000), Discounts: []event.Discount{{Amount: usd(200)}}, Net: usd(2800), Taxes: taxed(200),
			}},
			Returned: []event.ExchangedLine{{Line: "2", Item: "BOOK", Quantity: retail.One, Net: usd(1000), Taxes: taxed(50)}},
		},
		"mp_order": &event.MPOrder{
			Currency: "USD", Total: usd(total), Shipping: new(usd(400)), ShippingTaxes: taxed(20),
			Lines: []event.OrderLine{{Line: "1", Item: "MUG", Quantity: retail.One, Gross: usd(2500), Net: usd(2500), Taxes: taxed(80)}},
		},
		"mp_order, prices with tax": &event.MPOrder{
			Currency: "USD", Total: usd(total), PricesIncludeTax: true,
			Lines: []event.OrderLine{{Line: "1", Item: "MUG", Quantity: retail.One, Gross: usd(3000), Net: usd(3000), Taxes: taxed(80)}},
		},
		"mp_shipped": &event.MPShipped{
			Gross: new(usd(2900)), Shipping: new(usd(300)), Discounts: []event.Discount{{Amount: usd(200)}}, Net: told, Taxes: taxed(180),
		},
		"mp_settlement_closed": &event.MPSettlementClosed{
			Currency: "USD", Opening: new(usd(300)), Reserve: new(usd(500)), Payout: usd(total),
			Sums: []event.SettlementSum{{Type: "ItemPrice", Amount: usd(6000)}, {Type: "ItemFees", Amount: usd(-2800)}},
		},
		"invoice": &invoice, "credit_memo": &memo,
		"tax_quoted": &quoted, "tax_committed": &committed, "tax_adjusted": &adjusted, "tax_refunded": &refunded,
		"vendor_invoice":     &event.VendorInvoice{Vendor: "V1", Invoice: "I1", Total: told, Lines: lines},
		"vendor_credit_memo": &event.VendorCreditMemo{Vendor: "V1", Memo: "M1", Total: told, Lines: lines},
		"return_accepted":    &event.ReturnAccepted{Return: retail.Ref{ID: "R1"}, Total: told, Lines: lines},
		"return_no_receipt":  &event.ReturnNoReceipt{Return: retail.Ref{ID: "R1"}, Total: told, Lines: lines},
		"gift_card_sold":     &event.GiftCardSold{Total: told, Lines: lines},
		"gift_card_reloaded": &event.GiftCardReloaded{Total: told, Lines: lines},
		"bank_line":          &event.BankLine{Account: "A", Statement: "S", Closing: (*event.Foreign)(told), Computed: (*event.Foreign)(lines)},
	}
}

// TestTotals compares the total of each document with its parts: one that is a cent off names
// both, and one that adds up is silent.
func TestTotals(t *testing.T) {
	const right, wrong = 3000, 3001
	for name, document := range documents(right) {
		if err := posting.Totals("K1", document); err != nil {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for name, document := range documents(wrong) {
		err := posting.Totals("K1", document)
		if !fault.HasCode(err, fault.HeaderUnequal) {
			t.Errorf("%s: got %v, want V-BAL-02", name, err)
			continue
		}
		header, lines := "30.01 USD", "30.00 USD"
		if name == "exchange" {
			header, lines = "19.51 USD", "19.50 USD"
		}
		for _, part := range []string{header, lines, "0.01 USD"} {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%s: %v does not name %s", name, err, part)
			}
		}
	}
}

// TestToldTotals compares what is told of a whole of which the event is one part.
func TestToldTotals(t *testing.T) {
	for _, test := range []struct {
		header, lines *money.Amount
		want          []string
	}{
		{nil, nil, nil},
		{new(usd(24000)), nil, nil},
		{new(usd(24000)), new(usd(24000)), nil},
		{new(usd(24000)), new(usd(23950)), []string{"V-BAL-02", "V1·I1", "240.00", "239.50", "0.50"}},
		{new(usd(24000)), new(money.Of(24000, "EUR")), []string{"V-BAL-02", "USD", "EUR"}},
	} {
		err := posting.Totals("V1·I1·1", &event.VendorInvoice{Vendor: "V1", Invoice: "I1", Total: test.header, Lines: test.lines})
		if (err == nil) != (test.want == nil) {
			t.Fatalf("%v and %v: got %v", test.header, test.lines, err)
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v does not name %s", err, part)
			}
		}
	}
}

// TestTotalsWithoutParts: a settlement that tells no rows cannot be compared.
func TestTotalsWithoutParts(t *testing.T) {
	if err := posting.Totals("K1", &event.MPSettlementClosed{Currency: "USD", Payout: usd(5000)}); err != nil {
		t.Errorf("got %v", err)
	}
}

// TestTotalsAtTheLimit refuses a document with more lines than any sum has room for, and takes
// one line less.
func TestTotalsAtTheLimit(t *testing.T) {
	for _, test := range []struct {
		lines int
		want  fault.Code
	}{{1000, fault.HeaderUnequal}, {1001, fault.NotRepresentable}} {
		d := &event.Invoice{Number: "N1", Currency: "USD"}
		for range test.lines {
			d.Lines = append(d.Lines, event.InvoiceLine{Net: usd(money.MaxMinor)})
		}
		if err := posting.Totals("K1", d); !fault.HasCode(err, test.want) {
			t.Errorf("%d lines: got %v, want %s", test.lines, err, test.want)
		}
	}
}
