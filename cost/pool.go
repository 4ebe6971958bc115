package cost

import (
	"encoding/json"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Limits of a pool, so that its document stays small whatever the sources send.
const (
	// MaxOpen is how many issues of one pool can be provisional at once. The next one is
	// V-INV-01 and its cost leg is held: a receipt must have been missing for long.
	MaxOpen = 5_000
	// MaxShadow is how many receipts a pool tells apart. Beyond it the oldest two become
	// one without a name, whose late costs then count as consumed (rule book C7).
	MaxShadow = 1_000
	// MaxQty is the largest quantity, 10¹¹ base units, of a movement and of a pool.
	MaxQty retail.Quantity = 100_000_000_000 * retail.One
)

// Identifiers that the pool keeps for its callers and compares for equality only.
type (
	// IssueID names one issue of stock: the posting unit of a sale's cost, of a count loss.
	IssueID string
	// ReceiptID names a receipt whose cost can still be corrected; empty is one that cannot.
	ReceiptID string
)

// Pool is the valued stock of one item in one cost scope (rule book C1). Its fields are
// exported for storage only: the JSON form is stable, byte for byte, for the same history.
// Methods change a Pool in place, and leave it as it was when they return a fault.
type Pool struct {
	Currency money.Currency  `json:"currency"`
	Qty      retail.Quantity `json:"qty"`                 // q: on hand and paid for or owed, never negative
	Value    int64           `json:"value"`               // v: what Qty cost, minor units
	LastCost *UnitCost       `json:"last_cost,omitempty"` // of the last issue or receipt; nil: none yet
	Open     []Open          `json:"open,omitempty"`      // neg: issued before received, oldest first
	Shadow   []Layer         `json:"shadow,omitempty"`    // which receipts Qty consists of, oldest first
}

// Open is an issue, or what is left of it, whose cost is provisional (rule book C6).
type Open struct {
	Issue IssueID         `json:"issue"`
	Qty   retail.Quantity `json:"qty"`
	Value int64           `json:"value"` // provisional, minor units
}

// Layer says how much of a receipt is still in stock if what came first left first. It has
// no value: it decides only how a late cost of the receipt is split (rule book C7). What
// came by a gain or a return is in layers without a name.
type Layer struct {
	Receipt  ReceiptID       `json:"receipt,omitempty"`
	Left     retail.Quantity `json:"left"`
	Received retail.Quantity `json:"received,omitempty"` // with what covered open entries; only of a named layer
}

// TrueUp is the correction of a provisional cost by what the units really cost: a positive
// Difference debits COGS_TRUEUP and credits INVENTORY, a negative one mirrors (rule book
// P60). It belongs to the issue, whose record has to learn of it: see Issued.Settle.
type TrueUp struct {
	Issue       IssueID         `json:"issue"`
	Qty         retail.Quantity `json:"qty"`
	Actual      int64           `json:"actual"`      // minor units
	Provisional int64           `json:"provisional"` // minor units
}

// Difference returns actual − provisional in minor units.
func (t TrueUp) Difference() int64 { return t.Actual - t.Provisional }

// NewPool returns an empty pool. An unknown currency is V-CUR-01.
func NewPool(c money.Currency) (*Pool, error) {
	if _, ok := c.Exponent(); !ok {
		return nil, fault.New(fault.CurrencyUnknown, string(c), "not an ISO 4217 currency")
	}
	return &Pool{Currency: c}, nil
}

// Position returns the quantity that stock should show: q − Σ open (rule book C1).
func (p *Pool) Position() retail.Quantity {
	position := p.Qty
	for _, e := range p.Open {
		position -= e.Qty
	}
	return position
}

// Inventory returns the balance in minor units that INVENTORY should show for the item and
// scope: v − Σ open (rule book C1).
func (p *Pool) Inventory() int64 {
	balance := p.Value
	for _, e := range p.Open {
		balance -= e.Value
	}
	return balance
}

// Check asserts what rule book C1 says of a pool by itself (INV-07): no quantity without
// its layers, no value without quantity, nothing open while there is stock; and the limits
// of this package. A violation is a defect or a damaged document, and Internal. That
// Position and Inventory agree with stock and ledger is for the caller to compare.
func (p *Pool) Check() error {
	_, known := p.Currency.Exponent()
	switch {
	case !known:
		return p.broken("the currency is %q", p.Currency)
	case p.Qty < 0 || p.Value < 0 || p.Qty > MaxQty || p.Value > money.MaxMinor:
		return p.broken("the pool is negative or too large")
	case p.Qty == 0 && p.Value != 0:
		return p.broken("there is value without quantity")
	case p.Qty > 0 && len(p.Open) > 0:
		return p.broken("%d issues are open while there is stock", len(p.Open))
	case p.LastCost != nil && *p.LastCost < 0:
		return p.broken("the last cost is %s", p.LastCost)
	case len(p.Open) > MaxOpen || len(p.Shadow) > MaxShadow:
		return p.broken("%d issues are open, and there are %d layers", len(p.Open), len(p.Shadow))
	}
	for _, e := range p.Open {
		if e.Qty <= 0 || e.Value < 0 || e.Qty > MaxQty || e.Value > money.MaxMinor {
			return p.broken("issue %q is open with %s for %d", e.Issue, e.Qty, e.Value)
		}
	}
	var shadow retail.Quantity
	for _, l := range p.Shadow {
		if l.Left <= 0 || l.Left > MaxQty || l.Receipt != "" && l.Left > l.Received {
			return p.broken("receipt %q has %s left of %s", l.Receipt, l.Left, l.Received)
		}
		shadow += l.Left
	}
	if shadow != p.Qty {
		return p.broken("the layers hold %s", shadow)
	}
	return nil
}

func (p *Pool) broken(format string, args ...any) error {
	return fault.New(fault.InternalError, p.Qty.String()+" for "+p.amount(p.Value).String(), format, args...).In("cost.check")
}

func (p *Pool) amount(minor int64) money.Amount { return money.Of(minor, p.Currency) }

// UnmarshalJSON reads a pool that was stored, and refuses one that does not pass Check.
func (p *Pool) UnmarshalJSON(b []byte) error {
	type stored Pool
	if err := json.Unmarshal(b, (*stored)(p)); err != nil {
		return fault.Wrap(err, fault.InternalError, "cost.read", "pool")
	}
	return p.Check()
}

// movable refuses a quantity that cannot move: none, a negative one, too large a one.
func movable(n retail.Quantity) error {
	switch {
	case n <= 0:
		return fault.New(fault.QuantitySign, n.String(), "what moves has a quantity above zero")
	case n > MaxQty:
		return fault.New(fault.NotRepresentable, n.String(), "at most %s can move at once", MaxQty)
	}
	return nil
}

// enterable refuses what would make the pool too large to compute with, and returns the
// unit cost of what would enter.
func (p *Pool) enterable(n retail.Quantity, value int64) (UnitCost, error) {
	if n > MaxQty-p.Qty || value > money.MaxMinor-p.Value {
		return 0, fault.New(fault.NotRepresentable, p.amount(value).String(), "%s more is too much for one pool", n)
	}
	return UnitCostOf(p.amount(value), n)
}

// enter covers open entries with n units of a value, oldest first, and adds what is left
// to the pool (rule book C2, receive).
func (p *Pool) enter(n retail.Quantity, value int64, receipt ReceiptID) []TrueUp {
	received := n
	var trueUps []TrueUp
	for n > 0 && len(p.Open) > 0 {
		issue, z := p.Open[0].Issue, min(n, p.Open[0].Qty)
		actual, provisional := part(value, z, n), p.cover(z)
		trueUps = append(trueUps, TrueUp{issue, z, actual, provisional})
		n -= z
		value -= actual
	}
	p.add(n, value, receipt, received)
	return trueUps
}

// cover takes z units out of the oldest open entry and returns their provisional value.
func (p *Pool) cover(z retail.Quantity) int64 {
	value := part(p.Open[0].Value, z, p.Open[0].Qty)
	p.reduce(0, z, value)
	return value
}

// reduce takes z units of a value out of an open entry, and the entry away with the last.
func (p *Pool) reduce(at int, z retail.Quantity, value int64) {
	e := &p.Open[at]
	e.Qty -= z
	e.Value -= value
	switch {
	case e.Qty > 0:
	case at == 0: // without moving the others, because a receipt can cover thousands
		p.Open = p.Open[1:]
	default:
		p.Open = slices.Delete(p.Open, at, at+1)
	}
}

// add puts n units into the pool, and into a layer for late costs of their receipt.
func (p *Pool) add(n retail.Quantity, value int64, receipt ReceiptID, received retail.Quantity) {
	if n == 0 {
		return
	}
	p.Qty += n
	p.Value += value
	last := len(p.Shadow) - 1
	switch {
	case receipt != "":
		p.Shadow = append(p.Shadow, Layer{receipt, n, received})
	case last >= 0 && p.Shadow[last].Receipt == "":
		p.Shadow[last].Left += n
	default:
		p.Shadow = append(p.Shadow, Layer{Left: n})
	}
	if len(p.Shadow) > MaxShadow {
		both := p.Shadow[0].Left + p.Shadow[1].Left
		p.Shadow = slices.Delete(p.Shadow, 0, 1)
		p.Shadow[0] = Layer{Left: both}
	}
}

// consume takes x units out of the layers, oldest first.
func (p *Pool) consume(x retail.Quantity) {
	gone := 0
	for x > 0 {
		z := min(x, p.Shadow[gone].Left)
		p.Shadow[gone].Left -= z
		x -= z
		if p.Shadow[gone].Left == 0 {
			gone++
		}
	}
	p.Shadow = slices.Delete(p.Shadow, 0, gone)
}

// part returns value × z ÷ n, rounded half away from zero; for z = n it is the value, so
// that the last unit takes the residual.
func part(value int64, z, n retail.Quantity) int64 {
	return money.MulDiv(value, int64(z), int64(n), money.HalfAway)
}
