package tidy

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"strings"
	"testing"
	"unicode/utf8"
)

// modulePath is what every import of the module's own packages begins with.
const modulePath = "github.com/heddlehq/heddle"

// tree is the module as the rules see it. Paths are relative to its root.
type tree struct {
	fset  *token.FileSet
	goes  []*goFile
	texts []textFile // everything that is text, Go included
}

// goFile is one parsed Go file outside testdata.
type goFile struct {
	*ast.File
	path      string
	dir       string // its package's folder; "." for the root
	lines     int
	test      bool
	generated bool
}

// textFile is a file that is valid UTF-8.
type textFile struct {
	path string
	data string
}

// finding is one breach of a rule.
type finding struct {
	path string
	line int
	text string
}

func (f finding) String() string {
	if f.line == 0 {
		return f.path + ": " + f.text
	}
	return fmt.Sprintf("%s:%d: %s", f.path, f.line, f.text)
}

// notOurs are folders that hold nothing written by hand.
func notOurs(name string) bool { return name == ".git" || name == ".tools" }

// loadTree reads and parses what is in root.
func loadTree(t *testing.T, root fs.FS) *tree {
	t.Helper()
	loaded := &tree{fset: token.NewFileSet()}
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && notOurs(d.Name()):
			return fs.SkipDir
		case !d.Type().IsRegular():
			return nil
		}
		data, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		return loaded.add(name, data)
	})
	if err != nil {
		t.Fatal(err)
	}
	return loaded
}

func (tr *tree) add(name string, data []byte) error {
	if !utf8.Valid(data) {
		return nil
	}
	tr.texts = append(tr.texts, textFile{name, string(data)})
	if path.Ext(name) != ".go" || strings.Contains("/"+name, "/testdata/") {
		return nil
	}
	parsed, err := parser.ParseFile(tr.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	tr.goes = append(tr.goes, &goFile{
		File:      parsed,
		path:      name,
		dir:       path.Dir(name),
		lines:     bytes.Count(data, []byte("\n")),
		test:      strings.HasSuffix(name, "_test.go"),
		generated: ast.IsGenerated(parsed),
	})
	return nil
}

// text returns the contents of a file, or "" where there is none.
func (tr *tree) text(name string) string {
	for _, f := range tr.texts {
		if f.path == name {
			return f.data
		}
	}
	return ""
}

// at makes a finding at a place in a Go file.
func (tr *tree) at(pos token.Pos, format string, args ...any) finding {
	p := tr.fset.Position(pos)
	return finding{p.Filename, p.Line, fmt.Sprintf(format, args...)}
}

// packages returns the folders that hold Go code other than tests, in path order.
func (tr *tree) packages() []string {
	var dirs []string
	for _, f := range tr.goes {
		if !f.test && (len(dirs) == 0 || dirs[len(dirs)-1] != f.dir) {
			dirs = append(dirs, f.dir)
		}
	}
	return dirs
}

// hasName reports whether the blank-separated list holds the name.
func hasName(list, name string) bool {
	for candidate := range strings.FieldsSeq(list) {
		if candidate == name {
			return true
		}
	}
	return false
}
