package event

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// Table names one table of reference data.
type Table string

// The tables. Their rows enter as reference_set events, effective from a day on, with an author.
const (
	TableItems            Table = "items"
	TableItemCodes        Table = "item_codes"
	TableItemUnits        Table = "item_units"
	TableLocations        Table = "locations"
	TableLocationCodes    Table = "location_codes"
	TableVendors          Table = "vendors"
	TableVendorCodes      Table = "vendor_codes"
	TableShops            Table = "shops"
	TableMerchantAccounts Table = "merchant_accounts"
	TableBankAccounts     Table = "bank_accounts"
	TableTenders          Table = "tenders"
	TableTaxCodes         Table = "tax_codes"
	TableFeeTypes         Table = "fee_types"
	TableReasons          Table = "reasons"
	TablePromotions       Table = "promotions"
	TableAccounts         Table = "accounts"
	TablePeriods          Table = "periods"
	TablePolicies         Table = "policies"
	TableAuthority        Table = "authority"
	TableSafetyStock      Table = "safety_stock"
	TableChannelBuffers   Table = "channel_buffers"
)

// ItemService is the kind of an item that is sold and never in stock.
const ItemService = "SERVICE"

// Form says how the text of a column is written.
type Form string

// The forms. Text of no form is any text.
const (
	FormText     Form = ""
	FormDate     Form = "date"     // 2006-01-02
	FormQuantity Form = "quantity" // a decimal of at most three places
	FormCost     Form = "cost"     // a decimal of at most six places, without a sign
	FormWhole    Form = "whole"    // a whole number from 1 to 999 999 999
)

// Column is one column of a reference table; every value is text.
type Column struct {
	Name     string
	Required bool
	Meaning  string
	Form     Form
	// Values are what the column may say; none means that it is free.
	Values []string
}

// TableInfo describes a reference table for configuration, the API and the docs.
type TableInfo struct {
	Name Table
	// Key names what the row's key is made of, parts joined by "·"; parts in brackets may
	// be absent and may repeat.
	Key     string
	Meaning string
	Columns []Column
}

func must(name, meaning string) Column { return Column{Name: name, Required: true, Meaning: meaning} }
func may(name, meaning string) Column  { return Column{Name: name, Meaning: meaning} }

func (c Column) form(f Form) Column         { c.Form = f; return c }
func (c Column) of(values ...string) Column { c.Values = values; return c }

// Tables returns the reference tables in the order in which a configuration proposes them.
func Tables() []TableInfo { return slices.Clone(tables) }

var tables = slices.Concat(mapped(), governing())

// mapped are the tables of master data, and of what source systems call it.
func mapped() []TableInfo {
	return []TableInfo{
		{TableLocations, "location", "places that hold stock", []Column{
			must("entity", "legal entity that owns the stock there"), must("zone", "IANA time zone"),
			may("kind", "STORE or WAREHOUSE; a store may go negative with a warning"), may("channel", "sales channel of its tills; STORE if absent"), may("name", "for people")}},
		{TableLocationCodes, "system·code", "what source systems call a location; system gln for GLNs, vendor:ID for a vendor's numbers, * for any system", []Column{must("location", "the location")}},
		{TableVendors, "vendor", "who delivers goods", []Column{
			may("currency", "currency of its invoices"), may("name", "for people")}},
		{TableVendorCodes, "system·code", "what source systems call a vendor; system gln for GLNs, * for any system", []Column{must("vendor", "the vendor")}},
		{TableItems, "item", "stock keeping units", []Column{
			may("department", "department for revenue and cost of sales"), may("class", "item class for inventory and valuation"),
			may("unit", "base unit, UN/ECE Rec 20; EA if absent"), may("cost", "list cost of one unit, the last fallback of C6").form(FormCost), may("name", "for people"),
			may("kind", "GOODS or SERVICE: postage, fees and charges are sold and never in stock; GOODS if absent").of("GOODS", ItemService)}},
		{TableItemCodes, "system·code", "what source systems call an item; system gtin for GTINs, vendor:ID for a vendor's part numbers, * for any system", []Column{must("item", "the item")}},
		{TableItemUnits, "item·unit", "what a unit of an item holds, as num ÷ den base units; item * for any item", []Column{
			must("num", "base units").form(FormWhole), may("den", "in so many of this unit; 1 if absent").form(FormWhole)}},
		{TableShops, "system·instance", "shops and other sources without a location", []Column{
			must("entity", "legal entity"), may("channel", "sales channel; ONLINE if absent")}},
		{TableMerchantAccounts, "processor·account", "accounts at payment processors", []Column{
			must("entity", "legal entity"), must("currency", "settlement currency"), may("tender", "tender class of its payments; CARD if absent"), may("bank_account", "where payouts go")}},
		{TableBankAccounts, "account", "bank accounts", []Column{must("entity", "legal entity"), must("currency", "currency of the account")}},
		{TableTenders, "system·code", "means of payment", []Column{
			must("class", "tender class of the rule book A10, or PREPAID for what an order has paid already"),
			may("executed_by", "PROCESSOR where a refund to it is executed by another system")}},
		{TableTaxCodes, "system·title", "tax titles, authorities and codes", []Column{must("jurisdiction", "jurisdiction"), may("code", "tax code within it")}},
		{TableFeeTypes, "system·fee", "what processors and marketplaces call their fees", []Column{
			must("class", "role that the fee is booked to (rule book P71, P75, P87); ADVERTISING and STORAGE are fees of a marketplace, too").of(FeeClasses()...)}},
		{TableReasons, "system·reason", "why source systems say that stock changed or goods came back", []Column{
			may("stock", "stock reason of the rule book A10").of(StockReasons()...),
			may("return", "return reason class of the rule book A10").of(ReturnReasons()...),
			may("disposition", "what becomes of returned goods where the source tells the reason only").of(dispositions()...)}},
		{TablePromotions, "promotion", "who pays for a promotion", []Column{must("funding", "dimension of SALES_DISCOUNT")}},
	}
}

// governing are the tables by which stock and books are kept.
func governing() []TableInfo {
	return []TableInfo{
		{TableAccounts, "entity·ROLE[·dimension=value]", "the chart: role and dimensions to account", []Column{must("account", "account code"), may("name", "account name")}},
		{TablePeriods, "entity·yyyy-mm", "the close calendar", []Column{
			must("from", "first day").form(FormDate), must("to", "last day").form(FormDate),
			must("status", "OPEN, SOFT_CLOSED or HARD_CLOSED").of("OPEN", "SOFT_CLOSED", "HARD_CLOSED")}},
		{TablePolicies, "entity·policy", "policy switches of the rule book 0.7", []Column{must("value", "the policy's value")}},
		{TableAuthority, "fact·entity·channel", "which source books a fact that several report", []Column{must("books", "source system that books; the others corroborate")}},
		{TableSafetyStock, "item·location", "stock that is not promised", []Column{must("quantity", "units held back").form(FormQuantity)}},
		{TableChannelBuffers, "item·location·channel", "stock that is not promised to a channel", []Column{must("quantity", "units held back").form(FormQuantity)}},
	}
}

// FeeClasses returns what fees are booked to (rule book B1, P71, P75 and P87).
func FeeClasses() []string {
	return []string{"MERCHANT_FEES", "CHARGEBACK_FEES", "MARKETPLACE_COMMISSION", "FULFILMENT_FEES", "ADVERTISING", "STORAGE"}
}

// StockReasons returns the stock reasons of the rule book A10.
func StockReasons() []string {
	return []string{
		"COUNT", "THEFT_KNOWN", "THEFT_UNKNOWN", "DAMAGE_STORE", "DAMAGE_TRANSIT", "EXPIRED", "3PL_LOST", "3PL_DAMAGED", "3PL_FOUND",
		"UOM_CORRECTION", "DATA_FIX", "SAMPLE", "MARKETING", "STORE_USE", "RECALL", "ITEM_SWAP", OpeningLoad,
	}
}

// ReturnReasons returns the return reason classes of the rule book A10.
func ReturnReasons() []string {
	return []string{"CHANGE_OF_MIND", "DEFECT", "WRONG_ITEM", "LATE", "FRAUD", "NO_RECEIPT", "RETURN_TO_SENDER"}
}

func dispositions() []string {
	return []string{string(Restock), string(Inspect), string(Defect), string(ToVendor), string(Destroy), string(Returnless)}
}

// KeyParts returns the names of the parts of the table's keys, and whether more may follow.
func (t TableInfo) KeyParts() (names []string, open bool) {
	key, _, open := strings.Cut(t.Key, "[")
	return strings.Split(key, retail.Sep), open
}

// LookupTable returns the description of a table.
func LookupTable(name Table) (TableInfo, bool) {
	for _, t := range tables {
		if t.Name == name {
			return t, true
		}
	}
	return TableInfo{}, false
}

// CheckRow says what is wrong with a row of a table: an unknown table or column, a missing
// one. A row without columns ends its key and is always right.
func CheckRow(name Table, row Row) error {
	t, ok := LookupTable(name)
	if !ok {
		return fault.New(fault.SchemaInvalid, string(name), "there is no such reference table")
	}
	if len(row) == 0 {
		return nil
	}
	var wrong []string
	for column := range row {
		if !slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Name == column }) {
			wrong = append(wrong, "unknown column "+column)
		}
	}
	for _, c := range t.Columns {
		if c.Required && row[c.Name] == "" {
			wrong = append(wrong, "column "+c.Name+" is missing")
		}
	}
	if len(wrong) == 0 {
		return nil
	}
	slices.Sort(wrong)
	return fault.New(fault.SchemaInvalid, string(name), "%s", strings.Join(wrong, "; "))
}
