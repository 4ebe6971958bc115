package wire

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
	"unicode/utf8"
)

// standardTree reads a document with the standard library, which this package's reader has to
// agree with.
func standardTree(text []byte) (tree any, err error) {
	d := xml.NewDecoder(bytes.NewReader(text))
	d.CharsetReader = func(_ string, input io.Reader) (io.Reader, error) { return input, nil }
	var root any
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return root, nil
		}
		if err != nil {
			return nil, err
		}
		if start, ok := token.(xml.StartElement); ok {
			if root, err = standardElement(d, start); err != nil {
				return nil, err
			}
		}
	}
}

func standardElement(d *xml.Decoder, start xml.StartElement) (any, error) {
	object := map[string]any{}
	for _, prefixed := range []bool{false, true} {
		for _, a := range start.Attr {
			if (a.Name.Space != "") != prefixed || a.Name.Space == "xmlns" || a.Name.Local == "xmlns" && a.Name.Space == "" {
				continue
			}
			if _, taken := object["@"+a.Name.Local]; !taken {
				object["@"+a.Name.Local] = a.Value
			}
		}
	}
	var text strings.Builder
	for {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.CharData:
			text.Write(token)
		case xml.EndElement:
			trimmed := strings.Trim(text.String(), " \t\r\n")
			if len(object) == 0 {
				return trimmed, nil
			}
			if trimmed != "" {
				object["#text"] = trimmed
			}
			return object, nil
		case xml.StartElement:
			child, err := standardElement(d, token)
			if err != nil {
				return nil, err
			}
			switch before, repeated := object[token.Name.Local]; before := before.(type) {
			case []any:
				object[token.Name.Local] = append(before, child)
			default:
				object[token.Name.Local] = child
				if repeated {
					object[token.Name.Local] = []any{before, child}
				}
			}
		}
	}
}

// checkAgainstStandard requires that the standard library reads an accepted document, and reads
// the same. Names of letters that came later than its tables are the exception.
func checkAgainstStandard(t *testing.T, body []byte) {
	t.Helper()
	d, err := XML(body, XMLOptions{}, Limits{})
	if err != nil {
		return
	}
	src, err := openXML(body, &Limits{})
	if err != nil {
		t.Fatal(err)
	}
	r := records(d)[0]
	if r.Err != nil {
		t.Fatalf("a checked document cannot be read: %v", r.Err)
	}
	want, err := standardTree(src.text)
	if err != nil {
		if bytes.IndexFunc(src.text, func(r rune) bool { return r >= utf8.RuneSelf }) < 0 {
			t.Fatalf("the standard library refuses it: %v", err)
		}
		return
	}
	if got, want := show(t, r.Tree), show(t, want); got != want {
		t.Fatalf("got %s, want %s", got, want)
	}
}

// TestXMLWellFormed lists what is well-formed and what is not, as the standard library has it or
// the recommendation where that is stricter.
func TestXMLWellFormed(t *testing.T) {
	for _, in := range []string{
		"<a/>", "<a />", "<a\n></a\t>", "<a b='1'\tc=\"2\"/>", "<a b = '\"'/>", "<a>]]</a>", "<a>&#xD;\r\n\r</a>", "<_a.b-1/>", "<p:a xmlns:p='u'/>",
		"<?xml version='1.0'?><?x?><a><?y z?></a><?x y?>", "<a><![CDATA[]]]]><![CDATA[>]]></a>", "<a><!----><!-- - --></a>", "<ä é='ü'/>", "<a>&gt;&apos;&quot;</a>",
		"\n<?xml version = \"1.0\" encoding = 'utf-8'?>\n<a/>", "<a b='&#10;&amp;'/>",
	} {
		if _, err := XML([]byte(in), XMLOptions{}, Limits{}); err != nil {
			t.Errorf("%q: %v", in, err)
		}
		checkAgainstStandard(t, []byte(in))
	}
	for _, in := range []string{
		"<", "<a", "<a/", "<a b", "<a b=", "<a b='", "<a b='1'", "<a></a", "< a/>", "<a>< /a>", "<a></ a>", "<a b/>", "<a b=1/>", "<a b='1'c='2'/>", "<a b='<'/>",
		"<a>&</a>", "<a>&amp</a>", "<a>&#;</a>", "<a>&#x110000;</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a b='&x;'/>", "<a>]]></a>", "<1/>", "<a:/>", "<:a/>", "<a:b:c/>", "<a:1/>",
		"<a><!-- -- --></a>", "<a><!-- --->", "<a><!-", "<a><![CDATA[x</a>", "<![CDATA[x]]><a/>", "<a/><![CDATA[x]]>", "<a><?xml version='1.0'?></a>", "<?xml version='1.1'?><a/>",
		"<?XML?><a/>", "<? x?><a/>", "<?x", "<?x!?><a/>", "<a>\ufffe</a>", "<a>\x0b</a>", "<a></b>", "</a>", "<a/></a>", "<p:a></q:a>", "<a x:b='1' x:b='2'/>", "<!--", "<a/><!", "<a·/><·/>",
	} {
		if _, err := XML([]byte(in), XMLOptions{}, Limits{}); err == nil {
			t.Errorf("%q: it was accepted", in)
		}
	}
}

func TestXMLManyAttributes(t *testing.T) {
	for _, c := range []struct {
		last string
		fits bool
	}{{"a17", true}, {"a3", false}} {
		var b strings.Builder
		b.WriteString("<a")
		for _, n := range strings.Fields("a0 a1 a2 a3 a4 a5 a6 a7 a8 a9 a10 a11 a12 a13 a14 a15 a16 " + c.last) {
			b.WriteString(" " + n + "='1'")
		}
		b.WriteString("/>")
		if _, err := XML([]byte(b.String()), XMLOptions{}, Limits{}); (err == nil) != c.fits {
			t.Errorf("with %s: %v", c.last, err)
		}
		if c.fits {
			checkAgainstStandard(t, []byte(b.String()))
		}
	}
}
