package gateway_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
)

type lineInput struct {
	Limit int `query:"limit" maximum:"10"`
	Body  struct {
		Email string         `json:"email" format:"email"`
		Card  int            `json:"card"`
		Plain string         `json:"plain,omitempty" enum:"a,b"`
		Date  upperText      `json:"date,omitempty"`
		Names map[string]int `json:"names,omitempty"`
	}
}

// upperText refuses text with an error that repeats it, as careless types do.
type upperText string

func (u *upperText) UnmarshalText(b []byte) error { return errors.New("not upper: " + string(b)) }

func (upperText) Schema(huma.Registry) *huma.Schema { return &huma.Schema{Type: "string"} }

func TestAPI(t *testing.T) {
	d := newDoor(t, gateway.Options{})
	api := d.API("Test", "1")
	var result error
	handler := func(ctx context.Context, _ *lineInput) (*struct{}, error) {
		if c, ok := access.CallerFrom(ctx); !ok || c.ID != "oms" {
			t.Errorf("got caller %+v, want oms", c)
		}
		return nil, result
	}
	huma.Register(api, huma.Operation{OperationID: "mine", Method: "POST", Path: "/v1/mine", Security: gateway.Needs(access.EventsWrite), MaxBodyBytes: 512}, handler)
	huma.Register(api, huma.Operation{OperationID: "other", Method: "POST", Path: "/v1/other", Security: gateway.Needs(access.FilesWrite)}, handler)
	huma.Register(api, huma.Operation{OperationID: "naked", Method: "POST", Path: "/v1/naked"}, handler)
	const good = `{"email":"a@b.de","card":1}`
	tests := []struct {
		name, path, body string
		result           error
		status           int
		code             fault.Code
		fields           []gateway.FieldProblem
	}{
		{"good", "/v1/mine", good, nil, 204, "", nil},
		{"another scope", "/v1/other", good, nil, 403, fault.NoScope, nil},
		{"an operation without a scope lets nobody in", "/v1/naked", good, nil, 500, fault.InternalError, nil},
		{"the handler's fault", "/v1/mine", good, fault.New(fault.TooBusy, "", "later"), 429, fault.TooBusy, nil},
		{"the handler's unknown error", "/v1/mine", good, errors.New("ada"), 500, fault.InternalError, nil},
		{"a format", "/v1/mine", `{"email":"ada at home","card":1}`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body.email", Message: "expected string to be RFC 5322 email"}}},
		{"a type", "/v1/mine", `{"email":"a@b.de","card":"ada"}`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body.card", Message: "expected integer"}}},
		{"a list", "/v1/mine", `{"email":"a@b.de","card":1,"plain":"ada"}`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body.plain", Message: `expected value to be one of "a, b"`}}},
		{"a member of strange name", "/v1/mine", `{"email":"a@b.de","card":1,"ada@b.de":1}`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body.?.de", Message: "unexpected property"}}},
		{"a decoder that repeats", "/v1/mine", `{"email":"a@b.de","card":1,"date":"ada"}`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body", Message: "is not of the documented form"}}},
		{"not JSON", "/v1/mine", `ada`, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "body", Message: "is not of the documented form"}}},
		{"a query over its limit", "/v1/mine?limit=4111", good, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "query.limit", Message: "expected number <= 10"}}},
		{"a query of another type", "/v1/mine?limit=ada", good, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "query.limit", Message: "invalid integer"}}},
		{"an unknown query", "/v1/mine?limits=1", good, nil, 400, fault.BadRequest, []gateway.FieldProblem{{Location: "query.limits", Message: "unknown query parameter"}}},
		{"too large", "/v1/mine", `{"email":"a@b.de","card":` + strings.Repeat("1", 600) + `}`, nil, 413, fault.TooLarge, nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			result = tt.result
			d.log.Reset()
			r := httptest.NewRequest("POST", tt.path, strings.NewReader(tt.body))
			r.Header.Set("Content-Type", "application/json")
			res, p := d.send(r)
			if res.StatusCode != tt.status || p.Code != tt.code || !slices.Equal(p.Errors, tt.fields) {
				t.Errorf("got %d %s %+v, want %d %s %+v", res.StatusCode, p.Code, p.Errors, tt.status, tt.code, tt.fields)
			}
			if p.Code != "" && p.Instance != "urn:uuid:"+zeroID {
				t.Errorf("got instance %q, want the request id", p.Instance)
			}
			if (res.StatusCode == 429) != (res.Header.Get("Retry-After") != "") {
				t.Errorf("got Retry-After %q with %d", res.Header.Get("Retry-After"), res.StatusCode)
			}
			shown := fmt.Sprintf("%+v", p)
			for _, never := range []string{"ada", "4111"} {
				if strings.Contains(shown, never) {
					t.Errorf("the problem repeats %q: %s", never, shown)
				}
			}
			if tt.result == nil && strings.Contains(d.log.String(), "ada") {
				t.Errorf("the log repeats what was sent: %s", d.log)
			}
		})
	}
}

func TestOpenAPIDocument(t *testing.T) {
	d := newDoor(t, gateway.Options{})
	api := d.API("Test", "1")
	huma.Register(api, huma.Operation{OperationID: "mine", Method: "POST", Path: "/v1/mine", Security: gateway.Needs(access.EventsWrite)},
		func(context.Context, *struct{}) (*struct{}, error) { return nil, nil })
	res, _ := d.send(get("/openapi.json"))
	var doc struct {
		OpenAPI string
		Paths   map[string]map[string]struct {
			Security []map[string][]string
		}
		Components struct {
			Schemas         map[string]any
			SecuritySchemes map[string]any
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if got := doc.Paths["/v1/mine"]["post"].Security; len(got) != 1 || !slices.Equal(got[0]["bearer"], []string{"events:write"}) {
		t.Errorf("got security %v, want the scope", got)
	}
	if doc.OpenAPI[:3] != "3.1" || doc.Components.Schemas["Problem"] == nil || doc.Components.SecuritySchemes["bearer"] == nil {
		t.Errorf("got %+v, want OpenAPI 3.1 with the problem and the scheme", doc)
	}
	w := httptest.NewRecorder()
	d.Handler().ServeHTTP(w, get("/openapi.json"))
	if w.Code != 401 {
		t.Errorf("without a token: got %d, want 401", w.Code)
	}
	for _, path := range []string{"/docs", "/schemas/Problem.json", "/openapi.yaml"} {
		if res, _ := d.send(get(path)); res.StatusCode != 404 {
			t.Errorf("%s: got %d, want 404: nothing is open that was not registered", path, res.StatusCode)
		}
	}
}
