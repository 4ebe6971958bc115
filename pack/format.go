package pack

import (
	"bytes"
	"cmp"
	"io/fs"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// Options that a pack can declare and that its files are read by.
const (
	encodingOption  = "encoding"  // the encoding of its files
	columnsOption   = "columns"   // what its files call the columns: "item=StockCode, quantity=Qty"
	delimiterOption = "delimiter" // what stands between the fields of its files
)

// fileProblem says what is wrong with an option that files are read by, or nothing.
func fileProblem(name, text string) string {
	switch name {
	case columnsOption:
		if _, ok := columnNames(text); !ok {
			return "columns is a list like item=StockCode, quantity=Qty"
		}
	case delimiterOption:
		if _, ok := delimiterOf(text); !ok {
			return "delimiter is tab, or one character and no quote or line end"
		}
	case encodingOption:
		if !wire.Encoding(text).Known() {
			return "encoding is none that can be read"
		}
	}
	return ""
}

// columnNames reads what files call the columns of a topic, by the files' names.
func columnNames(text string) (map[string]string, bool) {
	names := map[string]string{}
	for pair := range strings.SplitSeq(text, ",") {
		ours, theirs, ok := strings.Cut(pair, "=")
		ours, theirs = strings.TrimSpace(ours), strings.TrimSpace(theirs)
		if !ok || ours == "" || theirs == "" || names[theirs] != "" {
			return nil, false
		}
		names[theirs] = ours
	}
	return names, true
}

func delimiterOf(text string) (rune, bool) {
	if text == "tab" {
		return '\t', true
	}
	r := []rune(text)
	if len(r) == 0 {
		return 0, false
	}
	return r[0], len(r) == 1 && !strings.ContainsAny(text, "\"\r\n")
}

// formatProblem says what is wrong with a topic's format and what belongs to it, or nothing.
func (t *topicManifest) formatProblem() string {
	rows := t.Format == CSV || t.Format == TSV
	switch {
	case !slices.Contains([]Format{JSON, XML, CSV, TSV, X12, BAI2}, t.Format):
		return "format is json, xml, csv, tsv, x12 or bai2"
	case t.Elements != "" && t.Format != JSON:
		return "elements belong to format json"
	case (t.Record != "" || len(t.Arrays) > 0) && t.Format != XML:
		return "record and arrays belong to format xml"
	case (t.Delimiter != "" || t.Quote != "") && t.Format != CSV:
		return "delimiter and quote belong to format csv"
	case (t.Ragged != "" || len(t.Columns) > 0) && !rows:
		return "ragged and columns belong to the formats csv and tsv"
	case len([]rune(t.Delimiter)) > 1 || strings.ContainsAny(t.Delimiter, "\"\r\n"):
		return "delimiter is one character and no quote or line end"
	case t.Quote != "" && t.Quote != "none":
		return "quote is none, or left out"
	case t.Ragged != "" && t.Ragged != string(wire.RaggedPad):
		return "ragged is pad, or left out"
	case t.Ordinal != "" && !rows:
		return "ordinal belongs to the formats csv and tsv"
	case t.Sums != "" && !rows && t.Format != XML:
		return "sums belongs to the formats xml, csv and tsv"
	case t.Encoding != "" && (t.Format == JSON || t.Format == XML):
		return "JSON is UTF-8, and XML says its encoding itself"
	case !wire.Encoding(t.Encoding).Known():
		return "encoding is none that can be read"
	case t.Guide != "" && t.Format != X12:
		return "guide belongs to format x12"
	case t.Format == X12 && (t.Guide == "" || len(t.sets()) != 1):
		return "format x12 needs a guide, and one sign {sets: [SET]} with the set that it is for"
	case t.Delivery != nil && t.Delivery.Interchange && t.Format != X12:
		return "a delivery id of an interchange belongs to format x12"
	}
	return ""
}

// sets are the transaction sets that the topic's signs name.
func (t *topicManifest) sets() []string {
	var sets []string
	for _, w := range t.When {
		sets = append(sets, w.Sets...)
	}
	return sets
}

// readFormat takes over how the topic's messages are written.
func (t *Topic) readFormat(m topicManifest, folder fs.FS, subject string) error {
	encoding := wire.Encoding(m.Encoding)
	t.ordinal, t.elements = m.Ordinal, m.Elements
	t.xml = wire.XMLOptions{Record: m.Record, Arrays: m.Arrays}
	t.csv = wire.CSVOptions{Unquoted: m.Quote != "", Ragged: wire.Ragged(m.Ragged), Columns: m.Columns, Encoding: encoding}
	for _, r := range m.Delimiter {
		t.csv.Delimiter = r
	}
	if m.Format == TSV {
		t.csv.Delimiter, t.csv.Unquoted = '\t', true
	}
	t.bai2.Encoding = encoding
	if m.Guide == "" {
		return nil
	}
	t.x12.Encoding = encoding
	text, err := fs.ReadFile(folder, m.Guide)
	if err != nil {
		return broken(subject, "the guide %s cannot be read", m.Guide)
	}
	guide, err := wire.NewGuide(m.sets()[0], string(text))
	if err != nil {
		return broken(m.Guide, "%s: %s", fault.As(err).Subject, fault.As(err).Detail)
	}
	guide.Mark(t.personal.kinds)
	t.x12.Guides = []*wire.Guide{guide}
	return nil
}

// readsEnough refuses a guide of X12 that passes over an element which the topic looks at.
func (t *Topic) readsEnough(guide string) error {
	for _, g := range t.x12.Guides {
		for _, p := range []*program{t.mapping, t.subject, t.version} {
			if p == nil {
				continue
			}
			if name := g.Unread(p.names); name != "" {
				return broken(guide, "%s looks at %s, which the guide does not read", p.name, name)
			}
		}
	}
	return nil
}

// shareX12 gives all guides, and the encoding that a topic declares, to each topic, because one
// file has sets of several.
func (p *Pack) shareX12() {
	var all wire.X12Options
	for _, t := range p.Topics {
		all.Guides = append(all.Guides, t.x12.Guides...)
		all.Encoding = cmp.Or(all.Encoding, t.x12.Encoding)
	}
	for i := range p.Topics {
		p.Topics[i].x12 = all
		p.Topics[i].delivery.encoding = all.Encoding
	}
}

func (t *Topic) open(in *payload) (*wire.Document, error) {
	switch t.Format {
	case XML:
		return wire.XML(in.Body, t.xml, in.Limits)
	case CSV, TSV:
		return wire.CSV(in.Body, t.csvOptions(in), in.Limits)
	case X12:
		file, err := in.interchanges(t.x12.Encoding)
		if err != nil {
			return nil, err
		}
		return file.Document(t.x12.Guides, wire.X12Trees{
			Replace: func(kind, text string) any { return hideScalar(text, kind, in.run.tokens) }, Memory: &in.run.room.x12,
		}), nil
	case BAI2:
		return wire.BAI2(in.Body, wire.BAI2Options{Encoding: in.encoding(t.bai2.Encoding)}, in.Limits)
	}
	return in.json()
}

func (t *Topic) csvOptions(in *payload) wire.CSVOptions {
	options := t.csv
	options.Shared = true
	options.Encoding = in.encoding(options.Encoding)
	if chosen := in.Options[columnsOption]; chosen != "" {
		options.Names, _ = columnNames(chosen) // Map checked it
	}
	if chosen := in.Options[delimiterOption]; chosen != "" {
		options.Delimiter, _ = delimiterOf(chosen)
	}
	return options
}

// encoding is what the installation chose, or what the topic declares.
func (p *payload) encoding(declared wire.Encoding) wire.Encoding {
	if chosen := p.Options[encodingOption]; chosen != "" {
		return wire.Encoding(chosen)
	}
	return declared
}

// hasRows reports whether a file of the topic is a header and rows that each stand for
// themselves, in an encoding in which a line can be cut out.
func (t *Topic) hasRows(body []byte) bool {
	wide := bytes.HasPrefix(body, []byte("\xff\xfe")) || bytes.HasPrefix(body, []byte("\xfe\xff"))
	return (t.Format == CSV || t.Format == TSV) && len(t.csv.Columns) == 0 && !wide && !strings.HasPrefix(string(t.csv.Encoding), string(wire.UTF16))
}

// topicOf returns the topic of a record: a file of X12 has transaction sets of several, and the
// first one that names the set maps it.
func (p *Pack) topicOf(record wire.Record, recognised *Topic) *Topic {
	if recognised.Format != X12 {
		return recognised
	}
	for i := range p.Topics {
		topic := &p.Topics[i]
		if slices.ContainsFunc(topic.when, func(s sign) bool { return slices.Contains(s.sets, record.Kind) }) {
			return topic
		}
	}
	return recognised
}

// interchanges returns an X12 file whose envelopes were read.
func (p *payload) interchanges(declared wire.Encoding) (*wire.X12File, error) {
	if p.x12 == nil && p.x12Error == nil {
		p.x12, p.x12Error = wire.OpenX12(p.Body, p.encoding(declared), p.Limits)
	}
	return p.x12, p.x12Error
}

// has reports whether an X12 file has one of the transaction sets.
func (p *payload) has(sets []string, declared wire.Encoding) bool {
	file, err := p.interchanges(declared)
	return err == nil && slices.ContainsFunc(sets, file.Has)
}

// interchange returns the identity of the one interchange of a file. A file of several has none:
// it is known by its content, and each of its facts by its key.
func (p *payload) interchange(declared wire.Encoding) string {
	file, err := p.interchanges(declared)
	if err != nil {
		return ""
	}
	if interchanges := file.Interchanges(); len(interchanges) == 1 {
		return interchanges[0].Identity()
	}
	return ""
}
