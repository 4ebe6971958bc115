package pack

import (
	"fmt"
	"os"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// TestRecipes holds docs/asking.md to what it says: the block of each vendor is a part of a
// pack, and asks what the vendor's documentation wants to be asked.
func TestRecipes(t *testing.T) {
	page, err := os.ReadFile("../docs/asking.md")
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 6, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		vendor  string
		options map[string]string
		body    string // of an answer, from which the next page follows
		header  map[string]string
		want    []string // the poll's first and second page
		follow  string   // a thin message
		asks    []string
	}{
		{"Square", map[string]string{"locations": "L1,L2"}, `{"orders":[{"id":"o-1","updated_at":"2026-06-01T11:00:00Z"}],"cursor":"c2"}`, nil, []string{
			`POST /v2/orders/search {"limit":100,"location_ids":["L1","L2"],"query":{"filter":{"date_time_filter":{"updated_at":{"start_at":"2026-06-01T12:00:00Z"}}},"sort":{"sort_field":"UPDATED_AT","sort_order":"ASC"}}}`,
			`POST /v2/orders/search {"cursor":"c2","limit":100,"location_ids":["L1","L2"],"query":{"filter":{"date_time_filter":{"updated_at":{"start_at":"2026-06-01T12:00:00Z"}}},"sort":{"sort_field":"UPDATED_AT","sort_order":"ASC"}}}`,
		}, `{"type":"order.updated","data":{"type":"order_updated","id":"o-1","object":{"order_updated":{"order_id":"o-1","version":2}}}}`, []string{`GET /v2/orders/o-1`}},
		{"Shopify", nil, `{"orders":[{"id":1,"updated_at":"2026-06-01T07:00:00-04:00"}]}`, map[string]string{"Link": `<https://x.myshopify.com/admin/api/2025-01/orders.json?limit=250&page_info=p2>; rel="next"`}, []string{
			`GET /admin/api/2025-01/orders.json?limit=250&status=any&updated_at_min=2026-06-01T12%3A00%3A00Z`,
			`GET https://x.myshopify.com/admin/api/2025-01/orders.json?limit=250&page_info=p2`,
		}, "", nil},
		{"Amazon", map[string]string{"marketplaces": "M1,M2"}, `{"payload":{"Orders":[{"AmazonOrderId":"1-2","LastUpdateDate":"2026-06-01T11:00:00Z"}],"NextToken":"n 2"}}`, nil, []string{
			`GET /orders/v0/orders?LastUpdatedAfter=2026-06-01T12%3A00%3A00Z&MarketplaceIds=M1%2CM2`,
			`GET /orders/v0/orders?LastUpdatedAfter=2026-06-01T12%3A00%3A00Z&MarketplaceIds=M1%2CM2&NextToken=n+2`,
		}, `{"AmazonOrderId":"1-2","LastUpdateDate":"2026-06-01T11:00:00Z"}`, []string{`GET /orders/v0/orders/1-2`, `GET /orders/v0/orders/1-2/orderItems`}},
		{"WooCommerce", nil, `[{"id":7,"date_modified_gmt":"2026-06-01T11:00:00"}]`, map[string]string{"X-WP-TotalPages": "2"}, []string{
			`GET /wp-json/wc/v3/orders?dates_are_gmt=true&modified_after=2026-06-01T12%3A00%3A00&order=desc&orderby=modified&page=1&per_page=100`,
			`GET /wp-json/wc/v3/orders?dates_are_gmt=true&modified_after=2026-06-01T12%3A00%3A00&order=desc&orderby=modified&page=2&per_page=100`,
		}, "", nil},
	} {
		t.Run(c.vendor, func(t *testing.T) {
			p := recipe(t, string(page), c.vendor)
			ask := func(f *Fetch, q Question) string {
				t.Helper()
				q.Options = c.options
				r, err := p.Request(t.Context(), f, q)
				if err != nil {
					t.Fatal(err)
				}
				return strings.TrimSpace(fmt.Sprintf("%s %s%s %s", r.Method, r.Path, r.URL, r.Body))
			}
			poll := p.Poll("orders")
			f, values := p.Fetch(poll.Fetch), poll.Since(at)
			got := []string{ask(f, Question{Values: values})}
			read, err := f.Read(t.Context(), Answer{Header: func(name string) string { return c.header[name] }, Body: []byte(c.body)}, "")
			if err != nil || len(read.Records) != 1 {
				t.Fatalf("got %d records, %v", len(read.Records), err)
			}
			if changed, err := poll.Changed(t.Context(), read.Records); err != nil || !changed.Equal(at.Add(-time.Hour)) {
				t.Errorf("changed: got %v, %v", changed, err)
			}
			got = append(got, ask(f, Question{Values: values, Next: read.Next}))
			if a, b := strings.Join(got, "\n"), strings.Join(c.want, "\n"); a != b {
				t.Errorf("the poll asks\n%s\nwant\n%s", a, b)
			}
			var asks []string
			if c.follow != "" {
				asks = followed(t, p, c.follow, ask)
			}
			if a, b := strings.Join(asks, "\n"), strings.Join(c.asks, "\n"); a != b {
				t.Errorf("the message asks\n%s\nwant\n%s", a, b)
			}
		})
	}
}

// followed returns what a thin message has asked.
func followed(t *testing.T, p *Pack, message string, ask func(*Fetch, Question) string) []string {
	t.Helper()
	result, err := p.Map(t.Context(), Input{Body: []byte(message), Instance: "main", TokenKey: TestTokenKey()})
	if err != nil || result.Records[0].Follow == nil {
		t.Fatalf("got %+v, %v, want a follow-up", result, err)
	}
	up := result.Records[0].Follow
	f := p.Fetch(up.Fetch)
	asks := []string{ask(f, Question{Values: up.With})}
	for _, b := range f.Beside {
		asks = append(asks, ask(p.Fetch(b.Fetch), Question{Values: up.With}))
	}
	return asks
}

// recipe makes a pack of a vendor's block.
func recipe(t *testing.T, page, vendor string) *Pack {
	t.Helper()
	_, section, found := strings.Cut(page, "\n## "+vendor+"\n")
	_, block, open := strings.Cut(section, "```yaml\n")
	block, _, closed := strings.Cut(block, "```")
	if !found || !open || !closed {
		t.Fatalf("docs/asking.md has no block for %s", vendor)
	}
	const order = "  - {name: order, status: described, format: json, mapping: order.jq, version: none}\n"
	if strings.Contains(block, "topics:\n") {
		block = strings.Replace(block, "topics:\n", "topics:\n"+order, 1)
	} else {
		block = "topics:\n" + order + block
	}
	p, err := Load(fstest.MapFS{
		"pack.yaml": {Data: []byte("name: recipe\nsystem: recipe\ntitle: " + vendor + "\nversions: ['1']\n" + block)},
		"order.jq":  {Data: []byte(`ignore("a recipe")`)},
	})
	if err != nil {
		t.Fatal(err)
	}
	return p
}
