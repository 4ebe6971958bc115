package event

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

func TestCanonical(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"escapes of RFC 8785", `"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"`, `"€$\u000f\nA'B\"\\\\\"/"`},
		{"names of RFC 8785", `{"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One","\ud83d\ude00":"Emoji","\u0080":"Control","\u00f6":"Latin"}`,
			"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\",\"ö\":\"Latin\",\"€\":\"Euro Sign\",\"😀\":\"Emoji\",\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}"},
		{"nested", ` { "b" : [ 1 , -2, { } , [ ] ] , "a" : { "d":null, "c":true } } `, `{"a":{"c":true,"d":null},"b":[1,-2,{},[]]}`},
		{"one name begins another", `{"ab":1,"a":2,"é":3,"éa":4}`, `{"a":2,"ab":1,"é":3,"éa":4}`},
		{"all short escapes", `"\b\f\n\r\t\u007f"`, "\"\\b\\f\\n\\r\\t\u007f\""},

		{"decimal", `1.5`, `!has to be an integer`},
		{"exponent", `1e3`, `!has to be an integer`},
		{"zero in front", `01`, `!has to be an integer`},
		{"minus zero", `-0`, `!has to be an integer`},
		{"beyond doubles", `9007199254740992`, `!is too large`},
		{"twice", `{"a":1,"b":2,"\u0061":3}`, `!a: the member stands there twice`},
		{"half a pair", `"\ud83d"`, `!half a surrogate pair`},
		{"half a pair and text", `"\ud83dx12345"`, `!half a surrogate pair`},
		{"second half first", `"\ude00\ud83d"`, `!half a surrogate pair`},
		{"unknown escape", `"\x"`, `!has an escape`},
		{"short escape", `"\u12`, `!has an escape`},
		{"sign in an escape", `"\u+123"`, `!has an escape`},
		{"raw newline", "\"a\nb\"", `!control character`},
		{"raw newline behind an escape", "\"\\ta\nb\"", `!control character`},
		{"no UTF-8", "\"a\xff\"", `!not valid UTF-8`},
		{"no UTF-8 behind an escape", "\"\\ta\xff\"", `!not valid UTF-8`},
		{"surrogate as UTF-8", "\"\xed\xa0\x80\"", `!not valid UTF-8`},
		{"overlong", "\"\xc0\xaf\"", `!not valid UTF-8`},
		{"open string", `"abc`, `!ends within a string`},
		{"open string behind an escape", `"\tabc`, `!ends within a string`},
		{"comma at the end", `[1,]`, `!has to be an integer`},
		{"comma at the end of an object", `{"a":1,}`, `!has to be a string`},
		{"no comma", `[1 2]`, `!a comma or a closing bracket is missing`},
		{"no colon", `{"a" 1}`, `!a colon is missing`},
		{"other white space", "[1,\u00a02]", `!has to be an integer`},
		{"half a word", `nul`, `!has to be an integer`},
		{"more behind it", `{} {}`, `!`},
		{"nothing", ``, `!has to be an integer`},
		{"32 levels", strings.Repeat("[", 32) + strings.Repeat("]", 32), strings.Repeat("[", 32) + strings.Repeat("]", 32)},
		{"33 levels", strings.Repeat("[", 33) + strings.Repeat("]", 33), `!nested deeper than 32 levels`},
	} {
		t.Run(c.name, func(t *testing.T) {
			b, err := Canonical([]byte(c.in))
			got := string(b)
			if err != nil {
				got = "!" + err.Error()
			}
			if want, fault := strings.CutPrefix(c.want, "!"); got != c.want && !(fault && err != nil && strings.Contains(got, want)) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestParseTime(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"2026-03-02T17:05:11Z", "2026-03-02T17:05:11Z Z"},
		{"2026-03-02T17:05:11.5-09:30", "2026-03-03T02:35:11.5Z -09:30"},
		{"2026-03-02T17:05:11.000000001+00:00", "2026-03-02T17:05:11.000000001Z +00:00"},
		{"2024-02-29T00:00:00+14:00", "2024-02-28T10:00:00Z +14:00"},
		{"2026-02-29T00:00:00Z", ""}, {"2026-04-31T00:00:00Z", ""}, {"1900-02-29T00:00:00Z", ""}, {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00Z Z"},
		{"2026-03-02T17:05:11.Z", ""}, {"2026-03-02T17:05:11.1234567890Z", ""}, {"2026-03-02T17:05:60Z", ""}, {"2026-03-02T24:00:00Z", ""},
		{"2026-03-02T17:05:11", ""}, {"2026-03-02 17:05:11Z", ""}, {"2026-03-02T17:05:11z", ""}, {"2026-03-02T17:05:11+1:00", ""}, {"2026-03-02T17:05:11+24:00", ""},
		{"0001-01-01T00:00:00Z", ""}, {"9999-12-31T23:59:59Z", ""}, {"2026-3-02T17:05:11Z0", ""}, {"", ""}, {"2026-03-02T17:05:1-Z", ""},
	} {
		got := ""
		if at, offset, ok := parseTime(c.in); ok {
			got = at.Format("2006-01-02T15:04:05.999999999Z07:00") + " " + offset
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.in, got, c.want)
		}
	}
}

// What Decode takes it writes, and takes again as the same.
func FuzzDecode(f *testing.F) {
	f.Add(benchEvent().AppendFact(nil))
	f.Add([]byte(`{"data":{"reservation":"R-1","ext":{"a":[1,{"b":null}]}},"instance":"i","key":"\u00fc","system":"s","time":"2026-03-02T23:30:00-05:00","type":"reservation_released.v1"}`))
	f.Add([]byte(`{"data":{"author":"a","row":{"entity":"E"},"row_key":"k","table":"shops"},"instance":"i","key":"k","system":"s","time":"2026-03-02T23:30:00Z","type":"reference_set.v1"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := Decode(text)
		if err != nil {
			return
		}
		fact := e.AppendFact(nil)
		again, err := Decode(fact)
		if err != nil || !reflect.DeepEqual(e, again) {
			t.Fatalf("%s\nbecomes %s\n%v", text, fact, err)
		}
		if canonical, err := Canonical(fact); err != nil || !bytes.Equal(canonical, fact) {
			t.Fatalf("%s\nis not canonical: %s %v", fact, canonical, err)
		}
	})
}

// A door never panics, and what it lets in survives the way out and in again.
func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(saleCloudEvent))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, id, err := Parse(text)
		if err != nil {
			return
		}
		if id == "" {
			id = "again"
		}
		again, _, err := ParseCloudEvent(AppendCloudEvent(nil, e, id))
		if err != nil || string(again.AppendFact(nil)) != string(e.AppendFact(nil)) || again.ContentHash() != e.ContentHash() {
			t.Fatalf("%s\nbecomes %+v, %v", text, again, err)
		}
	})
}

// Canonical text means what encoding/json reads in the text that it was made of.
func FuzzCanonical(f *testing.F) {
	f.Add([]byte(`{"b":[1,{"\u00fc":null}],"a":"\ud83d\ude00"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		canonical, err := Canonical(text)
		if err != nil {
			return
		}
		var want, got any
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatalf("%q is no JSON: %v", text, err)
		}
		if err := json.Unmarshal(canonical, &got); err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%q became %q (%v)", text, canonical, err)
		}
		if again, err := Canonical(canonical); err != nil || !bytes.Equal(again, canonical) {
			t.Fatalf("%q is no fixed point: %q", canonical, again)
		}
	})
}

// The events that are cut out of a text lie in it, in order.
func FuzzSplit(f *testing.F) {
	f.Add([]byte(`[{"a":1},{"b":[2]}]`))
	f.Add([]byte("{\"a\":1}\n{\"b\n{}"))
	f.Fuzz(func(t *testing.T, text []byte) {
		rest := text
		for event, err := range Split(bytes.NewReader(text)) {
			if err != nil {
				continue
			}
			at := bytes.Index(rest, event)
			if at < 0 || len(event) == 0 {
				t.Fatalf("%q is not in %q", event, rest)
			}
			rest = rest[at+len(event):]
		}
	})
}

func TestDecodeRefuses(t *testing.T) {
	const row = `{"data":{"author":"a","row":{"entity":"E"},"row_key":"k","table":"shops"},"instance":"i","key":"k","system":"s","time":"2026-03-02T23:30:00Z","type":"reference_set.v1"}`
	sold := string(benchEvent().AppendFact(nil))
	for _, c := range []struct{ name, fact, old, new, want string }{
		{"column twice", row, `"E"`, `"E","entity":"F"`, "V-SCH-01: data.row.entity: the member stands there twice"},
		{"column without name", row, `"entity"`, `""`, "V-SCH-01: data.row: a column needs a name"},
		{"column that is no text", row, `"E"`, `1`, "V-SCH-01: data.row.entity: has to be a string"},
		{"type before the canonical place", row, `"instance"`, `"type" :"reference_set.v1","instance"`, "V-SCH-01: type: the member stands there twice"},
		{"another type at the end", row, `"type":"reference_set.v1"`, `"type" :"payout.v1","tz":"x"`, "V-SCH-01: data.author: there is no such member"},
		{"type in disguise", row, `"type":"reference_set.v1"`, `"\u0074ype":"payout.v1","type":"reference_set.v1"`, "V-SCH-01: type: is not where the canonical form has it"},
		{"time that is another year in UTC", row, `2026-03-02T23:30:00Z`, `1900-01-01T00:00:00+01:00`, "V-SCH-01: time: has to be a time"},
		{"time at the end of the years", row, `2026-03-02T23:30:00Z`, `2999-12-31T23:59:59-00:01`, "V-SCH-01: time: has to be a time"},
		{"empty text", row, `"key":"k"`, `"key":""`, "V-SCH-01: key: is empty: leave it out"},
		{"null", row, `"key":"k"`, `"key":null`, "V-SCH-01: key: has to be a string"},
		{"long name", row, `"table"`, `"` + strings.Repeat("ü", 1000) + `":1,"table"`, "V-SCH-01: data." + strings.Repeat("ü", 32) + "…: there is no such member"},
		{"long type", row, `reference_set.v1`, strings.Repeat("t", 1000), `V-SCH-01: type: there is no event "` + strings.Repeat("t", 64) + `"`},
		{"negative rate", sold, `"net"`, `"taxes":[{"code":"VAT","rate":"-0","amount":{"amount":"1","currency":"EUR"}}],"net"`, "V-SCH-01: data.lines[0].taxes[0].rate: has a sign"},
		{"ext too large", sold, `"lines"`, `"ext":{"a":"` + strings.Repeat("x", extMax) + `"},"lines"`, "H-TOO-LARGE: data.ext: is larger than 16 KiB"},
		{"amount with another member", sold, `"currency":"EUR"}`, `"currency":"EUR","x":1}`, "V-SCH-01: data.lines[0].gross.x"},
		{"amount without currency", sold, `"amount":"12.30","currency":"EUR"`, `"amount":"12.30"`, "V-SCH-01: data.lines[0].gross.currency: is missing"},
		{"amount in other order", sold, `"amount":"12.30","currency":"EUR"`, `"currency":"EUR","amount":"12.305"`, "V-BAL-04: data.lines[0].gross"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Decode([]byte(strings.Replace(c.fact, c.old, c.new, 1)))
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %.300v, want %s", err, c.want)
			}
		})
	}
}

func TestWritingRepairsText(t *testing.T) {
	if got, want := string(appendString(nil, "a\xffb\xc3")), `"a`+"\uFFFDb\uFFFD"+`"`; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
