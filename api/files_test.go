package api_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

// putAway tells of each file that was put away.
type putAway struct {
	intake.Files
	done chan<- struct{}
}

// Keep implements intake.Files.
func (p putAway) Keep(ctx context.Context, f intake.File, lines []byte) error {
	err := p.Files.Keep(ctx, f, lines)
	if f.PutAway {
		p.done <- struct{}{}
	}
	return err
}

// collected runs a collector over a folder with these files until all of them have been taken.
func (h *house) collected(files map[string]string) {
	h.t.Helper()
	dir, done := h.t.TempDir(), make(chan struct{}, len(files))
	for name, text := range files {
		must(h.t, os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	c, err := collect.Open(collect.Options{
		Sources: []collect.Source{{Pack: "poslog", Instance: "stores", Title: "folder", Place: collect.NewFolder(dir), Every: time.Hour}},
		Door:    h.services.Doors, Packs: h.services.Packs, Files: putAway{h.services.Files, done}, Worklist: h.services.Worklist,
		Spool: h.t.TempDir(), Clock: h.services.Clock, Log: slog.New(slog.DiscardHandler),
	})
	must(h.t, err)
	ctx, cancel := context.WithCancel(h.t.Context())
	var running sync.WaitGroup
	running.Go(func() { c.Run(ctx) })
	for range files {
		<-done
	}
	cancel()
	running.Wait()
}

func TestFiles(t *testing.T) {
	h := newHouse(t)
	h.places()
	if got := decoded[api.Files](h.get("/v1/files").is(200)); len(got.Files) != 0 || got.Next != 0 {
		t.Errorf("before any file: got %+v", got)
	}
	h.collected(map[string]string{"a.xml": payload(t, "poslog/cases/broken.txt"), "b.xml": payload(t, "poslog/cases/sale-wrong-total.txt")})
	first := decoded[api.Files](h.get("/v1/files?pack=poslog&instance=stores&limit=1").is(200))
	if len(first.Files) != 1 || first.Next == 0 {
		t.Fatalf("got %+v, want the newest, and where the others are", first)
	}
	both := slices.Concat(first.Files, decoded[api.Files](h.get("/v1/files?before=2").is(200)).Files)
	for _, f := range both {
		receipt := decoded[collect.Receipt](h.get("/v1/files/" + string(f.ID) + "/receipt").is(200))
		table := string(h.get("/v1/files/" + string(f.ID) + "/receipt?format=csv").is(200).body)
		if receipt.File.ID != f.ID || len(receipt.Records) != f.Records || strings.Count(table, "\n") != 1+f.Records {
			t.Errorf("%s: got a receipt of %d records and a table of %d lines, want %d records", f.Name, len(receipt.Records), strings.Count(table, "\n"), f.Records)
		}
		switch f.Name {
		case "a.xml":
			if f.State != "failed" || f.Code != fault.BadSyntax || f.Next == "" {
				t.Errorf("a.xml: got %+v", f)
			}
		case "b.xml":
			if f.State != "taken" || f.Records != 1 {
				t.Errorf("b.xml: got %+v", f)
			}
		}
	}
	if got := decoded[api.Files](h.get("/v1/files?name=a.xml").is(200)).Files; len(got) != 1 || got[0].Name != "a.xml" {
		t.Errorf("by name: got %+v", got)
	}
	h.get("/v1/files/nothing/receipt").problem(404, fault.NoSuchThing)
	h.get("/v1/files/"+string(both[0].ID)+"/receipt?format=pdf").problem(400, fault.BadRequest)
	h.do(call{as: "nobody", method: "GET", path: "/v1/files"}).problem(403, fault.NoScope)
	h.do(call{as: "nobody", method: "GET", path: "/v1/files/x/receipt"}).problem(403, fault.NoScope)
}
