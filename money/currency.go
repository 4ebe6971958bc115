package money

import "strings"

// Currency is an ISO 4217 alphabetic code.
type Currency string

// currencies lists the codes in use by exponent (rule book D6). The table is Heddle's own,
// because libraries for display carry exponents that a ledger must not use.
var currencies = buildCurrencies(map[int]string{
	0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
	3: "BHD IQD JOD KWD LYD OMR TND",
	4: "CLF UYW",
	2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD " +
		"CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP " +
		"GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL " +
		"MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN " +
		"QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD " +
		"TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
})

func buildCurrencies(byExponent map[int]string) map[Currency]int {
	table := make(map[Currency]int)
	for exp, codes := range byExponent {
		for code := range strings.FieldsSeq(codes) {
			table[Currency(code)] = exp
		}
	}
	return table
}

// Exponent returns how many decimal places the currency has, and whether it is known.
func (c Currency) Exponent() (int, bool) {
	exp, ok := currencies[c]
	return exp, ok
}
