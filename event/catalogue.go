package event

import (
	"slices"
	"sync"
)

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
	// Home says how the event finds its place and legal entity.
	Home Home
	// Late lists the codes of the rule book 0.6 that apply when it comes late or out of
	// order. L4, L5 where a cost is concerned, and L7 apply to everything and are not listed.
	Late string
	// Finance lists the templates of the rule book's matrix that book it; empty for what has no
	// effect on the books by itself.
	Finance string
	// Key says what its business key is made of.
	Key string
}

// Home says how an event finds its place and legal entity.
type Home string

// The homes.
const (
	ByLocation Home = "location" // it names a location, whose row tells the entity
	ByAccount  Home = "account"  // it names an account at a processor or a marketplace
	ByBank     Home = "bank"     // it names a bank account
	BySource   Home = "source"   // the source instance itself belongs to an entity
	ByDocument Home = "document" // the order, claim or shipment that it names tells it
	Nowhere    Home = "nowhere"  // it belongs to the whole installation
)

// Kinds returns the catalogue in the order of the rule book (part A), then what Heddle
// itself needs. The code generator reads this list. The third column is the history.
//
// Derived events that move only money (true-ups, accruals, revaluation, migration) are
// outputs of booking and no events of the journal; see docs/decisions/0017.
func Kinds() []Kind {
	return slices.Concat(storeKinds(), orderKinds(), supplyKinds(), moneyKinds(), marketplaceKinds(), governingKinds())
}

// storeKinds are part A4: store sales and cash.
func storeKinds() []Kind {
	return []Kind{
		{"sale", 1, "2026-11-23", new(Sale), ByLocation, "L0 L6", "P01 P02", "store·business_date·till·number"},
		{"txn_voided", 1, "2026-11-23", new(TxnVoided), ByLocation, "L0", "", "store·business_date·till·number"},
		{"post_void", 1, "2026-11-23", new(PostVoid), ByLocation, "L1 L3", "P03", "store·business_date·till·number"},
		{"control_txn", 1, "2026-11-23", new(ControlTxn), ByLocation, "L0", "", "store·business_date·till·number"},
		{"return_accepted", 1, "2026-11-23", new(ReturnAccepted), ByLocation, "L1 L6", "P04 P05", "transaction·line, or RMA·line"},
		{"return_no_receipt", 1, "2026-11-23", new(ReturnNoReceipt), ByLocation, "L0", "P07", "transaction·line"},
		{"exchange", 1, "2026-11-23", new(Exchange), ByLocation, "L1", "P06", "store·business_date·till·number"},
		{"price_adjusted", 1, "2026-11-23", new(PriceAdjusted), BySource, "L1", "P22", "adjustment id"},
		{"gift_card_sold", 1, "2026-11-23", new(GiftCardSold), ByLocation, "L0", "P08 P11", "transaction·line"},
		{"gift_card_reloaded", 1, "2026-11-23", new(GiftCardReloaded), ByLocation, "L0", "P08 P11", "transaction·line"},
		{"gift_card_redeemed", 1, "2026-11-23", new(GiftCardRedeemed), BySource, "L1", "P09", "tender reference"},
		{"gift_card_adjusted", 1, "2026-11-23", new(GiftCardAdjusted), BySource, "L0", "P10", "issuer's reference"},
		{"gift_card_expired", 1, "2026-11-23", new(GiftCardExpired), BySource, "L0", "P12", "issuer's reference"},
		{"store_credit_issued", 1, "2026-11-23", new(StoreCreditIssued), ByLocation, "L0", "P07", "credit number"},
		{"store_credit_used", 1, "2026-11-23", new(StoreCreditUsed), ByLocation, "L0", "", "credit number·use"},
		{"layaway_opened", 1, "2026-11-23", new(LayawayOpened), ByLocation, "L2", "P13", "layaway number"},
		{"layaway_payment", 1, "2026-11-23", new(LayawayPayment), ByLocation, "L1", "P13", "layaway number·seq"},
		{"layaway_completed", 1, "2026-11-23", new(LayawayCompleted), ByLocation, "L2", "P14 P02", "layaway number·final"},
		{"layaway_cancelled", 1, "2026-11-23", new(LayawayCancelled), ByLocation, "L3", "P15", "layaway number·cancel"},
		{"paid_in", 1, "2026-11-23", new(PaidIn), ByLocation, "L0", "P82", "store·business_date·till·number"},
		{"paid_out", 1, "2026-11-23", new(PaidOut), ByLocation, "L0", "P82", "store·business_date·till·number"},
		{"till_counted", 1, "2026-11-23", new(TillCounted), ByLocation, "L1", "P78", "store·date·till·shift"},
		{"cash_deposited", 1, "2026-11-23", new(CashDeposited), ByLocation, "L0", "P77", "deposit slip id"},
		{"store_day_closed", 1, "2026-11-23", new(StoreDayClosed), ByLocation, "L7", "", "store·date"},
	}
}

// orderKinds are part A5: orders and fulfilment.
func orderKinds() []Kind {
	return []Kind{
		{"order_placed", 1, "2026-11-23", new(OrderPlaced), BySource, "L2", "", "order number"},
		{"order_modified", 1, "2026-11-23", new(OrderModified), BySource, "L2 L7", "P20", "order number·change"},
		{"reservation_made", 1, "2026-11-23", new(ReservationMade), ByLocation, "L2", "", "reservation id"},
		{"reservation_released", 1, "2026-11-23", new(ReservationReleased), ByDocument, "L2 L3", "", "reservation id·seq"},
		{"reservation_expired", 1, "2026-11-23", new(ReservationExpired), ByDocument, "L2 L3", "", "reservation id·deadline"},
		{"allocated", 1, "2026-11-23", new(Allocated), ByLocation, "L2", "", "allocation id"},
		{"deallocated", 1, "2026-11-23", new(Deallocated), ByLocation, "L2", "", "allocation id"},
		{"picked", 1, "2026-11-23", new(Picked), ByLocation, "L2", "", "task id·step"},
		{"packed", 1, "2026-11-23", new(Packed), ByLocation, "L2", "", "task id·step"},
		{"staged", 1, "2026-11-23", new(Staged), ByLocation, "L2", "", "task id·step"},
		{"pick_shorted", 1, "2026-11-23", new(PickShorted), ByLocation, "L2", "", "task id·short"},
		{"ready_for_pickup", 1, "2026-11-23", new(ReadyForPickup), ByDocument, "L2", "", "order number·shipment"},
		{"picked_up", 1, "2026-11-23", new(PickedUp), ByLocation, "L1 L6", "P17 P02", "shipment id, or the till's transaction"},
		{"pickup_expired", 1, "2026-11-23", new(PickupExpired), ByDocument, "L3", "P20", "shipment id"},
		{"fulfilled", 1, "2026-11-23", new(Fulfilled), ByLocation, "L1 L6", "P17 P02", "fulfilment id"},
		{"shipped", 1, "2026-11-23", new(Shipped), ByLocation, "L1 L6", "P17 P02 P18", "shipment id"},
		{"delivered", 1, "2026-11-23", new(Delivered), ByDocument, "L2", "P19", "shipment id·delivery"},
		{"delivery_failed", 1, "2026-11-23", new(DeliveryFailed), ByDocument, "L3", "P19", "shipment id·exception"},
		{"returned_to_sender", 1, "2026-11-23", new(ReturnedToSender), ByLocation, "L3", "P04 P05", "shipment id·exception"},
		{"line_cancelled", 1, "2026-11-23", new(LineCancelled), ByDocument, "L3", "P20", "order number·line·cancel seq"},
		{"order_cancelled", 1, "2026-11-23", new(OrderCancelled), ByDocument, "L3", "P20", "order number·cancel seq"},
		{"substituted", 1, "2026-11-23", new(Substituted), ByDocument, "L2", "P20", "order number·line·sub"},
		{"rma_created", 1, "2026-11-23", new(RMACreated), ByDocument, "L2", "", "RMA number"},
		{"refund_issued", 1, "2026-11-23", new(RefundIssued), ByAccount, "L0", "P21", "refund id"},
	}
}

// supplyKinds are part A6: supply and inventory.
func supplyKinds() []Kind {
	return []Kind{
		{"po_approved", 1, "2026-11-23", new(POApproved), ByLocation, "L2", "", "purchase order·line"},
		{"po_changed", 1, "2026-11-23", new(POChanged), ByLocation, "L2", "", "purchase order·line·version"},
		{"asn_received", 1, "2026-11-23", new(ASNReceived), ByLocation, "L1", "P33", "ASN number·line"},
		{"po_received", 1, "2026-11-23", new(POReceived), ByLocation, "L1 L6", "P30 P31", "receipt number·line"},
		{"receipt_discrepancy", 1, "2026-11-23", new(ReceiptDiscrepancy), ByLocation, "L1", "P30 P35", "receipt number·line·disc"},
		{"receipt_reversed", 1, "2026-11-23", new(ReceiptReversed), ByLocation, "L1", "P30", "receipt number·line·rev"},
		{"qc_released", 1, "2026-11-23", new(QCReleased), ByLocation, "L0", "", "inspection id"},
		{"qc_rejected", 1, "2026-11-23", new(QCRejected), ByLocation, "L0", "", "inspection id"},
		{"vendor_invoice", 1, "2026-11-23", new(VendorInvoice), BySource, "L0", "P32 P34", "vendor·invoice·line"},
		{"landed_cost_invoice", 1, "2026-11-23", new(LandedCostInvoice), BySource, "L0", "P33", "vendor·invoice·type"},
		{"vendor_return_shipped", 1, "2026-11-23", new(VendorReturnShipped), ByLocation, "L1", "P35", "RTV number·line"},
		{"vendor_credit_memo", 1, "2026-11-23", new(VendorCreditMemo), BySource, "L0", "P36", "vendor·credit memo"},
		{"transfer_requested", 1, "2026-11-23", new(TransferRequested), ByLocation, "L2", "", "transfer·line"},
		{"transfer_cancelled", 1, "2026-11-23", new(TransferCancelled), ByLocation, "L2", "", "transfer·line·cancel"},
		{"transfer_shipped", 1, "2026-11-23", new(TransferShipped), ByLocation, "L0 L6", "P40 P43 P44", "transfer·shipment·line"},
		{"transfer_received", 1, "2026-11-23", new(TransferReceived), ByLocation, "L0 L5 L6", "P41 P43", "transfer·receipt·line"},
		{"transfer_discrepancy_resolved", 1, "2026-11-23", new(TransferDiscrepancyResolved), ByLocation, "L1", "P42", "transfer·line·res"},
		{"count_started", 1, "2026-11-23", new(CountStarted), ByLocation, "L6", "", "count id"},
		{"count_adjusted", 1, "2026-11-23", new(CountAdjusted), ByLocation, "L6", "P50", "count id·line"},
		{"stock_adjusted", 1, "2026-11-23", new(StockAdjusted), ByLocation, "L0", "P51", "adjustment id·line"},
		{"damaged", 1, "2026-11-23", new(Damage), ByLocation, "L0", "", "adjustment id·line"},
		{"undamaged", 1, "2026-11-23", new(Undamage), ByLocation, "L0", "", "adjustment id·line"},
		{"shrink", 1, "2026-11-23", new(Shrink), ByLocation, "L0", "P51", "case id·line"},
		{"written_off", 1, "2026-11-23", new(WrittenOff), ByLocation, "L0", "P53", "disposal id·line"},
		{"destroyed", 1, "2026-11-23", new(Destroyed), ByLocation, "L0", "P53", "disposal id·line"},
		{"donated", 1, "2026-11-23", new(Donated), ByLocation, "L0", "P54", "donation id·line"},
		{"kit_assembled", 1, "2026-11-23", new(KitAssembled), ByLocation, "L0 L5", "P55", "work order"},
		{"kit_disassembled", 1, "2026-11-23", new(KitDisassembled), ByLocation, "L0 L5", "P55", "work order"},
		{"repacked", 1, "2026-11-23", new(Repacked), ByLocation, "L0 L5", "P55", "work order"},
		{"consignment_received", 1, "2026-11-23", new(ConsignmentReceived), ByLocation, "L0", "", "receipt number·line"},
		{"consignment_returned", 1, "2026-11-23", new(ConsignmentReturned), ByLocation, "L0", "", "receipt number·line"},
		{"consigned_out_moved", 1, "2026-11-23", new(ConsignedOutMoved), ByLocation, "L1", "", "document·line"},
		{"consigned_out_sold", 1, "2026-11-23", new(ConsignedOutSold), ByLocation, "L1", "P01 P02", "document·line"},
		{"cost_changed", 1, "2026-11-23", new(CostChanged), BySource, "L8", "P56", "item·scope·effective_from"},
		{"price_changed", 1, "2026-11-23", new(PriceChanged), BySource, "L8", "", "item·location·effective_from"},
		{"markdown", 1, "2026-11-23", new(Markdown), BySource, "L8", "", "item·location·effective_from"},
		{"nrv_written_down", 1, "2026-11-23", new(NRVWrittenDown), BySource, "L1", "P57", "run·item·scope"},
		{"nrv_reversed", 1, "2026-11-23", new(NRVReversed), BySource, "L1", "P57", "run·item·scope"},
		{"3pl_adjusted", 1, "2026-11-23", new(ThirdPartyAdjusted), ByLocation, "L0", "P58", "3PL reference·line"},
		{"3pl_snapshot", 1, "2026-11-23", new(ThirdPartySnapshot), ByLocation, "L8", "", "location·as_of·seq"},
		{"mp_snapshot", 1, "2026-11-23", new(MPSnapshot), ByLocation, "L8", "", "location·as_of·seq"},
	}
}

// moneyKinds are part A7: payments, treasury, tax, ERP.
func moneyKinds() []Kind {
	return []Kind{
		{"payment_authorised", 1, "2026-11-23", new(PaymentAuthorised), ByAccount, "L2", "", "processor·authorisation id"},
		{"auth_expired", 1, "2026-11-23", new(AuthExpired), ByAccount, "L2", "", "processor·authorisation id·op"},
		{"payment_voided", 1, "2026-11-23", new(PaymentVoided), ByAccount, "L2", "", "processor·authorisation id·op"},
		{"payment_captured", 1, "2026-11-23", new(PaymentCaptured), ByAccount, "L0", "P16", "processor·capture id"},
		{"payment_failed", 1, "2026-11-23", new(PaymentFailed), ByAccount, "L1", "P81", "processor·reference"},
		{"payment_returned", 1, "2026-11-23", new(PaymentReturned), ByAccount, "L1", "P81", "processor·reference"},
		{"payment_settled", 1, "2026-11-23", new(PaymentSettled), ByAccount, "L0", "P70 P71 P74 P79", "processor·settlement·reference"},
		{"processor_fee", 1, "2026-11-23", new(ProcessorFee), ByAccount, "L0", "P71", "processor·fee id"},
		{"chargeback_opened", 1, "2026-11-23", new(ChargebackOpened), ByAccount, "L2", "P75", "dispute id·stage"},
		{"chargeback_won", 1, "2026-11-23", new(ChargebackWon), ByAccount, "L2", "P75", "dispute id·stage"},
		{"chargeback_lost", 1, "2026-11-23", new(ChargebackLost), ByAccount, "L2", "P75", "dispute id·stage"},
		{"chargeback_prearb", 1, "2026-11-23", new(ChargebackPrearb), ByAccount, "L2", "", "dispute id·stage"},
		{"reserve_held", 1, "2026-11-23", new(ReserveHeld), ByAccount, "L0", "P76", "processor·reserve id"},
		{"reserve_released", 1, "2026-11-23", new(ReserveReleased), ByAccount, "L0", "P76", "processor·reserve id"},
		{"payout", 1, "2026-11-23", new(Payout), ByAccount, "L0", "P72", "processor·payout id"},
		{"bank_line", 1, "2026-11-23", new(BankLine), ByBank, "L0", "P73 P80", "account·statement·line"},
		{"invoice", 1, "2026-11-23", new(Invoice), BySource, "L1", "P17", "entity·invoice number"},
		{"credit_memo", 1, "2026-11-23", new(CreditMemo), BySource, "L1", "P04", "entity·credit memo number"},
		{"coupon_settled", 1, "2026-11-23", new(CouponSettled), BySource, "L0", "A7", "batch·vendor"},
		{"tax_quoted", 1, "2026-11-23", new(TaxQuoted), BySource, "L8", "", "document code"},
		{"tax_committed", 1, "2026-11-23", new(TaxCommitted), BySource, "L1", "", "document code"},
		{"tax_adjusted", 1, "2026-11-23", new(TaxAdjusted), BySource, "L1 L3", "P04 P22", "document code·adjustment"},
		{"tax_refunded", 1, "2026-11-23", new(TaxRefunded), BySource, "L1 L3", "P04 P22", "document code·adjustment"},
		{"erp_ack", 1, "2026-11-23", new(ERPAck), BySource, "L0", "", "batch·line"},
		{"erp_reject", 1, "2026-11-23", new(ERPReject), BySource, "L0", "", "batch·line"},
		{"fx_rate", 1, "2026-11-23", new(FXRate), Nowhere, "L8", "", "pair·type·date"},
	}
}

// marketplaceKinds are part A8: marketplaces, and what the owner derives.
func marketplaceKinds() []Kind {
	return []Kind{
		{"mp_order", 1, "2026-11-23", new(MPOrder), ByAccount, "L2", "", "marketplace·order id"},
		{"mp_shipped", 1, "2026-11-23", new(MPShipped), ByLocation, "L0", "P85 P02", "marketplace·shipment item id"},
		{"mp_returned", 1, "2026-11-23", new(MPReturned), ByLocation, "L1", "P86 P05", "marketplace·return id·line"},
		{"mp_fees", 1, "2026-11-23", new(MPFees), ByAccount, "L0", "P87", "marketplace·settlement·line"},
		{"mp_advertising", 1, "2026-11-23", new(MPAdvertising), ByAccount, "L0", "P87", "marketplace·settlement·line"},
		{"mp_storage", 1, "2026-11-23", new(MPStorage), ByAccount, "L0", "P87", "marketplace·settlement·line"},
		{"mp_reimbursement", 1, "2026-11-23", new(MPReimbursement), ByAccount, "L0", "P88", "marketplace·case id"},
		{"mp_settlement_closed", 1, "2026-11-23", new(MPSettlementClosed), ByAccount, "L1", "P72 P76", "marketplace·settlement id"},
		{"count_recomputed", 1, "2026-11-23", new(CountRecomputed), ByLocation, "L6", "P50", "count id·line·rev"},
	}
}

// governingKinds are what governs the rest.
func governingKinds() []Kind {
	return []Kind{
		{"reference_set", 1, "2026-11-23", new(ReferenceSet), Nowhere, "", "", "table·key·effective_from"},
		{"approval_given", 1, "2026-11-23", new(ApprovalGiven), Nowhere, "", "", "subject·person"},
		{"period_run_requested", 1, "2026-11-23", new(PeriodRunRequested), Nowhere, "", "P92", "entity·period·run"},
		{"lines_released", 1, "2026-11-23", new(LinesReleased), Nowhere, "", "", "position of the reference_set·part"},
	}
}

// Lookup returns the newest version of a type.
func Lookup(t Type) (Kind, bool) {
	k, ok := newest()[t]
	return k, ok
}

var newest = sync.OnceValue(func() map[Type]Kind {
	out := map[Type]Kind{}
	for _, k := range Kinds() {
		if k.Version > out[k.Type].Version {
			out[k.Type] = k
		}
	}
	return out
})
