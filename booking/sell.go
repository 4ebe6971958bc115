package booking

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// order keeps what later facts of an order take their amounts from. Nothing is posted.
func (w *work) order(d *event.OrderPlaced) error {
	d, err := w.ordered(d)
	if err != nil {
		return err
	}
	id := lineage.OrderIDOf(w.fact.Event.Header)
	terms := posting.OrderTerms{ID: id, Shipping: w.treatments(d.ShippingTaxes)}
	for _, l := range d.Lines {
		terms.Lines = append(terms.Lines, w.lineTerms(l.Taxes, l.Discounts))
	}
	o, err := posting.NewOrder(withSources(d, w.fact.Event.System), terms)
	if err != nil {
		return err
	}
	if old, ok := store.Load[posting.Order](w.o, tableOrders, string(id)); ok {
		continueOrder(o, &old)
	}
	w.saveOrder(o)
	w.provide(causeOrder(id))
	return nil
}

// continueOrder gives a corrected order what has happened to the one that it replaces.
func continueOrder(o, old *posting.Order) {
	o.Captured, o.ShippingCharged = old.Captured, old.ShippingCharged
	for i := range o.Lines {
		for _, l := range old.Lines {
			if l.Line == o.Lines[i].Line {
				o.Lines[i].Fulfilled, o.Lines[i].Returned = l.Fulfilled, l.Returned
			}
		}
	}
}

// withSources writes the source system before the order's tax codes, because facts of other
// systems will resolve them later.
func withSources(d *event.OrderPlaced, system retail.SystemID) *event.OrderPlaced {
	named := func(taxes []event.Tax) []event.Tax {
		out := make([]event.Tax, len(taxes))
		for i, t := range taxes {
			t.Code = retail.Key(string(system), t.Code)
			out[i] = t
		}
		return out
	}
	o := *d
	o.Lines = make([]event.OrderLine, len(d.Lines))
	for i, l := range d.Lines {
		l.Taxes = named(l.Taxes)
		o.Lines[i] = l
	}
	o.ShippingTaxes = named(d.ShippingTaxes)
	return &o
}

// capture is P16: what an order was paid before it was fulfilled. Net and taxes come from
// the order (D3), which it waits for (L1).
//
// The capture of a till sale books nothing: its tender is inside P01.
func (w *work) capture(d *event.PaymentCaptured) error {
	for _, ref := range []retail.Ref{d.Order, d.Payment} {
		t, _, err := w.resolveRef(ref)
		if err != nil {
			return err
		}
		if t.Fact != 0 && t.Order == "" {
			return nil
		}
	}
	o, _, err := w.orderAt(d.Order, d.Payment)
	if err != nil {
		return err
	}
	share, err := o.Capture(d.Amount.Minor)
	if err != nil {
		return awaitTax(err)
	}
	t, err := w.processorTender(d.Processor, d.Account, d.Tender, paymentID(d.Processor, d.Payment, o.ID))
	if err != nil {
		return err
	}
	draft, err := posting.Captured(w.setting(d.Amount.Currency, o.Channel), o.ID, t, d.Amount.Minor, share)
	if err != nil {
		return err
	}
	w.saveOrder(o)
	if err := w.recallCancelled(o); err != nil {
		return err
	}
	return w.book(draft)
}

// fulfil is P17 and P02 for one line of a pickup or shipment. Control passes with this fact;
// its amounts and tax are those of the order.
func (w *work) fulfil(d *event.Fulfilment) error {
	if d.Cancelled {
		return nil
	}
	for _, l := range d.Lines {
		if l.Line != w.task.Line {
			continue
		}
		o, t, err := w.orderAt(l.Claim)
		if err != nil {
			return err
		}
		if t.Line == "" {
			return fault.New(fault.ParentMissing, w.fact.Event.Key, "line %s leads to order %s and to no line of it", l.Line, o.ID)
		}
		if w.task.Part == partRevenue {
			return w.fulfilRevenue(l, o, t)
		}
		return w.fulfilCost(l, o, t)
	}
	return nil
}

// shipped is P17 and P02 where revenue is recognised when the goods leave. By the policy
// recognise=DELIVERY it is P18 now and P19 when they arrive, which this version does not book.
func (w *work) shipped(d *event.Shipped) error {
	if w.ref.Policy(w.fact.Outcome.Entity, "recognise", "SHIPMENT", w.day) == "DELIVERY" {
		return w.unbookable()
	}
	return w.fulfil(&event.Fulfilment{Order: d.Order, Location: d.Location, Lines: d.Lines})
}

func (w *work) fulfilRevenue(l event.FulfilledLine, o *posting.Order, t lineage.Target) error {
	_, row, err := w.item(l.Line, l.Item)
	if err != nil {
		return err
	}
	share, err := o.Fulfil(t.Line, l.Quantity)
	if err != nil {
		return awaitTax(err)
	}
	w.saveOrder(o)
	w.provide(causeIssue(orderLine(o.ID, t.Line)))
	return w.book(posting.Fulfilled(w.setting(o.Currency, o.Channel), l.Line, o.ID, row["department"], share))
}

func (w *work) fulfilCost(l event.FulfilledLine, o *posting.Order, t lineage.Target) error {
	g, err := w.goodsOf(l.Line, l.Item, o.Currency)
	if err != nil {
		return err
	}
	issued, err := w.issue(g, l.Line, l.Quantity)
	if err != nil {
		return err
	}
	of := orderLine(o.ID, t.Line)
	issues, _ := store.Load[[]string](w.o, tableIssuesOf, of)
	store.Save(w.o, tableIssuesOf, of, append(issues, string(issued.ID)))
	w.provide(causeIssue(of), causeIssue(issueKey(w.fact.Position, l.Line)))
	return w.book(posting.CostOfSale(w.setting(o.Currency, o.Channel), l.Line, g.value(issued.Value)))
}

func orderLine(id retail.OrderID, line string) string { return store.Key(string(id), line) }

// sale is P01 and P02 for a till transaction, line by line.
func (w *work) sale(d *event.Sale) error {
	if w.task.Part == partSale {
		return w.sold(d)
	}
	key := store.Ordinal(w.fact.Position)
	s, ok := store.Load[posting.Sold](w.o, tableSold, key)
	for _, l := range d.Lines {
		if l.Line != w.task.Line {
			continue
		}
		if w.task.Part == partCost {
			return w.saleCost(d, l)
		}
		if !ok {
			return waitFor(causeSold(w.fact.Position), nil)
		}
		_, row, err := w.item(l.Line, l.Item)
		if err != nil {
			return err
		}
		s.Resolve(w.treatment)
		draft, err := s.Revenue(l.Line, row["department"])
		if err != nil {
			return awaitTax(err)
		}
		store.Save(w.o, tableSold, key, s)
		return w.book(draft)
	}
	return nil
}

func (w *work) sold(d *event.Sale) error {
	terms := posting.SaleTerms{
		Key: w.fact.Event.Key, Store: w.fact.Outcome.Location, Channel: w.channelOf(d.Channel), Day: w.day,
		Cash: money.SeedCashRules().For(d.Currency, ""),
	}
	for _, l := range d.Lines {
		terms.Lines = append(terms.Lines, w.lineTerms(l.Taxes, l.Discounts))
	}
	for _, t := range d.Tenders {
		tender, err := w.tender(t.Code)
		if err != nil {
			return err
		}
		terms.Tenders = append(terms.Tenders, tender)
	}
	s, err := posting.NewSold(d, terms)
	if err != nil {
		return err
	}
	store.Save(w.o, tableSold, store.Ordinal(w.fact.Position), s)
	w.markUnmeasured(d)
	w.provide(causeSold(w.fact.Position))
	return nil
}

// channelOf is the channel that a fact names, or that of its place.
func (w *work) channelOf(channel retail.ChannelID) retail.ChannelID {
	if channel != "" {
		return channel
	}
	row, _ := w.ref.Row(event.TableLocations, string(w.fact.Outcome.Location), w.day)
	if c := row["channel"]; c != "" {
		return retail.ChannelID(c)
	}
	return "STORE"
}

func (w *work) saleCost(d *event.Sale, l event.SaleLine) error {
	g, err := w.goodsOf(l.Line, l.Item, d.Currency)
	if err != nil {
		return err
	}
	issued, err := w.issue(g, l.Line, l.Quantity)
	if err != nil {
		return err
	}
	w.provide(causeIssue(issueKey(w.fact.Position, l.Line)))
	return w.book(posting.CostOfSale(w.setting(d.Currency, w.channelOf(d.Channel)), l.Line, g.value(issued.Value)))
}

// issueOf finds the issue that returned goods left by: that of the very line, or of the
// order line where the goods left by another report of the fact.
func (w *work) issueOf(t lineage.Target, q retail.Quantity) (issueDoc, error) {
	if t.Fact != 0 {
		key := issueKey(t.Fact, t.FactLine)
		if doc, ok := store.Load[issueDoc](w.o, tableIssues, key); ok {
			return doc, nil
		}
		if t.Line == "" {
			return issueDoc{}, waitFor(causeIssue(key), nil)
		}
	}
	of := orderLine(t.Order, t.Line)
	ids, _ := store.Load[[]string](w.o, tableIssuesOf, of)
	var last issueDoc
	for _, id := range ids {
		doc, _ := store.Load[issueDoc](w.o, tableIssues, string(w.o.Get(tableIssueIDs, id)))
		last = doc
		if doc.Qty-doc.Returned >= q {
			return doc, nil
		}
	}
	if len(ids) > 0 && last.Qty > 0 {
		return last, nil // more comes back than left: the cost package says V-RET-01
	}
	return issueDoc{}, waitFor(causeIssue(of), nil)
}
