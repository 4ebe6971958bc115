package packs

import (
	"testing"
	"time"

	"github.com/heddlehq/heddle/pack"
)

// BenchmarkMap is what one payload costs between the door and its events.
func BenchmarkMap(b *testing.B) {
	for _, c := range []struct{ name, pack, file, topic string }{
		{"shopify-order", shopify, "order.txt", "orders/create"},
		{"stripe-capture", stripe, "charge-captured.txt", ""},
		{"poslog-sale", poslog, "sale.txt", ""},
		{"camt053-entry", camt053, "statement-v8.txt", ""},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := get(b, c.pack)
			in := pack.Input{Topic: c.topic, Body: payloadOf(b, c.pack, c.file), Instance: "test", Zone: time.UTC, TokenKey: pack.TestTokenKey()}
			b.SetBytes(int64(len(in.Body)))
			b.ReportAllocs()
			for b.Loop() {
				result, err := p.Map(b.Context(), in)
				if err != nil || len(result.Records[0].Events) == 0 {
					b.Fatal(err, result.Records)
				}
			}
		})
	}
}
