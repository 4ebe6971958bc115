package stock_test

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// The content of a claim is stored and hashed: its names and what is left out are a contract.
func TestWireForm(t *testing.T) {
	claim := stock.Claim{
		ID: "oms/R1", Order: "shopify/x/1", OrderLine: "11", Place: stock.Place{Item: "A", Location: "S1"},
		Channel: "ONLINE", Mode: event.ModePickup, Quantity: retail.Units(3), Ungranted: 1500,
		Expired: true, Withdrawn: 1, Released: retail.One, Short: 5, NeededBy: 20260305,
		Parts:     []stock.Part{{Location: "S1", Allocated: retail.One, Picked: 1, Packed: 2, Staged: 3, Fulfilled: 4}},
		ExpiresAt: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC), MadeAt: 7,
	}
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"full claim", claim, `{"id":"oms/R1","order":"shopify/x/1","order_line":"11","item":"A","location":"S1","channel":"ONLINE","mode":"PICKUP","quantity":"3","ungranted":"1.5","short":"0.005","expired":true,"withdrawn":1,"released":"1","parts":[{"location":"S1","allocated":"1","picked":"0.001","packed":"0.002","staged":"0.003","fulfilled":"0.004"}],"expires_at":"2026-03-02T12:00:00Z","needed_by":"2026-03-05","made_at":7}`},
		{"bare claim", stock.Claim{ID: "R1"}, `{"id":"R1","item":"","location":""}`},
		{"owned move", stock.Move{Place: claim.Place, Bucket: event.Sellable, Quantity: -retail.One}, `{"item":"A","location":"S1","bucket":"SELLABLE","quantity":"-1"}`},
		{"move of a claim", stock.Move{Place: claim.Place, Bucket: event.Reserved, Owner: event.ConsignedIn, Quantity: retail.One, Claim: "R1", Shipment: "T1"}, `{"item":"A","location":"S1","bucket":"RESERVED","owner":"CONSIGNED_IN","quantity":"1","claim":"R1","shipment":"T1"}`},
		{"adjustment of a count", stock.Move{Place: claim.Place, Bucket: event.Sellable, Quantity: retail.One, Count: "C1·1", Effective: claim.ExpiresAt}, `{"item":"A","location":"S1","bucket":"SELLABLE","quantity":"1","count":"C1·1","effective":"2026-03-02T12:00:00Z"}`},
		{"count", stock.Count{ID: "C1·1", Place: claim.Place, Bucket: event.Sellable, Cutoff: claim.ExpiresAt, Counted: retail.One, Adjusted: -1, Revision: 2}, `{"id":"C1·1","item":"A","location":"S1","bucket":"SELLABLE","cutoff":"2026-03-02T12:00:00Z","counted":"1","adjusted":"-0.001","revision":2}`},
		{"order line", stock.Purchase{ID: "PO1·1", Place: claim.Place, Version: 2, Ordered: retail.One, ETA: 20260401, Closings: 1, Parts: []stock.PurchasePart{{Shipment: "S", Location: "S1", Announced: 3, Received: 2, Short: 1, Title: true, ETA: 20260402}}}, `{"id":"PO1·1","item":"A","location":"S1","version":2,"ordered":"1","eta":"2026-04-01","closings":1,"parts":[{"shipment":"S","location":"S1","announced":"0.003","received":"0.002","short":"0.001","title":true,"eta":"2026-04-02"}]}`},
		{"empty effect", stock.Effect{}, `{}`},
		{"flag", stock.Flag{Code: fault.StockNegative, Subject: "A@S1", Detail: "SELLABLE is -1"}, `{"code":"V-INV-01","subject":"A@S1","detail":"SELLABLE is -1"}`},
		{"flag of a position", stock.Flag{Code: fault.StockNegative, Subject: "A@S1", Place: claim.Place, Bucket: event.Sellable}, `{"code":"V-INV-01","subject":"A@S1","detail":"","place":{"item":"A","location":"S1"},"bucket":"SELLABLE"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := json.Marshal(c.v)
			if err != nil || string(got) != c.want {
				t.Fatalf("got %s, %v\nwant %s", got, err, c.want)
			}
			back := reflect.New(reflect.TypeOf(c.v))
			if err := json.Unmarshal(got, back.Interface()); err != nil {
				t.Fatal(err)
			}
			if again := back.Elem().Interface(); !reflect.DeepEqual(again, c.v) {
				t.Errorf("read back %+v, want %+v", again, c.v)
			}
		})
	}
}

// The lines of one event see one another, and become one effect.
func TestDraftPutsEffectsOnTop(t *testing.T) {
	s := newShop()
	p := stock.Place{Item: "A", Location: "S1"}
	s.positions[position{p, event.Sellable, stock.Owned}] = retail.Units(3)
	s.safety[p] = retail.One
	d := stock.NewDraft(s)
	for _, id := range []stock.ClaimID{"R1", "R2"} {
		e, err := stock.Reserve(d, stock.Request{ID: id, Place: p, Quantity: retail.One}, true)
		if err != nil {
			t.Fatal(err)
		}
		d.Add(e)
	}
	if _, err := stock.Reserve(d, stock.Request{ID: "R3", Place: p, Quantity: retail.One}, true); !fault.HasCode(err, fault.NoStock) {
		t.Errorf("third reservation: got %v, want NO_STOCK", err)
	}
	if got := len(s.claims); got != 0 {
		t.Errorf("the state below has %d claims, want none", got)
	}
	d.Add(stock.Release(d, "R1", 0))
	if got, want := d.ClaimsAt(p), []stock.ClaimID{"R2"}; !reflect.DeepEqual(got, want) {
		t.Errorf("claims at the place: got %v, want %v", got, want)
	}
	d.Add(stock.Sale(d, p, retail.Units(3)))
	d.Add(stock.Sale(d, p, retail.Units(3)))
	e := d.Effect()
	if len(e.Claims) != 2 || len(e.Flags) != 2 {
		t.Errorf("got %d claims and %d flags, want each once: %+v", len(e.Claims), len(e.Flags), e)
	}
	if got, want := e.Flags[1].Detail, "SELLABLE is -3"; got != want {
		t.Errorf("the flag says %q, want %q", got, want)
	}
	s.apply(e)
	if got := stock.RawATS(s, p, ""); got != retail.Units(-5) {
		t.Errorf("raw ATS %s, want -5", got)
	}
}

func TestDraftKnowsWhoHoldsSomething(t *testing.T) {
	s := newShop()
	p := stock.Place{Item: "A", Location: "S1"}
	s.positions[position{p, event.Sellable, stock.Owned}] = retail.Units(9)
	for _, id := range []stock.ClaimID{"gone", "less", "same"} {
		e, err := stock.Reserve(s, stock.Request{ID: id, Place: p, Quantity: retail.Units(2)}, true)
		if err != nil {
			t.Fatal(err)
		}
		s.apply(e)
	}
	d := stock.NewDraft(s)
	d.Add(stock.Release(d, "gone", 0))
	d.Add(stock.Release(d, "less", retail.One))
	e, err := stock.Reserve(d, stock.Request{ID: "new", Place: p, Quantity: retail.One}, true)
	if err != nil {
		t.Fatal(err)
	}
	d.Add(e)
	if got, want := d.ClaimsAt(p), []stock.ClaimID{"less", "same", "new"}; !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A higher version of a reservation does not make the claim younger.
func TestReplacedClaimKeepsItsAge(t *testing.T) {
	s := newShop()
	p := stock.Place{Item: "A", Location: "S1"}
	for _, at := range []int64{3, 9} {
		e, err := stock.Reserve(s, stock.Request{ID: "R1", Place: p, Quantity: retail.One, MadeAt: at}, false)
		if err != nil {
			t.Fatal(err)
		}
		s.apply(e)
	}
	if got := s.claims["R1"].MadeAt; got != 3 {
		t.Errorf("made at %d, want 3", got)
	}
}

// A2: the network sells what each place publishes.
func TestNetworkATSAddsPublishedOnly(t *testing.T) {
	s := newShop()
	for l, q := range map[retail.LocationID]int64{"S1": 3, "S2": -5, "S3": 4} {
		s.positions[position{stock.Place{Item: "A", Location: l}, event.Sellable, stock.Owned}] = retail.Units(q)
	}
	s.buffers[buffer{stock.Place{Item: "A", Location: "S1"}, "MARKET"}] = retail.One
	if got := stock.NetworkATS(s, "A", "MARKET", []retail.LocationID{"S1", "S2"}); got != retail.Units(2) {
		t.Errorf("got %s, want 2: what one place owes is not taken from another", got)
	}
}

func TestRefusalSaysWhatIsAvailable(t *testing.T) {
	s := newShop()
	p := stock.Place{Item: "A", Location: "S1"}
	s.positions[position{p, event.Sellable, stock.Owned}] = -retail.One
	_, err := stock.Reserve(s, stock.Request{ID: "R1", Place: p, Quantity: retail.Units(2)}, true)
	if got, want := err.Error(), "NO_STOCK: A@S1: -1 available to sell, 2 asked"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if !fault.Is(err, fault.Refused) {
		t.Errorf("kind %v, want refused", fault.KindOf(err))
	}
}

// A version that is replaced is taken back at the time at which it had happened.
func TestMirrorTakesBackGoodsAtTheirTime(t *testing.T) {
	sold := stock.Sale(newShop(), shelf, retail.One).Moves
	counted := shelf.Delta(event.Sellable, retail.One)
	counted.Count = "C1"
	ordered := shelf.Delta(event.OnOrder, retail.One).By("PO1·1")
	got := stock.Mirror(newShop(), append(sold, counted, ordered), noon).Moves
	want := shelf.Delta(event.Sellable, retail.One)
	want.Effective = noon
	if !slices.Equal(got, []stock.Move{want}) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
