package booking

import (
	"github.com/heddlehq/heddle/cost"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// goods is an item in its cost scope (rule book C1; scope policy ENTITY×LOCATION).
type goods struct {
	item  retail.ItemID
	row   event.Row
	scope string
	c     money.Currency
	pool  *cost.Pool
}

func (g *goods) key() string { return store.Key(string(g.item), g.scope) }

func (g *goods) value(minor int64) posting.Goods {
	return posting.Goods{Value: minor, Scope: g.scope, Class: g.row["class"], Department: g.row["department"]}
}

// goodsOf opens the pool of a line's item at the fact's place.
func (w *work) goodsOf(line, code string, c money.Currency) (*goods, error) {
	item, row, err := w.item(line, code)
	if err != nil {
		return nil, err
	}
	g := &goods{item: item, row: row, scope: string(w.fact.Outcome.Location), c: c}
	if w.ref.Policy(w.fact.Outcome.Entity, "cost_scope", "ENTITY×LOCATION", w.day) == "ENTITY" {
		g.scope = string(w.fact.Outcome.Entity)
	}
	pool, ok := store.Load[cost.Pool](w.o, tablePools, g.key())
	if !ok {
		fresh, err := cost.NewPool(c)
		if err != nil {
			return nil, err
		}
		pool = *fresh
	}
	g.pool = &pool
	return g, nil
}

func (w *work) savePool(g *goods) { store.Save(w.o, tablePools, g.key(), g.pool) }

// fallback is the cost of one unit by the rest of the order of C6: the average of the entity,
// then the list cost.
func (w *work) fallback(g *goods) (*cost.UnitCost, error) {
	var q retail.Quantity
	var v int64
	prefix := store.Prefix(store.Key(string(g.item), ""))
	err := w.o.Scan(w.o.Context(), tablePools, prefix, 0, func(key string, _ []byte) bool {
		other, _ := store.Load[cost.Pool](w.o, tablePools, key)
		row, _ := w.ref.Row(event.TableLocations, key[len(g.item)+len(store.KeySep):], w.day)
		if other.Currency == g.c && other.Qty > 0 && row["entity"] == string(w.fact.Outcome.Entity) {
			q += other.Qty
			v += other.Value
		}
		return true
	})
	if err != nil {
		return nil, err
	}
	if q > 0 {
		unit, err := cost.UnitCostOf(money.Of(v, g.c), q)
		return &unit, err
	}
	if list := g.row["cost"]; list != "" {
		unit, err := cost.ParseUnitCost(list)
		return &unit, err
	}
	return nil, nil //nolint:nilnil // no cost is known, which the pool turns into V-COST-01
}

// issue takes goods out at cost and remembers the issue for returns under the fact's line.
func (w *work) issue(g *goods, line string, q retail.Quantity) (cost.Issued, error) {
	fallback, err := w.fallback(g)
	if err != nil {
		return cost.Issued{}, err
	}
	id := cost.IssueID(retail.Key(event.ID(w.fact.Tenant, w.fact.Event), line))
	issued, err := g.pool.Issue(id, q, fallback)
	if fault.HasCode(err, fault.CostUnknown) {
		return issued, waitFor(causeCost(g.item), err)
	}
	if err != nil {
		return issued, err
	}
	w.savePool(g)
	w.saveIssue(issueDoc{Issued: issued, Fact: w.fact.Position, Line: line})
	return issued, nil
}

// issueDoc is an issue with the fact that made it.
type issueDoc struct {
	cost.Issued
	Fact int64  `json:"fact"`
	Line string `json:"line"`
}

// issueKey is where the issue of a fact's line is found.
func issueKey(position int64, line string) string { return store.Key(store.Ordinal(position), line) }

func (w *work) saveIssue(doc issueDoc) {
	key := issueKey(doc.Fact, doc.Line)
	store.Save(w.o, tableIssues, key, doc)
	w.o.Put(tableIssueIDs, string(doc.ID), []byte(key))
}

// settleTrueUps books what units that were issued before they came really cost (P60, C6).
func (w *work) settleTrueUps(g *goods, s posting.Setting, trueUps []cost.TrueUp) error {
	for _, t := range trueUps {
		if key := w.o.Get(tableIssueIDs, string(t.Issue)); key != nil {
			doc, _ := store.Load[issueDoc](w.o, tableIssues, string(key))
			doc.Settle(t)
			w.saveIssue(doc)
		}
		draft := posting.TrueUp(s, retail.Key(w.task.Line, string(t.Issue)), "NEGATIVE", g.value(t.Difference()))
		if err := w.book(draft); err != nil {
			return err
		}
	}
	return nil
}

// received books a goods receipt (P30), and the true-ups of what was sold before it came.
func (w *work) received(d *event.POReceived) error {
	if d.Value == nil {
		// The quantity is known, the cost is the purchase order's to tell.
		return waitFor(causeRef(d.Purchase), fault.New(fault.CostUnknown, d.Receipt, "the receipt tells no cost and its purchase order has not told it"))
	}
	value := *d.Value
	if value.Minor == 0 && !d.ZeroCostOK {
		return fault.New(fault.CostZero, d.Receipt, "the receipt's value is zero and not flagged so")
	}
	g, err := w.goodsOf(lineOne, d.Item, value.Currency)
	if err != nil {
		return err
	}
	trueUps, err := g.pool.Receive(cost.ReceiptID(retail.Key(d.Receipt, d.Line)), d.Quantity, value.Minor)
	if err != nil {
		return err
	}
	w.savePool(g)
	s := w.setting(value.Currency, "")
	err = w.book(posting.ReceiptAtCost(s, posting.Receipt{
		Receipt: d.Receipt, Line: d.Line, Purchase: d.Purchase.ID, Vendor: w.ref.Vendor(w.fact.Event.System, d.Vendor, w.day), Goods: g.value(value.Minor),
	}))
	if err != nil {
		return err
	}
	w.provide(causeCost(g.item))
	return w.settleTrueUps(g, s, trueUps)
}

// adjusted books a stock adjustment (P51). The money of an opening load waits for a second
// person (rule book A10, E6); its goods are there already.
func (w *work) adjusted(d *event.StockAdjusted) error {
	if d.Reason == event.OpeningLoad {
		return w.openingLoad(d)
	}
	reason, ok := w.ref.StockReason(w.fact.Event.System, d.Reason, w.day)
	if !ok {
		return w.awaitReason(d.Reason)
	}
	c := money.Currency(w.ref.Policy(w.fact.Outcome.Entity, "functional_currency", "", w.day))
	if d.Value != nil {
		c = d.Value.Currency
	}
	g, err := w.goodsOf(lineOne, d.Item, c)
	if err != nil {
		return err
	}
	var minor int64
	if d.Quantity < 0 {
		issued, err := w.issue(g, lineOne, -d.Quantity)
		if err != nil {
			return err
		}
		minor = issued.Value
	} else {
		gained, err := w.gainOf(g, d.Quantity)
		if err != nil {
			return err
		}
		minor = -gained
	}
	draft, err := posting.Adjustment(w.setting(c, ""), d.Line, reason, g.value(minor))
	if err != nil {
		return err
	}
	return w.book(draft)
}

// gain brings units of one-line facts into the pool at the current average (C8), in the
// item's base unit.
func (w *work) gain(code string, c money.Currency, q retail.Quantity) (*goods, int64, error) {
	g, err := w.goodsOf(lineOne, code, c)
	if err != nil {
		return nil, 0, err
	}
	minor, err := w.gainOf(g, q)
	return g, minor, err
}

func (w *work) gainOf(g *goods, q retail.Quantity) (int64, error) {
	fallback, err := w.fallback(g)
	if err != nil {
		return 0, err
	}
	gained, err := g.pool.Gain(q, fallback)
	if fault.HasCode(err, fault.CostUnknown) {
		return 0, waitFor(causeCost(g.item), err)
	}
	if err == nil {
		w.savePool(g)
	}
	return gained, err
}

// awaitReason parks what needs a source's reason that is not mapped (H-REASON).
func (w *work) awaitReason(reason string) error {
	return waitFor(causeRow(event.TableReasons, reason),
		fault.New(fault.ReasonUnknown, reason, "nothing tells which reason %s means", w.fact.Event.System))
}

func (w *work) openingLoad(d *event.StockAdjusted) error {
	if d.Value == nil {
		return fault.New(fault.SchemaInvalid, d.Adjustment, "an opening load has a value")
	}
	subject := retail.Ref{Type: retail.RefDocument, ID: d.Adjustment}
	if err := w.approved(subject, d.Author, d.Approver); err != nil {
		return err
	}
	g, err := w.goodsOf(lineOne, d.Item, d.Value.Currency)
	if err != nil {
		return err
	}
	trueUps, err := g.pool.Receive(cost.ReceiptID(retail.Key(d.Adjustment, d.Line)), d.Quantity, d.Value.Minor)
	if err != nil {
		return err
	}
	w.savePool(g)
	s := w.setting(d.Value.Currency, "")
	if err := w.book(posting.OpeningLoad(s, d.Line, g.value(d.Value.Minor))); err != nil {
		return err
	}
	w.provide(causeCost(g.item))
	return w.settleTrueUps(g, s, trueUps)
}

// approved returns nil where another person than the author has approved.
func (w *work) approved(subject retail.Ref, author, approver retail.PrincipalID) error {
	if approver == "" {
		approver, _ = store.Load[retail.PrincipalID](w.o, tableApprovals, subject.String())
	}
	if author == "" {
		author = w.fact.Outcome.Receipt.Principal
	}
	if approver != "" && approver != author {
		return nil
	}
	return waitFor(causeApproval(subject), fault.New(fault.ApprovalMissing, subject.String(), "an opening load needs the approval of another person than %q", author))
}

// lineOne is the line id of facts that have one line only.
const lineOne = "1"

// costless reports whether the task is the cost leg of what is sold and never in stock.
func (w *work) costless() bool {
	if w.task.Part != partCost {
		return false
	}
	code := ""
	switch d := w.fact.Event.Data.(type) {
	case *event.Sale:
		for _, l := range d.Lines {
			if l.Line == w.task.Line {
				code = l.Item
			}
		}
	case *event.ReturnAccepted:
		code = d.Item
	case *event.ReturnNoReceipt:
		code = d.Item
	default:
		code = w.handedOverItem()
	}
	_, row, ok := w.ref.Item(w.ref.NamingOf(w.fact.Event), code, w.day)
	return ok && row["kind"] == event.ItemService
}

// handedOverItem returns the source's code of the item of a fulfilment's line.
func (w *work) handedOverItem() string {
	var lines []event.FulfilledLine
	switch d := w.fact.Event.Data.(type) {
	case *event.PickedUp:
		lines = d.Lines
	case *event.Fulfilled:
		lines = d.Lines
	case *event.Shipped:
		lines = d.Lines
	}
	for _, l := range lines {
		if l.Line == w.task.Line {
			return l.Item
		}
	}
	return ""
}
