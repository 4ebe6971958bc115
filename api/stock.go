package api

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// placesMax is how many places one question about availability may concern.
const placesMax = 10_000

// Availability answers what can be sold.
type Availability struct {
	Position     int64                             `json:"position" doc:"The journal position that all figures have"`
	Availability []flow.Availability               `json:"availability"`
	NetworkATS   map[retail.ItemID]retail.Quantity `json:"network_ats" doc:"Available to sell over the answered places, by item"`
}

// AvailabilityQuery asks for several items at once.
type AvailabilityQuery struct {
	Items     []retail.ItemID     `json:"items" minItems:"1" maxItems:"1000"`
	Locations []retail.LocationID `json:"locations,omitempty" maxItems:"1000" doc:"None means every place that ever held the item"`
	Channel   retail.ChannelID    `json:"channel,omitempty" doc:"Whose buffers apply"`
	By        retail.Date         `json:"by,omitempty" doc:"A day: what can be promised by its end (ATP), with what is in transit and on order"`
}

type availabilityInput struct {
	After
	Items     []string `query:"item,explode" required:"true" minItems:"1" maxItems:"1000" doc:"Heddle's id of an item; may be repeated"`
	Locations []string `query:"location,explode" maxItems:"1000" doc:"Heddle's id of a place; may be repeated. None means every place that ever held the item"`
	Channel   string   `query:"channel" doc:"Whose buffers apply" example:"ONLINE"`
	By        string   `query:"by" format:"date" doc:"A day: what can be promised by its end (ATP), with what is in transit and on order"`
}

type availabilityQueryInput struct {
	After
	Body AvailabilityQuery
}

type availabilityOutput struct {
	Seen
	Body Availability
}

func (r *routes) registerAvailability() {
	huma.Register(r.api, read("get-availability", "/v1/availability", access.AvailabilityRead, "What can be sold",
		"Available to sell by item and place, from durable facts of one journal position."), r.availability)
	huma.Register(r.api, write("query-availability", "/v1/availability/query", access.AvailabilityRead, "What can be sold, of many items",
		"The same as GET /v1/availability, for lists that do not fit an address."), r.queryAvailability)
}

func (r *routes) availability(ctx context.Context, in *availabilityInput) (*availabilityOutput, error) {
	by, err := dateOf("by", in.By)
	if err != nil {
		return nil, err
	}
	q := AvailabilityQuery{Channel: retail.ChannelID(in.Channel), By: by}
	for _, item := range in.Items {
		q.Items = append(q.Items, retail.ItemID(item))
	}
	for _, location := range in.Locations {
		q.Locations = append(q.Locations, retail.LocationID(location))
	}
	return r.queryAvailability(ctx, &availabilityQueryInput{in.After, q})
}

func (r *routes) queryAvailability(ctx context.Context, in *availabilityQueryInput) (*availabilityOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	places, err := r.places(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	rows, position, err := r.Owner.Available(ctx, places, in.Body.Channel, in.Body.By)
	if err != nil {
		return nil, err
	}
	network := map[retail.ItemID]retail.Quantity{}
	for _, item := range in.Body.Items {
		network[item] = 0
	}
	for _, row := range rows {
		network[row.Item] += row.ATS
	}
	return &availabilityOutput{Seen{position}, Availability{position, rows, network}}, nil
}

// places returns the places that a question concerns, each once.
func (r *routes) places(ctx context.Context, q AvailabilityQuery) ([]stock.Place, error) {
	out, seen := []stock.Place{}, map[stock.Place]bool{}
	for _, item := range q.Items {
		places := make([]stock.Place, len(q.Locations))
		for i, location := range q.Locations {
			places[i] = stock.Place{Item: item, Location: location}
		}
		if len(places) == 0 {
			var err error
			if places, err = r.Owner.Places(ctx, item, placesMax+1); err != nil {
				return nil, err
			}
		}
		for _, p := range places {
			if !seen[p] {
				seen[p] = true
				out = append(out, p)
			}
		}
		if len(out) > placesMax {
			return nil, fault.New(fault.TooLarge, "places", "one question concerns at most %d places", placesMax)
		}
	}
	return out, nil
}

type positionsInput struct {
	After
	Item     retail.ItemID     `query:"item" doc:"Heddle's id of an item; absent means all"`
	Location retail.LocationID `query:"location" doc:"Heddle's id of a place; absent means all"`
	Occurred time.Time         `query:"occurred_as_of" doc:"What had happened by then"`
	Known    time.Time         `query:"known_as_of" doc:"What Heddle knew by then"`
}

// Positions are stock positions.
type Positions struct {
	Position  int64            `json:"position"`
	Positions []stock.Position `json:"positions"`
}

type positionsOutput struct {
	Seen
	Body Positions
}

func (r *routes) registerPositions() {
	huma.Register(r.api, read("get-positions", "/v1/positions", access.PositionsRead, "Stock positions",
		"What lies where, by bucket, now or as of an instant: by occurrence, by knowledge, or by both."), r.positions)
}

func (r *routes) positions(ctx context.Context, in *positionsInput) (*positionsOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	at := stock.Instant{Occurred: in.Occurred, Known: in.Known}
	position := r.Owner.Position()
	var rows []stock.Position
	var err error
	if at == (stock.Instant{}) {
		rows, position, err = r.Owner.Positions(ctx, in.Item, in.Location)
	} else {
		rows, err = r.Owner.AsOf(ctx, in.Item, in.Location, at)
	}
	if rows == nil {
		rows = []stock.Position{}
	}
	return &positionsOutput{Seen{position}, Positions{position, rows}}, err
}
