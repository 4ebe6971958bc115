package pack

import (
	"context"
	"time"
)

// CutByRows reports whether a file can be cut into several payloads by its rows, each of which
// begins with the file's first row and says in Before how many records came before it: whether
// its topic is one of rows that are mapped each for itself and not added up. in.Body is the beginning of the
// file, of whole rows. A file that is not recognised is not cut.
func (p *Pack) CutByRows(ctx context.Context, in Input) bool {
	if in.Header == nil {
		in.Header = func(string) string { return "" }
	}
	payload := &payload{Input: in, run: &run{ctx: ctx, instance: string(in.Instance), zone: time.UTC, file: fileName(in.FileName), number: 1}}
	topic, err := p.recognise(payload)
	return err == nil && topic.Ignored == "" && topic.sums == nil && topic.hasRows(in.Body)
}
