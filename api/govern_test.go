package api_test

import (
	"testing"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
)

// TestReferenceDataGetsItsVersions sets a row, sets it again, and changes it.
func TestReferenceDataGetsItsVersions(t *testing.T) {
	h := newHouse(t)
	for _, c := range []struct {
		name, row string
		status    record.Status
		code      fault.Code
	}{
		{"new", `{"table":"safety_stock","key":"A·S1","row":{"quantity":"1"}}`, record.Accepted, ""},
		{"the same", `{"table":"safety_stock","key":"A·S1","row":{"quantity":"1"}}`, record.Duplicate, ""},
		{"changed", `{"table":"safety_stock","key":"A·S1","row":{"quantity":"2"}}`, record.Accepted, ""},
		{"changed back", `{"table":"safety_stock","key":"A·S1","row":{"quantity":"1"}}`, record.Accepted, ""},
		{"from a day on", `{"table":"safety_stock","key":"A·S1","effective_from":"2026-08-01","row":{"quantity":"3"}}`, record.Accepted, ""},
		{"an unknown column", `{"table":"safety_stock","key":"A·S1","row":{"number":"3"}}`, record.Refused, fault.SchemaInvalid},
		{"an unknown table", `{"table":"colours","key":"red","row":{"number":"3"}}`, record.Refused, fault.SchemaInvalid},
	} {
		got := decoded[api.Answers](h.post("/v1/reference", `{"rows":[`+c.row+`]}`).is(200)).Results[0]
		if got.Status != c.status || got.Code != c.code {
			t.Errorf("%s: got %+v, want %s %s", c.name, got, c.status, c.code)
		}
	}
	table := decoded[api.TableRows](h.get("/v1/reference/safety_stock").is(200))
	if len(table.Rows) != 1 || len(table.Rows[0].Versions) != 2 || table.Rows[0].Versions[0].Row["quantity"] != "1" || table.Rows[0].Versions[0].Version != 2 {
		t.Errorf("got %+v, want two days, the first in its version 2", table)
	}
	h.get("/v1/reference/colours").problem(404, fault.NoSuchThing)
	twice := `{"table":"items","key":"A","row":{}},{"table":"items","key":"A","row":{"name":"x"}}`
	h.post("/v1/reference", `{"rows":[`+twice+`]}`).problem(400, fault.BadRequest)
}

func TestPagesOfATable(t *testing.T) {
	h := newHouse(t)
	h.places()
	first := decoded[api.TableRows](h.get("/v1/reference/items?limit=1").is(200))
	second := decoded[api.TableRows](h.get("/v1/reference/items?limit=1&after=" + first.Next).is(200))
	if first.Rows[0].Key != "A" || first.Next != "A" || second.Rows[0].Key != "B" || second.Next != "" {
		t.Errorf("got %+v and %+v, want A, then B", first, second)
	}
}

// TestApprovals lets a second person approve, and neither the maker nor a machine.
func TestApprovals(t *testing.T) {
	// reproduces: H-APPROVAL
	h := newHouse(t)
	h.places()
	approve := func(as, subject string) answer {
		t.Helper()
		return h.do(call{as: as, method: "POST", path: "/v1/approvals", body: `{"subject":{"type":"document","id":"` + subject + `"},"decision":"APPROVED"}`})
	}
	h.do(call{as: "ann", method: "POST", path: "/v1/events", body: opening("OPEN", "A")}).is(200)
	approve("oms", "OPEN").problem(403, fault.NoScope)
	approve("root", "OPEN").problem(403, fault.NoScope)
	approve("ann", "OPEN").problem(422, fault.ApprovalMissing)
	if got := decoded[record.Answer](approve("bob", "OPEN").is(200)); got.Status != record.Accepted {
		t.Errorf("got %+v, want it accepted", got)
	}
	h.now = h.now.AddDate(0, 0, 1)
	if got := decoded[record.Answer](approve("bob", "OPEN").is(200)); got.Status != record.Duplicate {
		t.Errorf("got %+v, want a duplicate", got)
	}
	h.do(call{as: "bob", method: "POST", path: "/v1/approvals", body: `{"subject":{"type":"document","id":"OPEN"},"decision":"REJECTED"}`}).problem(409, fault.KeyConflict)
	h.do(call{as: "bob", method: "POST", path: "/v1/approvals", body: `{"subject":{"type":"document","id":"OPEN"},"decision":"MAYBE"}`}).problem(400, fault.BadRequest)
}

func TestPeriodRuns(t *testing.T) {
	h := newHouse(t)
	h.places()
	run := `{"run":"CLEARING_RECLASS","entity":"LE1","as_of":"2026-06-30"}`
	if got := decoded[record.Answer](h.post("/v1/periods/runs", run).is(200)); got.Status != record.Accepted {
		t.Errorf("got %+v, want it accepted", got)
	}
	if got := decoded[record.Answer](h.post("/v1/periods/runs", run).is(200)); got.Status != record.Duplicate {
		t.Errorf("got %+v, want a duplicate", got)
	}
	h.post("/v1/periods/runs", `{"run":"CLOSE_IT","entity":"LE1","as_of":"2026-06-30"}`).problem(400, fault.BadRequest)
}
