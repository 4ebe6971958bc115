package journal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

var key = ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))

func public(k ed25519.PrivateKey) ed25519.PublicKey { return k.Public().(ed25519.PublicKey) }

func TestVerifyChain(t *testing.T) {
	log := chain(t, 3, 1, 20)
	var seen [][2]int64
	got, err := VerifyChain(t.Context(), log, func(done, total int64) { seen = append(seen, [2]int64{done, total}) })
	tail, at, _ := log.Tail(t.Context())
	want := Report{Tenant: "acme", Environment: "test", Chunks: 3, Tail: tail, At: at, Signed: Genesis()}
	if err != nil || got != want {
		t.Errorf("got %+v, %v, want %+v", got, err, want)
	}
	if want := [][2]int64{{3, 24}, {4, 24}, {24, 24}}; !reflect.DeepEqual(seen, want) {
		t.Errorf("progress: got %v, want %v", seen, want)
	}
	if got, err := VerifyChain(t.Context(), chain(t), nil); err != nil || got.Tail != Genesis() || got.Records() != 0 {
		t.Errorf("empty journal: got %+v, %v", got, err)
	}
}

func TestVerifyChainNamesTheFirstBadChunk(t *testing.T) {
	for name, change := range map[string]func(*memory){
		"a fact":              func(m *memory) { m.chunks[2].Records[1].Fact[3] ^= 1 },
		"a chunk taken out":   func(m *memory) { m.chunks = append(m.chunks[:2:2], m.chunks[3:]...) },
		"another environment": func(m *memory) { m.reseal(t, 2, func(c *Chunk) { c.Environment = "production" }) },
		"another tenant":      func(m *memory) { m.reseal(t, 2, func(c *Chunk) { c.Tenant = "other" }) },
		"a clock that ran back": func(m *memory) {
			m.reseal(t, 2, func(c *Chunk) { c.At = noon.Add(-time.Second) })
		},
	} {
		log := chain(t, 3, 1, 20, 5)
		change(log)
		report, err := VerifyChain(t.Context(), log, nil)
		if !fault.HasCode(err, fault.ChainBroken) {
			t.Errorf("%s: got %v, want %s", name, err, fault.ChainBroken)
			continue
		}
		if got := fault.As(err).Subject; got != "5" && name != "a chunk taken out" || report.Tail.Next != 5 {
			t.Errorf("%s: subject %s, good up to %d, want 5", name, got, report.Tail.Next)
		}
	}
}

// reseal changes chunk i and makes its root anew, and those of the chunks after it.
func (m *memory) reseal(t *testing.T, i int, change func(*Chunk)) {
	change(m.chunks[i])
	prev := m.chunks[i-1].End()
	for j := i; j < len(m.chunks); j++ {
		c := m.chunks[j]
		sealed, err := Seal(c.Tenant, c.Environment, prev, c.At, c.Records)
		if err != nil {
			t.Fatal(err)
		}
		m.chunks[j], prev = sealed, sealed.End()
	}
}

func TestVerifyChainFindsAMissingEnd(t *testing.T) {
	log := chain(t, 3, 4)
	_, err := VerifyChain(t.Context(), truncated{log}, nil)
	if !fault.HasCode(err, fault.ChainBroken) || fault.As(err).Subject != "4" {
		t.Errorf("got %v, want %s at 4", err, fault.ChainBroken)
	}
}

// signAll returns the checkpoints of the log in file form.
func signAll(t *testing.T, log *memory, at ...int) []byte {
	t.Helper()
	var file bytes.Buffer
	from := Genesis()
	for _, n := range at {
		c, ok, err := Sign(t.Context(), &memory{log.chunks[:n]}, from, key)
		if err != nil || !ok {
			t.Fatalf("Sign: %v, %v", ok, err)
		}
		if err := WriteCheckpoint(&file, c); err != nil {
			t.Fatal(err)
		}
		from = c.Tail
	}
	return file.Bytes()
}

func readAll(t *testing.T, file []byte) []Checkpoint {
	t.Helper()
	all, err := ReadCheckpoints(bytes.NewReader(file))
	if err != nil {
		t.Fatalf("ReadCheckpoints: %v", err)
	}
	return all
}

func TestVerifyAgainst(t *testing.T) {
	log := chain(t, 3, 1, 20, 5)
	checkpoints := readAll(t, signAll(t, log, 2, 4))
	log.grow(t, 2)
	report, err := VerifyAgainst(t.Context(), log, checkpoints, public(key), nil)
	if err != nil || report.Chunks != 5 || report.Signed != log.chunks[3].End() {
		t.Errorf("got %+v, %v, want 5 chunks, 4 of them signed", report, err)
	}
}

// reproduces: H-CHECKPOINT
func TestVerifyAgainstFindsARewrittenChain(t *testing.T) {
	for _, c := range []struct {
		name    string
		change  func(*memory)
		subject string
	}{
		{"first chunk", func(m *memory) { m.rewrite(t, 0) }, "1"},
		{"a chunk in the middle", func(m *memory) { m.rewrite(t, 2) }, "5"},
		{"the last signed chunk", func(m *memory) { m.rewrite(t, 3) }, "25"},
		{"an older backup", func(m *memory) { m.chunks = m.chunks[:3] }, "25"},
		{"nothing left", func(m *memory) { m.chunks = nil }, "1"},
		{"the same records in other chunks", func(m *memory) {
			var all []Record
			for _, c := range m.chunks[1:] {
				all = append(all, c.Records...)
			}
			m.chunks = append(m.chunks[:1:1], mustSeal(t, m.chunks[0].End(), noon.Add(time.Hour), all...))
		}, "4"},
		{"another tenant's journal", func(m *memory) {
			for _, c := range m.chunks {
				c.Tenant = "other"
			}
			first := m.chunks[0]
			m.chunks[0] = &Chunk{}
			*m.chunks[0] = *first
			prev := Genesis()
			for i, c := range m.chunks {
				sealed, _ := Seal("other", c.Environment, prev, c.At, c.Records)
				m.chunks[i], prev = sealed, sealed.End()
			}
		}, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			log := chain(t, 3, 1, 20, 5)
			checkpoints := readAll(t, signAll(t, log, 2, 4))
			c.change(log)
			if _, err := VerifyChain(t.Context(), log, nil); err != nil {
				t.Fatalf("the rewritten chain must be sound in itself: %v", err)
			}
			_, err := VerifyAgainst(t.Context(), log, checkpoints, public(key), nil)
			if !fault.HasCode(err, fault.CheckpointWrong) || fault.As(err).Subject != c.subject {
				t.Errorf("got %v, want %s at %s", err, fault.CheckpointWrong, c.subject)
			}
		})
	}
}

func TestVerifyAgainstStillFindsABrokenChain(t *testing.T) {
	log := chain(t, 3, 1, 20)
	checkpoints := readAll(t, signAll(t, log, 3))
	log.chunks[1].Records[0].Outcome[1] ^= 1 // the stored root is the signed one
	_, err := VerifyAgainst(t.Context(), log, checkpoints, public(key), nil)
	if !fault.HasCode(err, fault.ChainBroken) || fault.As(err).Subject != "4" {
		t.Errorf("got %v, want %s at 4", err, fault.ChainBroken)
	}
}

func TestCheckpointsThatLie(t *testing.T) {
	log := chain(t, 3, 1, 20, 5)
	good := readAll(t, signAll(t, log, 2, 3, 4))
	other := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{8}, ed25519.SeedSize))
	fresh := func() []Checkpoint { return readAll(t, signAll(t, log, 2, 3, 4)) }
	for _, c := range []struct {
		name   string
		key    ed25519.PrivateKey
		change func([]Checkpoint) []Checkpoint
	}{
		{"another key", other, func(all []Checkpoint) []Checkpoint { return all }},
		{"a root", key, func(all []Checkpoint) []Checkpoint { all[0].Chunks[0].Root[5] ^= 1; return all }},
		{"a first", key, func(all []Checkpoint) []Checkpoint { all[0].Chunks[1].First++; return all }},
		{"tenant", key, func(all []Checkpoint) []Checkpoint { all[0].Tenant = "x"; return all }},
		{"environment", key, func(all []Checkpoint) []Checkpoint { all[0].Environment = "x"; return all }},
		{"time", key, func(all []Checkpoint) []Checkpoint { all[0].At = all[0].At.Add(1); return all }},
		{"tail", key, func(all []Checkpoint) []Checkpoint { all[0].Tail.Next++; return all }},
		{"a chunk less", key, func(all []Checkpoint) []Checkpoint { all[2].Chunks = nil; return all }},
		{"no signature", key, func(all []Checkpoint) []Checkpoint { all[0].Signature = nil; return all }},
		{"one taken out", key, func(all []Checkpoint) []Checkpoint { return append(all[:1:1], all[2]) }},
		{"the first taken out", key, func(all []Checkpoint) []Checkpoint { return all[1:] }},
		{"one twice", key, func(all []Checkpoint) []Checkpoint { return append(all[:1:1], all...) }},
	} {
		if _, err := VerifyAgainst(t.Context(), log, c.change(fresh()), public(c.key), nil); !fault.HasCode(err, fault.CheckpointWrong) {
			t.Errorf("%s: got %v, want %s", c.name, err, fault.CheckpointWrong)
		}
	}
	if _, err := VerifyAgainst(t.Context(), log, good, public(key), nil); err != nil {
		t.Errorf("unchanged: %v", err)
	}
}

func TestSign(t *testing.T) {
	log := chain(t, 3, 1)
	first, ok, err := Sign(t.Context(), log, Genesis(), key)
	if err != nil || !ok || first.Tail != log.chunks[1].End() || len(first.Chunks) != 2 {
		t.Fatalf("got %+v, %v, %v", first, ok, err)
	}
	if _, ok, err := Sign(t.Context(), log, first.Tail, key); ok || err != nil {
		t.Errorf("nothing new: got %v, %v, want false", ok, err)
	}
	for name, from := range map[string]Watermark{
		"another root":         {Next: 5, Root: Hash{1}},
		"inside a chunk":       {Next: 3, Root: log.chunks[0].Root},
		"beyond the tail":      {Next: 50, Root: first.Tail.Root},
		"not the genesis root": {Next: 1, Root: Hash{1}},
	} {
		if _, _, err := Sign(t.Context(), log, from, key); !fault.HasCode(err, fault.CheckpointWrong) {
			t.Errorf("%s: got %v, want %s", name, err, fault.CheckpointWrong)
		}
	}
	log.chunks[1].Records[0].Fact[0] ^= 1
	if _, _, err := Sign(t.Context(), log, Genesis(), key); !fault.HasCode(err, fault.ChainBroken) {
		t.Errorf("a bad chunk is not signed: got %v, want %s", err, fault.ChainBroken)
	}
}

func TestSignStopsAtItsLimit(t *testing.T) {
	log := &memory{}
	for i := range CheckpointChunksMax + 1 {
		tail, _, _ := log.Tail(t.Context())
		log.chunks = append(log.chunks, mustSeal(t, tail, noon, record(i)))
	}
	var file bytes.Buffer
	from := Genesis()
	for _, want := range []int{CheckpointChunksMax, 1} {
		c, ok, err := Sign(t.Context(), log, from, key)
		if err != nil || !ok || len(c.Chunks) != want {
			t.Fatalf("got %d chunks, %v, %v, want %d", len(c.Chunks), ok, err, want)
		}
		if err := WriteCheckpoint(&file, c); err != nil {
			t.Fatal(err)
		}
		from = c.Tail
	}
	report, err := VerifyAgainst(t.Context(), log, readAll(t, file.Bytes()), public(key), nil)
	if err != nil || report.Signed != from {
		t.Errorf("got %+v, %v, want signed up to %v", report.Signed, err, from)
	}
}

func TestReadCheckpointsRefusesOtherFiles(t *testing.T) {
	line := strings.TrimSpace(string(signAll(t, chain(t, 1), 1)))
	for name, file := range map[string]string{
		"text":              "hello\n",
		"an unknown member": strings.Replace(line, `{"tenant"`, `{"more":1,"tenant"`, 1),
		"two on a line":     line + line,
		"an empty line":     line + "\n\n" + line,
		"a bad hash":        strings.Replace(line, `"root":"`, `"root":"zz`, 1),
		"too long a line":   strings.Repeat(" ", checkpointLineMax+1) + line,
	} {
		if _, err := ReadCheckpoints(strings.NewReader(file)); !fault.HasCode(err, fault.BadSyntax) {
			t.Errorf("%s: got %v, want %s", name, err, fault.BadSyntax)
		}
	}
	if all, err := ReadCheckpoints(strings.NewReader("")); err != nil || len(all) != 0 {
		t.Errorf("an empty file: got %v, %v", all, err)
	}
}

// The signed message is fixed, as the hashes are: a checkpoint of any version verifies with
// every later one. Ed25519 signatures are deterministic.
func TestSignatureNeverChanges(t *testing.T) {
	c, _, err := Sign(t.Context(), chain(t, 3, 1), Genesis(), key)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := json.Marshal(c.Signature)
	const want = "UUHmccw2Ck54av0i4y4Oacl5oqO95Ieq6uBdpxCAXYH8Wl9sJ2UdUtGghUv+njQVVPvxPYqb4r/b+QugvYpZDw=="
	if got := strings.Trim(string(text), `"`); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// FuzzCheckpoints checks that no file makes reading or verifying panic.
func FuzzCheckpoints(f *testing.F) {
	log := chain(f, 1)
	c, _, err := Sign(f.Context(), log, Genesis(), key)
	if err != nil {
		f.Fatal(err)
	}
	line, _ := json.Marshal(c)
	f.Add(line)
	f.Fuzz(func(t *testing.T, file []byte) {
		all, err := ReadCheckpoints(bytes.NewReader(file))
		if err != nil {
			return
		}
		if _, err := VerifyAgainst(t.Context(), log, all, public(key), nil); err != nil && fault.As(err).Kind != fault.Corrupt {
			t.Fatalf("got %v, want a fault of kind corrupt", err)
		}
	})
}
