package pack

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
)

const salesManifest = `
name: sales
system: sales
title: Rows of invoices
versions: ["1"]
options:
  - {name: columns, title: What the files call the columns}
  - {name: delimiter, title: What stands between fields}
  - {name: encoding, title: The encoding of its files}
personal: [{kind: customer, fields: [customer]}]
topics:
  - name: rows
    status: described
    when: [{columns: [invoice, item]}]
    format: csv
    ordinal: invoice
    mapping: row.jq
    version: none
`

func salesPack(t testing.TB) *Pack {
	return testPack(t, map[string]string{"pack.yaml": salesManifest, "row.jq": `ignore("\(.invoice) \($ordinal) of row \($number): \(.item), \(.customer)")`})
}

// ignoredOf maps a file and returns why each row is ignored, or its code.
func ignoredOf(t testing.TB, p *Pack, in Input) []string {
	t.Helper()
	in.TokenKey = []byte("key")
	result, err := p.Map(context.Background(), in)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range result.Records {
		if o.Err != nil {
			got = append(got, string(o.Err.Code))
		} else {
			got = append(got, o.Ignored)
		}
	}
	return got
}

// Rows are counted within their invoice, wherever they stand; one that cannot be read is not.
func TestOrdinals(t *testing.T) {
	for _, c := range []struct {
		name, body string
		options    map[string]string
		want       string
	}{
		{"rows of invoices", "invoice,item,customer\nA,1,\nA,2,\nB,1,\nA,3,\n", nil,
			"A 1 of row 1: 1, |A 2 of row 2: 2, |B 1 of row 3: 1, |A 3 of row 4: 3, "},
		{"a broken row", "invoice,item,customer\nA,1,\nA,2\nA,3,\n", nil, "A 1 of row 1: 1, |H-SYNTAX|A 2 of row 3: 3, "},
		{"the file's own columns and signs", "No;Code;customer\nA;1,5;\nA;2;\n", map[string]string{"columns": "invoice=No, item = Code", "delimiter": ";"},
			"A 1 of row 1: 1,5, |A 2 of row 2: 2, "},
		{"tabs", "invoice\titem\tcustomer\nA\t1\t\n", map[string]string{"delimiter": "tab"}, "A 1 of row 1: 1, "},
		{"a person whose column is called otherwise", "invoice,item,Buyer\nA,1,Ann\n", map[string]string{"columns": "customer=Buyer"},
			"A 1 of row 1: 1, tok_b5b5df23baa1b99e461057b61cb076b4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(ignoredOf(t, salesPack(t), Input{Body: []byte(c.body), Options: c.options}), "|"); got != c.want {
				t.Errorf("got %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestOptionsOfFiles(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"columns", "invoice=No, item=Code", ""},
		{"columns", "invoice", "H-CONFIG"},
		{"columns", "invoice=No,item=No", "H-CONFIG"},
		{"columns", "=No", "H-CONFIG"},
		{"delimiter", "|", ""},
		{"delimiter", "tab", ""},
		{"delimiter", "", "H-CONFIG"},
		{"delimiter", `"`, "H-CONFIG"},
		{"delimiter", ";;", "H-CONFIG"},
		{"encoding", "windows-1252", ""},
		{"encoding", "ebcdic", "H-CONFIG"},
	} {
		err := salesPack(t).CheckOptions(map[string]string{c.name: c.text})
		if got := err; (c.want == "") != (got == nil) || got != nil && !fault.HasCode(got, fault.Code(c.want)) {
			t.Errorf("%s %q: got %v, want %q", c.name, c.text, got, c.want)
		}
	}
}

// A file gives every row the same ordinal, wherever it is cut.
func TestOrdinalsOfAFileThatIsCut(t *testing.T) {
	p := salesPack(t)
	rapid.Check(t, func(rt *rapid.T) {
		const header = "invoice,item,customer\n"
		rows := rapid.SliceOfN(rapid.SampledFrom([]string{"A", "B", "C"}), 1, 20).Draw(rt, "invoices")
		for i, r := range rows {
			rows[i] = fmt.Sprintf("%s,%d,\n", r, i)
		}
		cut := rapid.IntRange(0, len(rows)).Draw(rt, "cut")
		whole := ignoredOf(t, p, Input{Body: []byte(header + strings.Join(rows, ""))})
		first := Input{Body: []byte(header + strings.Join(rows[:cut], ""))}
		got := ignoredOf(t, p, first)
		counted, err := p.CountOrdinals(context.Background(), first)
		if err != nil {
			rt.Fatal(err)
		}
		got = append(got, ignoredOf(t, p, Input{Body: []byte(header + strings.Join(rows[cut:], "")), Before: cut, Ordinals: counted})...)
		if strings.Join(got, "|") != strings.Join(whole, "|") {
			rt.Errorf("cut after %d: got %q, want %q", cut, got, whole)
		}
	})
}

func TestOrdinalsAreBounded(t *testing.T) {
	counted := Ordinals{}
	for i := range ordinalsMax {
		counted[fmt.Sprint(i)] = 1
	}
	in := Input{Body: []byte("invoice,item,customer\nA,1,\n"), Ordinals: counted, TokenKey: []byte("key")}
	if _, err := salesPack(t).Map(context.Background(), in); !fault.HasCode(err, fault.TooLarge) {
		t.Errorf("got %v, want %s", err, fault.TooLarge)
	}
}
