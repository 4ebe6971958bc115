package cost

import (
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Issued is what is remembered of an issue for as long as it can be returned. Issue makes
// it, Settle and Restore change it, and the caller stores it; amounts are minor units.
type Issued struct {
	ID               IssueID         `json:"id"`
	Qty              retail.Quantity `json:"qty"`
	Value            int64           `json:"value"`                       // as booked when it left
	Provisional      retail.Quantity `json:"provisional,omitempty"`       // units that the pool did not have: V-INV-01 if any
	ProvisionalValue int64           `json:"provisional_value,omitempty"` // the part of Value that they left at
	TrueUps          int64           `json:"true_ups,omitempty"`          // Σ of the differences since, cause NEGATIVE
	Returned         retail.Quantity `json:"returned,omitempty"`
	Restored         int64           `json:"restored,omitempty"` // Σ of what returns have brought back
}

// Settle adds a true-up of this issue to its cost. Corrections of a receipt's own cost
// (LATE_COST) belong to the receipt and are none (rule book C8).
func (i *Issued) Settle(t TrueUp) {
	if t.Issue != i.ID {
		panic("cost: the true-up of " + string(t.Issue) + " for " + string(i.ID))
	}
	i.TrueUps += t.Difference()
}

// Restored is what a return brings back into a pool.
type Restored struct {
	Value   int64    // minor units; debits INVENTORY and credits COGS
	TrueUps []TrueUp // of other issues, which the returned units covered
}

// Restore puts n units of an issue back into stock at the cost that they left at, with the
// true-ups since (rule book C8): T(returned + n) − what was restored before, where T(x) =
// (value + true-ups) × x ÷ quantity, rounded half away from zero. Whatever the parts, a full
// return restores exactly what was booked. The pool may be of another scope than the
// issue's; it then takes the value as it is.
//
// While the issue is still open in the pool, returned units cover its own entry first and
// without a true-up (C6): the entry gives up what they bring. Units beyond it cover other
// issues' entries like a receipt, and the rest joins the pool. Like a receipt it sets the
// last cost (C2).
//
// More units than are out is V-RET-01, a quantity of zero or less V-QTY-01, too much
// V-BAL-04; then neither the pool nor the record has changed.
func (p *Pool) Restore(i *Issued, n retail.Quantity) (Restored, error) {
	if err := movable(n); err != nil {
		return Restored{}, err
	}
	if n > i.Qty-i.Returned {
		return Restored{}, fault.New(fault.ReturnTooMany, string(i.ID), "%s of %s are back already, and %s come", i.Returned, i.Qty, n)
	}
	at, own := p.openAt(i.ID), Open{}
	if at >= 0 {
		own = p.Open[at]
	}
	ownQty := min(n, own.Qty)
	ownValue, rest := i.share(n, own)
	unit, err := p.enterable(n, ownValue+rest)
	if err != nil {
		return Restored{}, err
	}
	if ownQty > 0 {
		p.reduce(at, ownQty, ownValue)
	}
	p.LastCost = &unit
	i.Returned += n
	i.Restored += ownValue + rest
	restored := Restored{Value: ownValue + rest}
	if n > ownQty {
		restored.TrueUps = p.enter(n-ownQty, rest, "")
	}
	return restored, nil
}

// share returns what n units bring back: the value of those that cover the issue's own open
// entry, and of the rest. The two are the telescoping share, kept within bounds that it
// leaves where receipts were far from the provisional cost: an entry that closes gives up
// all of its value, one that stays never more than it has, and the rest brings no less than
// nothing and no more than what receipts and stock have settled. Because what was restored
// before counts, later returns make up for it.
func (i *Issued) share(n retail.Quantity, own Open) (ownValue, rest int64) {
	due := part(i.Value+i.TrueUps, i.Returned+n, i.Qty) - i.Restored
	settled := i.Value + i.TrueUps - i.Restored - own.Value
	switch {
	case n < own.Qty:
		return min(max(due, 0), own.Value), 0
	case n == own.Qty:
		return own.Value, 0
	}
	return own.Value, max(min(due-own.Value, settled), 0)
}
