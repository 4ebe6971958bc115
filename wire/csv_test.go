package wire

import (
	"bytes"
	"encoding/csv"
	"slices"
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
		{name: "an open quote takes its line and no more", in: "a\n1\n\"2\n3\n",
			want: []string{`{"a":"1"}`, "!byte 4", `{"a":"3"}`}, spans: []string{"1\n", "\"2\n", "3\n"}},
		{name: "an open quote that meets another", in: "a,b\n1,\"x\n2,\"y\"\n3,z\n",
			want: []string{"!byte 4", `{"a":"2","b":"y"}`, `{"a":"3","b":"z"}`}, spans: []string{"1,\"x\n", "2,\"y\"\n", "3,z\n"}},
		{name: "something follows a closing quote", in: "a,b\n\"1\"x,2\n\"3\" ,4\n5,6",
			want: []string{"!byte 4", "!byte 11", `{"a":"5","b":"6"}`}, spans: []string{"\"1\"x,2\n", "\"3\" ,4\n", "5,6"}},
		{name: "fields after one of several lines", in: "a,b,c\r\n\"1\r\n\",\"\",x\r\n",
			want: []string{`{"a":"1\r\n","b":"","c":"x"}`}, spans: []string{"\"1\r\n\",\"\",x\r\n"}},
		{name: "a quoted field that the last character closes", in: "a\n\"x\"", want: []string{`{"a":"x"}`}, spans: []string{"\"x\""}},
		{name: "tabs without quotes", in: "a\tb\n5\" nail\t\"x\n", options: CSVOptions{Delimiter: '\t', Unquoted: true},
			want: []string{`{"a":"5\" nail","b":"\"x"}`}, spans: []string{"5\" nail\t\"x\n"}},
		{name: "ragged rows are padded", in: "a,b,c\n1\n1,2,3,,\n1,2,3,,5\n\"x\"\n", options: CSVOptions{Ragged: RaggedPad},
			want:  []string{`{"a":"1","b":"","c":""}`, `{"a":"1","b":"2","c":"3"}`, "!byte 16", `{"a":"x","b":"","c":""}`},
			spans: []string{"1\n", "1,2,3,,\n", "1,2,3,,5\n", "\"x\"\n"}},
		{name: "columns by place", in: "1;x\n2;y", options: CSVOptions{Delimiter: ';', Columns: []string{"a", "b"}},
			want: []string{`{"a":"1","b":"x"}`, `{"a":"2","b":"y"}`}, spans: []string{"1;x\n", "2;y"}},
		{name: "columns that an installation calls otherwise", in: "sku,b\n1,x\n", options: CSVOptions{Names: map[string]string{"sku": "item", "c": "d"}},
			want: []string{`{"b":"x","item":"1"}`}, spans: []string{"1,x\n"}},
		{name: "a delimiter of several bytes", in: "a¦b\n1¦\"¦\"\n", options: CSVOptions{Delimiter: '¦'},
			want: []string{`{"a":"1","b":"¦"}`}, spans: []string{"1¦\"¦\"\n"}},
		{name: "a declared encoding", in: "a,b\n1,\x80\n2,\xe4\n", options: CSVOptions{Encoding: Windows1252},
			want: []string{`{"a":"1","b":"€"}`, `{"a":"2","b":"ä"}`}, spans: []string{"1,\x80\n", "2,\xe4\n"}},
		{name: "a byte order mark wins over what is declared", in: "\xff\xfea\x00\n\x00\xac\x20\n\x001\x00", options: CSVOptions{Encoding: Windows1252},
			want: []string{`{"a":"€"}`, `{"a":"1"}`}, spans: []string{"\xac\x20\n\x00", "1\x00"}},
		{name: "column names without space around", in: " a , b\n1, 2\n", want: []string{`{"a":"1","b":" 2"}`}, spans: []string{"1, 2\n"}},
		{name: "empty lines are passed over", in: "a\n\n1\n\n", want: []string{`{"a":"1"}`}, spans: []string{"1\n"}},
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
		{"only empty lines", "\n\n", Limits{}, fault.BadSyntax, "byte 0"},
		{"columns past the limit", "a,b,c\n", Limits{Values: 2}, fault.BadSyntax, "byte 0"},
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
	for _, in := range []string{"a\n1\n2\n", "a\n1\n\n\n2", "a\n1\n\"2\n3\""} {
		if _, err := CSV([]byte(in), CSVOptions{}, Limits{Records: 2, Bytes: 11, Values: 1}); err != nil {
			t.Errorf("%q: %v", in, err)
		}
	}
	for _, c := range []struct {
		row  string
		read bool
	}{{"1,2", true}, {"1,2,", false}, {"\"1\n\",2", true}, {"\"1\n\",2,", false}} {
		d, err := CSV([]byte("a,b\n"+c.row), CSVOptions{Ragged: RaggedPad}, Limits{Values: 2})
		if err != nil {
			t.Fatal(err)
		}
		if r := records(d)[0]; (r.Err == nil) != c.read {
			t.Errorf("%q: got %v", c.row, r.Err)
		}
	}
	long := strings.Repeat("x", csvFieldMax)
	for _, c := range []struct {
		field string
		read  bool
	}{{long, true}, {long + "x", false}} {
		d, err := CSV([]byte("a\n\""+c.field+"\"\n1\n"), CSVOptions{}, Limits{})
		if err != nil {
			t.Fatal(err)
		}
		r := records(d)
		if read := r[0].Err == nil; len(r) != 2 || read != c.read || show(t, r[1].Tree) != `{"a":"1"}` {
			t.Errorf("a field of %d bytes: got %v and %s", len(c.field), r[0].Err, show(t, r[1].Tree))
		}
	}
	_, err := CSV([]byte("a"), CSVOptions{Encoding: "koi8"}, Limits{})
	wantCode(t, err, fault.BadConfig, "encoding")
}

func FuzzCSV(f *testing.F) {
	for _, seed := range []string{"a,b\n1,2\n3\n", "\ufeffa\r\n\"x\"\"\"\r\n", "a\n\"open\n1\n", "a\n\n\n1", "a,b\n\"1\n2\",\"\"\n"} {
		f.Add([]byte(seed), false, true)
	}
	f.Fuzz(func(t *testing.T, body []byte, unquoted, pad bool) {
		options := CSVOptions{Unquoted: unquoted}
		if pad {
			options.Ragged = RaggedPad
		}
		d, err := CSV(body, options, Limits{Records: 1000})
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		checkSpans(t, body, d)
		first := records(d)
		if again := show(t, records(d)); again != show(t, first) {
			t.Fatalf("second reading differs: %s, want %s", again, show(t, first))
		}
		if !unquoted {
			checkAgainstEncodingCSV(t, body, first)
		}
	})
}

// checkAgainstEncodingCSV requires that a file in which no row is refused is read as the
// standard library reads it.
func checkAgainstEncodingCSV(t *testing.T, body []byte, got []Record) {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil || len(rows) == 0 || slices.ContainsFunc(got, func(r Record) bool { return r.Err != nil }) {
		return
	}
	if len(rows) != len(got)+1 {
		t.Fatalf("got %d rows, want %d", len(got), len(rows)-1)
	}
	for i, row := range rows[1:] {
		for j, column := range rows[0] {
			value := got[i].Tree.(map[string]any)[strings.TrimSpace(column)]
			if j < len(row) && strings.ReplaceAll(value.(string), "\r\n", "\n") != strings.ReplaceAll(row[j], "\r\n", "\n") {
				t.Fatalf("row %d, column %d: got %q, want %q", i, j, value, row[j])
			}
		}
	}
}
