package main

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

const opening = `<!-- Written by go generate ./fault. DO NOT EDIT. -->

# Errors

Every refusal and every failure has a code. A caller acts on the kind; a person reads what is
wrong, does what stands beside it, and finds the queue whose work it is. Codes that begin with
V are rules of sales audit and stock; codes that begin with H are faults of the technical kind.
A code keeps its meaning for ever. The last column names a test that provokes the code.

Over HTTP the code stands in the member "code" of a problem+json answer; on the command line
the first line on stderr begins with it.
`

// kind is one of fault's kinds, with what its comment says.
type kind struct{ name, meaning string }

// catalogue returns the text of the page, and the reproducers that it found.
func catalogue(tree fs.FS) ([]byte, map[fault.Code]reproducer, error) {
	names, err := constants(tree)
	if err != nil {
		return nil, nil, err
	}
	kinds, err := kinds(tree)
	if err != nil {
		return nil, nil, err
	}
	found, err := reproducers(tree, names)
	if err != nil {
		return nil, nil, err
	}
	var page bytes.Buffer
	page.WriteString(opening)
	page.WriteString("\n## Kinds\n\n| kind | meaning |\n|---|---|\n")
	for _, k := range kinds {
		fmt.Fprintf(&page, "| `%s` | %s |\n", k.name, k.meaning)
	}
	page.WriteString("\n## Codes\n\n| code | kind | what is wrong | what to do | whose work | reproduced by |\n|---|---|---|---|---|---|\n")
	for _, e := range fault.Codes() {
		fmt.Fprintf(&page, "| `%s` | %s | %s | %s | %s | %s |\n", e.Code, e.Kind, e.Title, e.Advice, e.Queue, found[e.Code])
	}
	return page.Bytes(), found, nil
}

// String prints a link from docs to the test, or a dash for none.
func (r reproducer) String() string {
	switch {
	case r.path == "":
		return "–"
	case r.test == "":
		return fmt.Sprintf("[%s](../%s)", r.path, r.path)
	default:
		return fmt.Sprintf("[%s](../%s)", r.test, r.path)
	}
}

// complete checks that each code has a reproducer or waits for one, and not both.
func complete(found map[fault.Code]reproducer, waiting []string) error {
	var errs []error
	for _, e := range fault.Codes() {
		_, has := found[e.Code]
		switch waits := slices.Contains(waiting, string(e.Code)); {
		case has && waits:
			errs = append(errs, fmt.Errorf("%s has a reproducer now: take it from the pending codes", e.Code))
		case !has && !waits:
			errs = append(errs, fmt.Errorf("%s has no reproducer: mark the test that provokes it", e.Code))
		}
	}
	for _, code := range waiting {
		if !slices.ContainsFunc(fault.Codes(), func(e fault.Entry) bool { return string(e.Code) == code }) {
			errs = append(errs, fmt.Errorf("%s is pending and no code", code))
		}
	}
	return errors.Join(errs...)
}

// constants returns the names of the Code constants by code.
func constants(tree fs.FS) (map[fault.Code]string, error) {
	names := make(map[fault.Code]string)
	err := eachConstant(tree, "fault/codes.go", "Code", func(spec *ast.ValueSpec) error {
		lit, ok := spec.Values[0].(*ast.BasicLit)
		if !ok {
			return fmt.Errorf("fault.%s is not a literal", spec.Names[0].Name)
		}
		code, err := strconv.Unquote(lit.Value)
		names[fault.Code(code)] = spec.Names[0].Name
		return err
	})
	return names, err
}

// kinds returns fault's kinds in their order.
func kinds(tree fs.FS) ([]kind, error) {
	var all []kind
	err := eachConstant(tree, "fault/fault.go", "Kind", func(spec *ast.ValueSpec) error {
		_, meaning, ok := strings.Cut(strings.Join(strings.Fields(spec.Doc.Text()), " "), " ")
		if !ok {
			return fmt.Errorf("fault.%s has no comment", spec.Names[0].Name)
		}
		for _, verb := range []string{"is ", "means that ", "means "} {
			meaning = strings.TrimPrefix(meaning, verb)
		}
		all = append(all, kind{fault.Kind(len(all)).String(), strings.ToUpper(meaning[:1]) + meaning[1:]})
		return nil
	})
	return all, err
}

// eachConstant calls use for the constants of a type in a file; a block of them may name the
// type once, at its head.
func eachConstant(tree fs.FS, name, typeName string, use func(*ast.ValueSpec) error) error {
	data, err := fs.ReadFile(tree, name)
	if err != nil {
		return err
	}
	file, err := parser.ParseFile(token.NewFileSet(), name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	for _, decl := range file.Decls {
		block, ok := decl.(*ast.GenDecl)
		if !ok || block.Tok != token.CONST {
			continue
		}
		ours := false
		for _, spec := range block.Specs {
			value := spec.(*ast.ValueSpec)
			if value.Type != nil {
				id, ok := value.Type.(*ast.Ident)
				ours = ok && id.Name == typeName
			}
			if !ours {
				continue
			}
			if err := use(value); err != nil {
				return err
			}
		}
	}
	return nil
}
