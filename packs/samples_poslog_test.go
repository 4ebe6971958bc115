package packs

func poslogSamples() []sample {
	return []sample{
		{file: "decathlon-munich-sale-rfid.xml", want: []string{"sale 7-240-240·2017-06-21·101·1966"}, fields: []string{
			`"prices_include_tax":true`, `"net":{"amount":"104.16","currency":"GBP"}`, `"code":"DKT:CreditCard"`,
		}},
		{file: "futura-retoure_with_link.xml", want: []string{"return_accepted 100·2024-10-15·10001·3570·1"}, fields: []string{
			`"original":{"id":"100·2024-10-15·10001·3569·4","type":"till_line"}`, `"net":{"amount":"1.08","currency":"EUR"}`, `"tenders":[{"amount":{"amount":"1.29","currency":"EUR"},"code":"Cash"}]`,
		}},
		{file: "futura-sale_with_customer.xml", want: []string{"sale 100·2024-07-31·10001·2"}, fields: []string{`"customer":"tok_`, `"amount":{"amount":"4.31","currency":"EUR"}`}},
		{file: "futura-sale_with_tenderChange.xml", want: []string{"sale 100·2024-07-31·10001·3"}, fields: []string{`"tenders":[{"amount":{"amount":"26.99","currency":"EUR"},"code":"Cash"}]`}},
		{file: "visma-arts1-sale-cash-rounding-up.xml", want: []string{"sale 3004·2019-07-22·1·3619"}, fields: []string{`"rounding":{"amount":"0.12","currency":"SEK"}`, `"time":"2019-07-22T13:53:21Z","tz":"+02:00"`}},
		{file: "visma-arts2.xml", want: []string{"sale 3004·2019-07-22·1·3622"}, fields: []string{`"rounding":{"amount":"0.11","currency":"SEK"}`}},
		{file: "ncr-acs-poslog21-small.xml", want: []string{"control_txn 9·2017-09-30·34·160", "sale 9·2017-09-30·34·161"}, fields: []string{
			`"control":"SIGN_ON"`,
			`"discounts":[{"amount":{"amount":"0.19","currency":"USD"},"id":"5123"}]`, `"quantity":"0.42"`, `"reference":"344665"`, `"businessdate":"2017-09-30"`,
		}},
		{file: "ncr-control-transactions.xml", want: []string{
			"control_txn 9·2017-10-01·5·61", "control_txn 9·2017-10-01·5·62", "control_txn 9·2017-10-01·5·63", "control_txn 9·2017-10-01·5·64", "control_txn 9·2017-10-01·5·65",
			"control_txn 9·2017-10-01·5·66", "control_txn 9·2017-10-01·5·67", "control_txn 9·2017-10-01·34·103", "control_txn 9·2017-10-01·34·104",
		}, fields: []string{
			`"subject":"9·2017-10-01·5·65","time":"2017-10-01T13:19:11Z","tz":"+02:00","businessdate":"2017-10-01","datacontenttype":"application/json","data":{"cashier":"tok_93a24075bb855045de7213f7b6d18eaf","control":"NO_SALE","location":"9","till":"5"}`,
			`"control":"SIGN_OFF"`,
		}},
		{file: "ncr-sales-1.xml", want: []string{
			"sale 9·2017-10-01·31·114", "sale 9·2017-10-01·3·86", "sale 9·2017-10-01·2·297", "sale 9·2017-10-01·2·298", "sale 9·2017-10-01·32·113", "sale 9·2017-10-01·2·299",
			"sale 9·2017-10-01·3·87", "sale 9·2017-10-01·34·99", "sale 9·2017-10-01·32·114", "sale 9·2017-10-01·34·100", "sale 9·2017-10-01·1·377", "sale 9·2017-10-01·3·88",
		}, fields: []string{
			`"subject":"9·2017-10-01·31·114","time":"2017-10-01T13:15:25Z","tz":"+02:00"`,
			`"item":"00000000090162","line":"2","net":{"amount":"3.49","currency":"USD"},"quantity":"1","taxes":[{"amount":{"amount":"0.35","currency":"USD"},"code":"1","rate":"0.10129"}]`,
			`"item":"00205601000002","line":"4","net":{"amount":"5.84","currency":"USD"},"quantity":"0.65"`,
			`"tenders":[{"amount":{"amount":"9.00","currency":"USD"},"code":"CreditDebit","reference":"34003"}],"till":"3","total":{"amount":"9.00","currency":"USD"}`,
		}},
		// No payload: the schema of version 6.
		{file: "POSLogV6.0.0.xsd", want: []string{"H-TOPIC"}},
	}
}
