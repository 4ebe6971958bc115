package lineage_test

import (
	"slices"
	"testing"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/retail"
)

// told keeps what facts declare, as a projection does.
type told map[string][]byte

func (d told) Get(_, key string) []byte { return d[key] }

func (d told) tell(position int64, bodies ...event.Body) {
	for i, body := range bodies {
		e := &event.Event{Header: event.Header{System: "shop", Instance: "main", Key: "O1"}, Data: body}
		for _, a := range lineage.Declared(e, position+int64(i)) {
			d[a.Ref.String()] = a.Target.Bytes()
		}
	}
}

func ref(kind retail.RefType, id string) retail.Ref { return retail.Ref{Type: kind, ID: id} }

func order() *event.OrderPlaced {
	return &event.OrderPlaced{
		Aliases: []retail.Ref{ref(retail.RefShopOrder, "O1")},
		Lines:   []event.OrderLine{{Line: "1", Aliases: []retail.Ref{ref(retail.RefShopLine, "L1")}}},
	}
}

// A reference leads over others to the order and to what was sold, in whatever order they
// became known; where it ends too early, it says what is missing.
func TestResolve(t *testing.T) {
	bodies := []event.Body{
		order(),
		&event.ReservationMade{Reservation: "R1", OrderLine: ref(retail.RefShopLine, "L1")},
		&event.Shipped{Shipment: ref(retail.RefShipment, "S1"), Lines: []event.FulfilledLine{
			{Line: "7", Claim: ref(retail.RefReservation, "R1"), Aliases: []retail.Ref{ref(retail.RefTillLine, "T·7")}}}},
		&event.PaymentCaptured{Payment: ref(retail.RefPayment, "p·1"), Order: ref(retail.RefShopOrder, "O1")},
		&event.RefundIssued{Refund: ref(retail.RefRefund, "p·r"), Payment: ref(retail.RefPayment, "p·1")},
		&event.ChargebackOpened{Dispute: ref(retail.RefDispute, "p·d"), Payment: ref(retail.RefPayment, "p·1")},
		&event.ReturnAccepted{Return: ref(retail.RefReturn, "RET"), Original: ref(retail.RefTillLine, "T·7")},
	}
	const id = "shop/main/O1"
	for _, c := range []struct {
		from retail.Ref
		want lineage.Target
	}{
		{ref(retail.RefShopLine, "L1"), lineage.Target{Order: id, Line: "1"}},
		{ref(retail.RefReservation, "R1"), lineage.Target{Order: id, Line: "1", Claim: "R1"}},
		{ref(retail.RefShipment, "S1"), lineage.Target{Order: id, Line: "1", Claim: "R1", Fact: 12}},
		{ref(retail.RefReturn, "RET"), lineage.Target{Order: id, Line: "1", Claim: "R1", Fact: 12, FactLine: "7"}},
		{ref(retail.RefRefund, "p·r"), lineage.Target{Order: id}},
		{ref(retail.RefDispute, "p·d"), lineage.Target{Order: id}},
	} {
		docs := told{}
		for i, body := range slices.Backward(bodies) {
			docs.tell(10+int64(i), body)
		}
		got, missing, err := lineage.Resolve(docs, c.from)
		if err != nil || got != c.want || !missing.IsZero() {
			t.Errorf("%s: got %+v, missing %s, %v; want %+v", c.from, got, missing, err, c.want)
		}
	}
	docs := told{}
	docs.tell(10, bodies[1:]...)
	if _, missing, err := lineage.Resolve(docs, ref(retail.RefReturn, "RET")); err != nil || missing != ref(retail.RefShopLine, "L1") {
		t.Errorf("got missing %s, %v; want the order line", missing, err)
	}
}

func TestResolveInACircle(t *testing.T) {
	docs := told{}
	docs.tell(1,
		&event.ReturnAccepted{Return: ref("a", "1"), Original: ref("b", "1")},
		&event.ReturnAccepted{Return: ref("b", "1"), Original: ref("a", "1")})
	if _, _, err := lineage.Resolve(docs, ref("a", "1")); !fault.HasCode(err, fault.BadRequest) {
		t.Errorf("got %v, want %s", err, fault.BadRequest)
	}
}

// Every reference of a fact leads to its thread, once, and so do the ids that are no references.
func TestNamed(t *testing.T) {
	for _, c := range []struct {
		body event.Body
		want []retail.Ref
	}{
		{order(), []retail.Ref{ref(retail.RefOrder, "shop/main/O1"), ref(retail.RefShopOrder, "O1"), ref(retail.RefShopLine, "L1")}},
		{&event.BankLine{Account: "A", Statement: "S", Entry: "1", Trace: ref(retail.RefTrace, "t")}, []retail.Ref{ref(retail.RefBankLine, "A·S·1"), ref(retail.RefTrace, "t")}},
		{&event.POApproved{Order: "PO", Line: "2"}, []retail.Ref{ref(retail.RefPurchase, "PO·2"), ref(retail.RefPurchase, "PO")}},
		{&event.TransferShipped{Transfer: "T1"}, []retail.Ref{ref(retail.RefTransfer, "T1")}},
		{&event.Picked{Task: "K", Claim: ref(retail.RefTask, "K")}, []retail.Ref{ref(retail.RefTask, "K")}},
		{&event.ControlTxn{}, nil},
	} {
		e := &event.Event{Header: event.Header{System: "shop", Instance: "main", Key: "O1"}, Data: c.body}
		if got := lineage.Named(e); !slices.Equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", e.Type(), got, c.want)
		}
	}
}

// A thread that begins at an order goes to its payout and the bank line, never to the other
// payments of the payout.
func TestFollow(t *testing.T) {
	payout, start := ref(retail.RefPayout, "p·po"), ref(retail.RefShopOrder, "O1")
	settled := &event.Event{Data: &event.PaymentSettled{Payout: payout}}
	paid := &event.Event{Data: &event.Payout{Payout: payout}}
	for _, c := range []struct {
		start retail.Ref
		met   retail.Ref
		fact  *event.Event
		want  bool
	}{
		{start, payout, settled, false}, {start, payout, paid, true}, {payout, payout, settled, true}, {start, start, settled, true},
	} {
		if got := lineage.Follow(c.start, c.met, c.fact); got != c.want {
			t.Errorf("from %s over %s to %s: got %v", c.start, c.met, c.fact.Type(), got)
		}
	}
}
