package pack

import (
	"errors"
	"io/fs"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v4"

	"github.com/heddlehq/heddle/fault"
)

// manifest is pack.yaml as it is written. Unknown members are errors.
type manifest struct {
	Name      string         `yaml:"name"`
	System    string         `yaml:"system"`
	Title     string         `yaml:"title"`
	Versions  []string       `yaml:"versions"`
	Signature *signatureText `yaml:"signature"`
	Delivery  *deliveryText  `yaml:"delivery"`
	Reply     *replyText     `yaml:"answer"`
	Options   []optionText   `yaml:"options"`
	// Functions is a file of definitions that all mappings of the pack can use.
	Functions string          `yaml:"functions"`
	Personal  []personalText  `yaml:"personal"`
	Topics    []topicManifest `yaml:"topics"`
	Asking    askingText      `yaml:",inline"`
}

// optionText is something that each installation of the system chooses for itself. A mapping
// reads it as $options.NAME.
type optionText struct {
	Name  string `yaml:"name"`
	Title string `yaml:"title"`
	// Is lists the values; empty means any text.
	Is []string `yaml:"is"`
}

// topicManifest is one kind of message.
type topicManifest struct {
	Name   string     `yaml:"name"`
	Status Status     `yaml:"status"`
	When   []whenText `yaml:"when"`
	// System replaces the pack's system as the source of the events: a processor's report is
	// another witness than its webhooks, and authority tells them apart.
	System    string   `yaml:"system"`
	Format    Format   `yaml:"format"`
	Record    string   `yaml:"record"`
	Arrays    []string `yaml:"arrays"`
	Delimiter string   `yaml:"delimiter"`
	// Quote none takes a quotation mark in a CSV file for a character like any other.
	Quote string `yaml:"quote"`
	// Ragged pad lets rows end early.
	Ragged string `yaml:"ragged"`
	// Columns names the columns of a file without a header.
	Columns []string `yaml:"columns"`
	// Ordinal names a column: $ordinal is the number of the row among those of the file that hold
	// the same there.
	Ordinal string `yaml:"ordinal"`
	// Sums is an expression that gives pairs [name, whole number] for a record. What the records of
	// one parent, or of the file, give under one name is added up before any is mapped: $sums.
	Sums string `yaml:"sums"`
	// Elements names the array of a JSON document whose elements are records, by the members
	// that lead to it: epcisBody.eventList.
	Elements string `yaml:"elements"`
	// Encoding is that of files without a byte order mark, where it is not UTF-8. An installation
	// can choose another by an option that is called encoding.
	Encoding string `yaml:"encoding"`
	// Guide is a file that says how the segments of an X12 transaction set nest. The set is the
	// one that the topic's sign names.
	Guide string `yaml:"guide"`
	// Mapping is a file; Ignore says instead why nothing comes of the message.
	Mapping  string         `yaml:"mapping"`
	Ignore   string         `yaml:"ignore"`
	Delivery *deliveryText  `yaml:"delivery"`
	Version  string         `yaml:"version"`
	Subject  string         `yaml:"subject"`
	Personal []personalText `yaml:"personal"`
	Makes    []madeText     `yaml:"makes"`
	// Follow says what to ask for where the message tells only that something is there. Such a
	// topic can do without a mapping and a version.
	Follow *followText `yaml:"follow"`
}

// whenText is one sign by which a topic is known.
type whenText struct {
	Header string   `yaml:"header"`
	Path   string   `yaml:"path"`
	Is     []string `yaml:"is"`
	// Root is the root element's name, or a path of first children: Document/BkToCstmrStmt.
	Root    string   `yaml:"root"`
	File    string   `yaml:"file"`
	Columns []string `yaml:"columns"`
	// Sets are identifiers of X12 transaction sets, of which the file has one: 945.
	Sets []string `yaml:"sets"`
}

// deliveryText says where the delivery id stands; neither means that the content is the id.
type deliveryText struct {
	// Interchange takes the sender, receiver and control number of an X12 interchange.
	Interchange bool   `yaml:"interchange"`
	Header      string `yaml:"header"`
	Path        string `yaml:"path"`
	Content     bool   `yaml:"content"`
}

// personalText names personal data of one kind, by member name anywhere or by path. A path
// that cannot be followed refuses the record; ".notes | values[] | .text" takes missing notes
// for none.
type personalText struct {
	Kind   string   `yaml:"kind"`
	Fields []string `yaml:"fields"`
	Paths  []string `yaml:"paths"`
}

// Status says how well a topic is known.
type Status string

// The states of a topic.
const (
	Proven    Status = "proven"    // tested with several payloads of a real system, as they came
	Sampled   Status = "sampled"   // tested with one payload of a real system, as it came
	Described Status = "described" // written from the vendor's documentation only
)

// Format is the syntax of a topic's messages.
type Format string

// The formats.
const (
	JSON Format = "json"
	XML  Format = "xml"
	CSV  Format = "csv"
	TSV  Format = "tsv" // values separated by tabs, in which nothing is quoted
	X12  Format = "x12"
	BAI2 Format = "bai2"
)

// versionNone says in pack.yaml that the source gives its facts no version.
const versionNone = "none"

func readManifest(fsys fs.FS) (*manifest, error) {
	text, err := fs.ReadFile(fsys, "pack.yaml")
	if err != nil {
		return nil, fault.Wrap(err, fault.BadPack, "pack.load", "pack.yaml")
	}
	m := &manifest{}
	if err := yaml.Load(text, m, yaml.WithKnownFields()); err != nil {
		return nil, yamlFault(err)
	}
	if err := m.validate(); err != nil {
		return nil, err
	}
	return m, nil
}

// yamlFault names the line that the decoder names.
func yamlFault(err error) error {
	var several *yaml.LoadErrors
	var one *yaml.LoadError
	switch {
	case errors.As(err, &several) && len(several.Errors) > 0:
		one = several.Errors[0]
	case !errors.As(err, &one):
		return fault.New(fault.BadPack, "pack.yaml", "%v", err)
	}
	subject := "pack.yaml"
	if one.Mark.Line > 0 {
		subject += ":" + strconv.Itoa(one.Mark.Line)
	}
	return fault.New(fault.BadPack, subject, "%s", one.Message)
}

func (m *manifest) validate() error {
	switch {
	case m.Name == "" || m.System == "" || m.Title == "":
		return broken("pack.yaml", "name, system and title are required")
	case len(m.Versions) == 0:
		return broken("pack.yaml", "versions has to say which versions of the system the pack is for")
	case len(m.Topics) == 0:
		return broken("pack.yaml", "a pack has at least one topic")
	}
	if problem := m.optionProblem(); problem != "" {
		return broken("pack.yaml", "%s", problem)
	}
	if problem := m.Asking.problem(); problem != "" {
		return broken("pack.yaml", "%s", problem)
	}
	seen, ignoresSets := map[string]bool{}, false
	for i := range m.Topics {
		t := &m.Topics[i]
		if t.Name == "" || seen[t.Name] {
			return broken("topic "+strconv.Itoa(i+1), "its name is missing or taken")
		}
		seen[t.Name] = true
		if t.Format == X12 && ignoresSets {
			return broken("topic "+t.Name, "a topic of format x12 stands before those that ignore sets, because one file can have both")
		}
		ignoresSets = ignoresSets || t.Ignore != "" && len(t.sets()) > 0
		if problem := t.problem(); problem != "" {
			return broken("topic "+t.Name, "%s", problem)
		}
		if problem := t.Follow.problem(m.Asking.Fetches); problem != "" {
			return broken("topic "+t.Name, "%s", problem)
		}
		if t.Delivery == nil {
			t.Delivery = m.Delivery
		}
		if t.Delivery == nil {
			t.Delivery = &deliveryText{Content: true}
		}
		if t.Ignore == "" && t.Format != JSON && t.Delivery.Path != "" {
			return broken("topic "+t.Name, "a delivery id by path needs format json; say delivery: {content: true}")
		}
		t.Personal = slices.Concat(m.Personal, t.Personal)
	}
	return nil
}

func (m *manifest) optionProblem() string {
	seen := map[string]bool{}
	for _, o := range m.Options {
		if o.Name == "" || o.Title == "" || seen[o.Name] {
			return "each option has a name of its own, and a title"
		}
		seen[o.Name] = true
	}
	return ""
}

// problem says what is wrong with a topic, or nothing.
func (t *topicManifest) problem() string {
	if t.Ignore != "" {
		if t.Mapping != "" || t.Format != "" || t.Version != "" || t.Follow != nil {
			return "a topic that is ignored has no format, mapping, version or follow"
		}
		return whenProblem(t.When)
	}
	switch {
	case !slices.Contains([]Status{Proven, Sampled, Described}, t.Status):
		return "status is proven, sampled or described"
	case t.formatProblem() != "":
		return t.formatProblem()
	case t.Mapping == "" && t.Follow == nil:
		return "mapping names a file, or ignore says why there is none"
	case t.Version == "" && t.Mapping != "":
		return "version is a path, or none"
	}
	if t.Delivery != nil && t.Delivery.problem() != "" {
		return t.Delivery.problem()
	}
	for _, p := range t.Personal {
		if p.Kind == "" || len(p.Fields)+len(p.Paths) == 0 {
			return "personal data has a kind, and fields or paths"
		}
	}
	if problem := madeProblem(t.Makes); problem != "" {
		return problem
	}
	return whenProblem(t.When)
}

func (d *deliveryText) problem() string {
	if count(d.Header != "", d.Path != "", d.Content, d.Interchange) != 1 {
		return "delivery is one of header, path, interchange: true and content: true"
	}
	return ""
}

func whenProblem(when []whenText) string {
	for _, w := range when {
		if count(w.Header != "", w.Path != "", w.Root != "", w.File != "", len(w.Columns) > 0, len(w.Sets) > 0) != 1 {
			return "each sign under when is one of header, path, root, file, columns and sets"
		}
		if (w.Header != "" || w.Path != "") != (len(w.Is) > 0) {
			return "is lists the values of a header or path, and of nothing else"
		}
	}
	return ""
}

func count(conditions ...bool) int {
	n := 0
	for _, c := range conditions {
		if c {
			n++
		}
	}
	return n
}

// duration reads a duration of pack.yaml; empty is zero.
func duration(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return time.ParseDuration(text)
}

func broken(subject, format string, args ...any) *fault.Error {
	return fault.New(fault.BadPack, subject, format, args...)
}
