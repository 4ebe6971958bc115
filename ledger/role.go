package ledger

import "slices"

// Role says what an amount is, in the words of the rule book (B1). Which account that is
// in the books of an entity stands in the Chart.
type Role string

// The roles that the templates so far use.
const (
	TenderClearing    Role = "TENDER_CLEARING"
	PSPReceivable     Role = "PSP_RECEIVABLE"
	PayoutInTransit   Role = "PAYOUT_IN_TRANSIT"
	Bank              Role = "BANK"
	ARCustomer        Role = "AR_CUSTOMER"
	Inventory         Role = "INVENTORY"
	ContractLiability Role = "CONTRACT_LIABILITY"
	TaxDeferred       Role = "TAX_DEFERRED"
	TaxPayable        Role = "TAX_PAYABLE"
	GiftCardLiability Role = "GIFT_CARD_LIABILITY"
	RefundPayable     Role = "REFUND_PAYABLE"
	// StoreCreditLiability is what customers may still buy for, given for returns.
	StoreCreditLiability Role = "STORE_CREDIT_LIABILITY"
	GRNI                 Role = "GRNI"
	Suspense             Role = "SUSPENSE"
	OpeningEquity        Role = "OPENING_EQUITY"
	SalesRevenue         Role = "SALES_REVENUE"
	SalesDiscount        Role = "SALES_DISCOUNT"
	SalesReturns         Role = "SALES_RETURNS"
	FreightRevenue       Role = "FREIGHT_REVENUE"
	CashRounding         Role = "CASH_ROUNDING"
	COGS                 Role = "COGS"
	COGSTrueUp           Role = "COGS_TRUEUP"
	ShrinkExpense        Role = "SHRINK_EXPENSE"
	WriteOffExpense      Role = "WRITE_OFF_EXPENSE"
	MerchantFees         Role = "MERCHANT_FEES"
)

// Type is the kind of account that a role is kept in.
type Type string

// The types, in the order of a trial balance.
const (
	Asset     Type = "ASSET"
	Liability Type = "LIABILITY"
	Equity    Type = "EQUITY"
	Income    Type = "INCOME"
	Expense   Type = "EXPENSE"
)

// RoleInfo describes a role.
type RoleInfo struct {
	Role Role
	Type Type
	// Clearing roles carry a key (rule book 0.5) and are zero by key when their matter is closed.
	Clearing bool
	// Dims are mandatory on every line of the role (V-MAP-02).
	Dims []DimName
	// Shown is the one dimension that a trial balance tells apart, as TAX_PAYABLE[STATE];
	// empty where it shows the role alone.
	Shown DimName
}

// roles is written by hand from B1, in the order in which reports list them.
var roles = []RoleInfo{
	{Role: Bank, Type: Asset, Dims: dimNames(DimBankAccount)},
	{Role: TenderClearing, Type: Asset, Clearing: true, Dims: dimNames(DimTender, DimProcessor), Shown: DimTender},
	{Role: PSPReceivable, Type: Asset, Clearing: true, Dims: dimNames(DimProcessor)},
	{Role: PayoutInTransit, Type: Asset, Clearing: true, Dims: dimNames(DimBankAccount)},
	{Role: ARCustomer, Type: Asset, Dims: dimNames(DimCustomer)},
	{Role: Inventory, Type: Asset, Dims: dimNames(DimCostScope, DimItemClass)},
	{Role: ContractLiability, Type: Liability, Clearing: true, Dims: dimNames(DimOrder)},
	{Role: TaxDeferred, Type: Liability, Clearing: true, Dims: dimNames(DimOrder, DimJurisdiction), Shown: DimJurisdiction},
	{Role: TaxPayable, Type: Liability, Dims: dimNames(DimJurisdiction, DimTaxCode), Shown: DimJurisdiction},
	{Role: GiftCardLiability, Type: Liability, Dims: dimNames(DimProgramme, DimIssuer)},
	{Role: StoreCreditLiability, Type: Liability, Dims: dimNames(DimProgramme, DimIssuer)},
	{Role: RefundPayable, Type: Liability, Clearing: true, Dims: dimNames(DimReturn)},
	{Role: GRNI, Type: Liability, Clearing: true, Dims: dimNames(DimVendor, DimPurchase)},
	{Role: Suspense, Type: Liability, Clearing: true, Dims: dimNames(DimSource)},
	{Role: OpeningEquity, Type: Equity},
	{Role: SalesRevenue, Type: Income, Dims: dimNames(DimChannel, DimDepartment)},
	{Role: SalesDiscount, Type: Income, Dims: dimNames(DimFunding)},
	{Role: SalesReturns, Type: Income, Dims: dimNames(DimChannel, DimReason)},
	{Role: FreightRevenue, Type: Income, Dims: dimNames(DimChannel)},
	{Role: CashRounding, Type: Expense},
	{Role: COGS, Type: Expense, Dims: dimNames(DimDepartment)},
	{Role: COGSTrueUp, Type: Expense, Dims: dimNames(DimCause)},
	{Role: ShrinkExpense, Type: Expense, Dims: dimNames(DimReason), Shown: DimReason},
	{Role: WriteOffExpense, Type: Expense, Dims: dimNames(DimReason)},
	{Role: MerchantFees, Type: Expense, Dims: dimNames(DimProcessor)},
}

// Roles returns the table of roles in the order of reports.
func Roles() []RoleInfo { return slices.Clone(roles) }

// Info describes the role; false means that there is no such role.
func (r Role) Info() (RoleInfo, bool) {
	at := r.order()
	if at == len(roles) {
		return RoleInfo{}, false
	}
	return roles[at], true
}

// order is the role's place in reports; an unknown role comes last.
func (r Role) order() int {
	for i := range roles {
		if roles[i].Role == r {
			return i
		}
	}
	return len(roles)
}

func dimNames(names ...DimName) []DimName { return names }
