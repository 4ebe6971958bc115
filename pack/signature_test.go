package pack

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/heddlehq/heddle/fault"
)

const (
	plainScheme = "{algorithm: hmac-sha256, header: X-Hmac, encoding: base64, signs: '{body}'}"
	timedScheme = "{algorithm: hmac-sha256, header: Signature, encoding: hex, signs: '{time}.{body}', parts: {time: t, signature: v1}, tolerance: 5m}"
	urlScheme   = "{algorithm: hmac-sha256, header: X-Square-HmacSha256-Signature, encoding: base64, signs: '{url}{body}'}"
	// standardScheme is that of Standard Webhooks.
	standardScheme = "{algorithm: hmac-sha256, key: base64, key_prefix: whsec_, header: webhook-signature, encoding: base64, " +
		"signs: '{header webhook-id}.{time}.{body}', parts: {signature: v1, between: ' ', assign: ','}, time_header: webhook-timestamp, tolerance: 5m}"
	// itemScheme is that of Adyen's standard webhooks.
	itemScheme = "{algorithm: hmac-sha256, key: hex, items: '.notificationItems[].NotificationRequestItem', member: .additionalData.hmacSignature, encoding: base64, " +
		"signs: '{.pspReference}:{.originalReference}:{.merchantAccountCode}:{.merchantReference}:{.amount.value}:{.amount.currency}:{.eventCode}:{.success}'}"
)

func signedManifest(signature string) string {
	return "name: s\nsystem: s\ntitle: S\nversions: ['1']\nsignature: " + signature + "\ntopics: [{name: a, ignore: nothing}]\n"
}

func signedPack(t testing.TB, signature string) *Pack {
	t.Helper()
	p, err := Load(fstest.MapFS{"pack.yaml": {Data: []byte(signedManifest(signature))}})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The signatures were made with openssl dgst -sha256 -hmac (reproduces: H-SIGNATURE).
func TestVerify(t *testing.T) {
	const (
		body   = `{"id":1}`
		hush   = "VnKUjZsLuN5iZWjn5EntcBVCF9kMN43LglzCE1/GSeY="
		older  = "WiIMOaBQS9+8cHmY6klC2SeatlerqIlw8T8TiqDQ718="
		first  = "572032aef2ff81b2a8d83df0561d9827949d1eaa9748df62de3c83f0d0f0ccda" // whsec_1 at 1700000000
		second = "89a4ebd03d32c924405f670f4c517cb1a982167d66ba2f2d628ce87726f28ff6" // whsec_2 at 1700000000
	)
	signed := time.Unix(1700000000, 0)
	for _, c := range []struct {
		name, scheme, header, body string
		secrets                    []string
		now                        time.Time
		ok                         bool
	}{
		{"the body's", plainScheme, hush, body, []string{"hush"}, signed, true},
		{"an older secret that still lives", plainScheme, older, body, []string{"hush", "older"}, signed, true},
		{"a secret that died", plainScheme, older, body, []string{"hush"}, signed, false},
		{"another body", plainScheme, hush, body + " ", []string{"hush"}, signed, false},
		{"no header", plainScheme, "", body, []string{"hush"}, signed, false},
		{"no base64", plainScheme, "?", body, []string{"hush"}, signed, false},
		{"a part of the signature", plainScheme, "VnKUjZsL", body, []string{"hush"}, signed, false},
		{"no secret", plainScheme, hush, body, nil, signed, false},
		{"an empty secret proves nothing", plainScheme, "thNnmggU2ex3L5XXeMNfxf8Wl8STcVZTxscSFEKSxa0=", "", []string{""}, signed, false},
		{"with time", timedScheme, "t=1700000000,v1=" + first, body, []string{"whsec_1"}, signed, true},
		{"with space and parts of other names", timedScheme, "v0=00, t=1700000000, v1=" + first, body, []string{"whsec_1"}, signed, true},
		{"several signatures, one secret", timedScheme, "t=1700000000,v1=" + second + ",v1=" + first, body, []string{"whsec_1"}, signed, true},
		{"several secrets, one signature", timedScheme, "t=1700000000,v1=" + second, body, []string{"whsec_1", "whsec_2"}, signed, true},
		{"another time", timedScheme, "t=1700000001,v1=" + first, body, []string{"whsec_1"}, signed, false},
		{"no time", timedScheme, "v1=" + first, body, []string{"whsec_1"}, signed, false},
		{"only a signature of an older form", timedScheme, "t=1700000000,v0=" + first, body, []string{"whsec_1"}, signed, false},
		{"five minutes late", timedScheme, "t=1700000000,v1=" + first, body, []string{"whsec_1"}, signed.Add(5 * time.Minute), true},
		{"later", timedScheme, "t=1700000000,v1=" + first, body, []string{"whsec_1"}, signed.Add(5*time.Minute + time.Second), false},
		{"five minutes early", timedScheme, "t=1700000000,v1=" + first, body, []string{"whsec_1"}, signed.Add(-5 * time.Minute), true},
		{"earlier", timedScheme, "t=1700000000,v1=" + first, body, []string{"whsec_1"}, signed.Add(-5*time.Minute - time.Second), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := signedPack(t, c.scheme)
			var secrets [][]byte
			for _, s := range c.secrets {
				secrets = append(secrets, []byte(s))
			}
			header := func(name string) string {
				if name == p.scheme.header {
					return c.header
				}
				return ""
			}
			err := p.Verify(SignedRequest{Header: header, Body: []byte(c.body)}, Proof{Secrets: secrets}, c.now)
			if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadSignature) {
				t.Errorf("got %v, want accepted: %v", err, c.ok)
			}
		})
	}
}

func TestVerifyUnsigned(t *testing.T) {
	p := testPack(t, nil)
	if p.Signed() {
		t.Error("got a signed pack, want none")
	}
	if err := p.Verify(SignedRequest{}, Proof{}, time.Unix(0, 0)); !fault.HasCode(err, fault.BadSignature) {
		t.Errorf("got %v, want %s", err, fault.BadSignature)
	}
}

func TestSignatureRefused(t *testing.T) {
	for _, signature := range []string{
		"{header: X, encoding: hex, signs: '{body}'}",
		"{algorithm: md5, header: X, encoding: hex, signs: '{body}'}",
		"{algorithm: hmac-sha256, encoding: hex, signs: '{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: utf8, signs: '{body}'}",
		"{algorithm: hmac-sha256, header: X, key: base32, encoding: hex, signs: '{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: 'x'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{url}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{path}{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{header }{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}{.id}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{time}{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{time}{body}', parts: {time: t, signature: v1}}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', time_header: T, tolerance: 5m}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{time}{body}', time_header: T, parts: {time: t, signature: v1}, tolerance: 5m}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', tolerance: 5m}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', tolerance: soon}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', parts: {time: t}}",
		"{algorithm: hmac-sha256, items: '.a[]', encoding: hex, signs: '{.id}'}",
		"{algorithm: hmac-sha256, header: X, items: '.a[]', member: .s, encoding: hex, signs: '{.id}'}",
		"{algorithm: hmac-sha256, items: 'a[]', member: .s, encoding: hex, signs: '{.id}'}",
		"{algorithm: hmac-sha256, items: '.a[]', member: '.s[]', encoding: hex, signs: '{.id}'}",
		"{algorithm: hmac-sha256, items: '.a[]', member: .s, encoding: hex, signs: '{.ids[]}'}",
		"{algorithm: hmac-sha256, items: '.a[]', member: .s, encoding: hex, signs: 'x'}",
		"{algorithm: hmac-sha256, items: '.a[]', member: .s, encoding: hex, signs: '{.id}{body}'}",
		"{algorithm: hmac-sha256, items: '.a[]', member: .s, encoding: hex, signs: '{.id}', tolerance: 5m}",
	} {
		_, err := Load(fstest.MapFS{"pack.yaml": {Data: []byte(signedManifest(signature))}})
		if f := fault.As(err); !fault.HasCode(err, fault.BadPack) || f.Subject != "signature" {
			t.Errorf("%s: got %v, want %s of the signature", signature, err, fault.BadPack)
		}
	}
}

func TestCheckProof(t *testing.T) {
	for _, c := range []struct {
		name, scheme string
		proof        Proof
		ok           bool
	}{
		{"no secret: tokens prove", urlScheme, Proof{}, true},
		{"an address that is signed", urlScheme, Proof{Secrets: [][]byte{[]byte("a")}, URL: "https://a.example/in"}, true},
		{"none", urlScheme, Proof{Secrets: [][]byte{[]byte("a")}}, false},
		{"hex", itemScheme, Proof{Secrets: [][]byte{[]byte("9064")}}, true},
		{"no hex", itemScheme, Proof{Secrets: [][]byte{[]byte("9064"), []byte("secret")}}, false},
		{"base64 behind a prefix", standardScheme, Proof{Secrets: [][]byte{[]byte("whsec_c2VjcmV0")}}, true},
		{"a prefix and nothing", standardScheme, Proof{Secrets: [][]byte{[]byte("whsec_")}}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := signedPack(t, c.scheme).CheckProof(c.proof)
			if (err == nil) != c.ok || err != nil && !fault.HasCode(err, fault.BadConfig) {
				t.Errorf("got %v, want accepted: %v", err, c.ok)
			}
		})
	}
}

func TestSignatureInWords(t *testing.T) {
	for scheme, want := range map[string]string{
		timedScheme: "HMAC-SHA256 of {time}.{body} in hex, in the header Signature; signed at most 5m from now",
		urlScheme:   "HMAC-SHA256 of {url}{body} in base64, in the header X-Square-HmacSha256-Signature; the source says its url",
		itemScheme: "HMAC-SHA256 of {.pspReference}:{.originalReference}:{.merchantAccountCode}:{.merchantReference}:{.amount.value}:{.amount.currency}:{.eventCode}:{.success} in base64, " +
			"in .additionalData.hmacSignature of each of .notificationItems[].NotificationRequestItem; the secret is written in hex",
	} {
		if got := signedPack(t, scheme).Signature(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func FuzzVerify(f *testing.F) {
	for _, seed := range []string{"t=1700000000,v1=00", "VnKUjZsL", "v1=,v1=,t=", "t=1,t=2,v1=zz", "t=99999999999999999999,v1=00", "v1,AA== v1a,AA=="} {
		f.Add(seed, []byte(`{"id":1}`))
		f.Add(seed, []byte(`{"live":"true","notificationItems":[{"NotificationRequestItem":{"additionalData":{"hmacSignature":"AA=="}}}]}`))
	}
	var packs []*Pack
	for _, scheme := range []string{plainScheme, timedScheme, urlScheme, standardScheme, itemScheme} {
		packs = append(packs, signedPack(f, scheme))
	}
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		request := SignedRequest{Header: func(string) string { return header }, Body: body}
		proof := Proof{Secrets: [][]byte{[]byte("a secret that no seed is signed with"), []byte("00c0ffee")}, URL: "https://a.example/in"}
		for _, p := range packs {
			if err := p.Verify(request, proof, time.Unix(1700000000, 0)); !fault.HasCode(err, fault.BadSignature) {
				t.Fatalf("got %v, want %s", err, fault.BadSignature)
			}
		}
	})
}
