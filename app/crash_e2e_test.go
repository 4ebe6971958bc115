//go:build e2e || soak

package app_test

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/estate"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// The child is this test binary again, running a server.
const (
	childDir     = "HEDDLE_CRASH_DIR"
	childAddress = "HEDDLE_CRASH_ADDRESS"
	childToday   = "HEDDLE_CRASH_TODAY"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := serveChild(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if path := os.Getenv(childConfig); path != "" {
		if err := collectChild(path); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// serveChild serves until it is killed.
func serveChild(dir string) error {
	ctx := context.Background()
	e, err := crashEstate(os.Getenv(childToday))
	if err != nil {
		return err
	}
	config, env := app.EstateConfig(e, dir)
	config.Listen = os.Getenv(childAddress)
	house, err := app.OpenHouse(ctx, config, app.Options{Env: env})
	if err != nil {
		return err
	}
	if _, err := house.Listen(ctx); err != nil {
		return err
	}
	fmt.Println("listening")
	return house.Serve(ctx)
}

func crashEstate(today string) (*estate.Estate, error) {
	day, err := retail.ParseDate(today)
	if err != nil {
		return nil, err
	}
	return estate.New(estate.Options{Today: day, Seed: 7})
}

// victim is a server that gets killed and started again on the same folder and port.
type victim struct {
	t       *testing.T
	dir     string
	address string
	today   string

	mu    sync.Mutex
	child *exec.Cmd
	kills int
}

// newVictim starts a server for a pretend retailer, with the callers' keys.
func newVictim(t *testing.T) (*victim, *estate.Estate, map[estate.Caller]string) {
	t.Helper()
	v := &victim{t: t, dir: t.TempDir(), address: freeAddress(t), today: retail.DateOf(time.Now().UTC()).String()}
	e, err := crashEstate(v.today)
	if err != nil {
		t.Fatal(err)
	}
	tokens := crashTokens(t, e, v.dir)
	v.start()
	return v, e, tokens
}

// end kills the server for good.
func (v *victim) end() {
	v.mu.Lock()
	defer v.mu.Unlock()
	_ = v.child.Process.Kill()
	_ = v.child.Wait() // it was killed
}

func (v *victim) start() {
	v.t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+v.dir, childAddress+"="+v.address, childToday+"="+v.today)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		v.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		v.t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || strings.TrimSpace(line) != "listening" {
		v.t.Fatalf("the server did not start: %q, %v", line, err)
	}
	v.child = cmd
}

// kill sends SIGKILL and starts the server again.
func (v *victim) kill() {
	v.mu.Lock()
	defer v.mu.Unlock()
	if err := v.child.Process.Kill(); err != nil {
		v.t.Error(err)
	}
	_ = v.child.Wait() // it was killed
	v.kills++
	v.start()
}

// killer kills the server a moment after a request has left, for some requests.
type killer struct {
	http.RoundTripper
	victim *victim
	random *rand.Rand
	left   int
	wait   sync.WaitGroup
}

func (k *killer) RoundTrip(r *http.Request) (*http.Response, error) {
	if k.left > 0 && k.random.IntN(3) > 0 {
		k.left--
		delay := time.Duration(k.random.IntN(2500)) * time.Microsecond
		k.wait.Go(func() {
			time.Sleep(delay) // a random instant of the request is what the test is about
			k.victim.kill()
		})
	}
	return k.RoundTripper.RoundTrip(r)
}

// killsPerRun is how often a run kills its server.
const killsPerRun = 20

// TestE2EKills kills the server with SIGKILL at twenty random instants of the demo's traffic
// and ends in the same books and positions.
func TestE2EKills(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	crash(t, seed)
}

func crash(t *testing.T, seed uint64) {
	v, e, tokens := newVictim(t)
	k := &killer{RoundTripper: &http.Transport{DisableKeepAlives: true}, victim: v, random: rand.New(rand.NewPCG(seed, 0)), left: 0}
	unanswered := 0
	player := &estate.Player{
		Base: "http://" + v.address, Client: &http.Client{Transport: k, Timeout: 10 * time.Second}, Tokens: tokens, Clock: time.Now,
		Watch: func(a estate.Attempt) {
			if a.Unanswered() {
				unanswered++
			}
		},
	}
	send := func(deliveries []estate.Delivery) {
		t.Helper()
		answers, err := player.Play(t.Context(), deliveries)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range answers {
			if !a.OK() {
				t.Errorf("%s: %d %s %s %+v", a.Message.Name, a.Status, a.Code, a.Detail, a.Results)
			}
		}
	}
	send(estate.Once([]estate.Message{e.Seed()}, 0))
	messages := e.Messages(1, estate.StepCount, true)
	k.left = killsPerRun
	for round := 0; round == 0 || k.left > 0 || unanswered < 15; round++ {
		if k.left == 0 {
			k.left = 1 // one that hit nothing does not count towards the fifteen
		}
		send(estate.Once(messages, round%2))
		if round > 20 {
			t.Fatalf("%d kills hit only %d unanswered requests", v.kills, unanswered)
		}
	}
	k.wait.Wait()
	t.Logf("%d kills, %d unanswered requests", v.kills, unanswered)
	if v.kills < killsPerRun || unanswered < 15 {
		t.Errorf("%d kills and %d unanswered requests, want %d and 15", v.kills, unanswered, killsPerRun)
	}
	checkEnd(t, e, player)
	v.end()
	checkChain(t, e, v.dir)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// crashTokens makes the callers' keys in the installation before its server runs.
func crashTokens(t *testing.T, e *estate.Estate, dir string) map[estate.Caller]string {
	t.Helper()
	config, env := app.EstateConfig(e, dir)
	house, err := app.OpenHouse(t.Context(), config, app.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	tokens, err := app.EstateTokens(t.Context(), house)
	if err != nil {
		t.Fatal(err)
	}
	if err := house.Close(); err != nil {
		t.Fatal(err)
	}
	return tokens
}

func checkEnd(t *testing.T, e *estate.Estate, player *estate.Player) {
	t.Helper()
	want, err := estate.Expect(e.Scenario())
	if err != nil {
		t.Fatal(err)
	}
	reader := player.NewReader(e.Scenario())
	var differences []string
	for range 100 { // booking follows the journal
		state, err := reader.State(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if differences = want.Differences(state); len(differences) == 0 {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("the server ended elsewhere: %v", differences)
}

func checkChain(t *testing.T, e *estate.Estate, dir string) {
	t.Helper()
	withStore(t, e, dir, func(s store.Store) {
		if _, err := journal.VerifyChain(t.Context(), s.Journal(), nil); err != nil {
			t.Error(err)
		}
	})
}

// withStore opens the store of an installation whose server has ended, and closes it again.
func withStore(t *testing.T, e *estate.Estate, dir string, look func(s store.Store)) {
	t.Helper()
	config, _ := app.EstateConfig(e, dir)
	s, err := app.OpenStore(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}()
	look(s)
}

// TestE2EPermutations sends steps 4 to 11 in fifty seeded orders, with duplicates and delays,
// to servers of their own; return before pickup, refund before capture and bank line before
// payout are among them.
func TestE2EPermutations(t *testing.T) {
	seen := map[string]int{}
	for seed := range uint64(50) {
		today := retail.DateOf(time.Now().UTC())
		e, err := estate.New(estate.Options{Today: today, Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		permute(t, e, seed, seen)
	}
	for _, pair := range []string{"return<pickup", "refund<charge captured", "bank statement<payout"} {
		if seen[pair] == 0 {
			t.Errorf("%s was not among the fifty: %v", pair, seen)
		}
	}
}

func permute(t *testing.T, e *estate.Estate, seed uint64, seen map[string]int) {
	config, env := app.EstateConfig(e, t.TempDir())
	house, err := app.OpenHouse(t.Context(), config, app.Options{Env: env})
	if err != nil {
		t.Fatal(err)
	}
	address, err := house.Listen(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- house.Serve(ctx) }()
	defer func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	}()
	tokens, err := app.EstateTokens(t.Context(), house)
	if err != nil {
		t.Fatal(err)
	}
	player := &estate.Player{Base: "http://" + address.String(), Client: http.DefaultClient, Tokens: tokens, Clock: time.Now}
	first := append([]estate.Message{e.Seed()}, e.Messages(1, 3, true)...)
	rest := estate.Shuffled(e.Messages(4, estate.StepCount, true), seed)
	place := map[string]int{}
	for i, m := range rest {
		place[m.Name] = i
	}
	for _, pair := range [][2]string{{"return", "pickup"}, {"refund", "charge captured"}, {"bank statement", "payout"}} {
		a, okA := place[pair[0]]
		b, okB := place[pair[1]]
		if okA && okB && a < b {
			seen[pair[0]+"<"+pair[1]]++
		}
	}
	deliveries := append(estate.Once(first, 0), estate.Delayed(estate.Duplicated(estate.Once(rest, 0), seed), seed)...)
	answers, err := player.Play(t.Context(), deliveries)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range answers {
		if !a.OK() {
			t.Errorf("seed %d: %s: %d %s %s %+v", seed, a.Message.Name, a.Status, a.Code, a.Detail, a.Results)
		}
	}
	checkEnd(t, e, player)
}
