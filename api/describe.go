package api

import (
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/gateway"
)

// describe adds a route to the document that the gateway serves without huma.
func (r *routes) describe(op huma.Operation, answer *huma.Response) {
	op.Responses = map[string]*huma.Response{"200": answer, "default": {
		Description: "A problem",
		Content:     map[string]*huma.MediaType{"application/problem+json": {Schema: schemaOf[gateway.Problem](r.api)}},
	}}
	r.api.OpenAPI().AddOperation(&op)
}

// schemaOf returns the reference to a type's schema.
func schemaOf[T any](api huma.API) *huma.Schema {
	t := reflect.TypeFor[T]()
	return api.OpenAPI().Components.Schemas.Schema(t, true, t.Name())
}

// jsonAnswer describes an answer of a type, with the position that it covers.
func jsonAnswer[T any](api huma.API, description string) *huma.Response {
	return &huma.Response{
		Description: description,
		Headers: map[string]*huma.Param{positionHeader: {
			Schema: &huma.Schema{Type: "integer", Format: "int64"}, Description: "The highest journal position that the request added or found",
		}},
		Content: map[string]*huma.MediaType{"application/json": {Schema: schemaOf[T](api)}},
	}
}

// bytesBody describes a body of any bytes.
func bytesBody(description string, types ...string) *huma.RequestBody {
	body := &huma.RequestBody{Description: description, Required: true, Content: map[string]*huma.MediaType{}}
	for _, t := range types {
		body.Content[t] = &huma.MediaType{Schema: &huma.Schema{Type: "string", Format: "binary"}}
	}
	return body
}

// pathParam and queryParam describe a parameter of a plain route.
func pathParam(name, description string) *huma.Param {
	return &huma.Param{Name: name, In: "path", Required: true, Description: description, Schema: &huma.Schema{Type: "string"}}
}

func queryParam(name, description string) *huma.Param {
	return &huma.Param{Name: name, In: "query", Description: description, Schema: &huma.Schema{Type: "string"}}
}

// plainPattern is the mux's pattern of an operation.
func plainPattern(op huma.Operation) string { return op.Method + " " + op.Path }

// plain returns the description of a route that the gateway serves without huma.
func plain(method, path, id, summary, description string) huma.Operation {
	return huma.Operation{OperationID: id, Method: method, Path: path, Summary: summary, Description: description}
}
