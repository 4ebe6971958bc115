package flow

import (
	"context"
	"fmt"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// advance notes how far an object has come by the fact (rule book A9). What names no object
// notes nothing.
func (d *decision) advance(o progress.Object, document, line string, stage progress.Stage, q int64) {
	if document == "" {
		return
	}
	d.outcome.Advances = append(d.outcome.Advances, record.Advance{
		Object: o, Document: document, Line: line, Stage: stage, Quantity: q, Sequence: d.e.Time.UnixMicro(),
	})
}

// advanceLine notes it of the order line that a target names.
func (d *decision) advanceLine(t stock.Target, stage progress.Stage, q retail.Quantity) {
	if t.Line != "" {
		d.advance(progress.OrderLine, string(t.Order), t.Line, stage, int64(q))
	}
}

// stages are the stages of an order line by the ranks of its tasks.
var stages = map[stock.Rank]progress.Stage{stock.Picked: progress.Picked, stock.Packed: progress.Packed, stock.Staged: progress.Staged}

// advances notes what facts say that move no goods: orders, payments and disputes.
func (d *decision) advances() {
	switch v := d.e.Data.(type) {
	case *event.OrderPlaced:
		d.placed(d.outcome.Order, v.Lines)
	case *event.MPOrder:
		d.placed(d.outcome.Order, v.Lines)
	case *event.PaymentAuthorised:
		d.paid(v.Payment, progress.Authorised, v.Amount.Minor)
	case *event.PaymentCaptured:
		d.paid(v.Payment, progress.Captured, v.Amount.Minor)
	case *event.PaymentSettled:
		if v.Of.Type == retail.RefPayment {
			d.paid(v.Of, progress.Settled, v.Gross.Minor)
		}
	case *event.PaymentFailed:
		d.paid(v.Payment, progress.Failed, v.Amount.Minor)
	case *event.PaymentReturned:
		d.paid(v.Payment, progress.Failed, v.Amount.Minor)
	case *event.RefundIssued:
		d.paid(v.Payment, progress.Refunded, v.Amount.Minor)
	case *event.PaymentVoided:
		d.ended((*event.PaymentEnd)(v), progress.Voided)
	case *event.AuthExpired:
		d.ended((*event.PaymentEnd)(v), progress.Expired)
	case *event.ChargebackOpened:
		d.disputed((*event.Dispute)(v), progress.Opened, v.Amount.Minor)
	case *event.ChargebackPrearb:
		d.disputed((*event.Dispute)(v), progress.PreArb, 0)
	case *event.ChargebackLost:
		d.disputed((*event.Dispute)(v), progress.Lost, 0)
	case *event.ChargebackWon:
		d.disputed((*event.Dispute)(v), progress.Won, -v.Amount.Minor)
	case *event.LayawayOpened:
		d.advance(progress.Layaway, v.Layaway, "", progress.Opened, 1)
	case *event.LayawayPayment:
		d.advance(progress.Layaway, v.Layaway, "", progress.Paying, 1)
	case *event.LayawayCompleted:
		d.advance(progress.Layaway, v.Layaway, "", progress.Completed, 1)
	case *event.LayawayCancelled:
		d.advance(progress.Layaway, v.Layaway, "", progress.Cancelled, 1)
	case *event.VendorInvoice:
		d.advance(progress.PurchaseLine, v.Purchase.ID, "", progress.Invoiced, int64(v.Quantity))
	}
}

func (d *decision) placed(order retail.OrderID, lines []event.OrderLine) {
	for _, l := range lines {
		_, q := d.inBase(d.s.book.NamingOf(d.e), l.Item, l.Unit, l.Quantity)
		d.advance(progress.OrderLine, string(order), l.Line, progress.Placed, int64(q))
	}
}

func (d *decision) paid(payment retail.Ref, stage progress.Stage, minor int64) {
	d.advance(progress.Payment, payment.ID, "", stage, minor)
}

// ended notes the end of an authorisation; one that tells no amount ends what is left of it,
// and contradicts all of it where nothing is left.
func (d *decision) ended(v *event.PaymentEnd, stage progress.Stage) {
	amount := v.Amount
	if amount == nil {
		have, _ := load[progressDoc](d.s, tableProgress, progressKey(progress.Payment, v.Payment.ID, ""))
		amount = new(money.Amount)
		if have.Object != "" {
			authorised, captured := have.Total(progress.Authorised), have.Total(progress.Captured)
			amount.Minor = authorised - captured
			if amount.Minor <= 0 {
				amount.Minor = max(authorised, captured)
			}
		}
	}
	d.paid(v.Payment, stage, max(amount.Minor, 1))
}

// disputed notes a stage of a dispute, and what of its payment is in dispute with it.
func (d *decision) disputed(v *event.Dispute, stage progress.Stage, minor int64) {
	d.advance(progress.Dispute, v.Dispute.ID, "", stage, 1)
	if minor != 0 {
		d.paid(v.Payment, progress.Disputed, minor)
	}
}

// progressDoc is how far an object has come, with the position of the last fact about it.
type progressDoc struct {
	progress.Progress
	Last int64 `json:"last"`
}

// uncancelled returns what of a quantity has not been cancelled.
func (p *progressDoc) uncancelled(q retail.Quantity) retail.Quantity {
	if p.Object == "" {
		return q
	}
	return q - retail.Quantity(p.Total(progress.Cancelled))
}

func progressKey(o progress.Object, document, line string) string {
	return store.Key(string(o), document, line)
}

// proceed keeps how far the objects have come, and which of them contradict themselves.
func proceed(s *state, r *record.Record, advances []record.Advance) error {
	for _, a := range advances {
		key := progressKey(a.Object, a.Document, a.Line)
		doc, ok := load[progressDoc](s, tableProgress, key)
		if !ok {
			fresh, err := progress.New(a.Object)
			if err != nil {
				return err
			}
			doc.Progress = fresh
		}
		next, err := doc.Add(a.Stage, a.Quantity, a.Sequence)
		if err != nil {
			return err
		}
		doc.Progress, doc.Last = next, r.Position
		save(s, tableProgress, key, doc)
		if len(doc.Conflicts()) > 0 {
			s.Put(tableConflicts, key, []byte{})
		} else {
			s.Put(tableConflicts, key, nil)
		}
	}
	return nil
}

// conflicts lists what contradicts itself now (A9): a cancellation of what has left, a receipt
// of more than was shipped, a refund of a disputed payment.
func (o *Owner) conflicts(ctx context.Context, s *state) (out []exception.Item, err error) {
	var keys []string
	err = o.cache.Scan(ctx, tableConflicts, store.Range{}, 0, func(key string, _ []byte) bool {
		keys = append(keys, key)
		return true
	})
	for _, key := range keys {
		doc, ok := load[progressDoc](s, tableProgress, key)
		if !ok {
			continue
		}
		last, rerr := o.Record(ctx, doc.Last)
		if rerr != nil {
			return out, rerr
		}
		for _, c := range doc.Conflicts() {
			if c.Code == fault.ReceiptUnordered && !doc.Told(progress.Approved) && !s.needsOrder(last.Outcome.Entity) {
				continue
			}
			out = append(out, exception.New(exception.Report{
				Code: c.Code, Source: exception.SourceFlow, Subject: subjectOf(key),
				Detail: fmt.Sprintf("%s wins over %s by %d", c.Wins, c.Loses, c.Quantity), Position: doc.Last, Refs: lineage.Named(last.Event),
			}, last.At))
		}
	}
	return out, err
}

// needsOrder reports whether every receipt has to name a known order (V-PO-01). A retailer
// whose purchase orders never come to Heddle leaves the policy off.
func (s *state) needsOrder(entity retail.EntityID) bool {
	return s.book.Policy(entity, "receipts_need_order", "false", s.day) == "true"
}
