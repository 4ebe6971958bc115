package packs

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/pack"
)

func mac(secret, text string) []byte {
	m := hmac.New(sha256.New, []byte(secret))
	m.Write([]byte(text))
	return m.Sum(nil)
}

// Each system's signature is proven as the system makes it, by either of two live secrets.
func TestSignatures(t *testing.T) {
	const body = `{"id":1}`
	now := time.Unix(1795273200, 0)
	shop := func(secret, body string) string { return base64.StdEncoding.EncodeToString(mac(secret, body)) }
	event := func(secret, at string) string {
		return "t=" + at + ",v1=" + hex.EncodeToString(mac(secret, at+"."+body)) + ",v0=00"
	}
	for _, c := range []struct {
		name, pack, header, signature string
		ok                            bool
	}{
		{"shop, new secret", shopify, "X-Shopify-Hmac-Sha256", shop("new", body), true},
		{"shop, old secret", shopify, "X-Shopify-Hmac-Sha256", shop("old", body), true},
		{"shop, other secret", shopify, "X-Shopify-Hmac-Sha256", shop("other", body), false},
		{"shop, other body", shopify, "X-Shopify-Hmac-Sha256", shop("new", body+" "), false},
		{"shop, hex", shopify, "X-Shopify-Hmac-Sha256", hex.EncodeToString(mac("new", body)), false},
		{"shop, none", shopify, "X-Shopify-Hmac-Sha256", "", false},
		{"plugin, new secret", woocommerce, "X-WC-Webhook-Signature", shop("new", body), true},
		{"plugin, old secret", woocommerce, "X-WC-Webhook-Signature", shop("old", body), true},
		{"plugin, other body", woocommerce, "X-WC-Webhook-Signature", shop("new", "webhook_id=1"), false},
		{"processor, new secret", stripe, "Stripe-Signature", event("new", "1795273200"), true},
		{"processor, old secret, five minutes ago", stripe, "Stripe-Signature", event("old", "1795272900"), true},
		{"processor, more than five minutes ago", stripe, "Stripe-Signature", event("new", "1795272899"), false},
		{"processor, other secret", stripe, "Stripe-Signature", event("other", "1795273200"), false},
		{"processor, time changed", stripe, "Stripe-Signature", "t=1795273201" + event("new", "1795273200")[12:], false},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := pack.SignedRequest{Body: []byte(body), Header: func(name string) string {
				if name == c.header {
					return c.signature
				}
				return ""
			}}
			err := get(t, c.pack).Verify(request, pack.Proof{Secrets: [][]byte{[]byte("new"), []byte("old")}}, now)
			if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadSignature) {
				t.Errorf("got %v, want ok %v", err, c.ok)
			}
		})
	}
	for _, name := range []string{poslog, camt053, csvPack} {
		if get(t, name).Signed() {
			t.Errorf("%s: signed, want a token at the door", name)
		}
	}
}

// Square signs the address that it was told with the body. The vector is of its own tests.
func TestSignaturesOfSquare(t *testing.T) {
	const (
		address = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"
		secret  = "Ibxx_5AKakO-3qeNVR61Dw"
		signed  = "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="
		body    = `{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}`
	)
	for _, c := range []struct {
		name, address, secret, body string
		ok                          bool
	}{
		{"the vendor's", address, secret, body, true},
		{"an address that a proxy changed", address + "/", secret, body, false},
		{"another secret", address, "other", body, false},
		{"another body", address, secret, body + " ", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := pack.SignedRequest{Body: []byte(c.body), Header: func(name string) string {
				if name == "x-square-hmacsha256-signature" {
					return signed
				}
				return ""
			}}
			err := get(t, square).Verify(request, pack.Proof{Secrets: [][]byte{[]byte("old"), []byte(c.secret)}, URL: c.address}, time.Unix(1795273200, 0))
			if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadSignature) {
				t.Errorf("got %v, want ok %v", err, c.ok)
			}
		})
	}
}

// Adyen signs each item of a notification, and the messages of a balance platform as a whole;
// its secrets are written in hexadecimal digits. The item is of the vendor's own tests.
func TestSignaturesOfAdyen(t *testing.T) {
	const secret = "9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6"
	item := func(value string) string {
		return `{"live":"true","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"NuEkADFmlCC6VgX+wcoPAegIWxVPNBPCuKlM4Hzo5qc="},` +
			`"amount":{"currency":"EUR","value":` + value + `},"eventCode":"REPORT_AVAILABLE","eventDate":"2019-11-20T14:35:36+01:00","merchantAccountCode":"Magento2Rik",` +
			`"merchantReference":"testMerchantRef1","pspReference":"test_REPORT_AVAILABLE","success":"true"}}]}`
	}
	key, err := hex.DecodeString(secret)
	if err != nil {
		t.Fatal(err)
	}
	const transfer = `{"type":"balancePlatform.transfer.created"}`
	whole := base64.StdEncoding.EncodeToString(mac(string(key), transfer))
	for _, c := range []struct {
		name, pack, secret, signature, body string
		ok                                  bool
	}{
		{"an item", adyen, secret, "", item(`"0"`), true},
		{"its amount a number", adyen, secret, "", item(`0`), true},
		{"its amount changed", adyen, secret, "", item(`"1"`), false},
		{"by another secret", adyen, "00", "", item(`"0"`), false},
		{"a transfer", adyenPlatform, secret, whole, transfer, true},
		{"a transfer changed", adyenPlatform, secret, whole, transfer + " ", false},
		{"a transfer by another secret", adyenPlatform, "00", whole, transfer, false},
		{"a transfer that is not signed", adyenPlatform, secret, "", transfer, false},
		{"a transfer among the items", adyen, secret, whole, transfer, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			request := pack.SignedRequest{Body: []byte(c.body), Header: func(name string) string {
				if name == "HmacSignature" {
					return c.signature
				}
				return ""
			}}
			err := get(t, c.pack).Verify(request, pack.Proof{Secrets: [][]byte{[]byte("00FF"), []byte(c.secret)}}, time.Unix(1795273200, 0))
			if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadSignature) {
				t.Errorf("got %v, want ok %v", err, c.ok)
			}
		})
	}
}
