package main

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// The columns of a file that are none of the table.
const (
	columnKey   = "key"
	columnFrom  = "effective_from"
	columnEnded = "ended"
)

// tableFile is a CSV file of the rows of one table.
type tableFile struct {
	name  string
	table event.TableInfo
	from  retail.Date // for rows that name no day
	// reopen opens the file at its beginning.
	reopen func() (io.ReadCloser, error)
}

// tableRow is a row of the file.
type tableRow struct {
	api.KeyedRow
	number  int // from 1
	refusal *fault.Error
}

// datedKey is what a row of a load is the only one for.
type datedKey struct {
	key  string
	from retail.Date
}

func (r tableRow) dated() datedKey { return datedKey{r.Key, r.EffectiveFrom} }

// inspect reads the whole file and compares it with what its sender says of it. It returns
// the number of the first row for each key and day.
func (f *tableFile) inspect(control reference.Control, sum string) (map[datedKey]int, error) {
	r, err := f.reopen()
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // it was only read
	digest := sha256.New()
	keys, tally := map[datedKey]int{}, control.NewTally()
	source := io.TeeReader(r, digest)
	for row, err := range f.rows(source) {
		if err != nil {
			return nil, err
		}
		tally.Add(row.Key, row.Row)
		if row.refusal != nil {
			continue
		}
		if _, twice := keys[row.dated()]; !twice {
			keys[row.dated()] = row.number
		}
	}
	if _, err := io.Copy(io.Discard, source); err != nil {
		return nil, unreadable(f.name, err)
	}
	if got := hex.EncodeToString(digest.Sum(nil)); sum != "" && !strings.EqualFold(sum, got) {
		return nil, fault.New(fault.ControlTotal, "sha256", "the control says %s and the file has %s", sum, got)
	}
	return keys, control.Check(tally)
}

// layout says where the columns of a file stand; −1 where it has none.
type layout struct {
	key     []int // the columns of the key's parts
	from    int
	ended   int
	columns map[int]string
}

// rows yields the rows of the file. What is wrong with a row is its refusal; an error ends
// the file.
func (f *tableFile) rows(r io.Reader) iter.Seq2[tableRow, error] {
	return func(yield func(tableRow, error) bool) {
		reader := newRowReader(r)
		header, err := reader.next()
		if err != nil {
			yield(tableRow{}, fault.New(fault.BadSyntax, f.name, "its first row has to name the columns"))
			return
		}
		at, err := f.layout(header)
		if err != nil {
			yield(tableRow{}, err)
			return
		}
		width := len(header)
		for number := 1; ; number++ {
			fields, err := reader.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if _, syntax := errors.AsType[*csv.ParseError](err); err != nil && !syntax {
				yield(tableRow{}, unreadable(f.name, err))
				return
			}
			row := tableRow{number: number}
			switch {
			case err != nil:
				row.refusal = fault.New(fault.BadSyntax, "", "a quote is not closed or stands inside a field")
			case len(fields) != width:
				row.refusal = fault.New(fault.BadSyntax, "", "it has %d fields; the first row names %d", len(fields), width)
			default:
				row.KeyedRow, row.refusal = f.row(at, fields)
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

// layout finds the columns that the first row names.
func (f *tableFile) layout(header []string) (layout, error) {
	parts, open := f.table.KeyParts()
	at := layout{key: make([]int, len(parts)), from: -1, ended: -1, columns: map[int]string{}}
	for i := range at.key {
		at.key[i] = -1
	}
	whole := -1
	for i, name := range header {
		name = strings.TrimSpace(name)
		part := slices.Index(parts, name)
		switch {
		case slices.ContainsFunc(header[:i], func(before string) bool { return strings.TrimSpace(before) == name }):
			return at, f.unfit("the column %q stands there twice", name)
		case name == columnKey:
			whole = i
		case name == columnFrom:
			at.from = i
		case name == columnEnded:
			at.ended = i
		case part >= 0:
			at.key[part] = i
		case slices.ContainsFunc(f.table.Columns, func(c event.Column) bool { return c.Name == name }):
			at.columns[i] = name
		default:
			return at, f.unfit("there is no column %q", name)
		}
	}
	if whole >= 0 {
		at.key = []int{whole}
	}
	if slices.Contains(at.key, -1) {
		if open {
			return at, f.unfit("the column key is missing")
		}
		return at, f.unfit("the columns of the key are missing: %s", strings.Join(parts, ", "))
	}
	return at, nil
}

func (f *tableFile) unfit(format string, args ...any) error {
	return fault.New(fault.BadSyntax, f.name, format, args...).WithHint("heddle load --help lists the columns of %s.", f.table.Name)
}

// row makes a row of its fields.
func (f *tableFile) row(at layout, fields []string) (row api.KeyedRow, refusal *fault.Error) {
	parts := make([]string, len(at.key))
	for i, column := range at.key {
		parts[i] = strings.TrimSpace(fields[column])
	}
	row = api.KeyedRow{Key: retail.Key(parts...), EffectiveFrom: f.from, Row: event.Row{}}
	if key, err := reference.CanonicalKey(f.table.Name, row.Key); err == nil {
		row.Key = key
	}
	for i, name := range at.columns {
		if fields[i] != "" {
			row.Row[name] = strings.Clone(fields[i])
		}
	}
	if at.from >= 0 && fields[at.from] != "" {
		var err error
		if row.EffectiveFrom, err = retail.ParseDate(fields[at.from]); err != nil {
			return row, fault.New(fault.SchemaInvalid, "", "%s is a date written 2006-01-02", columnFrom)
		}
	}
	ended := at.ended >= 0 && fields[at.ended] == "yes"
	switch {
	case slices.Contains(parts, ""):
		return row, fault.New(fault.SchemaInvalid, "", "its key is missing: %s", f.table.Key)
	case slices.ContainsFunc(fields, func(text string) bool { return !utf8.ValidString(text) }):
		return row, fault.New(fault.BadSyntax, "", "it is not UTF-8")
	case at.ended >= 0 && fields[at.ended] != "" && !ended:
		return row, fault.New(fault.SchemaInvalid, "", "%s is yes or nothing", columnEnded)
	case ended && len(row.Row) > 0:
		return row, fault.New(fault.SchemaInvalid, "", "a row that ends its key says nothing else")
	case !ended && len(row.Row) == 0:
		return row, fault.New(fault.SchemaInvalid, "", "it says nothing; %s set to yes ends its key", columnEnded)
	}
	return row, nil
}

// readControl reads a control file: lines of rows N, hash-total COLUMN SUM, sha256 HEX.
func readControl(text string, control *reference.Control) (sum string, err error) {
	number := 0
	for line := range strings.Lines(text) {
		number++
		words := strings.Fields(line)
		switch {
		case len(words) == 0:
		case len(words) == 2 && words[0] == "rows":
			n, perr := strconv.ParseInt(words[1], 10, 64)
			if perr != nil || n < 0 {
				return "", fault.New(fault.BadRequest, "--control", "line %d: rows is a number", number).WithHint("Run heddle load --help.")
			}
			control.Rows = &n
		case len(words) == 3 && words[0] == "hash-total":
			control.Totals[words[1]] = words[2]
		case len(words) == 2 && words[0] == "sha256":
			sum = words[1]
		default:
			return "", fault.New(fault.BadRequest, "--control", "line %d is none of rows N, hash-total COLUMN SUM and sha256 HEX", number).WithHint("Run heddle load --help.")
		}
	}
	return sum, nil
}
