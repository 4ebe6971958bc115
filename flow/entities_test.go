package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/entity"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/stock"
)

// tell submits facts in the notation of the scenarios.
func (r *rig) tell(facts ...string) {
	r.t.Helper()
	for _, fact := range facts {
		name, rest, _ := strings.Cut(fact, " ")
		r.submit(readFact(r.t, name, rest))
	}
}

// An order is its placing, its modifications and how far its lines have come (A9), in any
// order of arrival.
func TestOrderEntity(t *testing.T) {
	s := readScenario(t, "testdata/catalogue/orders.txt")
	backwards := slices.Clone(s.events)
	slices.Reverse(backwards)
	for _, events := range [][]int{nil, {1}} {
		r := newRig(t)
		r.world(nil)
		r.submit(s.opening...)
		if events == nil {
			r.submit(s.events...)
		} else {
			r.submit(backwards...)
			r.tell(`paid_in x {"location":"S1","till":"1","reason":"F","amount":$1.00}`) // what waited is released before it
		}
		o, err := r.owner.Order(t.Context(), "test/main/O1")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range o.Lines {
			got = append(got, fmt.Sprintf("%s %s×%s %s", l.Line, l.Quantity, l.Item, l.Status))
		}
		want := []string{"1 6×A DELIVERED", "2 3×B SHIPPED", "3 1×A PLACED"}
		if !slices.Equal(got, want) || o.Status != "PLACED" || o.Schema != "order.v1" || len(o.Facts) != 2 {
			t.Errorf("got %v, %s, %d facts; want %v, PLACED, 2", got, o.Status, len(o.Facts), want)
		}
		if q := o.Lines[0].Reached["PICKED"].String(); q != "3" {
			t.Errorf("got %s of line 1 picked, want 3", q)
		}
	}
	r := newRig(t)
	if _, err := r.owner.Order(t.Context(), "none"); !fault.HasCode(err, fault.NoSuchThing) {
		t.Errorf("got %v for an order that there is not", err)
	}
}

func TestReturnEntity(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	r.tell(`rma_created RMA1 {"return":{"type":"return","id":"RMA1"},"lines":[{"line":"1","original":{"type":"till_line","id":"S1·1·1"},"quantity":"1"}]}`)
	status := func() entity.ReturnStatus {
		v, err := r.owner.Return(t.Context(), "RMA1")
		if err != nil {
			t.Fatal(err)
		}
		return v.Status
	}
	for _, step := range []struct {
		fact string
		want entity.ReturnStatus
	}{
		{"", entity.ReturnAnnounced},
		{`return_accepted RMA1·1 {"return":{"type":"return","id":"RMA1"},"original":{"type":"till_line","id":"S1·1·1"},"location":"S1","item":"A","quantity":"1","disposition":"RESTOCK","net":$10.00}`, entity.ReturnAccepted},
		{`refund_issued RF1 {"processor":"psp","refund":{"type":"refund","id":"psp·RF1"},"return":{"type":"return","id":"RMA1"},"amount":$10.00}`, entity.ReturnRefunded},
	} {
		if step.fact != "" {
			r.tell(step.fact)
		}
		if got := status(); got != step.want {
			t.Errorf("got %s, want %s", got, step.want)
		}
	}
}

// A settlement's sums are over all its members, once each whatever is sent again, and the
// payout says what is missing (V-PAY-05).
func TestSettlementEntity(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	settled := `payment_settled psp·B1·%s v%d {"processor":"psp","payout":{"type":"payout","id":"psp·B1"},"of":{"type":"payment","id":"psp·%[1]s"},"gross":$%[3]s,"fee":$0.50,"net":$%[4]s}`
	r.tell(
		fmt.Sprintf(settled, "1", 1, "10.00", "9.50"), fmt.Sprintf(settled, "2", 1, "20.00", "19.50"), fmt.Sprintf(settled, "1", 1, "10.00", "9.50"),
		fmt.Sprintf(settled, "2", 2, "22.00", "21.50"), // corrected
		`processor_fee psp·F {"processor":"psp","fee":"F","payout":{"type":"payout","id":"psp·B1"},"fee_type":"monthly","amount":$1.00}`,
		`payout psp·B1 {"processor":"psp","payout":{"type":"payout","id":"psp·B1"},"amount":$29.00}`,
	)
	v, err := r.owner.Settlement(t.Context(), "psp·B1")
	if err != nil {
		t.Fatal(err)
	}
	if v.Members != 3 || len(v.Sums) != 1 || v.Sums[0].Gross.Minor != 3200 || v.Sums[0].Fees.Minor != 200 || v.Sums[0].Net.Minor != 3000 ||
		v.Payout == nil || v.Payout.Minor != 2900 || v.Difference.Minor != -100 || v.Processor != "psp" {
		t.Errorf("got %+v", v)
	}
	ids, next, err := r.owner.Entities(t.Context(), entity.KindSettlement, "", 10)
	if err != nil || !slices.Equal(ids, []string{"psp·B1"}) || next != "" {
		t.Errorf("got %v, %q, %v", ids, next, err)
	}
}

func TestInvoiceEntity(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	r.tell(
		`vendor_invoice V1·I1·1 {"vendor":"V1","invoice":"I1","line":"1","net":$50.00}`,
		`vendor_invoice V1·I1·2 {"vendor":"V1","invoice":"I1","line":"2","net":$5.00}`,
		`invoice LE1·INV1 {"number":"INV1","currency":"USD","lines":[{"line":"1","net":$10.00}],"total":$12.00}`,
	)
	for _, c := range []struct {
		id    string
		kind  entity.InvoiceKind
		lines int
	}{{"V1·I1", entity.VendorInvoice, 2}, {"INV1", entity.CustomerInvoice, 1}} {
		v, err := r.owner.Invoice(t.Context(), c.id)
		if err != nil || v.Kind != c.kind || len(v.Lines) != c.lines {
			t.Errorf("%s: got %+v, %v", c.id, v, err)
		}
	}
}

// Movements stand in the order in which they took effect, whatever the order in which they came.
func TestMovements(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	s := readScenario(t, "testdata/catalogue/counting.txt")
	r.submit(s.opening...)
	backwards := slices.Clone(s.events)
	slices.Reverse(backwards)
	r.submit(backwards...)
	var all []string
	var sum int64
	at, cursor := time.Time{}, ""
	for {
		page, next, err := r.owner.Movements(t.Context(), stock.Place{Item: "A", Location: "S1"}, time.Time{}, cursor, 2)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range page {
			if m.Occurred.Before(at) {
				t.Errorf("%s comes after %s", m.Occurred, at)
			}
			at = m.Occurred
			sum += int64(m.Quantity)
			all = append(all, fmt.Sprintf("%s %s", m.Type, m.Quantity))
		}
		if cursor = next; next == "" {
			break
		}
	}
	if sum != 14_000 || len(all) < 6 {
		t.Errorf("the movements come to %d, want 14000: %v", sum, all)
	}
}
