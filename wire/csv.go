package wire

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// CSVOptions says how a separated-values file is written.
type CSVOptions struct {
	// Delimiter stands between fields; zero means a comma.
	Delimiter rune
}

// CSV opens a file of separated values (RFC 4180) whose first row names the columns. Each
// further row is a record: an object of texts by column; empty lines are passed over. A row
// with another number of fields or a wrong quote is a record with an error, and its
// neighbours are read. Fields stay as they are written: a decimal is a text.
func CSV(body []byte, options CSVOptions, limits Limits) (*Document, error) {
	text, base, err := open(body, &limits)
	if err != nil {
		return nil, err
	}
	file := newCSVFile(text, base, options)
	header, reader, err := file.header()
	if err != nil {
		return nil, err
	}
	for rows := 0; ; rows++ {
		if _, err := reader.Read(); errors.Is(err, io.EOF) {
			break
		}
		if rows == limits.Records {
			return nil, tooLarge(base+reader.InputOffset(), "it has more than %d rows", limits.Records)
		}
	}
	return &Document{records: file.rows(header)}, nil
}

type csvFile struct {
	text      []byte
	base      int64
	delimiter rune
}

func newCSVFile(text []byte, base int64, options CSVOptions) csvFile {
	if options.Delimiter == 0 {
		options.Delimiter = ','
	}
	return csvFile{text: text, base: base, delimiter: options.Delimiter}
}

// header returns the column names and a reader that stands after them.
func (f csvFile) header() ([]string, *csv.Reader, error) {
	reader := csv.NewReader(bytes.NewReader(f.text))
	reader.Comma = f.delimiter
	reader.FieldsPerRecord = -1
	reader.ReuseRecord = true
	fields, err := reader.Read()
	if err != nil {
		return nil, nil, syntax(f.base, "its first row has to name the columns")
	}
	header := make([]string, 0, len(fields))
	for i, field := range fields {
		name := strings.TrimSpace(field)
		if name == "" {
			return nil, nil, fault.New(fault.BadSyntax, "line 1", "column %d has no name", i+1)
		}
		if slices.Contains(header, name) {
			return nil, nil, fault.New(fault.BadSyntax, "line 1", "columns %d and %d have one name", slices.Index(header, name)+1, i+1)
		}
		header = append(header, name)
	}
	return header, reader, nil
}

func (f csvFile) rows(header []string) iter.Seq[Record] {
	return func(yield func(Record) bool) {
		_, reader, err := f.header()
		for number := 1; err == nil; number++ {
			start := reader.InputOffset()
			fields, failure := reader.Read()
			if errors.Is(failure, io.EOF) {
				return
			}
			record := Record{Start: f.base + start, End: f.base + reader.InputOffset(), Number: number}
			record.Tree, record.Err = row(header, fields, failure, record.Start)
			if record.Err != nil {
				record.Tree = nil
			}
			if !yield(record) {
				return
			}
		}
	}
}

func row(header, fields []string, failure error, at int64) (any, *fault.Error) {
	if failure != nil {
		return nil, syntax(at, "a quote in this row is not closed or stands inside a field")
	}
	if len(fields) != len(header) {
		return nil, syntax(at, "this row has %d fields; the header names %d", len(fields), len(header))
	}
	object := make(map[string]any, len(header))
	for i, name := range header {
		object[name] = fields[i]
	}
	return object, nil
}
