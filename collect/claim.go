package collect

import (
	"context"
	"iter"

	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
)

// Facts tells how facts came in; flow.Owner is the one. It is called once for each fact of a part
// that was begun before and broken off, and a journal that cannot be read is its error.
type Facts interface {
	Record(ctx context.Context, position int64) (*record.Record, error)
}

// claim tells which facts of a part the part itself brought when it was begun before: they are
// accepted, as they would have been told then. The journal says what came with these bytes from
// a place; what an earlier receipt has told as accepted was there before, and stays a duplicate.
func (w *watch) claim(ctx context.Context, f intake.File, receipt intake.Receipt, lines []Line) error {
	own, before := map[int64]bool{}, false // by position; false where it is another's
	for e := range recorded(lines) {
		if _, asked := own[e.Position]; asked {
			continue
		}
		if e.Answer == Accepted && !receipt.Redelivered {
			own[e.Position] = true // just now
			continue
		}
		fact, err := w.opts.Facts.Record(ctx, e.Position)
		if err != nil {
			return err
		}
		from := fact.Outcome.Receipt
		own[e.Position] = from.Principal == Collected && from.Evidence == receipt.Evidence.String()
		before = before || own[e.Position]
	}
	if before {
		if err := w.disclaim(ctx, f, own); err != nil {
			return err
		}
	}
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
				if e.Answer == Accepted && own[e.Position] {
					own[e.Position] = false
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
