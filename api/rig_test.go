package api_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/booking"
	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
	"github.com/heddlehq/heddle/packs"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
	"github.com/heddlehq/heddle/store/sqlite"
)

// builtinPacks compiles the built-in packs, once for all tests.
var builtinPacks = sync.OnceValues(packs.Builtin)

// house is an API over real parts, on an SQLite store in a temporary folder. Its clock stands.
type house struct {
	t        *testing.T
	handler  http.Handler
	routes   *http.ServeMux // tells which route of the contract a request is for
	api      huma.API
	owner    *flow.Owner
	books    *booking.Books
	tokens   map[string]string
	services api.Services
	desk     store.Desk
	now      time.Time
	counter  counter
}

const shopSecret = "shop secret"

// callers are who asks in tests, with what they may.
var callers = []struct {
	name   string
	kind   access.PrincipalKind
	scopes []access.Scope
}{
	{"oms", access.Machine, []access.Scope{
		access.EventsWrite, access.IntakeWrite, access.FilesWrite, access.FilesRead, access.AvailabilityRead, access.ReservationsWrite, access.PositionsRead,
		access.ThreadsRead, access.EntriesRead, access.ExceptionsRead, access.EvidenceRead, access.ReferenceWrite,
	}},
	{"ann", access.Person, []access.Scope{access.ApprovalsWrite, access.ReferenceWrite, access.EventsWrite}},
	{"bob", access.Person, []access.Scope{access.ApprovalsWrite}},
	{"root", access.Machine, []access.Scope{access.Admin}},
	{"nobody", access.Machine, []access.Scope{access.ExceptionsWrite}}, // a scope of no route here
}

// answeringURL is where the system of the pack answering was told to send to.
const answeringURL = "https://heddle.example/v1/intake/answering/main"

// answering is the pack of a system that signs its address and wants to hear a word of its own.
func answering(t *testing.T) *pack.Pack {
	t.Helper()
	p, err := pack.Load(fstest.MapFS{
		"pack.yaml": {Data: []byte(`
name: answering
system: answering
title: A system that wants to hear a word of its own
versions: ["1"]
signature: {algorithm: hmac-sha256, header: X-Signature, encoding: base64, signs: "{url}{body}"}
answer: {type: text/plain, body: "[accepted]"}
topics:
  - {name: counts, status: described, when: [{path: .type, is: [count]}], format: json, mapping: count.jq, version: none}
  - {name: pings, when: [{path: .type, is: [ping]}], ignore: a ping}
`)},
		"count.jq": {Data: []byte(`refuse("V-QTY-01"; "nothing was counted")`)},
	})
	must(t, err)
	return p
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, tokens: map[string]string{}, now: time.Date(2026, 7, 10, 12, 0, 0, 0, time.UTC)}
	clock := func() time.Time { return h.now }
	s, err := sqlite.Open(t.Context(), t.TempDir())
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	h.owner, err = flow.Open(t.Context(), s.Journal(), s.Views(), flow.Options{Tenant: "acme", Environment: "test", Clock: clock})
	must(t, err)
	t.Cleanup(func() { must(t, h.owner.Close(context.Background())) })
	h.books, err = booking.Open(t.Context(), s.Journal(), s.Views(), booking.Options{})
	must(t, err)
	desk := s.Desk()
	for _, c := range callers {
		token, _, err := access.Create(t.Context(), desk.Keys(), rand.Reader, access.Grant{Principal: access.Principal{ID: retail.PrincipalID(c.name), Kind: c.kind}, Scopes: c.scopes}, h.now)
		must(t, err)
		h.tokens[c.name] = token.Reveal()
	}
	services := api.Services{
		Tenant: "acme", Owner: h.owner, Books: h.books, Worklist: desk.Worklist(), Files: desk.Files(), Checkpoints: desk.Checkpoints(), Clock: clock, Version: "test",
	}
	builtin, err := builtinPacks()
	must(t, err)
	counter, err := pack.Load(os.DirFS("../fetch/testdata/counter"))
	must(t, err)
	services.Packs, err = pack.NewSet(append(builtin.All(), answering(t), counter)...)
	must(t, err)
	text, err := intake.NewMasterKey(rand.Reader)
	must(t, err)
	master, err := intake.ParseMasterKey(text)
	must(t, err)
	services.Vault, err = intake.OpenVault(t.Context(), desk.Evidence(), master, "acme")
	must(t, err)
	h.services, h.desk = services, desk
	services.Doors = h.openDoors()
	services.Fetcher, err = fetch.Open(t.Context(), fetch.Options{
		Sources: []fetch.Source{{
			Pack: counter, Instance: "main", BaseURL: "https://counter.example", Credentials: map[string][]byte{"token": []byte(counterToken)},
			Polls: []fetch.PollFrom{{Name: "search", Since: h.now.Add(-time.Hour)}},
		}},
		Taker: services.Doors, FollowUps: desk.FollowUps(), Cursors: desk.Settings(), Worklist: desk.Worklist(), Transport: &h.counter, Clock: clock,
		Wait:   func(ctx context.Context, _ time.Duration, _ <-chan struct{}) error { return ctx.Err() },
		Jitter: func(time.Duration) time.Duration { return 0 }, Log: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	h.services = services
	h.serve()
	h.routes = http.NewServeMux()
	for _, route := range allRoutes {
		h.routes.Handle(route, http.NotFoundHandler())
	}
	return h
}

// serve opens the gateway to the services.
func (h *house) serve() {
	h.t.Helper()
	g, err := gateway.New(h.desk.Keys(), slog.New(slog.DiscardHandler), gateway.Options{Clock: h.services.Clock})
	must(h.t, err)
	h.api = api.Register(g, h.services)
	h.handler = g.Handler()
}

// restart opens the doors anew: what they know after it stands on the desk.
func (h *house) restart() {
	h.t.Helper()
	h.services.Doors = h.openDoors()
	h.serve()
}

// openDoors opens the doors on the desk, as a start does.
func (h *house) openDoors() *intake.Doors {
	h.t.Helper()
	s := h.services
	doors, err := intake.Open(intake.Options{
		Tenant: "acme", Packs: s.Packs, Decider: h.owner, Vault: s.Vault, Known: h.desk.Deliveries(), Waiting: h.desk.Waiting(),
		Worklist: h.desk.Worklist(), TokenKey: []byte("0123456789abcdef0123456789abcdef"), Clock: s.Clock,
		Origins: []intake.Origin{
			{Pack: "shopify", Instance: "main", Secrets: [][]byte{[]byte(shopSecret)}},
			{Pack: "poslog", Instance: "stores"},
			{Pack: "answering", Instance: "main", Secrets: [][]byte{[]byte(shopSecret)}, URL: answeringURL},
			{Pack: "counter", Instance: "main", Secrets: [][]byte{[]byte(shopSecret)}, Asked: true},
		},
		FollowUps: h.desk.FollowUps(), Zones: h.owner.ZoneAt, Memory: h.desk.Settings(), Facts: h.owner,
	})
	must(h.t, err)
	return doors
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// call is one request.
type call struct {
	as, method, path, body string
	header                 map[string]string
}

// answer is what came back.
type answer struct {
	t      *testing.T
	status int
	header http.Header
	body   []byte
}

// do sends a request, lets booking catch up, and checks that the answer is as the document says.
func (h *house) do(c call) answer {
	h.t.Helper()
	req := httptest.NewRequestWithContext(h.t.Context(), c.method, c.path, strings.NewReader(c.body))
	if c.body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	if c.as != "" {
		req.Header.Set("Authorization", "Bearer "+h.tokens[c.as])
	}
	for name, value := range c.header {
		req.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.handler.ServeHTTP(w, req)
	must(h.t, h.books.CatchUp(h.t.Context()))
	a := answer{h.t, w.Code, w.Header(), w.Body.Bytes()}
	h.documented(req, a)
	return a
}

// documented checks an answer of JSON against the schema that the document gives it.
func (h *house) documented(req *http.Request, a answer) {
	h.t.Helper()
	_, route := h.routes.Handler(req)
	op := h.operation(route)
	if op == nil {
		if strings.HasPrefix(req.URL.Path, "/v1/") {
			h.t.Errorf("%s %s is not documented", req.Method, req.URL.Path)
		}
		return
	}
	response := op.Responses[fmt.Sprint(a.status)]
	if response == nil {
		response = op.Responses["default"]
	}
	kind := a.header.Get("Content-Type")
	if response == nil || response.Content[kind] == nil {
		h.t.Errorf("%s: %d with %s is not documented: %s", route, a.status, kind, a.body)
		return
	}
	if !strings.HasSuffix(kind, "json") {
		return
	}
	var value any
	must(h.t, json.Unmarshal(a.body, &value))
	result, path := &huma.ValidateResult{}, huma.NewPathBuffer(nil, 0)
	huma.Validate(h.api.OpenAPI().Components.Schemas, response.Content[kind].Schema, path, huma.ModeReadFromServer, value, result)
	for _, err := range result.Errors {
		h.t.Errorf("%s: the answer is not the documented one: %v\n%s", route, err, a.body)
	}
}

func (h *house) operation(route string) *huma.Operation {
	method, path, _ := strings.Cut(route, " ")
	item := h.api.OpenAPI().Paths[path]
	if item == nil {
		return nil
	}
	return map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put}[method]
}

// is checks the status and returns the answer.
func (a answer) is(status int) answer {
	a.t.Helper()
	if a.status != status {
		a.t.Fatalf("got %d, want %d: %s", a.status, status, a.body)
	}
	return a
}

// problem checks that the answer is a problem of a status and a code.
func (a answer) problem(status int, code fault.Code) gateway.Problem {
	a.t.Helper()
	p := decoded[gateway.Problem](a.is(status))
	if p.Code != code || a.header.Get("Content-Type") != "application/problem+json" {
		a.t.Errorf("got %s as %s, want %s: %s", p.Code, a.header.Get("Content-Type"), code, a.body)
	}
	return p
}

func decoded[T any](a answer) (v T) {
	a.t.Helper()
	if err := json.Unmarshal(a.body, &v); err != nil {
		a.t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

func (h *house) get(path string) answer {
	h.t.Helper()
	return h.do(call{as: "oms", method: "GET", path: path})
}

func (h *house) post(path, body string) answer {
	h.t.Helper()
	return h.do(call{as: "oms", method: "POST", path: path, body: body})
}

// places makes the store S1 of LE1 and the items A and B known, with an open period and a chart.
func (h *house) places() {
	h.t.Helper()
	results := decoded[api.Answers](h.post("/v1/reference", `{"rows":[
		{"table":"locations","key":"S1","row":{"entity":"LE1","zone":"UTC","kind":"STORE"}},
		{"table":"items","key":"A","row":{"department":"D1","class":"MERCH","unit":"EA"}},
		{"table":"items","key":"B","row":{"department":"D1","class":"MERCH","unit":"EA"}},
		{"table":"accounts","key":"*·*","row":{"account":"{role}","name":"{role}"}},
		{"table":"periods","key":"LE1·2026-07","row":{"from":"2026-07-01","to":"2026-07-31","status":"OPEN"}},
		{"table":"policies","key":"LE1·functional_currency","row":{"value":"USD"}}]}`).is(200))
	for i, a := range results.Results {
		if a.Status != "accepted" {
			h.t.Fatalf("row %d: %+v", i, a)
		}
	}
}

// opening is an event that loads ten of an item, worth 20.00 each.
func opening(key, item string) string {
	return `{"specversion":"1.0","id":"d-` + key + `","source":"wms/main","type":"retail.stock_adjusted.v1","subject":"` + key + `·1","time":"2026-07-09T08:00:00Z","data":{"adjustment":"` + key +
		`","line":"1","item":"` + item + `","location":"S1","bucket":"SELLABLE","quantity":"10","reason":"OPENING_LOAD","value":{"amount":"200.00","currency":"USD"},"author":"ann","approver":"bob"}}`
}

// stocked is a house with ten of A in S1.
func stocked(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.places()
	if got := decoded[api.EventResults](h.post("/v1/events", opening("OPEN", "A")).is(200)); got.Accepted != 1 {
		t.Fatalf("got %+v", got)
	}
	return h
}

// work returns the codes on the work list that are open.
func (h *house) work() []exception.Item {
	h.t.Helper()
	return decoded[api.Exceptions](h.get("/v1/exceptions?status=OPEN").is(200)).Exceptions
}

// onlyWork checks that one item of a code is open, which fired so often.
func (h *house) onlyWork(code fault.Code, count int64) exception.Item {
	h.t.Helper()
	items := h.work()
	if len(items) != 1 || items[0].Code != code || items[0].Count != count {
		h.t.Fatalf("got %+v, want one %s of count %d", items, code, count)
	}
	return items[0]
}

func shopSignature(body string) string {
	mac := hmac.New(sha256.New, []byte(shopSecret))
	_, _ = io.Copy(mac, bytes.NewBufferString(body))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
