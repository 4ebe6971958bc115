package money_test

import (
	"testing"

	"github.com/heddlehq/heddle/money"
)

func TestCashRounding(t *testing.T) {
	for _, c := range []struct {
		name     string
		currency money.Currency
		country  string
		in, paid int64
	}{
		{"E04 27.87", "CAD", "CA", 2787, 2785},
		{"E29 9.900 has no rule", "KWD", "KW", 9900, 9900},
		{"2 cents go down", "AUD", "AU", 1002, 1000},
		{"3 cents go up", "CHF", "CH", 1003, 1005},
		{"the euro in Finland", "EUR", "FI", 1003, 1005},
		{"the euro in France", "EUR", "FR", 1003, 1003},
		{"the euro nowhere", "EUR", "", 1003, 1003},
		{"NZD 4 cents", "NZD", "NZ", 1004, 1000},
		{"NZD 5 cents go down", "NZD", "NZ", 1005, 1000},
		{"NZD 6 cents", "NZD", "NZ", 1006, 1010},
		{"NZD refund mirrors", "NZD", "NZ", -1005, -1000},
		{"DKK 24 øre", "DKK", "DK", 1024, 1000},
		{"DKK 25 øre go up", "DKK", "DK", 1025, 1050},
		{"DKK 75 øre go up", "DKK", "DK", 1075, 1100},
		{"SEK 49 öre", "SEK", "SE", 1049, 1000},
		{"SEK 50 öre go up", "SEK", "SE", 1050, 1100},
		{"SEK refund mirrors", "SEK", "SE", -1050, -1100},
		{"HUF 2 forint", "HUF", "HU", 100200, 100000},
		{"HUF 3 forint", "HUF", "HU", 100300, 100500},
		{"nothing", "CAD", "CA", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			paid, diff := money.SeedCashRules().For(c.currency, c.country).Round(c.in)
			if paid != c.paid || diff != c.paid-c.in {
				t.Errorf("got %d with %d, want %d with %d", paid, diff, c.paid, c.paid-c.in)
			}
		})
	}
}
