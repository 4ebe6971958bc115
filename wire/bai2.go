package wire

import (
	"fmt"
	"iter"
	"math"
	"strconv"

	"github.com/heddlehq/heddle/fault"
)

// BAI2Options says how a file is written.
type BAI2Options struct {
	// Encoding is how the file is encoded where it has no byte order mark; empty is UTF-8.
	Encoding Encoding
}

// BAI2 opens a bank's report in the second version of the format of the Bank Administration
// Institute. Each account (03) and each transaction (16) is a record, with its continuations (88),
// so that one that cannot be read does not take the others along:
//
//	{"code": "03", "account": "0012345", "currency": "USD",
//	 "summaries": [{"type": "010", "amount": "-3500", "count": "2", "funds": {…}}]}
//	{"code": "16", "type": "142", "amount": "2500", "funds": {"type": "V", "date": "261123"},
//	 "bank_reference": "…", "customer_reference": "…", "text": "…"}
//
// What is blank is left out. Amounts are in minor units without leading zeros; that of a
// transaction has no sign, because its type says whether it is a credit. Funds have their type
// and what belongs to it: "date" and "time" for V; "immediate", "one_day" and "two_days" for S;
// "days", an array of {"days", "amount"}, for D. Dates are YYMMDD as the bank wrote them. The text
// of several lines is joined by spaces.
//
// The envelope of an account is {"file": …, "group": …}, and that of a transaction has the
// "account" too. The number of a record counts accounts of a group and transactions of an account.
//
// Control totals and counts have to be right: one that is not takes along what it covers, because
// it is not known what is missing or altered. Another total is V-BAL-02 and names both, a wrong
// count is H-SYNTAX. Where a record below cannot be read, its amount is not known, and only the
// counts are compared.
func BAI2(body []byte, options BAI2Options, limits Limits) (*Document, error) {
	src, err := open(body, options.Encoding, &limits)
	if err != nil {
		return nil, err
	}
	r := &bai2Reader{source: src, lines: bai2Lines(string(src.text)), limits: limits}
	if err := r.document(); err != nil {
		return nil, err
	}
	return &Document{records: r.records()}, nil
}

// bai2Reader reads a file twice: first for its structure and its totals, then record by record.
type bai2Reader struct {
	source source
	lines  []bai2Line
	limits Limits
	spans  []bai2Span
	// What is open; nil where nothing is.
	file, group, account *bai2Block
}

// bai2Block is a file, a group or an account while it is open, and afterwards.
type bai2Block struct {
	code     string // that of its first record
	header   []bai2Line
	parent   *bai2Block
	tree     map[string]any
	envelope map[string]any // of what is directly in it
	spans    int            // how many spans there were when it began
	lines    int            // physical records
	children int            // groups, accounts or transactions
	total    int64
	doubtful bool // an amount below is not known
	problem  *bai2Problem
}

// bai2Problem is what is wrong with a record or a block.
type bai2Problem struct {
	code   fault.Code
	at     int // in the text
	detail string
}

// bai2Span is a record of the document.
type bai2Span struct {
	lines   []bai2Line
	block   *bai2Block // the innermost that a trailer covers it with
	number  int
	problem *bai2Problem
}

// document reads the structure.
func (r *bai2Reader) document() error {
	if len(r.lines) == 0 || r.lines[0].code != "01" {
		return syntax(r.source.base, "it does not begin with a file header, 01")
	}
	for rest := r.lines; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].code == "88" {
			n++
		}
		r.record(rest[:n])
		rest = rest[n:]
		if len(r.spans) > r.limits.Records {
			return tooLarge(r.source.places().of(r.spans[len(r.spans)-1].lines[0].start), "it has more than %d records", r.limits.Records)
		}
	}
	r.end(r.file, nil)
	return nil
}

// record takes in one record with its continuations.
func (r *bai2Reader) record(lines []bai2Line) {
	switch lines[0].code {
	case "01":
		r.end(r.file, nil)
		r.file = r.begin(nil, lines, bai2File)
		if version := r.file.tree["version"]; version != "2" {
			r.file.fail(bai2Problem{fault.BadSyntax, lines[0].start, "the file is not of version 2"})
		}
	case "02":
		r.end(r.group, nil)
		if r.inside(r.file, lines) {
			r.group = r.begin(r.file, lines, bai2Group)
		}
	case "03":
		r.end(r.account, nil)
		if r.inside(r.group, lines) {
			r.beginAccount(lines)
		}
	case "16":
		if r.inside(r.account, lines) {
			r.addTransaction(lines)
		}
	case "49":
		r.trailer(r.account, lines)
	case "98":
		r.end(r.account, nil)
		r.trailer(r.group, lines)
	case "99":
		r.end(r.group, nil)
		r.trailer(r.file, lines)
	default:
		r.inside(nil, lines)
	}
}

// inside reports whether a record's block is open, and counts its lines there. A record that
// stands nowhere is an error of its own.
func (r *bai2Reader) inside(block *bai2Block, lines []bai2Line) bool {
	if block == nil {
		problem := &bai2Problem{fault.BadSyntax, lines[0].start, "a record " + lines[0].code + " does not belong here"}
		r.spans = append(r.spans, bai2Span{lines: lines, problem: problem})
		for _, around := range []*bai2Block{r.account, r.group, r.file} {
			if around != nil {
				around.count(len(lines))
				break
			}
		}
		return false
	}
	block.count(len(lines))
	return true
}

// count counts physical records in a block and in all around it.
func (b *bai2Block) count(lines int) {
	for ; b != nil; b = b.parent {
		b.lines += lines
	}
}

// doubt notes that an amount in a block is not known.
func (b *bai2Block) doubt() {
	for ; b != nil; b = b.parent {
		b.doubtful = true
	}
}

// fail notes what is wrong with a block; the first thing counts.
func (b *bai2Block) fail(p bai2Problem) {
	if b.problem == nil {
		b.problem = &p
	}
}

// add adds to a block's total.
func (b *bai2Block) add(amount int64) {
	sum := b.total + amount
	if (sum > b.total) != (amount > 0) && amount != 0 {
		b.doubtful = true // more than 64 bits hold: nothing to compare with
	}
	b.total = sum
}

// begin opens a file or a group. The blocks around it have counted its lines.
func (r *bai2Reader) begin(parent *bai2Block, lines []bai2Line, names []string) *bai2Block {
	fields := newBAI2Fields(lines)
	b := &bai2Block{code: lines[0].code, header: lines, parent: parent, tree: map[string]any{}, spans: len(r.spans), lines: len(lines)}
	for _, name := range names {
		if value := fields.next(); value != "" {
			b.tree[name] = value
		}
	}
	if parent != nil {
		parent.children++
		b.envelope = map[string]any{"file": parent.tree, "group": b.tree}
	}
	return b
}

func (r *bai2Reader) beginAccount(lines []bai2Line) {
	b := &bai2Block{code: "03", header: lines, parent: r.group, spans: len(r.spans), lines: len(lines)}
	r.account = b
	r.group.children++
	account, problem := readBAI2Account(lines, r.limits)
	if problem != nil {
		b.doubt()
		if account.number == "" { // nobody knows whose the transactions are
			b.fail(*problem)
		}
	}
	for _, s := range account.summaries {
		b.add(s.minor)
	}
	b.envelope = map[string]any{"file": r.file.tree, "group": r.group.tree, "account": account.tree()}
	r.spans = append(r.spans, bai2Span{lines: lines, block: b, number: r.group.children, problem: problem})
}

func (r *bai2Reader) addTransaction(lines []bai2Line) {
	r.account.children++
	transaction, _, problem := readBAI2Transaction(lines, r.limits)
	if problem != nil {
		r.account.doubt()
	}
	r.account.add(transaction.minor)
	r.spans = append(r.spans, bai2Span{lines: lines, block: r.account, number: r.account.children, problem: problem})
}

// trailer ends a block with its trailer.
func (r *bai2Reader) trailer(b *bai2Block, lines []bai2Line) {
	if r.inside(b, lines) {
		r.end(b, lines)
	}
}

// end ends a block that is open, with its trailer or without, and what is open in it.
func (r *bai2Reader) end(b *bai2Block, trailer []bai2Line) {
	if b == nil {
		return
	}
	switch b {
	case r.file:
		r.end(r.group, nil)
		r.file = nil
	case r.group:
		r.end(r.account, nil)
		r.group = nil
	case r.account:
		r.account = nil
	}
	if trailer == nil {
		b.fail(bai2Problem{fault.BadSyntax, r.lastEnd(), "the " + bai2Names[b.code] + " ends without its trailer"})
		b.doubt()
	} else {
		b.compare(trailer)
	}
	if b.problem != nil && len(r.spans) == b.spans { // nothing in it can say so
		r.spans = append(r.spans, bai2Span{lines: b.header, problem: b.problem})
	}
}

// bai2Names are what people call the blocks.
var bai2Names = map[string]string{"01": "file", "02": "group", "03": "account"}

func (r *bai2Reader) lastEnd() int { return r.lines[len(r.lines)-1].end }

// compare compares a block with its trailer: the control total, what is counted in it (groups or
// accounts; an account's trailer has no such number) and the physical records.
func (b *bai2Block) compare(trailer []bai2Line) {
	fields, at := newBAI2Fields(trailer), trailer[0].start
	total, ok := bai2Number(fields.next(), true)
	children := strconv.Itoa(b.children)
	if b.code != "03" {
		children = fields.next()
	}
	lines := fields.next()
	switch {
	case !ok:
		b.fail(bai2Problem{fault.BadSyntax, at, "the control total of the " + bai2Names[b.code] + " is no number"})
		b.parent.doubt()
	case bai2Count(children) != b.children:
		b.fail(bai2Problem{fault.BadSyntax, at, fmt.Sprintf("%s counts %s blocks; there are %d", trailer[0].code, said(children), b.children)})
	case bai2Count(lines) != b.lines:
		b.fail(bai2Problem{fault.BadSyntax, at, fmt.Sprintf("%s counts %s records; there are %d", trailer[0].code, said(lines), b.lines)})
	case !b.doubtful && total != b.total:
		b.fail(bai2Problem{fault.HeaderUnequal, at, fmt.Sprintf("the control total of %s is %d; what it covers adds up to %d", trailer[0].code, total, b.total)})
	}
	if ok && b.parent != nil {
		b.parent.add(total)
	}
}

// bai2Count is a count, or −1.
func bai2Count(text string) int {
	n, ok := bai2Number(text, false)
	if !ok || n > math.MaxInt32 {
		return -1
	}
	return int(n)
}

// records yields the accounts and transactions, and what is none.
func (r *bai2Reader) records() iter.Seq[Record] {
	return func(yield func(Record) bool) {
		places := r.source.places()
		for _, span := range r.spans {
			record := Record{Start: places.of(span.lines[0].start), End: places.of(span.lines[len(span.lines)-1].end), Number: span.number, Kind: span.lines[0].code}
			problem := span.problem
			for b := span.block; b != nil && problem == nil; b = b.parent {
				problem = b.problem
			}
			switch {
			case problem != nil:
				record.Err = fault.New(problem.code, "byte "+strconv.FormatInt(r.source.places().of(problem.at), 10), "%s", problem.detail)
			case record.Kind == "03":
				account, _ := readBAI2Account(span.lines, r.limits)
				record.Tree, record.Envelope = account.tree(), span.block.parent.envelope
			default:
				transaction, rest, _ := readBAI2Transaction(span.lines, r.limits)
				tree := transaction.tree()
				tree["code"] = record.Kind
				setText(tree, "text", rest.text())
				record.Tree, record.Envelope = tree, span.block.envelope
			}
			if !yield(record) {
				return
			}
		}
	}
}
