package packs

import "strings"

// tallyOf counts a summary by its first words.
func tallyOf(summary []string) tally {
	n := tally{}
	for _, line := range summary {
		what, _, _ := strings.Cut(line, " ")
		n[what]++
	}
	return n
}

// csvSamples are the days of a real shop, one row of the file an event. The map of the source
// is shopMap.
func csvSamples() []sample {
	var samples []sample
	for _, day := range []struct{ date, tally string }{
		{"2010-12-01", "return_no_receipt 26, sale 3072, stock_adjusted 10"},
		{"2010-12-03", "return_no_receipt 14, sale 2155, stock_adjusted 33"},
		{"2010-12-06", "return_no_receipt 49, sale 3816, stock_adjusted 13"},
		{"2010-12-07", "H-TOPIC 10, return_no_receipt 25, sale 2861, stock_adjusted 67"},
		{"2010-12-09", "return_no_receipt 73, sale 2775, stock_adjusted 43"},
		{"2010-12-12", "return_no_receipt 12, sale 1439"},
		{"2010-12-13", "H-TOPIC 1, return_no_receipt 19, sale 2263"},
		{"2010-12-15", "return_no_receipt 41, sale 1307, stock_adjusted 1"},
		{"2010-12-17", "return_no_receipt 9, sale 3105, stock_adjusted 1"},
		{"2010-12-19", "return_no_receipt 4, sale 518"},
		{"2010-12-21", "return_no_receipt 21, sale 1560, stock_adjusted 5"},
		{"2010-12-23", "return_no_receipt 18, sale 944, stock_adjusted 1"},
		{"2011-01-04", "return_no_receipt 14, sale 1156, stock_adjusted 14"},
		{"2011-01-06", "return_no_receipt 61, sale 1767, stock_adjusted 4"},
		{"2011-01-09", "return_no_receipt 19, sale 1098"},
		{"2011-01-10", "return_no_receipt 8, sale 1951, stock_adjusted 17"},
		{"2011-02-01", "return_no_receipt 38, sale 1527, stock_adjusted 9"},
		{"2011-02-02", "return_no_receipt 10, sale 1397, stock_adjusted 4"},
		{"2011-02-04", "return_no_receipt 13, sale 1202, stock_adjusted 17"},
		{"2011-02-07", "return_no_receipt 30, sale 1229, stock_adjusted 2"},
		{"2011-02-08", "return_no_receipt 24, sale 1198, stock_adjusted 6"},
		{"2011-02-10", "return_no_receipt 62, sale 722, stock_adjusted 1"},
		{"2011-02-11", "return_no_receipt 84, sale 867, stock_adjusted 6"},
		{"2011-02-13", "return_no_receipt 15, sale 609"},
		{"2011-02-14", "return_no_receipt 20, sale 1087, stock_adjusted 1"},
		{"2011-02-16", "return_no_receipt 7, sale 1184"},
		{"2011-02-17", "return_no_receipt 4, sale 1714, stock_adjusted 1"},
		{"2011-02-20", "return_no_receipt 5, sale 859"},
		{"2011-02-22", "H-TOPIC 1, return_no_receipt 23, sale 1568, stock_adjusted 1"},
		{"2011-02-23", "return_no_receipt 6, sale 1571, stock_adjusted 1"},
		{"2011-02-25", "return_no_receipt 8, sale 970"},
		{"2011-02-28", "return_no_receipt 1, sale 1680, stock_adjusted 56"},
	} {
		s := sample{file: day.date + ".csv", options: shopMap(), tally: day.tally}
		if day.date == "2010-12-01" {
			s.fields = []string{
				// A sale; the second of two rows of an invoice that say the same; a cancellation; rows
				// without price and customer.
				`"subject":"536365·1","time":"2010-12-01T07:26:00Z","tz":"+01:00","businessdate":"2010-12-01"`,
				`"item":"85123A","line":"1","net":{"amount":"15.30","currency":"GBP"},"quantity":"6"}],"location":"WEB"`,
				`"tenders":[{"amount":{"amount":"15.30","currency":"GBP"},"code":"ACCOUNT"}],"till":"sample","total":{"amount":"15.30","currency":"GBP"}`,
				`"type":"retail.return_no_receipt.v1","subject":"C536383·1"`, `"disposition":"RESTOCK","item":"35004C"`,
				`"subject":"536414·1","time":"2010-12-01T10:52:00Z","tz":"+01:00","businessdate":"2010-12-01","datacontenttype":"application/json","data":{"adjustment":"536414","bucket":"SELLABLE","item":"22139","line":"1","location":"WEB","quantity":"56","reason":"NO PRICE"}`,
			}
		}
		samples = append(samples, s)
	}
	return samples
}
