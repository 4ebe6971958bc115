package wire

import (
	"iter"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// CSVOptions says how a separated-values file is written.
type CSVOptions struct {
	// Delimiter stands between fields; zero means a comma.
	Delimiter rune
	// Unquoted takes a quotation mark for a character like any other, as tab-separated reports
	// do; a field cannot hold a delimiter or a line end then.
	Unquoted bool
	// Columns names the columns of a file that has no header; its first row is a record then.
	Columns []string
	// Names says what records call a column that the header calls otherwise, by the header's name.
	Names map[string]string
	// Ragged says what becomes of rows with another number of fields than columns.
	Ragged Ragged
	// Encoding is how the file is encoded where it has no byte order mark; empty is UTF-8.
	Encoding Encoding
	// Shared makes the tree of a record the memory of the tree before: it is good until the next
	// record is asked for.
	Shared bool
}

// Ragged says what becomes of a row whose fields are not as many as the columns.
type Ragged string

// What becomes of ragged rows.
const (
	RaggedRefuse Ragged = ""    // the row is an error
	RaggedPad    Ragged = "pad" // missing fields at its end are empty; empty ones too many fall away
)

// csvFieldMax bounds a quoted field, in bytes: a quotation mark that nobody closed takes its own
// line and not the rest of the file.
const csvFieldMax = 64 << 10

// CSV opens a file of separated values (RFC 4180) whose first row names the columns. Each
// further row is a record: an object of texts by column; empty lines are passed over. Fields
// stay as they are written: a decimal is a text.
//
// A row with another number of fields or a wrong quotation mark is a record with an error. The
// line on which the row begins is lost, and reading goes on at the next.
func CSV(body []byte, options CSVOptions, limits Limits) (*Document, error) {
	file, err := newCSVFile(body, options, &limits)
	if err != nil {
		return nil, err
	}
	if err := file.checkRows(limits.Records); err != nil {
		return nil, err
	}
	return &Document{records: file.records()}, nil
}

type csvFile struct {
	source    source
	text      string
	options   CSVOptions
	delimiter string
	columns   []string
	first     int // where the rows begin
	fieldsMax int // of a row
}

// newCSVFile reads the file's header.
func newCSVFile(body []byte, options CSVOptions, limits *Limits) (*csvFile, error) {
	src, err := open(body, options.Encoding, limits)
	if err != nil {
		return nil, err
	}
	if options.Delimiter == 0 {
		options.Delimiter = ','
	}
	f := &csvFile{source: src, text: string(src.text), options: options, delimiter: string(options.Delimiter), columns: options.Columns, fieldsMax: limits.Values}
	if len(f.columns) > 0 {
		return f, nil
	}
	row := f.next(0, nil)
	if row.problem != "" || row.start == len(f.text) {
		return nil, syntax(src.base, "its first row has to name the columns")
	}
	f.first = row.end
	seen := make(map[string]int, len(row.fields))
	for i, field := range row.fields {
		name := strings.TrimSpace(field)
		if given, ok := options.Names[name]; ok {
			name = given
		}
		if name == "" {
			return nil, fault.New(fault.BadSyntax, "line 1", "column %d has no name", i+1)
		}
		if before, taken := seen[name]; taken {
			return nil, fault.New(fault.BadSyntax, "line 1", "columns %d and %d have one name", before, i+1)
		}
		seen[name] = i + 1
		f.columns = append(f.columns, name)
	}
	return f, nil
}

// checkRows refuses a file with too many rows. They are only counted where there are enough lines.
func (f *csvFile) checkRows(limit int) error {
	if strings.Count(f.text[f.first:], "\n") < limit {
		return nil
	}
	var row csvRow
	rows := 0
	for at := f.first; ; at = row.end {
		if row = f.next(at, row.fields); row.start == len(f.text) {
			return nil
		}
		if rows++; rows > limit {
			return tooLarge(f.source.places().of(row.end), "it has more than %d rows", limit)
		}
	}
}

func (f *csvFile) records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		places := f.source.places()
		builder := csvBuilder{columns: f.columns, last: make([]any, len(f.columns)), ragged: f.options.Ragged}
		if f.options.Shared {
			builder.shared = make(map[string]any, len(f.columns))
		}
		var row csvRow
		for number, at := 1, f.first; ; number, at = number+1, row.end {
			if row = f.next(at, row.fields); row.start == len(f.text) {
				return
			}
			record := Record{Start: places.of(row.start), End: places.of(row.end), Number: number}
			if row.problem != "" {
				record.Err = syntax(record.Start, "%s", row.problem)
			} else if record.Tree, record.Err = builder.tree(row.fields, record.Start); record.Err != nil {
				record.Tree = nil
			}
			if !yield(record) {
				return
			}
		}
	}
}

// csvRow is one row, as it stands in the text.
type csvRow struct {
	start, end int // with its line end; start is the text's end where no row is left
	fields     []string
	problem    string // why it cannot be read; its end is that of its first line then
}

// next reads the row at a place or after the empty lines there. It uses the given memory.
func (f *csvFile) next(at int, fields []string) csvRow {
	line, end := "", at
	for line == "" && at < len(f.text) {
		line, end = f.line(at)
		if line == "" {
			at = end
		}
	}
	row := csvRow{start: at, end: end, fields: fields[:0]}
	if strings.Count(line, f.delimiter) >= f.fieldsMax {
		row.problem = "the row has more fields than can be read"
		return row
	}
	if f.options.Unquoted || strings.IndexByte(line, '"') < 0 {
		row.fields = f.split(line, row.fields)
		return row
	}
	lineEnd := end
	for {
		field, stop, problem := f.field(at, lineEnd)
		if problem != "" {
			row.problem, row.end = problem, end
			return row
		}
		if row.fields = append(row.fields, field); len(row.fields) > f.fieldsMax {
			row.problem, row.end = "the row has more fields than can be read", end
			return row
		}
		if !strings.HasPrefix(f.text[stop:], f.delimiter) {
			_, row.end = f.line(stop)
			break
		}
		if at = stop + len(f.delimiter); at >= lineEnd { // the field before ran over line ends
			_, lineEnd = f.line(at)
		}
	}
	return row
}

// line returns the text of the line at a place, and where the next one begins.
func (f *csvFile) line(at int) (string, int) {
	line, _, ended := strings.Cut(f.text[at:], "\n")
	end := at + len(line)
	if ended {
		end++
	}
	return strings.TrimSuffix(line, "\r"), end
}

// split appends the fields of a line without quotation marks.
func (f *csvFile) split(line string, fields []string) []string {
	for {
		i := strings.Index(line, f.delimiter)
		if i < 0 {
			return append(fields, line)
		}
		fields = append(fields, line[:i])
		line = line[i+len(f.delimiter):]
	}
}

// field reads the field at a place of a line, and returns where it stops: at a delimiter, a line
// end or the end.
func (f *csvFile) field(at, lineEnd int) (field string, stop int, problem string) {
	if at < len(f.text) && f.text[at] == '"' {
		return f.quoted(at + 1)
	}
	rest := strings.TrimSuffix(strings.TrimSuffix(f.text[at:max(at, lineEnd)], "\n"), "\r")
	if i := strings.Index(rest, f.delimiter); i >= 0 {
		rest = rest[:i]
	}
	if strings.IndexByte(rest, '"') >= 0 {
		return "", 0, "a quotation mark stands inside a field that is not quoted"
	}
	return rest, at + len(rest), ""
}

// quoted reads the rest of a field after its opening quotation mark.
func (f *csvFile) quoted(at int) (field string, stop int, problem string) {
	bounded := f.text[:min(len(f.text), at+csvFieldMax+1)]
	doubled := false
	for stop = at; ; stop += 2 {
		i := strings.IndexByte(bounded[min(stop, len(bounded)):], '"')
		if i < 0 {
			return "", 0, "a quotation mark is not closed"
		}
		stop += i
		if stop+1 == len(f.text) || f.text[stop+1] != '"' {
			break
		}
		doubled = true
	}
	field = f.text[at:stop]
	if doubled {
		field = strings.ReplaceAll(field, `""`, `"`)
	}
	rest := f.text[stop+1:]
	if rest != "" && rest[0] != '\n' && !strings.HasPrefix(rest, "\r\n") && rest != "\r" && !strings.HasPrefix(rest, f.delimiter) {
		return "", 0, "something follows a closing quotation mark"
	}
	return field, stop + 1, ""
}

// csvBuilder makes the objects of rows.
type csvBuilder struct {
	columns []string
	ragged  Ragged
	// last is what each column held before, because columns repeat themselves; see boxes.
	last  []any
	boxes boxes
	// shared is the object of all rows; nil for one of its own each.
	shared map[string]any
}

func (b *csvBuilder) tree(fields []string, at int64) (any, *fault.Error) {
	missing := len(b.columns) - len(fields)
	if b.ragged == RaggedPad && missing < 0 && !slices.ContainsFunc(fields[len(b.columns):], func(f string) bool { return f != "" }) {
		missing = 0
	}
	if missing != 0 && (missing < 0 || b.ragged != RaggedPad) {
		return nil, syntax(at, "this row has %d fields; there are %d columns", len(fields), len(b.columns))
	}
	object := b.shared
	if object == nil {
		object = make(map[string]any, len(b.columns))
	}
	for i, name := range b.columns {
		field := ""
		if i < len(fields) {
			field = fields[i]
		}
		if before, ok := b.last[i].(string); !ok || before != field {
			b.last[i] = b.boxes.text(field)
		}
		object[name] = b.last[i]
	}
	return object, nil
}
