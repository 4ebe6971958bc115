package event

import (
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Tender is one means of payment. The amount is positive for what the customer gives in a
// sale and for what the customer gets in a return; change is already taken off.
type Tender struct {
	// Code is the source's own tender type; the tenders table tells the class.
	Code   string       `json:"code" effect:"money"`
	Amount money.Amount `json:"amount" effect:"money"`
	// Reference is the processor's or issuer's reference, never a card number.
	Reference string `json:"reference,omitempty" effect:"link"`
}

// SaleLine is one item line of a till transaction.
type SaleLine struct {
	Line     string          `json:"line" effect:"link"`
	Aliases  []retail.Ref    `json:"aliases,omitempty" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Gross is the line before discounts; Net is gross less discounts and, where prices
	// include tax, less the tax.
	Gross     money.Amount `json:"gross" effect:"money"`
	Discounts []Discount   `json:"discounts,omitempty" effect:"money"`
	Net       money.Amount `json:"net" effect:"money"`
	Taxes     []Tax        `json:"taxes,omitempty" effect:"money"`
}

// Sale is SALE: goods against tender at a till (P01, P02). Key: store·business_date·till·number.
type Sale struct {
	Aliases  []retail.Ref     `json:"aliases,omitempty" effect:"link"`
	Location string           `json:"location" effect:"stock"`
	Till     string           `json:"till"`
	Channel  retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Currency money.Currency   `json:"currency" effect:"money"`
	Cashier  retail.Token     `json:"cashier,omitempty"`
	Customer retail.Token     `json:"customer,omitempty"`
	// PricesIncludeTax says that gross and discounts contain the tax; net never does.
	PricesIncludeTax bool       `json:"prices_include_tax,omitempty" effect:"money"`
	Lines            []SaleLine `json:"lines" effect:"stock"`
	Tenders          []Tender   `json:"tenders,omitempty" effect:"money"`
	// Rounding is the cash rounding of the payment, positive where the customer pays more (D7).
	Rounding *money.Amount `json:"rounding,omitempty" effect:"money"`
	// Total is what the header says the customer pays, tax included, before cash rounding.
	Total money.Amount `json:"total" effect:"money"`
	Ext   Ext          `json:"ext,omitempty"`
}

// Disposition says what becomes of returned goods (rule book A10).
type Disposition string

// The dispositions and the bucket that each brings the goods to.
const (
	Restock    Disposition = "RESTOCK"    // SELLABLE
	Inspect    Disposition = "INSPECT"    // QC_HOLD
	Defect     Disposition = "DEFECT"     // DAMAGED
	Destroy    Disposition = "DESTROY"    // DAMAGED
	Returnless Disposition = "RETURNLESS" // no stock
)

// ReturnAccepted is RETURN_ACCEPTED with a receipt (P04, P05). Key: transaction key·line.
type ReturnAccepted struct {
	// Return is the id of the whole return, by which a refund names it and which keys REFUND_PAYABLE.
	Return  retail.Ref   `json:"return" effect:"link"`
	Aliases []retail.Ref `json:"aliases,omitempty" effect:"link"`
	// Original names the line that was sold: a till line, an order line.
	Original    retail.Ref      `json:"original" effect:"link"`
	Location    string          `json:"location" effect:"stock"`
	Item        string          `json:"item" effect:"stock"`
	Quantity    retail.Quantity `json:"quantity" effect:"stock"`
	Unit        retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Disposition Disposition     `json:"disposition" effect:"stock"`
	// Reason is the return reason class of the rule book A10; empty means CHANGE_OF_MIND.
	Reason  string           `json:"reason,omitempty" effect:"money"`
	Channel retail.ChannelID `json:"channel,omitempty" effect:"money"`
	// Net is what is refunded without tax.
	Net money.Amount `json:"net" effect:"money"`
	// Taxes is the tax by jurisdiction; where the source tells one sum only, TaxTotal, the
	// original's jurisdictions split it (D3).
	Taxes    []Tax         `json:"taxes,omitempty" effect:"money"`
	TaxTotal *money.Amount `json:"tax_total,omitempty" effect:"money"`
	// Tenders is how this line is refunded; none means that another system executes the refund.
	Tenders  []Tender     `json:"tenders,omitempty" effect:"money"`
	Operator retail.Token `json:"operator,omitempty"`
	Ext      Ext          `json:"ext,omitempty"`
}
