package sqlite

import (
	"context"
	"strings"

	"zombiezen.com/go/sqlite"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// keys implements access.Keys.
type keys struct{ *file }

const (
	keyColumns = `id, principal, principal_kind, scopes, hash, created_at, expires_at, revoked_at`

	putKey     = `INSERT OR REPLACE INTO api_key (` + keyColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	selectKey  = `SELECT ` + keyColumns + ` FROM api_key WHERE id = ?`
	selectKeys = `SELECT ` + keyColumns + ` FROM api_key ORDER BY id`
)

// Put implements access.Keys.
func (d keys) Put(ctx context.Context, key access.Key) error {
	scopes := make([]string, len(key.Scopes))
	for i, s := range key.Scopes {
		scopes[i] = string(s)
	}
	err := d.transact(ctx, func(c *conn) error {
		d.wrote(rowCost)
		return c.query(putKey, func(s *sqlite.Stmt) {
			s.BindText(1, string(key.ID))
			s.BindText(2, string(key.Principal.ID))
			s.BindText(3, string(key.Principal.Kind))
			s.BindText(4, strings.Join(scopes, " "))
			s.BindBytes(5, key.Hash[:])
			bindTime(s, 6, key.CreatedAt)
			bindTime(s, 7, key.ExpiresAt)
			bindTime(s, 8, key.RevokedAt)
		}, nil)
	})
	return translate(ctx, err, "keys.put", string(key.ID))
}

// Get implements access.Keys.
func (d keys) Get(ctx context.Context, id access.KeyID) (access.Key, error) {
	var found []access.Key
	err := d.readers.with(ctx, func(c *conn) error {
		return c.query(selectKey, func(s *sqlite.Stmt) { s.BindText(1, string(id)) }, keysInto(&found))
	})
	if err != nil {
		return access.Key{}, translate(ctx, err, "keys.get", string(id))
	}
	if len(found) == 0 {
		return access.Key{}, fault.New(fault.NoSuchThing, string(id), "there is no such key").In("keys.get")
	}
	return found[0], nil
}

// List implements access.Keys.
func (d keys) List(ctx context.Context) ([]access.Key, error) {
	var found []access.Key
	err := d.readers.with(ctx, func(c *conn) error { return c.query(selectKeys, nil, keysInto(&found)) })
	return found, translate(ctx, err, "keys.list", d.path)
}

func keysInto(all *[]access.Key) func(*sqlite.Stmt) error {
	return func(s *sqlite.Stmt) error {
		k := access.Key{
			ID:        access.KeyID(s.ColumnText(0)),
			Principal: access.Principal{ID: retail.PrincipalID(s.ColumnText(1)), Kind: access.PrincipalKind(s.ColumnText(2))},
		}
		for _, scope := range strings.Fields(s.ColumnText(3)) {
			k.Scopes = append(k.Scopes, access.Scope(scope))
		}
		if n := s.ColumnBytes(4, k.Hash[:]); n != len(k.Hash) {
			return fault.New(fault.Storage, string(k.ID), "the stored hash has %d bytes", n).In("keys.get")
		}
		if err := timeOf(s, 5, &k.CreatedAt); err != nil {
			return err
		}
		if err := timeOf(s, 6, &k.ExpiresAt); err != nil {
			return err
		}
		*all = append(*all, k)
		return timeOf(s, 7, &(*all)[len(*all)-1].RevokedAt)
	}
}
