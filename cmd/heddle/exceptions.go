package main

import (
	"encoding/json"
	"fmt"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
)

func (h *heddle) exceptions() *cobra.Command {
	status := "OPEN"
	c := &cobra.Command{
		Use: "exceptions", Short: "Show the work list: what stopped, whose work it is, and what to do", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var text json.RawMessage
			if err := h.fetch(c, "/v1/exceptions", url.Values{"status": {status}}, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			var answer struct {
				Exceptions []exception.Item `json:"exceptions"`
			}
			if err := json.Unmarshal(text, &answer); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.exceptions", "answer")
			}
			for _, x := range answer.Exceptions {
				waits := ""
				if x.Waiting > 0 {
					waits = fmt.Sprintf(", %d wait", x.Waiting)
				}
				fmt.Fprintf(h.out, "%s %s %s (%s, %d×%s)\n", x.Severity, x.Code, x.Subject, x.Queue, x.Count, waits)
				fmt.Fprintf(h.out, "  %s %s\n  %s\n", x.Title, x.Detail, x.Next)
			}
			if len(answer.Exceptions) == 0 {
				fmt.Fprintf(h.out, "nothing\n")
			}
			return nil
		},
	}
	c.Flags().StringVar(&status, "status", status, "OPEN, RESOLVED or WAIVED")
	return h.jsonFlag(c)
}
