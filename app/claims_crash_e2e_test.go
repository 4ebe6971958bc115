//go:build e2e || soak

package app_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/shelf"
)

// The clients that claim, and for how long.
const (
	claimClients = 64
	claimUnits   = 80
	claimSteps   = 20 // of each client
	claimKills   = 5
)

// counter is a server whose clients write down what they were told, over HTTP.
type counter struct {
	t     *testing.T
	load  *load
	start time.Time

	mu      sync.Mutex
	history []porcupine.Operation
}

// TestE2EClaimsAreLinearizable lets 64 clients claim over HTTP while the server is killed. Who gets
// no answer asks again with the same key; what all were told in the end is what one queue
// could have been told (rule book A11).
func TestE2EClaimsAreLinearizable(t *testing.T) {
	c, v := newCounter(t)
	var clients sync.WaitGroup
	for n := range claimClients {
		clients.Go(func() { c.client(n) })
	}
	random := rand.New(rand.NewPCG(1, 2))
	for range claimKills {
		time.Sleep(time.Duration(50+random.IntN(150)) * time.Millisecond) // a random instant is what the test is about
		v.kill()
	}
	clients.Wait()
	granted, refused := 0, 0
	for _, op := range c.history {
		switch {
		case op.Input.(shelf.Call).Kind != shelf.Reserve:
		case op.Output.(bool):
			granted++
		default:
			refused++
		}
	}
	t.Logf("%d operations, %d reservations granted, %d refused, %d requests without an answer", len(c.history), granted, refused, c.load.lost)
	if granted == 0 || refused == 0 || c.load.lost == 0 {
		t.Error("nothing was contended, or no kill hit a request")
	}
	if result := porcupine.CheckOperationsTimeout(shelf.Model(claimUnits), c.history, time.Minute); result != porcupine.Ok {
		t.Errorf("the history is %s", result)
	}
}

// TestE2EDepletion gives N units to 64 clients over HTTP while the server is killed twice.
func TestE2EDepletion(t *testing.T) {
	c, v := newCounter(t)
	var granted atomic.Int64
	var clients sync.WaitGroup
	for n := range claimClients {
		clients.Go(func() {
			for step := 0; c.reserve(n, shelf.Call{Kind: shelf.Reserve, Item: "K0", Claim: fmt.Sprintf("d%d-%d", n, step), Units: 1}); step++ {
				granted.Add(1)
			}
		})
	}
	for range 2 {
		time.Sleep(20 * time.Millisecond) // some time while they ask
		v.kill()
	}
	clients.Wait()
	if granted.Load() != claimUnits {
		t.Errorf("%d of %d units were granted", granted.Load(), claimUnits)
	}
}

func newCounter(t *testing.T) (*counter, *victim) {
	t.Helper()
	v, _, tokens := newVictim(t)
	t.Cleanup(v.end)
	c := &counter{t: t, start: time.Now(), load: newLoad(t, v, tokens)}
	for i := range loadItems {
		c.tell(fmt.Sprintf("OPEN-K%d", i), fmt.Sprintf("K%d", i), claimUnits)
	}
	return c, v
}

// until posts until the server says what became of it, which is 2xx or a refusal, and returns it.
func (c *counter) until(path string, body []byte) (status int, answer []byte) {
	for range 500 {
		status, answer, err := c.load.post(c.t.Context(), path, c.load.token, body)
		var problem struct{ Code fault.Code }
		if err == nil && status >= http.StatusBadRequest {
			err = json.Unmarshal(answer, &problem)
		}
		if err == nil && status < http.StatusInternalServerError && status != http.StatusTooManyRequests && problem.Code != fault.OutcomeUnknown {
			return status, answer
		}
		if !neverSent(err) {
			c.load.mu.Lock()
			c.load.lost++
			c.load.mu.Unlock()
		}
		select {
		case <-time.After(10 * time.Millisecond): // the server starts again
		case <-c.t.Context().Done():
		}
	}
	c.t.Error("the server gives no answer")
	return 0, nil
}

func (c *counter) note(client int, call shelf.Call, granted bool, began time.Duration) {
	ended := time.Since(c.start)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.history = append(c.history, porcupine.Operation{ClientId: client, Input: call, Output: granted, Call: int64(began), Return: int64(ended)})
}

func (c *counter) reserve(client int, call shelf.Call) bool {
	began := time.Since(c.start)
	status, answer := c.until("/v1/reservations", fmt.Appendf(nil, `{"reservation_id":"%s","item":"%s","location":"L1","quantity":"%d"}`, call.Claim, call.Item, call.Units))
	var problem struct{ Code fault.Code }
	if err := json.Unmarshal(answer, &problem); err != nil || status != http.StatusCreated && problem.Code != fault.NoStock {
		c.t.Errorf("%+v: %d %s", call, status, answer)
	}
	c.note(client, call, status == http.StatusCreated, began)
	return status == http.StatusCreated
}

func (c *counter) release(client int, call shelf.Call) {
	call.Kind = shelf.Release
	began := time.Since(c.start)
	if status, answer := c.until("/v1/reservations/"+call.Claim+"/release", []byte(`{}`)); status != http.StatusOK {
		c.t.Errorf("%+v: %d %s", call, status, answer)
	}
	c.note(client, call, true, began)
}

// sell takes units away by a fact, as whoever sold them tells it.
func (c *counter) sell(client int, call shelf.Call) {
	began := time.Since(c.start)
	c.tell(call.Claim, call.Item, -call.Units)
	c.note(client, call, true, began)
}

func (c *counter) tell(key, item string, units int64) {
	body := fmt.Appendf(nil, `[{"specversion":"1.0","id":"%s","source":"oms/main","type":"%s","subject":"%s·1","time":"%sT08:00:00Z","tz":"UTC",`+
		`"data":{"adjustment":"%s","line":"1","item":"%s","location":"L1","bucket":"SELLABLE","quantity":"%d","reason":"OTHER"}}]`,
		key, "retail."+string((*event.StockAdjusted)(nil).Type())+".v1", key, c.load.day, key, item, units)
	if status, answer := c.until("/v1/events", body); status != http.StatusOK {
		c.t.Errorf("%s: %d %s", key, status, answer)
	}
}

// client works through its steps.
func (c *counter) client(n int) {
	random := rand.New(rand.NewPCG(uint64(n), 11))
	var held []shelf.Call
	for step := range claimSteps {
		call := shelf.Call{Kind: shelf.Reserve, Item: fmt.Sprintf("K%d", random.IntN(loadItems)), Claim: fmt.Sprintf("c%d-%d", n, step), Units: int64(1 + random.IntN(3))}
		switch pick := random.IntN(10); {
		case pick < 6 || len(held) == 0:
			if c.reserve(n, call) {
				held = append(held, call)
			}
		case pick == 6:
			call.Kind, call.Units = shelf.Sell, 1
			c.sell(n, call)
		default:
			c.release(n, held[0])
			held = held[1:]
		}
	}
}
