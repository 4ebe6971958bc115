package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"
	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
)

func (h *heddle) events() *cobra.Command {
	send := &cobra.Command{
		Use: "send FILE…", Short: "Send canonical events to the server",
		Long: "Send canonical events (CloudEvents; one, a JSON array, or one a line) to the server; - is the standard input. Sending again what was sent before changes nothing.",
		Args: arguments(1, -1, "at least one file"),
		RunE: func(c *cobra.Command, args []string) error {
			client, err := h.client()
			if err != nil {
				return err
			}
			s := &sender{client: client, streams: h.streams, counts: map[record.Status]int{}}
			for _, name := range args {
				if err := h.sendFile(c.Context(), s, name); err != nil {
					return err
				}
			}
			return s.summary()
		},
	}
	return group("events", "Send canonical events", send)
}

// Limits of one request of events send.
const (
	batchEventsMax = 1000
	batchBytesMax  = 4 << 20
	triesMax       = 5
)

// sender sends events in batches and counts what became of them.
type sender struct {
	client *client
	streams
	counts map[record.Status]int

	name    string // of the file
	sent    int    // events of the file in earlier batches
	numbers []int  // of the events in the batch, from 1
	batch   bytes.Buffer
}

func (h *heddle) sendFile(ctx context.Context, s *sender, name string) error {
	file, err := h.openFile(name)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // it was only read
	reader, done := progress(h.err, file)
	defer done()
	s.name, s.sent = name, 0
	for text, err := range event.Split(reader) {
		s.sent++
		if err == nil {
			err = json.Compact(&s.batch, text)
		}
		if err != nil {
			s.refused(s.sent, fault.As(notJSON(err)))
			continue
		}
		s.batch.WriteByte('\n')
		s.numbers = append(s.numbers, s.sent)
		if len(s.numbers) >= batchEventsMax || s.batch.Len() >= batchBytesMax {
			if err := s.flush(ctx); err != nil {
				return err
			}
		}
	}
	return s.flush(ctx)
}

// notJSON makes what json.Compact says a fault.
func notJSON(err error) error {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fault.New(fault.BadSyntax, "", "this is not JSON: %s", syntax)
	}
	return err
}

func (s *sender) refused(number int, f *fault.Error) {
	s.counts[record.Refused]++
	s.tell(number, f.Code, cmp.Or(f.Detail, f.Code.Title()), f.NextStep())
}

// tell prints an event that was not accepted.
func (s *sender) tell(number int, code fault.Code, detail, next string) {
	fmt.Fprintf(s.err, "%s: %s: event %d: %s\n", code, s.name, number, detail)
	if next != "" {
		fmt.Fprintf(s.err, "  %s\n", next)
	}
}

// flush sends the batch. Because each event has its key, what did not get through is sent
// again.
func (s *sender) flush(ctx context.Context) error {
	if len(s.numbers) == 0 {
		return nil
	}
	var answer struct {
		Results []struct {
			record.Answer
			Index int `json:"index"`
		} `json:"results"`
	}
	wait := 200 * time.Millisecond
	for try := 1; ; try++ {
		err := s.client.do(ctx, http.MethodPost, "/v1/events", "application/x-ndjson", s.batch.Bytes(), &answer)
		if err == nil {
			break
		}
		if again := fault.Is(err, fault.Busy) || fault.Is(err, fault.Unknown); !again || try == triesMax {
			return err
		}
		select {
		case <-time.After(wait):
			wait *= 2
		case <-ctx.Done():
			return err
		}
	}
	for _, r := range answer.Results {
		if r.Index < 0 || r.Index >= len(s.numbers) {
			return fault.New(fault.BadRequest, s.client.base, "the server answered for an event that was not sent")
		}
		s.counts[r.Status]++
		if r.Status != record.Accepted && r.Status != record.Duplicate {
			s.tell(s.numbers[r.Index], r.Code, cmp.Or(r.Detail, r.Code.Title()), r.Next)
		}
	}
	s.numbers = s.numbers[:0]
	s.batch.Reset()
	return nil
}

// summary prints the counts. An event that waits comes in by itself; one that was refused,
// conflicts or is unknown needs somebody.
func (s *sender) summary() error {
	known := []record.Status{record.Accepted, record.Duplicate, record.Conflicting, record.Refused, record.Waiting, record.Unknown}
	for _, status := range known {
		if n := s.counts[status]; n > 0 || slices.Index(known, status) < 2 {
			fmt.Fprintf(s.out, "%-10s %d\n", status, n)
		}
	}
	if s.client.reached > 0 {
		fmt.Fprintf(s.out, "%-10s %d\n", "position", s.client.reached)
	}
	if s.counts[record.Conflicting]+s.counts[record.Refused]+s.counts[record.Unknown] > 0 {
		return saidAlready{}
	}
	return nil
}

// progress shows how much of a file was read, where the standard error is a terminal.
func progress(w io.Writer, file io.ReadCloser) (io.Reader, func()) {
	terminal, isFile := w.(*os.File)
	data, isData := file.(*os.File)
	if !isFile || !isData || !isatty.IsTerminal(terminal.Fd()) {
		return file, func() {}
	}
	info, err := data.Stat()
	if err != nil || !info.Mode().IsRegular() {
		return file, func() {}
	}
	p := mpb.New(mpb.WithOutput(w))
	bar := p.AddBar(info.Size(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Name(info.Name()), decor.CountersKibiByte(" % .1f / % .1f")),
		mpb.AppendDecorators(decor.AverageETA(decor.ET_STYLE_GO)))
	return bar.ProxyReader(file), func() {
		bar.Abort(true)
		p.Wait()
	}
}
