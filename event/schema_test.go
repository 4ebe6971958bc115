package event

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"
)

// compiled returns the published schema of a kind, with formats asserted.
func compiled(t *testing.T, k Kind) *jsonschema.Schema {
	t.Helper()
	name := fmt.Sprintf("%s.v%d", k.Type, k.Version)
	text, ok := Schema(name)
	if !ok {
		t.Fatalf("there is no schema for %s", name)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// decodes reads a body by the generated decoder.
func decodes(k Kind, text []byte) error {
	d := decoder{s: string(text)}
	decodeBody(fmt.Sprintf("%s.v%d", k.Type, k.Version), &d)
	d.end()
	return d.err
}

func TestSchemaAcceptsWhatIsWritten(t *testing.T) {
	for _, k := range Kinds() {
		schema := compiled(t, k)
		t.Run(string(k.Type), rapid.MakeCheck(func(t *rapid.T) {
			text := bodies(k).Draw(t, "body").AppendCanonical(nil)
			tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
			if err == nil {
				err = schema.Validate(tree)
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
		}))
	}
}

func TestSchemaAndDecoderAgree(t *testing.T) {
	for _, k := range Kinds() {
		schema := compiled(t, k)
		t.Run(string(k.Type), rapid.MakeCheck(func(t *rapid.T) {
			tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(bodies(k).Draw(t, "body").AppendCanonical(nil)))
			if err != nil {
				t.Fatal(err)
			}
			tree = mutate(t, tree)
			text, err := json.Marshal(tree)
			if err != nil {
				t.Fatal(err)
			}
			bySchema, byDecoder := schema.Validate(tree), decodes(k, text)
			if (bySchema == nil) != (byDecoder == nil) {
				t.Fatalf("%s\nschema:  %v\ndecoder: %v", text, bySchema, byDecoder)
			}
		}))
	}
}

// mutate changes one value somewhere in a tree.
func mutate(t *rapid.T, tree any) any {
	if rapid.IntRange(0, 3).Draw(t, "deeper") > 0 {
		switch node := tree.(type) {
		case map[string]any:
			if len(node) > 0 {
				names := sortedNames(node)
				name := rapid.SampledFrom(names).Draw(t, "member")
				node[name] = mutate(t, node[name])
				return node
			}
		case []any:
			if len(node) > 0 {
				i := rapid.IntRange(0, len(node)-1).Draw(t, "element")
				node[i] = mutate(t, node[i])
				return node
			}
		}
	}
	if node, ok := tree.(map[string]any); ok && rapid.Bool().Draw(t, "members") {
		if names := sortedNames(node); len(names) > 0 && rapid.Bool().Draw(t, "take") {
			delete(node, rapid.SampledFrom(names).Draw(t, "taken"))
		} else {
			node[rapid.SampledFrom([]string{"colour", "", "Line", "amount", "id"}).Draw(t, "added")] = "x"
		}
		return node
	}
	return rapid.SampledFrom(odd).Draw(t, "odd")
}

func sortedNames(node map[string]any) []string {
	var names []string
	for name := range node {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// odd values are of the wrong kind, or just within and just beyond a limit.
var odd = []any{
	nil, true, false, "", "x", json.Number("0"), json.Number("-1"), json.Number("1.5"), json.Number("9007199254740992"), []any{}, []any{"x"}, map[string]any{},
	"0", "-0", "00", "1", "-1", "1.", ".5", "+1", "1e3", "1.000", "1.0010", "1.0011", "-0.0010", "0.000", "999999999999.999", "1000000000000", "01.5", " 1", "1\n",
	"9000", "9000.0", "9000.5", "9001", "8999.999999999999", "0.0000000000001", "0.0000000000010", "12345678901234", "9999999999999.99", "99999999999999.9",
	"2026-02-28", "2026-02-29", "2024-02-29", "1899-12-31", "1900-01-01", "2999-12-31", "3000-01-01", "2026-1-1", "2026-13-01",
	"2026-02-28T23:59:59Z", "2026-02-28T23:59:60Z", "2026-02-28T24:00:00Z", "2026-02-28t23:59:59z", "2026-02-28T23:59:59.123456789+14:00", "2026-02-28T23:59:59.1234567890Z",
	"2026-02-28T23:59:59.Z", "2026-02-28T23:59:59", "2026-02-29T00:00:00Z", "2026-02-28T23:59:59+0100", "2026-02-28 23:59:59Z", "2026-02-28T23:59:59,5Z", "2026-02-28T23:59:59-24:00",
	"EUR", "eur", "EURO", "XXX", "SELLABLE", "sellable", "SHIP",
	map[string]any{"amount": "1", "currency": "EUR"}, map[string]any{"amount": "1", "currency": "XXX"}, map[string]any{"amount": "1.50", "currency": "JPY"},
	map[string]any{"amount": "1.00", "currency": "JPY"}, map[string]any{"amount": "1.2345", "currency": "KWD"}, map[string]any{"amount": "1.2340", "currency": "KWD"},
	map[string]any{"amount": "9999999999999.99", "currency": "EUR"}, map[string]any{"amount": "10000000000000.00", "currency": "EUR"}, map[string]any{"amount": "-00.5", "currency": "CLF"},
	map[string]any{"amount": "1", "currency": "EUR", "sign": "x"}, map[string]any{"amount": "1"}, map[string]any{"amount": json.Number("1"), "currency": "EUR"},
	map[string]any{"id": "x", "type": "order"}, map[string]any{"id": "", "type": "order"}, map[string]any{"id": "x"}, map[string]any{"column": json.Number("1")}, map[string]any{"": "x"},
}

func TestSchemaIsForReaders(t *testing.T) {
	for _, k := range Kinds() {
		text, _ := Schema(string(k.Type) + ".v1")
		for _, want := range []string{`"description": "`, `"additionalProperties": false`, `"$id": "urn:heddle:event:` + string(k.Type) + `.v1"`, "since " + k.Since} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: %s is not in it", k.Type, want)
			}
		}
	}
	if _, ok := Schema("no_such.v1"); ok {
		t.Error("there is a schema of an event that does not exist")
	}
}
