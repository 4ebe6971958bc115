package gateway_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
)

// oneKey knows a single key, or fails.
type oneKey struct {
	key access.Key
	err error
}

func (o *oneKey) Put(_ context.Context, k access.Key) error { o.key = k; return nil }
func (o *oneKey) List(context.Context) ([]access.Key, error) {
	return nil, nil
}
func (o *oneKey) Get(_ context.Context, id access.KeyID) (access.Key, error) {
	if o.err != nil {
		return access.Key{}, o.err
	}
	if id != o.key.ID {
		return access.Key{}, fault.New(fault.NoSuchThing, string(id), "no such key")
	}
	return o.key, nil
}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// door is a gateway under test with its log and a token.
type door struct {
	*gateway.Gateway
	keys  *oneKey
	log   *bytes.Buffer
	token string
}

func newDoor(t *testing.T, o gateway.Options, scopes ...access.Scope) *door {
	t.Helper()
	d := &door{keys: &oneKey{}, log: &bytes.Buffer{}}
	token, _, err := access.Create(t.Context(), d.keys, strings.NewReader(strings.Repeat("seed", 16)),
		access.Grant{Principal: access.Principal{ID: "oms", Kind: access.Machine}, Scopes: append(scopes, access.EventsWrite)}, noon)
	if err != nil {
		t.Fatal(err)
	}
	d.token = token.Reveal()
	o.Clock = func() time.Time { return noon }
	if o.Random == nil {
		o.Random = zeros{}
	}
	d.Gateway, err = gateway.New(d.keys, slog.New(slog.NewTextHandler(d.log, &slog.HandlerOptions{Level: slog.LevelDebug})), o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

const zeroID = "00000000-0000-4000-8000-000000000000"

// send sends one request with the token and returns the answer and its problem.
func (d *door) send(r *http.Request) (*http.Response, gateway.Problem) {
	if r.Header.Get("Authorization") == "" {
		r.Header.Set("Authorization", "Bearer "+d.token)
	}
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, r)
	var p gateway.Problem
	if strings.HasPrefix(w.Header().Get("Content-Type"), "application/problem") {
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil {
			panic(err)
		}
	}
	return w.Result(), p
}

func get(path string) *http.Request { return httptest.NewRequest(http.MethodGet, path, nil) }

func failing(err error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { gateway.WriteProblem(w, r, err) })
}

func TestEveryKindOfFaultHasItsStatus(t *testing.T) {
	tests := []struct {
		err        error
		status     int
		retryAfter string
		detail     string
		subject    string
	}{
		{fault.New(fault.BadRequest, "sent", "no"), 400, "", "no", ""},
		{fault.New(fault.TooLarge, "sent", "no"), 413, "", "no", ""},
		{&http.MaxBytesError{Limit: 7}, 413, "", "the body is larger than 7 bytes", ""},
		{fault.New(fault.BadToken, "x", "no"), 401, "", "no", "x"},
		{fault.New(fault.NoScope, "x", "no"), 403, "", "no", "x"},
		{fault.New(fault.NoSuchThing, "x", "no"), 404, "", "no", "x"},
		{fault.New(fault.EvidenceErased, "x", "no"), 410, "", "no", "x"},
		{fault.New(fault.KeyConflict, "x", "no"), 409, "", "no", "x"},
		{fault.New(fault.NoStock, "x", "no"), 409, "", "no", "x"},
		{fault.New(fault.TooBusy, "x", "no"), 429, "1", "no", "x"},
		{fault.New(fault.OutcomeUnknown, "x", "no"), 503, "1", "no", "x"},
		{fault.New(fault.Storage, "x", "no"), 503, "5", "no", "x"},
		{fault.New(fault.ChainBroken, "x", "no"), 500, "", "no", "x"},
		{fault.New(fault.InternalError, "x", "secret"), 500, "", "", ""},
		{errors.New("secret"), 500, "", "", ""},
		{fmt.Errorf("around: %w", fault.New(fault.NoStock, "x", "no")), 409, "", "no", "x"},
	}
	for _, tt := range tests {
		t.Run(tt.err.Error(), func(t *testing.T) {
			d := newDoor(t, gateway.Options{})
			d.HandleSigned("GET /x", failing(tt.err))
			res, p := d.send(get("/x"))
			if res.StatusCode != tt.status || p.Status != tt.status {
				t.Errorf("got status %d and %d in the body, want %d", res.StatusCode, p.Status, tt.status)
			}
			if got := res.Header.Get("Retry-After"); got != tt.retryAfter {
				t.Errorf("got Retry-After %q, want %q", got, tt.retryAfter)
			}
			if p.Detail != tt.detail || p.Subject != tt.subject {
				t.Errorf("got detail %q of %q, want %q of %q", p.Detail, p.Subject, tt.detail, tt.subject)
			}
			if p.Title == "" || p.Next == "" || p.Type != "urn:heddle:fault:"+string(p.Code) || p.Instance != "urn:uuid:"+zeroID {
				t.Errorf("got %+v, want a title, what is next, a type and the request id", p)
			}
			if got := res.Header.Get("Content-Type"); got != "application/problem+json" {
				t.Errorf("got content type %q", got)
			}
			if (res.StatusCode == 401) != (res.Header.Get("WWW-Authenticate") != "") {
				t.Errorf("got WWW-Authenticate %q with %d", res.Header.Get("WWW-Authenticate"), res.StatusCode)
			}
		})
	}
}

func TestEveryCodeOfTheCatalogueHasAStatus(t *testing.T) {
	for _, e := range fault.Codes() {
		p := gateway.NewProblem(fault.New(e.Code, "", "detail"))
		if internal := e.Kind == fault.Internal || e.Kind == fault.Corrupt; internal != (p.Status == 500) || p.Next == "" {
			t.Errorf("%s (%s): got status %d, next %q", e.Code, e.Kind, p.Status, p.Next)
		}
	}
}

func TestTheLogKnowsTheCauseAndTheCallerDoesNot(t *testing.T) {
	d := newDoor(t, gateway.Options{})
	d.HandleSigned("GET /x", failing(fault.Wrap(errors.New("disk is full"), fault.Storage, "desk.put", "evidence")))
	res, _ := d.send(get("/x"))
	body, _ := io.ReadAll(res.Body)
	if strings.Contains(string(body), "disk") {
		t.Errorf("the answer shows the cause: %s", body)
	}
	for _, want := range []string{"level=ERROR", "code=H-STORAGE", "disk is full", "request_id=" + zeroID} {
		if !strings.Contains(d.log.String(), want) {
			t.Errorf("the log lacks %q: %s", want, d.log)
		}
	}
}

func TestRequireScope(t *testing.T) {
	ok := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c, _ := access.CallerFrom(r.Context())
		fmt.Fprint(w, c.ID)
	})
	d := newDoor(t, gateway.Options{})
	d.Handle("POST /mine", access.EventsWrite, ok)
	d.Handle("POST /other", access.FilesWrite, ok)
	tests := []struct {
		name, path, auth string
		status           int
	}{
		{"the scope", "/mine", "Bearer " + d.token, 200},
		{"scheme in lower case", "/mine", "bearer " + d.token, 200},
		{"another scope", "/other", "Bearer " + d.token, 403},
		{"another scheme", "/mine", "Basic " + d.token, 401},
		{"no scheme", "/mine", d.token, 401},
		{"no token", "/mine", "Bearer ", 401},
		{"a wrong token", "/mine", "Bearer " + d.token + "x", 401},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodPost, tt.path, nil)
			r.Header.Set("Authorization", tt.auth)
			if res, _ := d.send(r); res.StatusCode != tt.status {
				t.Errorf("got %d, want %d", res.StatusCode, tt.status)
			}
		})
	}
	t.Run("no header", func(t *testing.T) {
		w := httptest.NewRecorder()
		d.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/mine", nil))
		if w.Code != 401 {
			t.Errorf("got %d, want 401", w.Code)
		}
	})
	t.Run("two headers", func(t *testing.T) {
		r := httptest.NewRequest(http.MethodPost, "/mine", nil)
		r.Header["Authorization"] = []string{"Bearer " + d.token, "Bearer x"}
		if res, _ := d.send(r); res.StatusCode != 401 {
			t.Errorf("got %d, want 401", res.StatusCode)
		}
	})
	t.Run("the key store does not answer", func(t *testing.T) {
		d.keys.err = fault.New(fault.Storage, "", "no")
		if res, _ := d.send(httptest.NewRequest(http.MethodPost, "/mine", nil)); res.StatusCode != 503 {
			t.Errorf("got %d, want 503", res.StatusCode)
		}
	})
}

func TestNoSuchRouteAndNoSuchMethod(t *testing.T) {
	// reproduces: H-NOT-FOUND
	d := newDoor(t, gateway.Options{})
	d.Handle("POST /v1/events", access.EventsWrite, failing(nil))
	res, p := d.send(get("/v1/events"))
	if res.StatusCode != 405 || res.Header.Get("Allow") != "POST" || p.Code != fault.BadRequest || p.Status != 405 {
		t.Errorf("got %d, Allow %q, %+v; want 405 and POST", res.StatusCode, res.Header.Get("Allow"), p)
	}
	for _, path := range []string{"/", "/v2/events", "/healthz/"} {
		if res, p := d.send(get(path)); res.StatusCode != 404 || p.Code != fault.NoSuchThing {
			t.Errorf("%s: got %d %s, want 404 %s", path, res.StatusCode, p.Code, fault.NoSuchThing)
		}
	}
}

func TestAPanicIsAnInternalFault(t *testing.T) {
	// reproduces: H-INTERNAL
	d := newDoor(t, gateway.Options{})
	d.HandleSigned("GET /early", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("card 4111 1111 1111 1111") }))
	res, p := d.send(get("/early"))
	if res.StatusCode != 500 || p.Code != fault.InternalError || p.Detail != "" {
		t.Errorf("got %d %+v, want 500 without detail", res.StatusCode, p)
	}
	if log := d.log.String(); strings.Contains(log, "4111") || !strings.Contains(log, "panic: string") || !strings.Contains(log, "gateway_test.go") {
		t.Errorf("want the type and the stack, and not the value: %s", log)
	}
	d.HandleSigned("GET /late", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "half an ans")
		panic(io.ErrUnexpectedEOF)
	}))
	server := httptest.NewServer(d.Handler())
	defer server.Close()
	answer, err := server.Client().Get(server.URL + "/late")
	if err == nil {
		_, err = io.ReadAll(answer.Body)
	}
	if err == nil {
		t.Error("half an answer came as a whole one")
	}
}

func TestBodyLimit(t *testing.T) {
	d := newDoor(t, gateway.Options{Limits: gateway.Limits{BodyBytes: 8}})
	echo := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := gateway.ReadBody(w, r, 6)
		if err != nil {
			gateway.WriteProblem(w, r, err)
			return
		}
		fmt.Fprint(w, len(body))
	})
	d.HandleSigned("POST /six", echo)
	d.HandleSigned("POST /all", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			gateway.WriteProblem(w, r, err)
		}
	}))
	tests := []struct {
		path   string
		bytes  int
		length bool // the request says its length
		status int
	}{
		{"/six", 6, true, 200}, {"/six", 7, true, 413}, {"/six", 6, false, 200}, {"/six", 7, false, 413},
		{"/all", 8, true, 200}, {"/all", 9, true, 413}, {"/all", 8, false, 200}, {"/all", 9, false, 413},
	}
	for _, tt := range tests {
		r := httptest.NewRequest(http.MethodPost, tt.path, strings.NewReader(strings.Repeat("x", tt.bytes)))
		if !tt.length {
			r.ContentLength = -1
		}
		if res, _ := d.send(r); res.StatusCode != tt.status {
			t.Errorf("%+v: got %d", tt, res.StatusCode)
		}
	}
	broken := httptest.NewRequest(http.MethodPost, "/six", io.MultiReader(strings.NewReader("x"), brokenReader{}))
	if res, p := d.send(broken); res.StatusCode != 400 || p.Code != fault.BadRequest {
		t.Errorf("a body that breaks off: got %d %s, want 400", res.StatusCode, p.Code)
	}
}

type brokenReader struct{}

func (brokenReader) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestRequestsInFlight(t *testing.T) {
	// reproduces: H-BUSY
	d := newDoor(t, gateway.Options{Limits: gateway.Limits{InFlight: 2}})
	entered, leave := make(chan struct{}), make(chan struct{})
	d.HandleSigned("GET /slow", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		entered <- struct{}{}
		<-leave
	}))
	h := d.Handler()
	done := make(chan int)
	ask := func() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, get("/slow"))
		done <- w.Code
	}
	go ask()
	go ask()
	<-entered
	<-entered
	w := httptest.NewRecorder()
	h.ServeHTTP(w, get("/slow"))
	var p gateway.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Code != fault.TooBusy {
		t.Errorf("got %+v, %v; want %s", p, err, fault.TooBusy)
	}
	if w.Code != 429 || w.Header().Get("Retry-After") == "" {
		t.Errorf("the third of two: got %d, Retry-After %q; want 429", w.Code, w.Header().Get("Retry-After"))
	}
	w = httptest.NewRecorder()
	h.ServeHTTP(w, get("/healthz"))
	if w.Code != 200 {
		t.Errorf("health while full: got %d, want 200", w.Code)
	}
	close(leave)
	if a, b := <-done, <-done; a != 200 || b != 200 {
		t.Errorf("got %d and %d, want 200", a, b)
	}
	go ask()
	<-entered
	if got := <-done; got != 200 {
		t.Errorf("after the others: got %d, want 200", got)
	}
}

func TestHealth(t *testing.T) {
	var ready error
	d := newDoor(t, gateway.Options{Ready: func(context.Context) error { return ready }})
	for _, path := range []string{"/healthz", "/readyz"} {
		w := httptest.NewRecorder()
		d.Handler().ServeHTTP(w, get(path))
		if w.Code != 200 {
			t.Errorf("%s without a token: got %d, want 200", path, w.Code)
		}
	}
	ready = fault.New(fault.Storage, "", "the journal does not answer")
	if res, p := d.send(get("/readyz")); res.StatusCode != 503 || p.Code != fault.Storage {
		t.Errorf("got %d %s, want 503 %s", res.StatusCode, p.Code, fault.Storage)
	}
	if strings.Contains(d.log.String(), "level=INFO") {
		t.Errorf("probes fill the log: %s", d.log)
	}
}

func TestTheLogHoldsNoSecretAndNobody(t *testing.T) {
	d := newDoor(t, gateway.Options{})
	d.Handle("POST /v1/threads/{id}", access.EventsWrite, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "ada answer") }))
	r := httptest.NewRequest("POST", "/v1/threads/ada@example.org?name=ada", strings.NewReader("ada body"))
	r.Header.Set("X-Request-Id", "ada")
	r.Header.Set("User-Agent", "ada")
	r.RemoteAddr = "192.0.2.7:1"
	if res, _ := d.send(r); res.StatusCode != 200 || res.Header.Get("X-Request-Id") != zeroID {
		t.Fatalf("got %d, request id %q", res.StatusCode, res.Header.Get("X-Request-Id"))
	}
	r = httptest.NewRequest("GET", "/ada", nil)
	r.Method = "ADA"
	d.send(r)
	log := d.log.String()
	for _, never := range []string{"ada", "ADA", "192.0.2.7", d.token, d.token[21:]} {
		if strings.Contains(log, never) {
			t.Errorf("the log holds %q: %s", never, log)
		}
	}
	for _, want := range []string{"route=\"POST /v1/threads/{id}\"", "status=200", "bytes=10", "key=" + d.token[4:20], "method=POST", "method=OTHER", "code=H-NOT-FOUND"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %s: %s", want, log)
		}
	}
}

func TestAddress(t *testing.T) {
	for address, ok := range map[string]bool{
		"": true, "127.0.0.1:0": true, "0.0.0.0:7433": true, "[::1]:7433": true, "localhost:80": true,
		":7433": false, "7433": false, "127.0.0.1": false, "127.0.0.1:": false,
	} {
		_, err := gateway.New(&oneKey{}, slog.New(slog.DiscardHandler), gateway.Options{Address: address})
		if ok && err != nil || !ok && !fault.HasCode(err, fault.BadConfig) {
			t.Errorf("%q: got %v, want ok %v", address, err, ok)
		}
	}
	for _, l := range []gateway.Limits{{BodyBytes: -1}, {InFlight: -1}, {Connections: -1}, {HeaderBytes: -1}, {Drain: -1}, {Read: -1}} {
		if _, err := gateway.New(&oneKey{}, slog.New(slog.DiscardHandler), gateway.Options{Limits: l}); !fault.HasCode(err, fault.BadConfig) {
			t.Errorf("%+v: got %v, want %s", l, err, fault.BadConfig)
		}
	}
}

func TestDefaults(t *testing.T) {
	var o gateway.Options
	o.EnsureDefaults()
	if host := o.Address[:10]; host != "127.0.0.1:" {
		t.Errorf("got %s, want this machine only", o.Address)
	}
	want := gateway.Limits{HeaderBytes: 32 << 10, BodyBytes: 32 << 20, InFlight: 256, Connections: 4096, ReadHeader: 5 * time.Second,
		Read: time.Minute, Write: 90 * time.Second, Idle: 2 * time.Minute, Drain: 20 * time.Second}
	if o.Limits != want {
		t.Errorf("got %+v, want %+v", o.Limits, want)
	}
}
