package bench

import (
	_ "embed"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// Payloads of the shape and size that the systems send. All ids, names and addresses in them
// are invented.
var (
	//go:embed payloads/shopify-order.json
	shopifyBody []byte
	//go:embed payloads/poslog-sale.xml
	poslogBody []byte
	//go:embed payloads/stripe-charge.json
	stripeBody []byte
	//go:embed payloads/square-payment.json
	squareBody []byte
	//go:embed payloads/x12-945.edi
	x12Body []byte
	//go:embed payloads/csv-sales.csv
	csvBody []byte
)

// Payload is one message of one system and the code by hand that maps it.
type Payload struct {
	Name   string // the pack and what it is: "shopify order"
	Pack   string
	Input  pack.Input
	ByHand func(pack.Input) ([]Fact, error)
}

// Fact is what becomes of a record: the event, and the person whom it is about as a token, by
// which what is kept of the payload can be erased; empty where it is about nobody.
type Fact struct {
	Event   *event.Event
	Subject retail.Token
}

// Payloads returns the payloads that are measured, in the order of the table.
func Payloads() []Payload {
	input := func(topic string, body []byte) pack.Input {
		return pack.Input{Topic: topic, Body: body, Instance: "main", Zone: time.UTC, TokenKey: pack.TestTokenKey()}
	}
	header := func(in pack.Input, name, value string) pack.Input {
		in.Header = func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		}
		return in
	}
	day := input("", csvBody)
	day.FileName = "sales-2026-11-20.csv"
	day.Options = map[string]string{"currency": "USD"}
	return []Payload{
		{"shopify order", "shopify", header(input("", shopifyBody), "X-Shopify-Topic", "orders/create"), shopifyByHand},
		{"poslog sale", "poslog", input("", poslogBody), poslogByHand},
		{"stripe charge", "stripe", input("", stripeBody), stripeByHand},
		{"square payment", "square", input("", squareBody), squareByHand},
		{"x12 945", "x12", input("", x12Body), x12ByHand},
		{"csv day of sales", "csv", day, csvByHand},
	}
}
