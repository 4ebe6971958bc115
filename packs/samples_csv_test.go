package packs

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
)

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
		samples = append(samples, sample{file: day.date + ".csv", options: shopMap(), rows: shopRows, tally: day.tally})
	}
	return samples
}

// shopRows says of each row of a day what has to come of it, as it is read by another reader than the pack's.
func shopRows(t *testing.T, body []byte) []string {
	t.Helper()
	table, err := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	lines := map[string]int{}
	for i, row := range (shopDay{body: body}).rows(t) {
		lines[row.invoice]++
		at, err := time.ParseInLocation(time.DateTime, table[i+1][4], zone)
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row.told(lines[row.invoice], at, table[i+1][6]))
	}
	return rows
}

// told is the report of a row, the line of its invoice.
func (r shopRow) told(line int, at time.Time, customer string) string {
	if slices.Contains(notSold, r.item) {
		return "  refused H-TOPIC: sales.jq: money for what is neither goods nor a service cannot be booked from a row of sales\n"
	}
	key := fmt.Sprintf("%s·%d", r.invoice, line)
	when := fmt.Sprintf("at %s in %s, day %s, by csv", at.UTC().Format(time.RFC3339), at.Format("-07:00"), at.Format(time.DateOnly))
	goods := fmt.Sprintf("item %s, line %d", r.item, line)
	pieces := max(r.quantity, -r.quantity)
	sum := money.Of(pieces*r.price, "GBP").String()
	who, tender := "", ""
	if r.customer {
		who = fmt.Sprintf(", customer %s", pack.Token(pack.TestTokenKey(), "csv customer", customer))
	}
	if r.price != 0 {
		tender = fmt.Sprintf("    tenders: amount %s, code ACCOUNT\n", sum)
	}
	switch {
	case r.price == 0 && !r.customer:
		return fmt.Sprintf("  stock_adjusted %s\n    %s\n    adjustment %s, bucket SELLABLE, %s, location WEB, quantity %d, reason NO PRICE\n", key, when, r.invoice, goods, r.quantity)
	case r.quantity < 0:
		return fmt.Sprintf("  return_no_receipt %s\n    %s\n    aliases [sample·%s (till_line)]%s, disposition RESTOCK, item %s, location WEB, net %s, price_source STATED, quantity %d, return sample·%s (return)\n%s",
			key, when, key, who, r.item, sum, pieces, key, tender)
	default:
		return fmt.Sprintf("  sale %s\n    %s\n    aliases [sample·%s (till_transaction)], currency GBP%s, location WEB, till sample, total %s\n    lines: aliases [sample·%s (till_line)], gross %s, %s, net %s, quantity %d\n%s",
			key, when, key, who, sum, key, sum, goods, sum, pieces, tender)
	}
}

// wantRows compares what came of each record of a file with what its reader says.
func (s sample) wantRows(t *testing.T, result pack.Result, folder string) {
	t.Helper()
	want, n := s.rows(t, s.body(t, folder)), tally{}
	if len(result.Records) != len(want) {
		t.Fatalf("got %d records, want %d", len(result.Records), len(want))
	}
	for i, record := range result.Records {
		var b strings.Builder
		tellOutcome(&b, record)
		if b.String() != want[i] {
			t.Fatalf("record %d: got\n%swant\n%s", i+1, b.String(), want[i])
		}
		n[strings.Trim(strings.Fields(strings.TrimPrefix(want[i], "  refused "))[0], ":")]++
	}
	if n.String() != s.tally {
		t.Errorf("got %s, want %s", n, s.tally)
	}
}
