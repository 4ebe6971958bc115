package wire

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/japanese"

	"github.com/heddlehq/heddle/fault"
)

// Encoding says which bytes stand for which characters. The zero value is UTF-8. A byte order
// mark at the beginning of a payload wins over what is declared, because it is the payload's own
// word.
type Encoding string

// The encodings that are read. ISO88591 is read by its letter: its bytes 80 to 9F are control
// characters; a sender who means euro signs writes Windows1252.
const (
	UTF8        Encoding = "utf-8"
	UTF16       Encoding = "utf-16" // big-endian where no byte order mark says otherwise
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	ISO88591    Encoding = "iso-8859-1"
	ISO885915   Encoding = "iso-8859-15"
	Windows1252 Encoding = "windows-1252"
	ShiftJIS    Encoding = "shift_jis"
)

// Known reports whether the encoding can be read. The names are written in lower case.
func (e Encoding) Known() bool {
	switch e {
	case "", UTF8, UTF16, UTF16LE, UTF16BE, ISO88591, ISO885915, Windows1252, ShiftJIS:
		return true
	}
	return false
}

// byteOrderMarks tell an encoding by the first bytes.
var byteOrderMarks = []struct {
	mark     string
	encoding Encoding
}{{"\xef\xbb\xbf", UTF8}, {"\xff\xfe", UTF16LE}, {"\xfe\xff", UTF16BE}}

// source is a payload's text in UTF-8, and what is needed to tell its places in the payload.
type source struct {
	text []byte
	base int64 // bytes of the payload before the text: a byte order mark
	// width is how many bytes a character takes in the payload; nil means as many as in the text.
	width func(rune) int
}

// open checks what all syntaxes share: the size, and that the bytes are characters.
func open(body []byte, encoding Encoding, limits *Limits) (source, error) {
	limits.EnsureDefaults()
	if int64(len(body)) > limits.Bytes {
		return source{}, fault.New(fault.TooLarge, "document", "it has %d bytes; the limit is %d", len(body), limits.Bytes)
	}
	s := source{text: body}
	for _, m := range byteOrderMarks {
		if rest, marked := bytes.CutPrefix(body, []byte(m.mark)); marked {
			s.text, s.base, encoding = rest, int64(len(m.mark)), m.encoding
			break
		}
	}
	var bad int
	switch encoding {
	case "", UTF8:
		bad = invalidUTF8(s.text)
	case UTF16, UTF16BE:
		s.text, bad = decodeUTF16(s.text, binary.BigEndian)
		s.width = utf16Width
	case UTF16LE:
		s.text, bad = decodeUTF16(s.text, binary.LittleEndian)
		s.width = utf16Width
	case ISO88591:
		s.text, bad = decodeBytes(s.text, charmap.ISO8859_1)
		s.width = oneByte
	case ISO885915:
		s.text, bad = decodeBytes(s.text, charmap.ISO8859_15)
		s.width = oneByte
	case Windows1252:
		s.text, bad = decodeBytes(s.text, charmap.Windows1252)
		s.width = oneByte
	case ShiftJIS:
		s.text, bad = decodeShiftJIS(s.text)
		s.width = shiftJISWidth
	default:
		return source{}, fault.New(fault.BadConfig, "encoding", "%q is not one that can be read", string(encoding))
	}
	if bad >= 0 {
		return source{}, syntax(s.base+int64(bad), "it is not %s", strings.ToUpper(string(cmp.Or(encoding, UTF8))))
	}
	return s, nil
}

// places tells places of the payload for places of the text. It is quick for places that rise.
type places struct {
	source
	at  int
	raw int64
}

func (s source) places() *places { return &places{source: s, raw: s.base} }

// of returns the place in the payload of a place in the text, which begins a character.
func (p *places) of(at int) int64 {
	if p.width == nil {
		return p.base + int64(at)
	}
	if at < p.at {
		p.at, p.raw = 0, p.base
	}
	for p.at < at {
		r, size := utf8.DecodeRune(p.text[p.at:])
		p.at += size
		p.raw += int64(p.width(r))
	}
	return p.raw
}

// invalidUTF8 returns the offset of the first byte that is no part of a character, or −1.
func invalidUTF8(b []byte) int {
	if utf8.Valid(b) {
		return -1
	}
	for at := 0; ; {
		r, size := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && size <= 1 {
			return at
		}
		at += size
	}
}

// decodeUTF16 returns the text, and the place of the first bytes that are no character, or −1.
func decodeUTF16(b []byte, order binary.ByteOrder) ([]byte, int) {
	text := make([]byte, 0, len(b))
	for at := 0; at < len(b); at += 2 {
		if at+1 == len(b) {
			return nil, at
		}
		r := rune(order.Uint16(b[at:]))
		if utf16.IsSurrogate(r) {
			if at+3 >= len(b) {
				return nil, at
			}
			if r = utf16.DecodeRune(r, rune(order.Uint16(b[at+2:]))); r == utf8.RuneError {
				return nil, at
			}
			at += 2
		}
		text = utf8.AppendRune(text, r)
	}
	return text, -1
}

func utf16Width(r rune) int { return 2 * utf16.RuneLen(r) }

// decodeBytes reads an encoding in which each byte is a character.
func decodeBytes(b []byte, table *charmap.Charmap) ([]byte, int) {
	text := make([]byte, 0, len(b)+len(b)/8)
	for at, c := range b {
		r := table.DecodeByte(c)
		if r == utf8.RuneError {
			return nil, at
		}
		text = utf8.AppendRune(text, r)
	}
	return text, -1
}

func oneByte(rune) int { return 1 }

// decodeShiftJIS reads Shift JIS as Windows writes it. U+FFFD has no bytes in it, so that one in
// the text means that something could not be read.
func decodeShiftJIS(b []byte) ([]byte, int) {
	text, err := japanese.ShiftJIS.NewDecoder().Bytes(b)
	if err != nil {
		return nil, 0
	}
	bad := bytes.IndexRune(text, utf8.RuneError)
	if bad >= 0 {
		p := source{text: text, width: shiftJISWidth}.places()
		return nil, int(p.of(bad))
	}
	return text, -1
}

// shiftJISWidth is one byte for ASCII and the half-width forms, else two.
func shiftJISWidth(r rune) int {
	if r <= 0x80 || r >= '\uff61' && r <= '\uff9f' {
		return 1
	}
	return 2
}
