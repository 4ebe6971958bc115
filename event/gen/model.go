package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// model is the package as the generator understands it.
type model struct {
	events  []event
	structs map[string]*structure // by Go name, those that an event contains or is
	enums   map[string]*enum      // string types with constants
	strings map[string]bool       // string types without
	docs    map[string]string     // of every type
	checks  map[string]bool       // types that have a Validate of their own
}

// kindColumns is how many columns a line of the catalogue has.
const kindColumns = 8

// event is one line of the catalogue.
type event struct {
	goName  string
	name    string // "sale"
	version int
	since   string
	source  bool       // whether its source tells the legal entity
	shape   *structure // the struct, of another type where the event is `type X Y`
}

// file is the schema's name without extension, which is the type as facts carry it.
func (e event) file() string { return fmt.Sprintf("%s.v%d", e.name, e.version) }

// structure is a struct type.
type structure struct {
	goName   string
	doc      string
	declared []field // as they stand in the source
	fields   []field // by member name
}

// field is one member.
type field struct {
	goName   string
	name     string
	doc      string
	optional bool
	effect   string // "stock", "money", "link" or nothing
	sign     string // "positive", "not_negative" or nothing
	ref      string // the type of reference that the text is, or nothing
	at       string // "location", "other", "processor", "account", "bank" or nothing
	pointer  bool
	slice    bool
	typ      string // Go type without pointer and slice: "retail.Ref", "Tax"
}

// enum is a string type with a closed set of values.
type enum struct {
	doc    string
	values []enumValue
}

type enumValue struct{ goName, text string }

// load reads the Go files of a folder.
func load(dir string) (*model, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, err
	}
	m := &model{structs: map[string]*structure{}, enums: map[string]*enum{}, strings: map[string]bool{}, docs: map[string]string{}, checks: map[string]bool{}}
	src := source{types: map[string]ast.Expr{}, files: token.NewFileSet()}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_gen.go") {
			continue
		}
		f, err := parser.ParseFile(src.files, name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		src.collect(f, m)
	}
	return m, src.resolve(m)
}

// source is what the files declare, before it is understood.
type source struct {
	files   *token.FileSet
	types   map[string]ast.Expr
	consts  []constant
	catalog []*ast.FuncDecl // Kinds, and the parts that it is made of, in their order
}

type constant struct{ typ, goName, text string }

func (s *source) collect(f *ast.File, m *model) {
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if strings.HasSuffix(decl.Name.Name, "Kinds") && decl.Recv == nil {
				s.catalog = append(s.catalog, decl)
			}
			if decl.Name.Name == "Validate" && decl.Recv != nil {
				m.checks[receiver(decl)] = true
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				switch spec := spec.(type) {
				case *ast.TypeSpec:
					s.types[spec.Name.Name] = spec.Type
					m.docs[spec.Name.Name] = text(spec.Doc, decl.Doc)
				case *ast.ValueSpec:
					s.constant(decl, spec)
				}
			}
		}
	}
}

// receiver names the type of a method.
func receiver(decl *ast.FuncDecl) string {
	typ := decl.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	return typ.(*ast.Ident).Name
}

func (s *source) constant(decl *ast.GenDecl, spec *ast.ValueSpec) {
	typ, ok := spec.Type.(*ast.Ident)
	if decl.Tok != token.CONST || !ok || len(spec.Values) != 1 {
		return
	}
	if lit, ok := spec.Values[0].(*ast.BasicLit); ok && lit.Kind == token.STRING {
		value, _ := strconv.Unquote(lit.Value)
		s.consts = append(s.consts, constant{typ.Name, spec.Names[0].Name, value})
	}
}

// text joins the lines of the first comment that there is.
func text(groups ...*ast.CommentGroup) string {
	for _, g := range groups {
		if t := strings.TrimSpace(g.Text()); t != "" {
			return strings.Join(strings.Fields(t), " ")
		}
	}
	return ""
}

// resolve understands the catalogue and everything that its events contain.
func (s *source) resolve(m *model) error {
	for _, c := range s.consts {
		if m.enums[c.typ] == nil {
			m.enums[c.typ] = &enum{doc: m.docs[c.typ]}
		}
		m.enums[c.typ].values = append(m.enums[c.typ].values, enumValue{c.goName, c.text})
	}
	for name, typ := range s.types {
		if id, ok := typ.(*ast.Ident); ok && id.Name == "string" && m.enums[name] == nil {
			m.strings[name] = true
		}
	}
	if len(s.catalog) == 0 {
		return fmt.Errorf("there is no func Kinds")
	}
	for _, part := range s.catalog {
		if err := s.list(m, part); err != nil {
			return err
		}
	}
	return nil
}

// list understands the lines of the catalogue that a function returns.
func (s *source) list(m *model, part *ast.FuncDecl) error {
	var err error
	ast.Inspect(part.Body, func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok || len(lit.Elts) != kindColumns || lit.Type != nil {
			return true
		}
		e := event{name: literal(lit.Elts[0]), since: literal(lit.Elts[2])}
		e.version, _ = strconv.Atoi(literal(lit.Elts[1]))
		if call, ok := lit.Elts[3].(*ast.CallExpr); ok && len(call.Args) == 1 {
			e.goName = call.Args[0].(*ast.Ident).Name
		}
		if home, ok := lit.Elts[4].(*ast.Ident); ok {
			e.source = home.Name == "BySource"
		}
		if err == nil {
			e.shape, err = s.structure(m, e.goName)
			m.events = append(m.events, e)
		}
		return false
	})
	return err
}

func literal(e ast.Expr) string {
	lit, ok := e.(*ast.BasicLit)
	if !ok {
		return ""
	}
	if lit.Kind == token.STRING {
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	return lit.Value
}

// structure understands a struct, following `type X Y` to the struct Y.
func (s *source) structure(m *model, name string) (*structure, error) {
	if known := m.structs[name]; known != nil {
		return known, nil
	}
	switch typ := s.types[name].(type) {
	case *ast.Ident:
		return s.structure(m, typ.Name)
	case *ast.StructType:
		st := &structure{goName: name, doc: m.docs[name]}
		m.structs[name] = st
		for _, f := range typ.Fields.List {
			parsed, err := s.field(m, f)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", s.files.Position(f.Pos()), err)
			}
			st.declared = append(st.declared, parsed)
		}
		st.fields = slices.Clone(st.declared)
		// Member names are ASCII, so the order of their bytes is that of RFC 8785.
		slices.SortFunc(st.fields, func(a, b field) int { return strings.Compare(a.name, b.name) })
		return st, nil
	}
	return nil, fmt.Errorf("%s is no struct", name)
}

func (s *source) field(m *model, f *ast.Field) (field, error) {
	if len(f.Names) != 1 || f.Tag == nil {
		return field{}, fmt.Errorf("a field needs one name and a json tag")
	}
	tags := reflect.StructTag(strings.Trim(f.Tag.Value, "`"))
	name, options, _ := strings.Cut(tags.Get("json"), ",")
	effect := tags.Get("effect")
	sign := tags.Get("sign")
	if name == "" || options != "" && options != "omitempty" || effect != "" && !slices.Contains([]string{"stock", "money", "link"}, effect) ||
		sign != "" && !slices.Contains([]string{"positive", "not_negative"}, sign) {
		return field{}, fmt.Errorf("field %s has tags that are not understood", f.Names[0].Name)
	}
	out := field{goName: f.Names[0].Name, name: name, doc: text(f.Doc, f.Comment), optional: options != "", effect: effect,
		sign: sign, ref: tags.Get("ref"), at: tags.Get("at")}
	typ := f.Type
	if star, ok := typ.(*ast.StarExpr); ok {
		out.pointer, typ = true, star.X
	} else if array, ok := typ.(*ast.ArrayType); ok && array.Len == nil {
		out.slice, typ = true, array.Elt
	}
	switch typ := typ.(type) {
	case *ast.Ident:
		out.typ = typ.Name
	case *ast.SelectorExpr:
		out.typ = typ.X.(*ast.Ident).Name + "." + typ.Sel.Name
	default:
		return field{}, fmt.Errorf("field %s has a type that is not understood", out.goName)
	}
	if out.pointer && !out.optional {
		return field{}, fmt.Errorf("field %s is a pointer and has to be omitempty", out.goName)
	}
	if s.types[out.typ] != nil && leaves[out.typ] == nil && m.enums[out.typ] == nil && !m.strings[out.typ] {
		if _, err := s.structure(m, out.typ); err != nil {
			return field{}, err
		}
	}
	return out, nil
}
