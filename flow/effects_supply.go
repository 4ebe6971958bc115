package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// supplyLines are the lines of what comes from vendors and goes back to them (rule book A6).
func supplyLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.POApproved:
		return ordered((*event.PurchaseLine)(v), max(e.SourceVersion, 1))
	case *event.POChanged:
		version := e.SourceVersion
		if version == 0 {
			version = e.Time.UnixMicro() // the order's own clock tells which change is the last
		}
		return ordered((*event.PurchaseLine)(v), version)
	case *event.ASNReceived:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			d.advance(progress.PurchaseLine, v.Purchase.ID, "", progress.ASN, int64(q))
			return stock.Announce(d.purchase(v.Purchase), stock.Announcement{
				Place: d.at(item), Shipment: v.ASN, Quantity: q, ETA: v.ETA, Title: d.policy("po_title", "RECEIPT") == "SHIPMENT",
			})
		})
	case *event.POReceived:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.receive(v.Purchase, stock.Receipt{Place: d.at(item), Bucket: v.Bucket, Shipment: v.ASN.ID, Quantity: q})
		})
	case *event.ReceiptReversed:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.receive(v.Purchase, stock.Receipt{Place: d.at(item), Bucket: v.Bucket, Quantity: -q})
		})
	case *event.ReceiptDiscrepancy:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return d.differ(v, item, q)
		})
	case *event.QCReleased:
		return moved(v.Item, v.Unit, v.Quantity, between(event.QCHold, event.Sellable))
	case *event.QCRejected:
		return moved(v.Item, v.Unit, v.Quantity, between(event.QCHold, event.Damaged))
	case *event.VendorReturnShipped:
		return moved(v.Item, v.Unit, v.Quantity, out(or(v.Bucket, event.Damaged)))
	}
	return nil
}

func ordered(v *event.PurchaseLine, version int64) []line {
	return single(v.Item, v.Unit, retail.Quantity(v.Quantity), func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
		before := d.purchase(retail.Ref{Type: retail.RefPurchase, ID: retail.Key(v.Order, v.Line)})
		if version > before.Version {
			d.advance(progress.PurchaseLine, string(before.ID), "", progress.Approved, int64(q-before.Ordered))
		}
		return stock.Approve(before, stock.Order{Place: d.at(item), Version: version, Quantity: q, ETA: v.ETA})
	})
}

// purchase returns what is known of a purchase order line.
func (d *decision) purchase(ref retail.Ref) stock.Purchase {
	p, ok := load[stock.Purchase](d.s, tablePurchases, ref.ID)
	if !ok {
		p.ID = stock.PurchaseID(ref.ID)
	}
	return p
}

// receive brings goods in, for a purchase order line where one is named.
func (d *decision) receive(purchase retail.Ref, r stock.Receipt) (stock.Effect, error) {
	if purchase.IsZero() {
		return stock.Receive(d.s, r.Place, r.Bucket, r.Quantity)
	}
	d.advance(progress.PurchaseLine, purchase.ID, "", progress.Received, int64(r.Quantity))
	return stock.ReceivePurchase(d.s, d.purchase(purchase), r)
}

// differ is what a discrepancy of a receipt does, by its kind.
func (d *decision) differ(v *event.ReceiptDiscrepancy, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
	receipt := stock.Receipt{Place: d.at(item), Quantity: q}
	switch v.Kind {
	case event.DiscrepancyShort:
		if !v.Closed || v.Purchase.IsZero() {
			return stock.Effect{}, nil
		}
		d.advance(progress.PurchaseLine, v.Purchase.ID, "", progress.ClosedShort, int64(q))
		return stock.CloseShort(d.purchase(v.Purchase), "", q), nil
	case event.DiscrepancyItem:
		// What nobody ordered is held until somebody says whose it is.
		return stock.Change(d.s, receipt.Place.Delta(event.QCHold, q))
	case event.DiscrepancyDamaged:
		return stock.Change(d.s, receipt.Place.Delta(event.Damaged, q))
	}
	return d.receive(v.Purchase, receipt)
}

// movementLines are the lines of what happens to goods within a location (rule book A6).
func movementLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.StockAdjusted:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Adjust(d.s, d.at(item), v.Bucket, q)
		})
	case *event.Damage:
		return moved(v.Item, v.Unit, v.Quantity, between(event.Sellable, event.Damaged))
	case *event.Undamage:
		return moved(v.Item, v.Unit, v.Quantity, between(event.Damaged, event.Sellable))
	case *event.Shrink:
		return moved(v.Item, v.Unit, v.Quantity, out(event.Sellable))
	case *event.WrittenOff:
		return moved(v.Item, v.Unit, v.Quantity, out(v.Bucket))
	case *event.Destroyed:
		return moved(v.Item, v.Unit, v.Quantity, out(v.Bucket))
	case *event.Donated:
		return moved(v.Item, v.Unit, v.Quantity, out(or(v.Bucket, event.Sellable)))
	case *event.KitAssembled:
		return kitLines((*event.KitWork)(v), +1)
	case *event.Repacked:
		return kitLines((*event.KitWork)(v), +1)
	case *event.KitDisassembled:
		return kitLines((*event.KitWork)(v), -1)
	case *event.ConsignmentReceived:
		return moved(v.Item, v.Unit, v.Quantity, in(event.Consigned))
	case *event.ConsignmentReturned:
		return moved(v.Item, v.Unit, v.Quantity, out(event.Consigned))
	case *event.ThirdPartyAdjusted:
		if v.From != "" {
			return moved(v.Item, v.Unit, v.Quantity, between(v.From, v.Bucket))
		}
		return moved(v.Item, v.Unit, v.Quantity, in(v.Bucket))
	case *event.CountAdjusted:
		return single(v.Item, v.Unit, retail.Quantity(v.Counted), func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.MakeCount(counts{d.s}, stock.Count{
				ID: stock.CountID(retail.Key(v.Count, v.Line)), Place: d.at(item), Bucket: v.Bucket, Cutoff: v.Cutoff, Counted: q,
			})
		})
	case *event.CountRecomputed:
		return single(v.Item, "", v.Quantity, func(d *decision, _ retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			return stock.Recompute(counts{d.s}, stock.CountID(retail.Key(v.Count, v.Line)), q)
		})
	}
	return nil
}

// deltas says what a quantity does to the buckets of a place.
type deltas = func(d *decision, p stock.Place, q retail.Quantity) []stock.Move

func in(b event.Bucket) deltas {
	return func(_ *decision, p stock.Place, q retail.Quantity) []stock.Move { return []stock.Move{p.Delta(b, q)} }
}

func out(b event.Bucket) deltas {
	return func(_ *decision, p stock.Place, q retail.Quantity) []stock.Move { return []stock.Move{p.Delta(b, -q)} }
}

func between(from, to event.Bucket) deltas {
	return func(_ *decision, p stock.Place, q retail.Quantity) []stock.Move {
		return []stock.Move{p.Delta(from, -q), p.Delta(to, q)}
	}
}

// or returns the bucket, or another one where none is told.
func or(b, otherwise event.Bucket) event.Bucket {
	if b == "" {
		return otherwise
	}
	return b
}

// kitLines turn parts into a kit, or a kit into parts with sign −1. Scrap is lost both ways.
func kitLines(v *event.KitWork, sign retail.Quantity) []line {
	signed := func(q retail.Quantity) effect {
		return func(d *decision, item retail.ItemID, n retail.Quantity) (stock.Effect, error) {
			return stock.Change(d.s, d.at(item).Delta(event.Sellable, q*n))
		}
	}
	out := single(v.Item, v.Unit, v.Quantity, signed(sign))
	for _, p := range v.Parts {
		n := p.Quantity
		if sign < 0 {
			n -= p.Scrap
		}
		if n > 0 {
			out = append(out, line{id: "part" + retail.Sep + p.Line, item: p.Item, unit: p.Unit, quantity: n, effect: signed(-sign)})
		}
	}
	return out
}

// transferLines are the lines of what goes from one own location to another (rule book A6).
// What is on the way is kept by transfer and line.
func transferLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.TransferRequested:
		claim := transferClaim(v.Transfer, v.Line)
		asked := single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Requested, int64(q))
			return stock.Reserve(d.s, stock.Request{ID: claim, Place: d.at(item), Quantity: q, MadeAt: d.c.next()}, false)
		})
		asked[0].makes = claim
		return asked
	case *event.TransferCancelled:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Cancelled, int64(q))
			return stock.Cancel(d.s, item, q, stock.Target{Claims: []stock.ClaimID{transferClaim(v.Transfer, v.Line)}}), nil
		})
	case *event.TransferShipped:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			t := stock.Transfer{Shipment: retail.Key(v.Transfer, v.Line), Item: item, From: d.place, To: d.other, Quantity: q}
			d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Shipped, int64(q))
			return stock.ShipTransfer(d.s, t, stock.Target{Claims: []stock.ClaimID{transferClaim(v.Transfer, v.Line)}}), nil
		})
	case *event.TransferReceived:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			t := stock.Transfer{Shipment: retail.Key(v.Transfer, v.Line), Item: item, From: d.other, To: d.place, Quantity: q}
			d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Received, int64(q))
			return stock.ReceiveTransfer(d.s, t, v.Bucket)
		})
	case *event.TransferDiscrepancyResolved:
		return single(v.Item, v.Unit, v.Quantity, func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
			t := stock.Transfer{Shipment: retail.Key(v.Transfer, v.Line), Item: item, From: d.other, To: d.place, Quantity: q}
			switch v.Resolution {
			case event.ResolvedOverage: // what came too much has been shipped
				d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Shipped, int64(q))
			default:
				d.advance(progress.TransferLine, v.Transfer, v.Line, progress.Lost, int64(q))
			}
			return stock.ResolveTransfer(d.s, t, v.Resolution)
		})
	case *event.ConsignedOutMoved:
		return moved(v.Item, v.Unit, v.Quantity, func(d *decision, p stock.Place, q retail.Quantity) []stock.Move {
			to := stock.Place{Item: p.Item, Location: d.other}
			return []stock.Move{p.Delta(event.Sellable, -q), to.Delta(event.Sellable, q)}
		})
	case *event.ConsignedOutSold:
		return moved(v.Item, v.Unit, v.Quantity, out(event.Sellable))
	}
	return nil
}

// transferClaim names the claim that a transfer has on its source.
func transferClaim(transfer, line string) stock.ClaimID {
	return stock.ClaimID(retail.Key(string(retail.RefTransfer)+":"+transfer, line))
}

// marketplaceLines are the lines of what a marketplace does with our goods (rule book A8).
func marketplaceLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.MPOrder:
		if v.Location == "" || v.FulfilledBy != event.ByMerchant {
			return nil
		}
		out := make([]line, len(v.Lines))
		for i, l := range v.Lines {
			claim := stock.ClaimID(retail.Key(string(lineage.OrderIDOf(e.Header)), l.Line))
			out[i] = line{id: l.Line, item: l.Item, unit: l.Unit, quantity: l.Quantity, makes: claim, effect: func(d *decision, item retail.ItemID, q retail.Quantity) (stock.Effect, error) {
				return stock.Reserve(d.s, stock.Request{
					ID: claim, Order: d.outcome.Order, OrderLine: l.Line, Place: d.at(item),
					Channel: v.Channel, Mode: event.ModeShip, Quantity: q, MadeAt: d.c.next(),
				}, false)
			}}
		}
		return out
	case *event.MPShipped:
		return moved(v.Item, v.Unit, v.Quantity, out(event.Sellable))
	case *event.MPReturned:
		return single(v.Item, v.Unit, v.Quantity, restored(v.Disposition, v.Reason))
	}
	return nil
}

// feeLines move nothing: they ask for the class that their money needs.
func feeLines(e *event.Event) []line {
	switch v := e.Data.(type) {
	case *event.ProcessorFee:
		return fee(v.FeeType)
	case *event.MPFees:
		return fee(v.FeeType)
	case *event.MPAdvertising:
		return fee(v.FeeType)
	case *event.MPStorage:
		return fee(v.FeeType)
	}
	return nil
}
