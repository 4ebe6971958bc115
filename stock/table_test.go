package stock_test

import (
	"bytes"
	"cmp"
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

var update = flag.Bool("update", false, "rewrite the expected part of testdata/*.txt")

// TestTables plays the scripts of testdata: commands, a line of dashes, and what each
// command did, with the positions at the end. testdata/README.md explains the commands.
func TestTables(t *testing.T) {
	texttable.Check(t, "testdata/*.txt", *update, func(t *testing.T, in string) string { return play(t, strings.TrimSuffix(in, "\n")) })
}

// script is a run of one table.
type script struct {
	t     *testing.T
	shop  *shop
	clock time.Time
	step  int64
	out   bytes.Buffer
	seen  []stock.Place
	told  map[string][]stock.Move // what a fact moved, by the name that as= gave it
}

func play(t *testing.T, input string) string {
	s := &script{t: t, shop: newShop(), clock: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), told: map[string][]stock.Move{}}
	for _, line := range strings.Split(input, "\n") {
		fmt.Fprintln(&s.out, line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		s.step++
		s.run(parse(t, line))
	}
	s.positions()
	return s.out.String()
}

func (s *script) run(c command) {
	switch c.verb {
	case "safety":
		s.shop.safety[c.place] = c.quantity
	case "buffer":
		s.shop.buffers[buffer{c.place, retail.ChannelID(c.option("channel"))}] = c.quantity
	case "wait":
		s.wait(c.duration)
	case "claim":
		s.claim(c.claim)
	case "sell-consigned":
		s.shop.consigned = true
	case "atp":
		s.atp(c)
	default:
		s.fact(c)
	}
}

// fact decides a fact, and what it comes too late for, as the owner loop does.
func (s *script) fact(c command) {
	e, err := s.decide(c)
	if eta := c.option("eta"); c.option("to") != "" && eta != "" {
		s.shop.etas[c.option("on")] = date(s.t, eta)
	}
	e, late := stock.Recomputations(s.shop, e, s.occurred(c))
	s.told[c.option("as")] = e.Moves
	s.effect(e, err, s.occurred(c))
	for _, r := range late {
		fmt.Fprintf(&s.out, "    too late for count %s: its adjustment of %s changes by %s\n", r.Count, r.Prior, r.Delta)
		again, err := stock.Recompute(s.shop, r.Count, r.Delta)
		s.effect(again, err, s.clock)
	}
}

func (s *script) decide(c command) (stock.Effect, error) {
	target, occurred := s.target(c), s.occurred(c)
	switch c.verb {
	case "reserve", "told":
		return stock.Reserve(s.shop, s.request(c), c.verb == "reserve")
	case "release":
		return stock.Release(s.shop, c.claim, c.quantity), nil
	case "allocate":
		return stock.Allocate(s.shop, c.place, c.quantity, target, occurred), nil
	case "deallocate":
		return stock.Deallocate(s.shop, c.place, c.quantity, target), nil
	case "pick":
		return stock.Step(s.shop, stock.Picked, c.place, c.quantity, target), nil
	case "pack":
		return stock.Step(s.shop, stock.Packed, c.place, c.quantity, target), nil
	case "stage":
		return stock.Step(s.shop, stock.Staged, c.place, c.quantity, target), nil
	case "fulfil":
		return stock.Fulfil(s.shop, c.place, c.quantity, target), nil
	case "fulfil-late":
		return stock.FulfilLate(s.shop, c.place, c.quantity, target), nil
	case "sale":
		return stock.Sale(s.shop, c.place, c.quantity), nil
	case "return":
		return stock.Return(s.shop, c.place, c.quantity, event.Disposition(c.word))
	case "receive":
		return stock.Receive(s.shop, c.place, event.Bucket(c.word), c.quantity)
	case "adjust":
		return stock.Adjust(s.shop, c.place, cmp.Or(event.Bucket(c.word), event.Sellable), c.quantity)
	case "ship":
		return stock.ShipTransfer(s.shop, s.transfer(c), target), nil
	case "arrive":
		return stock.ReceiveTransfer(s.shop, s.transfer(c), event.Bucket(c.word))
	case "resolve":
		return stock.ResolveTransfer(s.shop, s.transfer(c), event.Resolution(c.word))
	}
	return s.decideMore(c, target)
}

func (s *script) request(c command) stock.Request {
	r := stock.Request{ID: c.claim, Place: c.place, Quantity: c.quantity, Channel: retail.ChannelID(c.option("channel")), MadeAt: s.step}
	r.Order, r.OrderLine = c.line()
	if ttl := c.option("ttl"); ttl != "" {
		r.ExpiresAt = s.clock.Add(duration(s.t, ttl))
	}
	r.NeededBy = date(s.t, c.option("needed"))
	return r
}

// target does what the owner loop does: it finds the claims of the order line.
func (s *script) target(c command) stock.Target {
	order, line := c.line()
	t := stock.Target{Order: order, Line: line}
	if c.claim != "" {
		t.Claims = append(t.Claims, c.claim)
		if known, ok := s.shop.Claim(c.claim); ok {
			order, line = known.Order, known.OrderLine
		}
	}
	if line != "" {
		for _, id := range s.shop.line(order, line) {
			if !slices.Contains(t.Claims, id) {
				t.Claims = append(t.Claims, id)
			}
		}
	}
	return t
}

func (s *script) transfer(c command) stock.Transfer {
	return stock.Transfer{Shipment: c.option("on"), Item: c.place.Item, From: c.place.Location, To: retail.LocationID(c.option("to")), Quantity: c.quantity}
}

// wait lets time pass and lapses what is due, as the owner loop does before a batch.
func (s *script) wait(d time.Duration) {
	s.clock = s.clock.Add(d)
	for _, id := range slices.Clone(s.shop.ages) {
		if c := s.shop.claims[id]; c.Due(s.clock) {
			fmt.Fprintf(&s.out, "    %s expires\n", id)
			s.effect(stock.Expire(s.shop, id, s.clock), nil, s.clock)
		}
	}
}

// effect applies an effect and prints it.
func (s *script) effect(e stock.Effect, err error, occurred time.Time) {
	if err != nil {
		f := fault.As(err)
		fmt.Fprintf(&s.out, "    refused %s: %s\n", f.Code, f.Detail)
		return
	}
	s.shop.applyAt(e, occurred)
	for _, m := range e.Moves {
		sign := ""
		if m.Quantity > 0 {
			sign = "+"
		}
		fmt.Fprintf(&s.out, "    %s@%s %s %s%s", m.Item, m.Location, m.Bucket, sign, m.Quantity)
		for _, by := range []string{string(m.Claim), m.Shipment, string(m.Count)} {
			if by != "" {
				fmt.Fprintf(&s.out, " (%s)", by)
			}
		}
		fmt.Fprintln(&s.out)
		if !slices.Contains(s.seen, m.Place) {
			s.seen = append(s.seen, m.Place)
		}
	}
	for _, f := range e.Flags {
		fmt.Fprintf(&s.out, "    ! %s %s: %s\n", f.Code, f.Subject, f.Detail)
	}
}

// claim prints how far a claim has come.
func (s *script) claim(id stock.ClaimID) {
	c, ok := s.shop.Claim(id)
	if !ok {
		s.t.Fatalf("no claim %q", id)
	}
	fmt.Fprintf(&s.out, "    reserved %s, allocated %s, unmet %s;", c.Reserved(), c.Allocated(), c.Unmet())
	for _, r := range []struct {
		name string
		rank stock.Rank
	}{{"allocated", stock.Allocated}, {"picked", stock.Picked}, {"packed", stock.Packed}, {"staged", stock.Staged}, {"fulfilled", stock.Fulfilled}} {
		fmt.Fprintf(&s.out, " %s %s", r.name, c.Reached(r.rank))
	}
	if c.Closed() {
		fmt.Fprint(&s.out, "; closed")
	}
	fmt.Fprintln(&s.out)
}

// positions prints where everything stands at the end.
func (s *script) positions() {
	slices.SortFunc(s.seen, func(a, b stock.Place) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Location, b.Location))
	})
	fmt.Fprintln(&s.out)
	w := tabwriter.NewWriter(&s.out, 0, 0, 2, ' ', tabwriter.AlignRight)
	buckets := []event.Bucket{event.Sellable, event.Reserved, event.AllocatedStock, event.QCHold, event.Damaged, event.InTransit}
	for _, b := range []event.Bucket{event.ShippedNotDelivered, event.OnOrder, event.Consigned} {
		if slices.ContainsFunc(s.shop.moves, func(m stock.Move) bool { return m.Bucket == b }) {
			buckets = append(buckets, b)
		}
	}
	fmt.Fprint(w, "at the end\t")
	for _, b := range buckets {
		fmt.Fprintf(w, "%s\t", b)
	}
	fmt.Fprintln(w, "on hand\traw ATS\tATS\t")
	for _, p := range s.seen {
		fmt.Fprintf(w, "%s@%s\t", p.Item, p.Location)
		for _, b := range buckets {
			fmt.Fprintf(w, "%s\t", s.shop.Quantity(p, b, p.Delta(b, 0).Owner))
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t\n", stock.OnHand(s.shop, p), stock.RawATS(s.shop, p, ""), stock.ATS(s.shop, p, ""))
	}
	if err := w.Flush(); err != nil {
		s.t.Fatal(err)
	}
}
