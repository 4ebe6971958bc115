package pack

import (
	"crypto/hmac"
	"crypto/sha256"
	"strconv"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// SignedRequest is what a sender's signature can cover.
type SignedRequest struct {
	Header func(name string) string
	Body   []byte
}

// Proof is what a source is configured with to prove the requests that it gets.
type Proof struct {
	// Secrets as the system shows them. While one is being changed there are two.
	Secrets [][]byte
	// URL is the address that the system was told to send to, byte for byte; for systems that
	// sign it. What a proxy or this server takes for the address of a request proves nothing.
	URL string
}

// Signed reports whether the system signs what it sends. Where it does not, the door asks
// for a token.
func (p *Pack) Signed() bool { return p.scheme != nil }

// CheckProof reports what of a source's proof the pack's scheme cannot work with (H-CONFIG):
// a secret that is not written as the scheme says, or an address that is missing. A source
// without secrets is proven by tokens only and needs neither.
func (p *Pack) CheckProof(proof Proof) error {
	if p.scheme == nil || len(proof.Secrets) == 0 {
		return nil
	}
	for i, secret := range proof.Secrets {
		if key, err := p.scheme.key(secret); err != nil || len(key) == 0 {
			return fault.New(fault.BadConfig, p.Name, "secret %d is empty or not written in %s", i+1, p.scheme.keyEncoding)
		}
	}
	if p.scheme.covers(placeURL) && proof.URL == "" {
		return fault.New(fault.BadConfig, p.Name, "the system signs the address that it sends to; url has to say it")
	}
	return nil
}

// Verify proves that the sender knows one of the secrets. While a secret is being changed
// several are live, and a sender may sign with several; one match is enough. Where each item
// of a body is signed by itself, all of them have to be right, and the body holds nothing
// else. Signatures are compared in constant time. What does not match is H-SIGNATURE.
func (p *Pack) Verify(request SignedRequest, proof Proof, now time.Time) error {
	s := p.scheme
	if s == nil {
		return fault.New(fault.BadSignature, p.Name, "the system does not sign what it sends")
	}
	var keys [][]byte
	for _, secret := range proof.Secrets {
		// One that is not written as the scheme says was told by CheckProof, and proves nothing.
		if key, err := s.key(secret); err == nil && len(key) > 0 {
			keys = append(keys, key)
		}
	}
	if s.items != nil {
		return s.verifyItems(request.Body, keys)
	}
	sent, err := s.parse(request.Header, now)
	if err != nil {
		return err
	}
	message := func(at piece) ([]byte, error) {
		switch at.place {
		case placeBody:
			return request.Body, nil
		case placeTime:
			return []byte(sent.time), nil
		case placeURL:
			return []byte(proof.URL), nil
		case placeHeader:
			if value := request.Header(at.text); value != "" {
				return []byte(value), nil
			}
			return nil, fault.New(fault.BadSignature, at.text, "the header is missing")
		}
		return []byte(at.text), nil
	}
	return s.match(keys, sent.signatures, message)
}

// match compares each signature with that of the message under each key, all of them, so
// that the time taken tells nothing.
func (s *scheme) match(keys, signatures [][]byte, message func(piece) ([]byte, error)) error {
	matches := 0
	for _, key := range keys {
		mac := hmac.New(sha256.New, key)
		for _, at := range s.pieces {
			part, err := message(at)
			if err != nil {
				return err
			}
			mac.Write(part)
		}
		sum := mac.Sum(nil)
		for _, signature := range signatures {
			if hmac.Equal(signature, sum) {
				matches++
			}
		}
	}
	if matches == 0 {
		return fault.New(fault.BadSignature, s.where(), "no live secret gives a signature that was sent")
	}
	return nil
}

// sentSignature is what the headers say.
type sentSignature struct {
	time       string
	signatures [][]byte
}

// signaturesMax bounds the signatures in one header.
const signaturesMax = 16

func (s *scheme) parse(header func(string) string, now time.Time) (sentSignature, error) {
	var sent sentSignature
	text := header(s.header)
	if text == "" {
		return sent, fault.New(fault.BadSignature, s.header, "the header is missing")
	}
	texts := []string{text}
	if s.list.signature != "" {
		sent.time, texts = s.list.read(text)
	}
	if s.timeHeader != "" {
		sent.time = header(s.timeHeader)
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
		return sent, fault.New(fault.BadSignature, s.header, "nothing says in seconds when it was signed")
	}
	if off := now.Sub(time.Unix(seconds, 0)); off > s.tolerance || off < -s.tolerance {
		return sent, fault.New(fault.BadSignature, s.header, "it was signed more than %v from now", s.tolerance)
	}
	return sent, nil
}

// list is a header of several named texts: "t=1,v1=ab,v1=cd", or "v1,ab v1,cd".
type list struct {
	time, signature string // names; an empty signature means that the header is no list
	between, assign string // what stands between two texts, and behind a name
}

// read returns the time and the signatures of a header.
func (l list) read(header string) (time string, signatures []string) {
	for field := range strings.SplitSeq(header, l.between) {
		name, value, _ := strings.Cut(field, l.assign)
		switch name = strings.TrimSpace(name); {
		case name == l.signature:
			signatures = append(signatures, value)
		case name == l.time && name != "":
			time = value
		}
	}
	return time, signatures
}
