package api_test

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// allRoutes is the contract, by hand: a route that goes missing shows here.
var allRoutes = []string{
	"GET /v1/audit/checkpoints", "GET /v1/availability", "GET /v1/clearing", "GET /v1/entries", "GET /v1/entries/{entry_id}", "GET /v1/evidence/{hash}",
	"GET /v1/exceptions", "GET /v1/files", "GET /v1/files/{id}/receipt", "GET /v1/invoices", "GET /v1/invoices/{id}", "GET /v1/items",
	"GET /v1/items/{id}", "GET /v1/locations", "GET /v1/locations/{id}", "GET /v1/movements", "GET /v1/orders", "GET /v1/orders/{id}", "GET /v1/packs",
	"GET /v1/positions", "GET /v1/reference", "GET /v1/reference/{table}", "GET /v1/reference/{table}/{key}", "GET /v1/reservations/{id}",
	"GET /v1/returns", "GET /v1/returns/{id}", "GET /v1/settlements", "GET /v1/settlements/{id}", "GET /v1/sources", "GET /v1/threads/{id}",
	"GET /v1/trial-balance", "POST /v1/approvals", "POST /v1/availability/query", "POST /v1/events", "POST /v1/intake/{pack}/{instance}",
	"POST /v1/periods/runs", "POST /v1/reference", "POST /v1/reference/{table}", "POST /v1/reservations", "POST /v1/reservations/{id}/allocate",
	"POST /v1/reservations/{id}/release", "POST /v1/sources/{pack}/{instance}/fetches/{fetch}", "POST /v1/sources/{pack}/{instance}/polls/{poll}",
	"POST /v1/sources/{pack}/{instance}/retries", "PUT /v1/files/{pack}/{instance}/{name}", "PUT /v1/reference/{table}/{key}",
}

type document struct {
	OpenAPI string
	Info    struct{ Title, Version string }
	Paths   map[string]map[string]operation
}

type operation struct {
	OperationID, Summary, Description string
	Security                          []map[string][]string
	Parameters                        []struct{ Name, In, Description string }
	Responses                         map[string]struct {
		Description string
		Content     map[string]struct{ Schema json.RawMessage }
	}
	RequestBody *struct {
		Content map[string]struct{ Schema json.RawMessage }
	}
}

// TestTheDocumentDescribesEveryRoute checks that the document is OpenAPI 3.1, that each route
// is described to the last parameter, and that every reference leads somewhere.
func TestTheDocumentDescribesEveryRoute(t *testing.T) {
	h := newHouse(t)
	a := h.get("/openapi.json").is(200)
	doc := decoded[document](a)
	if !strings.HasPrefix(doc.OpenAPI, "3.1.") || doc.Info.Title == "" || doc.Info.Version != "test" {
		t.Errorf("got %s %+v, want OpenAPI 3.1 with a title and the version", doc.OpenAPI, doc.Info)
	}
	var routes []string
	ids := map[string]bool{}
	for path, methods := range doc.Paths {
		for method, op := range methods {
			route := strings.ToUpper(method) + " " + path
			routes = append(routes, route)
			if ids[op.OperationID] || op.OperationID == "" {
				t.Errorf("%s: the operation id %q is not its own", route, op.OperationID)
			}
			ids[op.OperationID] = true
			op.check(t, route)
		}
	}
	slices.Sort(routes)
	if !slices.Equal(routes, allRoutes) {
		t.Errorf("got  %q\nwant %q", routes, allRoutes)
	}
	var tree map[string]any
	must(t, json.Unmarshal(a.body, &tree))
	for _, ref := range regexp.MustCompile(`"\$ref":"#/([^"]+)"`).FindAllSubmatch(a.body, -1) {
		var at any = tree
		for part := range strings.SplitSeq(string(ref[1]), "/") {
			members, _ := at.(map[string]any)
			at = members[part]
		}
		if at == nil {
			t.Errorf("%s leads nowhere", ref[0])
		}
	}
}

func (op operation) check(t *testing.T, route string) {
	t.Helper()
	if op.Summary == "" || op.Description == "" {
		t.Errorf("%s has no summary or description", route)
	}
	if len(op.Security) == 0 || len(op.Security[0]["bearer"]) != 1 || !slices.Contains(access.Scopes(), access.Scope(op.Security[0]["bearer"][0])) {
		t.Errorf("%s names no scope: %v", route, op.Security)
	}
	for _, p := range op.Parameters {
		if p.Description == "" && p.Name != "limit" {
			t.Errorf("%s: the parameter %s is not described", route, p.Name)
		}
	}
	for name := range strings.SplitSeq(route, "/") {
		name, is := strings.CutPrefix(name, "{")
		if is && !slices.ContainsFunc(op.Parameters, func(p struct{ Name, In, Description string }) bool { return p.In == "path" && p.Name+"}" == name }) {
			t.Errorf("%s: {%s is no parameter", route, name)
		}
	}
	good, bad := false, false
	for status, r := range op.Responses {
		good = good || status[0] == '2' && len(r.Content) > 0
		bad = bad || r.Content["application/problem+json"].Schema != nil
	}
	if !good || !bad {
		t.Errorf("%s tells no answer or no problem: %v", route, op.Responses)
	}
	if strings.HasPrefix(route, "P") && (op.RequestBody == nil || len(op.RequestBody.Content) == 0) {
		t.Errorf("%s tells no body", route)
	}
}

// TestEveryRouteAsksWhoCalls calls each route without a token, and with one that lacks its scope.
func TestEveryRouteAsksWhoCalls(t *testing.T) {
	// reproduces: H-TOKEN, H-SCOPE
	h := newHouse(t)
	for _, route := range allRoutes {
		method, path, _ := strings.Cut(route, " ")
		path = strings.NewReplacer("{pack}", "poslog", "{instance}", "stores").Replace(path)
		h.do(call{method: method, path: path, body: "{}"}).problem(401, fault.BadToken)
		h.do(call{as: "nobody", method: method, path: path, body: "{}"}).problem(403, fault.NoScope)
	}
}
