package packs

import "slices"

// amazonAnswer takes the answer of an example of a model, which stands beside its request.
const amazonAnswer = ".[0].response"

// amazonSamples are the examples of Amazon's own models and notifications, a connector's
// fixture and two settlement reports.
func amazonSamples() []sample {
	return slices.Concat(amazonOrderSamples(), amazonGoodsSamples(), amazonMoneySamples(), amazonStillSamples())
}

func amazonOrderSamples() []sample {
	const orders = "get_orders_200.json.payload.Orders"
	return []sample{
		{file: "notification-OrderChangeNotification.json"},
		{file: "orders-v0-list.json", fetch: "orders_changed"},
		{file: "orders-v0-list.json", query: "{record: .payload.Orders[0], items: []}"}, // pending
		{file: "orders-v0-items.json"},
		// Yen with places behind the point.
		{file: "orders-v0-items.json", query: `{record: {AmazonOrderId: .payload.AmazonOrderId, OrderStatus: "Shipped", PurchaseDate: "2013-09-06T01:30:00Z", LastUpdateDate: "2013-09-06T01:30:00Z", OrderTotal: {CurrencyCode: "JPY", Amount: "44"}}, items: .payload.OrderItems}`},
		{file: "frappe-sp-api-test_data.json", query: ".get_orders_200.json", fetch: "orders_changed"},
		{file: "frappe-sp-api-test_data.json", query: "{record: ." + orders + "[0], items: .get_order_items_200.json.payload.OrderItems}"},
		{file: "orders-2026-single.json", fetch: "order_2026"},
		{file: "orders-2026-single.json", fetch: "order_2026", options: map[string]string{"merchant_location": "WH1"}},
		{file: "vendor-po.json", query: ".payload"},
	}
}

func amazonGoodsSamples() []sample {
	return []sample{
		{file: "notification-FulfillmentOrderStatusNotification.json"},
		{file: "mcf-order.json", fetch: "mcf_order"}, // its shipment is pending
		{file: "notification-ListingsItemMfnQuantityChange.json"},
		{file: "awd-inventory.json", query: amazonAnswer},
		{file: "extfulfil-return.json"},
		{file: "extfulfil-return.json", mend: []string{"CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER", "DELIVERED"}},
	}
}

func amazonMoneySamples() []sample {
	finances := map[string]string{"accounts": "finances"}
	return []sample{
		{file: "finances-eventgroups.json", query: amazonAnswer, fetch: "event_groups"}, // the report tells it
		{file: "finances-eventgroups.json", query: amazonAnswer, fetch: "event_groups", options: finances},
		{file: "finances-events.json", query: amazonAnswer, fetch: "charges_of_order"},
		// A transaction that is neither charge nor refund, rentals, payments elsewhere and credits.
		{file: "finances-events.json", query: amazonAnswer, fetch: "charges_of_order", options: finances},
		{file: "finances-events.json", query: amazonAnswer, fetch: "shipments_posted"},
		{file: "finances-events-by-order.json", query: amazonAnswer, fetch: "charges_of_order"},
		{file: "finances-events-by-order.json", query: amazonAnswer, fetch: "charges_of_order", options: finances},
		// The example has no charge; as one it is mapped.
		{file: "finances-events.json", query: ".[0].response.payload.FinancialEvents.ProductAdsPaymentEventList[0]", mend: []string{`"Free"`, `"Refund"`}, options: finances},
		{file: "frappe-sp-api-test_data.json", query: ".list_financial_events_by_order_id_200.json", fetch: "charges_of_order"},
		{file: "finances2024-transactions.json", query: amazonAnswer, fetch: "transactions"}, // it has no id
		// Its rows leave out a column, so that what stands under sku is no sku; its amounts are in place.
		{file: "settlement-v2-openaccountants.tsv"},
		// Its rows do not repeat the currency.
		{file: "settlement-v1-airbyte.tsv"},
		{file: "settlement-v1-airbyte.tsv", options: map[string]string{"currency": "USD"}},
	}
}

// amazonStillSamples move nothing, or are no payloads: models and schemas.
func amazonStillSamples() []sample {
	return []sample{
		{file: "notification-ReportProcessingFinishedNotification.json"},
		{file: "notification-ReportProcessingFinishedNotification1.json"},
		{file: "frappe-sp-api-test_data.json", query: ".get_catalog_item_200.json"},
		{file: "frappe-sp-api-test_data.json", query: ".create_report_200.json"},
		{file: "frappe-sp-api-test_data.json", query: ".get_report_200.json"},
		{file: "frappe-sp-api-test_data.json", query: ".get_report_document_200.json"},

		{file: "model-fbaInventory.json"},
		{file: "model-financesV0.json"},
		{file: "model-finances_2024-06-19.json"},
		{file: "schema-FBAInventoryAvailabilityChangeNotification.json"},
		{file: "schema-OrderChangeNotification.json"},
	}
}
