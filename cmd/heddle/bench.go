package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/bench"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/packs"
)

func (h *heddle) bench() *cobra.Command {
	return group("bench", "Measure what things cost on this machine", h.benchPacks())
}

func (h *heddle) benchPacks() *cobra.Command {
	var o bench.Options
	c := &cobra.Command{
		Use: "packs", Short: "Compare packs with code written by hand for one message",
		Long: `Map one payload of each of several systems by its pack and by Go code that was written by
hand for this one message, both into the same events, and print how many payloads each maps
in a second on one core.

The two take turns, in processor time and beside a heap as a server has it, so that whatever
else the machine does is felt by both; what counts is the ratio: what a payload costs by its
pack, in what it costs by hand in the same round, the median of the rounds.`,
		Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			if o.Rounds < 1 || o.Turn <= 0 {
				return fault.New(fault.BadRequest, c.CommandPath(), "--rounds and --turn are above zero")
			}
			set, err := packs.Builtin()
			if err != nil {
				return err
			}
			results, err := bench.Run(c.Context(), set, bench.Payloads(), o)
			if err != nil {
				return err
			}
			h.benchTable(results)
			return nil
		},
	}
	o.EnsureDefaults()
	c.Flags().IntVar(&o.Rounds, "rounds", o.Rounds, "how often pack and hand take turns")
	c.Flags().DurationVar(&o.Turn, "turn", o.Turn, "how long a turn takes")
	return c
}

func (h *heddle) benchTable(results []bench.Row) {
	rows := [][]string{{"PAYLOAD", "BYTES", "PACK/S", "BY HAND/S", "RATIO"}}
	for _, r := range results {
		rows = append(rows, []string{
			r.Name, fmt.Sprint(r.Bytes), perSecond(r.Pack), perSecond(r.Hand), fmt.Sprintf("%d.%02d", r.Percent/100, r.Percent%100),
		})
	}
	table(h.out, rows)
}

// perSecond is how often a second holds what one payload took.
func perSecond(one time.Duration) string { return fmt.Sprint(int64(time.Second / max(one, 1))) }
