package app

import (
	"context"
	"log/slog"

	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

// besideSuffix names a projection that is being built beside the one it will replace.
const besideSuffix = ".beside"

// Rebuild makes a projection anew from the whole journal, beside the one that is there, and
// then puts it in its place all at once; it returns up to where. It is for an installation
// that is stopped: a running owner keeps its own memory.
func Rebuild(ctx context.Context, s store.Store, name string, log *slog.Logger) (journal.Watermark, error) {
	views := besideViews{s.Views()}
	if err := views.Drop(ctx, name); err != nil { // what an interrupted run left behind
		return journal.Watermark{}, err
	}
	mark, err := build(ctx, s.Journal(), views, name, log)
	if err != nil {
		return mark, err
	}
	if mark == journal.Genesis() {
		return mark, s.Views().Drop(ctx, name)
	}
	return mark, s.Views().Rename(ctx, name+besideSuffix, name)
}

func build(ctx context.Context, log journal.Log, views store.Views, name string, logger *slog.Logger) (journal.Watermark, error) {
	switch name {
	case flow.Operations:
		cache, err := flow.Follow(ctx, log, views, logger)
		if err != nil {
			return journal.Watermark{}, err
		}
		return cache.Mark(), cache.Flush(ctx)
	case booking.Name:
		books, err := booking.Open(ctx, log, views, booking.Options{Log: logger})
		if err != nil {
			return journal.Watermark{}, err
		}
		if err := books.CatchUp(ctx); err != nil {
			return journal.Watermark{}, err
		}
		return books.Mark(), books.Flush(ctx)
	}
	return journal.Watermark{}, fault.New(fault.BadRequest, name, "there is no such projection; there are %s and %s", flow.Operations, booking.Name)
}

// besideViews are views in which every projection has the name of the one beside it.
type besideViews struct{ store.Views }

// Read implements store.Views.
func (v besideViews) Read(ctx context.Context, projection string) (store.Snapshot, error) {
	return v.Views.Read(ctx, projection+besideSuffix)
}

// Apply implements store.Views.
func (v besideViews) Apply(ctx context.Context, projection string, from, to journal.Watermark, ch store.Changes) error {
	return v.Views.Apply(ctx, projection+besideSuffix, from, to, ch)
}

// Drop implements store.Views.
func (v besideViews) Drop(ctx context.Context, projection string) error {
	return v.Views.Drop(ctx, projection+besideSuffix)
}
