package event

// Kind is one version of one type of event.
type Kind struct {
	Type    Type
	Version int
	// Since is the day on which this version of the schema was published. An optional
	// member may join it later; anything else makes the next version, and the decoder of
	// this one stays.
	Since string
	// Body is an empty body.
	Body Body
}

// Kinds returns the catalogue in the order of the rule book (part A), then what Heddle
// itself needs. The code generator reads this list. The last column is the history.
func Kinds() []Kind {
	return []Kind{
		{"sale", 1, "2026-11-23", new(Sale)},
		{"return_accepted", 1, "2026-11-23", new(ReturnAccepted)},

		{"order_placed", 1, "2026-11-23", new(OrderPlaced)},
		{"reservation_made", 1, "2026-11-23", new(ReservationMade)},
		{"reservation_released", 1, "2026-11-23", new(ReservationReleased)},
		{"reservation_expired", 1, "2026-11-23", new(ReservationExpired)},
		{"allocated", 1, "2026-11-23", new(Allocated)},
		{"deallocated", 1, "2026-11-23", new(Deallocated)},
		{"picked", 1, "2026-11-23", new(Picked)},
		{"packed", 1, "2026-11-23", new(Packed)},
		{"staged", 1, "2026-11-23", new(Staged)},
		{"picked_up", 1, "2026-11-23", new(PickedUp)},
		{"fulfilled", 1, "2026-11-23", new(Fulfilled)},
		{"refund_issued", 1, "2026-11-23", new(RefundIssued)},

		{"po_received", 1, "2026-11-23", new(POReceived)},
		{"stock_adjusted", 1, "2026-11-23", new(StockAdjusted)},

		{"payment_authorised", 1, "2026-11-23", new(PaymentAuthorised)},
		{"payment_captured", 1, "2026-11-23", new(PaymentCaptured)},
		{"payment_settled", 1, "2026-11-23", new(PaymentSettled)},
		{"payout", 1, "2026-11-23", new(Payout)},
		{"bank_line", 1, "2026-11-23", new(BankLine)},

		{"reference_set", 1, "2026-11-23", new(ReferenceSet)},
		{"approval_given", 1, "2026-11-23", new(ApprovalGiven)},
		{"period_run_requested", 1, "2026-11-23", new(PeriodRunRequested)},
	}
}
