package app

import (
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
)

// mention takes down every code of reference data that an event names.
func (a *assumption) mention(e *event.Event) {
	switch e.Data.(type) {
	case *event.ReferenceSet, *event.ApprovalGiven, *event.PeriodRunRequested:
		return
	}
	day := e.BusinessDate
	if day == 0 {
		day = retail.DateOf(e.Time)
	}
	a.years[int(day/10000)] = true
	switch d := e.Data.(type) {
	case *event.Sale:
		a.amount(d.Total)
		a.location(e, d.Location)
		for _, l := range d.Lines {
			a.item(e, l.Item)
			a.taxes(e, l.Taxes)
		}
		a.tenders(e, d.Tenders)
	case *event.ReturnAccepted:
		a.amount(d.Net)
		a.location(e, d.Location)
		a.item(e, d.Item)
		a.taxes(e, d.Taxes)
		a.tenders(e, d.Tenders)
	case *event.OrderPlaced:
		a.amount(d.Total)
		a.shop(e)
		for _, l := range d.Lines {
			a.item(e, l.Item)
			a.taxes(e, l.Taxes)
		}
		a.taxes(e, d.ShippingTaxes)
	case *event.PickedUp:
		a.handedOver(e, event.Fulfilment(*d))
	case *event.Fulfilled:
		a.handedOver(e, event.Fulfilment(*d))
	case *event.POReceived:
		if d.Value != nil {
			a.amount(*d.Value)
		}
		a.goods(e, d.Item, d.Location)
	case *event.StockAdjusted:
		a.adjusted(e, d)
	default:
		a.mentionClaim(e)
		a.mentionMoney(e)
	}
}

// mentionClaim takes down what promises and their tasks name.
func (a *assumption) mentionClaim(e *event.Event) {
	switch d := e.Data.(type) {
	case *event.ReservationMade:
		a.goods(e, d.Item, d.Location)
	case *event.Allocated:
		a.goods(e, d.Item, d.Location)
	case *event.Deallocated:
		a.goods(e, d.Item, d.Location)
	case *event.Picked:
		a.goods(e, d.Item, d.Location)
	case *event.Packed:
		a.goods(e, d.Item, d.Location)
	case *event.Staged:
		a.goods(e, d.Item, d.Location)
	}
}

// mentionMoney takes down what payments name.
func (a *assumption) mentionMoney(e *event.Event) {
	switch d := e.Data.(type) {
	case *event.PaymentAuthorised:
		a.payment(e, d.Processor, d.Account, d.Tender, d.Amount)
	case *event.PaymentCaptured:
		a.payment(e, d.Processor, d.Account, d.Tender, d.Amount)
	case *event.RefundIssued:
		a.payment(e, d.Processor, d.Account, d.Tender, d.Amount)
	case *event.PaymentSettled:
		a.payment(e, d.Processor, d.Account, d.Tender, d.Gross)
	case *event.Payout:
		a.payment(e, d.Processor, d.Account, "", d.Amount)
	case *event.BankLine:
		a.amount(d.Amount)
		if a.bank == "" {
			a.bank = d.Account
		}
		a.need(event.TableBankAccounts, event.Row{"entity": a.entity}, d.Account)
	}
}

func (a *assumption) handedOver(e *event.Event, d event.Fulfilment) {
	a.location(e, d.Location)
	for _, l := range d.Lines {
		a.item(e, l.Item)
	}
}

func (a *assumption) adjusted(e *event.Event, d *event.StockAdjusted) {
	a.goods(e, d.Item, d.Location)
	if d.Value != nil {
		a.amount(*d.Value)
	}
	subject := retail.Ref{Type: retail.RefDocument, ID: d.Adjustment}
	if d.Reason == event.OpeningLoad && (d.Approver == "" || d.Approver == d.Author) && !a.approved[subject] {
		a.approved[subject] = true
		a.assumed = append(a.assumed, subject)
	}
}

func (a *assumption) amount(m money.Amount) {
	if a.currency == "" {
		a.currency = m.Currency
	}
}

func (a *assumption) goods(e *event.Event, item, location string) {
	a.item(e, item)
	a.location(e, location)
}

func (a *assumption) item(e *event.Event, code string) {
	if a.set[event.TableItemCodes][retail.Key(string(e.System), code)] {
		return
	}
	a.need(event.TableItems, event.Row{"department": "DEFAULT", "class": "DEFAULT"}, code)
}

func (a *assumption) location(e *event.Event, code string) {
	if a.set[event.TableLocationCodes][retail.Key(string(e.System), code)] {
		return
	}
	a.need(event.TableLocations, event.Row{"entity": a.entity, "zone": "UTC", "kind": "STORE"}, code)
}

func (a *assumption) shop(e *event.Event) {
	a.need(event.TableShops, event.Row{"entity": a.entity}, retail.Key(string(e.System), string(e.Instance)))
}

func (a *assumption) taxes(e *event.Event, taxes []event.Tax) {
	for _, t := range taxes {
		a.need(event.TableTaxCodes, event.Row{"jurisdiction": jurisdiction(t.Code)}, retail.Key(string(e.System), t.Code), retail.Key("*", t.Code))
	}
}

// jurisdiction is what is assumed of a tax code. Shops write a title where tills write an
// authority: "State Tax" and STATE are one.
func jurisdiction(code string) string {
	name := strings.ToUpper(code)
	if short, ok := strings.CutSuffix(name, " TAX"); ok && short != "" {
		return short
	}
	return name
}

func (a *assumption) tenders(e *event.Event, tenders []event.Tender) {
	for _, t := range tenders {
		a.tender(e, t.Code)
	}
}

func (a *assumption) tender(e *event.Event, code string) {
	a.need(event.TableTenders, tenderRow(code), retail.Key(string(e.System), code), retail.Key("*", code))
}

// payment takes down a merchant account; an event that names none means the one that is
// called like its source's instance.
func (a *assumption) payment(e *event.Event, processor, account, tender string, m money.Amount) {
	a.amount(m)
	if account == "" {
		account = string(e.Instance)
	}
	if tender != "" {
		a.tender(e, tender)
	}
	// A shop that reports a payment is known by its own row.
	if a.set[event.TableShops][retail.Key(string(e.System), string(e.Instance))] {
		return
	}
	a.need(event.TableMerchantAccounts, event.Row{"entity": a.entity, "tender": string(posting.TenderCard)}, retail.Key(processor, account))
}
