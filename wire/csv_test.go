package wire

import (
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestCSV(t *testing.T) {
	for _, c := range []struct {
		name, in string
		options  CSVOptions
		want     []string // the tree, or "!" and the error's subject
		spans    []string
	}{
		{name: "rows by column", in: "a,b\n1,x\n2,y\n",
			want: []string{`{"a":"1","b":"x"}`, `{"a":"2","b":"y"}`}, spans: []string{"1,x\n", "2,y\n"}},
		{name: "decimals and zeros stay texts", in: "a\n007.100\n", want: []string{`{"a":"007.100"}`}, spans: []string{"007.100\n"}},
		{name: "byte order mark, carriage returns, no last line end", in: "\ufeffa;b\r\n1;2\r\n3;4",
			options: CSVOptions{Delimiter: ';'}, want: []string{`{"a":"1","b":"2"}`, `{"a":"3","b":"4"}`}, spans: []string{"1;2\r\n", "3;4"}},
		{name: "quotes, delimiters and line ends in fields", in: "a,b\n\"x,\"\"y\"\"\",\"1\n2\"\n",
			want: []string{`{"a":"x,\"y\"","b":"1\n2"}`}, spans: []string{"\"x,\"\"y\"\"\",\"1\n2\"\n"}},
		{name: "short and long rows do not stop their neighbours", in: "a,b\n1,2\n3\n4,5,6\n7,8\n",
			want: []string{`{"a":"1","b":"2"}`, "!byte 8", "!byte 10", `{"a":"7","b":"8"}`}, spans: []string{"1,2\n", "3\n", "4,5,6\n", "7,8\n"}},
		{name: "a wrong quote does not stop its neighbours", in: "a,b\n1,x\"y\n2,z\n",
			want: []string{"!byte 4", `{"a":"2","b":"z"}`}, spans: []string{"1,x\"y\n", "2,z\n"}},
		{name: "an open quote takes the rest", in: "a\n1\n\"2\n3\n", want: []string{`{"a":"1"}`, "!byte 4"}, spans: []string{"1\n", "\"2\n3\n"}},
		{name: "column names without space around", in: " a , b\n1, 2\n", want: []string{`{"a":"1","b":" 2"}`}, spans: []string{"1, 2\n"}},
		{name: "empty lines are passed over", in: "a\n\n1\n\n", want: []string{`{"a":"1"}`}, spans: []string{"\n1\n"}},
		{name: "no rows", in: "a,b\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := CSV([]byte(c.in), c.options, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			got := records(d)
			if len(got) != len(c.want) {
				t.Fatalf("got %d records, want %d: %+v", len(got), len(c.want), got)
			}
			for i, r := range got {
				text := show(t, r.Tree)
				if r.Err != nil {
					text = "!" + r.Err.Subject
				}
				if text != c.want[i] {
					t.Errorf("record %d: got %s, want %s", i, text, c.want[i])
				}
				if span := c.in[r.Start:r.End]; span != c.spans[i] {
					t.Errorf("record %d: got bytes %q, want %q", i, span, c.spans[i])
				}
			}
		})
	}
}

func TestCSVRefused(t *testing.T) {
	for _, c := range []struct {
		name, in string
		limits   Limits
		code     fault.Code
		subject  string
	}{
		{"nothing", "", Limits{}, fault.BadSyntax, "byte 0"},
		{"column without name", "a,,b\n", Limits{}, fault.BadSyntax, "line 1"},
		{"column twice", "a,b, a\n", Limits{}, fault.BadSyntax, "line 1"},
		{"open quote in the header", "\"a\n1\n", Limits{}, fault.BadSyntax, "byte 0"},
		{"not UTF-8", "a\n\xe4\n", Limits{}, fault.BadSyntax, "byte 2"},
		{"rows past the limit", "a\n1\n2\n3\n", Limits{Records: 2}, fault.TooLarge, "byte 8"},
		{"bytes past the limit", "a\n1\n", Limits{Bytes: 3}, fault.TooLarge, "document"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := CSV([]byte(c.in), CSVOptions{}, c.limits)
			wantCode(t, err, c.code, c.subject)
		})
	}
}

func TestCSVAtTheLimit(t *testing.T) {
	if _, err := CSV([]byte("a\n1\n2\n"), CSVOptions{}, Limits{Records: 2, Bytes: 6}); err != nil {
		t.Error(err)
	}
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n3\n", "\ufeffa\r\n\"x\"\"\"\r\n", "a\n\"open\n1\n", "a\n\n\n1"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := CSV(body, CSVOptions{}, Limits{Records: 1000})
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		checkSpans(t, body, d)
		first := show(t, records(d))
		if again := show(t, records(d)); again != first || !strings.HasPrefix(first, "[") && first != "null" {
			t.Fatalf("second reading differs: %s, want %s", again, first)
		}
	})
}
