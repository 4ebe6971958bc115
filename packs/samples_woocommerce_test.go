package packs

func woocommerceSamples() []sample {
	const order = `{"record":{"id":723,"order_key":"k","status":"refunded","currency":"USD","number":"723","total":"10.00","payment_method":"bacs","date_created_gmt":"2017-03-20T10:00:00","date_modified_gmt":"2017-03-21T20:07:11","date_completed_gmt":"2017-03-21T08:00:00","line_items":[{"id":1,"sku":"A","quantity":1,"subtotal":"10.00","total":"10.00"}]},"refunds":[%s]}`
	return []sample{
		{file: "ap-webhook-order.json", header: "order.created"},
		{file: "ap-webhook-product.json", header: "product.created"},
		{file: "order-created.json", header: "order.created"},
		// A refund names its order by its address only; it is asked for beside it.
		{file: "refund.json", wrap: order},
	}
}
