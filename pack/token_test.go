package pack

import (
	"strings"
	"testing"

	"github.com/itchyny/gojq"
)

func TestToken(t *testing.T) {
	// Computed with another implementation of the same definition.
	if got, want := Token(TestTokenKey(), "email", "ann@example.com"), "tok_43b685a36093535364cc4b62d34c80ee"; string(got) != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got, want := Token(TestTokenKey(), "em", "ailann@example.com"), "tok_2696d02382dbab569714feb1a2ae1ce6"; string(got) != want {
		t.Errorf("kind and value run together: got %s, want %s", got, want)
	}
	if Token([]byte("another"), "email", "ann@example.com") == Token(TestTokenKey(), "email", "ann@example.com") {
		t.Error("two keys give one token")
	}
}

func TestPersonalIsHidden(t *testing.T) {
	const people = `{
		"email": "ann@example.com", "id": 7, "total": 12.30, "nothing": null, "empty": "",
		"customer": {"name": "Ann", "phone": 491234, "vip": true, "tags": ["x", {"name": "Bea"}]},
		"lines": [{"sku": "A", "gift": "for Ann"}, {"sku": "B", "gift": "for Bea"}]
	}`
	token := func(kind, value string) string { return string(Token(TestTokenKey(), kind, value)) }
	for _, c := range []struct {
		name     string
		personal personalText
		kept     string // what must still be there, by space
		gone     string // what must not
		want     []string
	}{
		{"by name, anywhere", personalText{Kind: "name", Fields: []string{"name"}}, "ann@example.com 491234 true 12.30", `"Ann" "Bea"`, []string{token("name", "Ann"), token("name", "Bea")}},
		{"an object by name", personalText{Kind: "person", Fields: []string{"customer"}}, `ann@example.com "sku"`, `"Ann" "Bea" 491234 true "x"`, []string{token("person", "491234"), token("person", "true")}},
		{"numbers by name", personalText{Kind: "customer", Fields: []string{"id"}}, `12.30 "Ann"`, ":7,", []string{token("customer", "7")}},
		{"by path", personalText{Kind: "note", Paths: []string{".lines[].gift"}}, `"sku" "Ann"`, "for", []string{token("note", "for Ann"), token("note", "for Bea")}},
		{"an array by path", personalText{Kind: "note", Paths: []string{".lines"}}, "12.30", `"A" "B" for`, nil},
		{"the last of an array", personalText{Kind: "note", Paths: []string{".lines[-1].gift"}}, `for_Ann "sku"`, "for_Bea", []string{token("note", "for Bea")}},
		{"a slice hides the array", personalText{Kind: "note", Paths: []string{".lines[0:1]"}}, "12.30", `"A" "B" for`, nil},
		{"several paths", personalText{Kind: "x", Paths: []string{".email, .customer.name"}}, "491234", `"Ann" ann@example.com`, nil},
		{"by condition", personalText{Kind: "x", Paths: []string{`.lines[] | select(.sku == "A") | .gift`}}, "for_Bea", "for_Ann", nil},
		{"what is not there", personalText{Kind: "x", Paths: []string{".a.b.c", ".lines[9]", ".nothing", ".empty"}}, `"nothing":null "empty":""`, "tok_", nil},
		{"everything", personalText{Kind: "x", Paths: []string{"."}}, `"sku" null`, "ann 7, 12.30 Bea true", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := newPersonal([]personalText{c.personal}, "topic t")
			if err != nil {
				t.Fatal(err)
			}
			hidden, failure := p.hide(tree(t, people), JSON, testRun(t.Context()))
			if failure != nil {
				t.Fatal(failure)
			}
			text, _ := gojq.Marshal(hidden)
			for _, kept := range strings.Fields(c.kept) {
				if !strings.Contains(string(text), strings.ReplaceAll(kept, "_", " ")) {
					t.Errorf("%s is gone from %s", kept, text)
				}
			}
			for _, gone := range strings.Fields(c.gone) {
				if gone == "tok_" && !strings.Contains(string(text), gone) {
					continue
				}
				if strings.Contains(string(text), strings.ReplaceAll(gone, "for_", "for ")) {
					t.Errorf("%s is still in %s", gone, text)
				}
			}
			for _, want := range c.want {
				if !strings.Contains(string(text), want) {
					t.Errorf("%s is not in %s", want, text)
				}
			}
		})
	}
}

func TestTheInnerKindWins(t *testing.T) {
	p, err := newPersonal([]personalText{{Kind: "person", Fields: []string{"customer"}}, {Kind: "email", Fields: []string{"email"}}}, "topic t")
	if err != nil {
		t.Fatal(err)
	}
	hidden, failure := p.hide(tree(t, `{"email":"a@b.c","customer":{"email":"a@b.c","name":"a@b.c"}}`), JSON, testRun(t.Context()))
	if failure != nil {
		t.Fatal(failure)
	}
	object := hidden.(map[string]any)
	customer := object["customer"].(map[string]any)
	if object["email"] != customer["email"] || customer["email"] == customer["name"] {
		t.Errorf("got %v, want one token for the address of one person and another for the name", hidden)
	}
}

func TestHiddenOnce(t *testing.T) {
	p, err := newPersonal([]personalText{{Kind: "name", Fields: []string{"name"}, Paths: []string{".name"}}}, "topic t")
	if err != nil {
		t.Fatal(err)
	}
	for value, want := range map[string]string{
		"Ann":                                  string(Token(TestTokenKey(), "name", "Ann")),
		"tok_Ann":                              string(Token(TestTokenKey(), "name", "tok_Ann")),
		"tok_43b685a36093535364cc4b62d34c80ee": "tok_43b685a36093535364cc4b62d34c80ee",
	} {
		hidden, failure := p.hide(map[string]any{"name": value}, JSON, testRun(t.Context()))
		if failure != nil {
			t.Fatal(failure)
		}
		if got := hidden.(map[string]any)["name"]; got != want {
			t.Errorf("%s: got %s, want %s", value, got, want)
		}
	}
}
