package money_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

func TestParseIsExact(t *testing.T) {
	for _, c := range []struct {
		in       string
		currency money.Currency
		want     int64
		code     fault.Code
	}{
		{in: "12.30", currency: "EUR", want: 1230},
		{in: "12.3", currency: "EUR", want: 1230},
		{in: "12.3000", currency: "EUR", want: 1230},
		{in: "-0.01", currency: "EUR", want: -1},
		{in: "-0", currency: "EUR", want: 0},
		{in: "1000", currency: "JPY", want: 1000},
		{in: "1000.00", currency: "JPY", want: 1000},
		{in: "9.9", currency: "KWD", want: 9900},
		{in: "0.0001", currency: "CLF", want: 1},
		{in: "9999999999999.99", currency: "EUR", want: money.MaxMinor},
		{in: "-9999999999999.99", currency: "EUR", want: -money.MaxMinor},
		{in: "10000000000000", currency: "EUR", code: fault.NotRepresentable},
		{in: "99999999999999999999", currency: "JPY", code: fault.NotRepresentable},
		{in: "12.345", currency: "EUR", code: fault.NotRepresentable},
		{in: "0.5", currency: "JPY", code: fault.NotRepresentable},
		{in: "1e2", currency: "EUR", code: fault.NotRepresentable},
		{in: "+1", currency: "EUR", code: fault.NotRepresentable},
		{in: "1.", currency: "EUR", code: fault.NotRepresentable},
		{in: ".5", currency: "EUR", code: fault.NotRepresentable},
		{in: "1,000", currency: "EUR", code: fault.NotRepresentable},
		{in: "--1", currency: "EUR", code: fault.NotRepresentable},
		{in: "", currency: "EUR", code: fault.NotRepresentable},
		{in: "1", currency: "EURO", code: fault.CurrencyUnknown},
		{in: "1", currency: "eur", code: fault.CurrencyUnknown},
		{in: "1", currency: "", code: fault.CurrencyUnknown},
	} {
		t.Run(c.in+" "+string(c.currency), func(t *testing.T) {
			got, err := money.Parse(c.in, c.currency)
			if c.code != "" {
				if !fault.HasCode(err, c.code) {
					t.Fatalf("got %v, %v, want %s", got, err, c.code)
				}
				return
			}
			if err != nil || got.Minor != c.want {
				t.Errorf("got %d, %v, want %d", got.Minor, err, c.want)
			}
		})
	}
}

func TestParseFixedIsSafeAtTheLimit(t *testing.T) {
	for _, c := range []struct {
		in    string
		scale int
		want  int64
		ok    bool
	}{
		{"9223372036854775807", 0, math.MaxInt64, true},
		{"-9223372036854775807", 0, -math.MaxInt64, true},
		{"9223372036854775808", 0, 0, false},
		{"-9223372036854775808", 0, 0, false}, // its negative would not fit
		{"9223372036854775.807", 3, math.MaxInt64, true},
		{"9223372036854775.808", 3, 0, false},
		{"922337203685477580", 1, 9223372036854775800, true},
		{"922337203685477581", 1, 0, false},
		{"0.000000000001", 12, 1, true},
		{"0.0000000000010", 12, 1, true},
		{"0.0000000000001", 12, 0, false},
		{"000000000000000000000000000001", 0, 1, true},
	} {
		t.Run(c.in, func(t *testing.T) {
			got, ok := money.ParseFixed(c.in, c.scale)
			if ok != c.ok || ok && got != c.want {
				t.Errorf("got %d, %t, want %d, %t", got, ok, c.want, c.ok)
			}
		})
	}
}

func TestDecimalIsPaddedToTheExponent(t *testing.T) {
	for want, a := range map[string]money.Amount{
		"12.30":                 money.Of(1230, "EUR"),
		"-0.01":                 money.Of(-1, "EUR"),
		"0.00":                  money.Of(0, "EUR"),
		"1000":                  money.Of(1000, "JPY"),
		"9.900":                 money.Of(9900, "KWD"),
		"-0.0500":               money.Of(-500, "CLF"),
		"-92233720368547758.08": money.Of(math.MinInt64, "USD"),
		"92233720368547758.07":  money.Of(math.MaxInt64, "USD"),
		"-9223372036854775808":  money.Of(math.MinInt64, "JPY"),
		"-922337203685477.5808": money.Of(math.MinInt64, "UYW"),
		"-9223372036854775.807": money.Of(-math.MaxInt64, "BHD"),
	} {
		if got := a.Decimal(); got != want {
			t.Errorf("%d %s: got %q, want %q", a.Minor, a.Currency, got, want)
		}
	}
}

func TestExponentsOfTheRuleBook(t *testing.T) {
	for c, want := range map[money.Currency]int{"JPY": 0, "XAF": 0, "EUR": 2, "MRU": 2, "MGA": 2, "HUF": 2, "KWD": 3, "TND": 3, "CLF": 4, "UYW": 4} {
		if got, ok := c.Exponent(); !ok || got != want {
			t.Errorf("%s: got %d, %t, want %d", c, got, ok, want)
		}
	}
	if _, ok := money.Currency("XXX").Exponent(); ok {
		t.Error("XXX is no currency of a ledger")
	}
}

func TestAddPanicsOnBugs(t *testing.T) {
	for name, add := range map[string]func(){
		"two currencies":  func() { money.Of(1, "EUR").Add(money.Of(1, "USD")) },
		"sum too large":   func() { money.Of(math.MaxInt64, "EUR").Add(money.Of(1, "EUR")) },
		"sum too small":   func() { money.Of(-math.MaxInt64, "EUR").Sub(money.Of(2, "EUR")) },
		"other sign, too": func() { money.Of(math.MinInt64, "EUR").Add(money.Of(-1, "EUR")) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			add()
		})
	}
	if got := (money.Amount{}).Add(money.Of(5, "EUR")).Sub(money.Amount{}); got != money.Of(5, "EUR") {
		t.Errorf("nothing added: got %v, want 5 of EUR", got)
	}
}

func TestAmountJSON(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     money.Amount
		code     fault.Code
	}{
		{name: "canonical", in: `{"amount":"12.30","currency":"EUR"}`, want: money.Of(1230, "EUR")},
		{name: "other order", in: `{"currency":"JPY","amount":"-7"}`, want: money.Of(-7, "JPY")},
		{name: "white space", in: " { \"amount\" :\t\"1\" ,\r\n\"currency\": \"KWD\" } ", want: money.Of(1000, "KWD")},
		{name: "number", in: `{"amount":12.30,"currency":"EUR"}`, code: fault.SchemaInvalid},
		{name: "member missing", in: `{"amount":"12.30"}`, code: fault.SchemaInvalid},
		{name: "member twice", in: `{"amount":"12.30","amount":"12.30"}`, code: fault.SchemaInvalid},
		{name: "third member", in: `{"amount":"1","currency":"EUR","ext":"x"}`, code: fault.SchemaInvalid},
		{name: "other case", in: `{"Amount":"1","currency":"EUR"}`, code: fault.SchemaInvalid},
		{name: "null", in: `null`, code: fault.SchemaInvalid},
		{name: "a string", in: `"12.30 EUR"`, code: fault.SchemaInvalid},
		{name: "escape", in: `{"amount":"1\u0032","currency":"EUR"}`, code: fault.SchemaInvalid},
		{name: "rest", in: `{"amount":"1","currency":"EUR"}x`, code: fault.SchemaInvalid},
		{name: "cut off", in: `{"amount":"1","currency":"EUR`, code: fault.SchemaInvalid},
		{name: "no currency", in: `{"amount":"1","currency":""}`, code: fault.CurrencyUnknown},
		{name: "no amount", in: `{"amount":"","currency":"EUR"}`, code: fault.NotRepresentable},
		{name: "too fine", in: `{"amount":"1.005","currency":"EUR"}`, code: fault.NotRepresentable},
	} {
		t.Run(c.name, func(t *testing.T) {
			var got money.Amount
			err := got.UnmarshalJSON([]byte(c.in))
			if c.code != "" && !fault.HasCode(err, c.code) || c.code == "" && (err != nil || got != c.want) {
				t.Errorf("got %v, %v, want %v %s", got, err, c.want, c.code)
			}
		})
	}
	out, err := json.Marshal(struct{ A, B money.Amount }{money.Of(1230, "EUR"), money.Of(-5, "KWD")})
	if want := `{"A":{"amount":"12.30","currency":"EUR"},"B":{"amount":"-0.005","currency":"KWD"}}`; err != nil || string(out) != want {
		t.Errorf("got %s, %v, want %s", out, err, want)
	}
	if _, err := json.Marshal(money.Amount{}); err == nil || !strings.Contains(err.Error(), string(fault.CurrencyUnknown)) {
		t.Errorf("the zero amount: got %v, want %s", err, fault.CurrencyUnknown)
	}
}

func FuzzAmountJSON(f *testing.F) {
	for _, seed := range []string{`{"amount":"12.30","currency":"EUR"}`, `{"currency":"JPY","amount":"-7"}`, `{"amount":"1\"","currency":"EUR"}`, `{}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		var a money.Amount
		if a.UnmarshalJSON(in) != nil {
			return
		}
		var members map[string]string // what is accepted is JSON of two strings
		if err := json.Unmarshal(in, &members); err != nil || len(members) != 2 {
			t.Fatalf("accepted %q: %v", in, err)
		}
		var again money.Amount
		if err := again.UnmarshalJSON(a.AppendJSON(nil)); err != nil || again != a {
			t.Fatalf("%q read as %v, its own form as %v, %v", in, a, again, err)
		}
	})
}

func FuzzParseFixed(f *testing.F) {
	f.Add("12.30", uint8(2))
	f.Add("-9223372036854775807", uint8(0))
	f.Add("0.000000000001", uint8(12))
	f.Fuzz(func(t *testing.T, in string, scale uint8) {
		scale %= 13
		n, ok := money.ParseFixed(in, int(scale))
		if want, wantOK := bigFixed(in, int(scale)); ok != wantOK || ok && n != want {
			t.Fatalf("%q at scale %d: got %d, %t, want %d, %t", in, scale, n, ok, want, wantOK)
		}
	})
}
