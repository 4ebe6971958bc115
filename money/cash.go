package money

// CashRule is the smallest step in which a currency is paid in coins (rule book D7).
type CashRule struct {
	Currency Currency
	Country  string // ISO 3166-1 alpha-2; empty means wherever the currency is used
	Step     int64  // minor units; results are multiples of it
	TieDown  bool   // a half step goes towards zero instead of away from it
}

// CashRules is a table of rules. It is master data with dates of effect; which table is in
// force on a day is the caller's knowledge.
type CashRules []CashRule

// SeedCashRules returns the table of rule book D7, to start from and to be confirmed by
// local finance: the row of SGD is for merchants who round, and TieDown of NZD is theirs
// to choose.
func SeedCashRules() CashRules {
	rules := CashRules{
		{Currency: "CAD", Step: 5},
		{Currency: "AUD", Step: 5},
		{Currency: "CHF", Step: 5},
		{Currency: "SGD", Step: 5},
		{Currency: "NZD", Step: 10, TieDown: true},
		{Currency: "DKK", Step: 50},
		{Currency: "SEK", Step: 100},
		{Currency: "NOK", Step: 100},
		{Currency: "CZK", Step: 100},
		{Currency: "HUF", Step: 500},
	}
	for _, country := range []string{"NL", "BE", "FI", "IE", "IT", "SK", "LT", "EE"} {
		rules = append(rules, CashRule{Currency: "EUR", Country: country, Step: 5})
	}
	return rules
}

// For returns the rule for cash of the currency paid in the country. Where the table has
// none, cash is paid to the minor unit and the rule changes nothing.
func (rs CashRules) For(c Currency, country string) CashRule {
	for _, r := range rs {
		if r.Currency == c && (r.Country == "" || r.Country == country) {
			return r
		}
	}
	return CashRule{Currency: c, Country: country, Step: 1}
}

// Round returns what is paid in cash for an amount that remains after all other tenders and
// after tax, and the difference (paid − amount), which goes to CASH_ROUNDING. A refund
// rounds to the mirror of the sale. It never applies to a line or to a tax.
func (r CashRule) Round(minor int64) (paid, difference int64) {
	step := max(r.Step, 1)
	over := minor % step
	size := max(over, -over)
	difference = -size
	if size > step-size || size == step-size && !r.TieDown {
		difference = step - size
	}
	if minor < 0 {
		difference = -difference
	}
	return minor + difference, difference
}
