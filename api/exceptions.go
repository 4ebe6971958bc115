package api

import (
	"cmp"
	"context"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/exception"
)

type exceptionsInput struct {
	After
	Status exception.Status `query:"status" enum:"OPEN,RESOLVED,WAIVED" doc:"Absent means all"`
}

// Exceptions is the work list.
type Exceptions struct {
	Position   int64            `json:"position"`
	Exceptions []exception.Item `json:"exceptions"`
}

type exceptionsOutput struct {
	Seen
	Body Exceptions
}

func (r *routes) registerExceptions() {
	huma.Register(r.api, read("list-exceptions", "/v1/exceptions", access.ExceptionsRead, "The work list",
		"What stopped at the doors, in stock and in the books, whose work it is and what to do next; the oldest first."), r.exceptions)
}

func (r *routes) exceptions(ctx context.Context, in *exceptionsInput) (*exceptionsOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	position := r.Books.Position()
	items, err := r.worklist(ctx)
	if in.Status != "" {
		items = slices.DeleteFunc(items, func(item exception.Item) bool { return item.Status != in.Status })
	}
	return &exceptionsOutput{Seen{position}, Exceptions{position, items}}, err
}

// worklist joins the three parts of the work list.
func (r *routes) worklist(ctx context.Context) ([]exception.Item, error) {
	doors, err := r.Worklist.Items(ctx)
	if err != nil {
		return nil, err
	}
	owner, err := r.Owner.Exceptions(ctx)
	if err != nil {
		return nil, err
	}
	books, err := r.Books.Exceptions(ctx, r.Clock())
	if err != nil {
		return nil, err
	}
	items := listed(slices.Concat(doors, owner, books))
	slices.SortFunc(items, func(a, b exception.Item) int { return cmp.Or(a.RaisedAt.Compare(b.RaisedAt), cmp.Compare(a.ID, b.ID)) })
	return items, nil
}
