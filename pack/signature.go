package pack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// signatureText says in pack.yaml how the sender signs.
type signatureText struct {
	// Algorithm is hmac-sha256.
	Algorithm string `yaml:"algorithm"`
	// Header carries the signature.
	Header string `yaml:"header"`
	// Encoding of the signature: base64 or hex.
	Encoding string `yaml:"encoding"`
	// Signs is what is signed: text in which {body} and {time} stand for what arrives.
	Signs string `yaml:"signs"`
	// Parts is given where the header is a list like "t=1,v1=ab,v1=cd": the names of the time
	// and of the signatures in it.
	Parts *struct {
		Time      string `yaml:"time"`
		Signature string `yaml:"signature"`
	} `yaml:"parts"`
	// Tolerance is how far the signed time may lie from now, on both sides.
	Tolerance string `yaml:"tolerance"`
}

// SignedRequest is what a sender's signature can cover.
type SignedRequest struct {
	Header func(name string) string
	Body   []byte
}

// scheme is a checked signatureText.
type scheme struct {
	header    string
	decode    func(string) ([]byte, error)
	pieces    []piece
	timeName  string // name of the time in a header that is a list
	macName   string // name of a signature in a header that is a list; empty: the header is one
	tolerance time.Duration
}

// piece is a part of what is signed: a literal text, or what fills a place.
type piece struct {
	literal string
	place   string // "body", "time"; empty for a literal
}

func newScheme(t *signatureText) (*scheme, error) {
	if t == nil {
		return nil, nil
	}
	s := &scheme{header: t.Header}
	switch t.Encoding {
	case "base64":
		s.decode = base64.StdEncoding.DecodeString
	case "hex":
		s.decode = hex.DecodeString
	default:
		return nil, broken("signature", "encoding is base64 or hex")
	}
	if t.Algorithm != "hmac-sha256" {
		return nil, broken("signature", "algorithm is hmac-sha256")
	}
	if t.Header == "" {
		return nil, broken("signature", "header names the header that carries it")
	}
	if t.Parts != nil {
		if s.timeName, s.macName = t.Parts.Time, t.Parts.Signature; s.macName == "" {
			return nil, broken("signature", "parts names the signature in the header's list")
		}
	}
	var err error
	if s.tolerance, err = duration(t.Tolerance); err != nil {
		return nil, broken("signature", "tolerance is a duration like 5m")
	}
	if err := s.compose(t.Signs); err != nil {
		return nil, err
	}
	return s, nil
}

// compose reads the template of what is signed.
func (s *scheme) compose(template string) error {
	places := map[string]bool{}
	for rest := template; rest != ""; {
		literal, after, found := strings.Cut(rest, "{")
		if literal != "" {
			s.pieces = append(s.pieces, piece{literal: literal})
		}
		if !found {
			break
		}
		place, after, closed := strings.Cut(after, "}")
		if !closed || place != "body" && place != "time" {
			return broken("signature", "signs knows {body} and {time}")
		}
		places[place] = true
		s.pieces = append(s.pieces, piece{place: place})
		rest = after
	}
	switch {
	case !places["body"]:
		return broken("signature", "signs has to cover {body}")
	case places["time"] != (s.timeName != "") || places["time"] != (s.tolerance > 0):
		return broken("signature", "{time}, parts.time and a tolerance come together")
	}
	return nil
}

// Signed reports whether the system signs what it sends. Where it does not, the door asks
// for a token.
func (p *Pack) Signed() bool { return p.scheme != nil }

// Verify proves that the sender knows one of the secrets. While a secret is being changed
// several are live, and a sender may sign with several; one match is enough. Signatures are
// compared in constant time. What does not match is H-SIGNATURE.
func (p *Pack) Verify(request SignedRequest, secrets [][]byte, now time.Time) error {
	if p.scheme == nil {
		return fault.New(fault.BadSignature, p.Name, "the system does not sign what it sends")
	}
	sent, err := p.scheme.parse(request.Header(p.scheme.header), now)
	if err != nil {
		return err
	}
	matches := 0
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, secret)
		for _, piece := range p.scheme.pieces {
			switch piece.place {
			case "body":
				mac.Write(request.Body)
			case "time":
				mac.Write([]byte(sent.time))
			default:
				mac.Write([]byte(piece.literal))
			}
		}
		sum := mac.Sum(nil)
		for _, signature := range sent.signatures {
			if len(secret) > 0 && hmac.Equal(signature, sum) {
				matches++
			}
		}
	}
	if matches == 0 {
		return fault.New(fault.BadSignature, p.scheme.header, "no live secret gives a signature that was sent")
	}
	return nil
}

// sentSignature is what the header says.
type sentSignature struct {
	time       string
	signatures [][]byte
}

// signaturesMax bounds the signatures in one header.
const signaturesMax = 16

func (s *scheme) parse(header string, now time.Time) (sentSignature, error) {
	var sent sentSignature
	if header == "" {
		return sent, fault.New(fault.BadSignature, s.header, "the header is missing")
	}
	texts := []string{header}
	if s.macName != "" {
		texts = nil
		for field := range strings.SplitSeq(header, ",") {
			name, value, _ := strings.Cut(field, "=")
			switch strings.TrimSpace(name) {
			case s.timeName:
				sent.time = value
			case s.macName:
				texts = append(texts, value)
			}
		}
	}
	if len(texts) > signaturesMax {
		return sent, fault.New(fault.BadSignature, s.header, "the header has more than %d signatures", signaturesMax)
	}
	for _, text := range texts {
		if b, err := s.decode(strings.TrimSpace(text)); err == nil {
			sent.signatures = append(sent.signatures, b)
		}
	}
	if s.tolerance == 0 {
		return sent, nil
	}
	seconds, err := strconv.ParseInt(sent.time, 10, 64)
	if err != nil {
		return sent, fault.New(fault.BadSignature, s.header, "the header has no time in seconds")
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > s.tolerance || off < -s.tolerance {
		return sent, fault.New(fault.BadSignature, s.header, "it was signed more than %v from now", s.tolerance)
	}
	return sent, nil
}
