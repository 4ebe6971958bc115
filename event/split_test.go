package event

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

// split returns what Split gives, faults by their code.
func split(text string) []string {
	var parts []string
	for event, err := range Split(iotest.HalfReader(strings.NewReader(text))) {
		if err != nil {
			code, _, _ := strings.Cut(err.Error(), ":")
			event = []byte("!" + code)
		}
		parts = append(parts, string(event))
	}
	return parts
}

func TestSplit(t *testing.T) {
	huge := `{"a":"` + strings.Repeat("x", FactMax) + `"}`
	for _, c := range []struct{ name, text, want string }{
		{"nothing", " \n", ``},
		{"one", `{"a":1}`, `{"a":1}`},
		{"one over several lines", "{\n  \"a\": [\n    {\"b\": 1}\n  ]\n}\n", "{\n  \"a\": [\n    {\"b\": 1}\n  ]\n}"},
		{"array", ` [ {"a":1} , {"b":[2,"]"]} ] `, `{"a":1}|{"b":[2,"]"]}`},
		{"empty array", `[]`, ``},
		{"array of anything", `[1,"a,]",null,[2],{}]`, `1|"a,]"|null|[2]|{}`},
		{"lines", "{\"a\":1}\n{\"b\":2}\r\n\n{\"c\":3}", `{"a":1}|{"b":2}|{"c":3}`},
		{"one line", `{"a":1}{"b":2} {"c":3}`, `{"a":1}|{"b":2}|{"c":3}`},
		{"quotes and brackets", `{"a":"\"}"}` + "\n" + `{"b":"\\"}`, `{"a":"\"}"}|{"b":"\\"}`},
		{"bad member among good", `[{"a":1},{"a":tru},{"c":3}]`, `{"a":1}|{"a":tru}|{"c":3}`},
		{"cut line among good", "{\"a\":1}\n{\"b\":{\"x\n{\"c\":3}", "{\"a\":1}|{\"b\":{\"x|{\"c\":3}"},
		{"cut line that ends in a comma", "{\"a\":1,\n{\"b\":2}\n", `{"a":1,|{"b":2}`},
		{"words among good", "{\"a\":1}\nhello\n}\n{\"c\":3}\n", "{\"a\":1}|hello|}|{\"c\":3}"},
		{"huge among good in an array", `[{"a":1},` + huge + `,{"c":3}]`, `{"a":1}|!H-TOO-LARGE|{"c":3}`},
		{"huge among good in lines", `{"a":1}` + "\n" + huge + "\n" + `{"c":3}`, `{"a":1}|!H-TOO-LARGE|{"c":3}`},
		{"array not closed", `[{"a":1},{"b":2}`, `{"a":1}|!H-SYNTAX`},
		{"array cut within", `[{"a":1},{"b":`, `{"a":1}|!H-SYNTAX`},
		{"array without comma", `[{"a":1} {"b":2}]`, `{"a":1}|!H-SYNTAX`},
		{"behind the array", `[{"a":1}] x`, `{"a":1}|!H-SYNTAX`},
		{"comma at the end", `[{"a":1},]`, `{"a":1}|!H-SYNTAX`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := strings.Join(split(c.text), "|"); got != c.want {
				t.Errorf("got %.200s, want %s", got, c.want)
			}
		})
	}
}

func TestSplitTellsOfReadingFaults(t *testing.T) {
	broken := errors.New("connection lost")
	for _, text := range []string{"", "[", `{"a":1}`, `[{"a":1}`} {
		var last error
		for _, err := range Split(io.MultiReader(strings.NewReader(text), iotest.ErrReader(broken))) {
			last = err
		}
		if !errors.Is(last, broken) {
			t.Errorf("after %q got %v, want the reader's fault", text, last)
		}
	}
}

func TestSplitStopsWhenAsked(t *testing.T) {
	for _, text := range []string{`[{},{}]`, "{}\n{}", "x\n{}", "{\n{}", "[", "{"} {
		for range Split(strings.NewReader(text)) { //nolint:errcheck // stopping is what this is about
			break
		}
	}
}

// Whatever stands between them, good events come out of lines and of arrays whole.
func TestSplitKeepsNeighbours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var good []string
		lines, array := "", ""
		for range rapid.IntRange(1, 4).Draw(t, "events") {
			fact := string(events().Draw(t, "event").AppendFact(nil))
			cut := fact[:rapid.IntRange(1, len(fact)-1).Draw(t, "cut")]
			good = append(good, fact)
			lines += cut + "\n" + fact + "\n"
			array += "," + fact
		}
		got := split(lines)
		for _, want := range good {
			for len(got) > 0 && got[0] != want {
				got = got[1:]
			}
			if len(got) == 0 {
				t.Fatalf("%s is lost in\n%s", want, lines)
			}
		}
		if got := strings.Join(split("["+array[1:]+"]"), "\n"); got != strings.Join(good, "\n") {
			t.Fatalf("got %s", got)
		}
	})
}
