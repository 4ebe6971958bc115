package api

import (
	"bufio"
	"context"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/heddlehq/heddle/access"
	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/retail"
)

type filesInput struct {
	Pack     string            `query:"pack" doc:"Absent means all"`
	Instance retail.InstanceID `query:"instance" doc:"Absent means all"`
	Name     string            `query:"name" doc:"The name of the file; absent means all"`
	Before   int64             `query:"before" minimum:"1" doc:"The next of the answer before: what is older"`
	Limit    int               `query:"limit" minimum:"1" maximum:"1000" default:"100"`
}

// Files are files that were collected, the newest first.
type Files struct {
	Files []collect.Summary `json:"files"`
	Next  int64             `json:"next,omitempty" doc:"Where older ones go on: send it as before"`
}

type filesOutput struct{ Body Files }

// receiptForms are the media types of a receipt, by the value of its format.
var receiptForms = map[string]struct {
	media string
	write func(context.Context, intake.Files, intake.File, io.Writer) error
}{
	"":     {"application/json", collect.WriteJSON},
	"json": {"application/json", collect.WriteJSON},
	"csv":  {"text/csv", collect.WriteCSV},
}

func (r *routes) registerFiles(g *gateway.Gateway) {
	huma.Register(r.api, read("list-files", "/v1/files", access.FilesRead, "The files that were collected",
		"What became of the files of drop folders and SFTP servers, the newest first. A file is known by its source, its name and its content."), r.listFiles)
	op := plain(http.MethodGet, "/v1/files/{id}/receipt", "get-file-receipt", "Read the receipt of a file",
		"What became of every record of a file: its number and place in the file, its business keys, the answer, its position in the journal, and what to do next. The bytes of the records are evidence, which has its own scope.")
	op.Parameters = []*huma.Param{pathParam("id", "The id of the file"), queryParam("format", "json, or csv for a table")}
	op.Security = gateway.Needs(access.FilesRead)
	r.describe(op, &huma.Response{
		Description: "The receipt; that of a file that is being taken tells of the records that have their answers",
		Content: map[string]*huma.MediaType{
			"application/json": {Schema: schemaOf[collect.Receipt](r.api)}, "text/csv": {Schema: &huma.Schema{Type: "string"}},
		},
	})
	g.Handle(plainPattern(op), access.FilesRead, http.HandlerFunc(r.fileReceipt))
}

func (r *routes) listFiles(ctx context.Context, in *filesInput) (*filesOutput, error) {
	found, err := r.Files.Find(ctx, intake.FileQuery{Pack: in.Pack, Instance: in.Instance, Name: in.Name, Before: in.Before, Limit: in.Limit + 1})
	if err != nil {
		return nil, err
	}
	out := Files{Files: []collect.Summary{}}
	for _, f := range found[:min(len(found), in.Limit)] {
		out.Files = append(out.Files, collect.Summarise(f))
	}
	if len(found) > in.Limit {
		out.Next = found[in.Limit-1].Number
	}
	return &filesOutput{out}, nil
}

func (r *routes) fileReceipt(w http.ResponseWriter, req *http.Request) {
	form, ok := receiptForms[req.URL.Query().Get("format")]
	if !ok {
		gateway.WriteProblem(w, req, fault.New(fault.BadRequest, "format", "a receipt is json or csv"))
		return
	}
	f, err := r.Files.File(req.Context(), intake.FileID(req.PathValue("id")))
	if err != nil {
		gateway.WriteProblem(w, req, err)
		return
	}
	out := &lateHeader{w: w, media: form.media}
	buffered := bufio.NewWriterSize(out, 64<<10)
	if err := form.write(req.Context(), r.Files, f, buffered); err != nil {
		if out.begun {
			panic(http.ErrAbortHandler) // half a receipt is never taken for a whole one
		}
		gateway.WriteProblem(w, req, err)
		return
	}
	// A failed write means that the caller has gone.
	_ = buffered.Flush()
}

// lateHeader says of what type an answer is when its first bytes are there, so that a failure
// before them can still be told.
type lateHeader struct {
	w     http.ResponseWriter
	media string
	begun bool
}

// Write implements io.Writer.
func (l *lateHeader) Write(b []byte) (int, error) {
	if !l.begun {
		l.begun = true
		l.w.Header().Set("Content-Type", l.media)
	}
	return l.w.Write(b)
}
