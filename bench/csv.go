package bench

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
)

// csvByHand maps a file of opening stock.
func csvByHand(in pack.Input) ([]*event.Event, error) {
	file := csv.NewReader(bytes.NewReader(in.Body))
	file.ReuseRecord = true
	columns := map[string]int{}
	header, err := file.Read()
	if err != nil {
		return nil, err
	}
	for i, name := range header {
		columns[name] = i
	}
	item, location, qty, value, date := columns["item"], columns["location"], columns["qty"], columns["value"], columns["date"]
	currency := money.Currency(in.Options["currency"])
	var all []*event.Event
	r := &reading{in: in}
	for number := 1; ; number++ {
		row, err := file.Read()
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		amount := r.amount(row[value], currency)
		line := strconv.Itoa(number)
		events, err := r.event(r.header("csv", key(in.FileName, line), r.time("2006-01-02", row[date], in.Zone)), &event.StockAdjusted{
			Adjustment: in.FileName, Line: line, Item: row[item], Location: row[location], Bucket: "SELLABLE",
			Quantity: r.quantity(row[qty]), Reason: "OPENING_LOAD", Value: &amount,
		})
		if err != nil {
			return nil, err
		}
		all = append(all, events...)
	}
}
