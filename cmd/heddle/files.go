package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

func (h *heddle) files() *cobra.Command {
	return group("files", "Show which files were collected, and what became of their records", h.filesList(), h.filesReceipt())
}

func (h *heddle) filesList() *cobra.Command {
	var source, name string
	limit := 20
	list := &cobra.Command{
		Use: "list", Short: "List the files of drop folders and SFTP servers, the newest first", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			query := url.Values{"limit": {strconv.Itoa(limit)}}
			if source != "" {
				pack, instance, ok := strings.Cut(source, "/")
				if !ok {
					return fault.New(fault.BadRequest, "--source", "a source is PACK/INSTANCE, as in heddle.yaml")
				}
				query.Set("pack", pack)
				query.Set("instance", instance)
			}
			if name != "" {
				query.Set("name", name)
			}
			var text json.RawMessage
			if err := h.fetch(c, "/v1/files", query, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			var answer struct {
				Files []collect.Summary `json:"files"`
			}
			if err := json.Unmarshal(text, &answer); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.files", "answer")
			}
			rows := [][]string{{"ID", "SOURCE", "NAME", "STATE", "RECORDS", "WHAT BECAME OF THEM"}}
			for _, f := range answer.Files {
				rows = append(rows, []string{string(f.ID), f.Pack + "/" + string(f.Instance), f.Name, string(f.State), strconv.Itoa(f.Records), outcomeOf(f)})
			}
			table(h.out, rows)
			return nil
		},
	}
	list.Flags().StringVar(&source, "source", "", "only those of PACK/INSTANCE")
	list.Flags().StringVar(&name, "name", "", "only those of this name")
	list.Flags().IntVar(&limit, "limit", limit, "how many at most, up to 1000")
	return h.jsonFlag(list)
}

// outcomeOf says in a few words what became of a file.
func outcomeOf(f collect.Summary) string {
	if f.State == intake.FileFailed {
		return strings.TrimSuffix(string(f.Code)+": "+f.Detail, ": ")
	}
	var words []string
	for _, n := range []struct {
		n    int
		word string
	}{
		{f.Accepted, "accepted"}, {f.Duplicate, "duplicate"}, {f.Conflict, "conflict"}, {f.Refused, "refused"}, {f.Waiting, "waiting"}, {f.Ignored, "ignored"},
	} {
		if n.n > 0 {
			words = append(words, strconv.Itoa(n.n)+" "+n.word)
		}
	}
	if f.State == intake.FileTaking && f.Size > 0 {
		words = append(words, fmt.Sprintf("%d %% read", f.Read*100/f.Size))
	}
	return strings.Join(words, ", ")
}

func (h *heddle) filesReceipt() *cobra.Command {
	stopped := false
	receipt := &cobra.Command{
		Use: "receipt ID", Short: "Show what became of every record of a file", Args: arguments(1, 1, "the id of a file, as heddle files list prints it"),
		RunE: func(c *cobra.Command, args []string) error {
			var text json.RawMessage
			if err := h.fetch(c, "/v1/files/"+url.PathEscape(args[0])+"/receipt", nil, &text); err != nil {
				return err
			}
			if h.json {
				_, err := h.out.Write(text) // it has a line for each record
				return err
			}
			var r collect.Receipt
			if err := json.Unmarshal(text, &r); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.files", "answer")
			}
			h.printReceipt(r, stopped)
			return nil
		},
	}
	receipt.Flags().BoolVar(&stopped, "stopped", false, "only the records that did not come in")
	return h.jsonFlag(receipt)
}

// printReceipt prints a receipt for people: a line for each record, and under it what to do.
func (h *heddle) printReceipt(r collect.Receipt, stopped bool) {
	f := r.File
	fmt.Fprintf(h.out, "%s/%s %s: %s\n", f.Pack, f.Instance, f.Name, outcomeOf(f))
	if f.SameAs != "" {
		fmt.Fprintf(h.out, "  the content is that of file %s\n", f.SameAs)
	}
	if f.Next != "" {
		fmt.Fprintf(h.out, "  %s\n", f.Next)
	}
	for _, l := range r.Records {
		if stopped && (l.Answer == collect.Accepted || l.Answer == collect.Duplicate || l.Answer == collect.Ignored) {
			continue
		}
		fmt.Fprintf(h.out, "record %d, bytes %d to %d: %s\n", l.Record, l.Start, l.End, strings.TrimSpace(fmt.Sprintf("%s %s %s", l.Answer, l.Code, l.Detail)))
		if l.Next != "" {
			fmt.Fprintf(h.out, "  %s\n", l.Next)
		}
		for _, e := range l.Events {
			text := fmt.Sprintf("  %s %s: %s", e.Type, e.Key, e.Answer)
			if e.Position > 0 {
				text += fmt.Sprintf(" at position %d", e.Position)
			}
			fmt.Fprintln(h.out, strings.TrimRight(fmt.Sprintf("%s %s %s", text, e.Code, e.Detail), " "))
			if e.Next != "" {
				fmt.Fprintf(h.out, "    %s\n", e.Next)
			}
		}
	}
}
