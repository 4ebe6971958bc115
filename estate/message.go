package estate

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"net/http"
	"strconv"
	"time"
)

// Caller is who carries a message to a door, and so which token goes with it.
type Caller string

// The callers. A webhook is carried by nobody: its signature proves it.
const (
	Nobody Caller = ""
	// OMS is the order management system, Tills the tills' file transfer, Treasury what
	// fetches reports and statements; machines all.
	OMS      Caller = "oms"
	Tills    Caller = "tills"
	Treasury Caller = "treasury"
	// Loader and Controller are two persons: one loads, the other approves.
	Loader     Caller = "loader"
	Controller Caller = "controller"
	// Auditor is a person who only reads.
	Auditor Caller = "auditor"
)

// Grant is a key that a caller needs.
type Grant struct {
	Caller Caller
	Person bool
	Scopes []string
}

// Grants returns the keys that the retailer's people and machines need.
func Grants() []Grant {
	return []Grant{
		{OMS, false, []string{"events:write", "reservations:write"}},
		{Tills, false, []string{"files:write"}},
		{Treasury, false, []string{"files:write"}},
		{Loader, true, []string{"files:write", "reference:write"}},
		{Controller, true, []string{"approvals:write", "reference:write"}},
		{Auditor, true, []string{"availability:read", "positions:read", "threads:read", "entries:read", "exceptions:read"}},
	}
}

// Message is one thing that an outside system sends.
type Message struct {
	// Name is its own within an estate: "pickup", "charge captured".
	Name string
	// Step is the step of the scenario that it belongs to; 0 prepares them.
	Step int
	// Records are the steps of its records, where a file carries several steps.
	Records []int
	// Echo marks a second report of a fact: it corroborates what another message books.
	Echo bool
	// Who sends What, for people.
	Who, What string
	// Method and Path are the door.
	Method, Path string
	Caller       Caller

	contentType string
	header      http.Header
	sign        signature
	body        func(delivery int) []byte
	webhook     func(delivery int) http.Header
}

// signature says how a webhook proves itself, by which secret.
type signature struct {
	scheme string
	secret string
}

// The schemes.
const (
	schemeShop      = "shopify"
	schemeProcessor = "stripe"
)

// Payload is the message on the wire.
type Payload struct {
	Header http.Header
	Body   []byte
}

// Payload returns the bytes and headers of one delivery, signed as of now. Deliveries of one
// number are the same bytes under the same delivery id; another number is the same fact
// under a new id. Only the processor's signature carries the time.
func (m Message) Payload(delivery int, now time.Time) Payload {
	p := Payload{Header: http.Header{}, Body: m.body(delivery)}
	p.Header.Set("Content-Type", m.contentType)
	for name, values := range m.header {
		p.Header[name] = values
	}
	if m.webhook != nil {
		for name, values := range m.webhook(delivery) {
			p.Header[name] = values
		}
	}
	switch m.sign.scheme {
	case schemeShop:
		p.Header.Set("X-Shopify-Hmac-Sha256", base64.StdEncoding.EncodeToString(mac(m.sign.secret, p.Body)))
	case schemeProcessor:
		at := strconv.FormatInt(now.Unix(), 10)
		sum := mac(m.sign.secret, []byte(at+"."), p.Body)
		p.Header.Set("Stripe-Signature", "t="+at+",v1="+hex.EncodeToString(sum))
	}
	return p
}

func mac(secret string, parts ...[]byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(bytes.Join(parts, nil))
	return h.Sum(nil)
}
