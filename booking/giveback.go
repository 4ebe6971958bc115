package booking

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// returned books a return: its own amounts at once (P04), its cost when the issue that it
// reverses is known (P05, C8), and the check against its original when that is known (D3).
// An original that has not arrived is unknown, not zero: nothing is refused for it.
func (w *work) returned(d *event.ReturnAccepted) error {
	switch w.task.Part {
	case partRevenue:
		return w.returnRevenue(d)
	case partCost:
		return w.returnCost(d)
	case partCheck:
		return w.returnCheck(d)
	}
	return w.link(d)
}

func (w *work) returnRevenue(d *event.ReturnAccepted) error {
	if err := posting.Totals(w.fact.Event.Key, d); err != nil {
		return err
	}
	reason := d.Reason
	if reason != "" {
		var ok bool
		if reason, ok = w.ref.ReturnReason(w.fact.Event.System, d.Reason, w.day); !ok {
			return w.awaitReason(d.Reason)
		}
	}
	claim := posting.NewReturnClaim(d, w.treatments(d.Taxes))
	share, err := w.giveBack(d, claim)
	if err != nil {
		return err
	}
	terms := posting.ReturnTerms{Return: d.Return.ID, Reason: reason}
	if terms.Tenders, err = w.paidBack(d.Tenders); err != nil {
		return err
	}
	draft, err := posting.Accepted(w.setting(d.Net.Currency, w.channelOf(d.Channel)), terms, share)
	if err != nil {
		return err
	}
	return w.book(draft)
}

// paidBack resolves the tenders by which a till paid back.
func (w *work) paidBack(tenders []event.Tender) (out []posting.TenderAmount, err error) {
	for _, t := range tenders {
		tender, err := w.tender(t.Code)
		if err != nil {
			return nil, err
		}
		tender.Reference = t.Reference
		out = append(out, posting.TenderAmount{
			Tender: posting.TillTender(tender, w.fact.Outcome.Location, w.day, w.fact.Event.Key), Minor: t.Amount.Minor,
		})
	}
	return out, nil
}

// returnedBlind is P07: a return that names no sale, at its own amounts and the current
// average cost.
func (w *work) returnedBlind(d *event.ReturnNoReceipt) error {
	s := w.setting(d.Net.Currency, w.channelOf(d.Channel))
	if w.task.Part == partCost {
		if d.Disposition == event.Returnless {
			return nil
		}
		g, minor, err := w.gain(d.Item, d.Net.Currency, d.Quantity)
		if err != nil {
			return err
		}
		return w.book(posting.CostWithoutReceipt(s, g.value(minor)))
	}
	if err := posting.Totals(w.fact.Event.Key, d); err != nil {
		return err
	}
	share := posting.ReturnShare{Net: d.Net.Minor}
	for i, t := range w.treatments(d.Taxes) {
		if t.Jurisdiction == "" {
			return awaitTax(fault.New(fault.TaxCodeUnknown, d.Taxes[i].Code, "the tax code is not mapped to a jurisdiction"))
		}
		share.Taxes = append(share.Taxes, posting.TaxAmount{Treatment: t, Minor: d.Taxes[i].Amount.Minor})
	}
	tenders, err := w.paidBack(d.Tenders)
	if err != nil {
		return err
	}
	taxToo := w.ref.Policy(w.fact.Outcome.Entity, "no_receipt_tax", "EXCLUDE", w.day) == "INCLUDE"
	draft, err := posting.WithoutReceipt(s, posting.ReturnTerms{Return: d.Return.ID, Tenders: tenders}, share, taxToo)
	if err != nil {
		return err
	}
	return w.book(draft)
}

// giveBack returns what the return posts. Where its source tells the tax as one sum, the
// original has to split it; else the source's own amounts post, whether the original has
// arrived or not.
func (w *work) giveBack(d *event.ReturnAccepted, claim posting.ReturnClaim) (posting.ReturnShare, error) {
	share, err := w.claimBack(d, claim)
	if err == nil {
		return share, nil
	}
	if _, waits := err.(*waiting); !waits || claim.TaxTotal != nil { //nolint:errorlint // made here, never wrapped
		return share, err
	}
	for _, t := range claim.Taxes {
		if t.Jurisdiction == "" {
			return share, awaitTax(fault.New(fault.TaxCodeUnknown, t.Source, "the tax code is not mapped to a jurisdiction"))
		}
	}
	w.spawned = append(w.spawned, task{Position: w.fact.Position, Part: partCheck})
	return posting.ReturnShare{Net: claim.Net, Taxes: claim.Taxes}, nil
}

// claimBack checks a claim against its original and counts it there (V-RET-01, V-RET-02).
func (w *work) claimBack(d *event.ReturnAccepted, claim posting.ReturnClaim) (posting.ReturnShare, error) {
	if !w.measured(lineOne, d.Unit) {
		return posting.ReturnShare{}, waitFor(causeLine(w.fact.Position, lineOne), nil)
	}
	t, missing, err := w.resolveRef(d.Original)
	if err != nil {
		return posting.ReturnShare{}, err
	}
	switch {
	case t.Line != "":
		o, ok := store.Load[posting.Order](w.o, tableOrders, string(t.Order))
		if !ok {
			return posting.ReturnShare{}, waitFor(causeOrder(t.Order), nil)
		}
		o.Resolve(w.treatment)
		share, err := o.Return(t.Line, claim)
		if fault.HasCode(err, fault.ParentMissing) {
			return share, waitFor(causeIssue(orderLine(t.Order, t.Line)), nil)
		}
		if err == nil {
			w.saveOrder(&o)
		}
		return share, awaitTax(err)
	case t.Fact != 0:
		key := store.Ordinal(t.Fact)
		s, ok := store.Load[posting.Sold](w.o, tableSold, key)
		if !ok {
			return posting.ReturnShare{}, waitFor(causeSold(t.Fact), nil)
		}
		if doc, _ := store.Load[releasedDoc](w.o, tableReleased, releasedKey(t.Fact, t.FactLine)); doc.Unmeasured {
			return posting.ReturnShare{}, waitFor(causeLine(t.Fact, t.FactLine), nil)
		}
		s.Resolve(w.treatment)
		share, err := s.Return(t.FactLine, claim)
		if err == nil {
			store.Save(w.o, tableSold, key, s)
		}
		return share, awaitTax(err)
	}
	return posting.ReturnShare{}, waitFor(causeRef(missing), nil)
}

// returnCheck counts a return at its original that arrived after the return had booked.
func (w *work) returnCheck(d *event.ReturnAccepted) error {
	_, err := w.claimBack(d, posting.NewReturnClaim(d, w.treatments(d.Taxes)))
	return err
}

// returnCost is P05: goods come back at the cost that they left at (C8).
func (w *work) returnCost(d *event.ReturnAccepted) error {
	if d.Disposition == event.Returnless {
		return nil
	}
	g, err := w.goodsOf(lineOne, d.Item, d.Net.Currency)
	if err != nil {
		return err
	}
	t, missing, err := w.resolveRef(d.Original)
	if err != nil {
		return err
	}
	if t.Fact == 0 && t.Line == "" {
		return waitFor(causeRef(missing), nil)
	}
	doc, err := w.issueOf(t, d.Quantity)
	if err != nil {
		return err
	}
	restored, err := g.pool.Restore(&doc.Issued, d.Quantity)
	if err != nil {
		return err
	}
	w.savePool(g)
	w.saveIssue(doc)
	s := w.setting(d.Net.Currency, w.channelOf(d.Channel))
	if err := w.book(posting.ReturnCost(s, "", g.value(restored.Value))); err != nil {
		return err
	}
	return w.settleTrueUps(g, s, restored.TrueUps)
}

// linkDoc is what is known of the returns of an order line.
type linkDoc struct {
	// Booked is the key under which REFUND_PAYABLE stands; Told are the keys that other
	// reports of the same return gave it.
	Booked string   `json:"booked,omitempty"`
	Told   []string `json:"told,omitempty"`
}

// link makes one clearing key of the ids that several systems give one return, so that a
// refund that names the one clears what was booked under the other. Refunds that name none
// find the return by the order.
func (w *work) link(d *event.ReturnAccepted) error {
	t, missing, err := w.resolveRef(d.Original)
	if err != nil {
		return err
	}
	if t.Line == "" {
		if t.Fact != 0 && missing.IsZero() {
			return nil // a till sale: nobody else reports its return
		}
		return waitFor(causeRef(missing), nil)
	}
	of := orderLine(t.Order, t.Line)
	doc, _ := store.Load[linkDoc](w.o, tableReturns, of)
	if w.fact.Outcome.Standing == record.Books {
		doc.Booked = d.Return.ID
		if err := w.offer(t.Order, d); err != nil {
			return err
		}
	} else {
		doc.Told = append(doc.Told, d.Return.ID)
	}
	store.Save(w.o, tableReturns, of, doc)
	if doc.Booked != "" {
		for _, told := range doc.Told {
			w.o.Put(tableJoins, store.Key(string(ledger.RefundPayable), told), []byte(doc.Booked))
		}
	}
	return nil
}

// offerDoc is a return that a refund without a return id may mean.
type offerDoc struct {
	Return string `json:"return"`
	Minor  int64  `json:"minor"`
}

// offer lists a booked return under its order.
func (w *work) offer(order retail.OrderID, d *event.ReturnAccepted) error {
	total := d.Net
	for _, t := range d.Taxes {
		total = total.Add(t.Amount)
	}
	if d.TaxTotal != nil && len(d.Taxes) == 0 {
		total = total.Add(*d.TaxTotal)
	}
	offers, _ := store.Load[[]offerDoc](w.o, tableOffers, string(order))
	store.Save(w.o, tableOffers, string(order), append(offers, offerDoc{d.Return.ID, total.Minor}))
	w.provide(causeReturn(order))
	return nil
}

// refund is P21. A refund that names no return waits for one on the payment's thread.
func (w *work) refund(d *event.RefundIssued) error {
	key := d.Return.ID
	if key == "" {
		var err error
		if key, err = w.returnFor(d); err != nil {
			return err
		}
	}
	t, err := w.processorTender(d.Processor, d.Account, d.Tender, paymentID(d.Processor, d.Refund, ""))
	if err != nil {
		return err
	}
	draft, err := posting.Refund(w.setting(d.Amount.Currency, ""), key, t, d.Amount.Minor)
	if err != nil {
		return err
	}
	return w.book(draft)
}

// returnFor finds the return that a refund of its amount means, oldest first.
func (w *work) returnFor(d *event.RefundIssued) (string, error) {
	order, err := w.orderOf(d.Order, d.Payment)
	if err != nil {
		return "", err
	}
	offers, _ := store.Load[[]offerDoc](w.o, tableOffers, string(order))
	for i, offer := range offers {
		if offer.Minor == d.Amount.Minor {
			store.Save(w.o, tableOffers, string(order), append(offers[:i:i], offers[i+1:]...))
			return offer.Return, nil
		}
	}
	return "", waitFor(causeReturn(order), nil)
}

func (w *work) orderOf(refs ...retail.Ref) (retail.OrderID, error) {
	var lacking retail.Ref
	for _, ref := range refs {
		if ref.IsZero() {
			continue
		}
		t, missing, err := w.resolveRef(ref)
		if err != nil {
			return "", err
		}
		if t.Order != "" {
			return t.Order, nil
		}
		lacking = missing
	}
	if lacking.IsZero() {
		return "", fault.New(fault.ParentMissing, w.fact.Event.Key, "it names no order")
	}
	return "", waitFor(causeRef(lacking), nil)
}
