package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

func (h *heddle) evidence() *cobra.Command {
	show := &cobra.Command{
		Use: "show HASH", Short: "Print a payload as it came, as far as it was not erased", Args: arguments(1, 1, "the hash of a payload"),
		RunE: func(c *cobra.Command, args []string) error {
			var hash journal.Hash
			if err := hash.UnmarshalText([]byte(args[0])); err != nil {
				return fault.New(fault.BadRequest, "hash", "it is 64 hexadecimal digits, as a fact's evidence in heddle thread")
			}
			return h.atVault(c, func(v *intake.Vault) error {
				copied, err := v.Get(c.Context(), hash)
				if err != nil {
					return err
				}
				fmt.Fprintf(h.err, "%s/%s, %s, received %s", copied.Source.System, copied.Source.Instance, copied.ContentType, copied.ReceivedAt.UTC().Format(time.RFC3339))
				if n := len(copied.Erased); n > 0 {
					fmt.Fprintf(h.err, ", %d passages erased", n)
				}
				fmt.Fprintf(h.err, "\n")
				_, err = h.out.Write(copied.Body)
				return err
			})
		},
	}
	var subject string
	erase := &cobra.Command{
		Use: "erase", Short: "Make everything that payloads tell of a person unreadable, for ever", Args: arguments(0, 0, "no arguments"),
		Long: "Destroy the keys under which payloads tell of a person, named by a token as it stands in facts. What they tell of others stays readable, and so do all amounts.",
		RunE: func(c *cobra.Command, _ []string) error {
			if subject == "" {
				return fault.New(fault.BadRequest, c.CommandPath(), "--subject is missing").WithHint("Name the person's token, as it stands in facts.")
			}
			return h.atVault(c, func(v *intake.Vault) error {
				erasure, err := v.Erase(c.Context(), retail.Token(subject), time.Now())
				if err != nil {
					return err
				}
				said := "erased"
				if erasure == intake.NothingHeld {
					said = "nothing is held"
				}
				_, err = fmt.Fprintf(h.out, "%s: %s\n", subject, said)
				return err
			})
		},
	}
	erase.Flags().StringVar(&subject, "subject", "", "token of the person")
	return group("evidence", "Read and erase the payloads that were kept", show, erase)
}

func (h *heddle) atVault(c *cobra.Command, fn func(*intake.Vault) error) error {
	return h.atStore(c.Context(), func(config *app.Config, s store.Store) error {
		vault, err := app.OpenVault(c.Context(), config, s, app.Options{})
		if err != nil {
			return err
		}
		return fn(vault)
	})
}
