package api_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
)

// TestOneBadEventAmongGoodOnes sends three events of which the second cannot be read: the
// others go in, its bytes are kept, and it stands once on the work list however often it comes.
func TestOneBadEventAmongGoodOnes(t *testing.T) {
	// reproduces: V-SCH-01
	h := newHouse(t)
	h.places()
	bad := strings.Replace(opening("BAD", "A"), `"bucket":"SELLABLE",`, `"bucket":"SELLABLE","colour":"red",`, 1)
	body := "[" + opening("O1", "A") + "," + bad + "," + opening("O2", "B") + "]"
	for i, good := range []record.Status{record.Accepted, record.Duplicate} {
		a := h.post("/v1/events", body).is(200)
		got := decoded[api.EventResults](a)
		statuses := []record.Status{got.Results[0].Status, got.Results[1].Status, got.Results[2].Status}
		if statuses[0] != good || statuses[1] != record.Refused || statuses[2] != good {
			t.Errorf("got %v, want the neighbours %s", statuses, good)
		}
		if got.Results[1].Code != fault.SchemaInvalid || got.Refused != 1 || got.Accepted+got.Duplicate != 2 {
			t.Errorf("got %+v, want one %s", got, fault.SchemaInvalid)
		}
		if a.header.Get("X-Heddle-Position") != "8" {
			t.Errorf("got position %s, want 8", a.header.Get("X-Heddle-Position"))
		}
		item := h.onlyWork(fault.SchemaInvalid, int64(i+1))
		hash := sha256.Sum256([]byte(bad))
		if want := hex.EncodeToString(hash[:]); item.Evidence != want || got.Results[1].Evidence != want {
			t.Errorf("got evidence %s and %s, want %s", item.Evidence, got.Results[1].Evidence, want)
		}
		kept := h.get("/v1/evidence/" + item.Evidence).is(200)
		if string(kept.body) != bad || kept.header.Get("Content-Type") != "application/octet-stream" {
			t.Errorf("got %s as %s, want what was sent as bytes", kept.body, kept.header.Get("Content-Type"))
		}
	}
}

func TestEventsInEachForm(t *testing.T) {
	for _, c := range []struct{ name, mime, body string }{
		{"one", "application/cloudevents+json", opening("O1", "A")},
		{"one as plain JSON", "application/json; charset=utf-8", opening("O1", "A")},
		{"a batch", "application/cloudevents-batch+json", "[" + opening("O1", "A") + "]"},
		{"lines", "application/x-ndjson", opening("O1", "A") + "\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.places()
			a := h.do(call{as: "oms", method: "POST", path: "/v1/events", body: c.body, header: map[string]string{"Content-Type": c.mime}})
			if got := decoded[api.EventResults](a.is(200)); got.Accepted != 1 || len(got.Results) != 1 {
				t.Errorf("got %+v, want one accepted", got)
			}
		})
	}
}

// TestWhatEventsCannotSay sends what belongs to other routes, and what has no place.
func TestWhatEventsCannotSay(t *testing.T) {
	// reproduces: V-LOC-01, V-DUP-02, H-SYNTAX
	other := strings.Replace(opening("O1", "A"), `"quantity":"10"`, `"quantity":"11"`, 1)
	for _, c := range []struct {
		name, body string
		status     record.Status
		code       fault.Code
	}{
		{"the reserved source", strings.Replace(opening("O2", "A"), "wms/main", "heddle/config", 1), record.Refused, fault.NoScope},
		{"an approval of a machine", `{"specversion":"1.0","id":"1","source":"oms/main","type":"retail.approval_given.v1","subject":"x","time":"2026-07-09T08:00:00Z","data":{"subject":{"type":"document","id":"x"},"decision":"APPROVED","person":"bob"}}`, record.Refused, fault.NoScope},
		{"reference data", `{"specversion":"1.0","id":"1","source":"mdm/main","type":"retail.reference_set.v1","subject":"x","time":"2026-07-09T08:00:00Z","data":{"table":"items","row_key":"X","row":{},"author":"mdm"}}`, record.Refused, fault.NoScope},
		{"an unknown place", strings.Replace(opening("O2", "A"), `"S1"`, `"S9"`, 1), record.Waiting, fault.LocationUnknown},
		{"another content", other, record.Conflicting, fault.KeyConflict},
		{"half an object", `{"specversion"`, record.Refused, fault.SchemaInvalid},
		{"an array that breaks off", `[`, record.Refused, fault.BadSyntax},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := newHouse(t)
			h.places()
			h.post("/v1/events", opening("O1", "A")).is(200)
			got := decoded[api.EventResults](h.post("/v1/events", c.body).is(200))
			if len(got.Results) != 1 || got.Results[0].Status != c.status || got.Results[0].Code != c.code {
				t.Errorf("got %+v, want %s %s", got, c.status, c.code)
			}
			h.onlyWork(c.code, 1)
		})
	}
}

func TestWholeRequestsOfEventsThatAreRefused(t *testing.T) {
	// reproduces: H-REQUEST, H-TOO-LARGE
	h := newHouse(t)
	for _, c := range []struct {
		name, mime, body string
		status           int
		code             fault.Code
	}{
		{"empty", "application/json", " ", 400, fault.BadRequest},
		{"an empty array", "application/json", "[]", 400, fault.BadRequest},
		{"another media type", "text/csv", "a,b", 400, fault.BadRequest},
		{"several as one", "application/cloudevents+json", "{}{}", 400, fault.BadRequest},
		{"one more than the limit", "application/x-ndjson", strings.Repeat("{}\n", 10_001), 413, fault.TooLarge},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.t = t
			h.do(call{as: "oms", method: "POST", path: "/v1/events", body: c.body, header: map[string]string{"Content-Type": c.mime}}).problem(c.status, c.code)
		})
	}
	h.t = t
	if got := h.work(); len(got) != 0 {
		t.Errorf("got %+v, want nothing on the work list", got)
	}
}

// TestAnUnknownItemWaitsUntilItIsThere books by itself when the item becomes known.
func TestAnUnknownItemWaitsUntilItIsThere(t *testing.T) {
	// reproduces: V-ITEM-01
	h := newHouse(t)
	h.places()
	if got := decoded[api.EventResults](h.post("/v1/events", opening("O1", "NEW")).is(200)); got.Accepted != 1 || len(got.Results[0].Flags) != 1 {
		t.Fatalf("got %+v, want it accepted with a flag", got)
	}
	h.onlyWork(fault.ItemUnknown, 1)
	h.post("/v1/reference", `{"rows":[{"table":"items","key":"NEW","row":{"department":"D1","class":"MERCH"}}]}`).is(200)
	if got := h.work(); len(got) != 0 {
		t.Errorf("got %+v, want the work done", got)
	}
	rows := decoded[api.Positions](h.get("/v1/positions?item=NEW").is(200)).Positions
	if len(rows) != 1 || rows[0].Quantity.String() != "10" {
		t.Errorf("got %+v, want ten", rows)
	}
}

// TestAnUnknownPlaceWaitsUnderOneItem keeps six hundred events of a store that nobody knows
// and one of another outside, under one item for each store, and takes in all that one row
// makes known, in their order.
func TestAnUnknownPlaceWaitsUnderOneItem(t *testing.T) {
	h := newHouse(t)
	h.places()
	var body strings.Builder
	body.WriteString(strings.Replace(opening("OTHER", "A"), `"S1"`, `"S8"`, 1) + "\n")
	for i := range 600 {
		body.WriteString(strings.Replace(opening(fmt.Sprintf("O%03d", i), "A"), `"S1"`, `"9501101020016"`, 1) + "\n")
	}
	h.do(call{as: "oms", method: "POST", path: "/v1/events", body: body.String(), header: map[string]string{"Content-Type": "application/x-ndjson"}}).is(200)
	work := h.work()
	if len(work) != 2 || work[0].Count+work[1].Count != 601 {
		t.Fatalf("got %+v, want one item for each of the two stores", work)
	}
	h.post("/v1/reference", `{"rows":[{"table":"location_codes","key":"gln·9501101020016","row":{"location":"S1"}}]}`).is(200)
	if item := h.onlyWork(fault.LocationUnknown, 1); item.Subject != "location S8" {
		t.Errorf("got %+v", item)
	}
	rows := decoded[api.Positions](h.get("/v1/positions?item=A").is(200)).Positions
	if len(rows) != 1 || rows[0].Quantity.String() != "6000" {
		t.Errorf("got %+v, want six thousand", rows)
	}
	h.post("/v1/reference", `{"rows":[{"table":"locations","key":"S8","row":{"entity":"LE1","zone":"UTC"}}]}`).is(200)
	if got := h.work(); len(got) != 0 {
		t.Errorf("got %+v, want the work done", got)
	}
}
