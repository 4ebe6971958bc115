package flow_test

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

func (r *rig) sellable(item string) string {
	r.t.Helper()
	got, _, err := r.owner.Available(r.t.Context(), []stock.Place{{Item: retail.ItemID(item), Location: "S1"}}, "", 0)
	if err != nil {
		r.t.Fatal(err)
	}
	return got[0].Sellable.String()
}

// from makes a reference row's event that is effective from a day on.
func (r *rig) from(day string, table event.Table, key string, row event.Row) *event.Event {
	e := r.row(table, key, row)
	set := *e.Data.(*event.ReferenceSet)
	var err error
	if set.EffectiveFrom, err = retail.ParseDate(day); err != nil {
		r.t.Fatal(err)
	}
	e.Key, e.Data = retail.Key(e.Key, day), &set
	return e
}

// many returns a sale of an item in so many lines of one each.
func (r *rig) many(key, item string, lines int) *event.Event {
	e := r.sale(key, item, 1)
	d := e.Data.(*event.Sale)
	one := d.Lines[0]
	d.Lines = nil
	for i := range lines {
		one.Line = fmt.Sprint(i + 1)
		d.Lines = append(d.Lines, one)
	}
	return e
}

// TestThousandsWait releases twelve thousand lines by one correction: in several records, none
// of them larger than a chunk, in the order in which they came, with one exception for all.
func TestThousandsWait(t *testing.T) {
	r := newRig(t)
	r.house()
	for i := range 60 {
		r.submit(r.many(fmt.Sprintf("T%d", i), "X9", 200))
	}
	items, err := r.owner.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(items) != 1 || items[0].Code != fault.ItemUnknown || items[0].Subject != "X9" || items[0].Waiting != 12_000 {
		t.Fatalf("got %+v, want one item for which 12000 lines wait", items)
	}
	first := r.submit(r.row(event.TableItemCodes, "poslog·X9", event.Row{"item": "A"}))[0].Position
	if err := r.owner.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if open := r.exceptions(); slices.Contains(open, "V-ITEM-01 X9") {
		t.Errorf("got %v", open)
	}
	if got := r.sellable("A"); got != "-11990" {
		t.Errorf("got %s", got)
	}
	if order := r.released(first); len(order) != 12_000 || !slices.IsSorted(order) {
		t.Errorf("%d lines, sorted: %v", len(order), slices.IsSorted(order))
	}
	rebuilt(t, r)
}

// released returns the positions of the facts whose lines were released from a position on, in
// the order in which they were.
func (r *rig) released(from int64) (order []int64) {
	r.t.Helper()
	err := r.store.Journal().Read(r.t.Context(), from, func(c *journal.Chunk) error {
		for _, jr := range c.Records {
			rec, err := record.Decode(c.Tenant, jr)
			if err != nil {
				return err
			}
			for _, rel := range rec.Outcome.Releases {
				order = append(order, rel.Position)
			}
		}
		return nil
	})
	if err != nil {
		r.t.Fatal(err)
	}
	return order
}

// rebuilt drops the operations projection and gets the same rows from the journal.
func rebuilt(t *testing.T, r *rig) {
	t.Helper()
	if err := r.owner.Close(context.Background()); err != nil {
		t.Fatal(err)
	}
	want := dump(t, r.store, flow.Operations)
	if err := r.store.Views().Drop(t.Context(), flow.Operations); err != nil {
		t.Fatal(err)
	}
	cache, err := flow.Follow(t.Context(), r.store.Journal(), r.store.Views(), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if err := cache.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := dump(t, r.store, flow.Operations); got != want {
		t.Errorf("rebuilt rows differ:\n%s", firstDifference(got, want))
	}
	if err := r.store.Close(); err != nil {
		t.Error(err)
	}
	r.owner = nil
}

// TestReleaseGoesOn restarts between two parts of a release, and none is lost or doubled.
func TestReleaseGoesOn(t *testing.T) {
	r := newRig(t)
	r.house()
	for i := range 30 {
		r.submit(r.many(fmt.Sprintf("T%d", i), "X9", 200))
	}
	r.submit(r.row(event.TableItemCodes, "*·X9", event.Row{"item": "A"}))
	for r.sellable("A") != "-5990" {
		r.close()
		r.open()
		r.submit(r.sale(fmt.Sprint("NONE", r.owner.Position()), "UNKNOWN", 1))
	}
	if open := r.exceptions(); slices.Contains(open, "V-ITEM-01 X9") {
		t.Errorf("got %v", open)
	}
}

// TestUntilItsDay lets a row that holds from a later day help only the facts of its days; a
// correction that is effective earlier releases the rest.
func TestUntilItsDay(t *testing.T) {
	r := newRig(t)
	r.house()
	early, late := r.sale("T1", "X9", 1), r.sale("T2", "X9", 2)
	early.BusinessDate, late.BusinessDate = 20260701, 20260705
	r.submit(early, late)
	r.submit(r.from("2026-07-03", event.TableItemCodes, "poslog·X9", event.Row{"item": "A"}))
	if got := r.sellable("A"); got != "8" {
		t.Errorf("from the third: got %s, want 8", got)
	}
	if open := r.exceptions(); !slices.Equal(open, []string{"V-ITEM-01 X9"}) {
		t.Errorf("one line still waits: got %v", open)
	}
	r.submit(r.from("2026-07-01", event.TableItemCodes, "poslog·X9", event.Row{"item": "A"}))
	if got := r.sellable("A"); got != "7" || len(r.exceptions()) != 0 {
		t.Errorf("from the first: got %s, open %v", got, r.exceptions())
	}
	ended := r.from("2026-07-08", event.TableItems, "A", event.Row{})
	gone := r.sale("T3", "A", 1)
	gone.BusinessDate = 20260709
	r.submit(ended, gone)
	if open := r.exceptions(); r.sellable("A") != "7" || !slices.Equal(open, []string{"V-ITEM-01 A"}) {
		t.Errorf("an inactive item: got %s, open %v", r.sellable("A"), open)
	}
}

// TestMeetByGTIN lets a till's twelve digits and a supplier's fourteen name one item, and
// releases all spellings by one row.
func TestMeetByGTIN(t *testing.T) {
	r := newRig(t)
	r.house()
	r.submit(r.sale("T1", "036000291452", 1), r.sale("T2", "00036000291452", 2), r.sale("T3", "0036000291452", 4), r.sale("T4", "036000291453", 8))
	r.submit(r.row(event.TableItemCodes, "gtin·036000291452", event.Row{"item": "A"}))
	if got := r.sellable("A"); got != "3" {
		t.Errorf("got %s, want 3", got)
	}
	if got := r.released(1); !slices.IsSorted(got) || len(got) != 3 {
		t.Errorf("released out of order: %v", got)
	}
	items, err := r.owner.Exceptions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range items {
		if i.Status == exception.Open && (i.Subject != "036000291453" || !strings.Contains(i.Detail, "check digit would be 2, not 3")) {
			t.Errorf("got %+v", i)
		}
	}
}

// TestMissingInTwoSteps names what is missing behind a cross-reference, and takes either
// correction: the item, or another cross-reference.
func TestMissingInTwoSteps(t *testing.T) {
	for _, table := range []event.Table{event.TableItems, event.TableItemCodes} {
		r := newRig(t)
		r.house()
		r.submit(r.row(event.TableItemCodes, "poslog·X9", event.Row{"item": "SKU9"}), r.sale("T1", "X9", 1))
		if open := r.exceptions(); !slices.Equal(open, []string{"V-ITEM-01 SKU9"}) {
			t.Errorf("got %v", open)
		}
		item := "SKU9"
		if table == event.TableItems {
			r.submit(r.row(table, "SKU9", event.Row{"class": "MERCH"}))
		} else {
			item = "A"
			e := r.row(table, "poslog·X9", event.Row{"item": "A"})
			e.SourceVersion = 1
			r.submit(e)
		}
		if got, want := r.sellable(item), map[string]string{"A": "9", "SKU9": "-1"}[item]; got != want || len(r.exceptions()) > 1 {
			t.Errorf("%s: got %s, want %s; open %v", table, got, want, r.exceptions())
		}
	}
}

// TestUnits counts in the base unit of the item, and holds a line whose unit nobody knows or
// whose quantity does not come out (V-ITEM-03).
// reproduces: V-ITEM-03
func TestUnits(t *testing.T) {
	r := newRig(t)
	r.house()
	cases := func(key string, units int64) *event.Event {
		e := r.sale(key, "A", units)
		e.Data.(*event.Sale).Lines[0].Unit = "CS"
		return e
	}
	r.submit(cases("T1", 2))
	if open := r.exceptions(); r.sellable("A") != "10" || !slices.Equal(open, []string{"V-ITEM-03 A·CS"}) {
		t.Errorf("no conversion: got %s, open %v", r.sellable("A"), open)
	}
	r.submit(r.row(event.TableItemUnits, "A·CS", event.Row{"num": "1", "den": "3"}))
	if open := r.exceptions(); r.sellable("A") != "10" || len(open) != 1 {
		t.Errorf("inexact: got %s, open %v", r.sellable("A"), open)
	}
	right := r.row(event.TableItemUnits, "A·CS", event.Row{"num": "12"})
	right.SourceVersion = 1
	r.submit(right, cases("T2", 1))
	if open := r.exceptions(); r.sellable("A") != "-26" || len(open) != 1 {
		t.Errorf("got %s, want -26; open %v", r.sellable("A"), open)
	}
	r.submit(r.sale("T3", "B", 1))
	r.submit(r.row(event.TableItems, "B", event.Row{"unit": "KGM"}))
	weighed := r.sale("T4", "C", 1)
	weighed.Data.(*event.Sale).Lines[0].Unit = "GRM"
	weighed.Data.(*event.Sale).Lines[0].Quantity = retail.Units(250)
	r.submit(weighed, r.row(event.TableItems, "C", event.Row{"unit": "KGM"}))
	if open := strings.Join(r.exceptions(), "; "); !strings.Contains(open, "V-ITEM-03 C·GRM") || strings.Contains(open, "V-ITEM-01") {
		t.Errorf("from one lack to the next: open %s", open)
	}
	r.submit(r.row(event.TableItemUnits, "*·GRM", event.Row{"num": "1", "den": "1000"}))
	if got := r.sellable("C"); got != "-0.25" {
		t.Errorf("got %s, want -0.25", got)
	}
}

// TestReasonTells takes the disposition of a return from its reason, and holds a return whose
// reason tells none.
// reproduces: H-REASON
func TestReasonTells(t *testing.T) {
	r := newRig(t)
	r.house()
	back := func(key, reason string) *event.Event {
		return &event.Event{Header: r.header("shopify", key), Data: &event.ReturnAccepted{
			Return: retail.Ref{Type: retail.RefReturn, ID: key}, Original: retail.Ref{Type: retail.RefShopLine, ID: "1"},
			Location: "S1", Item: "A", Quantity: retail.One, Reason: reason, Net: money.Of(1000, "USD"),
		}}
	}
	r.submit(back("R1", "unwanted"), back("R2", "broken"))
	if open := r.exceptions(); !slices.Equal(open, []string{"H-REASON broken", "H-REASON unwanted"}) && !slices.Equal(open, []string{"H-REASON unwanted", "H-REASON broken"}) {
		t.Errorf("got %v", open)
	}
	r.submit(r.row(event.TableReasons, "shopify·unwanted", event.Row{"return": "CHANGE_OF_MIND", "disposition": "RESTOCK"}))
	r.submit(r.row(event.TableReasons, "*·broken", event.Row{"return": "DEFECT", "disposition": "DEFECT"}))
	if open := r.exceptions(); r.sellable("A") != "11" || len(open) != 0 {
		t.Errorf("got %s, open %v", r.sellable("A"), open)
	}
}

// TestFeesWait holds the money of a fee that nobody has mapped, under one exception.
// reproduces: H-FEE
func TestFeesWait(t *testing.T) {
	r := newRig(t)
	r.submit(r.row(event.TableMerchantAccounts, "stripe·main", event.Row{"entity": "LE1", "currency": "USD"}))
	for i := range 3 {
		key := fmt.Sprintf("stripe·fee_%d", i)
		got := r.submit(&event.Event{Header: r.header("stripe", key), Data: &event.ProcessorFee{
			Processor: "stripe", Fee: key, FeeType: "radar_fee", Amount: money.Of(5, "USD"),
		}})[0]
		if got.Status != record.Accepted {
			t.Fatalf("got %+v", got)
		}
	}
	if open := r.exceptions(); !slices.Equal(open, []string{"H-FEE radar_fee"}) {
		t.Errorf("got %v", open)
	}
	r.submit(r.row(event.TableFeeTypes, "stripe·radar_fee", event.Row{"class": "MERCHANT_FEES"}))
	if open := r.exceptions(); len(open) != 0 {
		t.Errorf("got %v", open)
	}
}

// TestRevisedWhileWaiting replaces a version whose line waits, and one whose line was released:
// only what the last version says has moved.
func TestRevisedWhileWaiting(t *testing.T) {
	r := newRig(t)
	r.house()
	version := func(key string, n, units int64, item string) *event.Event {
		e := r.sale(key, item, units)
		e.SourceVersion = n
		return e
	}
	r.submit(version("T1", 1, 1, "X9"), version("T1", 2, 2, "X9"))
	r.submit(version("T2", 1, 4, "X9"), version("T2", 2, 1, "A"))
	r.submit(r.row(event.TableItemCodes, "poslog·X9", event.Row{"item": "A"}))
	if got := r.sellable("A"); got != "7" {
		t.Errorf("replaced while it waited: got %s, want 7", got)
	}
	r.submit(version("T1", 3, 5, "A"))
	if got := r.sellable("A"); got != "4" || len(r.exceptions()) != 0 {
		t.Errorf("replaced after its release: got %s, want 4; open %v", got, r.exceptions())
	}
}
