package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// PaymentAuthorised is PAYMENT_AUTHORISED: a hold on the customer's means, no booking.
// Key: processor·authorisation id.
type PaymentAuthorised struct {
	Processor string `json:"processor" effect:"link" at:"processor"`
	// Account is the merchant account at the processor; the merchant_accounts table tells its legal entity.
	Account   string       `json:"account,omitempty" effect:"money" at:"account"`
	Payment   retail.Ref   `json:"payment" effect:"link"`
	Order     retail.Ref   `json:"order,omitempty" effect:"link"`
	Tender    string       `json:"tender,omitempty" effect:"money"`
	Amount    money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	ExpiresAt time.Time    `json:"expires_at,omitempty"`
	Ext       Ext          `json:"ext,omitempty"`
}

// PaymentCaptured is PAYMENT_CAPTURED for an order (P16); the shares of net and tax come
// from the order by D3. Key: processor·capture id.
type PaymentCaptured struct {
	Processor string `json:"processor" effect:"link" at:"processor"`
	Account   string `json:"account,omitempty" effect:"money" at:"account"`
	// Payment is absent where a shop tells that an order was paid without naming the charge.
	Payment retail.Ref   `json:"payment,omitempty" effect:"link"`
	Order   retail.Ref   `json:"order,omitempty" effect:"link"`
	Tender  string       `json:"tender,omitempty" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext     Ext          `json:"ext,omitempty"`
}

// RefundIssued is REFUND_ISSUED (P21). Key: the refund id.
type RefundIssued struct {
	Processor string     `json:"processor" effect:"link" at:"processor"`
	Account   string     `json:"account,omitempty" effect:"money" at:"account"`
	Refund    retail.Ref `json:"refund" effect:"link"`
	Payment   retail.Ref `json:"payment,omitempty" effect:"link"`
	Order     retail.Ref `json:"order,omitempty" effect:"link"`
	// Return names what is refunded; without it the refund waits for the return on the payment's thread.
	Return retail.Ref   `json:"return,omitempty" effect:"link"`
	Tender string       `json:"tender,omitempty" effect:"money"`
	Amount money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext    Ext          `json:"ext,omitempty"`
}

// PaymentSettled is PAYMENT_SETTLED: the processor owes the net of one payment or takes back
// that of one refund (P70, P74). Key: processor·settlement·reference.
type PaymentSettled struct {
	Processor string `json:"processor" effect:"link" at:"processor"`
	Account   string `json:"account,omitempty" effect:"money" at:"account"`
	// Payout is the settlement that the line belongs to; it keys PSP_RECEIVABLE.
	Payout retail.Ref `json:"payout" effect:"link"`
	// Of is the payment or refund that is settled.
	Of     retail.Ref `json:"of" effect:"link"`
	Tender string     `json:"tender,omitempty" effect:"money"`
	// Gross is positive for a payment and negative for a refund; Net is gross less Fee.
	Gross money.Amount `json:"gross" effect:"money"`
	Fee   money.Amount `json:"fee" effect:"money"`
	Net   money.Amount `json:"net" effect:"money"`
	// Presented is the gross in the currency that the customer paid in, where it is another
	// than that of the settlement, and Rate what one unit of it gave.
	Presented *Foreign   `json:"presented,omitempty" effect:"money"`
	Rate      money.Rate `json:"rate,omitempty" effect:"money"`
	// Transaction is the processor's balance transaction.
	Transaction string `json:"transaction,omitempty"`
	Ext         Ext    `json:"ext,omitempty"`
}

// Payout is PAYOUT: the processor pays the net of a settlement to the bank (P72). Key: processor·payout id.
type Payout struct {
	Processor string     `json:"processor" effect:"link" at:"processor"`
	Account   string     `json:"account,omitempty" effect:"money" at:"account"`
	Payout    retail.Ref `json:"payout" effect:"link"`
	// Trace is what the bank will repeat of it.
	Trace retail.Ref `json:"trace,omitempty" effect:"link"`
	// Amount is negative where the processor collects.
	Amount money.Amount `json:"amount" effect:"money"`
	// Arrival is when the bank is expected to show it.
	Arrival retail.Date `json:"arrival,omitempty"`
	Ext     Ext         `json:"ext,omitempty"`
}

// BankLine is BANK_LINE: one booked entry of a bank statement (P73; unmatched P80).
// Key: account·statement·entry.
type BankLine struct {
	// Account is the bank account's id as the statement writes it; the bank_accounts table tells its legal entity.
	Account   string `json:"account" effect:"money" at:"bank"`
	Statement string `json:"statement" effect:"link"`
	Entry     string `json:"entry" effect:"link"`
	// Trace is the end-to-end id, where the entry carries one.
	Trace retail.Ref `json:"trace,omitempty" effect:"link"`
	// Amount is positive for a credit of the account and negative for a debit.
	Amount    money.Amount `json:"amount" effect:"money"`
	ValueDate retail.Date  `json:"value_date,omitempty"`
	// Closing is the balance that the statement closes with, and Computed what its opening balance
	// and its entries come to, where the two differ (V-BAL-02).
	Closing  *Foreign `json:"closing,omitempty"`
	Computed *Foreign `json:"computed,omitempty"`
	Ext      Ext      `json:"ext,omitempty"`
}

// Foreign is an amount in another currency than the rest of the body.
type Foreign money.Amount

// PaymentEnd is the end of an authorisation that was not captured, or of what is left of it.
type PaymentEnd struct {
	Processor string        `json:"processor" effect:"link" at:"processor"`
	Account   string        `json:"account,omitempty" effect:"money" at:"account"`
	Payment   retail.Ref    `json:"payment" effect:"link"`
	Order     retail.Ref    `json:"order,omitempty" effect:"link"`
	Amount    *money.Amount `json:"amount,omitempty" effect:"money" sign:"not_negative"`
	Reason    string        `json:"reason,omitempty"`
	Ext       Ext           `json:"ext,omitempty"`
}

// AuthExpired is AUTH_EXPIRED. Key: processor·authorisation id·op.
type AuthExpired PaymentEnd

// PaymentVoided is PAYMENT_VOIDED. Key: processor·authorisation id·op.
type PaymentVoided PaymentEnd

// PaymentRejection is money that did not come, or that went back.
type PaymentRejection struct {
	Processor string        `json:"processor" effect:"link" at:"processor"`
	Account   string        `json:"account,omitempty" effect:"money" at:"account"`
	Payment   retail.Ref    `json:"payment" effect:"link"`
	Order     retail.Ref    `json:"order,omitempty" effect:"link"`
	Tender    string        `json:"tender,omitempty" effect:"money"`
	Amount    money.Amount  `json:"amount" effect:"money" sign:"not_negative"`
	Fee       *money.Amount `json:"fee,omitempty" effect:"money"`
	Reason    string        `json:"reason,omitempty"`
	Ext       Ext           `json:"ext,omitempty"`
}

// PaymentFailed is PAYMENT_FAILED: a payment, capture or refund that was on its way failed
// (P81). Key: processor·reference.
type PaymentFailed PaymentRejection

// PaymentReturned is PAYMENT_RETURNED: a direct debit or cheque that was credited comes back
// (P81). Key: processor·reference.
type PaymentReturned PaymentRejection

// ProcessorFee is PROCESSOR_FEE: what a processor takes beside its fees per payment (P71).
// Key: processor·fee id.
type ProcessorFee struct {
	Processor string     `json:"processor" effect:"link" at:"processor"`
	Account   string     `json:"account,omitempty" effect:"money" at:"account"`
	Fee       string     `json:"fee" effect:"link"`
	Payout    retail.Ref `json:"payout,omitempty" effect:"link"`
	// Type is the processor's own code; the fee_types table tells the class.
	FeeType string `json:"fee_type" effect:"money"`
	// Amount is positive where the processor takes and negative where it gives back; Tax is within it.
	Amount money.Amount  `json:"amount" effect:"money"`
	Tax    *money.Amount `json:"tax,omitempty" effect:"money"`
	Ext    Ext           `json:"ext,omitempty"`
}

// Dispute is one stage of a chargeback.
type Dispute struct {
	Processor string     `json:"processor" effect:"link" at:"processor"`
	Account   string     `json:"account,omitempty" effect:"money" at:"account"`
	Dispute   retail.Ref `json:"dispute" effect:"link"`
	Payment   retail.Ref `json:"payment" effect:"link"`
	Order     retail.Ref `json:"order,omitempty" effect:"link"`
	Payout    retail.Ref `json:"payout,omitempty" effect:"link"`
	// Amount is what is disputed, Fee what the processor charges for it, both positive.
	Amount   money.Amount  `json:"amount" effect:"money" sign:"not_negative"`
	Fee      *money.Amount `json:"fee,omitempty" effect:"money" sign:"not_negative"`
	Reason   string        `json:"reason,omitempty"`
	Deadline time.Time     `json:"deadline,omitempty"`
	// GoodsReturned says that the customer gave the goods back.
	GoodsReturned bool `json:"goods_returned,omitempty" effect:"money"`
	Ext           Ext  `json:"ext,omitempty"`
}

// ChargebackOpened is CHARGEBACK_OPENED (P75a). Key: dispute id·stage.
type ChargebackOpened Dispute

// ChargebackWon is CHARGEBACK_WON (P75b). Key: dispute id·stage.
type ChargebackWon Dispute

// ChargebackLost is CHARGEBACK_LOST (P75c, P75d). Key: dispute id·stage.
type ChargebackLost Dispute

// ChargebackPrearb is CHARGEBACK_PREARB: the scheme takes the case up again. Key: dispute id·stage.
type ChargebackPrearb Dispute

// Reserve is money that a processor or marketplace holds back, or gives free again (P76).
type Reserve struct {
	Processor string       `json:"processor" effect:"link" at:"processor"`
	Account   string       `json:"account,omitempty" effect:"money" at:"account"`
	Reserve   string       `json:"reserve" effect:"link"`
	Payout    retail.Ref   `json:"payout,omitempty" effect:"link"`
	Amount    money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Until     retail.Date  `json:"until,omitempty"`
	Ext       Ext          `json:"ext,omitempty"`
}

// ReserveHeld is RESERVE_HELD (P76). Key: processor·reserve id.
type ReserveHeld Reserve

// ReserveReleased is RESERVE_RELEASED (P76). Key: processor·reserve id.
type ReserveReleased Reserve
