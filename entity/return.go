package entity

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// ReturnStatus says how far a return has come.
type ReturnStatus string

// The statuses.
const (
	ReturnAnnounced ReturnStatus = "ANNOUNCED" // an RMA, no goods yet
	ReturnAccepted  ReturnStatus = "ACCEPTED"  // the goods are here
	ReturnRefunded  ReturnStatus = "REFUNDED"  // the customer has the money
)

// Return is what came back, or is announced to.
type Return struct {
	Head
	Status  ReturnStatus   `json:"status" enum:"ANNOUNCED,ACCEPTED,REFUNDED"`
	Lines   []ReturnLine   `json:"lines"`
	Refunds []ReturnRefund `json:"refunds"`
}

// ReturnLine is one line of a return.
type ReturnLine struct {
	Original    *retail.Ref       `json:"original,omitempty" doc:"The line that was sold; absent where nobody knows it"`
	Item        string            `json:"item,omitempty" doc:"The source's own code"`
	Location    string            `json:"location,omitempty"`
	Quantity    retail.Quantity   `json:"quantity"`
	Disposition event.Disposition `json:"disposition,omitempty"`
	Reason      string            `json:"reason,omitempty"`
	Net         *money.Amount     `json:"net,omitempty"`
	Taxes       []event.Tax       `json:"taxes,omitempty"`
	// Announced says that it is part of an RMA and has not been seen.
	Announced bool `json:"announced,omitempty"`
}

// ReturnRefund is money that went back for a return.
type ReturnRefund struct {
	Refund    retail.Ref   `json:"refund"`
	Processor string       `json:"processor,omitempty"`
	Amount    money.Amount `json:"amount"`
}

// NewReturn makes a return of its records in the order of the journal.
func NewReturn(id string, records []*record.Record) Return {
	r := Return{Head: head("return.v1", id, records), Status: ReturnAnnounced, Lines: []ReturnLine{}, Refunds: []ReturnRefund{}}
	for _, rec := range records {
		switch d := rec.Event.Data.(type) {
		case *event.RMACreated:
			for _, l := range d.Lines {
				r.Lines = append(r.Lines, ReturnLine{Original: &l.Original, Item: l.Item, Quantity: l.Quantity, Reason: l.Reason, Announced: true})
			}
		case *event.ReturnAccepted:
			r.accept(ReturnLine{
				Original: &d.Original, Item: d.Item, Location: d.Location, Quantity: d.Quantity, Disposition: d.Disposition,
				Reason: d.Reason, Net: &d.Net, Taxes: d.Taxes,
			}, d.Tenders)
		case *event.ReturnNoReceipt:
			r.accept(ReturnLine{
				Item: d.Item, Location: d.Location, Quantity: d.Quantity, Disposition: d.Disposition, Net: &d.Net, Taxes: d.Taxes,
			}, d.Tenders)
		case *event.MPReturned:
			r.accept(ReturnLine{
				Original: &d.Original, Item: d.Item, Location: d.Location, Quantity: d.Quantity, Disposition: d.Disposition,
				Reason: d.Reason, Net: d.Refund, Taxes: d.Taxes,
			}, nil)
		case *event.RefundIssued:
			r.Status = ReturnRefunded
			r.Refunds = append(r.Refunds, ReturnRefund{d.Refund, d.Processor, d.Amount})
		}
	}
	return r
}

// accept takes a line in; one that the till paid back at once is refunded.
func (r *Return) accept(l ReturnLine, tenders []event.Tender) {
	r.Lines = append(r.Lines, l)
	switch {
	case len(tenders) > 0:
		r.Status = ReturnRefunded
	case r.Status == ReturnAnnounced:
		r.Status = ReturnAccepted
	}
}
