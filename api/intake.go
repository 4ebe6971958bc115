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
		"The sender proves itself by the pack's signature, or by a token with the scope intake:write. The payload is kept as evidence even where it is refused; the problem names it then. A redelivery gets the first answer again. A system that wants to hear something of its own, once the payload is kept, hears what its pack says instead of the receipt.")
	hook.Parameters = intakeParams()
	hook.Security = append(gateway.Needs(access.IntakeWrite), map[string][]string{}) // or none: the signature proves the sender
	hook.RequestBody = bytesBody("The payload as the system sends it", "application/json", "application/xml", "application/octet-stream")
	heard := jsonAnswer[intake.Receipt](r.api, "What became of each record of the payload, or what the sending system wants to hear")
	heard.Content["text/plain"] = &huma.MediaType{Schema: &huma.Schema{Type: "string"}}
	r.describe(hook, heard)
	g.HandleSigned(plainPattern(hook), http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if _, claims := req.Header["Authorization"]; claims {
			g.RequireScope(access.IntakeWrite, http.HandlerFunc(r.takeWebhook)).ServeHTTP(w, req)
			return
		}
		r.takeWebhook(w, req)
	}))

	file := plain(http.MethodPut, "/v1/files/{pack}/{instance}/{name}", "put-file", "Put a file of a source",
		"Takes a file such as a bank statement or an opening load. The same file again changes nothing.")
	file.Parameters = append(intakeParams(), pathParam("name", "The file's name, by which a pack may recognise its topic"))
	file.Security = gateway.Needs(access.FilesWrite)
	file.RequestBody = bytesBody("The file", "application/octet-stream", "text/csv", "application/xml")
	r.describe(file, jsonAnswer[intake.Receipt](r.api, "What became of each record of the file"))
	g.Handle(plainPattern(file), access.FilesWrite, http.HandlerFunc(r.putFile))
}

func intakeParams() []*huma.Param {
	return []*huma.Param{
		pathParam("pack", "The pack that speaks the source's language"), pathParam("instance", "The configured installation"),
		queryParam("topic", "The pack's topic, where the payload does not tell it"),
	}
}

// takeWebhook takes a payload and says what its sender wants to hear.
func (r *routes) takeWebhook(w http.ResponseWriter, req *http.Request) {
	receipt, ok := r.take(w, req)
	if !ok {
		return
	}
	// A pack that was served is there.
	if p, err := r.Packs.Get(req.PathValue("pack")); err == nil && p.Reply != nil {
		w.Header().Set("Content-Type", p.Reply.Type)
		w.Header().Set("Cache-Control", "no-store")
		_, _ = w.Write([]byte(p.Reply.Body)) //nolint:gosec // the pack says it, no sender; a failed write means that the caller has gone
		return
	}
	writeReceipt(w, receipt)
}

func (r *routes) putFile(w http.ResponseWriter, req *http.Request) {
	if receipt, ok := r.take(w, req); ok {
		writeReceipt(w, receipt)
	}
}

// take hands a payload to the doors. What could not be taken is answered here.
func (r *routes) take(w http.ResponseWriter, req *http.Request) (intake.Receipt, bool) {
	body, err := gateway.ReadBody(w, req, intake.PayloadMax)
	if err != nil {
		gateway.WriteProblem(w, req, err)
		return intake.Receipt{}, false
	}
	caller, _ := access.CallerFrom(req.Context()) // nobody where the payload is signed
	receipt, err := r.Doors.Take(req.Context(), intake.Arrival{
		Pack: req.PathValue("pack"), Instance: retail.InstanceID(req.PathValue("instance")), Topic: req.URL.Query().Get("topic"),
		FileName: req.PathValue("name"), Header: req.Header.Get, Body: body, Caller: caller.ID,
	})
	if err != nil {
		gateway.WriteRefusal(w, req, err, hashText(receipt.Evidence))
		return intake.Receipt{}, false
	}
	return receipt, true
}

func writeReceipt(w http.ResponseWriter, receipt intake.Receipt) {
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
