package booking

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// releasedDoc is what is known since of a line that waited in the flow.
type releasedDoc struct {
	Item     retail.ItemID   `json:"item,omitempty"`
	Quantity retail.Quantity `json:"quantity,omitempty"`
	// Unmeasured says that the line waits still, and that nobody knows how much its unit is.
	Unmeasured bool `json:"unmeasured,omitempty"`
}

func releasedKey(position int64, line string) string { return store.Key(store.Ordinal(position), line) }

func (w *work) released(line string) (releasedDoc, bool) {
	doc, ok := store.Load[releasedDoc](w.o, tableReleased, releasedKey(w.fact.Position, line))
	return doc, ok && !doc.Unmeasured
}

// release keeps what is known now of lines that waited, and lets their tasks go on.
func (p *pass) release() {
	for _, rel := range p.at.Outcome.Releases {
		if len(rel.Waits) > 0 {
			continue
		}
		store.Save(p.o, tableReleased, releasedKey(rel.Position, rel.Line), releasedDoc{Item: rel.Item, Quantity: rel.Quantity})
		if rel.Quantity != 0 {
			p.remeasure(rel.Position, rel.Line, rel.Quantity)
		}
		p.provide(causeLine(rel.Position, rel.Line))
	}
}

// remeasure corrects a line of a sale that was kept before its unit was known.
func (p *pass) remeasure(position int64, line string, q retail.Quantity) {
	key := store.Ordinal(position)
	s, ok := store.Load[posting.Sold](p.o, tableSold, key)
	for i := range s.Lines {
		if s.Lines[i].Line == line {
			s.Lines[i].Quantity = q
		}
	}
	if ok {
		store.Save(p.o, tableSold, key, s)
	}
}

// measured reports whether a line's quantity is known in the item's base unit. One that waits
// for its item and is counted piece by piece is.
func (w *work) measured(line string, unit retail.Unit) bool {
	_, released := w.released(line)
	return released || unit == "" || unit == retail.Each || !w.fact.Outcome.Waiting(line)
}

// markUnmeasured marks the lines of a sale whose quantity is not known in the item's base
// unit, so that returns of them wait.
func (w *work) markUnmeasured(d *event.Sale) {
	for _, l := range d.Lines {
		if !w.measured(l.Line, l.Unit) {
			store.Save(w.o, tableReleased, releasedKey(w.fact.Position, l.Line), releasedDoc{Unmeasured: true})
		}
	}
}

// measure lets the task see the fact with its quantities in the items' base units, as the
// owner has found them: costs and shares of orders count in those.
func (w *work) measure() {
	o := w.fact.Outcome
	if len(o.Quantities) == 0 && len(o.Waits) == 0 {
		return
	}
	e, fact := *w.fact.Event, *w.fact
	e.Data = inBase(e.Data, func(line string, q retail.Quantity) retail.Quantity {
		if base, ok := o.Quantities[line]; ok {
			return base
		}
		if rel, ok := w.released(line); ok && o.Waiting(line) && rel.Quantity != 0 {
			return rel.Quantity
		}
		return q
	})
	fact.Event = &e
	w.fact = &fact
}

// inBase returns a body with other quantities of its lines; the body itself stays as it is.
func inBase(body event.Body, of func(line string, q retail.Quantity) retail.Quantity) event.Body {
	lines := func(lines []event.FulfilledLine) []event.FulfilledLine {
		lines = slices.Clone(lines)
		for i, l := range lines {
			lines[i].Quantity = of(l.Line, l.Quantity)
		}
		return lines
	}
	switch d := body.(type) {
	case *event.Sale:
		sale := *d
		sale.Lines = slices.Clone(d.Lines)
		for i, l := range d.Lines {
			sale.Lines[i].Quantity = of(l.Line, l.Quantity)
		}
		return &sale
	case *event.PickedUp:
		f := *d
		f.Lines = lines(d.Lines)
		return &f
	case *event.Fulfilled:
		f := *d
		f.Lines = lines(d.Lines)
		return &f
	case *event.Shipped:
		f := *d
		f.Lines = lines(d.Lines)
		return &f
	case *event.ReturnAccepted:
		r := *d
		r.Quantity = of(lineOne, d.Quantity)
		return &r
	case *event.ReturnNoReceipt:
		r := *d
		r.Quantity = of(lineOne, d.Quantity)
		return &r
	case *event.POReceived:
		r := *d
		r.Quantity = of(lineOne, d.Quantity)
		return &r
	case *event.StockAdjusted:
		a := *d
		a.Quantity = of(lineOne, d.Quantity)
		return &a
	}
	return body
}

// ordered returns an order with its quantities in the items' base units. Where a line is
// counted in some unit, the order waits for its item and the unit (V-ITEM-03).
func (w *work) ordered(d *event.OrderPlaced) (*event.OrderPlaced, error) {
	out := *d
	out.Lines = slices.Clone(d.Lines)
	for i, l := range d.Lines {
		if l.Unit == "" {
			continue
		}
		item, row, ok := w.ref.Item(reference.Naming{System: w.fact.Event.System}, l.Item, w.day)
		if !ok && l.Unit == retail.Each {
			continue // what is counted piece by piece says its quantity by itself
		}
		if !ok {
			return nil, waitFor(causeRow(event.TableItems, l.Item), fault.New(fault.ItemUnknown, l.Item, "nothing tells what a %s of it is", l.Unit))
		}
		q, err := w.ref.InBase(item, row, l.Unit, l.Quantity, w.day)
		if err != nil {
			return nil, waitFor(causeRow(event.TableItemUnits, string(l.Unit)), err)
		}
		out.Lines[i].Quantity = q
	}
	return &out, nil
}
