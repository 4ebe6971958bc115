package collect

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
)

const interchange = "ISA*00*          *00*          *ZZ*WAREHOUSE      *01*RETAILER       *261123*0905*U*00401*000000017*0*P*:~" +
	"GS*SW*W*R*20261123*0905*2*X*004010~ST*945*0001~W06*N*S1~LX*1~W12*CC*5*4~SE*5*0001~ST*850*0002~SE*2*0002~GE*2*2~IEA*1*000000017~"

// adviceRig has the source advices/main, whose files are answered.
func adviceRig(t *testing.T, change ...func(*Source)) *rig {
	t.Helper()
	return newRig(t, append([]func(*Source){func(s *Source) { s.Pack, s.Receipts, s.Replies = "advices", "", "replies" }}, change...)...)
}

// TestReply answers an interchange once it is taken: what is known is accepted, what is not is
// rejected, and the same file has the same answer.
func TestReply(t *testing.T) {
	r := adviceRig(t)
	var first string
	for range 2 {
		r.lay("a.edi", interchange)
		r.look()
		r.wantTree("done/a.edi replies/a.edi.997")
		reply := string(mustRead(t, r.folder, "replies", "a.edi.997"))
		for _, want := range []string{"*01*RETAILER       *ZZ*WAREHOUSE      *", "*000000001*0*P*:~", "~AK2*945*0001~AK5*A~AK2*850*0002~AK5*R*1~AK9*P*2*2*1~"} {
			if !strings.Contains(reply, want) {
				t.Errorf("got %s, want %s in it", reply, want)
			}
		}
		if first != "" && reply != first {
			t.Errorf("the second answer is %s, the first %s", reply, first)
		}
		first = reply
	}
	r.lay("b.edi", strings.ReplaceAll(interchange, "000000017", "000000018"))
	r.look()
	if reply := string(mustRead(t, r.folder, "replies", "b.edi.997")); !strings.Contains(reply, "*000001001*0*P*:~") {
		t.Errorf("got %s, want another control number", reply)
	}
	r.lay("notes.xml", "<notes/>")
	r.look()
	r.wantTree("done/a.edi done/b.edi failed/notes.xml replies/a.edi.997 replies/b.edi.997")
}

// TestReplyElsewhere answers into a folder of the server beside that of the files.
func TestReplyElsewhere(t *testing.T) {
	in, out := t.TempDir(), t.TempDir()
	s := newServer(t, in)
	r := adviceRig(t, func(source *Source) { source.Place, source.Replies = s.remote(t), out })
	r.folder = in
	r.lay("a.edi", interchange)
	r.look()
	r.wantTree("done/a.edi")
	if _, err := os.Stat(filepath.Join(out, "a.edi.997")); err != nil {
		t.Error(err)
	}
}

// TestReplyFails keeps a file where it is until it can be answered.
func TestReplyFails(t *testing.T) {
	r := adviceRig(t)
	must(t, os.WriteFile(filepath.Join(r.folder, "replies"), nil, 0o600)) // a file in the folder's place
	r.lay("a.edi", interchange)
	if _, err := r.watch.look(t.Context()); !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want H-PLACE", err)
	}
	r.wantTree("a.edi replies")
	must(t, os.Remove(filepath.Join(r.folder, "replies")))
	r.look()
	r.wantTree("done/a.edi replies/a.edi.997")
	if f := r.newest(); f.State != intake.FileTaken || f.Parts != 1 {
		t.Errorf("got %+v", f)
	}
}
