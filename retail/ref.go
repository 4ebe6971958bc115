package retail

import "strings"

// RefType says what kind of document a reference names, and in whose numbering.
type RefType string

// The reference types. A type and an id together are unique in an installation.
const (
	RefOrder       RefType = "order"            // an OrderID
	RefOrderLine   RefType = "order_line"       // OrderID·line
	RefShopOrder   RefType = "shop_order"       // the shop's id of the order
	RefShopLine    RefType = "shop_order_line"  // the shop's id of the order line
	RefOrderName   RefType = "order_name"       // instance/name, what the customer is told
	RefReservation RefType = "reservation"      // the claim's id
	RefTask        RefType = "task"             // a warehouse or store task
	RefTill        RefType = "till_transaction" // store·business_date·till·number
	RefTillLine    RefType = "till_line"        // store·business_date·till·number·line
	RefPayment     RefType = "payment"          // processor·charge id
	RefRefund      RefType = "refund"           // processor·refund id
	RefReturn      RefType = "return"           // the return's own key, as the system that accepted it names it
	RefPayout      RefType = "payout"           // processor·payout id
	RefTrace       RefType = "payout_trace"     // what the bank repeats of a payout
	RefPurchase    RefType = "purchase_order"   // the purchase order's number
	RefReceipt     RefType = "receipt"          // the goods receipt's number
	RefShipment    RefType = "shipment"         // the shipment's id in its system
	RefBankLine    RefType = "bank_line"        // account·statement·entry
	RefDispute     RefType = "dispute"          // processor·dispute id
	RefSettlement  RefType = "settlement"       // marketplace·settlement id
	RefLayaway     RefType = "layaway"          // the plan's number
	RefCredit      RefType = "store_credit"     // the store credit's number
	RefDeposit     RefType = "deposit"          // the deposit slip's id
	RefTransfer    RefType = "transfer"         // the transfer's number
	RefCount       RefType = "count"            // the count's id
	RefASN         RefType = "asn"              // the advance ship notice's number
	RefInvoice     RefType = "invoice"          // the number of an invoice or credit memo to a customer
	RefVendorBill  RefType = "vendor_invoice"   // the vendor's invoice number
	RefVendorMemo  RefType = "vendor_credit"    // the vendor's credit memo number
	RefRTV         RefType = "vendor_return"    // the return to a vendor
	RefTaxDocument RefType = "tax_document"     // the tax engine's document code
	RefBatch       RefType = "batch"            // a batch of entries
	RefEntry       RefType = "entry"            // an entry id
	RefDocument    RefType = "document"         // a file or form that brought several facts
	RefReference   RefType = "reference"        // table·key of a row of reference data
)

// Sep separates the parts of a composed key or reference, as the rule book prints it.
const Sep = "·"

// Ref names a document by type and id. The zero Ref names nothing.
type Ref struct {
	Type RefType `json:"type"`
	ID   string  `json:"id"`
}

// IsZero reports whether the reference names nothing.
func (r Ref) IsZero() bool { return r == Ref{} }

// String returns "type:id".
func (r Ref) String() string { return string(r.Type) + ":" + r.ID }

// ParseRef reads what String prints.
func ParseRef(s string) (Ref, bool) {
	t, id, ok := strings.Cut(s, ":")
	return Ref{Type: RefType(t), ID: id}, ok && t != "" && id != ""
}

// Key joins the parts of a composed business key or reference.
func Key(parts ...string) string { return strings.Join(parts, Sep) }
