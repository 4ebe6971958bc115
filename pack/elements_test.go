package pack

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

// The elements of an array are records of their own: one that is refused leaves its neighbours
// alone, and each has its place in the payload.
func TestElements(t *testing.T) {
	p := testPack(t, map[string]string{
		"pack.yaml": `
name: depot
system: depot
title: A list
versions: ["1"]
topics:
  - name: list
    status: described
    when: [{path: .kind, is: [list]}]
    format: json
    elements: body.items
    mapping: item.jq
    version: none
    makes: [{event: paid_in, key: none}]
`, "item.jq": `if .bad then refuse("V-SCH-01"; "a bad item") else ignore("item \(.no) is number \($number)") end`,
	})
	body := `{"kind":"list","other":{"items":[1]},"body":{"x":["]"],"items":[ {"no":1,"t":"}"} ,{"bad":true},` + "\n" + `{"no":3}]},"after":[]}`
	result, err := p.Map(t.Context(), Input{Body: []byte(body), Instance: "i", TokenKey: TestTokenKey()})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range result.Records {
		text := r.Ignored
		if r.Err != nil {
			text = string(r.Err.Code)
		}
		got = append(got, body[r.Start:r.End]+" "+text)
	}
	want := `{"no":1,"t":"}"} item 1 is number 1; {"bad":true} V-SCH-01; {"no":3} item 3 is number 3`
	if strings.Join(got, "; ") != want {
		t.Errorf("got  %s\nwant %s", strings.Join(got, "; "), want)
	}
	for _, none := range []string{`{"kind":"list"}`, `{"kind":"list","body":[]}`, `{"kind":"list","body":{"items":{}}}`} {
		if _, err := p.Map(t.Context(), Input{Body: []byte(none), Instance: "i", TokenKey: TestTokenKey()}); !fault.HasCode(err, fault.BadSyntax) {
			t.Errorf("%s: got %v, want %s", none, err, fault.BadSyntax)
		}
	}
}
