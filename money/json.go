package money

import (
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// MarshalJSON writes {"amount":"12.30","currency":"EUR"}. An amount of an unknown currency,
// the zero Amount among them, has no form on the wire and is V-CUR-01.
func (a Amount) MarshalJSON() ([]byte, error) {
	if _, ok := a.Currency.Exponent(); !ok {
		return nil, fault.New(fault.CurrencyUnknown, string(a.Currency), "not an ISO 4217 currency")
	}
	return a.AppendJSON(make([]byte, 0, 48)), nil
}

// AppendJSON appends what MarshalJSON writes; the currency has to be known.
func (a Amount) AppendJSON(b []byte) []byte {
	b = append(b, `{"amount":"`...)
	b = a.AppendDecimal(b)
	b = append(b, `","currency":"`...)
	b = append(b, a.Currency...)
	return append(b, `"}`...)
}

// UnmarshalJSON reads what MarshalJSON writes, with its members in any order and white
// space between them. It is strict: another member, one twice or missing, other case, an
// escape, a number instead of a string, and null are V-SCH-01. What the strings say is
// judged by Parse.
func (a *Amount) UnmarshalJSON(b []byte) error {
	decimal, currency, ok := scanAmount(string(b))
	if !ok {
		return fault.New(fault.SchemaInvalid, "amount", `an amount is written {"amount":"12.30","currency":"EUR"}`)
	}
	v, err := Parse(decimal, Currency(currency))
	*a = v
	return err
}

// scanAmount takes the two strings out of an amount object.
func scanAmount(text string) (decimal, currency string, ok bool) {
	s := scanner{rest: text}
	s.token("{")
	name, value := s.member()
	s.token(",")
	otherName, otherValue := s.member()
	s.token("}")
	if name == "currency" {
		name, value, otherName, otherValue = otherName, otherValue, name, value
	}
	return value, otherValue, !s.failed && s.rest == "" && name == "amount" && otherName == "currency"
}

// scanner reads JSON of strings only; once it has failed it stays so.
type scanner struct {
	rest   string
	failed bool
}

// member reads "name":"value".
func (s *scanner) member() (name, value string) {
	name = s.text()
	s.token(":")
	return name, s.text()
}

// text reads a string without escapes.
func (s *scanner) text() string {
	s.rest = strings.TrimLeft(s.rest, whiteSpace)
	inner, quoted := strings.CutPrefix(s.rest, `"`)
	end := strings.IndexAny(inner, `"\`)
	if !quoted || end < 0 || inner[end] != '"' {
		s.failed = true
		return ""
	}
	s.rest = inner[end+1:]
	return inner[:end]
}

// token reads one punctuation mark and the white space around it.
func (s *scanner) token(mark string) {
	rest, found := strings.CutPrefix(strings.TrimLeft(s.rest, whiteSpace), mark)
	s.rest, s.failed = strings.TrimLeft(rest, whiteSpace), s.failed || !found
}

// whiteSpace is JSON's, which is less than Unicode's.
const whiteSpace = " \t\r\n"
