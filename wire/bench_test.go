package wire

import (
	"os"
	"path/filepath"
	"testing"
)

func BenchmarkSamplesJSON(b *testing.B) {
	body, err := os.ReadFile(filepath.Join(os.Getenv("HEDDLE_SAMPLES"), "shopify/rest-order-cancelled.json"))
	if err != nil {
		b.Skip(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := JSON(body, Limits{}); err != nil {
			b.Fatal(err)
		}
	}
}
