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
	parcel := []string{
		`"marketplace":"amazon"`, `"fulfilled_by":"MERCHANT"`, `"aliases":[{"id":"202-1234567-8901234","type":"shop_order"}]`, `"time":"2024-12-25T09:15:00Z","tz":"+01:00","businessdate":"2024-12-25","sourceversion":"1735144200000000"`,
		`"gross":{"amount":"89.97","currency":"GBP"},"item":"ECHO-DOT-4-UK-CHARCOAL-3PACK","line":"20212345678901","net":{"amount":"89.97","currency":"GBP"},"quantity":"3","taxes":[{"amount":{"amount":"3.00","currency":"GBP"},"code":"ItemTax"}]`,
		`"shipping":{"amount":"10.00","currency":"GBP"},"shipping_taxes":[{"amount":{"amount":"1.00","currency":"GBP"},"code":"ShippingTax"}],"total":{"amount":"103.97","currency":"GBP"}`,
	}
	return []sample{
		{file: "notification-OrderChangeNotification.json", want: []string{`follow order order_id="903-8868176-2219830"`}},
		{file: "orders-v0-list.json", fetch: "orders_changed", want: []string{`follow order order_id="902-3159896-1390916"`}},
		{file: "orders-v0-list.json", query: "{record: .payload.Orders[0], items: []}", want: []string{"ignored"}}, // pending
		{file: "orders-v0-items.json", want: []string{`follow order order_id="903-1671087-0812628"`}},
		// Yen with places behind the point.
		{file: "orders-v0-items.json", query: `{record: {AmazonOrderId: .payload.AmazonOrderId, OrderStatus: "Shipped", PurchaseDate: "2013-09-06T01:30:00Z", LastUpdateDate: "2013-09-06T01:30:00Z", OrderTotal: {CurrencyCode: "JPY", Amount: "44"}}, items: .payload.OrderItems}`, want: []string{"V-BAL-04"}},
		{file: "frappe-sp-api-test_data.json", query: ".get_orders_200.json", fetch: "orders_changed", want: []string{`follow order order_id="902-1845936-5435065"`, `follow order order_id="902-8745147-1934268"`}},
		{file: "frappe-sp-api-test_data.json", query: "{record: ." + orders + "[0], items: .get_order_items_200.json.payload.OrderItems}", want: []string{"mp_order amazon·902-1845936-5435065"}, fields: []string{
			`"currency":"INR","fulfilled_by":"MERCHANT"`, `"location":"sampleSupplySourceId"`, `"total":{"amount":"11.01","currency":"INR"}`, `"time":"1970-01-19T03:58:30Z"`,
			`"aliases":[{"id":"902-1845936-5435065·05015851154158","type":"shop_order_line"}],"gross":{"amount":"10.00","currency":"INR"},"item":"WNDR3400-N600","line":"05015851154158","net":{"amount":"10.00","currency":"INR"},"quantity":"1","taxes":[{"amount":{"amount":"1.01","currency":"INR"},"code":"ItemTax"}]`,
		}},
		{file: "orders-2026-single.json", fetch: "order_2026", want: []string{"mp_order amazon·202-1234567-8901234"}, fields: parcel},
		{file: "orders-2026-single.json", fetch: "order_2026", options: map[string]string{"merchant_location": "WH1"}, want: []string{"mp_order amazon·202-1234567-8901234", "shipped amazon·202-1234567-8901234·UK-PKG-2024-001"}, fields: append(parcel,
			`"claim":{"id":"202-1234567-8901234·20212345678901","type":"shop_order_line"},"item":"ECHO-DOT-4-UK-CHARCOAL-3PACK","line":"20212345678901","quantity":"3"`, `"location":"WH1","order"`, `"time":"2024-12-26T14:00:00Z"`)},
		{file: "vendor-po.json", query: ".payload", want: []string{"order_placed amazon·TestPO3"}, fields: []string{
			`"gross":{"amount":"500.00","currency":"USD"},"item":"8806093095125","line":"1","net":{"amount":"500.00","currency":"USD"},"quantity":"10"`, `"channel":"WHOLESALE"`, `"time":"2020-05-26T18:05:23Z"`,
		}},
	}
}

func amazonGoodsSamples() []sample {
	return []sample{
		{file: "notification-FulfillmentOrderStatusNotification.json", want: []string{`follow mcf_order order_id="SFOID2345"`}},
		{file: "mcf-order.json", fetch: "mcf_order", want: []string{"ignored"}}, // its shipment is pending
		{file: "notification-ListingsItemMfnQuantityChange.json", want: []string{"ignored"}},
		{file: "awd-inventory.json", query: amazonAnswer, want: []string{"ignored"}},
		{file: "extfulfil-return.json", want: []string{"rma_created amazon·ee39cdd9-9caa-47b6-a5b1-7b6a1c6d43d1"}, fields: []string{
			`"lines":[{"item":"SerialYT1","line":"1","original":{"id":"107-7727827-8514700","type":"shop_order"},"quantity":"1","reason":"Missed"}]`, `"time":"2021-05-08T01:23:33Z"`,
		}},
		{file: "extfulfil-return.json", mend: []string{"CARRIER_NOTIFIED_TO_PICK_UP_FROM_CUSTOMER", "DELIVERED"}, want: []string{"mp_returned amazon·ee39cdd9-9caa-47b6-a5b1-7b6a1c6d43d1·1"}, fields: []string{
			`"item":"SerialYT1","line":"1","location":"450a6661-1a97-4abd-99e4-45714bcf4439"`, `"quantity":"1","reason":"Missed"`, `"time":"2021-05-08T10:23:38Z"`,
		}},
	}
}

func amazonMoneySamples() []sample {
	finances := map[string]string{"accounts": "finances"}
	times := func(n int, what string) []string { return slices.Repeat([]string{what}, n) }
	settled := func(id, row string) string { return "amazon·" + id + "·" + row }
	const british, american = "18906543210", "12345678901"
	return []sample{
		{file: "finances-eventgroups.json", query: amazonAnswer, fetch: "event_groups", want: []string{"ignored"}}, // the report tells it
		{file: "finances-eventgroups.json", query: amazonAnswer, fetch: "event_groups", options: finances, want: []string{"mp_settlement_closed amazon·1"}, fields: []string{
			`"opening":{"amount":"55.33","currency":"USD"},"payout":{"amount":"10.34","currency":"USD"}`, `"sums":[{"amount":{"amount":"-44.99","currency":"USD"},"type":"total"}]`, `"from":"2020-02-07"`,
		}},
		{file: "finances-events.json", query: amazonAnswer, fetch: "charges_of_order", want: times(4, "ignored")},
		// A transaction that is neither charge nor refund, rentals, payments elsewhere and credits.
		{file: "finances-events.json", query: amazonAnswer, fetch: "charges_of_order", options: finances, want: times(4, "H-TOPIC")},
		{file: "finances-events.json", query: amazonAnswer, fetch: "shipments_posted", want: nil},
		{file: "finances-events-by-order.json", query: amazonAnswer, fetch: "charges_of_order", want: times(4, "ignored")},
		{file: "finances-events-by-order.json", query: amazonAnswer, fetch: "charges_of_order", options: finances, want: times(4, "H-TOPIC")},
		// The example has no charge; as one it is mapped.
		{file: "finances-events.json", query: ".[0].response.payload.FinancialEvents.ProductAdsPaymentEventList[0]", mend: []string{`"Free"`, `"Refund"`}, options: finances, want: []string{"mp_advertising amazon·3454535453·refund"}, fields: []string{
			`"amount":{"amount":"-25.37","currency":"USD"}`, `"time":"2020-02-05T13:56:00.363Z"`,
		}},
		{file: "frappe-sp-api-test_data.json", query: ".list_financial_events_by_order_id_200.json", fetch: "charges_of_order", want: times(4, "ignored")},
		{file: "finances2024-transactions.json", query: amazonAnswer, fetch: "transactions", want: []string{"V-SCH-01"}}, // it has no id
		// Its rows leave out a column, so that what stands under sku is no sku; its amounts are in place.
		{file: "settlement-v2-openaccountants.tsv", want: []string{
			"mp_settlement_closed amazon·" + british, "ignored", "ignored", "mp_fees " + settled(british, "4"), "mp_fees " + settled(british, "5"),
			"ignored", "mp_fees " + settled(british, "7"), "mp_fees " + settled(british, "8"), "ignored",
		}, fields: []string{
			`"currency":"GBP","from":"2026-03-01","marketplace":"amazon","payout":{"amount":"1847.32","currency":"GBP"}`, `"to":"2026-03-15"`, `"source":"amazon_report/sample"`,
			`"amount":{"amount":"4.50","currency":"GBP"},"fee_type":"Commission"`, `"order":{"id":"206-1234567-8901234","type":"shop_order"},"settlement":{"id":"amazon·18906543210","type":"settlement"}`,
			`"amount":{"amount":"-2.40","currency":"GBP"},"fee_type":"Commission"`, `"amount":{"amount":"25.00","currency":"GBP"},"fee_type":"Subscription"`, `"time":"2026-03-02T14:23:00Z","tz":"+01:00"`,
		}},
		// Its rows do not repeat the currency.
		{file: "settlement-v1-airbyte.tsv", want: []string{"mp_settlement_closed amazon·" + american, "V-SCH-01"}},
		{file: "settlement-v1-airbyte.tsv", options: map[string]string{"currency": "USD"}, want: []string{"mp_settlement_closed amazon·" + american, "mp_fees " + settled(american, "2·item-related-fee")}, fields: []string{
			`"payout":{"amount":"1234.56","currency":"USD"}`, `"amount":{"amount":"3.22","currency":"USD"},"fee_type":"FBAPerUnitFulfillmentFee","item":"SKU-1"`, `"time":"2023-01-03T10:00:00Z"`,
		}},
	}
}

// amazonStillSamples move nothing, or are no payloads: models and schemas.
func amazonStillSamples() []sample {
	return []sample{
		{file: "notification-ReportProcessingFinishedNotification.json", want: []string{"ignored"}},
		{file: "notification-ReportProcessingFinishedNotification1.json", want: []string{"ignored"}},
		{file: "frappe-sp-api-test_data.json", query: ".get_catalog_item_200.json", want: []string{"ignored"}},
		{file: "frappe-sp-api-test_data.json", query: ".create_report_200.json", want: []string{"ignored"}},
		{file: "frappe-sp-api-test_data.json", query: ".get_report_200.json", want: []string{"ignored"}},
		{file: "frappe-sp-api-test_data.json", query: ".get_report_document_200.json", want: []string{"ignored"}},

		{file: "model-fbaInventory.json", want: []string{"H-TOPIC"}},
		{file: "model-financesV0.json", want: []string{"H-TOPIC"}},
		{file: "model-finances_2024-06-19.json", want: []string{"H-TOPIC"}},
		{file: "schema-FBAInventoryAvailabilityChangeNotification.json", want: []string{"H-TOPIC"}},
		{file: "schema-OrderChangeNotification.json", want: []string{"H-TOPIC"}},
	}
}
