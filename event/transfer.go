package event

import (
	"time"

	"github.com/heddlehq/heddle/retail"
)

// TransferLine is one line of a transfer between own locations, Location being the source.
type TransferLine struct {
	Transfer string          `json:"transfer" effect:"link" ref:"transfer"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	To       string          `json:"to" effect:"stock" at:"other"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	ETA      retail.Date     `json:"eta,omitempty" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// TransferRequested is TRANSFER_REQUESTED: RESERVED +q at the source. Key: transfer·line.
type TransferRequested TransferLine

// TransferCancelled is TRANSFER_CANCELLED: RESERVED −q at the source. Key: transfer·line·cancel.
type TransferCancelled TransferLine

// TransferShipped is TRANSFER_SHIPPED: SELLABLE −q and the transfer's claim −q at the source,
// IN_TRANSIT +q at the destination (P40, P43, P44). Key: transfer·shipment·line.
type TransferShipped struct {
	Transfer string          `json:"transfer" effect:"link" ref:"transfer"`
	Shipment string          `json:"shipment" effect:"link"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	To       string          `json:"to" effect:"stock" at:"other"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	ETA      retail.Date     `json:"eta,omitempty" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// TransferReceived is TRANSFER_RECEIVED: IN_TRANSIT −q, and +q in the bucket of the condition,
// Location being the destination (P41, P43). Key: transfer·receipt·line.
type TransferReceived struct {
	Transfer string `json:"transfer" effect:"link" ref:"transfer"`
	Receipt  string `json:"receipt" effect:"link"`
	// Line is the transfer's own line, by which what is on the way is known.
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	From     string          `json:"from,omitempty" effect:"stock" at:"other"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Bucket is SELLABLE, QC_HOLD or DAMAGED; empty means SELLABLE.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	Lot    string `json:"lot,omitempty" effect:"stock"`
	Ext    Ext    `json:"ext,omitempty"`
}

// Resolution says how a transfer's discrepancy ends.
type Resolution string

// The resolutions.
const (
	ResolvedLost          Resolution = "LOST"            // it never came
	ResolvedFoundAtSource Resolution = "FOUND_AT_SOURCE" // it never left
	ResolvedOverage       Resolution = "OVERAGE"         // more came than was shipped
	ResolvedCarrierClaim  Resolution = "CARRIER_CLAIM"   // it never came, and the carrier pays
)

// TransferDiscrepancyResolved is TRANSFER_DISCREPANCY_RESOLVED: IN_TRANSIT −q; what was found
// comes back to SELLABLE at the source (P42). Location is the destination. Key: transfer·line·res.
type TransferDiscrepancyResolved struct {
	Transfer   string             `json:"transfer" effect:"link" ref:"transfer"`
	Line       string             `json:"line" effect:"link"`
	Item       string             `json:"item" effect:"stock"`
	Location   string             `json:"location" effect:"stock" at:"location"`
	From       string             `json:"from" effect:"stock" at:"other"`
	Quantity   retail.Quantity    `json:"quantity" effect:"stock" sign:"positive"`
	Unit       retail.Unit        `json:"unit,omitempty" effect:"stock"`
	Resolution Resolution         `json:"resolution" effect:"stock"`
	Approver   retail.PrincipalID `json:"approver,omitempty"`
	Ext        Ext                `json:"ext,omitempty"`
}

// CountStarted is COUNT_STARTED: what follows counts the stock as it was at the cut-off.
// Key: the count id.
type CountStarted struct {
	Count    string    `json:"count" effect:"link" ref:"count"`
	Location string    `json:"location" effect:"stock" at:"location"`
	Cutoff   time.Time `json:"cutoff_time" effect:"stock"`
	// Items are what is counted; none means all.
	Items []string `json:"items,omitempty"`
	Ext   Ext      `json:"ext,omitempty"`
}

// CountAdjusted is COUNT_ADJUSTED: the bucket becomes what was counted at the cut-off, and
// every fact that was earlier and comes later changes the adjustment and not the stock
// (P50, L6, INV-31). Key: count id·line.
type CountAdjusted struct {
	Count    string    `json:"count" effect:"link" ref:"count"`
	Line     string    `json:"line" effect:"link"`
	Item     string    `json:"item" effect:"stock"`
	Location string    `json:"location" effect:"stock" at:"location"`
	Bucket   Bucket    `json:"bucket" effect:"stock"`
	Cutoff   time.Time `json:"cutoff_time" effect:"stock"`
	Counted  Level     `json:"counted" effect:"stock"`
	// Book is what the source's own books said at the cut-off, where it tells; Heddle uses its own.
	Book *Level      `json:"book_at_cutoff,omitempty"`
	Unit retail.Unit `json:"unit,omitempty" effect:"stock"`
	// Recount says that it was counted twice; Approver allowed the adjustment.
	Recount  bool               `json:"recount,omitempty"`
	Counter  retail.Token       `json:"counter,omitempty"`
	Approver retail.PrincipalID `json:"approver,omitempty"`
	Ext      Ext                `json:"ext,omitempty"`
}

// CountRecomputed is COUNT_RECOMPUTED, which only the owner makes: a fact from before a cut-off
// came after the count, and the adjustment changes by the quantity (L6). Key: count id·line·rev.
type CountRecomputed struct {
	Count    string          `json:"count" effect:"link" ref:"count"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Bucket   Bucket          `json:"bucket" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock"`
	// Cause is the journal position of the fact that came late.
	Cause int64 `json:"cause" effect:"link"`
}
