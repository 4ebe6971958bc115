package app_test

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// safeBuffer is a log that several goroutines write.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// played is a house to which the whole scenario was sent over HTTP.
type played struct {
	house  *app.House
	estate *estate.Estate
	reader *estate.Reader
	log    *safeBuffer
}

func playHouse(t *testing.T) *played {
	t.Helper()
	e, err := estate.New(estate.Options{Today: retail.DateOf(time.Now().UTC()), Seed: 11})
	if err != nil {
		t.Fatal(err)
	}
	config, env := app.EstateConfig(e, t.TempDir())
	log := &safeBuffer{}
	house, err := app.OpenHouse(t.Context(), config, app.Options{
		Env: env, Log: slog.New(slog.NewJSONHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	address, err := house.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- house.Serve(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	tokens, err := app.EstateTokens(t.Context(), house)
	if err != nil {
		t.Fatal(err)
	}
	player := &estate.Player{Base: "http://" + address.String(), Client: &http.Client{Timeout: 30 * time.Second}, Tokens: tokens, Clock: time.Now}
	answers, err := player.Play(t.Context(), estate.Once(append([]estate.Message{e.Seed()}, e.Messages(1, estate.StepCount, true)...), 0))
	if err != nil {
		t.Fatal(err)
	}
	reader := player.NewReader(e.Scenario())
	for _, a := range answers {
		if !a.OK() {
			t.Fatalf("%s: %d %s %s %+v", a.Message.Name, a.Status, a.Code, a.Detail, a.Results)
		}
		for _, r := range a.Results {
			reader.After = max(reader.After, r.Position)
		}
	}
	return &played{house, e, reader, log}
}

// state reads what the scenario ends in, once booking has followed.
func (p *played) state(t *testing.T) string {
	t.Helper()
	s, err := p.reader.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%+v", s)
}

// everything returns what the journal and the projections hold.
func (p *played) everything(t *testing.T) string {
	t.Helper()
	var b strings.Builder
	err := p.house.Store.Journal().Read(t.Context(), 1, func(c *journal.Chunk) error {
		for _, r := range c.Records {
			b.Write(r.Fact)
			b.Write(r.Outcome)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, tables := range map[string][]string{flow.Operations: flow.Tables(), booking.Name: booking.Tables()} {
		snap, err := p.house.Store.Views().Read(t.Context(), name)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range tables {
			err := snap.Scan(table, store.Range{}, func(k string, v []byte) (bool, error) {
				b.WriteString(k)
				b.Write(v)
				return true, nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if err := snap.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestNoPersonalData sends names, addresses, cards and phone numbers through every pack and
// finds none in the journal, the projections or the log.
func TestNoPersonalData(t *testing.T) {
	p := playHouse(t)
	p.state(t)
	held, logged := p.everything(t), p.log.String()
	if len(held) < 10_000 || !strings.Contains(logged, "request") {
		t.Fatalf("hardly anything to look at: %d bytes held, log %q", len(held), logged)
	}
	for _, secret := range p.estate.Personal() {
		if strings.Contains(held, secret) {
			t.Errorf("%q stands in the journal or a projection", secret)
		}
		if strings.Contains(logged, secret) {
			t.Errorf("%q stands in the log", secret)
		}
	}
}

// TestErasure destroys the key of one customer of a file with several: the others' evidence
// stays readable, the chain verifies and the books are the same.
func TestErasure(t *testing.T) {
	p := playHouse(t)
	before := p.state(t)
	hashes, subjects := evidenceOf(t, p)
	if len(subjects) < 2 {
		t.Fatalf("the payloads are about %d persons", len(subjects))
	}
	for _, subject := range subjects[:1] {
		if _, err := p.house.Vault.Erase(t.Context(), subject, time.Now()); err != nil {
			t.Fatal(err)
		}
	}
	partly, whole := 0, 0
	for _, hash := range hashes {
		c, err := p.house.Vault.Get(t.Context(), hash)
		switch {
		case err != nil:
			partly++
		case len(c.Erased) > 0:
			partly++
			if len(bytes.TrimSpace(c.Body)) == 0 {
				t.Errorf("nothing is left of %s", hash)
			}
		default:
			whole++
		}
	}
	if partly == 0 || whole == 0 {
		t.Errorf("%d payloads have lost something and %d nothing", partly, whole)
	}
	if _, err := journal.VerifyChain(t.Context(), p.house.Store.Journal(), nil); err != nil {
		t.Error(err)
	}
	if after := p.state(t); after != before {
		t.Errorf("the books changed:\n%s\nbefore\n%s", after, before)
	}
}

// evidenceOf returns the payloads that the journal names, and the persons of the facts.
func evidenceOf(t *testing.T, p *played) (hashes []journal.Hash, subjects []retail.Token) {
	t.Helper()
	seen := map[string]bool{}
	for position := int64(1); position <= p.reader.After; position++ {
		r, err := p.house.Owner.Record(t.Context(), position)
		if err != nil {
			t.Fatal(err)
		}
		if e := r.Outcome.Receipt.Evidence; e != "" && !seen[e] {
			seen[e] = true
			var h journal.Hash
			if err := h.UnmarshalText([]byte(e)); err != nil {
				t.Fatal(err)
			}
			hashes = append(hashes, h)
		}
	}
	for _, h := range hashes {
		e, err := p.house.Store.Desk().Evidence().Evidence(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		var ids []intake.KeyID
		for _, part := range e.Parts {
			ids = append(ids, part.Keys...)
		}
		keys, err := p.house.Store.Desk().Evidence().Keys(t.Context(), ids)
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range keys {
			if k.Owner != "" && !seen[string(k.Owner)] {
				seen[string(k.Owner)] = true
				subjects = append(subjects, k.Owner)
			}
		}
	}
	return hashes, subjects
}
