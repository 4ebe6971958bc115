package tidy

import (
	"go/ast"
	"go/token"
	"go/types"
	"path"
	"strings"
)

// findGlobals finds init functions and package-level variables that change: assigned to,
// written through, with their address taken, left for somebody else to fill, or made to
// change (sync, atomic). Tables that are only read are constants that Go cannot spell.
func findGlobals(tr *tree) []finding {
	var found []finding
	for _, files := range byPackage(tr) {
		g := globals{tree: tr, info: check(tr, files)}
		for _, f := range files {
			g.declared(f)
		}
		for _, f := range files {
			g.written(f)
		}
		found = append(found, g.found...)
	}
	return found
}

// byPackage groups the files by folder and package name, in path order.
func byPackage(tr *tree) [][]*goFile {
	var groups [][]*goFile
	index := make(map[[2]string]int)
	for _, f := range tr.goes {
		key := [2]string{f.dir, f.Name.Name}
		i, ok := index[key]
		if !ok {
			i = len(groups)
			index[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], f)
	}
	return groups
}

// check resolves names inside one package. Imports stay empty: what lies behind them is not
// needed, and the errors that follow are ignored.
func check(tr *tree, files []*goFile) *types.Info {
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object)}
	conf := types.Config{Importer: emptyImporter{}, Error: func(error) {}}
	asts := make([]*ast.File, len(files))
	for i, f := range files {
		asts[i] = f.File
	}
	_, _ = conf.Check(files[0].dir, tr.fset, asts, info)
	return info
}

// emptyImporter gives every import as a package without contents.
type emptyImporter struct{}

func (emptyImporter) Import(name string) (*types.Package, error) {
	pkg := types.NewPackage(name, path.Base(name))
	pkg.MarkComplete()
	return pkg, nil
}

// globals looks for package-level state in one package.
type globals struct {
	tree  *tree
	info  *types.Info
	found []finding
}

func (g *globals) report(pos token.Pos, format string, args ...any) {
	g.found = append(g.found, g.tree.at(pos, format, args...))
}

// declared looks at the declarations of a file.
func (g *globals) declared(f *goFile) {
	for _, decl := range f.Decls {
		switch decl := decl.(type) {
		case *ast.FuncDecl:
			if decl.Recv == nil && decl.Name.Name == "init" {
				g.report(decl.Pos(), "no init functions: make it a value and pass it")
			}
		case *ast.GenDecl:
			for _, spec := range decl.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && !embedded(decl.Doc, v.Doc) {
					g.variable(v)
				}
			}
		}
	}
}

func (g *globals) variable(v *ast.ValueSpec) {
	if len(v.Values) == 0 {
		g.report(v.Pos(), "%s has no value, so somebody must set it later", v.Names[0].Name)
		return
	}
	for _, expr := range append([]ast.Expr{v.Type}, v.Values...) {
		if lit, ok := expr.(*ast.CompositeLit); ok {
			expr = lit.Type
		}
		sel, ok := expr.(*ast.SelectorExpr)
		if !ok {
			continue
		}
		if x, ok := sel.X.(*ast.Ident); ok && (x.Name == "sync" || x.Name == "atomic") {
			g.report(v.Pos(), "%s is state of the package: put it into a value", v.Names[0].Name)
		}
	}
}

// written looks for statements that change a package-level variable of this or another package.
func (g *globals) written(f *goFile) {
	ast.Inspect(f.File, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if n.Tok != token.DEFINE {
				for _, lhs := range n.Lhs {
					g.target(lhs, "is assigned to")
				}
			}
		case *ast.IncDecStmt:
			g.target(n.X, "is assigned to")
		case *ast.RangeStmt:
			if n.Tok == token.ASSIGN {
				g.target(n.Key, "is assigned to")
				g.target(n.Value, "is assigned to")
			}
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				g.target(n.X, "has its address taken")
			}
		case *ast.CallExpr:
			if fun, ok := n.Fun.(*ast.Ident); ok && (fun.Name == "delete" || fun.Name == "clear") && len(n.Args) > 0 {
				g.target(n.Args[0], "is assigned to")
			}
		}
		return true
	})
}

// target reports expr if what it writes to belongs to a package.
func (g *globals) target(expr ast.Expr, what string) {
	for {
		switch e := expr.(type) {
		case *ast.ParenExpr:
			expr = e.X
		case *ast.IndexExpr:
			expr = e.X
		case *ast.StarExpr:
			expr = e.X
		case *ast.SelectorExpr:
			if x, ok := e.X.(*ast.Ident); ok {
				if _, isPackage := g.info.Uses[x].(*types.PkgName); isPackage {
					g.report(e.Pos(), "%s.%s %s", x.Name, e.Sel.Name, what)
					return
				}
			}
			expr = e.X
		case *ast.Ident:
			if v, ok := g.info.Uses[e].(*types.Var); ok && v.Pkg() != nil && v.Parent() == v.Pkg().Scope() {
				g.report(e.Pos(), "%s %s", e.Name, what)
			}
			return
		default:
			return
		}
	}
}

// embedded reports whether the compiler fills the variable from files.
func embedded(docs ...*ast.CommentGroup) bool {
	for _, doc := range docs {
		if doc == nil {
			continue
		}
		for _, line := range doc.List {
			if strings.HasPrefix(line.Text, "//go:embed ") {
				return true
			}
		}
	}
	return false
}
