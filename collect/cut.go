package collect

import (
	"bytes"
	"context"
	"io"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/pack"
)

// Limits of one part of a file that is cut by rows; it becomes one payload.
const (
	partBytes = 2 << 20
	partRows  = 10_000
	// headBytes is how much of a file is read to tell what it is; its first row fits into it.
	headBytes = 64 << 10
)

// part is a piece of a file that is one payload.
type part struct {
	body []byte
	// header is how many bytes of the body repeat the file's first row.
	header int
	// start and end are where the rest of the body stands in the file, end excluded.
	start, end int64
	// before is how many records of the file came in parts before it.
	before int
	// ordinals counts the rows of the parts before it, where the topic counts them.
	ordinals pack.Ordinals
	last     bool
}

// lines says what became of the records of the part in terms of the file.
func (p part) lines(r intake.Receipt) []Line {
	// The whole of a file is its own evidence.
	evidence := r.Evidence.String()
	if p.start == 0 && p.last {
		evidence = ""
	}
	if r.Ignored != "" {
		return []Line{{Record: p.before + 1, Start: p.start, End: p.end, Answer: Ignored, Detail: r.Ignored, Evidence: evidence}}
	}
	lines := make([]Line, len(r.Records))
	for i, l := range r.Records {
		lines[i] = lineOf(l)
		lines[i].Record += p.before
		lines[i].Start += p.start - int64(p.header)
		lines[i].End += p.start - int64(p.header)
	}
	if len(lines) > 0 {
		lines[0].Evidence = evidence
	}
	return lines
}

// refused is the line of a part that could not be read as a whole.
func (p part) refused(evidence journal.Hash, cause *fault.Error) Line {
	return Line{
		Record: p.before + 1, Start: p.start, End: p.end, Answer: Refused, Code: cause.Code, Detail: detailOf(cause), Next: cause.NextStep(),
		Evidence: evidence.String(),
	}
}

// cutLimits bound one part of a file that is cut by rows.
type cutLimits struct {
	bytes int64
	rows  int
}

// knife cuts a file into parts.
type knife struct {
	file   io.ReaderAt
	size   int64
	byRows bool
	header []byte // the first row, with its line end
	limits cutLimits

	pack     *pack.Pack
	input    pack.Input // what is known of each part
	ordinals pack.Ordinals
	counted  int64 // the byte up to which ordinals counts
}

// newKnife reads the head of a file. A file that cannot be cut and is larger than a payload is
// H-TOO-LARGE.
func (w *watch) newKnife(ctx context.Context, f intake.File, file io.ReaderAt) (*knife, error) {
	k := &knife{file: file, size: f.Size, limits: w.limits}
	head, err := k.read(0, headBytes)
	if err != nil {
		return nil, err
	}
	if whole := int64(len(head)) == f.Size; !whole {
		head = head[:bytes.LastIndexByte(head, '\n')+1]
	}
	first := bytes.IndexByte(head, '\n') + 1
	p, err := w.opts.Packs.Get(w.Pack)
	if err != nil {
		return nil, err
	}
	k.pack, k.input = p, pack.Input{Topic: w.Topic, FileName: f.Name, Body: head, Instance: w.Instance, Options: w.Options}
	k.byRows = first > 0 && p.CutByRows(ctx, k.input)
	if k.byRows {
		k.header = head[:first]
	}
	if !k.byRows && f.Size > intake.PayloadMax {
		return nil, fault.New(fault.TooLarge, "", "it has %d bytes; the limit of a file that is no table of rows is %d", f.Size, intake.PayloadMax).
			WithHint("Have the sender write several files.")
	}
	return k, nil
}

func (k *knife) read(at, n int64) ([]byte, error) {
	b := make([]byte, min(n, k.size-at))
	if _, err := io.ReadFull(io.NewSectionReader(k.file, at, int64(len(b))), b); err != nil {
		return nil, fault.Wrap(err, fault.Storage, "collect.cut", "spool")
	}
	return b, nil
}

// part returns the part that begins at a place, and what was counted of the rows before it:
// those that came in before the taking was broken off, too.
func (k *knife) part(ctx context.Context, at int64, before int) (part, error) {
	for k.counted < at {
		p, err := k.next(k.counted, 0)
		if err != nil {
			return p, err
		}
		if err := k.count(ctx, p); err != nil {
			return p, err
		}
	}
	p, err := k.next(at, before)
	p.ordinals = k.ordinals
	return p, err
}

// count counts the rows of a part, which ends where it ended when it was taken. One that cannot
// be read has none.
func (k *knife) count(ctx context.Context, p part) error {
	k.counted = p.end
	in := k.input
	in.Body, in.Ordinals = p.body, k.ordinals
	counted, err := k.pack.CountOrdinals(ctx, in)
	if fault.HasCode(err, fault.TooLarge) || ctx.Err() != nil {
		return err
	}
	if err == nil {
		k.ordinals = counted
	}
	return nil
}

// next returns the part that begins at a place of the file: 0, or the end of the part before.
func (k *knife) next(at int64, before int) (part, error) {
	p := part{start: at, before: before}
	room, rows := k.size-at, k.limits.rows
	if k.byRows {
		room = k.limits.bytes
		if p.header = len(k.header); at == 0 {
			p.header = 0
			rows++ // the first one is no record
		}
	}
	rest, err := k.read(at, room)
	if err != nil {
		return p, err
	}
	if k.byRows {
		rest = rest[:cutRows(rest, rows, at+int64(len(rest)) == k.size)]
	}
	p.body = rest
	if p.header > 0 {
		p.body = append(bytes.Clone(k.header), rest...)
	}
	p.end = at + int64(len(rest))
	p.last = p.end == k.size
	return p, nil
}

// cutRows returns how many bytes of rows belong into one part: whole rows, at most so many. A line end inside of quotes does not end a row. Where a quote is never closed, the
// row ends with its line and is a part of its own, so that it does not swallow the
// rows after it. A line that does not fit is cut where the bytes end. ends says that the file
// ends with the bytes.
func cutRows(b []byte, rowsMax int, ends bool) int {
	rows, quotes, end := 0, 0, 0
	for at, c := range b {
		switch c {
		case '"':
			quotes++
		case '\n':
			if quotes%2 != 0 {
				continue
			}
			end = at + 1
			if rows++; rows == rowsMax {
				return end
			}
		}
	}
	switch {
	case ends && quotes%2 == 0:
		return len(b)
	case end > 0:
		return end
	}
	if line := bytes.IndexByte(b, '\n') + 1; line > 0 {
		return line
	}
	return len(b)
}
