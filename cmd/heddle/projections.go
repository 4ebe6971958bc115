package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/store"
)

func (h *heddle) projections() *cobra.Command {
	rebuild := &cobra.Command{
		Use: "rebuild NAME", Short: "Make a projection anew from the whole journal: " + flow.Operations + " or " + booking.Name,
		Long: "Make a projection anew from the whole journal, beside the one that is there, and then put it in its place. Stop the server first.",
		Args: arguments(1, 1, "the name of a projection"),
		RunE: func(c *cobra.Command, args []string) error {
			return h.atStore(c.Context(), func(config *app.Config, s store.Store) error {
				mark, err := app.Rebuild(c.Context(), s, args[0], newLog(config.Log, h.err))
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(h.out, "%s: rebuilt from %d events\n", args[0], mark.Next-1)
				return err
			})
		},
	}
	list := &cobra.Command{
		Use: "list", Short: "Show how far each projection has followed the journal", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return h.atStore(c.Context(), func(_ *app.Config, s store.Store) error {
				all, err := s.Views().Projections(c.Context())
				if err != nil {
					return err
				}
				rows := [][]string{{"PROJECTION", "EVENTS"}}
				for _, p := range all {
					rows = append(rows, []string{p.Name, fmt.Sprint(p.Watermark.Next - 1)})
				}
				table(h.out, rows)
				return nil
			})
		},
	}
	return group("projections", "Rebuild what is derived from the journal", rebuild, list)
}
