package store

import (
	"context"
	"log/slog"

	"github.com/heddlehq/heddle/journal"
)

// OpenKnown opens a projection's memory. A watermark whose root the journal does not know
// belongs to another history (a restored backup, a failed-over database): the projection is
// dropped, to be built anew.
func OpenKnown(ctx context.Context, log journal.Log, views Views, name string, logger *slog.Logger) (*Cache, error) {
	cache, err := OpenCache(ctx, views, name)
	if err != nil {
		return nil, err
	}
	mark := cache.Mark()
	root, known, err := log.Root(ctx, mark.Next)
	if err != nil || known && root == mark.Root {
		return cache, err
	}
	logger.Warn("a projection belongs to another history and is built anew", "projection", name, "position", mark.Next)
	if err := views.Drop(ctx, name); err != nil {
		return nil, err
	}
	return OpenCache(ctx, views, name)
}
