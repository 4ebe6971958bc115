package posting

import (
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Refund is P21: REFUND_PAYABLE of the return / the tender that the refund went to, whose
// reference is the refund's id.
func Refund(s Setting, returnKey string, t Tender, minor int64) (Draft, error) {
	paid, err := t.line(ledger.Cr, minor)
	if err != nil {
		return Draft{}, err
	}
	return s.draft(P21, ledger.LegTender, "", refundPayable(ledger.Dr, returnKey, minor), paid), nil
}

func refundPayable(side ledger.Side, returnKey string, minor int64) ledger.Line {
	return ledger.Post(side, ledger.RefundPayable, minor, dim(ledger.DimReturn, returnKey)).Keyed(returnKey)
}

// Settlement is a line of a processor's settlement.
type Settlement struct {
	// Of is the tender that is settled: a payment, or a refund.
	Of Tender
	// Payout keys PSP_RECEIVABLE.
	Payout string
	// Gross is above zero for a payment and below for a refund. Net = Gross − Fee.
	Gross, Fee, Net int64
}

// Settled is P70, and P74 for a refund: PSP_RECEIVABLE (net), MERCHANT_FEES / TENDER_CLEARING
// (gross). Whether a fee comes back with a refund is what the processor says in Fee. Where
// net is not gross less fee it is V-BAL-02.
func Settled(s Setting, line Settlement) (Draft, error) {
	if line.Net != line.Gross-line.Fee {
		return Draft{}, fault.New(fault.HeaderUnequal, line.Of.TenderKey(), "gross %s less fee %s is not net %s",
			money.Of(line.Gross, s.Currency), money.Of(line.Fee, s.Currency), money.Of(line.Net, s.Currency))
	}
	tender, err := line.Of.line(ledger.Cr, line.Gross)
	if err != nil {
		return Draft{}, err
	}
	id := P70
	if line.Gross < 0 {
		id = P74
	}
	processor := dim(ledger.DimProcessor, line.Of.Processor)
	return s.draft(id, ledger.LegTender, "", pspReceivable(ledger.Dr, line.Of.Processor, line.Payout, line.Net),
		dr(ledger.MerchantFees, line.Fee, processor), tender), nil
}

func pspReceivable(side ledger.Side, processor, payout string, minor int64) ledger.Line {
	return ledger.Post(side, ledger.PSPReceivable, minor, dim(ledger.DimProcessor, processor)).Keyed(atProcessor(processor, payout))
}

// Payout is what a processor pays out.
type Payout struct {
	Processor   string
	Payout      string
	BankAccount string
	Minor       int64 // below zero where the processor collects
}

// PaidOut is P72: PAYOUT_IN_TRANSIT / PSP_RECEIVABLE.
func PaidOut(s Setting, p Payout) Draft {
	return s.draft(P72, ledger.LegTender, "", inTransit(ledger.Dr, p.BankAccount, p.Payout, p.Minor),
		pspReceivable(ledger.Cr, p.Processor, p.Payout, p.Minor))
}

func inTransit(side ledger.Side, account, payout string, minor int64) ledger.Line {
	return ledger.Post(side, ledger.PayoutInTransit, minor, dim(ledger.DimBankAccount, account)).Keyed(payout)
}

// BankLine is one booked line of a bank account.
type BankLine struct {
	Account string
	// Key names the line: account·statement·entry.
	Key string
	// Source names the system that told it, the dimension of SUSPENSE.
	Source string
	Minor  int64 // above zero for a credit of the account
}

func (b BankLine) bank() ledger.Line {
	return dr(ledger.Bank, b.Minor, dim(ledger.DimBankAccount, b.Account))
}

func (b BankLine) suspense(side ledger.Side) ledger.Line {
	return ledger.Post(side, ledger.Suspense, b.Minor, dim(ledger.DimSource, b.Source)).Keyed(b.Key)
}

// BankMatched is P73: BANK / PAYOUT_IN_TRANSIT, where the line names a payout that is known.
func BankMatched(s Setting, b BankLine, payout string) Draft {
	return s.draft(P73, ledger.LegTender, "", b.bank(), inTransit(ledger.Cr, b.Account, payout, b.Minor))
}

// BankUnmatched is P80: BANK / SUSPENSE.
func BankUnmatched(s Setting, b BankLine) Draft {
	return s.draft(P80, ledger.LegTender, "", b.bank(), b.suspense(ledger.Cr))
}

// BankMatchedLater moves what P80 booked to where P73 would have: SUSPENSE /
// PAYOUT_IN_TRANSIT. Its unit is named by the bank line, because the event that causes it is
// the payout, to which more than one bank line can belong.
func BankMatchedLater(s Setting, b BankLine, payout string) Draft {
	return s.draft(P73M, ledger.LegTender, b.Key, b.suspense(ledger.Dr), inTransit(ledger.Cr, b.Account, payout, b.Minor))
}

// ReclassItem is what an order owes at a period's end: clearing keys with a debit balance,
// because it was fulfilled and not yet paid.
type ReclassItem struct {
	Order    string
	Customer string // dimension of AR_CUSTOMER
	Contract int64
	Deferred []JurisdictionAmount
}

// JurisdictionAmount is a part of a tax in minor units.
type JurisdictionAmount struct {
	Jurisdiction string
	Minor        int64
}

// ReclassItems gathers the open keys of CONTRACT_LIABILITY and TAX_DEFERRED that have a debit
// balance, by order. The customer stays empty for the caller to fill.
func ReclassItems(open []ledger.Open) []ReclassItem {
	var items []ReclassItem
	at := map[string]int{}
	for _, o := range open {
		if o.Minor <= 0 || o.Role != ledger.ContractLiability && o.Role != ledger.TaxDeferred {
			continue
		}
		order, jurisdiction := o.Key, ""
		if o.Role == ledger.TaxDeferred {
			cut := strings.LastIndex(o.Key, retail.Sep)
			order, jurisdiction = o.Key[:max(cut, 0)], o.Key[cut+len(retail.Sep):]
		}
		i, known := at[order]
		if !known {
			i = len(items)
			at[order], items = i, append(items, ReclassItem{Order: order})
		}
		if o.Role == ledger.ContractLiability {
			items[i].Contract += o.Minor
			continue
		}
		items[i].Deferred = append(items[i].Deferred, JurisdictionAmount{jurisdiction, o.Minor})
	}
	return items
}

// Reclass is P92: AR_CUSTOMER / CONTRACT_LIABILITY, TAX_DEFERRED; presentation only. Its
// Mirror(P92R) is booked on the first day of the next period.
func Reclass(s Setting, item ReclassItem) Draft {
	total := item.Contract
	lines := []ledger.Line{contractLiability(ledger.Cr, item.Order, item.Contract)}
	for _, t := range item.Deferred {
		lines = append(lines, taxDeferred(ledger.Cr, item.Order, t.Jurisdiction, t.Minor))
		total += t.Minor
	}
	return s.draft(P92, ledger.LegAdjust, item.Order, append(lines, dr(ledger.ARCustomer, total, dim(ledger.DimCustomer, item.Customer)))...)
}

func contractLiability(side ledger.Side, order string, minor int64) ledger.Line {
	return ledger.Post(side, ledger.ContractLiability, minor, dim(ledger.DimOrder, order)).Keyed(order)
}

func taxDeferred(side ledger.Side, order, jurisdiction string, minor int64) ledger.Line {
	return ledger.Post(side, ledger.TaxDeferred, minor,
		dim(ledger.DimOrder, order), dim(ledger.DimJurisdiction, jurisdiction)).Keyed(retail.Key(order, jurisdiction))
}
