package app

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/gateway"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// Config is what heddle.yaml says. config.schema.json is its published contract: every
// field stands there with its meaning, limits and default.
type Config struct {
	Environment string                                     `yaml:"environment"`
	Tenant      retail.TenantID                            `yaml:"tenant"`
	DataDir     string                                     `yaml:"data_dir"`
	Listen      string                                     `yaml:"listen"`
	History     string                                     `yaml:"history"` // the day from which a past is loaded; none: today
	Log         LogConfig                                  `yaml:"log"`
	Limits      LimitsConfig                               `yaml:"limits"`
	Store       StoreConfig                                `yaml:"store"`
	Keys        KeysConfig                                 `yaml:"keys"`
	Packs       []string                                   `yaml:"packs"`
	Sources     []SourceConfig                             `yaml:"sources"`
	Reference   map[event.Table][]ReferenceRow             `yaml:"reference"`
	Policies    map[retail.EntityID]map[string]PolicyValue `yaml:"policies"`

	places places // where each field stands in the file; empty for a Config made in code
}

// LogConfig says how much is logged, and in which form.
type LogConfig struct {
	Level  string `yaml:"level"`  // debug, info, warn, error
	Format string `yaml:"format"` // text, json
}

// LimitsConfig bounds what callers can make the server hold.
type LimitsConfig struct {
	BodyBytes        int64 `yaml:"body_bytes"`
	RequestsInFlight int   `yaml:"requests_in_flight"`
	Connections      int   `yaml:"connections"`
	DrainSeconds     int   `yaml:"drain_seconds"`
}

// StoreConfig names the database, exactly one.
type StoreConfig struct {
	SQLite *SQLiteConfig `yaml:"sqlite"`
}

// SQLiteConfig is the embedded default: three files in one folder.
type SQLiteConfig struct {
	Dir string `yaml:"dir"`
}

// KeysConfig names Heddle's own keys. One that is not named is made at the first start
// and kept in the data folder, readable by its owner only.
type KeysConfig struct {
	Evidence   SecretRef `yaml:"evidence"`   // wraps the keys of the evidence
	Checkpoint SecretRef `yaml:"checkpoint"` // signs the journal's checkpoints
	Tokens     SecretRef `yaml:"tokens"`     // makes the tokens that stand for people
}

// SourceConfig is one installation of an outside system.
type SourceConfig struct {
	Pack     retail.SystemID   `yaml:"pack"`
	Instance retail.InstanceID `yaml:"instance"`
	Zone     string            `yaml:"zone"`    // IANA time zone of times without one, where the place has none; none: they are refused
	Secrets  []SecretRef       `yaml:"secrets"` // each proves a payload; two while one is being replaced
	URL      string            `yaml:"url"`     // where it was told to send to, if it signs that
	Options  map[string]string `yaml:"options"` // what the pack lets an installation choose
	Files    []FilesConfig     `yaml:"files"`   // where it lays files down
	API      *APIConfig        `yaml:"api"`     // how it is asked; none: never
}

// ReferenceRow is one row of a reference table as the configuration proposes it.
type ReferenceRow struct {
	Key           string      // parts joined by "·"
	EffectiveFrom retail.Date // zero: from the beginning
	Columns       event.Row   // none: the key ends on that day

	badDate bool
}

// PolicyValue is the value of a policy, as it is written.
type PolicyValue string

// configBytesMax bounds a configuration file; large tables come as files of their own.
const configBytesMax = 8 << 20

// Load reads a configuration file. It returns every problem of the file and not only the
// first, in the order of lines; a Config comes only when there is none. Relative paths in
// it are taken from the file's folder.
func Load(path string) (*Config, []Problem) {
	info, err := os.Stat(path)
	if err == nil && info.Size() > configBytesMax {
		return nil, []Problem{{Message: fmt.Sprintf("%s is larger than %d bytes", path, configBytesMax)}}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, []Problem{{Message: err.Error()}}
	}
	return Parse(data, filepath.Dir(path))
}

// Parse reads a configuration whose relative paths are taken from the folder base.
func Parse(data []byte, base string) (*Config, []Problem) {
	doc, problems := readDocument(data)
	if doc == nil {
		return nil, problems
	}
	return doc.config(base, problems)
}

// config reads a configuration from a document in which problems were found already.
func (doc *document) config(base string, problems []Problem) (*Config, []Problem) {
	problems = addProblems(problems, checkSchema(doc))
	c := &Config{places: doc.places}
	// What does not fit its field was reported by the schema, which says it better.
	if err := doc.root.Decode(c); err != nil && len(problems) == 0 {
		problems = append(problems, Problem{Message: err.Error()})
	}
	c.EnsureDefaults()
	c.resolvePaths(base)
	problems = addProblems(problems, c.Validate())
	sortProblems(problems)
	if len(problems) > 0 {
		return nil, problems
	}
	return c, nil
}

// EnsureDefaults fills what is not said.
func (c *Config) EnsureDefaults() {
	orElse(&c.DataDir, "data")
	orElse(&c.Listen, gateway.DefaultAddress)
	orElse(&c.Log.Level, "info")
	orElse(&c.Log.Format, "text")
	orElse(&c.Limits.BodyBytes, gateway.DefaultBodyBytes)
	orElse(&c.Limits.RequestsInFlight, gateway.DefaultInFlight)
	orElse(&c.Limits.Connections, gateway.DefaultConnections)
	orElse(&c.Limits.DrainSeconds, int(gateway.DefaultDrain/time.Second))
	if c.Store.SQLite == nil {
		c.Store.SQLite = &SQLiteConfig{}
	}
	orElse(&c.Store.SQLite.Dir, c.DataDir)
	c.eachFiles(func(_ string, _ *SourceConfig, f *FilesConfig) { f.ensureDefaults() })
}

func orElse[T comparable](field *T, value T) {
	if *field == *new(T) {
		*field = value
	}
}

// resolvePaths makes the paths of the configuration independent of the working folder.
func (c *Config) resolvePaths(base string) {
	paths := []*string{&c.DataDir, &c.Store.SQLite.Dir, &c.Keys.Evidence.File, &c.Keys.Checkpoint.File, &c.Keys.Tokens.File}
	for i := range c.Packs {
		paths = append(paths, &c.Packs[i])
	}
	for i := range c.Sources {
		for j := range c.Sources[i].Secrets {
			paths = append(paths, &c.Sources[i].Secrets[j].File)
		}
	}
	c.eachFiles(func(_ string, _ *SourceConfig, f *FilesConfig) {
		if f.SFTP == nil { // the folder of a server is the server's
			paths = append(paths, &f.Folder)
		}
	})
	c.eachFilesSecret(func(_ string, ref *SecretRef) { paths = append(paths, &ref.File) })
	c.eachCredential(func(_ string, ref *SecretRef) { paths = append(paths, &ref.File) })
	for _, p := range paths {
		if *p != "" && !filepath.IsAbs(*p) {
			*p = filepath.Join(base, *p)
		}
	}
}

// Validate returns what is wrong beyond the form of the file.
func (c *Config) Validate() []Problem {
	var problems []Problem
	if err := gateway.CheckAddress(c.Listen); err != nil {
		f := fault.As(err)
		problems = append(problems, c.Problem("listen", "%s", strings.TrimSuffix(f.Detail+". "+f.Hint, ". ")))
	}
	if _, err := c.historyBegins(); err != nil {
		problems = append(problems, c.Problem("history", "there is no such day"))
	}
	problems = append(problems, c.validateSources()...)
	problems = append(problems, c.validateFiles()...)
	problems = append(problems, c.validateAPIs()...)
	return append(problems, c.validateReference()...)
}

func (c *Config) validateSources() []Problem {
	var problems []Problem
	type name struct {
		pack     retail.SystemID
		instance retail.InstanceID
	}
	first := map[name]int{}
	for i, s := range c.Sources {
		path := fmt.Sprintf("sources[%d]", i)
		if j, twice := first[name{s.Pack, s.Instance}]; twice {
			problems = append(problems, c.Problem(path+".instance", "the same pack and instance as sources[%d]", j))
		} else {
			first[name{s.Pack, s.Instance}] = i
		}
		if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
			problems = append(problems, c.Problem(path+".zone", "is not an IANA time zone such as Europe/Berlin"))
		}
	}
	return problems
}

func (c *Config) validateReference() []Problem {
	var problems []Problem
	for _, table := range event.Tables() {
		first := map[string]int{}
		for i, row := range c.Reference[table.Name] {
			path := fmt.Sprintf("reference.%s[%d]", table.Name, i)
			if row.badDate {
				problems = append(problems, c.Problem(path+".effective_from", "there is no such day"))
			}
			names, open := table.KeyParts()
			fits := partsOf(row.Key) == len(names) || open && partsOf(row.Key) > len(names)
			if !fits {
				problems = append(problems, c.Problem(path+".key", "the key of this table is %s; write the parts as a list", strings.ReplaceAll(table.Key, retail.Sep, ", ")))
			}
			at := row.Key + "\x00" + row.EffectiveFrom.String()
			if j, twice := first[at]; twice && !row.badDate {
				problems = append(problems, c.Problem(path+".key", "the same key and day as reference.%s[%d]", table.Name, j))
			} else {
				first[at] = i
			}
			if err := reference.CheckValues(row.proposal(table.Name, "")); err != nil && fits {
				problems = append(problems, c.Problem(path, "%s", fault.As(err).Detail))
			}
		}
	}
	return problems
}

func partsOf(key string) int { return strings.Count(key, retail.Sep) + 1 }

// Proposals returns the rows and policies of the configuration in the order in which they
// enter the journal where they differ from it: tables in the order of event.Tables, rows
// in the order of the file, policies by name.
func (c *Config) Proposals(author retail.PrincipalID) []*event.ReferenceSet {
	var all []*event.ReferenceSet
	for _, table := range event.Tables() {
		for _, row := range c.Reference[table.Name] {
			all = append(all, row.proposal(table.Name, author))
		}
		if table.Name == event.TablePolicies {
			all = append(all, c.policyProposals(author)...)
		}
	}
	return all
}

func (c *Config) policyProposals(author retail.PrincipalID) []*event.ReferenceSet {
	var all []*event.ReferenceSet
	for entity, policies := range c.Policies {
		for name, value := range policies {
			row := ReferenceRow{Key: retail.Key(string(entity), name), Columns: event.Row{"value": string(value)}}
			all = append(all, row.proposal(event.TablePolicies, author))
		}
	}
	slices.SortFunc(all, func(a, b *event.ReferenceSet) int { return strings.Compare(a.RowKey, b.RowKey) })
	return all
}

func (r ReferenceRow) proposal(table event.Table, author retail.PrincipalID) *event.ReferenceSet {
	return &event.ReferenceSet{Table: string(table), RowKey: r.Key, EffectiveFrom: r.EffectiveFrom, Row: r.Columns, Author: author}
}

// UnmarshalYAML reads a row: key, effective_from, and every other field as a column, each
// value as it is written. A key of several parts is a list.
func (r *ReferenceRow) UnmarshalYAML(n *yaml.Node) error {
	r.Columns = event.Row{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		name, value := n.Content[i].Value, n.Content[i+1]
		switch name {
		case "key":
			r.Key = value.Value
			if value.Kind == yaml.SequenceNode {
				parts := make([]string, len(value.Content))
				for j, part := range value.Content {
					parts[j] = part.Value
				}
				r.Key = retail.Key(parts...)
			}
		case "effective_from":
			var err error
			r.EffectiveFrom, err = retail.ParseDate(value.Value)
			r.badDate = err != nil
		default:
			r.Columns[name] = value.Value
		}
	}
	return nil
}
