package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

func (h *heddle) thread() *cobra.Command {
	c := &cobra.Command{
		Use: "thread ID", Short: "Tell the story of a number: its facts, what they moved and what they booked",
		Long: "Tell the story of an order, payment, return, payout or any other number: every fact that is tied to it, in order, with what it moved and what it booked. ID is a number, or a typed reference such as payment:stripe·ch_1.",
		Args: arguments(1, 1, "one number"),
		RunE: func(c *cobra.Command, args []string) error {
			var text json.RawMessage
			if err := h.fetch(c, "/v1/threads/"+url.PathEscape(args[0]), nil, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			var t thread
			if err := json.Unmarshal(text, &t); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.thread", "answer")
			}
			return t.print(h.out)
		},
	}
	return h.jsonFlag(c)
}

// thread is a server's answer.
type thread struct {
	ID         string            `json:"id"`
	Facts      []fact            `json:"facts"`
	Entries    []json.RawMessage `json:"entries"`
	Exceptions []exception.Item  `json:"exceptions"`
}

// fact is one fact of a thread.
type fact struct {
	Position int64           `json:"position"`
	Type     string          `json:"type"`
	Source   string          `json:"source"`
	Key      string          `json:"key"`
	Time     time.Time       `json:"time"`
	Standing record.Standing `json:"standing"`
	Evidence string          `json:"evidence"`
	Order    retail.OrderID  `json:"order"`
	Moves    []stock.Move    `json:"moves"`
	Flags    []record.Flag   `json:"flags"`
	Entries  []string        `json:"entries"`
}

// print tells the story.
func (t *thread) print(w io.Writer) error {
	entries := map[string]*ledger.Entry{}
	for _, text := range t.Entries {
		e, err := ledger.DecodeEntry(text)
		if err != nil {
			return err
		}
		entries[e.ID().String()] = e
	}
	for i, f := range t.Facts {
		if i > 0 {
			fmt.Fprintf(w, "\n")
		}
		f.print(w)
		for _, id := range f.Entries {
			if e := entries[id]; e != nil {
				printEntry(w, e)
			}
		}
	}
	if len(t.Exceptions) > 0 {
		fmt.Fprintf(w, "\nopen:\n")
	}
	for _, x := range t.Exceptions {
		fmt.Fprintf(w, "  %s %s: %s\n    %s\n", x.Code, x.Subject, x.Detail, x.Next)
	}
	return nil
}

func (f *fact) print(w io.Writer) {
	fmt.Fprintf(w, "%s  #%d  %s says: %s %s\n", f.Time.UTC().Format("2006-01-02 15:04:05"), f.Position, f.Source, words(f.Type), f.Key)
	switch f.Standing {
	case record.Corroborates:
		fmt.Fprintf(w, "  corroborates: another source books this\n")
	case record.History:
		fmt.Fprintf(w, "  history: a later version came before it\n")
	}
	if f.Evidence != "" {
		fmt.Fprintf(w, "  evidence %s\n", f.Evidence)
	}
	for _, m := range f.Moves {
		sign := ""
		if m.Quantity > 0 {
			sign = "+"
		}
		fmt.Fprintf(w, "  stock  %s%s %s at %s, %s\n", sign, m.Quantity, m.Item, m.Location, m.Bucket)
	}
	for _, flag := range f.Flags {
		fmt.Fprintf(w, "  %s %s %s\n", flag.Code, flag.Subject, flag.Detail)
	}
}

// words reads a type as it is spoken: "retail.picked_up.v1" is "picked up".
func words(eventType string) string {
	eventType = strings.TrimPrefix(eventType, "retail.")
	eventType, _, _ = strings.Cut(eventType, ".v")
	return strings.ReplaceAll(eventType, "_", " ")
}

func printEntry(w io.Writer, e *ledger.Entry) {
	fmt.Fprintf(w, "  books  %s %s, %s\n", e.Unit().Template, e.Unit().Leg, e.Dates().Accounting)
	for _, p := range e.Postings() {
		indent := "         "
		if p.Side == ledger.Cr {
			indent += "  "
		}
		amount := money.Of(p.Minor, e.Currency())
		key := ""
		if p.Key != "" {
			key = "  (" + p.Key + ")"
		}
		fmt.Fprintf(w, "%s%s %s %s%s\n", indent, p.Side, p.Shown(), amount, key)
	}
}
