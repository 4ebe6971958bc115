package event

import (
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// InvoiceLine is one line of an invoice or credit memo to a customer.
type InvoiceLine struct {
	Line string `json:"line" effect:"link"`
	// Of is the order line or the sold line.
	Of       retail.Ref      `json:"of,omitempty" effect:"link"`
	Item     string          `json:"item,omitempty" effect:"money"`
	Quantity retail.Quantity `json:"quantity,omitempty" effect:"money" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"money"`
	Net      money.Amount    `json:"net" effect:"money" sign:"not_negative"`
	Taxes    []Tax           `json:"taxes,omitempty" effect:"money"`
}

// CustomerDocument is a tax document to a customer; all amounts are positive.
type CustomerDocument struct {
	Number   string         `json:"number" effect:"link" ref:"invoice"`
	Order    retail.Ref     `json:"order,omitempty" effect:"link"`
	Shipment retail.Ref     `json:"shipment,omitempty" effect:"link"`
	Return   retail.Ref     `json:"return,omitempty" effect:"link"`
	Refund   retail.Ref     `json:"refund,omitempty" effect:"link"`
	Customer retail.Token   `json:"customer,omitempty"`
	Currency money.Currency `json:"currency" effect:"money"`
	Lines    []InvoiceLine  `json:"lines" effect:"money"`
	Total    money.Amount   `json:"total" effect:"money" sign:"not_negative"`
	Due      retail.Date    `json:"due,omitempty"`
	Ext      Ext            `json:"ext,omitempty"`
}

// Invoice is INVOICE, business to business or a tax invoice (P17 against AR_CUSTOMER).
// Key: entity·invoice number.
type Invoice CustomerDocument

// CreditMemo is CREDIT_MEMO (P04 against AR_CUSTOMER). Key: entity·credit memo number.
type CreditMemo CustomerDocument

// CouponSettled is COUPON_SETTLED: a clearing house or vendor pays for coupons.
// Key: batch·vendor.
type CouponSettled struct {
	Batch   string       `json:"batch" effect:"link" ref:"document"`
	Vendor  string       `json:"vendor" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money"`
	Members []string     `json:"members,omitempty"`
	Ext     Ext          `json:"ext,omitempty"`
}

// TaxedLine is what a tax engine says of one line.
type TaxedLine struct {
	Line  string     `json:"line" effect:"link"`
	Of    retail.Ref `json:"of,omitempty" effect:"link"`
	Taxes []Tax      `json:"taxes,omitempty" effect:"money"`
}

// TaxDocument is a document of a tax engine: evidence, no booking of its own (RC-08).
type TaxDocument struct {
	Document string `json:"document" effect:"link" ref:"tax_document"`
	// Of is what it taxes; Adjusts the document that it changes.
	Of       retail.Ref     `json:"of,omitempty" effect:"link"`
	Adjusts  retail.Ref     `json:"adjusts,omitempty" effect:"link"`
	Currency money.Currency `json:"currency" effect:"money"`
	Lines    []TaxedLine    `json:"lines" effect:"money"`
	// Total is all tax, negative where tax is given back.
	Total money.Amount `json:"total" effect:"money"`
	// Locked says that the period of the document was filed: a change comes as a new one (L3).
	Locked bool `json:"locked,omitempty"`
	Ext    Ext  `json:"ext,omitempty"`
}

// TaxQuoted is TAX_QUOTED. Key: the document code.
type TaxQuoted TaxDocument

// TaxCommitted is TAX_COMMITTED (V-TAX-03). Key: the document code.
type TaxCommitted TaxDocument

// TaxAdjusted is TAX_ADJUSTED; amounts are the difference. Key: document code·adjustment.
type TaxAdjusted TaxDocument

// TaxRefunded is TAX_REFUNDED; amounts are the difference. Key: document code·adjustment.
type TaxRefunded TaxDocument

// ERPAck is ERP_ACK: an ERP took an entry of a batch. Key: batch·line.
type ERPAck struct {
	Batch string `json:"batch" effect:"link" ref:"batch"`
	Line  string `json:"line" effect:"link"`
	// Entry is the entry id, which was sent as the external id.
	Entry string `json:"entry" effect:"link" ref:"entry"`
	// Document and Period are what the ERP made of it.
	Document string        `json:"document" effect:"link"`
	Period   string        `json:"period,omitempty" effect:"money"`
	Amount   *money.Amount `json:"amount,omitempty" effect:"money"`
	Ext      Ext           `json:"ext,omitempty"`
}

// ERPReject is ERP_REJECT (V-ERP-02). Key: batch·line.
type ERPReject struct {
	Batch string `json:"batch" effect:"link" ref:"batch"`
	Line  string `json:"line" effect:"link"`
	Entry string `json:"entry" effect:"link" ref:"entry"`
	// Code is the ERP's own; Detail what it says.
	Code   string `json:"code" effect:"money"`
	Detail string `json:"detail,omitempty"`
	Ext    Ext    `json:"ext,omitempty"`
}

// FXRate is FX_RATE: what units of the base currency cost in the quote currency (V-CUR-02).
// Key: pair·type·date.
type FXRate struct {
	// Pair is base and quote: "EUR/USD".
	Pair string `json:"pair" effect:"money"`
	// Type is the kind of rate: SPOT, AVERAGE, CLOSING.
	RateType string      `json:"rate_type" effect:"money"`
	Date     retail.Date `json:"date" effect:"money"`
	Rate     money.Rate  `json:"rate" effect:"money"`
	// Units is how many units of the base the rate is for; absent means one.
	Units int64 `json:"units,omitempty" effect:"money"`
	Ext   Ext   `json:"ext,omitempty"`
}

// CostChanged is COST_CHANGED: P56 at standard cost, else only the fallback of C6. It is
// versioned by its source (L8). Key: item·scope·effective_from.
type CostChanged struct {
	Item string `json:"item" effect:"money"`
	// Location is the scope; absent means the entity.
	Location      string      `json:"location,omitempty" effect:"money" at:"location"`
	EffectiveFrom retail.Date `json:"effective_from" effect:"money"`
	// Old and New are the cost of Per units; absent means one.
	Old    *money.Amount   `json:"old,omitempty" effect:"money" sign:"not_negative"`
	New    money.Amount    `json:"new" effect:"money" sign:"not_negative"`
	Per    retail.Quantity `json:"per,omitempty" effect:"money" sign:"positive"`
	Reason string          `json:"reason,omitempty"`
	Ext    Ext             `json:"ext,omitempty"`
}

// PriceKind says whether a new price stays.
type PriceKind string

// The kinds of price.
const (
	PricePermanent PriceKind = "PERM"
	PricePromotion PriceKind = "PROMO"
	PriceCancel    PriceKind = "CANCEL"
)

// NewPrice is a price from a day on, of Per units; absent means one.
type NewPrice struct {
	Item          string          `json:"item" effect:"money"`
	Location      string          `json:"location,omitempty" effect:"money" at:"location"`
	EffectiveFrom retail.Date     `json:"effective_from" effect:"money"`
	Until         retail.Date     `json:"until,omitempty" effect:"money"`
	Kind          PriceKind       `json:"kind" effect:"money"`
	Old           *money.Amount   `json:"old,omitempty" effect:"money" sign:"not_negative"`
	New           money.Amount    `json:"new" effect:"money" sign:"not_negative"`
	Per           retail.Quantity `json:"per,omitempty" effect:"money" sign:"positive"`
	Ext           Ext             `json:"ext,omitempty"`
}

// PriceChanged is PRICE_CHANGED (L8). Key: item·location·effective_from.
type PriceChanged NewPrice

// Markdown is MARKDOWN: under the retail method a memo of its amount (C5, L8).
// Key: item·location·effective_from.
type Markdown NewPrice

// Impairment compares what an item stands in the books at with what it would bring.
type Impairment struct {
	Run      string          `json:"run" effect:"link" ref:"document"`
	Item     string          `json:"item" effect:"money"`
	Location string          `json:"location,omitempty" effect:"money" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"money" sign:"positive"`
	Carrying money.Amount    `json:"carrying" effect:"money" sign:"not_negative"`
	NRV      money.Amount    `json:"nrv" effect:"money" sign:"not_negative"`
	Ext      Ext             `json:"ext,omitempty"`
}

// NRVWrittenDown is NRV_WRITTEN_DOWN (P57). Key: run·item·scope.
type NRVWrittenDown Impairment

// NRVReversed is NRV_REVERSED (P57). Key: run·item·scope.
type NRVReversed Impairment
