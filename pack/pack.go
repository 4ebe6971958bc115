package pack

import (
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/itchyny/gojq"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/wire"
)

// Pack is one outside system, read, checked and compiled. It can be used by several
// goroutines at once.
type Pack struct {
	Name     string          // the folder's own name: "shopify"
	System   retail.SystemID // the source that its events name
	Title    string          // for people
	Versions []string        // of the outside system
	Options  []Option        // what an installation can choose
	Topics   []Topic         // in the order in which they are tried
	API      *API            // how the system is asked; nil where it never is
	Fetches  []*Fetch        // what it can be asked
	Polls    []*Poll         // what it is asked again and again
	Reply    *Reply          // what the system wants to hear; nil where it does not care
	scheme   *scheme
	folder   fs.FS
	rooms    sync.Pool // of *room
}

// Option is something that each installation of the system chooses for itself, in its source's
// options. Not to choose is always possible.
type Option struct {
	Name  string
	Title string   // for people
	Is    []string // the values that can be chosen; empty means any text
}

// chosen checks options against those of the pack (H-CONFIG) and returns them for mappings.
func (p *Pack) chosen(options map[string]string) (map[string]any, error) {
	chosen := map[string]any{}
	for _, name := range slices.Sorted(maps.Keys(options)) {
		i := slices.IndexFunc(p.Options, func(o Option) bool { return o.Name == name })
		if i < 0 {
			return nil, fault.New(fault.BadConfig, p.Name, "the pack has no option %q", name)
		}
		if values := p.Options[i].Is; len(values) > 0 && !slices.Contains(values, options[name]) {
			return nil, fault.New(fault.BadConfig, p.Name, "the option %s is one of: %s", name, strings.Join(values, ", "))
		}
		if problem := fileProblem(name, options[name]); problem != "" {
			return nil, fault.New(fault.BadConfig, p.Name, "the option %s", problem)
		}
		chosen[name] = options[name]
	}
	return chosen, nil
}

// CheckOptions reports what is wrong with the options of an installation (H-CONFIG).
func (p *Pack) CheckOptions(options map[string]string) error {
	_, err := p.chosen(options)
	return err
}

// Topic is one kind of message of a system.
type Topic struct {
	Name    string
	Status  Status          // how well it is known; empty for a topic that is ignored
	System  retail.SystemID // the source that its events name
	Format  Format          // empty for a topic that is ignored
	Ignored string          // why nothing comes of it; empty where a mapping does
	Makes   []Made          // what comes of it, as the pack declares it
	Follow  *Follow         // what to ask for because of it; nil where it tells all

	when     []sign
	xml      wire.XMLOptions
	csv      wire.CSVOptions
	bai2     wire.BAI2Options
	elements string          // the array whose elements are records; empty: the document is one
	x12      wire.X12Options // that of the whole pack
	mapping  *program
	version  *program // nil where the source has none
	subject  *program // nil where no person can be told
	personal *personal
	delivery delivery
	ordinal  string   // the column by which rows are counted; empty where they are not
	sums     *program // what each record adds to which sum; nil where nothing is added up
	words    words
}

// Load reads, checks and compiles a pack's folder. What is wrong in it is H-PACK-INVALID
// with the file, and the line where there is one.
func Load(folder fs.FS) (*Pack, error) {
	m, err := readManifest(folder)
	if err != nil {
		return nil, err
	}
	scheme, err := newScheme(m.Signature)
	if err != nil {
		return nil, err
	}
	reply, err := newReply(m.Reply)
	if err != nil {
		return nil, err
	}
	functions, err := readFunctions(m.Functions, folder)
	if err != nil {
		return nil, err
	}
	p := &Pack{Name: m.Name, System: retail.SystemID(m.System), Title: m.Title, Versions: m.Versions, Reply: reply, scheme: scheme, folder: folder}
	for _, o := range m.Options {
		p.Options = append(p.Options, Option(o))
	}
	for _, t := range m.Topics {
		topic, err := newTopic(t, folder, functions)
		if err != nil {
			return nil, err
		}
		if t.System == "" {
			topic.System = p.System
		}
		p.Topics = append(p.Topics, topic)
	}
	p.shareX12()
	if err := p.compileAsking(&m.Asking); err != nil {
		return nil, err
	}
	return p, nil
}

func readFunctions(name string, folder fs.FS) (functionsFile, error) {
	if name == "" {
		return nil, nil
	}
	text, err := fs.ReadFile(folder, name)
	if err != nil {
		return nil, broken("pack.yaml", "the functions %s cannot be read", name)
	}
	// Checked alone, so that what is wrong in it is said of it and not of a mapping.
	f, err := parseFunctions(name, string(text))
	if err == nil {
		err = check(name, &gojq.Query{FuncDefs: f, Term: &gojq.Term{Type: gojq.TermTypeIdentity}})
	}
	return f, err
}

func newTopic(m topicManifest, folder fs.FS, functions functionsFile) (Topic, error) {
	t := Topic{Name: m.Name, Status: m.Status, System: retail.SystemID(m.System), Format: m.Format, Ignored: m.Ignore, words: wordsOf(m)}
	for _, made := range m.Makes {
		t.Makes = append(t.Makes, Made(made))
	}
	subject := "topic " + m.Name
	var err error
	if t.when, err = newSigns(m.When, subject); err != nil {
		return t, err
	}
	if t.delivery, err = newDelivery(m.Delivery, subject); err != nil || t.Ignored != "" {
		return t, err
	}
	if t.personal, err = newPersonal(m.Personal, subject); err != nil {
		return t, err
	}
	if err := t.readFormat(m, folder, subject); err != nil {
		return t, err
	}
	if m.Version != versionNone && m.Version != "" {
		if t.version, err = compile(subject+" version", m.Version); err != nil {
			return t, err
		}
	}
	if m.Subject != "" {
		if t.subject, err = compile(subject+" subject", m.Subject); err != nil {
			return t, err
		}
	}
	if m.Sums != "" {
		if t.sums, err = functions.compile(subject+" sums", m.Sums); err != nil {
			return t, err
		}
	}
	if t.Follow, err = newFollow(m.Follow, subject); err != nil || m.Mapping == "" {
		return t, err
	}
	text, err := fs.ReadFile(folder, m.Mapping)
	if err != nil {
		return t, broken(subject, "the mapping %s cannot be read", m.Mapping)
	}
	if t.mapping, err = functions.compile(m.Mapping, string(text)); err != nil {
		return t, err
	}
	err = t.readsEnough(m.Guide)
	return t, err
}

// topic returns the topic of a name.
func (p *Pack) topic(name string) (*Topic, error) {
	i := slices.IndexFunc(p.Topics, func(t Topic) bool { return t.Name == name })
	if i < 0 {
		return nil, fault.New(fault.UnknownTopic, p.Name, "the pack has no topic of this name")
	}
	return &p.Topics[i], nil
}

// Set is the packs of an installation, by name.
type Set struct{ packs []*Pack }

// NewSet makes a set of packs; two of one name are refused.
func NewSet(packs ...*Pack) (*Set, error) {
	s := &Set{}
	for _, p := range packs {
		if _, err := s.Get(p.Name); err == nil {
			return nil, broken(p.Name, "there are two packs of this name")
		}
		s.packs = append(s.packs, p)
	}
	return s, nil
}

// Get returns the pack of a name; none is H-PACK.
func (s *Set) Get(name string) (*Pack, error) {
	for _, p := range s.packs {
		if p.Name == name {
			return p, nil
		}
	}
	return nil, fault.New(fault.UnknownPack, name, "there is no pack of this name")
}

// All returns the packs in the order in which they were given.
func (s *Set) All() []*Pack { return slices.Clone(s.packs) }
