package lineage

import (
	"encoding/json"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// DocTable is the document table in which a projection keeps what references mean.
const DocTable = "alias"

// Target is what a reference means, as far as the fact that declared it could tell.
type Target struct {
	// Order and Line are the order and its line.
	Order retail.OrderID `json:"order,omitempty"`
	Line  string         `json:"line,omitempty"`
	// Claim is the reservation.
	Claim retail.ReservationID `json:"claim,omitempty"`
	// Fact and FactLine are the journal position and line of what was sold or handed over.
	Fact     int64  `json:"fact,omitempty"`
	FactLine string `json:"fact_line,omitempty"`
	// Payout is the payout that a trace belongs to.
	Payout string `json:"payout,omitempty"`
	// Via is a further reference that tells the rest, now or when it arrives.
	Via *retail.Ref `json:"via,omitempty"`
}

// Alias is one reference with its meaning.
type Alias struct {
	Ref    retail.Ref
	Target Target
}

// Bytes returns the stored form.
func (t Target) Bytes() []byte {
	b, err := json.Marshal(t)
	if err != nil {
		panic(err) // strings and integers only
	}
	return b
}

// OrderIDOf names the order that an order_placed event declares.
func OrderIDOf(h event.Header) retail.OrderID {
	return retail.OrderID(string(h.System) + "/" + string(h.Instance) + "/" + h.Key)
}

// Declared returns the references to which the fact at a position gives a meaning.
func Declared(e *event.Event, position int64) []Alias {
	switch d := e.Data.(type) {
	case *event.OrderPlaced:
		return declareOrder(OrderIDOf(e.Header), d.Aliases, d.Lines)
	case *event.MPOrder:
		return declareOrder(OrderIDOf(e.Header), d.Aliases, d.Lines)
	case *event.OrderModified:
		return declareAdded(d)
	case *event.ReservationMade:
		via := firstRef(d.OrderLine, d.Order)
		return []Alias{{retail.Ref{Type: retail.RefReservation, ID: string(d.Reservation)}, Target{Claim: d.Reservation, Via: via}}}
	case *event.Allocated:
		return []Alias{{retail.Ref{Type: retail.RefTask, ID: d.Allocation}, Target{Via: &d.Claim}}}
	case *event.PickedUp:
		return declareLines(d.Lines, position)
	case *event.Fulfilled:
		return declareLines(d.Lines, position)
	case *event.Shipped:
		return declareShipment(d, position)
	case *event.Sale:
		return declareSale(d.Aliases, d.Lines, position)
	case *event.Exchange:
		return declareSale(d.Aliases, d.Lines, position)
	case *event.ReturnAccepted:
		return via(d.Return, d.Original)
	case *event.MPShipped:
		return []Alias{{d.Shipment, Target{Fact: position, Via: firstRef(d.OrderLine, d.Order)}}}
	case *event.MPReturned:
		return via(d.Return, d.Original)
	case *event.RMACreated:
		return via(d.Return, d.Order)
	}
	return declareMoney(e)
}

// declareMoney returns what payments and their children give a meaning to.
func declareMoney(e *event.Event) []Alias {
	switch d := e.Data.(type) {
	case *event.PaymentAuthorised:
		return via(d.Payment, d.Order)
	case *event.PaymentCaptured:
		return via(d.Payment, d.Order)
	case *event.RefundIssued:
		return via(d.Refund, d.Payment)
	case *event.ChargebackOpened:
		return via(d.Dispute, d.Payment)
	case *event.Payout:
		return []Alias{{d.Payout, Target{Payout: d.Payout.ID}}, {d.Trace, Target{Payout: d.Payout.ID}}}
	}
	return nil
}

// declareSale names the sold lines, and the transaction as a whole for what takes it back.
func declareSale(aliases []retail.Ref, lines []event.SaleLine, position int64) []Alias {
	var out []Alias
	for _, ref := range aliases {
		out = append(out, Alias{ref, Target{Fact: position}})
	}
	for _, l := range lines {
		for _, ref := range l.Aliases {
			out = append(out, Alias{ref, Target{Fact: position, FactLine: l.Line}})
		}
	}
	return out
}

// declareShipment names the shipment and its lines. The shipment leads to the order, by what
// it says or by its first line.
func declareShipment(d *event.Shipped, position int64) []Alias {
	of := firstRef(d.Order, d.Lines[0].Claim)
	out := []Alias{{d.Shipment, Target{Fact: position, Via: of}}}
	for _, ref := range d.Aliases {
		out = append(out, Alias{ref, Target{Fact: position, Via: of}})
	}
	return append(out, declareLines(d.Lines, position)...)
}

// declareAdded names the lines that joined an order.
func declareAdded(d *event.OrderModified) []Alias {
	var out []Alias
	for _, l := range d.Added {
		for _, ref := range l.Aliases {
			out = append(out, Alias{ref, Target{Line: l.Line, Via: &d.Order}})
		}
	}
	return out
}

func declareOrder(id retail.OrderID, aliases []retail.Ref, lines []event.OrderLine) []Alias {
	out := []Alias{{retail.Ref{Type: retail.RefOrder, ID: string(id)}, Target{Order: id}}}
	for _, ref := range aliases {
		out = append(out, Alias{ref, Target{Order: id}})
	}
	for _, l := range lines {
		line := Target{Order: id, Line: l.Line}
		out = append(out, Alias{retail.Ref{Type: retail.RefOrderLine, ID: retail.Key(string(id), l.Line)}, line})
		for _, ref := range l.Aliases {
			out = append(out, Alias{ref, line})
		}
	}
	return out
}

func declareLines(lines []event.FulfilledLine, position int64) []Alias {
	var out []Alias
	for _, l := range lines {
		for _, ref := range l.Aliases {
			out = append(out, Alias{ref, Target{Fact: position, FactLine: l.Line, Via: &l.Claim}})
		}
	}
	return out
}

// via declares a reference that means what another one means, once that one is known.
func via(ref, other retail.Ref) []Alias {
	if ref.IsZero() || other.IsZero() {
		return nil
	}
	return []Alias{{ref, Target{Via: &other}}}
}

func firstRef(refs ...retail.Ref) *retail.Ref {
	for _, r := range refs {
		if !r.IsZero() {
			return &r
		}
	}
	return nil
}

// Docs gives the stored target of a reference, nil where there is none.
type Docs interface {
	Get(table, key string) []byte
}

// hopsMax bounds how many references are followed; real chains have three.
const hopsMax = 8

// Resolve follows a reference as far as it is known. missing is the reference at which the
// way ended before an order or a sold fact was reached; it is zero when one was reached.
func Resolve(docs Docs, ref retail.Ref) (t Target, missing retail.Ref, err error) {
	for range hopsMax {
		stored := docs.Get(DocTable, ref.String())
		if stored == nil {
			return t, ref, nil
		}
		var next Target
		if err := json.Unmarshal(stored, &next); err != nil {
			return t, ref, fault.Wrap(err, fault.ChainBroken, "lineage.resolve", ref.String())
		}
		t = t.and(next)
		if next.Via == nil {
			return t, retail.Ref{}, nil
		}
		ref = *next.Via
	}
	return t, ref, fault.New(fault.BadRequest, ref.String(), "the reference leads in a circle")
}

// and keeps what was learnt on the way and adds what is new.
func (t Target) and(next Target) Target {
	if next.Order != "" {
		t.Order = next.Order
	}
	if next.Line != "" {
		t.Line = next.Line
	}
	if next.Claim != "" && t.Claim == "" {
		t.Claim = next.Claim
	}
	if next.Fact != 0 && t.Fact == 0 {
		t.Fact, t.FactLine = next.Fact, next.FactLine
	}
	if next.Payout != "" {
		t.Payout = next.Payout
	}
	return t
}
