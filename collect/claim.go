package collect

import (
	"cmp"
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
)

// Facts tells how facts came in; journal.Log is the one.
type Facts interface {
	// Read calls fn with each chunk in order, from the one that holds position from. An error of
	// fn ends the reading and is returned as it is. It is called for the chunks that hold facts
	// of a part that was begun before and broken off.
	Read(ctx context.Context, from int64, fn func(*journal.Chunk) error) error
}

// claim tells which facts of a part the part itself brought when it was begun before: they are
// accepted, as they would have been told then. The journal says what came with these bytes from
// a place; what an earlier receipt has told as accepted was there before, and stays a duplicate.
func (w *watch) claim(ctx context.Context, f intake.File, receipt intake.Receipt, lines []Line) error {
	own := map[int64]bool{} // by position; false where it is another's
	var asked []int64
	for e := range recorded(lines) {
		if e.Answer == Accepted && !receipt.Redelivered {
			own[e.Position] = true // just now
		} else if !own[e.Position] {
			asked = append(asked, e.Position)
		}
	}
	before, err := w.brought(ctx, asked, receipt.Evidence)
	if err != nil {
		return err
	}
	if len(before) > 0 {
		if err := w.disclaim(ctx, f, before); err != nil {
			return err
		}
	}
	maps.Copy(own, before)
	for e := range recorded(lines) {
		e.Answer = Duplicate
		if own[e.Position] {
			e.Answer, own[e.Position] = Accepted, false // the same fact further down is a duplicate of it
		}
	}
	for i := range lines {
		if l := &lines[i]; len(l.Events) > 0 {
			l.Answer = worst(l.Events)
		}
	}
	return nil
}

// brought returns those of the positions whose facts came by a payload from a place. It reads each
// chunk that holds one of them once.
func (w *watch) brought(ctx context.Context, positions []int64, payload journal.Hash) (map[int64]bool, error) {
	errRead := errors.New("one chunk is enough")
	own := map[int64]bool{}
	slices.Sort(positions)
	positions = slices.Compact(positions)
	for len(positions) > 0 {
		err := w.opts.Facts.Read(ctx, positions[0], func(c *journal.Chunk) error {
			for len(positions) > 0 && positions[0] < c.End().Next {
				outcome, err := record.ParseOutcome(c.Records[positions[0]-c.First].Outcome)
				if err != nil {
					return err
				}
				if from := outcome.Receipt; from.Principal == Collected && from.Evidence == payload.String() {
					own[positions[0]] = true
				}
				positions = positions[1:]
			}
			return errRead
		})
		if !errors.Is(err, errRead) {
			return nil, cmp.Or(err, error(fault.New(fault.ChainBroken, "journal", "it ends before position %d", positions[0])))
		}
	}
	return own, nil
}

// disclaim drops what a receipt has told as accepted: that of an earlier part with the same bytes,
// or of a file with the same content.
func (w *watch) disclaim(ctx context.Context, f intake.File, own map[int64]bool) error {
	same, err := w.sameContent(ctx, f.Content)
	if err != nil {
		return err
	}
	for _, s := range same {
		err := eachLine(ctx, w.opts.Files, s, func(l Line) error {
			for e := range recorded([]Line{l}) {
				if e.Answer == Accepted {
					delete(own, e.Position)
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// recorded yields the events of lines that are in the journal.
func recorded(lines []Line) iter.Seq[*Event] {
	return func(yield func(*Event) bool) {
		for i := range lines {
			for j := range lines[i].Events {
				e := &lines[i].Events[j]
				if (e.Answer == Accepted || e.Answer == Duplicate) && !yield(e) {
					return
				}
			}
		}
	}
}
