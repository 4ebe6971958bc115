package packs

//nolint:misspell // Shopify and the names of its samples spell it so.
func shopifySamples() []sample {
	samples := shopifyOrderSamples()
	samples = append(samples, shopifyMoneySamples()...)
	samples = append(samples, []sample{
		// Stock as the shop counts it.
		{file: "py-inventory_level.json", member: "inventory_level", header: "inventory_levels/update"},
		{file: "rest-inventory-level-adjusted.json", member: "inventory_level", header: "inventory_levels/update"},
		{file: "rest-inventory-levels.json", fetch: "inventory_levels"},
		{file: "gql-inventory_levels.json"},

		// Tasks of places, and what is reference data.
		{file: "go-fulfillment_order.json", member: "fulfillment_order", header: "fulfillment_orders/moved"},
		{file: "gql-fulfillment_orders.json"},
		{file: "webhook-products-create.json", header: "products/create"},
		{file: "webhook-products-update.json", header: "products/update"},
		{file: "frappe-single_product.json", header: "products/create"},
		{file: "frappe-variant_product.json", header: "products/create"},
		{file: "py-product.json", member: "product", header: "products/update"},
		{file: "rest-product.json", member: "product", header: "products/update"},
		{file: "py-variants.json", each: "variants", header: "variants/in_stock"},
		{file: "rest-gift-cards.json", each: "gift_cards", header: "gift_cards/update"},
		{file: "gql-inventory_items.json"},
		{file: "gql-locations.json"},
		{file: "gql-markets.json"},
		{file: "gql-products.json"},

		// A part of an order, which nobody sends alone.
		{file: "go-orderlineitems-valid.json"},
	}...)
	return samples
}

// shopifyOrderSamples are orders, what is handed over of them and what comes back.
//
//nolint:misspell // Shopify and the names of its samples spell it so.
func shopifyOrderSamples() []sample {
	return []sample{
		{file: "webhook-orders-create.json", header: "orders/create"},
		{file: "webhook-orders-paid.json", header: "orders/paid"},
		{file: "webhook-orders-cancelled.json", header: "orders/cancelled"},
		{file: "go-order_with_transaction.json", member: "order", header: "orders/create"},
		{file: "py-order.json", fetch: "order", unbalanced: true},
		{file: "rest-order-cancelled.json", fetch: "order"},
		// The answer to a question wraps what the message is.
		{file: "rest-order-custom-line-tax.json", member: "order", header: "orders/create"},
		{file: "rest-order-custom-line-tax.json", fetch: "order"},
		{file: "rest-order-fulfilled-at-create.json", fetch: "order"},
		{file: "rest-order-single.json", fetch: "order"},
		{file: "rest-orders-list-draft.json", fetch: "orders_updated"},
		{file: "gql-orders.json"},
		{file: "py-fulfillment.json", member: "fulfillment", header: "fulfillments/create"},
		{file: "rest-fulfillment.json", member: "fulfillment", header: "fulfillments/create"},
		{file: "py-refund.json", member: "refund", header: "refunds/create"},
		{file: "rest-refund-return-shipping.json", member: "refund", header: "refunds/create"},
		{file: "rest-refunds-legacy-restock.json", each: "refunds", header: "refunds/create"},
	}
}

// shopifyMoneySamples are transactions of orders, and of the balance of Shopify Payments.
func shopifyMoneySamples() []sample {
	return []sample{
		{file: "go-transactions.json", each: "transactions", header: "order_transactions/create"},
		{file: "rest-transactions-auth-capture-refund.json", each: "transactions", header: "order_transactions/create"},
		{file: "rest-tender-transactions.json", each: "tender_transactions", header: "tender_transactions/create"},
		// The first dispute names no order, and the fourth is an inquiry.
		{file: "rest-disputes.json", each: "disputes", header: "disputes/update"},
		{file: "py-payouts.json", fetch: "payouts"},
		{file: "rest-payouts.json", fetch: "payouts"},
		{file: "go-payments_transactions.json", fetch: "balance_transactions"},
		{file: "py-payouts_transactions.json", fetch: "balance_transactions"},
	}
}
