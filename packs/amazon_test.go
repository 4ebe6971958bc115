package packs

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
)

// toldByAmazon maps a payload and returns what comes of it, all under one delivery id.
func toldByAmazon(t *testing.T, body []byte, options map[string]string) string {
	t.Helper()
	result, err := get(t, amazon).Map(t.Context(), pack.Input{Body: body, Instance: "seller-1", Zone: time.UTC, Options: options, TokenKey: pack.TestTokenKey()})
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
	got, want := toldByAmazon(t, payloadOf(t, amazon, "order-told-twice-2026.txt"), nil), toldByAmazon(t, payloadOf(t, amazon, "order-told-twice.txt"), nil)
	if got != want || !strings.Contains(want, `"subject":"amazon·302-0000007-0000007"`) {
		t.Errorf("the newer API tells\n%s\nthe older\n%s", got, want)
	}
}

// What marketplaces count is read in the encoding of each.
func TestAmazonReportsInOtherEncodings(t *testing.T) {
	report := func(item string) string {
		return strings.ReplaceAll(string(payloadOf(t, amazon, "settlement.txt")), "\tMUG\t", "\t"+item+"\t")
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

// amazonPrivacyCases are the places of Amazon's payloads that can be seen in events.
func amazonPrivacyCases() []privacyCase {
	return []privacyCase{
		{amazon, "order-merchant.txt", "", "", jsonLeaves,
			"items.OrderItemId items.PromotionIds items.SellerSKU record.AmazonOrderId record.FulfillmentInstruction.FulfillmentSupplySourceId"},
		{amazon, "order-2026-merchant.txt", "", "", jsonLeaves,
			"orderId orderItems.product.sellerSku orderItems.promotion.breakdowns.promotionId packages.carrier packages.packageReferenceId"},
		{amazon, "mcf-sent.txt", "", "", jsonLeaves,
			"fulfillmentOrder.sellerFulfillmentOrderId fulfillmentOrderItems.sellerSku fulfillmentShipments.amazonShipmentId fulfillmentShipments.fulfillmentCenterId fulfillmentShipments.fulfillmentShipmentItem.sellerFulfillmentOrderItemId fulfillmentShipments.fulfillmentShipmentItem.sellerSku returnItems.amazonReturnReasonCode returnItems.sellerReturnItemId"},
		{amazon, "return-there.txt", "", "", jsonLeaves,
			"fulfillmentLocationId id marketplaceChannelDetails.customerOrderId merchantSku returnMetadata.returnReason"},
		{amazon, "fba-availability.txt", "", "", jsonLeaves,
			"NotificationMetadata.NotificationId Payload.SKU"},
		{amazon, "shipment.txt", "", "", jsonLeaves,
			"AmazonOrderId ShipmentItemList.OrderItemId ShipmentItemList.PromotionList.PromotionId ShipmentItemList.SellerSKU"},
		{amazon, "transaction-refund.txt", "", "", jsonLeaves,
			"items.contexts.sku relatedIdentifiers.relatedIdentifierValue transactionId"},
		{amazon, "vendor-order.txt", "", "", jsonLeaves,
			"orderDetails.items.itemSequenceNumber orderDetails.items.vendorProductIdentifier purchaseOrderNumber"},
		{amazon, "settlement-without-currency.txt", "", "", tsvLeaves, "amount-description order-id settlement-id sku"},
	}
}
