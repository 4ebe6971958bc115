package api

import (
	"context"
	"encoding/base64"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/entity"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// Page is the part of a request that asks for one page of a list.
type Page struct {
	Cursor string `query:"cursor" doc:"The next_cursor of the page before"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

// after reads the cursor.
func (p Page) after() (string, error) {
	b, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err != nil {
		return "", fault.New(fault.BadRequest, "cursor", "it is not one that a page before gave")
	}
	return string(b), nil
}

// cursor renders where the next page begins.
func cursor(next string) string { return base64.RawURLEncoding.EncodeToString([]byte(next)) }

type oneInput struct {
	After
	ID string `path:"id" doc:"The entity's id, percent-encoded"`
}

type listInput struct {
	After
	Page
}

type oneOutput[T any] struct {
	Seen
	ETag string `header:"ETag" doc:"Changes with every fact about the entity"`
	Body T
}

// Orders is a page of orders.
type Orders struct {
	Orders     []entity.Order `json:"orders"`
	NextCursor string         `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

// Returns is a page of returns.
type Returns struct {
	Returns    []entity.Return `json:"returns"`
	NextCursor string          `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

// Invoices is a page of invoices.
type Invoices struct {
	Invoices   []entity.Invoice `json:"invoices"`
	NextCursor string           `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

// Settlements is a page of settlements.
type Settlements struct {
	Settlements []entity.Settlement `json:"settlements"`
	NextCursor  string              `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

type pageOutput[T any] struct {
	Seen
	Body T
}

func (r *routes) registerEntities() {
	entityRoutes(r, kindRoutes[entity.Order, Orders]{
		kind: entity.KindOrder, one: "order", many: "orders", scope: access.ThreadsRead,
		about: "Orders of shops and marketplaces, each with how far its lines have come.",
		get:   r.Owner.Order, head: func(v entity.Order) entity.Head { return v.Head },
		page: func(items []entity.Order, next string) Orders { return Orders{listed(items), next} },
	})
	entityRoutes(r, kindRoutes[entity.Return, Returns]{
		kind: entity.KindReturn, one: "return", many: "returns", scope: access.ThreadsRead,
		about: "What came back or is announced to, with its refunds.",
		get:   r.Owner.Return, head: func(v entity.Return) entity.Head { return v.Head },
		page: func(items []entity.Return, next string) Returns { return Returns{listed(items), next} },
	})
	entityRoutes(r, kindRoutes[entity.Invoice, Invoices]{
		kind: entity.KindInvoice, one: "invoice", many: "invoices", scope: access.EntriesRead,
		about: "Invoices and credit memos to customers and from vendors.",
		get:   r.Owner.Invoice, head: func(v entity.Invoice) entity.Head { return v.Head },
		page: func(items []entity.Invoice, next string) Invoices { return Invoices{listed(items), next} },
	})
	entityRoutes(r, kindRoutes[entity.Settlement, Settlements]{
		kind: entity.KindSettlement, one: "settlement", many: "settlements", scope: access.EntriesRead,
		about: "What processors and marketplaces account for together, with the sums of all members and the payout.",
		get:   r.Owner.Settlement, head: func(v entity.Settlement) entity.Head { return v.Head },
		page: func(items []entity.Settlement, next string) Settlements { return Settlements{listed(items), next} },
	})
	huma.Register(r.api, read("list-movements", "/v1/movements", access.PositionsRead, "Stock movements",
		"What moved at one place, in the order in which it took effect."), r.movements)
	masterRoutes(r, event.TableItems, "item", "items", "Stock keeping units, as they are on a day.")
	masterRoutes(r, event.TableLocations, "location", "locations", "Places that hold stock, as they are on a day.")
}

// kindRoutes is what the routes of one kind of entity differ in.
type kindRoutes[T, P any] struct {
	kind      entity.Kind
	one, many string
	about     string
	scope     access.Scope
	get       func(context.Context, string) (T, error)
	head      func(T) entity.Head
	page      func(items []T, next string) P
}

// entityRoutes registers the list of a kind and the entity by its id.
func entityRoutes[T, P any](r *routes, k kindRoutes[T, P]) {
	huma.Register(r.api, read("list-"+k.many, "/v1/"+k.many, k.scope, "List "+k.many, k.about),
		func(ctx context.Context, in *listInput) (*pageOutput[P], error) {
			if err := in.reach(ctx, r.Owner.Position); err != nil {
				return nil, err
			}
			after, err := in.after()
			if err != nil {
				return nil, err
			}
			position := r.Owner.Position()
			ids, next, err := r.Owner.Entities(ctx, k.kind, after, in.Limit)
			if err != nil {
				return nil, err
			}
			items := make([]T, len(ids))
			for i, id := range ids {
				if items[i], err = k.get(ctx, id); err != nil {
					return nil, err
				}
			}
			return &pageOutput[P]{Seen{position}, k.page(items, cursor(next))}, nil
		})
	huma.Register(r.api, read("get-"+k.one, "/v1/"+k.many+"/{id}", k.scope, "Read one "+k.one, k.about),
		func(ctx context.Context, in *oneInput) (*oneOutput[T], error) {
			if err := in.reach(ctx, r.Owner.Position); err != nil {
				return nil, err
			}
			position := r.Owner.Position()
			v, err := k.get(ctx, in.ID)
			if err != nil {
				return nil, err
			}
			return &oneOutput[T]{Seen{position}, strconv.Quote(strconv.FormatInt(k.head(v).Version, 10)), v}, nil
		})
}

type movementsInput struct {
	After
	Page
	Item     retail.ItemID     `query:"item" required:"true" doc:"Heddle's id of an item"`
	Location retail.LocationID `query:"location" required:"true" doc:"Heddle's id of a place"`
	From     time.Time         `query:"from" doc:"Only what took effect from then on"`
}

// Movements is a page of stock movements.
type Movements struct {
	Movements  []flow.Movement `json:"movements"`
	NextCursor string          `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

func (r *routes) movements(ctx context.Context, in *movementsInput) (*pageOutput[Movements], error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	after, err := in.after()
	if err != nil {
		return nil, err
	}
	position := r.Owner.Position()
	rows, next, err := r.Owner.Movements(ctx, stock.Place{Item: in.Item, Location: in.Location}, in.From, after, in.Limit)
	return &pageOutput[Movements]{Seen{position}, Movements{listed(rows), cursor(next)}}, err
}

// Master is an item or a location as it is on a day: a row of reference data. It is written
// by PUT /v1/reference/{table}/{key} and by loads.
type Master struct {
	Schema string `json:"schema" example:"item.v1"`
	ID     string `json:"id"`
	// Version counts what was set for the day from which it holds.
	Version       int64       `json:"version"`
	EffectiveFrom retail.Date `json:"effective_from,omitempty" doc:"Since when it is so; absent means from the beginning"`
	Attributes    event.Row   `json:"attributes"`
}

// Masters is a page of items or locations.
type Masters struct {
	Rows       []Master `json:"rows"`
	NextCursor string   `json:"next_cursor,omitempty" doc:"Where the next page begins; absent on the last one"`
}

type masterInput struct {
	After
	ID string `path:"id" doc:"The id of the item or the location, percent-encoded"`
	On string `query:"on" format:"date" doc:"The day; today if absent"`
}

type masterListInput struct {
	After
	Page
	On string `query:"on" format:"date" doc:"The day; today if absent"`
}

// masterRoutes registers the list of a table's rows as entities, and the one by its id.
func masterRoutes(r *routes, table event.Table, one, many, about string) {
	schema := one + ".v1"
	huma.Register(r.api, read("list-"+many, "/v1/"+many, access.PositionsRead, "List "+many, about),
		func(ctx context.Context, in *masterListInput) (*pageOutput[Masters], error) {
			day, err := r.dayOf(in.On)
			if err != nil {
				return nil, err
			}
			after, err := in.after()
			if err != nil {
				return nil, err
			}
			page, position := Masters{Rows: []Master{}}, r.Owner.Position()
			err = r.Owner.ReferenceRows(ctx, table, after, func(key string, h reference.History) bool {
				m, ok := masterOf(schema, key, h, day)
				if !ok {
					return true
				}
				if len(page.Rows) == in.Limit {
					page.NextCursor = cursor(page.Rows[in.Limit-1].ID)
					return false
				}
				page.Rows = append(page.Rows, m)
				return true
			})
			return &pageOutput[Masters]{Seen{position}, page}, err
		})
	huma.Register(r.api, read("get-"+one, "/v1/"+many+"/{id}", access.PositionsRead, "Read one "+one, about),
		func(ctx context.Context, in *masterInput) (*oneOutput[Master], error) {
			if err := in.reach(ctx, r.Owner.Position); err != nil {
				return nil, err
			}
			day, err := r.dayOf(in.On)
			if err != nil {
				return nil, err
			}
			position := r.Owner.Position()
			h, err := r.Owner.Reference(ctx, table, in.ID)
			if err != nil {
				return nil, err
			}
			m, ok := masterOf(schema, in.ID, h, day)
			if !ok {
				return nil, fault.New(fault.NoSuchThing, in.ID, "there is no %s of this id on %s", one, day)
			}
			tag := m.EffectiveFrom.String() + "-" + strconv.FormatInt(m.Version, 10)
			return &oneOutput[Master]{Seen{position}, strconv.Quote(tag), m}, nil
		})
}

func (r *routes) dayOf(on string) (retail.Date, error) {
	if on == "" {
		return retail.DateOf(r.Clock().UTC()), nil
	}
	return dateOf("on", on)
}

func masterOf(schema, id string, h reference.History, day retail.Date) (Master, bool) {
	for i := len(h) - 1; i >= 0; i-- {
		if v := h[i]; v.From <= day {
			return Master{schema, id, v.Version, v.From, v.Row}, len(v.Row) > 0
		}
	}
	return Master{}, false
}
