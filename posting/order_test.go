package posting_test

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
)

// TestTotalsAgree names both totals where a document says both and they differ.
func TestTotalsAgree(t *testing.T) {
	usd := func(minor int64) *money.Amount { return new(money.Of(minor, "USD")) }
	for _, test := range []struct {
		header, lines *money.Amount
		want          []string
	}{
		{nil, nil, nil},
		{usd(24000), nil, nil},
		{usd(24000), usd(24000), nil},
		{usd(24000), usd(23950), []string{"V-BAL-02", "V1·I1", "240.00", "239.50", "0.50"}},
		{usd(24000), new(money.Of(24000, "EUR")), []string{"V-BAL-02", "USD", "EUR"}},
	} {
		err := posting.TotalsAgree("V1·I1", test.header, test.lines)
		if (err == nil) != (test.want == nil) {
			t.Fatalf("%v and %v: got %v", test.header, test.lines, err)
		}
		for _, part := range test.want {
			if !strings.Contains(err.Error(), part) {
				t.Errorf("%v does not name %s", err, part)
			}
		}
	}
}
