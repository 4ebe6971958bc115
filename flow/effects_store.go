package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// storeLines are the lines of what happens at tills (rule book A4).
func storeLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.Sale:
		return soldLines(nil, v.Lines)
	case *event.Exchange:
		var out []line
		for _, l := range v.Returned {
			out = append(out, line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: restored(l.Disposition, l.Reason)})
		}
		return soldLines(out, v.Lines)
	case *event.ReturnAccepted:
		return append(single(v.Item, v.Unit, v.Quantity, restored(v.Disposition, v.Reason)),
			line{id: returnedLine, item: v.Item, unit: v.Unit, quantity: v.Quantity, effect: func(d *decision, _ retail.ItemID, q retail.Quantity) (stock.Effect, error) {
				return stock.Effect{}, d.returned(v.Original, q)
			}})
	case *event.ReturnNoReceipt:
		return single(v.Item, v.Unit, v.Quantity, restored(v.Disposition, ""))
	case *event.PostVoid:
		return unnamed(func(d *decision) (stock.Effect, error) { return d.postVoid(v) })
	case *event.LayawayOpened:
		return layawayLines(v)
	case *event.LayawayCompleted:
		return unnamed(func(d *decision) (stock.Effect, error) { return d.endLayaway(v.Layaway, handOver, handOverLate) })
	case *event.LayawayCancelled:
		return unnamed(func(d *decision) (stock.Effect, error) { return d.endLayaway(v.Layaway, giveUp, giveUpLate) })
	}
	return nil
}

func soldLines(out []line, lines []event.SaleLine) []line {
	for _, l := range lines {
		out = append(out, line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			if l.Owner == event.ConsignedIn {
				return stock.Change(d.s, d.at(item).Delta(event.Consigned, -q))
			}
			return stock.Sale(d.s, d.at(item), q), nil
		}})
	}
	return out
}

// restored brings goods back by disposition (A10), or by the reason where a source tells only that.
func restored(said event.Disposition, reason string) effect {
	return func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
		disposition, err := d.disposition(said, reason)
		if err != nil {
			return stock.Effect{}, err
		}
		return stock.Return(d.s, d.at(item), q, disposition)
	}
}

// returnedLine is what a return does to the order line whose goods come back.
const returnedLine = "returned"

// returned notes that goods of an order line came back. What was sold without an order has none.
func (d *decision) returned(original retail.Ref, q retail.Quantity) error {
	if original.IsZero() {
		return nil
	}
	if t := d.resolve(original); t.Fact == 0 && t.Line == "" {
		return d.await(d.missing(original))
	}
	d.advanceLine(d.target(original), progress.Returned, q)
	return nil
}

// layawayDoc is what a layaway put aside.
type layawayDoc struct {
	Location retail.LocationID `json:"location"`
	Lines    []layawayLine     `json:"lines"`
}

type layawayLine struct {
	Claim    stock.ClaimID   `json:"claim"`
	Quantity retail.Quantity `json:"quantity"` // as the source tells it
}

// layawayClaim names the claim of a line of a layaway.
func layawayClaim(layaway, line string) stock.ClaimID {
	return stock.ClaimID(retail.Key(string(retail.RefLayaway)+":"+layaway, line))
}

func layawayLines(v *event.LayawayOpened) []line {
	out := make([]line, len(v.Lines))
	for i, l := range v.Lines {
		out[i] = line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, makes: layawayClaim(v.Layaway, l.Line), effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			id := layawayClaim(v.Layaway, l.Line)
			before, _ := d.s.Claim(id)
			draft := stock.NewDraft(d.s)
			effect, err := stock.Reserve(draft, stock.Request{
				ID: id, Place: d.at(item), Channel: d.channel, Mode: event.ModePickup, Quantity: q, ExpiresAt: v.ExpiresAt, MadeAt: d.c.next(),
			}, false)
			if err != nil {
				return stock.Effect{}, err
			}
			draft.Add(effect)
			if gone := before.Reached(stock.Fulfilled); !before.Made() && gone > 0 { // handed over before its item was known
				draft.Add(stock.Sale(draft, d.at(item), q))
				draft.Add(stock.FulfilLate(draft, d.at(item), q-gone, stock.Target{Claims: []stock.ClaimID{id}})) // in base units
			}
			return draft.Effect(), nil
		}}
	}
	return out
}

// endLayaway does the same to every line of a layaway, and waits where it has not been opened. Of
// a line whose item is not known yet its claim remembers what has to become of it.
func (d *decision) endLayaway(layaway string, do func(stock.State, stock.Claim) stock.Effect, late func(stock.State, layawayLine, stock.Place) stock.Effect) (stock.Effect, error) {
	doc, ok := load[layawayDoc](d.s, tableLayaways, layaway)
	if !ok {
		return stock.Effect{}, d.await(retail.Ref{Type: retail.RefLayaway, ID: layaway})
	}
	draft := stock.NewDraft(d.s)
	for _, l := range doc.Lines {
		if claim, ok := d.s.Claim(l.Claim); ok && claim.Made() {
			draft.Add(do(draft, claim))
		} else {
			draft.Add(late(draft, l, stock.Place{Location: doc.Location}))
		}
	}
	return draft.Effect(), nil
}

func handOverLate(s stock.State, l layawayLine, p stock.Place) stock.Effect {
	return stock.FulfilLate(s, p, l.Quantity, stock.Target{Claims: []stock.ClaimID{l.Claim}})
}

func giveUpLate(s stock.State, l layawayLine, _ stock.Place) stock.Effect {
	return stock.Release(s, l.Claim, 0)
}

// handOver sells what was put aside: RESERVED −q, SELLABLE −q.
func handOver(s stock.State, c stock.Claim) stock.Effect {
	return stock.Fulfil(s, c.Place, c.Quantity, stock.Target{Claims: []stock.ClaimID{c.ID}})
}

// giveUp puts it back: RESERVED −q.
func giveUp(s stock.State, c stock.Claim) stock.Effect {
	return stock.Cancel(s, c.Item, c.Quantity, stock.Target{Claims: []stock.ClaimID{c.ID}})
}
