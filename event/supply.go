package event

import (
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Bucket is where stock stands (rule book A1).
type Bucket string

// The buckets that hold stock or claims on it.
const (
	Sellable       Bucket = "SELLABLE"
	QCHold         Bucket = "QC_HOLD"
	Damaged        Bucket = "DAMAGED"
	Reserved       Bucket = "RESERVED"
	AllocatedStock Bucket = "ALLOCATED"
)

// POReceived is PO_RECEIVED: goods that a vendor sent are in the house (P30). Key: receipt no·line.
type POReceived struct {
	Receipt  string          `json:"receipt" effect:"link"`
	Line     string          `json:"line" effect:"link"`
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	Vendor   string          `json:"vendor,omitempty" effect:"money"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock"`
	Quantity retail.Quantity `json:"quantity" effect:"stock"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Bucket is SELLABLE or QC_HOLD; empty means SELLABLE.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	// Value is the cost of the whole line by the purchase order.
	Value money.Amount `json:"value" effect:"money"`
	// ZeroCostOK says that a value of zero is meant (V-COST-02).
	ZeroCostOK bool `json:"zero_cost_ok,omitempty" effect:"money"`
	Ext        Ext  `json:"ext,omitempty"`
}

// OpeningLoad is the stock reason of a migration's first load (rule book A10).
const OpeningLoad = "OPENING_LOAD"

// StockAdjusted is STOCK_ADJUSTED (P51; OPENING_LOAD against OPENING_EQUITY). Key: adjustment id·line.
type StockAdjusted struct {
	Adjustment string          `json:"adjustment" effect:"link"`
	Line       string          `json:"line" effect:"link"`
	Item       string          `json:"item" effect:"stock"`
	Location   string          `json:"location" effect:"stock"`
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
