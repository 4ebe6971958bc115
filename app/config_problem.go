package app

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// Problem is one thing that is wrong with a configuration. It repeats no value, because a
// value in the wrong place may be a secret; only columns of reference rows are quoted.
type Problem struct {
	Line    int    // from 1; zero where the file as a whole is concerned
	Column  int    // from 1, in characters
	Path    string // the field: sources[0].secrets
	Message string
}

// String returns "line 12: sources[0].secrets: what is wrong".
func (p Problem) String() string {
	var b strings.Builder
	if p.Line > 0 {
		fmt.Fprintf(&b, "line %d: ", p.Line)
	}
	if p.Path != "" {
		b.WriteString(p.Path + ": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// AsFault returns H-CONFIG with all problems of the file, one a line, or nil for none.
func AsFault(file string, problems []Problem) error {
	if len(problems) == 0 {
		return nil
	}
	lines := make([]string, len(problems))
	for i, p := range problems {
		lines[i] = p.String()
	}
	return fault.New(fault.BadConfig, file, "%s", strings.Join(lines, "\n"))
}

// Problem returns a problem with the field of that path, for checks that are made
// elsewhere: a pack that there is not, a secret that cannot be read.
func (c *Config) Problem(path, format string, args ...any) Problem {
	at := c.places.find(path)
	return Problem{Line: at.line, Column: at.column, Path: path, Message: fmt.Sprintf(format, args...)}
}

// problemsMax bounds how many problems of a file are reported: one that has more is not
// mended by hand.
const problemsMax = 500

// addProblems adds the problems of a later check. It may stumble over what an earlier one
// has found: of those that concern the same field only the earlier ones stay.
func addProblems(found, later []Problem) []Problem {
	all := slices.Clip(found)
	for _, p := range later {
		if len(all) < problemsMax && !slices.ContainsFunc(found, p.concernsSameAs) {
			all = append(all, p)
		}
	}
	return all
}

// concernsSameAs reports whether both problems are with the same field, or one with a
// field of the other's: then the first one found says enough.
func (p Problem) concernsSameAs(q Problem) bool {
	return within(p.Path, q.Path) || within(q.Path, p.Path)
}

// within reports whether path is outer or a field of it.
func within(path, outer string) bool {
	rest, ok := strings.CutPrefix(path, outer)
	return ok && outer != "" && (rest == "" || rest[0] == '.' || rest[0] == '[')
}

func sortProblems(problems []Problem) {
	slices.SortStableFunc(problems, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column), strings.Compare(a.Path, b.Path))
	})
}

// Suggest returns the candidate that got was probably meant to be, or "". It forgives one
// error in four letters: a wrong, missing, additional or swapped one counts once.
func Suggest(got string, candidates []string) string {
	best, bestDistance := "", len(got)/4+1
	for _, c := range candidates {
		if d := distance(got, c); d <= bestDistance && (best == "" || d < bestDistance) {
			best, bestDistance = c, d
		}
	}
	return best
}

// distance is the optimal string alignment distance of two words.
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			change := 1
			if a[i-1] == b[j-1] {
				change = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
