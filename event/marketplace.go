package event

import (
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// FulfilledBy says who sends what a marketplace sold.
type FulfilledBy string

// Who sends it.
const (
	ByMarketplace FulfilledBy = "MARKETPLACE" // out of our stock in its warehouse
	ByMerchant    FulfilledBy = "MERCHANT"    // we do
)

// MPOrder is MP_ORDER: an order on a marketplace. Fulfilled by ourselves it reserves, where
// it tells from where: RESERVED +q. Key: marketplace·order id.
type MPOrder struct {
	Marketplace string `json:"marketplace" effect:"link" at:"processor"`
	// Account is the seller's account there; the merchant_accounts table tells its legal entity.
	Account          string           `json:"account,omitempty" effect:"money" at:"account"`
	Aliases          []retail.Ref     `json:"aliases" effect:"link"`
	Channel          retail.ChannelID `json:"channel" effect:"money"`
	Currency         money.Currency   `json:"currency" effect:"money"`
	FulfilledBy      FulfilledBy      `json:"fulfilled_by" effect:"stock"`
	Location         string           `json:"location,omitempty" effect:"stock" at:"location"`
	Customer         retail.Token     `json:"customer,omitempty"`
	PricesIncludeTax bool             `json:"prices_include_tax,omitempty" effect:"money"`
	Lines            []OrderLine      `json:"lines" effect:"stock"`
	Shipping         *money.Amount    `json:"shipping,omitempty" effect:"money" sign:"not_negative"`
	ShippingTaxes    []Tax            `json:"shipping_taxes,omitempty" effect:"money"`
	Total            money.Amount     `json:"total" effect:"money" sign:"not_negative"`
	Ext              Ext              `json:"ext,omitempty"`
}

// MPShipped is MP_SHIPPED: a marketplace sent our goods out of its warehouse, SELLABLE −q
// there (P85, P02). Key: marketplace·shipment item id.
type MPShipped struct {
	Marketplace string           `json:"marketplace" effect:"link"`
	Account     string           `json:"account,omitempty" effect:"money"`
	Order       retail.Ref       `json:"order,omitempty" effect:"link"`
	OrderLine   retail.Ref       `json:"order_line,omitempty" effect:"link"`
	Shipment    retail.Ref       `json:"shipment,omitempty" effect:"link"`
	Settlement  retail.Ref       `json:"settlement,omitempty" effect:"link"`
	Item        string           `json:"item" effect:"stock"`
	Location    string           `json:"location" effect:"stock" at:"location"`
	Quantity    retail.Quantity  `json:"quantity" effect:"stock" sign:"positive"`
	Unit        retail.Unit      `json:"unit,omitempty" effect:"stock"`
	Channel     retail.ChannelID `json:"channel,omitempty" effect:"money"`
	// Gross is the price of the line, Shipping what the customer pays for delivery, both
	// before Discounts and without tax; Net is all of it together.
	Gross     *money.Amount `json:"gross,omitempty" effect:"money" sign:"not_negative"`
	Shipping  *money.Amount `json:"shipping,omitempty" effect:"money" sign:"not_negative"`
	Discounts []Discount    `json:"discounts,omitempty" effect:"money"`
	Net       *money.Amount `json:"net,omitempty" effect:"money"`
	Taxes     []Tax         `json:"taxes,omitempty" effect:"money"`
	Ext       Ext           `json:"ext,omitempty"`
}

// MPReturned is MP_RETURNED: a customer gave goods back to a marketplace (P86, P05).
// Key: marketplace·return id·line.
type MPReturned struct {
	Marketplace string          `json:"marketplace" effect:"link"`
	Account     string          `json:"account,omitempty" effect:"money"`
	Return      retail.Ref      `json:"return" effect:"link"`
	Line        string          `json:"line" effect:"link"`
	Order       retail.Ref      `json:"order,omitempty" effect:"link"`
	Original    retail.Ref      `json:"original,omitempty" effect:"link"`
	Settlement  retail.Ref      `json:"settlement,omitempty" effect:"link"`
	Item        string          `json:"item" effect:"stock"`
	Location    string          `json:"location" effect:"stock" at:"location"`
	Quantity    retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit        retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Disposition is empty where the source tells a reason only; the reasons table tells it then.
	Disposition Disposition      `json:"disposition,omitempty" effect:"stock"`
	Reason      string           `json:"reason,omitempty" effect:"money"`
	Channel     retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Refund      *money.Amount    `json:"refund,omitempty" effect:"money" sign:"not_negative"`
	Taxes       []Tax            `json:"taxes,omitempty" effect:"money"`
	FeeReversal *money.Amount    `json:"fee_reversal,omitempty" effect:"money" sign:"not_negative"`
	Ext         Ext              `json:"ext,omitempty"`
}

// MPCharge is what a marketplace takes beside the sale.
type MPCharge struct {
	Marketplace string     `json:"marketplace" effect:"link" at:"processor"`
	Account     string     `json:"account,omitempty" effect:"money" at:"account"`
	Settlement  retail.Ref `json:"settlement,omitempty" effect:"link"`
	Line        string     `json:"line" effect:"link"`
	Order       retail.Ref `json:"order,omitempty" effect:"link"`
	// Type is the marketplace's own code; the fee_types table tells the class.
	FeeType string `json:"fee_type" effect:"money"`
	Item    string `json:"item,omitempty" effect:"money"`
	// Amount is positive where the marketplace takes and negative where it gives back; Tax is within it.
	Amount money.Amount  `json:"amount" effect:"money"`
	Tax    *money.Amount `json:"tax,omitempty" effect:"money"`
	Ext    Ext           `json:"ext,omitempty"`
}

// MPFees is MP_FEES (P87). Key: marketplace·settlement·line.
type MPFees MPCharge

// MPAdvertising is MP_ADVERTISING (P87). Key: marketplace·settlement·line.
type MPAdvertising MPCharge

// MPStorage is MP_STORAGE (P87). Key: marketplace·settlement·line.
type MPStorage MPCharge

// MPReimbursement is MP_REIMBURSEMENT: a marketplace pays for goods that it lost (P88); the
// loss itself was 3PL_ADJUSTED. Key: marketplace·case id.
type MPReimbursement struct {
	Marketplace string          `json:"marketplace" effect:"link" at:"processor"`
	Account     string          `json:"account,omitempty" effect:"money" at:"account"`
	Case        string          `json:"case" effect:"link" ref:"document"`
	Settlement  retail.Ref      `json:"settlement,omitempty" effect:"link"`
	Item        string          `json:"item,omitempty" effect:"money"`
	Quantity    retail.Quantity `json:"quantity,omitempty" effect:"money" sign:"positive"`
	Amount      money.Amount    `json:"amount" effect:"money"`
	Ext         Ext             `json:"ext,omitempty"`
}

// SettlementSum is what a settlement says of one type of row.
type SettlementSum struct {
	Type   string       `json:"type" effect:"money"`
	Amount money.Amount `json:"amount" effect:"money"`
}

// MPSettlementClosed is MP_SETTLEMENT_CLOSED: a marketplace's account for a time, and its
// control totals (P76, P72). Key: marketplace·settlement id.
type MPSettlementClosed struct {
	Marketplace string         `json:"marketplace" effect:"link" at:"processor"`
	Account     string         `json:"account,omitempty" effect:"money" at:"account"`
	Settlement  retail.Ref     `json:"settlement" effect:"link"`
	Currency    money.Currency `json:"currency" effect:"money"`
	From        retail.Date    `json:"from,omitempty" effect:"money"`
	To          retail.Date    `json:"to,omitempty" effect:"money"`
	// Opening is the balance brought forward; Reserve what stays with the marketplace.
	Opening *money.Amount `json:"opening,omitempty" effect:"money"`
	// Sums are by type of row what the rows come to; none means that the source tells no rows.
	Sums    []SettlementSum `json:"sums,omitempty" effect:"money"`
	Reserve *money.Amount   `json:"reserve,omitempty" effect:"money"`
	// Payout is what is paid: opening and sums less the reserve.
	Payout money.Amount `json:"payout" effect:"money"`
	Ext    Ext          `json:"ext,omitempty"`
}
