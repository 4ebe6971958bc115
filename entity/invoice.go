package entity

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// InvoiceKind says who charges whom.
type InvoiceKind string

// The kinds of invoice.
const (
	CustomerInvoice InvoiceKind = "CUSTOMER_INVOICE"
	CustomerCredit  InvoiceKind = "CUSTOMER_CREDIT_MEMO"
	VendorInvoice   InvoiceKind = "VENDOR_INVOICE"
	VendorCredit    InvoiceKind = "VENDOR_CREDIT_MEMO"
)

// Invoice is an invoice or credit memo, to a customer or from a vendor. Amounts are positive;
// the kind says which way they go.
type Invoice struct {
	Head
	Kind   InvoiceKind   `json:"kind" enum:"CUSTOMER_INVOICE,CUSTOMER_CREDIT_MEMO,VENDOR_INVOICE,VENDOR_CREDIT_MEMO"`
	Vendor string        `json:"vendor,omitempty"`
	Lines  []InvoiceLine `json:"lines"`
	Total  *money.Amount `json:"total,omitempty" doc:"With tax, as the document says it; absent where it comes line by line"`
	Due    retail.Date   `json:"due,omitempty"`
}

// InvoiceLine is one line.
type InvoiceLine struct {
	Line     string          `json:"line"`
	Of       *retail.Ref     `json:"of,omitempty" doc:"The order line, receipt or return that it charges"`
	Item     string          `json:"item,omitempty"`
	Quantity retail.Quantity `json:"quantity,omitempty"`
	Net      money.Amount    `json:"net"`
	Taxes    []event.Tax     `json:"taxes,omitempty"`
}

// NewInvoice makes an invoice of its records in the order of the journal.
func NewInvoice(id string, records []*record.Record) Invoice {
	v := Invoice{Head: head("invoice.v1", id, records), Lines: []InvoiceLine{}}
	for _, r := range records {
		switch d := r.Event.Data.(type) {
		case *event.Invoice:
			v.toCustomer(CustomerInvoice, (*event.CustomerDocument)(d))
		case *event.CreditMemo:
			v.toCustomer(CustomerCredit, (*event.CustomerDocument)(d))
		case *event.VendorInvoice:
			v.Kind, v.Vendor, v.Due = VendorInvoice, d.Vendor, d.Due
			v.Lines = append(v.Lines, InvoiceLine{d.Line, present(d.Receipt, d.Purchase), d.Item, d.Quantity, d.Net, d.Taxes})
		case *event.VendorCreditMemo:
			v.Kind, v.Vendor, v.Total = VendorCredit, d.Vendor, &d.Amount
			v.Lines = append(v.Lines, InvoiceLine{Line: "1", Of: present(d.Of), Net: d.Amount, Taxes: d.Taxes})
		}
	}
	return v
}

func (v *Invoice) toCustomer(kind InvoiceKind, d *event.CustomerDocument) {
	v.Kind, v.Total, v.Due, v.Lines = kind, &d.Total, d.Due, v.Lines[:0]
	for _, l := range d.Lines {
		v.Lines = append(v.Lines, InvoiceLine{l.Line, present(l.Of), l.Item, l.Quantity, l.Net, l.Taxes})
	}
}

// present returns the first reference that names something.
func present(refs ...retail.Ref) *retail.Ref {
	for _, r := range refs {
		if !r.IsZero() {
			return &r
		}
	}
	return nil
}
