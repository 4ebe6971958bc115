package event

import "embed"

//go:embed schema
var schemas embed.FS

// Schema returns the published JSON Schema (2020-12) of a body by its type as facts carry
// it, "sale.v1", and whether there is one.
func Schema(name string) ([]byte, bool) {
	b, err := schemas.ReadFile("schema/" + name + ".json")
	return b, err == nil
}
