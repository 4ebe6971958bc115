package api

import (
	"context"
	"encoding/json"
	"net/http"
	"reflect"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/stock"
)

// reservationsMax is how many claims one request may ask for.
const reservationsMax = 1000

// Reservation asks for a claim on stock.
type Reservation struct {
	ID        retail.ReservationID `json:"reservation_id" minLength:"1" maxLength:"200" doc:"The claim's id; the same one again with the same content is the same claim"`
	Order     *retail.Ref          `json:"order,omitempty" doc:"The order that it is for, in any numbering"`
	OrderLine *retail.Ref          `json:"order_line,omitempty" doc:"The line that it is for"`
	Item      string               `json:"item" minLength:"1" doc:"The item, as the source calls it"`
	Location  string               `json:"location" minLength:"1" doc:"The place, as the source calls it"`
	Quantity  retail.Quantity      `json:"quantity" pattern:"^[0-9]+(\\.[0-9]{1,3})?$" example:"1"`
	Unit      retail.Unit          `json:"unit,omitempty" doc:"UN/ECE Recommendation 20; EA if absent"`
	Channel   retail.ChannelID     `json:"channel,omitempty" doc:"Whose availability and buffer apply" example:"ONLINE"`
	Mode      event.Mode           `json:"mode,omitempty" enum:"PICKUP,SHIP"`
	ExpiresAt time.Time            `json:"expires_at,omitzero" doc:"When the claim ends, five minutes later at the earliest; absent means never"`
}

// Reservations is one reservation or an array of them.
type Reservations struct {
	all    []Reservation
	single bool
}

// Schema tells both forms.
func (Reservations) Schema(r huma.Registry) *huma.Schema {
	one := r.Schema(reflect.TypeFor[Reservation](), true, "Reservation")
	limit, least := reservationsMax, 1
	many := &huma.Schema{Type: huma.TypeArray, Items: one, MinItems: &least, MaxItems: &limit}
	return &huma.Schema{OneOf: []*huma.Schema{one, many}}
}

// UnmarshalJSON reads either form.
func (rs *Reservations) UnmarshalJSON(b []byte) error {
	if rs.single = !strings.HasPrefix(strings.TrimSpace(string(b)), "["); rs.single {
		rs.all = make([]Reservation, 1)
		return json.Unmarshal(b, &rs.all[0])
	}
	return json.Unmarshal(b, &rs.all)
}

// ClaimStatus says what became of a command.
type ClaimStatus string

// The statuses of a command.
const (
	granted   ClaimStatus = "granted"
	duplicate ClaimStatus = "duplicate"
	refused   ClaimStatus = "refused"
	conflict  ClaimStatus = "conflict"
)

// ClaimResult says what became of one reservation command.
type ClaimResult struct {
	ID       retail.ReservationID `json:"reservation_id"`
	Status   ClaimStatus          `json:"status" enum:"granted,duplicate,refused,conflict"`
	Position int64                `json:"position,omitempty" doc:"Where the command stands in the journal"`
	Claim    *stock.Claim         `json:"claim,omitempty" doc:"The claim as it stands now"`
	Code     fault.Code           `json:"code,omitempty"`
	Detail   string               `json:"detail,omitempty"`
	Next     string               `json:"next,omitempty"`
}

// ClaimResults are the results of an array, in its order.
type ClaimResults struct {
	Results []ClaimResult `json:"results"`
}

// Speaking names the system for which a caller commands.
type Speaking struct {
	Source string `header:"Heddle-Source" doc:"system/instance for which the caller speaks; api/ and the caller's id if absent" example:"oms/main"`
}

type reserveInput struct {
	Speaking
	Body Reservations
}

type reserveOutput struct {
	Seen
	Status int
	Body   any
}

type claimOutput struct {
	Seen
	Body ClaimResult
}

type releaseInput struct {
	Speaking
	ID   retail.ReservationID `path:"id" doc:"The claim's id"`
	Body struct {
		Quantity *retail.Quantity `json:"quantity,omitempty" pattern:"^[0-9]+(\\.[0-9]{1,3})?$" doc:"What is released; absent means all that is left"`
		Reason   string           `json:"reason,omitempty"`
		Seq      string           `json:"seq,omitempty" doc:"Tells the releases of one claim apart; 1 if absent. The same one again is the same release"`
	}
}

type allocateInput struct {
	Speaking
	ID   retail.ReservationID `path:"id" doc:"The claim's id"`
	Body struct {
		Allocation string          `json:"allocation" minLength:"1" doc:"The allocation's id"`
		Location   string          `json:"location,omitempty" doc:"The place whose stock is bound; the claim's own if absent"`
		Quantity   retail.Quantity `json:"quantity" pattern:"^[0-9]+(\\.[0-9]{1,3})?$"`
	}
}

type claimInput struct {
	After
	ID retail.ReservationID `path:"id" doc:"The claim's id"`
}

// ClaimState is a claim as it stands.
type ClaimState struct {
	Position int64       `json:"position"`
	Claim    stock.Claim `json:"claim"`
}

type claimStateOutput struct {
	Seen
	Body ClaimState
}

func (r *routes) registerReservations() {
	reserve := write("reserve", "/v1/reservations", access.ReservationsWrite, "Claim stock",
		"One claim answers 201, or 409 with NO_STOCK when there is not enough available to promise. An array answers 200 with a result for each. A claim that is refused leaves nothing behind.")
	reserve.DefaultStatus = http.StatusCreated
	reserve.Responses = map[string]*huma.Response{
		"201": jsonAnswer[ClaimResult](r.api, "The claim of a single reservation"),
		"200": jsonAnswer[ClaimResults](r.api, "The results of an array"),
	}
	huma.Register(r.api, reserve, r.reserve)
	huma.Register(r.api, write("release-reservation", "/v1/reservations/{id}/release", access.ReservationsWrite, "Take a claim back",
		"Releases a part of a claim, or all that is left."), r.release)
	huma.Register(r.api, write("allocate-reservation", "/v1/reservations/{id}/allocate", access.ReservationsWrite, "Bind claimed stock to a task",
		"Moves quantity from reserved to allocated, at the claim's place or at another one."), r.allocate)
	huma.Register(r.api, read("get-reservation", "/v1/reservations/{id}", access.ReservationsWrite, "Read a claim",
		"Shows a claim as it stands."), r.claim)
}

func (r *routes) reserve(ctx context.Context, in *reserveInput) (*reserveOutput, error) {
	commands := make([]record.Submission, len(in.Body.all))
	for i, asked := range in.Body.all {
		body := &event.ReservationMade{
			Reservation: asked.ID, Order: refOf(asked.Order), OrderLine: refOf(asked.OrderLine), Item: asked.Item, Location: asked.Location,
			Quantity: asked.Quantity, Unit: asked.Unit, Channel: asked.Channel, Mode: asked.Mode, ExpiresAt: asked.ExpiresAt.UTC(),
		}
		command, err := r.command(ctx, in.Speaking, string(asked.ID), body)
		if err != nil {
			return nil, err
		}
		commands[i] = command
	}
	answers, err := r.Owner.Submit(ctx, commands)
	if err != nil {
		return nil, err
	}
	out := &reserveOutput{Seen: Seen{highest(answers)}, Status: http.StatusOK}
	if in.Body.single {
		result, err := r.single(ctx, in.Body.all[0].ID, answers[0])
		out.Status, out.Body = http.StatusCreated, result
		return out, err
	}
	results := make([]ClaimResult, len(answers))
	for i, a := range answers {
		if results[i], err = r.result(ctx, in.Body.all[i].ID, a); err != nil {
			return nil, err
		}
	}
	out.Body = ClaimResults{results}
	return out, nil
}

func (r *routes) release(ctx context.Context, in *releaseInput) (*claimOutput, error) {
	if _, err := r.made(ctx, in.ID); err != nil {
		return nil, err
	}
	body := &event.ReservationReleased{Reservation: in.ID, Reason: in.Body.Reason}
	if in.Body.Quantity != nil {
		body.Quantity = *in.Body.Quantity
	}
	seq := in.Body.Seq
	if seq == "" {
		seq = "1"
	}
	return r.change(ctx, in.Speaking, in.ID, retail.Key(string(in.ID), seq), body)
}

func (r *routes) allocate(ctx context.Context, in *allocateInput) (*claimOutput, error) {
	claim, err := r.made(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	body := &event.Allocated{
		Allocation: in.Body.Allocation, Claim: retail.Ref{Type: retail.RefReservation, ID: string(in.ID)},
		Item: string(claim.Item), Location: in.Body.Location, Quantity: in.Body.Quantity,
	}
	if body.Location == "" {
		body.Location = string(claim.Location)
	}
	return r.change(ctx, in.Speaking, in.ID, in.Body.Allocation, body)
}

func (r *routes) claim(ctx context.Context, in *claimInput) (*claimStateOutput, error) {
	if err := in.reach(ctx, r.Owner.Position); err != nil {
		return nil, err
	}
	position := r.Owner.Position()
	claim, err := r.Owner.Claim(ctx, in.ID)
	return &claimStateOutput{Seen{position}, ClaimState{position, claim}}, err
}

// made returns a claim whose reservation has arrived.
func (r *routes) made(ctx context.Context, id retail.ReservationID) (stock.Claim, error) {
	claim, err := r.Owner.Claim(ctx, id)
	if err == nil && !claim.Made() {
		err = fault.New(fault.NoSuchThing, string(id), "no such reservation")
	}
	return claim, err
}

// change submits one command on a claim.
func (r *routes) change(ctx context.Context, as Speaking, id retail.ReservationID, key string, body event.Body) (*claimOutput, error) {
	command, err := r.command(ctx, as, key, body)
	if err != nil {
		return nil, err
	}
	answers, err := r.Owner.Submit(ctx, []record.Submission{command})
	if err != nil {
		return nil, err
	}
	result, err := r.single(ctx, id, answers[0])
	return &claimOutput{Seen{answers[0].Position}, result}, err
}

// command makes a submission that may be denied. It goes to the owner and not through the
// doors: a command that is denied, or whose place nobody knows, is an answer and nobody's work.
func (r *routes) command(ctx context.Context, as Speaking, key string, body event.Body) (record.Submission, error) {
	caller, err := callerOf(ctx)
	if err != nil {
		return record.Submission{}, err
	}
	e := &event.Event{Header: event.Header{System: "api", Instance: retail.InstanceID(caller.ID), Key: key, Time: r.Clock().UTC(), TZ: "UTC"}, Data: body}
	if as.Source != "" {
		system, instance, ok := strings.Cut(as.Source, "/")
		if !ok || system == "" || instance == "" || retail.SystemID(system) == own {
			return record.Submission{}, fault.New(fault.BadRequest, "Heddle-Source", "it is system/instance, and not of the system %s", own)
		}
		e.System, e.Instance = retail.SystemID(system), retail.InstanceID(instance)
	}
	// Without a business date the command means the day of its time, and the same command on
	// the next day is still the same.
	if err := e.Validate(); err != nil {
		return record.Submission{}, err
	}
	return record.Submission{Event: e, Receipt: record.Receipt{Principal: caller.ID}, Command: true}, nil
}

// single answers one command: a denial is a problem.
func (r *routes) single(ctx context.Context, id retail.ReservationID, a record.Answer) (ClaimResult, error) {
	if a.Status != record.Accepted && a.Status != record.Duplicate {
		return ClaimResult{}, denied(a)
	}
	return r.result(ctx, id, a)
}

func (r *routes) result(ctx context.Context, id retail.ReservationID, a record.Answer) (ClaimResult, error) {
	out := ClaimResult{ID: id, Position: a.Position, Code: a.Code, Detail: a.Detail, Next: a.Next}
	switch a.Status {
	case record.Accepted:
		out.Status = granted
	case record.Duplicate:
		out.Status = duplicate
	case record.Conflicting:
		out.Status = conflict
		return out, nil
	default:
		out.Status = refused
		return out, nil
	}
	claim, err := r.Owner.Claim(ctx, id)
	out.Claim = &claim
	return out, err
}

// denied makes the fault of an answer that is a denial.
func denied(a record.Answer) error {
	f := fault.New(a.Code, "", "%s", a.Detail)
	if a.Next != "" {
		f = f.WithHint("%s", a.Next)
	}
	return f
}

func refOf(ref *retail.Ref) retail.Ref {
	if ref == nil {
		return retail.Ref{}
	}
	return *ref
}
