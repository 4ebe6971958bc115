//go:build e2e || soak

package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net"
	"net/http"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// The load that a server is killed under.
const (
	loadClients = 24
	loadBatch   = 10 // events at most in a request
	loadItems   = 6
)

// loadStores are where the load's goods are.
var loadStores = []retail.LocationID{"L1", "L2", "L3"}

// TestE2EKilledUnderLoad kills a server twenty times while many clients send it facts.
func TestE2EKilledUnderLoad(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	killUnderLoad(t, seed, killsPerRun)
}

// load is what clients sent and what they were told.
type load struct {
	base  string
	token string
	day   string

	mu    sync.Mutex
	sent  map[string]level // by key: what the fact does
	acked map[string]int64 // by key: the position that was answered
	lost  int              // requests without an answer
}

// level is a quantity of an item at a place.
type level struct {
	place stock.Place
	units int64
}

// killUnderLoad sends facts from many clients while the server is killed at random instants. In the
// end every acknowledged fact is there once and where it was said to be, every other one
// once or not at all, positions are the sum of the facts, and the rows are those of a rebuild.
func killUnderLoad(t *testing.T, seed uint64, kills int) {
	v, e, tokens := newVictim(t)
	l := newLoad(t, v, tokens)
	ctx, stop := context.WithCancel(t.Context())
	var clients sync.WaitGroup
	for n := range loadClients {
		clients.Go(func() { l.client(ctx, n, rand.New(rand.NewPCG(seed, uint64(n)))) })
	}
	random := rand.New(rand.NewPCG(seed, 1<<32))
	for range kills {
		time.Sleep(time.Duration(20+random.IntN(150)) * time.Millisecond) // a random instant is what the test is about
		v.kill()
	}
	stop()
	clients.Wait()
	v.end()
	t.Logf("%d kills, %d facts sent, %d acknowledged, %d requests without an answer", v.kills+1, len(l.sent), len(l.acked), l.lost)
	if l.lost < kills/2 || len(l.acked) < 10*kills {
		t.Errorf("the kills hit %d requests and %d facts were acknowledged: that is no load", l.lost, len(l.acked))
	}
	checkChain(t, e, v.dir)
	l.checkJournal(t, e, v.dir)
	first := settled(t, e, v.dir, l.checkPositions)
	forgetRows(t, storeDir(e, v.dir))
	if again := settled(t, e, v.dir, l.checkPositions); !maps.Equal(first, again) {
		for table := range maps.Keys(first) {
			if first[table] != again[table] {
				t.Errorf("a rebuild gives other rows of %s", table)
			}
		}
		t.Errorf("there were %d tables, and are %d after a rebuild", len(first), len(again))
	}
}

// newLoad makes a server ready for a load.
func newLoad(t *testing.T, v *victim, tokens map[estate.Caller]string) *load {
	t.Helper()
	l := &load{base: "http://" + v.address, token: tokens[estate.OMS], day: v.today, sent: map[string]level{}, acked: map[string]int64{}}
	l.seed(t, tokens[estate.Loader])
	return l
}

// seed tells the server of the load's places and items.
func (l *load) seed(t *testing.T, token string) {
	t.Helper()
	var rows []estate.Row
	for _, place := range loadStores {
		rows = append(rows, estate.Row{Table: event.TableLocations, Key: string(place), Row: event.Row{"entity": string(estate.Entity), "zone": "UTC"}})
	}
	for i := range loadItems {
		rows = append(rows, estate.Row{Table: event.TableItems, Key: fmt.Sprintf("K%d", i), Row: event.Row{"department": "D1", "class": "MERCH"}})
	}
	body, err := json.Marshal(map[string]any{"rows": rows})
	if err != nil {
		t.Fatal(err)
	}
	status, answer, err := l.post(t.Context(), "/v1/reference", token, body)
	if err != nil || status != http.StatusOK {
		t.Fatalf("%d %s %v", status, answer, err)
	}
}

func (l *load) post(ctx context.Context, path, token string, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, l.base+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	client := &http.Client{Timeout: 10 * time.Second}
	response, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer func() { _ = response.Body.Close() }() // it is read to its end
	var answer bytes.Buffer
	_, err = answer.ReadFrom(response.Body)
	return response.StatusCode, answer.Bytes(), err
}

// client sends batches until it is stopped. What is not acknowledged it sends again, with facts
// that were acknowledged among them.
func (l *load) client(ctx context.Context, n int, random *rand.Rand) {
	var batch []json.RawMessage
	for number := 0; ctx.Err() == nil; number++ {
		if len(batch) == 0 || random.IntN(4) > 0 { // sometimes the same once more
			batch = l.batch(n, number, random)
		}
		body, err := json.Marshal(batch)
		if err != nil {
			panic(err) // texts only
		}
		for try := 0; try < 50 && ctx.Err() == nil && !l.send(ctx, body, batch); try++ {
			select {
			case <-time.After(10 * time.Millisecond): // the server starts again
			case <-ctx.Done():
			}
		}
	}
}

func (l *load) batch(n, number int, random *rand.Rand) []json.RawMessage {
	l.mu.Lock()
	defer l.mu.Unlock()
	var batch []json.RawMessage
	for i := range 1 + random.IntN(loadBatch) {
		key := fmt.Sprintf("W%d-%d-%d·1", n, number, i)
		place := stock.Place{Item: retail.ItemID(fmt.Sprintf("K%d", random.IntN(loadItems))), Location: loadStores[random.IntN(len(loadStores))]}
		units := int64(random.IntN(9) - 4)
		if units >= 0 {
			units++
		}
		l.sent[key] = level{place, units}
		batch = append(batch, fmt.Appendf(nil, `{"specversion":"1.0","id":"%s","source":"oms/main","type":"retail.stock_adjusted.v1","subject":"%s","time":"%sT08:00:00Z","tz":"UTC",`+
			`"data":{"adjustment":"%s","line":"1","item":"%s","location":"%s","bucket":"SELLABLE","quantity":"%d","reason":"OTHER"}}`,
			key, key, l.day, key[:len(key)-len("·1")], place.Item, place.Location, units))
	}
	return batch
}

// send sends a batch and remembers what was acknowledged; it reports whether all of it was.
func (l *load) send(ctx context.Context, body []byte, batch []json.RawMessage) bool {
	status, answer, err := l.post(ctx, "/v1/events", l.token, body)
	l.mu.Lock()
	defer l.mu.Unlock()
	if err != nil || status != http.StatusOK {
		if ctx.Err() == nil && !neverSent(err) {
			l.lost++
		}
		return false
	}
	var results struct {
		Results []struct {
			Status   string
			Position int64
			Code     string
		}
	}
	if err := json.Unmarshal(answer, &results); err != nil || len(results.Results) != len(batch) {
		return false
	}
	for i, r := range results.Results {
		var e struct{ Subject string }
		if err := json.Unmarshal(batch[i], &e); err != nil {
			panic(err) // the test wrote it
		}
		if r.Status != "accepted" && r.Status != "duplicate" {
			panic(fmt.Sprintf("%s was %s %s", e.Subject, r.Status, r.Code))
		}
		l.acked[e.Subject] = r.Position
	}
	return true
}

// neverSent reports whether there was no server to send a request to.
func neverSent(err error) bool {
	dial, ok := errors.AsType[*net.OpError](err)
	return ok && dial.Op == "dial"
}

// checkJournal counts what is in the journal.
func (l *load) checkJournal(t *testing.T, e *estate.Estate, dir string) {
	t.Helper()
	found := map[string]int64{}
	count := func(c *journal.Chunk) error {
		for _, r := range c.Records {
			fact, _, err := event.Parse(r.Fact)
			if err != nil {
				return err
			}
			if _, ours := l.sent[fact.Key]; !ours || fact.System != "oms" {
				continue
			}
			if at, twice := found[fact.Key]; twice {
				t.Errorf("%s stands at %d and at %d", fact.Key, at, r.Position)
			}
			found[fact.Key] = r.Position
		}
		return nil
	}
	withStore(t, e, dir, func(s store.Store) {
		if err := s.Journal().Read(t.Context(), 0, count); err != nil {
			t.Fatal(err)
		}
	})
	for key, position := range l.acked {
		if at, ok := found[key]; !ok || at != position {
			t.Errorf("%s was acknowledged at %d and stands at %d, %v", key, position, at, ok)
		}
	}
	for key := range l.sent {
		if _, ok := found[key]; !ok {
			delete(l.sent, key) // it never came in
		}
	}
}

// checkPositions compares what is on hand with the sum of the facts that came in.
func (l *load) checkPositions(t *testing.T, house *app.House) {
	t.Helper()
	want := map[stock.Place]int64{}
	for _, f := range l.sent {
		want[f.place] += f.units
	}
	places := slices.Collect(maps.Keys(want))
	got, _, err := house.Owner.Available(t.Context(), places, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range got {
		if a.OnHand != retail.Units(want[a.Place]) {
			t.Errorf("%s at %s: on hand %s, and the facts say %d", a.Item, a.Location, a.OnHand, want[a.Place])
		}
	}
}

// settled opens the installation, lets everything follow to the end of the journal, and returns a
// hash of each table's rows.
func settled(t *testing.T, e *estate.Estate, dir string, look func(*testing.T, *app.House)) map[string]string {
	t.Helper()
	config, env := app.EstateConfig(e, dir)
	house, err := app.OpenHouse(t.Context(), config, app.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	err = house.Books.CatchUp(t.Context())
	look(t, house)
	if closing := house.Close(); err != nil || closing != nil {
		t.Fatal(err, closing)
	}
	return tableHashes(t, filepath.Join(config.Store.SQLite.Dir, "views.db"))
}

func storeDir(e *estate.Estate, dir string) string {
	config, _ := app.EstateConfig(e, dir)
	return config.Store.SQLite.Dir
}
