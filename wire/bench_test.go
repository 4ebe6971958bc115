package wire

import (
	"fmt"
	"strings"
	"testing"
)

// benchmarkDocument measures the trees of a document: bytes, time and allocations for one.
func benchmarkDocument(b *testing.B, body string, read func(body []byte) (*Document, error)) {
	b.Helper()
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	count := 0
	for b.Loop() {
		d, err := read([]byte(body))
		if err != nil {
			b.Fatal(err)
		}
		for r := range d.Records() {
			if r.Err != nil {
				b.Fatal(r.Err)
			}
			count++
		}
	}
	b.ReportMetric(float64(count)/float64(b.N), "records/op")
}

// BenchmarkX12 reads a shipping advice of twenty lines.
func BenchmarkX12(b *testing.B) {
	var set strings.Builder
	set.WriteString("ST*945*0001~W06*N*ORDER-1*20261123*SHIP-1**PO-9~N1*ST*STORE 12*92*0012~N3*1 MAIN ST*DOCK 2~N4*ANYTOWN*KS*66216~" +
		"N1*SF**92*WH01~N9*BM*BOL-77120~G62*11*20261123~W27*M*SCAC*CARRIER*CC~")
	for line := 1; line <= 20; line++ {
		fmt.Fprintf(&set, "LX*%d~W12*CC*%d*%d**EA*0123456%05d*VN*SKU-%04d***%d*G*L~G69*WIDGET OF KIND %d~N9*LT*LOT%d~", line, line*2, line*2, line, line, line*3, line, line)
	}
	set.WriteString("W03*420*1260*LB~")
	text := set.String()
	body := isa("000000017", "*:~") + "GS*SW*WH*RETAIL*20261123*0905*17*X*004010~" + text +
		fmt.Sprintf("SE*%d*0001~GE*1*17~IEA*1*000000017~", strings.Count(text, "~")+1)
	options := X12Options{Guides: testGuides(b)}
	benchmarkDocument(b, body, func(body []byte) (*Document, error) { return X12(body, options, Limits{}) })
}

// BenchmarkBAI2 reads an account with a hundred transactions.
func BenchmarkBAI2(b *testing.B) {
	var file strings.Builder
	file.WriteString("01,BANK,RETAILER,261123,0600,1,80,,2/\n02,RETAILER,BANK,1,261122,2400,USD,2/\n03,0012345,,010,100000,,,015,105050,,/\n")
	total := 205050
	for n := 1; n <= 100; n++ {
		fmt.Fprintf(&file, "16,142,%d,V,261123,,REF%06d,,CARD SALES STORE %d BATCH %d\n88,TERMINAL %d/\n", n, n, n%7, n, n)
		total += n
	}
	fmt.Fprintf(&file, "49,%d,202/\n98,%d,1,204/\n99,%d,1,206/\n", total, total, total)
	benchmarkDocument(b, file.String(), func(body []byte) (*Document, error) { return BAI2(body, BAI2Options{}, Limits{}) })
}

// BenchmarkCSV reads a thousand rows of sales.
func BenchmarkCSV(b *testing.B) {
	var file strings.Builder
	file.WriteString("store,register,business_date,receipt,line,item,description,quantity,unit_price,tax,currency,tender\n")
	for n := range 1000 {
		fmt.Fprintf(&file, "0012,%d,2026-11-23,%06d,%d,0123456%05d,\"Widget, kind %d\",%d,%d.%02d,0.%02d,USD,card\n", n%4, n/3, n%3, n%50, n%50, n%5+1, n%90, n%100, n%100)
	}
	benchmarkDocument(b, file.String(), func(body []byte) (*Document, error) { return CSV(body, CSVOptions{}, Limits{}) })
}

// BenchmarkJSON reads an order of twenty lines.
func BenchmarkJSON(b *testing.B) {
	var order strings.Builder
	order.WriteString(`{"id":820982911946154508,"name":"#1001","currency":"USD","created_at":"2026-11-23T09:05:00-05:00","test":false,"note":null,` +
		`"customer":{"id":115310627314723954,"email":"someone@example.com","tags":[]},"line_items":[`)
	for n := range 20 {
		if n > 0 {
			order.WriteByte(',')
		}
		fmt.Fprintf(&order, `{"id":%d,"product_id":%d,"sku":"SKU-%04d","title":"Widget of kind %d","quantity":%d,"price":"%d.00","total_discount":"0.00","taxable":true,`+
			`"price_set":{"shop_money":{"amount":"%d.00","currency_code":"USD"},"presentment_money":{"amount":"%d.00","currency_code":"USD"}},`+
			`"tax_lines":[{"title":"State Tax","price":"0.%02d","rate":0.06,"channel_liable":false}],"properties":[],"gift_card":false}`,
			866550311766439020+n, 788032119674292922+n, n, n, n+1, n, n, n, n)
	}
	order.WriteString("]}")
	benchmarkDocument(b, order.String(), func(body []byte) (*Document, error) { return JSON(body, Limits{}) })
}

// BenchmarkXML reads a till's transactions of ten lines each.
func BenchmarkXML(b *testing.B) {
	var log strings.Builder
	log.WriteString(`<?xml version="1.0" encoding="UTF-8"?><POSLog xmlns="urn:till">`)
	for n := range 10 {
		fmt.Fprintf(&log, `<Transaction><RetailStoreID>12</RetailStoreID><SequenceNumber>%d</SequenceNumber><BusinessDayDate>2026-11-23</BusinessDayDate><RetailTransaction>`, n)
		for line := range 10 {
			fmt.Fprintf(&log, `<LineItem EntryMethod="Scanned"><SequenceNumber>%d</SequenceNumber><Sale><ItemID Type="GTIN">0123456%05d</ItemID>`+
				`<ExtendedAmount Currency="USD">%d.00</ExtendedAmount><Quantity Units="1">1</Quantity></Sale></LineItem>`, line, line, line)
		}
		log.WriteString("</RetailTransaction></Transaction>")
	}
	log.WriteString("</POSLog>")
	benchmarkDocument(b, log.String(), func(body []byte) (*Document, error) {
		return XML(body, XMLOptions{Record: "Transaction", Arrays: []string{"LineItem"}}, Limits{})
	})
}
