package packs

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
)

func squareSamples() []sample {
	const card = "bP9mAsEMYPUGjjGNaNO5ZDVyLhSZY"
	taken := []string{
		`"payment":{"id":"square·` + card + `","type":"payment"}`, `"amount":{"amount":"5.55","currency":"USD"}`, `"order":{"id":"d7eKah653Z579f3gVtjlxpSlmUcZY","type":"shop_order"}`,
		`"tender":"CARD"`, `"time":"2021-10-13T19:34:34.34Z","tz":"+02:00","businessdate":"2021-10-13"`,
	}
	return []sample{
		{file: "webhook-payment-created.json", want: []string{"payment_authorised square·hYy9pRFVxpDsO1FB05SunFWUe9JZY"}, fields: []string{
			`"id":"13b867cf-db3d-4b1c-90b6-2f32a9d78124·payment.created"`, `"amount":{"amount":"1.00","currency":"USD"},"expires_at":"2020-11-29T21:16:51.086Z","order":{"id":"03O3USaPaAaFnI6kkwB1JxGgBsUZY","type":"shop_order"}`,
			`"time":"2020-11-22T21:16:51.086Z","tz":"+01:00","businessdate":"2020-11-22","sourceversion":"1606079811198000"`,
		}},
		{file: "webhook-payment-updated.json", want: []string{"payment_captured square·hYy9pRFVxpDsO1FB05SunFWUe9JZY"}, fields: []string{`"amount":{"amount":"1.00","currency":"USD"}`, `"time":"2020-11-22T21:19:00.832Z"`, `"sourceversion":"1606079940831000"`}},
		{file: "webhook-refund-created.json", want: []string{"ignored"}},
		{file: "webhook-order-created.json", want: []string{`follow order order_id="eA3vssLHKJrv9H0IdJCM3gNqfdcZY"`}},
		{file: "webhook-order-updated.json", want: []string{`follow order order_id="eA3vssLHKJrv9H0IdJCM3gNqfdcZY"`}},
		{file: "webhook-order-fulfillment-updated.json", want: []string{`follow order order_id="eA3vssLHKJrv9H0IdJCM3gNqfdcZY"`}},
		{file: "ap-webhook-order-created.json", want: []string{`follow order order_id="eA3vssLHKJrv9H0IdJCM3gNqfdcZY"`}},
		{file: "webhook-inventory-count-updated.json", want: []string{"3pl_snapshot YYQR03DGCTXA4·2019-10-29T18:38:45.10296Z·FGQ5JJWT2PYTHF35CKZ2DSKP·IN_STOCK"}, fields: []string{
			`"as_of":"2019-10-29T18:38:45.10296Z","lines":[{"bucket":"SELLABLE","item":"FGQ5JJWT2PYTHF35CKZ2DSKP","line":"1","quantity":"10"}],"location":"YYQR03DGCTXA4"`,
		}},
		{file: "webhook-catalog-version-updated.json", want: []string{"ignored"}},
		{file: "ap-webhook-invoice-created.json", want: []string{"ignored"}},

		{file: "api-CreatePaymentResponse.json", member: "payment", topic: "payment_object", want: []string{"payment_captured square·R2B3Z8WMVt3EAmzYWLZvz7Y69EbZY"}, fields: []string{
			`"amount":{"amount":"10.00","currency":"USD"},"ext":{"app_fee":"0.10"},"order":{"id":"pRsjRTgFWATl7so6DxdKBJa7ssbZY","type":"shop_order"}`,
		}},
		{file: "api-GetPaymentResponse.json", member: "payment", topic: "payment_object", want: []string{"payment_captured square·" + card}, fields: taken},
		{file: "api-ListPaymentsResponse.json", fetch: "payments_changed", want: []string{"payment_captured square·" + card}, fields: taken},
		{file: "api-RefundPaymentResponse.json", member: "refund", topic: "refund_object", want: []string{"ignored"}},
		{file: "api-GetPaymentRefundResponse.json", member: "refund", topic: "refund_object", want: []string{"refund_issued square·" + card + "_69MmgHubkLqx9wGhnmenRUHOaKitE6llfZuxcWYjGxd"}, fields: []string{
			`"amount":{"amount":"5.55","currency":"USD"}`, `"payment":{"id":"square·` + card + `","type":"payment"}`, `"return":{"id":"9ltv0bx5PuvGXUYHYHxYSKEqC3IZY","type":"return"}`,
		}},
		{file: "api-ListPayoutsResponse.json", fetch: "payouts_made", want: []string{
			"payout square·po_b345d2c7-90b3-4f0b-a2aa-df1def7f8afc", `follow payout_entries payout_id="po_b345d2c7-90b3-4f0b-a2aa-df1def7f8afc"`,
			"payout square·po_f3c0fb38-a5ce-427d-b858-52b925b72e45", `follow payout_entries payout_id="po_f3c0fb38-a5ce-427d-b858-52b925b72e45"`,
		}, fields: []string{
			`"amount":{"amount":"62.59","currency":"USD"},"arrival":"2022-03-29"`, `"trace":{"id":"L2100000005","type":"payout_trace"}`, `"sourceversion":"2"`,
			`"amount":{"amount":"-1.03","currency":"USD"},"arrival":"2022-03-24"`,
		}},
		{file: "api-BatchChangeInventoryResponse.json", fetch: "inventory_counts", want: []string{"3pl_snapshot C6W5YS5QM06F5·2016-11-16T22:28:01.223Z·W62UWFY35CWMYGVWK6TWJDNI·IN_STOCK"}, fields: []string{`"quantity":"53"`}},
		{file: "api-BatchRetrieveInventoryCountsResponse.json", fetch: "inventory_counts", want: []string{"3pl_snapshot 59TNP9SA8VGDA·2016-11-16T22:28:01.223Z·W62UWFY35CWMYGVWK6TWJDNI·IN_STOCK"}, fields: []string{`"quantity":"79"`}},
		// Orders that are open and that nobody has to fulfil; see TestSquareOrdersOnceClosed.
		{file: "api-CreateOrderResponse.json", fetch: "order", want: []string{"ignored"}},
		{file: "api-RetrieveOrderResponse.json", fetch: "order", want: []string{"ignored"}},
		// An order without a state and a time.
		{file: "api-BatchRetrieveOrdersResponse.json", fetch: "orders_changed", want: []string{"V-SCH-01"}},
		{file: "api-SearchOrdersResponse.json", each: "order_entries", topic: "order_entry", want: []string{
			`follow order order_id="CAISEM82RcpmcFBM0TfOyiHV3es"`, `follow order order_id="CAISENgvlJ6jLWAzERDzjyHVybY"`, `follow order order_id="CAISEM52YcpmcWAzERDOyiWS3ty"`,
		}},
		{file: "api-SearchOrdersResponse.json", fetch: "orders_changed", want: nil},
		{file: "api-ListLocationsResponse.json", want: []string{"ignored"}},
	}
}

// The published orders are open. What Square applied to their lines is taken as it is when they
// are paid and completed, or have to be fulfilled: here they are, with nothing else changed.
func TestSquareOrdersOnceClosed(t *testing.T) {
	folder := samplesOf(t, "square")
	paid := func(minor string) string {
		return `{"state":"COMPLETED","closed_at":"2020-05-19T16:30:49Z","tenders":[{"id":"T1","type":"CARD","payment_id":"P1","amount_money":{"amount":` + minor + `,"currency":"USD"}}]}`
	}
	const pickup = `{"fulfillments":[{"uid":"F1","type":"PICKUP","state":"PROPOSED"}]}`
	steak := []string{
		`"discounts":[{"amount":{"amount":"0.08","currency":"USD"},"id":"DB7L55ZH2BGWI4H23ULIWOQ7"},{"amount":{"amount":"0.79","currency":"USD"},"id":"`, `"gross":{"amount":"15.99","currency":"USD"},"item":"custom_item","line":"8uSwfzvUImn3IRrvciqlXC","net":{"amount":"15.12","currency":"USD"},"quantity":"1","taxes":[{"amount":{"amount":"1.36","currency":"USD"},"code":"State Sales Tax","rate":"0.09"}]`,
		`"gross":{"amount":"45.00","currency":"USD"},"item":"BEMYCSMIJL46OCDV4KYIKXIB","line":"v8ZuEXpOJpb0bazLuvrLDB","net":{"amount":"41.54","currency":"USD"},"quantity":"2","taxes":[{"amount":{"amount":"3.74","currency":"USD"},"code":"State Sales Tax","rate":"0.09"}]`,
		`"total":{"amount":"61.76","currency":"USD"}`, `"aliases":[{"id":"CAISENgvlJ6jLWAzERDzjyHVybY","type":"shop_order"}`,
	}
	for _, c := range []struct {
		name, file, changed, want string
		fields                    []string
	}{
		{"paid", "api-CreateOrderResponse.json", paid("6176"), "sale CAISENgvlJ6jLWAzERDzjyHVybY", append(steak, `"tenders":[{"amount":{"amount":"61.76","currency":"USD"},"code":"CARD","reference":"square·P1"}]`)},
		{"to pick up", "api-CreateOrderResponse.json", pickup, "order_placed CAISENgvlJ6jLWAzERDzjyHVybY", append(steak, `"mode":"PICKUP"`)},
		{"paid, half its price", "api-RetrieveOrderResponse.json", paid("550"), "sale CAISENgvlJ6jLWAzERDzjyHVybY", []string{
			`"gross":{"amount":"6.00","currency":"USD"},"item":"custom_item","line":"mumY8Nun4BC5aKe2yyx5a","net":{"amount":"3.00","currency":"USD"}`,
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := changed(t, filepath.Join(folder, c.file), "order", c.changed)
			result, err := get(t, square).Map(t.Context(), pack.Input{Topic: "order", Body: body, Instance: "sample", TokenKey: pack.TestTokenKey()})
			if got := strings.Join(summary(result, err), ", "); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			lines := string(result.AppendLines(nil))
			for _, fields := range c.fields {
				if !strings.Contains(lines, fields) {
					t.Errorf("got\n%s\nwant %s in it", lines, fields)
				}
			}
			for _, outcome := range result.Records {
				for _, e := range outcome.Events {
					if d := unbalanced(e.Data); d != "" {
						t.Errorf("%s does not balance: %s", e.Key, d)
					}
				}
			}
		})
	}
}

// changed reads a member of a sample and gives it other members.
func changed(t *testing.T, file, member, with string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var around map[string]map[string]json.RawMessage
	if err := json.Unmarshal(text, &around); err != nil {
		t.Fatal(err)
	}
	object := around[member]
	if err := json.Unmarshal([]byte(with), &object); err != nil {
		t.Fatal(err)
	}
	if text, err = json.Marshal(object); err != nil {
		t.Fatal(err)
	}
	return text
}

// What a webhook brings and what is asked for is one fact: key, version, time and content are
// the same.
func TestSquarePollsMeetWebhooks(t *testing.T) {
	zone, err := time.LoadLocation("America/Los_Angeles")
	if err != nil {
		t.Fatal(err)
	}
	told := func(body []byte, topic string) string {
		result, err := get(t, square).Map(t.Context(), pack.Input{Topic: topic, Body: body, Instance: "seller-1", Zone: zone, TokenKey: pack.TestTokenKey()})
		if err != nil {
			t.Fatal(err)
		}
		var lines []byte
		for _, outcome := range result.Records {
			for _, e := range outcome.Events {
				lines = append(event.AppendCloudEvent(lines, e, "one"), '\n')
			}
		}
		return string(lines)
	}
	for _, c := range []struct{ file, member, topic string }{
		{"payment-approved.txt", "payment", "payment_object"},
		{"payment-completed.txt", "payment", "payment_object"},
		{"payment-voided.txt", "payment", "payment_object"},
		{"refund-completed.txt", "refund", "refund_object"},
		{"payout-paid.txt", "payout", "payout_object"},
		{"payout-failed.txt", "payout", "payout_object"},
	} {
		t.Run(c.file, func(t *testing.T) {
			webhook := payloadOf(t, square, c.file)
			var body struct {
				Data struct {
					Object map[string]json.RawMessage
				}
			}
			if err := json.Unmarshal(webhook, &body); err != nil {
				t.Fatal(err)
			}
			want := told(webhook, "")
			if got := told(body.Data.Object[c.member], c.topic); got != want || want == "" {
				t.Errorf("asked for\n%s\ntold\n%s", got, want)
			}
		})
	}
}
