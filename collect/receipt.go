package collect

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
)

// Answer says what became of one record of a file.
type Answer string

// The answers. A record of several events has the first of these that one of them has.
const (
	Refused   Answer = "refused"   // it can never be a fact
	Conflict  Answer = "conflict"  // its key was there with other content (V-DUP-02)
	Waiting   Answer = "waiting"   // it is kept until its place is known (V-LOC-01)
	Accepted  Answer = "accepted"  // it is in the journal
	Duplicate Answer = "duplicate" // the same fact was there already
	Ignored   Answer = "ignored"   // nothing comes of it, on purpose
)

// Line says what became of one record of a file. It holds no personal data.
type Line struct {
	Record int `json:"record"` // from 1, in the file
	// Start and End are the record's place in the file, in bytes, End excluded.
	Start  int64      `json:"start"`
	End    int64      `json:"end"`
	Answer Answer     `json:"answer"`
	Code   fault.Code `json:"code,omitempty"`
	Detail string     `json:"detail,omitempty"`
	Next   string     `json:"next,omitempty"`
	// Evidence is the payload that the record came in, and those after it up to the next that
	// names one; it is absent where the whole file is one payload.
	Evidence string  `json:"evidence,omitempty"`
	Events   []Event `json:"events,omitempty"`
}

// Event says what became of one event of a record.
type Event struct {
	Type     event.Type    `json:"type"`
	Key      string        `json:"key" doc:"The business key"`
	Answer   Answer        `json:"answer"`
	Position int64         `json:"position,omitempty" doc:"Where it stands in the journal"`
	Code     fault.Code    `json:"code,omitempty"`
	Detail   string        `json:"detail,omitempty"`
	Next     string        `json:"next,omitempty"`
	Flags    []record.Flag `json:"flags,omitempty" doc:"Rules that fired without stopping it"`
}

// answers orders the statuses of events by how much there is to do about them.
var answers = [...]struct {
	status record.Status
	answer Answer
}{
	{record.Refused, Refused}, {record.Conflicting, Conflict}, {record.Waiting, Waiting}, {record.Accepted, Accepted}, {record.Duplicate, Duplicate},
}

// lineOf says in terms of its payload what became of a record.
func lineOf(r intake.RecordLine) Line {
	l := Line{Record: r.Record, Start: r.Start, End: r.End, Answer: Ignored, Code: r.Code, Detail: r.Detail, Next: r.Next}
	for _, e := range r.Events {
		l.Events = append(l.Events, Event{e.Type, e.Key, answerOf(e.Status), e.Position, e.Code, e.Detail, e.Next, e.Flags})
	}
	switch {
	case r.Code == fault.TrainingDropped:
	case r.Code != "":
		l.Answer = Refused
	case r.Follow != "":
		l.Answer = Waiting
	case r.Ignored != "":
		l.Detail = r.Ignored
	}
	if len(l.Events) > 0 {
		l.Answer = worst(l.Events)
	}
	return l
}

func answerOf(s record.Status) Answer {
	for _, a := range answers {
		if a.status == s {
			return a.answer
		}
	}
	return Refused
}

func worst(events []Event) Answer {
	for _, a := range answers {
		if slices.ContainsFunc(events, func(e Event) bool { return e.Answer == a.answer }) {
			return a.answer
		}
	}
	return Refused
}

// asDuplicates changes lines that were answered before into those of the same content sent again.
func asDuplicates(lines []Line) {
	for i := range lines {
		if lines[i].Answer == Accepted {
			lines[i].Answer = Duplicate
		}
		for j := range lines[i].Events {
			if e := &lines[i].Events[j]; e.Answer == Accepted {
				e.Answer = Duplicate
			}
		}
	}
}

// count adds lines to the counts of a file.
func count(n intake.FileCounts, lines []Line) intake.FileCounts {
	n.Records += len(lines)
	for _, l := range lines {
		switch l.Answer {
		case Accepted:
			n.Accepted++
		case Duplicate:
			n.Duplicate++
		case Conflict:
			n.Conflict++
		case Refused:
			n.Refused++
		case Waiting:
			n.Waiting++
		case Ignored:
			n.Ignored++
		}
	}
	return n
}

// packLines makes lines small: they are kept for ever.
func packLines(lines []Line) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if err := json.NewEncoder(z).Encode(lines); err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "collect.receipt", "lines")
	}
	if err := z.Close(); err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "collect.receipt", "lines")
	}
	return b.Bytes(), nil
}

func unpackLines(b []byte) ([]Line, error) {
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		return nil, fault.Wrap(err, fault.Storage, "collect.receipt", "lines")
	}
	var lines []Line
	if err := json.NewDecoder(z).Decode(&lines); err != nil {
		return nil, fault.Wrap(err, fault.Storage, "collect.receipt", "lines")
	}
	return lines, nil
}

// Summary says what became of a file as a whole.
type Summary struct {
	ID intake.FileID `json:"id"`
	intake.FileName
	Content    journal.Hash     `json:"content" doc:"The SHA-256 of the file"`
	Size       int64            `json:"size" doc:"In bytes"`
	ModifiedAt time.Time        `json:"modified_at" doc:"By the clock of where it lay"`
	TakenAt    time.Time        `json:"taken_at" doc:"When its taking began"`
	DoneAt     time.Time        `json:"done_at,omitzero"`
	State      intake.FileState `json:"state" enum:"taking,taken,failed" doc:"failed: the file as a whole could not be read"`
	SameAs     intake.FileID    `json:"same_as,omitempty" doc:"The file that brought the same content under another name"`
	Read       int64            `json:"read" doc:"The bytes whose records have their answers"`
	Records    int              `json:"records"`
	Accepted   int              `json:"accepted"`
	Duplicate  int              `json:"duplicate"`
	Conflict   int              `json:"conflict"`
	Refused    int              `json:"refused"`
	Waiting    int              `json:"waiting"`
	Ignored    int              `json:"ignored"`
	Code       fault.Code       `json:"code,omitempty" doc:"Why the file as a whole was not taken"`
	Detail     string           `json:"detail,omitempty"`
	Next       string           `json:"next,omitempty" doc:"What to do next"`
}

// Summarise says what is known of a file.
func Summarise(f intake.File) Summary {
	n := f.Counts
	return Summary{
		ID: f.ID, FileName: f.FileName, Content: f.Content, Size: f.Size, ModifiedAt: f.ModifiedAt, TakenAt: f.TakenAt, DoneAt: f.DoneAt,
		State: f.State, SameAs: f.SameAs, Read: f.Next, Records: n.Records, Accepted: n.Accepted, Duplicate: n.Duplicate, Conflict: n.Conflict,
		Refused: n.Refused, Waiting: n.Waiting, Ignored: n.Ignored, Code: f.Code, Detail: f.Detail, Next: f.Step,
	}
}

// Receipt is the form of WriteJSON, for who reads one.
type Receipt struct {
	File    Summary `json:"file"`
	Records []Line  `json:"records"`
}

// eachLine calls fn with the lines of a file, part by part.
func eachLine(ctx context.Context, files intake.Files, f intake.File, fn func(Line) error) error {
	from := f
	if f.SameAs != "" {
		var err error
		if from, err = files.File(ctx, f.SameAs); err != nil {
			return err
		}
	}
	for n := 1; n <= from.Parts; n++ {
		packed, err := files.Lines(ctx, from.ID, n)
		if err != nil {
			return err
		}
		lines, err := unpackLines(packed)
		if err != nil {
			return err
		}
		if f.SameAs != "" {
			asDuplicates(lines)
		}
		for _, l := range lines {
			if err := fn(l); err != nil {
				return err
			}
		}
	}
	return nil
}

// WriteJSON writes the receipt of a file: an object of the file's summary and its records, one
// in a line. It has one part of the lines in memory.
func WriteJSON(ctx context.Context, files intake.Files, f intake.File, w io.Writer) error {
	head, err := json.MarshalIndent(Summarise(f), "", "  ")
	if err == nil {
		_, err = w.Write(append(append([]byte(`{"file": `), head...), ",\n\"records\": ["...))
	}
	if err != nil {
		return err
	}
	between := "\n"
	err = eachLine(ctx, files, f, func(l Line) error {
		text, err := json.Marshal(l)
		if err == nil {
			_, err = w.Write(append([]byte(between), text...))
		}
		between = ",\n"
		return err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]}\n")
	return err
}

// WriteCSV writes the lines of the receipt of a file as a table, for people: a row for each
// event, or for a record without events.
func WriteCSV(ctx context.Context, files intake.Files, f intake.File, w io.Writer) error {
	out := csv.NewWriter(w)
	if err := out.Write([]string{"record", "start", "end", "answer", "type", "key", "position", "code", "detail", "next"}); err != nil {
		return err
	}
	err := eachLine(ctx, files, f, func(l Line) error {
		place := []string{strconv.Itoa(l.Record), strconv.FormatInt(l.Start, 10), strconv.FormatInt(l.End, 10)}
		if len(l.Events) == 0 {
			return out.Write(append(place, string(l.Answer), "", "", "", string(l.Code), l.Detail, l.Next))
		}
		for _, e := range l.Events {
			position := ""
			if e.Position > 0 {
				position = strconv.FormatInt(e.Position, 10)
			}
			if err := out.Write(append(place[:3:3], string(e.Answer), string(e.Type), e.Key, position, string(e.Code), e.Detail, e.Next)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	out.Flush()
	return out.Error()
}
