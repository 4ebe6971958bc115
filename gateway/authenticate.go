package gateway

import (
	"net/http"
	"strings"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
)

// authenticate asks who sent the request. The key's id goes to the request's log line.
func (g *Gateway) authenticate(r *http.Request) (access.Caller, error) {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return access.Caller{}, fault.New(fault.BadToken, "", "the request has no Authorization header, or several")
	}
	scheme, token, ok := strings.Cut(values[0], " ")
	if !ok || !strings.EqualFold(scheme, "Bearer") {
		return access.Caller{}, fault.New(fault.BadToken, "", "the Authorization header is not of the form Bearer TOKEN")
	}
	caller, err := access.Authenticate(r.Context(), g.keys, strings.TrimSpace(token), g.options.Clock())
	if err == nil {
		recordOf(r.Context()).key = caller.Key
	}
	return caller, err
}
