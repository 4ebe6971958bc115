package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// PaymentAuthorised is PAYMENT_AUTHORISED: a hold on the customer's means, no booking.
// Key: processor·authorisation id.
type PaymentAuthorised struct {
	Processor string `json:"processor" effect:"link"`
	// Account is the merchant account at the processor; the merchant_accounts table tells its legal entity.
	Account   string       `json:"account,omitempty" effect:"money"`
	Payment   retail.Ref   `json:"payment" effect:"link"`
	Order     retail.Ref   `json:"order,omitempty" effect:"link"`
	Tender    string       `json:"tender,omitempty" effect:"money"`
	Amount    money.Amount `json:"amount" effect:"money"`
	ExpiresAt time.Time    `json:"expires_at,omitempty"`
	Ext       Ext          `json:"ext,omitempty"`
}

// PaymentCaptured is PAYMENT_CAPTURED for an order (P16); the shares of net and tax come
// from the order by D3. Key: processor·capture id.
type PaymentCaptured struct {
	Processor string `json:"processor" effect:"link"`
	Account   string `json:"account,omitempty" effect:"money"`
	// Payment is absent where a shop tells that an order was paid without naming the charge.
	Payment retail.Ref   `json:"payment,omitempty" effect:"link"`
	Order   retail.Ref   `json:"order,omitempty" effect:"link"`
	Tender  string       `json:"tender,omitempty" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money"`
	Ext     Ext          `json:"ext,omitempty"`
}

// RefundIssued is REFUND_ISSUED (P21). Key: the refund id.
type RefundIssued struct {
	Processor string     `json:"processor" effect:"link"`
	Account   string     `json:"account,omitempty" effect:"money"`
	Refund    retail.Ref `json:"refund" effect:"link"`
	Payment   retail.Ref `json:"payment,omitempty" effect:"link"`
	Order     retail.Ref `json:"order,omitempty" effect:"link"`
	// Return names what is refunded; without it the refund waits for the return on the payment's thread.
	Return retail.Ref   `json:"return,omitempty" effect:"link"`
	Tender string       `json:"tender,omitempty" effect:"money"`
	Amount money.Amount `json:"amount" effect:"money"`
	Ext    Ext          `json:"ext,omitempty"`
}

// PaymentSettled is PAYMENT_SETTLED: the processor owes the net of one payment or takes back
// that of one refund (P70, P74). Key: processor·settlement·reference.
type PaymentSettled struct {
	Processor string `json:"processor" effect:"link"`
	Account   string `json:"account,omitempty" effect:"money"`
	// Payout is the settlement that the line belongs to; it keys PSP_RECEIVABLE.
	Payout retail.Ref `json:"payout" effect:"link"`
	// Of is the payment or refund that is settled.
	Of     retail.Ref `json:"of" effect:"link"`
	Tender string     `json:"tender,omitempty" effect:"money"`
	// Gross is positive for a payment and negative for a refund; Net is gross less Fee.
	Gross money.Amount `json:"gross" effect:"money"`
	Fee   money.Amount `json:"fee" effect:"money"`
	Net   money.Amount `json:"net" effect:"money"`
	// Transaction is the processor's balance transaction.
	Transaction string `json:"transaction,omitempty"`
	Ext         Ext    `json:"ext,omitempty"`
}

// Payout is PAYOUT: the processor pays the net of a settlement to the bank (P72). Key: processor·payout id.
type Payout struct {
	Processor string     `json:"processor" effect:"link"`
	Account   string     `json:"account,omitempty" effect:"money"`
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
	Account   string `json:"account" effect:"money"`
	Statement string `json:"statement" effect:"link"`
	Entry     string `json:"entry" effect:"link"`
	// Trace is the end-to-end id, where the entry carries one.
	Trace retail.Ref `json:"trace,omitempty" effect:"link"`
	// Amount is positive for a credit of the account and negative for a debit.
	Amount    money.Amount `json:"amount" effect:"money"`
	ValueDate retail.Date  `json:"value_date,omitempty"`
	Ext       Ext          `json:"ext,omitempty"`
}
