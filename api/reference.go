package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// ReferenceRow sets one row of reference data from a day on.
type ReferenceRow struct {
	Table event.Table `json:"table" example:"locations"`
	KeyedRow
}

// KeyedRow sets one row of a table from a day on.
type KeyedRow struct {
	Key           string      `json:"key" doc:"The row's key, parts joined by ·"`
	EffectiveFrom retail.Date `json:"effective_from,omitempty" doc:"The first day on which it holds; absent means from the beginning"`
	Row           event.Row   `json:"row" doc:"The columns; none ends the key from that day on"`
}

type setReferenceInput struct {
	Body struct {
		Rows []ReferenceRow `json:"rows" minItems:"1" maxItems:"10000" nullable:"false"`
	}
}

// Answers is what became of each row, in order.
type Answers struct {
	Results []record.Answer `json:"results"`
}

type answersOutput struct {
	Seen
	Body Answers
}

func (r *routes) registerReference() {
	set := write("set-reference", "/v1/reference", access.ReferenceWrite, "Set reference data",
		"Each row becomes a fact with its author. A row that is there with other content for the same day is set as its next version; one that says what holds on its day already is a duplicate. What waited for a row comes in by itself.")
	set.DefaultStatus = http.StatusOK
	huma.Register(r.api, set, r.setReference)
	huma.Register(r.api, read("list-reference", "/v1/reference", access.ReferenceWrite, "List the reference tables",
		"Every table with what its keys are made of and what its columns mean."), r.tables)
	huma.Register(r.api, read("get-reference", "/v1/reference/{table}", access.ReferenceWrite, "Read reference data",
		"The rows of a table through time, in the order of their keys; with a day those that hold on it."), r.table)
	load := write("load-reference", "/v1/reference/{table}", access.ReferenceWrite, "Load rows of one table",
		"Sets many rows at once. A load that does not meet its control totals changes nothing. Each row has its own result, and a bad one does not hold up its neighbours. A dry run tells the difference and changes nothing.")
	load.DefaultStatus = http.StatusOK
	huma.Register(r.api, load, r.loadReference)
	r.registerReferenceRow()
}

func (r *routes) setReference(ctx context.Context, in *setReferenceInput) (*answersOutput, error) {
	plan := newPlan(len(in.Body.Rows))
	for _, row := range in.Body.Rows {
		p, err := r.propose(ctx, row.Table, row.KeyedRow)
		if err != nil {
			return nil, err
		}
		if !plan.add(p) {
			return nil, fault.New(fault.BadRequest, "rows", "one request sets a row for a day once")
		}
	}
	answers, err := r.carryOut(ctx, plan)
	return &answersOutput{Seen{highest(answers)}, Answers{answers}}, err
}

// proposal is what a row that is to be set changes.
type proposal struct {
	// event sets the row; nil where it says what holds already, or is refused.
	event   *event.Event
	key     string // of the event, empty where the row is refused
	change  reference.Change
	before  event.Row
	refusal *fault.Error
	// places says that it makes a place known already.
	places bool
}

// propose finds out what setting a row changes. What is wrong with the row is a refusal; an
// error is one of reading.
func (r *routes) propose(ctx context.Context, table event.Table, row KeyedRow) (proposal, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return proposal{}, err
	}
	if row.Row == nil {
		row.Row = event.Row{}
	}
	set := &event.ReferenceSet{Table: string(table), RowKey: row.Key, EffectiveFrom: row.EffectiveFrom, Row: row.Row, Author: caller.ID}
	if key, err := reference.CanonicalKey(table, row.Key); err == nil {
		set.RowKey = key
	}
	e := reference.NewEvent(set, ownInstance, r.Clock())
	if err := e.Validate(); err != nil {
		return proposal{refusal: fault.As(err)}, nil
	}
	if err := reference.CheckValues(set); err != nil {
		return proposal{refusal: fault.As(err)}, nil
	}
	history, err := r.Owner.Reference(ctx, table, set.RowKey)
	if err != nil {
		return proposal{}, err
	}
	p := proposal{event: e, key: e.Key}
	p.change, p.before, e.SourceVersion = history.Compare(row.EffectiveFrom, row.Row)
	if p.change == reference.Unchanged {
		p.event, p.places = nil, intake.Places(set)
	}
	return p, nil
}

// plan gathers the proposals of one request.
type plan struct {
	proposals []proposal
	keys      map[string]bool
}

func newPlan(rows int) *plan {
	return &plan{make([]proposal, 0, rows), make(map[string]bool, rows)}
}

// add takes a proposal in; false where the plan sets the row for that day already.
func (p *plan) add(next proposal) bool {
	p.proposals = append(p.proposals, next)
	if next.key == "" {
		return true
	}
	twice := p.keys[next.key]
	p.keys[next.key] = true
	return !twice
}

// carryOut submits what a plan changes, and answers for each of its rows. A place that it only
// repeats has what waits for it released once more: the first release may have been broken off.
func (r *routes) carryOut(ctx context.Context, p *plan) ([]record.Answer, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]record.Answer, len(p.proposals))
	var subs []record.Submission
	var at []int
	for i, next := range p.proposals {
		switch {
		case next.refusal != nil:
			out[i] = record.Refuse(next.refusal)
		case next.event == nil:
			out[i] = record.Answer{Status: record.Duplicate}
		default:
			at = append(at, i)
			subs = append(subs, record.Submission{Event: next.event, Receipt: record.Receipt{Principal: caller.ID}})
		}
	}
	answers, err := r.Doors.Submit(ctx, subs)
	for i, a := range answers {
		out[at[i]] = a
	}
	if err == nil && slices.ContainsFunc(p.proposals, func(next proposal) bool { return next.places }) {
		err = r.Doors.Release(ctx)
	}
	return out, err
}

// TableDescription says what a reference table holds.
type TableDescription struct {
	Table   event.Table         `json:"table"`
	Key     string              `json:"key" doc:"What its keys are made of, parts joined by ·"`
	Meaning string              `json:"meaning"`
	Columns []ColumnDescription `json:"columns"`
}

// ColumnDescription says what a column of a reference table means.
type ColumnDescription struct {
	Name     string     `json:"name"`
	Required bool       `json:"required"`
	Meaning  string     `json:"meaning"`
	Form     event.Form `json:"form,omitempty" doc:"How it is written: date, quantity, cost or whole; absent means any text"`
	Values   []string   `json:"values,omitempty" doc:"What it may say; absent means that it is free"`
}

// Tables are the reference tables.
type Tables struct {
	Tables []TableDescription `json:"tables"`
}

type tablesOutput struct{ Body Tables }

func (r *routes) tables(context.Context, *struct{}) (*tablesOutput, error) {
	out := &tablesOutput{}
	for _, t := range event.Tables() {
		d := TableDescription{Table: t.Name, Key: t.Key, Meaning: t.Meaning, Columns: []ColumnDescription{}}
		for _, c := range t.Columns {
			d.Columns = append(d.Columns, ColumnDescription(c))
		}
		out.Body.Tables = append(out.Body.Tables, d)
	}
	return out, nil
}

type tableInput struct {
	After
	Table event.Table `path:"table" doc:"The table"`
	On    string      `query:"on" format:"date" doc:"A day: only the rows that hold on it"`
	Last  string      `query:"after" doc:"The last key of the page before"`
	Limit int         `query:"limit" minimum:"1" maximum:"10000" default:"1000"`
}

// TableRows is a page of a reference table.
type TableRows struct {
	Position int64       `json:"position"`
	Table    event.Table `json:"table"`
	Rows     []TableRow  `json:"rows"`
	Next     string      `json:"next,omitempty" doc:"The after of the next page; absent on the last one"`
}

// TableRow is a row through time.
type TableRow struct {
	Key      string            `json:"key"`
	Row      event.Row         `json:"row,omitempty" doc:"What holds on the day that was asked for"`
	Versions reference.History `json:"versions" doc:"What the row says from each day on, oldest first"`
}

type tableOutput struct {
	Seen
	Body TableRows
}

func (r *routes) table(ctx context.Context, in *tableInput) (*tableOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	if err := known(in.Table); err != nil {
		return nil, err
	}
	on, err := dateOf("on", in.On)
	if err != nil {
		return nil, err
	}
	out := TableRows{Position: r.Owner.Position(), Table: in.Table, Rows: []TableRow{}}
	err = r.Owner.ReferenceRows(ctx, in.Table, in.Last, func(key string, h reference.History) bool {
		row := TableRow{Key: key, Versions: h}
		if on != 0 {
			var holds bool
			if row.Row, holds = h.On(on); !holds {
				return true
			}
		}
		if len(out.Rows) == in.Limit {
			out.Next = out.Rows[in.Limit-1].Key
			return false
		}
		out.Rows = append(out.Rows, row)
		return true
	})
	return &tableOutput{Seen{out.Position}, out}, err
}

func known(table event.Table) error {
	if _, ok := event.LookupTable(table); !ok {
		return fault.New(fault.NoSuchThing, string(table), "there is no such reference table").WithHint("GET /v1/reference lists the tables.")
	}
	return nil
}
