package bench

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

type shopifyOrder struct {
	ID            int64          `json:"id"`
	Name          string         `json:"name"`
	Test          bool           `json:"test"`
	Currency      money.Currency `json:"currency"`
	TaxesIncluded bool           `json:"taxes_included"`
	ProcessedAt   time.Time      `json:"processed_at"`
	TotalPrice    string         `json:"total_price"`
	Customer      struct {
		ID json.Number `json:"id"`
	} `json:"customer"`
	LineItems []struct {
		ID        int64  `json:"id"`
		GiftCard  bool   `json:"gift_card"`
		SKU       string `json:"sku"`
		VariantID int64  `json:"variant_id"`
		Quantity  int64  `json:"quantity"`
		Price     string `json:"price"`
		shopifyCharge
	} `json:"line_items"`
	ShippingLines []struct {
		Price string `json:"price"`
		shopifyCharge
	} `json:"shipping_lines"`
}

// shopifyCharge is what a line of goods and one of shipping have in common.
type shopifyCharge struct {
	TaxLines []struct {
		Title string      `json:"title"`
		Rate  json.Number `json:"rate"`
		Price string      `json:"price"`
	} `json:"tax_lines"`
	Discounts []struct {
		Amount      string `json:"amount"`
		Application int    `json:"discount_application_index"`
	} `json:"discount_allocations"`
}

func (c shopifyCharge) taxes(r *reading, currency money.Currency) (taxes []event.Tax, total money.Amount) {
	total = money.Of(0, currency)
	for _, t := range c.TaxLines {
		tax := event.Tax{Code: t.Title, Rate: r.rate(t.Rate.String()), Amount: r.amount(t.Price, currency)}
		taxes = append(taxes, tax)
		total = total.Add(tax.Amount)
	}
	return taxes, total
}

func (c shopifyCharge) discounts(r *reading, currency money.Currency) (discounts []event.Discount, total money.Amount) {
	total = money.Of(0, currency)
	for _, d := range c.Discounts {
		discount := event.Discount{ID: strconv.Itoa(d.Application), Amount: r.amount(d.Amount, currency)}
		discounts = append(discounts, discount)
		total = total.Add(discount.Amount)
	}
	return discounts, total
}

// shopifyByHand maps an orders/create webhook.
func shopifyByHand(in pack.Input) ([]Fact, error) {
	var o shopifyOrder
	if err := json.Unmarshal(in.Body, &o); err != nil {
		return nil, err
	}
	if o.Test {
		return nil, expected("a real order")
	}
	r := &reading{in: in}
	order := strconv.FormatInt(o.ID, 10)
	placed := &event.OrderPlaced{
		Aliases:  []retail.Ref{{Type: "shop_order", ID: order}, {Type: "order_name", ID: string(in.Instance) + "/" + o.Name}},
		Channel:  "ONLINE",
		Currency: o.Currency,
		Customer: r.token("shopify customer", o.Customer.ID.String()),
		Total:    r.amount(o.TotalPrice, o.Currency),

		PricesIncludeTax: o.TaxesIncluded,
	}
	for _, l := range o.LineItems {
		id := strconv.FormatInt(l.ID, 10)
		price := r.amount(l.Price, o.Currency)
		line := event.OrderLine{
			Line: id, Aliases: []retail.Ref{{Type: "shop_order_line", ID: id}}, Quantity: retail.Units(l.Quantity),
			Gross: money.Of(price.Minor*l.Quantity, o.Currency),
		}
		switch {
		case l.GiftCard:
			line.Item = "gift_card"
		case l.SKU != "":
			line.Item = l.SKU
		case l.VariantID != 0:
			line.Item = strconv.FormatInt(l.VariantID, 10)
		default:
			line.Item = "custom_item"
		}
		var discount money.Amount
		line.Discounts, discount = l.discounts(r, o.Currency)
		line.Taxes, _ = l.taxes(r, o.Currency)
		line.Net = line.Gross.Sub(discount)
		placed.Lines = append(placed.Lines, line)
	}
	for _, s := range o.ShippingLines {
		_, discount := s.discounts(r, o.Currency)
		taxes, tax := s.taxes(r, o.Currency)
		shipping := r.amount(s.Price, o.Currency).Sub(discount)
		if o.TaxesIncluded {
			shipping = shipping.Sub(tax)
		}
		if placed.Shipping != nil {
			shipping = shipping.Add(*placed.Shipping)
		}
		placed.Shipping = &shipping
		placed.ShippingTaxes = append(placed.ShippingTaxes, taxes...)
	}
	return r.fact(r.header("shopify", order, o.ProcessedAt), placed, placed.Customer)
}
