package pack

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/wire"
)

// sign is one sign by which a topic is known; exactly one of its members is set.
type sign struct {
	header  string
	path    *program
	text    string   // of the path
	is      []string // what the header or path has to be
	root    string
	file    string
	columns []string
	sets    []string
}

func newSigns(texts []whenText, subject string) ([]sign, error) {
	var signs []sign
	for _, t := range texts {
		s := sign{header: t.Header, is: t.Is, root: t.Root, file: t.File, columns: t.Columns, sets: t.Sets}
		if _, err := path.Match(t.File, ""); err != nil {
			return nil, broken(subject, "file is no pattern")
		}
		if t.Path != "" {
			var err error
			if s.path, err = compile(subject+" when", t.Path); err != nil {
				return nil, err
			}
			s.text = t.Path
		}
		signs = append(signs, s)
	}
	return signs, nil
}

// delivery says where the delivery id stands; the zero value means the content.
type delivery struct {
	header      string
	path        *program
	interchange bool
	encoding    wire.Encoding // that of X12 files
}

func newDelivery(t *deliveryText, subject string) (delivery, error) {
	if t == nil || t.Path == "" {
		return delivery{header: headerOf(t), interchange: t != nil && t.Interchange}, nil
	}
	find, err := compile(subject+" delivery", t.Path)
	return delivery{path: find}, err
}

func headerOf(t *deliveryText) string {
	if t == nil {
		return ""
	}
	return t.Header
}

// payload is an input on its way through a pack. What had to be read of it to recognise it
// is read once.
type payload struct {
	Input
	run    *run
	parsed *wire.Document
	err    error // why it is no JSON, once tried

	x12      *wire.X12File // once asked
	x12Error error         // why it is no X12, once tried

	asked    *sign  // the sign whose path was looked at last, and
	answer   string // what stood there,
	answered bool   // if it was there

	around   map[string]any // what surrounds the current record
	envelope any            // the same without personal data
}

// json returns the payload as a JSON tree.
func (p *payload) json() (*wire.Document, error) {
	if p.parsed == nil && p.err == nil {
		p.parsed, p.err = wire.JSON(p.Body, p.Limits)
	}
	return p.parsed, p.err
}

// tree returns the one record of a JSON payload, or nil.
func (p *payload) tree() any {
	document, err := p.json()
	if err != nil {
		return nil
	}
	for record := range document.Records() {
		return record.Tree
	}
	return nil
}

// said returns what stands at the path of a sign. Topics are often told apart by one path.
func (p *payload) said(s sign) (string, bool) {
	if p.asked == nil || p.asked.text != s.text {
		value, err := s.path.one(p.tree(), p.run)
		text, ok := scalarText(value)
		p.asked, p.answer, p.answered = &s, text, ok && err == nil
	}
	return p.answer, p.answered
}

// recognise returns the first topic that a sign fits. A payload that was meant to be JSON or
// XML and is broken is H-SYNTAX; one that fits nothing is H-TOPIC.
func (p *Pack) recognise(in *payload) (*Topic, error) {
	if in.Topic != "" {
		return p.topic(in.Topic)
	}
	for i := range p.Topics {
		topic := &p.Topics[i]
		if slices.ContainsFunc(topic.when, func(s sign) bool { return s.fits(topic, in) }) {
			return topic, nil
		}
	}
	switch start := bytes.TrimLeft(in.Body, "\ufeff \t\r\n"); {
	case bytes.HasPrefix(start, []byte("<")):
		if _, err := wire.XML(in.Body, wire.XMLOptions{}, in.Limits); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(start, []byte("{")), bytes.HasPrefix(start, []byte("[")):
		if _, err := in.json(); err != nil {
			return nil, err
		}
	case bytes.HasPrefix(start, []byte("ISA")):
		if _, err := in.interchanges(p.Topics[0].x12.Encoding); err != nil {
			return nil, err
		}
	}
	return nil, fault.New(fault.UnknownTopic, p.Name, "no topic of the pack fits the payload")
}

func (s sign) fits(topic *Topic, in *payload) bool {
	switch {
	case s.header != "":
		return slices.Contains(s.is, in.Header(s.header))
	case s.path != nil:
		text, ok := in.said(s)
		return ok && slices.Contains(s.is, text)
	case s.root != "":
		names, err := wire.XMLOpening(in.Body, strings.Count(s.root, "/")+1, in.Limits)
		return err == nil && strings.Join(names, "/") == s.root
	case s.file != "":
		ok, err := path.Match(s.file, path.Base(in.FileName))
		return err == nil && ok
	case len(s.sets) > 0:
		return in.has(s.sets, topic.x12.Encoding)
	}
	columns, err := wire.CSVColumns(in.Body, topic.csvOptions(in), in.Limits)
	return err == nil && !slices.ContainsFunc(s.columns, func(c string) bool { return !slices.Contains(columns, c) })
}

// contentID begins a delivery id that is a hash of the content.
const contentID = "sha256-"

// deliveryID returns the sender's id of the delivery, or a hash of the content where the
// sender gives none.
func (d delivery) deliveryID(in *payload) string {
	id := ""
	switch {
	case d.header != "":
		id = in.Header(d.header)
	case d.path != nil:
		if value, err := d.path.one(in.tree(), in.run); err == nil {
			id, _ = scalarText(value)
		}
	case d.interchange:
		id = in.interchange(d.encoding)
	}
	if id == "" {
		sum := sha256.Sum256(in.Body)
		id = contentID + hex.EncodeToString(sum[:])
		if in.Before > 0 { // the same rows in another place of a file are other facts
			id += "+" + strconv.Itoa(in.Before)
		}
	}
	return id
}
