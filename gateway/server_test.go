package gateway_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
)

// serve starts the door and returns its address, a function that stops it, and what
// Serve returned.
func serve(t *testing.T, d *door) (string, context.CancelFunc, <-chan error) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	addr, err := d.Listen(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if ip := addr.(*net.TCPAddr).IP; !ip.IsLoopback() {
		t.Fatalf("listens on %s, want this machine only", ip)
	}
	served := make(chan error, 1)
	go func() { served <- d.Serve(ctx) }()
	return addr.String(), cancel, served
}

func TestServeDrains(t *testing.T) {
	// reproduces: H-STOPPING
	d := newDoor(t, gateway.Options{Address: "127.0.0.1:0"})
	entered, leave := make(chan struct{}), make(chan struct{})
	d.HandleSigned("GET /slow", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(entered)
		<-leave
		fmt.Fprint(w, "whole")
	}))
	addr, cancel, served := serve(t, d)
	answer := make(chan string, 1)
	go func() { answer <- fetch("http://" + addr + "/slow") }()
	<-entered
	cancel()
	waitRefused(t, addr)
	select {
	case err := <-served:
		t.Fatalf("Serve returned %v while a request ran", err)
	default:
	}
	if res, p := d.send(get("/readyz")); res.StatusCode != 503 || p.Code != fault.Stopping {
		t.Errorf("while draining: got %d %s, want 503 %s", res.StatusCode, p.Code, fault.Stopping)
	}
	if res, _ := d.send(get("/healthz")); res.StatusCode != 200 {
		t.Errorf("while draining: got health %d, want 200", res.StatusCode)
	}
	close(leave)
	if got := <-answer; got != "200 whole" {
		t.Errorf("got %q, want the whole answer", got)
	}
	if err := <-served; err != nil {
		t.Errorf("got %v, want no error", err)
	}
}

// waitRefused returns when the address accepts no more connections.
func waitRefused(t *testing.T, addr string) {
	t.Helper()
	for {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			return
		}
		conn.Close()
	}
}

func fetch(url string) string {
	res, err := http.Get(url)
	if err != nil {
		return err.Error()
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprint(res.StatusCode, " ", string(body))
}

func TestServeCutsWhatDoesNotEnd(t *testing.T) {
	d := newDoor(t, gateway.Options{Address: "127.0.0.1:0", Limits: gateway.Limits{Drain: time.Nanosecond}})
	entered := make(chan struct{})
	d.HandleSigned("GET /stuck", http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(entered)
		<-r.Context().Done() // ends only because the connection is cut
	}))
	addr, cancel, served := serve(t, d)
	answer := make(chan string, 1)
	go func() { answer <- fetch("http://" + addr + "/stuck") }()
	<-entered
	cancel()
	if err := <-served; !fault.HasCode(err, fault.Stopping) {
		t.Errorf("got %v, want %s", err, fault.Stopping)
	}
	if got := <-answer; strings.HasPrefix(got, "200") {
		t.Errorf("got %q, want an error", got)
	}
}

func TestListenOnATakenAddress(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	d := newDoor(t, gateway.Options{Address: taken.Addr().String()})
	if _, err := d.Listen(t.Context()); !fault.HasCode(err, fault.BadConfig) {
		t.Errorf("got %v, want %s", err, fault.BadConfig)
	}
}

func TestHeaderLimit(t *testing.T) {
	d := newDoor(t, gateway.Options{Address: "127.0.0.1:0", Limits: gateway.Limits{HeaderBytes: 4096}})
	d.HandleSigned("GET /x", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	addr, _, _ := serve(t, d)
	// net/http allows 4096 bytes more than it is told.
	for size, want := range map[int]string{4000: "200 OK", 12000: "431 Request Header Fields Too Large"} {
		conn, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(conn, "GET /x HTTP/1.1\r\nHost: x\r\nX: %s\r\n\r\n", strings.Repeat("x", size))
		line, err := bufio.NewReader(conn).ReadString('\n')
		conn.Close()
		if err != nil || !strings.Contains(line, want) {
			t.Errorf("%d bytes: got %q, %v; want %s", size, line, err, want)
		}
	}
}

func TestASlowHeaderIsCut(t *testing.T) {
	d := newDoor(t, gateway.Options{Address: "127.0.0.1:0", Limits: gateway.Limits{ReadHeader: time.Millisecond}})
	addr, _, _ := serve(t, d)
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	fmt.Fprint(conn, "GET / HTTP/1.1\r\nHost: x\r\n") // and never the empty line
	if _, err := io.ReadAll(conn); err != nil {
		t.Errorf("got %v, want the end of the connection", err)
	}
}
