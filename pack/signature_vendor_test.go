package pack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// vendorCase is a request that a vendor's own tests sign, and what is changed of it.
type vendorCase struct {
	name    string
	secrets []string
	url     string
	headers map[string]string
	body    string
	now     time.Time
	ok      bool
}

func (c vendorCase) test(t *testing.T, scheme string) {
	t.Helper()
	header := http.Header{}
	for name, value := range c.headers {
		header.Set(name, value)
	}
	proof := Proof{URL: c.url}
	for _, secret := range c.secrets {
		proof.Secrets = append(proof.Secrets, []byte(secret))
	}
	err := signedPack(t, scheme).Verify(SignedRequest{Header: header.Get, Body: []byte(c.body)}, proof, c.now)
	if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadSignature) {
		t.Errorf("got %v, want accepted: %v", err, c.ok)
	}
}

// The vector is that of the tests of Square's own SDKs.
func TestVerifyURLAndBody(t *testing.T) {
	const (
		header = "X-Square-Hmacsha256-Signature"
		url    = "https://webhook.site/679a4f3a-dcfa-49ee-bac5-9d0edad886b9"
		body   = `{"merchant_id":"MLEFBHHSJGVHD","type":"webhooks.test_notification","event_id":"ac3ac95b-f97d-458c-a6e6-18981597e05f","created_at":"2022-07-13T20:30:59.037339943Z","data":{"type":"webhooks","id":"bc368e64-01aa-407e-b46e-3231809b1129"}}`
		key    = "Ibxx_5AKakO-3qeNVR61Dw"
	)
	signed := map[string]string{header: "GF4YkrJgGBDZ9NIYbNXBnMzqb2HoL4RW/S6vkZ9/2N4="}
	for _, c := range []vendorCase{
		{name: "the vendor's", secrets: []string{key}, url: url, headers: signed, body: body, ok: true},
		{name: "with a newer secret beside it", secrets: []string{"newer", key}, url: url, headers: signed, body: body, ok: true},
		{name: "another secret", secrets: []string{"newer"}, url: url, headers: signed, body: body},
		{name: "an address with a slash more", secrets: []string{key}, url: url + "/", headers: signed, body: body},
		{name: "no address", secrets: []string{key}, headers: signed, body: body},
		{name: "a body reformatted", secrets: []string{key}, url: url, headers: signed, body: strings.Replace(body, ":", ": ", 1)},
		{name: "the older header", secrets: []string{key}, url: url, headers: map[string]string{"X-Square-Signature": signed[header]}, body: body},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, urlScheme) })
	}
}

// The vector is that of the specification of Standard Webhooks.
func TestVerifyStandardWebhooks(t *testing.T) {
	const secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", `{"test": 2432232314}`
	const mac = "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
	headers := func(id, at, signature string) map[string]string {
		return map[string]string{"webhook-id": id, "webhook-timestamp": at, "webhook-signature": signature}
	}
	const id, at = "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
	signed := time.Unix(1614265330, 0)
	for _, c := range []vendorCase{
		{name: "the vendor's", secrets: []string{secret}, headers: headers(id, at, "v1,"+mac), body: body, now: signed, ok: true},
		{name: "a secret without its prefix", secrets: []string{secret[6:]}, headers: headers(id, at, "v1,"+mac), body: body, now: signed, ok: true},
		{name: "several signatures", secrets: []string{secret}, headers: headers(id, at, "v1,AAAA v2,"+mac+" v1,"+mac), body: body, now: signed, ok: true},
		{name: "a newer secret beside it", secrets: []string{"whsec_bmV3ZXI=", secret}, headers: headers(id, at, "v1,"+mac), body: body, now: signed, ok: true},
		{name: "only another version", secrets: []string{secret}, headers: headers(id, at, "v2,"+mac), body: body, now: signed},
		{name: "another id", secrets: []string{secret}, headers: headers(id+"a", at, "v1,"+mac), body: body, now: signed},
		{name: "no id", secrets: []string{secret}, headers: headers("", at, "v1,"+mac), body: body, now: signed},
		{name: "no id, and signed so", secrets: []string{secret}, headers: headers("", at, "v1,BbrBopkxy1IaPTmLxhGOIjtynRWNh3UqphKDPFaJ1cU="), body: body, now: signed},
		{name: "no time", secrets: []string{secret}, headers: headers(id, "", "v1,"+mac), body: body, now: signed},
		{name: "another time", secrets: []string{secret}, headers: headers(id, "1614265331", "v1,"+mac), body: body, now: signed},
		{name: "late", secrets: []string{secret}, headers: headers(id, at, "v1,"+mac), body: body, now: signed.Add(5*time.Minute + time.Second)},
		{name: "a secret that is no base64", secrets: []string{"whsec_?"}, headers: headers(id, at, "v1,"+mac), body: body, now: signed},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, standardScheme) })
	}
}

// signItem puts into an item the signature that itemScheme wants of it.
func signItem(key, message, rest string) string {
	secret, _ := hex.DecodeString(key)
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(message))
	return `{"additionalData":{"hmacSignature":"` + base64.StdEncoding.EncodeToString(mac.Sum(nil)) + `"},` + rest + `}`
}

func notification(items ...string) string {
	for i, item := range items {
		items[i] = `{"NotificationRequestItem":` + item + `}`
	}
	return `{"live":"true","notificationItems":[` + strings.Join(items, ",") + `]}`
}

// Every item proves itself, and nothing stands beside them.
func TestVerifyItems(t *testing.T) {
	const key, other = "00C0FFEE", "00BEEF00"
	sale := func(key string) string {
		return signItem(key, "P1::Shop:Order:5:EUR:CAPTURE:true", `"pspReference":"P1","merchantAccountCode":"Shop","merchantReference":"Order","amount":{"value":5,"currency":"EUR"},"eventCode":"CAPTURE","success":"true"`)
	}
	refund := signItem(key, `P2:P1:Shop:a:\/:7:EUR:REFUND:false`, `"pspReference":"P2","originalReference":"P1","merchantAccountCode":"Shop","merchantReference":"a:\\/","amount":{"value":"7","currency":"EUR"},"eventCode":"REFUND","success":"false"`)
	for _, c := range []vendorCase{
		{name: "one", secrets: []string{key}, body: notification(sale(key)), ok: true},
		{name: "several", secrets: []string{key}, body: notification(sale(key), refund), ok: true},
		{name: "while the secret is changed", secrets: []string{other, key}, body: notification(sale(key), sale(other)), ok: true},
		{name: "one of them by another secret", secrets: []string{key}, body: notification(sale(key), sale(other), refund)},
		{name: "an amount changed", secrets: []string{key}, body: notification(strings.Replace(sale(key), `"value":5`, `"value":50`, 1))},
		{name: "its success changed", secrets: []string{key}, body: notification(strings.Replace(refund, `"false"`, `"true"`, 1))},
		{name: "an item without a signature", secrets: []string{key}, body: notification(sale(key), `{"pspReference":"P3"}`)},
		{name: "a member that is an object", secrets: []string{key}, body: notification(strings.Replace(sale(key), `"P1"`, `{}`, 1))},
		{name: "no item", secrets: []string{key}, body: notification()},
		{name: "no items", secrets: []string{key}, body: `{"live":"true"}`},
		{name: "an object beside the items", secrets: []string{key}, body: strings.Replace(notification(sale(key)), `"live":"true"`, `"type":"transfer","data":{}`, 1)},
		{name: "a member beside an item", secrets: []string{key}, body: strings.Replace(notification(sale(key)), `{"NotificationRequestItem"`, `{"id":1,"NotificationRequestItem"`, 1)},
		{name: "a member twice", secrets: []string{key}, body: strings.Replace(notification(sale(key)), `"value":5`, `"value":50,"value":5`, 1)},
		{name: "no JSON", secrets: []string{key}, body: "live=true"},
		{name: "no secret", body: notification(sale(key))},
		{name: "an empty secret", secrets: []string{""}, body: notification(sale(""))},
	} {
		t.Run(c.name, func(t *testing.T) { c.test(t, itemScheme) })
	}
}

// The two vectors are published by the vendor; the second shows that values are joined as
// they are, colons and backslashes included. Its key stands in the vendor's own test.
func TestVerifyItemsOfTheVendor(t *testing.T) {
	root := os.Getenv("HEDDLE_SAMPLES")
	if root == "" {
		t.Skip("HEDDLE_SAMPLES is not set")
	}
	for _, c := range []struct{ file, member, key, change, changed string }{
		{"hmac-vector-report-available.json", "notificationRequestItem", "9064450A8892A093D9E97EFCC9639DE31B74F3A7803135555A3C96F5A57915D6", "testMerchantRef1", "testMerchantRef2"},
		{"hmac-validation-webhook.json", "", "74F490DD33F7327BAECC88B2947C011FC02D014A473AAA33A8EC93E4DC069174", "1000", "1001"},
	} {
		t.Run(c.file, func(t *testing.T) {
			text, err := os.ReadFile(filepath.Join(root, "adyen", c.file))
			if err != nil {
				t.Fatal(err)
			}
			if c.member != "" {
				var around map[string]json.RawMessage
				if err := json.Unmarshal(text, &around); err != nil {
					t.Fatal(err)
				}
				text = around[c.member]
			}
			vendorCase{secrets: []string{"00", c.key}, body: notification(string(text)), ok: true}.test(t, itemScheme)
			vendorCase{secrets: []string{"00"}, body: notification(string(text))}.test(t, itemScheme)
			changed := strings.Replace(string(text), c.change, c.changed, 1)
			vendorCase{secrets: []string{c.key}, body: notification(changed)}.test(t, itemScheme)
		})
	}
}
