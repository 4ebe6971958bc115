package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
)

// positionHeader carries a journal position both ways: what an answer has seen, and what a
// reader wants to see.
const positionHeader = "X-Heddle-Position"

// After is the part of a request by which a caller reads what it has written.
type After struct {
	Position int64 `header:"X-Heddle-Position" minimum:"0" doc:"Wait, for up to five seconds, until the answer covers this journal position"`
}

// Seen is the part of an answer that says how much of the journal it covers.
type Seen struct {
	Position int64 `header:"X-Heddle-Position" doc:"The journal position that the answer covers; of a write the highest position that it added or found"`
}

// How long a reader waits for a position, and how often it looks.
const (
	waitMax  = 5 * time.Second
	waitStep = 2 * time.Millisecond
)

// reach waits until a projection has reached the position. One that is not reached in time
// is H-BUSY with status 503: the caller may come again.
func (a After) reach(ctx context.Context, reached func() int64) error {
	if reached() >= a.Position {
		return nil
	}
	waiting, cancel := context.WithTimeout(ctx, waitMax)
	defer cancel()
	tick := time.NewTicker(waitStep)
	defer tick.Stop()
	for reached() < a.Position {
		select {
		case <-tick.C:
		case <-waiting.Done():
			return late(ctx, a.Position, reached())
		}
	}
	return nil
}

func late(ctx context.Context, want, have int64) error {
	f := fault.New(fault.TooBusy, strconv.FormatInt(want, 10), "the answer covers position %d so far", have).
		WithHint("Ask again, or leave out %s to read what is there.", positionHeader)
	p := gateway.NewProblem(f)
	p.Status = http.StatusServiceUnavailable
	if id := gateway.RequestID(ctx); id != "" {
		p.Instance = "urn:uuid:" + id
	}
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {"1"}, "Cache-Control": {"no-store"}})
}
