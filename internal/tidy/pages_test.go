package tidy

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// forbidden are words that must not stand in any file. The expressions are written so that
// they do not match themselves.
var forbidden = []struct {
	expr *regexp.Regexp
	why  string
}{
	{regexp.MustCompile(`\b(TO[D]O|FIX[M]E|HA[C]K)\b`), "finish it, or open an issue"},
	{regexp.MustCompile(`(^|[^\w.~/*-])/(w[o]rk|r[o]ot|h[o]me|U[s]ers)/\w`), "names a place on one machine"},
	{regexp.MustCompile(`(?i)\b(proxy|registry|mirror|npm|pypi|artifactory|nexus|index|sum)\.[a-z0-9-]+\.(org|com|io|net|dev|corp|internal|lan)\b`), "names a registry"},
	{regexp.MustCompile(`\bGO(PROXY|NOSUMDB|PRIVATE|SUMDB)=`), "how modules are fetched is the machine's business"},
	{regexp.MustCompile(`(?i)\bco-authored-[b]y:`), "files name no people"},
}

// findWords finds what must not be written down, in every text file.
func findWords(tr *tree) []finding {
	var found []finding
	for _, f := range tr.texts {
		if strings.HasPrefix(f.path, "internal/tidy/testdata/") || f.path == "go.sum" {
			continue
		}
		line := 0
		for text := range bytes.Lines(f.data) {
			line++
			for _, word := range forbidden {
				if hit := word.expr.Find(bytes.TrimRight(text, "\n")); hit != nil {
					found = append(found, finding{f.path, line, strings.TrimSpace(string(hit)) + ": " + word.why})
				}
			}
		}
	}
	return found
}

// packageLine is a line of ARCHITECTURE.md's list: a package and what it is for.
var packageLine = regexp.MustCompile(`^\s*([a-z][a-z0-9/]*)\s{2,}\S`)

// findArchitecture finds packages that ARCHITECTURE.md leaves out, and names in it that no
// package has. The list stands under "## Packages".
func findArchitecture(tr *tree) []finding {
	const page = "ARCHITECTURE.md"
	var listed []string
	var found []finding
	_, section, _ := strings.Cut(tr.text(page), "\n## Packages\n")
	section, _, _ = strings.Cut(section, "\n## ")
	for line := range strings.Lines(section) {
		if m := packageLine.FindStringSubmatch(line); m != nil {
			if slices.Contains(listed, m[1]) {
				found = append(found, finding{path: page, text: "lists " + m[1] + " twice"})
			}
			listed = append(listed, m[1])
		}
	}
	present := tr.packages()
	for _, dir := range present {
		if !slices.Contains(listed, dir) {
			found = append(found, finding{path: page, text: "does not list " + dir})
		}
	}
	for _, dir := range listed {
		if !slices.Contains(present, dir) {
			found = append(found, finding{path: page, text: "lists " + dir + ", which does not exist"})
		}
	}
	return found
}

// ruleHeading opens a rule in docs/rules: "## P17 Fulfilment".
var ruleHeading = regexp.MustCompile(`^##+ ((?:[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*|0\.[0-9])(?:, (?:[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*|0\.[0-9]))*) `)

// unwritten are rules whose page runs ahead of the code. The list may only shrink.
const unwritten = ""

// findRulePages finds rules of docs/rules that no code or no test names: whoever searches
// for a rule's code must find the rule, the code that follows it and the test that proves it.
func findRulePages(tr *tree) []finding {
	var found []finding
	for _, f := range tr.texts {
		if !strings.HasPrefix(f.path, "docs/rules/") {
			continue
		}
		line := 0
		for text := range strings.Lines(string(f.data)) {
			line++
			m := ruleHeading.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			for code := range strings.SplitSeq(m[1], ", ") {
				inCode, inTest := mentions(tr, code)
				switch waits := hasName(unwritten, code); {
				case waits && inCode && inTest:
					found = append(found, finding{f.path, line, code + " is written now: take it from the list of unwritten rules"})
				case !waits && !inCode:
					found = append(found, finding{f.path, line, code + " stands in no code"})
				case !waits && !inTest:
					found = append(found, finding{f.path, line, code + " stands in no test"})
				}
			}
		}
	}
	return found
}

// mentions reports whether code and tests name a rule.
func mentions(tr *tree, code string) (inCode, inTest bool) {
	word := regexp.MustCompile(`\b` + regexp.QuoteMeta(code) + `\b`)
	for _, f := range tr.texts {
		isTest := strings.HasSuffix(f.path, "_test.go") || strings.Contains(f.path, "testdata/") || strings.Contains(f.path, "/cases/")
		isCode := strings.HasSuffix(f.path, ".go") && !isTest
		if !isTest && !isCode || strings.HasPrefix(f.path, "internal/tidy/") {
			continue
		}
		if word.Match(f.data) {
			inCode, inTest = inCode || isCode, inTest || isTest
		}
	}
	return inCode, inTest
}
