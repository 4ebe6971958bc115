package pack

import (
	"math/big"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
)

// placesMax bounds the places of a decimal that a function gives, and the size of its exponent.
const placesMax = 18

// decimal reads any way of writing a decimal in digits, a point and an exponent, and gives it
// plainly: ".5" is "0.5", "+5." is "5", "1.25E2" is "125".
func decimal(v any, _ []any) (any, *fault.Error) {
	text, ok := scalarText(v)
	if !ok {
		return nil, noDecimal("")
	}
	mantissa, power, exponential := strings.Cut(strings.ToUpper(text), "E")
	negative, digits, places, ok := splitDecimal(mantissa)
	if exponential && ok {
		var shift int64
		shift, ok = wholeNumber(strings.TrimPrefix(power, "+"))
		if ok = ok && shift >= -placesMax && shift <= placesMax; ok {
			places -= int(shift)
		}
	}
	if !ok {
		return nil, noDecimal("")
	}
	return plain(negative, digits, places), nil
}

// splitDecimal reads a sign, digits and at most one point.
func splitDecimal(text string) (negative bool, digits string, places int, ok bool) {
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		negative, text = text[0] == '-', text[1:]
	}
	whole, fraction, _ := strings.Cut(text, ".")
	digits = whole + fraction
	return negative, digits, len(fraction), digits != "" && len(digits) <= 2*placesMax && len(fraction) <= placesMax && allDigits(digits)
}

func allDigits(text string) bool { return strings.Trim(text, "0123456789") == "" }

// plain writes digits with a number of places behind the point, which can be negative.
func plain(negative bool, digits string, places int) string {
	if places < 0 {
		digits, places = digits+strings.Repeat("0", -places), 0
	}
	if missing := places + 1 - len(digits); missing > 0 {
		digits = strings.Repeat("0", missing) + digits
	}
	whole, fraction := digits[:len(digits)-places], digits[len(digits)-places:]
	if whole = strings.TrimLeft(whole, "0"); whole == "" {
		whole = "0"
	}
	text := whole
	if fraction != "" {
		text += "." + fraction
	}
	if negative && strings.Trim(text, "0.") != "" {
		return "-" + text
	}
	return text
}

// decimalComma reads a decimal with a comma before its places and with points, spaces or
// apostrophes between its thousands.
func decimalComma(v any, _ []any) (any, *fault.Error) {
	return readGrouped(v, ",", ". \u00a0\u202f'’")
}

// decimalPoint reads a decimal with a point before its places and with commas, spaces or
// apostrophes between its thousands.
func decimalPoint(v any, _ []any) (any, *fault.Error) {
	return readGrouped(v, ".", ", \u00a0\u202f'’")
}

// readGrouped reads a decimal whose thousands may be set apart, all by the same sign: a sign
// that stands elsewhere shows that the number is written in another way than was said.
func readGrouped(v any, point, separators string) (any, *fault.Error) {
	text, ok := scalarText(v)
	if !ok {
		return nil, noDecimal("")
	}
	sign := ""
	if strings.HasPrefix(text, "-") || strings.HasPrefix(text, "+") {
		sign, text = text[:1], text[1:]
	}
	whole, fraction, dotted := strings.Cut(text, point)
	if at := strings.IndexAny(whole, separators); at >= 0 {
		separator := string([]rune(whole[at:])[:1])
		groups := strings.Split(whole, separator)
		for i, group := range groups {
			if len(group) > 3 || i > 0 && len(group) != 3 || group == "" {
				return nil, noDecimal(" with its thousands set apart")
			}
		}
		whole = strings.Join(groups, "")
	}
	if dotted && fraction == "" {
		return nil, noDecimal("")
	}
	negative, digits, places, ok := splitDecimal(sign + whole + strings.Repeat(".", min(len(fraction), 1)) + fraction)
	if !ok || whole == "" {
		return nil, noDecimal("")
	}
	return plain(negative, digits, places), nil
}

// scaled reads a whole number whose last places stand behind the point.
func scaled(v any, args []any) (any, *fault.Error) {
	places, known := wholeNumber(args[0])
	if !known || places < 0 || places > placesMax {
		return nil, fault.New(fault.SchemaInvalid, "", "the scale of a number is missing or not from 0 to %d", placesMax)
	}
	text, ok := scalarText(v)
	negative, digits, fraction, whole := splitDecimal(text)
	if !ok || !whole || fraction > 0 || strings.Contains(text, ".") {
		return nil, fault.New(fault.SchemaInvalid, "", "a number whose scale is told elsewhere is missing or not whole")
	}
	return plain(negative, digits, int(places)), nil
}

// signOf gives a number without a sign the one that a flag beside it tells.
func signOf(v any, args []any) (any, *fault.Error) {
	text, _ := scalarText(v)
	negative, digits, places, ok := splitDecimal(text)
	if !ok || negative || strings.HasPrefix(text, "+") {
		return nil, fault.New(fault.SchemaInvalid, "", "a number whose sign is told elsewhere is missing, no decimal, or has a sign of its own")
	}
	flag, _ := args[0].(string)
	plus, _ := args[1].(string)
	minus, _ := args[2].(string)
	switch {
	case plus == "" || minus == "" || plus == minus:
		return nil, fault.New(fault.BadMapping, "", "sign_of needs the flags of both signs")
	case flag != plus && flag != minus:
		return nil, fault.New(fault.SchemaInvalid, "", "the flag that tells a number's sign is neither %s nor %s", plus, minus)
	}
	return plain(flag == minus, digits, places), nil
}

// negated gives a decimal the other sign; nothing stays nothing.
func negated(v any, _ []any) (any, *fault.Error) {
	text, _ := scalarText(v)
	negative, digits, places, ok := splitDecimal(text)
	if !ok {
		return nil, noDecimal("")
	}
	return plain(!negative, digits, places), nil
}

// times multiplies two decimals. The product has as many places as both together.
func times(v any, args []any) (any, *fault.Error) {
	text, _ := scalarText(v)
	by, _ := scalarText(args[0])
	m, places, ok := splitSmall(text)
	n, more, both := splitSmall(by)
	if ok && both {
		product := m * n
		return plain(product < 0, strconv.FormatUint(uint64(max(product, -product)), 10), places+more), nil
	}
	negative, digits, places, ok := splitDecimal(text)
	minus, others, more, both := splitDecimal(by)
	if !ok || !both {
		return nil, noDecimal("")
	}
	var a, b big.Int
	a.SetString(digits, 10)
	b.SetString(others, 10)
	return plain(negative != minus, a.Mul(&a, &b).String(), places+more), nil
}

// smallDigits is how many digits a number of splitSmall has, so that products fit into 64 bits.
const smallDigits = 9

// splitSmall reads a decimal of few digits without its point.
func splitSmall(text string) (n int64, places int, ok bool) {
	digits, negative := strings.CutPrefix(text, "-")
	if len(digits) > smallDigits || digits == "" {
		return 0, 0, false
	}
	point := -1
	for i := range len(digits) {
		switch c := digits[i]; {
		case '0' <= c && c <= '9':
			n = n*10 + int64(c-'0')
		case c == '.' && point < 0 && len(digits) > 1:
			point = i
		default:
			return 0, 0, false
		}
	}
	if point >= 0 {
		places = len(digits) - 1 - point
	}
	if negative {
		n = -n
	}
	return n, places, true
}

// minorRounded reads an amount that is finer than its currency, half away from zero.
func minorRounded(v any, args []any) (any, *fault.Error) {
	currency, _ := args[0].(string)
	exponent, known := money.Currency(currency).Exponent()
	text, _ := scalarText(v)
	negative, digits, places, ok := splitDecimal(text)
	if !known || !ok || places <= exponent {
		return minor(v, args)
	}
	kept := len(digits) - (places - exponent)
	up := kept >= 0 && digits[max(kept, 0)] >= '5'
	n, err := strconv.ParseInt("0"+digits[:max(kept, 0)], 10, 64)
	if up {
		n++
	}
	if err != nil || n > money.MaxMinor {
		return minor(v, args) // which refuses it
	}
	if negative {
		n = -n
	}
	return int(n), nil
}

// noDecimal does not quote what stands there: a sender can put a name where a number belongs.
func noDecimal(how string) *fault.Error {
	return fault.New(fault.SchemaInvalid, "", "a number is missing or not a decimal%s", how)
}
