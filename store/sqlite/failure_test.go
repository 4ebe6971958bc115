package sqlite

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/journal"
	"github.com/heddlehq/heddle/retail"
)

// The child of a test is this program again, with the folder of a store and what to do there.
const (
	childFolder = "HEDDLE_TEST_FOLDER"
	childTask   = "HEDDLE_TEST_TASK"
)

func TestMain(m *testing.M) {
	if task := os.Getenv(childTask); task != "" {
		if err := child(task, os.Getenv(childFolder)); err != nil {
			fmt.Println("error", err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

func child(task, folder string) error {
	switch task {
	case "append":
		return appendForEver(folder)
	case "no room":
		return appendWithoutRoom(folder)
	}
	return fmt.Errorf("no such task: %s", task)
}

func startChild(t *testing.T, task, folder string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), childTask+"="+task, childFolder+"="+folder)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	return c, bufio.NewScanner(out)
}

func openTest(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	return s
}

// next makes a chunk of a few records that follows the tail.
func next(tail journal.Watermark) (*journal.Chunk, error) {
	records := make([]journal.Record, 20)
	for i := range records {
		n := tail.Next + int64(i)
		records[i] = journal.Record{Fact: fmt.Appendf(nil, `{"n":%d,"noise":"%x"}`, n, journal.EventHash(fmt.Append(nil, n))), Outcome: []byte("{}")}
	}
	return journal.Seal("acme", "test", tail, time.Unix(tail.Next, 0), records)
}

// extend appends n chunks and returns the tail.
func extend(log journal.Log, n int, done func(journal.Watermark)) (journal.Watermark, error) {
	tail, _, err := log.Tail(context.Background())
	for i := 0; i < n && err == nil; i++ {
		var c *journal.Chunk
		if c, err = next(tail); err != nil {
			break
		}
		if err = log.Append(context.Background(), c); err == nil {
			tail = c.End()
			done(tail)
		}
	}
	return tail, err
}

func appendForEver(folder string) error {
	s, err := Open(context.Background(), folder)
	if err != nil {
		return err
	}
	_, err = extend(s.Journal(), 1<<30, func(tail journal.Watermark) { fmt.Println(tail.Next, tail.Root) })
	return err
}

// What was acknowledged before a SIGKILL is there afterwards, and the chain is whole.
func TestKillLosesNothingAcknowledged(t *testing.T) {
	dir := t.TempDir()
	for round := range 6 {
		c, out := startChild(t, "append", dir)
		last := ""
		for lines := 0; lines < 3+17*round && out.Scan(); lines++ {
			last = out.Text()
		}
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		for out.Scan() { // what it said before it died counts, too
			last = out.Text()
		}
		_ = c.Wait() // killed
		wantChain(t, dir, last)
	}
}

// wantChain opens the store again, and checks the chain and that it has what a child said
// last, as "position root".
func wantChain(t *testing.T, dir, last string) {
	t.Helper()
	s, err := Open(context.Background(), dir)
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	if _, err := journal.VerifyChain(t.Context(), s.Journal(), nil); err != nil {
		t.Errorf("VerifyChain: %v", err)
	}
	position, root, ok := strings.Cut(last, " ")
	n, err := strconv.ParseInt(position, 10, 64)
	if !ok || err != nil {
		t.Fatalf("the child said %q", last)
	}
	if got, there, err := s.Journal().Root(t.Context(), n); err != nil || !there || got.String() != root {
		t.Errorf("the chunk before %d: got %v, %v, %v, want %s", n, got, there, err, root)
	}
	if err := s.Close(); err != nil {
		t.Errorf("Close: %v", err)
	}
}

// appendWithoutRoom lets the kernel refuse to write beyond a size, which SQLite meets as a
// failed write. The store must not write again after that, even when there is room again.
func appendWithoutRoom(folder string) error {
	signal.Ignore(syscall.SIGXFSZ)
	s, err := Open(context.Background(), folder)
	if err != nil {
		return err
	}
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	full := limit.Cur
	limit.Cur = 512 << 10
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	last, err := extend(s.Journal(), 10_000, func(journal.Watermark) {})
	if !fault.HasCode(err, fault.Storage) {
		return fmt.Errorf("got %w, want %s", err, fault.Storage)
	}
	limit.Cur = full
	if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &limit); err != nil {
		return err
	}
	if _, err := extend(s.Journal(), 1, func(journal.Watermark) {}); !fault.HasCode(err, fault.Storage) {
		return fmt.Errorf("with room again: got %w, want %s", err, fault.Storage)
	}
	if tail, _, err := s.Journal().Tail(context.Background()); err != nil || tail != last {
		return fmt.Errorf("Tail: got %v, %w, want %v", tail, err, last)
	}
	fmt.Println(last.Next, last.Root)
	return nil
}

func TestAFailedWriteIsForEver(t *testing.T) {
	dir := t.TempDir()
	c, out := startChild(t, "no room", dir)
	last := ""
	for out.Scan() {
		last = out.Text()
	}
	if err := c.Wait(); err != nil {
		t.Fatalf("the child: %v: %s", err, last)
	}
	wantChain(t, dir, last)
}

// A full disk passes: nothing was written, and the same chunk is right once there is room.
func TestAFullDiskPasses(t *testing.T) {
	s := openTest(t, t.TempDir())
	tail, err := extend(s.Journal(), 3, func(journal.Watermark) {})
	if err != nil {
		t.Fatal(err)
	}
	setPages := func(n string) {
		t.Helper()
		if err := s.journal.c.exec("PRAGMA max_page_count=" + n); err != nil {
			t.Fatal(err)
		}
	}
	setPages("1") // SQLite takes the present size instead
	got, err := extend(s.Journal(), 10_000, func(journal.Watermark) {})
	if !fault.HasCode(err, fault.OutcomeUnknown) {
		t.Fatalf("Append: got %v, want %s", err, fault.OutcomeUnknown)
	}
	if now, _, err := s.Journal().Tail(t.Context()); err != nil || now != got || now.Next < tail.Next {
		t.Errorf("Tail: got %v, %v, want %v", now, err, got)
	}
	setPages("1000000")
	if _, err := extend(s.Journal(), 3, func(journal.Watermark) {}); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if _, err := journal.VerifyChain(t.Context(), s.Journal(), nil); err != nil {
		t.Errorf("VerifyChain: %v", err)
	}
}

// Of an erased key nothing is left in any file: not in free pages, not in the gaps of pages,
// not in the write-ahead log. Many keys of many sizes come and go around it.
func TestErasedKeysLeaveNoBytes(t *testing.T) {
	dir := t.TempDir()
	s := openTest(t, dir)
	secret := func(n int) []byte {
		h := journal.EventHash(fmt.Append(nil, "secret", n))
		return bytes.Repeat(h[:], 1+n%60)
	}
	const many = 400
	for n := range many {
		e := intake.Evidence{Hash: intake.HashOf(fmt.Append(nil, n)), Revision: 1, ReceivedAt: time.Unix(0, 0)}
		k := intake.DataKey{ID: intake.KeyID(fmt.Sprintf("%x", n*7919%many)), Owner: ownerOf(n), Wrapped: secret(n), CreatedAt: time.Unix(int64(n), 0)}
		if done, err := s.Desk().Evidence().PutEvidence(t.Context(), e, []intake.DataKey{k}); err != nil || !done {
			t.Fatalf("PutEvidence: %v, %v", done, err)
		}
		if n%50 == 49 {
			if _, err := s.Desk().Evidence().EraseKeys(t.Context(), ownerOf(n), time.Unix(9, 0)); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n, err := s.Desk().Evidence().EraseKeys(t.Context(), ownerOf(0), time.Unix(9, 0)); err != nil || n == 0 {
		t.Fatalf("EraseKeys: got %d, %v", n, err)
	}
	files := contents(t, dir)
	alive := 0
	live, err := s.Desk().Evidence().LiveKeys(t.Context(), owners())
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, k := range live {
		kept[string(k.Wrapped)] = true
	}
	for n := range many {
		h := secret(n)[:32]
		switch found := bytes.Contains(files, h); {
		case kept[string(secret(n))]:
			if alive++; !found {
				t.Errorf("the live key %d is not in the files: the test looks in the wrong place", n)
			}
		case found:
			t.Errorf("the erased key %d is still in the files", n)
		}
	}
	if alive == 0 || alive == many {
		t.Errorf("%d of %d keys are alive: the test proves nothing", alive, many)
	}
}

func ownerOf(n int) retail.Token { return retail.Token(fmt.Sprint("owner", n%20)) }

func owners() []retail.Token {
	all := make([]retail.Token, 20)
	for n := range all {
		all[n] = ownerOf(n)
	}
	return all
}

func contents(t *testing.T, dir string) []byte {
	t.Helper()
	var all []byte
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		all = append(all, b...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
