package main

import (
	"encoding/json"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
)

func (h *heddle) availability() *cobra.Command {
	var locations []string
	var channel string
	c := &cobra.Command{
		Use: "availability ITEM…", Short: "Show what is available to sell", Args: arguments(1, -1, "at least one item"),
		RunE: func(c *cobra.Command, args []string) error {
			query := url.Values{"item": args}
			if len(locations) > 0 {
				query["location"] = locations
			}
			if channel != "" {
				query.Set("channel", channel)
			}
			var text json.RawMessage
			if err := h.fetch(c, "/v1/availability", query, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			var answer struct {
				Availability []flow.Availability `json:"availability"`
			}
			if err := json.Unmarshal(text, &answer); err != nil {
				return fault.Wrap(err, fault.InternalError, "cli.availability", "answer")
			}
			rows := [][]string{{"ITEM", "LOCATION", "ON HAND", "SELLABLE", "RESERVED", "ALLOCATED", "AVAILABLE TO SELL"}}
			for _, a := range answer.Availability {
				rows = append(rows, []string{
					string(a.Item), string(a.Location), a.OnHand.String(), a.Sellable.String(), a.Reserved.String(), a.Allocated.String(), a.ATS.String(),
				})
			}
			table(h.out, rows)
			return nil
		},
	}
	c.Flags().StringSliceVar(&locations, "location", nil, "only these locations")
	c.Flags().StringVar(&channel, "channel", "", "as this channel sees it")
	return h.jsonFlag(c)
}

// fetch asks the server.
func (h *heddle) fetch(c *cobra.Command, path string, query url.Values, into any) error {
	client, err := h.client()
	if err != nil {
		return err
	}
	return client.get(c.Context(), path, query, into)
}
