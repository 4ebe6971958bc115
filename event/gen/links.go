package main

import (
	"fmt"
	"slices"
)

// links writes for every body where it happened and which documents it names.
func (w *writer) links() {
	for _, e := range w.model.events {
		w.p("// Where says how the event finds its place and legal entity.")
		w.p("func (v *%s) Where() Where {\n\treturn Where{", e.goName)
		for _, f := range e.shape.declared {
			switch f.at {
			case "location":
				w.p("Location: v.%s,", f.goName)
			case "other":
				w.p("Other: v.%s,", f.goName)
			case "processor":
				w.p("Processor: v.%s,", f.goName)
			case "account":
				w.p("Account: v.%s,", f.goName)
			case "bank":
				w.p("Bank: v.%s,", f.goName)
			}
		}
		if e.source {
			w.p("Source: true,")
		}
		w.p("}\n}\n")
		w.p("// Refs calls visit for every document that the event names, in the order of its fields.")
		w.p("func (v *%s) Refs(visit func(retail.Ref)) {", e.goName)
		w.visits(e.shape, "v", 0)
		w.p("}\n")
	}
}

// names reports whether a struct names documents.
func (m *model) names(st *structure) bool {
	return slices.ContainsFunc(st.fields, func(f field) bool {
		inner := m.structs[f.typ]
		return f.typ == "retail.Ref" || f.ref != "" || inner != nil && m.names(inner)
	})
}

// visits writes the visits of a struct's references.
func (w *writer) visits(st *structure, value string, depth int) {
	for _, f := range st.declared {
		inner := w.model.structs[f.typ]
		if f.typ != "retail.Ref" && f.ref == "" && (inner == nil || !w.model.names(inner)) {
			continue
		}
		at := value + "." + f.goName
		switch {
		case f.slice:
			i := string(rune('i' + depth))
			w.p("for %s := range %s {", i, at)
			at += "[" + i + "]"
		case f.pointer:
			w.p("if %s != nil {", at)
		}
		switch {
		case inner != nil:
			w.visits(inner, at, depth+1)
		case f.ref != "":
			w.p("visit(%s)", fmt.Sprintf("retail.Ref{Type: %q, ID: string(%s)}", f.ref, at))
		default:
			w.p("visit(%s)", at)
		}
		if f.slice || f.pointer {
			w.p("}")
		}
	}
}
