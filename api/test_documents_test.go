package api_test

import (
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
)

// hook sends a webhook of the shop and returns its receipt.
func (h *house) hook(topic, body string) intake.Receipt {
	h.t.Helper()
	return decoded[intake.Receipt](h.do(call{
		method: "POST", path: "/v1/intake/shopify/main", body: body,
		header: map[string]string{"X-Shopify-Topic": topic, "X-Shopify-Hmac-Sha256": shopSignature(body)},
	}).is(200))
}

// What a shop tells of an order that it called a test.
const (
	testOrder = `{"id":5400,"name":"#1","currency":"USD","created_at":"2026-07-09T09:30:00-05:00","test":true,"total_price":"80.00",
		"line_items":[{"id":91,"sku":"A","quantity":2,"price":"40.00"}]}`
	fulfilment = `{"id":8001,"order_id":ORDER,"status":"success","location_id":655,"created_at":"2026-07-09T10:00:00-05:00","updated_at":"2026-07-09T10:00:01-05:00",
		"line_items":[{"id":LINE,"sku":"A","quantity":2}]}`
	refund = `{"id":9001,"order_id":ORDER,"created_at":"2026-07-09T15:00:00-05:00","transactions":[],
		"refund_line_items":[{"id":1,"line_item_id":LINE,"quantity":1,"restock_type":"return","location_id":655,"subtotal":40.0,"total_tax":0,
			"subtotal_set":{"shop_money":{"amount":"40.00","currency_code":"USD"}},"line_item":{"id":LINE,"sku":"A"}}]}`
)

func ofOrder(text, order, line string) string {
	return strings.NewReplacer("ORDER", order, "LINE", line).Replace(text)
}

// shipped makes the place known from which the shop ships.
func (h *house) shipped() {
	h.t.Helper()
	h.places()
	h.post("/v1/reference", `{"rows":[{"table":"location_codes","key":"shopify·655","row":{"location":"S1"}}]}`).is(200)
}

// TestWhatIsToldOfATestMovesNothing: fulfilments and refunds do not say that their order is a
// test; they move nothing either, also after a restart. Those of another order do.
func TestWhatIsToldOfATestMovesNothing(t *testing.T) {
	// reproduces: V-TRN-01
	h := newHouse(t)
	h.shipped()
	if got := h.hook("orders/create", testOrder); got.Records[0].Code != fault.TrainingDropped {
		t.Fatalf("got %+v, want it dropped", got)
	}
	before := h.owner.Position()
	for _, number := range []string{"1", "2"} { // before a restart and after it
		for topic, body := range map[string]string{"fulfillments/create": fulfilment, "refunds/create": refund} {
			body = strings.ReplaceAll(ofOrder(body, "5400", "91"), "001,", "00"+number+",")
			line := h.hook(topic, body).Records[0].Events[0]
			if line.Status != record.Refused || line.Code != fault.TrainingDropped {
				t.Errorf("%s: got %+v, want it refused as a test", topic, line)
			}
		}
		h.restart()
	}
	if at := h.owner.Position(); at != before {
		t.Errorf("the journal went from %d to %d", before, at)
	}
	if work := h.work(); len(work) > 0 {
		t.Errorf("got %+v on the work list, want nothing", work)
	}
	line := h.hook("fulfillments/create", ofOrder(fulfilment, "5401", "93")).Records[0].Events[0]
	if line.Status != record.Accepted {
		t.Errorf("got %+v, want the fulfilment of another order accepted", line)
	}
}

// TestATestThatIsToldTooLate: what came in before the shop said that it is a test has moved
// something, and somebody hears of it, once.
func TestATestThatIsToldTooLate(t *testing.T) {
	h := newHouse(t)
	h.shipped()
	line := h.hook("fulfillments/create", ofOrder(fulfilment, "5400", "91")).Records[0].Events[0]
	if line.Status != record.Accepted {
		t.Fatalf("got %+v, want it accepted", line)
	}
	h.hook("orders/create", testOrder)
	h.hook("orders/create", testOrder)
	for _, item := range h.work() {
		if item.Code != fault.TrainingDropped {
			continue
		}
		if !strings.Contains(item.Detail, "fulfilled 8001") || item.Position != line.Position || item.Count != 1 || strings.HasPrefix(item.Next, "Nothing") {
			t.Errorf("got %+v, want it to name the fulfilment once, and what to do", item)
		}
		return
	}
	t.Errorf("got %+v, want the test on the work list", h.work())
}

// TestWhatWaitsForATestsPlaceIsATest: an event that waits for its place when the shop calls its
// order a test does not come in when the place becomes known.
func TestWhatWaitsForATestsPlaceIsATest(t *testing.T) {
	h := newHouse(t)
	h.places()
	line := h.hook("fulfillments/create", ofOrder(fulfilment, "5400", "91")).Records[0].Events[0]
	if line.Status != record.Waiting {
		t.Fatalf("got %+v, want it to wait", line)
	}
	h.hook("orders/create", testOrder)
	h.post("/v1/reference", `{"rows":[{"table":"location_codes","key":"shopify·655","row":{"location":"S1"}}]}`).is(200)
	if rows := h.get("/v1/positions?item=A&location=S1").is(200); strings.Contains(string(rows.body), `"-2"`) {
		t.Errorf("got %s, want nothing moved", rows.body)
	}
	if work := h.work(); len(work) > 0 {
		t.Errorf("got %+v on the work list, want nothing", work)
	}
}

// TestStoresTellTheirOwnTime: one file of tills in New York and Los Angeles, whose source has no
// zone.
func TestStoresTellTheirOwnTime(t *testing.T) {
	h := newHouse(t)
	h.places()
	h.post("/v1/reference", `{"rows":[
		{"table":"locations","key":"NY","row":{"entity":"LE1","zone":"America/New_York","kind":"STORE"}},
		{"table":"locations","key":"LA1","row":{"entity":"LE1","zone":"America/Los_Angeles","kind":"STORE"}},
		{"table":"location_codes","key":"poslog·LA","row":{"location":"LA1"}}]}`).is(200)
	var body strings.Builder
	body.WriteString(`<POSLog xmlns="http://www.nrf-arts.org/IXRetail/namespace/" MajorVersion="6" MinorVersion="0">`)
	for _, store := range []string{"NY", "LA", "XX"} {
		body.WriteString(`<Transaction><BusinessUnit><UnitID>` + store + `</UnitID></BusinessUnit><WorkstationID>7</WorkstationID><SequenceNumber>31</SequenceNumber>
			<CurrencyCode>USD</CurrencyCode><ControlTransaction><NoSale/></ControlTransaction><EndDateTime>2026-07-08T22:04:05</EndDateTime></Transaction>`)
	}
	body.WriteString(`</POSLog>`)
	receipt := decoded[intake.Receipt](h.do(call{as: "oms", method: "PUT", path: "/v1/files/poslog/stores/day.xml", body: body.String()}).is(200))
	for i, want := range []string{"2026-07-09 02:04:05 2026-07-08", "2026-07-09 05:04:05 2026-07-08"} {
		line := receipt.Records[i].Events[0]
		r, err := h.owner.Record(t.Context(), line.Position)
		must(t, err)
		if got := r.Event.Time.Format("2006-01-02 15:04:05 ") + r.Event.Day().String(); got != want {
			t.Errorf("record %d: got %s, want %s", i+1, got, want)
		}
	}
	if got := receipt.Records[2].Events[0]; got.Status != record.Waiting {
		t.Fatalf("got %+v, want what a store told waits that nobody knows", got)
	}
	h.onlyWork(fault.LocationUnknown, 1)
	h.post("/v1/reference", `{"rows":[{"table":"locations","key":"XX","row":{"entity":"LE1","zone":"America/Denver","kind":"STORE"}}]}`).is(200)
	r, err := h.owner.Record(t.Context(), h.owner.Position())
	must(t, err)
	if got := r.Event.Time.Format(time.RFC3339) + r.Event.TZ + " " + r.Event.Day().String(); got != "2026-07-09T04:04:05Z-06:00 2026-07-08" || r.Event.System != "poslog" {
		t.Errorf("got %s of %s, want it told by the clocks of the store", got, r.Event.System)
	}
	if work := h.work(); len(work) > 0 {
		t.Errorf("got %+v on the work list, want nothing", work)
	}
}
