package wire

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// xmlScanner cuts a text into the parts of an XML document (XML 1.0), and refuses what is not
// well-formed. It is a reader of its own because the standard library's takes most of the time
// of a mapping: names and values are parts of the text here wherever nothing is escaped.
type xmlScanner struct {
	text    string
	at      int // where reading goes on, or where something is wrong
	start   int // where the part begins
	problem string
	name    string    // of an element, as it is written
	attrs   []xmlAttr // of an element
	value   string    // of characters
	opened  []string  // the names of the open elements
	empty   bool      // the element that was begun ends at once
}

// xmlAttr is an attribute, by its name as it is written.
type xmlAttr struct{ name, value string }

// xmlPart says what was read.
type xmlPart int

const (
	xmlWrong xmlPart = iota // see problem
	xmlBegin
	xmlEnd
	xmlCharacters
	xmlOver
)

// What is wrong with a document. The text of a payload, which can hold a person's name, never
// stands in an error.
const (
	xmlCutOff    = "it ends before the document is complete"
	xmlMalformed = "it is not well-formed XML"
	xmlDoctype   = "a document type declaration is not accepted"
)

// next reads on to the next part. Comments and processing instructions are none.
func (s *xmlScanner) next() xmlPart {
	if s.empty {
		s.empty, s.start = false, s.at
		s.opened = s.opened[:len(s.opened)-1]
		return xmlEnd
	}
	for {
		s.start = s.at
		rest := s.text[s.at:]
		switch {
		case rest == "" && len(s.opened) > 0:
			return s.wrong(xmlCutOff)
		case rest == "":
			return xmlOver
		case rest[0] != '<':
			return s.characters()
		case strings.HasPrefix(rest, "<!--"):
			if !s.comment() {
				return xmlWrong
			}
		case strings.HasPrefix(rest, "<![CDATA["):
			return s.section()
		case strings.HasPrefix(rest, "<!"):
			return s.wrong(xmlDoctype)
		case strings.HasPrefix(rest, "<?"):
			if !s.instruction() {
				return xmlWrong
			}
		case strings.HasPrefix(rest, "</"):
			return s.end()
		default:
			return s.begin()
		}
	}
}

func (s *xmlScanner) wrong(problem string) xmlPart {
	if s.at = min(s.at, len(s.text)); s.at == len(s.text) {
		problem = xmlCutOff
	}
	s.problem = problem
	return xmlWrong
}

// until passes over everything up to and with an end, and returns what is before it.
func (s *xmlScanner) until(end string) (string, bool) {
	before, _, found := strings.Cut(s.text[s.at:], end)
	if !found {
		s.at = len(s.text)
		s.wrong(xmlCutOff)
		return "", false
	}
	s.at += len(before) + len(end)
	return before, true
}

func (s *xmlScanner) comment() bool {
	s.at += len("<!--")
	if _, ok := s.until("--"); !ok {
		return false
	}
	if !strings.HasPrefix(s.text[s.at:], ">") {
		s.wrong(xmlMalformed)
		return false
	}
	s.at++
	return true
}

// instruction passes over a processing instruction. The declaration of XML stands before all
// elements and is of version 1.0; its encoding was heeded before.
func (s *xmlScanner) instruction() bool {
	s.at += len("<?")
	target := s.readName()
	if target == "" {
		s.wrong(xmlMalformed)
		return false
	}
	content, ok := s.until("?>")
	if !ok {
		return false
	}
	declaration := strings.EqualFold(target, "xml")
	_, version, _ := strings.Cut(content, "version")
	version = strings.TrimLeft(version, " \t\r\n=")
	if declaration && (len(s.opened) > 0 || target != "xml" || version != "" && !strings.HasPrefix(version, `"1.0"`) && !strings.HasPrefix(version, "'1.0'")) ||
		content != "" && !isSpace(content[0]) {
		s.at = s.start
		s.wrong(xmlMalformed)
		return false
	}
	return true
}

// characters reads text up to the next markup.
func (s *xmlScanner) characters() xmlPart {
	written, _, _ := strings.Cut(s.text[s.at:], "<")
	if strings.IndexByte(written, ']') >= 0 && strings.Contains(written, "]]>") {
		return s.wrong(xmlMalformed)
	}
	var ok bool
	if s.value, ok = unescaped(written); !ok {
		return s.wrong(xmlMalformed)
	}
	s.at += len(written)
	return xmlCharacters
}

// section reads a section of characters in which nothing is markup.
func (s *xmlScanner) section() xmlPart {
	s.at += len("<![CDATA[")
	written, ok := s.until("]]>")
	if !ok {
		return xmlWrong
	}
	if len(s.opened) == 0 {
		s.at = s.start
		return s.wrong(xmlMalformed)
	}
	s.value = withoutReturns(written)
	return xmlCharacters
}

// begin reads the begin of an element with its attributes.
func (s *xmlScanner) begin() xmlPart {
	s.at++
	if s.name = s.readName(); s.name == "" {
		return s.wrong(xmlMalformed)
	}
	for s.attrs = s.attrs[:0]; ; {
		spaced := s.space()
		rest := s.text[s.at:]
		switch {
		case strings.HasPrefix(rest, ">"):
			s.at++
		case strings.HasPrefix(rest, "/>"):
			s.at += len("/>")
			s.empty = true
		case rest == "/" || !spaced || !s.attribute():
			if rest == "/" {
				s.at++
			}
			return s.wrong(xmlMalformed)
		default:
			continue
		}
		if s.twice() {
			s.at = s.start
			return s.wrong("an element has an attribute twice")
		}
		s.opened = append(s.opened, s.name)
		return xmlBegin
	}
}

// attribute reads one attribute.
func (s *xmlScanner) attribute() bool {
	name := s.readName()
	s.space()
	if name == "" || !strings.HasPrefix(s.text[s.at:], "=") {
		return false
	}
	s.at++
	s.space()
	if s.at == len(s.text) || s.text[s.at] != '"' && s.text[s.at] != '\'' {
		return false
	}
	quote := s.text[s.at : s.at+1]
	s.at++
	written, _, closed := strings.Cut(s.text[s.at:], quote)
	if i := strings.IndexByte(written, '<'); i >= 0 {
		s.at += i
		return false
	}
	value, ok := unescaped(written)
	if !closed {
		s.at = len(s.text)
	}
	if !closed || !ok {
		return false
	}
	s.at += len(written) + 1
	s.attrs = append(s.attrs, xmlAttr{name, value})
	return true
}

// twice reports whether the element has two attributes of one name.
func (s *xmlScanner) twice() bool {
	if len(s.attrs) > 16 {
		seen := make(map[string]bool, len(s.attrs))
		for _, a := range s.attrs {
			seen[a.name] = true
		}
		return len(seen) < len(s.attrs)
	}
	for i, a := range s.attrs {
		if slices.ContainsFunc(s.attrs[:i], func(b xmlAttr) bool { return a.name == b.name }) {
			return true
		}
	}
	return false
}

// end reads the end of an element.
func (s *xmlScanner) end() xmlPart {
	s.at += len("</")
	s.name = s.readName()
	s.space()
	if !strings.HasPrefix(s.text[s.at:], ">") {
		return s.wrong(xmlMalformed)
	}
	if len(s.opened) == 0 || s.opened[len(s.opened)-1] != s.name {
		s.at = s.start
		return s.wrong(xmlMalformed)
	}
	s.at++
	s.opened = s.opened[:len(s.opened)-1]
	return xmlEnd
}

// space passes over white space.
func (s *xmlScanner) space() bool {
	start := s.at
	for s.at < len(s.text) && isSpace(s.text[s.at]) {
		s.at++
	}
	return s.at > start
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\r' || c == '\t' }

// readName reads a name with at most one prefix; nothing where there is none.
func (s *xmlScanner) readName() string {
	start, colon := s.at, -1
	for s.at < len(s.text) {
		c := s.text[s.at]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_':
			s.at++
		case c >= '0' && c <= '9', c == '-', c == '.':
			if s.at == start || s.at == colon+1 {
				return ""
			}
			s.at++
		case c == ':':
			if s.at == start || colon >= 0 {
				return ""
			}
			colon = s.at
			s.at++
		case c >= utf8.RuneSelf:
			r, size := utf8.DecodeRuneInString(s.text[s.at:])
			if !isNameRune(r, s.at == start || s.at == colon+1) {
				return ""
			}
			s.at += size
		default:
			if s.at == colon+1 {
				return ""
			}
			return s.text[start:s.at]
		}
	}
	return ""
}

// nameRanges are the characters beyond ASCII with which a name can begin (XML 1.0, fifth edition).
var nameRanges = [][2]rune{
	{0xC0, 0xD6}, {0xD8, 0xF6}, {0xF8, 0x2FF}, {0x370, 0x37D}, {0x37F, 0x1FFF}, {0x200C, 0x200D}, {0x2070, 0x218F},
	{0x2C00, 0x2FEF}, {0x3001, 0xD7FF}, {0xF900, 0xFDCF}, {0xFDF0, 0xFFFD}, {0x10000, 0xEFFFF},
}

func isNameRune(r rune, first bool) bool {
	if !first && (r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040) {
		return true
	}
	return slices.ContainsFunc(nameRanges, func(of [2]rune) bool { return of[0] <= r && r <= of[1] })
}

// localName is a name without its prefix.
func localName(name string) string {
	return name[strings.IndexByte(name, ':')+1:]
}

// withoutReturns makes all line ends alike, as XML asks.
func withoutReturns(text string) string {
	if strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
}

// unescaped is a text with its references replaced: the five of XML itself, and characters by
// number.
func unescaped(text string) (string, bool) {
	text = withoutReturns(text)
	if strings.IndexByte(text, '&') < 0 {
		return text, true
	}
	var b strings.Builder
	for {
		before, after, found := strings.Cut(text, "&")
		b.WriteString(before)
		if !found {
			return b.String(), true
		}
		end := strings.IndexByte(after[:min(len(after), referenceMax)], ';')
		if end < 0 {
			return "", false
		}
		r, known := reference(after[:end])
		if !known {
			return "", false
		}
		b.WriteRune(r)
		text = after[end+1:]
	}
}

// referenceMax bounds the text of a reference after its ampersand.
const referenceMax = 12

// reference is the character that a reference names.
func reference(name string) (rune, bool) {
	switch name {
	case "lt":
		return '<', true
	case "gt":
		return '>', true
	case "amp":
		return '&', true
	case "apos":
		return '\'', true
	case "quot":
		return '"', true
	}
	digits, numeric := strings.CutPrefix(name, "#")
	base := 10
	if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
		digits, base = hex, 16
	}
	n, err := strconv.ParseUint(digits, base, 32)
	if !numeric || err != nil || !isXMLRune(rune(n)) || n > utf8.MaxRune {
		return 0, false
	}
	return rune(n), true
}

// isXMLRune reports whether a character may stand in a document.
func isXMLRune(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= ' ' && r <= 0xD7FF || r >= 0xE000 && r <= 0xFFFD || r >= 0x10000
}

// foreignCharacter returns the place of the first character that may not stand in a document, or
// −1. The text is known to be UTF-8.
func foreignCharacter(text string) int {
	for at := 0; at < len(text); at++ {
		switch c := text[at]; {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r':
			return at
		case c == 0xEF && (strings.HasPrefix(text[at:], "\ufffe") || strings.HasPrefix(text[at:], "\uffff")):
			return at
		}
	}
	return -1
}
