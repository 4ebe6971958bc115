package flow

import (
	"slices"
	"strconv"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// orderLines are the lines of what happens to orders and shipments (rule book A5).
func orderLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.PickedUp:
		return fulfilledLines((*event.Fulfilment)(v), progress.Shipped, progress.Delivered)
	case *event.Fulfilled:
		return fulfilledLines((*event.Fulfilment)(v), progress.Shipped)
	case *event.Shipped:
		return shippedLines(v)
	case *event.Delivered:
		return append(pipelineLines(v.Shipment, v.Lines), deliveredLines(v)...)
	case *event.DeliveryFailed:
		if v.Outcome == event.DeliveryLost {
			return pipelineLines(v.Shipment, v.Lines)
		}
	case *event.ReturnedToSender:
		return append(backLines(v), pipelineLines(v.Shipment, v.Lines)...)
	case *event.PickupExpired:
		return expiredLines(v)
	case *event.LineCancelled:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.cancel(v.OrderLine, item, q)
		})
	case *event.OrderCancelled:
		return unnamed(func(d *decision) (stock.Effect, error) { return d.cancelOrder(v) })
	case *event.OrderModified:
		return modifiedLines(v)
	case *event.Substituted:
		return append(single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			if err := d.awaitLine(v.OrderLine); err != nil {
				return stock.Effect{}, err
			}
			return stock.Cancel(d.s, item, q, d.target(v.OrderLine)), nil
		}), line{id: newItemLine, item: v.NewItem, unit: v.Unit, quantity: v.Quantity, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.substitute(v, item, q)
		}})
	}
	return nil
}

// fulfilledLines hand over goods, and serve the promise of the order line. What is handed
// over before its order line is known has left the shelf all the same; only the promise waits.
// A fact that its source has taken back does nothing: that the version before did is mirrored.
func fulfilledLines(f *event.Fulfilment, reaches ...progress.Stage) []line {
	if f.Cancelled {
		return nil
	}
	return handedOver(f.Lines, func(*decision, stock.Place, retail.Quantity) []stock.Move { return nil }, reaches...)
}

// shippedLines leave the house; by the policy recognise=DELIVERY they are still ours on the way.
func shippedLines(v *event.Shipped) []line {
	return handedOver(v.Lines, func(d *decision, p stock.Place, q retail.Quantity) []stock.Move {
		if d.policy("recognise", "SHIPMENT") != "DELIVERY" {
			return nil
		}
		return []stock.Move{p.Delta(event.ShippedNotDelivered, q).By(v.Shipment.ID)}
	}, progress.Shipped)
}

func handedOver(lines []event.FulfilledLine, onward deltas, reaches ...progress.Stage) []line {
	out := make([]line, 0, 2*len(lines))
	for _, l := range lines {
		goods := func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			t := stock.Target{}
			if !d.late && d.awaitLine(l.Claim) == nil {
				t = d.target(l.Claim)
			}
			return stock.Fulfil(d.s, d.at(item), q, t, onward(d, d.at(item), q)...), nil
		}
		promise := func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			if err := d.awaitLine(l.Claim); err != nil {
				return stock.Effect{}, err
			}
			for _, stage := range reaches {
				d.advanceLine(d.target(l.Claim), stage, q)
			}
			if !d.late {
				return stock.Effect{}, nil
			}
			return stock.FulfilLate(d.s, d.at(item), q, d.target(l.Claim)), nil
		}
		out = append(out,
			line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: goods},
			line{id: promiseLine + l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: promise})
	}
	return out
}

// promiseLine begins the ids of what a handing-over does to promises.
const promiseLine = "promise" + retail.Sep

// shipmentDoc is what a shipment has on its way to a customer.
type shipmentDoc struct {
	Goods []shippedGoods `json:"goods,omitempty"`
	Lines []shippedLine  `json:"lines,omitempty"`
}

// shippedLine is what a shipment has for an order line, in base units where its item was known.
type shippedLine struct {
	Claim    retail.Ref      `json:"claim"`
	Quantity retail.Quantity `json:"quantity"`
}

type shippedGoods struct {
	stock.Place
	Quantity retail.Quantity `json:"quantity"` // not delivered yet
}

// pipelineLines end the way of a shipment: of the given lines, or of all that is left. A
// delivery that comes before its shipment waits for it (A9).
func pipelineLines(shipment retail.Ref, lines []event.ClaimedLine) []line {
	if len(lines) == 0 {
		return []line{{id: pipelineLine, effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) {
			return d.endOfWay(shipment, "", 0)
		}}}
	}
	out := make([]line, len(lines))
	for i, l := range lines {
		out[i] = line{id: pipelineLine + l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.endOfWay(shipment, item, q)
		}}
	}
	return out
}

// pipelineLine begins the ids of what a fact does to goods on their way.
const pipelineLine = "way" + retail.Sep

// deliveredLines note that the customer has the goods, by the lines of the delivery or else by
// those of its shipment.
func deliveredLines(v *event.Delivered) []line {
	var out []line
	for _, l := range v.Lines {
		out = append(out, line{id: deliveredLine + l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: func(d *decision, _ retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Effect{}, d.deliver(l.Claim, q)
		}})
	}
	if len(v.Lines) > 0 {
		return out
	}
	return []line{{id: deliveredLine, effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) {
		doc, ok := load[shipmentDoc](d.s, tableShipments, v.Shipment.ID)
		if !ok {
			return stock.Effect{}, d.await(v.Shipment)
		}
		for _, l := range doc.Lines {
			if err := d.awaitLine(l.Claim); err != nil {
				return stock.Effect{}, err
			}
		}
		for _, l := range doc.Lines {
			d.advanceLine(d.target(l.Claim), progress.Delivered, l.Quantity)
		}
		return stock.Effect{}, nil
	}}}
}

// deliveredLine begins the ids of what a delivery says of order lines.
const deliveredLine = "delivered" + retail.Sep

func (d *decision) deliver(claim retail.Ref, q retail.Quantity) error {
	if err := d.awaitLine(claim); err != nil {
		return err
	}
	d.advanceLine(d.target(claim), progress.Delivered, q)
	return nil
}

// endOfWay takes up to q of an item, or everything, off a shipment's way.
func (d *decision) endOfWay(shipment retail.Ref, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	doc, ok := load[shipmentDoc](d.s, tableShipments, shipment.ID)
	if !ok {
		return stock.Effect{}, d.await(shipment)
	}
	var moves []stock.Move
	for _, g := range doc.Goods {
		n := g.Quantity
		if item != "" && item != g.Item {
			continue
		}
		if item != "" {
			n = min(n, q)
			q -= n
		}
		if n > 0 {
			moves = append(moves, g.Delta(event.ShippedNotDelivered, -n).By(shipment.ID))
		}
	}
	return stock.Change(d.s, moves...)
}

// backLines are goods that a carrier brought back: they are looked at first.
func backLines(v *event.ReturnedToSender) []line {
	out := make([]line, len(v.Lines))
	for i, l := range v.Lines {
		out[i] = line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Change(d.s, d.at(item).Delta(event.QCHold, q))
		}}
	}
	return out
}

// expiredLines go back to the shelf. A source that does not tell where they stood gives up the
// promise only.
func expiredLines(v *event.PickupExpired) []line {
	out := make([]line, len(v.Lines))
	for i, l := range v.Lines {
		out[i] = line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			if err := d.awaitLine(l.Claim); err != nil || d.place == "" {
				return d.cancel(l.Claim, item, q)
			}
			d.advanceLine(d.target(l.Claim), progress.Cancelled, q)
			return stock.ExpirePickup(d.s, d.at(item), q, d.target(l.Claim)), nil
		}}
	}
	return out
}

// cancel gives up a quantity of an order line's claims, and waits where the line is not known.
func (d *decision) cancel(of retail.Ref, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	if err := d.awaitLine(of); err != nil {
		return stock.Effect{}, err
	}
	t := d.target(of)
	if item == "" {
		item, _ = d.orderedItem(t.Order, t.Line)
	}
	d.advanceLine(t, progress.Cancelled, q)
	if claimed := d.claimedItems(t); len(claimed) == 1 {
		item = claimed[0] // the line's goods may have been substituted
	}
	return stock.Cancel(d.s, item, q, t), nil
}

// claimedItems returns the items of which something is still claimed for a line: the ordered one,
// or what is given instead.
func (d *decision) claimedItems(t stock.Target) (items []retail.ItemID) {
	for _, id := range t.Claims {
		if c, ok := d.s.Claim(id); ok && c.Made() && !c.Closed() && !slices.Contains(items, c.Item) {
			items = append(items, c.Item)
		}
	}
	return items
}

// orderedItem resolves the item of an order line as the order named it.
func (d *decision) orderedItem(order retail.OrderID, line string) (retail.ItemID, retail.Quantity) {
	doc, _ := load[orderDoc](d.s, tableOrders, string(order))
	for _, l := range d.s.orderLines(doc) {
		if l.Line == line {
			return d.inBase(reference.Naming{System: doc.System}, l.Item, l.Unit, l.Quantity)
		}
	}
	return "", 0
}

// inBase resolves an item, and a quantity of it in its base unit; the quantity stays as it is told
// where the item or the unit is not known.
func (d *decision) inBase(naming reference.Naming, code string, unit retail.Unit, q retail.Quantity) (retail.ItemID, retail.Quantity) {
	item, row, ok := d.s.book.Item(naming, code, d.day)
	if !ok {
		return item, q
	}
	if base, err := d.s.book.InBase(item, row, unit, q, d.day); err == nil {
		q = base
	}
	return item, q
}

// cancelOrder gives up all that is claimed of an order, and what will be.
func (d *decision) cancelOrder(v *event.OrderCancelled) (stock.Effect, error) {
	id := d.resolve(v.Order).Order
	doc, ok := load[orderDoc](d.s, tableOrders, string(id))
	if id == "" || !ok {
		return stock.Effect{}, d.await(d.missing(v.Order))
	}
	draft := stock.NewDraft(d.s)
	for _, l := range d.s.orderLines(doc) {
		item, q := d.orderedItem(id, l.Line)
		t := d.lineTarget(id, l.Line)
		// What was handed over stays so, and is a return to come (A9); what was cancelled before
		// is not cancelled twice.
		have, _ := load[progressDoc](d.s, tableProgress, progressKey(progress.OrderLine, string(id), l.Line))
		if left := have.uncancelled(q); left > 0 {
			d.advanceLine(t, progress.Cancelled, left)
		}
		claimed := d.claimedItems(t)
		if !slices.Contains(claimed, item) {
			claimed = append(claimed, item) // whoever claims it later finds it cancelled
		}
		for _, item := range claimed {
			draft.Add(stock.Cancel(draft, item, q, t))
		}
	}
	return draft.Effect(), nil
}

// modifiedLines give up what an order asks less for. What it asks more for is demand, and
// whoever promises it reserves.
func modifiedLines(v *event.OrderModified) []line {
	out := []line{{id: "added", effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) {
		order := d.resolve(v.Order).Order
		if order == "" {
			return stock.Effect{}, d.await(d.missing(v.Order))
		}
		d.placed(order, v.Added)
		return stock.Effect{}, nil
	}}}
	for i, c := range v.Changed {
		out = append(out, line{id: retail.Key("changed", strconv.Itoa(i)), effect: func(d *decision, _ retail.ItemID, _ retail.Quantity) (stock.Effect, error) {
			if c.Quantity < 0 {
				return d.cancel(c.Line, "", -c.Quantity)
			}
			if err := d.awaitLine(c.Line); err != nil {
				return stock.Effect{}, err
			}
			d.advanceLine(d.target(c.Line), progress.Placed, c.Quantity)
			return stock.Effect{}, nil
		}})
	}
	return out
}

// newItemLine is what a substitution does to the item that is given instead.
const newItemLine = "new"

// substitute claims the new item where the old one was claimed.
func (d *decision) substitute(v *event.Substituted, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	if err := d.awaitLine(v.OrderLine); err != nil {
		return stock.Effect{}, err
	}
	t := d.target(v.OrderLine)
	have, _ := load[progressDoc](d.s, tableProgress, progressKey(progress.OrderLine, string(t.Order), t.Line))
	if _, ordered := d.orderedItem(t.Order, t.Line); ordered > 0 && have.uncancelled(ordered) <= 0 {
		return stock.Effect{}, nil // nobody wants it any more
	}
	for _, id := range t.Claims {
		c, ok := d.s.Claim(id)
		if !ok || !c.Made() {
			continue
		}
		return stock.Reserve(d.s, stock.Request{
			ID: stock.ClaimID(retail.Key(string(id), d.e.Key)), Order: t.Order, OrderLine: t.Line, Place: stock.Place{Item: item, Location: c.Location},
			Channel: c.Channel, Mode: c.Mode, Quantity: q, ExpiresAt: c.ExpiresAt, MadeAt: d.c.next(),
		}, false)
	}
	return stock.Effect{}, nil
}

// awaitLine says that a fact has to wait for the order line that it serves (L1), where it
// names one that is not known yet.
func (d *decision) awaitLine(ref retail.Ref) error {
	if ref.IsZero() || ref.Type == retail.RefReservation {
		return nil
	}
	if t := d.resolve(ref); t.Line != "" || t.Claim != "" {
		return nil
	}
	return d.await(d.missing(ref))
}

// await is the lack of a document. It is no exception: documents come out of order every day.
func (d *decision) await(ref retail.Ref) error {
	return &lack{fault: fault.New(fault.ParentMissing, ref.String(), "it has not arrived"), silent: true}
}

// missing is the reference at which the way from a reference ends.
func (d *decision) missing(ref retail.Ref) retail.Ref {
	_, missing, _ := lineage.Resolve(d.s, ref)
	if missing.IsZero() {
		return ref
	}
	return missing
}
