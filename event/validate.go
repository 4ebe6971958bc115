package event

import (
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Longest header strings, in bytes. They stand in keys and logs and are not text.
const (
	nameMax = 128
	keyMax  = 512
)

// quantityMax is the largest quantity, of either sign: twelve digits before the point. It
// leaves room for nine thousand of the largest in one position.
const quantityMax retail.Quantity = 999_999_999_999_999

// Validate checks that the event can be a fact, whether it was read or made: that the header
// is there and of its form, and what Body.Validate checks. Dates that lie in the future are
// V-DATE-01, which the owner judges by its clock.
func (e *Event) Validate() error {
	if e.Data == nil {
		return fault.New(fault.SchemaInvalid, "data", "is missing")
	}
	var c checker
	c.word("system", string(e.System), nameMax)
	c.word("instance", string(e.Instance), nameMax)
	c.word("key", e.Key, keyMax)
	c.time("time", e.Time)
	if e.BusinessDate != 0 {
		c.date("business_date", e.BusinessDate)
	}
	if strings.ContainsAny(string(e.System), "/ ") {
		c.fail("system", fault.SchemaInvalid, "has to be one word")
	}
	if e.SourceVersion < 0 {
		c.fail("source_version", fault.SchemaInvalid, "is negative")
	}
	if e.TZ != "" && !isZone(e.TZ) {
		c.fail("tz", fault.SchemaInvalid, "has to be an IANA zone or an offset as +02:00")
	}
	if len(e.CorrelationID) > keyMax {
		c.fail("correlation_id", fault.SchemaInvalid, "is too long")
	}
	if c.err != nil {
		return c.err
	}
	return e.Data.Validate()
}

// isZone recognises the names of time zones by their form: "Europe/Berlin", "UTC", "+02:00".
// Whether a name is in the zone database is no question of form and changes with it.
func isZone(s string) bool {
	if _, ok := parseOffset(s); ok {
		return true
	}
	if len(s) > 64 {
		return false
	}
	for part := range strings.SplitSeq(s, "/") {
		if part == "" || !isLetter(part[0]) {
			return false
		}
		for i := range len(part) {
			if c := part[i]; !isLetter(c) && (c < '0' || c > '9') && strings.IndexByte("_+-", c) < 0 {
				return false
			}
		}
	}
	return true
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// checker collects the first fault of an event and where it stands.
type checker struct {
	trail
	only money.Currency // the one currency of the body, once a member has named it
	err  error
}

// newChecker returns a checker for a body.
func newChecker() checker {
	var c checker
	c.enter("data")
	return c
}

func (c *checker) fail(member string, code fault.Code, detail string) {
	if c.err == nil {
		c.err = fault.New(code, c.where(member), "%s", detail)
	}
}

// enter goes into a member; open and close surround the elements of an array.
func (c *checker) enter(member string) {
	c.depth++
	c.path[c.depth] = step{name: member}
}

func (c *checker) open(member string) {
	c.enter(member)
	c.depth++
}

func (c *checker) element(i int) { c.path[c.depth] = step{array: true, count: i + 1} }

func (c *checker) close() { c.depth -= 2 }

// there refuses the absence of a required member.
func (c *checker) there(member string, there bool) {
	if !there {
		c.fail(member, fault.SchemaInvalid, "is missing")
	}
}

// word checks a header string: there, not too long, no control characters.
func (c *checker) word(member, s string, longest int) {
	c.there(member, s != "")
	if len(s) > longest {
		c.fail(member, fault.SchemaInvalid, "is too long")
	}
	if strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7F || r == '\uFFFD' }) {
		c.fail(member, fault.SchemaInvalid, "has a character that a name must not have")
	}
}

func (c *checker) filled(member string, n int) {
	if n == 0 {
		c.fail(member, fault.SchemaInvalid, "needs at least one element")
	}
}

func (c *checker) listed(member string, listed bool) {
	if !listed {
		c.fail(member, fault.SchemaInvalid, "is none of the values that the schema lists")
	}
}

func (c *checker) ref(member string, r retail.Ref) {
	c.there(member, r.Type != "" && r.ID != "")
}

// currency checks that the code is known and that the body has no other (V-CUR-01).
func (c *checker) currency(member string, code money.Currency) {
	if c.only == code && code != "" {
		return
	}
	if _, known := code.Exponent(); !known {
		c.fail(member, fault.CurrencyUnknown, "is not an ISO 4217 currency")
	} else if c.only != "" {
		c.fail(member, fault.CurrencyUnknown, "is not in "+string(c.only)+" as the rest of the document")
	}
	c.only = code
}

func (c *checker) time(member string, t time.Time) {
	if y := t.UTC().Year(); y < yearMin || y > yearMax {
		c.fail(member, fault.SchemaInvalid, "is missing or not within 1900 and 2999")
	}
}

func (c *checker) date(member string, date retail.Date) {
	if !isDay(date) {
		c.fail(member, fault.SchemaInvalid, "is missing or no day within 1900 and 2999")
	}
}

func (c *checker) rate(member string, r money.Rate) {
	if r < 0 || r > money.MaxRate {
		c.fail(member, fault.SchemaInvalid, "is not within 0 and 9000")
	}
}

func (c *checker) row(member string, row Row) {
	if _, nameless := row[""]; nameless {
		c.fail(member, fault.SchemaInvalid, "a column needs a name")
	}
}

// ext checks text that nobody has read yet; what was read is canonical already.
func (c *checker) ext(member string, x Ext) {
	if len(x) > extMax {
		c.fail(member, fault.TooLarge, "is larger than 16 KiB")
	}
	if canonical, err := Canonical([]byte(x)); err != nil || string(canonical) != string(x) || x[0] != '{' {
		c.fail(member, fault.SchemaInvalid, "is not an object in canonical form")
	}
}

// amount checks the currency, and that the amount is one that can be read again.
func (c *checker) amount(member string, a money.Amount) {
	c.currency(member, a.Currency)
	if a.Minor > money.MaxMinor || a.Minor < -money.MaxMinor {
		c.fail(member, fault.NotRepresentable, "has more than 15 digits")
	}
}

// quantity refuses nothing (V-QTY-01), and more than anybody has.
func (c *checker) quantity(member string, q retail.Quantity) {
	switch {
	case q == 0:
		c.fail(member, fault.QuantitySign, "is zero")
	case q > quantityMax || q < -quantityMax:
		c.fail(member, fault.SchemaInvalid, "has more than 12 digits before the point")
	}
}

// foreign checks an amount that may be in another currency than the rest.
func (c *checker) foreign(member string, a Foreign) {
	only := c.only
	c.only = ""
	c.amount(member, money.Amount(a))
	c.only = only
}

// positive refuses a quantity of nothing or less (V-QTY-01).
func (c *checker) positive(member string, q retail.Quantity) {
	if q <= 0 {
		c.fail(member, fault.QuantitySign, "has to be greater than zero")
	}
}

// notNegative refuses an amount below zero, where the quantity is positive (V-QTY-02).
func (c *checker) notNegative(member string, a money.Amount) {
	if a.Minor < 0 {
		c.fail(member, fault.AmountSign, "is negative")
	}
}
