package packs

import (
	"cmp"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
)

// toldByAmazon maps a payload and returns what comes of it, all under one delivery id.
func toldByAmazon(t *testing.T, body []byte, options map[string]string) string {
	t.Helper()
	result, err := get(t, amazon).Map(t.Context(), pack.Input{Body: body, Instance: "seller-1", Options: options, TokenKey: pack.TestTokenKey()})
	if err != nil {
		t.Fatal(err)
	}
	var lines []byte
	for _, outcome := range result.Records {
		if outcome.Err != nil {
			t.Error(outcome.Err)
		}
		for _, e := range outcome.Events {
			lines = append(event.AppendCloudEvent(lines, e, "one"), '\n')
		}
	}
	return string(lines)
}

// An order is one fact in both versions of the API: key, version, time and content are the same.
func TestAmazonOrdersMeet(t *testing.T) {
	const old = `{"record":{"AmazonOrderId":"302-1","PurchaseDate":"2026-11-20T03:30:00Z","LastUpdateDate":"2026-11-20T12:30:00Z","OrderStatus":"Shipped","FulfillmentChannel":"AFN",
		"OrderTotal":{"CurrencyCode":"USD","Amount":"47.40"},"BuyerInfo":{"BuyerEmail":"ann@example.com"}},"items":[{"OrderItemId":"5001","SellerSKU":"MUG","QuantityOrdered":2,
		"ItemPrice":{"CurrencyCode":"USD","Amount":"40.00"},"ItemTax":{"CurrencyCode":"USD","Amount":"2.50"},"PromotionDiscount":{"CurrencyCode":"USD","Amount":"1.00"},"PromotionIds":["MUGS-10"],
		"ShippingPrice":{"CurrencyCode":"USD","Amount":"6.00"},"ShippingDiscount":{"CurrencyCode":"USD","Amount":"0.50"},"ShippingTax":{"CurrencyCode":"USD","Amount":"0.40"}}]}`
	const recent = `{"orderId":"302-1","createdTime":"2026-11-20T03:30:00Z","lastUpdatedTime":"2026-11-20T12:30:00Z","buyer":{"buyerEmail":"ann@example.com"},
		"proceeds":{"grandTotal":{"amount":"47.40","currencyCode":"USD"}},"fulfillment":{"fulfillmentStatus":"SHIPPED","fulfilledBy":"AMAZON"},"orderItems":[{"orderItemId":"5001","quantityOrdered":2,
		"product":{"sellerSku":"MUG"},"promotion":{"breakdowns":[{"promotionId":"MUGS-10"}]},"proceeds":{"breakdowns":[{"type":"ITEM","subtotal":{"amount":"40.00","currencyCode":"USD"}},
		{"type":"DISCOUNT","subtotal":{"amount":"-1.50","currencyCode":"USD"},"detailedBreakdowns":[{"subtype":"SHIPPING","value":{"amount":"-0.50","currencyCode":"USD"}}]},
		{"type":"SHIPPING","subtotal":{"amount":"6.00","currencyCode":"USD"}},
		{"type":"TAX","subtotal":{"amount":"2.90","currencyCode":"USD"},"detailedBreakdowns":[{"subtype":"SHIPPING","value":{"amount":"0.40","currencyCode":"USD"}}]}]}}]}`
	got, want := toldByAmazon(t, []byte(recent), nil), toldByAmazon(t, []byte(old), nil)
	if got != want || !strings.Contains(want, `"subject":"amazon·302-1"`) {
		t.Errorf("the newer API tells\n%s\nthe older\n%s", got, want)
	}
}

// What marketplaces count is read in the encoding of each.
func TestAmazonReportsInOtherEncodings(t *testing.T) {
	report := func(item string) string {
		return strings.Replace(string(payloadOf(t, amazon, "settlement.txt")), "\tMUG\t", "\t"+item+"\t", -1)
	}
	for _, c := range []struct {
		name, item string
		encode     func(string) (string, error)
	}{
		{"shift_jis", "カップ", japanese.ShiftJIS.NewEncoder().String},
		{"windows-1252", "Täßchen – groß", charmap.Windows1252.NewEncoder().String},
		{"", "Täßchen", func(s string) (string, error) { return s, nil }},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, err := c.encode(report(c.item))
			if err != nil {
				t.Fatal(err)
			}
			options := map[string]string{"currency": "USD"}
			if c.name != "" {
				options["encoding"] = c.name
			}
			if got := toldByAmazon(t, []byte(body), options); !strings.Contains(got, `"item":"`+c.item+`"`) {
				t.Errorf("got\n%s\nwant the item %s in it", got, c.item)
			}
		})
	}
}

// The members of a settlement are booked once, whichever of Amazon's accounts tells them.
func TestAmazonAccountsDoNotOverlap(t *testing.T) {
	tellers := map[string]string{
		"settlement.txt": "reports", "settlement-wide.txt": "reports", "group-closed.txt": "transactions finances",
		"charge-advertising.txt": "finances", "charge-reimbursement.txt": "finances", "charge-reserve-held.txt": "finances",
		"transaction-storage.txt": "transactions", "transaction-subscription.txt": "transactions",
	}
	for _, accounts := range []string{"", "reports", "transactions", "finances"} {
		chosen := cmp.Or(accounts, "reports")
		for file, teller := range tellers {
			options := map[string]string{"currency": "USD"}
			if accounts != "" {
				options["accounts"] = accounts
			}
			told := toldByAmazon(t, payloadOf(t, amazon, file), options) != ""
			if want := strings.Contains(teller, chosen); told != want {
				t.Errorf("accounts %q: %s tells something: %v, want %v", accounts, file, told, want)
			}
		}
	}
}
