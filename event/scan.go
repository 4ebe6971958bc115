package event

import (
	"math/bits"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// maxDepth is how many objects and arrays may stand within one another.
const maxDepth = 32

// decoder reads JSON into the structs of this package, for the generated methods. It is
// strict where encoding/json is lenient: an unknown or doubled member, invalid UTF-8, a
// lone surrogate, null and white space that is not JSON's are refused. The first fault
// stops it: from then on every method returns the zero value, so that callers check once.
//
// The strings that it returns are parts of s and share its memory.
type decoder struct {
	s string
	i int
	// nullAbsent makes a member that is null count as absent, for the doors that allow it.
	nullAbsent bool
	// name is the member that is being read.
	name string
	trail
	err error
}

// fail records the first fault with the path at which it stands.
func (d *decoder) fail(code fault.Code, detail string) {
	d.failAt(d.where(""), code, detail)
}

func (d *decoder) failAt(subject string, code fault.Code, detail string) {
	if d.err == nil {
		d.err = fault.New(code, subject, "%s", detail)
	}
}

// wrong records a fault of form.
func (d *decoder) wrong(detail string) { d.fail(fault.SchemaInvalid, detail) }

// reword records a fault that another package found in a value, at the path of the value.
func (d *decoder) reword(err error) {
	f := fault.As(err)
	d.fail(f.Code, f.Detail)
}

// space skips white space and returns the byte that follows, 0 at the end.
func (d *decoder) space() byte {
	for d.i < len(d.s) {
		switch c := d.s[d.i]; c {
		case ' ', '\t', '\n', '\r':
			d.i++
		default:
			return c
		}
	}
	return 0
}

// end checks that nothing follows the value.
func (d *decoder) end() {
	if d.space(); d.err == nil && d.i < len(d.s) {
		d.wrong("something follows the event")
	}
}

// enter opens an object or array; member or element then steps through it.
func (d *decoder) enter(bracket byte) {
	switch {
	case d.err != nil:
	case d.space() != bracket:
		d.wrong("has to be " + kindOf(bracket))
	case d.depth == maxDepth:
		d.wrong("nested deeper than " + strconv.Itoa(maxDepth) + " levels")
	default:
		d.i++
		d.depth++
		d.path[d.depth] = step{array: bracket == '['}
	}
}

func kindOf(bracket byte) string {
	if bracket == '{' {
		return "an object"
	}
	return "an array"
}

// another moves to the next entry of the open object or array, or closes it.
func (d *decoder) another(closing byte) bool {
	if d.err != nil {
		return false
	}
	c := d.space()
	top := &d.path[d.depth]
	if c == closing {
		d.i++
		d.depth--
		return false
	}
	if top.count > 0 {
		if c != ',' {
			d.wrong("a comma or a closing bracket is missing behind it")
			return false
		}
		d.i++
		d.space()
	}
	top.count++
	return true
}

// member moves to the next member of the open object and reads its name.
func (d *decoder) member() bool {
	for d.another('}') {
		d.path[d.depth].name = ""
		d.name = d.str()
		if d.space() != ':' {
			d.wrong("a colon is missing behind a member's name")
			return false
		}
		d.i++
		d.path[d.depth].name = d.name
		if d.space() == 'n' && d.nullAbsent && strings.HasPrefix(d.s[d.i:], "null") {
			d.i += len("null")
			continue
		}
		return d.err == nil
	}
	return false
}

// element moves to the next element of the open array.
func (d *decoder) element() bool { return d.another(']') }

// once marks a member as seen and refuses it the second time.
func (d *decoder) once(seen *uint64, bit uint) {
	if *seen&(1<<bit) != 0 {
		d.wrong("the member stands there twice")
	}
	*seen |= 1 << bit
}

// unknown refuses a member that the type does not have.
func (d *decoder) unknown() { d.wrong("there is no such member") }

// require names the first required member that an object lacks; bit n stands for names[n].
func (d *decoder) require(seen, required uint64, names []string) {
	if missing := required &^ seen; missing != 0 && d.err == nil {
		d.failAt(d.where(names[bits.TrailingZeros64(missing)]), fault.SchemaInvalid, "is missing")
	}
}

// filled refuses an array without elements where one is required.
func (d *decoder) filled(n int) {
	if n == 0 && d.err == nil {
		d.wrong("needs at least one element")
	}
}

// listed refuses a value that an enumeration does not have.
func (d *decoder) listed(ok bool) {
	if !ok && d.err == nil {
		d.wrong("is none of the values that the schema lists")
	}
}

// text reads a string that says something; an empty one is to be left out instead.
func (d *decoder) text() string {
	s := d.str()
	if s == "" && d.err == nil {
		d.wrong("is empty: leave it out")
	}
	return s
}

// str reads a string.
func (d *decoder) str() string {
	if d.err != nil {
		return ""
	}
	if d.space() != '"' {
		d.wrong("has to be a string")
		return ""
	}
	start := d.i + 1
	i := start
	for i < len(d.s) && plain[d.s[i]] {
		i++
	}
	if i < len(d.s) && d.s[i] == '"' {
		d.i = i + 1
		return d.s[start:i]
	}
	return d.special(start, i)
}

// plain marks the bytes that stand for themselves in a string and need no further look.
var plain = func() (table [256]bool) {
	for c := ' '; c < utf8.RuneSelf; c++ {
		table[c] = c != '"' && c != '\\'
	}
	return table
}()

// special reads the rest of a string from the first byte on that is not plain.
func (d *decoder) special(start, i int) string {
	for ; i < len(d.s); i++ {
		switch c := d.s[i]; {
		case c == '"':
			d.i = i + 1
			if !utf8.ValidString(d.s[start:i]) {
				d.wrong("is not valid UTF-8")
				return ""
			}
			return d.s[start:i]
		case c == '\\':
			return d.escaped(start, i)
		case c < ' ':
			d.wrong("has a control character that is not escaped")
			return ""
		}
	}
	d.wrong("ends within a string")
	return ""
}

// escaped reads the rest of a string from its first backslash on.
func (d *decoder) escaped(start, backslash int) string {
	b := append(make([]byte, 0, 2*(backslash-start)+16), d.s[start:backslash]...)
	for i := backslash; i < len(d.s); {
		switch c := d.s[i]; {
		case c == '"':
			d.i = i + 1
			if !utf8.Valid(b) {
				d.wrong("is not valid UTF-8")
				return ""
			}
			return string(b)
		case c == '\\':
			var n int
			if b, n = appendEscape(b, d.s[i:]); n == 0 {
				d.wrong("has an escape that JSON does not know, or half a surrogate pair")
				return ""
			}
			i += n
		case c < ' ':
			d.wrong("has a control character that is not escaped")
			return ""
		default:
			b = append(b, c)
			i++
		}
	}
	d.wrong("ends within a string")
	return ""
}

// appendEscape appends what the escape at the start of s stands for, and returns its length, 0 if it is none.
func appendEscape(b []byte, s string) ([]byte, int) {
	if len(s) < 2 {
		return b, 0
	}
	if at := strings.IndexByte(`"\/bfnrt`, s[1]); at >= 0 {
		return append(b, "\"\\/\b\f\n\r\t"[at]), 2
	}
	high, ok := hexEscape(s)
	switch {
	case !ok || high >= 0xDC00 && high < 0xE000:
		return b, 0
	case high < 0xD800 || high >= 0xE000:
		return utf8.AppendRune(b, high), 6
	}
	low, ok := hexEscape(s[6:])
	if !ok || low < 0xDC00 || low >= 0xE000 {
		return b, 0
	}
	return utf8.AppendRune(b, 0x10000+(high-0xD800)<<10+(low-0xDC00)), 12
}

// hexEscape reads \uXXXX.
func hexEscape(s string) (rune, bool) {
	if len(s) < 6 || s[:2] != `\u` {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

// boolean reads true or false.
func (d *decoder) boolean() bool {
	if d.err != nil {
		return false
	}
	d.space()
	for _, word := range [...]string{"true", "false"} {
		if strings.HasPrefix(d.s[d.i:], word) {
			d.i += len(word)
			return word == "true"
		}
	}
	d.wrong("has to be true or false")
	return false
}

// integer reads a JSON number without point and exponent.
func (d *decoder) integer() int64 {
	word := d.number()
	n, err := strconv.ParseInt(word, 10, 64)
	if err != nil && d.err == nil {
		d.wrong("has to be an integer")
	}
	return n
}

// number reads the characters of a JSON integer; decimals travel as strings.
func (d *decoder) number() string {
	if d.err != nil {
		return ""
	}
	d.space()
	start := d.i
	for d.i < len(d.s) && strings.IndexByte("+-.0123456789eE", d.s[d.i]) >= 0 {
		d.i++
	}
	word := d.s[start:d.i]
	digits := strings.TrimPrefix(word, "-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" || digits[0] == '0' && word != "0" {
		d.wrong("has to be an integer")
	}
	return word
}

// quantity reads a decimal string; zero is no quantity of anything (V-QTY-01).
func (d *decoder) quantity() retail.Quantity {
	s := d.text()
	if d.err != nil {
		return 0
	}
	q, err := retail.ParseQuantity(s)
	switch {
	case err != nil:
		d.reword(err)
	case q == 0:
		d.fail(fault.QuantitySign, "is zero")
	case q > quantityMax || q < -quantityMax:
		d.wrong("has more than 12 digits before the point")
	}
	return q
}

// amount reads {"amount":"12.30","currency":"EUR"}.
func (d *decoder) amount() money.Amount {
	decimal, currency := d.amountAsWritten()
	if decimal == "" {
		decimal, currency = d.amountMembers()
	}
	if d.err != nil {
		return money.Amount{}
	}
	a, err := money.Parse(decimal, money.Currency(currency))
	if err != nil {
		d.reword(err)
	}
	return a
}

// amountAsWritten reads an amount in canonical form, which is what most are in; it reads
// nothing and returns nothing if the amount is in another form.
func (d *decoder) amountAsWritten() (decimal, currency string) {
	const before, between, after = `{"amount":"`, `","currency":"`, `"}`
	rest, ok := strings.CutPrefix(d.s[d.i:], before)
	end := strings.IndexByte(rest, '"')
	if !ok || d.err != nil || end <= 0 || len(rest) < end+len(between)+3+len(after) {
		return "", ""
	}
	decimal, rest = rest[:end], rest[end:]
	currency = rest[len(between) : len(between)+3]
	if rest[:len(between)] != between || rest[len(between)+3:][:len(after)] != after {
		return "", ""
	}
	d.i += len(before) + end + len(between) + 3 + len(after)
	return decimal, currency
}

// amountMembers reads the members of an amount in any form.
func (d *decoder) amountMembers() (decimal, currency string) {
	var seen uint64
	d.enter('{')
	for d.member() {
		switch d.name {
		case "amount":
			d.once(&seen, 0)
			decimal = d.text()
		case "currency":
			d.once(&seen, 1)
			currency = d.text()
		default:
			d.unknown()
		}
	}
	d.require(seen, 3, []string{"amount", "currency"})
	return decimal, currency
}

// currency reads an ISO 4217 code (V-CUR-01).
func (d *decoder) currency() money.Currency {
	c := money.Currency(d.text())
	if _, ok := c.Exponent(); !ok && d.err == nil {
		d.fail(fault.CurrencyUnknown, "is not an ISO 4217 currency")
	}
	return c
}

// rate reads a decimal string.
func (d *decoder) rate() money.Rate {
	s := d.text()
	if d.err != nil {
		return 0
	}
	r, err := money.ParseRate(s)
	switch {
	case err != nil:
		d.reword(err)
	case s[0] == '-':
		d.wrong("has a sign")
	}
	return r
}

// ref reads {"id":"…","type":"…"}.
func (d *decoder) ref() retail.Ref {
	var seen uint64
	var r retail.Ref
	d.enter('{')
	for d.member() {
		switch d.name {
		case "id":
			d.once(&seen, 0)
			r.ID = d.text()
		case "type":
			d.once(&seen, 1)
			r.Type = retail.RefType(d.text())
		default:
			d.unknown()
		}
	}
	d.require(seen, 3, []string{"id", "type"})
	return r
}

// date reads "2006-01-02".
func (d *decoder) date() retail.Date {
	s := d.text()
	if d.err != nil {
		return 0
	}
	date, ok := parseDate(s)
	if !ok {
		d.wrong("has to be a date as 2006-01-02")
	}
	return date
}

// time reads an RFC 3339 time of any offset and returns it in UTC.
func (d *decoder) time() time.Time {
	t, _ := d.local()
	return t
}

// local reads what time reads and returns the offset in which it is written, too.
func (d *decoder) local() (t time.Time, offset string) {
	s := d.text()
	if d.err != nil {
		return t, ""
	}
	t, offset, ok := parseTime(s)
	if !ok {
		d.wrong("has to be a time as 2006-01-02T15:04:05Z")
	}
	return t, offset
}
