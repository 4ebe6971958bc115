package entity

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// Order is a customer's order, from a shop or a marketplace.
type Order struct {
	Head
	Names    []retail.Ref     `json:"names" doc:"The ids by which systems name it"`
	Channel  retail.ChannelID `json:"channel"`
	Currency money.Currency   `json:"currency"`
	Mode     event.Mode       `json:"mode,omitempty" enum:"PICKUP,SHIP"`
	// Status is the lowest stage of the lines that are not ended, or the end of all.
	Status           progress.Stage `json:"status" example:"SHIPPED"`
	Customer         retail.Token   `json:"customer,omitempty" doc:"A token, never a name"`
	PricesIncludeTax bool           `json:"prices_include_tax,omitempty"`
	Lines            []OrderLine    `json:"lines"`
	Shipping         *money.Amount  `json:"shipping,omitempty"`
	Total            money.Amount   `json:"total"`
}

// OrderLine is a line with how far it has come.
type OrderLine struct {
	Line     string          `json:"line"`
	Names    []retail.Ref    `json:"names,omitempty"`
	Item     string          `json:"item" doc:"The source's own code"`
	Quantity retail.Quantity `json:"quantity" doc:"As ordered and modified since"`
	Unit     retail.Unit     `json:"unit,omitempty"`
	Gross    money.Amount    `json:"gross"`
	Net      money.Amount    `json:"net"`
	Taxes    []event.Tax     `json:"taxes,omitempty"`
	Status   progress.Stage  `json:"status"`
	// Reached is how much has come to a stage or beyond it (rule book A9), in base units.
	Reached map[progress.Stage]retail.Quantity `json:"reached,omitempty"`
}

// stages are those that a line of an order shows.
var stages = []progress.Stage{
	progress.Placed, progress.Reserved, progress.Allocated, progress.Picked, progress.Packed, progress.Staged,
	progress.Shipped, progress.Delivered, progress.Cancelled, progress.Returned,
}

// Progress tells how far a line of the order has come; false where nothing is known of it.
type Progress func(line string) (progress.Progress, bool)

// NewOrder makes an order of its records in the order of the journal; false where none of
// them places it.
func NewOrder(id string, records []*record.Record, progressOf Progress) (Order, bool) {
	var o Order
	placed := false
	for _, r := range records {
		switch d := r.Event.Data.(type) {
		case *event.OrderPlaced:
			placed = true
			o.Names, o.Channel, o.Currency, o.Mode, o.Customer = d.Aliases, d.Channel, d.Currency, d.Mode, d.Customer
			o.PricesIncludeTax, o.Shipping, o.Total = d.PricesIncludeTax, d.Shipping, d.Total
			o.Lines = nil
			o.add(d.Lines)
		case *event.MPOrder:
			placed = true
			o.Names, o.Channel, o.Currency, o.Mode, o.Customer = d.Aliases, d.Channel, d.Currency, event.ModeShip, d.Customer
			o.PricesIncludeTax, o.Shipping, o.Total = d.PricesIncludeTax, d.Shipping, d.Total
			o.Lines = nil
			o.add(d.Lines)
		case *event.OrderModified:
			o.modify(d)
		}
	}
	if !placed {
		return Order{}, false
	}
	o.Head = head("order.v1", id, records)
	for i := range o.Lines {
		o.Lines[i].come(progressOf)
	}
	o.Status = statusOf(o.Lines)
	return o, true
}

func (o *Order) add(lines []event.OrderLine) {
	for _, l := range lines {
		o.Lines = append(o.Lines, OrderLine{
			Line: l.Line, Names: l.Aliases, Item: l.Item, Quantity: l.Quantity, Unit: l.Unit, Gross: l.Gross, Net: l.Net, Taxes: l.Taxes,
		})
	}
}

// modify changes the lines that the modification names by one of their names, or by number.
func (o *Order) modify(d *event.OrderModified) {
	for _, c := range d.Changed {
		for i := range o.Lines {
			l := &o.Lines[i]
			if !l.named(c.Line) {
				continue
			}
			l.Quantity += c.Quantity
			if c.Gross != nil {
				l.Gross = l.Gross.Add(*c.Gross)
			}
			if c.Net != nil {
				l.Net = l.Net.Add(*c.Net)
			}
		}
	}
	o.add(d.Added)
	if d.Total != nil {
		o.Total = *d.Total
	}
}

func (l *OrderLine) named(ref retail.Ref) bool {
	for _, name := range l.Names {
		if name == ref {
			return true
		}
	}
	return false
}

// come fills in how far the line has come.
func (l *OrderLine) come(progressOf Progress) {
	l.Status = progress.Placed
	p, ok := progressOf(l.Line)
	if !ok {
		return
	}
	if s := p.Status(); s != "" {
		l.Status = s
	}
	l.Reached = map[progress.Stage]retail.Quantity{}
	for _, s := range stages {
		if q := p.Reached(s); q != 0 {
			l.Reached[s] = retail.Quantity(q)
		}
	}
}

// statusOf is the lowest stage of the lines; ended lines count only where all are.
func statusOf(lines []OrderLine) progress.Stage {
	rank := func(s progress.Stage) int {
		for i, stage := range stages {
			if s == stage {
				return i
			}
		}
		return len(stages)
	}
	var status progress.Stage
	for _, l := range lines {
		ended := l.Status == progress.Cancelled || l.Status == progress.Returned
		switch {
		case status == "":
			status = l.Status
		case status == progress.Cancelled || status == progress.Returned:
			if !ended {
				status = l.Status
			}
		case !ended && rank(l.Status) < rank(status):
			status = l.Status
		}
	}
	return status
}
