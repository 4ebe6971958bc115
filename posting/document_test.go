package posting_test

import (
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
)

// document is an order or a sale of a table while it is read.
type document struct {
	id       string
	sale     *event.Sale // nil for an order
	order    *event.OrderPlaced
	lines    []posting.LineTerms
	shipping []posting.Treatment
	tenders  []posting.Tender
}

// doDocument plays the lines that make or use a whole order or sale.
func (b *book) doDocument(words, w []string) {
	d := b.draft
	switch w[0] {
	case "order":
		b.draft = &document{id: w[1], order: &event.OrderPlaced{Channel: "ONLINE", Currency: b.setting.Currency, PricesIncludeTax: w[2] == "inclusive"}}
	case "sale":
		b.draft = &document{id: w[1], sale: &event.Sale{Location: "S1", Channel: "STORE", Currency: b.setting.Currency, PricesIncludeTax: w[2] == "inclusive"}}
	case "line":
		b.line(words[1:])
	case "shipping":
		amount := b.amount(w[1])
		d.order.Shipping = &amount
		d.order.ShippingTaxes, d.shipping = b.taxes(words[2:])
	case "tender":
		d.sale.Tenders = append(d.sale.Tenders, event.Tender{Code: w[1], Amount: b.amount(w[2]), Reference: w[3]})
		d.tenders = append(d.tenders, posting.Tender{Class: posting.TenderClass(strings.Trim(w[1], "?")), Programme: "P", Issuer: "LE1"})
		if strings.HasPrefix(w[1], "?") {
			d.tenders[len(d.tenders)-1].Class = ""
		}
	case "rounding":
		amount := b.amount(w[1])
		d.sale.Rounding = &amount
	case "total":
		b.total(b.amount(w[1]))
	case "resolve":
		resolve := func(source string) (posting.Treatment, bool) {
			return posting.Treatment{Jurisdiction: w[3]}, source == w[2]
		}
		if o := b.orders[w[1]]; o != nil {
			o.Resolve(resolve)
			return
		}
		b.sales[w[1]].Resolve(resolve)
	case "sell":
		for _, line := range words[2:] {
			draft, err := b.sales[w[1]].Revenue(line, "D1")
			b.post(err, draft)
		}
	}
}

func (b *book) amount(text string) money.Amount {
	return money.Of(b.minor(text), b.setting.Currency)
}

// total ends the document.
func (b *book) total(total money.Amount) {
	d := b.draft
	if d.order != nil {
		d.order.Total = total
		o, err := posting.NewOrder(d.order, posting.OrderTerms{ID: retail.OrderID(d.id), Lines: d.lines, Shipping: d.shipping})
		if err != nil {
			b.fail(err)
			return
		}
		b.orders[d.id] = o
		return
	}
	d.sale.Total = total
	s, err := posting.NewSold(d.sale, b.saleTerms())
	if err != nil {
		b.fail(err)
		return
	}
	b.sales[d.id] = s
}

func (b *book) saleTerms() posting.SaleTerms {
	return posting.SaleTerms{
		Key: b.draft.id, Store: "S1", Channel: "STORE", Day: 20260630,
		Lines: b.draft.lines, Tenders: b.draft.tenders,
		Cash: money.SeedCashRules().For(b.setting.Currency, "NL"),
	}
}

// line reads NO QTY GROSS [less AMOUNT[:FUNDING]]… = NET [tax …]….
func (b *book) line(words []string) {
	terms := posting.LineTerms{}
	number, quantity, gross := words[0], b.quantity(words[1]), b.amount(words[2])
	var discounts []event.Discount
	words = words[3:]
	for len(words) > 1 && words[0] == "less" {
		amount, funding, _ := strings.Cut(words[1], ":")
		discounts = append(discounts, event.Discount{Funding: funding, Amount: b.amount(amount)})
		terms.Funding = append(terms.Funding, funding)
		words = words[2:]
	}
	net := b.amount(words[1]) // behind "="
	var taxes []event.Tax
	taxes, terms.Taxes = b.taxes(words[2:])
	d := b.draft
	d.lines = append(d.lines, terms)
	if d.order != nil {
		d.order.Lines = append(d.order.Lines, event.OrderLine{Line: number, Quantity: quantity, Gross: gross, Discounts: discounts, Net: net, Taxes: taxes})
		return
	}
	d.sale.Lines = append(d.sale.Lines, event.SaleLine{Line: number, Quantity: quantity, Gross: gross, Discounts: discounts, Net: net, Taxes: taxes})
}

// taxes reads [tax [?]CODE[@PERCENT] AMOUNT]…; "?" leaves the code without a jurisdiction.
func (b *book) taxes(words []string) (taxes []event.Tax, treatments []posting.Treatment) {
	for len(words) > 2 && words[0] == "tax" {
		code, percent, _ := strings.Cut(words[1], "@")
		code, open := strings.CutPrefix(code, "?")
		treatment := posting.Treatment{Jurisdiction: code}
		if open {
			treatment = posting.Treatment{}
		}
		tax := event.Tax{Code: code, Amount: b.amount(words[2])}
		if percent != "" {
			hundredfold, err := money.ParseRate(percent)
			if err != nil {
				b.t.Fatalf("%s: %v", b.title, err)
			}
			tax.Rate = hundredfold / 100
		}
		taxes, treatments = append(taxes, tax), append(treatments, treatment)
		words = words[3:]
	}
	return taxes, treatments
}

// doPart plays what takes a share of an order or a sale.
func (b *book) doPart(words, w []string) {
	online := b.setting
	online.Channel = "ONLINE"
	switch w[0] {
	case "capture":
		minor := b.minor(w[2])
		share, err := b.orders[w[1]].Capture(minor)
		if err != nil {
			b.fail(err)
			return
		}
		draft, err := posting.Captured(online, retail.OrderID(w[1]), tender(w[3:]), minor, share)
		b.post(err, draft)
	case "fulfil":
		share, err := b.orders[w[1]].Fulfil(w[2], b.quantity(w[3]))
		if err != nil {
			b.fail(err)
			return
		}
		b.post(nil, posting.Fulfilled(online, w[2], retail.OrderID(w[1]), "D1", share))
	case "return":
		b.giveBack(words[1:])
	}
}

// giveBack reads DOCUMENT LINE QTY RETURN NET [tax …]… [taxes AMOUNT] [to CLASS AMOUNT]….
func (b *book) giveBack(words []string) {
	r := &event.ReturnAccepted{Quantity: b.quantity(words[2]), Net: b.amount(words[4])}
	terms := posting.ReturnTerms{Unit: words[1], Return: words[3]}
	id, line := words[0], words[1]
	words = words[5:]
	var treatments []posting.Treatment
	r.Taxes, treatments = b.taxes(words)
	words = words[3*len(r.Taxes):]
	if len(words) > 1 && words[0] == "taxes" {
		total := b.amount(words[1])
		r.TaxTotal, words = &total, words[2:]
	}
	for len(words) > 2 && words[0] == "to" {
		known := posting.TillTender(posting.Tender{Class: posting.TenderClass(words[1]), Programme: "P", Issuer: "LE1"}, "S1", 20260630, terms.Return)
		terms.Tenders = append(terms.Tenders, posting.TenderAmount{Tender: known, Minor: b.minor(words[2])})
		words = words[3:]
	}
	claim := posting.NewReturnClaim(r, treatments)
	var share posting.ReturnShare
	var err error
	if o := b.orders[id]; o != nil {
		share, err = o.Return(line, claim)
	} else {
		share, err = b.sales[id].Return(line, claim)
	}
	if err != nil {
		b.fail(err)
		return
	}
	draft, err := posting.Accepted(b.setting, terms, share)
	b.post(err, draft)
}
