package intake_test

import (
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// Every change of a stored row is noticed.
func TestTamperedEvidence(t *testing.T) {
	// reproduces: H-EVIDENCE
	tests := []struct {
		name   string
		tamper func(m *memory, e *intake.Evidence, other intake.Evidence)
	}{
		{"a bit of the sealed bytes", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts[0].Sealed[30] ^= 1 }},
		{"sealed bytes cut short", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts[0].Sealed = e.Parts[0].Sealed[:20] }},
		{"sealed bytes lost", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts[0].Sealed = nil }},
		{"a part of another payload", func(_ *memory, e *intake.Evidence, other intake.Evidence) {
			e.Parts[0].Sealed = other.Parts[0].Sealed
		}},
		{"parts swapped", func(_ *memory, e *intake.Evidence, _ intake.Evidence) {
			e.Parts[0], e.Parts[1] = e.Parts[1], e.Parts[0]
		}},
		{"ranges swapped", func(_ *memory, e *intake.Evidence, _ intake.Evidence) {
			e.Parts[0].Ranges, e.Parts[1].Ranges = e.Parts[1].Ranges, e.Parts[0].Ranges
		}},
		{"a part left out", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts = e.Parts[:1] }},
		{"a part twice", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts = append(e.Parts, e.Parts[0]) }},
		{"a part without keys", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts[1].Keys = nil }},
		{"another size", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Size++ }},
		{"a negative size", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Size = -1 }},
		{"a range outside", func(_ *memory, e *intake.Evidence, _ intake.Evidence) { e.Parts[1].Ranges[0].End = 1 << 40 }},
		{"another hash", func(_ *memory, e *intake.Evidence, other intake.Evidence) { e.Hash = other.Hash }},
		{"the whole of another payload", func(_ *memory, e *intake.Evidence, other intake.Evidence) {
			hash := e.Hash
			*e = other
			e.Hash = hash
		}},
		{"a wrapped key", func(m *memory, _ *intake.Evidence, _ intake.Evidence) { m.keys[0].Wrapped[5] ^= 1 }},
		{"a key under another owner", func(m *memory, _ *intake.Evidence, _ intake.Evidence) { m.keys[1].Owner = "ben" }},
		{"a key row lost", func(m *memory, _ *intake.Evidence, _ intake.Evidence) { m.keys = m.keys[:1] }},
		{"a key of another under its id", func(m *memory, _ *intake.Evidence, _ intake.Evidence) { m.keys[0].Wrapped = m.keys[1].Wrapped }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := newMemory()
			v := openVault(t, m)
			hash := put(t, v, file("till", "ada: coat"))
			other := put(t, v, file("next", "ada: hats"))
			e := m.evidence[hash]
			tt.tamper(m, &e, m.evidence[other])
			m.evidence[hash] = e
			if c, err := v.Get(t.Context(), hash); !fault.HasCode(err, fault.EvidenceBad) {
				t.Errorf("got %q, %v; want %s", c.Body, err, fault.EvidenceBad)
			}
		})
	}
}

// Once something is erased the hash of the whole proves nothing any more: then it is the
// associated data alone that keeps a part in its place.
func TestTamperedEvidenceAfterAnErasure(t *testing.T) {
	m := newMemory()
	v := openVault(t, m)
	hash := put(t, v, file("till", "ada: coat"))
	twin := put(t, v, file("TILL", "ada: coat"))
	erase(t, v, "ada")
	read(t, v, hash)
	e := m.evidence[hash]
	e.Parts[0].Sealed = m.evidence[twin].Parts[0].Sealed
	if c, err := v.Get(t.Context(), hash); !fault.HasCode(err, fault.EvidenceBad) {
		t.Errorf("got %q, %v; want %s", c.Body, err, fault.EvidenceBad)
	}
}
