package packs

import (
	"testing"

	"github.com/heddlehq/heddle/pack"
)

// What is asked, in the words of each system's API.
func TestAsking(t *testing.T) {
	since := map[string]string{"since": "2026-11-22T04:30:00Z"}
	places := map[string]string{"locations": "LOC1,LOC2", "location": "LOC1"}
	for _, c := range []struct {
		name, pack, fetch string
		values, options   map[string]string
		next              string
		want, body        string
	}{
		{"an order", square, "order", map[string]string{"order_id": "ORD/1"}, nil, "", "GET /v2/orders/ORD%2F1", ""},
		{
			"orders", square, "orders_changed", since, places, "", "POST /v2/orders/search",
			`{"limit":500,"location_ids":["LOC1","LOC2"],"query":{"filter":{"date_time_filter":{"updated_at":{"start_at":"2026-11-22T04:30:00Z"}}},"sort":{"sort_field":"UPDATED_AT","sort_order":"ASC"}}}`,
		},
		{
			"more orders", square, "orders_changed", since, places, "CURSOR", "POST /v2/orders/search",
			`{"cursor":"CURSOR","limit":500,"location_ids":["LOC1","LOC2"],"query":{"filter":{"date_time_filter":{"updated_at":{"start_at":"2026-11-22T04:30:00Z"}}},"sort":{"sort_field":"UPDATED_AT","sort_order":"ASC"}}}`,
		},
		{"payments", square, "payments_changed", since, nil, "", "GET /v2/payments?sort_field=UPDATED_AT&sort_order=ASC&updated_at_begin_time=2026-11-22T04%3A30%3A00Z", ""},
		{"more payments", square, "payments_changed", since, places, "CURSOR", "GET /v2/payments?cursor=CURSOR&location_id=LOC1&sort_field=UPDATED_AT&sort_order=ASC&updated_at_begin_time=2026-11-22T04%3A30%3A00Z", ""},
		{"refunds", square, "refunds_changed", since, nil, "", "GET /v2/refunds?sort_field=UPDATED_AT&sort_order=ASC&updated_at_begin_time=2026-11-22T04%3A30%3A00Z", ""},
		{"payouts", square, "payouts_made", since, places, "", "GET /v2/payouts?begin_time=2026-11-22T04%3A30%3A00Z&location_id=LOC1&sort_order=ASC", ""},
		{"entries of a payout", square, "payout_entries", map[string]string{"payout_id": "po_1"}, nil, "CURSOR", "GET /v2/payouts/po_1/payout-entries?cursor=CURSOR", ""},
		{"counts", square, "inventory_counts", since, nil, "", "POST /v2/inventory/counts/batch-retrieve", `{"updated_after":"2026-11-22T04:30:00Z"}`},
		{
			"changes", square, "inventory_changes", since, places, "", "POST /v2/inventory/changes/batch-retrieve",
			`{"location_ids":["LOC1","LOC2"],"types":["PHYSICAL_COUNT","ADJUSTMENT","TRANSFER"],"updated_after":"2026-11-22T04:30:00Z"}`,
		},
		{"drawers", square, "drawer_shifts", since, places, "", "GET /v2/cash-drawers/shifts?begin_time=2026-11-22T04%3A30%3A00Z&location_id=LOC1&sort_order=ASC", ""},
		{"what happened at a drawer", square, "drawer_events", map[string]string{"shift_id": "S1"}, places, "", "GET /v2/cash-drawers/shifts/S1/events?location_id=LOC1", ""},
		{"orders", amazon, "orders_changed", since, map[string]string{"marketplaces": "M1,M2"}, "", "GET /orders/v0/orders?LastUpdatedAfter=2026-11-22T04%3A30%3A00Z&MarketplaceIds=M1%2CM2", ""},
		{"an order", amazon, "order", map[string]string{"order_id": "302-1"}, nil, "", "GET /orders/v0/orders/302-1", ""},
		{"more items of an order", amazon, "order_items", map[string]string{"order_id": "302-1"}, nil, "T=", "GET /orders/v0/orders/302-1/orderItems?NextToken=T%3D", ""},
		{"an order for another shop", amazon, "mcf_order", map[string]string{"order_id": "#1001"}, nil, "", "GET /fba/outbound/2020-07-01/fulfillmentOrders/%231001", ""},
		{
			"stock", amazon, "stock", since, map[string]string{"marketplace": "M1"}, "",
			"GET /fba/inventory/v1/summaries?details=true&granularityId=M1&granularityType=Marketplace&marketplaceIds=M1&startDateTime=2026-11-22T04%3A30%3A00Z", "",
		},
		{"refunds", amazon, "refunds_posted", since, nil, "", "GET /finances/v0/financialEvents?PostedAfter=2026-11-22T04%3A30%3A00Z", ""},
		{"more transactions", amazon, "transactions", since, nil, "T", "GET /finances/2024-06-19/transactions?nextToken=T&postedAfter=2026-11-22T04%3A30%3A00Z", ""},
		{"orders to a vendor", amazon, "vendor_orders", since, nil, "", "GET /vendor/orders/v1/purchaseOrders?changedAfter=2026-11-22T04%3A30%3A00Z&includeDetails=true", ""},
		{
			"a report", adyen, "report", map[string]string{"account": "LoomEU", "file": "settlement_detail_report_batch_118.csv"}, nil, "",
			"GET /reports/download/MerchantAccount/LoomEU/settlement_detail_report_batch_118.csv", "",
		},
	} {
		t.Run(c.pack+"/"+c.name, func(t *testing.T) {
			p := get(t, c.pack)
			request, err := p.Request(t.Context(), p.Fetch(c.fetch), pack.Question{Instance: "test", Options: c.options, Values: c.values, Next: c.next})
			if err != nil {
				t.Fatal(err)
			}
			if got := request.Method + " " + request.Path; got != c.want || string(request.Body) != c.body {
				t.Errorf("got  %s\n%s\nwant %s\n%s", got, request.Body, c.want, c.body)
			}
		})
	}
}

// What an answer holds is found whether it has the name of today or that of yesterday, and where
// it holds nothing there is nothing.
func TestAnswers(t *testing.T) {
	for _, c := range []struct {
		pack, fetch, body string
		records           int
		next              string
	}{
		{square, "order", `{"order":{"id":"1"}}`, 1, ""},
		{square, "orders_changed", `{"orders":[{"id":"1"},{"id":"2"}],"cursor":"C"}`, 2, "C"},
		{square, "orders_changed", `{}`, 0, ""},
		{square, "payments_changed", `{"payments":[{"id":"1"}],"cursor":"C"}`, 1, "C"},
		{square, "payout_entries", `{"payout_entries":[{"id":"1"}]}`, 1, ""},
		{square, "inventory_counts", `{"counts":[{"quantity":"1"}],"errors":[]}`, 1, ""},
		{square, "drawer_events", `{"cash_drawer_shift_events":[{"id":"1"}],"cursor":"C"}`, 1, "C"},
		{square, "drawer_events", `{"events":[{"id":"1"},{"id":"2"}]}`, 2, ""},
		{amazon, "orders_changed", `{"payload":{"Orders":[{"AmazonOrderId":"1"}],"NextToken":"T"}}`, 1, "T"},
		{amazon, "order", `{"payload":{"AmazonOrderId":"1"}}`, 1, ""},
		{amazon, "order_items", `{"payload":{"OrderItems":[{"OrderItemId":"1"},{"OrderItemId":"2"}]}}`, 2, ""},
		{amazon, "refunds_posted", `{"payload":{"FinancialEvents":{"RefundEventList":[{"AmazonOrderId":"1"}],"ChargebackEventList":[{"AmazonOrderId":"2"}]},"NextToken":"T"}}`, 2, "T"},
		{amazon, "charges_posted", `{"payload":{"FinancialEvents":{"ShipmentEventList":[{"AmazonOrderId":"1"}]}}}`, 0, ""},
		{amazon, "transactions", `{"payload":{"transactions":[{"transactionId":"1"}],"nextToken":"T"}}`, 1, "T"},
		{amazon, "vendor_orders", `{"payload":{"orders":[{"purchaseOrderNumber":"1"}],"pagination":{"nextToken":"T"}}}`, 1, "T"},
		{adyen, "report", "Merchant Account,Type\nLoomEU,Settled\n", 1, ""},
	} {
		t.Run(c.pack+"/"+c.fetch, func(t *testing.T) {
			page, err := get(t, c.pack).Fetch(c.fetch).Read(t.Context(), pack.Answer{Header: func(string) string { return "" }, Body: []byte(c.body)}, "")
			if err != nil || len(page.Records) != c.records || page.Next != c.next {
				t.Errorf("got %d records, next %q, %v; want %d, %q", len(page.Records), page.Next, err, c.records, c.next)
			}
		})
	}
}
