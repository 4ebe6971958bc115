package gateway

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// Gateway holds the routes and guards them. Register every route before Listen.
type Gateway struct {
	keys    access.Keys
	log     *slog.Logger
	options Options
	mux     *http.ServeMux
	health  *http.ServeMux
	slots   chan struct{} // one per request that is being answered
	server  *http.Server
	open    net.Listener
	stop    chan struct{} // closed when draining begins
}

// Options is what a gateway can be told; its zero value is usable.
type Options struct {
	// Address is the host and port to listen on. The host must be written: "0.0.0.0:7433"
	// listens on every interface, ":7433" is refused. Port 0 takes a free one.
	Address string
	Limits  Limits
	// Ready says whether the node can do its work; its fault is shown by /readyz. It is
	// called for each request of that route. Nil means ready as soon as it serves.
	Ready func(context.Context) error
	// Clock tells the time for key expiry and durations.
	Clock func() time.Time
	// Random gives the request ids.
	Random io.Reader
}

// Limits bounds what callers can make the gateway hold. Zero means the default.
type Limits struct {
	HeaderBytes int           // of one request's header
	BodyBytes   int64         // of one request's body, for every route; a route may be stricter
	InFlight    int           // requests being answered; one more gets 429
	Connections int           // open connections; one more waits to be accepted
	ReadHeader  time.Duration // from the first byte to the end of the header
	Read        time.Duration // to the end of the body
	Write       time.Duration // from the end of the header to the end of the answer
	Idle        time.Duration // a kept connection without a request
	Drain       time.Duration // for running requests to end when the gateway stops
}

// The defaults of Options and Limits.
const (
	DefaultAddress     = "127.0.0.1:7433"
	DefaultHeaderBytes = 32 << 10
	DefaultBodyBytes   = 32 << 20
	DefaultInFlight    = 256
	DefaultConnections = 4096
	DefaultReadHeader  = 5 * time.Second
	DefaultRead        = 60 * time.Second
	DefaultWrite       = 90 * time.Second
	DefaultIdle        = 120 * time.Second
	DefaultDrain       = 20 * time.Second
)

// EnsureDefaults fills what is zero.
func (o *Options) EnsureDefaults() {
	fill(&o.Address, DefaultAddress)
	fill(&o.Limits.HeaderBytes, DefaultHeaderBytes)
	fill(&o.Limits.BodyBytes, DefaultBodyBytes)
	fill(&o.Limits.InFlight, DefaultInFlight)
	fill(&o.Limits.Connections, DefaultConnections)
	fill(&o.Limits.ReadHeader, DefaultReadHeader)
	fill(&o.Limits.Read, DefaultRead)
	fill(&o.Limits.Write, DefaultWrite)
	fill(&o.Limits.Idle, DefaultIdle)
	fill(&o.Limits.Drain, DefaultDrain)
	if o.Ready == nil {
		o.Ready = func(context.Context) error { return nil }
	}
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Random == nil {
		o.Random = rand.Reader
	}
}

func fill[T comparable](field *T, value T) {
	if *field == *new(T) {
		*field = value
	}
}

// Validate refuses an address without a host and limits below zero (H-CONFIG).
func (o *Options) Validate() error {
	if err := CheckAddress(o.Address); err != nil {
		return err
	}
	l := o.Limits
	if l.HeaderBytes < 0 || l.BodyBytes < 0 || l.InFlight < 0 || l.Connections < 0 {
		return fault.New(fault.BadConfig, "limits", "a limit is not negative")
	}
	if min(l.ReadHeader, l.Read, l.Write, l.Idle, l.Drain) < 0 {
		return fault.New(fault.BadConfig, "limits", "a time limit is not negative")
	}
	return nil
}

// CheckAddress refuses an address that is not host:port, or whose host is left out
// (H-CONFIG): an empty host would listen on every interface without saying so.
func CheckAddress(address string) error {
	host, port, err := net.SplitHostPort(address)
	if err != nil || port == "" {
		return fault.New(fault.BadConfig, "listen", "the address is written host:port, such as %s", DefaultAddress)
	}
	if host == "" {
		return fault.New(fault.BadConfig, "listen", "the address names no host").
			WithHint("Write 127.0.0.1:%s for this machine only, or 0.0.0.0:%s for every interface.", port, port)
	}
	return nil
}

// New makes a gateway that asks keys who is calling and writes to log.
func New(keys access.Keys, log *slog.Logger, options Options) (*Gateway, error) {
	options.EnsureDefaults()
	if err := options.Validate(); err != nil {
		return nil, err
	}
	g := &Gateway{
		keys: keys, log: log, options: options, mux: http.NewServeMux(), health: http.NewServeMux(),
		slots: make(chan struct{}, options.Limits.InFlight), stop: make(chan struct{}),
	}
	g.health.HandleFunc("GET /healthz", g.answerHealth)
	g.health.HandleFunc("GET /readyz", g.answerReady)
	return g, nil
}

// Handle registers a route of the standard mux's form ("POST /v1/events") for callers
// whose key has the scope.
func (g *Gateway) Handle(pattern string, scope access.Scope, h http.Handler) {
	g.mux.Handle(pattern, g.RequireScope(scope, h))
}

// HandleSigned registers a route whose handler proves the sender by a signature, as
// webhooks do. The handler answers H-SIGNATURE when there is none or it does not match.
func (g *Gateway) HandleSigned(pattern string, h http.Handler) {
	g.mux.Handle(pattern, h)
}

// RequireScope lets only callers through whose key has the scope. The handler finds the
// caller with access.CallerFrom.
func (g *Gateway) RequireScope(scope access.Scope, next http.Handler) http.Handler {
	return g.requireCaller(func(c access.Caller) error { return c.Need(scope) }, next)
}

// requireCaller lets only callers through whom allow does not refuse.
func (g *Gateway) requireCaller(allow func(access.Caller) error, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		caller, err := g.authenticate(r)
		if err == nil {
			err = allow(caller)
		}
		if err != nil {
			WriteProblem(w, r, err)
			return
		}
		next.ServeHTTP(w, r.WithContext(access.WithCaller(r.Context(), caller)))
	})
}

// Handler returns all routes behind everything that guards them.
func (g *Gateway) Handler() http.Handler {
	routes := g.limit(answerProblems(g.mux))
	return g.observe(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if h, pattern := g.health.Handler(r); pattern != "" {
			r.Pattern = pattern
			recordOf(r.Context()).health = true
			h.ServeHTTP(w, r)
			return
		}
		routes.ServeHTTP(w, r)
	}))
}
