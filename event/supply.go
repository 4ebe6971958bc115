package event

import (
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Bucket is where stock stands, or a claim on it (rule book A1).
type Bucket string

// The buckets.
const (
	Sellable       Bucket = "SELLABLE"
	QCHold         Bucket = "QC_HOLD"
	Damaged        Bucket = "DAMAGED"
	Reserved       Bucket = "RESERVED"
	AllocatedStock Bucket = "ALLOCATED"
	// Consigned is a vendor's stock on the premises, CONSIGNED_IN.
	Consigned Bucket = "CONSIGNED"
	// The pipeline: InTransit between own locations or from a vendor, reported at the
	// destination by shipment; ShippedNotDelivered with a carrier to a customer; OnOrder
	// of open purchase orders.
	InTransit           Bucket = "IN_TRANSIT"
	ShippedNotDelivered Bucket = "SHIPPED_NOT_DELIVERED"
	OnOrder             Bucket = "ON_ORDER"
)

// Ownership says whose the goods are (rule book A1); OWNED is what it is where nothing is said.
type Ownership string

// The ownerships.
const (
	ConsignedIn   Ownership = "CONSIGNED_IN"
	ConsignedOut  Ownership = "CONSIGNED_OUT"
	CustomerOwned Ownership = "CUSTOMER_OWNED"
)

// POReceived is PO_RECEIVED: goods that a vendor sent are in the house (P30). Key: receipt no·line.
type POReceived struct {
	Receipt string `json:"receipt" effect:"link"`
	Line    string `json:"line" effect:"link"`
	// Purchase is the purchase order's line, or the order where lines are not told; ASN is the
	// notice that announced it, where title passed on shipment.
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	ASN      retail.Ref      `json:"asn,omitempty" effect:"link"`
	Vendor   string          `json:"vendor,omitempty" effect:"money"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Rejected is what arrived and was refused at the door: it never becomes stock.
	Rejected retail.Quantity `json:"rejected,omitempty" sign:"positive"`
	Lot      string          `json:"lot,omitempty" effect:"stock"`
	// Bucket is SELLABLE or QC_HOLD; empty means SELLABLE.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	// Value is the cost of the whole line by the purchase order. A warehouse that knows no
	// costs leaves it out; the purchase order tells it then.
	Value *money.Amount `json:"value,omitempty" effect:"money"`
	// ZeroCostOK says that a value of zero is meant (V-COST-02).
	ZeroCostOK bool `json:"zero_cost_ok,omitempty" effect:"money"`
	Ext        Ext  `json:"ext,omitempty"`
}

// PurchaseLine is a line of a purchase order as it stands now, not what changed.
type PurchaseLine struct {
	// Order and Line together are the reference "purchase_order" of receipts and notices.
	Order    string       `json:"order" effect:"link"`
	Line     string       `json:"line" effect:"link"`
	Aliases  []retail.Ref `json:"aliases,omitempty" effect:"link"`
	Vendor   string       `json:"vendor" effect:"money"`
	Item     string       `json:"item" effect:"stock"`
	Location string       `json:"location" effect:"stock" at:"location"`
	Quantity Level        `json:"quantity" effect:"stock"`
	Unit     retail.Unit  `json:"unit,omitempty" effect:"stock"`
	// Cost is the price of the whole line, without tax.
	Cost     *money.Amount `json:"cost,omitempty" effect:"money" sign:"not_negative"`
	Incoterm string        `json:"incoterm,omitempty" effect:"money"`
	// ETA is when the goods are expected at the location.
	ETA retail.Date `json:"eta,omitempty" effect:"stock"`
	Ext Ext         `json:"ext,omitempty"`
}

// POApproved is PO_APPROVED: ON_ORDER +q. Key: purchase order·line; the order's version is the
// source version.
type POApproved PurchaseLine

// POChanged is PO_CHANGED: ON_ORDER becomes what the line says now. A line of quantity zero
// is cancelled. Key: purchase order·line·version.
type POChanged PurchaseLine

// ASNReceived is ASN_RECEIVED: a vendor announces what it has shipped. With po_title=SHIPMENT
// ON_ORDER −q, IN_TRANSIT +q (P33a), else only the ETA is known. Key: ASN number·line.
type ASNReceived struct {
	ASN      string          `json:"asn" effect:"link" ref:"asn"`
	Line     string          `json:"line" effect:"link"`
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	Vendor   string          `json:"vendor,omitempty" effect:"money"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Containers are the license plates (SSCC) that hold the line.
	Containers []string    `json:"containers,omitempty"`
	ShipDate   retail.Date `json:"ship_date,omitempty"`
	ETA        retail.Date `json:"eta,omitempty" effect:"stock"`
	Ext        Ext         `json:"ext,omitempty"`
}

// DiscrepancyKind says how a receipt differs from what was announced.
type DiscrepancyKind string

// The kinds of discrepancy.
const (
	DiscrepancyShort   DiscrepancyKind = "SHORT"      // less came; ON_ORDER −q when the line is closed
	DiscrepancyOver    DiscrepancyKind = "OVER"       // more came and is taken in as a receipt (V-PO-02)
	DiscrepancyItem    DiscrepancyKind = "WRONG_ITEM" // something else came: QC_HOLD +q
	DiscrepancyDamaged DiscrepancyKind = "DAMAGED"    // it came damaged: DAMAGED +q (P35)
)

// ReceiptDiscrepancy is RECEIPT_DISCREPANCY. Key: receipt number·line·disc.
type ReceiptDiscrepancy struct {
	Receipt  string          `json:"receipt" effect:"link"`
	Line     string          `json:"line" effect:"link"`
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	Kind     DiscrepancyKind `json:"kind" effect:"stock"`
	Vendor   string          `json:"vendor,omitempty" effect:"money"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Closed says that nothing more of the line is expected.
	Closed bool          `json:"closed,omitempty" effect:"stock"`
	Value  *money.Amount `json:"value,omitempty" effect:"money" sign:"not_negative"`
	Ext    Ext           `json:"ext,omitempty"`
}

// ReceiptReversed is RECEIPT_REVERSED: a receipt is taken back at its own value (C7).
// Key: receipt number·line·rev.
type ReceiptReversed struct {
	Receipt  string          `json:"receipt" effect:"link"`
	Line     string          `json:"line" effect:"link"`
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Bucket is where the receipt had brought it; empty means SELLABLE.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	Reason string `json:"reason,omitempty"`
	Ext    Ext    `json:"ext,omitempty"`
}

// InspectionResult is what an inspection decided about held goods.
type InspectionResult struct {
	Inspection string          `json:"inspection" effect:"link" ref:"document"`
	Receipt    retail.Ref      `json:"receipt,omitempty" effect:"link"`
	Item       string          `json:"item" effect:"stock"`
	Location   string          `json:"location" effect:"stock" at:"location"`
	Quantity   retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit       retail.Unit     `json:"unit,omitempty" effect:"stock"`
	Reason     string          `json:"reason,omitempty"`
	Ext        Ext             `json:"ext,omitempty"`
}

// QCReleased is QC_RELEASED: QC_HOLD −q, SELLABLE +q. Key: the inspection id.
type QCReleased InspectionResult

// QCRejected is QC_REJECTED: QC_HOLD −q, DAMAGED +q. Key: the inspection id.
type QCRejected InspectionResult

// VendorInvoice is VENDOR_INVOICE: one line of what a vendor charges (P32, P34). A credit is
// told as VENDOR_CREDIT_MEMO. Key: vendor·invoice·line.
type VendorInvoice struct {
	Vendor   string          `json:"vendor" effect:"money"`
	Invoice  string          `json:"invoice" effect:"link" ref:"vendor_invoice"`
	Line     string          `json:"line" effect:"link"`
	Purchase retail.Ref      `json:"purchase_order,omitempty" effect:"link"`
	Receipt  retail.Ref      `json:"receipt,omitempty" effect:"link"`
	Item     string          `json:"item,omitempty" effect:"money"`
	Quantity retail.Quantity `json:"quantity,omitempty" effect:"money"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"money"`
	// Net is what the line costs without tax; Taxes are input taxes.
	Net   money.Amount `json:"net" effect:"money"`
	Taxes []Tax        `json:"taxes,omitempty" effect:"money"`
	Due   retail.Date  `json:"due,omitempty"`
	// Total is what the header says that the whole invoice comes to, taxes included, and Lines
	// what its lines come to, where the two differ (V-BAL-02).
	Total *money.Amount `json:"total,omitempty"`
	Lines *money.Amount `json:"lines_total,omitempty"`
	Ext   Ext           `json:"ext,omitempty"`
}

// Basis says how a landed cost is spread over receipts.
type Basis string

// The bases.
const (
	ByValue    Basis = "VALUE"
	ByQuantity Basis = "QTY"
	ByWeight   Basis = "WEIGHT"
)

// LandedCostInvoice is LANDED_COST_INVOICE: freight, duty or insurance of receipts (P33).
// Key: vendor·invoice·type.
type LandedCostInvoice struct {
	Vendor  string `json:"vendor" effect:"money"`
	Invoice string `json:"invoice" effect:"link" ref:"vendor_invoice"`
	// CostType is the source's own code of the cost: FREIGHT, DUTY.
	CostType string       `json:"cost_type" effect:"money"`
	Basis    Basis        `json:"basis" effect:"money"`
	Receipts []retail.Ref `json:"receipts" effect:"link"`
	Amount   money.Amount `json:"amount" effect:"money"`
	Taxes    []Tax        `json:"taxes,omitempty" effect:"money"`
	Ext      Ext          `json:"ext,omitempty"`
}

// VendorReturnShipped is VENDOR_RETURN_SHIPPED: goods go back to their vendor (P35).
// Key: RTV number·line.
type VendorReturnShipped struct {
	RTV      string          `json:"rtv" effect:"link" ref:"vendor_return"`
	Line     string          `json:"line" effect:"link"`
	Vendor   string          `json:"vendor" effect:"money"`
	Item     string          `json:"item" effect:"stock"`
	Location string          `json:"location" effect:"stock" at:"location"`
	Quantity retail.Quantity `json:"quantity" effect:"stock" sign:"positive"`
	Unit     retail.Unit     `json:"unit,omitempty" effect:"stock"`
	// Bucket is DAMAGED or SELLABLE; empty means DAMAGED.
	Bucket Bucket `json:"bucket,omitempty" effect:"stock"`
	// Credit is what the vendor is expected to give for it.
	Credit *money.Amount `json:"expected_credit,omitempty" effect:"money" sign:"not_negative"`
	Ext    Ext           `json:"ext,omitempty"`
}

// VendorCreditMemo is VENDOR_CREDIT_MEMO (P36). Key: vendor·credit memo.
type VendorCreditMemo struct {
	Vendor string `json:"vendor" effect:"money"`
	Memo   string `json:"memo" effect:"link" ref:"vendor_credit"`
	// Of is the return to the vendor or the claim that it settles.
	Of     retail.Ref   `json:"of,omitempty" effect:"link"`
	Amount money.Amount `json:"amount" effect:"money" sign:"not_negative"`
	Taxes  []Tax        `json:"taxes,omitempty" effect:"money"`
	// Total is what the header says that the memo comes to, taxes included, and Lines what its
	// lines come to, where the two differ (V-BAL-02).
	Total *money.Amount `json:"total,omitempty"`
	Lines *money.Amount `json:"lines_total,omitempty"`
	Ext   Ext           `json:"ext,omitempty"`
}
