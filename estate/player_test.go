package estate

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/heddlehq/heddle/fault"
)

// door is a pretend server: each request takes the next of its answers.
type door struct {
	mu      sync.Mutex
	answers []func(w http.ResponseWriter)
	bodies  []string
	tokens  []string
}

func (d *door) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body)
	d.mu.Lock()
	d.bodies = append(d.bodies, string(body))
	d.tokens = append(d.tokens, r.Header.Get("Authorization"))
	answer := d.answers[0]
	d.answers = d.answers[1:]
	d.mu.Unlock()
	answer(w)
}

func says(status int, body string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// dies ends the connection in the middle of the answer.
func dies(http.ResponseWriter) { panic(http.ErrAbortHandler) }

// player returns a player at a door that gives these answers, and what it watched.
func player(t *testing.T, answers ...func(http.ResponseWriter)) (*Player, *door, *[]Attempt) {
	t.Helper()
	d := &door{answers: answers}
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	var attempts []Attempt
	return &Player{
		Base: server.URL, Client: server.Client(), Clock: noon, Tokens: map[Caller]string{OMS: "k-oms", Auditor: "k-auditor"},
		Watch: func(a Attempt) { attempts = append(attempts, a) },
	}, d, &attempts
}

func TestSendsAgainUntilAnswered(t *testing.T) {
	e := estate(t, Options{})
	p, d, attempts := player(t,
		dies,
		says(http.StatusServiceUnavailable, `{"code":"H-STOPPING","status":503}`),
		says(http.StatusTooManyRequests, `{"code":"H-BUSY","status":429}`),
		says(http.StatusOK, `{"results":[{"status":"unknown"},{"status":"accepted","position":7}]}`),
		says(http.StatusOK, `{"results":[{"status":"duplicate","position":6},{"status":"accepted","position":7}]}`),
	)
	a, err := p.Send(t.Context(), Delivery{message(t, e, "allocated"), 0})
	if err != nil || !a.OK() || a.Tries != 5 || a.Changed() != 1 {
		t.Fatalf("got %+v, %v, want the fifth answer", a, err)
	}
	if len(slices.Compact(slices.Clone(d.bodies))) != 1 || d.tokens[4] != "Bearer k-oms" {
		t.Errorf("the tries differ, or came as %q", d.tokens)
	}
	if got := *attempts; len(got) != 5 || !got[0].Unanswered() || got[1].Unanswered() || got[4].Status != http.StatusOK {
		t.Errorf("watched %+v", got)
	}
}

// An answer that is none is not asked for again and again.
func TestNoAnswerOfADoor(t *testing.T) {
	p, _, attempts := player(t, says(http.StatusOK, "<html>"))
	if a, err := p.Send(t.Context(), Delivery{message(t, estate(t, Options{}), "order"), 0}); !fault.HasCode(err, fault.BadSyntax) || len(*attempts) != 1 {
		t.Errorf("got %+v, %v after %d attempts", a, err, len(*attempts))
	}
}

func TestGivesUpWithTheContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, _, _ := player(t, func(w http.ResponseWriter) {
		cancel()
		says(http.StatusServiceUnavailable, `{"code":"H-STOPPING"}`)(w)
	})
	_, err := p.Send(ctx, Delivery{message(t, estate(t, Options{}), "order"), 0})
	if !fault.HasCode(err, fault.OutcomeUnknown) {
		t.Errorf("got %v, want H-UNKNOWN", err)
	}
}

// Every form in which a door answers is read.
func TestAnswers(t *testing.T) {
	e := estate(t, Options{})
	for _, c := range []struct {
		name, message string
		status        int
		body          string
		ok            bool
		steps         string
	}{
		{"events", "picked", 200, `{"results":[{"status":"accepted","position":20},{"status":"accepted","position":21}],"accepted":2}`, true, "map[3:[20 21]]"},
		{"reservations", "reservations", 200, `{"results":[{"reservation_id":"R","status":"granted","position":9}]}`, true, "map[2:[9]]"},
		{"a webhook", "order", 200, `{"evidence":"ab","delivery":"d","records":[{"record":1,"events":[{"status":"accepted","position":5}]}]}`, true, "map[2:[5]]"},
		{"a report of three steps", "settlement report", 200, `{"evidence":"ab","records":[{"record":1,"events":[{"status":"accepted","position":30}]},{"record":2,"events":[{"status":"accepted","position":31}]},{"record":3,"events":[{"status":"accepted","position":32,"standing":"corroborates"}]}]}`, true, "map[6:[30] 9:[31] 10:[32]]"},
		{"a file with records of nothing", "pickup", 200, `{"evidence":"ab","records":[{"record":1,"ignored":"sign on"},{"record":2,"events":[{"status":"accepted","position":11}]}]}`, true, "map[5:[11]]"},
		{"a record that was refused", "pickup", 200, `{"evidence":"ab","records":[{"record":1,"code":"V-TRN-01","detail":"training"}]}`, false, "map[]"},
		{"a payload of nothing", "order", 200, `{"evidence":"ab","ignored":"the catalogue","records":null}`, true, "map[]"},
		{"an approval", "approval", 200, `{"status":"accepted","event_id":"x","position":3}`, true, "map[1:[3]]"},
		{"a problem", "order", 401, `{"status":401,"code":"H-SIGNATURE","detail":"no"}`, false, "map[]"},
		{"a conflict", "order", 200, `{"evidence":"ab","records":[{"record":1,"events":[{"status":"conflict","code":"V-DUP-02","position":2}]}]}`, false, "map[]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := readAnswer(message(t, e, c.message), c.status, []byte(c.body))
			if err != nil || a.OK() != c.ok {
				t.Errorf("got %+v, %v, want ok %t", a, err, c.ok)
			}
			if got := fmt.Sprint(Positions([]Answer{a})); got != c.steps {
				t.Errorf("positions %s, want %s", got, c.steps)
			}
		})
	}
}

func TestReader(t *testing.T) {
	p, d, _ := player(t,
		says(200, `{"position":40,"availability":[{"item":"B","location":"S1","sellable":"8","reserved":"0","allocated":"0","ats":"7"},{"item":"A","location":"S1","sellable":"9","reserved":"0","allocated":"0","ats":"7"}]}`),
		says(200, `{"rows":[{"role":"INVENTORY","currency":"USD","debit":"294.60"},{"role":"OPENING_EQUITY","currency":"USD","credit":"316.00"}]}`),
		says(200, `{"position":40,"open":[{"role":"SUSPENSE","key":"x","amount":"1.00"}]}`),
		says(200, `{"entries":[{"position":5,"lines":[{"role":"TAX_PAYABLE","credit":"1.00","dims":{"jurisdiction":"STATE"}},{"role":"COGS","debit":"1.00"}]}],"next_cursor":"c1"}`),
		says(200, `{"entries":[{"position":6,"lines":[{"role":"BANK","debit":"5.00"},{"role":"SUSPENSE","credit":"5.00"}]},{"position":7,"lines":[{"role":"COGS","debit":"0.50"},{"role":"INVENTORY","credit":"0.50"}]}]}`),
	)
	r := p.NewReader(E01())
	state, err := r.State(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want, _ := Expect(E01())
	differences := want.Differences(state)
	if len(differences) != 2 || !strings.Contains(differences[0], "trial balance") || !strings.Contains(differences[1], "SUSPENSE x") {
		t.Errorf("differences %v: stock is right, the balance is not, and one key is open", differences)
	}
	lines, err := r.Entries(t.Context(), []int64{7, 5})
	if err != nil || posted(lines) != "Dr COGS 1.50 / Cr INVENTORY 0.50; TAX_PAYABLE[STATE] 1.00" {
		t.Errorf("entries %s, %v", posted(lines), err)
	}
	if d.tokens[0] != "Bearer k-auditor" {
		t.Errorf("reads come as %s", d.tokens[0])
	}
}

func TestReaderSaysWhatFailed(t *testing.T) {
	p, _, _ := player(t, says(403, `{"code":"H-SCOPE"}`), says(200, `{"rows":[{"role":"BANK","currency":"EUR","debit":"1.00"}]}`))
	r := p.NewReader(E01())
	if _, err := r.Levels(t.Context()); err == nil || !strings.Contains(err.Error(), "403") {
		t.Errorf("got %v, want the status", err)
	}
	if _, err := r.Balance(t.Context()); !fault.HasCode(err, fault.CurrencyUnknown) {
		t.Errorf("got %v, want V-CUR-01", err)
	}
	p.Base = "http://127.0.0.1:1"
	r = p.NewReader(E01())
	var f *fault.Error
	if _, err := r.Open(t.Context()); !errors.As(err, &f) {
		t.Errorf("got %v, want a fault", err)
	}
}
