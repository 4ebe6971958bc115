package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// SourcePath names a configured source in the path of a route.
type SourcePath struct {
	Pack     string            `path:"pack" doc:"The pack that speaks the source's language"`
	Instance retail.InstanceID `path:"instance" doc:"The configured installation"`
}

func (p SourcePath) name() intake.SourceName {
	return intake.SourceName{Pack: p.Pack, Instance: p.Instance}
}

type fetchInput struct {
	SourcePath
	Fetch string `path:"fetch" doc:"The pack's name for what is asked"`
	Body  struct {
		With map[string]string `json:"with,omitempty" doc:"The values that the fetch needs, such as an id"`
	}
}

type pollInput struct {
	SourcePath
	Poll string `path:"poll" doc:"The pack's name for what is asked again and again"`
	Body struct {
		Since time.Time `json:"since,omitzero" doc:"From when on; absent means where the poll has come to"`
	}
}

type retryInput struct {
	SourcePath
	Body struct {
		ID intake.FollowUpID `json:"id,omitempty" doc:"The follow-up; absent means all that wait for a person"`
	}
}

// Retried says how many questions will be asked again.
type Retried struct {
	Retried int `json:"retried"`
}

type (
	summaryOutput struct{ Body fetch.Summary }
	retriedOutput struct{ Body Retried }
)

func (r *routes) registerFetches() {
	huma.Register(r.api, write("fetch-now", "/v1/sources/{pack}/{instance}/fetches/{fetch}", access.IntakeWrite, "Ask a system for something now",
		"Asks what a thin notification would have asked for. The question is kept before it is asked: one that is not answered now is asked again later."), r.fetchNow)
	huma.Register(r.api, write("poll-now", "/v1/sources/{pack}/{instance}/polls/{poll}", access.IntakeWrite, "Ask a system what has changed",
		"Runs a poll to its end. What was taken in already changes nothing."), r.pollNow)
	huma.Register(r.api, write("retry-follow-ups", "/v1/sources/{pack}/{instance}/retries", access.IntakeWrite, "Ask again what was not answered",
		"Makes due what a system would not answer and what waits for a person since then."), r.retryFollowUps)
}

func (r *routes) fetchNow(ctx context.Context, in *fetchInput) (*summaryOutput, error) {
	asked := pack.FollowUp{Fetch: in.Fetch, With: in.Body.With}
	summary, err := r.Fetcher.FollowUp(ctx, intake.NewFollowUp(in.Pack, in.Instance, asked, r.Clock()))
	return &summaryOutput{summary}, err
}

func (r *routes) pollNow(ctx context.Context, in *pollInput) (*summaryOutput, error) {
	summary, err := r.Fetcher.Poll(ctx, in.name(), in.Poll, in.Body.Since)
	return &summaryOutput{summary}, err
}

func (r *routes) retryFollowUps(ctx context.Context, in *retryInput) (*retriedOutput, error) {
	n, err := r.Fetcher.Retry(ctx, in.name(), in.Body.ID)
	return &retriedOutput{Retried{n}}, err
}
