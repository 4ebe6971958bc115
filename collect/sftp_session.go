package collect

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"github.com/heddlehq/heddle/fault"
)

// SFTPOptions say how a server is reached. The secrets are never logged.
type SFTPOptions struct {
	Address string // host:port
	User    string
	// Password, PrivateKey or both prove the user; the key is in PEM, and without a passphrase.
	Password   []byte
	PrivateKey []byte
	// HostKeys are the keys that the server may have, each as a line of authorized_keys:
	// "ssh-ed25519 AAAA…". There are two while one is being replaced, and never none.
	HostKeys []string
	// Folder is the folder on the server; empty means that in which the user begins.
	Folder string
	// Quiet is for how long nothing may come while something is under way; 30 s.
	Quiet time.Duration
}

// EnsureDefaults fills what was left out.
func (o *SFTPOptions) EnsureDefaults() {
	if o.Folder == "" {
		o.Folder = "."
	}
	if o.Quiet == 0 {
		o.Quiet = 30 * time.Second
	}
}

func (o *SFTPOptions) validate() error {
	if _, _, err := net.SplitHostPort(o.Address); err != nil {
		return fault.New(fault.BadConfig, "sftp", "the address is not of the form host:port")
	}
	if o.User == "" {
		return fault.New(fault.BadConfig, o.Address, "there is no user")
	}
	if _, err := o.auth(); err != nil {
		return err
	}
	_, err := o.hostKeys()
	return err
}

func (o *SFTPOptions) auth() ([]ssh.AuthMethod, error) {
	var methods []ssh.AuthMethod
	if len(o.PrivateKey) > 0 {
		signer, err := ssh.ParsePrivateKey(o.PrivateKey)
		if err != nil {
			return nil, fault.New(fault.BadConfig, o.Address, "the private key is none in PEM without a passphrase")
		}
		methods = append(methods, ssh.PublicKeys(signer))
	}
	if len(o.Password) > 0 {
		password := string(o.Password)
		methods = append(methods, ssh.Password(password), ssh.KeyboardInteractive(func(_, _ string, questions []string, _ []bool) ([]string, error) {
			return slices.Repeat([]string{password}, len(questions)), nil
		}))
	}
	if methods == nil {
		return nil, fault.New(fault.BadConfig, o.Address, "neither a password nor a private key proves the user")
	}
	return methods, nil
}

func (o *SFTPOptions) hostKeys() ([]ssh.PublicKey, error) {
	var keys []ssh.PublicKey
	for _, line := range o.HostKeys {
		key, err := ParseHostKey(line)
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	if keys == nil {
		return nil, fault.New(fault.BadConfig, o.Address, "no host key is pinned").WithHint("Ask the server's owner for it; ssh-keyscan shows the one that answers now.")
	}
	return keys, nil
}

// ParseHostKey reads a pinned host key, as ssh-keyscan prints it without the host.
func ParseHostKey(line string) (ssh.PublicKey, error) {
	key, _, _, rest, err := ssh.ParseAuthorizedKey([]byte(line))
	if err != nil || len(bytes.TrimSpace(rest)) > 0 {
		return nil, fault.New(fault.BadConfig, "host key", "it is no public key such as ssh-ed25519 AAAA…")
	}
	return key, nil
}

// algorithms returns the signature algorithms of the pinned keys, so that a server with several
// keys shows one of these.
func algorithms(keys []ssh.PublicKey) []string {
	var names []string
	for _, k := range keys {
		if k.Type() == ssh.KeyAlgoRSA {
			names = append(names, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
			continue
		}
		names = append(names, k.Type())
	}
	return slices.Compact(names)
}

// session is one connection to a server.
type session struct {
	conn   *guardedConn
	ssh    *ssh.Client
	client *sftp.Client
	in     *meter
}

// connect connects, checks the host key and logs in.
func connect(ctx context.Context, o SFTPOptions) (*session, error) {
	methods, err := o.auth()
	if err != nil {
		return nil, err
	}
	keys, err := o.hostKeys()
	if err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: o.Quiet}
	raw, err := dialer.DialContext(ctx, "tcp", o.Address)
	if err != nil {
		return nil, err
	}
	s := &session{conn: &guardedConn{Conn: raw, quiet: o.Quiet}}
	done := s.watched(ctx)
	err = s.open(o, methods, keys)
	if lost := done(); lost && err == nil {
		err = errors.New("the server is silent")
	}
	if err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) open(o SFTPOptions, methods []ssh.AuthMethod, keys []ssh.PublicKey) error {
	config := &ssh.ClientConfig{
		User: o.User, Auth: methods, HostKeyAlgorithms: algorithms(keys),
		HostKeyCallback: func(_ string, _ net.Addr, shown ssh.PublicKey) error {
			for _, k := range keys {
				if bytes.Equal(k.Marshal(), shown.Marshal()) {
					return nil
				}
			}
			return fault.New(fault.HostKeyWrong, o.Address, "it shows a %s key with the fingerprint %s", shown.Type(), ssh.FingerprintSHA256(shown))
		},
	}
	conn, channels, requests, err := ssh.NewClientConn(s.conn, o.Address, config)
	if err != nil {
		return err
	}
	s.ssh = ssh.NewClient(conn, channels, requests)
	channel, err := s.ssh.NewSession()
	if err != nil {
		return err
	}
	out, err := channel.StdoutPipe()
	if err != nil {
		return err
	}
	to, err := channel.StdinPipe()
	if err != nil {
		return err
	}
	if err := channel.RequestSubsystem("sftp"); err != nil {
		return err
	}
	s.in = &meter{r: out}
	s.client, err = sftp.NewClientPipe(s.in, to)
	return err
}

// rename renames a file over one of the new name.
func (s *session) rename(from, to string) error {
	if _, ok := s.client.HasExtension("posix-rename@openssh.com"); ok {
		return s.client.PosixRename(from, to)
	}
	if err := s.client.Remove(to); err != nil && !gone(err) {
		return err
	}
	return s.client.Rename(from, to)
}

// budget has enough called when more bytes than that come; 0 ends it.
func (s *session) budget(bytes int64, enough func()) { s.in.set(bytes, enough) }

// watched has the connection broken when ctx ends, or when nothing comes for too long, until the
// function that it returns is called; that one says whether it was.
func (s *session) watched(ctx context.Context) func() bool {
	s.conn.begin()
	stop := context.AfterFunc(ctx, func() { _ = s.conn.Close() })
	return func() bool {
		silent := s.conn.end()
		return !stop() || silent
	}
}

// close breaks the connection; there is nothing to say goodbye for.
func (s *session) close() {
	if s.ssh != nil {
		_ = s.ssh.Close()
	}
	_ = s.conn.Close()
	if s.client != nil {
		_ = s.client.Close()
	}
}

// guardedConn is a connection over which something has to come while an answer is waited for.
type guardedConn struct {
	net.Conn
	quiet  time.Duration
	mu     sync.Mutex
	active bool
	timer  *time.Timer
	silent bool // nothing came for too long
}

func (c *guardedConn) begin() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = true
	c.timer = time.AfterFunc(c.quiet, func() {
		c.mu.Lock()
		c.silent = c.active
		c.mu.Unlock()
		_ = c.Close() // whoever reads hears of it
	})
}

// end reports whether the connection was broken because nothing came.
func (c *guardedConn) end() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.active = false
	c.timer.Stop()
	return c.silent
}

// Read implements net.Conn.
func (c *guardedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if n > 0 {
		c.mu.Lock()
		if c.active {
			c.timer.Reset(c.quiet)
		}
		c.mu.Unlock()
	}
	return n, err
}

// meter counts what is read and tells when it is enough.
type meter struct {
	r      io.Reader
	left   atomic.Int64
	mu     sync.Mutex
	enough func()
}

func (m *meter) set(bytes int64, enough func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.enough = enough
	m.left.Store(bytes)
}

// Read implements io.Reader.
func (m *meter) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	if left := m.left.Add(-int64(n)); left < 0 {
		m.mu.Lock()
		if m.enough != nil {
			m.enough()
		}
		m.mu.Unlock()
	}
	return n, err
}
