package packs

//nolint:misspell // Shopify and the names of its samples spell it so.
func shopifySamples() []sample {
	samples := shopifyOrderSamples()
	samples = append(samples, shopifyMoneySamples()...)
	samples = append(samples, []sample{
		// Stock as the shop counts it.
		{file: "py-inventory_level.json", member: "inventory_level", header: "inventory_levels/update", want: []string{"mp_snapshot 905684977·808950810·1525722686000000"}, fields: []string{
			`"as_of":"2018-05-07T19:51:26Z"`, `"quantity":"6"`,
		}},
		{file: "rest-inventory-level-adjusted.json", member: "inventory_level", header: "inventory_levels/update", want: []string{"mp_snapshot 655441491·808950810·1712066247000000"}, fields: []string{`"location":"655441491"`, `"item":"808950810"`}},
		{file: "rest-inventory-levels.json", fetch: "inventory_levels", want: []string{
			"mp_snapshot 487838322·808950810·1712066164000000", "mp_snapshot 487838322·39072856·1712066164000000",
			"mp_snapshot 655441491·808950810·1712066164000000", "mp_snapshot 655441491·39072856·1712066164000000",
		}, fields: []string{`"quantity":"27"`}},
		{file: "gql-inventory_levels.json", want: []string{"mp_snapshot 73871392813·45258934976557·1736867414000000"}, fields: []string{`"quantity":"0"`, `"tz":"+01:00"`}},

		// Tasks of places, and what is reference data.
		{file: "go-fulfillment_order.json", member: "fulfillment_order", header: "fulfillment_orders/moved", want: []string{"ignored"}},
		{file: "gql-fulfillment_orders.json", want: []string{"ignored"}},
		{file: "webhook-products-create.json", header: "products/create", want: []string{"ignored"}},
		{file: "webhook-products-update.json", header: "products/update", want: []string{"ignored"}},
		{file: "frappe-single_product.json", header: "products/create", want: []string{"ignored"}},
		{file: "frappe-variant_product.json", header: "products/create", want: []string{"ignored"}},
		{file: "py-product.json", member: "product", header: "products/update", want: []string{"ignored"}},
		{file: "rest-product.json", member: "product", header: "products/update", want: []string{"ignored"}},
		{file: "py-variants.json", each: "variants", header: "variants/in_stock", want: []string{"ignored"}},
		{file: "rest-gift-cards.json", each: "gift_cards", header: "gift_cards/update", want: []string{"ignored"}},
		{file: "gql-inventory_items.json", want: []string{"ignored"}},
		{file: "gql-locations.json", want: []string{"ignored"}},
		{file: "gql-markets.json", want: []string{"ignored"}},
		{file: "gql-products.json", want: []string{"ignored"}},

		// A part of an order, which nobody sends alone.
		{file: "go-orderlineitems-valid.json", want: []string{"H-TOPIC"}},
	}...)
	return samples
}

// shopifyOrderSamples are orders, what is handed over of them and what comes back.
//
//nolint:misspell // Shopify and the names of its samples spell it so.
func shopifyOrderSamples() []sample {
	return []sample{
		{file: "webhook-orders-create.json", header: "orders/create", want: []string{"order_placed 5324830114101"}, fields: []string{
			`"aliases":[{"id":"5324830114101","type":"shop_order"},{"id":"sample/#1010","type":"order_name"}]`, `"item":"sku-hosted-1"`, `"total":{"amount":"2629.95","currency":"USD"}`, `"time":"2023-03-24T16:37:26Z","tz":"-04:00"`,
		}},
		{file: "webhook-orders-paid.json", header: "orders/paid", want: []string{"payment_captured 5324830114101·paid"}, fields: []string{`"processor":"manual"`, `"amount":{"amount":"2629.95","currency":"USD"}`}},
		{file: "webhook-orders-cancelled.json", header: "orders/cancelled", want: []string{
			"order_placed 5324790137142", "order_cancelled 5324790137142·cancelled",
			"price_adjusted 945108681014·554287071542", "price_adjusted 945108681014·554287104310", "price_adjusted 278632759606", "refund_issued shopify·6492880732470",
		}, fields: []string{
			`"reason":"other"`, `"amount":{"amount":"1189.93","currency":"USD"},"original":{"id":"13924936712502","type":"shop_order_line"},"reason":"no_restock"`,
			`"amount":{"amount":"30.00","currency":"USD"},"original":{"id":"5324790137142","type":"shop_order"},"reason":"shipping_refund"`, `"amount":{"amount":"1806.38","currency":"USD"}`,
		}},
		{file: "go-order_with_transaction.json", member: "order", header: "orders/create", want: []string{"V-TRN-01"}},
		{file: "py-order.json", fetch: "order", want: []string{"order_placed 450789469"}, unbalanced: true},
		{file: "rest-order-cancelled.json", fetch: "order", want: []string{
			"order_placed 450789469", "return_accepted 509562969·104689539", "return_accepted 509562969·709875399", "refund_issued shopify·179259969",
		}, fields: []string{
			`"discounts":[{"amount":{"amount":"3.34","currency":"USD"},"id":"0"}],"gross":{"amount":"199.00","currency":"USD"}`, `"net":{"amount":"195.66","currency":"USD"}`, `"code":"State Tax","rate":"0.06"`, `"sourceversion":"1199980800000000"`,
		}},
		// The answer to a question wraps what the message is.
		{file: "rest-order-custom-line-tax.json", member: "order", header: "orders/create", want: []string{"order_placed 1073459975"}, fields: []string{`"item":"custom_item"`, `"quantity":"3"`}},
		{file: "rest-order-custom-line-tax.json", fetch: "order", want: []string{"order_placed 1073459975"}, fields: []string{`"item":"custom_item"`, `"quantity":"3"`}},
		{file: "rest-order-fulfilled-at-create.json", fetch: "order", want: []string{"order_placed 1073459965", "fulfilled 1069019890"}, fields: []string{`"customer":"tok_`, `"location":"24826418"`}},
		{file: "rest-order-single.json", fetch: "order", want: []string{"V-SCH-01"}},
		{file: "rest-orders-list-draft.json", fetch: "orders_updated", want: []string{"order_placed 1073459972"}, fields: []string{`"item":"IPOD2009BLACK"`, `"total":{"amount":"199.00","currency":"USD"}`}},
		{file: "gql-orders.json", want: []string{"order_placed 18697849798701"}, fields: []string{
			`{"id":"sample/#1007","type":"order_name"}`, `"gross":{"amount":"8600.00","currency":"USD"},"item":"123456789","line":"50297223512109"`, `"item":"43217823858733"`, `"total":{"amount":"1341615.95","currency":"USD"}`,
		}},
		{file: "py-fulfillment.json", member: "fulfillment", header: "fulfillments/create", want: []string{"ignored"}},
		{file: "rest-fulfillment.json", member: "fulfillment", header: "fulfillments/create", want: []string{"ignored"}},
		{file: "py-refund.json", member: "refund", header: "refunds/create", want: []string{"refund_issued shopify·179259969"}, fields: []string{`"payment":{"id":"bogus·authorization-key","type":"payment"}`}},
		{file: "rest-refund-return-shipping.json", member: "refund", header: "refunds/create", want: []string{"V-TRN-01"}},
		{file: "rest-refunds-legacy-restock.json", each: "refunds", header: "refunds/create", want: []string{
			"return_accepted 509562969·104689539", "return_accepted 509562969·709875399", "refund_issued shopify·179259969",
		}, fields: []string{
			`"item":"IPOD2008BLACK","location":"487838322","net":{"amount":"195.66","currency":"USD"}`, `"original":{"id":"703073504","type":"shop_order_line"},"quantity":"1"`, `"tax_total":{"amount":"3.98","currency":"USD"}`,
		}},
	}
}

// shopifyMoneySamples are transactions of orders, and of the balance of Shopify Payments.
func shopifyMoneySamples() []sample {
	const (
		settled = "payment_settled shopify_payments·623721858·"
		fee     = "processor_fee shopify_payments·"
		dispute = " shopify_payments·"
		paid    = "payout shopify_payments·"
		rows    = `follow balance_transactions payout="`
	)
	return []sample{
		{file: "go-transactions.json", each: "transactions", header: "order_transactions/create", want: []string{"V-TRN-01"}},
		{file: "rest-transactions-auth-capture-refund.json", each: "transactions", header: "order_transactions/create", want: []string{
			"ignored", "payment_authorised shopify·389404469", "payment_captured shopify·801038806",
		}, fields: []string{
			`"source":"shopify_transactions/sample"`, `"amount":{"amount":"598.94","currency":"USD"}`, `"amount":{"amount":"250.94","currency":"USD"}`, `"payment":{"id":"bogus·authorization-key","type":"payment"}`,
		}},
		{file: "rest-tender-transactions.json", each: "tender_transactions", header: "tender_transactions/create", want: []string{"ignored"}},
		// The first dispute names no order, and the fourth is an inquiry.
		{file: "rest-disputes.json", each: "disputes", header: "disputes/update", want: []string{
			"V-SCH-01", "chargeback_opened" + dispute + "815713555·opened", "chargeback_opened" + dispute + "782360659·opened", "chargeback_won" + dispute + "782360659·won",
			"ignored", "chargeback_opened" + dispute + "598735659·opened", "chargeback_opened" + dispute + "297752803·opened", "chargeback_lost" + dispute + "297752803·lost",
			"chargeback_opened" + dispute + "85190714·opened", "chargeback_opened" + dispute + "46484353·opened", "chargeback_lost" + dispute + "46484353·lost", "chargeback_opened" + dispute + "35982383·opened",
		}, fields: []string{
			`"time":"2013-05-04T00:00:00Z","tz":"-04:00"`, `"amount":{"amount":"11.50","currency":"USD"},"deadline":"2024-04-15T00:00:00Z","dispute":{"id":"shopify_payments·815713555","type":"dispute"},"order":{"id":"625362839","type":"shop_order"}`,
		}},
		{file: "py-payouts.json", fetch: "payouts", want: []string{
			"ignored", rows + `854088011"`, "ignored", rows + `512467833"`, "ignored", rows + `39438702"`,
			paid + "710174591", rows + `710174591"`, paid + "974708905", rows + `974708905"`, paid + "623721858", rows + `623721858"`,
		}, fields: []string{`"amount":{"amount":"51.69","currency":"CAD"},"arrival":"2019-11-13"`}},
		{file: "rest-payouts.json", fetch: "payouts", want: []string{
			"ignored", rows + `512467833"`, "ignored", rows + `39438702"`, "ignored", rows + `917000993"`, paid + "867808544", rows + `867808544"`,
			paid + "725076685", rows + `725076685"`, "ignored", rows + `714327683"`, "ignored", rows + `631321250"`, paid + "623721858", rows + `623721858"`,
		}, fields: []string{`"amount":{"amount":"41.90","currency":"USD"},"arrival":"2012-11-12"`, `"time":"2012-11-11T23:00:00Z","tz":"+01:00"`}},
		{file: "go-payments_transactions.json", fetch: "balance_transactions", want: []string{fee + "699519475", fee + "77412310", settled + "1006917261"}, fields: []string{
			`"amount":{"amount":"50.00","currency":"USD"},"fee":"699519475","fee_type":"debit"`, `"amount":{"amount":"-50.00","currency":"USD"},"fee":"77412310","fee_type":"credit"`, `"businessdate":"2013-11-01"`,
		}},
		{file: "py-payouts_transactions.json", fetch: "balance_transactions", want: []string{
			fee + "699519475", fee + "77412310", settled + "1006917261", settled + "777128868", fee + "758509248", settled + "746296004",
			settled + "515523000", fee + "482793472", fee + "382557793", settled + "201521674", settled + "620327031", "chargeback_opened" + dispute + "598735659·opened",
			fee + "996672915", settled + "843310825", fee + "841651232", fee + "717600021", fee + "427940661", "reserve_held shopify_payments·400852343",
			fee + "381560291", settled + "357948134", "reserve_released shopify_payments·250467535", settled + "217609728", fee + "138130604", settled + "567994517",
			paid + "623721858",
		}, fields: []string{
			`"source":"shopify_report/sample"`, `"fee":{"amount":"0.00","currency":"USD"},"gross":{"amount":"-3.45","currency":"USD"},"net":{"amount":"-3.45","currency":"USD"},"of":{"id":"shopify·1006917261","type":"refund"}`,
			// Of a correction, net is amount and fee.
			`"amount":{"amount":"1.75","currency":"USD"},"fee":"758509248","fee_type":"adjustment"`,
			`"fee":{"amount":"0.65","currency":"USD"},"gross":{"amount":"11.50","currency":"USD"},"net":{"amount":"10.85","currency":"USD"},"of":{"id":"shopify_payments·567994517","type":"payment"}`,
			`"of":{"id":"shopify_payments·charge·746296004","type":"payment"}`,
			`"amount":{"amount":"11.50","currency":"USD"},"dispute":{"id":"shopify_payments·598735659","type":"dispute"},"fee":{"amount":"15.00","currency":"USD"}`,
		}},
	}
}
