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
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Serial is the serial number of the one unit that was sold.
	Serial string `json:"serial,omitempty" effect:"stock"`
	// Owner says whose goods they were; empty means the retailer's own. CONSIGNED_IN is
	// CONSIGNMENT_SOLD of the rule book.
	Owner Ownership `json:"owner,omitempty" effect:"stock"`
	// Gross is the line before discounts; Net is gross less discounts and, where prices
	// include tax, less the tax.
	Gross     money.Amount `json:"gross" effect:"money" sign:"not_negative"`
	Discounts []Discount   `json:"discounts,omitempty" effect:"money"`
	Net       money.Amount `json:"net" effect:"money"`
	Taxes     []Tax        `json:"taxes,omitempty" effect:"money"`
}

// Sale is SALE: goods against tender at a till (P01, P02). Key: store·business_date·till·number.
type Sale struct {
	Aliases  []retail.Ref     `json:"aliases,omitempty" effect:"link"`
	Location string           `json:"location" effect:"stock" at:"location"`
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
	ToVendor   Disposition = "RTV"        // DAMAGED, to go back to the vendor
	Destroy    Disposition = "DESTROY"    // DAMAGED
	Returnless Disposition = "RETURNLESS" // no stock
)

// ReturnAccepted is RETURN_ACCEPTED with a receipt (P04, P05). Key: transaction key·line.
type ReturnAccepted struct {
	// Return is the id of the whole return, by which a refund names it and which keys REFUND_PAYABLE.
	Return  retail.Ref   `json:"return" effect:"link"`
	Aliases []retail.Ref `json:"aliases,omitempty" effect:"link"`
	// Original names the line that was sold: a till line, an order line.
	Original retail.Ref      `json:"original" effect:"link"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Disposition is empty where the source tells a reason only; the reasons table tells it then.
	Disposition Disposition `json:"disposition,omitempty" effect:"stock"`
	// Reason is the source's own reason, or a return reason class of the rule book A10; empty
	// means CHANGE_OF_MIND.
	Reason  string           `json:"reason,omitempty" effect:"money"`
	Channel retail.ChannelID `json:"channel,omitempty" effect:"money"`
	// Net is what is refunded without tax.
	Net money.Amount `json:"net" effect:"money" sign:"not_negative"`
	// Taxes is the tax by jurisdiction; where the source tells one sum only, TaxTotal, the
	// original's jurisdictions split it (D3).
	Taxes    []Tax         `json:"taxes,omitempty" effect:"money"`
	TaxTotal *money.Amount `json:"tax_total,omitempty" effect:"money" sign:"not_negative"`
	// Tenders is how this line is refunded; none means that another system executes the refund.
	Tenders []Tender `json:"tenders,omitempty" effect:"money"`
	// Total is what the header says that the whole return comes to, tax included, and Lines what
	// its lines come to, where the two differ (V-BAL-02).
	Total    *money.Amount `json:"total,omitempty"`
	Lines    *money.Amount `json:"lines_total,omitempty"`
	Operator retail.Token  `json:"operator,omitempty"`
	Ext      Ext           `json:"ext,omitempty"`
}

// PriceSource says where the price of a return without a receipt comes from.
type PriceSource string

// The price sources.
const (
	LowestPrice  PriceSource = "LOWEST"  // the lowest price of the look-back window
	CurrentPrice PriceSource = "CURRENT" // today's price
	StatedPrice  PriceSource = "STATED"  // what a person entered, or a source that names none
)

// ReturnNoReceipt is RETURN_NO_RECEIPT: goods come back and nobody can say which sale they
// belong to (P07). Key: transaction key·line.
type ReturnNoReceipt struct {
	Return      retail.Ref      `json:"return" effect:"link"`
	Aliases     []retail.Ref    `json:"aliases,omitempty" effect:"link"`
	Location    string          `json:"location" effect:"stock" at:"location"`
	Item        string          `json:"item" effect:"stock"`
	Quantity    retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit        retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Disposition Disposition     `json:"disposition" effect:"stock"`
	PriceSource PriceSource     `json:"price_source,omitempty" effect:"money"`
	// LowestPrice is the lowest price of one unit in the look-back window (V-RET-04).
	LowestPrice *money.Amount    `json:"lowest_price,omitempty" effect:"money" sign:"not_negative"`
	Channel     retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Net         money.Amount     `json:"net" effect:"money" sign:"not_negative"`
	Taxes       []Tax            `json:"taxes,omitempty" effect:"money"`
	Tenders     []Tender         `json:"tenders,omitempty" effect:"money"`
	// Total and Lines are those of RETURN_ACCEPTED.
	Total *money.Amount `json:"total,omitempty"`
	Lines *money.Amount `json:"lines_total,omitempty"`
	// Customer stands for the person whose identity was captured; Approver allowed it.
	Customer retail.Token       `json:"customer,omitempty"`
	Operator retail.Token       `json:"operator,omitempty"`
	Approver retail.PrincipalID `json:"approver,omitempty"`
	Ext      Ext                `json:"ext,omitempty"`
}

// ExchangedLine is a line that comes back in an exchange.
type ExchangedLine struct {
	Line string `json:"line" effect:"link"`
	// Original names the line that was sold.
	Original retail.Ref      `json:"original" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Disposition is empty where the source tells a reason only; the reasons table tells it then.
	Disposition Disposition  `json:"disposition,omitempty" effect:"stock"`
	Reason      string       `json:"reason,omitempty" effect:"money"`
	Net         money.Amount `json:"net" effect:"money" sign:"not_negative"`
	Taxes       []Tax        `json:"taxes,omitempty" effect:"money"`
}

// Exchange is EXCHANGE: lines come back and others go out in one transaction, and only the
// difference is tendered (P06). Key: store·business_date·till·number.
type Exchange struct {
	Aliases          []retail.Ref     `json:"aliases,omitempty" effect:"link"`
	Location         string           `json:"location" effect:"stock" at:"location"`
	Till             string           `json:"till"`
	Channel          retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Currency         money.Currency   `json:"currency" effect:"money"`
	Cashier          retail.Token     `json:"cashier,omitempty"`
	Customer         retail.Token     `json:"customer,omitempty"`
	PricesIncludeTax bool             `json:"prices_include_tax,omitempty" effect:"money"`
	Returned         []ExchangedLine  `json:"returned" effect:"stock"`
	Lines            []SaleLine       `json:"lines" effect:"stock"`
	// Tenders settle the difference: positive where the customer pays, negative where the
	// customer gets something back.
	Tenders  []Tender      `json:"tenders,omitempty" effect:"money"`
	Rounding *money.Amount `json:"rounding,omitempty" effect:"money"`
	// Total is the difference as the header says it, negative where the customer gets something back.
	Total money.Amount `json:"total" effect:"money"`
	Ext   Ext          `json:"ext,omitempty"`
}

// PriceAdjusted is PRICE_ADJUSTED: money back after a sale without goods, an appeasement (P22).
// Key: the adjustment id.
type PriceAdjusted struct {
	Adjustment string     `json:"adjustment" effect:"link" ref:"document"`
	Original   retail.Ref `json:"original" effect:"link"`
	// Return keys REFUND_PAYABLE where another system executes the refund.
	Return  retail.Ref   `json:"return,omitempty" effect:"link"`
	Amount  money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Taxes   []Tax        `json:"taxes,omitempty" effect:"money"`
	Tenders []Tender     `json:"tenders,omitempty" effect:"money"`
	Reason  string       `json:"reason,omitempty" effect:"money"`
	Ext     Ext          `json:"ext,omitempty"`
}
