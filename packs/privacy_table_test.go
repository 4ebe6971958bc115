package packs

import (
	"slices"
	"testing"
)

// privacyCase is a case of a pack, how it arrives, and the places of its payload that can be
// seen in what comes of it.
type privacyCase struct {
	pack, file, topic, name string
	leaves                  func(testing.TB, []byte) []leaf
	want                    string
}

func privacyCases() []privacyCase {
	return slices.Concat(shopPrivacyCases(), squarePrivacyCases(), amazonPrivacyCases(), x12PrivacyCases(), []privacyCase{
		{stripe, "charge-captured.txt", "", "", jsonLeaves, "data.object.id data.object.metadata.order_id id"},
		{stripe, "refund.txt", "", "", jsonLeaves, "data.object.charge data.object.id data.object.metadata.order_id data.object.metadata.return_id id"},
		{stripe, "payout.txt", "", "", jsonLeaves, "data.object.id data.object.trace_id.value id"},
		{stripe, "payout-reconciliation.txt", "", "", csvLeaves, "automatic_payout_id balance_transaction_id source_id"},
		{poslog, "sale.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Sale/ItemID LineItem/Sale/Quantity@UnitOfMeasureCode LineItem/Sale/Tax/TaxAuthority LineItem/SequenceNumber LineItem/Tender@TenderType LineItem/TenderChange@TenderType SequenceNumber WorkstationID"},
		{poslog, "pickup.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/PreviousCustomerOrder/InventoryReservationID LineItem/PreviousCustomerOrder/ItemID LineItem/SequenceNumber SequenceNumber WorkstationID"},
		{poslog, "return.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Return/ItemID LineItem/Return/Tax/TaxAuthority LineItem/Return/TransactionLink/BusinessUnit LineItem/Return/TransactionLink/LineItemSequenceNumber LineItem/Return/TransactionLink/SequenceNumber LineItem/Return/TransactionLink/WorkstationID LineItem/SequenceNumber LineItem/Tender@TenderType SequenceNumber WorkstationID"},
		{poslog, "drawer.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID SequenceNumber TenderControlTransaction/Deposit/Account TenderControlTransaction/Deposit/BagID TenderControlTransaction/Deposit/DepositDetail/TenderTotals@TenderType TenderControlTransaction/PaidIn/Reason TenderControlTransaction/PaidIn/TenderID@TenderType TenderControlTransaction/PaidOut/Reason TenderControlTransaction/TenderLoan/Totals/TenderTotals@TenderType TenderControlTransaction/TenderPickup/Tender/TenderTotal@TenderType WorkstationID"},
		{poslog, "till-settled.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID SequenceNumber TenderControlTransaction/Shift TenderControlTransaction/TillSettle/TenderSummary/Ending@TenderType WorkstationID"},
		{poslog, "day-closed.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID ControlTransaction/BusinessEOD/CloseTransactionSequenceNumber ControlTransaction/BusinessEOD/OpenTransactionSequenceNumber ControlTransaction/BusinessEOD/SessionSettle/TenderSummary/Sales@TenderType SequenceNumber WorkstationID"},
		{poslog, "gift-card.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Sale/ItemID LineItem/SequenceNumber LineItem/StoredValueFund@TypeCode LineItem/Tender@TenderType LineItem/TenderChange@TenderType SequenceNumber WorkstationID"},
		{poslog, "layaway.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Layaway/ItemID LineItem/SequenceNumber LineItem/Tender@TenderType SequenceNumber WorkstationID"},
		{poslog, "control.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID SequenceNumber WorkstationID"},
		{poslog, "post-void.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID SequenceNumber TransactionLink/BusinessUnit TransactionLink/SequenceNumber TransactionLink/WorkstationID WorkstationID"},
		{poslog, "voided.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Sale/ItemID LineItem/SequenceNumber SequenceNumber WorkstationID"},
		{poslog, "return-blind.txt", "", "", xmlLeaves,
			"BusinessUnit/UnitID LineItem/Return/ItemID LineItem/Return/TransactionLink/BusinessUnit LineItem/Return/TransactionLink/LineItemSequenceNumber LineItem/Return/TransactionLink/SequenceNumber LineItem/Return/TransactionLink/WorkstationID LineItem/SequenceNumber LineItem/Tender@TenderType SequenceNumber WorkstationID"},
		{camt053, "statement-v8.txt", "", "", xmlLeaves, "Acct/Id/IBAN Id Ntry/AcctSvcrRef Ntry/NtryDtls/TxDtls/Refs/EndToEndId"},
		{adyen, "authorisation.txt", "", "", jsonLeaves,
			"notificationItems.NotificationRequestItem.merchantAccountCode notificationItems.NotificationRequestItem.merchantReference notificationItems.NotificationRequestItem.paymentMethod notificationItems.NotificationRequestItem.pspReference"},
		{adyen, "refund.txt", "", "", jsonLeaves,
			"notificationItems.NotificationRequestItem.merchantAccountCode notificationItems.NotificationRequestItem.originalReference notificationItems.NotificationRequestItem.paymentMethod notificationItems.NotificationRequestItem.pspReference"},
		{adyen, "chargeback.txt", "", "", jsonLeaves,
			"notificationItems.NotificationRequestItem.additionalData.chargebackReasonCode notificationItems.NotificationRequestItem.merchantAccountCode notificationItems.NotificationRequestItem.originalReference notificationItems.NotificationRequestItem.pspReference"},
		{adyen, "settlement.txt", "", "", csvLeaves,
			"Batch Number Merchant Account Modification Reference Payment Method Psp Reference"},
		{adyen, "settlement-fees.txt", "", "", csvLeaves,
			"Batch Number Merchant Account Modification Reference"},
		{adyenPlatform, "payout.txt", "", "", jsonLeaves,
			"data.balanceAccount.id data.id"},
		{csvPack, "opening.txt", "", "opening-2026-11-20.csv", csvLeaves, "item location"},
		{csvPack, "sales.txt", "", "", csvLeaves, "invoice item"},
		{csvPack, "sales-returned.txt", "", "", csvLeaves, "invoice item"},
		{csvPack, "transfers.txt", "", "", csvLeaves, "from item line shipment to transfer"},
		{csvPack, "transfers-received.txt", "", "", csvLeaves, "from item line receipt to transfer"},
		{csvPack, "receipts.txt", "", "", csvLeaves, "item location lot purchase_order receipt unit vendor"},
		{csvPack, "counts.txt", "", "", csvLeaves, "count item"},
		{csvPack, "adjustments.txt", "", "", csvLeaves, "adjustment item location reason"},
		{csvPack, "costs.txt", "", "", csvLeaves, "item location"},
	})
}

func squarePrivacyCases() []privacyCase {
	return []privacyCase{
		{square, "payment-completed.txt", "", "", jsonLeaves,
			"data.object.payment.id data.object.payment.order_id data.object.payment.source_type event_id"},
		{square, "refund-completed.txt", "", "", jsonLeaves,
			"data.object.refund.destination_type data.object.refund.id data.object.refund.order_id data.object.refund.payment_id event_id"},
		{square, "dispute-created.txt", "", "", jsonLeaves,
			"data.object.dispute.dispute_id data.object.dispute.disputed_payment.payment_id data.object.dispute.reason event_id"},
		{square, "payout-paid.txt", "", "", jsonLeaves,
			"data.object.payout.end_to_end_id data.object.payout.id event_id"},
		{square, "entry-charge.txt", "payout_entry", "", jsonLeaves,
			"id payout_id type_charge_details.payment_id"},
		{square, "sale.txt", "order", "", jsonLeaves,
			"discounts.catalog_object_id id line_items.applied_discounts.discount_uid line_items.catalog_object_id line_items.uid location_id taxes.name tenders.payment_id tenders.type"},
		{square, "shipment-in-parts.txt", "order", "", jsonLeaves,
			"discounts.catalog_object_id fulfillments.shipment_details.carrier fulfillments.uid id line_items.applied_discounts.discount_uid line_items.catalog_object_id location_id taxes.name"},
		{square, "return.txt", "order", "", jsonLeaves,
			"id location_id returns.return_line_items.catalog_object_id returns.return_line_items.source_line_item_uid returns.return_line_items.uid returns.return_taxes.name returns.source_order_id"},
		{square, "count.txt", "", "", jsonLeaves,
			"data.object.inventory_counts.catalog_object_id data.object.inventory_counts.location_id event_id"},
		{square, "change-received.txt", "inventory_change", "", jsonLeaves,
			"adjustment.catalog_object_id adjustment.goods_receipt_id adjustment.id adjustment.location_id adjustment.purchase_order_id"},
		{square, "drawer-counted.txt", "drawer_shift", "", jsonLeaves, "id"},
		{square, "drawer-paid-out.txt", "drawer_event", "", jsonLeaves, "id"},
	}
}
