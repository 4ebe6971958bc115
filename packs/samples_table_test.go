package packs

func stripeSamples() []sample {
	samples := []sample{
		{file: "ap-new-payment.json", event: "charge.succeeded"},
		{file: "fixture-charge.json", event: "charge.succeeded"},
		{file: "fixture-refund.json", event: "refund.created"},
		{file: "fixture-payout.json", event: "payout.paid"},
		{file: "fixture-dispute.json", event: "charge.dispute.created"}, // an inquiry
		{file: "fixture-payment_intent.json", event: "payment_intent.succeeded"},
		{file: "payout-reconciliation-itemized.csv"},
	}
	// Objects alone are no events.
	for _, name := range []string{"ap-new-payment", "fixture-balance", "fixture-balance_transaction", "fixture-checkout-session", "fixture-event", "fixture-payout", "fixture-tax-transaction"} {
		samples = append(samples, sample{file: name + ".json"})
	}
	return samples
}

func camtSamples() []sample {
	return []sample{
		{file: "camt053.v2.all-balance-types.xml"},
		{file: "camt053.v2.minimal.xml"},
		{file: "camt053.v3.xml"},
		{file: "camt053.v4.xml"},
		{file: "camt053.v8.xml"},
		{file: "camt052.v2.xml"},
		{file: "camt054.v4.xml"},
	}
}

// bai2Samples are three banks' reports; the account numbers of the third are masked.
func bai2Samples() []sample {
	return []sample{
		{file: "sample1.txt"},
		{file: "sample2.txt"},
		{file: "sample3.txt"},
	}
}
