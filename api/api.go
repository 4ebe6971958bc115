package api

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// Services are the parts that answer. All of them are required.
type Services struct {
	Tenant      retail.TenantID
	Owner       *flow.Owner
	Books       *booking.Books
	Doors       *intake.Doors
	Vault       *intake.Vault
	Worklist    intake.Worklist
	Packs       *pack.Set
	Fetcher     *fetch.Fetcher
	Files       intake.Files
	Checkpoints store.Checkpoints
	Clock       func() time.Time
	// Version is that of the program, for the OpenAPI document.
	Version string
}

// own is the source system of what Heddle's own routes record. Events that come in by
// /v1/events cannot claim it.
const (
	own         retail.SystemID   = "heddle"
	ownInstance retail.InstanceID = "api"
)

// Amount is how amounts of money are written.
type Amount struct {
	Amount   string `json:"amount" pattern:"^-?[0-9]+(\\.[0-9]+)?$" example:"12.30" doc:"A decimal with as many places as the currency has"`
	Currency string `json:"currency" pattern:"^[A-Z]{3}$" example:"EUR" doc:"ISO 4217"`
}

// routes are the handlers over the services.
type routes struct {
	Services
	api huma.API
}

// Register adds every route under /v1 to the gateway and returns the API that describes them.
func Register(g *gateway.Gateway, s Services) huma.API {
	r := &routes{Services: s, api: g.API("Heddle", s.Version)}
	r.api.OpenAPI().Components.Schemas.RegisterTypeAlias(reflect.TypeFor[money.Amount](), reflect.TypeFor[Amount]())
	r.registerEvents(g)
	r.registerIntake(g)
	r.registerFiles(g)
	r.registerReservations()
	r.registerAvailability()
	r.registerPositions()
	r.registerThreads()
	r.registerBooks()
	r.registerExceptions()
	r.registerGovern()
	r.registerReference()
	r.registerEvidence(g)
	r.registerEntities()
	r.registerSources()
	r.registerFetches()
	return r.api
}

// read returns the description of a typed route that changes nothing.
func read(id, path string, scope access.Scope, summary, description string) huma.Operation {
	return huma.Operation{
		OperationID: id, Method: http.MethodGet, Path: path, Summary: summary, Description: description,
		Security: gateway.Needs(scope), Errors: []int{400, 401, 403, 404, 429, 503},
	}
}

// write returns the description of a typed route that takes a body.
func write(id, path string, scope access.Scope, summary, description string) huma.Operation {
	op := read(id, path, scope, summary, description)
	op.Method, op.Errors, op.MaxBodyBytes = http.MethodPost, []int{400, 401, 403, 404, 409, 413, 422, 429, 503}, bodyMax
	return op
}

// bodyMax bounds the body of a typed route, in bytes.
const bodyMax = 4 << 20

// callerOf returns who asks. The gateway has let nobody through whom it does not know.
func callerOf(ctx context.Context) (access.Caller, error) {
	caller, ok := access.CallerFrom(ctx)
	if !ok {
		return caller, fault.New(fault.BadToken, "", "nobody has proved an identity")
	}
	return caller, nil
}
