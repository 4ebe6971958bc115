package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// reproducer is a test that provokes a code.
type reproducer struct {
	path string
	test string // the test function; empty where the file is the test
}

// marker names the codes that a test provokes.
var marker = regexp.MustCompile(`reproduces: ([A-Z][A-Z0-9_-]*(?:, [A-Z][A-Z0-9_-]*)*)`)

// reproducers returns the first reproducer of each code, in path order. names are the
// constants by code, with which Go tests check.
func reproducers(tree fs.FS, names map[fault.Code]string) (map[fault.Code]reproducer, error) {
	found := make(map[fault.Code]reproducer)
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if strings.HasPrefix(d.Name(), ".") && name != "." || name == "internal" {
				return fs.SkipDir
			}
			return nil
		}
		if !mayReproduce(name) {
			return nil
		}
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		return mark(found, names, name, string(data))
	})
	return found, err
}

// mayReproduce reports whether the file is a test or a test's data. The suite that every
// database has to pass is tests, too.
func mayReproduce(name string) bool {
	if strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "store/storetest/") {
		return true
	}
	ext := path.Ext(name)
	inData := strings.Contains(name, "testdata/") || strings.Contains(name, "/cases/")
	return inData && (ext == ".txt" || ext == ".txtar")
}

// mark records the markers of one file.
func mark(found map[fault.Code]reproducer, names map[fault.Code]string, name, text string) error {
	rest := marker.ReplaceAllString(text, "")
	for _, at := range marker.FindAllStringSubmatchIndex(text, -1) {
		for code := range strings.SplitSeq(text[at[2]:at[3]], ", ") {
			constant, known := names[fault.Code(code)]
			if !known {
				return fmt.Errorf("%s: there is no code %s", name, code)
			}
			checks := regexp.MustCompile(`\b(fault\.` + constant + `|` + regexp.QuoteMeta(code) + `)\b`)
			if !checks.MatchString(rest) {
				return fmt.Errorf("%s: says that it reproduces %s, and never checks for it", name, code)
			}
			if _, earlier := found[fault.Code(code)]; earlier {
				continue
			}
			test, err := enclosing(name, text, at[0])
			if err != nil {
				return err
			}
			found[fault.Code(code)] = reproducer{path: name, test: test}
		}
	}
	return nil
}

// enclosing names the function of a Go file in which the offset lies, its comment included.
func enclosing(name, text string, offset int) (string, error) {
	if path.Ext(name) != ".go" {
		return "", nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return "", err
	}
	for _, decl := range file.Decls {
		fn, ok := decl.(*ast.FuncDecl)
		if !ok {
			continue
		}
		start := fn.Pos()
		if fn.Doc != nil {
			start = fn.Doc.Pos()
		}
		if fset.Position(start).Offset <= offset && offset < fset.Position(fn.End()).Offset {
			return fn.Name.Name, nil
		}
	}
	return "", nil
}
