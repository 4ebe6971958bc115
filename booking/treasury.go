package booking

import (
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// paymentID is a processor's own id of a payment or refund, without the processor before it;
// an order stands in where a shop names no payment.
func paymentID(processor string, ref retail.Ref, order retail.OrderID) string {
	if ref.IsZero() {
		return string(order)
	}
	return strings.TrimPrefix(ref.ID, processor+retail.Sep)
}

// processorTender is the tender of a payment at a processor: what the fact says, or what the
// merchant account says of its payments.
func (w *work) processorTender(processor, account, code, reference string) (posting.Tender, error) {
	class := posting.TenderCard
	if code != "" {
		t, err := w.tender(code)
		if err != nil {
			return t, err
		}
		class = t.Class
	} else if row, ok := w.ref.MerchantAccount(processor, account, w.fact.Event.Instance, w.day); ok && row["tender"] != "" {
		class = posting.TenderClass(row["tender"])
	}
	return posting.Tender{Class: class, Processor: processor, Reference: reference}, nil
}

// settled is P70, and P74 for a refund. A settlement of what is not known waits (V-PAY-04).
func (w *work) settled(d *event.PaymentSettled) error {
	known, missing, err := w.resolveRef(d.Of)
	if err != nil {
		return err
	}
	if missing == d.Of && known.Order == "" {
		return waitFor(causeRef(d.Of), fault.New(fault.SettlementUnknown, d.Of.ID, "neither a payment nor a refund of this id is known"))
	}
	t, err := w.processorTender(d.Processor, d.Account, d.Tender, paymentID(d.Processor, d.Of, ""))
	if err != nil {
		return err
	}
	payout := paymentID(d.Processor, d.Payout, "")
	draft, err := posting.Settled(w.setting(d.Gross.Currency, ""), posting.Settlement{
		Of: t, Payout: payout, Gross: d.Gross.Minor, Fee: d.Fee.Minor, Net: d.Net.Minor,
	})
	if err != nil {
		return err
	}
	doc := w.payoutDoc(d.Payout.ID)
	doc.Members += d.Net.Minor
	w.checkPayout(d.Payout.ID, doc, d.Net.Currency)
	return w.book(draft)
}

// payoutDoc is what is known of a payout.
type payoutDoc struct {
	Members int64  `json:"members,omitempty"` // Σ net of the settled lines
	Paid    *int64 `json:"paid,omitempty"`    // what the processor says it paid
	Bank    string `json:"bank,omitempty"`
}

func (w *work) payoutDoc(id string) payoutDoc {
	doc, _ := store.Load[payoutDoc](w.o, tablePayouts, id)
	return doc
}

// checkPayout keeps a payout and compares it with its members: V-PAY-05 stands as long as
// both are known and differ.
func (w *work) checkPayout(id string, doc payoutDoc, c money.Currency) {
	store.Save(w.o, tablePayouts, id, doc)
	if doc.Paid == nil || doc.Members == 0 {
		return
	}
	if *doc.Paid == doc.Members {
		w.resolve(fault.PayoutUnequal, id)
		return
	}
	item := exception.New(exception.Report{
		Code: fault.PayoutUnequal, Source: exception.SourceBooking, Subject: id, Position: w.fact.Position,
		Detail: "paid " + money.Of(*doc.Paid, c).String() + ", members " + money.Of(doc.Members, c).String(),
		Refs:   []retail.Ref{{Type: retail.RefPayout, ID: id}},
	}, w.p.at.At)
	store.Save(w.o, tableExceptions, string(item.ID), item)
}

// payout is P72, and P73M for bank lines that came before it.
func (w *work) payout(d *event.Payout) error {
	account, _ := w.ref.MerchantAccount(d.Processor, d.Account, w.fact.Event.Instance, w.day)
	doc := w.payoutDoc(d.Payout.ID)
	doc.Paid, doc.Bank = &d.Amount.Minor, account["bank_account"]
	w.checkPayout(d.Payout.ID, doc, d.Amount.Currency)
	s := w.setting(d.Amount.Currency, "")
	id := paymentID(d.Processor, d.Payout, "")
	err := w.book(posting.PaidOut(s, posting.Payout{
		Processor: d.Processor, Payout: id, BankAccount: account["bank_account"], Minor: d.Amount.Minor,
	}))
	if err != nil || d.Trace.IsZero() {
		return err
	}
	lines, _ := store.Load[[]posting.BankLine](w.o, tableMatches, d.Trace.String())
	for _, l := range lines {
		if err := w.book(posting.BankMatchedLater(s, l, id)); err != nil {
			return err
		}
	}
	w.o.Put(tableMatches, d.Trace.String(), nil)
	return nil
}

// bankLine is P73 where the line names a payout that is known, else P80: a later match moves it.
// The lines of a statement that does not add up wait until a person takes it as it is.
func (w *work) bankLine(d *event.BankLine) error {
	if err := posting.Totals(w.fact.Event.Key, d); err != nil {
		statement := retail.Ref{Type: retail.RefDocument, ID: retail.Key(d.Account, d.Statement)}
		if person, _ := store.Load[retail.PrincipalID](w.o, tableApprovals, statement.String()); person == "" {
			return waitFor(causeApproval(statement), err)
		}
	}
	s := w.setting(d.Amount.Currency, "")
	line := posting.BankLine{
		Account: d.Account, Key: retail.Key(d.Account, d.Statement, d.Entry), Source: string(w.fact.Event.System), Minor: d.Amount.Minor,
	}
	if d.Trace.IsZero() {
		return w.book(posting.BankUnmatched(s, line))
	}
	t, _, err := w.resolveRef(d.Trace)
	if err != nil {
		return err
	}
	if t.Payout != "" && w.payoutDoc(t.Payout).Paid != nil {
		_, id, _ := strings.Cut(t.Payout, retail.Sep)
		return w.book(posting.BankMatched(s, line, id))
	}
	lines, _ := store.Load[[]posting.BankLine](w.o, tableMatches, d.Trace.String())
	store.Save(w.o, tableMatches, d.Trace.String(), append(lines, line))
	return w.book(posting.BankUnmatched(s, line))
}
