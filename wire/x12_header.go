package wire

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/heddlehq/heddle/retail"
)

// x12Header is an ISA segment: who sends to whom, and which delimiters follow.
type x12Header struct {
	elements   [17]string // by number, without filling spaces
	element    string     // the separator of elements
	component  string
	repetition string // empty before version 00402
	terminator string
	start, end int // where it stands in the text
}

// x12HeaderWidths are the widths of ISA01 to ISA15. Senders shorten them; nobody may exceed them.
var x12HeaderWidths = [16]int{0, 2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1}

// x12RepetitionSince is the first version whose ISA11 is a separator.
const x12RepetitionSince = "00402"

// x12HeaderNear bounds the search for the end of an element of ISA, in bytes: 15 characters, a line end and the
// separator.
const x12HeaderNear = 18 * utf8.UTFMax

const x12Blank = " \t\r\n"

// readX12Header reads the header at a place of a text. It counts separators instead of bytes: the
// three kinds of delimiters stand where the standard says (after ISA, behind ISA15 and behind
// ISA16), also where a header lost its filling spaces on the way.
func readX12Header(text string, at int) (h *x12Header, problem string) {
	h = &x12Header{}
	rest := text[at+len("ISA"):]
	h.element, rest = nextCharacter(rest)
	if !isDelimiter(h.element) || strings.Contains(x12Blank, h.element) {
		return nil, "ISA has no element separator"
	}
	for n := 1; n < 16; n++ {
		near := rest[:min(len(rest), x12HeaderNear)]
		i := strings.Index(near, h.element)
		if i < 0 {
			return nil, "ISA has fewer than 16 elements"
		}
		value := withoutLineEnds(rest[:i])
		if utf8.RuneCountInString(value) > x12HeaderWidths[n] || strings.Contains(value, retail.Sep) {
			return nil, "an element of ISA is too long"
		}
		h.elements[n] = strings.Trim(value, " ")
		rest = rest[i+len(h.element):]
	}
	h.component, rest = nextCharacter(rest)
	h.terminator, rest = nextCharacter(rest)
	h.elements[16] = h.component
	switch {
	case !isDelimiter(h.component) || strings.Contains(x12Blank, h.component):
		return nil, "ISA16 is no component separator"
	case !isDelimiter(h.terminator):
		return nil, "no segment terminator follows ISA16"
	case !isNumber(h.elements[9], 6) || !isNumber(h.elements[10], 4):
		return nil, "ISA09 is no date or ISA10 no time"
	case h.element == h.component || h.element == h.terminator || h.component == h.terminator:
		return nil, "two delimiters are the same"
	}
	if r := h.elements[11]; h.elements[12] >= x12RepetitionSince && isDelimiter(r) {
		if r == h.element || r == h.component || r == h.terminator {
			return nil, "two delimiters are the same"
		}
		h.repetition = r
	}
	for n := 1; n < 16; n++ {
		if value := h.elements[n]; strings.Contains(value, h.terminator) || h.hasParts(value) && n != 11 {
			return nil, "an element of ISA holds a delimiter"
		}
	}
	h.start, h.end = at, len(text)-len(rest)
	return h, ""
}

func isNumber(text string, digits int) bool {
	return len(text) == digits && allDigits(text)
}

// hasParts reports whether an element of a segment has components or repetitions.
func (h *x12Header) hasParts(segment string) bool {
	return strings.Contains(segment, h.component) || h.repetition != "" && strings.Contains(segment, h.repetition)
}

// withoutLineEnds mends what was broken into lines of one length.
func withoutLineEnds(text string) string {
	if strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 {
		return text
	}
	return strings.NewReplacer("\r", "", "\n", "").Replace(text)
}

func nextCharacter(text string) (character, rest string) {
	_, size := utf8.DecodeRuneInString(text)
	return text[:size], text[size:]
}

// isDelimiter reports whether a character can delimit: data would be cut at letters, digits and
// spaces. A line end can end segments.
func isDelimiter(character string) bool {
	r, size := utf8.DecodeRuneInString(character)
	return size > 0 && r != ' ' && !unicode.IsLetter(r) && !unicode.IsDigit(r)
}

// x12Headers returns the headers that interchanges begin with. A whole header makes one, also where
// the interchange before lost its end, so that a broken one does not take the next along.
func x12Headers(text string) []*x12Header {
	var headers []*x12Header
	for at := 0; ; {
		i := strings.Index(text[at:], "ISA")
		if i < 0 {
			return headers
		}
		at += i
		if h, problem := readX12Header(text, at); problem == "" {
			headers = append(headers, h)
			at = h.end
		} else {
			at += len("ISA")
		}
	}
}

// The names of the elements of ISA and GS, by number.
var (
	x12HeaderNames = elementNames("ISA", 16)
	x12GroupNames  = elementNames("GS", x12ElementsMax)
)

// x12EnvelopeHas are the elements of ISA that a record's envelope has: the parties, version,
// control number and usage.
var x12EnvelopeHas = [...]int{5, 6, 7, 8, 12, 13, 15}
