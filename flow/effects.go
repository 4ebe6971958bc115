package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// factKind names the kind of fact in the authority table; facts that only one source can
// tell have none.
func factKind(e *event.Event) string {
	switch e.Data.(type) {
	case *event.OrderPlaced, *event.MPOrder:
		return "order"
	case *event.PickedUp, *event.Fulfilled, *event.Shipped, *event.MPShipped:
		return "fulfilment"
	case *event.ReturnAccepted, *event.MPReturned:
		return "return"
	case *event.RefundIssued:
		return "refund"
	case *event.PaymentCaptured:
		return "capture"
	case *event.Payout:
		return "payout"
	case *event.ChargebackOpened, *event.ChargebackWon, *event.ChargebackLost, *event.ChargebackPrearb:
		return "dispute"
	case *event.PaymentFailed, *event.PaymentReturned:
		return "failure"
	}
	return ""
}

// claimedLine is a line that names what it serves.
type claimedLine struct {
	line  string
	claim retail.Ref
}

func claimed(e *event.Event) []claimedLine {
	var lines []event.FulfilledLine
	switch d := e.Data.(type) {
	case *event.PickedUp:
		lines = d.Lines
	case *event.Fulfilled:
		lines = d.Lines
	case *event.Shipped:
		lines = d.Lines
	case *event.ReservationMade:
		return []claimedLine{{oneLine, d.OrderLine}}
	case *event.ReturnAccepted:
		return []claimedLine{{oneLine, d.Original}}
	case *event.MPShipped:
		return []claimedLine{{oneLine, d.OrderLine}}
	case *event.MPReturned:
		return []claimedLine{{oneLine, d.Original}}
	case *event.LineCancelled:
		return []claimedLine{{oneLine, d.OrderLine}}
	case *event.Substituted:
		return []claimedLine{{oneLine, d.OrderLine}}
	}
	out := make([]claimedLine, len(lines))
	for i, l := range lines {
		out[i] = claimedLine{l.Line, l.Claim}
	}
	return out
}

// oneLine is the line id of facts that have one line only.
const oneLine = "1"

// line is a part of an event that moves one item.
type line struct {
	id       string
	item     string // the source's own code; empty where a document tells the item
	unit     retail.Unit
	quantity retail.Quantity // in unit
	effect   effect
	// makes is the claim that the line asks for. A revision that asks for it again changes it.
	makes stock.ClaimID
}

// effect says what a quantity of an item, in its base unit, does (rule book A4 to A8, column
// "Stock Δ").
type effect func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error)

// lines returns what moves stock or claims in an event. Most kinds of fact move nothing.
func lines(e *event.Event) []line {
	for _, of := range []func(*event.Event) []line{storeLines, orderLines, claimLines, supplyLines, movementLines, transferLines, marketplaceLines, feeLines} {
		if out := of(e); out != nil {
			return out
		}
	}
	return nil
}

// single is the one line of an event that has no lines.
func single(item string, unit retail.Unit, q retail.Quantity, do effect) []line {
	return []line{{id: oneLine, item: item, unit: unit, quantity: q, effect: do}}
}

// moved is a line of goods that change their place as the column "Stock Δ" says.
func moved(item string, unit retail.Unit, q retail.Quantity, deltas func(d *decision, p stock.Place, q retail.Quantity) []stock.Move) []line {
	return single(item, unit, q, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
		return stock.Change(d.s, deltas(d, d.at(item), q)...)
	})
}

// unnamed is a line whose document knows item and quantity.
func unnamed(do func(*decision) (stock.Effect, error)) []line {
	return []line{{id: oneLine, effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) { return do(d) }}}
}

func (d *decision) at(item retail.ItemID) stock.Place {
	return stock.Place{Item: item, Location: d.place}
}

// reported returns the fact identities that an event reports, with their measure: quantities
// at scale 3, or minor units.
func reported(e *event.Event, order retail.OrderID, lines map[string]string) []report {
	switch d := e.Data.(type) {
	case *event.PickedUp:
		return reportedLines((*event.Fulfilment)(d), order, lines)
	case *event.Fulfilled:
		return reportedLines((*event.Fulfilment)(d), order, lines)
	case *event.ReturnAccepted:
		if l := lines[oneLine]; l != "" {
			return []report{{"return", lineKey(order, l), int64(d.Quantity)}}
		}
	case *event.RefundIssued:
		switch {
		case !d.Payment.IsZero():
			return []report{{"refund", d.Payment.String(), d.Amount.Minor}}
		case order != "":
			return []report{{"refund", string(order), d.Amount.Minor}}
		}
	case *event.PaymentCaptured:
		if order != "" {
			return []report{{"capture", string(order), d.Amount.Minor}}
		}
	case *event.Payout:
		return []report{{"payout", d.Payout.String(), d.Amount.Minor}}
	case *event.ChargebackOpened:
		return []report{{"dispute", d.Dispute.String(), d.Amount.Minor}}
	}
	return nil
}

type report struct {
	fact, subject string
	measure       int64
}

func reportedLines(f *event.Fulfilment, order retail.OrderID, resolved map[string]string) []report {
	if f.Cancelled {
		return nil
	}
	var out []report
	for _, l := range f.Lines {
		if to := resolved[l.Line]; to != "" {
			out = append(out, report{"fulfilment", lineKey(order, to), int64(l.Quantity)})
		}
	}
	return out
}
