package packs

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// told maps a payload and returns its events by type and key.
func told(t *testing.T, p *pack.Pack, topic string, body []byte) map[string]*event.Event {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	result, err := p.Map(t.Context(), pack.Input{Topic: topic, Body: body, Instance: "shop-1", Zone: zone, TokenKey: pack.TestTokenKey()})
	if err != nil {
		t.Fatal(err)
	}
	events := map[string]*event.Event{}
	for _, outcome := range result.Records {
		if outcome.Err != nil {
			t.Fatal(outcome.Err)
		}
		for _, e := range outcome.Events {
			events[string(e.Type())+" "+e.Key] = e
		}
	}
	return events
}

// with sets members of a JSON object.
func with(t *testing.T, object []byte, members map[string]any) []byte {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(object)))
	decoder.UseNumber()
	tree := map[string]any{}
	if err := decoder.Decode(&tree); err != nil {
		t.Fatal(err)
	}
	for name, value := range members {
		tree[name] = value
	}
	text, err := json.Marshal(tree)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// A message, the answer to a question and a GraphQL object that tell of one document give one
// fact: the same key and the same content, so that whichever comes second changes nothing.
func TestShopifyTellsOneFactOnce(t *testing.T) {
	p := get(t, shopify)
	order := with(t, payloadOf(t, shopify, "order.txt"), map[string]any{"updated_at": "2026-11-24T09:00:00-05:00"})
	fulfilment := with(t, payloadOf(t, shopify, "fulfillment.txt"), map[string]any{"order_id": json.Number("5400000000000000123")})
	refund := payloadOf(t, shopify, "refund.txt")
	state := with(t, order, map[string]any{"fulfillments": []json.RawMessage{fulfilment}, "refunds": []json.RawMessage{refund}})

	page, err := p.Fetch("orders_updated").Read(t.Context(), pack.Answer{Header: func(string) string { return "" }, Body: append(append([]byte(`{"orders":[`), state...), "]}"...)}, "")
	if err != nil || len(page.Records) != 1 {
		t.Fatalf("got %d records, %v, want 1", len(page.Records), err)
	}
	whole := told(t, p, "orders", page.Records[0].Body)
	for _, c := range []struct {
		name, topic string
		body        []byte
	}{
		{"order", "orders/create", order},
		{"fulfilment", "fulfillments", fulfilment},
		{"refund", "refunds/create", refund},
		{"GraphQL order", "graphql/orders", with(t, payloadOf(t, shopify, "graphql-order.txt"), map[string]any{"cancelledAt": nil})},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, e := range told(t, p, c.topic, c.body) {
				same := whole[name]
				if same == nil {
					t.Errorf("%s: the whole order does not tell it", name)
					continue
				}
				if got, want := same.ContentHash(), e.ContentHash(); got != want {
					t.Errorf("%s: got\n%s\nwant\n%s", name, event.AppendCloudEvent(nil, same, ""), event.AppendCloudEvent(nil, e, ""))
				}
			}
		})
	}
}

// What a question becomes in the words of each system's API, for the first page of a poll.
func TestShopsAreAsked(t *testing.T) {
	since := time.Date(2026, 11, 20, 14, 30, 0, 0, time.UTC)
	for _, c := range []struct{ pack, poll, want string }{
		{shopify, "orders", "/admin/api/2026-10/orders.json?limit=250&order=updated_at+asc&status=any&updated_at_min=2026-11-20T14%3A30%3A00Z"},
		{shopify, "inventory_levels", "/admin/api/2026-10/inventory_levels.json?limit=250&location_ids=24826418%2C655441491&updated_at_min=2026-11-20T14%3A30%3A00Z"},
		{shopify, "payouts", "/admin/api/2026-10/shopify_payments/payouts.json?date_min=2026-11-20&limit=250"},
		{woocommerce, "orders", "/wp-json/wc/v3/orders?dates_are_gmt=true&modified_after=2026-11-20T14%3A30%3A00&order=asc&orderby=modified&page=1&per_page=100&status=any"},
	} {
		t.Run(c.pack+"/"+c.poll, func(t *testing.T) {
			p := get(t, c.pack)
			poll := p.Poll(c.poll)
			options := map[string]string{}
			if c.poll == "inventory_levels" {
				options["locations"] = "24826418,655441491"
			}
			request, err := p.Request(t.Context(), p.Fetch(poll.Fetch), pack.Question{Instance: "shop-1", Options: options, Values: poll.Since(since)})
			if err != nil || request.Path != c.want || request.Method != "GET" {
				t.Errorf("got %s %s, %v, want GET %s", request.Method, request.Path, err, c.want)
			}
		})
	}
}

// An order of WooCommerce is booked from what it tells by itself: sale and freight with their
// tax once it is completed, and a return by the reasons table.
func TestWooCommerceIsBooked(t *testing.T) {
	const order = `{"id": 1001, "order_key": "k", "number": "1001", "currency": "USD", "total": "63.80", "customer_id": 0, "payment_method": "stripe", "date_created_gmt": "2026-06-01T10:00:00",
		"line_items": [{"id": 11, "sku": "A", "quantity": 2, "subtotal": "60.00", "total": "50.00", "total_tax": "5.00", "taxes": [{"id": 75, "total": "5.00"}]}],
		"shipping_lines": [{"id": 12, "method_id": "flat_rate", "total": "8.00", "total_tax": "0.80", "taxes": [{"id": 75, "total": "0.80"}]}], "tax_lines": [{"rate_id": 75, "rate_percent": 10}], "refunds": []`
	const completed = order + `, "status": "completed", "date_modified_gmt": "2026-06-05T10:00:00", "date_paid_gmt": "2026-06-02T14:00:00", "transaction_id": "ch_1", "date_completed_gmt": "2026-06-03T10:00:00"}`
	const refund = `{"id": 9, "date_created_gmt": "2026-06-05T10:00:00", "amount": "27.50", "refunded_payment": true,
		"line_items": [{"id": 21, "sku": "A", "quantity": -1, "total": "-25.00", "total_tax": "-2.50", "taxes": [{"id": 75, "total": "-2.50"}], "meta_data": [{"key": "_refunded_item_id", "value": "11"}]}]}`

	events := world(t, true)
	start := events[0].Header
	events = events[:len(events)-2] // the other shop's reservations
	for _, r := range []struct {
		table event.Table
		key   string
		row   event.Row
	}{
		{event.TableLocationCodes, "woocommerce·online", event.Row{"location": "S1"}},
		{event.TableShops, "woocommerce·shop-1", event.Row{"entity": "LE1", "channel": "ONLINE"}},
		{event.TableTaxCodes, "woocommerce·75", event.Row{"jurisdiction": "STATE"}},
		{event.TableReasons, "woocommerce·refund", event.Row{"disposition": "RESTOCK", "return": "CHANGE_OF_MIND"}},
		{event.TableAuthority, "order·LE1·*", event.Row{"books": "woocommerce"}},
		{event.TableAuthority, "fulfilment·LE1·*", event.Row{"books": "woocommerce"}},
		{event.TableAuthority, "return·LE1·*", event.Row{"books": "woocommerce"}},
		{event.TableAuthority, "refund·LE1·*", event.Row{"books": "woocommerce"}},
	} {
		h := start
		h.Key, h.SourceVersion = retail.Key(string(r.table), r.key), 1
		events = append(events, &event.Event{Header: h, Data: &event.ReferenceSet{Table: string(r.table), RowKey: r.key, Row: r.row, Author: "test"}})
	}
	for _, l := range []letter{
		{pack: woocommerce, body: `{"record": ` + completed + `, "refunds": [` + refund + `]}`},
		{pack: stripe, body: `{"id": "evt_1", "type": "charge.succeeded", "created": 1780408800, "data": {"object": {"id": "ch_1", "status": "succeeded", "captured": true, "amount": 6380, "amount_captured": 6380, "currency": "usd", "created": 1780322400, "metadata": {"order_id": "1001"}}}}`},
	} {
		events = append(events, l.events(t)...)
	}
	books, open := book(t, events)
	for _, item := range open {
		t.Errorf("%s of %s is open: %s", item.Code, item.Subject, item.Detail)
	}
	balance, err := books.TrialBalance(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	if err := balance.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	const want = `
LE1 USD                 debit  credit
TENDER_CLEARING[CARD]   36.30
INVENTORY              294.60
TAX_PAYABLE[STATE]               3.30
OPENING_EQUITY                 316.00
SALES_REVENUE                   60.00
SALES_DISCOUNT          10.00
SALES_RETURNS           25.00
FREIGHT_REVENUE                  8.00
COGS                    21.40
Σ                      387.30  387.30
`
	if got := text.String(); strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("got\n%s\nwant%s", got, want)
	}
}
