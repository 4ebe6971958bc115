package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Mode says how the customer gets the goods. Empty means that the source does not tell.
type Mode string

// The fulfilment modes.
const (
	ModePickup Mode = "PICKUP"
	ModeShip   Mode = "SHIP"
)

// Tax is tax as it was charged for one line and one jurisdiction.
type Tax struct {
	// Code is the source's own title, authority or code; the tax_codes table tells the jurisdiction.
	Code string `json:"code" effect:"money"`
	// Rate is a fraction: 0.0625 is 6.25 %.
	Rate money.Rate `json:"rate,omitempty"`
	// Base is the taxable amount, where the source tells it.
	Base *money.Amount `json:"base,omitempty"`
	// Amount is the tax as collected.
	Amount money.Amount `json:"amount" effect:"money"`
	// Facilitated says that a marketplace collects and remits it: memo, never payable (V-TAX-04).
	Facilitated bool `json:"facilitated,omitempty" effect:"money"`
}

// Discount is one discount, or a line's share of an order's discount, as the source gave it.
type Discount struct {
	ID string `json:"id,omitempty" effect:"money"`
	// Funding says who pays: a promotion funding code of the promotions table; empty means the store.
	Funding string       `json:"funding,omitempty" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money" sign:"not_negative"`
}

// OrderLine is one line of a customer order. Amounts are line totals, never unit prices
// times quantity recomputed (rule book D2).
type OrderLine struct {
	// Line is the line's number or id within the order.
	Line string `json:"line" effect:"link"`
	// Aliases are the ids by which other systems may name the line.
	Aliases  []retail.Ref    `json:"aliases,omitempty" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Gross is the price of the whole line before order discounts (g of the posting matrix).
	Gross     money.Amount `json:"gross" effect:"money" sign:"not_negative"`
	Discounts []Discount   `json:"discounts,omitempty" effect:"money"`
	// Net is gross less discounts (n), without tax where prices exclude it.
	Net   money.Amount `json:"net" effect:"money"`
	Taxes []Tax        `json:"taxes,omitempty" effect:"money"`
}

// OrderPlaced is ORDER_PLACED: demand, without effect on stock or books by itself; later
// facts take their amounts from it. Key: the order's number or id at its source.
type OrderPlaced struct {
	// Aliases are the ids by which other systems may name the order.
	Aliases  []retail.Ref     `json:"aliases,omitempty" effect:"link"`
	Channel  retail.ChannelID `json:"channel" effect:"money"`
	Currency money.Currency   `json:"currency" effect:"money"`
	Mode     Mode             `json:"mode,omitempty"`
	// Customer stands for the person who ordered.
	Customer retail.Token `json:"customer,omitempty"`
	// PricesIncludeTax says that gross, discounts and net contain the tax.
	PricesIncludeTax bool        `json:"prices_include_tax,omitempty" effect:"money"`
	Lines            []OrderLine `json:"lines" effect:"money"`
	// Shipping is what the customer pays for delivery, before tax; its taxes are ShippingTaxes.
	Shipping      *money.Amount `json:"shipping,omitempty" effect:"money" sign:"not_negative"`
	ShippingTaxes []Tax         `json:"shipping_taxes,omitempty" effect:"money"`
	// Total is what the customer pays, tax included, as the header of the source says it.
	Total money.Amount `json:"total" effect:"money"`
	Ext   Ext          `json:"ext,omitempty"`
}

// ReservationMade is RESERVATION_MADE: a claim on the stock of one item at one location.
// As a command it is granted or refused; told by a system that has already promised, it
// always enters and may stand ungranted (V-INV-02). Key: the reservation id.
type ReservationMade struct {
	Reservation retail.ReservationID `json:"reservation" effect:"link" ref:"reservation"`
	// Order and OrderLine name what the claim is for, in any numbering.
	Order     retail.Ref      `json:"order,omitempty" effect:"link"`
	OrderLine retail.Ref      `json:"order_line,omitempty" effect:"link"`
	Item      string          `json:"item" effect:"stock"`
	Location  string          `json:"location" effect:"stock" at:"location"`
	Quantity  retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit      retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Channel is whose availability and buffer apply.
	Channel retail.ChannelID `json:"channel,omitempty" effect:"stock"`
	Mode    Mode             `json:"mode,omitempty"`
	// ExpiresAt ends the claim, five minutes later at the earliest; absent means never.
	ExpiresAt time.Time `json:"expires_at,omitempty" effect:"stock"`
	Ext       Ext       `json:"ext,omitempty"`
}

// ReservationReleased is RESERVATION_RELEASED: the promise is taken back. Key: reservation id·seq.
type ReservationReleased struct {
	Reservation retail.ReservationID `json:"reservation" effect:"link" ref:"reservation"`
	// Quantity is what is released; absent means all that is left.
	Quantity retail.Quantity `json:"quantity,omitempty" effect:"stock" sign:"positive"`
	Reason   string          `json:"reason,omitempty"`
	Ext      Ext             `json:"ext,omitempty"`
}

// ReservationExpired is RESERVATION_EXPIRED, which only the owner makes, when its clock has
// passed expires_at plus five minutes. Key: the reservation id.
type ReservationExpired struct {
	Reservation retail.ReservationID `json:"reservation" effect:"link" ref:"reservation"`
	Quantity    retail.Quantity      `json:"quantity" effect:"stock" sign:"positive"`
}

// Allocation binds reserved stock to a fulfilment task.
type Allocation struct {
	Allocation string `json:"allocation" effect:"link" ref:"task"`
	// Claim names the reservation or order line that the allocation serves.
	Claim    retail.Ref      `json:"claim" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// Allocated is ALLOCATED: RESERVED −q, ALLOCATED +q. Key: the allocation id.
type Allocated Allocation

// Deallocated is DEALLOCATED: the inverse of ALLOCATED. Key: the allocation id.
type Deallocated Allocation

// TaskStep is progress of a fulfilment task; it changes no quantity of the position.
type TaskStep struct {
	Task string `json:"task" effect:"link" ref:"task"`
	// Claim names the reservation, allocation or order line that is worked on.
	Claim    retail.Ref      `json:"claim" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// Picked is PICKED. Key: task id·step.
type Picked TaskStep

// Packed is PACKED. Key: task id·step.
type Packed TaskStep

// Staged is STAGED: the goods stand ready for the customer. Key: task id·step.
type Staged TaskStep

// FulfilledLine is a part of an order line that the customer got.
type FulfilledLine struct {
	// Line numbers the line within the fact; Aliases are the ids by which a return may name it.
	Line    string       `json:"line" effect:"link"`
	Aliases []retail.Ref `json:"aliases,omitempty" effect:"link"`
	// Claim names the order line or the reservation that is fulfilled, in any numbering.
	Claim    retail.Ref      `json:"claim" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
}

// Fulfilment is the handing over of ordered goods. Amounts and tax come from the order (L1).
type Fulfilment struct {
	Aliases  []retail.Ref    `json:"aliases,omitempty" effect:"link"`
	Order    retail.Ref      `json:"order,omitempty" effect:"link"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Lines    []FulfilledLine `json:"lines" effect:"stock"`
	// Cancelled says that the source takes the fact back: the goods are where they were, and
	// promised as they were. It comes as a higher version of what it takes back.
	Cancelled bool `json:"cancelled,omitempty" effect:"stock"`
	// Operator stands for the person who handed over.
	Operator retail.Token `json:"operator,omitempty"`
	Ext      Ext          `json:"ext,omitempty"`
}

// PickedUp is PICKED_UP: control passes at the till (P17, P02). Key: the shipment id, or the
// till's transaction key.
type PickedUp Fulfilment

// Fulfilled is a fulfilment told by a system that does not say whether it was a pickup or a
// shipment; the order's mode tells. It books like PICKED_UP. Key: the fulfilment id.
type Fulfilled Fulfilment
