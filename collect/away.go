package collect

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"strings"

	"github.com/heddlehq/heddle/exception"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/pack"
)

// The folders of a place into which files are moved.
const (
	doneFolder   = "done"
	failedFolder = "failed"
	receiptEnd   = ".receipt.json"
	replyEnd     = ".997"
)

// putAway writes the receipt of a file and moves it where that is wanted. Each step can be
// made again after the ones that follow it.
func (w *watch) putAway(ctx context.Context, f intake.File) error {
	f, err := w.opts.Files.File(ctx, f.ID) // its number
	if err != nil {
		return err
	}
	label, err := w.label(ctx, f)
	if err != nil {
		return err
	}
	if err := w.writeReceipt(ctx, f, label); err != nil {
		return err
	}
	if err := w.writeReply(ctx, f, label); err != nil {
		return err
	}
	if w.Then == Move {
		if err := w.moveAway(ctx, f, label); err != nil {
			return err
		}
	}
	f.PutAway = true
	return w.opts.Files.Keep(ctx, f, nil)
}

// label is the name under which a file is put away. Of several contents that came under one
// name, only the first keeps it.
func (w *watch) label(ctx context.Context, f intake.File) (string, error) {
	before, err := w.opts.Files.Find(ctx, intake.FileQuery{Pack: f.Pack, Instance: f.Instance, Name: f.Name, Before: f.Number, Limit: 1})
	if err != nil || len(before) == 0 {
		return f.Name, err
	}
	mark := "~" + f.Content.String()[:12]
	dot := strings.LastIndexByte(f.Name, '.')
	if dot <= 0 {
		return f.Name + mark, nil
	}
	return f.Name[:dot] + mark + f.Name[dot:], nil
}

// writeReceipt writes the receipt beside the file. Where that is not permitted, it is listed
// once and can be read over the API.
func (w *watch) writeReceipt(ctx context.Context, f intake.File, label string) error {
	if w.Receipts == "" {
		return nil
	}
	content, write := io.Pipe()
	go func() { write.CloseWithError(WriteJSON(ctx, w.opts.Files, f, write)) }()
	err := w.Place.Write(ctx, w.Receipts, label+receiptEnd, content)
	err = errors.Join(err, content.Close())
	denied := errors.Is(err, fs.ErrPermission)
	if err != nil && !denied {
		return err
	}
	item := exception.New(exception.Report{
		Code: fault.PlaceFailed, Source: exception.SourceIntake, Subject: w.subject(w.Receipts), Detail: "receipts may not be written there",
	}, w.opts.Clock())
	if denied {
		w.log.Warn("the receipt may not be written", "file", f.ID, "name", f.Name, "fault", err)
		return w.opts.Worklist.Raise(ctx, item)
	}
	return w.opts.Worklist.Resolve(ctx, item.Resolve(w.opts.Clock(), string(Collected)))
}

// interchangesMax is how many interchanges of one file have control numbers of their own.
const interchangesMax = 1000

// writeReply writes what answers a file, where its pack knows of such. The control numbers follow
// from the number of the file, so that the same file has the same answer however often it is
// put away.
func (w *watch) writeReply(ctx context.Context, f intake.File, label string) error {
	if w.Replies == "" || f.Size > intake.PayloadMax {
		return nil
	}
	body, err := w.readAgain(ctx, f)
	if err != nil || body == nil {
		return err
	}
	p, err := w.opts.Packs.Get(w.Pack)
	if err != nil {
		return err
	}
	const cycle = 999_999 // so many files have numbers of their own, before they begin anew
	reply, err := p.Acknowledge(pack.Input{Body: body, FileName: f.Name, Instance: w.Instance, Options: w.Options},
		pack.Acknowledgement{Control: int((f.Number-1)%cycle)*interchangesMax + 1, At: f.DoneAt})
	if err != nil || len(reply) == 0 {
		return err
	}
	return w.Place.Write(ctx, w.Replies, label+replyEnd, bytes.NewReader(reply))
}

// readAgain returns the bytes of a file that was taken, or nil where others lie in its place.
func (w *watch) readAgain(ctx context.Context, f intake.File) ([]byte, error) {
	file, err := w.Place.Open(ctx, f.Name)
	if gone(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var body bytes.Buffer
	_, err = io.Copy(&bounded{&body, f.Size}, file)
	err = errors.Join(err, file.Close())
	if err != nil && !errors.Is(err, errGrown) {
		return nil, placeFault(err, "collect.reply", f.Name)
	}
	if intake.HashOf(body.Bytes()) != f.Content {
		return nil, nil
	}
	return body.Bytes(), nil
}

// moveAway moves a file, unless it is gone or somebody has gone on writing to it: then it is
// another file, and its turn comes. The marker goes first, so that it can never stand for
// the next file of that name.
func (w *watch) moveAway(ctx context.Context, f intake.File, label string) error {
	now, err := w.Place.Stat(ctx, f.Name)
	if gone(err) || err == nil && !now.unchanged(Entry{Size: f.Size, ModifiedAt: f.ModifiedAt}) {
		return nil
	}
	if err != nil {
		return err
	}
	if w.Marker != "" {
		if err := w.Place.Remove(ctx, f.Name+w.Marker); err != nil && !gone(err) {
			return err
		}
	}
	folder := doneFolder
	if f.State == intake.FileFailed {
		folder = failedFolder
	}
	return w.Place.Move(ctx, f.Name, folder, label)
}
