package packs

func woocommerceSamples() []sample {
	const order = `{"record":{"id":723,"order_key":"k","status":"refunded","currency":"USD","number":"723","total":"10.00","payment_method":"bacs","date_created_gmt":"2017-03-20T10:00:00","date_modified_gmt":"2017-03-21T20:07:11","date_completed_gmt":"2017-03-21T08:00:00","line_items":[{"id":1,"sku":"A","quantity":1,"subtotal":"10.00","total":"10.00"}]},"refunds":[%s]}`
	return []sample{
		{file: "ap-webhook-order.json", header: "order.created", want: []string{"order_placed 17"}, fields: []string{
			`"customer":"tok_`, `"gross":{"amount":"2.00","currency":"USD"},"item":"12"`, `"quantity":"2"`, `"mode":"SHIP"`, `"shipping":{"amount":"0.00","currency":"USD"}`,
			`"total":{"amount":"2.00","currency":"USD"}`, `"time":"2023-07-06T14:17:03Z","tz":"+02:00"`, `"sourceversion":"1688653502000000"`,
		}},
		{file: "ap-webhook-product.json", header: "product.created", want: []string{"ignored"}},
		{file: "order-created.json", header: "order.created", want: []string{"order_placed 727", "payment_captured 727·paid"}, fields: []string{
			`"item":"93","line":"315"`, `"item":"Bar3","line":"316","net":{"amount":"12.00","currency":"USD"},"quantity":"1","taxes":[{"amount":{"amount":"0.90","currency":"USD"},"code":"75"}]`,
			`"shipping":{"amount":"10.00","currency":"USD"}`, `"total":{"amount":"29.35","currency":"USD"}`, `"businessdate":"2017-03-22"`, `"processor":"bacs"`,
		}},
		// A refund names its order by its address only; it is asked for beside it.
		{file: "refund.json", wrap: order, want: []string{"order_placed 723", "fulfilled 723·completed", "price_adjusted 726·amount", "refund_issued 726"}, fields: []string{
			`"amount":{"amount":"10.00","currency":"USD"},"order":{"id":"723","type":"shop_order"},"processor":"manual","refund":{"id":"woocommerce·726","type":"refund"},"return":{"id":"726","type":"return"}`,
			`"time":"2017-03-21T20:07:11Z","tz":"+01:00"`,
		}},
	}
}
