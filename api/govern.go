package api

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// Approval is a person's word on something that needs one.
type Approval struct {
	Subject  retail.Ref     `json:"subject" doc:"What is approved, such as the document of an opening load"`
	Decision event.Decision `json:"decision" enum:"APPROVED,REJECTED"`
	Reason   string         `json:"reason,omitempty"`
}

type approvalInput struct{ Body Approval }

func (r *routes) registerGovern() {
	approve := write("approve", "/v1/approvals", access.ApprovalsWrite, "Approve or reject",
		"The word of a second person (E6). A machine never approves, and nobody approves what they have brought in themselves.")
	approve.DefaultStatus = http.StatusOK
	huma.Register(r.api, approve, r.approve)
}

func (r *routes) approve(ctx context.Context, in *approvalInput) (*answerOutput, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	makers, err := r.makers(ctx, in.Body.Subject)
	if err != nil {
		return nil, err
	}
	for _, maker := range makers {
		if err := caller.MayApprove(maker); err != nil {
			return nil, err
		}
	}
	given := &event.ApprovalGiven{Subject: in.Body.Subject, Decision: in.Body.Decision, Person: caller.ID, Reason: in.Body.Reason}
	return r.govern(ctx, retail.Key(given.Subject.String(), string(given.Person)), given)
}

// makers returns who brought in or wrote the facts that name the subject; none where no fact
// names it yet.
func (r *routes) makers(ctx context.Context, subject retail.Ref) ([]retail.PrincipalID, error) {
	records, err := r.Owner.Thread(ctx, subject.String())
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	var out []retail.PrincipalID
	for _, rec := range records {
		if _, is := rec.Event.Data.(*event.ApprovalGiven); is || !slices.Contains(lineage.Named(rec.Event), subject) {
			continue
		}
		out = append(out, rec.Outcome.Receipt.Principal, authorOf(rec.Event))
	}
	return slices.DeleteFunc(out, func(id retail.PrincipalID) bool { return id == "" }), err
}

// authorOf returns the person whom a fact names as its maker.
func authorOf(e *event.Event) retail.PrincipalID {
	switch d := e.Data.(type) {
	case *event.StockAdjusted:
		return d.Author
	case *event.ReferenceSet:
		return d.Author
	case *event.PeriodRunRequested:
		return d.Author
	}
	return ""
}

// govern records what a caller decides, as a fact of Heddle's own. The business date is left
// to the time, so that the same decision on another day is the same fact.
func (r *routes) govern(ctx context.Context, key string, body event.Body) (*answerOutput, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return nil, err
	}
	e := &event.Event{Header: event.Header{System: own, Instance: ownInstance, Key: key, Time: r.Clock().UTC(), TZ: "UTC"}, Data: body}
	if err := e.Validate(); err != nil {
		return nil, err
	}
	answers, err := r.Doors.Submit(ctx, []record.Submission{{Event: e, Receipt: record.Receipt{Principal: caller.ID}}})
	if err != nil {
		return nil, err
	}
	a := answers[0]
	if a.Status != record.Accepted && a.Status != record.Duplicate {
		return nil, denied(a)
	}
	return &answerOutput{Seen{a.Position}, a}, nil
}
