package app

import (
	"go.yaml.in/yaml/v4"
)

// ParsePolicy reads the reference data and policies by which a file of events is booked
// without a server: a file with the sections reference and policies as heddle.yaml has them.
// A whole heddle.yaml will do, too; what else it says does not matter here.
func ParsePolicy(data []byte) (*Config, []Problem) {
	doc, problems := readDocument(data)
	if doc == nil {
		return nil, problems
	}
	doc.complete("environment", "test")
	doc.complete("tenant", fileTenant)
	return doc.config(".", problems)
}

// complete adds a member that the document does not have.
func (d *document) complete(name, value string) {
	members, ok := d.tree.(map[string]any)
	if _, has := members[name]; !ok || has {
		return
	}
	members[name] = value
	d.root.Content = append(d.root.Content,
		&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: name}, &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value})
}
