package tidy

import (
	"go/ast"
	"go/token"
	"strings"
)

// timed packages run the two flows: they may wait, but the time that decides comes in as data.
const timed = "flow booking"

// pure reports whether a package gets time, chance and settings as arguments.
func pure(dir string) bool {
	return hasName(words+" "+domain+" reference record pack pack/jq", dir)
}

// worldly imports reach outside the process or draw lots.
const worldly = "os os/exec os/signal net net/http log math/rand math/rand/v2 crypto/rand syscall unsafe database/sql runtime testing"

// Functions of package time that ask the machine's clock, and that wait for it.
const (
	clockReads = "Now Since Until Local"
	clockWaits = "After AfterFunc NewTicker NewTimer Sleep Tick"
)

// findPurity finds clocks, chance, environment and network where results are decided.
func findPurity(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		isTimed := hasName(timed, f.dir)
		if f.test || !pure(f.dir) && !isTimed {
			continue
		}
		for _, spec := range f.Imports {
			if name := importPath(spec); hasName(worldly, name) {
				found = append(found, tr.at(spec.Pos(), "%s reaches for %s: take it as an argument", f.dir, name))
			}
		}
		forbidden := clockReads
		if !isTimed {
			forbidden += " " + clockWaits
		}
		eachSelector(f, "time", func(sel *ast.SelectorExpr) {
			if hasName(forbidden, sel.Sel.Name) {
				found = append(found, tr.at(sel.Pos(), "%s asks the clock by time.%s: take the time as an argument", f.dir, sel.Sel.Name))
			}
		})
	}
	return found
}

// eachSelector calls use for every pkg.Name in the file, where pkg is the import path's last
// element and not renamed.
func eachSelector(f *goFile, pkg string, use func(*ast.SelectorExpr)) {
	ast.Inspect(f.File, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == pkg {
			use(sel)
		}
		return true
	})
}

// floatTypes are the types in which money would lose cents.
const floatTypes = "float32 float64 complex64 complex128"

// findFloats finds floating point in any file that a person wrote, tests included.
func findFloats(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		if f.generated {
			continue
		}
		ast.Inspect(f.File, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				// A benchmark's figure is no amount, and testing takes it in no other form.
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "ReportMetric" {
					return false
				}
			case *ast.Ident:
				if hasName(floatTypes, n.Name) {
					found = append(found, tr.at(n.Pos(), "%s: amounts and quantities are integers", n.Name))
				}
			case *ast.BasicLit:
				if n.Kind == token.FLOAT || n.Kind == token.IMAG {
					found = append(found, tr.at(n.Pos(), "%s is a floating point literal", n.Value))
				}
			}
			return true
		})
		eachSelector(f, "strconv", func(sel *ast.SelectorExpr) {
			if strings.HasSuffix(sel.Sel.Name, "Float") {
				found = append(found, tr.at(sel.Pos(), "strconv.%s: parse and print decimals exactly", sel.Sel.Name))
			}
		})
		eachSelector(f, "big", func(sel *ast.SelectorExpr) {
			if strings.HasSuffix(sel.Sel.Name, "Float") {
				found = append(found, tr.at(sel.Pos(), "big.%s: use integers or big.Rat", sel.Sel.Name))
			}
		})
		eachSelector(f, "math", func(sel *ast.SelectorExpr) {
			if !strings.HasPrefix(sel.Sel.Name, "MaxInt") && !strings.HasPrefix(sel.Sel.Name, "MinInt") && !strings.HasPrefix(sel.Sel.Name, "MaxUint") {
				found = append(found, tr.at(sel.Pos(), "math.%s computes in floating point", sel.Sel.Name))
			}
		})
	}
	return found
}

// listeners are the calls whose address literal must name the loopback interface.
const listeners = "Listen ListenPacket ListenAndServe ListenAndServeTLS Dial DialTimeout"

// findListen finds literal addresses that other machines could reach, or that reach others.
func findListen(tr *tree) []finding {
	var found []finding
	for _, f := range tr.goes {
		ast.Inspect(f.File, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			sel, ok := call.Fun.(*ast.SelectorExpr)
			if !ok || !hasName(listeners, sel.Sel.Name) {
				return true
			}
			for _, arg := range call.Args {
				lit, ok := arg.(*ast.BasicLit)
				if ok && strings.Contains(lit.Value, ":") && !loopback(strings.Trim(lit.Value, "\"`")) {
					found = append(found, tr.at(lit.Pos(), "%s is not on the loopback interface", lit.Value))
				}
			}
			return true
		})
	}
	return found
}

func loopback(address string) bool {
	for _, prefix := range []string{"127.0.0.1:", "[::1]:", "localhost:"} {
		if strings.HasPrefix(address, prefix) {
			return true
		}
	}
	return false
}
