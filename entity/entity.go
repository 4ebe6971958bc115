package entity

import (
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/lineage"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// Kind is a kind of entity.
type Kind string

// The kinds that are made of facts.
const (
	KindOrder      Kind = "order"
	KindReturn     Kind = "return"
	KindInvoice    Kind = "invoice"
	KindSettlement Kind = "settlement"
	// KindChange is what modifies an order, under the reference by which it names it.
	KindChange Kind = "order_change"
)

// Head is what every entity says about itself.
type Head struct {
	// Schema names the form of the entity with its version.
	Schema string `json:"schema" example:"order.v1"`
	ID     string `json:"id"`
	// Version is the journal position of the last fact about it: it grows with every change.
	Version int64           `json:"version"`
	Entity  retail.EntityID `json:"entity,omitempty" doc:"The legal entity"`
	Source  string          `json:"source" doc:"system/instance of the first fact"`
	Since   time.Time       `json:"since" doc:"When the first fact happened"`
	Facts   []FactRef       `json:"facts" doc:"The facts that it is made of; of very many the first thousand"`
}

// FactRef names a fact.
type FactRef struct {
	Position int64      `json:"position"`
	Type     event.Type `json:"type"`
	Key      string     `json:"key"`
}

// Of returns the entities that a fact is a part of, and false as its id where there is none.
func Of(r *record.Record) (Kind, string) {
	switch d := r.Event.Data.(type) {
	case *event.OrderPlaced, *event.MPOrder:
		return KindOrder, string(lineage.OrderIDOf(r.Event.Header))
	case *event.OrderModified:
		return KindChange, d.Order.String()
	case *event.ReturnAccepted:
		return KindReturn, d.Return.ID
	case *event.ReturnNoReceipt:
		return KindReturn, d.Return.ID
	case *event.MPReturned:
		return KindReturn, d.Return.ID
	case *event.RMACreated:
		return KindReturn, d.Return.ID
	case *event.RefundIssued:
		return KindReturn, d.Return.ID
	case *event.Invoice:
		return KindInvoice, d.Number
	case *event.CreditMemo:
		return KindInvoice, d.Number
	case *event.VendorInvoice:
		return KindInvoice, retail.Key(d.Vendor, d.Invoice)
	case *event.VendorCreditMemo:
		return KindInvoice, retail.Key(d.Vendor, d.Memo)
	}
	return KindSettlement, settlementOf(r.Event)
}

// head is what the records say of their entity; there is at least one.
func head(schema, id string, records []*record.Record) Head {
	first := records[0]
	h := Head{
		Schema: schema, ID: id, Entity: first.Outcome.Entity,
		Source: string(first.Event.System) + "/" + string(first.Event.Instance), Since: first.Event.Time,
	}
	for _, r := range records {
		h.Facts = append(h.Facts, FactRef{r.Position, r.Event.Type(), r.Event.Key})
		h.Version = max(h.Version, r.Position)
	}
	return h
}
