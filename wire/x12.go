package wire

import (
	"iter"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// X12Options says how transaction sets become trees.
type X12Options struct {
	// Guides are the guides of the transaction sets, one for each kind. A set without one is a
	// record with H-TOPIC.
	Guides []*Guide
	// Encoding is how the file is encoded where it has no byte order mark; empty is UTF-8.
	Encoding Encoding
}

// X12 opens a file of one or several X12 interchanges. Each interchange brings its delimiters in
// its header, and each transaction set is a record, whose Kind is the set's identifier.
//
// A record's tree is the object of its ST segment; see Guide for its form. Its envelope has the
// headers around it: {"ISA": {"ISA06": the sender, …}, "GS": {"GS06": …}}. Of ISA it has the
// parties (05 to 08, without the spaces that fill them), version, control number and usage (12,
// 13, 15). An interchange acknowledgement between the headers is a record of kind "TA1".
//
// Control numbers and counts have to be right (H-SYNTAX). A set whose trailer is not is lost by
// itself; a group or an interchange whose trailer is not takes its sets along, because it is not
// known which of them are missing or altered. What stands outside of all interchanges is a record
// with an error, and what follows it is read.
func X12(body []byte, options X12Options, limits Limits) (*Document, error) {
	file, err := OpenX12(body, options.Encoding, limits)
	if err != nil {
		return nil, err
	}
	return file.Document(options.Guides, X12Trees{}), nil
}

// X12Trees says what trees of transaction sets are made of.
type X12Trees struct {
	// Replace returns what stands for a text that a guide marks as of a kind; nil leaves it.
	Replace func(kind, text string) any
	// Memory is what the objects of a record are made of, as with CSVOptions.Shared: they are
	// good until the next record is asked for, and its envelope until there is none. Nil makes
	// them anew.
	Memory *X12Memory
}

// X12Memory is for the trees of one file at a time, and of many after one another.
type X12Memory struct{ builder *x12Builder }

// Document returns the transaction sets of the file; see X12.
func (f *X12File) Document(guides []*Guide, trees X12Trees) *Document {
	return &Document{records: f.records(guides, trees)}
}

// X12Interchanges reads the envelopes of a file, for acknowledging it and for knowing interchanges
// that came before. Sets are read too where there is a guide, so that what is wrong in them stands
// among their errors.
func X12Interchanges(body []byte, options X12Options, limits Limits) ([]X12Interchange, error) {
	file, err := OpenX12(body, options.Encoding, limits)
	if err != nil {
		return nil, err
	}
	b := file.builder(options.Guides, nil)
	for _, span := range file.spans {
		if span.set == nil || len(span.set.Errors) > 0 || b.guide(span.set.ID) == nil {
			continue
		}
		if _, problem, _ := b.set(span); problem != nil {
			span.set.Errors = append(span.set.Errors, *problem)
		}
	}
	return file.Interchanges(), nil
}

// Interchanges returns the envelopes of the file.
func (f *X12File) Interchanges() []X12Interchange {
	interchanges := make([]X12Interchange, len(f.interchanges))
	for i, x := range f.interchanges {
		interchanges[i] = *x
	}
	return interchanges
}

// Has reports whether a transaction set of a kind is in the file, right or wrong. TA1 is an
// interchange without fault that has nothing but acknowledgements.
func (f *X12File) Has(set string) bool {
	for _, x := range f.interchanges {
		if len(x.Groups) == 0 && x.Note == "" && set == "TA1" {
			return true
		}
		for _, group := range x.Groups {
			if slices.ContainsFunc(group.Sets, func(s *X12Set) bool { return s.ID == set }) {
				return true
			}
		}
	}
	return false
}

// X12Interchange is the envelope of one interchange, ISA to IEA.
type X12Interchange struct {
	// Start and End are its place in the payload's bytes, End excluded.
	Start, End int64
	Sender     X12Party
	Receiver   X12Party
	Control    string // ISA13
	Test       bool   // ISA15 is T
	Groups     []*X12Group
	// Note is the TA105 code of what is wrong with the envelope; empty if nothing is. A caller
	// that has seen Identity before sets X12Duplicate.
	Note    string
	problem x12Problem
	header  *x12Header
}

// X12Party is a qualifier and an identification: ISA05 and ISA06, or ISA07 and ISA08.
type X12Party struct{ Qualifier, ID string }

// Identity names the interchange among all: its sender, receiver and control number. One that
// comes again under the identity of another is the same delivery again.
func (x *X12Interchange) Identity() string {
	return retail.Key(x.Sender.Qualifier, x.Sender.ID, x.Receiver.Qualifier, x.Receiver.ID, x.Control)
}

// X12Group is the envelope of one functional group, GS to GE.
type X12Group struct {
	FunctionalID string // GS01: SW for a shipping advice
	Sender       string // GS02
	Receiver     string // GS03
	Control      string // GS06
	Version      string // GS08
	Declared     int    // how many sets GE01 says that it has; −1 where it says nothing
	Sets         []*X12Set
	// Errors are codes of AK905: what is wrong with the envelope. They reject the group.
	Errors  []string
	problem x12Problem
	header  []string // the elements of GS by number
}

// X12Set is one transaction set, ST to SE.
type X12Set struct {
	// Start and End are its place in the payload's bytes, End excluded: that of its record.
	Start, End int64
	ID         string // ST01: 945
	Control    string // ST02
	Segments   int    // with ST and SE
	// Errors is what is wrong with it. They reject it, or are only noted where Noted is set.
	// A caller adds what it found when it read the content.
	Errors []X12Error
	Noted  bool
}

// X12Error is one fault of a transaction set in the terms of a functional acknowledgement.
type X12Error struct {
	Segment  string // the segment's identifier (AK301); empty where the set as a whole is meant
	Position int    // the segment's number in the set, ST being 1
	Element  int    // the element's number; zero where the segment as a whole is meant
	// Code is one of AK502 for a set, of AK304 for a segment, of AK403 for an element.
	Code   string
	Detail string // for people; it is not sent
}

// Codes of TA105: what is wrong with an interchange.
const (
	X12ControlDiffers = "001" // ISA13 and IEA02
	X12GroupsDiffer   = "021" // IEA01 and the number of groups
	X12BadStructure   = "022"
	X12EndsEarly      = "023"
	X12BadContent     = "024" // a segment stands where none may
	X12Duplicate      = "025" // the control number came before
)

// Codes of AK905: what is wrong with a group.
const (
	X12GroupNoTrailer      = "3"
	X12GroupControlDiffers = "4" // GS06 and GE02
	X12GroupSetsDiffer     = "5" // GE01 and the number of sets
)

// Codes of AK502: what is wrong with a set.
const (
	X12SetNotSupported     = "1"
	X12SetNoTrailer        = "2"
	X12SetControlDiffers   = "3" // ST02 and SE02
	X12SetSegmentsDiffer   = "4" // SE01 and the number of segments
	X12SetSegmentsInError  = "5" // added by itself where a segment has an error
	X12SetNoIdentifier     = "6"
	X12SetNoControl        = "7"
	x12SetCodesMax         = 5 // an AK5 has room for so many
	x12SegmentUnknown      = "1"
	x12SegmentTooOften     = "5"
	x12SegmentInError      = "8"
	x12ElementMandatory    = "1" // it is missing
	x12ElementMissing      = "2" // a conditional one
	x12ElementsTooMany     = "3"
	x12ElementInvalidValue = "7"
	x12SegmentNameless     = "ZZZ" // stands for an identifier that is none
)

// x12Problem is what is wrong with an envelope, for people.
type x12Problem struct {
	at   int // in the text
	text string
}

// records yields the sets and what is not one.
func (f *X12File) records(guides []*Guide, trees X12Trees) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		b := f.builder(guides, trees.Memory)
		defer b.done()
		b.replace = trees.Replace
		for i, span := range f.spans {
			b.inner.free()
			record := Record{Start: b.places.of(span.start), End: b.places.of(span.end), Number: i + 1, Envelope: b.envelope(span)}
			switch {
			case span.set != nil:
				record.Kind = span.set.ID
				record.Tree, record.Err = b.checked(span)
			case span.problem.text != "":
				record.Err = b.fault(span.problem)
			default:
				record.Kind = "TA1"
				record.Tree, record.Err = b.single(span)
			}
			if record.Err != nil {
				record.Tree = nil
			}
			if !yield(record) {
				return
			}
		}
	}
}

// checked builds a set if nothing is wrong with its envelopes.
func (b *x12Builder) checked(span x12Span) (any, *fault.Error) {
	for _, problem := range []x12Problem{span.group.problem, span.interchange.problem} {
		if problem.text != "" {
			return nil, b.fault(problem)
		}
	}
	if errors := span.set.Errors; len(errors) > 0 {
		return nil, b.fault(x12Problem{span.start, errors[0].Detail})
	}
	tree, _, err := b.set(span)
	return tree, err
}

func (b *x12Builder) fault(p x12Problem) *fault.Error { return syntax(b.places.of(p.at), "%s", p.text) }

// guide returns the guide of a set, or nil.
func (b *x12Builder) guide(set string) *Guide {
	if i := slices.IndexFunc(b.guides, func(g *Guide) bool { return g.Set == set }); i >= 0 {
		return b.guides[i]
	}
	return nil
}
