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
	case *event.ReservationMade:
		return []claimedLine{{oneLine, d.OrderLine}}
	case *event.ReturnAccepted:
		return []claimedLine{{oneLine, d.Original}}
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
	item     string // the source's own code
	quantity retail.Quantity
	unit     retail.Unit // the source's; empty is the item's base unit
	// effect is what the line does with its item and its quantity in the item's base unit.
	effect func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error)
}

// lines returns what moves stock or claims in an event.
func lines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.Sale:
		out := make([]line, len(v.Lines))
		for i, l := range v.Lines {
			out[i] = line{l.Line, l.Item, l.Quantity, l.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
				return stock.Sale(d.s, d.at(item), q), nil
			}}
		}
		return out
	case *event.PickedUp:
		return fulfilledLines(v.Lines)
	case *event.Fulfilled:
		return fulfilledLines(v.Lines)
	case *event.ReturnAccepted:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			disposition, err := d.disposition(v.Disposition, v.Reason)
			if err != nil {
				return stock.Effect{}, err
			}
			return stock.Return(d.s, d.at(item), q, disposition)
		})
	case *event.POReceived:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Receive(d.s, d.at(item), v.Bucket, q)
		})
	case *event.StockAdjusted:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Adjust(d.s, d.at(item), v.Bucket, q)
		})
	case *event.ProcessorFee:
		return fee(v.FeeType)
	case *event.MPFees:
		return fee(v.FeeType)
	case *event.MPAdvertising:
		return fee(v.FeeType)
	case *event.MPStorage:
		return fee(v.FeeType)
	}
	return claimLines(e)
}

// claimLines are the lines of facts that change claims and no physical stock.
func claimLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.ReservationMade:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.reserve(v, item, q)
		})
	case *event.Allocated:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Allocate(d.s, d.at(item), q, d.target(v.Claim), d.e.Time), nil
		})
	case *event.Deallocated:
		return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Deallocate(d.s, d.at(item), q, d.target(v.Claim)), nil
		})
	case *event.Picked:
		return step(stock.Picked, (*event.TaskStep)(v))
	case *event.Packed:
		return step(stock.Packed, (*event.TaskStep)(v))
	case *event.Staged:
		return step(stock.Staged, (*event.TaskStep)(v))
	case *event.ReservationReleased:
		return unnamed(func(d *decision) (stock.Effect, error) {
			return stock.Release(d.s, stock.ClaimID(v.Reservation), v.Quantity), nil
		})
	case *event.ReservationExpired:
		return unnamed(func(d *decision) (stock.Effect, error) {
			return stock.Expire(d.s, stock.ClaimID(v.Reservation), d.c.at), nil
		})
	}
	return nil
}

// single is the one line of an event that has no lines.
func single(item string, q retail.Quantity, unit retail.Unit, effect func(*decision, retail.ItemID, retail.Quantity) (stock.Effect, error)) []line {
	return []line{{oneLine, item, q, unit, effect}}
}

// unnamed is a line whose claim knows the item.
func unnamed(effect func(*decision) (stock.Effect, error)) []line {
	return []line{{id: oneLine, effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) { return effect(d) }}}
}

func step(rank stock.Rank, v *event.TaskStep) []line {
	return single(v.Item, v.Quantity, v.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
		return stock.Step(d.s, rank, d.at(item), q, d.target(v.Claim)), nil
	})
}

func fulfilledLines(lines []event.FulfilledLine) []line {
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = line{l.Line, l.Item, l.Quantity, l.Unit, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Fulfil(d.s, d.at(item), q, d.target(l.Claim)), nil
		}}
	}
	return out
}

func (d *decision) at(item retail.ItemID) stock.Place {
	return stock.Place{Item: item, Location: d.place}
}

// reserve asks for a claim, as a command or as a fact that a system has promised already.
func (d *decision) reserve(v *event.ReservationMade, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	t := d.resolve(v.OrderLine)
	return stock.Reserve(d.s, stock.Request{
		ID: stock.ClaimID(v.Reservation), Order: t.Order, OrderLine: t.Line, Place: d.at(item),
		Channel: v.Channel, Mode: v.Mode, Quantity: q, ExpiresAt: v.ExpiresAt, MadeAt: d.c.next(),
	}, d.command)
}

// target finds whose promise a fact serves: the claim that it names first, then the other
// claims of the order line.
func (d *decision) target(ref retail.Ref) stock.Target {
	t := d.resolve(ref)
	out := stock.Target{Order: t.Order, Line: t.Line}
	if ref.Type == retail.RefReservation {
		out.Claims = append(out.Claims, stock.ClaimID(ref.ID))
	} else if t.Claim != "" {
		out.Claims = append(out.Claims, stock.ClaimID(t.Claim))
	}
	others, _ := load[[]stock.ClaimID](d.s, tableClaimsOf, lineKey(t.Order, t.Line))
	if t.Line == "" {
		others = nil
	}
	for _, id := range others {
		if len(out.Claims) == 0 || id != out.Claims[0] {
			out.Claims = append(out.Claims, id)
		}
	}
	return out
}

// reported returns the fact identities that an event reports, with their measure: quantities
// at scale 3, or minor units.
func reported(e *event.Event, order retail.OrderID, lines map[string]string) []report {
	switch d := e.Data.(type) {
	case *event.PickedUp:
		return reportedLines(d.Lines, order, lines)
	case *event.Fulfilled:
		return reportedLines(d.Lines, order, lines)
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
	}
	return nil
}

type report struct {
	fact, subject string
	measure       int64
}

func reportedLines(lines []event.FulfilledLine, order retail.OrderID, resolved map[string]string) []report {
	var out []report
	for _, l := range lines {
		if to := resolved[l.Line]; to != "" {
			out = append(out, report{"fulfilment", lineKey(order, to), int64(l.Quantity)})
		}
	}
	return out
}
