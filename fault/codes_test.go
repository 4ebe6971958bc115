package fault

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestCatalogueIsComplete compares the catalogue with the constants: each code once, each with
// something to read and somebody to do the work.
func TestCatalogueIsComplete(t *testing.T) {
	declared := declaredCodes(t)
	var listed []string
	for _, e := range Codes() {
		if slices.Contains(listed, string(e.Code)) {
			t.Errorf("%s stands twice in the catalogue", e.Code)
		}
		listed = append(listed, string(e.Code))
		for what, text := range map[string]string{"title": e.Title, "advice": e.Advice} {
			if !strings.HasSuffix(text, ".") || strings.Contains(text, "|") {
				t.Errorf("%s: %s %q is not a sentence that fits a table", e.Code, what, text)
			}
		}
		if e.Queue == "" {
			t.Errorf("%s is nobody's work", e.Code)
		}
	}
	slices.Sort(declared)
	slices.Sort(listed)
	if !slices.Equal(declared, listed) {
		t.Errorf("constants %v\ncatalogue %v", declared, listed)
	}
}

// TestCodeForm keeps the form that callers and the documents search for.
func TestCodeForm(t *testing.T) {
	form := regexp.MustCompile(`^(V-[A-Z]+-\d\d|H-[A-Z]+(-[A-Z]+)*|NO_STOCK|RETURN_INTENT|OVERAGE)$`)
	for _, e := range Codes() {
		if !form.MatchString(string(e.Code)) {
			t.Errorf("%s is neither V-AREA-NN nor H-NAME, nor one of the rule book's own words", e.Code)
		}
	}
}

// TestCodesIsACopy shows that a caller cannot change the catalogue.
func TestCodesIsACopy(t *testing.T) {
	Codes()[0].Title = "changed"
	if got := Codes()[0].Title; got == "changed" {
		t.Error("the catalogue changed through a copy of it")
	}
}

// declaredCodes reads the Code constants from the source.
func declaredCodes(t *testing.T) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "codes.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if id, ok := spec.Type.(*ast.Ident); ok && id.Name == "Code" {
			code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	return codes
}
