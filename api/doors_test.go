package api_test

import (
	"os"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

// payload returns the payload of a case of a pack.
func payload(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile("../packs/" + name)
	must(t, err)
	_, rest, _ := strings.Cut(string(text), "\n\n")
	body, _, _ := strings.Cut(rest, "----------")
	return body
}

// TestAPayloadThatIsRefusedIsKept sends what is no payload of its pack: the caller hears why,
// the bytes are kept, and one item stands on the work list.
func TestAPayloadThatIsRefusedIsKept(t *testing.T) {
	// reproduces: H-SIGNATURE, H-SYNTAX
	for _, c := range []struct {
		name, as, path, body string
		header               map[string]string
		status               int
		code                 fault.Code
	}{
		{"a wrong signature", "", "/v1/intake/shopify/main", `{"id":1}`, map[string]string{"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": shopSignature(`{"id":2}`)}, 401, fault.BadSignature},
		{"no signature", "", "/v1/intake/shopify/main", `{"id":1}`, nil, 401, fault.BadSignature},
		{"broken XML", "oms", "/v1/intake/poslog/stores", payload(t, "poslog/cases/broken.txt"), nil, 400, fault.BadSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			for i := range int64(2) {
				p := h.do(call{as: c.as, method: "POST", path: c.path, body: c.body, header: c.header}).problem(c.status, c.code)
				if item := h.onlyWork(c.code, i+1); item.Evidence != p.Evidence || p.Evidence == "" {
					t.Errorf("got evidence %q, want that of the item %q", p.Evidence, item.Evidence)
				}
				if got := h.get("/v1/evidence/" + p.Evidence).is(200); string(got.body) != c.body {
					t.Errorf("got %q, want what was sent", got.body)
				}
			}
		})
	}
}

func TestAWebhookSignedOrWithAToken(t *testing.T) {
	h := newHouse(t)
	const body = `{"id":1}`
	for _, c := range []call{
		{header: map[string]string{"X-Shopify-Topic": "products/create", "X-Shopify-Hmac-Sha256": shopSignature(body), "X-Shopify-Webhook-Id": "w1"}},
		{as: "oms", header: map[string]string{"X-Shopify-Topic": "products/create", "X-Shopify-Webhook-Id": "w1"}},
	} {
		c.method, c.path, c.body = "POST", "/v1/intake/shopify/main", body
		receipt := decoded[intake.Receipt](h.do(c).is(200))
		if receipt.Delivery != "w1" || receipt.Redelivered != (c.as != "") {
			t.Errorf("got %+v, want the second to be a redelivery", receipt)
		}
	}
	h.do(call{as: "oms", method: "POST", path: "/v1/intake/shopify/other", body: body}).problem(404, fault.NoSuchThing)
	h.do(call{as: "oms", method: "POST", path: "/v1/intake/nothing/main", body: body}).problem(404, fault.UnknownPack)
}

// TestASystemHearsWhatItWants: once its payload is kept, be it refused or not, a system hears
// the word that its pack declares; what is not kept, and whoever puts a file, hears of it.
func TestASystemHearsWhatItWants(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct{ name, body, signed string }{
		{"ignored", `{"type":"ping"}`, answeringURL + `{"type":"ping"}`},
		{"sent again", `{"type":"ping"}`, answeringURL + `{"type":"ping"}`},
		{"refused, and on the work list", `{"type":"count"}`, answeringURL + `{"type":"count"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := h.do(call{method: "POST", path: "/v1/intake/answering/main", body: c.body, header: map[string]string{"X-Signature": shopSignature(c.signed)}}).is(200)
			if string(got.body) != "[accepted]" || got.header.Get("Content-Type") != "text/plain" {
				t.Errorf("got %q as %s, want the pack's answer", got.body, got.header.Get("Content-Type"))
			}
		})
	}
	h.onlyWork(fault.QuantitySign, 1)
	const body = `{"type":"ping"}`
	h.do(call{method: "POST", path: "/v1/intake/answering/main", body: body, header: map[string]string{"X-Signature": shopSignature(body)}}).problem(401, fault.BadSignature)
	receipt := decoded[intake.Receipt](h.do(call{as: "oms", method: "PUT", path: "/v1/files/answering/main/ping.json", body: body}).is(200))
	if receipt.Ignored == "" {
		t.Errorf("got %+v, want a receipt", receipt)
	}
}

// TestASourceWithoutItsURL: a system that signs its address cannot be proven without it.
func TestASourceWithoutItsURL(t *testing.T) {
	set, err := pack.NewSet(answering(t))
	must(t, err)
	_, err = intake.Open(intake.Options{Packs: set, Origins: []intake.Origin{{Pack: "answering", Instance: "main", Secrets: [][]byte{[]byte("s")}}}})
	if !fault.HasCode(err, fault.BadConfig) {
		t.Errorf("got %v, want %s", err, fault.BadConfig)
	}
}

// TestTestAndTrainingMoveNothing: what is sent for a test or for training is told so in its
// receipt, which counts it, and is neither an event nor anybody's work.
func TestTestAndTrainingMoveNothing(t *testing.T) {
	// reproduces: V-TRN-01
	h := newHouse(t)
	order := payload(t, "shopify/cases/order-test.txt")
	till := payload(t, "poslog/cases/training.txt")
	till = till[:strings.LastIndex(till, "<Transaction ")] + "</POSLog>" // the last is a sign-on, which the till's sequence needs
	for _, c := range []call{
		{method: "POST", path: "/v1/intake/shopify/main", body: order, header: map[string]string{"X-Shopify-Topic": "orders/create", "X-Shopify-Hmac-Sha256": shopSignature(order)}},
		{as: "oms", method: "PUT", path: "/v1/files/poslog/stores/training.xml", body: till},
	} {
		receipt := decoded[intake.Receipt](h.do(c).is(200))
		for _, r := range receipt.Records {
			if r.Code != fault.TrainingDropped || len(r.Events) > 0 {
				t.Errorf("%s: got %+v, want it dropped", c.path, r)
			}
		}
		if len(receipt.Records) == 0 {
			t.Errorf("%s: got no record", c.path)
		}
	}
	if work := h.work(); len(work) > 0 {
		t.Errorf("got %+v on the work list, want nothing", work)
	}
	if at := h.owner.Position(); at != 0 {
		t.Errorf("the journal ends at %d, want an empty one", at)
	}
}

// TestASaleWhoseTotalIsWrong enters, because the goods have left, and stands once on the work list.
func TestASaleWhoseTotalIsWrong(t *testing.T) {
	// reproduces: V-BAL-02
	h := newHouse(t)
	h.places()
	h.post("/v1/reference", `{"rows":[
		{"table":"locations","key":"200","row":{"entity":"LE1","zone":"America/New_York","kind":"STORE"}},
		{"table":"items","key":"MUG","row":{"department":"D1","class":"MERCH","unit":"EA","cost":"4"}},
		{"table":"tenders","key":"poslog·Cash","row":{"class":"CASH"}},
		{"table":"periods","key":"LE1·2026-11","row":{"from":"2026-11-01","to":"2026-11-30","status":"OPEN"}}]}`).is(200)
	h.now = h.now.AddDate(0, 5, 0)
	sale := payload(t, "poslog/cases/sale-wrong-total.txt")
	for range 2 {
		receipt := decoded[intake.Receipt](h.do(call{as: "oms", method: "PUT", path: "/v1/files/poslog/stores/sale.xml", body: sale}).is(200))
		if len(receipt.Records) != 1 || len(receipt.Records[0].Events) != 1 {
			t.Fatalf("got %+v, want one event", receipt)
		}
		n := 0
		for _, item := range h.work() {
			if item.Code == fault.HeaderUnequal || item.Code == fault.TendersUnequal {
				n++
				if item.Evidence != "" && item.Evidence != receipt.Evidence.String() {
					t.Errorf("got %+v, want the evidence of the file", item)
				}
			}
		}
		if n != 1 {
			t.Errorf("got %d items of unequal totals, want one: %+v", n, h.work())
		}
	}
}

func TestEvidenceThatIsNotThere(t *testing.T) {
	// reproduces: H-NOT-FOUND
	h := newHouse(t)
	h.get("/v1/evidence/"+strings.Repeat("0", 64)).problem(404, fault.NoSuchThing)
	h.get("/v1/evidence/xyz").problem(400, fault.BadRequest)
}

func TestWhatIsConfigured(t *testing.T) {
	h := newHouse(t)
	packs := decoded[api.Packs](h.get("/v1/packs").is(200)).Packs
	if len(packs) == 0 || len(packs[0].Topics) == 0 {
		t.Errorf("got %+v, want the packs with their topics", packs)
	}
	a := h.get("/v1/sources").is(200)
	if got := decoded[api.Sources](a).Sources; len(got) != 4 || got[0].Pack != "shopify" || strings.Contains(string(a.body), shopSecret) {
		t.Errorf("got %s, want four sources without secrets", a.body)
	}
	if got := decoded[api.Checkpoints](h.get("/v1/audit/checkpoints").is(200)).Checkpoints; len(got) != 0 {
		t.Errorf("got %v, want none yet", got)
	}
}
