package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/heddlehq/heddle/api"
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

// Limits of one request of load.
const (
	loadRowsMax  = 2000
	loadBytesMax = 3 << 20
)

// loadFlags are the flags of load.
type loadFlags struct {
	from, control string
	rows          int64
	totals        []string
	complete, dry bool
}

func (h *heddle) loadTable() *cobra.Command {
	var f loadFlags
	c := &cobra.Command{
		Use: "load TABLE FILE.csv", Short: "Load master data: items, locations, cross-references, tenders, …",
		Long: loadHelp(),
		Args: arguments(2, 2, "a table and a file"),
		RunE: func(c *cobra.Command, args []string) error {
			client, err := h.client()
			if err != nil {
				return err
			}
			l := &loader{h: h, client: client, dry: f.dry}
			if err := l.open(args[0], args[1], f); err != nil {
				return err
			}
			return l.run(c.Context(), f)
		},
	}
	flags := c.Flags()
	flags.StringVar(&f.from, "from", "", "day from which the rows hold that name none in effective_from (default: from the beginning)")
	flags.Int64Var(&f.rows, "rows", -1, "control total: how many rows the file has")
	flags.StringArrayVar(&f.totals, "hash-total", nil, "control total COLUMN=SUM; the column key is the last part of the keys; repeat it for several")
	flags.StringVar(&f.control, "control", "", "file of control totals: lines of rows N, hash-total COLUMN SUM, sha256 HEX")
	flags.BoolVar(&f.complete, "complete", false, "the file is the whole table: end what it does not name; needs --from and a control total")
	flags.BoolVar(&f.dry, "dry-run", false, "print the difference and change nothing")
	return c
}

// loadHelp describes the file, and every table with its columns.
func loadHelp() string {
	var b strings.Builder
	b.WriteString(`Load the rows of a table from a CSV file in UTF-8 whose first row names the columns: the
parts of the key (or key, parts joined by ·), the columns of the table, and effective_from
where rows hold from different days. A row with ended set to yes ends its key.

A file that does not meet its control totals changes nothing. Rows that are refused are
listed with their numbers; the others are loaded. Loading the same again changes nothing,
so a load that was stopped goes on by the same command.

Tables:
`)
	for _, t := range event.Tables() {
		fmt.Fprintf(&b, "  %-18s %s\n", t.Name, t.Meaning)
		names := []string{strings.ReplaceAll(t.Key, retail.Sep, ", ")}
		for _, c := range t.Columns {
			if c.Required {
				names = append(names, c.Name)
			} else {
				names = append(names, "["+c.Name+"]")
			}
		}
		fmt.Fprintf(&b, "  %-18s   %s\n", "", strings.Join(names, ", "))
	}
	return strings.TrimRight(b.String(), "\n")
}

// loader loads one file.
type loader struct {
	h      *heddle
	client *client
	dry    bool
	file   *tableFile
	counts api.Loaded

	batch   []api.KeyedRow
	numbers []int // of the rows in the batch, from 1; 0 for what the file does not name
	size    int
	sent    int // rows of the file that are done with
	refused []refusedRow
}

// run checks the control totals, and then loads the rows.
func (l *loader) run(ctx context.Context, f loadFlags) error {
	control, sum, err := f.controls()
	if err != nil {
		return err
	}
	if f.complete && (l.file.from == 0 || control.IsZero() && sum == "") {
		return fault.New(fault.BadRequest, "--complete", "it ends rows: say from which day by --from, and what the file holds by a control total").WithHint("Run heddle load --help.")
	}
	keys, err := l.file.inspect(control, sum)
	if err != nil {
		return err
	}
	err = l.rows(ctx, keys)
	switch {
	case err != nil || !f.complete:
	case l.counts.Refused > 0: // one of them may be a row that would be ended
		fmt.Fprintf(l.h.err, "nothing was ended: %d of the rows were refused, and cannot tell what they name\n", l.counts.Refused)
	default:
		err = l.endOthers(ctx, keys)
	}
	if err != nil {
		if ctx.Err() != nil || l.sent > 0 {
			fmt.Fprintf(l.h.err, "stopped after row %d: the same command goes on, and loads nothing twice\n", l.sent)
		}
		return err
	}
	return l.summary()
}

// rows sends the rows of the file.
func (l *loader) rows(ctx context.Context, keys map[datedKey]int) error {
	r, err := l.file.reopen()
	if err != nil {
		return err
	}
	defer r.Close() //nolint:errcheck // it was only read
	reader, done := progress(l.h.err, r)
	defer done()
	for row, err := range l.file.rows(reader) {
		if err != nil {
			return err
		}
		if row.refusal == nil && keys[row.dated()] != row.number {
			row.refusal = fault.New(fault.SchemaInvalid, "", "row %d sets it for that day already", keys[row.dated()])
		}
		if row.refusal != nil {
			l.refuse(row.number, row.refusal.Code, row.refusal.Detail)
			continue
		}
		if err := l.add(ctx, row.KeyedRow, row.number); err != nil {
			return err
		}
	}
	return l.flush(ctx)
}

// endOthers ends the rows of the table that hold on the day and that the file does not name.
func (l *loader) endOthers(ctx context.Context, keys map[datedKey]int) error {
	named := map[string]bool{}
	for k := range keys {
		named[k.key] = true
	}
	query := url.Values{"on": {l.file.from.String()}, "limit": {"10000"}}
	for {
		var page api.TableRows
		if err := l.client.get(ctx, l.path(), query, &page); err != nil {
			return err
		}
		for _, row := range page.Rows {
			if named[row.Key] {
				continue
			}
			if err := l.add(ctx, api.KeyedRow{Key: row.Key, EffectiveFrom: l.file.from, Row: event.Row{}}, 0); err != nil {
				return err
			}
		}
		if page.Next == "" {
			return l.flush(ctx)
		}
		query.Set("after", page.Next)
	}
}

func (l *loader) path() string { return "/v1/reference/" + string(l.file.table.Name) }

func (l *loader) add(ctx context.Context, row api.KeyedRow, number int) error {
	l.batch, l.numbers = append(l.batch, row), append(l.numbers, number)
	l.size += len(row.Key) + 64
	for column, value := range row.Row {
		l.size += len(column) + 2*len(value) + 8
	}
	if len(l.batch) < loadRowsMax && l.size < loadBytesMax {
		return nil
	}
	return l.flush(ctx)
}

// flush sends the batch. A row says what it says, so that what did not get through is sent again.
func (l *loader) flush(ctx context.Context) error {
	if len(l.batch) == 0 {
		l.tellRefused()
		return nil
	}
	body, err := json.Marshal(api.Load{Rows: l.batch})
	if err != nil {
		return fault.Wrap(err, fault.InternalError, "cli.load", l.file.name)
	}
	path := l.path()
	if l.dry {
		path += "?dry_run=true"
	}
	var answer api.Loaded
	wait := 200 * time.Millisecond
	for try := 1; ; try++ {
		err := l.client.do(ctx, http.MethodPost, path, "application/json", body, &answer)
		if err == nil {
			break
		}
		if again := fault.Is(err, fault.Busy) || fault.Is(err, fault.Unknown); !again || try == triesMax {
			return err
		}
		select {
		case <-time.After(wait):
			wait *= 2
		case <-ctx.Done():
			return err
		}
	}
	if len(answer.Results) != len(l.batch) {
		return fault.New(fault.BadRequest, l.client.base, "the server answered for %d rows of %d", len(answer.Results), len(l.batch))
	}
	l.take(answer)
	l.tellRefused()
	l.sent = max(l.sent, l.numbers[len(l.numbers)-1])
	l.batch, l.numbers, l.size = l.batch[:0], l.numbers[:0], 0
	return nil
}

// take counts what became of the batch, and tells what was refused; in a dry run it tells
// what would change.
func (l *loader) take(answer api.Loaded) {
	for i, result := range answer.Results {
		if a := result.Answer; a != nil && a.Status != record.Accepted && a.Status != record.Duplicate {
			l.refuse(l.numbers[i], a.Code, a.Detail)
		} else if l.dry && result.Change != reference.Unchanged {
			fmt.Fprintf(l.h.out, "%s\n", told(l.batch[i], result))
		}
	}
	l.counts.New += answer.New
	l.counts.Changed += answer.Changed
	l.counts.Ended += answer.Ended
	l.counts.Unchanged += answer.Unchanged
}

// refusedRow is a row that is not loaded.
type refusedRow struct {
	number int
	code   fault.Code
	detail string
}

func (l *loader) refuse(number int, code fault.Code, detail string) {
	l.refused = append(l.refused, refusedRow{number, code, cmp.Or(detail, code.Title())})
}

// tellRefused prints what was refused so far, in the order of the file.
func (l *loader) tellRefused() {
	l.counts.Refused += len(l.refused)
	slices.SortFunc(l.refused, func(a, b refusedRow) int { return a.number - b.number })
	for _, r := range l.refused {
		fmt.Fprintf(l.h.err, "%s: %s: row %d: %s\n", r.code, l.file.name, r.number, r.detail)
	}
	l.refused = l.refused[:0]
}

// told tells in a line what a row changes.
func told(row api.KeyedRow, result api.LoadResult) string {
	line := fmt.Sprintf("%-8s %s", result.Change, row.Key)
	if row.EffectiveFrom != 0 {
		line += " from " + row.EffectiveFrom.String()
	}
	columns := maps.Clone(row.Row)
	maps.Copy(columns, result.Before)
	var parts []string
	for _, c := range slices.Sorted(maps.Keys(columns)) {
		switch before, after := result.Before[c], row.Row[c]; {
		case result.Change == reference.New:
			parts = append(parts, c+" "+after)
		case result.Change == reference.Changed && before != after:
			parts = append(parts, c+" "+cmp.Or(before, "nothing")+" → "+cmp.Or(after, "nothing"))
		}
	}
	if len(parts) > 0 {
		line += ": " + strings.Join(parts, "; ")
	}
	return line
}

func (l *loader) summary() error {
	for _, line := range []struct {
		name string
		n    int
	}{
		{"new", l.counts.New}, {"changed", l.counts.Changed}, {"ended", l.counts.Ended}, {"unchanged", l.counts.Unchanged}, {"refused", l.counts.Refused},
	} {
		fmt.Fprintf(l.h.out, "%-10s %d\n", line.name, line.n)
	}
	if l.client.reached > 0 && !l.dry {
		fmt.Fprintf(l.h.out, "%-10s %d\n", "position", l.client.reached)
	}
	if l.counts.Refused > 0 {
		return saidAlready{}
	}
	return nil
}

// open reads the header of the file and finds the table.
func (l *loader) open(table, name string, f loadFlags) error {
	info, ok := event.LookupTable(event.Table(table))
	if !ok {
		return fault.New(fault.BadRequest, table, "there is no such table").WithHint("heddle load --help lists the tables.")
	}
	from, err := retail.ParseDate(cmp.Or(f.from, "2006-01-02"))
	if err != nil {
		return fault.New(fault.BadRequest, "--from", "%s", fault.As(err).Detail).WithHint("Run heddle load --help.")
	}
	if f.from == "" {
		from = 0
	}
	l.file = &tableFile{name: name, table: info, from: from, reopen: func() (io.ReadCloser, error) { return l.h.openFile(name) }}
	if name == "-" { // it is read twice
		text, err := io.ReadAll(l.h.in)
		if err != nil {
			return fault.Wrap(err, fault.BadRequest, "cli.read", name)
		}
		l.file.reopen = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	}
	return nil
}

// controls reads the control totals of the flags and of the control file.
func (f loadFlags) controls() (control reference.Control, sum string, err error) {
	control.Totals = map[string]string{}
	if f.rows >= 0 {
		control.Rows = &f.rows
	}
	for _, total := range f.totals {
		column, value, ok := strings.Cut(total, "=")
		if !ok {
			return control, "", fault.New(fault.BadRequest, "--hash-total", "it is written COLUMN=SUM").WithHint("Run heddle load --help.")
		}
		control.Totals[column] = value
	}
	if f.control == "" {
		return control, "", nil
	}
	text, err := os.ReadFile(f.control)
	if err != nil {
		return control, "", unreadable(f.control, err)
	}
	sum, err = readControl(string(text), &control)
	return control, sum, err
}
