package flow_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// An order line is delivered when the customer has it, and returned when all of it came back, in
// any order of arrival (A9).
func TestALineIsDeliveredAndReturned(t *testing.T) {
	facts := []string{
		`order_placed O1 {"aliases":[{"type":"shop_order","id":"O1"}],"channel":"ONLINE","currency":"USD","lines":[{"line":"1","aliases":[{"type":"shop_order_line","id":"O1-1"}],"item":"A","quantity":"2","gross":$20.00,"net":$20.00},` +
			`{"line":"2","aliases":[{"type":"shop_order_line","id":"O1-2"}],"item":"B","quantity":"1","gross":$10.00,"net":$10.00}],"total":$30.00}`,
		`shipped SH1 {"shipment":{"type":"shipment","id":"SH1"},"location":"W1","lines":[{"line":"1","claim":{"type":"shop_order_line","id":"O1-1"},"item":"A","quantity":"2"}]}`,
		`shipped SH2 {"shipment":{"type":"shipment","id":"SH2"},"location":"W1","lines":[{"line":"1","claim":{"type":"shop_order_line","id":"O1-2"},"item":"B","quantity":"1"}]}`,
		`delivered SH1·d {"shipment":{"type":"shipment","id":"SH1"}}`,
		`delivered SH2·d {"shipment":{"type":"shipment","id":"SH2"},"lines":[{"line":"1","claim":{"type":"shop_order_line","id":"O1-2"},"item":"B","quantity":"1"}]}`,
		`return_accepted R1·1 {"return":{"type":"return","id":"R1"},"original":{"type":"shop_order_line","id":"O1-1"},"location":"S1","item":"A","quantity":"2","disposition":"RESTOCK","net":$20.00}`,
	}
	backwards := slices.Clone(facts)
	slices.Reverse(backwards)
	for _, c := range []struct {
		name string
		sent []string
		want string
	}{
		{"before the return", facts[:5], "1 DELIVERED, 2 DELIVERED"},
		{"in order", facts, "1 RETURNED, 2 DELIVERED"},
		{"backwards", backwards, "1 RETURNED, 2 DELIVERED"},
	} {
		r := newRig(t)
		r.world(nil)
		r.tell(c.sent...)
		r.tell(`paid_in x {"location":"S1","till":"1","reason":"F","amount":$1.00}`) // what waited is released before it
		o, err := r.owner.Order(t.Context(), "test/main/O1")
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range o.Lines {
			got = append(got, fmt.Sprintf("%s %s", l.Line, l.Status))
		}
		if strings.Join(got, ", ") != c.want {
			t.Errorf("%s: got %v, want %s", c.name, got, c.want)
		}
	}
}

// What stock waits for and does not come is told after three days (L1).
// reproduces: V-LIN-01
func TestADocumentThatDoesNotCome(t *testing.T) {
	r := newRig(t)
	r.world(nil)
	r.tell(`allocated AL1 {"allocation":"AL1","claim":{"type":"shop_order_line","id":"O9-1"},"item":"A","location":"S1","quantity":"1"}`)
	for _, c := range []struct {
		after time.Duration
		want  []string
	}{{71 * time.Hour, nil}, {72 * time.Hour, []string{string(fault.ParentMissing) + " shop_order_line:O9-1"}}} {
		r.clock.now = time.Date(2026, 7, 10, 0, 0, 0, 0, time.UTC).Add(c.after)
		if got := r.exceptions(); !slices.Equal(got, c.want) {
			t.Errorf("after %v: got %q, want %q", c.after, got, c.want)
		}
	}
	r.tell(`order_placed O9 {"aliases":[{"type":"shop_order","id":"O9"}],"channel":"ONLINE","currency":"USD","lines":[{"line":"1","aliases":[{"type":"shop_order_line","id":"O9-1"}],"item":"A","quantity":"1","gross":$10.00,"net":$10.00}],"total":$10.00}`)
	for _, code := range r.exceptions() {
		if strings.HasPrefix(code, string(fault.ParentMissing)) {
			t.Errorf("it has come, and %s is still told", code)
		}
	}
}
