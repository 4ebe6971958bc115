package packs

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store/sqlite"
)

// interchange writes a set, whose segments stand apart by lines, with its envelope.
func interchange(sender string, control int, set, segments string) string {
	lines := strings.Split(strings.TrimSpace(segments), "\n")
	return fmt.Sprintf("ISA*00*          *00*          *ZZ*%-15s*ZZ*OUTLET         *260302*1830*U*00401*%09d*0*P*>~GS*XX*%s*OUTLET*20260302*1830*%d*X*004010~", sender, control, sender, control) +
		fmt.Sprintf("ST*%s*0001~%s~SE*%d*0001~GE*1*%d~IEA*1*%09d~", set, strings.Join(lines, "~"), len(lines)+2, control, control)
}

// supplies are the sets from an order to a vendor until the goods are with a customer and in a store.
func supplies(control int) []string {
	texts := []struct{ sender, set, segments string }{
		{"OUTLET", "850", "BEG*00*SA*PO-1**20260302\nCUR*BY*USD\nN1*VN**92*V7\nN1*ST**92*DC1\nPO1*010*10*EA*8.25**SK*MUG"},
		{"VENDOR7", "856", "BSN*00*S-1*20260303*0900\nHL*1**S\nN1*ST**92*DC1\nN1*SU**92*V7\nHL*2*1*O\nPRF*PO-1\nHL*3*2*I\nLIN*10*SK*MUG\nSN1**10*EA"},
		{"DC1", "944", "W17*F*20260304*R-1*PO-1\nW07*10*EA**SK*MUG\nN9*LI*010\nW13*2*EA*01"},
		{"DC1", "945", "W06*F*1001*20260305*SH-1\nLX*1\nW12*PS*3*2*1*EA**SK*MUG\nN9*LI*11"},
		{"DC1", "945", "W06*F*9001*20260305*SH-2\nN1*ST**92*S1\nN9*TF*T-1\nLX*1\nW12*CC*3*3**EA**SK*MUG\nN9*LI*1"},
		{"S1", "944", "W17*F*20260306*R-2*9001\nN1*WH**92*S1\nN1*SF**92*DC1\nN9*TF*T-1\nW07*3*EA**SK*MUG\nN9*LI*1\nW13*1*EA*01"},
		{"DC1", "947", "W15*20260307*A-1\nW19*AA*-1*EA**SK*MUG\nW19*05*-1*EA**SK*MUG"},
		{"DC1", "846", "BIA*00*SI*D-1*20260308*0900\nLIN**SK*MUG\nQTY*33*1*EA\nQTY*QH*1*EA\nQTY*20*2*EA"},
	}
	var files []string
	for i, text := range texts {
		files = append(files, interchange(text.sender, control+i, text.set, text.segments))
	}
	return files
}

// The sets of a supply chain meet in its orders, receipts and transfers, and nothing of them counts
// twice: neither the interchange that comes again, nor the set that comes again in another one.
func TestASupplyChainInX12(t *testing.T) {
	house, err := sqlite.Open(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	})
	owner, err := flow.Open(t.Context(), house.Journal(), house.Views(), flow.Options{
		Tenant: "acme", Environment: "test", Clock: func() time.Time { return time.Date(2026, 4, 1, 0, 0, 0, 0, time.UTC) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := owner.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	submit := func(e *event.Event) record.Status {
		answers, err := owner.Submit(t.Context(), []record.Submission{{Event: e}})
		if err != nil {
			t.Fatal(err)
		}
		if answers[0].Status != record.Accepted && answers[0].Status != record.Duplicate {
			t.Fatalf("%s %s: %+v", e.Type(), e.Key, answers[0])
		}
		return answers[0].Status
	}
	for _, e := range supplyWorld() {
		submit(e)
	}
	// Two are still on order, because the damaged ones are the vendor's to replace.
	const want = "DC1 DAMAGED 2, DC1 ON_ORDER 2, DC1 QC_HOLD 1, DC1 SELLABLE 1, S1 DAMAGED 1, S1 SELLABLE 2"
	p := get(t, x12)
	for n, control := range []int{1, 1, 101} {
		statuses := map[record.Status]int{}
		for i, file := range supplies(control) {
			result, err := p.Map(t.Context(), pack.Input{
				Body: []byte(file), Instance: "main", Zone: time.UTC, TokenKey: pack.TestTokenKey(), Options: map[string]string{"transfers": "TF", "order_lines": "by_itself"},
			})
			if err != nil || result.Records[0].Err != nil {
				t.Fatal(err, result.Records)
			}
			if i == 0 && result.DeliveryID != fmt.Sprintf("ZZ·OUTLET·ZZ·OUTLET·%09d", control) {
				t.Errorf("got the delivery %s", result.DeliveryID)
			}
			for _, e := range result.Records[0].Events {
				statuses[submit(e)]++
			}
			if n == 0 && i == 2 {
				for _, e := range promised(t) {
					submit(e)
				}
			}
		}
		if n == 0 && statuses[record.Duplicate] > 0 || n > 0 && statuses[record.Accepted] > 0 {
			t.Errorf("time %d: got %v", n, statuses)
		}
		if got := standing(t, owner); got != want {
			t.Errorf("time %d: got %s, want %s", n, got, want)
		}
	}
	items, err := owner.Exceptions(t.Context())
	if err != nil || len(items) != 0 {
		t.Errorf("got %+v, %v, want no exception", items, err)
	}
}

// standing writes where the goods are.
func standing(t *testing.T, owner *flow.Owner) string {
	t.Helper()
	var lines []string
	for _, location := range []retail.LocationID{"DC1", "S1"} {
		positions, _, err := owner.Positions(t.Context(), "MUG", location)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range positions {
			lines = append(lines, fmt.Sprintf("%s %s %s", p.Location, p.Bucket, p.Quantity))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, ", ")
}

// supplyWorld is what the chain stands on: places, the item and a vendor.
func supplyWorld() []*event.Event {
	start := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	var events []*event.Event
	for _, r := range []struct {
		table event.Table
		key   string
		row   event.Row
	}{
		{event.TableLocations, "DC1", event.Row{"entity": "LE1", "zone": "America/Chicago", "kind": "WAREHOUSE"}},
		{event.TableLocations, "S1", event.Row{"entity": "LE1", "zone": "America/Chicago", "kind": "STORE"}},
		{event.TableItems, "MUG", event.Row{"department": "D1", "class": "MERCH", "unit": "EA"}},
		{event.TableShops, "shopify·shop-1", event.Row{"entity": "LE1", "channel": "ONLINE"}},
		{event.TableVendors, "V7", event.Row{"name": "Vendor"}},
	} {
		key := retail.Key(string(r.table), r.key)
		events = append(events, &event.Event{
			Header: event.Header{System: "heddle", Instance: "test", Key: key, Time: start},
			Data:   &event.ReferenceSet{Table: string(r.table), RowKey: r.key, Row: r.row, Author: "test"},
		})
	}
	return events
}

// promised is the customer's order, and the claim on what the warehouse has.
func promised(t *testing.T) []*event.Event {
	t.Helper()
	order := letter{pack: shopify, header: "orders/create", body: `{"id": 1001, "name": "#1001", "currency": "USD", "taxes_included": false, "total_price": "30.00",
		"created_at": "2026-03-05T00:00:00Z", "line_items": [{"id": 11, "sku": "MUG", "quantity": 3, "price": "10.00"}]}`}
	at := time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)
	return append(order.events(t), &event.Event{Header: event.Header{System: "oms", Instance: "test", Key: "R1", Time: at}, Data: &event.ReservationMade{
		Reservation: "R1", Order: retail.Ref{Type: retail.RefShopOrder, ID: "1001"}, OrderLine: retail.Ref{Type: retail.RefShopLine, ID: "11"},
		Item: "MUG", Location: "DC1", Quantity: 2000, Mode: event.ModeShip, Channel: "ONLINE",
	}})
}
