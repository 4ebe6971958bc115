package api_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/entity"
	"github.com/heddlehq/heddle/fault"
)

// told is an event of a source that is known as a shop and a merchant account.
func told(kind, key, data string) string {
	return fmt.Sprintf(`{"specversion":"1.0","id":"d-%[1]s-%[2]s","source":"shop/main","type":"retail.%[1]s.v1","subject":%[2]q,"time":"2026-07-09T09:00:00Z","data":%[3]s}`, kind, key, data)
}

const fiveEach = `{"amount":"5.00","currency":"USD"}`

func traded(t *testing.T) *house {
	t.Helper()
	h := stocked(t)
	h.post("/v1/reference", `{"rows":[
		{"table":"shops","key":"shop·main","row":{"entity":"LE1"}},
		{"table":"items","key":"A","effective_from":"2026-07-20","row":{"department":"D9"}},
		{"table":"merchant_accounts","key":"psp·main","row":{"entity":"LE1","currency":"USD"}}]}`).is(200)
	order := func(n string) string {
		return told("order_placed", n, `{"aliases":[{"type":"shop_order","id":"`+n+`"}],"channel":"ONLINE","currency":"USD","lines":[{"line":"1","aliases":[{"type":"shop_order_line","id":"`+n+`-1"}],"item":"A","quantity":"1","gross":`+fiveEach+`,"net":`+fiveEach+`}],"total":`+fiveEach+`}`)
	}
	events := []string{
		order("O1"), order("O2"), order("O3"),
		told("picked_up", "P1", `{"location":"S1","lines":[{"line":"1","claim":{"type":"shop_order_line","id":"O2-1"},"item":"A","quantity":"1"}]}`),
		told("return_no_receipt", "R1·1", `{"return":{"type":"return","id":"R/1"},"location":"S1","item":"A","quantity":"1","disposition":"RESTOCK","net":`+fiveEach+`}`),
		told("invoice", "LE1·INV1", `{"number":"INV1","currency":"USD","lines":[{"line":"1","net":`+fiveEach+`}],"total":`+fiveEach+`}`),
		told("payout", "psp·B1", `{"processor":"psp","payout":{"type":"payout","id":"psp·B1"},"amount":`+fiveEach+`}`),
	}
	if got := decoded[api.EventResults](h.post("/v1/events", "["+strings.Join(events, ",")+"]").is(200)); got.Accepted != len(events) {
		t.Fatalf("got %+v", got)
	}
	return h
}

// TestEntities reads every kind of entity, alone and in pages.
func TestEntities(t *testing.T) {
	h := traded(t)
	var ids []string
	next := ""
	for {
		page := decoded[api.Orders](h.get("/v1/orders?limit=2&cursor=" + next).is(200))
		for _, o := range page.Orders {
			ids = append(ids, o.ID+" "+string(o.Status))
		}
		if next = page.NextCursor; next == "" {
			break
		}
	}
	if got, want := strings.Join(ids, ", "), "shop/main/O1 PLACED, shop/main/O2 DELIVERED, shop/main/O3 PLACED"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	one := h.get("/v1/orders/" + url.PathEscape("shop/main/O2")).is(200)
	if o := decoded[entity.Order](one); o.Schema != "order.v1" || o.Lines[0].Reached["DELIVERED"].String() != "1" || one.header.Get("ETag") == "" {
		t.Errorf("got %+v with the tag %q", o, one.header.Get("ETag"))
	}
	if v := decoded[entity.Return](h.get("/v1/returns/" + url.PathEscape("R/1")).is(200)); len(v.Lines) != 1 || v.Status != entity.ReturnAccepted {
		t.Errorf("got %+v", v)
	}
	if v := decoded[entity.Invoice](h.get("/v1/invoices/INV1").is(200)); v.Kind != entity.CustomerInvoice {
		t.Errorf("got %+v", v)
	}
	if v := decoded[entity.Settlement](h.get("/v1/settlements/" + url.PathEscape("psp·B1")).is(200)); v.Payout == nil || v.Payout.Minor != 500 {
		t.Errorf("got %+v", v)
	}
	for _, many := range []string{"orders", "returns", "invoices", "settlements"} {
		h.get("/v1/" + many).is(200)
		h.get("/v1/"+many+"/none").problem(404, fault.NoSuchThing)
		h.get("/v1/"+many+"?cursor=%21").problem(400, fault.BadRequest)
	}
}

// TestItemsOnADay reads master data as it is on a day.
func TestItemsOnADay(t *testing.T) {
	h := traded(t)
	for day, want := range map[string]string{"2026-07-19": "D1", "2026-07-20": "D9"} {
		if v := decoded[api.Master](h.get("/v1/items/A?on=" + day).is(200)); v.Attributes["department"] != want || v.Schema != "item.v1" {
			t.Errorf("%s: got %+v, want %s", day, v, want)
		}
	}
	page := decoded[api.Masters](h.get("/v1/items?limit=1").is(200))
	if len(page.Rows) != 1 || page.Rows[0].ID != "A" || page.NextCursor == "" {
		t.Fatalf("got %+v, want A and more", page)
	}
	if page = decoded[api.Masters](h.get("/v1/items?limit=1&cursor=" + page.NextCursor).is(200)); len(page.Rows) != 1 || page.Rows[0].ID != "B" {
		t.Errorf("got %+v, want B", page)
	}
	if v := decoded[api.Master](h.get("/v1/locations/S1").is(200)); v.Attributes["entity"] != "LE1" {
		t.Errorf("got %+v", v)
	}
	h.get("/v1/locations").is(200)
	h.get("/v1/items/none").problem(404, fault.NoSuchThing)
	h.get("/v1/items/A?on=today").problem(400, fault.BadRequest)
}

func TestMovements(t *testing.T) {
	h := traded(t)
	page := decoded[api.Movements](h.get("/v1/movements?item=A&location=S1&limit=2").is(200))
	if len(page.Movements) != 2 || page.NextCursor == "" || page.Movements[0].Quantity.String() != "10" {
		t.Fatalf("got %+v, want the opening first and more to come", page)
	}
	rest := decoded[api.Movements](h.get("/v1/movements?item=A&location=S1&limit=2&cursor=" + page.NextCursor).is(200))
	if len(rest.Movements) != 1 || rest.NextCursor != "" {
		t.Errorf("got %+v, want one and no more", rest)
	}
	if none := decoded[api.Movements](h.get("/v1/movements?item=A&location=S1&from=2026-07-10T00:00:00Z").is(200)); len(none.Movements) != 0 {
		t.Errorf("got %+v, want none", none)
	}
	h.get("/v1/movements?item=A").problem(400, fault.BadRequest)
}
