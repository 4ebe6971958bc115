package pack

import (
	"cmp"
	"net/url"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/reference"
)

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
	code, right := reference.GTIN(digitalLink(v, "01"))
	return orNone(code, right), nil
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
	code, right := reference.GLN(cmp.Or(digitalLink(v, "414"), digitalLink(v, "417")))
	return orNone(code, right), nil
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
	code := digitalLink(v, "00")
	return orNone(code, len(code) == 18 && allDigits(code) && withCheck(code[:17]) == code), nil
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

// withCheck appends the check digit.
func withCheck(digits string) string { return digits + string(reference.CheckDigit(digits)) }

// orNone is a code that is right, or null.
func orNone(code string, right bool) any {
	if !right {
		return nil
	}
	return code
}
