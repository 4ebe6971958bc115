package intake_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store/sqlite"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// agreeing is a decider that accepts all, and counts.
type agreeing struct{ keys []string }

func (a *agreeing) Submit(_ context.Context, subs []record.Submission) ([]record.Answer, error) {
	out := make([]record.Answer, len(subs))
	for i, s := range subs {
		a.keys = append(a.keys, s.Event.Key)
		out[i] = record.Answer{Status: record.Accepted, EventID: s.Event.Key, Position: int64(len(a.keys))}
	}
	return out, nil
}

// notes keeps values as the desk does, and fails when it is told to.
type notes struct {
	values map[string][]byte
	fails  bool
}

func (m *notes) Get(_ context.Context, name string) ([]byte, error) { return m.values[name], nil }

func (m *notes) Put(_ context.Context, name string, value []byte) error {
	if m.fails {
		return fault.Wrap(errors.New("the disk is full"), fault.Storage, "notes.put", name)
	}
	m.values[name] = slices.Clone(value)
	return nil
}

// testsRig has doors whose pack calls an order a test.
type testsRig struct {
	t      *testing.T
	doors  *intake.Doors
	owner  *agreeing
	memory *notes
	opts   intake.Options
}

func newTestsRig(t *testing.T) *testsRig {
	t.Helper()
	folder := fstest.MapFS{
		"pack.yaml": {Data: []byte(`
name: shop
system: shop
title: A shop
versions: ["1"]
topics:
  - {name: orders, status: described, when: [{path: .type, is: [order]}], format: json, mapping: order.jq, version: none}
`)},
		"order.jq": {Data: []byte(`refuse_test("a test order"; [.documents[] | {type: "shop_order", id: .}])`)},
	}
	p, err := pack.Load(folder)
	must(t, err)
	set, err := pack.NewSet(p)
	must(t, err)
	s, err := sqlite.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	text, err := intake.NewMasterKey(rand.Reader)
	must(t, err)
	master, err := intake.ParseMasterKey(text)
	must(t, err)
	vault, err := intake.OpenVault(t.Context(), s.Desk().Evidence(), master, "acme")
	must(t, err)
	r := &testsRig{t: t, owner: &agreeing{}, memory: &notes{values: map[string][]byte{}}}
	now := time.Date(2026, 7, 10, 12, 0, 0, 0, time.UTC)
	r.opts = intake.Options{
		Tenant: "acme", Packs: set, Decider: r.owner, Vault: vault, Known: s.Desk().Deliveries(), Waiting: s.Desk().Waiting(), Worklist: s.Desk().Worklist(),
		TokenKey: []byte("0123456789abcdef0123456789abcdef"), Clock: func() time.Time { return now },
		Origins: []intake.Origin{{Pack: "shop", Instance: "a"}, {Pack: "shop", Instance: "b"}}, Memory: r.memory,
	}
	r.open()
	return r
}

func (r *testsRig) open() {
	r.t.Helper()
	var err error
	r.doors, err = intake.Open(r.opts)
	must(r.t, err)
}

// tell has the shop call documents tests.
func (r *testsRig) tell(instance retail.InstanceID, documents ...string) error {
	r.t.Helper()
	body, err := json.Marshal(map[string]any{"type": "order", "documents": documents})
	must(r.t, err)
	_, err = r.doors.Take(r.t.Context(), intake.Arrival{Pack: "shop", Instance: instance, Body: body, Caller: "oms"})
	return err
}

// of is a refund of an order, or what was settled of the refund; it came through the pack.
func of(instance retail.InstanceID, data event.Body) record.Submission {
	at := time.Date(2026, 7, 9, 12, 0, 0, 0, time.UTC)
	return record.Submission{
		Event:   &event.Event{Header: event.Header{System: "shop_money", Instance: instance, Key: "K", Time: at}, Data: data},
		Receipt: record.Receipt{Pack: "shop"},
	}
}

func refundOf(order string) event.Body {
	return &event.RefundIssued{
		Refund: retail.Ref{Type: retail.RefRefund, ID: "r" + order}, Payment: retail.Ref{Type: retail.RefPayment, ID: "p" + order},
		Order: retail.Ref{Type: "shop_order", ID: order},
	}
}

func settledOf(order string) event.Body {
	return &event.PaymentSettled{Of: retail.Ref{Type: retail.RefRefund, ID: "r" + order}}
}

// want submits an event and checks what becomes of it.
func (r *testsRig) want(name string, sub record.Submission, want record.Status) {
	r.t.Helper()
	answers, err := r.doors.Submit(r.t.Context(), []record.Submission{sub})
	must(r.t, err)
	if got := answers[0]; got.Status != want || want == record.Refused && got.Code != fault.TrainingDropped {
		r.t.Errorf("%s: got %+v, want %s", name, got, want)
	}
}

// TestOnlyWhatIsToldOfATest is refused: by its source, of its documents and of those that a
// refused fact declares.
func TestOnlyWhatIsToldOfATest(t *testing.T) {
	r := newTestsRig(t)
	r.want("before anybody knows", of("a", settledOf("2")), record.Accepted)
	must(t, r.tell("a", "1"))
	for range 2 {
		r.want("a refund of it", of("a", refundOf("1")), record.Refused)
		r.want("what was settled of the refund", of("a", settledOf("1")), record.Refused)
		r.want("a refund of another order", of("a", refundOf("2")), record.Accepted)
		r.want("what was settled of that", of("a", settledOf("2")), record.Accepted)
		r.want("the same told by another source", of("b", refundOf("1")), record.Accepted)
		own := of("a", refundOf("1"))
		own.Receipt = record.Receipt{}
		r.want("the same told by no pack", own, record.Accepted)
		r.open()
	}
	answers, err := r.doors.Submit(t.Context(), []record.Submission{of("a", refundOf("2")), of("a", refundOf("1")), of("a", refundOf("3"))})
	must(t, err)
	if answers[0].Status != record.Accepted || answers[1].Status != record.Refused || answers[2].Position != answers[0].Position+1 {
		t.Errorf("got %+v, want the answers in the order of the events", answers)
	}
}

// TestATestThatCouldNotBeKept: the sender hears that nothing is known, and its next try keeps it.
func TestATestThatCouldNotBeKept(t *testing.T) {
	r := newTestsRig(t)
	r.memory.fails = true
	if err := r.tell("a", "1"); !fault.HasCode(err, fault.Storage) {
		t.Fatalf("got %v, want %s", err, fault.Storage)
	}
	r.memory.fails = false
	must(t, r.tell("a", "1"))
	r.open()
	r.want("a refund of it", of("a", refundOf("1")), record.Refused)
}

// TestSoManyTests are kept of a source; the oldest are forgotten.
func TestSoManyTests(t *testing.T) {
	r := newTestsRig(t)
	name := func(n int) string { return fmt.Sprintf("%04d", n) + strings.Repeat("x", 996) }
	for first := 0; first < 1200; first += 200 {
		var documents []string
		for n := range 200 {
			documents = append(documents, name(first+n))
		}
		must(t, r.tell("a", documents...))
	}
	for range 2 {
		r.want("the oldest", of("a", refundOf(name(0))), record.Accepted)
		r.want("one of the rest", of("a", refundOf(name(200))), record.Refused)
		r.want("the newest", of("a", refundOf(name(1199))), record.Refused)
		r.open()
	}
	for _, value := range r.memory.values {
		if len(value) > 1<<21 {
			t.Errorf("got %d bytes", len(value))
		}
	}
}
