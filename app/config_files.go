package app

import (
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/heddlehq/heddle/collect"
	"github.com/heddlehq/heddle/fault"
)

// FilesConfig is a place where a source lays files down: a folder of this machine, or of an
// SFTP server.
type FilesConfig struct {
	Folder   string           `yaml:"folder"`
	SFTP     *SFTPConfig      `yaml:"sftp"`     // none: the folder is on this machine
	Match    string           `yaml:"match"`    // a pattern for names
	Topic    string           `yaml:"topic"`    // where the pack cannot tell it
	Every    time.Duration    `yaml:"every"`    // how long after a look the next one comes
	Settle   time.Duration    `yaml:"settle"`   // for how long a file has to stay as it is
	Marker   string           `yaml:"marker"`   // what the name of the file adds that says: finished
	Then     collect.Disposal `yaml:"then"`     // what is done with files that were taken
	Receipts string           `yaml:"receipts"` // a folder in the folder, or none
	Replies  string           `yaml:"replies"`  // a folder in the folder, or another one of the server
}

// SFTPConfig says how a server is reached.
type SFTPConfig struct {
	Address    string    `yaml:"address"` // host:port
	User       string    `yaml:"user"`
	Password   SecretRef `yaml:"password"`
	PrivateKey SecretRef `yaml:"private_key"` // in PEM, without a passphrase
	HostKeys   []string  `yaml:"host_keys"`   // the keys that the server may have
}

// How soon is looked, and how long files settle, where the configuration does not say. What
// comes over a network comes with longer pauses.
const (
	folderEvery  = 10 * time.Second
	folderSettle = 5 * time.Second
	sftpEvery    = time.Minute
	sftpSettle   = 30 * time.Second
)

// noReceipts is what the configuration says where receipts are not written.
const noReceipts = "none"

// ensureDefaults fills what is not said.
func (f *FilesConfig) ensureDefaults() {
	every, settle := folderEvery, folderSettle
	if f.SFTP != nil {
		every, settle = sftpEvery, sftpSettle
	}
	orElse(&f.Every, every)
	orElse(&f.Settle, settle)
	orElse(&f.Then, collect.Move)
	orElse(&f.Receipts, "receipts")
}

// title names the place for people.
func (f *FilesConfig) title() string {
	if f.SFTP != nil {
		return "sftp://" + path.Join(f.SFTP.Address, f.Folder)
	}
	return f.Folder
}

// eachFiles calls fn with every place and its path in the configuration.
func (c *Config) eachFiles(fn func(path string, s *SourceConfig, f *FilesConfig)) {
	for i := range c.Sources {
		for j := range c.Sources[i].Files {
			fn(fmt.Sprintf("sources[%d].files[%d]", i, j), &c.Sources[i], &c.Sources[i].Files[j])
		}
	}
}

// eachFilesSecret calls fn with every secret of a place and its path in the configuration.
func (c *Config) eachFilesSecret(fn func(path string, ref *SecretRef)) {
	c.eachFiles(func(path string, _ *SourceConfig, f *FilesConfig) {
		if f.SFTP != nil {
			fn(path+".sftp.password", &f.SFTP.Password)
			fn(path+".sftp.private_key", &f.SFTP.PrivateKey)
		}
	})
}

// validateFiles returns what is wrong with places beyond their form.
func (c *Config) validateFiles() []Problem {
	var problems []Problem
	first := map[string]string{}
	c.eachFiles(func(at string, _ *SourceConfig, f *FilesConfig) {
		if f.Match != "" {
			if _, err := path.Match(f.Match, ""); err != nil {
				problems = append(problems, c.Problem(at+".match", "is no pattern such as *.xml or orders-[0-9]*.csv"))
			}
		}
		place := f.title() + "\x00" + f.Match
		if other, twice := first[place]; twice {
			problems = append(problems, c.Problem(at+".folder", "the same files as %s", other))
		}
		first[place] = at
		if f.SFTP == nil {
			if strings.Contains(f.Replies, "/") {
				problems = append(problems, c.Problem(at+".replies", "is the name of a folder in the folder; only on a server can it be elsewhere"))
			}
			return
		}
		if f.SFTP.Password.IsZero() && f.SFTP.PrivateKey.IsZero() {
			problems = append(problems, c.Problem(at+".sftp.password", "is missing; a password or a private_key proves the user"))
		}
		if f.Settle < 2*time.Second {
			problems = append(problems, c.Problem(at+".settle", "is at least 2s: an SFTP server tells times in whole seconds"))
		}
		for i, key := range f.SFTP.HostKeys {
			if _, err := collect.ParseHostKey(key); err != nil {
				problems = append(problems, c.Problem(fmt.Sprintf("%s.sftp.host_keys[%d]", at, i), "%s", fault.As(err).Detail))
			}
		}
	})
	return problems
}

// openCollector returns what collects from the places of the configuration, or nil where it
// names none.
func (h *House) openCollector() (*collect.Collector, error) {
	var sources []collect.Source
	var failed error
	h.config.eachFiles(func(_ string, s *SourceConfig, f *FilesConfig) {
		source := collect.Source{
			Pack: string(s.Pack), Instance: s.Instance, Title: f.title(), Match: f.Match, Topic: f.Topic, Options: s.Options,
			Every: f.Every, Settle: f.Settle, Marker: f.Marker, Then: f.Then, Receipts: f.Receipts, Replies: f.Replies,
		}
		if f.Receipts == noReceipts {
			source.Receipts = ""
		}
		if err := h.openPlace(&source, f); err != nil && failed == nil {
			failed = err
		}
		sources = append(sources, source)
	})
	if failed != nil || len(sources) == 0 {
		return nil, failed
	}
	desk := h.Store.Desk()
	return collect.Open(collect.Options{
		Sources: sources, Door: h.Doors, Packs: h.Packs, Files: desk.Files(), Facts: h.Store.Journal(), Worklist: desk.Worklist(),
		Spool: filepath.Join(h.config.DataDir, "spool"), Clock: h.options.Clock, Log: h.options.Log,
	})
}

// openPlace gives a source its place.
func (h *House) openPlace(source *collect.Source, f *FilesConfig) error {
	if f.SFTP == nil {
		folder := collect.NewFolder(f.Folder)
		source.Place, source.Notify = folder, folder.Notify
		return nil
	}
	options := collect.SFTPOptions{Address: f.SFTP.Address, User: f.SFTP.User, HostKeys: f.SFTP.HostKeys, Folder: f.Folder}
	for _, s := range []struct {
		ref  SecretRef
		into *[]byte
	}{{f.SFTP.Password, &options.Password}, {f.SFTP.PrivateKey, &options.PrivateKey}} {
		if s.ref.IsZero() {
			continue
		}
		secret, err := s.ref.Read(h.options.Env)
		if err != nil {
			return err
		}
		*s.into = secret.Reveal()
	}
	place, err := collect.NewSFTP(options)
	source.Place = place
	return err
}
