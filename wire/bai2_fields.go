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

func newBAI2Fields(lines []bai2Line) *bai2Fields {
	return &bai2Fields{lines: lines[1:], rest: lines[0].content, more: true}
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
	var parts []string
	for ; f.turn(); f.more = false {
		for part := range strings.Lines(f.rest) {
			if part = strings.TrimSpace(part); part != "" {
				parts = append(parts, part)
			}
		}
	}
	return strings.Join(parts, " ")
}

// bai2Number reads digits, with a sign where one may stand.
func bai2Number(text string, signed bool) (int64, bool) {
	digits := strings.TrimPrefix(text, "+")
	if signed && digits == text {
		digits = strings.TrimPrefix(text, "-")
	}
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
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
	funds    map[string]any
	bank     string // references and text of a transaction
	customer string
	text     string
}

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
		m.readAmount(f, true)
		m.items = f.next()
		if m.items != "" && bai2Count(m.items) < 0 {
			f.fail("an item count is no number")
		}
		m.readFunds(f)
		if m.kind == "" && m.amount != "" {
			f.fail("a summary has no type")
		}
		if m.kind != "" {
			a.summaries = append(a.summaries, m)
		}
	}
	return a, f.done(lines, limits)
}

func readBAI2Transaction(lines []bai2Line, limits Limits) (bai2Money, *bai2Problem) {
	f := newBAI2Fields(lines)
	m := bai2Money{kind: f.next()}
	if len(m.kind) != 3 || strings.Trim(m.kind, "0123456789") != "" {
		f.fail("the transaction has no type of three digits")
	}
	m.readAmount(f, false)
	m.readFunds(f)
	m.bank, m.customer = f.next(), f.next()
	m.text = f.text()
	return m, f.done(lines, limits)
}

func (m *bai2Money) readAmount(f *bai2Fields, signed bool) {
	text := f.next()
	if text == "" {
		return
	}
	n, ok := bai2Number(text, signed)
	m.minor, m.amount = n, strconv.FormatInt(n, 10)
	switch {
	case !ok:
		f.fail("an amount is no whole number of minor units")
	case len(strings.TrimPrefix(m.amount, "-")) > bai2AmountDigits:
		f.fail(fmt.Sprintf("an amount has more than %d digits", bai2AmountDigits))
	}
}

// readFunds reads the funds type and what belongs to it.
func (m *bai2Money) readFunds(f *bai2Fields) {
	kind := f.next()
	if kind == "" || f.problem != "" {
		return
	}
	m.funds = map[string]any{"type": kind}
	set := func(name, value string) {
		if value != "" {
			m.funds[name] = value
		}
	}
	part := func() string {
		var p bai2Money
		p.readAmount(f, false)
		return p.amount
	}
	switch kind {
	case "0", "1", "2", "Z":
	case "V":
		set("date", f.next())
		set("time", f.next())
	case "S":
		set("immediate", part())
		set("one_day", part())
		set("two_days", part())
	case "D":
		days := []any{}
		for n := bai2Count(f.next()); len(days) < n && f.problem == ""; {
			if !f.turn() {
				f.fail("funds are distributed over fewer days than they say")
			}
			days = append(days, map[string]any{"days": f.next(), "amount": part()})
		}
		m.funds["days"] = days
	default:
		f.fail("a funds type is none of 0, 1, 2, S, V, D and Z")
	}
}

func (m *bai2Money) tree() map[string]any {
	tree := map[string]any{"type": m.kind}
	for _, member := range []struct{ name, value string }{
		{"amount", m.amount}, {"count", m.items}, {"bank_reference", m.bank}, {"customer_reference", m.customer}, {"text", m.text},
	} {
		if member.value != "" {
			tree[member.name] = member.value
		}
	}
	if m.funds != nil {
		tree["funds"] = m.funds
	}
	return tree
}

func (a *bai2Account) tree() map[string]any {
	summaries := make([]any, len(a.summaries))
	for i := range a.summaries {
		summaries[i] = a.summaries[i].tree()
	}
	tree := map[string]any{"code": "03", "account": a.number, "summaries": summaries}
	if a.currency != "" {
		tree["currency"] = a.currency
	}
	return tree
}
