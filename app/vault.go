package app

import (
	"context"

	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/store"
)

// OpenVault opens the evidence of an installation with the key that its configuration names.
func OpenVault(ctx context.Context, c *Config, s store.Store, o Options) (*intake.Vault, error) {
	o.EnsureDefaults()
	secret, err := c.OwnKey("evidence", c.Keys.Evidence, o.Env, o.Random)
	if err != nil {
		return nil, err
	}
	master, err := intake.ParseMasterKey(secret.Reveal())
	if err != nil {
		return nil, err
	}
	return intake.OpenVault(ctx, s.Desk().Evidence(), master, c.Tenant)
}
