package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// DefaultPolicy says in words what is assumed where neither the file nor a policy speaks.
const DefaultPolicy = `Where neither --policy nor reference_set events of the file say otherwise:

  entity      everything belongs to one legal entity: the only one that is named, else LE1
  currency    the entity's functional currency is that of the first amount in the file
  accounts    each role is its own account: the account of INVENTORY is INVENTORY
              (only if no account is set at all)
  periods     every month of the years of the events is open (only if no period is set for the entity)
  locations   every location code is a store of the entity, in the time zone UTC
  shops       every source of orders and payments is a shop of the entity, channel ONLINE
  merchants   every merchant account is the entity's, tender class CARD; payouts go to the
              first bank account in the file, else to BANK
  banks       every bank account is the entity's
  items       every item code is an item of department DEFAULT and class DEFAULT
  tax codes   every tax code is a jurisdiction: its name in capitals, without a last word Tax
  tenders     by the code, whatever its case and separators:
%s              any other code is CARD
  approvals   without --policy, an opening load that nobody has approved is approved

Stock values come from the file: goods without a cost are sold with their cost held (V-COST-01).
`

// PolicyText returns DefaultPolicy with its table of tenders.
func PolicyText() string {
	var table strings.Builder
	for _, t := range tenderTable() {
		fmt.Fprintf(&table, "                %-14s %s\n", t.row["class"], strings.Join(t.codes, ", "))
	}
	return fmt.Sprintf(DefaultPolicy, table.String())
}

// assumedTender is what is assumed of tender codes.
type assumedTender struct {
	row   event.Row
	codes []string // in lower case, letters and digits only
}

func tenderTable() []assumedTender {
	class := func(c posting.TenderClass, codes ...string) assumedTender {
		return assumedTender{event.Row{"class": string(c)}, codes}
	}
	prepaid := assumedTender{event.Row{"class": string(posting.TenderPrepaid), "executed_by": "PROCESSOR"}, []string{"onlinepayment", "prepaid"}}
	return []assumedTender{
		class(posting.TenderCash, "cash"),
		class(posting.TenderCard, "card", "creditdebit", "credit", "debit", "creditcard", "debitcard"),
		class(posting.TenderWallet, "wallet", "applepay", "googlepay", "paypal"),
		class(posting.TenderBNPL, "bnpl", "klarna", "afterpay", "affirm"),
		class(posting.TenderBankTransfer, "banktransfer", "transfer"),
		class(posting.TenderIDEAL, "ideal"),
		class(posting.TenderACH, "ach"),
		class(posting.TenderCheque, "cheque", "check"),
		class(posting.TenderStoredValue, "storedvalue", "giftcard", "giftcertificate", "voucher", "storecredit"),
		prepaid,
	}
}

// tenderRow returns what is assumed of a tender code.
func tenderRow(code string) event.Row {
	plain := strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(code))
	for _, t := range tenderTable() {
		if slices.Contains(t.codes, plain) {
			return t.row
		}
	}
	return event.Row{"class": string(posting.TenderCard)}
}

// assumption collects the rows that are missing.
type assumption struct {
	set      map[event.Table]map[string]bool
	rows     map[event.Table]map[string]event.Row
	entity   string
	currency money.Currency
	bank     string
	years    map[int]bool
	approved map[retail.Ref]bool
	assumed  []retail.Ref // opening loads that lack an approval, in the order of the file
}

// assume returns the events that set what neither the file nor sets say, and sentences that
// tell a person of them.
func assume(events []numbered, sets []*event.ReferenceSet, approve bool) ([]numbered, []string) {
	a := &assumption{
		set: map[event.Table]map[string]bool{}, rows: map[event.Table]map[string]event.Row{},
		years: map[int]bool{}, approved: map[retail.Ref]bool{},
	}
	entities := map[string]bool{}
	known := func(s *event.ReferenceSet) {
		put(a.set, event.Table(s.Table), s.RowKey, true)
		if e := s.Row["entity"]; e != "" {
			entities[e] = true
		}
	}
	for _, s := range sets {
		known(s)
	}
	for _, e := range events {
		switch d := e.event.Data.(type) {
		case *event.ReferenceSet:
			known(d)
		case *event.ApprovalGiven:
			a.approved[d.Subject] = true
		}
	}
	a.entity = "LE1"
	if names := slices.Sorted(maps.Keys(entities)); len(names) == 1 {
		a.entity = names[0]
	}
	for _, e := range events {
		a.mention(e.event)
	}
	a.general()
	at := events[0].event.Time
	before, told := a.settings(at)
	if approve && len(a.assumed) > 0 {
		for _, subject := range a.assumed {
			before = append(before, numbered{event: approval(subject, at)})
		}
		told = append(told, "approvals: of "+listed(a.assumed))
	}
	return before, told
}

func put[V any](m map[event.Table]map[string]V, table event.Table, key string, v V) {
	if m[table] == nil {
		m[table] = map[string]V{}
	}
	m[table][key] = v
}

// need assumes a row unless one of the keys under which it would be found is set.
func (a *assumption) need(table event.Table, row event.Row, keys ...string) {
	for _, key := range keys {
		if a.set[table][key] {
			return
		}
	}
	if _, have := a.rows[table][keys[0]]; !have {
		put(a.rows, table, keys[0], row)
	}
}

// general assumes what no event names: accounts, periods and the functional currency.
func (a *assumption) general() {
	if len(a.set[event.TableAccounts]) == 0 {
		a.need(event.TableAccounts, event.Row{"account": "{role}", "name": "{role}"}, retail.Key("*", "*"))
	}
	for key := range a.set[event.TablePeriods] {
		if strings.HasPrefix(key, retail.Key(a.entity, "")) {
			a.years = nil
		}
	}
	for year := range a.years {
		for month := range 12 {
			first := time.Date(year, time.Month(month+1), 1, 0, 0, 0, 0, time.UTC)
			row := event.Row{"from": first.Format(time.DateOnly), "to": first.AddDate(0, 1, -1).Format(time.DateOnly), "status": "OPEN"}
			a.need(event.TablePeriods, row, retail.Key(a.entity, first.Format("2006-01")))
		}
	}
	if a.currency != "" {
		a.need(event.TablePolicies, event.Row{"value": string(a.currency)}, retail.Key(a.entity, "functional_currency"), retail.Key("*", "functional_currency"))
	}
	bank := a.bank
	if bank == "" {
		bank = "BANK"
	}
	for _, row := range a.rows[event.TableMerchantAccounts] {
		row["currency"], row["bank_account"] = string(a.currency), bank
	}
	for _, row := range a.rows[event.TableBankAccounts] {
		row["currency"] = string(a.currency)
	}
}

// settings returns the events for the assumed rows in a fixed order.
func (a *assumption) settings(at time.Time) (before []numbered, told []string) {
	for _, table := range event.Tables() {
		keys := slices.Sorted(maps.Keys(a.rows[table.Name]))
		if len(keys) == 0 {
			continue
		}
		for _, key := range keys {
			set := &event.ReferenceSet{Table: string(table.Name), RowKey: key, Row: a.rows[table.Name][key], Author: "assumed"}
			before = append(before, numbered{event: reference.NewEvent(set, "assumed", at)})
		}
		told = append(told, string(table.Name)+": "+listed(keys))
	}
	return before, told
}

// listedMax is how many names a sentence lists.
const listedMax = 8

func listed[T any](names []T) string {
	var b strings.Builder
	for i, n := range names {
		if i == listedMax {
			fmt.Fprintf(&b, " and %d more", len(names)-i)
			break
		}
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprint(&b, n)
	}
	return b.String()
}

func approval(subject retail.Ref, at time.Time) *event.Event {
	const person = "assumed"
	return &event.Event{
		Header: event.Header{System: reference.OwnSystem, Instance: "assumed", Key: retail.Key(subject.String(), person), Time: at},
		Data:   &event.ApprovalGiven{Subject: subject, Decision: event.Approved, Person: person, Reason: "assumed: the file was booked without a policy"},
	}
}
