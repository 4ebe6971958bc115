package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"

	"github.com/heddlehq/heddle/fault"
)

// Listen opens the address and returns the one that is open, with the port that was
// taken when the address has port 0. It is called once, before Serve.
func (g *Gateway) Listen(ctx context.Context) (net.Addr, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", g.options.Address)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadConfig, "gateway.listen", g.options.Address).
			WithHint("Choose another address with listen: in the configuration, or stop what listens there.")
	}
	l := g.options.Limits
	g.open = &boundedListener{Listener: listener, slots: make(chan struct{}, l.Connections), closed: make(chan struct{})}
	g.server = &http.Server{
		Handler: g.Handler(), MaxHeaderBytes: l.HeaderBytes,
		ReadHeaderTimeout: l.ReadHeader, ReadTimeout: l.Read, WriteTimeout: l.Write, IdleTimeout: l.Idle,
		ErrorLog: log.New(connectionErrors{g.log}, "", 0),
	}
	return listener.Addr(), nil
}

// Serve answers requests until ctx is cancelled. Then /readyz says no, nothing new is
// accepted, and running requests have the drain time to end; it returns nil when all
// have ended, and H-STOPPING when some had to be cut.
func (g *Gateway) Serve(ctx context.Context) error {
	if g.open == nil {
		panic("gateway: Serve before Listen")
	}
	served := make(chan error, 1)
	go func() { served <- g.server.Serve(g.open) }()
	select {
	case err := <-served:
		return fault.Wrap(err, fault.InternalError, "gateway.serve", g.open.Addr().String())
	case <-ctx.Done():
	}
	close(g.stop)
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), g.options.Limits.Drain)
	defer cancel()
	err := g.server.Shutdown(drain)
	if err != nil {
		err = errors.Join(err, g.server.Close())
	}
	if closed := <-served; !errors.Is(closed, http.ErrServerClosed) {
		err = errors.Join(err, closed)
	}
	if err != nil {
		return fault.Wrap(err, fault.Stopping, "gateway.drain", "requests that did not end in time were cut")
	}
	return nil
}

// connectionErrors writes net/http's own complaints to the log. Only those that say
// something of this process keep their text: the others name addresses and repeat
// malformed requests.
type connectionErrors struct{ log *slog.Logger }

// Write logs one complaint.
func (c connectionErrors) Write(p []byte) (int, error) {
	text := "a connection broke its protocol"
	for _, ours := range [...]string{"http: Accept error", "http: superfluous", "http: response.Write"} {
		if strings.HasPrefix(string(p), ours) {
			text = strings.TrimSpace(string(p))
		}
	}
	c.log.Warn("http", "cause", text)
	return len(p), nil
}

// answerHealth says that the process runs and answers.
func (g *Gateway) answerHealth(w http.ResponseWriter, _ *http.Request) {
	writeHealth(w, "ok")
}

// answerReady says whether the node takes work: not while it drains, and not while
// Options.Ready refuses.
func (g *Gateway) answerReady(w http.ResponseWriter, r *http.Request) {
	select {
	case <-g.stop:
		WriteProblem(w, r, fault.New(fault.Stopping, "", "running requests are being finished"))
		return
	default:
	}
	if err := g.options.Ready(r.Context()); err != nil {
		WriteProblem(w, r, err)
		return
	}
	writeHealth(w, "ready")
}

func writeHealth(w http.ResponseWriter, status string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	// A failed write means that the caller has gone.
	_ = json.NewEncoder(w).Encode(map[string]string{"status": status})
}

// boundedListener accepts a connection only while fewer than cap(slots) are open, so
// that the rest waits in the system's own bounded queue.
type boundedListener struct {
	net.Listener
	slots  chan struct{}
	closed chan struct{}
	once   sync.Once
}

// Accept waits for a free slot, then for a connection.
func (l *boundedListener) Accept() (net.Conn, error) {
	select {
	case l.slots <- struct{}{}:
	case <-l.closed:
		return nil, net.ErrClosed
	}
	conn, err := l.Listener.Accept()
	if err != nil {
		<-l.slots
		return nil, err
	}
	return &boundedConn{Conn: conn, release: sync.OnceFunc(func() { <-l.slots })}, nil
}

// Close ends Accept, also one that waits for a slot.
func (l *boundedListener) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.Listener.Close()
}

// boundedConn gives its slot back when it is closed, however often that is.
type boundedConn struct {
	net.Conn
	release func()
}

// Close closes the connection.
func (c *boundedConn) Close() error {
	defer c.release()
	return c.Conn.Close()
}
