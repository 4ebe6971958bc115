package packs

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store/sqlite"
)

// letter is one payload of the key scenario, as its system sends it.
type letter struct {
	pack, header, file, body string
}

// thread is steps 2 to 11 of the rule book's E01 in the formats of the outside systems. The
// shop reports the pickup and the return, too.
func thread() []letter {
	return []letter{
		{pack: shopify, header: "orders/create", body: `{"id": 1001, "name": "#1001", "currency": "USD", "taxes_included": false, "total_price": "75.76", "created_at": "2026-06-01T10:00:00-04:00",
			"line_items": [
			 {"id": 11, "sku": "A", "quantity": 1, "price": "49.99", "discount_allocations": [{"amount": "6.25", "discount_application_index": 0}],
			  "tax_lines": [{"title": "State Tax", "price": "2.73", "rate": 0.0625}, {"title": "City Tax", "price": "0.87", "rate": 0.02}]},
			 {"id": 12, "sku": "B", "quantity": 1, "price": "30.00", "discount_allocations": [{"amount": "3.75", "discount_application_index": 0}],
			  "tax_lines": [{"title": "State Tax", "price": "1.64", "rate": 0.0625}, {"title": "City Tax", "price": "0.53", "rate": 0.02}]}]}`},
		{pack: stripe, body: `{"id": "evt_1", "type": "charge.succeeded", "created": 1780322410, "data": {"object": {"id": "ch_1", "status": "succeeded", "captured": false, "amount": 7576, "currency": "usd", "created": 1780322400, "metadata": {"order_id": "1001"}}}}`},
		{pack: stripe, body: `{"id": "evt_2", "type": "charge.captured", "created": 1780408800, "data": {"object": {"id": "ch_1", "status": "succeeded", "captured": true, "amount": 7576, "amount_captured": 7576, "currency": "usd", "created": 1780322400, "metadata": {"order_id": "1001"}}}}`},
		{pack: shopify, header: "orders/paid", body: `{"id": 1001, "currency": "USD", "total_price": "75.76", "updated_at": "2026-06-02T10:00:05-04:00", "payment_gateway_names": ["stripe"]}`},
		{pack: poslog, body: tillHead + `<SequenceNumber>7</SequenceNumber><BusinessDayDate>2026-06-03</BusinessDayDate><EndDateTime>2026-06-03T12:00:00</EndDateTime>` + tillBody + `
			<LineItem><SequenceNumber>1</SequenceNumber><PreviousCustomerOrder Action="Completed"><ItemID>A</ItemID><Quantity>1</Quantity><InventoryReservationID>R1</InventoryReservationID></PreviousCustomerOrder></LineItem>
			<LineItem><SequenceNumber>2</SequenceNumber><PreviousCustomerOrder Action="Completed"><ItemID>B</ItemID><Quantity>1</Quantity><InventoryReservationID>R2</InventoryReservationID></PreviousCustomerOrder></LineItem>
			<LineItem><SequenceNumber>3</SequenceNumber><Tender TenderType="OnlinePayment" TypeCode="Sale"><Amount>75.76</Amount></Tender></LineItem>` + tillTail},
		{pack: shopify, header: "fulfillments/create", body: `{"id": 801, "order_id": 1001, "status": "success", "location_id": 655, "created_at": "2026-06-03T12:00:10-04:00", "line_items": [{"id": 11, "sku": "A", "quantity": 1}, {"id": 12, "sku": "B", "quantity": 1}]}`},
		{pack: poslog, body: tillHead + `<SequenceNumber>9</SequenceNumber><BusinessDayDate>2026-06-04</BusinessDayDate><EndDateTime>2026-06-04T12:00:00</EndDateTime>` + tillBody + `
			<LineItem><SequenceNumber>1</SequenceNumber><Return><ItemID>B</ItemID><ExtendedAmount>26.25</ExtendedAmount><Quantity>1</Quantity>
			 <Tax><TaxAuthority>STATE</TaxAuthority><Amount>1.64</Amount></Tax><Tax><TaxAuthority>CITY</TaxAuthority><Amount>0.53</Amount></Tax>
			 <TransactionLink><BusinessUnit>200</BusinessUnit><WorkstationID>T1</WorkstationID><BusinessDayDate><Date>2026-06-03</Date></BusinessDayDate><SequenceNumber>7</SequenceNumber><LineItemSequenceNumber>2</LineItemSequenceNumber></TransactionLink></Return></LineItem>
			<LineItem><SequenceNumber>2</SequenceNumber><Tender TenderType="OnlinePayment" TypeCode="Refund"><Amount>28.42</Amount></Tender></LineItem>` + tillTail},
		{pack: shopify, header: "refunds/create", body: `{"id": 901, "order_id": 1001, "created_at": "2026-06-04T12:01:00-04:00",
			"refund_line_items": [{"id": 1, "line_item_id": 12, "quantity": 1, "restock_type": "return", "location_id": 655, "subtotal": 26.25, "total_tax": 2.17, "line_item": {"id": 12, "sku": "B"}}],
			"transactions": [{"id": 3001, "kind": "refund", "status": "success", "gateway": "stripe", "authorization": "ch_1", "amount": "28.42", "currency": "USD"}]}`},
		{pack: stripe, body: `{"id": "evt_3", "type": "refund.created", "created": 1780588810, "data": {"object": {"id": "re_1", "charge": "ch_1", "status": "succeeded", "amount": 2842, "currency": "usd", "created": 1780588800, "metadata": {"return_id": "200·2026-06-04·T1·9"}}}}`},
		{pack: stripe, file: "reconciliation.csv", body: "automatic_payout_id,automatic_payout_effective_at_utc,balance_transaction_id,created_utc,currency,gross,fee,net,reporting_category,source_id,payment_intent_id,charge_id\n" +
			"po_1,2026-06-08 00:00:00,txn_1,2026-06-02 14:00:00,usd,75.76,2.50,73.26,charge,ch_1,,ch_1\n" +
			"po_1,2026-06-08 00:00:00,txn_2,2026-06-04 16:00:00,usd,-28.42,0.00,-28.42,refund,re_1,,ch_1\n" +
			"po_1,2026-06-08 00:00:00,txn_3,2026-06-08 00:00:00,usd,-44.84,0.00,-44.84,payout,po_1,,\n"},
		{pack: stripe, body: `{"id": "evt_4", "type": "payout.paid", "created": 1780923600, "data": {"object": {"id": "po_1", "amount": 4484, "currency": "usd", "arrival_date": 1780876800, "trace_id": {"value": "TRACE-1"}}}}`},
		{pack: camt053, body: `<Document><BkToCstmrStmt><Stmt><Id>S-160</Id><Acct><Id><IBAN>BANK-1</IBAN></Id></Acct><Ntry><NtryRef>1</NtryRef><Amt Ccy="USD">44.84</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts>
			<BookgDt><Dt>2026-06-09</Dt></BookgDt><NtryDtls><TxDtls><Refs><EndToEndId>TRACE-1</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`},
	}
}

// world is what the scenario stands on: reference data, the opening load with its approval,
// and the promises of an order management system. shopBooks reverses the authority of
// fulfilments and returns.
func world(t *testing.T, shopBooks bool) []*event.Event {
	t.Helper()
	books := map[string]string{"order": "shopify", "capture": "stripe", "payout": "stripe", "fulfilment": "poslog", "return": "poslog", "refund": "stripe"}
	if shopBooks {
		books["fulfilment"], books["return"] = "shopify", "shopify"
	}
	rows := []struct {
		table event.Table
		key   string
		row   event.Row
	}{
		{event.TableLocations, "S1", event.Row{"entity": "LE1", "zone": "America/New_York", "kind": "STORE"}},
		{event.TableLocationCodes, "poslog·200", event.Row{"location": "S1"}},
		{event.TableLocationCodes, "shopify·655", event.Row{"location": "S1"}},
		{event.TableLocationCodes, "csv·200", event.Row{"location": "S1"}},
		{event.TableShops, "shopify·shop-1", event.Row{"entity": "LE1", "channel": "ONLINE"}},
		{event.TableMerchantAccounts, "stripe·shop-1", event.Row{"entity": "LE1", "currency": "USD", "tender": "CARD", "bank_account": "BANK-1"}},
		{event.TableBankAccounts, "BANK-1", event.Row{"entity": "LE1", "currency": "USD"}},
		{event.TableTenders, "poslog·OnlinePayment", event.Row{"class": "PREPAID", "executed_by": "PROCESSOR"}},
		{event.TableTaxCodes, "*·State Tax", event.Row{"jurisdiction": "STATE"}},
		{event.TableTaxCodes, "*·City Tax", event.Row{"jurisdiction": "CITY"}},
		{event.TableTaxCodes, "poslog·STATE", event.Row{"jurisdiction": "STATE"}},
		{event.TableTaxCodes, "poslog·CITY", event.Row{"jurisdiction": "CITY"}},
		{event.TableAccounts, "*·*", event.Row{"account": "{role}", "name": "{role}"}},
		{event.TablePeriods, "LE1·2026-06", event.Row{"from": "2026-06-01", "to": "2026-06-30", "status": "OPEN"}},
		{event.TablePolicies, "LE1·functional_currency", event.Row{"value": "USD"}},
		{event.TableItems, "A", event.Row{"department": "D1", "class": "MERCH", "unit": "EA"}},
		{event.TableItems, "B", event.Row{"department": "D1", "class": "MERCH", "unit": "EA"}},
	}
	start := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	header := func(system retail.SystemID, key string) event.Header {
		return event.Header{System: system, Instance: "test", Key: key, Time: start}
	}
	var events []*event.Event
	set := func(table event.Table, key string, row event.Row) {
		events = append(events, &event.Event{Header: header("heddle", retail.Key(string(table), key)), Data: &event.ReferenceSet{Table: string(table), RowKey: key, Row: row, Author: "test"}})
	}
	for _, r := range rows {
		set(r.table, r.key, r.row)
	}
	for _, fact := range []string{"order", "capture", "payout", "fulfilment", "return", "refund"} {
		set(event.TableAuthority, fact+"·LE1·*", event.Row{"books": books[fact]})
	}
	events = append(events, &event.Event{Header: header("heddle", "document:opening-2026-06-01.csv·bob"), Data: &event.ApprovalGiven{
		Subject: retail.Ref{Type: retail.RefDocument, ID: "opening-2026-06-01.csv"}, Decision: event.Approved, Person: "bob",
	}})
	opening := letter{pack: csvPack, file: "opening-2026-06-01.csv", body: "item,location,qty,value\nA,200,10,214.00\nB,200,8,102.00\n"}
	events = append(events, opening.events(t)...)
	return append(events, reservation(header("oms", "R1"), "11", "A"), reservation(header("oms", "R2"), "12", "B"))
}

func reservation(h event.Header, line, item string) *event.Event {
	return &event.Event{Header: h, Data: &event.ReservationMade{
		Reservation: retail.ReservationID(h.Key), Order: retail.Ref{Type: retail.RefShopOrder, ID: "1001"}, OrderLine: retail.Ref{Type: retail.RefShopLine, ID: line},
		Item: item, Location: "S1", Quantity: 1000, Mode: event.ModePickup, Channel: "ONLINE",
	}}
}

// The key scenario, told by the outside systems in their own formats, gives the rule book's
// trial balance with every clearing account at zero: in order, backwards, and with the shop
// instead of the till booking what both report.
func TestTheThreadThroughThePacks(t *testing.T) {
	backwards := thread()
	slices.Reverse(backwards)
	for _, c := range []struct {
		name      string
		letters   []letter
		shopBooks bool
	}{
		{"in order", thread(), false},
		{"backwards", backwards, false},
		{"the shop books", thread(), true},
		{"the shop books, backwards", backwards, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			events := world(t, c.shopBooks)
			for _, l := range c.letters {
				events = append(events, l.events(t)...)
			}
			books, open := book(t, events)
			for _, item := range open {
				t.Errorf("%s of %s is open: %s", item.Code, item.Subject, item.Detail)
			}
			balance, err := books.TrialBalance(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			clearing, err := books.Clearing(t.Context(), "")
			if err != nil {
				t.Fatal(err)
			}
			totals := balance.Totals()
			if len(totals) != 1 || totals[0].Debit.Decimal() != "399.59" || !totals[0].Balanced() || len(clearing) != 0 {
				var text strings.Builder
				_ = balance.WriteText(&text)
				parked, _ := books.Waiting(t.Context(), 100)
				t.Errorf("got %v, clearing %v, waiting %+v\n%s", totals, clearing, parked, text.String())
			}
		})
	}
}

// events maps a letter; every record of it has to give events.
func (l letter) events(t *testing.T) []*event.Event {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	in := pack.Input{
		FileName: l.file, Body: []byte(l.body), Instance: "shop-1", Zone: zone, TokenKey: pack.TestTokenKey(),
		Header: func(name string) string { return map[string]string{"X-Shopify-Topic": l.header}[name] },
	}
	if l.pack == csvPack {
		in.Options = map[string]string{"currency": "USD"}
	}
	result, err := get(t, l.pack).Map(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	var events []*event.Event
	for _, outcome := range result.Records {
		if outcome.Err != nil || outcome.Ignored != "" {
			t.Fatalf("%s: got %v, %s, want events", l.pack, outcome.Err, outcome.Ignored)
		}
		events = append(events, outcome.Events...)
	}
	return events
}

// book decides the events one after another and books them. It returns the exceptions that
// are open in the end.
func book(t *testing.T, events []*event.Event) (*booking.Books, []exception.Item) {
	t.Helper()
	house, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	now := time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
	owner, err := flow.Open(t.Context(), house.Journal(), house.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range events {
		answers, err := owner.Submit(t.Context(), []record.Submission{{Event: e}})
		if err != nil || answers[0].Status != record.Accepted {
			answer, _ := json.Marshal(answers)
			t.Fatalf("%s %s: %s, %v", e.Type(), e.Key, answer, err)
		}
	}
	items, err := owner.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := owner.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	books, err := booking.Open(t.Context(), house.Journal(), house.Views(), booking.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := books.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	more, err := books.Exceptions(t.Context(), now)
	if err != nil {
		t.Fatal(err)
	}
	closed := func(item exception.Item) bool { return item.Status != exception.Open }
	return books, slices.DeleteFunc(append(items, more...), closed)
}
