package wire

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/heddlehq/heddle/fault"
)

// bai2Line is one physical record, without its code and its end.
type bai2Line struct {
	code       string
	start, end int // in the text
	content    string
}

// bai2Codes are the codes of records.
var bai2Codes = []string{"01", "02", "03", "16", "49", "88", "98", "99"}

// Names of the fields of headers, in their order.
var (
	bai2File  = []string{"sender", "receiver", "date", "time", "id", "record_length", "block_size", "version"}
	bai2Group = []string{"receiver", "originator", "status", "date", "time", "currency", "date_modifier"}
)

// bai2AmountDigits is how many digits an amount can have, as everywhere.
const bai2AmountDigits = 15

// bai2Lines cuts a text into records. One begins on a line of its own or behind the slash of the
// one before; a line that begins none belongs to the text of the one before.
func bai2Lines(text string) []bai2Line {
	var lines []bai2Line
	begin := func(at int) {
		at += len(text[at:]) - len(strings.TrimLeft(text[at:], " \t\r"))
		if code := bai2Code(text[at:]); code != "" {
			lines = append(lines, bai2Line{code: code, start: at})
		}
	}
	first := len(text) - len(strings.TrimLeft(text, x12Blank))
	if begin(first); len(lines) == 0 {
		return nil
	}
	for at := first; at < len(text); at++ {
		switch c := text[at]; {
		case c == '\n':
			begin(at + 1)
		case c == '/' && at+1 < len(text) && (text[at+1] == ' ' || text[at+1] == '\t'):
			if rest := strings.TrimLeft(text[at+1:], " \t"); bai2Code(rest) != "" {
				begin(len(text) - len(rest))
			}
		}
	}
	for i := range lines {
		next := len(text)
		if i+1 < len(lines) {
			next = lines[i+1].start
		}
		l := &lines[i]
		written := strings.TrimRight(text[l.start:next], x12Blank)
		l.end = l.start + len(written)
		l.content = strings.TrimSuffix(written[len("16,"):], "/")
	}
	return lines
}

// bai2Code returns the code with which a record begins, or nothing.
func bai2Code(text string) string {
	if len(text) < 3 || text[2] != ',' || !slices.Contains(bai2Codes, text[:2]) {
		return ""
	}
	return text[:2]
}

// bai2Fields reads the fields of a record and its continuations one by one.
type bai2Fields struct {
	lines   []bai2Line // that follow
	rest    string
	more    bool // rest has a field, be it an empty one
	count   int
	problem string // the first thing that is wrong
}

func newBAI2Fields(lines []bai2Line) bai2Fields {
	return bai2Fields{lines: lines[1:], rest: lines[0].content, more: true}
}

// turn goes on to the next line where this one has no more fields.
func (f *bai2Fields) turn() bool {
	if !f.more && len(f.lines) > 0 {
		f.rest, f.lines, f.more = f.lines[0].content, f.lines[1:], true
	}
	return f.more
}

// next returns the next field; there are empty ones for ever at the end.
func (f *bai2Fields) next() string {
	if !f.turn() {
		return ""
	}
	f.count++
	var field string
	field, f.rest, f.more = strings.Cut(f.rest, ",")
	return strings.TrimSpace(field)
}

func (f *bai2Fields) fail(problem string) {
	if f.problem == "" {
		f.problem = problem
	}
}

// done is what was wrong with the record, or nil.
func (f *bai2Fields) done(lines []bai2Line, limits Limits) *bai2Problem {
	switch {
	case f.count > limits.Values:
		return &bai2Problem{fault.TooLarge, lines[0].start, fmt.Sprintf("a record has more than %d fields", limits.Values)}
	case f.problem != "":
		return &bai2Problem{fault.BadSyntax, lines[0].start, f.problem}
	}
	return nil
}

// text returns everything that is left.
func (f *bai2Fields) text() string {
	var joined strings.Builder
	text := ""
	for ; f.turn(); f.more = false {
		for part := range strings.Lines(f.rest) {
			switch part = strings.TrimSpace(part); {
			case part == "":
			case text == "":
				text = part
			default:
				if joined.Len() == 0 {
					joined.WriteString(text)
				}
				joined.WriteByte(' ')
				joined.WriteString(part)
			}
		}
	}
	if joined.Len() > 0 {
		return joined.String()
	}
	return text
}

func allDigits(text string) bool {
	for _, c := range []byte(text) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// bai2Number reads digits, with a sign where one may stand.
func bai2Number(text string, signed bool) (int64, bool) {
	digits := strings.TrimPrefix(text, "+")
	if signed && digits == text {
		digits = strings.TrimPrefix(text, "-")
	}
	if digits == "" || !allDigits(digits) {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}

// bai2Money is a summary of an account or a transaction.
type bai2Money struct {
	kind     string // the type code
	minor    int64
	amount   string // canonical; empty where there is none
	items    string // of a summary
	funds    bai2Funds
	bank     string // references of a transaction
	customer string
}

// bai2Funds says when money is available.
type bai2Funds struct {
	kind       string
	date, time string    // V
	parts      [3]string // S
	days       []bai2Day // D
}

// bai2Day is an amount that is available after a number of days.
type bai2Day struct{ days, amount string }

// bai2Account is an account identifier.
type bai2Account struct {
	number, currency string
	summaries        []bai2Money
}

func readBAI2Account(lines []bai2Line, limits Limits) (bai2Account, *bai2Problem) {
	f := newBAI2Fields(lines)
	a := bai2Account{number: f.next(), currency: f.next()}
	if a.number == "" {
		f.fail("the account has no number")
	}
	for f.turn() && f.problem == "" {
		m := bai2Money{kind: f.next()}
		m.minor, m.amount = f.amount(true)
		m.items = f.next()
		if m.items != "" && bai2Count(m.items) < 0 {
			f.fail("an item count is no number")
		}
		m.funds = f.funds()
		if m.kind == "" && m.amount != "" {
			f.fail("a summary has no type")
		}
		if m.kind != "" {
			a.summaries = append(a.summaries, m)
		}
	}
	return a, f.done(lines, limits)
}

// readBAI2Transaction reads a transaction up to its text, which the fields that it returns have.
func readBAI2Transaction(lines []bai2Line, limits Limits) (bai2Money, bai2Fields, *bai2Problem) {
	f := newBAI2Fields(lines)
	m := bai2Money{kind: f.next()}
	if len(m.kind) != 3 || !allDigits(m.kind) {
		f.fail("the transaction has no type of three digits")
	}
	m.minor, m.amount = f.amount(false)
	m.funds = f.funds()
	m.bank, m.customer = f.next(), f.next()
	problem := f.done(lines, limits)
	return m, f, problem
}

// amount reads an amount in minor units and its canonical text.
func (f *bai2Fields) amount(signed bool) (int64, string) {
	text := f.next()
	if text == "" {
		return 0, ""
	}
	n, ok := bai2Number(text, signed)
	digits := strings.TrimLeft(text, "+-0")
	switch {
	case !ok:
		f.fail("an amount is no whole number of minor units")
	case len(digits) > bai2AmountDigits:
		f.fail(fmt.Sprintf("an amount has more than %d digits", bai2AmountDigits))
	case n < 0:
		digits = "-" + digits
	case n == 0:
		digits = "0"
	}
	return n, digits
}

// funds reads a funds type and what belongs to it.
func (f *bai2Fields) funds() bai2Funds {
	funds := bai2Funds{kind: f.next()}
	switch funds.kind {
	case "", "0", "1", "2", "Z":
	case "V":
		funds.date, funds.time = f.next(), f.next()
	case "S":
		for i := range funds.parts {
			_, funds.parts[i] = f.amount(false)
		}
	case "D":
		for n := bai2Count(f.next()); len(funds.days) < n && f.problem == ""; {
			if !f.turn() {
				f.fail("funds are distributed over fewer days than they say")
			}
			day := bai2Day{days: f.next()}
			_, day.amount = f.amount(false)
			funds.days = append(funds.days, day)
		}
	default:
		f.fail("a funds type is none of 0, 1, 2, S, V, D and Z")
	}
	return funds
}

// setText sets a member that is not blank.
func setText(tree map[string]any, name, value string) {
	if value != "" {
		tree[name] = value
	}
}

func (m *bai2Money) tree() map[string]any {
	tree := map[string]any{"type": m.kind}
	setText(tree, "amount", m.amount)
	setText(tree, "count", m.items)
	setText(tree, "bank_reference", m.bank)
	setText(tree, "customer_reference", m.customer)
	if m.funds.kind != "" {
		tree["funds"] = m.funds.tree()
	}
	return tree
}

func (f *bai2Funds) tree() map[string]any {
	tree := map[string]any{"type": f.kind}
	setText(tree, "date", f.date)
	setText(tree, "time", f.time)
	for i, name := range []string{"immediate", "one_day", "two_days"} {
		setText(tree, name, f.parts[i])
	}
	if f.kind == "D" {
		days := make([]any, len(f.days))
		for i, day := range f.days {
			object := map[string]any{}
			setText(object, "days", day.days)
			setText(object, "amount", day.amount)
			days[i] = object
		}
		tree["days"] = days
	}
	return tree
}

func (a *bai2Account) tree() map[string]any {
	summaries := make([]any, len(a.summaries))
	for i := range a.summaries {
		summaries[i] = a.summaries[i].tree()
	}
	tree := map[string]any{"code": "03", "summaries": summaries}
	setText(tree, "account", a.number)
	setText(tree, "currency", a.currency)
	return tree
}
