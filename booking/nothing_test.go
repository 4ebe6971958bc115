package booking_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// orderRef is how facts name the order of placed.
var orderRef = retail.Ref{Type: retail.RefShopOrder, ID: "O1"}

func lineRef() retail.Ref { return retail.Ref{Type: retail.RefShopLine, ID: "O1·1"} }

func shipmentRef() retail.Ref { return retail.Ref{Type: retail.RefShipment, ID: "SH1"} }

// placed is an order of two T for 20.00.
func (h *house) placed() *event.Event {
	return h.told("shop", "O1", &event.OrderPlaced{
		Aliases: []retail.Ref{orderRef}, Channel: "WEB", Currency: "USD", Total: dollars(2000),
		Lines: []event.OrderLine{{Line: "1", Aliases: []retail.Ref{lineRef()}, Item: "T", Quantity: retail.Units(2), Gross: dollars(2000), Net: dollars(2000)}},
	})
}

func (h *house) captured() *event.Event {
	return h.told("amazon", "amazon·C1", &event.PaymentCaptured{
		Processor: "amazon", Account: "main", Payment: retail.Ref{Type: retail.RefPayment, ID: "amazon·C1"}, Order: orderRef, Amount: dollars(2000),
	})
}

func (h *house) sent() *event.Event {
	return h.told("shop", "SH1", &event.Shipped{
		Shipment: shipmentRef(), Order: orderRef, Location: "S1", Lines: []event.FulfilledLine{{Line: "1", Claim: lineRef(), Item: "T", Quantity: retail.One}},
	})
}

// stocked is a house with two T and what facts without a place need.
func stocked(t *testing.T) *house {
	fixtures := eventsOf(t, "E15")
	sale := slices.IndexFunc(fixtures, func(e *event.Event) bool { _, sale := e.Data.(*event.Sale); return sale })
	h := newHouse(t)
	h.feed(append(slices.Clone(fixtures[:sale]), append(h.entity(), h.set(event.TableShops, "shop·main", "entity", "LE1"))...), 1)
	return h
}

// reported are the facts before another one.
type reported []func(*house) *event.Event

// occasion is a fact of a type that the matrix books, and whether it books something for it.
type occasion struct {
	name   string
	before reported
	body   event.Body
	books  bool
}

// onOrders are occasions of orders and their delivery (rule book A5).
func onOrders() []occasion {
	failed := func(outcome event.DeliveryOutcome) event.Body {
		return &event.DeliveryFailed{Shipment: shipmentRef(), Order: orderRef, Outcome: outcome}
	}
	delivered := &event.Delivered{Shipment: shipmentRef(), Order: orderRef}
	cancelled := &event.OrderCancelled{Order: orderRef}
	line := &event.LineCancelled{Order: orderRef, OrderLine: lineRef(), Item: "T", Quantity: retail.One}
	substituted := &event.Substituted{Order: orderRef, OrderLine: lineRef(), Item: "T", NewItem: "T", Quantity: retail.One}
	expired := &event.PickupExpired{Order: orderRef, Lines: []event.ClaimedLine{{Line: "1", Claim: lineRef(), Item: "T", Quantity: retail.One}}}
	modified := &event.OrderModified{Order: orderRef, Changed: []event.ModifiedLine{{Line: lineRef(), Quantity: -retail.One}}}
	placed, captured, sent := (*house).placed, (*house).captured, (*house).sent
	return []occasion{
		{"delivered, title passed when it was sent", reported{placed, sent}, delivered, false},
		{"delivered, title passes now", reported{policy("recognise", "DELIVERY"), placed, sent}, delivered, true},
		{"a delivery is tried again", reported{placed, sent}, failed(event.DeliveryRetried), false},
		{"a shipment is on its way back", reported{placed, sent}, failed(event.DeliveryReturning), false},
		{"a shipment is lost", reported{placed, sent}, failed(event.DeliveryLost), true},
		{"an order is cancelled, nothing captured", reported{placed}, cancelled, false},
		{"an order is cancelled, captured", reported{placed, captured}, cancelled, true},
		{"a line is cancelled, nothing captured", reported{placed}, line, false},
		{"a line is cancelled, captured", reported{placed, captured}, line, true},
		{"another item is sent, nothing captured", reported{placed}, substituted, false},
		{"another item is sent, captured", reported{placed, captured}, substituted, true},
		{"nobody came, nothing captured", reported{placed}, expired, false},
		{"nobody came, captured", reported{placed, captured}, expired, true},
		{"less is wanted, nothing captured", reported{placed}, modified, false},
		{"less is wanted, captured", reported{placed, captured}, modified, true},
	}
}

// onStock are occasions of tills, supply and counts (rule book A4, A6).
func onStock() []occasion {
	noon := time.Date(2026, 7, 9, 12, 0, 0, 0, time.UTC)
	count := func(units int64) event.Body {
		return &event.CountAdjusted{
			Count: "C1", Line: "1", Item: "T", Location: "S1", Bucket: event.Sellable, Cutoff: noon, Counted: event.Level(retail.Units(units)), Approver: "bob",
		}
	}
	discrepancy := func(kind event.DiscrepancyKind) event.Body {
		return &event.ReceiptDiscrepancy{Receipt: "R1", Line: "1", Kind: kind, Item: "T", Location: "S1", Quantity: retail.One, Closed: true}
	}
	counted := func(minor int64) event.Body {
		return &event.TillCounted{Location: "S1", Till: "1", Tenders: []event.CountedTender{{Code: "Cash", Counted: dollars(minor), Expected: dollars(5000)}}}
	}
	plan := func(deposit *money.Amount) event.Body {
		return &event.LayawayOpened{Location: "S1", Layaway: "L1", Currency: "USD", Deposit: deposit, Lines: []event.LayawayLine{
			{Line: "1", Item: "T", Quantity: retail.One, Gross: dollars(1000), Net: dollars(1000)},
		}}
	}
	asn := &event.ASNReceived{ASN: "A1", Line: "1", Item: "T", Location: "S1", Quantity: retail.One}
	cost := &event.CostChanged{Item: "T", Location: "S1", EffectiveFrom: retail.DateOf(noon), New: dollars(700)}
	damaged := &event.Damage{Adjustment: "D1", Line: "1", Item: "T", Location: "S1", Quantity: retail.One}
	return []occasion{
		{"announced, title passes on receipt", nil, asn, false},
		{"announced, title passed", reported{policy("po_title", "SHIPMENT")}, asn, true},
		{"less came", nil, discrepancy(event.DiscrepancyShort), false},
		{"more came", nil, discrepancy(event.DiscrepancyOver), true},
		{"it came damaged", nil, discrepancy(event.DiscrepancyDamaged), true},
		{"goods break", nil, damaged, false},
		{"a count finds what is booked", nil, count(2), false},
		{"a count finds less", nil, count(1), true},
		{"a drawer is right", nil, counted(5000), false},
		{"a drawer is short", nil, counted(4999), true},
		{"laid away without a deposit", nil, plan(nil), false},
		{"laid away with a deposit", nil, plan(new(dollars(200))), true},
		{"an average cost", nil, cost, false},
		{"a standard cost", reported{policy("valuation_method", "STD")}, cost, true},
	}
}

// TestWhatBooksNothing: a fact of a type that the matrix books is on the work list only where the
// matrix books something for it.
func TestWhatBooksNothing(t *testing.T) {
	for _, test := range slices.Concat(onOrders(), onStock()) {
		t.Run(test.name, func(t *testing.T) {
			h := stocked(t)
			for _, fact := range test.before {
				h.feed([]*event.Event{fact(h)}, 1)
			}
			name := string(test.body.Type())
			h.feed([]*event.Event{h.told("shop", "K1", test.body)}, 1)
			held := slices.ContainsFunc(h.openItems(), func(item string) bool {
				return strings.HasPrefix(item, string(fault.Unbooked)+" "+name+" K1")
			})
			if held != test.books {
				t.Errorf("held %v, want %v: %v", held, test.books, h.openItems())
			}
			waiting, err := h.books.Waiting(t.Context(), 0)
			if err != nil || len(waiting) > 0 {
				t.Errorf("it waits: %+v %v", waiting, err)
			}
		})
	}
}

func policy(name, value string) func(*house) *event.Event {
	return func(h *house) *event.Event { return h.set(event.TablePolicies, "LE1·"+name, "value", value) }
}

// TestCancelledInAnyOrder: what is cancelled and captured is P20, whichever comes first; a
// cancellation waits for its order, and a delivery for its shipment.
func TestCancelledInAnyOrder(t *testing.T) {
	cancelled := func(h *house) *event.Event { return h.told("shop", "O1·1", &event.OrderCancelled{Order: orderRef}) }
	delivered := func(h *house) *event.Event {
		return h.told("shop", "SH1·1", &event.Delivered{Shipment: shipmentRef()})
	}
	placed, captured, sent := (*house).placed, (*house).captured, (*house).sent
	for _, test := range []struct {
		name  string
		facts reported
		held  bool
	}{
		{"captured, cancelled", reported{placed, captured, cancelled}, true},
		{"cancelled, captured", reported{placed, cancelled, captured}, true},
		{"cancelled, placed, captured", reported{cancelled, placed, captured}, true},
		{"captured, cancelled, placed", reported{captured, cancelled, placed}, true},
		{"cancelled, placed", reported{cancelled, placed}, false},
		{"delivered, placed, sent", reported{delivered, placed, sent}, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			h := stocked(t)
			for _, fact := range test.facts {
				h.feed([]*event.Event{fact(h)}, 2)
			}
			if held := slices.Contains(codes(h.openItems()), string(fault.Unbooked)); held != test.held {
				t.Errorf("held %v, want %v: %v", held, test.held, h.openItems())
			}
			waiting, err := h.books.Waiting(t.Context(), 0)
			if err != nil || len(waiting) > 0 {
				t.Errorf("it waits: %+v %v", waiting, err)
			}
		})
	}
}
