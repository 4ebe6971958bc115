package cost

import (
	"cmp"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Issue takes n units out of stock: a sale, a shipment, a count loss (rule book C2). What
// the pool has leaves at its average; what it lacks leaves at a provisional cost and stays
// open until a receipt covers it. The result is the record that returns refer to; its
// Value debits COGS, or the role of another reason, and credits INVENTORY.
//
// A provisional cost is the pool's last cost, or else the fallback, which is what the
// caller found by the rest of the order of rule book C6 (entity, standard, purchase
// order); nil if it found none. Neither is V-COST-01: the cost leg is held, and nothing
// has changed. A quantity of zero or less is V-QTY-01, an id that is still open V-DUP-02,
// and MaxOpen reached V-INV-01.
func (p *Pool) Issue(id IssueID, n retail.Quantity, fallback *UnitCost) (Issued, error) {
	if err := movable(n); err != nil {
		return Issued{}, err
	}
	issued := Issued{ID: id, Qty: n}
	fromStock := min(n, p.Qty)
	unit := p.LastCost
	if fromStock > 0 {
		average, err := UnitCostOf(p.amount(p.Value), p.Qty)
		if err != nil {
			return Issued{}, err
		}
		unit = &average
		issued.Value = part(p.Value, fromStock, p.Qty)
	}
	if issued.Provisional = n - fromStock; issued.Provisional > 0 {
		value, err := p.provisional(id, issued.Provisional, unit, fallback)
		if err != nil {
			return Issued{}, err
		}
		p.Open = append(p.Open, Open{id, issued.Provisional, value})
		issued.ProvisionalValue = value
	}
	p.LastCost = unit
	p.Qty -= fromStock
	p.Value -= issued.Value
	p.consume(fromStock)
	issued.Value += issued.ProvisionalValue
	return issued, nil
}

// provisional returns the value of n units that the pool does not have.
func (p *Pool) provisional(id IssueID, n retail.Quantity, unit, fallback *UnitCost) (int64, error) {
	unit = cmp.Or(unit, fallback)
	switch {
	case unit == nil:
		return 0, fault.New(fault.CostUnknown, string(id), "neither the pool nor its fallbacks know a cost for %s", n)
	case p.openAt(id) >= 0:
		return 0, fault.New(fault.KeyConflict, string(id), "an issue of this id is still open")
	case len(p.Open) >= MaxOpen:
		return 0, fault.New(fault.StockNegative, string(id), "%d issues wait for a receipt already", MaxOpen)
	}
	return unit.Extend(n, p.Currency)
}

// openAt returns the place of an issue among the open ones, or -1.
func (p *Pool) openAt(id IssueID) int {
	return slices.IndexFunc(p.Open, func(e Open) bool { return e.Issue == id })
}

// Receive puts n units into stock that cost value in minor units of the pool's currency: a
// goods receipt, an opening balance, the arrival of a transfer with the value that was
// issued (rule book C2). Open entries are covered first, oldest first, and each gives a
// TrueUp; the rest joins the pool. The whole value debits INVENTORY, the true-ups beside it.
//
// A negative value is V-COST-02; whether zero is meant (zero_cost_ok) is for the caller to
// ask. A quantity of zero or less is V-QTY-01, and figures too large to hold V-BAL-04.
func (p *Pool) Receive(receipt ReceiptID, n retail.Quantity, value int64) ([]TrueUp, error) {
	if value < 0 {
		return nil, fault.New(fault.CostZero, string(receipt), "the receipt costs %s", p.amount(value))
	}
	if err := movable(n); err != nil {
		return nil, err
	}
	unit, err := p.enterable(n, value)
	if err != nil {
		return nil, err
	}
	p.LastCost = &unit
	return p.enter(n, value, receipt), nil
}

// Gain puts n units into stock of which nobody knows where they came from: a count gain
// (rule book P50), a return without its sale (C8). It returns their value in minor units,
// which debits INVENTORY. They come in at the current average; with none in stock, at the
// last cost, or else the fallback, as in Issue. Units that cover open entries come in at
// what those left at, so that there is no true-up (C6). It tells nothing new about cost, so
// the last cost stays.
//
// No cost is V-COST-01, a quantity of zero or less V-QTY-01, too much V-BAL-04; then
// nothing has changed.
func (p *Pool) Gain(n retail.Quantity, fallback *UnitCost) (int64, error) {
	if err := movable(n); err != nil {
		return 0, err
	}
	covered := min(n, max(-p.Position(), 0))
	rest := n - covered
	value, err := p.current(rest, fallback)
	if err == nil {
		_, err = p.enterable(n, value)
	}
	if err != nil {
		return 0, err
	}
	var coveredValue int64
	for covered > 0 {
		z := min(covered, p.Open[0].Qty)
		coveredValue += p.cover(z)
		covered -= z
	}
	p.add(rest, value, "", 0)
	return coveredValue + value, nil
}

// current returns what n units are worth at the average, the last cost or the fallback.
func (p *Pool) current(n retail.Quantity, fallback *UnitCost) (int64, error) {
	unit := cmp.Or(p.LastCost, fallback)
	switch {
	case n == 0:
		return 0, nil
	case p.Qty > 0:
		value, ok := money.TryMulDiv(p.Value, int64(n), int64(p.Qty), money.HalfAway)
		if !ok {
			return 0, fault.New(fault.NotRepresentable, n.String(), "the stock would be worth more than an amount can be")
		}
		return value, nil
	case unit == nil:
		return 0, fault.New(fault.CostUnknown, n.String(), "neither the pool nor its fallbacks know a cost")
	}
	return unit.Extend(n, p.Currency)
}
