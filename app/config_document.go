package app

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// document is a YAML file as a tree for the schema, and where each field stands.
type document struct {
	root   *yaml.Node
	tree   any // maps, slices, strings, json.Number, bools and nil
	places places
	paths  map[string]string // JSON pointer to path
}

// place is a position in the file, from 1.
type place struct{ line, column int }

// places maps paths to positions: those of values, and those of names under "name:path".
type places map[string]place

// find returns where a field stands. One that is not there stands where the nearest field
// around it does.
func (p places) find(path string) place {
	for path != "" {
		if at, ok := p["name:"+path]; ok {
			return at
		}
		if at, ok := p[path]; ok {
			return at
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return p[""]
}

// readDocument reads one YAML document. A nil document means that nothing else can be
// said of the file.
func readDocument(data []byte) (*document, []Problem) {
	loader, err := yaml.NewLoader(bytes.NewReader(data))
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	var first, second yaml.Node
	if err := loader.Load(&first); errors.Is(err, io.EOF) {
		return nil, []Problem{{Message: "the file is empty; at least environment and tenant are needed"}}
	} else if err != nil {
		return nil, []Problem{syntaxProblem(err)}
	}
	if err := loader.Load(&second); err == nil {
		return nil, []Problem{{Line: second.Line, Column: second.Column, Message: "a second document begins here; the file has one"}}
	} else if !errors.Is(err, io.EOF) {
		return nil, []Problem{syntaxProblem(err)}
	}
	d := &document{root: first.Content[0], places: places{}, paths: map[string]string{}}
	var problems []Problem
	d.tree = d.read(d.root, "", "", &problems)
	return d, problems
}

func syntaxProblem(err error) Problem {
	if e, ok := errors.AsType[*yaml.LoadError](err); ok {
		return Problem{Line: e.Mark.Line, Column: e.Mark.Column, Message: "this is not YAML: " + e.Message}
	}
	return Problem{Message: "this is not YAML"}
}

// read makes a tree of a node and remembers where its parts stand. What is not read here
// (a field for the second time, merging, aliases) is reported and taken out of the node,
// so that the rest can still be decoded and checked.
func (d *document) read(n *yaml.Node, path, pointer string, problems *[]Problem) any {
	d.places[path] = place{n.Line, n.Column}
	d.paths[pointer] = path
	switch n.Kind {
	case yaml.MappingNode:
		return d.readMapping(n, path, pointer, problems)
	case yaml.SequenceNode:
		elements := make([]any, len(n.Content))
		for i, e := range n.Content {
			elements[i] = d.read(e, fmt.Sprintf("%s[%d]", path, i), fmt.Sprintf("%s\x00%d", pointer, i), problems)
		}
		return elements
	case yaml.AliasNode:
		*problems = append(*problems, problemAt(n, path, "anchors and aliases are not read here; write the value out"))
		*n = yaml.Node{Kind: yaml.ScalarNode, Tag: "!!null", Line: n.Line, Column: n.Column}
	}
	return scalar(n)
}

func (d *document) readMapping(n *yaml.Node, path, pointer string, problems *[]Problem) map[string]any {
	members := map[string]any{}
	var kept []*yaml.Node
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i], n.Content[i+1]
		if name.Kind != yaml.ScalarNode || name.ShortTag() == "!!merge" {
			*problems = append(*problems, problemAt(name, path, "a name is plain text; merging is not read here"))
			continue
		}
		inner := strings.TrimPrefix(path+"."+name.Value, ".")
		if _, twice := members[name.Value]; twice {
			*problems = append(*problems, problemAt(name, inner, "stands here twice; the first is at line %d", d.places["name:"+inner].line))
			continue
		}
		d.places["name:"+inner] = place{name.Line, name.Column}
		members[name.Value] = d.read(value, inner, pointer+"\x00"+name.Value, problems)
		kept = append(kept, name, value)
	}
	n.Content = kept
	return members
}

func problemAt(n *yaml.Node, path, format string, args ...any) Problem {
	return Problem{Line: n.Line, Column: n.Column, Path: path, Message: fmt.Sprintf(format, args...)}
}

// scalar gives a plain value its JSON type. Dates and whatever YAML has beyond JSON stay
// text.
func scalar(n *yaml.Node) any {
	switch n.ShortTag() {
	case "!!null":
		return nil
	case "!!bool":
		return strings.EqualFold(n.Value, "true")
	case "!!int", "!!float":
		if json.Valid([]byte(n.Value)) {
			return json.Number(n.Value)
		}
	}
	return n.Value
}
