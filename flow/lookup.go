package flow

import (
	"context"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// ZoneAt returns the zone of a place on a day, by what a source system calls the place; nil where
// no such location holds on the day. A zone that there is not is H-ZONE.
func (o *Owner) ZoneAt(ctx context.Context, system retail.SystemID, place string, day retail.Date) (*time.Location, error) {
	s := newState(store.NewOverlay(ctx, o.cache), reference.NewBook(nil))
	id, row, ok := s.book.Location(reference.Naming{System: system}, place, day)
	if err := s.Err(); err != nil || !ok {
		return nil, err
	}
	zone, err := time.LoadLocation(row["zone"])
	if err != nil || row["zone"] == "" || row["zone"] == "Local" {
		return nil, fault.New(fault.ZoneUnknown, string(id), "the location's zone is not an IANA time zone such as Europe/Berlin")
	}
	return zone, nil
}

// About returns the facts that name a document, in the order of the journal, the first thousand.
func (o *Owner) About(ctx context.Context, document retail.Ref) ([]*record.Record, error) {
	positions, err := o.carrying(ctx, document)
	if err != nil {
		return nil, err
	}
	out := make([]*record.Record, len(positions))
	for i, p := range positions {
		if out[i], err = o.Record(ctx, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}
