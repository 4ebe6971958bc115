package storetest

import (
	"bytes"
	"crypto/ed25519"
	"reflect"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/store"
)

var deskTests = []test{
	{"settings", settings},
	{"checkpoints", checkpoints},
}

func settings(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Settings()
	want := func(name string, value []byte) {
		t.Helper()
		if got, err := desk.Get(t.Context(), name); err != nil || !reflect.DeepEqual(got, value) {
			t.Errorf("%s: got %q, %v, want %q", name, got, err, value)
		}
	}
	put := func(name string, value []byte) {
		t.Helper()
		wantCode(t, name, desk.Put(t.Context(), name, value), "")
	}
	want("none", nil)
	put("cursor", []byte("1"))
	put("empty", []byte{})
	put("cursor", []byte("2"))
	put("gone", []byte("x"))
	put("gone", nil)
	put("never there", nil)
	large := bytes.Repeat([]byte{7}, store.ValueMax)
	put("large", large)
	wantCode(t, "too large", desk.Put(t.Context(), "large", append(large, 1)), fault.InternalError)
	wantCode(t, "no name", desk.Put(t.Context(), "", nil), fault.InternalError)
	wantCode(t, "too long a name", desk.Put(t.Context(), strings.Repeat("n", store.NameMax+1), nil), fault.InternalError)
	shut(t, s)
	desk = p.open(t).Desk().Settings()
	want("cursor", []byte("2"))
	want("empty", []byte{})
	want("gone", nil)
	want("large", large)
}

func checkpoints(t *testing.T, p *place) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	s := p.open(t)
	sign := func(from journal.Watermark) journal.Checkpoint {
		t.Helper()
		c, ok, err := journal.Sign(t.Context(), s.Journal(), from, key)
		if err != nil || !ok {
			t.Fatalf("Sign: %v, %v", ok, err)
		}
		return c
	}
	desk := s.Desk().Checkpoints()
	if _, ok, err := desk.Last(t.Context()); ok || err != nil {
		t.Errorf("Last: got %v, %v, want none", ok, err)
	}
	grow(t, s.Journal(), 3, 2)
	first := sign(journal.Genesis())
	grow(t, s.Journal(), 4)
	second := sign(first.Tail)
	wantCode(t, "the second first", desk.Add(t.Context(), second), fault.CheckpointWrong)
	wantCode(t, "the first", desk.Add(t.Context(), first), "")
	wantCode(t, "the first again", desk.Add(t.Context(), first), "")
	wantCode(t, "one from the start again", desk.Add(t.Context(), sign(journal.Genesis())), fault.CheckpointWrong)
	wantCode(t, "the second", desk.Add(t.Context(), second), "")
	wantCode(t, "the first, now too late", desk.Add(t.Context(), first), fault.CheckpointWrong)
	shut(t, s)
	s = p.open(t)
	desk = s.Desk().Checkpoints()
	if got, ok, err := desk.Last(t.Context()); err != nil || !ok || !reflect.DeepEqual(got, second) {
		t.Errorf("Last: got %+v, %v, %v, want %+v", got, ok, err, second)
	}
	all, err := desk.All(t.Context())
	if err != nil || !reflect.DeepEqual(all, []journal.Checkpoint{first, second}) {
		t.Fatalf("All: got %d, %v, want both", len(all), err)
	}
	if _, err := journal.VerifyAgainst(t.Context(), s.Journal(), all, key.Public().(ed25519.PublicKey), nil); err != nil {
		t.Errorf("VerifyAgainst: %v", err)
	}
}
