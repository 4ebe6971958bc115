package fetch_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/fetch"
	"github.com/heddlehq/heddle/intake"
)

// failing answers with a status until so many requests were answered.
func failing(times, status int, headers ...string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		if times--; times < 0 {
			return false
		}
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		return true
	}
}

func times(requests []string) []string {
	all := make([]string, len(requests))
	for i, r := range requests {
		all[i], _, _ = strings.Cut(r, " ")
	}
	return all
}

// What passes is asked again, ever more slowly; after five tries people hear of it, and when
// it has passed they hear that, too. (reproduces: H-FETCH-FAILING)
func TestASystemThatIsDown(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("m-1", "2", noon))
	r.vendor.answerBefore(failing(6, http.StatusBadGateway))
	r.notify("e-1", "m-1")
	r.run(20 * time.Second)
	wantLines(t, "asked", times(r.vendor.requests()), "12:00:00", "12:00:01", "12:00:03", "12:00:07", "12:00:15")
	wantLines(t, "work list", r.items(),
		string(fault.FetchFailing)+` counter/main move move_id="m-1": it answered Bad Gateway (502); 5 tries in a row`)
	wantText(t, "follow-ups", r.status().FollowUps, 1)
	r.run(2 * time.Minute)
	wantLines(t, "asked", times(r.vendor.requests()), "12:00:31", "12:01:03")
	wantText(t, "on hand", r.onHand(), "2")
	wantLines(t, "work list", r.items())
}

func TestASystemThatDoesNotAnswerAtAll(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.Close()
	r.notify("e-1", "m-1")
	r.run(20 * time.Second)
	items := r.items()
	if len(items) != 1 || !strings.HasPrefix(items[0], string(fault.FetchFailing)+` counter/main move move_id="m-1": no answer came: dial tcp`) || strings.Contains(items[0], "/v2") {
		t.Errorf("got %q, want the cause without the address", items)
	}
}

// A system of which one object is broken answers for the others.
func TestOneBadObjectDoesNotStopTheOthers(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.vendor.put(moveOf("good", "2", noon), moveOf("later", "3", noon))
	r.vendor.answerBefore(func(w http.ResponseWriter, req *http.Request) bool {
		var body [64]byte
		n, _ := req.Body.Read(body[:])
		bad := strings.Contains(string(body[:n]), "bad")
		req.Body = http.NoBody
		if !bad {
			req.Body = nopBody(body[:n])
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		return true
	})
	r.notify("e-1", "bad")
	r.notify("e-2", "good")
	r.notify("e-3", "later")
	r.run(10 * time.Second)
	wantText(t, "on hand", r.onHand(), "5")
	wantText(t, "follow-ups", r.status().FollowUps, 1)
}

func TestThrottled(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		status  int
		headers []string
		want    []string // times of two questions
	}{
		{"with seconds", 429, []string{"Retry-After", "30"}, []string{"12:00:00", "12:00:30", "12:00:30"}},
		{"with a time", 429, []string{"Retry-After", "Mon, 01 Jun 2026 12:00:40 GMT"}, []string{"12:00:00", "12:00:40", "12:00:40"}},
		{"without", 429, nil, []string{"12:00:00", "12:00:01", "12:00:01"}},
		{"by a status of the vendor's own", 430, []string{"Retry-After", "5"}, []string{"12:00:00", "12:00:05", "12:00:05"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).open()
			r.vendor.put(moveOf("m-1", "2", noon), moveOf("m-2", "3", noon))
			r.vendor.answerBefore(failing(1, c.status, c.headers...))
			r.notify("e-1", "m-1")
			r.notify("e-2", "m-2")
			r.run(time.Minute)
			wantLines(t, "asked", times(r.vendor.requests()), c.want...)
			wantText(t, "on hand", r.onHand(), "5")
			wantLines(t, "work list", r.items())
		})
	}
}

// Four at once and two a second are declared; the vendor says what is left of that.
func TestTheVendorsPace(t *testing.T) {
	t.Parallel()
	ask := func(r *rig, n int) []string {
		for i := range n {
			id := fmt.Sprintf("m-%d", i)
			r.vendor.put(moveOf(id, "1", noon))
			r.notify("e"+id, id)
		}
		r.run(time.Minute)
		var all []string
		for _, at := range times(r.vendor.requests()) {
			all = append(all, strings.TrimPrefix(at, "12:00:"))
		}
		return all
	}
	t.Run("as declared", func(t *testing.T) {
		wantText(t, "asked", ask(newRig(t).open(), 7), "[00 00 00 00 00 01 01]")
	})
	t.Run("of which others have used half", func(t *testing.T) {
		r := newRig(t).open()
		r.vendor.answerBefore(func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Counter-Calls", "4/4")
			return false
		})
		wantText(t, "asked", ask(r, 5), "[00 00 01 01 02]")
	})
	t.Run("with more than is declared", func(t *testing.T) {
		r := newRig(t)
		r.source = polling("by_token")
		for i := range 9 {
			r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon))
		}
		r.vendor.answerBefore(func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("x-amzn-RateLimit-Limit", "0.1")
			return false
		})
		r.open().run(time.Minute)
		wantText(t, "asked", times(r.vendor.requests()), "[12:00:00 12:00:00 12:00:10 12:00:20 12:00:30]")
	})
	t.Run("without a number", func(t *testing.T) {
		r := newRig(t).open()
		r.vendor.answerBefore(func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("X-Counter-Calls", "many/-3")
			return false
		})
		wantText(t, "asked", ask(r, 3), "[00 00 00]")
	})
}

// What will not pass waits for a person, or for the next notification.
// (reproduces: H-FETCH-GONE, H-FETCH-DENIED)
func TestWhatWillNotBeAnswered(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		id    string
		first func(http.ResponseWriter, *http.Request) bool
		want  string
	}{
		{"an id that is left out of the answer", "none", nil, `H-FETCH-GONE counter/main move move_id="none": the answer has no record`},
		{"a status", "m-1", failing(1, http.StatusNotFound), `H-FETCH-GONE counter/main move move_id="m-1": it answered Not Found (404)`},
		{"a refusal", "m-1", failing(1, http.StatusUnprocessableEntity), `H-FETCH-DENIED counter/main move move_id="m-1": it answered Unprocessable Entity (422)`},
		{"another host", "m-1", failing(1, http.StatusFound, "Location", "https://elsewhere.example/v2"), `H-FETCH-DENIED counter/main move move_id="m-1": it sends to another address than the configured host`},
		{"the same host without the question", "m-1", failing(1, http.StatusFound, "Location", "/v2/moves/m-1"), `H-FETCH-DENIED counter/main move move_id="m-1": it sends to another address than the configured host`},
		{"no JSON", "m-1", failing(1, http.StatusOK), `H-SYNTAX counter/main move move_id="m-1": it ends before the document is complete`},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t).open()
			r.vendor.put(moveOf("m-1", "2", noon))
			r.vendor.answerBefore(c.first)
			r.notify("e-1", c.id)
			r.run(time.Hour)
			wantText(t, "asked", len(r.vendor.requests()), 1)
			wantLines(t, "work list", r.items(), c.want)
			wantText(t, "stopped", r.status().Stopped, 1)
			r.vendor.put(moveOf("none", "2", noon))
			for id, want := range map[intake.FollowUpID]int{"another": 0, "": 1} {
				n, err := r.fetcher.Retry(t.Context(), r.status().Source, id)
				must(t, err)
				wantText(t, "retried", n, want)
			}
			r.run(time.Second)
			wantText(t, "on hand", r.onHand(), "2")
			wantLines(t, "work list", r.items())
			wantText(t, "follow-ups", r.status().FollowUps, 0)
		})
	}
}

func TestANotificationTriesAgainWhatWasGone(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	r.notify("e-1", "m-1")
	r.run(time.Second)
	wantText(t, "stopped", r.status().Stopped, 1)
	r.vendor.put(moveOf("m-1", "2", noon))
	r.notify("e-2", "m-1")
	r.run(time.Second)
	wantText(t, "on hand", r.onHand(), "2")
}

// A poll that fails goes on where it was, and one whose page is no longer known begins anew.
func TestAPollThatFails(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		status int
		want   []string
	}{
		{"and goes on", http.StatusServiceUnavailable, []string{"", "after-2", "after-2", "after-4"}},
		{"and begins anew", http.StatusBadRequest, []string{"", "after-2", "", "after-2", "after-4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.source = polling("by_token")
			for i := range 5 {
				r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon))
			}
			second := 0
			r.vendor.answerBefore(func(w http.ResponseWriter, _ *http.Request) bool {
				if second++; second == 2 {
					w.WriteHeader(c.status)
					return true
				}
				return false
			})
			r.open().run(4 * time.Minute)
			var tokens []string
			for _, request := range r.vendor.requests() {
				_, token, _ := strings.Cut(request, "NextToken=")
				tokens = append(tokens, token)
			}
			wantText(t, "asked", fmt.Sprintf("%q", tokens), fmt.Sprintf("%q", c.want))
			wantText(t, "facts", r.facts(), 5)
			wantLines(t, "work list", r.items())
		})
	}
	t.Run("and never comes to its end", func(t *testing.T) {
		r := newRig(t)
		r.source = polling("search")
		for i := range 5 {
			r.vendor.put(moveOf(fmt.Sprintf("m-%d", i), "1", noon))
		}
		n := 0
		r.vendor.answerBefore(func(w http.ResponseWriter, _ *http.Request) bool {
			if n++; n%2 == 0 {
				w.WriteHeader(http.StatusBadRequest)
			}
			return n%2 == 0
		})
		r.open().run(6 * time.Minute)
		wantLines(t, "asked", times(r.vendor.requests()), "12:00:00", "12:00:00", "12:00:01", "12:00:01", "12:05:01", "12:05:01")
		wantLines(t, "work list", r.items(), "H-FETCH-DENIED counter/main poll search: it answered Bad Request (400)")
		wantText(t, "since", r.status().Polls[0].Since, noon.Add(-time.Hour))
	})
	t.Run("and is refused for good", func(t *testing.T) {
		r := newRig(t)
		r.source = polling("search")
		r.vendor.answerBefore(failing(2, http.StatusBadRequest))
		r.open().run(6 * time.Minute)
		wantLines(t, "asked", times(r.vendor.requests()), "12:00:00", "12:05:00")
		wantLines(t, "work list", r.items(), "H-FETCH-DENIED counter/main poll search: it answered Bad Request (400)")
		r.run(5 * time.Minute)
		wantLines(t, "work list", r.items())
	})
}

// Limits are counted before anything of a too large answer is kept.
func TestLimits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, from, to, want string
	}{
		{"bytes", "records: .move\n", "records: .move\n    limits: {bytes: 100}\n", "H-TOO-LARGE: counter/main: an answer has at most 100 bytes"},
		{"a page that is the next", "records: .move\n", "records: .move\n    paging: {cursor: .move.id, query: page}\n    limits: {pages: 2}\n", "H-MAPPING: move_by_path: the answer names itself as the next page"},
		{"pages", "records: .move\n", "records: .move\n    paging: {cursor: .move.kind, query: page}\n    limits: {pages: 1}\n", "H-TOO-LARGE: counter/main: the answer has more than 1 pages"},
		{"a next page on another host", "records: .move\n", "records: .move\n    paging: {url: '\"https://elsewhere.example/\" + .move.id'}\n", "H-FETCH-DENIED: counter/main: the next page lies on another host"},
		{"a next page with a user", "records: .move\n", "records: .move\n    paging: {url: '\"//me@elsewhere.example/\" + .move.id'}\n", "H-FETCH-DENIED: counter/main: the next page lies on another host"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := newRig(t)
			r.text = func(manifest string) string { return replaceOnce(t, manifest, c.from, c.to) }
			r.open().vendor.put(moveOf("m-1", "2", noon))
			_, err := r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
			if err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
			wantText(t, "stopped", r.status().Stopped, 1)
		})
	}
	t.Run("just as much", func(t *testing.T) {
		r := newRig(t)
		r.text = func(manifest string) string {
			return replaceOnce(t, manifest, "records: .move\n", "records: .move\n    limits: {bytes: 156, pages: 1}\n")
		}
		r.open().vendor.put(moveOf("m-1", "2", noon))
		_, err := r.fetcher.FollowUp(t.Context(), followUp("move_by_path", "m-1"))
		must(t, err)
	})
}

func TestAnUnknownFetchOrSource(t *testing.T) {
	t.Parallel()
	r := newRig(t).open()
	_, err := r.fetcher.FollowUp(t.Context(), followUp("nonesuch", "m-1"))
	if !fault.HasCode(err, fault.BadRequest) {
		t.Errorf("an unknown fetch: got %v", err)
	}
	other := followUp("move", "m-1")
	other.Instance = "elsewhere"
	if _, err := r.fetcher.FollowUp(t.Context(), other); !fault.HasCode(err, fault.NoSuchThing) {
		t.Errorf("an unknown source: got %v", err)
	}
	wantText(t, "follow-ups", r.status().FollowUps, 0)

	// The next version of the pack may have forgotten what an old follow-up asks for.
	_, err = r.store.Desk().FollowUps().Raise(t.Context(), followUp("nonesuch", "m-1"))
	must(t, err)
	r.run(time.Minute)
	wantLines(t, "work list", r.items(), `H-FETCH-DENIED counter/main nonesuch move_id="m-1": the pack has no fetch nonesuch`)
}

// A source that is not asked keeps what it should be asked, until it is.
func TestASourceThatIsNotAsked(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.silent = true
	r.open()
	r.vendor.put(moveOf("m-1", "2", noon))
	r.notify("e-1", "m-1")
	wantLines(t, "work list", r.items(), "H-CONFIG counter/main: it tells only that there is something to ask for, and the configuration does not say how: add api: to the source")
	r.close()
	r.silent = false
	r.open().run(time.Second)
	wantText(t, "on hand", r.onHand(), "2")
	wantLines(t, "work list", r.items())
}

func TestSourcesThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		change func(s *fetch.Source)
		want   string
	}{
		{"no TLS", func(s *fetch.Source) { s.BaseURL = "http://api.example.com" }, "base_url is an address such as"},
		{"no address", func(s *fetch.Source) { s.BaseURL = "" }, "base_url is an address such as"},
		{"a secret in the address", func(s *fetch.Source) { s.BaseURL = "https://me:hunter2@api.example.com" }, "base_url is an address such as"},
		{"a token address that is not needed", func(s *fetch.Source) { s.TokenURL = "https://auth.example.com/token" }, "token_url is an address such as"},
		{"no credential", func(s *fetch.Source) { s.Credentials = nil }, "the scheme bearer needs token"},
		{"a credential of another scheme", func(s *fetch.Source) {
			s.Credentials = map[string][]byte{"token": []byte("x"), "password": []byte("hunter2")}
		}, "the scheme bearer has no password"},
		{"an unknown poll", polling("nonesuch"), "the pack has no poll nonesuch"},
		{"a poll twice", polling("search", "search"), "search is there twice"},
		{"a poll from no time", func(s *fetch.Source) { s.Polls = []fetch.PollFrom{{Name: "search"}} }, "search needs since"},
	} {
		t.Run(c.name, func(t *testing.T) {
			source := fetch.Source{
				Pack: newRig(t).counter(), Instance: "main", BaseURL: "https://api.example.com",
				Credentials: map[string][]byte{"token": []byte("the-token")},
			}
			c.change(&source)
			_, err := fetch.Open(t.Context(), fetch.Options{Sources: []fetch.Source{source}})
			if !fault.HasCode(err, fault.BadConfig) || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
