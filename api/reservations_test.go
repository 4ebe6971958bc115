package api_test

import (
	"fmt"
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
)

func claim(id, quantity string) string {
	return fmt.Sprintf(`{"reservation_id":%q,"item":"A","location":"S1","quantity":%q,"channel":"ONLINE"}`, id, quantity)
}

// TestClaimUntilNothingIsLeft claims seven of ten, then four more, then the seven again.
func TestClaimUntilNothingIsLeft(t *testing.T) {
	// reproduces: NO_STOCK
	h := stocked(t)
	first := decoded[api.ClaimResult](h.post("/v1/reservations", claim("R1", "7")).is(201))
	if first.Status != "granted" || first.Claim.Quantity.String() != "7" || first.Position == 0 {
		t.Errorf("got %+v, want seven granted", first)
	}
	p := h.post("/v1/reservations", claim("R2", "4")).problem(409, fault.NoStock)
	if p.Next == "" || p.Instance == "" {
		t.Errorf("got %+v, want what to do next", p)
	}
	h.now = h.now.AddDate(0, 0, 1) // a retry on the next day is still the same command
	again := decoded[api.ClaimResult](h.post("/v1/reservations", claim("R1", "7")).is(201))
	if again.Status != "duplicate" || again.Position != first.Position {
		t.Errorf("got %+v, want a duplicate at %d", again, first.Position)
	}
	h.post("/v1/reservations", claim("R1", "2")).problem(409, fault.KeyConflict)
	h.get("/v1/reservations/R2").problem(404, fault.NoSuchThing)
	if got := h.work(); len(got) != 0 {
		t.Errorf("got %+v, want a denial to be nobody's work", got)
	}
}

func TestClaimsInAnArray(t *testing.T) {
	h := stocked(t)
	got := decoded[api.ClaimResults](h.post("/v1/reservations", "["+claim("R1", "6")+","+claim("R2", "5")+","+claim("R3", "4")+"]").is(200)).Results
	if len(got) != 3 || got[0].Status != "granted" || got[1].Status != "refused" || got[1].Code != fault.NoStock || got[1].Claim != nil || got[2].Status != "granted" {
		t.Errorf("got %+v, want the middle one refused", got)
	}
	if a := decoded[api.Availability](h.get("/v1/availability?item=A&channel=ONLINE").is(200)); a.NetworkATS["A"].String() != "0" {
		t.Errorf("got %+v, want nothing left", a)
	}
}

// TestClaimsThatCannotBe commands what nobody can do; none of it leaves anything behind.
func TestClaimsThatCannotBe(t *testing.T) {
	h := stocked(t)
	for _, c := range []struct {
		name, body, source string
		status             int
		code               fault.Code
	}{
		{"an unknown item", `{"reservation_id":"R","item":"Z","location":"S1","quantity":"1"}`, "", 422, fault.ItemUnknown},
		{"an unknown place", `{"reservation_id":"R","item":"A","location":"S9","quantity":"1"}`, "", 422, fault.LocationUnknown},
		{"nothing", claim("R", "0"), "", 400, fault.QuantitySign},
		{"less than nothing", claim("R", "-1"), "", 400, fault.BadRequest},
		{"a finer quantity", claim("R", "0.0001"), "", 400, fault.BadRequest},
		{"no id", claim("", "1"), "", 400, fault.BadRequest},
		{"a member that is unknown", `{"reservation_id":"R","item":"A","location":"S1","quantity":"1","qty":"1"}`, "", 400, fault.BadRequest},
		{"no array member", "[]", "", 400, fault.BadRequest},
		{"for a half source", claim("R", "1"), "oms", 400, fault.BadRequest},
		{"for Heddle itself", claim("R", "1"), "heddle/api", 400, fault.BadRequest},
	} {
		t.Run(c.name, func(t *testing.T) {
			h.t = t
			h.do(call{as: "oms", method: "POST", path: "/v1/reservations", body: c.body, header: map[string]string{"Heddle-Source": c.source}}).problem(c.status, c.code)
		})
	}
	h.t = t
	h.get("/v1/reservations/R").problem(404, fault.NoSuchThing)
	if got := h.work(); len(got) != 0 {
		t.Errorf("got %+v, want nothing on the work list", got)
	}
}

// TestAClaimThroughItsLife allocates two of three and releases the rest.
func TestAClaimThroughItsLife(t *testing.T) {
	h := stocked(t)
	reserve := call{as: "oms", method: "POST", path: "/v1/reservations", body: claim("R1", "3"), header: map[string]string{"Heddle-Source": "oms/main"}}
	h.do(reserve).is(201)
	h.post("/v1/reservations/R1/allocate", `{"allocation":"AL1","quantity":"2"}`).is(200)
	h.post("/v1/reservations/R1/release", `{"quantity":"1","reason":"changed mind"}`).is(200)
	if got := decoded[api.ClaimResult](h.post("/v1/reservations/R1/release", `{"quantity":"1"}`).is(200)); got.Status != "duplicate" {
		t.Errorf("got %+v, want the same release again to be a duplicate", got)
	}
	state := decoded[api.ClaimState](h.get("/v1/reservations/R1").is(200))
	if holds := state.Claim.Holds(); len(holds) != 1 || holds[0].Allocated.String() != "2" || holds[0].Reserved != 0 {
		t.Errorf("got %+v, want two allocated and nothing reserved", state.Claim)
	}
	row := decoded[api.Availability](h.get("/v1/availability?item=A&location=S1").is(200)).Availability[0]
	if row.OnHand.String() != "10" || row.Allocated.String() != "2" || row.Reserved != 0 || row.ATS.String() != "8" {
		t.Errorf("got %+v, want ten on hand, two allocated, eight to sell", row)
	}
	h.post("/v1/reservations/R9/release", `{}`).problem(404, fault.NoSuchThing)
	h.post("/v1/reservations/R9/allocate", `{"allocation":"AL9","quantity":"1"}`).problem(404, fault.NoSuchThing)
	facts := decoded[api.Thread](h.get("/v1/threads/R1").is(200)).Facts
	if len(facts) != 3 || facts[0].Source != "oms/main" || facts[1].Source != "api/oms" {
		t.Errorf("got %+v, want reservation, allocation and release", facts)
	}
}
