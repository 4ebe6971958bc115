package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestJSON(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"identifiers above 2^53 stay", `{"id":820982911946154508}`, `{"id":820982911946154508}`},
		{"digits stay as written", `[12.30,1e3,-0,0.1000]`, `[12.30,1e3,-0,0.1000]`},
		{"every kind of value", `{"a":[true,false,null,"x",{}],"b":[]}`, `{"a":[true,false,null,"x",{}],"b":[]}`},
		{"space around the document", " \r\n\t[] \n", `[]`},
		{"byte order mark", "\ufeff{}", `{}`},
		{"a bare text", `"x"`, `"x"`},
		{"null", `null`, `null`},
		{"escapes", `"\"\\\/\b\f\n\r\t\u00e4\uD83D\uDE00x"`, `"\"\\/\b\f\n\r\tä😀x"`},
		{"half a pair", `["\ud800","\ud800\u0041","\udc00\ud83d\ude00"]`, `["�","�A","�😀"]`},
		{"texts that repeat", `["EUR","EUR",1.0,1.0,"EUX","1.0"]`, `["EUR","EUR",1.0,1.0,"EUX","1.0"]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := JSON([]byte(c.in), Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := records(d)
			if len(r) != 1 || r[0].Start != 0 || r[0].End != int64(len(c.in)) {
				t.Fatalf("got %+v, want one record of the whole document", r)
			}
			if got := show(t, r[0].Tree); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// reproduces: H-SYNTAX, H-TOO-LARGE
func TestJSONRefused(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limits   Limits
		code     fault.Code
		subject  string
	}{
		{"nothing", ``, Limits{}, fault.BadSyntax, "byte 0"},
		{"member twice", `{"a":1,"a":1}`, Limits{}, fault.BadSyntax, "byte 10"},
		{"member twice, escaped once", `{"a":1,"\u0061":1}`, Limits{}, fault.BadSyntax, ""},
		{"something follows", `{} {}`, Limits{}, fault.BadSyntax, ""},
		{"garbage follows", `{}x`, Limits{}, fault.BadSyntax, ""},
		{"cut off", `{"a":[1,2`, Limits{}, fault.BadSyntax, "byte 9"},
		{"comma too many in an array", `[1,]`, Limits{}, fault.BadSyntax, ""},
		{"comma too many in an object", `{"a":1,}`, Limits{}, fault.BadSyntax, ""},
		{"single quotes", `{'a':1}`, Limits{}, fault.BadSyntax, ""},
		{"a number as name", `{1:1}`, Limits{}, fault.BadSyntax, ""},
		{"a line end in a string", "\"a\nb\"", Limits{}, fault.BadSyntax, "byte 2"},
		{"a line end in a string with escapes", "\"\\t\nb\"", Limits{}, fault.BadSyntax, "byte 3"},
		{"an unknown escape", `"\x"`, Limits{}, fault.BadSyntax, ""},
		{"three hexadecimal digits", `"\u123"`, Limits{}, fault.BadSyntax, ""},
		{"cut off in an escape", `"\`, Limits{}, fault.BadSyntax, ""},
		{"cut off in a string", `"ab`, Limits{}, fault.BadSyntax, "byte 3"},
		{"a point without digits", `[1.]`, Limits{}, fault.BadSyntax, ""},
		{"an exponent without digits", `[1e+]`, Limits{}, fault.BadSyntax, ""},
		{"a minus alone", `[-]`, Limits{}, fault.BadSyntax, ""},
		{"half a word", `[tru]`, Limits{}, fault.BadSyntax, ""},
		{"no colon", `{"a" 1}`, Limits{}, fault.BadSyntax, ""},
		{"no comma", `[1 2]`, Limits{}, fault.BadSyntax, ""},
		{"leading zero", `[01]`, Limits{}, fault.BadSyntax, ""},
		{"not a number", `[NaN]`, Limits{}, fault.BadSyntax, ""},
		{"not UTF-8", "[\"a\xff\"]", Limits{}, fault.BadSyntax, "byte 3"},
		{"65 digits", strings.Repeat("9", 65), Limits{}, fault.TooLarge, ""},
		{"depth past the limit", `[[[]]]`, Limits{Depth: 2}, fault.TooLarge, "byte 3"},
		{"values past the limit", `[1,2,3]`, Limits{Values: 3}, fault.TooLarge, ""},
		{"bytes past the limit", `[1]`, Limits{Bytes: 2}, fault.TooLarge, "document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := JSON([]byte(c.in), c.limits)
			wantCode(t, err, c.code, c.subject)
		})
	}
}

func TestJSONAtTheLimit(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limits   Limits
	}{
		{"64 digits", strings.Repeat("9", 64), Limits{}},
		{"depth", `[[]]`, Limits{Depth: 2}},
		{"depth by default", strings.Repeat("[", 64) + strings.Repeat("]", 64), Limits{}},
		{"values", `[1,2,3]`, Limits{Values: 4}},
		{"bytes", `[1]`, Limits{Bytes: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := JSON([]byte(c.in), c.limits); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestBoxes requires that a box of one value is never given for another.
func TestBoxes(t *testing.T) {
	var b boxes
	for range 2 {
		for n := range 1000 {
			text := fmt.Sprint(n)
			if got := b.text(text); got != text {
				t.Fatalf("got %v, want %q", got, text)
			}
			if got := b.number(json.Number(text)); got != json.Number(text) {
				t.Fatalf("got %v, want %s", got, text)
			}
		}
	}
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a":[1,2.50,"x",null,true]}`, `[1,]`, `{"a":1,"a":2}`, `{"a":{}} x`, "\ufeff[]", `"\ud800"`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := JSON(body, Limits{})
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		if !json.Valid([]byte(strings.TrimPrefix(string(body), "\ufeff"))) {
			t.Fatal("accepted what is not JSON")
		}
		tree := records(d)[0].Tree
		again, err := JSON([]byte(show(t, tree)), Limits{})
		if err != nil {
			t.Fatalf("own output refused: %v", err)
		}
		if a, b := fmt.Sprint(tree), fmt.Sprint(records(again)[0].Tree); a != b {
			t.Fatalf("read back %s, want %s", b, a)
		}
	})
}
