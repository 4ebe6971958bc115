package progress

import (
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Object is a kind of thing that goes through stages.
type Object string

// The objects of the rule book's A9.
const (
	OrderLine    Object = "order_line"
	Payment      Object = "payment"
	Dispute      Object = "dispute"
	TransferLine Object = "transfer_line"
	PurchaseLine Object = "purchase_line"
	Layaway      Object = "layaway"
)

// Stage is a rank or an end of an object, by the rule book's name.
type Stage string

// The stages. A pickup is both Shipped and Delivered: the goods have left, and are the
// customer's.
const (
	Placed    Stage = "PLACED"
	Reserved  Stage = "RESERVED"
	Allocated Stage = "ALLOCATED"
	Picked    Stage = "PICKED"
	Packed    Stage = "PACKED"
	Staged    Stage = "STAGED"
	Shipped   Stage = "SHIPPED"
	Delivered Stage = "DELIVERED"
	Cancelled Stage = "CANCELLED"
	Returned  Stage = "RETURNED"

	Authorised Stage = "AUTHORISED"
	Captured   Stage = "CAPTURED"
	Settled    Stage = "SETTLED"
	PaidOut    Stage = "PAID_OUT"
	Voided     Stage = "VOIDED"
	Expired    Stage = "EXPIRED"
	Failed     Stage = "FAILED"
	// Refunded and Disputed are what the child objects of a payment claim back of it. A
	// dispute that was won is taken off again.
	Refunded Stage = "REFUNDED"
	Disputed Stage = "DISPUTED"

	Inquiry  Stage = "INQUIRY"
	Opened   Stage = "OPENED"
	Evidence Stage = "EVIDENCE"
	PreArb   Stage = "PREARB"
	Won      Stage = "WON"
	Lost     Stage = "LOST"

	Requested Stage = "REQUESTED"
	Received  Stage = "RECEIVED"

	Approved    Stage = "APPROVED"
	ASN         Stage = "ASN"
	Invoiced    Stage = "INVOICED"
	ClosedShort Stage = "CLOSED_SHORT"

	Paying    Stage = "PAYING"
	Completed Stage = "COMPLETED"
)

// table is what the rule book says of one kind of object.
type table struct {
	ranks    []Stage // from the lowest
	ends     []Stage
	children []Stage
	rules    []rule
}

// tables are A9. The ranks stand in their order; their numbers are the rule book's own. Two
// of its conflicts need no counters: an allocation after its claim has expired is decided by
// package stock, and a delivery that comes before its shipment waits for it.
var tables = map[Object]*table{
	OrderLine: {
		// 10, 20, 30, 40, 45, 50, 60, 80
		ranks: []Stage{Placed, Reserved, Allocated, Picked, Packed, Staged, Shipped, Delivered},
		ends:  []Stage{Cancelled, Returned},
		rules: []rule{
			{code: fault.ReturnIntent, wins: Shipped, loses: Cancelled, when: noRoom, of: Placed, back: Returned},
		},
	},
	Payment: {
		// 10, 20, 30, 40
		ranks:    []Stage{Authorised, Captured, Settled, PaidOut},
		ends:     []Stage{Expired, Voided, Failed},
		children: []Stage{Refunded, Disputed},
		rules: []rule{
			{code: fault.VoidRefused, wins: Settled, loses: Voided, when: noRoom},
			{code: fault.CaptureTooMuch, wins: Captured, loses: Voided, when: noRoomUnlessLater},
			{wins: Captured, loses: Expired, when: noRoom}, // of what was left, told by its whole
			{code: fault.RefundDisputed, wins: Disputed, loses: Refunded, when: both},
		},
	},
	Dispute: {
		// 5, 10, 20, 30
		ranks: []Stage{Inquiry, Opened, Evidence, PreArb},
		ends:  []Stage{Won, Lost},
		rules: []rule{
			{wins: PreArb, loses: Won, when: reopened},
			{wins: PreArb, loses: Lost, when: reopened},
		},
	},
	TransferLine: {
		// 10, 30, 50
		ranks: []Stage{Requested, Shipped, Received},
		ends:  []Stage{Lost, Cancelled},
		rules: []rule{
			{code: fault.ReturnIntent, wins: Shipped, loses: Cancelled, when: noRoom, of: Requested},
			{code: fault.Overage, wins: Received, loses: Shipped, when: more},
		},
	},
	PurchaseLine: {
		// 10, 20, 40, 60
		ranks: []Stage{Approved, ASN, Received, Invoiced},
		ends:  []Stage{ClosedShort, Cancelled},
		rules: []rule{
			{code: fault.ReceiptUnordered, wins: Received, loses: ClosedShort, when: noRoom, of: Approved},
			{code: fault.ReceiptUnordered, wins: Received, loses: Cancelled, when: noRoom, of: Approved},
			{code: fault.ReceiptUnordered, wins: Received, loses: Approved, when: without},
			{code: fault.ReceiptTooMuch, wins: Received, loses: Approved, when: more, percent: 5, most: int64(10 * retail.One)},
		},
	},
	Layaway: {
		// 10, 20
		ranks: []Stage{Opened, Paying},
		ends:  []Stage{Cancelled, Completed},
		rules: []rule{
			{code: fault.ReturnIntent, wins: Completed, loses: Cancelled, when: both},
		},
	},
}

// index returns the place of a stage in the table, −1 if it has none.
func (t *table) index(s Stage) int {
	start := 0
	for _, part := range [...][]Stage{t.ranks, t.ends, t.children} {
		if i := slices.Index(part, s); i >= 0 {
			return start + i
		}
		start += len(part)
	}
	return -1
}
