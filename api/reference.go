package api

import (
	"context"
	"maps"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// ReferenceRow sets one row of reference data from a day on.
type ReferenceRow struct {
	Table         event.Table `json:"table" example:"locations"`
	Key           string      `json:"key" minLength:"1" doc:"The row's key, parts joined by ·"`
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

type tableInput struct {
	After
	Table event.Table `path:"table" doc:"The table"`
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
	Versions reference.History `json:"versions" doc:"What the row says from each day on, oldest first"`
}

type tableOutput struct {
	Seen
	Body TableRows
}

func (r *routes) registerReference() {
	set := write("set-reference", "/v1/reference", access.ReferenceWrite, "Set reference data",
		"Each row becomes a fact with its author. A row that is there with other content for the same day is set as its next version; one that says the same already is a duplicate. What waited for a row comes in by itself.")
	set.DefaultStatus = http.StatusOK
	huma.Register(r.api, set, r.setReference)
	huma.Register(r.api, read("get-reference", "/v1/reference/{table}", access.ReferenceWrite, "Read reference data",
		"The rows of a table through time, in the order of their keys."), r.table)
}

func (r *routes) setReference(ctx context.Context, in *setReferenceInput) (*answersOutput, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	out := Answers{Results: make([]record.Answer, len(in.Body.Rows))}
	var subs []record.Submission
	var at []int
	twice := map[string]bool{}
	for i, row := range in.Body.Rows {
		e, err := r.rowEvent(ctx, row, caller.ID)
		switch {
		case err != nil && fault.KindOf(err) != fault.Invalid:
			return nil, err
		case err != nil:
			out.Results[i] = record.Refuse(err)
		case e == nil:
			out.Results[i] = record.Answer{Status: record.Duplicate}
		case twice[e.Key]:
			return nil, fault.New(fault.BadRequest, "rows", "one request sets a row for a day once")
		default:
			twice[e.Key] = true
			at = append(at, i)
			subs = append(subs, record.Submission{Event: e, Receipt: record.Receipt{Principal: caller.ID}})
		}
	}
	answers, err := r.Doors.Submit(ctx, subs)
	for i, a := range answers {
		out.Results[at[i]] = a
	}
	return &answersOutput{Seen{highest(answers)}, out}, err
}

// rowEvent makes the event that sets a row, or nil if the row says so already.
func (r *routes) rowEvent(ctx context.Context, row ReferenceRow, author retail.PrincipalID) (*event.Event, error) {
	if row.Row == nil {
		row.Row = event.Row{}
	}
	set := &event.ReferenceSet{Table: string(row.Table), RowKey: row.Key, EffectiveFrom: row.EffectiveFrom, Row: row.Row, Author: author}
	e := reference.NewEvent(set, ownInstance, r.Clock())
	if err := e.Validate(); err != nil {
		return nil, err
	}
	if err := event.CheckRow(row.Table, row.Row); err != nil {
		return nil, err
	}
	if err := reference.CheckValues(set); err != nil {
		return nil, err
	}
	history, err := r.Owner.Reference(ctx, row.Table, row.Key)
	if err != nil {
		return nil, err
	}
	for _, v := range history {
		if v.From != row.EffectiveFrom {
			continue
		}
		if maps.Equal(v.Row, row.Row) {
			return nil, nil
		}
		e.SourceVersion = v.Version + 1
	}
	return e, nil
}

func (r *routes) table(ctx context.Context, in *tableInput) (*tableOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	if _, ok := event.LookupTable(in.Table); !ok {
		return nil, fault.New(fault.NoSuchThing, string(in.Table), "there is no such reference table")
	}
	out := TableRows{Position: r.Owner.Position(), Table: in.Table, Rows: []TableRow{}}
	err := r.Owner.ReferenceRows(ctx, in.Table, func(key string, h reference.History) bool {
		if key <= in.Last {
			return true
		}
		if len(out.Rows) == in.Limit {
			out.Next = out.Rows[in.Limit-1].Key
			return false
		}
		out.Rows = append(out.Rows, TableRow{key, h})
		return true
	})
	return &tableOutput{Seen{out.Position}, out}, err
}
