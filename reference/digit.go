package reference

import "strings"

// The schemes of codes that no system owns: a row whose key begins with one names what every
// source calls so.
const (
	SchemeGTIN = "gtin"
	SchemeGLN  = "gln"
	// AnySystem begins the key of a row that holds for every source.
	AnySystem = "*"
)

// glnDigits is the length of a Global Location Number.
const glnDigits = 13

// gtinDigits are the lengths of a Global Trade Item Number: GTIN-8, -12 (UPC), -13 (EAN), -14.
var gtinDigits = [...]int{8, 12, 13, 14}

// gtinLength is that of the form in which all GTINs are compared.
const gtinLength = 14

// GTIN returns a code of 8, 12, 13 or 14 digits with a right check digit as the 14 digits in
// which GTINs of every length meet; false for any other code.
func GTIN(code string) (string, bool) {
	if !hasDigits(code, gtinDigits[:]...) || !checked(code) {
		return "", false
	}
	return strings.Repeat("0", gtinLength-len(code)) + code, true
}

// GLN returns a code of 13 digits with a right check digit; false for any other code.
func GLN(code string) (string, bool) {
	if !hasDigits(code, glnDigits) || !checked(code) {
		return "", false
	}
	return code, true
}

// gtinSpellings returns every spelling of a GTIN of 14 digits: with as many leading zeros
// taken off as the shorter forms allow.
func gtinSpellings(gtin string) []string {
	var out []string
	for _, n := range gtinDigits {
		if lead := gtinLength - n; strings.Count(gtin[:lead], "0") == lead {
			out = append(out, gtin[lead:])
		}
	}
	return out
}

// Doubt says what makes a code no GTIN or GLN though it has the digits of one; "" where
// nothing does.
func Doubt(code string) string {
	if !hasDigits(code, gtinDigits[:]...) {
		return ""
	}
	want, got := CheckDigit(code[:len(code)-1]), code[len(code)-1]
	if want == got {
		return ""
	}
	return "as a GTIN or GLN its check digit would be " + string(want) + ", not " + string(got)
}

func hasDigits(code string, lengths ...int) bool {
	for i := range len(code) {
		if code[i] < '0' || code[i] > '9' {
			return false
		}
	}
	for _, n := range lengths {
		if len(code) == n {
			return true
		}
	}
	return false
}

// checked reports whether digits end in their check digit. Zeros only are what systems write
// that have no number to give.
func checked(code string) bool {
	return CheckDigit(code[:len(code)-1]) == code[len(code)-1] && strings.Trim(code, "0") != ""
}

// CheckDigit returns the check digit of GS1 for the digits before it, as in a GTIN, a GLN or
// an SSCC: from the right they count three times and once by turns, and the digit fills the
// sum up to a ten.
func CheckDigit(digits string) byte {
	sum := 0
	for i := range len(digits) {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 0 {
			n *= 3
		}
		sum += n
	}
	return byte('0' + (10-sum%10)%10)
}
