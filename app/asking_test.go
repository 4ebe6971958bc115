package app_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

// squareAddress is where the seller told Square to send webhooks to.
const squareAddress = "https://heddle.example/v1/intake/square/seller-1"

// squareSale is an order as Square's API tells it, and how many events the pack makes of it.
func squareSale(t *testing.T) (order string, events int) {
	t.Helper()
	text, err := os.ReadFile("../packs/square/cases/sale.txt")
	if err != nil {
		t.Fatal(err)
	}
	input, want, _ := strings.Cut(string(text), "\n----------\n")
	return input[strings.Index(input, "\n{")+1:], strings.Count(want, `{"specversion"`)
}

// squareHouse is a house that a seller's Square sends to, and that asks it.
func squareHouse(t *testing.T, api string) *app.House {
	t.Helper()
	config, problems := app.Parse(fmt.Appendf(nil, `
environment: test
tenant: acme
listen: 127.0.0.1:0
sources:
  - pack: square
    instance: seller-1
    zone: America/Los_Angeles
    url: %s
    secrets: [{env: SIGNATURE_KEY}]
    options: {locations: LOC1}
    api:
      base_url: %s
      credentials: {token: {env: SQUARE_TOKEN}}
      polls: [{name: orders, since: 2026-11-01}]
reference:
  locations: [{key: LOC1, entity: LE1, zone: America/Los_Angeles, kind: STORE}]
`, squareAddress, api), t.TempDir())
	if problems != nil {
		t.Fatal(problems)
	}
	house, err := app.OpenHouse(t.Context(), config, app.Options{Env: environment("SIGNATURE_KEY", "a key", "SQUARE_TOKEN", "the token")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	return house
}

// TestSquareIsAsked: Square tells only the id of an order. It is asked for, and what the order
// tells comes in once, whether by the notification, by the poll or on command.
func TestSquareIsAsked(t *testing.T) {
	order, events := squareSale(t)
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer the token" || r.Header.Get("Square-Version") == "":
			w.WriteHeader(http.StatusUnauthorized)
		case r.Method+" "+r.URL.Path == "GET /v2/orders/ORD1":
			fmt.Fprintf(w, `{"order":%s}`, order)
		case r.Method+" "+r.URL.Path == "POST /v2/orders/search":
			fmt.Fprintf(w, `{"orders":[%s]}`, order)
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer api.Close()
	house := squareHouse(t, api.URL)
	receipt := squareNotice(t, house, `{"type":"order.updated","event_id":"e-1","data":{"object":{"order_updated":{"order_id":"ORD1","version":4}}}}`)
	if len(receipt.Records) != 1 || receipt.Records[0].Follow == "" || len(receipt.Records[0].Events) != 0 {
		t.Fatalf("got %+v, want a follow-up and no event", receipt)
	}
	source := intake.SourceName{Pack: "square", Instance: "seller-1"}
	asked := pack.FollowUp{Fetch: "order", With: map[string]string{"order_id": "ORD1"}}
	if _, err := house.Fetcher.FollowUp(t.Context(), intake.NewFollowUp(source.Pack, source.Instance, asked, time.Now())); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		summary, err := house.Fetcher.Poll(t.Context(), source, "orders", time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC))
		if err != nil || summary.Records != 1 || summary.Events["duplicate"] != events {
			t.Errorf("got %+v, %v; want %d duplicates", summary, err, events)
		}
	}
	if got := house.Owner.Position() - 1; got != int64(events) { // before them came the location
		t.Errorf("got %d facts, want %d", got, events)
	}
	status, err := house.Fetcher.Status(t.Context())
	if err != nil || len(status) != 1 || status[0].FollowUps != 0 {
		t.Errorf("got %+v, %v; want nothing left to ask", status, err)
	}
}

// squareNotice sends a webhook as Square does: signed, and without a token.
func squareNotice(t *testing.T, house *app.House, body string) intake.Receipt {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	address, err := house.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	served := make(chan error, 1)
	go func() { served <- house.Serve(ctx) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	}()
	mac := hmac.New(sha256.New, []byte("a key"))
	mac.Write([]byte(squareAddress + body))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address.String()+"/v1/intake/square/seller-1", bytes.NewReader([]byte(body)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("X-Square-Hmacsha256-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	var receipt intake.Receipt
	if err != nil || response.StatusCode != http.StatusOK || json.Unmarshal(answer, &receipt) != nil {
		t.Fatalf("got %s %s, %v", response.Status, answer, err)
	}
	return receipt
}
