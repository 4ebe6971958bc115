package bench

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// csvColumns is where the columns of a file of sales stand.
type csvColumns struct{ invoice, line, item, quantity, price, time, customer, location, tender int }

// csvByHand maps a file of sales whose prices have no tax.
func csvByHand(in pack.Input) ([]Fact, error) {
	file := csv.NewReader(bytes.NewReader(in.Body))
	file.ReuseRecord = true
	header, err := file.Read()
	if err != nil {
		return nil, err
	}
	var c csvColumns
	places := map[string]*int{
		"invoice": &c.invoice, "line": &c.line, "item": &c.item, "quantity": &c.quantity, "price": &c.price,
		"time": &c.time, "customer": &c.customer, "location": &c.location, "tender": &c.tender,
	}
	for i, name := range header {
		if at, ok := places[name]; ok {
			*at = i
		}
	}
	r := &reading{in: in}
	var all []Fact
	for {
		row, err := file.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		facts, err := c.sale(r, row)
		if err != nil {
			return nil, err
		}
		all = append(all, facts...)
	}
}

func (c csvColumns) sale(r *reading, row []string) ([]Fact, error) {
	currency := money.Currency(r.in.Options["currency"])
	quantity := r.quantity(row[c.quantity])
	price := r.amount(row[c.price], currency)
	if price.Minor*int64(quantity)%int64(retail.One) != 0 {
		return nil, expected("whole minor units")
	}
	sold := money.Of(price.Minor*int64(quantity)/int64(retail.One), currency)
	instance := string(r.in.Instance)
	own := key(instance, row[c.invoice], row[c.line])
	customer := r.token("csv customer", row[c.customer])
	return r.fact(r.header("csv", key(row[c.invoice], row[c.line]), r.time("2006-01-02T15:04:05", row[c.time], r.in.Zone)), &event.Sale{
		Aliases:  []retail.Ref{{Type: "till_transaction", ID: own}},
		Location: row[c.location], Till: instance, Currency: currency,
		Customer: customer,
		Lines: []event.SaleLine{{
			Line: row[c.line], Aliases: []retail.Ref{{Type: "till_line", ID: own}},
			Item: row[c.item], Quantity: quantity, Gross: sold, Net: sold,
		}},
		Tenders: []event.Tender{{Code: row[c.tender], Amount: sold}},
		Total:   sold,
	}, customer)
}
