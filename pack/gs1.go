package pack

import (
	"net/url"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// gtin gives an article number of 8, 12, 13 or 14 digits whose check digit is right as one of
// 14 digits, so that a barcode has one form however it is written; null for anything else.
func gtin(v any, _ []any) (any, *fault.Error) {
	text, _ := scalarText(v)
	switch len(text) {
	case 8, 12, 13, 14:
		if code := strings.Repeat("0", 14-len(text)) + text; checked(code) {
			return code, nil
		}
	}
	return nil, nil
}

// gln gives a location number of 13 digits whose check digit is right; null for anything else.
func gln(v any, _ []any) (any, *fault.Error) {
	if text, _ := scalarText(v); len(text) == 13 && checked(text) {
		return text, nil
	}
	return nil, nil
}

// gtinOfEPC gives the article number, of 14 digits, that an EPC names by its URN (an sgtin, or
// an lgtin with its lot) or a GS1 Digital Link by /01/; null where it holds none.
func gtinOfEPC(v any, _ []any) (any, *fault.Error) {
	if company, rest, ok := epc(v, "sgtin", "lgtin"); ok {
		// The indicator stands at the beginning of the article's part.
		if len(company)+len(rest) != 13 || rest == "" {
			return nil, nil
		}
		return withCheck(rest[:1] + company + rest[1:]), nil
	}
	return gtin(digitalLink(v, "01"), nil)
}

// glnOfEPC gives the location number that an EPC names by its URN (an sgln, or a party's
// pgln) or a GS1 Digital Link by /414/ or /417/; null where it holds none. What tells a place
// within the location apart, the extension, is left out.
func glnOfEPC(v any, _ []any) (any, *fault.Error) {
	if company, rest, ok := epc(v, "sgln", "pgln"); ok {
		if len(company)+len(rest) != 12 {
			return nil, nil
		}
		return withCheck(company + rest), nil
	}
	if code, err := gln(digitalLink(v, "414"), nil); code != nil || err != nil {
		return code, err
	}
	return gln(digitalLink(v, "417"), nil)
}

// ssccOfEPC gives the number of a shipping container, of 18 digits, that an EPC names by its
// URN or a GS1 Digital Link by /00/; null where it holds none.
func ssccOfEPC(v any, _ []any) (any, *fault.Error) {
	if company, rest, ok := epc(v, "sscc"); ok {
		if len(company)+len(rest) != 17 || rest == "" {
			return nil, nil
		}
		return withCheck(rest[:1] + company + rest[1:]), nil
	}
	if code := digitalLink(v, "00"); len(code) == 18 && checked(code) {
		return code, nil
	}
	return nil, nil
}

// epc returns the company prefix and what follows it of an EPC's URN of one of the schemes:
// urn:epc:id:sgtin:0614141.112345.400, urn:epc:class:lgtin:…, urn:epc:idpat:sgtin:….
func epc(v any, schemes ...string) (company, rest string, ok bool) {
	text, _ := scalarText(v)
	parts := strings.SplitN(text, ":", 5)
	if len(parts) != 5 || parts[0] != "urn" || parts[1] != "epc" {
		return "", "", false
	}
	for _, scheme := range schemes {
		ok = ok || parts[3] == scheme
	}
	company, rest, _ = strings.Cut(parts[4], ".")
	rest, _, _ = strings.Cut(rest, ".")
	return company, rest, ok && company != "" && allDigits(company+rest)
}

// digitalLink returns the value of a key in the path of a GS1 Digital Link, or nothing. The
// domain and what stands before the key are the owner's choice.
func digitalLink(v any, key string) string {
	text, _ := scalarText(v)
	link, err := url.Parse(text)
	if err != nil || link.Scheme != "https" && link.Scheme != "http" {
		return ""
	}
	steps := strings.Split(link.Path, "/")
	for i := 0; i+1 < len(steps); i++ {
		if steps[i] == key {
			return steps[i+1]
		}
	}
	return ""
}

// checked reports whether the last digit is the check digit of those before it.
func checked(code string) bool {
	return allDigits(code) && withCheck(code[:len(code)-1]) == code
}

// withCheck appends the check digit of GS1: the digits, from the right by turns three times
// and once, fill up to a multiple of ten.
func withCheck(digits string) string {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}
