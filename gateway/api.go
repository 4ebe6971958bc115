package gateway

import (
	"encoding/json"
	"errors"
	"net/http"
	"path"
	"reflect"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// bearerScheme is the name of the security scheme in the OpenAPI document.
const bearerScheme = "bearer"

// Needs returns the Security of an operation for callers whose key has the scope. What
// the OpenAPI document says of an operation and what is enforced are the same value.
func Needs(scope access.Scope) []map[string][]string {
	return []map[string][]string{{bearerScheme: {string(scope)}}}
}

// API returns the API in which typed operations register themselves. Each one needs a
// Security made by Needs: an operation without one lets nobody in. The document is at
// /openapi.json, for callers with any valid key.
func (g *Gateway) API(title, version string) huma.API {
	installErrors()
	config := huma.DefaultConfig(title, version)
	config.CreateHooks = nil // no $schema members in answers
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.RejectUnknownQueryParameters = true
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		bearerScheme: {Type: "http", Scheme: "bearer", Description: "A token made by heddle keys create. The listed scopes are those that the key must carry."},
	}
	api := humago.New(g.mux, config)
	api.UseMiddleware(g.guardOperation)
	g.mux.Handle("GET /openapi.json", g.requireCaller(func(access.Caller) error { return nil }, describeAPI(api)))
	return api
}

// guardOperation lets only callers through whom the operation's Security allows.
func (g *Gateway) guardOperation(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	caller, err := g.authenticate(r)
	if err == nil {
		err = checkSecurity(ctx.Operation(), caller)
	}
	if err != nil {
		WriteProblem(w, r, err)
		return
	}
	next(huma.WithContext(ctx, access.WithCaller(ctx.Context(), caller)))
}

// checkSecurity returns nil if the caller has every scope of the operation's Security.
func checkSecurity(op *huma.Operation, caller access.Caller) error {
	if len(op.Security) != 1 || len(op.Security[0][bearerScheme]) == 0 {
		return fault.New(fault.InternalError, op.OperationID, "the operation declares no scope")
	}
	for _, scope := range op.Security[0][bearerScheme] {
		if err := caller.Need(access.Scope(scope)); err != nil {
			return err
		}
	}
	return nil
}

// describeAPI answers the OpenAPI 3.1 document, made at the first request, when all
// operations are registered.
func describeAPI(api huma.API) http.Handler {
	document := sync.OnceValues(func() ([]byte, error) { return json.Marshal(api.OpenAPI()) })
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := document()
		if err != nil {
			WriteProblem(w, r, fault.Wrap(err, fault.InternalError, "gateway.openapi", "document"))
			return
		}
		w.Header().Set("Content-Type", "application/openapi+json")
		// A failed write means that the caller has gone.
		_, _ = w.Write(body)
	})
}

// installErrors replaces huma's errors, which repeat submitted values, by problems. huma
// has no other place for this than its package variables, so that it is done once for
// the process, before the first operation is registered.
var installErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		p, _ := problemOf(status, message, errs)
		return p
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p, cause := problemOf(status, message, errs)
		rec := recordOf(ctx.Context())
		rec.fault = faultOf(cause)
		p.Instance = rec.instance()
		for _, h := range p.headers() {
			ctx.SetHeader(h.name, h.value)
		}
		return p
	}
})

// problemOf makes a problem of what huma reports: a handler's fault, a body that is too
// large, fields of the wrong form, or a status of HTTP's own.
func problemOf(status int, message string, errs []error) (*Problem, error) {
	for _, err := range errs {
		if f, ok := carriedFault(err); ok {
			return NewProblem(f), f
		}
	}
	if status == http.StatusInternalServerError && message != unreadableBody {
		err := errors.Join(errs...)
		return NewProblem(err), err
	}
	cause := statusFault(status, message)
	p := NewProblem(cause)
	p.Errors = fieldProblems(errs)
	if status < http.StatusInternalServerError && status != http.StatusUnprocessableEntity {
		p.Status = status // 400, or one of HTTP's own such as 415
	}
	return p, cause
}

// unreadableBody is what huma says of a body that breaks off.
const unreadableBody = "cannot read request body"

// statusFault makes a fault of a status that huma chose.
func statusFault(status int, message string) *fault.Error {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return fault.New(fault.TooLarge, "body", "the body is larger than this route takes")
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return fault.New(fault.BadRequest, "", "the request is not of the documented form")
	}
	if message == unreadableBody {
		return fault.New(fault.BadRequest, "body", "the body broke off")
	}
	if status >= 400 && status < 500 {
		return fault.New(fault.BadRequest, "", "%s", strings.ToLower(http.StatusText(status)))
	}
	return fault.New(fault.InternalError, "", "%s", message)
}

// schemaName names the schema of a type in the document. Types of api and gateway, which are
// made for it, keep their name; others carry that of their package, because two nouns of
// two packages can have one name.
func schemaName(t reflect.Type, hint string) string {
	name := huma.DefaultSchemaNamer(t, hint)
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	pkg := path.Base(t.PkgPath())
	if t.Name() == "" || pkg == "." || pkg == "api" || pkg == "gateway" {
		return name
	}
	return strings.ToUpper(pkg[:1]) + pkg[1:] + name
}
