package packs

import "slices"

func stripeSamples() []sample {
	samples := []sample{
		{file: "ap-new-payment.json", event: "charge.succeeded", want: []string{"payment_captured stripe·ch_3MWM7aKZ0dZRqLEK1soCKVrq"}, fields: []string{`"amount":{"amount":"100.00","currency":"USD"}`}},
		{file: "fixture-charge.json", event: "charge.succeeded", want: []string{"payment_authorised stripe·ch_1PgafuB7WZ01zgkWXYmPNZs8"}, fields: []string{`"amount":{"amount":"1.00","currency":"USD"}`}},
		{file: "fixture-refund.json", event: "refund.created", want: []string{"refund_issued stripe·re_1Pgc72B7WZ01zgkWqPvrRrPE"}, fields: []string{`"payment":{"id":"stripe·ch_1PgafuB7WZ01zgkWXYmPNZs8","type":"payment"}`}},
		{file: "fixture-payout.json", event: "payout.paid", want: []string{"payout stripe·po_1Pgc79B7WZ01zgkWu1KToYf4"}, fields: []string{`"arrival":"2009-02-13"`}},
		{file: "fixture-dispute.json", event: "charge.dispute.created", want: []string{"ignored"}}, // an inquiry
		{file: "fixture-payment_intent.json", event: "payment_intent.succeeded", want: []string{"ignored"}},
		{file: "payout-reconciliation-itemized.csv", want: []string{
			"payment_settled stripe·po_1·re_1", "chargeback_opened stripe·dp_1·opened", "chargeback_won stripe·dp_0·won",
			"processor_fee stripe·fee_1", "reserve_held stripe·rsv_1·txn_6", "payout stripe·po_1",
		}, fields: []string{
			`"amount":{"amount":"20.00","currency":"GBP"},"dispute":{"id":"stripe·dp_1","type":"dispute"},"fee":{"amount":"15.00","currency":"GBP"}`, `"amount":{"amount":"2.00","currency":"GBP"},"fee":"fee_1","fee_type":"fee"`,
			`"source":"stripe_report/sample"`, `"gross":{"amount":"-5.00","currency":"GBP"},"net":{"amount":"-5.00","currency":"GBP"}`, `"amount":{"amount":"18.10","currency":"GBP"}`,
		}},
	}
	// Objects alone are no events.
	for _, name := range []string{"ap-new-payment", "fixture-balance", "fixture-balance_transaction", "fixture-checkout-session", "fixture-event", "fixture-payout", "fixture-tax-transaction"} {
		samples = append(samples, sample{file: name + ".json", want: []string{"H-TOPIC"}})
	}
	return samples
}

func camtSamples() []sample {
	const account = "bank_line NL26VAYB8060476890·253EURNL26VAYB8060476890·"
	const amount = `"amount":{"amount":"8.85","currency":"EUR"}`
	return []sample{
		{file: "camt053.v2.all-balance-types.xml", want: []string{"bank_line CH2801234000123456789·CAMT0532015012200001·1"}, fields: []string{amount, `"trace":{"id":"000000001","type":"payout_trace"}`, `"value_date":"2015-01-02"`}},
		{file: "camt053.v2.minimal.xml", want: []string{account + "1"}, fields: []string{amount, `"businessdate":"2014-12-31"`}},
		{file: "camt053.v3.xml", want: []string{account + "XXXXXXXXXXXXXXXXXXXXXXEUR"}, fields: []string{amount}},
		{file: "camt053.v4.xml", want: []string{account + "AAAASESS-FP-CN_98765/01"}, fields: []string{amount}},
		{file: "camt053.v8.xml", want: []string{account + "AAAASESS-FP-CN_98765/01"}, fields: []string{amount, `"id":"MUELL/FINP/RA12345"`, `"time":"2014-12-31T12:15:00Z","tz":"+01:00"`}},
		{file: "camt052.v2.xml", want: []string{"ignored"}},
		{file: "camt054.v4.xml", want: []string{"ignored"}},
	}
}

// bai2Samples are three banks' reports; the account numbers of the third are masked.
func bai2Samples() []sample {
	lines := func(account, day string, entries ...string) []string {
		out := []string{"ignored"}
		for _, e := range entries {
			out = append(out, "bank_line "+account+"·"+day+"·"+e)
		}
		return out
	}
	return []sample{
		{file: "sample1.txt", want: slices.Concat(
			lines("10200123456", "2006-03-17", "2006-03-16-409-1", "2006-03-16-409-2", "2006-03-16-409-3", "2006-03-16-108-4", "2006-03-16-108-5", "2006-03-16-108-6", "2006-03-16-409-7", "2006-03-16-409-8", "2006-03-16-409-9", "2006-03-16-409-10", "2006-03-16-409-11"),
			lines("10200123456", "2006-03-17", "2006-03-17-108-1", "2006-03-17-108-2", "2006-03-17-409-3", "2006-03-17-409-4", "2006-03-17-409-5", "2006-03-17-409-6"),
		), fields: []string{`"amount":{"amount":"-25.00","currency":"CAD"}`, `"value_date":"2006-03-16"`}},
		{file: "sample2.txt", want: slices.Concat(
			lines("0123456789", "2004-06-20", "2004-06-20-115-1"),
			lines("9876543210", "2004-06-20", "2004-06-20-115-1"),
			lines("4589761203", "2004-06-20", "SP4738", "2004-06-20-195-2"),
			lines("", ""),
			lines("", ""),
		), fields: []string{`"amount":{"amount":"4500.00","currency":"USD"}`, `"amount":{"amount":"200000.00","currency":"USD"}`, `"trace":{"id":"YRC065321","type":"payout_trace"}`}},
		{file: "sample3.txt", want: slices.Concat(
			lines("1111111", "2022-09-19", "2022-09-19-142-1", "2022-09-19-142-2", "2022-09-19-142-3", "2022-09-19-451-4", "2022-09-19-451-5", "2022-09-19-451-6"),
			lines("", ""),
			lines("", ""),
			lines("1111111", "2022-09-19", "2022-09-19-451-1", "2022-09-19-451-2"),
			lines("", ""),
			lines("", ""),
			lines("", ""),
			lines("11111111", "2022-09-19", "2022-09-19-142-1", "2022-09-19-142-2", "2022-09-19-142-3", "2022-09-19-451-4", "2022-09-19-451-5", "2022-09-19-451-6"),
			lines("11111111", "2022-09-19", "2022-09-19-142-1", "2022-09-19-142-2", "2022-09-19-451-3", "2022-09-19-451-4"),
			lines("11111111", "2022-09-19", "2022-09-19-195-1", "2022-09-19-142-2", "2022-09-19-142-3", "2022-09-19-142-4", "2022-09-19-142-5", "2022-09-19-451-6", "2022-09-19-451-7", "2022-09-19-451-8"),
			lines("", ""),
			lines("", ""),
			lines("", ""),
			lines("", ""),
			lines("", ""),
		), fields: []string{`"amount":{"amount":"25.00","currency":"USD"}`, `"amount":{"amount":"-25.00","currency":"USD"}`}},
	}
}
