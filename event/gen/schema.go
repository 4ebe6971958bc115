package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/money"
)

// object is a JSON object that keeps the order of its members.
type object []entry

type entry struct {
	name  string
	value any
}

// MarshalJSON writes the members in their order.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, e := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, _ := json.Marshal(e.name)
		value, err := json.Marshal(e.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// schema returns the JSON Schema (2020-12) of an event's body.
func (m *model) schema(e event) ([]byte, error) {
	s := &schemaWriter{model: m, shared: map[string]bool{}}
	body := s.object(e.shape)
	defs := object{}
	for done := 0; done < len(s.shared); { // a definition may need others
		done = len(s.shared)
		defs = defs[:0]
		for _, name := range slices.SortedFunc(maps.Keys(s.shared), byShortName) {
			defs = append(defs, entry{shortName(name), s.definition(name)})
		}
	}
	root := object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"$id", "urn:heddle:event:" + e.file()},
		{"title", e.file()},
		{"description", m.docs[e.goName]},
		{"$comment", "Version " + fmt.Sprint(e.version) + " since " + e.since + ". Generated from the Go struct; the data of a CloudEvent of type retail." + e.file() + "."},
	}
	root = append(append(root, body...), entry{"$defs", defs})
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	if err := enc.Encode(root); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// schemaWriter collects which definitions a schema refers to.
type schemaWriter struct {
	model  *model
	shared map[string]bool // by Go type
}

// object returns the schema of a struct, without description.
func (s *schemaWriter) object(st *structure) object {
	properties, required := object{}, []string{}
	for _, f := range st.declared {
		properties = append(properties, entry{f.name, s.property(f)})
		if !f.optional {
			required = append(required, f.name)
		}
	}
	o := object{{"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		o = append(o, entry{"required", required})
	}
	return append(o, entry{"additionalProperties", false})
}

// property returns the schema of a member.
func (s *schemaWriter) property(f field) object {
	value := s.value(f.typ)
	if f.slice {
		value = object{{"type", "array"}, {"items", value}}
		if !f.optional {
			value = append(value, entry{"minItems", 1})
		}
	}
	if f.doc != "" {
		value = append(object{{"description", f.doc}}, value...)
	}
	if f.effect != "" {
		value = append(value, entry{"x-heddle-effect", f.effect})
	}
	if f.sign != "" {
		value = append(value, entry{"x-heddle-sign", f.sign})
	}
	return value
}

// value returns the schema of a type, or a reference to its definition.
func (s *schemaWriter) value(typ string) object {
	switch {
	case typ == "bool":
		return object{{"type", "boolean"}}
	case typ == "int64":
		return object{{"type", "integer"}}
	case typ == "Row":
		return object{{"type", "object"}, {"propertyNames", object{{"minLength", 1}}}, {"additionalProperties", object{{"type", "string"}}}}
	case s.model.structs[typ] != nil, s.model.enums[typ] != nil, definitions[typ] != nil:
		s.shared[typ] = true
		return object{{"$ref", "#/$defs/" + shortName(typ)}}
	}
	return object{{"type", "string"}, {"minLength", 1}}
}

// shortName is the name of a Go type without its package.
func shortName(typ string) string { return typ[strings.LastIndexByte(typ, '.')+1:] }

func byShortName(a, b string) int { return strings.Compare(shortName(a), shortName(b)) }

// definition returns what a reference leads to.
func (s *schemaWriter) definition(typ string) object {
	if st := s.model.structs[typ]; st != nil {
		return append(object{{"description", st.doc}}, s.object(st)...)
	}
	if e := s.model.enums[typ]; e != nil {
		var values []string
		for _, v := range e.values {
			values = append(values, v.text)
		}
		return object{{"description", e.doc}, {"type", "string"}, {"enum", values}}
	}
	if typ == "Ext" {
		s.shared["ExtValue"] = true
	}
	return definitions[typ]()
}

// definitions are those of types that are not structs of package event.
var definitions = map[string]func() object{
	"money.Amount":    amount,
	"money.Currency":  currency,
	"money.Rate":      rate,
	"retail.Quantity": quantity,
	"Level":           level,
	"Foreign":         amount,
	"retail.Date":     date,
	"time.Time":       instant,
	"retail.Ref":      reference,
	"Ext":             ext,
	"ExtValue":        extValue,
}

func closed(description string, properties object) object {
	var required []string
	for _, p := range properties {
		required = append(required, p.name)
	}
	return object{{"description", description}, {"type", "object"}, {"properties", properties}, {"required", required}, {"additionalProperties", false}}
}

// amount spells out for each exponent how many digits an amount may have.
func amount() object {
	var cases []any
	codes := currenciesByExponent()
	for _, exponent := range slices.Sorted(maps.Keys(codes)) {
		places := `(\.0+)?`
		if exponent > 0 {
			places = fmt.Sprintf(`(\.[0-9]{1,%d}0*)?`, exponent)
		}
		cases = append(cases, object{{"properties", object{
			{"currency", object{{"pattern", oneOf(codes[exponent])}}},
			{"amount", object{{"pattern", fmt.Sprintf(`^-?0*[0-9]{1,%d}%s$`, 15-exponent, places)}}},
		}}})
	}
	text := object{{"type", "string"}}
	return append(closed("Money: a decimal of at most 15 digits, with no more decimal places than the currency has (ISO 4217).",
		object{{"amount", text}, {"currency", text}}), entry{"anyOf", cases})
}

func currency() object {
	var all []string
	for _, codes := range currenciesByExponent() {
		all = append(all, codes...)
	}
	slices.Sort(all)
	return object{{"description", "ISO 4217 alphabetic code."}, {"type", "string"}, {"pattern", oneOf(all)}}
}

// oneOf is an enumeration as a pattern, which keeps a list of codes on one line.
func oneOf(codes []string) string { return "^(" + strings.Join(codes, "|") + ")$" }

// currenciesByExponent asks package money for every code of three letters.
func currenciesByExponent() map[int][]string {
	codes := map[int][]string{}
	for n := range 26 * 26 * 26 {
		code := string([]byte{byte('A' + n/26/26), byte('A' + n/26%26), byte('A' + n%26)})
		if exponent, ok := money.Currency(code).Exponent(); ok {
			codes[exponent] = append(codes[exponent], code)
		}
	}
	return codes
}

func rate() object {
	return object{{"description", "A share as a decimal from 0 to 9000 with at most 12 places: 0.0625 is 6.25 %."}, {"type", "string"},
		{"pattern", `^0*([0-8]?[0-9]{1,3}(\.[0-9]{1,12}0*)?|9000(\.0+)?)$`}}
}

func level() object {
	return object{{"description", "A number of units that is there, as a decimal with at most 3 places; it may be zero."}, {"type", "string"},
		{"pattern", `^-?0*[0-9]{1,12}(\.[0-9]{1,3}0*)?$`}}
}

func quantity() object {
	return object{{"description", "A number of units as a decimal with at most 3 places, not zero."}, {"type", "string"},
		{"pattern", `^-?0*[0-9]{1,12}(\.[0-9]{1,3}0*)?$`}, {"not", object{{"pattern", `^-?[0.]+$`}}}}
}

const datePattern = `[12][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])`

func date() object {
	return object{{"description", "A calendar day from 1900 to 2999."}, {"type", "string"}, {"format", "date"},
		{"pattern", "^" + datePattern + "$"}, {"not", object{{"pattern", "^1[0-8]"}}}}
}

func instant() object {
	return object{{"description", "An instant with its offset, at most nanoseconds, from 1900 to 2999."}, {"type", "string"}, {"format", "date-time"},
		{"pattern", "^" + datePattern + `T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$`},
		{"not", object{{"pattern", "^1[0-8]"}}}}
}

func reference() object {
	word := object{{"type", "string"}, {"minLength", 1}}
	return closed("Names a document by its type and its id in the numbering that the type says.", object{{"type", word}, {"id", word}})
}

func ext() object {
	return object{{"description", "Members that a source adds for its own readers, at most 16 KiB. Heddle keeps and returns them and reads nothing in them."},
		{"type", "object"}, {"additionalProperties", object{{"$ref", "#/$defs/ExtValue"}}}}
}

func extValue() object {
	self := object{{"$ref", "#/$defs/ExtValue"}}
	return object{{"description", "Any JSON whose numbers are integers; a decimal is written as a string."},
		{"type", strings.Fields("null boolean string integer array object")},
		{"minimum", -(1<<53 - 1)}, {"maximum", 1<<53 - 1}, {"items", self}, {"additionalProperties", self}}
}
