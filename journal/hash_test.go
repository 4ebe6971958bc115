package journal

import (
	"crypto/sha256"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/retail"
)

var update = flag.Bool("update", false, "rewrite testdata/hashes.json; do so only for a new case, never for a changed hash")

// hashCase is one row of testdata/hashes.json. The file is the contract: a journal that was
// written by any version verifies with every later one.
type hashCase struct {
	Name        string          `json:"name"`
	Tenant      retail.TenantID `json:"tenant"`
	Environment string          `json:"environment"`
	Prev        Watermark       `json:"prev"`
	At          time.Time       `json:"at"`
	Records     [][2]string     `json:"records"` // fact, outcome
	Events      []Hash          `json:"event_hashes"`
	Root        Hash            `json:"root"`
}

func (c hashCase) seal(t *testing.T) *Chunk {
	t.Helper()
	records := make([]Record, len(c.Records))
	for i, r := range c.Records {
		records[i] = Record{Fact: []byte(r[0]), Outcome: []byte(r[1])}
	}
	chunk, err := Seal(c.Tenant, c.Environment, c.Prev, c.At, records)
	if err != nil {
		t.Fatalf("Seal: %v", err)
	}
	return chunk
}

func TestHashesNeverChange(t *testing.T) {
	path := filepath.Join("testdata", "hashes.json")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var cases []hashCase
	if err := json.Unmarshal(text, &cases); err != nil {
		t.Fatal(err)
	}
	if len(cases) < 5 {
		t.Fatalf("the file has %d cases", len(cases))
	}
	for i := range cases {
		c := &cases[i]
		t.Run(c.Name, func(t *testing.T) {
			chunk := c.seal(t)
			events := make([]Hash, len(chunk.Records))
			for i, r := range chunk.Records {
				events[i] = EventHash(r.Fact)
			}
			if *update {
				c.Root, c.Events = chunk.Root, events
				return
			}
			if chunk.Root != c.Root {
				t.Errorf("root: got %s, want %s", chunk.Root, c.Root)
			}
			for i := range c.Events {
				if events[i] != c.Events[i] {
					t.Errorf("event hash %d: got %s, want %s", i, events[i], c.Events[i])
				}
			}
		})
	}
	if *update {
		text, _ := json.MarshalIndent(cases, "", "  ")
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// The tree is that of RFC 6962, section 2.1: written out here for five leaves.
func TestMerkleShape(t *testing.T) {
	leaf := make([]Hash, 5)
	for i := range leaf {
		leaf[i][0] = byte(i)
	}
	node := func(l, r Hash) Hash { return sha256.Sum256(append(append([]byte{1}, l[:]...), r[:]...)) }
	want := node(node(node(leaf[0], leaf[1]), node(leaf[2], leaf[3])), leaf[4])
	if got := merkle(leaf); got != want {
		t.Errorf("five leaves: got %s, want %s", got, want)
	}
	if got := merkle(leaf[:1]); got != leaf[0] {
		t.Errorf("one leaf: got %s, want the leaf", got)
	}
	if got, want := merkle(leaf[:3]), node(node(leaf[0], leaf[1]), leaf[2]); got != want {
		t.Errorf("three leaves: got %s, want %s", got, want)
	}
}

// Moving a byte over any border changes the root.
func TestRootSeparatesItsParts(t *testing.T) {
	base := hashCase{Tenant: "ab", Environment: "cd", Prev: Genesis(), At: time.Unix(1, 0), Records: [][2]string{{"ef", "gh"}, {"ij", "kl"}}}
	root := base.seal(t).Root
	for name, change := range map[string]func(*hashCase){
		"tenant and environment": func(c *hashCase) { c.Tenant, c.Environment = "abc", "d" },
		"fact and outcome":       func(c *hashCase) { c.Records = [][2]string{{"efg", "h"}, {"ij", "kl"}} },
		"two records as one":     func(c *hashCase) { c.Records = [][2]string{{"efgh", "ijkl"}} },
		"order of records":       func(c *hashCase) { c.Records = [][2]string{{"ij", "kl"}, {"ef", "gh"}} },
		"one nanosecond":         func(c *hashCase) { c.At = c.At.Add(1) },
		"first position":         func(c *hashCase) { c.Prev.Next++ },
		"previous root":          func(c *hashCase) { c.Prev.Root[31] = 1 },
	} {
		c := base
		change(&c)
		if c.seal(t).Root == root {
			t.Errorf("%s: the root did not change", name)
		}
	}
}

func TestHashText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "hash"))
		var got Hash
		if err := got.UnmarshalText([]byte(want.String())); err != nil || got != want {
			t.Fatalf("got %s, %v, want %s", got, err, want)
		}
	})
	good := EventHash([]byte("x")).String()
	for _, bad := range []string{"", "00", strings.Repeat("g", 64), strings.ToUpper(good), good + "00", good[:63], strconv.Quote(good)} {
		var h Hash
		if err := h.UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q: read as %s, want a fault", bad, h)
		}
	}
}
