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
)

func signedPack(t testing.TB, signature string) *Pack {
	t.Helper()
	p, err := Load(fstest.MapFS{"pack.yaml": {Data: []byte("name: s\nsystem: s\ntitle: S\nversions: ['1']\nsignature: " + signature + "\ntopics: [{name: a, ignore: nothing}]\n")}})
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
			err := p.Verify(SignedRequest{Header: header, Body: []byte(c.body)}, secrets, c.now)
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
	if err := p.Verify(SignedRequest{}, nil, time.Unix(0, 0)); !fault.HasCode(err, fault.BadSignature) {
		t.Errorf("got %v, want %s", err, fault.BadSignature)
	}
}

func TestSignatureRefused(t *testing.T) {
	for _, signature := range []string{
		"{header: X, encoding: hex, signs: '{body}'}",
		"{algorithm: md5, header: X, encoding: hex, signs: '{body}'}",
		"{algorithm: hmac-sha256, encoding: hex, signs: '{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: utf8, signs: '{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: 'x'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{url}{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{time}{body}'}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{time}{body}', parts: {time: t, signature: v1}}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', tolerance: 5m}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', tolerance: soon}",
		"{algorithm: hmac-sha256, header: X, encoding: hex, signs: '{body}', parts: {time: t}}",
	} {
		_, err := Load(fstest.MapFS{"pack.yaml": {Data: []byte("name: s\nsystem: s\ntitle: S\nversions: ['1']\nsignature: " + signature + "\ntopics: [{name: a, ignore: nothing}]\n")}})
		if f := fault.As(err); !fault.HasCode(err, fault.BadPack) || f.Subject != "signature" {
			t.Errorf("%s: got %v, want %s of the signature", signature, err, fault.BadPack)
		}
	}
}

func FuzzVerify(f *testing.F) {
	for _, seed := range []string{"t=1700000000,v1=00", "VnKUjZsL", "v1=,v1=,t=", "t=1,t=2,v1=zz", "t=99999999999999999999,v1=00"} {
		f.Add(seed, []byte(`{"id":1}`))
	}
	plain, timed := signedPack(f, plainScheme), signedPack(f, timedScheme)
	f.Fuzz(func(t *testing.T, header string, body []byte) {
		request := SignedRequest{Header: func(string) string { return header }, Body: body}
		for _, p := range []*Pack{plain, timed} {
			if err := p.Verify(request, [][]byte{[]byte("a secret that no seed is signed with")}, time.Unix(1700000000, 0)); !fault.HasCode(err, fault.BadSignature) {
				t.Fatalf("got %v, want %s", err, fault.BadSignature)
			}
		}
	})
}
