package posting

import (
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/retail"
)

// TenderClass says how a means of payment is booked (rule book A10).
type TenderClass string

// The classes. Those of CARD to CASH are booked to TENDER_CLEARING until they are settled or
// deposited; STORED_VALUE is booked to its liability; PREPAID is what the customer has paid
// an order already, so that a return to it is a refund that the processor executes.
const (
	TenderCard         TenderClass = "CARD"
	TenderWallet       TenderClass = "WALLET"
	TenderBNPL         TenderClass = "BNPL"
	TenderBankTransfer TenderClass = "BANK_TRANSFER"
	TenderIDEAL        TenderClass = "IDEAL"
	TenderACH          TenderClass = "ACH"
	TenderCheque       TenderClass = "CHEQUE"
	TenderCash         TenderClass = "CASH"
	TenderStoredValue  TenderClass = "STORED_VALUE"
	TenderPrepaid      TenderClass = "PREPAID"
)

// Tender is a means of payment as it is resolved for booking.
type Tender struct {
	Class TenderClass `json:"class"`
	// Processor has the money until it is settled; for cash it is the store.
	Processor string `json:"processor,omitempty"`
	// Reference is the transaction's reference at the processor: the payment's id for a sale
	// or a capture, the refund's id for a refund. For cash it is the store's business date,
	// because cash is counted and deposited by day and not by sale.
	Reference string `json:"reference,omitempty"`
	// Programme and Issuer tell whose stored value it is.
	Programme string          `json:"programme,omitempty"`
	Issuer    retail.EntityID `json:"issuer,omitempty"`
	// Elsewhere says that another system executes a refund to this tender.
	Elsewhere bool `json:"elsewhere,omitempty"`
}

// TillTender is a tender at a till. Cash is kept by store and day. Anything else is kept by the
// processor that it or its reference names (processor·id), so that the settlement clears it;
// else by the store, and by the till transaction where it has no reference.
func TillTender(t Tender, store retail.LocationID, day retail.Date, transaction string) Tender {
	if t.Class == TenderCash {
		t.Processor, t.Reference = string(store), day.String()
		return t
	}
	if processor, _, ok := strings.Cut(t.Reference, retail.Sep); ok && t.Processor == "" {
		t.Processor = processor
	}
	if t.Processor == "" {
		t.Processor = string(store)
	}
	if t.Reference == "" {
		t.Reference = transaction
	}
	return t
}

// TenderKey returns the clearing key of TENDER_CLEARING: tender·processor·reference.
func (t Tender) TenderKey() string {
	return retail.Key(string(t.Class), atProcessor(t.Processor, t.Reference))
}

// atProcessor returns processor·id. Ids that say their processor already, as references of
// payments, refunds and payouts do, are left as they are.
func atProcessor(processor, id string) string {
	if strings.HasPrefix(id, processor+retail.Sep) {
		return id
	}
	return retail.Key(processor, id)
}

// clears reports whether the tender stands in TENDER_CLEARING.
func (t Tender) clears() bool {
	switch t.Class {
	case TenderCard, TenderWallet, TenderBNPL, TenderBankTransfer, TenderIDEAL, TenderACH, TenderCheque, TenderCash:
		return true
	}
	return false
}

// line returns the tender's line: a debit where the customer pays, a credit where the
// customer is paid. A class that no template books is V-TND-01.
func (t Tender) line(side ledger.Side, minor int64) (ledger.Line, error) {
	switch {
	case t.clears():
		return ledger.Post(side, ledger.TenderClearing, minor,
			dim(ledger.DimTender, string(t.Class)), dim(ledger.DimProcessor, t.Processor)).Keyed(t.TenderKey()), nil
	case t.Class == TenderStoredValue:
		return ledger.Post(side, ledger.GiftCardLiability, minor,
			dim(ledger.DimProgramme, t.Programme), dim(ledger.DimIssuer, string(t.Issuer))), nil
	}
	return ledger.Line{}, fault.New(fault.TenderUnknown, string(t.Class), "a tender of this class cannot be booked here")
}
