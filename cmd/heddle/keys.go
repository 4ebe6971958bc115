package main

import (
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

func (h *heddle) keys() *cobra.Command {
	list := &cobra.Command{
		Use: "list", Short: "List the keys", Args: arguments(0, 0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			return h.atStore(c.Context(), func(_ *app.Config, s store.Store) error {
				keys, err := s.Desk().Keys().List(c.Context())
				if err != nil {
					return err
				}
				h.listKeys(keys)
				return nil
			})
		},
	}
	revoke := &cobra.Command{
		Use: "revoke ID", Short: "End a key at once and for ever", Args: arguments(1, 1, "the id of a key"),
		RunE: func(c *cobra.Command, args []string) error {
			return h.atStore(c.Context(), func(_ *app.Config, s store.Store) error {
				if err := access.Revoke(c.Context(), s.Desk().Keys(), access.KeyID(args[0]), time.Now()); err != nil {
					return err
				}
				_, err := fmt.Fprintf(h.out, "%s: revoked\n", args[0])
				return err
			})
		},
	}
	return group("keys", "Make, list and revoke API keys", h.createKey(), list, revoke)
}

func (h *heddle) createKey() *cobra.Command {
	var principal, kind, expires string
	var scopes []string
	c := &cobra.Command{
		Use: "create", Short: "Make an API key and print its token, once", Args: arguments(0, 0, "no arguments"),
		Long: "Make an API key and print its token, which is not stored and cannot be shown again. Scopes: " + scopeNames() + ".",
		RunE: func(c *cobra.Command, _ []string) error {
			grant := access.Grant{Principal: access.Principal{ID: retail.PrincipalID(principal), Kind: access.PrincipalKind(kind)}}
			var err error
			if grant.Scopes, err = access.ParseScopes(scopes); err != nil {
				return err
			}
			now := time.Now()
			if grant.ExpiresAt, err = parseExpiry(expires, now); err != nil {
				return err
			}
			config, err := h.load()
			if err != nil {
				return err
			}
			return open(c.Context(), config, func(_ *app.Config, s store.Store) error {
				token, key, err := access.Create(c.Context(), s.Desk().Keys(), rand.Reader, grant, now)
				if err != nil {
					return err
				}
				fmt.Fprintf(h.err, "key %s of %s; keep the token, it is not shown again\n", key.ID, key.Principal.ID)
				_, err = fmt.Fprintln(h.out, token.Reveal())
				return err
			})
		},
	}
	flags := c.Flags()
	flags.StringVar(&principal, "principal", "", "login or service name")
	flags.StringVar(&kind, "kind", "machine", "person or machine")
	flags.StringSliceVar(&scopes, "scope", nil, "what the key allows; repeat it for several")
	flags.StringVar(&expires, "expires", "", "day on which it ends (2027-01-31), or time until then (720h); default never")
	return c
}

func scopeNames() string {
	var names []string
	for _, s := range access.Scopes() {
		names = append(names, string(s))
	}
	return strings.Join(names, ", ")
}

// parseExpiry reads a day, which ends the key at its first instant in UTC, or a duration.
func parseExpiry(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return now.Add(d), nil
	}
	day, err := time.Parse(time.DateOnly, text)
	if err != nil || !day.After(now) {
		return time.Time{}, fault.New(fault.BadRequest, "--expires", "it is neither a day to come such as 2027-01-31 nor a time such as 720h")
	}
	return day, nil
}

func (h *heddle) listKeys(keys []access.Key) {
	rows := [][]string{{"ID", "PRINCIPAL", "KIND", "STATE", "SCOPES"}}
	now := time.Now()
	for _, k := range keys {
		state := "valid"
		switch {
		case !k.RevokedAt.IsZero():
			state = "revoked " + k.RevokedAt.Format(time.DateOnly)
		case !k.ExpiresAt.IsZero() && !now.Before(k.ExpiresAt):
			state = "expired " + k.ExpiresAt.Format(time.DateOnly)
		case !k.ExpiresAt.IsZero():
			state = "until " + k.ExpiresAt.Format(time.DateOnly)
		}
		scopes := make([]string, len(k.Scopes))
		for i, s := range k.Scopes {
			scopes[i] = string(s)
		}
		rows = append(rows, []string{string(k.ID), string(k.Principal.ID), string(k.Principal.Kind), state, strings.Join(scopes, " ")})
	}
	table(h.out, rows)
}
