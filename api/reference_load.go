package api

import (
	"context"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
)

// Load is many rows of one table, and what its sender says that it holds.
type Load struct {
	Rows    []KeyedRow         `json:"rows" maxItems:"10000" nullable:"false"`
	Control *reference.Control `json:"control,omitempty" doc:"Control totals: a load that does not meet them changes nothing"`
}

type loadInput struct {
	Table  event.Table `path:"table" doc:"The table"`
	DryRun bool        `query:"dry_run" doc:"Tell the difference and change nothing"`
	Body   Load
}

// Loaded is what became of a load.
type Loaded struct {
	New       int          `json:"new"`
	Changed   int          `json:"changed"`
	Ended     int          `json:"ended"`
	Unchanged int          `json:"unchanged"`
	Refused   int          `json:"refused"`
	Results   []LoadResult `json:"results" doc:"What became of each row, in order"`
}

// LoadResult is what became of a row.
type LoadResult struct {
	Change reference.Change `json:"change,omitempty" doc:"new, changed, ended or unchanged; absent where the row is refused"`
	Before event.Row        `json:"before,omitempty" doc:"What held on its day before"`
	// Answer is that of the journal; a dry run and an unchanged row have none.
	Answer *record.Answer `json:"answer,omitempty"`
}

type loadOutput struct {
	Seen
	Body Loaded
}

func (r *routes) loadReference(ctx context.Context, in *loadInput) (*loadOutput, error) {
	if err := known(in.Table); err != nil {
		return nil, err
	}
	if in.Body.Control != nil {
		tally := in.Body.Control.NewTally()
		for _, row := range in.Body.Rows {
			tally.Add(row.Key, row.Row)
		}
		if err := in.Body.Control.Check(tally); err != nil {
			return nil, err
		}
	}
	plan := newPlan(len(in.Body.Rows))
	for i, row := range in.Body.Rows {
		p, err := r.propose(ctx, in.Table, row)
		if err != nil {
			return nil, err
		}
		if !plan.add(p) {
			plan.proposals[i] = proposal{refusal: fault.New(fault.SchemaInvalid, row.Key, "an earlier row of the load sets it for that day")}
		}
	}
	if in.DryRun {
		return &loadOutput{Seen{r.Owner.Position()}, loaded(plan, nil)}, nil
	}
	answers, err := r.carryOut(ctx, plan)
	return &loadOutput{Seen{highest(answers)}, loaded(plan, answers)}, err
}

// loaded counts what became of the rows of a plan; without answers, of a dry run.
func loaded(p *plan, answers []record.Answer) Loaded {
	out := Loaded{Results: make([]LoadResult, len(p.proposals))}
	for i, next := range p.proposals {
		result := LoadResult{Change: next.change, Before: next.before}
		switch {
		case next.refusal != nil:
			result.Answer = new(record.Refuse(next.refusal))
		case answers != nil && next.event != nil:
			result.Answer = &answers[i]
		}
		if a := result.Answer; a != nil && a.Status != record.Accepted && a.Status != record.Duplicate {
			result.Change = ""
			out.Refused++
		}
		switch result.Change {
		case reference.New:
			out.New++
		case reference.Changed:
			out.Changed++
		case reference.Ended:
			out.Ended++
		case reference.Unchanged:
			out.Unchanged++
		}
		out.Results[i] = result
	}
	return out
}
