package posting

import (
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/retail"
)

// Goods is the value of goods that come, go, or are found to be worth something else.
type Goods struct {
	// Value is in minor units; its sign is that of the sentence: a cost of sale of 5 is 5.
	Value int64
	// Scope is the cost scope, and Class the item class, of INVENTORY.
	Scope string
	Class string
	// Department is that of COGS.
	Department string
}

func (g Goods) inventory(side ledger.Side) ledger.Line {
	return ledger.Post(side, ledger.Inventory, g.Value, dim(ledger.DimCostScope, g.Scope), dim(ledger.DimItemClass, g.Class))
}

// CostOfSale is P02: COGS / INVENTORY.
func CostOfSale(s Setting, unit string, g Goods) Draft {
	return s.draft(P02, ledger.LegCost, unit,
		dr(ledger.COGS, g.Value, dim(ledger.DimDepartment, g.Department)), g.inventory(ledger.Cr))
}

// ReturnCost is P05: INVENTORY / COGS, at the cost that lineage tells (C8).
func ReturnCost(s Setting, unit string, g Goods) Draft {
	return s.draft(P05, ledger.LegCost, unit,
		g.inventory(ledger.Dr), cr(ledger.COGS, g.Value, dim(ledger.DimDepartment, g.Department)))
}

// CostWithoutReceipt is the cost leg of P07: INVENTORY / COGS, at the current average.
func CostWithoutReceipt(s Setting, g Goods) Draft {
	return s.draft(P07C, ledger.LegCost, "",
		g.inventory(ledger.Dr), cr(ledger.COGS, g.Value, dim(ledger.DimDepartment, g.Department)))
}

// Receipt is a line of a goods receipt.
type Receipt struct {
	Receipt  string
	Line     string
	Purchase string // the purchase order; empty where the receipt has none
	Vendor   string
	Goods    Goods
}

// ReceiptAtCost is P30: INVENTORY / GRNI. The clearing key is the line of the purchase order,
// or of the receipt where there is no purchase order.
func ReceiptAtCost(s Setting, r Receipt) Draft {
	order := r.Purchase
	if order == "" {
		order = r.Receipt
	}
	return s.draft(P30, ledger.LegCost, r.Line, r.Goods.inventory(ledger.Dr),
		cr(ledger.GRNI, r.Goods.Value, dim(ledger.DimVendor, r.Vendor), dim(ledger.DimPurchase, order)).Keyed(retail.Key(order, r.Line)))
}

// OpeningLoad is P51 for the reason OPENING_LOAD: INVENTORY / OPENING_EQUITY.
func OpeningLoad(s Setting, unit string, g Goods) Draft {
	return s.draft(P51O, ledger.LegAdjust, unit, g.inventory(ledger.Dr), cr(ledger.OpeningEquity, g.Value))
}

// TrueUp is P60: what goods that were sold before they came really cost, less what was
// provisionally booked. Above zero it is COGS_TRUEUP / INVENTORY, below it is the mirror.
func TrueUp(s Setting, unit, cause string, g Goods) Draft {
	return s.draft(P60, ledger.LegCost, unit,
		dr(ledger.COGSTrueUp, g.Value, dim(ledger.DimCause, cause)), g.inventory(ledger.Cr))
}

// Adjustment is P51: what is lost against the role of its reason (rule book A10). The value
// is above zero for a loss and below for a gain. A reason whose role is local policy is
// V-MAP-01.
func Adjustment(s Setting, unit, reason string, g Goods) (Draft, error) {
	role, why, ok := adjustmentRole(reason)
	if !ok {
		return Draft{}, fault.New(fault.NoAccount, reason, "no role is known for this stock reason")
	}
	return s.draft(P51, ledger.LegAdjust, unit, dr(role, g.Value, why), g.inventory(ledger.Cr)), nil
}

// adjustmentRole is the table of stock reasons, with the dimension that tells why.
func adjustmentRole(reason string) (role ledger.Role, why ledger.Dim, ok bool) {
	switch reason {
	case "COUNT":
		return ledger.ShrinkExpense, dim(ledger.DimReason, "COUNT"), true
	case "THEFT_KNOWN", "THEFT_UNKNOWN":
		return ledger.ShrinkExpense, dim(ledger.DimReason, "THEFT"), true
	case "3PL_LOST", "3PL_DAMAGED", "3PL_FOUND":
		return ledger.ShrinkExpense, dim(ledger.DimReason, "3PL"), true
	case "DAMAGE_STORE", "DAMAGE_TRANSIT", "EXPIRED":
		return ledger.WriteOffExpense, dim(ledger.DimReason, reason), true
	case "UOM_CORRECTION", "DATA_FIX":
		return ledger.COGSTrueUp, dim(ledger.DimCause, "DATA"), true
	}
	return "", ledger.Dim{}, false
}
