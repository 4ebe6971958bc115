package api_test

import (
	"fmt"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
)

func TestStockNowAndThen(t *testing.T) {
	h := stocked(t)
	many := decoded[api.Availability](h.post("/v1/availability/query", `{"items":["A","B"]}`).is(200))
	if len(many.Availability) != 1 || many.NetworkATS["A"].String() != "10" || many.NetworkATS["B"].String() != "0" {
		t.Errorf("got %+v, want ten of A and none of B", many)
	}
	for path, want := range map[string]int{
		"/v1/positions?item=A&location=S1":                      1,
		"/v1/positions?item=A&location=S9":                      0,
		"/v1/positions?occurred_as_of=2026-07-09T08:00:00Z":     1,
		"/v1/positions?occurred_as_of=2026-07-09T07:59:59Z":     0,
		"/v1/positions?item=A&known_as_of=2026-07-10T12:00:00Z": 1,
		"/v1/positions?item=A&known_as_of=2026-07-10T11:59:59Z": 0,
	} {
		if got := decoded[api.Positions](h.get(path).is(200)).Positions; len(got) != want {
			t.Errorf("%s: got %+v, want %d", path, got, want)
		}
	}
	h.get("/v1/availability").problem(400, fault.BadRequest)
	h.get("/v1/positions?known_as_of=yesterday").problem(400, fault.BadRequest)
}

// TestBooksOfAnOpening reads the entry of an opening load in every way there is.
func TestBooksOfAnOpening(t *testing.T) {
	h := stocked(t)
	page := decoded[struct {
		Entries []api.EntryForm `json:"entries"`
	}](h.get("/v1/entries?entity=LE1&from=2026-07-09&to=2026-07-09").is(200))
	if len(page.Entries) != 1 || page.Entries[0].Lines[0].Debit != "200.00" {
		t.Fatalf("got %+v, want one entry of 200.00", page)
	}
	one := decoded[api.EntryForm](h.get("/v1/entries/" + page.Entries[0].ID).is(200))
	if one.Hash != page.Entries[0].Hash {
		t.Errorf("got %+v, want %+v", one, page.Entries[0])
	}
	h.get("/v1/entries/none").problem(404, fault.NoSuchThing)
	h.get("/v1/entries?from=monday").problem(400, fault.BadRequest)
	for _, none := range []string{"from=2026-07-10", "to=2026-07-08", "entity=LE2", "position_from=99"} {
		if got := decoded[struct{ Entries []any }](h.get("/v1/entries?" + none).is(200)); got.Entries == nil || len(got.Entries) != 0 {
			t.Errorf("%s: got %v, want none", none, got)
		}
	}
	balance := decoded[api.TrialBalance](h.get("/v1/trial-balance?entity=LE1").is(200))
	if len(balance.Rows) != 2 || len(balance.Totals) != 1 || balance.Totals[0].Debit != "200.00" || !balance.Totals[0].Balanced {
		t.Errorf("got %+v, want 200.00 on both sides", balance)
	}
	h.get("/v1/clearing").is(200)
	thread := decoded[struct {
		Facts   []api.Fact
		Entries []api.EntryForm
	}](h.get("/v1/threads/document:OPEN").is(200))
	if len(thread.Facts) != 1 || len(thread.Entries) != 1 || thread.Facts[0].Entries[0] != one.ID {
		t.Errorf("got %+v, want the entry beside its fact", thread)
	}
	h.get("/v1/threads/nothing").problem(404, fault.NoSuchThing)
}

// TestPagesOfEntries walks the ledger two at a time, and meets each entry once.
func TestPagesOfEntries(t *testing.T) {
	h := newHouse(t)
	h.places()
	for i := range 5 {
		h.post("/v1/events", opening(fmt.Sprint("O", i), "A")).is(200)
	}
	seen := map[string]bool{}
	path := "/v1/entries?limit=2"
	for pages := 1; ; pages++ {
		page := decoded[struct {
			Entries []api.EntryForm `json:"entries"`
			Next    string          `json:"next_cursor"`
		}](h.get(path).is(200))
		for _, e := range page.Entries {
			seen[e.ID] = true
		}
		if page.Next == "" {
			if pages != 3 || len(seen) != 5 {
				t.Errorf("got %d entries on %d pages, want 5 on 3", len(seen), pages)
			}
			return
		}
		path = "/v1/entries?limit=2&cursor=" + page.Next
	}
}

// TestReadWhatOneHasWritten asks each read for the position that a write has told.
func TestReadWhatOneHasWritten(t *testing.T) {
	h := stocked(t)
	at := h.get("/v1/trial-balance").header.Get("X-Heddle-Position")
	for _, path := range []string{"/v1/trial-balance", "/v1/availability?item=A", "/v1/positions", "/v1/exceptions", "/v1/entries", "/v1/clearing", "/v1/reference/items"} {
		a := h.do(call{as: "oms", method: "GET", path: path, header: map[string]string{"X-Heddle-Position": at}}).is(200)
		if got := a.header.Get("X-Heddle-Position"); got != at {
			t.Errorf("%s: got position %q, want %s", path, got, at)
		}
	}
	h.do(call{as: "oms", method: "GET", path: "/v1/positions", header: map[string]string{"X-Heddle-Position": "-1"}}).problem(400, fault.BadRequest)
}
