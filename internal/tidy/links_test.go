package tidy

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

// link is a Markdown link; its target may carry a fragment.
var link = regexp.MustCompile(`\]\(([^)\s#]+)(?:#[^)\s]*)?\)`)

// findLinks finds links between documents, and from documents to files, that lead nowhere.
func findLinks(tr *tree) []finding {
	var found []finding
	for _, f := range tr.texts {
		if path.Ext(f.path) != ".md" {
			continue
		}
		line := 0
		for text := range strings.Lines(f.data) {
			line++
			for _, m := range link.FindAllStringSubmatch(text, -1) {
				target := path.Join(path.Dir(f.path), m[1])
				if !strings.Contains(m[1], "://") && !tr.has(target) {
					found = append(found, finding{f.path, line, m[1] + " leads nowhere"})
				}
			}
		}
	}
	return found
}

// has reports whether there is a file or a folder of that name.
func (tr *tree) has(name string) bool {
	return slices.ContainsFunc(tr.texts, func(f textFile) bool {
		return f.path == name || strings.HasPrefix(f.path, name+"/")
	})
}
