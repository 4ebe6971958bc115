package bench

import (
	"encoding/xml"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

type poslogSale struct {
	Transaction struct {
		Store    string         `xml:"BusinessUnit>UnitID"`
		Till     string         `xml:"WorkstationID"`
		Number   string         `xml:"SequenceNumber"`
		Operator string         `xml:"OperatorID"`
		Currency money.Currency `xml:"CurrencyCode"`
		Day      string         `xml:"BusinessDayDate"`
		Ended    string         `xml:"EndDateTime"`
		Training bool           `xml:"TrainingModeFlag,attr"`
		Retail   struct {
			Status   string       `xml:"TransactionStatus,attr"`
			Lines    []poslogLine `xml:"LineItem"`
			Customer string       `xml:"Customer>CustomerID"`
			Totals   []struct {
				Type  string `xml:"TotalType,attr"`
				Value string `xml:",chardata"`
			} `xml:"Total"`
		} `xml:"RetailTransaction"`
	} `xml:"Transaction"`
}

type poslogLine struct {
	Number string `xml:"SequenceNumber"`
	Sale   *struct {
		Item     string `xml:"ItemID"`
		Extended string `xml:"ExtendedAmount"`
		Discount string `xml:"ExtendedDiscountAmount"`
		Quantity struct {
			Unit  string `xml:"UnitOfMeasureCode,attr"`
			Value string `xml:",chardata"`
		} `xml:"Quantity"`
		Taxes []struct {
			Authority string `xml:"TaxAuthority"`
			Amount    string `xml:"Amount"`
			Percent   string `xml:"Percent"`
		} `xml:"Tax"`
	} `xml:"Sale"`
	Tender *poslogTender `xml:"Tender"`
	Change *poslogTender `xml:"TenderChange"`
}

type poslogTender struct {
	Type   string `xml:"TenderType,attr"`
	Amount string `xml:"Amount"`
}

// poslogByHand maps a file with one sale whose prices exclude the tax.
func poslogByHand(in pack.Input) ([]Fact, error) {
	var file poslogSale
	if err := xml.Unmarshal(in.Body, &file); err != nil {
		return nil, err
	}
	t := file.Transaction
	if t.Training || t.Retail.Status != "Finished" {
		return nil, expected("a finished transaction")
	}
	r := &reading{in: in}
	id := key(t.Store, t.Day, t.Till, t.Number)
	sale := &event.Sale{
		Aliases:  []retail.Ref{{Type: "till_transaction", ID: id}},
		Location: t.Store, Till: t.Till, Currency: t.Currency,
		Cashier:  r.token("poslog operator", t.Operator),
		Customer: r.token("poslog customer", t.Retail.Customer),
	}
	for _, total := range t.Retail.Totals {
		if total.Type == "TransactionGrandAmount" {
			sale.Total = r.amount(total.Value, t.Currency)
		}
	}
	for _, l := range t.Retail.Lines {
		switch {
		case l.Sale != nil:
			sale.Lines = append(sale.Lines, l.goods(r, id, t.Currency))
		case l.Tender != nil:
			sale.Tenders = l.Tender.addTo(sale.Tenders, r.amount(l.Tender.Amount, t.Currency))
		case l.Change != nil:
			sale.Tenders = l.Change.addTo(sale.Tenders, r.amount(l.Change.Amount, t.Currency).Neg())
		}
	}
	h := r.header("poslog", id, r.time("2006-01-02T15:04:05", t.Ended, in.Zone))
	day, err := retail.ParseDate(t.Day)
	r.failed(err)
	h.BusinessDate = day
	return r.fact(h, sale, sale.Customer)
}

func (l poslogLine) goods(r *reading, transaction string, currency money.Currency) event.SaleLine {
	net := r.amount(l.Sale.Extended, currency)
	line := event.SaleLine{
		Line: l.Number, Aliases: []retail.Ref{{Type: "till_line", ID: key(transaction, l.Number)}},
		Item: l.Sale.Item, Quantity: r.quantity(l.Sale.Quantity.Value), Gross: net, Net: net,
	}
	switch l.Sale.Quantity.Unit {
	case "", "EA":
	case "KG":
		line.Unit = "KGM"
	default:
		line.Unit = retail.Unit(l.Sale.Quantity.Unit)
	}
	if l.Sale.Discount != "" {
		discount := r.amount(l.Sale.Discount, currency)
		line.Discounts = []event.Discount{{Amount: discount}}
		line.Gross = net.Add(discount)
	}
	for _, t := range l.Sale.Taxes {
		line.Taxes = append(line.Taxes, event.Tax{Code: t.Authority, Rate: r.percent(t.Percent), Amount: r.amount(t.Amount, currency)})
	}
	return line
}

// addTo adds an amount to the tender of this type.
func (t poslogTender) addTo(tenders []event.Tender, amount money.Amount) []event.Tender {
	for i := range tenders {
		if tenders[i].Code == t.Type {
			tenders[i].Amount = tenders[i].Amount.Add(amount)
			return tenders
		}
	}
	return append(tenders, event.Tender{Code: t.Type, Amount: amount})
}

func (r *reading) percent(decimal string) money.Rate {
	n, ok := money.ParseFixed(strings.TrimSpace(decimal), money.RateScale-2)
	if !ok {
		r.failed(expected("a percentage"))
	}
	return money.Rate(n)
}
