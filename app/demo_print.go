package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"

	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/money"
)

// printStep prints what was sent, the stock after it, and the lines of its entries.
func (d *demo) printStep(s DemoStep) {
	mark := "as the rules say"
	if !s.OK {
		mark = "NOT as the rules say"
	}
	fmt.Fprintf(d.text, "\n%2d  %s  (%s)\n", s.Step, s.Event, mark)
	for _, sent := range s.Sent {
		fmt.Fprintf(d.text, "    ← %s\n", sent)
	}
	if len(s.Sent) == 0 {
		fmt.Fprintf(d.text, "    ← in the payout report of step 9\n")
	}
	left := make([]string, len(s.Stock))
	for i, l := range s.Stock {
		left[i] = fmt.Sprintf("%-6s sellable %s reserved %s allocated %s ATS %s", l.Item, l.Sellable, l.Reserved, l.Allocated, l.ATS)
	}
	right := make([]string, len(s.Entries))
	for i, l := range s.Entries {
		right[i] = fmt.Sprintf("%s %-28s %12s", l.Side, l.Role, l.Amount)
	}
	if len(right) == 0 {
		right = []string{"no entry"}
	}
	for i := range max(len(left), len(right)) {
		fmt.Fprintf(d.text, "    %-56s  %s\n", at(left, i), at(right, i))
	}
}

func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// printBalance prints the trial balance and the clearing accounts.
func (d *demo) printBalance(s estate.State) {
	fmt.Fprintf(d.text, "\nTrial balance of %s\n", estate.Entity)
	for _, row := range s.Balance {
		fmt.Fprintf(d.text, "    %-30s %12s %12s\n", row.Role, d.figure(row.Debit), d.figure(row.Credit))
	}
	tb := d.result.TrialBalance
	fmt.Fprintf(d.text, "    %-30s %12s %12s %s\n", strings.Repeat("─", 30), tb.Debit, tb.Credit, tb.Currency)
	fmt.Fprintf(d.text, "%s = %s\nClearing accounts that are not zero: %d\n", tb.Debit, tb.Credit, d.result.ClearingOpen)
	for _, o := range s.Open {
		fmt.Fprintf(d.text, "    %s %s %v\n", o.Role, o.Key, o.Amount)
	}
}

func (d *demo) figure(minor int64) string {
	if minor == 0 {
		return ""
	}
	return money.Of(minor, d.want.Currency).Decimal()
}

// keep leaves the first server running until the demo is interrupted.
func (d *demo) keep(ctx context.Context) error {
	s := d.servers[0]
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt)
	defer stop()
	fmt.Fprintf(d.text, `
The first server keeps running; stop it with Ctrl-C. Try in another terminal:

    export HEDDLE_URL=%s HEDDLE_TOKEN=%s
    go run ./cmd/heddle availability %s
    go run ./cmd/heddle ledger trial-balance
    go run ./cmd/heddle ledger export --format hledger
    go run ./cmd/heddle thread %s
`, s.player.Base, s.player.Tokens[estate.Auditor], d.scenario.Items[0].ID, s.estate.Order())
	select {
	case <-ctx.Done():
		return nil
	case err := <-s.served:
		s.served <- nil
		return err
	}
}

// close stops the servers and removes their folders.
func (d *demo) close() error {
	var errs []error
	for _, s := range d.servers {
		if s.stop != nil {
			s.stop()
			errs = append(errs, <-s.served)
		}
		if s.house != nil {
			errs = append(errs, s.house.Close())
		}
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}
