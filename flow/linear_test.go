package flow_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/shelf"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// The clients and what they share.
const (
	linearClients = 64
	linearItems   = 16
	linearUnits   = 30 // of each Item: about half of what is asked for
	linearSteps   = 24 // of each client
)

// floor is a shop whose clients write down what they did and when.
type floor struct {
	*rig
	start   time.Time
	moved   atomic.Int64 // how far the clock was moved
	moving  sync.RWMutex // the clock is not moved while a claim that lapses is made
	mu      sync.Mutex
	history []porcupine.Operation
}

func (f *floor) at() time.Time {
	return time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC).Add(time.Duration(f.moved.Load()))
}

// TestClaimsAreLinearizable lets 64 clients reserve, release, allocate and sell while claims
// Lapse: whatever each was told is what one shop with one queue would have told it (rule book A11).
func TestClaimsAreLinearizable(t *testing.T) {
	f := newFloor(t)
	var clients sync.WaitGroup
	for n := range linearClients {
		clients.Go(func() { f.client(n) })
	}
	done := make(chan struct{})
	var clock sync.WaitGroup
	clock.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			default:
				f.lapse(n)
			}
		}
	})
	clients.Wait()
	close(done)
	clock.Wait()
	kinds := map[string]int{}
	for _, op := range f.history {
		kinds[fmt.Sprintf("%s %v", op.Input.(shelf.Call).Kind, op.Output)]++
	}
	t.Log(kinds)
	for _, kind := range []string{"reserve true", "reserve false", "release true", "allocate true", "sell true", "expire true"} {
		if kinds[kind] == 0 {
			t.Errorf("the history has no %s", kind)
		}
	}
	if result := porcupine.CheckOperationsTimeout(shelf.Model(linearUnits), f.history, time.Minute); result != porcupine.Ok {
		t.Errorf("the history is %s", result)
	}
}

func newFloor(t *testing.T) *floor {
	f := &floor{rig: &rig{t: t, dir: t.TempDir()}, start: time.Now()}
	f.clock = &clock{f.at()}
	f.openAt(f.at)
	t.Cleanup(f.close)
	rows := []*event.Event{f.row(event.TableLocations, "S1", event.Row{"entity": "LE1", "zone": "UTC"})}
	for i := range linearItems {
		item := fmt.Sprintf("I%d", i)
		rows = append(rows, f.row(event.TableItems, item, event.Row{"department": "D1", "class": "MERCH"}), f.adjust("OPEN-"+item, item, linearUnits))
	}
	f.submit(rows...)
	return f
}

// do submits an event and writes down what was answered.
func (f *floor) do(client int, c shelf.Call, e *event.Event, command bool) bool {
	began := time.Since(f.start)
	answers, err := f.owner.Submit(context.Background(), []record.Submission{{Event: e, Command: command}})
	ended := time.Since(f.start)
	if err != nil {
		f.t.Error(err)
		return false
	}
	granted := answers[0].Status == record.Accepted
	if !granted && (c.Kind != shelf.Reserve || answers[0].Code != fault.NoStock) {
		f.t.Errorf("%+v: %+v", c, answers[0])
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.history = append(f.history, porcupine.Operation{ClientId: client, Input: c, Output: granted, Call: int64(began), Return: int64(ended)})
	return granted
}

// client works through its steps: it reserves, and does something with what it was granted.
func (f *floor) client(n int) {
	random := rand.New(rand.NewPCG(uint64(n), 7))
	var held []shelf.Call
	for step := range linearSteps {
		item := fmt.Sprintf("I%d", random.IntN(linearItems))
		id := fmt.Sprintf("c%d-%d", n, step)
		switch pick := random.IntN(10); {
		case pick < 6 || len(held) == 0:
			c := shelf.Call{Kind: shelf.Reserve, Item: item, Claim: id, Units: int64(1 + random.IntN(3)), Lapse: random.IntN(3) == 0}
			if f.reserve(n, c) {
				held = append(held, c)
			}
		case pick == 6:
			f.do(n, shelf.Call{Kind: shelf.Sell, Item: item, Units: 1}, f.sold(id, item), false)
		default:
			c := held[0]
			held = held[1:]
			if pick == 7 && !c.Lapse {
				c.Kind = shelf.Allocate
				f.do(n, c, f.allocation(c), false)
				continue
			}
			c.Kind = shelf.Release
			f.do(n, c, &event.Event{Header: f.headerNow("oms", c.Claim+"·1"), Data: &event.ReservationReleased{Reservation: retail.ReservationID(c.Claim)}}, true)
		}
	}
}

func (f *floor) headerNow(system, key string) event.Header {
	now := f.at()
	return event.Header{System: retail.SystemID(system), Instance: "main", Key: key, Time: now, TZ: "UTC", BusinessDate: retail.DateOf(now)}
}

func (f *floor) reserve(client int, c shelf.Call) bool {
	d := &event.ReservationMade{Reservation: retail.ReservationID(c.Claim), Item: c.Item, Location: "S1", Quantity: retail.Units(c.Units)}
	if c.Lapse {
		f.moving.RLock()
		defer f.moving.RUnlock()
		d.ExpiresAt = f.at().Add(time.Minute)
	}
	return f.do(client, c, &event.Event{Header: f.headerNow("oms", c.Claim), Data: d}, true)
}

func (f *floor) allocation(c shelf.Call) *event.Event {
	return &event.Event{Header: f.headerNow("oms", "A-"+c.Claim), Data: &event.Allocated{
		Allocation: "A-" + c.Claim, Claim: retail.Ref{Type: retail.RefReservation, ID: c.Claim}, Item: c.Item, Location: "S1", Quantity: retail.Units(c.Units),
	}}
}

func (f *floor) sold(key, item string) *event.Event {
	e := f.sale(key, item, 1)
	e.Header = f.headerNow("poslog", key)
	return e
}

// lapse moves the clock past the grace of every claim that lapses, and has the owner look at it.
func (f *floor) lapse(n int) {
	f.moving.Lock()
	defer f.moving.Unlock()
	began := time.Since(f.start)
	f.moved.Add(int64(10 * time.Minute))
	row := reference.NewEvent(&event.ReferenceSet{Table: string(event.TableItems), RowKey: "X", Row: event.Row{"department": strconv.Itoa(n), "class": "MERCH"}, Author: "ann"}, "config", f.at())
	if _, err := f.owner.Submit(context.Background(), []record.Submission{{Event: row}}); err != nil {
		f.t.Error(err)
	}
	ended := time.Since(f.start)
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range linearItems {
		f.history = append(f.history, porcupine.Operation{
			ClientId: linearClients + i, Input: shelf.Call{Kind: shelf.Expire, Item: fmt.Sprintf("I%d", i)}, Output: true, Call: int64(began), Return: int64(ended),
		})
	}
}

// TestDepletion gives N units to 64 clients that ask one at a time: exactly N are granted.
func TestDepletion(t *testing.T) {
	f := newFloor(t)
	var granted atomic.Int64
	var clients sync.WaitGroup
	for n := range linearClients {
		clients.Go(func() {
			for step := 0; f.reserve(n, shelf.Call{Kind: shelf.Reserve, Item: "I0", Claim: fmt.Sprintf("d%d-%d", n, step), Units: 1}); step++ {
				granted.Add(1)
			}
		})
	}
	clients.Wait()
	got, _, err := f.owner.Available(t.Context(), []stock.Place{{Item: "I0", Location: "S1"}}, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	if granted.Load() != linearUnits || got[0].RawATS != 0 {
		t.Errorf("%d of %d units were granted, and %s can be sold", granted.Load(), linearUnits, got[0].RawATS)
	}
}
