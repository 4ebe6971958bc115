package bench

import (
	"encoding/json"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

type squarePayment struct {
	Data struct {
		Object struct {
			Payment struct {
				ID       string `json:"id"`
				Status   string `json:"status"`
				OrderID  string `json:"order_id"`
				Customer string `json:"customer_id"`
				Source   string `json:"source_type"`
				Total    struct {
					Amount   int64          `json:"amount"`
					Currency money.Currency `json:"currency"`
				} `json:"total_money"`
				UpdatedAt time.Time `json:"updated_at"`
				Card      struct {
					Timeline struct {
						CapturedAt time.Time `json:"captured_at"`
					} `json:"card_payment_timeline"`
				} `json:"card_details"`
			} `json:"payment"`
		} `json:"object"`
	} `json:"data"`
}

// squareByHand maps a payment.updated webhook of a card payment that is complete.
func squareByHand(in pack.Input) ([]Fact, error) {
	var e squarePayment
	if err := json.Unmarshal(in.Body, &e); err != nil {
		return nil, err
	}
	p := e.Data.Object.Payment
	if p.Status != "COMPLETED" {
		return nil, expected("a completed payment")
	}
	r := &reading{in: in}
	id := key("square", p.ID)
	captured := &event.PaymentCaptured{
		Processor: "square", Tender: p.Source,
		Payment: retail.Ref{Type: "payment", ID: id},
		Amount:  money.Of(p.Total.Amount, p.Total.Currency),
	}
	if p.OrderID != "" {
		captured.Order = retail.Ref{Type: "shop_order", ID: p.OrderID}
	}
	h := r.header("square", id, p.Card.Timeline.CapturedAt.In(in.Zone))
	h.SourceVersion = p.UpdatedAt.UnixMicro()
	return r.fact(h, captured, r.token("square customer", p.Customer))
}
