package wire

import (
	"iter"
	"strconv"

	"github.com/heddlehq/heddle/fault"
)

// Record is one record of a document: a POSLog transaction, a bank entry, a row.
type Record struct {
	// Start and End are the record's place in the document's bytes, End excluded.
	Start, End int64
	// Number counts the records of one parent, or of the document where there is none, from 1.
	Number int
	// Kind is what the record calls itself: the transaction set of X12 ("945"), the record code
	// of BAI2 ("16"). It is empty in formats whose records have one form.
	Kind string
	// Tree is the record's content.
	Tree any
	// Envelope is what surrounds the record in its parent element (XML): the statement of a
	// bank entry without its entries. It is shared by the records of one parent and must
	// not be changed. It is nil where nothing surrounds the record.
	Envelope map[string]any
	// Err says why this record cannot be read; its neighbours can. Tree is nil then.
	Err *fault.Error
}

// Document is a payload whose syntax and limits have been checked.
type Document struct {
	// Root is the local name of the root element (XML), else empty.
	Root    string
	records iter.Seq[Record]
}

// Records yields the records in the order of the bytes. It can be called again.
func (d *Document) Records() iter.Seq[Record] { return d.records }

// Limits bounds what one document may cost. The zero value means the defaults.
type Limits struct {
	Bytes   int64 // size of the document; 16 MiB
	Depth   int   // nesting of objects, arrays, elements or loops; 64
	Records int   // records of one document, and interchanges or groups around them; 100,000
	Values  int   // values in one record, or around the records; 200,000
}

// maxNumberDigits bounds the text of one number: a 64-bit integer has 19 digits, and
// arithmetic on millions of digits would take minutes.
const maxNumberDigits = 64

// EnsureDefaults replaces what is zero.
func (l *Limits) EnsureDefaults() {
	if l.Bytes == 0 {
		l.Bytes = 16 << 20
	}
	if l.Depth == 0 {
		l.Depth = 64
	}
	if l.Records == 0 {
		l.Records = 100_000
	}
	if l.Values == 0 {
		l.Values = 200_000
	}
}

func syntax(at int64, format string, args ...any) *fault.Error {
	return fault.New(fault.BadSyntax, "byte "+strconv.FormatInt(at, 10), format, args...)
}

func tooLarge(at int64, format string, args ...any) *fault.Error {
	return fault.New(fault.TooLarge, "byte "+strconv.FormatInt(at, 10), format, args...)
}
