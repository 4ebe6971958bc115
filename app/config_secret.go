package app

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"github.com/heddlehq/heddle/fault"
)

// SecretRef says where a secret is kept. The configuration holds references only, so that
// it can be shown, copied and kept in version control.
type SecretRef struct {
	Env  string `yaml:"env"`
	File string `yaml:"file"`
}

// IsZero reports whether no secret is named.
func (r SecretRef) IsZero() bool { return r == SecretRef{} }

// String says where the secret is kept.
func (r SecretRef) String() string {
	switch {
	case r.Env != "":
		return "environment variable " + r.Env
	case r.File != "":
		return "file " + r.File
	}
	return "none"
}

// Secret is the value of a secret. It never prints: not in logs, not in errors, not as
// JSON or YAML. Only Reveal shows it.
type Secret struct{ value []byte }

// NewSecret makes a secret of a value that is known already, as the demo does.
func NewSecret(value []byte) Secret { return Secret{bytes.Clone(value)} }

// Reveal returns the value, for the one place that needs it.
func (s Secret) Reveal() []byte { return bytes.Clone(s.value) }

const hiddenSecret = "[secret]"

// String hides the value.
func (Secret) String() string { return hiddenSecret }

// GoString hides the value from %#v.
func (Secret) GoString() string { return hiddenSecret }

// Format hides the value from every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hiddenSecret) }

// MarshalText hides the value from JSON and YAML.
func (Secret) MarshalText() ([]byte, error) { return []byte(hiddenSecret), nil }

// LogValue hides the value from slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(hiddenSecret) }

// Environment looks variables up, as os.LookupEnv does.
type Environment func(name string) (string, bool)

// secretBytesMax bounds a secret.
const secretBytesMax = 64 << 10

// Read returns the secret, without the line end that editors and echo put after it. One
// that is not there, empty or larger than 64 KiB is H-CONFIG.
func (r SecretRef) Read(env Environment) (Secret, error) {
	var value []byte
	switch {
	case r.Env != "":
		text, ok := env(r.Env)
		if !ok {
			return Secret{}, fault.New(fault.BadConfig, r.String(), "the environment variable %s is not set", r.Env)
		}
		value = []byte(text)
	case r.File != "":
		var err error
		if value, err = readSecretFile(r.File); err != nil {
			return Secret{}, err
		}
	default:
		return Secret{}, fault.New(fault.BadConfig, "secret", "no secret is named")
	}
	value = bytes.TrimRight(value, "\r\n")
	if len(value) == 0 {
		return Secret{}, fault.New(fault.BadConfig, r.String(), "the secret is empty")
	}
	return Secret{value}, nil
}

func readSecretFile(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fault.Wrap(err, fault.BadConfig, "app.read_secret", "file "+path)
	}
	defer file.Close() //nolint:errcheck // it was only read
	value, err := io.ReadAll(io.LimitReader(file, secretBytesMax+1))
	if err != nil {
		return nil, fault.Wrap(err, fault.BadConfig, "app.read_secret", "file "+path)
	}
	if len(value) > secretBytesMax {
		return nil, fault.New(fault.BadConfig, "file "+path, "a secret has at most %d bytes", secretBytesMax)
	}
	return value, nil
}

// CheckSecrets reads every secret that the configuration names and returns a problem for
// each one that cannot be read.
func (c *Config) CheckSecrets(env Environment) []Problem {
	var problems []Problem
	check := func(path string, ref SecretRef) {
		if ref.IsZero() {
			return
		}
		if _, err := ref.Read(env); err != nil {
			problems = append(problems, c.Problem(path, "%s", secretProblem(err)))
		}
	}
	check("keys.evidence", c.Keys.Evidence)
	check("keys.checkpoint", c.Keys.Checkpoint)
	check("keys.tokens", c.Keys.Tokens)
	for i, s := range c.Sources {
		for j, ref := range s.Secrets {
			check(fmt.Sprintf("sources[%d].secrets[%d]", i, j), ref)
		}
	}
	c.eachFilesSecret(func(path string, ref *SecretRef) { check(path, *ref) })
	c.eachCredential(func(path string, ref *SecretRef) { check(path, *ref) })
	sortProblems(problems)
	return problems
}

func secretProblem(err error) string {
	f := fault.As(err)
	if f.Detail != "" {
		return f.Detail
	}
	return f.Err.Error() // "open /run/secrets/x: no such file or directory"
}

// keyBytes is the length of Heddle's own keys.
const keyBytes = 32

// OwnKey returns the secret that ref names. Where it names none, it is the key of that
// name in the data folder, which is made if it is not there: 32 random bytes in base64,
// in a file that only its owner can read. Losing that file loses what the key was for,
// so that it belongs into the backup, apart from the database.
func (c *Config) OwnKey(name string, ref SecretRef, env Environment, random io.Reader) (Secret, error) {
	if !ref.IsZero() {
		return ref.Read(env)
	}
	path := filepath.Join(c.DataDir, "keys", name+".key")
	if err := ensureKeyFile(path, random); err != nil {
		return Secret{}, err
	}
	return SecretRef{File: path}.Read(env)
}

// ensureKeyFile makes a key file if there is none. It appears whole or not at all, also
// when two processes start at once, and is durable before it is used.
func ensureKeyFile(path string, random io.Reader) error {
	info, err := os.Stat(path)
	if err == nil {
		if info.Mode().Perm()&0o077 != 0 {
			return fault.New(fault.BadConfig, path, "the key can be read by others").WithHint("Run chmod 600 %s.", path)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return fault.Wrap(err, fault.BadConfig, "app.own_key", path)
	}
	var key [keyBytes]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return fault.Wrap(err, fault.InternalError, "app.own_key", "randomness")
	}
	if err := writeKeyFile(path, base64.StdEncoding.AppendEncode(nil, key[:])); err != nil && !errors.Is(err, fs.ErrExist) {
		return fault.Wrap(err, fault.BadConfig, "app.own_key", path)
	}
	return nil
}

// writeKeyFile writes beside the place and links the file into it, which fails if
// somebody was faster.
func writeKeyFile(path string, text []byte) (err error) {
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".key-*") // readable by its owner only
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.Remove(file.Name())) }()
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := os.Link(file.Name(), path); err != nil {
		return err
	}
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
