package pack

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// signatureText says in pack.yaml how the sender signs. docs/packs.md shows a scheme of each
// kind.
type signatureText struct {
	// Algorithm is hmac-sha256.
	Algorithm string `yaml:"algorithm"`
	// Key is how a secret is written: utf8 (its bytes are the key), hex or base64. KeyPrefix is
	// taken off before, where it is there.
	Key       string `yaml:"key"`
	KeyPrefix string `yaml:"key_prefix"`
	// Header carries the signature. Where instead each item of a JSON body carries its own,
	// Items is the path to the items and Member the path from an item to its signature.
	Header string `yaml:"header"`
	Items  string `yaml:"items"`
	Member string `yaml:"member"`
	// Encoding of the signature: base64 or hex.
	Encoding string `yaml:"encoding"`
	// Signs is what is signed: text with places {body}, {time}, {url}, {header NAME}, or of an
	// item {.path}, which is empty where the item has no such member.
	Signs string `yaml:"signs"`
	// Parts is given where the header is a list of named texts.
	Parts *partsText `yaml:"parts"`
	// TimeHeader carries the signed time, where it stands in a header of its own.
	TimeHeader string `yaml:"time_header"`
	// Tolerance is how far the signed time may lie from now, on both sides.
	Tolerance string `yaml:"tolerance"`
}

// partsText names the time and the signatures in a header that is a list: "t=1,v1=ab,v1=cd".
type partsText struct {
	Time      string `yaml:"time"`
	Signature string `yaml:"signature"`
	Between   string `yaml:"between"` // what stands between two texts; a comma if absent
	Assign    string `yaml:"assign"`  // what stands behind a name; an equals sign if absent
}

// scheme is a checked signatureText.
type scheme struct {
	header      string
	items       *members // nil: the request is signed as a whole
	inItem      members  // where an item's signature stands
	encoding    string
	decode      func(string) ([]byte, error)
	keyEncoding string
	keyPrefix   []byte
	signs       string
	pieces      []piece
	list        list
	timeHeader  string
	tolerance   time.Duration
}

// place is what fills a piece of the message.
type place int

const (
	placeNone   place = iota // the piece's own text
	placeBody                // the body, byte for byte
	placeTime                // the signed time as it is written
	placeURL                 // the configured address
	placeHeader              // the header that the piece's text names
	placeMember              // a member of an item
)

// piece is a part of what is signed.
type piece struct {
	place  place
	text   string
	member members
}

func newScheme(t *signatureText) (*scheme, error) {
	if t == nil {
		return nil, nil
	}
	s := &scheme{header: t.Header, encoding: t.Encoding, keyPrefix: []byte(t.KeyPrefix), signs: t.Signs, timeHeader: t.TimeHeader}
	if err := s.setKeys(t); err != nil {
		return nil, err
	}
	if err := s.setPlace(t); err != nil {
		return nil, err
	}
	if p := t.Parts; p != nil {
		s.list = list{p.Time, p.Signature, p.Between, p.Assign}
		if s.list.between == "" {
			s.list.between = ","
		}
		if s.list.assign == "" {
			s.list.assign = "="
		}
		if p.Signature == "" {
			return nil, broken("signature", "parts names the signature in the header's list")
		}
	}
	var err error
	if s.tolerance, err = duration(t.Tolerance); err != nil {
		return nil, broken("signature", "tolerance is a duration like 5m")
	}
	if s.pieces, err = readPieces(t.Signs); err != nil {
		return nil, err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// setKeys checks how the key, the message and the signature are written.
func (s *scheme) setKeys(t *signatureText) error {
	if t.Algorithm != "hmac-sha256" {
		return broken("signature", "algorithm is hmac-sha256")
	}
	switch t.Encoding {
	case "base64":
		s.decode = base64.StdEncoding.DecodeString
	case "hex":
		s.decode = hex.DecodeString
	default:
		return broken("signature", "encoding is base64 or hex")
	}
	s.keyEncoding = t.Key
	if s.keyEncoding == "" {
		s.keyEncoding = "utf8"
	}
	if !slices.Contains([]string{"utf8", "hex", "base64"}, s.keyEncoding) {
		return broken("signature", "key is utf8, hex or base64")
	}
	return nil
}

// key reads a secret.
func (s *scheme) key(secret []byte) ([]byte, error) {
	secret = bytes.TrimPrefix(secret, s.keyPrefix)
	switch s.keyEncoding {
	case "hex":
		return hex.DecodeString(string(secret))
	case "base64":
		return base64.StdEncoding.DecodeString(string(secret))
	}
	return secret, nil
}

// setPlace reads where the signature stands.
func (s *scheme) setPlace(t *signatureText) error {
	switch {
	case t.Header != "" && t.Items == "" && t.Member == "":
		return nil
	case t.Header != "" || t.Items == "" || t.Member == "":
		return broken("signature", "the signature stands in a header, or in a member of each of the items")
	}
	items, err := readMembers(t.Items)
	if err != nil {
		return err
	}
	s.items = &items
	if s.inItem, err = readMembers(t.Member); err == nil && slices.Contains(s.inItem.steps, everyElement) {
		err = broken("signature", "member is a path to one member")
	}
	return err
}

// check refuses a message that leaves out what has to be covered.
func (s *scheme) check() error {
	hasTime := s.timeHeader != "" || s.list.time != ""
	switch {
	case s.items != nil && (hasTime || s.list.signature != "" || s.tolerance > 0):
		return broken("signature", "items carry signatures without parts and times")
	case s.items != nil && !s.covers(placeMember):
		return broken("signature", "signs has to cover members of an item, such as {.id}")
	case s.items != nil && (s.covers(placeBody) || s.covers(placeURL) || s.covers(placeHeader) || s.covers(placeTime)):
		return broken("signature", "of items, signs knows members such as {.id}")
	case s.items == nil && s.covers(placeMember):
		return broken("signature", "members such as {.id} are signed of items only")
	case s.items == nil && !s.covers(placeBody):
		return broken("signature", "signs has to cover {body}")
	case s.timeHeader != "" && s.list.time != "":
		return broken("signature", "the time stands in parts or in a header of its own")
	case s.covers(placeTime) != hasTime || hasTime != (s.tolerance > 0):
		return broken("signature", "{time}, where it stands and a tolerance come together")
	}
	return nil
}

func (s *scheme) covers(p place) bool {
	return slices.ContainsFunc(s.pieces, func(at piece) bool { return at.place == p })
}

// where names the place of the signature.
func (s *scheme) where() string {
	if s.items != nil {
		return s.inItem.text
	}
	return s.header
}

// readPieces reads the template of what is signed.
func readPieces(template string) ([]piece, error) {
	var pieces []piece
	for rest := template; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		if literal != "" {
			pieces = append(pieces, piece{text: literal})
		}
		if !found {
			break
		}
		name, after, closed := strings.Cut(after, "}")
		header, isHeader := strings.CutPrefix(name, "header ")
		switch {
		case closed && name == "body":
			pieces = append(pieces, piece{place: placeBody})
		case closed && name == "time":
			pieces = append(pieces, piece{place: placeTime})
		case closed && name == "url":
			pieces = append(pieces, piece{place: placeURL})
		case closed && isHeader && header != "":
			pieces = append(pieces, piece{place: placeHeader, text: header})
		case closed && strings.HasPrefix(name, "."):
			member, err := readMembers(name)
			if err != nil || slices.Contains(member.steps, everyElement) {
				return nil, broken("signature", "%s is no path to one member", name)
			}
			pieces = append(pieces, piece{place: placeMember, member: member})
		default:
			return nil, broken("signature", "signs knows {body}, {time}, {url}, {header NAME} and {.member}")
		}
		rest = after
	}
	return pieces, nil
}

// everyElement stands in a path for each element of an array.
const everyElement = "[]"

// readMembers reads a path of member names: .items[].detail.
func readMembers(text string) (members, error) {
	m := members{text: text}
	rest, ok := strings.CutPrefix(text, ".")
	for name := range strings.SplitSeq(rest, ".") {
		name, every := strings.CutSuffix(name, everyElement)
		if ok = ok && name != "" && !strings.ContainsAny(name, "[]{}|() \""); !ok {
			return m, broken("signature", "%s is no path like .items[].detail", text)
		}
		if m.steps = append(m.steps, name); every {
			m.steps = append(m.steps, everyElement)
		}
	}
	return m, nil
}

// String says the scheme in words, for people.
func (s *scheme) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "HMAC-SHA256 of %s in %s, ", s.signs, s.encoding)
	if s.items != nil {
		fmt.Fprintf(&b, "in %s of each of %s", s.inItem.text, s.items.text)
	} else {
		fmt.Fprintf(&b, "in the header %s", s.header)
	}
	if s.keyEncoding != "utf8" {
		fmt.Fprintf(&b, "; the secret is written in %s", s.keyEncoding)
	}
	if s.tolerance > 0 {
		fmt.Fprintf(&b, "; signed at most %s from now", strings.Replace(s.tolerance.String(), "m0s", "m", 1))
	}
	if s.covers(placeURL) {
		b.WriteString("; the source says its url")
	}
	return b.String()
}

// Signature says in words how the system signs what it sends; empty where it does not.
func (p *Pack) Signature() string {
	if p.scheme == nil {
		return ""
	}
	return p.scheme.String()
}
