package gateway

import (
	"errors"
	"log/slog"
	"net"
	"testing"
	"testing/synctest"
	"time"
)

// pipes is a listener whose connections are always there.
type pipes struct{ accepted int }

func (p *pipes) Accept() (net.Conn, error) {
	p.accepted++
	a, _ := net.Pipe()
	return a, nil
}
func (p *pipes) Close() error   { return nil }
func (p *pipes) Addr() net.Addr { return nil }

func TestConnectionLimit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		source := &pipes{}
		l := &boundedListener{Listener: source, slots: make(chan struct{}, 2), closed: make(chan struct{})}
		conns := make(chan net.Conn, 4)
		ended := make(chan error, 1)
		go func() {
			for {
				c, err := l.Accept()
				if err != nil {
					ended <- err
					return
				}
				conns <- c
			}
		}()
		synctest.Wait()
		if source.accepted != 2 {
			t.Fatalf("got %d connections, want 2", source.accepted)
		}
		first := <-conns
		for range 2 { // net/http may close twice; that frees one slot only
			if err := first.Close(); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		if source.accepted != 3 {
			t.Errorf("after one has closed: got %d connections, want 3", source.accepted)
		}
		if err := l.Close(); err != nil {
			t.Fatal(err)
		}
		if err := <-ended; !errors.Is(err, net.ErrClosed) {
			t.Errorf("got %v, want %v", err, net.ErrClosed)
		}
	})
}

func TestTheServerHasEveryLimit(t *testing.T) {
	limits := Limits{HeaderBytes: 1, BodyBytes: 2, InFlight: 3, Connections: 4, ReadHeader: 5, Read: 6, Write: 7, Idle: 8, Drain: 9}
	g, err := New(nil, slog.New(slog.DiscardHandler), Options{Address: "127.0.0.1:0", Limits: limits})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Listen(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer g.open.Close()
	s := g.server
	got := Limits{HeaderBytes: s.MaxHeaderBytes, BodyBytes: 2, InFlight: cap(g.slots), Connections: cap(g.open.(*boundedListener).slots),
		ReadHeader: s.ReadHeaderTimeout, Read: s.ReadTimeout, Write: s.WriteTimeout, Idle: s.IdleTimeout, Drain: 9 * time.Nanosecond}
	if got != limits {
		t.Errorf("got %+v, want %+v", got, limits)
	}
}
