package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// ModifiedLine is what changes in a line of an order.
type ModifiedLine struct {
	// Line is the order's own line; a line that is new stands under Added.
	Line retail.Ref `json:"line" effect:"link"`
	// Quantity is the difference, negative where less is wanted.
	Quantity retail.Quantity `json:"quantity" effect:"stock"`
	// Gross, Net and Taxes are differences, too, where the source tells them.
	Gross *money.Amount `json:"gross,omitempty" effect:"money"`
	Net   *money.Amount `json:"net,omitempty" effect:"money"`
	Taxes []Tax         `json:"taxes,omitempty" effect:"money"`
}

// OrderModified is ORDER_MODIFIED: lines grow, shrink or join. What was captured beyond the
// new total is P20. Key: order number·change.
type OrderModified struct {
	Order   retail.Ref     `json:"order" effect:"link"`
	Changed []ModifiedLine `json:"changed,omitempty" effect:"stock"`
	Added   []OrderLine    `json:"added,omitempty" effect:"money"`
	// Total is the order's new total, tax included, where the source tells it.
	Total  *money.Amount `json:"total,omitempty" effect:"money" sign:"not_negative"`
	Reason string        `json:"reason,omitempty"`
	Ext    Ext           `json:"ext,omitempty"`
}

// PickShorted is PICK_SHORTED: what was allocated is not there, ALLOCATED −s. Key: task id·short.
type PickShorted struct {
	Task     string     `json:"task" effect:"link" ref:"task"`
	Claim    retail.Ref `json:"claim" effect:"link"`
	Item     string     `json:"item" effect:"stock"`
	Location string     `json:"location" effect:"stock" at:"location"`
	// Quantity is what is short.
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason   string          `json:"reason,omitempty"`
	Ext      Ext             `json:"ext,omitempty"`
}

// ReadyForPickup is READY_FOR_PICKUP: the customer has been told. It moves nothing; with
// capture_policy=READY it is when the money is taken. Key: order number·shipment.
type ReadyForPickup struct {
	Order     retail.Ref   `json:"order" effect:"link"`
	Shipment  retail.Ref   `json:"shipment,omitempty" effect:"link"`
	Lines     []retail.Ref `json:"lines,omitempty" effect:"link"`
	HoldUntil time.Time    `json:"hold_until,omitempty"`
	Ext       Ext          `json:"ext,omitempty"`
}

// ClaimedLine is a part of an order line in a fact that sells nothing.
type ClaimedLine struct {
	Line string `json:"line" effect:"link"`
	// Claim names the order line or the reservation, in any numbering.
	Claim    retail.Ref      `json:"claim" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
}

// PickupExpired is PICKUP_EXPIRED: nobody came, ALLOCATED −q (P20 where captured). Key: the shipment id.
type PickupExpired struct {
	Order    retail.Ref `json:"order,omitempty" effect:"link"`
	Shipment retail.Ref `json:"shipment,omitempty" effect:"link"`
	// Location is where the goods stood ready, where the source tells.
	Location string        `json:"location,omitempty" effect:"stock" at:"location"`
	Lines    []ClaimedLine `json:"lines" effect:"stock"`
	Ext      Ext           `json:"ext,omitempty"`
}

// Shipped is SHIPPED: goods leave for a customer, SELLABLE −q and the claim −q (P17, P02); by
// the policy recognise=DELIVERY also SHIPPED_NOT_DELIVERED +q (P18). Amounts and tax come from
// the order (L1). Key: the shipment id.
type Shipped struct {
	Shipment retail.Ref   `json:"shipment" effect:"link"`
	Aliases  []retail.Ref `json:"aliases,omitempty" effect:"link"`
	Order    retail.Ref   `json:"order,omitempty" effect:"link"`
	Location string       `json:"location" effect:"stock" at:"location"`
	// Lines are what left.
	Lines   []FulfilledLine `json:"lines" effect:"stock"`
	Carrier string          `json:"carrier,omitempty"`
	// Tracking stands for the carrier's number, which leads to an address.
	Tracking retail.Token `json:"tracking,omitempty"`
	// Freight is what the carrier charges, not what the customer pays.
	Freight  *money.Amount `json:"freight,omitempty" effect:"money" sign:"not_negative"`
	Operator retail.Token  `json:"operator,omitempty"`
	Ext      Ext           `json:"ext,omitempty"`
}

// Delivered is DELIVERED: the carrier handed it over; by recognise=DELIVERY SHIPPED_NOT_DELIVERED
// −q (P19). Key: shipment id·delivery.
type Delivered struct {
	Shipment retail.Ref `json:"shipment" effect:"link"`
	Order    retail.Ref `json:"order,omitempty" effect:"link"`
	// Lines are what was delivered; none means all that is on the way.
	Lines []ClaimedLine `json:"lines,omitempty" effect:"stock"`
	// Proof stands for who signed.
	Proof retail.Token `json:"proof,omitempty"`
	Ext   Ext          `json:"ext,omitempty"`
}

// DeliveryOutcome says what becomes of a shipment that could not be delivered.
type DeliveryOutcome string

// The outcomes.
const (
	DeliveryLost      DeliveryOutcome = "LOST"      // the pipeline −q; a claim against the carrier (P19x)
	DeliveryReturning DeliveryOutcome = "RETURNING" // on its way back: nothing moves yet
	DeliveryRetried   DeliveryOutcome = "RETRIED"   // the carrier tries again: nothing moves
)

// DeliveryFailed is DELIVERY_FAILED. Key: shipment id·exception.
type DeliveryFailed struct {
	Shipment retail.Ref      `json:"shipment" effect:"link"`
	Order    retail.Ref      `json:"order,omitempty" effect:"link"`
	Outcome  DeliveryOutcome `json:"outcome" effect:"stock"`
	Lines    []ClaimedLine   `json:"lines,omitempty" effect:"stock"`
	Reason   string          `json:"reason,omitempty"`
	// Claim is the number of the claim against the carrier.
	Claim string `json:"carrier_claim,omitempty" effect:"money"`
	Ext   Ext    `json:"ext,omitempty"`
}

// ReturnedToSender is RETURNED_TO_SENDER: an undelivered shipment is back, QC_HOLD +q and the
// pipeline −q (P04, P05 where revenue was recognised). Key: shipment id·exception.
type ReturnedToSender struct {
	Shipment retail.Ref    `json:"shipment" effect:"link"`
	Order    retail.Ref    `json:"order,omitempty" effect:"link"`
	Location string        `json:"location" effect:"stock" at:"location"`
	Lines    []ClaimedLine `json:"lines" effect:"stock"`
	Reason   string        `json:"reason,omitempty"`
	Ext      Ext           `json:"ext,omitempty"`
}

// LineCancelled is LINE_CANCELLED: the claim −q. What has left already stays gone: the
// cancellation becomes the intent of a return (L3). Captured money is P20. Key: order
// number·line·cancel seq.
type LineCancelled struct {
	Order     retail.Ref      `json:"order" effect:"link"`
	OrderLine retail.Ref      `json:"order_line" effect:"link"`
	Item      string          `json:"item,omitempty" effect:"stock"`
	Quantity  retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit      retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason    string          `json:"reason,omitempty"`
	Ext       Ext             `json:"ext,omitempty"`
}

// OrderCancelled is ORDER_CANCELLED: all that is still claimed of the order is given up.
// Key: order number·cancel seq.
type OrderCancelled struct {
	Order  retail.Ref `json:"order" effect:"link"`
	Reason string     `json:"reason,omitempty"`
	Ext    Ext        `json:"ext,omitempty"`
}

// Substituted is SUBSTITUTED: another item serves the order line, the old claim is given up
// and the new item claimed. Key: order number·line·sub.
type Substituted struct {
	Order     retail.Ref      `json:"order,omitempty" effect:"link"`
	OrderLine retail.Ref      `json:"order_line" effect:"link"`
	Item      string          `json:"item" effect:"stock"`
	NewItem   string          `json:"new_item" effect:"stock"`
	Quantity  retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit      retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// PriceRule says what the customer pays: OLD, NEW or LOWER.
	PriceRule string `json:"price_rule,omitempty" effect:"money"`
	Ext       Ext    `json:"ext,omitempty"`
}

// RMALine is what a customer was allowed to send back.
type RMALine struct {
	Line     string          `json:"line" effect:"link"`
	Original retail.Ref      `json:"original" effect:"link"`
	Item     string          `json:"item,omitempty" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason   string          `json:"reason,omitempty"`
}

// RMACreated is RMA_CREATED: a return is announced; nothing moves. Key: the RMA number.
type RMACreated struct {
	Return retail.Ref   `json:"return" effect:"link"`
	Order  retail.Ref   `json:"order,omitempty" effect:"link"`
	Lines  []RMALine    `json:"lines" effect:"link"`
	Label  retail.Token `json:"label,omitempty"`
	Ext    Ext          `json:"ext,omitempty"`
}
