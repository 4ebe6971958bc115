package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

type entriesInput struct {
	After
	Entity retail.EntityID `query:"entity" doc:"The legal entity; absent means all"`
	From   string          `query:"from" format:"date" doc:"The first accounting date"`
	To     string          `query:"to" format:"date" doc:"The last accounting date"`
	Since  int64           `query:"position_from" minimum:"1" doc:"Only what was booked at this journal position or later"`
	Cursor booking.Cursor  `query:"cursor" doc:"The next_cursor of the page before"`
	Limit  int             `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// Entries is a page of the ledger, in the order of booking.
type Entries struct {
	Position   int64          `json:"position" doc:"How far the books have followed the journal"`
	Entries    []Entry        `json:"entries"`
	NextCursor booking.Cursor `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

type entriesOutput struct {
	Seen
	Body Entries
}

type entryInput struct {
	After
	ID string `path:"entry_id" doc:"The entry's id"`
}

type entryOutput struct {
	Seen
	Body Entry
}

type entityInput struct {
	After
	Entity retail.EntityID `query:"entity" doc:"The legal entity; absent means all"`
}

// TrialBalance is the balances of all roles, by entity and currency.
type TrialBalance struct {
	Position int64          `json:"position" doc:"How far the books have followed the journal"`
	Rows     []BalanceRow   `json:"rows"`
	Totals   []BalanceTotal `json:"totals"`
}

// BalanceRow is one balance on its side.
type BalanceRow struct {
	Entity   retail.EntityID `json:"entity"`
	Currency money.Currency  `json:"currency"`
	Role     string          `json:"role" doc:"The role with the dimension that reports tell apart" example:"TAX_PAYABLE[STATE]"`
	Debit    string          `json:"debit,omitempty" doc:"A decimal of the currency"`
	Credit   string          `json:"credit,omitempty"`
}

// BalanceTotal is both sides of an entity in a currency.
type BalanceTotal struct {
	Entity   retail.EntityID `json:"entity"`
	Currency money.Currency  `json:"currency"`
	Debit    string          `json:"debit"`
	Credit   string          `json:"credit"`
	Balanced bool            `json:"balanced"`
}

type trialBalanceOutput struct {
	Seen
	Body TrialBalance
}

// Clearing is what is not settled yet.
type Clearing struct {
	Position int64      `json:"position" doc:"How far the books have followed the journal"`
	Open     []OpenItem `json:"open"`
}

// OpenItem is a clearing key that is not zero.
type OpenItem struct {
	Entity   retail.EntityID `json:"entity"`
	Currency money.Currency  `json:"currency"`
	Role     ledger.Role     `json:"role"`
	Key      string          `json:"key"`
	Amount   string          `json:"amount" doc:"Debit less credit, a decimal of the currency" example:"-75.76"`
}

type clearingOutput struct {
	Seen
	Body Clearing
}

// PeriodRun asks for a period-end run.
type PeriodRun struct {
	Run    event.Run       `json:"run" enum:"CLEARING_RECLASS"`
	Entity retail.EntityID `json:"entity" minLength:"1"`
	AsOf   retail.Date     `json:"as_of" doc:"The last day of the period" example:"2026-06-30"`
}

type periodRunInput struct{ Body PeriodRun }

type answerOutput struct {
	Seen
	Body record.Answer
}

func (r *routes) registerBooks() {
	huma.Register(r.api, read("list-entries", "/v1/entries", access.EntriesRead, "Ledger entries",
		"Entries in the order in which they were booked, a page at a time."), r.entries)
	huma.Register(r.api, read("get-entry", "/v1/entries/{entry_id}", access.EntriesRead, "A ledger entry", "One entry by its id."), r.entry)
	huma.Register(r.api, read("get-trial-balance", "/v1/trial-balance", access.EntriesRead, "Trial balance",
		"The balances of all roles, with both totals of each entity and currency."), r.trialBalance)
	huma.Register(r.api, read("get-clearing", "/v1/clearing", access.EntriesRead, "Open clearing keys",
		"What one side has told and the other not yet."), r.clearing)
	run := write("run-period", "/v1/periods/runs", access.ReferenceWrite, "Start a period-end run",
		"Moves clearing keys with a debit balance to AR_CUSTOMER at period end and back on the next day (P92). The same run of the same period again is the same run.")
	run.DefaultStatus = http.StatusOK
	huma.Register(r.api, run, r.runPeriod)
}

func (r *routes) entries(ctx context.Context, in *entriesInput) (*entriesOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	f := booking.Filter{Entity: in.Entity, After: max(in.Since-1, 0)}
	var err error
	if f.From, err = dateOf("from", in.From); err != nil {
		return nil, err
	}
	if f.To, err = dateOf("to", in.To); err != nil {
		return nil, err
	}
	out := Entries{Position: r.Books.Position(), Entries: []Entry{}}
	entries, next, err := r.Books.Entries(ctx, f, in.Cursor, in.Limit)
	for _, e := range entries {
		out.Entries = append(out.Entries, Entry{e})
	}
	out.NextCursor = next
	return &entriesOutput{Seen{out.Position}, out}, err
}

// dateOf reads a day of the query; none is no limit.
func dateOf(name, text string) (retail.Date, error) {
	if text == "" {
		return 0, nil
	}
	day, err := retail.ParseDate(text)
	if err != nil {
		return 0, fault.Wrap(err, fault.BadRequest, "api.date", name)
	}
	return day, nil
}

func (r *routes) entry(ctx context.Context, in *entryInput) (*entryOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	position := r.Books.Position()
	e, err := r.Books.Entry(ctx, in.ID)
	return &entryOutput{Seen{position}, Entry{e}}, err
}

func (r *routes) trialBalance(ctx context.Context, in *entityInput) (*trialBalanceOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	out := TrialBalance{Position: r.Books.Position(), Rows: []BalanceRow{}, Totals: []BalanceTotal{}}
	balance, err := r.Books.TrialBalance(ctx, in.Entity)
	if err != nil {
		return nil, err
	}
	for _, b := range balance.Rows() {
		row := BalanceRow{Entity: b.Entity, Currency: b.Currency, Role: b.Shown}
		if b.Minor < 0 {
			row.Credit = money.Of(-b.Minor, b.Currency).Decimal()
		} else {
			row.Debit = money.Of(b.Minor, b.Currency).Decimal()
		}
		out.Rows = append(out.Rows, row)
	}
	for _, t := range balance.Totals() {
		out.Totals = append(out.Totals, BalanceTotal{t.Entity, t.Debit.Currency, t.Debit.Decimal(), t.Credit.Decimal(), t.Balanced()})
	}
	return &trialBalanceOutput{Seen{out.Position}, out}, nil
}

func (r *routes) clearing(ctx context.Context, in *entityInput) (*clearingOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	out := Clearing{Position: r.Books.Position(), Open: []OpenItem{}}
	open, err := r.Books.Clearing(ctx, in.Entity)
	for _, o := range open {
		out.Open = append(out.Open, OpenItem{o.Entity, o.Currency, o.Role, o.Key, money.Of(o.Minor, o.Currency).Decimal()})
	}
	return &clearingOutput{Seen{out.Position}, out}, err
}

func (r *routes) runPeriod(ctx context.Context, in *periodRunInput) (*answerOutput, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	run := &event.PeriodRunRequested{Run: in.Body.Run, Entity: in.Body.Entity, AsOf: in.Body.AsOf, Author: caller.ID}
	return r.govern(ctx, retail.Key(string(run.Entity), run.AsOf.String(), string(run.Run)), run)
}
