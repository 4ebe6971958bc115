package api

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

type rowInput struct {
	After
	Table event.Table `path:"table" doc:"The table"`
	Key   string      `path:"key" doc:"The row's key, parts joined by ·"`
	On    string      `query:"on" format:"date" doc:"The day for which to tell what holds; absent means today, in UTC"`
	AsOf  time.Time   `query:"as_of" doc:"Tell what was known at this instant; absent means now"`
}

// RowHistory is one row through time, and how it came to be.
type RowHistory struct {
	Position int64             `json:"position"`
	Table    event.Table       `json:"table"`
	Key      string            `json:"key"`
	Row      event.Row         `json:"row,omitempty" doc:"What holds on the day; absent where nothing does"`
	Versions reference.History `json:"versions" doc:"What the row says from each day on, oldest first"`
	Changes  []RowChange       `json:"changes" doc:"The facts that set it, in the order of the journal, with their authors"`
}

// RowChange is one fact that has set a row.
type RowChange struct {
	Position      int64              `json:"position"`
	At            time.Time          `json:"at"`
	Source        string             `json:"source"`
	Author        retail.PrincipalID `json:"author"`
	EffectiveFrom retail.Date        `json:"effective_from,omitempty"`
	Version       int64              `json:"version,omitempty"`
	Row           event.Row          `json:"row"`
}

type rowOutput struct {
	Seen
	ETag string `header:"ETag" doc:"For If-Match of a change"`
	Body RowHistory
}

type putRowInput struct {
	Table   event.Table `path:"table" doc:"The table"`
	Key     string      `path:"key" doc:"The row's key, parts joined by ·"`
	IfMatch string      `header:"If-Match" doc:"The ETag of what was read: somebody else's change in between is H-CHANGED"`
	IfNone  string      `header:"If-None-Match" enum:"*" doc:"Set the row only if there is none"`
	Body    struct {
		EffectiveFrom retail.Date `json:"effective_from,omitempty" doc:"The first day on which it holds; absent means from the beginning"`
		Row           event.Row   `json:"row" doc:"The columns; none ends the key from that day on"`
	}
}

type putRowOutput struct {
	Seen
	ETag string `header:"ETag" doc:"Of what the row says now"`
	Body record.Answer
}

func (r *routes) registerReferenceRow() {
	huma.Register(r.api, read("get-reference-row", "/v1/reference/{table}/{key}", access.ReferenceWrite, "Read a row of reference data",
		"One row through time: what it says from each day on, and every fact that has set it, with its author. As of an instant it is what was known then."), r.row)
	put := write("put-reference-row", "/v1/reference/{table}/{key}", access.ReferenceWrite, "Change a row of reference data",
		"Sets the row from a day on. With If-Match it is set only if nobody has changed it since it was read.")
	put.Method, put.DefaultStatus = http.MethodPut, http.StatusOK
	put.Errors = append(put.Errors, http.StatusPreconditionFailed)
	huma.Register(r.api, put, r.putRow)
}

func (r *routes) row(ctx context.Context, in *rowInput) (*rowOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	on, err := dateOf("on", in.On)
	if err != nil {
		return nil, err
	}
	key, err := rowKey(in.Table, in.Key)
	if err != nil {
		return nil, err
	}
	out := RowHistory{Position: r.Owner.Position(), Table: in.Table, Key: key, Changes: []RowChange{}}
	if out.Versions, err = r.Owner.Reference(ctx, in.Table, key); err != nil {
		return nil, err
	}
	if len(out.Versions) == 0 {
		return nil, fault.New(fault.NoSuchThing, string(in.Table)+" "+key, "nobody has ever set this row")
	}
	etag := tagOf(out.Versions)
	if err := r.changes(ctx, in.AsOf, &out); err != nil {
		return nil, err
	}
	if on == 0 {
		on = retail.DateOf(r.Clock().UTC())
	}
	out.Row, _ = out.Versions.On(on)
	return &rowOutput{Seen{out.Position}, etag, out}, nil
}

// changes adds the facts that have set a row; as of an instant they tell what it said then.
func (r *routes) changes(ctx context.Context, asOf time.Time, out *RowHistory) error {
	records, err := r.Owner.Thread(ctx, retail.Ref{Type: retail.RefReference, ID: retail.Key(string(out.Table), out.Key)}.String())
	if err != nil {
		return err
	}
	known := reference.History{}
	for _, rec := range records {
		set, ok := rec.Event.Data.(*event.ReferenceSet)
		if !ok || !asOf.IsZero() && rec.At.After(asOf) {
			continue
		}
		known = known.Set(reference.Version{From: set.EffectiveFrom, Version: rec.Event.SourceVersion, Row: set.Row})
		out.Changes = append(out.Changes, RowChange{
			Position: rec.Position, At: rec.At, Source: string(rec.Event.System) + "/" + string(rec.Event.Instance), Author: set.Author,
			EffectiveFrom: set.EffectiveFrom, Version: rec.Event.SourceVersion, Row: set.Row,
		})
	}
	if !asOf.IsZero() {
		out.Versions = known
	}
	return nil
}

func (r *routes) putRow(ctx context.Context, in *putRowInput) (*putRowOutput, error) {
	key, err := rowKey(in.Table, in.Key)
	if err != nil {
		return nil, err
	}
	have, err := r.Owner.Reference(ctx, in.Table, key)
	if err != nil {
		return nil, err
	}
	if in.IfMatch != "" && (len(have) == 0 || in.IfMatch != "*" && in.IfMatch != tagOf(have)) || in.IfNone == "*" && len(have) > 0 {
		return nil, fault.New(fault.Superseded, string(in.Table)+" "+key, "the row is not what the request was made for")
	}
	p, err := r.propose(ctx, in.Table, KeyedRow{key, in.Body.EffectiveFrom, in.Body.Row})
	if err != nil {
		return nil, err
	}
	if p.refusal != nil {
		return nil, p.refusal
	}
	plan := newPlan(1)
	plan.add(p)
	answers, err := r.carryOut(ctx, plan)
	if err != nil {
		return nil, err
	}
	if a := answers[0]; a.Status == record.Conflicting {
		return nil, fault.New(fault.Superseded, string(in.Table)+" "+key, "somebody else has set the row for that day meanwhile")
	}
	now, err := r.Owner.Reference(ctx, in.Table, key)
	return &putRowOutput{Seen{highest(answers)}, tagOf(now), answers[0]}, err
}

// rowKey returns the key under which a row is kept.
func rowKey(table event.Table, key string) (string, error) {
	if err := known(table); err != nil {
		return "", err
	}
	return reference.CanonicalKey(table, key)
}

// tagOf is the entity tag of a row: of all that it says through time.
func tagOf(h reference.History) string {
	sum := sha256.Sum256(h.Bytes())
	return `"` + hex.EncodeToString(sum[:8]) + `"`
}
