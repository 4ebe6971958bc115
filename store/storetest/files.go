package storetest

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
)

var fileTests = []test{
	{"a file is remembered with its lines", rememberFile},
	{"files are found by what is known of them", findFiles},
}

// fileOf is a file as the first keeping has it; the store numbers it.
func fileOf(name, content string) intake.File {
	n := intake.FileName{Pack: "csv", Instance: "main", Name: name}
	hash := intake.HashOf([]byte(content))
	return intake.File{
		ID: n.ID(hash), FileName: n, Content: hash, Size: int64(len(content)), ModifiedAt: noon.Add(-time.Hour), TakenAt: noon, State: intake.FileTaking,
	}
}

func rememberFile(t *testing.T, p *place) {
	s := p.open(t)
	desk := s.Desk().Files()
	f := fileOf("day.csv", "a,b")
	_, err := desk.File(t.Context(), f.ID)
	wantCode(t, "an unknown file", err, fault.NoSuchThing)
	wantCode(t, "Keep", desk.Keep(t.Context(), f, nil), "")
	for part, lines := range []string{"one", "two", "three"} {
		f.Parts, f.Next, f.Counts.Records = part+1, int64(10*part), part
		wantCode(t, "Keep with lines", desk.Keep(t.Context(), f, []byte(lines)), "")
	}
	f.State, f.DoneAt, f.PutAway = intake.FileTaken, noon.Add(time.Minute), true
	f.Code, f.Detail, f.Step, f.SameAs = fault.BadSyntax, "line 3", "send it again", "other"
	wantCode(t, "Keep without lines", desk.Keep(t.Context(), f, nil), "")
	shut(t, s)
	desk = p.open(t).Desk().Files()
	f.Number = 1
	if got, err := desk.File(t.Context(), f.ID); err != nil || !reflect.DeepEqual(got, f) {
		t.Errorf("File: got %+v, %v, want %+v", got, err, f)
	}
	wantLines(t, desk, f.ID, "one, two, three")
	f.Parts = 1
	wantCode(t, "Keep of fewer parts", desk.Keep(t.Context(), f, []byte("new")), "")
	wantLines(t, desk, f.ID, "new")
	f.Parts = 0
	wantCode(t, "Keep of no part", desk.Keep(t.Context(), f, nil), "")
	wantLines(t, desk, f.ID, "")
}

// wantLines checks the lines that are kept: every part, and no further one.
func wantLines(t *testing.T, desk intake.Files, id intake.FileID, want string) {
	t.Helper()
	var parts []string
	for part := 1; ; part++ {
		lines, err := desk.Lines(t.Context(), id, part)
		if err != nil {
			wantCode(t, "a part that is not kept", err, fault.NoSuchThing)
			break
		}
		parts = append(parts, string(lines))
	}
	if got := strings.Join(parts, ", "); got != want {
		t.Errorf("lines: got %q, want %q", got, want)
	}
}

func findFiles(t *testing.T, p *place) {
	desk := p.open(t).Desk().Files()
	elsewhere := fileOf("a.csv", "1")
	elsewhere.Instance = "other"
	elsewhere.ID = elsewhere.FileName.ID(elsewhere.Content)
	for _, f := range []intake.File{fileOf("a.csv", "1"), fileOf("a.csv", "2"), fileOf("b.csv", "1"), elsewhere, fileOf("a.csv", "1")} {
		wantCode(t, "Keep", desk.Keep(t.Context(), f, nil), "")
	}
	for _, c := range []struct {
		name string
		q    intake.FileQuery
		want string // numbers
	}{
		{"all", intake.FileQuery{Limit: 10}, "4 3 2 1"},
		{"the newest", intake.FileQuery{Limit: 1}, "4"},
		{"older ones", intake.FileQuery{Before: 3, Limit: 10}, "2 1"},
		{"of a source", intake.FileQuery{Pack: "csv", Instance: "main", Limit: 10}, "3 2 1"},
		{"of a pack", intake.FileQuery{Pack: "csv", Limit: 2}, "4 3"},
		{"of a name", intake.FileQuery{Pack: "csv", Instance: "main", Name: "a.csv", Limit: 10}, "2 1"},
		{"of a content", intake.FileQuery{Pack: "csv", Instance: "main", Content: intake.HashOf([]byte("1")), Limit: 10}, "3 1"},
		{"of nothing", intake.FileQuery{Content: journal.Hash{1}, Limit: 10}, ""},
	} {
		found, err := desk.Find(t.Context(), c.q)
		var numbers []string
		for _, f := range found {
			numbers = append(numbers, strconv.FormatInt(f.Number, 10))
		}
		if got := strings.Join(numbers, " "); err != nil || got != c.want {
			t.Errorf("%s: got %q, %v, want %q", c.name, got, err, c.want)
		}
	}
}
