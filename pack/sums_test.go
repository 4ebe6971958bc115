package pack

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

const addedManifest = `
name: added
system: added
title: Rows and entries that are added up
versions: ["1"]
personal: [{kind: customer, fields: [customer]}]
topics:
  - name: rows
    status: described
    when: [{columns: [kind, amount]}]
    format: csv
    sums: 'if .kind == "X" then ignore("nothing") elif .kind == "pair" then ["pair"] else ["all", (.amount | minor("EUR"))] end'
    mapping: row.jq
    version: none
  - name: entries
    status: described
    when: [{root: F}]
    format: xml
    record: E
    sums: '["sum", (. | minor("EUR"))]'
    mapping: entry.jq
    version: none
`

func addedPack(t testing.TB) *Pack {
	return testPack(t, map[string]string{
		"pack.yaml": addedManifest,
		"row.jq":    `ignore("\(.customer[:4]) of \($sums)")`,
		"entry.jq":  `ignore("\(.) of \($sums)")`,
	})
}

// Records know what those of their parent come to, those before and behind them; where one
// cannot be read, nobody does.
func TestSums(t *testing.T) {
	for _, c := range []struct{ name, body, want string }{
		{"rows", "kind,amount,customer\nA,1.10,Ann\nA,-0.05,Ann\nX,9.00,\n",
			`tok_ of {"all":105}|tok_ of {"all":105}| of {"all":105}`},
		{"a row that has no amount", "kind,amount,customer\nA,1.10,Ann\nA,some,Ann\n", "tok_ of null|tok_ of null"},
		{"a row that cannot be read", "kind,amount,customer\nA,1.10,Ann\nA,2\n", "tok_ of null|H-SYNTAX"},
		{"an expression that gives no pair", "kind,amount,customer\npair,1.10,Ann\n", "tok_ of null"},
		{"no rows", "kind,amount,customer\n", ""},
		{"entries of two parents", "<F><S i='1'><E>1.00</E><E>2.00</E></S><S i='2'><E>5.00</E></S></F>", `1.00 of {"sum":300}|2.00 of {"sum":300}|5.00 of {"sum":500}`},
		{"entries of parents that hold nothing else", "<F><S><E>1.00</E></S><S><E>5.00</E></S></F>", `1.00 of {"sum":600}|5.00 of {"sum":600}`},
		{"a broken entry spoils its own parent's", "<F><S i='1'><E>1.00</E><E>x</E></S><S i='2'><E>5.00</E></S></F>", `1.00 of null|x of null|5.00 of {"sum":500}`},
	} {
		if got := strings.Join(ignoredOf(t, addedPack(t), Input{Body: []byte(c.body)}), "|"); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// Sums have a limit, in number and in size.
func TestSumsAreLimited(t *testing.T) {
	p := testPack(t, map[string]string{
		"pack.yaml": strings.Replace(addedManifest, `'["sum", (. | minor("EUR"))]'`, `'[., (.[1:] | tonumber)]'`, 1), "row.jq": "empty", "entry.jq": "empty",
	})
	entries := func(n int, number string) []byte {
		var b strings.Builder
		b.WriteString("<F>")
		for i := range n {
			fmt.Fprintf(&b, "<E>%c%s</E>", 'a'+rune(i%20000), number)
		}
		return []byte(b.String() + "</F>")
	}
	const digits17 = "100000000000000000"
	for _, c := range []struct {
		name string
		body []byte
		want bool
	}{
		{"names at the limit", entries(sumsMax, "1"), true},
		{"names past the limit", entries(sumsMax+1, "1"), false},
		{"a sum at the limit", []byte("<F><E>a" + digits17 + "</E></F>"), true},
		{"a sum past the limit", []byte("<F><E>a" + digits17 + "</E><E>b1</E><E>a" + digits17 + "</E></F>"), false},
	} {
		_, err := p.Map(context.Background(), Input{Body: c.body, TokenKey: []byte("key")})
		if (err == nil) != c.want || err != nil && !fault.HasCode(err, fault.TooLarge) {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// A file whose rows are added up is not cut.
func TestSummedFilesAreWhole(t *testing.T) {
	if addedPack(t).CutByRows(t.Context(), Input{Body: []byte("kind,amount,customer\nA,1.10,Ann\n")}) {
		t.Error("it is cut by rows")
	}
}
