package fetch

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/heddlehq/heddle/pack"
)

const (
	tokenMargin = time.Minute      // how long before its end a token is replaced
	tokenLife   = 10 * time.Minute // of a token that does not tell
	tokenMax    = 64 << 10         // bytes of the answer that brings one
)

// token is an access token that is used until it ends.
type token struct {
	mu    sync.Mutex
	value string
	until time.Time
}

// drop forgets the token and reports whether there was one.
func (t *token) drop() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	had := t.value != ""
	t.value = ""
	return had
}

// authorise puts into a request what proves who asks.
func (c *client) authorise(ctx context.Context, request *http.Request) error {
	secret := func(name string) string { return string(c.source.Credentials[name]) }
	auth := c.api.Auth
	switch auth.Scheme {
	case pack.Basic:
		request.SetBasicAuth(secret("user"), secret("password"))
	case pack.APIKey:
		request.Header.Set(auth.Header, secret("key"))
	case pack.Bearer:
		request.Header.Set("Authorization", "Bearer "+secret("token"))
	default:
		value, err := c.accessToken(ctx)
		if err != nil {
			return err
		}
		if auth.Header != "" {
			request.Header.Set(auth.Header, value)
		} else {
			request.Header.Set("Authorization", "Bearer "+value)
		}
	}
	return nil
}

// accessToken returns a token that is valid, and gets one where there is none (RFC 6749 4.4
// and 6; the client proves itself in the form, as most vendors want it).
func (c *client) accessToken(ctx context.Context) (string, error) {
	c.token.mu.Lock()
	defer c.token.mu.Unlock()
	if c.token.value != "" && c.clock().Before(c.token.until) {
		return c.token.value, nil
	}
	form := url.Values{"grant_type": {string(c.api.Auth.Scheme)}}
	for name, value := range c.source.Credentials {
		form.Set(name, string(value))
	}
	if c.api.Auth.Scope != "" {
		form.Set("scope", c.api.Auth.Scope)
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.source.TokenURL, strings.NewReader(form.Encode()))
	if err != nil {
		return "", newTrouble(pack.Denied, c.subject, "no token can be asked for")
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	answer, err := c.send(ctx, request, tokenMax)
	if err != nil {
		return "", tokenTrouble(err)
	}
	var granted struct {
		AccessToken string `json:"access_token"`
		ExpiresIn   int64  `json:"expires_in"`
	}
	if err := json.Unmarshal(answer.Body, &granted); err != nil || granted.AccessToken == "" || strings.ContainsAny(granted.AccessToken, "\r\n\x00") {
		return "", newTrouble(pack.Unauthorised, c.subject, "what should bring a token brings none")
	}
	life := tokenLife
	if granted.ExpiresIn > 0 {
		life = time.Duration(min(granted.ExpiresIn, int64(24*time.Hour/time.Second))) * time.Second
	}
	c.token.value, c.token.until = granted.AccessToken, c.clock().Add(max(life-tokenMargin, life/2))
	return c.token.value, nil
}

// tokenTrouble says what it means when no token was granted: whatever is not a failure of the
// server is one of the credentials (RFC 6749 5.2 answers 400 and 401).
func tokenTrouble(err error) error {
	t, ok := err.(*trouble) //nolint:errorlint // send returns it as it is, or a fault
	if !ok || t.meaning == pack.Failing || t.meaning == pack.Throttled {
		return err
	}
	return newTrouble(pack.Unauthorised, t.fault.Subject, "no token is granted: %s", t.fault.Detail)
}
