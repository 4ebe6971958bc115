package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// OpeningLoad is the stock reason of a migration's first load (rule book A10).
const OpeningLoad = "OPENING_LOAD"

// StockAdjusted is STOCK_ADJUSTED (P51; OPENING_LOAD against OPENING_EQUITY). Key: adjustment id·line.
type StockAdjusted struct {
	Adjustment string          `json:"adjustment" effect:"link" ref:"document"`
	Line       string          `json:"line" effect:"link"`
	Item       string          `json:"item" effect:"stock"`
	Location   string          `json:"location" effect:"stock" at:"location"`
	Bucket     Bucket          `json:"bucket" effect:"stock"`
	Quantity   retail.Quantity `json:"quantity" effect:"stock"`
	Unit       retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason     string          `json:"reason" effect:"money"`
	// Value is the worth of the whole quantity; OPENING_LOAD must have it, other reasons take the pool's.
	Value *money.Amount `json:"value,omitempty" effect:"money"`
	// Author is who made it; Approver another person, where the source knows one. Otherwise
	// an approval_given naming the adjustment releases the money of an OPENING_LOAD.
	Author   retail.PrincipalID `json:"author,omitempty"`
	Approver retail.PrincipalID `json:"approver,omitempty"`
	Ext      Ext                `json:"ext,omitempty"`
}

// ConditionChange moves goods between SELLABLE and DAMAGED.
type ConditionChange struct {
	Adjustment string          `json:"adjustment" effect:"link" ref:"document"`
	Line       string          `json:"line" effect:"link"`
	Item       string          `json:"item" effect:"stock"`
	Location   string          `json:"location" effect:"stock" at:"location"`
	Quantity   retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit       retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason     string          `json:"reason,omitempty" effect:"money"`
	Ext        Ext             `json:"ext,omitempty"`
}

// Damage is DAMAGED: SELLABLE −q, DAMAGED +q, without effect on the books: what it costs is
// booked when the goods are disposed of (the default of P52). Key: adjustment id·line.
type Damage ConditionChange

// Undamage is UNDAMAGED, the inverse of DAMAGED. Key: adjustment id·line.
type Undamage ConditionChange

// Shrink is SHRINK: goods are gone, by theft or for reasons nobody knows (P51). Key: case id·line.
type Shrink struct {
	Case     string          `json:"case" effect:"link" ref:"document"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Known says that the theft is known (THEFT_KNOWN), not supposed (THEFT_UNKNOWN).
	Known bool `json:"known,omitempty" effect:"money"`
	Ext   Ext  `json:"ext,omitempty"`
}

// Disposal takes goods out of stock for good.
type Disposal struct {
	Disposal string          `json:"disposal" effect:"link" ref:"document"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Bucket   Bucket          `json:"bucket" effect:"stock"`
	Reason   string          `json:"reason,omitempty" effect:"money"`
	// Certificate proves the destruction.
	Certificate string             `json:"certificate,omitempty"`
	Approver    retail.PrincipalID `json:"approver,omitempty"`
	Ext         Ext                `json:"ext,omitempty"`
}

// WrittenOff is WRITTEN_OFF (P53). Key: disposal id·line.
type WrittenOff Disposal

// Destroyed is DESTROYED (P53). Key: disposal id·line.
type Destroyed Disposal

// Donated is DONATED (P54, with the flag of a deemed supply). Key: donation id·line.
type Donated struct {
	Donation string          `json:"donation" effect:"link" ref:"document"`
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Bucket is SELLABLE or DAMAGED; empty means SELLABLE.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	// Recipient is the organisation that gets it.
	Recipient string        `json:"recipient,omitempty" effect:"money"`
	FairValue *money.Amount `json:"fair_value,omitempty" effect:"money" sign:"not_negative"`
	Ext       Ext           `json:"ext,omitempty"`
}

// KitPart is one component of a kit.
type KitPart struct {
	Line     string          `json:"line" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Scrap is what of Quantity was lost in the work.
	Scrap retail.Quantity `json:"scrap,omitempty" effect:"stock" sign:"positive"`
}

// KitWork turns goods into other goods; all stand in SELLABLE at one location.
type KitWork struct {
	WorkOrder string `json:"work_order" effect:"link" ref:"document"`
	Location  string `json:"location" effect:"stock" at:"location"`
	// Item and Quantity are the kit's, Parts its components.
	Item     string          `json:"item" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Parts    []KitPart       `json:"parts" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// KitAssembled is KIT_ASSEMBLED: parts −q, kit +q (P55). Key: the work order.
type KitAssembled KitWork

// KitDisassembled is KIT_DISASSEMBLED: kit −q, parts +q less scrap (P55). Key: the work order.
type KitDisassembled KitWork

// Repacked is REPACKED: the parts go out and the item comes in, in another packing (P55).
// Key: the work order.
type Repacked KitWork

// Consignment is a vendor's stock on our premises, never in our books.
type Consignment struct {
	Receipt   string          `json:"receipt" effect:"link" ref:"document"`
	Line      string          `json:"line" effect:"link"`
	Vendor    string          `json:"vendor"`
	Agreement string          `json:"agreement,omitempty"`
	Item      string          `json:"item" effect:"stock"`
	Location  string          `json:"location" effect:"stock" at:"location"`
	Quantity  retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit      retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Ext       Ext             `json:"ext,omitempty"`
}

// ConsignmentReceived is CONSIGNMENT_RECEIVED: CONSIGNED +q. Key: receipt number·line.
type ConsignmentReceived Consignment

// ConsignmentReturned is CONSIGNMENT_RETURNED: CONSIGNED −q. Key: receipt number·line.
type ConsignmentReturned Consignment

// ConsignedOutMoved is CONSIGNED_OUT moved: own goods go to a partner's place and stay OWNED.
// Key: document·line.
type ConsignedOutMoved struct {
	Document string          `json:"document" effect:"link" ref:"document"`
	Line     string          `json:"line" effect:"link"`
	Partner  string          `json:"partner"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	To       string          `json:"to" effect:"stock" at:"other"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Ext      Ext             `json:"ext,omitempty"`
}

// ConsignedOutSold is CONSIGNED_OUT sold, as the partner reports it (P01, P02). Key: document·line.
type ConsignedOutSold struct {
	Document string           `json:"document" effect:"link" ref:"document"`
	Line     string           `json:"line" effect:"link"`
	Partner  string           `json:"partner" effect:"money"`
	Item     string           `json:"item" effect:"stock"`
	Location string           `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity  `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit      `json:"unit,omitempty" effect:"stock"`
	Channel  retail.ChannelID `json:"channel,omitempty" effect:"money"`
	Net      money.Amount     `json:"net" effect:"money" sign:"not_negative"`
	Taxes    []Tax            `json:"taxes,omitempty" effect:"money"`
	Tenders  []Tender         `json:"tenders,omitempty" effect:"money"`
	Ext      Ext              `json:"ext,omitempty"`
}

// ThirdPartyAdjusted is 3PL_ADJUSTED: a logistics provider changed its own books of our goods
// (P58). Key: 3PL reference·line.
type ThirdPartyAdjusted struct {
	Reference string `json:"reference" effect:"link" ref:"document"`
	Line      string `json:"line" effect:"link"`
	Item      string `json:"item" effect:"stock"`
	Location  string `json:"location" effect:"stock" at:"location"`
	// Bucket is what changes; where goods only change their bucket, From is what they left.
	Bucket   Bucket          `json:"bucket" effect:"stock"`
	From     Bucket          `json:"from,omitempty" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Reason is the provider's own code; the reasons table tells ours.
	Reason string `json:"reason" effect:"money"`
	Lot    string `json:"lot,omitempty" effect:"stock"`
	Ext    Ext    `json:"ext,omitempty"`
}

// SnapshotLine is what somebody else counts of an item.
type SnapshotLine struct {
	Line     string      `json:"line"`
	Item     string      `json:"item" effect:"stock"`
	Bucket   Bucket      `json:"bucket" effect:"stock"`
	Quantity Level       `json:"quantity" effect:"stock"`
	Unit     retail.Unit `json:"unit,omitempty" effect:"stock"`
	Lot      string      `json:"lot,omitempty"`
}

// Snapshot is what another system says is there. It is compared (RC-04) and never applied (L8).
type Snapshot struct {
	Location string    `json:"location" effect:"stock" at:"location"`
	AsOf     time.Time `json:"as_of" effect:"stock"`
	Sequence int64     `json:"sequence,omitempty" effect:"stock"`
	// Complete says that what is not listed is not there.
	Complete bool           `json:"complete,omitempty" effect:"stock"`
	Lines    []SnapshotLine `json:"lines" effect:"stock"`
	Ext      Ext            `json:"ext,omitempty"`
}

// ThirdPartySnapshot is 3PL_SNAPSHOT. Key: location·as_of·seq.
type ThirdPartySnapshot Snapshot

// MPSnapshot is MP_SNAPSHOT. Key: location·as_of·seq.
type MPSnapshot Snapshot
