package packs

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
)

func squareSamples() []sample {
	paid := func(minor string) string {
		return `.order + {state: "COMPLETED", closed_at: "2020-05-19T16:30:49Z", tenders: [{id: "T1", type: "CARD", payment_id: "P1", amount_money: {amount: ` + minor + `, currency: "USD"}}]}`
	}
	return []sample{
		{file: "webhook-payment-created.json"},
		{file: "webhook-payment-updated.json"},
		{file: "webhook-refund-created.json"},
		{file: "webhook-order-created.json"},
		{file: "webhook-order-updated.json"},
		{file: "webhook-order-fulfillment-updated.json"},
		{file: "ap-webhook-order-created.json"},
		{file: "webhook-inventory-count-updated.json"},
		{file: "webhook-catalog-version-updated.json"},
		{file: "ap-webhook-invoice-created.json"},

		{file: "api-CreatePaymentResponse.json", member: "payment", topic: "payment_object"},
		{file: "api-GetPaymentResponse.json", member: "payment", topic: "payment_object"},
		{file: "api-ListPaymentsResponse.json", fetch: "payments_changed"},
		{file: "api-RefundPaymentResponse.json", member: "refund", topic: "refund_object"},
		{file: "api-GetPaymentRefundResponse.json", member: "refund", topic: "refund_object"},
		{file: "api-ListPayoutsResponse.json", fetch: "payouts_made"},
		{file: "api-BatchChangeInventoryResponse.json", fetch: "inventory_counts"},
		{file: "api-BatchRetrieveInventoryCountsResponse.json", fetch: "inventory_counts"},
		// Orders that are open and that nobody has to fulfil. What Square applied to their lines is taken as it is
		// when they are paid and completed, or have to be fulfilled: here they are, with nothing else changed.
		{file: "api-CreateOrderResponse.json", fetch: "order"},
		{file: "api-CreateOrderResponse.json", query: paid("6176"), topic: "order"},
		{file: "api-CreateOrderResponse.json", query: `.order + {fulfillments: [{uid: "F1", type: "PICKUP", state: "PROPOSED"}]}`, topic: "order"},
		{file: "api-RetrieveOrderResponse.json", fetch: "order"},
		{file: "api-RetrieveOrderResponse.json", query: paid("550"), topic: "order"}, // half its price
		// An order without a state and a time.
		{file: "api-BatchRetrieveOrdersResponse.json", fetch: "orders_changed"},
		{file: "api-SearchOrdersResponse.json", each: "order_entries", topic: "order_entry"},
		{file: "api-SearchOrdersResponse.json", fetch: "orders_changed"},
		{file: "api-ListLocationsResponse.json"},
	}
}

// What a webhook brings and what is asked for is one fact: key, version, time and content are
// the same.
func TestSquarePollsMeetWebhooks(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	told := func(body []byte, topic string) string {
		result, err := get(t, square).Map(t.Context(), pack.Input{Topic: topic, Body: body, Instance: "seller-1", Zone: zone, TokenKey: pack.TestTokenKey()})
		if err != nil {
			t.Fatal(err)
		}
		var lines []byte
		for _, outcome := range result.Records {
			for _, e := range outcome.Events {
				lines = append(event.AppendCloudEvent(lines, e, "one"), '\n')
			}
		}
		return string(lines)
	}
	for _, c := range []struct{ file, member, topic string }{
		{"payment-approved.txt", "payment", "payment_object"},
		{"payment-completed.txt", "payment", "payment_object"},
		{"payment-voided.txt", "payment", "payment_object"},
		{"refund-completed.txt", "refund", "refund_object"},
		{"payout-paid.txt", "payout", "payout_object"},
		{"payout-failed.txt", "payout", "payout_object"},
	} {
		t.Run(c.file, func(t *testing.T) {
			webhook := payloadOf(t, square, c.file)
			var body struct {
				Data struct {
					Object map[string]json.RawMessage
				}
			}
			if err := json.Unmarshal(webhook, &body); err != nil {
				t.Fatal(err)
			}
			want := told(webhook, "")
			if got := told(body.Data.Object[c.member], c.topic); got != want || want == "" {
				t.Errorf("asked for\n%s\ntold\n%s", got, want)
			}
		})
	}
}
