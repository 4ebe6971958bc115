package event

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// Table names one table of reference data.
type Table string

// The tables. Their rows enter as reference_set events, effective from a day on, with an author.
const (
	TableItems            Table = "items"
	TableItemCodes        Table = "item_codes"
	TableLocations        Table = "locations"
	TableLocationCodes    Table = "location_codes"
	TableShops            Table = "shops"
	TableMerchantAccounts Table = "merchant_accounts"
	TableBankAccounts     Table = "bank_accounts"
	TableTenders          Table = "tenders"
	TableTaxCodes         Table = "tax_codes"
	TablePromotions       Table = "promotions"
	TableAccounts         Table = "accounts"
	TablePeriods          Table = "periods"
	TablePolicies         Table = "policies"
	TableAuthority        Table = "authority"
	TableSafetyStock      Table = "safety_stock"
	TableChannelBuffers   Table = "channel_buffers"
)

// Column is one column of a reference table; every value is text.
type Column struct {
	Name     string
	Required bool
	Meaning  string
}

// TableInfo describes a reference table for configuration, the API and the docs.
type TableInfo struct {
	Name Table
	// Key says what the row's key is made of, parts joined by "·".
	Key     string
	Meaning string
	Columns []Column
}

func must(name, meaning string) Column { return Column{name, true, meaning} }
func may(name, meaning string) Column  { return Column{name, false, meaning} }

// Tables returns the reference tables in the order in which a configuration proposes them.
func Tables() []TableInfo {
	return []TableInfo{
		{TableLocations, "location", "places that hold stock", []Column{
			must("entity", "legal entity that owns the stock there"), must("zone", "IANA time zone"),
			may("kind", "STORE or WAREHOUSE; a store may go negative with a warning"), may("channel", "sales channel of its tills; STORE if absent"), may("name", "for people")}},
		{TableLocationCodes, "system·code", "what source systems call a location", []Column{must("location", "the location")}},
		{TableItems, "item", "stock keeping units", []Column{
			may("department", "department for revenue and cost of sales"), may("class", "item class for inventory and valuation"),
			may("unit", "base unit, UN/ECE Rec 20; EA if absent"), may("cost", "list cost of one unit, the last fallback of C6"), may("name", "for people")}},
		{TableItemCodes, "system·code", "what source systems call an item", []Column{must("item", "the item")}},
		{TableShops, "system·instance", "shops and other sources without a location", []Column{
			must("entity", "legal entity"), may("channel", "sales channel; ONLINE if absent")}},
		{TableMerchantAccounts, "processor·account", "accounts at payment processors", []Column{
			must("entity", "legal entity"), must("currency", "settlement currency"), may("tender", "tender class of its payments; CARD if absent"), may("bank_account", "where payouts go")}},
		{TableBankAccounts, "account", "bank accounts", []Column{must("entity", "legal entity"), must("currency", "currency of the account")}},
		{TableTenders, "system·code", "means of payment", []Column{
			must("class", "tender class of the rule book A10, or PREPAID for what an order has paid already"),
			may("executed_by", "PROCESSOR where a refund to it is executed by another system")}},
		{TableTaxCodes, "system·code", "tax titles, authorities and codes", []Column{must("jurisdiction", "jurisdiction"), may("code", "tax code within it")}},
		{TablePromotions, "funding", "who pays for a promotion", []Column{must("funding", "dimension of SALES_DISCOUNT")}},
		{TableAccounts, "entity·ROLE[·dimension=value]", "the chart: role and dimensions to account", []Column{must("account", "account code"), may("name", "account name")}},
		{TablePeriods, "entity·yyyy-mm", "the close calendar", []Column{
			must("from", "first day"), must("to", "last day"), must("status", "OPEN, SOFT_CLOSED or HARD_CLOSED")}},
		{TablePolicies, "entity·policy", "policy switches of the rule book 0.7", []Column{must("value", "the policy's value")}},
		{TableAuthority, "fact·entity·channel", "which source books a fact that several report", []Column{must("books", "source system that books; the others corroborate")}},
		{TableSafetyStock, "item·location", "stock that is not promised", []Column{must("quantity", "units held back")}},
		{TableChannelBuffers, "item·location·channel", "stock that is not promised to a channel", []Column{must("quantity", "units held back")}},
	}
}

// LookupTable returns the description of a table.
func LookupTable(name Table) (TableInfo, bool) {
	for _, t := range Tables() {
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
