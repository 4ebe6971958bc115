package api

import (
	"context"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// Fact is a journaled fact in a thread.
type Fact struct {
	Position     int64           `json:"position"`
	At           time.Time       `json:"at" doc:"When Heddle learned it"`
	Type         event.Type      `json:"type" example:"sale"`
	Source       string          `json:"source" doc:"system/instance"`
	Key          string          `json:"key" doc:"The business key"`
	Time         time.Time       `json:"time" doc:"When it happened"`
	BusinessDate retail.Date     `json:"business_date,omitempty"`
	Standing     record.Standing `json:"standing" enum:"books,corroborates,history"`
	Evidence     string          `json:"evidence,omitempty" doc:"The SHA-256 of the raw payload"`
	Delivery     string          `json:"delivery,omitempty"`
	Pack         string          `json:"pack,omitempty"`
	Topic        string          `json:"topic,omitempty"`
	Order        retail.OrderID  `json:"order,omitempty"`
	Refs         []retail.Ref    `json:"refs" doc:"The documents that it names"`
	Moves        []stock.Move    `json:"moves" doc:"What it moved"`
	Flags        []record.Flag   `json:"flags" doc:"The rules that fired"`
	Waits        []record.Wait   `json:"waits,omitempty" doc:"The lines that wait for an item"`
	Entries      []string        `json:"entries" doc:"The ids of the entries that it booked"`
}

// Thread is everything that is tied to an id.
type Thread struct {
	ID         string           `json:"id"`
	Position   int64            `json:"position" doc:"How far the books have followed the journal"`
	Facts      []Fact           `json:"facts"`
	Entries    []Entry          `json:"entries"`
	Exceptions []exception.Item `json:"exceptions"`
}

type threadInput struct {
	After
	ID string `path:"id" doc:"A number of any system, or a typed reference such as payment:stripe·ch_1"`
}

type threadOutput struct {
	Seen
	Body Thread
}

func (r *routes) registerThreads() {
	huma.Register(r.api, read("get-thread", "/v1/threads/{id}", access.ThreadsRead, "Follow a number",
		"Every fact tied to an order, a till transaction, a payment, a payout or any other id, with the entries that they booked and what is on the work list for them."), r.thread)
}

func (r *routes) thread(ctx context.Context, in *threadInput) (*threadOutput, error) {
	if err := in.reach(ctx, r.Books.Position); err != nil {
		return nil, err
	}
	out := Thread{ID: in.ID, Position: r.Books.Position(), Facts: []Fact{}, Entries: []Entry{}}
	records, err := r.Owner.Thread(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	for _, rec := range records {
		entries, err := r.Books.EntriesOf(ctx, rec.Position)
		if err != nil {
			return nil, err
		}
		out.Facts = append(out.Facts, factOf(rec, entries))
		for _, e := range entries {
			out.Entries = append(out.Entries, Entry{e})
		}
	}
	out.Exceptions, err = r.concerning(ctx, records)
	return &threadOutput{Seen{out.Position}, out}, err
}

func factOf(rec *record.Record, entries []*ledger.Entry) Fact {
	e, o := rec.Event, rec.Outcome
	f := Fact{
		Position: rec.Position, At: rec.At, Type: e.Type(), Source: string(e.System) + "/" + string(e.Instance), Key: e.Key,
		Time: e.Time, BusinessDate: e.BusinessDate, Standing: o.Standing, Evidence: o.Receipt.Evidence, Delivery: o.Receipt.Delivery,
		Pack: o.Receipt.Pack, Topic: o.Receipt.Topic, Order: o.Order, Refs: listed(lineage.Named(e)), Moves: listed(o.Moved()),
		Flags: listed(o.Flags), Waits: o.Waits, Entries: []string{},
	}
	for _, entry := range entries {
		f.Entries = append(f.Entries, entry.ID().String())
	}
	return f
}

// listed returns a list that is written [] where it is empty.
func listed[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// concerning returns the work that facts gave, whether it is done or not.
func (r *routes) concerning(ctx context.Context, records []*record.Record) ([]exception.Item, error) {
	items, err := r.worklist(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(items, func(item exception.Item) bool {
		return !slices.ContainsFunc(records, func(rec *record.Record) bool { return item.Position == rec.Position })
	}), nil
}
