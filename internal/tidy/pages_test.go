package tidy

import (
	"regexp"
	"slices"
	"strings"
)

// forbidden are words that must not stand in any file. The expressions are written so that
// they do not match themselves; a line is matched only if it holds one of the hints.
var forbidden = []struct {
	hints []string
	expr  *regexp.Regexp
	why   string
}{
	{
		[]string{"TO" + "DO", "FIX" + "ME", "HA" + "CK"},
		regexp.MustCompile(`\b(TO[D]O|FIX[M]E|HA[C]K)\b`), "finish it, or open an issue",
	},
	{
		[]string{"/work/", "/root/", "/home/", "/Users/"},
		regexp.MustCompile(`(^|[^\w.~/*-])/(work|root|home|Users)/\w`), "names a place on one machine",
	},
	{
		[]string{"proxy.", "registry.", "mirror.", "npm.", "pypi.", "artifactory.", "nexus.", "index.", "sum."},
		regexp.MustCompile(`\b(proxy|registry|mirror|npm|pypi|artifactory|nexus|index|sum)\.[a-z0-9-]+\.(org|com|io|net|dev|corp|internal|lan)\b`), "names a registry",
	},
	{
		[]string{"GOPROXY", "GONOSUMDB", "GOPRIVATE", "GOSUMDB"},
		regexp.MustCompile(`\bGO(PROXY|NOSUMDB|PRIVATE|SUMDB)=`), "how modules are fetched is the machine's business",
	},
}

// findWords finds what must not be written down, in every text file.
func findWords(tr *tree) []finding {
	var found []finding
	for _, f := range tr.texts {
		if strings.HasPrefix(f.path, "internal/tidy/testdata/") || f.path == "go.sum" {
			continue
		}
		for _, word := range forbidden {
			if !slices.ContainsFunc(word.hints, func(hint string) bool { return strings.Contains(f.data, hint) }) {
				continue
			}
			line := 0
			for text := range strings.Lines(f.data) {
				line++
				if !slices.ContainsFunc(word.hints, func(hint string) bool { return strings.Contains(text, hint) }) {
					continue
				}
				if hit := word.expr.FindString(text); hit != "" {
					found = append(found, finding{f.path, line, strings.TrimSpace(hit) + ": " + word.why})
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

// ruleCode is what rules are called: P17, D3, V-AUT-01, 0.3.
const ruleCode = `(?:[A-Z][A-Z0-9]*[0-9](?:-[0-9]+)?|V-[A-Z]+-[0-9]+|[A-Z]+_[A-Z]+|0\.[0-9])`

var (
	// ruleHeading opens a rule in docs/rules: "## P17 Fulfilment".
	ruleHeading = regexp.MustCompile(`^##+ (` + ruleCode + `(?:, ` + ruleCode + `)*) `)
	codeInText  = regexp.MustCompile(`\b` + ruleCode + `\b`)
)

// unwritten are rules whose page runs ahead of the code. The list may only shrink.
const unwritten = ""

// findRulePages finds rules of docs/rules that no code or no test names: whoever searches
// for a rule's code must find the rule, the code that follows it and the test that proves it.
func findRulePages(tr *tree) []finding {
	var found []finding
	inCode, inTests := codesInUse(tr)
	for _, f := range tr.texts {
		if !strings.HasPrefix(f.path, "docs/rules/") {
			continue
		}
		line := 0
		for text := range strings.Lines(f.data) {
			line++
			m := ruleHeading.FindStringSubmatch(text)
			if m == nil {
				continue
			}
			for code := range strings.SplitSeq(m[1], ", ") {
				switch waits := hasName(unwritten, code); {
				case waits && inCode[code] && inTests[code]:
					found = append(found, finding{f.path, line, code + " is written now: take it from the list of unwritten rules"})
				case !waits && !inCode[code]:
					found = append(found, finding{f.path, line, code + " stands in no code"})
				case !waits && !inTests[code]:
					found = append(found, finding{f.path, line, code + " stands in no test"})
				}
			}
		}
	}
	return found
}

// codesInUse returns the rule codes that code names, and those that tests name.
func codesInUse(tr *tree) (inCode, inTests map[string]bool) {
	inCode, inTests = make(map[string]bool), make(map[string]bool)
	for _, f := range tr.texts {
		in := inCode
		switch {
		case strings.HasPrefix(f.path, "internal/"):
			continue
		case strings.HasSuffix(f.path, "_test.go"), strings.Contains(f.path, "testdata/"), strings.Contains(f.path, "/cases/"):
			in = inTests
		case !strings.HasSuffix(f.path, ".go"):
			continue
		}
		for _, code := range codeInText.FindAllString(f.data, -1) {
			in[code] = true
		}
	}
	return inCode, inTests
}
