package wire

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

func TestXML(t *testing.T) {
	for _, c := range []struct {
		name, in string
		arrays   []string
		want     string
	}{
		{"only text", `<a> x </a>`, nil, `"x"`},
		{"empty", `<a/>`, nil, `""`},
		{"attributes and text", `<a Currency="EUR">1.290</a>`, nil, `{"#text":"1.290","@Currency":"EUR"}`},
		{"attributes only", `<a Code="DE"/>`, nil, `{"@Code":"DE"}`},
		{"children", `<a><b>1</b><c><d/></c></a>`, nil, `{"b":"1","c":{"d":""}}`},
		{"children of one name", `<a><b>1</b><c/><b>2</b><b x="3"/></a>`, nil, `{"b":["1","2",{"@x":"3"}],"c":""}`},
		{"declared array of one", `<a><b>1</b></a>`, []string{"b"}, `{"b":["1"]}`},
		{"declared array of two", `<a><b>1</b><b>2</b></a>`, []string{"b"}, `{"b":["1","2"]}`},
		{"text around children", `<a> x <b/> y </a>`, nil, `{"#text":"x  y","b":""}`},
		{"namespaces are dropped", `<p:a xmlns:p="u" xmlns="v"><p:b>1</p:b><b>2</b></p:a>`, nil, `{"b":["1","2"]}`},
		{"attribute without prefix wins, after", `<a xmlns:p="u" p:x="1" x="2"/>`, nil, `{"@x":"2"}`},
		{"attribute without prefix wins, before", `<a xmlns:p="u" x="2" p:x="1"/>`, nil, `{"@x":"2"}`},
		{"the first of two prefixed attributes", `<a xmlns:p="u" xmlns:q="v" p:x="1" q:x="2"/>`, nil, `{"@x":"1"}`},
		{"predefined and numeric entities", `<a>&lt;&amp;&#228;&#x20AC;</a>`, nil, `"<&ä€"`},
		{"character data section", `<a><![CDATA[<b> & ]]></a>`, nil, `"<b> &"`},
		{"comments and instructions", `<?xml version="1.0" encoding="UTF-8"?><!-- x --><a>1<!-- 9 -->2<?p q?></a><!-- y -->`, nil, `"12"`},
		{"byte order mark", "\ufeff<a>1</a>", nil, `"1"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := XML([]byte(c.in), XMLOptions{Arrays: c.arrays}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := records(d)
			if len(r) != 1 || r[0].Err != nil || r[0].Envelope != nil || d.Root != "a" {
				t.Fatalf("got root %q and %+v, want one record", d.Root, r)
			}
			if got := show(t, r[0].Tree); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestXMLRecords(t *testing.T) {
	const in = "\ufeff<?xml version='1.0'?>\n<p:Doc xmlns:p='u' xmlns:x='v'>\n" +
		" <p:Stmt><p:Id>S1</p:Id> <p:Ntry x:n='1'><p:Ntry>inner</p:Ntry></p:Ntry>\n" +
		"  <p:Ntry/> <p:Bal><p:Amt Ccy='EUR'>1.00</p:Amt></p:Bal></p:Stmt>\n" +
		" <p:Stmt><p:Ntry>2</p:Ntry><p:Id>S2</p:Id></p:Stmt>\n</p:Doc>\n"
	d, err := XML([]byte(in), XMLOptions{Record: "Ntry", Arrays: []string{"Bal"}}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ bytes, tree, envelope string }{
		{"<p:Ntry x:n='1'><p:Ntry>inner</p:Ntry></p:Ntry>", `{"@n":"1","Ntry":"inner"}`, `{"Bal":[{"Amt":{"#text":"1.00","@Ccy":"EUR"}}],"Id":"S1"}`},
		{"<p:Ntry/>", `""`, `{"Bal":[{"Amt":{"#text":"1.00","@Ccy":"EUR"}}],"Id":"S1"}`},
		{"<p:Ntry>2</p:Ntry>", `"2"`, `{"Id":"S2"}`},
	}
	for range 2 { // records can be read again
		got := records(d)
		if d.Root != "Doc" || len(got) != len(want) {
			t.Fatalf("got root %q and %d records, want Doc and %d", d.Root, len(got), len(want))
		}
		for i, r := range got {
			if r.Err != nil {
				t.Fatal(r.Err)
			}
			if b, tree, envelope := in[r.Start:r.End], show(t, r.Tree), show(t, r.Envelope); b != want[i].bytes || tree != want[i].tree || envelope != want[i].envelope {
				t.Errorf("record %d:\ngot  %s %s %s\nwant %s %s %s", i, b, tree, envelope, want[i].bytes, want[i].tree, want[i].envelope)
			}
		}
	}
}

func TestXMLRootIsTheRecord(t *testing.T) {
	d, err := XML([]byte(`<Transaction><A/></Transaction>`), XMLOptions{Record: "Transaction"}, Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if r := records(d); len(r) != 1 || r[0].Envelope != nil || show(t, r[0].Tree) != `{"A":""}` {
		t.Errorf("got %+v, want the root", r)
	}
	d, err = XML([]byte(`<POSLog/>`), XMLOptions{Record: "Transaction"}, Limits{})
	if err != nil || len(records(d)) != 0 {
		t.Errorf("got %v, want a document without records", err)
	}
}

// wide writes ASCII in UTF-16, the low byte first.
func wide(text string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		b.Write([]byte{c, 0})
	}
	return b.String()
}

func TestXMLEncodings(t *testing.T) {
	for _, c := range []struct{ name, in, want, span string }{
		{"ISO-8859-1", "<?xml version='1.0' encoding='ISO-8859-1'?><a>\xe4\xdf<r>\xe9</r></a>", "é", "<r>\xe9</r>"},
		{"windows-1252", "<?xml version=\"1.0\" encoding=\"Windows-1252\" ?>\n<a>\x80<r>\x80</r></a>", "€", "<r>\x80</r>"},
		{"Shift JIS", "<?xml version='1.0' encoding='Shift_JIS'?><a>\x83\x65\xb1<r>\x93\xfa\xb1</r></a>", "日ｱ", "<r>\x93\xfa\xb1</r>"},
		{"UTF-16 with a byte order mark", "\xff\xfe" + wide("<?xml version='1.0' encoding='UTF-16'?><a>x<r>1</r></a>"), "1", wide("<r>1</r>")},
		{"UTF-16 without one", wide("<?xml version='1.0'?><a><r>1</r></a>"), "1", wide("<r>1</r>")},
		{"UTF-16 in name only", "<?xml version='1.0' encoding='utf-16'?><a>ä<r>ä</r></a>", "ä", "<r>ä</r>"},
		{"no encoding named", "<?xml version='1.0' standalone='yes'?><a>ä<r>ä</r></a>", "ä", "<r>ä</r>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := XML([]byte(c.in), XMLOptions{Record: "r"}, Limits{})
			if err != nil {
				t.Fatal(err)
			}
			r := records(d)
			if len(r) != 1 || r[0].Tree != c.want || c.in[r[0].Start:r[0].End] != c.span {
				t.Errorf("got %+v, want %s at %q", r, c.want, c.span)
			}
			if names, err := XMLOpening([]byte(c.in), 2, Limits{}); err != nil || names[0] != "a" {
				t.Errorf("got the opening %v, %v", names, err)
			}
		})
	}
}

const bomb = `<!DOCTYPE a [<!ENTITY x "lol"><!ENTITY y "&x;&x;&x;">]><a>&y;</a>`

func TestXMLRefused(t *testing.T) {
	record := XMLOptions{Record: "r"}
	for _, c := range []struct {
		name, in string
		options  XMLOptions
		limits   Limits
		code     fault.Code
		subject  string
	}{
		{"nothing", ``, XMLOptions{}, Limits{}, fault.BadSyntax, "byte 0"},
		{"no element", `<?xml version="1.0"?> `, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"document type", `<!DOCTYPE a><a/>`, XMLOptions{}, Limits{}, fault.BadSyntax, "byte 0"},
		{"entities that grow", bomb, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"external entity", `<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"document type inside", `<a><!DOCTYPE a></a>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"unknown entity", `<a>&nbsp;</a>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"two roots", `<a/><b/>`, XMLOptions{}, Limits{}, fault.BadSyntax, "byte 4"},
		{"text after the root", `<a/>x`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"text before the root", `x<a/>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"cut off", `<a><b>1</b>`, XMLOptions{}, Limits{}, fault.BadSyntax, "byte 11"},
		{"cut off in a record", `<a><r><b>1`, record, Limits{}, fault.BadSyntax, "byte 10"},
		{"closed by another", `<a><b></a></b>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"attribute twice", `<a x="1" x="2"/>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"attribute twice in a record", `<a><r x="1" x="2"/></a>`, record, Limits{}, fault.BadSyntax, ""},
		{"an encoding that is not read", `<?xml version="1.0" encoding="KOI8-R"?><a/>`, XMLOptions{}, Limits{}, fault.BadSyntax, "byte 0"},
		{"a byte that the encoding does not have", "<?xml version='1.0' encoding='windows-1252'?><a>\x81</a>", XMLOptions{}, Limits{}, fault.BadSyntax, "byte 48"},
		{"document type in another encoding", "\xff\xfe" + wide(bomb), XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"parameter entity", `<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x">%x;]><a/>`, XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"not UTF-8", "<a>\xe4</a>", XMLOptions{}, Limits{}, fault.BadSyntax, "byte 3"},
		{"not UTF-8 after a byte order mark", "\ufeff<a>\xe4</a>", XMLOptions{}, Limits{}, fault.BadSyntax, "byte 6"},
		{"control character", "<a>\x01</a>", XMLOptions{}, Limits{}, fault.BadSyntax, ""},
		{"bytes past the limit", `<a/>`, XMLOptions{}, Limits{Bytes: 3}, fault.TooLarge, "document"},
		{"depth past the limit", `<a><b><c/></b></a>`, XMLOptions{}, Limits{Depth: 2}, fault.TooLarge, ""},
		{"depth past the limit around records", `<a><b><c/></b></a>`, record, Limits{Depth: 2}, fault.TooLarge, ""},
		{"depth past the limit in a record", `<a><r><c/></r></a>`, record, Limits{Depth: 2}, fault.TooLarge, ""},
		{"records past the limit", `<a><r/><r/><r/></a>`, record, Limits{Records: 2}, fault.TooLarge, ""},
		{"values past the limit in a record", `<a><r x="1"><b/></r></a>`, record, Limits{Values: 2}, fault.TooLarge, ""},
		{"values past the limit around records", `<a><r/><b/><c/></a>`, record, Limits{Values: 2}, fault.TooLarge, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := XML([]byte(c.in), c.options, c.limits)
			wantCode(t, err, c.code, c.subject)
			if strings.Contains(err.Error(), "nbsp") {
				t.Errorf("the error quotes the payload: %v", err)
			}
		})
	}
}

func TestXMLAtTheLimit(t *testing.T) {
	record := XMLOptions{Record: "r"}
	for _, c := range []struct {
		name, in string
		limits   Limits
	}{
		{"bytes", `<a/>`, Limits{Bytes: 4}},
		{"depth", `<a><r><c/></r><r><c/></r><b><c/></b></a>`, Limits{Depth: 3}},
		{"records", `<a><r/><r/></a>`, Limits{Records: 2}},
		{"values in each record and around them", `<a y="1"><r x="1" z="2"/><r x="1" z="2"/><b/></a>`, Limits{Values: 3}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d, err := XML([]byte(c.in), record, c.limits)
			if err != nil {
				t.Fatal(err)
			}
			for r := range d.Records() {
				if r.Err != nil {
					t.Error(r.Err)
				}
			}
		})
	}
}

// TestSamples reads what real systems send, where the samples are at hand.
func TestSamples(t *testing.T) {
	folder := os.Getenv("HEDDLE_SAMPLES")
	if folder == "" {
		t.Skip("HEDDLE_SAMPLES is not set")
	}
	read := func(pattern string, open func([]byte) (*Document, error)) {
		files, _ := filepath.Glob(filepath.Join(folder, pattern))
		if len(files) == 0 {
			t.Fatalf("no samples for %s", pattern)
		}
		for _, file := range files {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			d, err := open(body)
			if err != nil {
				t.Errorf("%s: %v", filepath.Base(file), err)
				continue
			}
			checkSpans(t, body, d)
			count := 0
			for r := range d.Records() {
				if count++; r.Err != nil {
					t.Errorf("%s: record %d: %v", filepath.Base(file), count, r.Err)
				}
			}
			if count == 0 {
				t.Errorf("%s: no record", filepath.Base(file))
			}
		}
	}
	xml := func(record string) func([]byte) (*Document, error) {
		return func(b []byte) (*Document, error) { return XML(b, XMLOptions{Record: record}, Limits{}) }
	}
	read("poslog/*.xml", xml("Transaction"))
	read("bank-camt/camt05[23]*.xml", xml("Ntry"))
	read("shopify/*.json", func(b []byte) (*Document, error) { return JSON(b, Limits{}) })
	read("stripe/*.json", func(b []byte) (*Document, error) { return JSON(b, Limits{}) })
	csv := func(options CSVOptions) func([]byte) (*Document, error) {
		return func(b []byte) (*Document, error) { return CSV(b, options, Limits{}) }
	}
	read("stripe/*.csv", csv(CSVOptions{}))
	read("adyen/*.csv", csv(CSVOptions{}))
	read("amazon/*.tsv", csv(CSVOptions{Delimiter: '\t', Unquoted: true, Ragged: RaggedPad}))
}

func FuzzXML(f *testing.F) {
	for _, seed := range []string{`<a><r x="1">2</r><b/></a>`, bomb, "\ufeff<p:a xmlns:p='u'><p:r/></p:a>", `<a><r><r/></r>`, `<r/>`, `<a x:y="1" y="2"><r x:y="1"><![CDATA[x]]></r></a>`} {
		f.Add([]byte(seed))
	}
	f.Add([]byte("<a b='&#x41;\r\n'>x\r<!-- y -->&amp;<c/> z</a>"))
	f.Fuzz(func(t *testing.T, body []byte) {
		checkAgainstStandard(t, body)
		d, err := XML(body, XMLOptions{Record: "r"}, Limits{Values: 10_000})
		if err != nil {
			if c := fault.As(err).Code; c != fault.BadSyntax && c != fault.TooLarge {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		checkSpans(t, body, d)
		for r := range d.Records() {
			if r.Err != nil {
				t.Fatalf("a checked record cannot be read: %v", r.Err)
			}
			if body[r.Start] != '<' || body[r.End-1] != '>' {
				t.Fatalf("record [%d,%d) is not an element", r.Start, r.End)
			}
		}
	})
}
