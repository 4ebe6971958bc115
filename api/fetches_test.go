package api_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/intake"
)

const counterToken = "counter token"

// counter is the system of the pack in fetch/testdata, as far as it is asked here.
type counter struct {
	moves string // the members of the array that every question is answered with
	asked int
}

// RoundTrip implements http.RoundTripper.
func (c *counter) RoundTrip(r *http.Request) (*http.Response, error) {
	c.asked++
	w := &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Request: r, Body: io.NopCloser(strings.NewReader(`{"moves":[` + c.moves + `]}`))}
	if r.URL.Host != "counter.example" || r.Header.Get("Authorization") != "Bearer "+counterToken {
		w.StatusCode = http.StatusUnauthorized
	}
	return w, nil
}

const counterMove = `{"kind":"move","id":"m-1","version":1,"at":"2026-07-10T11:00:00Z","updated_at":"2026-07-10T11:30:00Z","item":"MUG","place":"S1","quantity":"2"}`

func (h *house) askedStatus() fetch.Status {
	h.t.Helper()
	for _, s := range decoded[api.Sources](h.get("/v1/sources").is(200)).Sources {
		if s.Asked != nil {
			return *s.Asked
		}
	}
	h.t.Fatal("no source is asked")
	return fetch.Status{}
}

func TestASystemIsAsked(t *testing.T) {
	// reproduces: H-FETCH-GONE
	h := newHouse(t)
	h.places()
	const notice = `{"event":"e-1","type":"move.created","data":{"id":"m-1"}}`
	receipt := decoded[intake.Receipt](h.do(call{as: "oms", method: "POST", path: "/v1/intake/counter/main", body: notice}).is(200))
	if len(receipt.Records) != 1 || receipt.Records[0].Follow == "" || h.counter.asked != 0 {
		t.Fatalf("got %+v after %d questions, want a follow-up that nobody has waited for", receipt, h.counter.asked)
	}
	if s := h.askedStatus(); s.Host != "counter.example" || s.FollowUps != 1 || len(s.Polls) != 1 || s.Polls[0].Name != "search" {
		t.Errorf("got %+v, want one follow-up and one poll", s)
	}
	ask := call{as: "oms", method: "POST", path: "/v1/sources/counter/main/fetches/move", body: `{"with":{"move_id":"m-1"}}`}
	h.do(ask).problem(404, fault.FetchGone)
	if s := h.askedStatus(); s.Stopped != 1 {
		t.Errorf("got %+v, want one that waits for a person", s)
	}
	for _, c := range []struct {
		body string
		want int
	}{{`{"id":"another"}`, 0}, {`{"id":"` + string(receipt.Records[0].Follow) + `"}`, 1}, {`{}`, 0}} {
		got := decoded[api.Retried](h.do(call{as: "oms", method: "POST", path: "/v1/sources/counter/main/retries", body: c.body}).is(200))
		if got.Retried != c.want {
			t.Errorf("%s: got %d, want %d", c.body, got.Retried, c.want)
		}
	}
	h.counter.moves = counterMove
	if got := decoded[fetch.Summary](h.do(ask).is(200)); got.Records != 1 || got.Events["accepted"]+got.Events["waiting"] != 1 {
		t.Errorf("got %+v, want one event", got)
	}
	if s := h.askedStatus(); s.FollowUps != 0 {
		t.Errorf("got %+v, want no follow-up", s)
	}
	poll := call{as: "oms", method: "POST", path: "/v1/sources/counter/main/polls/search", body: `{"since":"2026-07-10T10:00:00Z"}`}
	if got := decoded[fetch.Summary](h.do(poll).is(200)); got.Records != 1 {
		t.Errorf("got %+v, want the same record again", got)
	}
	if s := h.askedStatus(); s.Polls[0].LastAt.IsZero() || s.Polls[0].Since.Format("15:04") != "11:30" {
		t.Errorf("got %+v, want the time of the newest change", s)
	}
}

func TestWhatCannotBeAsked(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		path, body string
		status     int
		code       fault.Code
	}{
		{"counter/main/fetches/nonesuch", `{}`, 400, fault.BadRequest},
		{"counter/elsewhere/fetches/move", `{}`, 404, fault.NoSuchThing},
		{"shopify/main/polls/orders", `{}`, 404, fault.NoSuchThing},
		{"counter/main/polls/linked", `{}`, 404, fault.NoSuchThing},
		{"shopify/main/retries", `{}`, 404, fault.NoSuchThing},
		{"counter/main/fetches/move_by_path", `{"with":{"move_id":".."}}`, 400, fault.BadRequest},
		{"counter/main/polls/search", `{"since":"yesterday"}`, 400, fault.BadRequest},
	} {
		h.do(call{as: "oms", method: "POST", path: "/v1/sources/" + c.path, body: c.body}).problem(c.status, c.code)
	}
	if h.counter.asked != 0 {
		t.Errorf("the system was asked %d times", h.counter.asked)
	}
}
