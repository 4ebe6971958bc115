package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
)

func (h *heddle) serve() *cobra.Command {
	return &cobra.Command{
		Use: "serve", Short: "Run the server of the installation",
		Long: "Run the server of the installation until it is interrupted. When it listens, it prints its address on the standard output; logs go to the standard error.",
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			config, err := h.load()
			if err != nil {
				return err
			}
			return serve(c.Context(), config, h.streams)
		},
	}
}

func serve(ctx context.Context, config *app.Config, s streams) (err error) {
	house, err := app.OpenHouse(ctx, config, app.Options{Log: newLog(config.Log, s.err)})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, house.Close()) }()
	address, err := house.Listen(ctx)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, "listening on http://%s\n", address)
	return house.Serve(ctx)
}

// newLog returns the log that the configuration asks for.
func newLog(c app.LogConfig, w io.Writer) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo // the configuration's schema knows the levels
	}
	options := &slog.HandlerOptions{Level: level}
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

func (h *heddle) version() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Print the version", Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(h.out, "heddle", app.Version())
			return err
		},
	}
}

func (h *heddle) demo() *cobra.Command {
	options := app.DemoOptions{Out: h.out, Err: h.err}
	c := &cobra.Command{
		Use: "demo", Short: "Play a pickup order through a real server, from the shop's webhook to the bank line",
		Long: `Play a pickup order through a real server, from the shop's webhook to the bank line, and compare
every step with what the rules say.

A scenario file takes other figures; docs/scenario.yaml is the one that is played without it:

  currency: EUR
  discount: 4.20
  taxes:
    - {title: Landessteuer, authority: LS, jurisdiction: LAND, rate: 0.07}
  fee: {rate: 0.014, fixed: 0.25}
  items:
    - {id: MUG, price: 12.50, ordered: 3, opening: 20, value: 61.00, safety: 2}
  return: {item: MUG, quantity: 2}`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			options.JSON = h.json
			return app.RunDemo(c.Context(), options)
		},
	}
	c.Flags().BoolVar(&options.Keep, "keep", false, "leave the server running until it is interrupted, and say what to try next")
	c.Flags().StringVar(&options.Scenario, "scenario", "", "play the scenario of this file")
	return h.jsonFlag(c)
}
