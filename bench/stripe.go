package bench

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

type stripeCharge struct {
	Type     string `json:"type"`
	Created  int64  `json:"created"`
	Livemode bool   `json:"livemode"`
	Account  string `json:"account"`
	Data     struct {
		Object struct {
			ID             string `json:"id"`
			Status         string `json:"status"`
			Captured       bool   `json:"captured"`
			Customer       string `json:"customer"`
			Created        int64  `json:"created"`
			Currency       string `json:"currency"`
			AmountCaptured int64  `json:"amount_captured"`
			Metadata       struct {
				OrderID string `json:"order_id"`
			} `json:"metadata"`
		} `json:"object"`
	} `json:"data"`
}

// stripeByHand maps a charge.succeeded webhook of a charge that is captured.
func stripeByHand(in pack.Input) ([]Fact, error) {
	var e stripeCharge
	if err := json.Unmarshal(in.Body, &e); err != nil {
		return nil, err
	}
	charge := e.Data.Object
	if e.Type != "charge.succeeded" || !e.Livemode || charge.Status != "succeeded" || !charge.Captured {
		return nil, expected("a captured charge")
	}
	r := &reading{in: in}
	id := key("stripe", charge.ID)
	captured := &event.PaymentCaptured{
		Processor: "stripe", Account: e.Account,
		Payment: retail.Ref{Type: "payment", ID: id},
		Amount:  money.Of(charge.AmountCaptured, money.Currency(strings.ToUpper(charge.Currency))),
	}
	if charge.Metadata.OrderID != "" {
		captured.Order = retail.Ref{Type: "shop_order", ID: charge.Metadata.OrderID}
	}
	h := r.header("stripe", id, time.Unix(charge.Created, 0).UTC())
	h.SourceVersion = e.Created
	return r.fact(h, captured, r.token("stripe customer", charge.Customer))
}
