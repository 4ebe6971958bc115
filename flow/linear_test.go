package flow_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// The clients and what they share.
const (
	linearClients = 64
	linearItems   = 8
	linearUnits   = 60 // of each item: about half of what is asked for
	linearSteps   = 24 // of each client
)

// call is one thing that a client did to an item.
type call struct {
	kind  string // reserve, release, allocate, sell, expire
	item  string
	claim string
	units int64
	lapse bool // the claim ends by itself
}

// shelf is what the model knows of an item: what can be sold, and the claims that will lapse,
// as "id:units" in their order.
type shelf struct {
	free  int64
	lapse string
}

// shelfModel says what one command after the other does to one item. It knows neither chunks nor
// positions: a reservation is granted if there is enough.
func shelfModel() porcupine.Model {
	return porcupine.Model{
		Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
			parts := map[string][]porcupine.Operation{}
			for _, op := range history {
				item := op.Input.(call).item
				parts[item] = append(parts[item], op)
			}
			out := make([][]porcupine.Operation, 0, len(parts))
			for _, item := range slices.Sorted(maps.Keys(parts)) {
				out = append(out, parts[item])
			}
			return out
		},
		Init: func() any { return shelf{free: linearUnits} },
		Step: func(state, input, output any) (bool, any) {
			s, c := state.(shelf), input.(call)
			return s.step(c, output.(bool))
		},
		DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %v", input, output) },
	}
}

// step does what a call says; granted is what its client was told.
func (s shelf) step(c call, granted bool) (bool, shelf) {
	switch c.kind {
	case "reserve":
		if granted != (s.free >= c.units) {
			return false, s
		}
		if granted {
			s.free -= c.units
		}
		if granted && c.lapse {
			s.lapse += c.claim + ":" + strconv.FormatInt(c.units, 10) + " "
		}
	case "release":
		if c.lapse {
			before, after, held := strings.Cut(s.lapse, c.claim+":"+strconv.FormatInt(c.units, 10)+" ")
			if !held {
				return true, s // it lapsed
			}
			s.lapse = before + after
		}
		s.free += c.units
	case "sell":
		s.free -= c.units // a fact is never refused
	case "expire":
		for claim := range strings.FieldsSeq(s.lapse) {
			_, units, _ := strings.Cut(claim, ":")
			n, _ := strconv.ParseInt(units, 10, 64)
			s.free += n
		}
		s.lapse = ""
	}
	return true, s
}

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
// lapse: whatever each was told is what one shop with one queue would have told it (rule book A11).
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
		kinds[fmt.Sprintf("%s %v", op.Input.(call).kind, op.Output)]++
	}
	t.Log(kinds)
	for _, kind := range []string{"reserve true", "reserve false", "release true", "allocate true", "sell true", "expire true"} {
		if kinds[kind] == 0 {
			t.Errorf("the history has no %s", kind)
		}
	}
	if result := porcupine.CheckOperationsTimeout(shelfModel(), f.history, time.Minute); result != porcupine.Ok {
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
func (f *floor) do(client int, c call, e *event.Event, command bool) bool {
	began := time.Since(f.start)
	answers, err := f.owner.Submit(context.Background(), []record.Submission{{Event: e, Command: command}})
	ended := time.Since(f.start)
	if err != nil {
		f.t.Error(err)
		return false
	}
	granted := answers[0].Status == record.Accepted
	if !granted && (c.kind != "reserve" || answers[0].Code != fault.NoStock) {
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
	var held []call
	for step := range linearSteps {
		item := fmt.Sprintf("I%d", random.IntN(linearItems))
		id := fmt.Sprintf("c%d-%d", n, step)
		switch pick := random.IntN(10); {
		case pick < 6 || len(held) == 0:
			c := call{kind: "reserve", item: item, claim: id, units: int64(1 + random.IntN(3)), lapse: random.IntN(3) == 0}
			if f.reserve(n, c) {
				held = append(held, c)
			}
		case pick == 6:
			f.do(n, call{kind: "sell", item: item, units: 1}, f.sold(id, item), false)
		default:
			c := held[0]
			held = held[1:]
			if pick == 7 && !c.lapse {
				c.kind = "allocate"
				f.do(n, c, f.allocation(c), false)
				continue
			}
			c.kind = "release"
			f.do(n, c, &event.Event{Header: f.headerNow("oms", c.claim+"·1"), Data: &event.ReservationReleased{Reservation: retail.ReservationID(c.claim)}}, true)
		}
	}
}

func (f *floor) headerNow(system, key string) event.Header {
	now := f.at()
	return event.Header{System: retail.SystemID(system), Instance: "main", Key: key, Time: now, TZ: "UTC", BusinessDate: retail.DateOf(now)}
}

func (f *floor) reserve(client int, c call) bool {
	d := &event.ReservationMade{Reservation: retail.ReservationID(c.claim), Item: c.item, Location: "S1", Quantity: retail.Units(c.units)}
	if c.lapse {
		f.moving.RLock()
		defer f.moving.RUnlock()
		d.ExpiresAt = f.at().Add(time.Minute)
	}
	return f.do(client, c, &event.Event{Header: f.headerNow("oms", c.claim), Data: d}, true)
}

func (f *floor) allocation(c call) *event.Event {
	return &event.Event{Header: f.headerNow("oms", "A-"+c.claim), Data: &event.Allocated{
		Allocation: "A-" + c.claim, Claim: retail.Ref{Type: retail.RefReservation, ID: c.claim}, Item: c.item, Location: "S1", Quantity: retail.Units(c.units),
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
			ClientId: linearClients + i, Input: call{kind: "expire", item: fmt.Sprintf("I%d", i)}, Output: true, Call: int64(began), Return: int64(ended),
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
			for step := 0; f.reserve(n, call{kind: "reserve", item: "I0", claim: fmt.Sprintf("d%d-%d", n, step), units: 1}); step++ {
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
