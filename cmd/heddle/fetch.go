package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
)

func (h *heddle) fetchGroup() *cobra.Command {
	return group("fetch", "Ask systems for what they do not send", h.fetchStatus(), h.fetchNow(), h.fetchRetry())
}

// sourceRoute returns the route of a source, which is written PACK/INSTANCE.
func sourceRoute(source string, parts ...string) (string, error) {
	name, instance, ok := strings.Cut(source, "/")
	if !ok || name == "" || instance == "" {
		return "", fault.New(fault.BadRequest, source, "a source is PACK/INSTANCE, as in heddle.yaml")
	}
	path := "/v1/sources/" + url.PathEscape(name) + "/" + url.PathEscape(instance)
	for _, part := range parts {
		path += "/" + url.PathEscape(part)
	}
	return path, nil
}

// post sends a value as JSON and reads the answer into another one, or prints it with --json.
// It reports whether it was printed.
func (h *heddle) post(c *cobra.Command, path string, body, into any) (bool, error) {
	client, err := h.client()
	if err != nil {
		return false, err
	}
	sent, err := json.Marshal(body)
	if err != nil {
		return false, fault.Wrap(err, fault.InternalError, "cli.post", path)
	}
	var text json.RawMessage
	if err := client.do(c.Context(), http.MethodPost, path, "application/json", sent, &text); err != nil {
		return false, err
	}
	if h.json {
		return true, printJSON(h.out, text)
	}
	if err := json.Unmarshal(text, into); err != nil {
		return false, fault.Wrap(err, fault.InternalError, "cli.post", path)
	}
	return false, nil
}

func (h *heddle) fetchStatus() *cobra.Command {
	return h.jsonFlag(&cobra.Command{
		Use: "status", Short: "Show which systems are asked, how far that has come, and what is still to be asked", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			var text json.RawMessage
			if err := h.fetch(c, "/v1/sources", nil, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			var answer api.Sources
			if err := json.Unmarshal(text, &answer); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.fetch", "answer")
			}
			rows := [][]string{{"SOURCE", "HOST", "TO ASK", "STOPPED", "POLL", "TAKEN IN UP TO", "LAST ASKED"}}
			for _, s := range answer.Sources {
				if s.Asked != nil {
					rows = append(rows, statusRows(s.Pack+"/"+string(s.Instance), *s.Asked)...)
				}
			}
			table(h.out, rows)
			return nil
		},
	})
}

// statusRows returns one row for each poll of a source, and one for a source without polls.
func statusRows(name string, s fetch.Status) [][]string {
	source := []string{name, s.Host, strconv.Itoa(s.FollowUps), strconv.Itoa(s.Stopped)}
	if len(s.Polls) == 0 {
		return [][]string{source}
	}
	var rows [][]string
	for _, p := range s.Polls {
		last := "never"
		if !p.LastAt.IsZero() {
			last = p.LastAt.Format(time.RFC3339)
		}
		rows = append(rows, append(slices.Clone(source), p.Name, p.Since.Format(time.RFC3339), last))
	}
	return rows
}

func (h *heddle) fetchNow() *cobra.Command {
	return h.jsonFlag(&cobra.Command{
		Use: "now PACK/INSTANCE FETCH [NAME=VALUE…]", Short: "Ask a system for one thing now",
		Long: "Ask a system what a thin notification would have asked, such as: heddle fetch now square/main order order_id=CAISENgvlJ6jLWAzERDzjyHVybY. What is not answered now is asked again later.",
		Args: arguments(2, -1, "a source, a fetch of its pack, and values"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := sourceRoute(args[0], "fetches", args[1])
			if err != nil {
				return err
			}
			with := map[string]string{}
			for _, arg := range args[2:] {
				name, value, ok := strings.Cut(arg, "=")
				if !ok {
					return fault.New(fault.BadRequest, arg, "a value is NAME=VALUE")
				}
				with[name] = value
			}
			return h.ask(c, path, map[string]any{"with": with})
		},
	})
}

func (h *heddle) fetchRetry() *cobra.Command {
	return h.jsonFlag(&cobra.Command{
		Use: "retry PACK/INSTANCE [ID]", Short: "Ask again what a system would not answer: all of it, or one question",
		Args: arguments(1, 2, "a source and at most one id"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := sourceRoute(args[0], "retries")
			if err != nil {
				return err
			}
			body := map[string]string{}
			if len(args) == 2 {
				body["id"] = args[1]
			}
			var answer api.Retried
			if printed, err := h.post(c, path, body, &answer); printed || err != nil {
				return err
			}
			fmt.Fprintf(h.out, "%d will be asked again\n", answer.Retried)
			return nil
		},
	})
}

func (h *heddle) poll() *cobra.Command {
	var since string
	c := &cobra.Command{
		Use: "poll PACK/INSTANCE POLL", Short: "Ask a system what has changed, now and to the end", Args: arguments(2, 2, "a source and a poll of its pack"),
		RunE: func(c *cobra.Command, args []string) error {
			path, err := sourceRoute(args[0], "polls", args[1])
			if err != nil {
				return err
			}
			body := map[string]any{}
			if since != "" {
				at, err := time.Parse(time.RFC3339, since)
				if err != nil {
					return fault.New(fault.BadRequest, "--since", "it is not a time such as 2026-01-31T00:00:00Z")
				}
				body["since"] = at
			}
			return h.ask(c, path, body)
		},
	}
	c.Flags().StringVar(&since, "since", "", "from when on (default: where the poll has come to)")
	return h.jsonFlag(c)
}

// ask has a system asked and tells what came of it.
func (h *heddle) ask(c *cobra.Command, path string, body any) error {
	var s fetch.Summary
	if printed, err := h.post(c, path, body, &s); printed || err != nil {
		return err
	}
	fmt.Fprintf(h.out, "%d pages, %d records\n", s.Pages, s.Records)
	for _, status := range slices.Sorted(maps.Keys(s.Events)) {
		fmt.Fprintf(h.out, "%s %d\n", status, s.Events[status])
	}
	if s.Refused > 0 {
		fmt.Fprintf(h.out, "refused records %d: see heddle exceptions\n", s.Refused)
	}
	if s.Followed > 0 {
		fmt.Fprintf(h.out, "to ask for next %d\n", s.Followed)
	}
	return nil
}
