package access_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// memory keeps keys in a map, for tests.
type memory struct {
	mu   sync.Mutex
	keys map[access.KeyID]access.Key
	err  error
}

func newMemory() *memory { return &memory{keys: map[access.KeyID]access.Key{}} }

func (m *memory) Put(_ context.Context, k access.Key) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys[k.ID] = k
	return m.err
}

func (m *memory) Get(_ context.Context, id access.KeyID) (access.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.err != nil {
		return access.Key{}, m.err
	}
	k, ok := m.keys[id]
	if !ok {
		return access.Key{}, fault.New(fault.NoSuchThing, string(id), "no such key")
	}
	return k, nil
}

func (m *memory) List(context.Context) ([]access.Key, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var all []access.Key
	for _, k := range m.keys {
		all = append(all, k)
	}
	slices.SortFunc(all, func(a, b access.Key) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return all, m.err
}

// countingBytes gives other bytes on each read, and the same ones in each run.
type countingBytes struct{ next byte }

func (c *countingBytes) Read(p []byte) (int, error) {
	for i := range p {
		c.next++
		p[i] = c.next
	}
	return len(p), nil
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

func create(t *testing.T, keys access.Keys, random *countingBytes, g access.Grant) (access.Token, access.Key) {
	t.Helper()
	token, key, err := access.Create(t.Context(), keys, random, g, noon)
	if err != nil {
		t.Fatalf("Create: got %v, want no error", err)
	}
	return token, key
}

var clerk = access.Principal{ID: "a.lopez", Kind: access.Person}

func TestAuthenticate(t *testing.T) {
	// reproduces: H-TOKEN
	keys, random := newMemory(), &countingBytes{}
	token, _ := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.EventsWrite}, ExpiresAt: noon.Add(time.Hour)})
	revoked, revokedKey := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.EventsWrite}})
	if err := access.Revoke(t.Context(), keys, revokedKey.ID, noon); err != nil {
		t.Fatal(err)
	}
	good := token.Reveal()
	other := revoked.Reveal()
	tests := []struct {
		name, bearer string
		at           time.Time
		ok           bool
	}{
		{"the token", good, noon, true},
		{"one nanosecond before it expires", good, noon.Add(time.Hour - 1), true},
		{"at its expiry", good, noon.Add(time.Hour), false},
		{"revoked", other, noon, false},
		{"empty", "", noon, false},
		{"prefix only", "hdl_", noon, false},
		{"no secret", good[:21], noon, false},
		{"one character short", good[:len(good)-1], noon, false},
		{"one character more", good + "0", noon, false},
		{"last character changed", flipLast(good), noon, false},
		{"upper case", strings.ToUpper(good), noon, false},
		{"the secret of another key", good[:21] + other[21:], noon, false},
		{"an unknown id", "hdl_" + strings.Repeat("0", 16) + good[20:], noon, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			caller, err := access.Authenticate(t.Context(), keys, tt.bearer, tt.at)
			if tt.ok {
				if err != nil || caller.Principal != clerk {
					t.Fatalf("got %+v, %v; want %v", caller, err, clerk)
				}
				return
			}
			if !fault.HasCode(err, fault.BadToken) {
				t.Fatalf("got %v, want %s", err, fault.BadToken)
			}
			if got, want := err.Error(), "H-TOKEN: the bearer token is not valid"; got != want {
				t.Errorf("got %q, want %q: the answer must not say what was wrong", got, want)
			}
		})
	}
}

func flipLast(s string) string {
	last := s[len(s)-1]
	if last == '0' {
		return s[:len(s)-1] + "g"
	}
	return s[:len(s)-1] + "0"
}

func TestAuthenticateKeepsTheStoresFault(t *testing.T) {
	keys, random := newMemory(), &countingBytes{}
	token, _ := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}})
	keys.err = fault.New(fault.Storage, "", "the desk does not answer")
	if _, err := access.Authenticate(t.Context(), keys, token.Reveal(), noon); !fault.HasCode(err, fault.Storage) {
		t.Fatalf("got %v, want %s", err, fault.Storage)
	}
}

func TestAKeyOfAnotherRowDoesNotOpen(t *testing.T) {
	keys, random := newMemory(), &countingBytes{}
	a, _ := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.EventsWrite}})
	_, admin := create(t, keys, random, access.Grant{Principal: access.Principal{ID: "root", Kind: access.Person}, Scopes: []access.Scope{access.Admin}})
	id := access.KeyID(a.Reveal()[4:20])
	swapped := keys.keys[id]
	swapped.ID, swapped.Scopes = admin.ID, admin.Scopes
	keys.keys[admin.ID] = swapped // somebody copied a hash that they know over an admin's
	forged := "hdl_" + string(admin.ID) + a.Reveal()[20:]
	if _, err := access.Authenticate(t.Context(), keys, forged, noon); !fault.HasCode(err, fault.BadToken) {
		t.Fatalf("got %v, want %s", err, fault.BadToken)
	}
}

func TestTheStoreNeverSeesTheSecret(t *testing.T) {
	keys, random := newMemory(), &countingBytes{}
	token, key := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}})
	secret := token.Reveal()[21:]
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "token", token)
	asJSON, err := json.Marshal(token)
	if err != nil {
		t.Fatal(err)
	}
	shown := []string{fmt.Sprintf("%+v %#v", key, keys.keys), fmt.Sprintf("%v %+v %#v %s %q", token, token, token, token, token), log.String(), string(asJSON)}
	for _, s := range shown {
		if strings.Contains(s, secret) {
			t.Errorf("the secret stands in %q", s)
		}
	}
}

func TestCreateRefuses(t *testing.T) {
	// reproduces: H-REQUEST
	keys, random := newMemory(), &countingBytes{}
	create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}})
	machine := access.Principal{ID: "oms", Kind: access.Machine}
	one := []access.Scope{access.EventsWrite}
	tests := []struct {
		name  string
		grant access.Grant
	}{
		{"no scope", access.Grant{Principal: machine}},
		{"a scope that there is not", access.Grant{Principal: machine, Scopes: []access.Scope{"events:*"}}},
		{"no kind", access.Grant{Principal: access.Principal{ID: "oms"}, Scopes: one}},
		{"no id", access.Grant{Principal: access.Principal{Kind: access.Machine}, Scopes: one}},
		{"an id of 65 bytes", access.Grant{Principal: access.Principal{ID: "a234567890123456789012345678901234567890123456789012345678901234x", Kind: access.Machine}, Scopes: one}},
		{"another spelling of a person", access.Grant{Principal: access.Principal{ID: "A.Lopez", Kind: access.Person}, Scopes: one}},
		{"an e-mail address", access.Grant{Principal: access.Principal{ID: "a@example.org", Kind: access.Person}, Scopes: one}},
		{"a person as a machine", access.Grant{Principal: access.Principal{ID: clerk.ID, Kind: access.Machine}, Scopes: one}},
		{"a machine that approves", access.Grant{Principal: machine, Scopes: []access.Scope{access.ApprovalsWrite}}},
		{"expired at birth", access.Grant{Principal: machine, Scopes: one, ExpiresAt: noon}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			before := len(keys.keys)
			if _, _, err := access.Create(t.Context(), keys, random, tt.grant, noon); !fault.HasCode(err, fault.BadRequest) {
				t.Fatalf("got %v, want %s", err, fault.BadRequest)
			}
			if got := len(keys.keys); got != before {
				t.Errorf("got %d keys, want %d: a refused grant stores nothing", got, before)
			}
		})
	}
	longest := access.Principal{ID: "a234567890123456789012345678901234567890123456789012345678901234", Kind: access.Machine}
	create(t, keys, random, access.Grant{Principal: longest, Scopes: one})
}

func TestCreateNeedsRandomness(t *testing.T) {
	_, _, err := access.Create(t.Context(), newMemory(), strings.NewReader("too short"), access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}}, noon)
	if !fault.HasCode(err, fault.InternalError) {
		t.Fatalf("got %v, want %s", err, fault.InternalError)
	}
}

func TestRevoke(t *testing.T) {
	keys, random := newMemory(), &countingBytes{}
	_, key := create(t, keys, random, access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}})
	for range 2 {
		if err := access.Revoke(t.Context(), keys, key.ID, noon); err != nil {
			t.Fatal(err)
		}
		if got := keys.keys[key.ID].RevokedAt; !got.Equal(noon) {
			t.Errorf("got revoked at %v, want %v: the first time counts", got, noon)
		}
	}
	if err := access.Revoke(t.Context(), keys, key.ID, noon.Add(time.Hour)); err != nil || !keys.keys[key.ID].RevokedAt.Equal(noon) {
		t.Errorf("revoking later: got %v at %v, want the first time", err, keys.keys[key.ID].RevokedAt)
	}
	if err := access.Revoke(t.Context(), keys, "nobody", noon); !fault.Is(err, fault.NotFound) {
		t.Errorf("got %v, want not found", err)
	}
}

func TestNeed(t *testing.T) {
	// reproduces: H-SCOPE
	person := func(s ...access.Scope) access.Caller { return access.Caller{Principal: clerk, Scopes: s} }
	machine := func(s ...access.Scope) access.Caller {
		return access.Caller{Principal: access.Principal{ID: "oms", Kind: access.Machine}, Scopes: s}
	}
	tests := []struct {
		name   string
		caller access.Caller
		need   access.Scope
		ok     bool
	}{
		{"has it", machine(access.EventsWrite), access.EventsWrite, true},
		{"has another", machine(access.EventsWrite), access.FilesWrite, false},
		{"has none", machine(), access.FilesWrite, false},
		{"admin has every scope", machine(access.Admin), access.EvidenceRead, true},
		{"every other scope is not admin", person(access.Scopes()[:13]...), access.Admin, false},
		{"a person approves", person(access.ApprovalsWrite), access.ApprovalsWrite, true},
		{"a machine never approves", machine(access.ApprovalsWrite), access.ApprovalsWrite, false},
		{"not even as admin", machine(access.Admin), access.ApprovalsWrite, false},
		{"the zero caller has nothing", access.Caller{}, access.EventsWrite, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.caller.Need(tt.need)
			if tt.ok && err != nil || !tt.ok && !fault.HasCode(err, fault.NoScope) {
				t.Errorf("got %v, want allowed %v", err, tt.ok)
			}
		})
	}
}

func TestMayApproveCountsPersonsAndNotKeys(t *testing.T) {
	// reproduces: H-APPROVAL
	keys, random := newMemory(), &countingBytes{}
	grant := access.Grant{Principal: clerk, Scopes: []access.Scope{access.ApprovalsWrite}}
	first, _ := create(t, keys, random, grant)
	second, _ := create(t, keys, random, grant)
	for _, token := range []access.Token{first, second} {
		caller, err := access.Authenticate(t.Context(), keys, token.Reveal(), noon)
		if err != nil {
			t.Fatal(err)
		}
		if err := caller.MayApprove(clerk.ID); !fault.HasCode(err, fault.ApprovalMissing) {
			t.Errorf("own work with key %s: got %v, want %s", caller.Key, err, fault.ApprovalMissing)
		}
		if err := caller.MayApprove("b.meyer"); err != nil {
			t.Errorf("another's work: got %v, want no error", err)
		}
	}
	machine := access.Caller{Principal: access.Principal{ID: "oms", Kind: access.Machine}, Scopes: []access.Scope{access.Admin}}
	if err := machine.MayApprove("b.meyer"); !fault.HasCode(err, fault.NoScope) {
		t.Errorf("a machine: got %v, want %s", err, fault.NoScope)
	}
}

func TestParseScopes(t *testing.T) {
	got, err := access.ParseScopes([]string{" files:write", "events:write ", "files:write"})
	if want := []access.Scope{access.EventsWrite, access.FilesWrite}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %v, %v; want %v", got, err, want)
	}
	for _, names := range [][]string{nil, {""}, {"events"}, {"EVENTS:WRITE"}, {"events:write,files:write"}} {
		if _, err := access.ParseScopes(names); !fault.HasCode(err, fault.BadRequest) {
			t.Errorf("%q: got %v, want %s", names, err, fault.BadRequest)
		}
	}
}

func TestCallerFrom(t *testing.T) {
	if _, ok := access.CallerFrom(t.Context()); ok {
		t.Error("got a caller from a context without one")
	}
	want := access.Caller{Principal: clerk, Key: "k"}
	if got, ok := access.CallerFrom(access.WithCaller(t.Context(), want)); !ok || got.ID != want.ID || got.Key != want.Key {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Nothing but the token itself opens, however it was changed.
func TestNoOtherTokenOpens(t *testing.T) {
	keys := newMemory()
	token, _ := create(t, keys, &countingBytes{}, access.Grant{Principal: clerk, Scopes: []access.Scope{access.Admin}})
	good := token.Reveal()
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(good)
		b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		_, err := access.Authenticate(context.Background(), keys, string(b), noon)
		if opens := err == nil; opens != (string(b) == good) {
			t.Fatalf("%q: got opens %v", b, opens)
		}
	})
}

func FuzzAuthenticate(f *testing.F) {
	f.Add("hdl_0000000000000000_0000000000000000000000000000000000000000000000000000")
	f.Add("hdl__")
	f.Fuzz(func(t *testing.T, bearer string) {
		if _, err := access.Authenticate(t.Context(), newMemory(), bearer, noon); !fault.HasCode(err, fault.BadToken) {
			t.Fatalf("got %v, want %s", err, fault.BadToken)
		}
	})
}
