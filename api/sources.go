package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
)

// Packs are the packs of the installation.
type Packs struct {
	Packs []PackInfo `json:"packs"`
}

// PackInfo says what a pack understands.
type PackInfo struct {
	Name     string          `json:"name"`
	System   retail.SystemID `json:"system" doc:"The source that its events name"`
	Title    string          `json:"title"`
	Versions []string        `json:"versions" doc:"Of the outside system"`
	Signed   bool            `json:"signed" doc:"Whether its payloads prove their sender"`
	Topics   []TopicInfo     `json:"topics"`
}

// TopicInfo is one kind of message.
type TopicInfo struct {
	Name    string      `json:"name"`
	Format  pack.Format `json:"format,omitempty"`
	Status  pack.Status `json:"status,omitempty" doc:"How well it is known"`
	Ignored string      `json:"ignored,omitempty" doc:"Why nothing comes of it"`
}

// Sources are the configured installations of outside systems.
type Sources struct {
	Sources []SourceInfo `json:"sources"`
}

// SourceInfo is one configured source; its secrets are never shown.
type SourceInfo struct {
	Pack     string            `json:"pack"`
	Instance retail.InstanceID `json:"instance"`
	Zone     string            `json:"zone,omitempty" doc:"Where its clocks are that write no zone; absent where nobody has declared one"`
	Options  map[string]string `json:"options,omitempty"`
	Asked    *fetch.Status     `json:"asked,omitempty" doc:"How far it was asked for what it does not send; absent where it is not asked"`
}

// Checkpoints are signed roots of the journal, oldest first.
type Checkpoints struct {
	Checkpoints []journal.Checkpoint `json:"checkpoints"`
}

type (
	noInput           struct{}
	packsOutput       struct{ Body Packs }
	sourcesOutput     struct{ Body Sources }
	checkpointsOutput struct{ Body Checkpoints }
)

func (r *routes) registerSources() {
	huma.Register(r.api, read("list-packs", "/v1/packs", access.ExceptionsRead, "The packs", "The outside systems whose language is spoken."), r.listPacks)
	huma.Register(r.api, read("list-sources", "/v1/sources", access.ExceptionsRead, "The sources", "The installations that may send."), r.listSources)
	huma.Register(r.api, read("list-checkpoints", "/v1/audit/checkpoints", access.EntriesRead, "Signed checkpoints",
		"Signed statements of the roots that the journal had. Keep copies elsewhere: they prove the journal only there."), r.listCheckpoints)
}

func (r *routes) listPacks(context.Context, *noInput) (*packsOutput, error) {
	out := Packs{Packs: []PackInfo{}}
	for _, p := range r.Packs.All() {
		info := PackInfo{Name: p.Name, System: p.System, Title: p.Title, Versions: listed(p.Versions), Signed: p.Signed(), Topics: []TopicInfo{}}
		for _, t := range p.Topics {
			info.Topics = append(info.Topics, TopicInfo{t.Name, t.Format, t.Status, t.Ignored})
		}
		out.Packs = append(out.Packs, info)
	}
	return &packsOutput{out}, nil
}

func (r *routes) listSources(ctx context.Context, _ *noInput) (*sourcesOutput, error) {
	asked, err := r.Fetcher.Status(ctx)
	if err != nil {
		return nil, err
	}
	out := Sources{Sources: []SourceInfo{}}
	for _, o := range r.Doors.Origins() {
		info := SourceInfo{Pack: o.Pack, Instance: o.Instance, Options: o.Options}
		if o.Zone != nil {
			info.Zone = o.Zone.String()
		}
		for i := range asked {
			if asked[i].Source == (intake.SourceName{Pack: o.Pack, Instance: o.Instance}) {
				info.Asked = &asked[i]
			}
		}
		out.Sources = append(out.Sources, info)
	}
	return &sourcesOutput{out}, nil
}

func (r *routes) listCheckpoints(ctx context.Context, _ *noInput) (*checkpointsOutput, error) {
	all, err := r.Checkpoints.All(ctx)
	return &checkpointsOutput{Checkpoints{listed(all)}}, err
}
