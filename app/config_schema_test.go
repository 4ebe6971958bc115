package app

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
)

var update = flag.Bool("update", false, "rewrite what is generated and what is expected")

// The generated part of the schema stands between these two.
const (
	tablesBegin = "-run TestSchemaTables -update\",\n      \"properties\": {\n"
	tablesEnd   = "\n      }\n    },\n    \"policies\""
)

func TestSchemaTables(t *testing.T) {
	before, rest, ok := strings.Cut(string(configSchema), tablesBegin)
	if !ok {
		t.Fatal("the beginning of the tables was not found")
	}
	got, after, ok := strings.Cut(rest, tablesEnd)
	if !ok {
		got, after, _ = strings.Cut(rest, tablesEnd[1:])
	}
	want := schemaOfTables()
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the reference tables of config.schema.json are not those of event.Tables; run go test ./app -run TestSchemaTables -update")
	}
	if err := os.WriteFile("config.schema.json", []byte(before+tablesBegin+want+tablesEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// schemaOfTables writes the schema of each reference table, a column a line.
func schemaOfTables() string {
	var tables []string
	for _, table := range event.Tables() {
		fields := []string{
			fmt.Sprintf(`"key": {"description": %s, "$ref": "#/$defs/key"}`, quote(strings.ReplaceAll(table.Key, "·", ", "))),
			`"effective_from": {"description": "The first day on which the row holds; from the beginning if absent.", "$ref": "#/$defs/day"}`,
		}
		for _, c := range table.Columns {
			meaning := c.Meaning
			if c.Required {
				meaning += " (required, unless the row ends its key)"
			}
			fields = append(fields, fmt.Sprintf(`%s: {"description": %s, "$ref": "#/$defs/text"}`, quote(c.Name), quote(meaning)))
		}
		tables = append(tables, fmt.Sprintf(`        %s: {
          "description": %s,
          "type": "array",
          "maxItems": 100000,
          "items": {
            "type": "object",
            "required": ["key"],
            "additionalProperties": false,
            "properties": {
              %s
            }
          }
        }`, quote(string(table.Name)), quote(table.Meaning), strings.Join(fields, ",\n              ")))
	}
	return strings.Join(tables, ",\n")
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err)
	}
	return string(b)
}

// TestSchemaFields compares every field of the Go structs with the published schema.
func TestSchemaFields(t *testing.T) {
	schema := compileSchema()
	var compare func(path string, goType reflect.Type, rule map[string]any)
	compare = func(path string, goType reflect.Type, rule map[string]any) {
		if ref, ok := rule["$ref"].(string); ok {
			rule = schema.at(ref)
		}
		wantType := map[reflect.Kind]string{reflect.String: "string", reflect.Int: "integer", reflect.Int64: "integer", reflect.Struct: "object", reflect.Slice: "array", reflect.Map: "object"}
		for goType.Kind() == reflect.Pointer {
			goType = goType.Elem()
		}
		if goType == reflect.TypeFor[PolicyValue]() || path == "sources[].options.*" {
			return // a value as it is written: text, number or boolean
		}
		if goType == reflect.TypeFor[time.Duration]() {
			wantType[reflect.Int64] = "string" // as in 30s
		}
		if got, want := rule["type"], wantType[goType.Kind()]; got != want {
			t.Errorf("%s: the schema has type %v, the struct wants %v", path, got, want)
		}
		switch goType.Kind() {
		case reflect.Slice:
			compare(path+"[]", goType.Elem(), rule["items"].(map[string]any))
		case reflect.Map:
			if inner, ok := rule["additionalProperties"].(map[string]any); ok {
				compare(path+".*", goType.Elem(), inner)
			} // else the reference tables, which TestSchemaTables compares
		case reflect.Struct:
			properties := rule["properties"].(map[string]any)
			if rule["additionalProperties"] != false {
				t.Errorf("%s: the schema lets unknown fields through", path)
			}
			var names []string
			for i := range goType.NumField() {
				f := goType.Field(i)
				if name := f.Tag.Get("yaml"); f.IsExported() {
					names = append(names, name)
					member, ok := properties[name].(map[string]any)
					if !ok {
						t.Errorf("%s.%s is not in the schema", path, name)
						continue
					}
					if member["description"] == nil && !strings.Contains(path, "*") {
						t.Errorf("%s.%s has no description", path, name)
					}
					compare(strings.TrimPrefix(path+"."+name, "."), f.Type, member)
				}
			}
			for name := range properties {
				if !slices.Contains(names, name) {
					t.Errorf("%s.%s is in the schema and not in the struct", path, name)
				}
			}
		}
	}
	compare("", reflect.TypeFor[Config](), schema.at("#"))
}

func TestSchemaDefaults(t *testing.T) {
	schema := compileSchema()
	c, problems := Parse([]byte("environment: test\ntenant: acme\nsources: [{pack: csv, instance: a, files: [{folder: in}]}]\n"), "")
	if problems != nil {
		t.Fatal(problems)
	}
	got := map[string]any{
		"/properties/data_dir": c.DataDir, "/properties/listen": c.Listen,
		"/properties/log/properties/level": c.Log.Level, "/properties/log/properties/format": c.Log.Format,
		"/properties/limits/properties/body_bytes":         c.Limits.BodyBytes,
		"/properties/limits/properties/requests_in_flight": c.Limits.RequestsInFlight,
		"/properties/limits/properties/connections":        c.Limits.Connections,
		"/properties/limits/properties/drain_seconds":      c.Limits.DrainSeconds,
		"/$defs/files/properties/then":                     c.Sources[0].Files[0].Then,
		"/$defs/files/properties/receipts":                 c.Sources[0].Files[0].Receipts,
	}
	for pointer, value := range got {
		if want := schema.at("#" + pointer)["default"]; fmt.Sprint(value) != fmt.Sprint(want) {
			t.Errorf("%s: got default %v, the schema says %v", pointer, value, want)
		}
	}
	if n := strings.Count(string(configSchema), `"default"`); n != len(got) {
		t.Errorf("the schema has %d defaults, %d are compared", n, len(got))
	}
}
