package main

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
)

// quotedMax is up to how many bytes the text between two quotes is followed over the ends of
// lines. A quote that is not closed by then is taken for a slip of its own line.
const quotedMax = 64 << 10

// rowReader reads the rows of a CSV file one by one. A row that cannot be read ends with its line,
// so that a quote that is never closed does not swallow the rows after it.
type rowReader struct {
	text    *bufio.Reader
	pending [][]byte // lines that were read ahead
	row     *bytes.Reader
	buffer  *bufio.Reader
	fields  *csv.Reader
}

func newRowReader(r io.Reader) *rowReader {
	text := bufio.NewReaderSize(r, 1<<16)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(3) // they are there
	}
	rows := &rowReader{text: text, row: bytes.NewReader(nil)}
	rows.buffer = bufio.NewReader(rows.row)
	rows.fields = csv.NewReader(rows.buffer)
	rows.fields.ReuseRecord, rows.fields.FieldsPerRecord = true, -1
	return rows
}

// next returns the fields of the next row, which hold until the next call. A *csv.ParseError is one
// of that row; at the end of the file the error is io.EOF.
func (r *rowReader) next() ([]string, error) {
	for {
		line, err := r.line()
		if err != nil {
			return nil, err
		}
		fields, err := r.parse(line)
		if errors.Is(err, io.EOF) {
			continue // an empty line is no row
		}
		if err == nil || bytes.Count(line, []byte{'"'})%2 == 0 {
			return fields, err
		}
		return r.quoted(line, err)
	}
}

// quoted reads a row whose first line leaves a quote open; broken is what that line is by itself.
func (r *rowReader) quoted(first []byte, broken error) ([]string, error) {
	row := bytes.Clone(first)
	var ahead [][]byte
	for open := true; open; {
		line, err := r.line()
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		if err != nil || len(row)+len(line) > quotedMax {
			if err == nil {
				ahead = append(ahead, line)
			}
			r.pending = append(ahead, r.pending...)
			return nil, broken
		}
		row, ahead = append(row, line...), append(ahead, line)
		open = bytes.Count(line, []byte{'"'})%2 == 0
	}
	fields, err := r.parse(row)
	if err != nil {
		r.pending = append(ahead, r.pending...)
		return nil, broken
	}
	return fields, nil
}

// line returns the next line with its end.
func (r *rowReader) line() ([]byte, error) {
	if len(r.pending) > 0 {
		line := r.pending[0]
		r.pending = r.pending[1:]
		return line, nil
	}
	line, err := r.text.ReadBytes('\n')
	if errors.Is(err, io.EOF) && len(line) > 0 {
		err = nil
	}
	return line, err
}

// parse reads a text as one row.
func (r *rowReader) parse(text []byte) ([]string, error) {
	r.row.Reset(text)
	r.buffer.Reset(r.row)
	return r.fields.Read()
}
