package estate

import (
	"fmt"
	"strconv"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
)

// Row is one row of reference data.
type Row struct {
	Table event.Table `json:"table"`
	Key   string      `json:"key"`
	Row   event.Row   `json:"row"`
}

// Reference returns what a server has to know of the retailer before the first payload.
func (e *Estate) Reference() []Row {
	rows := []Row{
		{event.TableLocations, string(Store), event.Row{"entity": string(Entity), "zone": zone, "kind": "STORE", "channel": "STORE", "name": "Phoenix, Washington Street"}},
		{event.TableLocationCodes, retail.Key("shopify", strconv.FormatInt(e.view.ID.Location, 10)), event.Row{"location": string(Store)}},
		{event.TableLocationCodes, retail.Key("poslog", storeCode), event.Row{"location": string(Store)}},
		{event.TableShops, retail.Key("shopify", string(shopInstance)), event.Row{"entity": string(Entity), "channel": string(Channel)}},
		{event.TableBankAccounts, account, event.Row{"entity": string(Entity), "currency": string(e.scenario.Currency)}},
		{event.TableMerchantAccounts, retail.Key("stripe", string(payInstance)), event.Row{
			"entity": string(Entity), "currency": string(e.scenario.Currency), "tender": "CARD", "bank_account": account}},
		{event.TableTenders, retail.Key("poslog", "OnlinePayment"), event.Row{"class": "PREPAID", "executed_by": "PROCESSOR"}},
		{event.TablePromotions, "STORE", event.Row{"funding": "STORE"}},
		{event.TablePolicies, retail.Key(string(Entity), "functional_currency"), event.Row{"value": string(e.scenario.Currency)}},
	}
	for _, l := range e.view.Lines {
		rows = append(rows,
			Row{event.TableItems, string(l.Item.ID), event.Row{"department": l.Item.Department, "class": l.Item.Class, "unit": "EA", "name": l.Title}},
			Row{event.TableItemCodes, retail.Key("poslog", l.GTIN), event.Row{"item": string(l.Item.ID)}},
			Row{event.TableSafetyStock, retail.Key(string(l.Item.ID), string(Store)), event.Row{"quantity": retail.Units(l.Item.Safety).String()}})
	}
	for _, t := range e.scenario.Taxes {
		row := event.Row{"jurisdiction": t.Jurisdiction, "code": "STANDARD"}
		rows = append(rows, Row{event.TableTaxCodes, retail.Key("shopify", t.Title), row}, Row{event.TableTaxCodes, retail.Key("poslog", t.Authority), row})
	}
	rows = append(rows, accounts()...)
	rows = append(rows, e.periods()...)
	return append(rows, e.authority(e.shopBooks)...)
}

// ReversedAuthority returns the rows by which the shop books what the till reports, too, and
// the other way round for a retailer that was made with ShopBooks.
func (e *Estate) ReversedAuthority() []Row { return e.authority(!e.shopBooks) }

// authority says which source books each fact; the others corroborate.
func (e *Estate) authority(shopBooks bool) []Row {
	goods := "poslog"
	if shopBooks {
		goods = "shopify"
	}
	var rows []Row
	for _, r := range [][2]string{
		{"order", "shopify"}, {"fulfilment", goods}, {"return", goods}, {"refund", "stripe"}, {"capture", "stripe"}, {"payout", "stripe"},
	} {
		rows = append(rows, Row{event.TableAuthority, retail.Key(r[0], string(Entity), "*"), event.Row{"books": r[1]}})
	}
	return rows
}

// accounts is the chart of the retailer: every role that the scenario posts to, in whatever
// order its payloads arrive.
func accounts() []Row {
	var rows []Row
	for _, a := range [][3]string{
		{"BANK", "1010", "Bank {bank_account}"},
		{"TENDER_CLEARING", "1180-{tender}", "Tender clearing {tender} at {processor}"},
		{"PSP_RECEIVABLE", "1190-{processor}", "Receivable from {processor}"},
		{"PAYOUT_IN_TRANSIT", "1195", "Payouts in transit"},
		{"AR_CUSTOMER", "1210", "Customers"},
		{"INVENTORY", "1310-{item_class}", "Inventory {item_class}"},
		{"CONTRACT_LIABILITY", "2410", "Customer orders paid in advance"},
		{"TAX_DEFERRED", "2450-{jurisdiction}", "Sales tax on orders, {jurisdiction}"},
		{"TAX_PAYABLE", "2460-{jurisdiction}", "Sales tax payable, {jurisdiction}"},
		{"REFUND_PAYABLE", "2430", "Refunds payable"},
		{"SUSPENSE", "2990", "Suspense"},
		{"OPENING_EQUITY", "3900", "Opening balances"},
		{"SALES_REVENUE", "4000-{channel}", "Sales {channel}"},
		{"SALES_DISCOUNT", "4090", "Discounts"},
		{"SALES_RETURNS", "4080", "Returns"},
		{"COGS", "5000-{department}", "Cost of sales {department}"},
		{"COGS_TRUEUP", "5090", "Cost corrections"},
		{"MERCHANT_FEES", "6810-{processor}", "Fees of {processor}"},
	} {
		rows = append(rows, Row{event.TableAccounts, retail.Key(string(Entity), a[0]), event.Row{"account": a[1], "name": a[2]}})
	}
	return rows
}

// periods opens the month of today, the one before and the one after.
func (e *Estate) periods() []Row {
	year, month := int(e.today/10000), int(e.today/100%100)
	var rows []Row
	for offset := -1; offset <= 1; offset++ {
		y, m := year, month+offset
		if m == 0 {
			y, m = y-1, 12
		}
		if m == 13 {
			y, m = y+1, 1
		}
		first := retail.Date(y*10000 + m*100 + 1)
		last := first.AddDays(31)
		last = last.AddDays(-int(last % 100))
		rows = append(rows, Row{event.TablePeriods, retail.Key(string(Entity), fmt.Sprintf("%04d-%02d", y, m)),
			event.Row{"from": first.String(), "to": last.String(), "status": "OPEN"}})
	}
	return rows
}
