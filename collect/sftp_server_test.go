package collect

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"errors"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

const password = "correct horse"

// server is an SFTP server on this machine that can misbehave.
type server struct {
	address string
	hostKey ssh.PublicKey
	userKey []byte // a private key that it accepts, in PEM

	mu      sync.Mutex
	conns   []net.Conn
	logins  int
	serve   func(ssh.Channel) error
	breaks  atomic.Int64 // after how many bytes it breaks the connection; 0 means never
	silence atomic.Bool  // it accepts connections and says nothing
}

// newServer serves a folder until the test ends.
func newServer(t *testing.T, dir string, options ...sftp.ServerOption) *server {
	t.Helper()
	s := &server{serve: func(c ssh.Channel) error {
		inner, err := sftp.NewServer(c, append(options, sftp.WithServerWorkingDirectory(dir))...)
		if err != nil {
			return err
		}
		return inner.Serve()
	}}
	host, user := newKey(t), newKey(t)
	s.hostKey = signerOf(t, host).PublicKey()
	block, err := ssh.MarshalPrivateKey(user, "")
	must(t, err)
	s.userKey = pem.EncodeToMemory(block)
	config := &ssh.ServerConfig{
		PasswordCallback: func(_ ssh.ConnMetadata, given []byte) (*ssh.Permissions, error) {
			if string(given) != password {
				return nil, errors.New("wrong")
			}
			return nil, nil
		},
		PublicKeyCallback: func(_ ssh.ConnMetadata, given ssh.PublicKey) (*ssh.Permissions, error) {
			if string(given.Marshal()) != string(signerOf(t, user).PublicKey().Marshal()) {
				return nil, errors.New("wrong")
			}
			return nil, nil
		},
	}
	config.AddHostKey(signerOf(t, host))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	s.address = listener.Addr().String()
	var all sync.WaitGroup
	all.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			s.mu.Lock()
			s.conns = append(s.conns, conn)
			s.mu.Unlock()
			all.Go(func() { s.handle(&brittle{Conn: conn, server: s}, config) })
		}
	})
	t.Cleanup(func() { listener.Close(); s.drop(); all.Wait() })
	return s
}

func newKey(t *testing.T) ed25519.PrivateKey {
	t.Helper()
	_, key, err := ed25519.GenerateKey(rand.Reader)
	must(t, err)
	return key
}

func signerOf(t *testing.T, key ed25519.PrivateKey) ssh.Signer {
	t.Helper()
	signer, err := ssh.NewSignerFromKey(key)
	must(t, err)
	return signer
}

// handle serves one connection.
func (s *server) handle(conn net.Conn, config *ssh.ServerConfig) {
	defer conn.Close()
	if s.silence.Load() {
		_, _ = conn.Read(make([]byte, 1<<20)) // its greeting
		_, _ = conn.Read(make([]byte, 1))     // until it goes
		return
	}
	_, channels, requests, err := ssh.NewServerConn(conn, config)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.logins++
	s.mu.Unlock()
	go ssh.DiscardRequests(requests)
	for c := range channels {
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		go func() {
			for r := range requests {
				_ = r.Reply(r.Type == "subsystem", nil)
			}
		}()
		_ = s.serve(channel)
		channel.Close()
	}
}

// drop breaks every connection.
func (s *server) drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range s.conns {
		c.Close()
	}
	s.conns = nil
}

// brittle is a connection that breaks when the server wants it to.
type brittle struct {
	net.Conn
	server *server
	sent   int64
}

// Write implements net.Conn.
func (b *brittle) Write(p []byte) (int, error) {
	b.sent += int64(len(p))
	if limit := b.server.breaks.Load(); limit > 0 && b.sent > limit {
		b.Close()
		return 0, net.ErrClosed
	}
	return b.Conn.Write(p)
}

func (s *server) options() SFTPOptions {
	return SFTPOptions{
		Address: s.address, User: "heddle", Password: []byte(password), HostKeys: []string{string(ssh.MarshalAuthorizedKey(s.hostKey))},
		Quiet: time.Minute,
	}
}

// remote returns the server's folder as a place.
func (s *server) remote(t *testing.T, change ...func(*SFTPOptions)) *SFTP {
	t.Helper()
	options := s.options()
	for _, c := range change {
		c(&options)
	}
	d, err := NewSFTP(options)
	must(t, err)
	t.Cleanup(func() { must(t, d.Close()) })
	return d
}
