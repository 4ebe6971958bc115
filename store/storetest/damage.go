package storetest

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/journal"
)

var damageTests = []test{
	{"each kind of damage is found, with the first bad chunk", damage},
	{"a journal that was rewritten is found by checkpoints", rewritten},
	{"a journal that was restored from a backup is found by its watermarks", restored},
}

// Chunks begin at 1, 4, 5 and 45 and end at 50; that at 5 has three blocks.
func damage(t *testing.T, p *place) {
	for _, c := range []struct {
		name, statement, subject string
		readable                 bool // the damage shows in the roots only
	}{
		{name: "a block of other bytes", statement: `UPDATE block SET bytes = (SELECT bytes FROM block WHERE first = 1) WHERE first = 21`, subject: "5"},
		{name: "a block that is no block", statement: `UPDATE block SET bytes = (SELECT root FROM chunk WHERE first = 1) WHERE first = 5`, subject: "5"},
		{name: "a block that is missing", statement: `DELETE FROM block WHERE first = 21`, subject: "5"},
		{name: "all blocks missing", statement: `DELETE FROM block WHERE first >= 5`, subject: "5"},
		{name: "a chunk that is missing", statement: `DELETE FROM chunk WHERE first = 5`, subject: "5"},
		{name: "a root", statement: `UPDATE chunk SET root = prev WHERE first = 5`, subject: "5", readable: false},
		{name: "a time", statement: `UPDATE chunk SET at = at + 1 WHERE first = 5`, subject: "5", readable: true},
		{name: "a tenant", statement: `UPDATE chunk SET tenant = 'other' WHERE first = 5`, subject: "5", readable: true},
		{name: "a count", statement: `UPDATE chunk SET count = count - 1 WHERE first = 5`, subject: "5"},
		{name: "a count of nothing", statement: `UPDATE chunk SET count = 0 WHERE first = 5`, subject: "5"},
		{name: "an enormous count", statement: `UPDATE chunk SET count = 9223372036854775807 WHERE first = 5`, subject: "5"},
		{name: "the same bytes at another place", statement: `UPDATE block SET bytes = (SELECT bytes FROM block WHERE first = 5) WHERE first = 21`, subject: "5", readable: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := &place{Engine: p.Engine, name: t.TempDir()}
			s := p.open(t)
			grow(t, s.Journal(), 3, 1, 40, 5)
			shut(t, s)
			p.Exec(t, p.name, "journal", c.statement)
			log := p.open(t).Journal()
			report, err := journal.VerifyChain(t.Context(), log, nil)
			if !fault.HasCode(err, fault.ChainBroken) || fault.As(err).Subject != c.subject {
				t.Errorf("VerifyChain: got %v, want %s at %s", err, fault.ChainBroken, c.subject)
			}
			if report.Tail.Next != 5 {
				t.Errorf("VerifyChain: good up to %d, want 5", report.Tail.Next)
			}
			err = log.Read(t.Context(), 1, func(*journal.Chunk) error { return nil })
			if want := fault.ChainBroken; c.readable {
				wantCode(t, "Read", err, "")
			} else {
				wantCode(t, "Read", err, want)
			}
		})
	}
}

// rewritten makes the same journal twice, the second time with another record and with
// every root made anew, as somebody could who can write to the database.
func rewritten(t *testing.T, p *place) {
	key := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{9}, ed25519.SeedSize))
	honest := p.open(t)
	chunks := grow(t, honest.Journal(), 3, 20, 2)
	checkpoint, ok, err := journal.Sign(t.Context(), honest.Journal(), journal.Genesis(), key)
	if err != nil || !ok {
		t.Fatalf("Sign: %v, %v", ok, err)
	}
	forged := (&place{Engine: p.Engine, name: t.TempDir()}).open(t).Journal()
	chunks[1].Records[4].Fact = []byte(`{"forged":true}`)
	tail := journal.Genesis()
	for _, c := range chunks {
		again := sealOf(t, tail, c.At, c.Records...)
		if err := forged.Append(t.Context(), again); err != nil {
			t.Fatalf("Append: %v", err)
		}
		tail = again.End()
	}
	verify(t, forged)
	public := key.Public().(ed25519.PublicKey)
	if _, err := journal.VerifyAgainst(t.Context(), honest.Journal(), []journal.Checkpoint{checkpoint}, public, nil); err != nil {
		t.Errorf("the honest journal: %v", err)
	}
	_, err = journal.VerifyAgainst(t.Context(), forged, []journal.Checkpoint{checkpoint}, public, nil)
	if !fault.HasCode(err, fault.CheckpointWrong) || fault.As(err).Subject != "4" {
		t.Errorf("the forged journal: got %v, want %s at 4", err, fault.CheckpointWrong)
	}
}

// restored replaces the journal by an older one that then grows differently: a watermark of
// the lost part has a root that the journal does not know.
func restored(t *testing.T, p *place) {
	s := p.open(t)
	kept := grow(t, s.Journal(), 3)[0]
	lost := grow(t, s.Journal(), 2)[0]
	shut(t, s)
	p.Exec(t, p.name, "journal", `DELETE FROM chunk WHERE first >= 4`)
	p.Exec(t, p.name, "journal", `DELETE FROM block WHERE first >= 4`)
	log := p.open(t).Journal()
	wantTail(t, log, kept.End())
	if _, ok, err := log.Root(t.Context(), lost.End().Next); err != nil || ok {
		t.Errorf("Root of what was lost: got %v, %v, want none", ok, err)
	}
	other := sealOf(t, kept.End(), lost.At, record(100), record(101))
	wantCode(t, "Append", log.Append(t.Context(), other), "")
	root, ok, err := log.Root(context.Background(), lost.End().Next)
	if err != nil || !ok || root == lost.Root {
		t.Errorf("Root: got %v, %v, %v, want another root than that of what was lost", root, ok, err)
	}
}
