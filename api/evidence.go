package api

import (
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/journal"
)

// erasedHeader counts the ranges of a payload that told of people who were erased.
const erasedHeader = "X-Heddle-Erased"

func (r *routes) registerEvidence(g *gateway.Gateway) {
	op := plain(http.MethodGet, "/v1/evidence/{hash}", "get-evidence", "Read a raw payload",
		"The bytes as they came in. Ranges that told of people who were erased are blanks; a payload of which nothing is left is H-ERASED.")
	op.Parameters = []*huma.Param{pathParam("hash", "The SHA-256 of the payload, in hexadecimal")}
	op.Security = gateway.Needs(access.EvidenceRead)
	r.describe(op, &huma.Response{
		Description: "The payload, never as the type that its sender claimed, so that no browser runs it",
		Headers:     map[string]*huma.Param{erasedHeader: {Schema: &huma.Schema{Type: "integer"}, Description: "How many ranges are blanks because they were erased"}},
		Content:     map[string]*huma.MediaType{"application/octet-stream": {Schema: &huma.Schema{Type: "string", Format: "binary"}}},
	})
	g.Handle(plainPattern(op), access.EvidenceRead, http.HandlerFunc(r.evidence))
}

func (r *routes) evidence(w http.ResponseWriter, req *http.Request) {
	var hash journal.Hash
	if err := hash.UnmarshalText([]byte(req.PathValue("hash"))); err != nil {
		gateway.WriteProblem(w, req, fault.Wrap(err, fault.BadRequest, "api.evidence", "hash"))
		return
	}
	kept, err := r.Vault.Get(req.Context(), hash)
	if err != nil {
		gateway.WriteProblem(w, req, err)
		return
	}
	w.Header().Set("Content-Type", "application/octet-stream")
	w.Header().Set("Content-Disposition", `attachment; filename="`+hash.String()+`"`)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set(erasedHeader, fmt.Sprint(len(kept.Erased)))
	// A failed write means that the caller has gone.
	_, _ = w.Write(kept.Body)
}
