package wire

import (
	"bytes"
	"strings"
)

// xmlDeclarationMax bounds the text in which an encoding is looked for.
const xmlDeclarationMax = 256

// openXML opens a document in the encoding that it names.
func openXML(body []byte, limits *Limits) (source, error) {
	encoding := xmlEncoding(body)
	if !encoding.Known() {
		return source{}, syntax(0, "its encoding is not one that can be read")
	}
	return open(body, encoding, limits)
}

// xmlEncoding returns the encoding that the first bytes tell (XML 1.0, appendix F).
func xmlEncoding(body []byte) Encoding {
	switch {
	case bytes.HasPrefix(body, []byte("<\x00?\x00")):
		return UTF16LE
	case bytes.HasPrefix(body, []byte("\x00<\x00?")):
		return UTF16BE
	}
	declaration, found := bytes.CutPrefix(body[:min(len(body), xmlDeclarationMax)], []byte("<?xml"))
	if !found {
		return UTF8
	}
	declaration, _, _ = bytes.Cut(declaration, []byte("?>"))
	_, value, _ := bytes.Cut(declaration, []byte("encoding"))
	value = bytes.TrimLeft(value, " \t\r\n=")
	if len(value) == 0 || value[0] != '"' && value[0] != '\'' {
		return UTF8
	}
	name, _, _ := bytes.Cut(value[1:], value[:1])
	switch encoding := Encoding(strings.ToLower(string(name))); encoding {
	case UTF16, "us-ascii":
		return UTF8
	default:
		return encoding
	}
}
