package app

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

//go:embed config.schema.json
var configSchema []byte

// ConfigSchema returns the published JSON Schema (2020-12) of heddle.yaml, for editors.
// In it, title says in a few words what a value has to be; it stands in error messages.
func ConfigSchema() []byte { return slices.Clone(configSchema) }

// configSchemaURL names the schema while it is compiled.
const configSchemaURL = "heddle:///config.schema.json"

// compiledSchema is the schema, and its text as a tree.
type compiledSchema struct {
	check *jsonschema.Schema
	tree  any
}

var compileSchema = sync.OnceValue(func() compiledSchema {
	tree, err := jsonschema.UnmarshalJSON(bytes.NewReader(configSchema))
	if err != nil {
		panic(err) // our own file
	}
	compiler := jsonschema.NewCompiler()
	if err := compiler.AddResource(configSchemaURL, tree); err != nil {
		panic(err)
	}
	return compiledSchema{compiler.MustCompile(configSchemaURL), tree}
})

// checkSchema returns every place where the document is not as the schema says.
func checkSchema(d *document) []Problem {
	schema := compileSchema()
	err := schema.check.Validate(d.tree)
	if err == nil {
		return nil
	}
	invalid, ok := errors.AsType[*jsonschema.ValidationError](err)
	if !ok {
		return []Problem{{Message: err.Error()}}
	}
	var problems []Problem
	var visit func(e *jsonschema.ValidationError)
	visit = func(e *jsonschema.ValidationError) {
		if len(e.Causes) == 0 {
			problems = append(problems, d.explain(e, schema.at(e.SchemaURL))...)
		}
		for _, cause := range e.Causes {
			visit(cause)
		}
	}
	visit(invalid)
	return problems
}

// at returns the part of the schema that a URL with a JSON pointer names.
func (s compiledSchema) at(url string) map[string]any {
	_, pointer, _ := strings.Cut(url, "#")
	node := s.tree
	for _, token := range strings.Split(pointer, "/")[1:] {
		token = strings.ReplaceAll(strings.ReplaceAll(token, "~1", "/"), "~0", "~")
		members, ok := node.(map[string]any)
		if !ok {
			return nil
		}
		node = members[token]
	}
	members, _ := node.(map[string]any)
	return members
}

// explain says what is wrong in words that fit the file. rule is the part of the schema
// that was not met.
func (d *document) explain(e *jsonschema.ValidationError, rule map[string]any) []Problem {
	pointer := ""
	for _, token := range e.InstanceLocation {
		pointer += "\x00" + token
	}
	path := d.paths[pointer]
	at := func(path, format string, args ...any) Problem {
		p := d.places.find(path)
		return Problem{Line: p.line, Column: p.column, Path: path, Message: fmt.Sprintf(format, args...)}
	}
	inside := func(name string) string { return strings.TrimPrefix(path+"."+name, ".") }
	var problems []Problem
	switch k := e.ErrorKind.(type) {
	case *kind.AdditionalProperties:
		for _, name := range k.Properties {
			problems = append(problems, at(inside(name), "%s", unknownField(name, rule)))
		}
	case *kind.Required:
		for _, name := range k.Missing {
			problems = append(problems, at(inside(name), "is missing"))
		}
	case *kind.Type:
		problems = append(problems, at(path, "%s", wrongType(k, rule)))
	case *kind.Enum:
		problems = append(problems, at(path, "has to be one of %s", listOf(k.Want)))
	case *kind.Minimum:
		problems = append(problems, at(path, "has to be at least %s", k.Want.RatString()))
	case *kind.Maximum:
		problems = append(problems, at(path, "has to be at most %s", k.Want.RatString()))
	case *kind.MinItems:
		problems = append(problems, at(path, "needs at least %d", k.Want))
	case *kind.MaxItems:
		problems = append(problems, at(path, "has at most %d", k.Want))
	default:
		problems = append(problems, at(path, "has to be %s", title(rule, "as the schema says")))
	}
	return problems
}

func unknownField(name string, rule map[string]any) string {
	properties, _ := rule["properties"].(map[string]any)
	known := slices.Sorted(maps.Keys(properties))
	if meant := Suggest(name, known); meant != "" {
		return "there is no such field; did you mean " + meant + "?"
	}
	return "there is no such field; there are " + strings.Join(known, ", ")
}

// typeNames says what a JSON type is called in a configuration file.
func typeNames() map[string]string {
	return map[string]string{
		"string": "text", "integer": "a whole number", "number": "a number", "boolean": "true or false",
		"array": "a list", "object": "a group of fields", "null": "nothing",
	}
}

func wrongType(k *kind.Type, rule map[string]any) string {
	names := typeNames()
	wanted := title(rule, names[k.Want[0]])
	switch {
	case k.Got == "null":
		return "has no value; it has to be " + wanted
	case k.Want[0] == "string" && slices.Contains([]string{"number", "integer", "boolean"}, k.Got):
		return fmt.Sprintf("has to be %s, and this is %s: write it in quotes", wanted, names[k.Got])
	}
	return fmt.Sprintf("has to be %s, and this is %s", wanted, names[k.Got])
}

// title returns what the schema calls the value, or what else it is.
func title(rule map[string]any, otherwise string) string {
	if t, ok := rule["title"].(string); ok {
		return t
	}
	return otherwise
}

func listOf(values []any) string {
	words := make([]string, len(values))
	for i, v := range values {
		words[i] = fmt.Sprint(v)
	}
	return strings.Join(words, ", ")
}
