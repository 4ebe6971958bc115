package stock

import (
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// PurchaseID names a line of a purchase order: order no·line.
type PurchaseID string

// Purchase is what is known of a line of a purchase order. Like a claim it keeps sums of
// what its facts said, and what it expects is a function of them: ON_ORDER is never below
// zero, an order that is told after its receipt is not expected again, and neither is one
// that is told twice.
type Purchase struct {
	ID PurchaseID `json:"id"`
	// Place is where the goods are to come.
	Place
	// Version is that of the latest order that came; zero as long as only other facts did.
	Version int64 `json:"version,omitempty"`
	// Ordered is the whole quantity of that version; zero for a line that was cancelled.
	Ordered retail.Quantity `json:"ordered,omitempty"`
	// ETA is when the order expects what no shipment has announced.
	ETA retail.Date `json:"eta,omitzero"`
	// Closings counts what says that no more comes than what is in transit (CLOSED_SHORT).
	Closings int64 `json:"closings,omitempty"`
	// Parts are sorted by shipment; the one without a shipment holds what facts said that named none.
	Parts []PurchasePart `json:"parts,omitempty"`
}

// PurchasePart is what facts said about one shipment of the line.
type PurchasePart struct {
	Shipment string `json:"shipment,omitempty"`
	// Location is where the shipment is to come, which may be another one than was ordered to.
	Location  retail.LocationID `json:"location,omitempty"`
	Announced retail.Quantity   `json:"announced,omitempty"`
	Received  retail.Quantity   `json:"received,omitempty"`
	// Short is what should have come and did not.
	Short retail.Quantity `json:"short,omitempty"`
	// Title says that the goods became ours when they were shipped (po_title=SHIPMENT): they
	// stand in IN_TRANSIT, and otherwise in ON_ORDER until they are received.
	Title bool        `json:"title,omitempty"`
	ETA   retail.Date `json:"eta,omitzero"`
}

// Order is one version of the order line (PO_APPROVED, PO_CHANGED).
type Order struct {
	Place    Place
	Version  int64 // 1 or more
	Quantity retail.Quantity
	ETA      retail.Date
}

// Approve sets what is ordered (PO_APPROVED, PO_CHANGED): ON_ORDER by the difference. The
// quantity is the total of that version, not an addition; a version that is not higher than the
// one known changes nothing.
func Approve(before Purchase, o Order) (Effect, error) {
	switch {
	case o.Version < 1:
		return Effect{}, fault.New(fault.SchemaInvalid, string(before.ID), "an order has a version of 1 or more")
	case o.Quantity < 0:
		return Effect{}, fault.New(fault.QuantitySign, string(before.ID), "%s is ordered; it must not be less than nothing", o.Quantity)
	case o.Version <= before.Version:
		return Effect{}, nil
	}
	after := before.clone()
	after.Place, after.Version, after.Ordered, after.ETA = o.Place, o.Version, o.Quantity, o.ETA
	return before.become(after), nil
}

// Announcement is a line of a vendor's advance shipping notice.
type Announcement struct {
	Place    Place // where the goods are to come
	Shipment string
	Quantity retail.Quantity
	ETA      retail.Date
	// Title says that the goods became ours when they were shipped (po_title=SHIPMENT).
	Title bool
}

// Announce adds what a shipment brings (ASN_RECEIVED). With title it moves: ON_ORDER −q,
// IN_TRANSIT +q, less what that shipment has been received already; without, it only says when
// the goods come.
func Announce(before Purchase, a Announcement) (Effect, error) {
	if a.Shipment == "" {
		return Effect{}, fault.New(fault.SchemaInvalid, string(before.ID), "an announcement names its shipment")
	}
	after := before.of(a.Place.Item)
	p := after.part(a.Shipment)
	p.Announced += a.Quantity
	p.Location, p.Title, p.ETA = a.Place.Location, a.Title, a.ETA
	return before.become(after), nil
}

// Receipt is a quantity that came for an order line.
type Receipt struct {
	// Place is where it came in, which may be another one than was ordered to.
	Place Place
	// Bucket is SELLABLE, QC_HOLD or DAMAGED; empty means SELLABLE.
	Bucket   event.Bucket
	Shipment string // empty where the receipt does not tell
	Quantity retail.Quantity
}

// ReceivePurchase brings in goods of an order (PO_RECEIVED, an overage by RECEIPT_DISCREPANCY):
// IN_TRANSIT −q as far as the order has something in transit, else ON_ORDER −q as far as
// something is on order, and +q in the bucket; another bucket is V-SCH-01. A negative quantity
// takes it back (RECEIPT_REVERSED).
func ReceivePurchase(s State, before Purchase, r Receipt) (Effect, error) {
	if r.Bucket == "" {
		r.Bucket = event.Sellable
	}
	if !physical(r.Bucket) || r.Bucket == event.Consigned {
		return Effect{}, fault.New(fault.SchemaInvalid, string(before.ID), "goods of an order are not received into %q", r.Bucket)
	}
	after := before.of(r.Place.Item)
	after.part(r.Shipment).Received += r.Quantity
	d := NewDraft(s)
	d.Add(before.become(after))
	d.shift(r.Place.Delta(r.Bucket, r.Quantity))
	d.check()
	return d.Effect(), nil
}

// CloseShort ends the line (RECEIPT_DISCREPANCY of type SHORT that closes it): what was on order
// is not expected any more. Where title passed on shipment, q of what is in transit did not
// come: of that shipment, or of any if it is empty. A negative quantity takes it back.
func CloseShort(before Purchase, shipment string, q retail.Quantity) Effect {
	after := before.clone()
	after.Closings++
	if q < 0 { // it is taken back
		after.Closings -= 2
	}
	after.part(shipment).Short += q
	return before.become(after)
}

// Arrivals returns what the line still brings, by shipment, and last what no shipment has
// announced. What stands in ON_ORDER is found under the line's id.
func (p *Purchase) Arrivals() []Arrival {
	var out []Arrival
	add := func(l retail.LocationID, b event.Bucket, shipment string, q retail.Quantity, eta retail.Date) {
		if q > 0 {
			out = append(out, Arrival{Place: Place{p.Item, l}, Bucket: b, Shipment: shipment, Quantity: q, ETA: eta})
		}
	}
	unnamed, left := p.unnamed(), p.Ordered
	due := make([]retail.Quantity, len(p.Parts)) // what each shipment still brings
	for i, part := range p.Parts {
		if part.Shipment == "" {
			continue
		}
		came := part.Received + part.Short
		filled := min(unnamed, max(part.Announced-came, 0))
		unnamed -= filled
		due[i] = max(part.Announced-came-filled, 0)
		if part.Title {
			add(part.Location, event.InTransit, part.Shipment, due[i], part.ETA)
			left -= max(part.Announced, came)
		} else {
			left -= came + filled
		}
	}
	if left -= unnamed; p.Closings > 0 {
		return out
	}
	for i, part := range p.Parts {
		if part.Shipment != "" && !part.Title {
			announced := min(due[i], max(left, 0))
			add(p.Location, event.OnOrder, string(p.ID), announced, part.ETA)
			left -= announced
		}
	}
	add(p.Location, event.OnOrder, string(p.ID), left, p.ETA)
	return out
}

// unnamed returns what was received or missed without a shipment.
func (p *Purchase) unnamed() retail.Quantity {
	if i, found := p.find(""); found {
		return max(p.Parts[i].Received+p.Parts[i].Short, 0)
	}
	return 0
}

// become returns the effect of the line's new content: by how much what it expects changes.
func (p Purchase) become(after Purchase) Effect {
	after.Parts = slices.DeleteFunc(after.Parts, func(part PurchasePart) bool {
		return part.Announced == 0 && part.Received == 0 && part.Short == 0
	})
	d := NewDraft(nil)
	for _, a := range p.Arrivals() {
		d.shift(a.Delta(a.Bucket, -a.Quantity).By(a.Shipment))
	}
	for _, a := range after.Arrivals() {
		d.shift(a.Delta(a.Bucket, a.Quantity).By(a.Shipment))
	}
	d.net(0)
	d.effect.Purchases = []Purchase{after}
	return d.Effect()
}

// of returns a copy to change; the item of a line is known before its order has come.
func (p Purchase) of(item retail.ItemID) Purchase {
	p = p.clone()
	if p.Item == "" {
		p.Item = item
	}
	return p
}

func (p Purchase) clone() Purchase {
	p.Parts = slices.Clone(p.Parts)
	return p
}

// part returns the sums of a shipment to change.
func (p *Purchase) part(shipment string) *PurchasePart {
	i, found := p.find(shipment)
	if !found {
		p.Parts = slices.Insert(p.Parts, i, PurchasePart{Shipment: shipment})
	}
	return &p.Parts[i]
}

func (p *Purchase) find(shipment string) (int, bool) {
	return slices.BinarySearchFunc(p.Parts, shipment, func(part PurchasePart, s string) int {
		return strings.Compare(part.Shipment, s)
	})
}
