package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

func (h *heddle) ledger() *cobra.Command {
	return group("ledger", "Read the books, or book a file", h.trialBalance(), h.export(), h.book(), h.policy())
}

func (h *heddle) trialBalance() *cobra.Command {
	var entity string
	c := &cobra.Command{
		Use: "trial-balance", Short: "Show the balance of every role", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			query := url.Values{}
			if entity != "" {
				query.Set("entity", entity)
			}
			var text json.RawMessage
			if err := h.fetch(c, "/v1/trial-balance", query, &text); err != nil {
				return err
			}
			if h.json {
				return printJSON(h.out, text)
			}
			tb, err := readTrialBalance(text)
			if err != nil {
				return err
			}
			return tb.WriteText(h.out)
		},
	}
	c.Flags().StringVar(&entity, "entity", "", "of this legal entity only")
	return h.jsonFlag(c)
}

// readTrialBalance reads what a server answers.
func readTrialBalance(text []byte) (*ledger.TrialBalance, error) {
	var answer struct {
		Rows []struct {
			Entity   retail.EntityID `json:"entity"`
			Role     string          `json:"role"`
			Currency money.Currency  `json:"currency"`
			Debit    string          `json:"debit"`
			Credit   string          `json:"credit"`
		} `json:"rows"`
	}
	if err := json.Unmarshal(text, &answer); err != nil {
		return nil, fault.Wrap(err, fault.InternalError, "cli.trial_balance", "answer")
	}
	rows := make([]ledger.Balance, 0, len(answer.Rows))
	for _, r := range answer.Rows {
		b := ledger.Balance{BalanceKey: ledger.BalanceKey{Entity: r.Entity, Shown: r.Role, Currency: r.Currency}}
		for _, side := range []struct {
			decimal string
			sign    int64
		}{{r.Debit, 1}, {r.Credit, -1}} {
			if side.decimal == "" {
				continue
			}
			amount, err := money.Parse(side.decimal, r.Currency)
			if err != nil {
				return nil, err
			}
			b.Minor += side.sign * amount.Minor
		}
		rows = append(rows, b)
	}
	return ledger.NewTrialBalance(rows), nil
}

func (h *heddle) export() *cobra.Command {
	query := url.Values{}
	var format, entity, from, to string
	c := &cobra.Command{
		Use: "export", Short: "Write the entries as an hledger journal, or as JSON, one a line", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			for name, value := range map[string]string{"entity": entity, "from": from, "to": to} {
				if value != "" {
					query.Set(name, value)
				}
			}
			w, err := newEntryWriter(format, h.out)
			if err != nil {
				return err
			}
			client, err := h.client()
			if err != nil {
				return err
			}
			if err := client.eachEntry(c.Context(), query, w.Write); err != nil {
				return err
			}
			return w.Close()
		},
	}
	flags := c.Flags()
	flags.StringVar(&format, "format", "hledger", "hledger or json")
	flags.StringVar(&entity, "entity", "", "of this legal entity only")
	flags.StringVar(&from, "from", "", "first accounting date")
	flags.StringVar(&to, "to", "", "last accounting date")
	return c
}

// pageEntries is how many entries are asked for at a time.
const pageEntries = "500"

// eachEntry calls fn with every entry that the query selects. Each one is checked again on
// its way in: that it balances, and that it is the one that its id and hash say.
func (c *client) eachEntry(ctx context.Context, query url.Values, fn func(*ledger.Entry) error) error {
	query.Set("limit", pageEntries)
	for {
		var page struct {
			Entries []json.RawMessage `json:"entries"`
			Next    string            `json:"next_cursor"`
		}
		if err := c.get(ctx, "/v1/entries", query, &page); err != nil {
			return err
		}
		for _, text := range page.Entries {
			entry, err := ledger.DecodeEntry(text)
			if err != nil {
				return err
			}
			if err := fn(entry); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return nil
		}
		query.Set("cursor", page.Next)
	}
}

// entryWriter writes entries in one format.
type entryWriter interface {
	// Write is called once for each entry, in the order of booking.
	Write(e *ledger.Entry) error
	// Close is called after the last one.
	Close() error
}

func newEntryWriter(format string, w io.Writer) (entryWriter, error) {
	switch format {
	case "hledger":
		return ledger.NewHledgerWriter(w, ledger.HledgerRoles), nil
	case "json":
		return entryLines{w}, nil
	}
	return nil, fault.New(fault.BadRequest, "format", "there is no format %q; there are hledger and json", format)
}

// entryLines writes an entry a line.
type entryLines struct{ w io.Writer }

// Write implements entryWriter.
func (l entryLines) Write(e *ledger.Entry) error {
	text, err := e.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(l.w, "%s\n", text)
	return err
}

// Close implements entryWriter.
func (entryLines) Close() error { return nil }
