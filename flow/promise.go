package flow

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// outlook is the state with what is to come.
type outlook struct{ *state }

var _ stock.Outlook = outlook{}

// Arrivals returns what transfers, shipments of vendors and purchase orders still bring to a place.
func (o outlook) Arrivals(p stock.Place) (out []stock.Arrival) {
	o.pipeline(p, event.InTransit, func(shipment string, q retail.Quantity) {
		eta, _ := load[retail.Date](o.state, tableETAs, shipment)
		out = append(out, stock.Arrival{Place: p, Bucket: event.InTransit, Shipment: shipment, Quantity: q, ETA: eta})
	})
	o.pipeline(p, event.OnOrder, func(id string, _ retail.Quantity) {
		purchase, _ := load[stock.Purchase](o.state, tablePurchases, id)
		for _, a := range purchase.Arrivals() {
			if a.Bucket == event.OnOrder && a.Place == p {
				out = append(out, a)
			}
		}
	})
	return out
}

// Backorders returns the claims on a place that ask for more than they hold.
func (o outlook) Backorders(p stock.Place) []stock.ClaimID {
	ids, _ := load[[]stock.ClaimID](o.state, tableBackorders, placeKey(p))
	return ids
}

func (o outlook) pipeline(p stock.Place, b event.Bucket, each func(document string, q retail.Quantity)) {
	prefix := pipelineKey(p, b, "")
	o.keep(o.ScanCounters(o.Context(), tablePipeline, store.Prefix(prefix), 0, func(key string, n int64) bool {
		each(key[len(prefix):], retail.Quantity(n))
		return true
	}))
}

// promise is what can be promised for the end of a day. How much the pipeline counts is the
// policy atp_confidence of the place's entity, a fraction; 1 where it says nothing.
func (o outlook) promise(p stock.Place, ch retail.ChannelID, day retail.Date) retail.Quantity {
	place, _ := o.book.Row(event.TableLocations, string(p.Location), o.day)
	text := o.book.Policy(retail.EntityID(place["entity"]), "atp_confidence", "1", o.day)
	confidence, err := money.ParseRate(text)
	o.keep(err)
	return stock.ATP(o, p, ch, day, confidence)
}

// expect keeps when what is on its way is expected.
func expect(s *state, e *event.Event) {
	switch d := e.Data.(type) {
	case *event.TransferShipped:
		s.eta(retail.Key(d.Transfer, d.Line), d.ETA)
	case *event.ASNReceived:
		s.eta(d.ASN, d.ETA)
	}
}

func (s *state) eta(shipment string, day retail.Date) {
	if day != 0 {
		save(s, tableETAs, shipment, day)
	}
}
