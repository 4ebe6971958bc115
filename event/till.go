package event

import (
	"time"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// VoidedLine is a line of a transaction that came to nothing.
type VoidedLine struct {
	Line     string          `json:"line"`
	Item     string          `json:"item"`
	Quantity retail.Quantity `json:"quantity,omitempty"`
}

// TxnVoided is TXN_VOIDED: a transaction that ended before it was tendered. It moves nothing
// and keeps the till's sequence complete (V-SEQ-01). Key: store·business_date·till·number.
type TxnVoided struct {
	Location string       `json:"location" effect:"stock" at:"location"`
	Till     string       `json:"till"`
	Cashier  retail.Token `json:"cashier,omitempty"`
	Reason   string       `json:"reason,omitempty"`
	Lines    []VoidedLine `json:"lines,omitempty"`
	Ext      Ext          `json:"ext,omitempty"`
}

// PostVoid is POST_VOID: a tendered transaction is taken back whole, on the same business
// date and before settlement (V-VOID-01); stock and books mirror the original (P03).
// Key: its own store·business_date·till·number.
type PostVoid struct {
	Location string `json:"location" effect:"stock" at:"location"`
	Till     string `json:"till"`
	// Original names the transaction that is taken back.
	Original retail.Ref         `json:"original" effect:"link"`
	Reason   string             `json:"reason,omitempty"`
	Cashier  retail.Token       `json:"cashier,omitempty"`
	Approver retail.PrincipalID `json:"approver,omitempty"`
	Ext      Ext                `json:"ext,omitempty"`
}

// Control says what a control transaction was.
type Control string

// The control transactions.
const (
	ControlOpen      Control = "OPEN"
	ControlClose     Control = "CLOSE"
	ControlSignOn    Control = "SIGN_ON"
	ControlSignOff   Control = "SIGN_OFF"
	ControlNoSale    Control = "NO_SALE"
	ControlSuspend   Control = "SUSPEND"
	ControlResume    Control = "RESUME"
	ControlTraining  Control = "TRAINING"
	ControlOtherKind Control = "OTHER"
)

// ControlTxn is CONTROL_TXN: what a till does beside selling. It moves nothing and keeps the
// sequence complete. Key: store·business_date·till·number.
type ControlTxn struct {
	Location string       `json:"location" effect:"stock" at:"location"`
	Till     string       `json:"till"`
	Control  Control      `json:"control"`
	Cashier  retail.Token `json:"cashier,omitempty"`
	Ext      Ext          `json:"ext,omitempty"`
}

// PettyCash is cash that goes in or out of a till without a sale (P82).
type PettyCash struct {
	Location string `json:"location" effect:"stock" at:"location"`
	Till     string `json:"till"`
	// Reason is the source's own code; the reasons table tells the account role.
	Reason  string       `json:"reason" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Tender  string       `json:"tender,omitempty" effect:"money"`
	Cashier retail.Token `json:"cashier,omitempty"`
	// Receipt is the hash or number of the receipt's image.
	Receipt string `json:"receipt,omitempty"`
	Ext     Ext    `json:"ext,omitempty"`
}

// PaidIn is PAID_IN. Key: store·business_date·till·number.
type PaidIn PettyCash

// PaidOut is PAID_OUT. Key: store·business_date·till·number.
type PaidOut PettyCash

// CountedTender is what a drawer held of one tender, and what it should have held.
type CountedTender struct {
	Code     string       `json:"code" effect:"money"`
	Counted  money.Amount `json:"counted" effect:"money" sign:"not_negative"`
	Expected money.Amount `json:"expected" effect:"money"`
}

// TillCounted is TILL_COUNTED; over and short are P78 (V-CASH-01). Key: store·date·till·shift.
type TillCounted struct {
	Location string             `json:"location" effect:"stock" at:"location"`
	Till     string             `json:"till" effect:"money"`
	Shift    string             `json:"shift,omitempty" effect:"money"`
	Tenders  []CountedTender    `json:"tenders" effect:"money"`
	Counter  retail.Token       `json:"counter,omitempty"`
	Approver retail.PrincipalID `json:"approver,omitempty"`
	Ext      Ext                `json:"ext,omitempty"`
}

// CashDeposited is CASH_DEPOSITED: a bag on its way to the bank (P77, V-CASH-02).
// Key: the deposit slip id.
type CashDeposited struct {
	Location string `json:"location" effect:"stock" at:"location"`
	Slip     string `json:"slip" effect:"link" ref:"deposit"`
	Bag      string `json:"bag,omitempty"`
	// Account is the bank account that it is meant for.
	Account string       `json:"account,omitempty" effect:"money"`
	Tender  string       `json:"tender,omitempty" effect:"money"`
	Amount  money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Ext     Ext          `json:"ext,omitempty"`
}

// TillTotals is what the day's close says of one till.
type TillTotals struct {
	Till  string `json:"till" effect:"money"`
	First string `json:"first" effect:"money"`
	Last  string `json:"last" effect:"money"`
	Count int64  `json:"count" effect:"money"`
	// Gross and Tax are the sums of all its transactions, returns taken off.
	Gross money.Amount `json:"gross" effect:"money"`
	Tax   money.Amount `json:"tax" effect:"money"`
}

// TenderTotal is the sum of one tender of a store's day.
type TenderTotal struct {
	Code   string       `json:"code" effect:"money"`
	Amount money.Amount `json:"amount" effect:"money"`
}

// StoreDayClosed is STORE_DAY_CLOSED: the day's control totals and the gate of release (E2,
// V-SEQ-01, V-SEQ-03). Key: store·date.
type StoreDayClosed struct {
	Location string        `json:"location" effect:"stock" at:"location"`
	Tills    []TillTotals  `json:"tills" effect:"money"`
	Tenders  []TenderTotal `json:"tenders,omitempty" effect:"money"`
	// ClosedAt is when the day was closed, where the source tells it apart from the event's time.
	ClosedAt time.Time `json:"closed_at,omitempty"`
	Ext      Ext       `json:"ext,omitempty"`
}
