package collect

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/heddlehq/heddle/fault"
)

// remoteRig is a rig whose folder is that of an SFTP server.
func remoteRig(t *testing.T, s *server, dir string, change ...func(*Source)) *rig {
	t.Helper()
	r := newRig(t, append([]func(*Source){func(source *Source) {
		source.Place, source.Title = s.remote(t), "sftp://server/in"
	}}, change...)...)
	r.folder = dir
	return r
}

// TestSFTP takes a file from a server, over one connection for all looks.
func TestSFTP(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	r := remoteRig(t, s, dir, func(source *Source) { source.Marker = ".ok" })
	r.lay(day, rows(1000)) // several packets
	r.look()
	r.wantTree(day)
	r.lay(day+".ok", "")
	r.look()
	r.wantTree("done/" + day + " receipts/" + day + receiptEnd)
	r.wantCounts("taken 1000: 1000 accepted")
	if got := r.receipt(day + receiptEnd); len(got.Records) != 1000 || got.File.Accepted != 1000 {
		t.Errorf("got a receipt of %d records: %+v", len(got.Records), got.File)
	}
	r.lay(day, rows(1000))
	r.lay(day+".ok", "")
	r.look() // the same again is put away over itself
	r.wantTree("done/" + day + " receipts/" + day + receiptEnd)
	if s.logins != 1 {
		t.Errorf("there were %d logins, want one", s.logins)
	}
}

// TestSFTPKey logs in with a private key.
func TestSFTPKey(t *testing.T) {
	s := newServer(t, t.TempDir())
	d := s.remote(t, func(o *SFTPOptions) { o.Password, o.PrivateKey = nil, s.userKey })
	if _, err := d.List(t.Context()); err != nil {
		t.Errorf("List: %v", err)
	}
}

// TestSFTPIsRefused has servers that are not what they should be, and users who are not known.
// No error tells a secret.
func TestSFTPIsRefused(t *testing.T) {
	// reproduces: H-HOST-KEY
	s, other := newServer(t, t.TempDir()), newServer(t, t.TempDir())
	silent := newServer(t, t.TempDir())
	silent.silence.Store(true)
	for _, c := range []struct {
		name   string
		server *server
		change func(*SFTPOptions)
		code   fault.Code
	}{
		{"another host key", s, func(o *SFTPOptions) { o.HostKeys = other.options().HostKeys }, fault.HostKeyWrong},
		{"a wrong password", s, func(o *SFTPOptions) { o.Password = []byte("hunter2 hunter2") }, fault.PlaceFailed},
		{"a wrong key", s, func(o *SFTPOptions) { o.Password, o.PrivateKey = nil, other.userKey }, fault.PlaceFailed},
		{"a silent server", silent, func(o *SFTPOptions) { o.Quiet = 50 * time.Millisecond }, fault.PlaceFailed},
		{"nobody there", s, func(o *SFTPOptions) { o.Address = "127.0.0.1:1" }, fault.PlaceFailed},
		{"no such folder", s, func(o *SFTPOptions) { o.Folder = "nowhere" }, fault.PlaceFailed},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.server.remote(t, c.change).List(t.Context())
			if !fault.HasCode(err, c.code) {
				t.Errorf("got %v, want %s", err, c.code)
			}
			if strings.Contains(err.Error(), "hunter2") || strings.Contains(err.Error(), password) {
				t.Errorf("the error tells a secret: %v", err)
			}
		})
	}
	if s.logins != 1 {
		t.Errorf("there were %d logins, want that of the folder that is not there", s.logins)
	}
}

// TestSFTPOptionsRefused names what cannot be reached before anything is connected.
func TestSFTPOptionsRefused(t *testing.T) {
	good := newServer(t, t.TempDir()).options()
	for name, change := range map[string]func(*SFTPOptions){
		"no port":        func(o *SFTPOptions) { o.Address = "host" },
		"no user":        func(o *SFTPOptions) { o.User = "" },
		"no proof":       func(o *SFTPOptions) { o.Password = nil },
		"no key":         func(o *SFTPOptions) { o.PrivateKey = []byte("hunter2") },
		"no host key":    func(o *SFTPOptions) { o.HostKeys = nil },
		"a bad host key": func(o *SFTPOptions) { o.HostKeys = []string{"ssh-ed25519 nothing"} },
		"a second line":  func(o *SFTPOptions) { o.HostKeys[0] += o.HostKeys[0] },
	} {
		t.Run(name, func(t *testing.T) {
			options := good
			options.HostKeys = slices.Clone(good.HostKeys)
			change(&options)
			if _, err := NewSFTP(options); !fault.HasCode(err, fault.BadConfig) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("got %v, want H-CONFIG without the secret", err)
			}
		})
	}
}

// TestSFTPBreaksOff breaks the connection in the middle of a file: nothing of it is taken, and
// the next look takes it whole.
func TestSFTPBreaksOff(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	r := remoteRig(t, s, dir)
	r.lay(day, rows(5000))
	r.layAt("later.csv", rows(1), noon.Add(time.Second))
	s.breaks.Store(50_000)
	_, err := r.watch.look(t.Context())
	if !fault.HasCode(err, fault.PlaceFailed) || len(parts(err)) != 1 {
		t.Fatalf("got %v, want one H-PLACE", err)
	}
	must(t, os.Remove(filepath.Join(dir, "later.csv")))
	r.wantFacts()
	s.breaks.Store(0)
	r.look()
	r.wantCounts("taken 5000: 5000 accepted")
	if left, err := os.ReadDir(r.opts.Spool); err != nil || len(left) != 0 {
		t.Errorf("in the spool there is %v, %v", left, err)
	}
}

// TestSFTPLostBetweenLooks connects again at once when the server has hung up meanwhile.
func TestSFTPLostBetweenLooks(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	r := remoteRig(t, s, dir)
	r.look()
	s.drop()
	r.lay(day, rows(1))
	r.look()
	r.wantFacts(day + "·1")
	if s.logins != 2 {
		t.Errorf("there were %d logins, want two", s.logins)
	}
}

// TestSFTPReadOnly takes files from a server on which nothing may be written: each once, and the
// receipts stay here.
func TestSFTPReadOnly(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir, sftp.ReadOnly())
	r := remoteRig(t, s, dir, func(source *Source) { source.Then = Keep })
	r.lay(day, rows(2))
	for range 2 {
		r.look()
	}
	r.wantTree(day)
	r.wantCounts("taken 2: 2 accepted")
	if got, want := r.work(), []string{"H-PLACE counts/main sftp://server/in receipts ×1"}; !slices.Equal(got, want) {
		t.Errorf("work: got %q, want %q", got, want)
	}
	r.watch.Then = Move
	r.watch.done = map[string]Entry{}
	if _, err := r.watch.look(t.Context()); !errors.Is(err, fs.ErrPermission) || !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want a move that is not permitted", err)
	}
	r.wantFacts(day+"·1", day+"·2")
}

// TestSFTPGrowing leaves a file alone that grows while it is read, or after it was listed.
func TestSFTPGrowing(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	r := remoteRig(t, s, dir)
	r.watch.Place = &opening{r.watch.Place, func() { r.layAt(day, rows(1001), noon) }}
	r.lay(day, rows(1000))
	r.look()
	r.wantFacts()
	r.watch.Place.(*opening).do = func() { r.layAt(day, rows(1001), noon.Add(time.Second)) }
	r.look()
	r.wantFacts()
	r.watch.Place.(*opening).do = func() {}
	r.look()
	r.wantCounts("taken 1001: 1001 accepted")
}

// opening is a place in which something happens when a file has been opened.
type opening struct {
	Place
	do func()
}

// Open implements Place.
func (o *opening) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	r, err := o.Place.Open(ctx, name)
	o.do()
	return r, err
}

// TestSFTPStopped ends what is under way when the collector stops.
func TestSFTPStopped(t *testing.T) {
	dir := t.TempDir()
	d := newServer(t, dir).remote(t)
	_, err := d.List(t.Context())
	must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := d.Stat(ctx, "x"); !fault.HasCode(err, fault.PlaceFailed) || !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want H-PLACE of what was cancelled", err)
	}
	if _, err := d.List(t.Context()); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

// TestSFTPWhatIsNoFile refuses links.
func TestSFTPWhatIsNoFile(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file.csv"), []byte(rows(1)), 0o600))
	must(t, os.Symlink("file.csv", filepath.Join(dir, "link.csv")))
	d := newServer(t, dir).remote(t)
	l, err := d.List(t.Context())
	must(t, err)
	for _, e := range l.Entries {
		if e.Regular != (e.Name == "file.csv") {
			t.Errorf("got %+v", e)
		}
	}
	if _, err := d.Open(t.Context(), "link.csv"); !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want H-PLACE", err)
	}
	if _, err := d.Stat(t.Context(), "gone.csv"); !gone(err) {
		t.Errorf("got %v, want that it is gone", err)
	}
	must(t, os.WriteFile(filepath.Join(dir, "done"), nil, 0o600))
	if err := d.Move(t.Context(), "file.csv", "done", "file.csv"); !fault.HasCode(err, fault.PlaceFailed) {
		t.Errorf("got %v, want H-PLACE", err)
	}
}

// TestSFTPWithoutPosixRename writes over another file on a server of the plain protocol, which
// renames to free names only.
func TestSFTPWithoutPosixRename(t *testing.T) {
	must(t, sftp.SetSFTPExtensions())
	t.Cleanup(func() {
		must(t, sftp.SetSFTPExtensions("hardlink@openssh.com", "posix-rename@openssh.com", "statvfs@openssh.com"))
	})
	s, handlers := newServer(t, t.TempDir()), sftp.InMemHandler()
	s.serve = func(channel ssh.Channel) error { return sftp.NewRequestServer(channel, handlers).Serve() }
	d := s.remote(t, func(o *SFTPOptions) { o.Folder = "/" })
	_, err := d.List(t.Context())
	must(t, err)
	for _, text := range []string{"one", "two"} {
		must(t, d.Write(t.Context(), "receipts", "r", strings.NewReader(text)))
		r, err := d.Open(t.Context(), "receipts/r")
		must(t, err)
		if got, err := io.ReadAll(r); err != nil || string(got) != text {
			t.Errorf("got %q, %v, want %q", got, err, text)
		}
		must(t, r.Close())
	}
}

// TestGuardedConn breaks a connection over which nothing comes while an answer is waited for, and
// no other.
func TestGuardedConn(t *testing.T) {
	for _, c := range []struct {
		name   string
		every  time.Duration // how often a byte comes
		broken bool
	}{
		{"a slow server", 29 * time.Second, false},
		{"a silent server", 31 * time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				here, there := net.Pipe()
				conn := &guardedConn{Conn: here, quiet: 30 * time.Second}
				go func() {
					for {
						if wait(t.Context(), c.every) != nil {
							return
						}
						if _, err := there.Write([]byte{1}); err != nil {
							return
						}
					}
				}()
				conn.begin()
				_, err := io.ReadFull(conn, make([]byte, 5))
				if broken := conn.end(); broken != c.broken || (err != nil) != c.broken {
					t.Errorf("broken: %v, %v, want %v", broken, err, c.broken)
				}
				here.Close()
				there.Close()
			})
		})
	}
}

// crowd is a server's folder of very many entries.
type crowd struct {
	entries int
	name    string // what each name ends with
}

// Filelist implements sftp.FileLister.
func (c crowd) Filelist(*sftp.Request) (sftp.ListerAt, error) { return c, nil }

// ListAt implements sftp.ListerAt.
func (c crowd) ListAt(into []fs.FileInfo, from int64) (int, error) {
	for i := range into {
		if from+int64(i) >= int64(c.entries) {
			return i, io.EOF
		}
		into[i] = nameless{strconv.FormatInt(from+int64(i), 10) + c.name}
	}
	return len(into), nil
}

// nameless is a file of which only the name matters.
type nameless struct{ name string }

func (n nameless) Name() string     { return n.name }
func (nameless) Size() int64        { return 1 }
func (nameless) Mode() fs.FileMode  { return 0o600 }
func (nameless) ModTime() time.Time { return noon }
func (nameless) IsDir() bool        { return false }
func (nameless) Sys() any           { return nil }

// TestSFTPManyEntries lists as many entries as are looked at, and stops listening to a server
// that goes on and on; the connection is good for another look then.
func TestSFTPManyEntries(t *testing.T) {
	s := newServer(t, t.TempDir())
	if d := s.remote(t); d.entriesMax != EntriesMax || d.listBytesMax != listBytesMax {
		t.Errorf("the limits are %d and %d, want %d and %d", d.entriesMax, d.listBytesMax, EntriesMax, listBytesMax)
	}
	const limit = 1000
	for _, c := range []struct {
		crowd   crowd
		entries func(int) bool
		more    bool
	}{
		{crowd{limit, ""}, func(n int) bool { return n == limit }, false},
		{crowd{limit + 1, ""}, func(n int) bool { return n == limit }, true},
		{crowd{1 << 40, strings.Repeat("n", 240)}, func(n int) bool { return n > 100 && n < limit }, true},
	} {
		s.serve = func(channel ssh.Channel) error {
			handlers := sftp.InMemHandler()
			handlers.FileList = c.crowd
			return sftp.NewRequestServer(channel, handlers).Serve()
		}
		d := s.remote(t)
		d.entriesMax, d.listBytesMax = limit, 400_000
		for range 2 {
			l, err := d.List(t.Context())
			if err != nil || !c.entries(len(l.Entries)) || l.More != c.more {
				t.Errorf("of %d: got %d entries, more: %v, %v", c.crowd.entries, len(l.Entries), l.More, err)
			}
		}
	}
}

// TestLogsTellNoSecrets runs against a server and looks for the password in the log.
func TestLogsTellNoSecrets(t *testing.T) {
	dir := t.TempDir()
	s := newServer(t, dir)
	var log bytes.Buffer
	r := remoteRig(t, s, dir)
	r.opts.Log = slog.New(slog.NewJSONHandler(&log, nil))
	r.start()
	r.lay(day, rows(1))
	r.look()
	s.breaks.Store(1)
	s.drop()
	_, err := r.watch.look(t.Context())
	r.watch.report(t.Context(), err, nil)
	for _, want := range []string{`"state":"taken"`, `"source":"counts/main"`, `"accepted":1`, `"bytes":`, `"code":"H-PLACE"`} {
		if !strings.Contains(log.String(), want) {
			t.Errorf("the log does not say %s: %s", want, log.String())
		}
	}
	if strings.Contains(log.String(), password) {
		t.Errorf("the log tells the password: %s", log.String())
	}
}
