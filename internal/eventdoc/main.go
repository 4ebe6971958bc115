package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"

	"github.com/heddlehq/heddle/event"
)

// page is the page as seen from the module's folder; go generate runs in the folder event.
const page = "docs/events.md"

func main() {
	text, err := catalogue()
	if err == nil {
		err = os.WriteFile("../"+page, text, 0o644) //nolint:gosec // documents are for everybody
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "eventdoc:", err)
		os.Exit(1)
	}
}

const head = `# Events

Everything that Heddle knows came in as one of these events, or was derived from one. The schemas
of their bodies are in [event/schema](../event/schema), and the API shows them under ` + "`/openapi.json`" + `.
This page is generated from package event.

**Key** is what the business key is made of; system, instance, type and key together are the
idempotency key. **Home** is where the event finds its place and legal entity. **Late** are the
codes for what comes late or out of order: L0 a plain difference, applied whenever it comes · L1
amounts come from its parent, goods move at once and money waits · L2 a state by rank, a late lower
rank cannot take it back · L3 a conflict that ends: the physical or bank fact wins · L5 cost is
provisional until it is known · L6 counts with a later cut-off are recomputed · L7 a correction
reverses and books again · L8 a snapshot, compared and never applied. L4 (closed period) and L7
apply to everything that books. **Finance** are the templates of the posting matrix.

| Event | Meaning | Key | Home | Late | Finance |
|---|---|---|---|---|---|
`

// catalogue returns the page.
func catalogue() ([]byte, error) {
	b := []byte(head)
	for _, k := range event.Kinds() {
		name := fmt.Sprintf("%s.v%d", k.Type, k.Version)
		text, ok := event.Schema(name)
		if !ok {
			return nil, fmt.Errorf("there is no schema of %s", name)
		}
		var schema struct {
			Description string `json:"description"`
		}
		if err := json.Unmarshal(text, &schema); err != nil {
			return nil, err
		}
		cells := []string{
			"[`" + name + "`](../event/schema/" + name + ".json)", meaning(schema.Description), k.Key, string(k.Home), dash(k.Late), dash(k.Finance),
		}
		b = append(b, "| "+strings.Join(cells, " | ")+" |\n"...)
	}
	return b, nil
}

// meaning is what a type's comment says, without the name of its Go type and its key, which
// has a column of its own.
func meaning(description string) string {
	text, _, _ := strings.Cut(description, " Key: ")
	if _, after, ok := strings.Cut(text, " is "); ok {
		text = after
	}
	return strings.TrimSuffix(strings.TrimSpace(text), ".")
}

func dash(s string) string {
	if s == "" {
		return "–"
	}
	return s
}
