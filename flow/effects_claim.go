package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// claimLines are the lines of facts that change claims and no physical stock (rule book A5).
func claimLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.ReservationMade:
		made := single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.reserve(v, item, q)
		})
		made[0].makes = stock.ClaimID(v.Reservation)
		return append(made, line{id: promiseLine + oneLine, effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) {
			return d.bind(v)
		}})
	case *event.Allocated:
		return served(v.Item, v.Unit, v.Quantity, v.Claim, func(d *decision, p stock.Place, q retail.Quantity, t stock.Target) stock.Effect {
			d.advanceLine(t, progress.Allocated, q)
			return stock.Allocate(d.s, p, q, t, d.e.Time)
		})
	case *event.Deallocated:
		return served(v.Item, v.Unit, v.Quantity, v.Claim, func(d *decision, p stock.Place, q retail.Quantity, t stock.Target) stock.Effect {
			d.advanceLine(t, progress.Allocated, -q)
			return stock.Deallocate(d.s, p, q, t)
		})
	case *event.Picked:
		return step(stock.Picked, (*event.TaskStep)(v))
	case *event.Packed:
		return step(stock.Packed, (*event.TaskStep)(v))
	case *event.Staged:
		return step(stock.Staged, (*event.TaskStep)(v))
	case *event.PickShorted:
		return served(v.Item, v.Unit, v.Quantity, v.Claim, func(d *decision, p stock.Place, q retail.Quantity, t stock.Target) stock.Effect {
			d.advanceLine(t, progress.Allocated, -q)
			return stock.PickShort(d.s, p, q, t)
		})
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

func step(rank stock.Rank, v *event.TaskStep) []line {
	return served(v.Item, v.Unit, v.Quantity, v.Claim, func(d *decision, p stock.Place, q retail.Quantity, t stock.Target) stock.Effect {
		d.advanceLine(t, stages[rank], q)
		return stock.Step(d.s, rank, p, q, t)
	})
}

// served is the one line of a task: it changes a promise and nothing else, and waits until
// it is known whose.
func served(item string, unit retail.Unit, q retail.Quantity, claim retail.Ref, do func(*decision, stock.Place, retail.Quantity, stock.Target) stock.Effect) []line {
	return single(item, unit, q, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
		if err := d.awaitLine(claim); err != nil {
			return stock.Effect{}, err
		}
		return do(d, d.at(item), q, d.target(claim)), nil
	})
}

// reserve asks for a claim, as a command or as a fact that a system has promised already.
func (d *decision) reserve(v *event.ReservationMade, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	t := d.resolve(v.OrderLine)
	return stock.Reserve(d.s, stock.Request{
		ID: stock.ClaimID(v.Reservation), Order: t.Order, OrderLine: t.Line, Place: d.at(item),
		Channel: v.Channel, Mode: v.Mode, Quantity: q, ExpiresAt: v.ExpiresAt, MadeAt: d.c.next(),
	}, d.command)
}

// bind ties a claim to its order line, which may be known later than the claim.
func (d *decision) bind(v *event.ReservationMade) (stock.Effect, error) {
	if err := d.awaitLine(v.OrderLine); err != nil && !d.command {
		return stock.Effect{}, err
	}
	t := d.resolve(v.OrderLine)
	d.advanceLine(stock.Target{Order: t.Order, Line: t.Line}, progress.Reserved, v.Quantity)
	return stock.Link(d.s, stock.ClaimID(v.Reservation), t.Order, t.Line), nil
}

// target finds whose promise a fact serves: the claim that it names first, then the other
// claims of the order line.
func (d *decision) target(ref retail.Ref) stock.Target {
	t := d.resolve(ref)
	out := d.lineTarget(t.Order, t.Line)
	named := stock.ClaimID(t.Claim)
	if ref.Type == retail.RefReservation {
		named = stock.ClaimID(ref.ID)
	}
	if named == "" {
		return out
	}
	claims := []stock.ClaimID{named}
	for _, id := range out.Claims {
		if id != named {
			claims = append(claims, id)
		}
	}
	out.Claims = claims
	return out
}

// lineTarget is an order line with all of its claims.
func (d *decision) lineTarget(order retail.OrderID, line string) stock.Target {
	out := stock.Target{Order: order, Line: line}
	if line != "" {
		out.Claims, _ = load[[]stock.ClaimID](d.s, tableClaimsOf, lineKey(order, line))
	}
	return out
}
