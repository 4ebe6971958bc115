package api

import (
	"bytes"
	"encoding/json"
	"maps"
	"mime"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

// Limits of one request of canonical events.
const (
	eventsBytesMax = intake.PayloadMax
	eventsMax      = 10_000
)

// EventResult is what became of one event of a request.
type EventResult struct {
	Index int `json:"index" doc:"The event's place in the request, from 0"`
	record.Answer
	Evidence string `json:"evidence,omitempty" doc:"Where the event could not be read: the SHA-256 under which its bytes are kept"`
}

// EventResults is what became of the events of a request, in their order.
type EventResults struct {
	Results   []EventResult `json:"results"`
	Accepted  int           `json:"accepted" doc:"How many are in the journal now"`
	Duplicate int           `json:"duplicate" doc:"How many were there already"`
	Conflict  int           `json:"conflict" doc:"How many came with a key that holds other content (V-DUP-02)"`
	Refused   int           `json:"refused" doc:"How many can never be facts, or could not be read"`
	Waiting   int           `json:"waiting" doc:"How many are kept until their place is known (V-LOC-01)"`
}

// CloudEvent is the form of an event on the wire; the schema of data is published by type.
type CloudEvent struct {
	SpecVersion   string         `json:"specversion" enum:"1.0"`
	ID            string         `json:"id" doc:"The id of this delivery"`
	Source        string         `json:"source" doc:"system/instance" example:"oms/main"`
	Type          string         `json:"type" doc:"retail.<event>.v<N>" example:"retail.reservation_made.v1"`
	Subject       string         `json:"subject" doc:"The business key, under which the event counts once"`
	Time          time.Time      `json:"time" doc:"When it happened"`
	TZ            string         `json:"tz,omitempty" doc:"The zone in which its source tells the time"`
	BusinessDate  retail.Date    `json:"businessdate,omitempty" doc:"The trading day"`
	SourceVersion string         `json:"sourceversion,omitempty" doc:"The source's version of the fact, a number"`
	CorrelationID string         `json:"correlationid,omitempty"`
	Data          map[string]any `json:"data" doc:"The body of the type"`
}

// eventTypes are the media types of /v1/events, and whether each holds several events.
var eventTypes = map[string]bool{
	"application/cloudevents+json": false, "application/json": true,
	"application/cloudevents-batch+json": true, "application/x-ndjson": true,
}

// ownRoutes are the kinds of fact that have a route with a scope of their own, or that only
// Heddle makes: events:write is not enough for them.
var ownRoutes = map[event.Type]string{
	(*event.ReferenceSet)(nil).Type():       "send it to /v1/reference",
	(*event.ApprovalGiven)(nil).Type():      "a person gives it at /v1/approvals",
	(*event.PeriodRunRequested)(nil).Type(): "send it to /v1/periods/runs",
	(*event.ReservationExpired)(nil).Type(): "only Heddle's own clock makes it",
	(*event.LinesReleased)(nil).Type():      "only Heddle itself releases what waited",
}

func (r *routes) registerEvents(g *gateway.Gateway) {
	op := plain(http.MethodPost, "/v1/events", "send-events", "Send canonical events",
		"Takes one CloudEvent, a JSON array, or NDJSON. Each event has its own result, and a bad one does not hold up its neighbours: the bytes of an event that cannot be read are kept as evidence and stand once on the work list. The source system heddle is reserved.")
	op.Security = gateway.Needs(access.EventsWrite)
	op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{}}
	one := schemaOf[CloudEvent](r.api)
	many := &huma.Schema{Type: "array", Items: one}
	op.RequestBody.Content["application/cloudevents+json"] = &huma.MediaType{Schema: one}
	op.RequestBody.Content["application/cloudevents-batch+json"] = &huma.MediaType{Schema: many}
	op.RequestBody.Content["application/json"] = &huma.MediaType{Schema: &huma.Schema{OneOf: []*huma.Schema{one, many}}}
	op.RequestBody.Content["application/x-ndjson"] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Description: "One CloudEvent a line"}}
	r.describe(op, jsonAnswer[EventResults](r.api, "What became of each event"))
	g.Handle(plainPattern(op), access.EventsWrite, http.HandlerFunc(r.sendEvents))
}

func (r *routes) sendEvents(w http.ResponseWriter, req *http.Request) {
	batch, err := r.readEvents(w, req)
	if err == nil {
		err = r.submit(req, batch)
	}
	if err != nil {
		gateway.WriteProblem(w, req, err)
		return
	}
	writeJSON(w, batch.highest(), batch.answer())
}

// batch is the events of one request on their way.
type batch struct {
	caller  retail.PrincipalID
	mime    string
	body    []byte
	results []EventResult
	subs    []record.Submission
	// at are the places of subs among results; unread those of events that could not be read.
	at     []int
	unread []unread
}

type unread struct {
	index int
	text  []byte
	cause error
}

func (r *routes) readEvents(w http.ResponseWriter, req *http.Request) (*batch, error) {
	caller, err := callerOf(req.Context())
	if err != nil {
		return nil, err
	}
	kind, _, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if _, known := eventTypes[kind]; !known || err != nil {
		return nil, fault.New(fault.BadRequest, "Content-Type", "events come as one of: %s", strings.Join(slices.Sorted(maps.Keys(eventTypes)), ", "))
	}
	b := &batch{caller: caller.ID, mime: kind}
	if b.body, err = gateway.ReadBody(w, req, eventsBytesMax); err != nil {
		return nil, err
	}
	for text, err := range event.Split(bytes.NewReader(b.body)) {
		if len(b.results) == eventsMax {
			return nil, fault.New(fault.TooLarge, "events", "a request has at most %d events", eventsMax)
		}
		b.add(text, err)
	}
	switch {
	case len(b.results) == 0:
		return nil, fault.New(fault.BadRequest, "body", "there is no event in it")
	case len(b.results) > 1 && !eventTypes[kind]:
		return nil, fault.New(fault.BadRequest, "Content-Type", "%s holds one event", kind)
	}
	return b, nil
}

// add takes one event of the body; an event that cannot be read has its answer at once.
func (b *batch) add(text []byte, err error) {
	i := len(b.results)
	b.results = append(b.results, EventResult{Index: i})
	var e *event.Event
	var delivery string
	if err == nil {
		e, delivery, err = event.Parse(text)
	}
	if err == nil {
		err = admit(e)
	}
	if err != nil {
		b.results[i].Answer = record.Refuse(err)
		b.unread = append(b.unread, unread{i, bytes.Clone(text), err})
		return
	}
	b.at = append(b.at, i)
	b.subs = append(b.subs, record.Submission{Event: e, Receipt: record.Receipt{Delivery: delivery, Principal: b.caller}})
}

// admit refuses what does not come by this route.
func admit(e *event.Event) error {
	if e.System == own {
		return fault.New(fault.NoScope, "source", "the source system %s is reserved", own).WithHint("Name the system that tells the fact.")
	}
	if instead, ok := ownRoutes[e.Type()]; ok {
		return fault.New(fault.NoScope, string(e.Type()), "%s", instead).WithHint("Use the route that is made for it.")
	}
	return nil
}

// submit has the events decided together, and then keeps those that could not be read: a
// request that is refused as a whole leaves nothing behind.
func (r *routes) submit(req *http.Request, b *batch) error {
	answers, err := r.Doors.Submit(req.Context(), b.subs)
	if err != nil {
		return err
	}
	for i, a := range answers {
		b.results[b.at[i]].Answer = a
	}
	for _, u := range b.unread {
		text := u.text
		if len(text) == 0 {
			text = b.body // it broke where events cannot be told apart
		}
		hash, err := r.Doors.Unread(req.Context(), intake.Unread{Body: text, ContentType: b.mime, Caller: b.caller}, u.cause)
		if err != nil {
			return err
		}
		b.results[u.index].Evidence = hash.String()
	}
	return nil
}

func (b *batch) answer() EventResults {
	out := EventResults{Results: b.results}
	for _, a := range b.results {
		switch a.Status {
		case record.Accepted:
			out.Accepted++
		case record.Duplicate:
			out.Duplicate++
		case record.Conflicting:
			out.Conflict++
		case record.Refused:
			out.Refused++
		case record.Waiting:
			out.Waiting++
		}
	}
	return out
}

func (b *batch) highest() int64 {
	answers := make([]record.Answer, len(b.results))
	for i, a := range b.results {
		answers[i] = a.Answer
	}
	return highest(answers)
}

// highest returns the highest position that answers tell.
func highest(answers []record.Answer) (position int64) {
	for _, a := range answers {
		position = max(position, a.Position)
	}
	return position
}

// writeJSON answers a plain route.
func writeJSON(w http.ResponseWriter, position int64, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if position > 0 {
		w.Header().Set(positionHeader, strconv.FormatInt(position, 10))
	}
	// A failed write means that the caller has gone.
	_ = json.NewEncoder(w).Encode(body)
}
