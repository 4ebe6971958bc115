package access

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base32"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// KeyID is the public part of a token: it names the key in lists and logs.
type KeyID string

// Sizes of a token's parts, in bytes of randomness. The secret has 256 bits, so that a
// plain SHA-256 of it cannot be searched and needs no salt or stretching.
const (
	keyIDBytes  = 10
	secretBytes = 32
)

// tokenPrefix lets secret scanners and people recognise a leaked key.
const tokenPrefix = "hdl_"

// tokenEncoding writes digits and lower-case letters only, which leaves the underscore to
// the token's own form and survives shells, headers and double clicks.
var tokenEncoding = base32.NewEncoding("0123456789abcdefghijklmnopqrstuv").WithPadding(base32.NoPadding)

// Token is a whole bearer token, hdl_<id>_<secret>. It is shown once, when the key is
// made; printing, logging or marshalling it by accident shows its id only.
type Token struct{ text string }

// Reveal returns the token's text, to be shown to the person who made it.
func (t Token) Reveal() string { return t.text }

// String returns the token without its secret.
func (t Token) String() string {
	id, _, ok := splitToken(t.text)
	if !ok {
		return tokenPrefix + "?"
	}
	return tokenPrefix + string(id) + "_…"
}

// GoString is String, for %#v.
func (t Token) GoString() string { return t.String() }

// MarshalText is String, for JSON and YAML.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// LogValue is String, for slog.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.String()) }

// Key is an API key as it is kept: the hash of its secret and what it allows.
type Key struct {
	ID        KeyID
	Principal Principal
	Scopes    []Scope // sorted, without repeats
	Hash      [sha256.Size]byte
	CreatedAt time.Time
	ExpiresAt time.Time // zero: never
	RevokedAt time.Time // zero: not revoked
}

// Grant says what a new key is for.
type Grant struct {
	Principal Principal
	Scopes    []Scope
	ExpiresAt time.Time // zero: never
}

// Create makes a key and stores it. The token is not stored and cannot be shown again.
// A principal who already has keys as a person cannot get one as a machine, nor the
// other way about (H-REQUEST): else one person could pass for two.
func Create(ctx context.Context, keys Keys, random io.Reader, grant Grant, at time.Time) (Token, Key, error) {
	if err := grant.validate(at); err != nil {
		return Token{}, Key{}, err
	}
	existing, err := keys.List(ctx)
	if err != nil {
		return Token{}, Key{}, err
	}
	for _, k := range existing {
		if k.Principal.ID == grant.Principal.ID && k.Principal.Kind != grant.Principal.Kind {
			return Token{}, Key{}, fault.New(fault.BadRequest, string(k.Principal.ID), "this principal is a %s", k.Principal.Kind)
		}
	}
	var entropy [keyIDBytes + secretBytes]byte
	if _, err := io.ReadFull(random, entropy[:]); err != nil {
		return Token{}, Key{}, fault.Wrap(err, fault.InternalError, "access.create", "randomness")
	}
	id := KeyID(tokenEncoding.EncodeToString(entropy[:keyIDBytes]))
	secret := tokenEncoding.EncodeToString(entropy[keyIDBytes:])
	key := Key{
		ID: id, Principal: grant.Principal, Scopes: grant.Scopes, Hash: hashSecret(id, secret),
		CreatedAt: at.UTC(), ExpiresAt: grant.ExpiresAt.UTC(),
	}
	if err := keys.Put(ctx, key); err != nil {
		return Token{}, Key{}, err
	}
	return Token{tokenPrefix + string(id) + "_" + secret}, key, nil
}

func (g *Grant) validate(at time.Time) error {
	if err := g.Principal.Validate(); err != nil {
		return err
	}
	names := make([]string, len(g.Scopes))
	for i, s := range g.Scopes {
		names[i] = string(s)
	}
	parsed, err := ParseScopes(names)
	if err != nil {
		return err
	}
	g.Scopes = parsed
	for _, s := range parsed {
		if s == ApprovalsWrite && g.Principal.Kind == Machine {
			return fault.New(fault.BadRequest, string(s), "a machine never approves, so its key cannot carry this scope")
		}
	}
	if !g.ExpiresAt.IsZero() && !g.ExpiresAt.After(at) {
		return fault.New(fault.BadRequest, "expires_at", "the key would have expired already")
	}
	return nil
}

// Revoke ends the key at once and for ever. Revoking it again changes nothing.
func Revoke(ctx context.Context, keys Keys, id KeyID, at time.Time) error {
	key, err := keys.Get(ctx, id)
	if err != nil {
		return err
	}
	if !key.RevokedAt.IsZero() {
		return nil
	}
	key.RevokedAt = at.UTC()
	return keys.Put(ctx, key)
}

// Authenticate returns who the bearer of a token is at this time. A token that is
// malformed, unknown, wrong, expired or revoked is H-TOKEN, and the answer does not say
// which: who guesses learns nothing. A key store that does not answer lets nobody in
// and keeps its own fault.
func Authenticate(ctx context.Context, keys Keys, bearer string, at time.Time) (Caller, error) {
	id, secret, ok := splitToken(bearer)
	if !ok {
		return Caller{}, refuseToken()
	}
	key, err := keys.Get(ctx, id)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return Caller{}, err
	}
	// An unknown id is compared with the zero hash, so that both ways take the same steps.
	hash := hashSecret(id, secret)
	same := subtle.ConstantTimeCompare(hash[:], key.Hash[:]) == 1
	if err != nil || !same || !key.validAt(at) {
		return Caller{}, refuseToken()
	}
	return Caller{Principal: key.Principal, Key: key.ID, Scopes: key.Scopes}, nil
}

// validAt reports whether the key is neither revoked nor expired: it is valid before
// ExpiresAt and not at it.
func (k Key) validAt(at time.Time) bool {
	return k.RevokedAt.IsZero() && (k.ExpiresAt.IsZero() || at.Before(k.ExpiresAt))
}

func refuseToken() error {
	return fault.New(fault.BadToken, "", "the bearer token is not valid")
}

// splitToken takes a token apart; false means that it does not have a token's form.
func splitToken(token string) (KeyID, string, bool) {
	rest, ok := strings.CutPrefix(token, tokenPrefix)
	if !ok {
		return "", "", false
	}
	id, secret, ok := strings.Cut(rest, "_")
	if !ok || len(id) != tokenEncoding.EncodedLen(keyIDBytes) || len(secret) != tokenEncoding.EncodedLen(secretBytes) {
		return "", "", false
	}
	return KeyID(id), secret, true
}

// hashSecret binds the secret to its id, so that rows cannot be swapped. Both parts have
// a fixed length.
func hashSecret(id KeyID, secret string) [sha256.Size]byte {
	return sha256.Sum256([]byte("heddle api key\x00" + string(id) + secret))
}
