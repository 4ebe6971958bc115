package api

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/retail"
)

func (r *routes) registerIntake(g *gateway.Gateway) {
	hook := plain(http.MethodPost, "/v1/intake/{pack}/{instance}", "take-webhook", "Take a payload in its sender's own format",
		"The sender proves itself by the pack's signature, or by a token with the scope intake:write. The payload is kept as evidence even where it is refused; the problem names it then. A redelivery gets the first answer again.")
	hook.Parameters = intakeParams()
	hook.Security = append(gateway.Needs(access.IntakeWrite), map[string][]string{}) // or none: the signature proves the sender
	hook.RequestBody = bytesBody("The payload as the system sends it", "application/json", "application/xml", "application/octet-stream")
	r.describe(hook, jsonAnswer[intake.Receipt](r.api, "What became of each record of the payload"))
	g.HandleSigned(plainPattern(hook), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if _, claims := req.Header["Authorization"]; claims {
			g.RequireScope(access.IntakeWrite, http.HandlerFunc(r.take)).ServeHTTP(w, req)
			return
		}
		r.take(w, req)
	}))

	file := plain(http.MethodPut, "/v1/files/{pack}/{instance}/{name}", "put-file", "Put a file of a source",
		"Takes a file such as a bank statement or an opening load. The same file again changes nothing.")
	file.Parameters = append(intakeParams(), pathParam("name", "The file's name, by which a pack may recognise its topic"))
	file.Security = gateway.Needs(access.FilesWrite)
	file.RequestBody = bytesBody("The file", "application/octet-stream", "text/csv", "application/xml")
	r.describe(file, jsonAnswer[intake.Receipt](r.api, "What became of each record of the file"))
	g.Handle(plainPattern(file), access.FilesWrite, http.HandlerFunc(r.take))
}

func intakeParams() []*huma.Param {
	return []*huma.Param{
		pathParam("pack", "The pack that speaks the source's language"), pathParam("instance", "The configured installation"),
		queryParam("topic", "The pack's topic, where the payload does not tell it"),
	}
}

// take hands a payload to the doors.
func (r *routes) take(w http.ResponseWriter, req *http.Request) {
	body, err := gateway.ReadBody(w, req, intake.PayloadMax)
	if err != nil {
		gateway.WriteProblem(w, req, err)
		return
	}
	caller, _ := access.CallerFrom(req.Context()) // nobody where the payload is signed
	receipt, err := r.Doors.Take(req.Context(), intake.Arrival{
		Pack: req.PathValue("pack"), Instance: retail.InstanceID(req.PathValue("instance")), Topic: req.URL.Query().Get("topic"),
		FileName: req.PathValue("name"), Header: req.Header.Get, Body: body, Caller: caller.ID,
	})
	if err != nil {
		gateway.WriteRefusal(w, req, err, hashText(receipt.Evidence))
		return
	}
	var answers []record.Answer
	for _, line := range receipt.Records {
		for _, e := range line.Events {
			answers = append(answers, e.Answer)
		}
	}
	if receipt.Records == nil {
		receipt.Records = []intake.RecordLine{}
	}
	writeJSON(w, highest(answers), receipt)
}

func hashText(h journal.Hash) string {
	if h == (journal.Hash{}) {
		return ""
	}
	return h.String()
}
