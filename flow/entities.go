package flow

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/heddlehq/heddle/entity"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/progress"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
	"github.com/heddlehq/heddle/store"
)

// factsMax is how many facts an entity shows of those that it is made of; sums are over all.
const factsMax = 1000

// entityDoc is what is known of an entity without its facts.
type entityDoc struct {
	Members int64         `json:"members"`
	Payout  *money.Amount `json:"payout,omitempty"`
}

// describe lists the fact under the entity that it is a part of. A version that is replaced
// leaves it.
func describe(s *state, r *record.Record) {
	kind, id := entity.Of(r)
	// The members of a settlement are those of its report, whoever books them.
	if id == "" || r.Outcome.Standing != record.Books && kind != entity.KindSettlement {
		return
	}
	key := store.Key(string(kind), id)
	doc, _ := load[entityDoc](s, tableEntities, key)
	member := entity.ShareOf(r.Event)
	save(s, tableEntityFacts, store.Key(key, store.Ordinal(r.Position)), member)
	share(s, id, member, +1)
	doc.Members++
	if at := store.Key(key, store.Ordinal(r.Outcome.Revises)); r.Outcome.Revises != 0 {
		if old, ok := load[entity.Share](s, tableEntityFacts, at); ok {
			s.Put(tableEntityFacts, at, nil)
			share(s, id, old, -1)
			doc.Members--
		}
	}
	if member.Payout != nil {
		doc.Payout = member.Payout
		doc.Members-- // what is paid is no member
	}
	save(s, tableEntities, key, doc)
}

// share adds what a fact brings to a settlement, or takes it off.
func share(s *state, id string, sh entity.Share, sign int64) {
	if sh.Currency == "" {
		return
	}
	for measure, minor := range map[string]int64{"gross": sh.Gross, "fees": sh.Fees, "net": sh.Net} {
		s.Add(tableSettled, store.Key(id, string(sh.Currency), measure), sign*minor)
	}
}

// entityRecords returns the facts of an entity, oldest first.
func (o *Owner) entityRecords(ctx context.Context, kind entity.Kind, id string) ([]*record.Record, error) {
	prefix := store.Key(string(kind), id, "")
	var positions []int64
	err := o.cache.Scan(ctx, tableEntityFacts, store.Prefix(prefix), factsMax, func(key string, _ []byte) bool {
		positions = append(positions, store.FromOrdinal(key[len(prefix):]))
		return true
	})
	if err != nil {
		return nil, err
	}
	if len(positions) == 0 {
		return nil, fault.New(fault.NoSuchThing, id, "there is no %s of this id", kind)
	}
	out := make([]*record.Record, len(positions))
	for i, p := range positions {
		if out[i], err = o.Record(ctx, p); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Entities returns the ids of a kind in their order, after a cursor, which is an id.
func (o *Owner) Entities(ctx context.Context, kind entity.Kind, after string, limit int) (ids []string, next string, err error) {
	prefix := store.Key(string(kind), "")
	r := store.Prefix(prefix)
	if after != "" {
		r.From = prefix + after + store.KeySep
	}
	err = o.cache.Scan(ctx, tableEntities, r, limit+1, func(key string, _ []byte) bool {
		ids = append(ids, key[len(prefix):])
		return true
	})
	if len(ids) > limit {
		ids = ids[:limit]
		next = ids[limit-1]
	}
	return ids, next, err
}

// Order returns an order with how far its lines have come.
func (o *Owner) Order(ctx context.Context, id string) (out entity.Order, err error) {
	records, err := o.entityRecords(ctx, entity.KindOrder, id)
	if err != nil {
		return out, err
	}
	_, err = o.consistent(ctx, func(s *state) error {
		all := slices.Clone(records)
		doc, _ := load[orderDoc](s, tableOrders, id)
		for _, name := range doc.Names {
			changes, err := o.entityRecords(ctx, entity.KindChange, name)
			if err != nil && !fault.HasCode(err, fault.NoSuchThing) {
				return err
			}
			all = append(all, changes...)
		}
		var placed bool
		out, placed = entity.NewOrder(id, all, func(line string) (progress.Progress, bool) {
			doc, ok := load[progressDoc](s, tableProgress, progressKey(progress.OrderLine, id, line))
			return doc.Progress, ok
		})
		if !placed {
			return fault.New(fault.NoSuchThing, id, "the order has not been placed")
		}
		return nil
	})
	return out, err
}

// Return returns a return.
func (o *Owner) Return(ctx context.Context, id string) (entity.Return, error) {
	records, err := o.entityRecords(ctx, entity.KindReturn, id)
	if err != nil {
		return entity.Return{}, err
	}
	return entity.NewReturn(id, records), nil
}

// Invoice returns an invoice or credit memo.
func (o *Owner) Invoice(ctx context.Context, id string) (entity.Invoice, error) {
	records, err := o.entityRecords(ctx, entity.KindInvoice, id)
	if err != nil {
		return entity.Invoice{}, err
	}
	return entity.NewInvoice(id, records), nil
}

// Settlement returns a settlement with the sums of all its members.
func (o *Owner) Settlement(ctx context.Context, id string) (out entity.Settlement, err error) {
	records, err := o.entityRecords(ctx, entity.KindSettlement, id)
	if err != nil {
		return out, err
	}
	_, err = o.consistent(ctx, func(s *state) error {
		doc, _ := load[entityDoc](s, tableEntities, store.Key(string(entity.KindSettlement), id))
		out = entity.NewSettlement(id, records, settled(s, id), doc.Payout, doc.Members)
		return nil
	})
	return out, err
}

// settled reads the sums of a settlement, by currency.
func settled(s *state, id string) []entity.SettlementSums {
	sums := []entity.SettlementSums{}
	prefix := store.Key(id, "")
	s.keep(s.ScanCounters(s.Context(), tableSettled, store.Prefix(prefix), 0, func(key string, minor int64) bool {
		currency, measure, _ := strings.Cut(key[len(prefix):], store.KeySep)
		c := money.Currency(currency)
		if len(sums) == 0 || sums[len(sums)-1].Currency != c {
			zero := money.Of(0, c)
			sums = append(sums, entity.SettlementSums{Currency: c, Gross: zero, Fees: zero, Net: zero})
		}
		last := &sums[len(sums)-1]
		switch measure {
		case "gross":
			last.Gross.Minor = minor
		case "fees":
			last.Fees.Minor = minor
		case "net":
			last.Net.Minor = minor
		}
		return true
	}))
	return sums
}

// Movement is one change of one position, with its cause.
type Movement struct {
	stock.Place
	Bucket   event.Bucket    `json:"bucket"`
	Owner    event.Ownership `json:"owner,omitempty"`
	Quantity retail.Quantity `json:"quantity"`
	Type     event.Type      `json:"type" doc:"The fact that moved it"`
	// Occurred is when it took effect, Known when Heddle learned it.
	Occurred time.Time     `json:"occurred"`
	Known    time.Time     `json:"known"`
	Position int64         `json:"position" doc:"The journal position of the fact"`
	Claim    stock.ClaimID `json:"claim,omitempty"`
	Shipment string        `json:"shipment,omitempty"`
	Count    stock.CountID `json:"count,omitempty"`
}

// Movements returns the movements of an item at a place in the order in which they took
// effect, from an instant on and after a cursor.
func (o *Owner) Movements(ctx context.Context, p stock.Place, from time.Time, after string, limit int) (out []Movement, next string, err error) {
	prefix := store.Key(placeKey(p), "")
	r := store.Prefix(prefix)
	if !from.IsZero() {
		r.From = prefix + instant(from)
	}
	if after != "" {
		r.From = prefix + after + store.KeySep
	}
	last := ""
	err = o.cache.Scan(ctx, tableMovements, r, limit+1, func(key string, value []byte) bool {
		if len(out) == limit {
			next = last
			return false
		}
		var m movementDoc
		if err = json.Unmarshal(value, &m); err != nil {
			err = fault.Wrap(err, fault.ChainBroken, "flow.movements", "movement")
			return false
		}
		last = key[len(prefix):]
		out = append(out, Movement{
			Place: m.Place, Bucket: m.Bucket, Owner: m.Owner, Quantity: m.Quantity, Type: m.Type, Occurred: m.Occurred, Known: m.At,
			Position: m.Position, Claim: m.Claim, Shipment: m.Shipment, Count: m.Count,
		})
		return true
	})
	return out, next, err
}
