package fetch_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
)

// refused is a status as the standard library spells it.
var refused = http.StatusText(http.StatusUnauthorized) + " (401)"

// tokens is what grants access tokens: a new one each time.
type tokens struct {
	*httptest.Server
	mu     sync.Mutex
	forms  []string
	answer string // "%d" stands for the number of the token
	status int
}

func newTokens(t *testing.T) *tokens {
	s := &tokens{answer: `{"access_token":"granted-%d","token_type":"bearer","expires_in":3600}`, status: http.StatusOK}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		must(t, r.ParseForm())
		s.mu.Lock()
		defer s.mu.Unlock()
		s.forms = append(s.forms, r.Method+" "+r.URL.Path+" "+r.PostForm.Encode())
		w.WriteHeader(s.status)
		fmt.Fprint(w, strings.ReplaceAll(s.answer, "%d", fmt.Sprint(len(s.forms))))
	}))
	t.Cleanup(s.Close)
	return s
}

const clientForm = "client_id=the-client&client_secret=the-secret&grant_type=client_credentials&scope=read"

func TestWaysToProveWhoAsks(t *testing.T) {
	t.Parallel()
	granting := newTokens(t)
	for _, c := range []struct {
		name, auth  string
		credentials map[string]string
		proof       string
		form        string
	}{
		{"a bearer token", "{scheme: bearer}", map[string]string{"token": "t"}, "Authorization: Bearer t", ""},
		{"user and password", "{scheme: basic}", map[string]string{"user": "ck_1", "password": "cs_1"},
			"Authorization: Basic " + base64.StdEncoding.EncodeToString([]byte("ck_1:cs_1")), ""},
		{"a key", "{scheme: header, header: X-Shopify-Access-Token}", map[string]string{"key": "k"}, "X-Shopify-Access-Token: k", ""},
		{"client credentials", "{scheme: client_credentials, scope: read}", map[string]string{"client_id": "the-client", "client_secret": "the-secret"},
			"Authorization: Bearer granted-1", "POST /token " + clientForm},
		{"a refresh token, and a header of its own", "{scheme: refresh_token, header: x-amz-access-token}",
			map[string]string{"client_id": "c", "client_secret": "s", "refresh_token": "r"},
			"x-amz-access-token: granted-1", "POST /token client_id=c&client_secret=s&grant_type=refresh_token&refresh_token=r"},
	} {
		t.Run(c.name, func(t *testing.T) {
			granting.forms = nil
			r := newRig(t)
			r.vendor.proof = c.proof
			r.text = func(manifest string) string { return replaceOnce(t, manifest, "{scheme: bearer}", c.auth) }
			r.source = func(s *fetch.Source) {
				s.Credentials = map[string][]byte{}
				for name, value := range c.credentials {
					s.Credentials[name] = []byte(value)
				}
				if c.form != "" {
					s.TokenURL = granting.URL + "/token"
				}
			}
			r.vendor.put(moveOf("m-1", "2", noon))
			r.open().notify("e-1", "m-1")
			r.run(time.Second)
			wantText(t, "on hand", r.onHand(), "2")
			wantText(t, "asked for a token", strings.Join(granting.forms, "\n"), c.form)
		})
	}
}

// granted is a rig whose source gets tokens.
func granted(t *testing.T) (*rig, *tokens) {
	granting := newTokens(t)
	r := newRig(t)
	r.vendor.proof = "Authorization: Bearer granted-1"
	r.text = func(manifest string) string {
		return replaceOnce(t, manifest, "{scheme: bearer}", "{scheme: client_credentials, scope: read}")
	}
	r.source = func(s *fetch.Source) {
		s.TokenURL = granting.URL + "/token"
		s.Credentials = map[string][]byte{"client_id": []byte("the-client"), "client_secret": []byte("the-secret")}
	}
	r.vendor.put(moveOf("m-1", "2", noon), moveOf("m-2", "3", noon), moveOf("m-3", "4", noon))
	return r.open(), granting
}

func TestATokenIsUsedUntilItEnds(t *testing.T) {
	t.Parallel()
	r, granting := granted(t)
	r.notify("e-1", "m-1")
	r.run(58 * time.Minute)
	r.notify("e-2", "m-2")
	r.run(2 * time.Minute)
	wantText(t, "tokens", len(granting.forms), 1)
	r.vendor.proof = "Authorization: Bearer granted-2"
	r.notify("e-3", "m-3")
	r.run(time.Second)
	wantText(t, "tokens", len(granting.forms), 2)
	wantText(t, "on hand", r.onHand(), "9")
	wantText(t, "asked", len(r.vendor.requests()), 3)
}

// A vendor can end a token early: it is replaced once, within the same question.
func TestATokenThatEndsEarly(t *testing.T) {
	t.Parallel()
	r, granting := granted(t)
	r.notify("e-1", "m-1")
	r.run(time.Second)
	r.vendor.proof = "Authorization: Bearer granted-2"
	r.notify("e-2", "m-2")
	r.run(time.Second)
	wantText(t, "on hand", r.onHand(), "5")
	wantText(t, "tokens", len(granting.forms), 2)
	wantLines(t, "work list", r.items())
}

// Credentials that are not accepted are one item of the source, however much waits for them.
// (reproduces: H-FETCH-AUTH)
func TestCredentialsThatAreNotAccepted(t *testing.T) {
	t.Parallel()
	t.Run("by the API", func(t *testing.T) {
		r := newRig(t).open()
		r.vendor.put(moveOf("m-1", "2", noon), moveOf("m-2", "3", noon))
		r.vendor.proof = "Authorization: Bearer another"
		r.notify("e-1", "m-1")
		r.notify("e-2", "m-2")
		r.run(30 * time.Second)
		wantLines(t, "work list", r.items(), string(fault.FetchUnauthorised)+" counter/main: it answered "+refused)
		wantText(t, "asked", len(r.vendor.requests()), 5)
		r.vendor.proof = "Authorization: Bearer the-token"
		r.run(time.Hour)
		wantText(t, "on hand", r.onHand(), "5")
		wantLines(t, "work list", r.items())
	})
	for _, c := range []struct {
		name, answer string
		status       int
		want         string
	}{
		{"where the token is granted", `{"error":"invalid_client"}`, 401, "no token is granted: it answered " + refused},
		{"with a bad request", `{"error":"invalid_grant"}`, 400, "no token is granted: it answered Bad Request (400)"},
		{"without a token", `{"token_type":"bearer"}`, 200, "what should bring a token brings none"},
		{"with something else", `<html>`, 200, "what should bring a token brings none"},
		{"with a token of two lines", `{"access_token":"a\r\nX: y"}`, 200, "what should bring a token brings none"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, granting := granted(t)
			granting.answer, granting.status = c.answer, c.status
			r.notify("e-1", "m-1")
			r.run(time.Second)
			wantLines(t, "work list", r.items(), "H-FETCH-AUTH counter/main: "+c.want)
			wantText(t, "asked", len(r.vendor.requests()), 0)
			granting.answer, granting.status = `{"access_token":"granted-1"}`, 200
			r.run(time.Hour)
			wantText(t, "on hand", r.onHand(), "2")
			wantLines(t, "work list", r.items())
		})
	}
	t.Run("where tokens are granted is down", func(t *testing.T) {
		r, granting := granted(t)
		granting.status = http.StatusServiceUnavailable
		r.notify("e-1", "m-1")
		r.run(time.Second)
		wantLines(t, "work list", r.items())
		wantText(t, "stopped", r.status().Stopped, 0)
	})
}

// Whatever goes wrong, neither the work list nor the log nor an error tells a secret.
func TestSecretsStaySecret(t *testing.T) {
	t.Parallel()
	for _, first := range []func(http.ResponseWriter, *http.Request) bool{
		failing(99, 500), failing(99, 401), failing(99, 404), failing(99, 302, "Location", "https://elsewhere.example/?t=granted-1"),
	} {
		r, granting := granted(t)
		r.vendor.answerBefore(first)
		_, err := r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
		granting.Close()
		r.vendor.Close()
		r.run(time.Hour)
		told := fmt.Sprint(err, r.items(), r.log.String())
		for _, secret := range []string{"the-client", "the-secret", "granted-1"} {
			if strings.Contains(told, secret) {
				t.Errorf("%s stands in %s", secret, told)
			}
		}
	}
}
