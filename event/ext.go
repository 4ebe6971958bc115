package event

import (
	"slices"

	"github.com/heddlehq/heddle/fault"
)

// extMax is the most that an event may carry under ext, in bytes of canonical JSON.
const extMax = 16 << 10

// row reads an object of strings.
func (d *decoder) row() Row {
	row := Row{}
	d.enter('{')
	for d.member() {
		name := d.name
		if _, twice := row[name]; twice {
			d.wrong("the member stands there twice")
		}
		if name == "" {
			d.wrong("a column needs a name")
		}
		row[name] = d.str()
	}
	return row
}

// ext reads an object of any content and returns its canonical form.
func (d *decoder) ext() Ext {
	if d.space() != '{' {
		d.wrong("has to be an object")
		return ""
	}
	b := d.appendValue(nil)
	if len(b) > extMax && d.err == nil {
		d.fail(fault.TooLarge, "is larger than 16 KiB")
	}
	return Ext(b)
}

// appendValue reads any value and appends its canonical form. Numbers have to be integers
// that every reader of JSON holds exactly; decimals travel as strings.
func (d *decoder) appendValue(b []byte) []byte {
	if d.err != nil {
		return b
	}
	switch c := d.space(); c {
	case '{':
		return d.appendObject(b)
	case '[':
		start := len(b)
		d.enter('[')
		for d.element() {
			b = append(b, ',')
			b = d.appendValue(b)
		}
		if d.err != nil {
			return b
		}
		return closeArray(b, start)
	case '"':
		return appendString(b, d.str())
	case 't', 'f':
		return appendBool(b, d.boolean())
	case 'n':
		if len(d.s)-d.i >= 4 && d.s[d.i:d.i+4] == "null" {
			d.i += 4
			return append(b, "null"...)
		}
	}
	return d.appendInteger(b)
}

// integerMax is the largest integer that a reader which keeps numbers as doubles holds exactly.
const integerMax = 1<<53 - 1

func (d *decoder) appendInteger(b []byte) []byte {
	start := d.i
	n := d.integer()
	if (n > integerMax || n < -integerMax) && d.err == nil {
		d.wrong("is too large for a number: write a string")
	}
	return append(b, d.s[start:d.i]...)
}

// appendObject reads an object and appends it with its members sorted.
func (d *decoder) appendObject(b []byte) []byte {
	type entry struct{ name, value string }
	var entries []entry
	d.enter('{')
	for d.member() {
		name := d.name
		entries = append(entries, entry{name, string(d.appendValue(nil))})
	}
	if d.err != nil {
		return b
	}
	slices.SortFunc(entries, func(a, b entry) int { return compareNames(a.name, b.name) })
	start := len(b)
	for i, e := range entries {
		if i > 0 && entries[i-1].name == e.name {
			d.failAt(d.where(e.name), fault.SchemaInvalid, "the member stands there twice")
		}
		b = append(b, ',')
		b = appendString(b, e.name)
		b = append(b, ':')
		b = append(b, e.value...)
	}
	return closeObject(b, start)
}
