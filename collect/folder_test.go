package collect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
)

// openFolder opens a folder of its own.
func openFolder(t *testing.T) (*Folder, string) {
	t.Helper()
	dir := t.TempDir()
	d := NewFolder(dir)
	_, err := d.List(t.Context())
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d, dir
}

// TestWhatIsNoFile has a link, a link to a folder, a pipe and a folder among the files: nothing
// is taken of them, and nothing outside of the folder is read.
func TestWhatIsNoFile(t *testing.T) {
	r := newRig(t)
	outside := filepath.Join(t.TempDir(), "secret.csv")
	must(t, os.WriteFile(outside, []byte(rows(1)), 0o600))
	must(t, os.Symlink(outside, filepath.Join(r.folder, "link.csv")))
	must(t, os.Symlink(filepath.Dir(outside), filepath.Join(r.folder, "folder.csv")))
	must(t, syscall.Mkfifo(filepath.Join(r.folder, "pipe.csv"), 0o600))
	must(t, os.Mkdir(filepath.Join(r.folder, "below.csv"), 0o700))
	must(t, os.WriteFile(filepath.Join(r.folder, "below.csv", "inner.csv"), []byte(rows(1)), 0o600))
	r.look()
	r.wantFacts()
	for _, name := range []string{"link.csv", "folder.csv", "pipe.csv", "below.csv"} {
		if _, err := r.watch.Place.Open(t.Context(), name); !fault.HasCode(err, fault.PlaceFailed) {
			t.Errorf("%s: got %v, want H-PLACE", name, err)
		}
	}
}

// TestLinksOut has links in the place of the folders into which files are put away: nothing is
// written through them.
func TestLinksOut(t *testing.T) {
	r := newRig(t)
	outside := t.TempDir()
	must(t, os.Symlink(outside, filepath.Join(r.folder, "done")))
	must(t, os.Symlink(outside, filepath.Join(r.folder, "receipts")))
	r.lay(day, rows(1))
	if _, err := r.watch.look(t.Context()); !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want H-PLACE", err)
	}
	if left, err := os.ReadDir(outside); err != nil || len(left) != 0 {
		t.Errorf("outside there is %v, %v, want nothing", left, err)
	}
	d := r.watch.Place
	for _, err := range []error{
		d.Write(t.Context(), "receipts", "../../x", strings.NewReader("x")), d.Move(t.Context(), day, "..", "x"), d.Remove(t.Context(), "../x"),
	} {
		if !fault.HasCode(err, fault.PlaceFailed) {
			t.Errorf("outside: got %v, want H-PLACE", err)
		}
	}
}

// TestManyEntries has as many entries as are looked at, and one more.
func TestManyEntries(t *testing.T) {
	d, dir := openFolder(t)
	if d.entriesMax != EntriesMax {
		t.Errorf("the limit is %d, want %d", d.entriesMax, EntriesMax)
	}
	d.entriesMax = listAtOnce + 1 // more than are read at a time
	for i := range d.entriesMax {
		must(t, os.WriteFile(filepath.Join(dir, fmt.Sprint(i)), nil, 0o600))
	}
	for _, more := range []bool{false, true} {
		l, err := d.List(t.Context())
		if err != nil || len(l.Entries) != d.entriesMax || l.More != more {
			t.Errorf("got %d entries, more: %v, %v, want %d and more: %v", len(l.Entries), l.More, err, d.entriesMax, more)
		}
		must(t, os.WriteFile(filepath.Join(dir, "more"), nil, 0o600))
	}
}

// TestMoreThanIsLookedAt takes what was listed and says that there is more.
func TestMoreThanIsLookedAt(t *testing.T) {
	r := newRig(t)
	r.watch.Place = crowded{r.watch.Place}
	r.lay(day, rows(1))
	_, err := r.watch.look(t.Context())
	if !fault.HasCode(err, fault.TooLarge) {
		t.Errorf("got %v, want H-TOO-LARGE", err)
	}
	r.wantFacts(day + "·1")
	before := r.watch.report(t.Context(), err, nil)
	if got, want := r.work(), []string{"H-TOO-LARGE counts/main the folder ×1"}; !slices.Equal(got, want) {
		t.Errorf("work: got %q, want %q", got, want)
	}
	r.watch.report(t.Context(), nil, before)
	if got := r.work(); len(got) != 0 {
		t.Errorf("when there are fewer: got %q, want nothing", got)
	}
}

// crowded is a place with more entries than are looked at.
type crowded struct{ Place }

// List implements Place.
func (c crowded) List(ctx context.Context) (Listing, error) {
	l, err := c.Place.List(ctx)
	l.More = true
	return l, err
}

// TestAFolderThatIsNotThere comes back by itself, and is another one when it was replaced.
func TestAFolderThatIsNotThere(t *testing.T) {
	r := newRig(t)
	must(t, os.Remove(r.folder))
	_, err := r.watch.look(t.Context())
	if !fault.HasCode(err, fault.PlaceFailed) || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want H-PLACE", err)
	}
	must(t, os.Mkdir(r.folder, 0o700))
	r.lay(day, rows(1))
	r.look()
	must(t, os.Rename(r.folder, r.folder+".old"))
	must(t, os.Mkdir(r.folder, 0o700))
	r.lay(day, rows(2))
	r.look()
	r.wantFacts(day+"·1", day+"·2")
}

// TestWriteIsWhole leaves nothing of a file whose content breaks off, and the one that was there.
func TestWriteIsWhole(t *testing.T) {
	d, dir := openFolder(t)
	must(t, d.Write(t.Context(), "receipts", "r", strings.NewReader("first")))
	broken := io.MultiReader(strings.NewReader("half"), errReader{})
	if err := d.Write(t.Context(), "receipts", "r", broken); !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want H-PLACE", err)
	}
	if got := string(mustRead(t, dir, "receipts", "r")); got != "first" {
		t.Errorf("got %q, want what was there", got)
	}
	must(t, d.Write(t.Context(), "receipts", "r", strings.NewReader("second")))
	left, err := os.ReadDir(filepath.Join(dir, "receipts"))
	if got := string(mustRead(t, dir, "receipts", "r")); err != nil || got != "second" || len(left) != 1 {
		t.Errorf("got %q beside %d others, %v", got, len(left)-1, err)
	}
}

type errReader struct{}

// Read implements io.Reader.
func (errReader) Read([]byte) (int, error) { return 0, errors.New("broken off") }

// TestNotify looks when a file appears, long before the next look is due.
func TestNotify(t *testing.T) {
	r := newRig(t, func(s *Source) { s.Every = 24 * time.Hour })
	r.opts.Sources[0].Notify = NewFolder(r.folder).Notify
	taken := make(chan struct{})
	r.opts.Door = &during{r.opts.Door, sync.OnceFunc(func() { close(taken) })}
	c, err := Open(r.opts)
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); c.Run(ctx) }()
	// The first file may be there before anybody listens; each further one is a change.
	for i := 0; ; i++ {
		must(t, os.WriteFile(filepath.Join(r.folder, fmt.Sprintf("%d-%s", i, day)), []byte(rows(1)), 0o600))
		if wait(t.Context(), lookGap) != nil {
			t.Fatal("nobody has looked")
		}
		select {
		case <-taken:
			cancel()
			<-ended
			return
		default:
		}
	}
}
