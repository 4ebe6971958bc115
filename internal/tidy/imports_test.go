package tidy

import (
	"go/ast"
	"strconv"
	"strings"
)

// Sets of packages, low to high.
const (
	words  = "fault money retail event"
	domain = "wire journal stock progress cost posting ledger lineage exception access"
	lower  = words + " reference " + domain + " record pack intake store"
	server = lower + " entity flow booking collect fetch packs gateway api"
	stores = "store/sqlite"
)

// house says who may import whom. Domain packages do not import one another, save that
// posting sees cost and ledger, and that record joins what the journal keeps of an event;
// they meet in flow and booking. estate knows the words and nothing of the server, so
// that what it expects cannot come from what it checks. A package that is not listed fails,
// until somebody has thought about its place. api stands on gateway: a route is registered at
// the door, which knows the caller.
var house = []struct{ packages, mayImport string }{
	{"fault", ""},
	{"money event/gen", "fault money"},
	{"retail", "fault money"},
	{"event", "fault money retail"},
	{"reference", words},
	{"wire journal stock progress cost ledger lineage exception access", words + " reference"},
	{"posting", words + " reference cost ledger"},
	{"record", words + " journal progress stock"},
	{"entity", words + " journal lineage progress record stock"},
	{"gateway", words + " access"},
	{"packs", "pack"},
	{"bench", words + " pack packs"},
	{"pack/jq", ""},
	{"pack", words + " reference " + domain + " pack/jq"},
	{"intake", words + " reference " + domain + " record pack"},
	{"store", words + " reference " + domain + " record pack intake"},
	{"store/sqlite store/storetest", lower},
	{"flow", lower + " entity"},
	{"booking", lower},
	{"collect", words + " journal exception record pack intake"},
	{"fetch", words + " journal exception record pack intake"},
	{"api", lower + " entity flow booking collect fetch gateway"},
	{"estate", words + " wire"},
	{"app", server + " estate " + stores},
	{"cmd/heddle", server + " estate app bench " + stores},
	{"internal/eventdoc", "event"},
	{"internal/errdoc", "fault"},
	{"internal/tidy", ""},
	{"internal/shelf", ""},
	{"internal/mortal", "fault"},
	{"internal/texttable", ""},
}

// fences name the packages that alone may use a library: nothing outside store knows which
// database runs, nothing below the command knows of flags.
var fences = []struct{ library, packages string }{
	{"zombiezen.com/go/sqlite", "store/sqlite"},
	{"modernc.org", "store/sqlite"},
	{"database/sql", ""},
	{"github.com/spf13/cobra", "cmd/heddle"},
	{"github.com/vbauerster/mpb", "cmd/heddle"},
	{"github.com/danielgtaylor/huma", "api gateway"},
	{"github.com/itchyny/gojq", "pack pack/jq"},
	{"github.com/pkg/sftp", "collect"},
	{"golang.org/x/crypto/ssh", "collect"},
	{"github.com/fsnotify/fsnotify", "collect"},
}

// domainLibraries are what the words and the domain use beside the standard library.
var domainLibraries = []struct{ packages, library, reason string }{
	{"wire", "golang.org/x/text", "payloads come in other encodings than UTF-8"},
	{"pack pack/jq", "github.com/itchyny/gojq", "mappings are jq programs"},
	{"pack", "go.yaml.in/yaml", "a pack describes itself in YAML"},
	{"journal", "github.com/klauspost/compress", "the blocks of a chunk are compressed"},
}

func mayImport(dir string) (string, bool) {
	for _, h := range house {
		if hasName(h.packages, dir) {
			return h.mayImport, true
		}
	}
	return "", false
}

// findImports finds packages without a place in the house, and imports that climb.
func findImports(tr *tree) []finding {
	var found []finding
	for _, dir := range tr.packages() {
		if _, known := mayImport(dir); !known {
			found = append(found, finding{path: dir, text: "has no place in the house: give it one in internal/tidy/imports_test.go"})
		}
	}
	for _, f := range tr.goes {
		// Tests may climb, because what they prove often shows only from above; estate's may not.
		if f.test && f.dir != "estate" {
			continue
		}
		allowed, known := mayImport(f.dir)
		for _, spec := range f.Imports {
			name, ours := strings.CutPrefix(importPath(spec), modulePath+"/")
			if known && ours && name != f.dir && !hasName(allowed, name) {
				found = append(found, tr.at(spec.Pos(), "%s may not import %s", f.dir, name))
			}
		}
	}
	return found
}

// findLibraries finds libraries outside their fences and libraries in the domain.
func findLibraries(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		if f.test {
			continue
		}
		for _, spec := range f.Imports {
			name := importPath(spec)
			for _, fence := range fences {
				if within(name, fence.library) && !hasName(fence.packages, f.dir) {
					found = append(found, tr.at(spec.Pos(), "%s is for %s only", fence.library, orNobody(fence.packages)))
				}
			}
			if pure(f.dir) && isLibrary(name) && !domainMayUse(f.dir, name) {
				found = append(found, tr.at(spec.Pos(), "the domain does without %s", name))
			}
		}
	}
	return found
}

func domainMayUse(dir, library string) bool {
	for _, d := range domainLibraries {
		if hasName(d.packages, dir) && within(library, d.library) {
			return true
		}
	}
	return false
}

// isLibrary reports whether the import is neither ours nor of the standard library.
func isLibrary(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return strings.Contains(first, ".") && !within(name, modulePath)
}

func within(name, prefix string) bool {
	return name == prefix || strings.HasPrefix(name, prefix+"/")
}

func orNobody(packages string) string {
	if packages == "" {
		return "nobody"
	}
	return packages
}

func importPath(spec *ast.ImportSpec) string {
	name, _ := strconv.Unquote(spec.Path.Value)
	return name
}
