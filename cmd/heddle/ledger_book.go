package main

import (
	"bufio"
	"fmt"
	"maps"
	"slices"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/fault"
)

func (h *heddle) policy() *cobra.Command {
	return &cobra.Command{
		Use: "policy", Short: "Print what ledger book assumes where nothing is said", Args: arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprint(h.out, app.PolicyText())
			return err
		},
	}
}

func (h *heddle) book() *cobra.Command {
	var events, policy, format string
	c := &cobra.Command{
		Use: "book --events FILE", Short: "Book a file of canonical events from nothing, without a server",
		Long: `Book a file of canonical events from nothing, without a server: one event a line, as
heddle pack map prints them, or as the journal stores them; - is the standard input.

The clock is the running maximum of the events' times, so that one file always gives the
same bytes. --policy names a file with the sections reference and policies as heddle.yaml
has them. What neither says is assumed (see heddle ledger policy) and told on the standard
error.

An event that cannot come in, and a rule that fires, is told there first, by its code; the
others are booked all the same. The exit status is 1 where an event stayed out or its money
is held back; goods without a cost, and promises without stock, are told and no error.`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if events == "" {
				return fault.New(fault.BadRequest, c.CommandPath(), "--events is missing").WithHint("Name a file of canonical events, or - for the standard input.")
			}
			config, err := h.readPolicy(policy)
			if err != nil {
				return err
			}
			file, err := h.openFile(events)
			if err != nil {
				return err
			}
			defer file.Close() //nolint:errcheck // it was only read
			if format != "trial-balance" {
				if _, err := newEntryWriter(format, h.out); err != nil {
					return fault.New(fault.BadRequest, "--out", "there is no format %q; there are json, hledger and trial-balance", format)
				}
			}
			booked, err := app.BookEvents(c.Context(), file, config)
			if err != nil {
				return err
			}
			return h.printBooked(booked, format)
		},
	}
	flags := c.Flags()
	flags.StringVar(&events, "events", "", "file of canonical events")
	flags.StringVar(&policy, "policy", "", "file of reference data and policies")
	flags.StringVar(&format, "out", "trial-balance", "json, hledger or trial-balance")
	return c
}

func (h *heddle) readPolicy(name string) (*app.Config, error) {
	if name == "" {
		return nil, nil
	}
	text, err := h.readFile(name)
	if err != nil {
		return nil, err
	}
	config, problems := app.ParsePolicy(text)
	return config, app.AsFault(name, problems)
}

// printBooked prints what is wrong, then what was assumed, then the books.
func (h *heddle) printBooked(b *app.Booked, format string) error {
	for _, line := range b.Problems() {
		fmt.Fprintf(h.err, "%s\n", line)
	}
	for _, line := range waiting(b.Waiting) {
		fmt.Fprintf(h.err, "%s\n", line)
	}
	for _, line := range b.Assumed {
		fmt.Fprintf(h.err, "assumed %s\n", line)
	}
	if err := h.writeBooked(b, format); err != nil {
		return err
	}
	if !b.Complete() {
		return saidAlready{}
	}
	return nil
}

func (h *heddle) writeBooked(b *app.Booked, format string) error {
	if format == "trial-balance" {
		return b.TrialBalance.WriteText(h.out)
	}
	out := bufio.NewWriter(h.out)
	w, err := newEntryWriter(format, out)
	if err != nil {
		return err
	}
	for _, e := range b.Entries {
		if err := w.Write(e); err != nil {
			return err
		}
	}
	if err := w.Close(); err != nil {
		return err
	}
	return out.Flush()
}

// waiting says what parts of facts wait for, one line for each cause in order.
func waiting(parked []booking.Parked) []string {
	parts := map[string]int{}
	for _, p := range parked {
		parts[p.Cause]++
	}
	var lines []string
	for _, cause := range slices.Sorted(maps.Keys(parts)) {
		lines = append(lines, fmt.Sprintf("waiting for %s: %d", cause, parts[cause]))
	}
	return lines
}
