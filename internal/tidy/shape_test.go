package tidy

import (
	"go/ast"
	"path"
	"strings"
)

// Limits of length. Generated files have none.
const (
	fileLinesMax      = 500
	functionLinesMax  = 70
	interfaceMethsMax = 8
)

// vagueNames say nothing about what a package is for.
const vagueNames = "util utils common helper helpers type types model models manager service shared misc base core lib"

// findPackages finds names that say nothing, and generated files whose name hides it.
func findPackages(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		if hasName(vagueNames, strings.TrimSuffix(f.Name.Name, "_test")) {
			found = append(found, tr.at(f.Name.Pos(), "package %s: name it by a noun of the field", f.Name.Name))
		}
		if named := strings.HasSuffix(f.path, "_gen.go") || strings.HasSuffix(f.path, "_gen_test.go"); named != f.generated {
			found = append(found, finding{path: f.path, text: "generated files, and only they, are named *_gen.go"})
		}
	}
	return found
}

// findComments finds packages without exactly one comment, which stands in doc.go.
func findComments(tr *tree) []finding {
	var found []finding
	documented := make(map[string]bool)
	for _, f := range tr.goes {
		if f.Doc == nil {
			continue
		}
		if path.Base(f.path) != "doc.go" {
			found = append(found, tr.at(f.Doc.Pos(), "the package comment belongs in doc.go"))
			continue
		}
		documented[f.dir] = true
		want := "Package " + f.Name.Name + " "
		if f.Name.Name == "main" {
			want = "Command " + path.Base(f.dir) + " "
		}
		if !strings.HasPrefix(f.Doc.Text(), want) {
			found = append(found, tr.at(f.Doc.Pos(), "the package comment begins with %q", want))
		}
	}
	for _, dir := range tr.packages() {
		if !documented[dir] {
			found = append(found, finding{path: dir, text: "has no package comment in doc.go"})
		}
	}
	return found
}

// findSizes finds files and functions that are too long to be read at once.
func findSizes(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		if f.generated {
			continue
		}
		if f.lines > fileLinesMax {
			found = append(found, finding{f.path, f.lines, "the file has more than 500 lines"})
		}
		for _, decl := range f.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			lines := tr.fset.Position(fn.End()).Line - tr.fset.Position(fn.Pos()).Line + 1
			if lines > functionLinesMax {
				found = append(found, tr.at(fn.Pos(), "%s has %d lines, more than %d", fn.Name.Name, lines, functionLinesMax))
			}
		}
	}
	return found
}

// findInterfaces finds interfaces that ask too much of whoever implements them.
func findInterfaces(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		ast.Inspect(f.File, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if it, ok := spec.Type.(*ast.InterfaceType); ok && it.Methods.NumFields() > interfaceMethsMax {
				found = append(found, tr.at(spec.Pos(), "%s has %d methods, more than %d", spec.Name.Name, it.Methods.NumFields(), interfaceMethsMax))
			}
			return true
		})
	}
	return found
}
