package reference_test

import (
	"flag"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// rows keeps reference documents in memory.
type rows map[string][]byte

func (r rows) Get(_, key string) []byte { return r[key] }

// TestTables plays each file of testdata: operations, a line of dashes, and what they give.
//
//	set TABLE KEY [from DAY] [COLUMN=VALUE…]    no columns end the key
//	digits CODE                                 as a GTIN and as a GLN
//	item|location|vendor SYSTEM CODE [on DAY] [of VENDOR]
//	units ITEM QUANTITY UNIT [on DAY]
//	fee|stock|return|disposition SYSTEM CODE
//	history TABLE KEY
func TestTables(t *testing.T) {
	texttable.Check(t, "testdata/*.txt", *update, func(t *testing.T, in string) string {
		p := &player{t: t, rows: rows{}}
		for line := range strings.Lines(in) {
			if line = strings.TrimSpace(line); line != "" && line[0] != '#' {
				fmt.Fprintf(&p.out, "%-58s %s\n", line, p.play(strings.Fields(line)))
			}
		}
		return p.out.String()
	})
}

// player plays the operations of one file.
type player struct {
	t    *testing.T
	rows rows
	sets int64
	out  strings.Builder
}

func (p *player) play(words []string) string {
	day, words := p.after(words, "on")
	vendor, words := cut(words, "of")
	book := reference.NewBook(p.rows)
	defer func() {
		if err := book.Err(); err != nil {
			p.t.Error(err)
		}
	}()
	switch verb, rest := words[0], words[1:]; verb {
	case "set":
		return p.set(rest)
	case "digits":
		return digits(rest[0])
	case "history":
		key, err := reference.CanonicalKey(event.Table(rest[0]), rest[1])
		if err != nil {
			return refusal(err)
		}
		return string(p.rows[reference.RowKey(event.Table(rest[0]), key)])
	case "units":
		return p.units(book, rest, day)
	case "item", "location", "vendor":
		return find(book, verb, reference.Naming{System: retail.SystemID(rest[0]), Vendor: vendor}, rest[1], day)
	default:
		return meant(book, verb, retail.SystemID(rest[0]), rest[1], day)
	}
}

func (p *player) set(words []string) string {
	from, words := p.after(words, "from")
	row := event.Row{}
	for _, w := range words[2:] {
		column, value, _ := strings.Cut(w, "=")
		row[column] = value
	}
	set := &event.ReferenceSet{Table: words[0], RowKey: words[1], EffectiveFrom: from, Row: row, Author: "ann"}
	if err := reference.CheckValues(set); err != nil {
		return refusal(err)
	}
	p.sets++
	e := reference.NewEvent(set, "test", time.Unix(0, 0))
	key, doc, err := reference.Apply(p.rows, e.Data.(*event.ReferenceSet), p.sets)
	if err != nil {
		return refusal(err)
	}
	p.rows[key] = doc
	return e.Key
}

func (p *player) units(book *reference.Book, words []string, day retail.Date) string {
	row, _ := book.Row(event.TableItems, words[0], day)
	q, err := retail.ParseQuantity(words[1])
	if err != nil {
		p.t.Fatal(err)
	}
	q, err = book.InBase(retail.ItemID(words[0]), row, retail.Unit(words[2]), q, day)
	if err != nil {
		return refusal(err)
	}
	return q.String()
}

// after cuts "WORD DAY" out of the words.
func (p *player) after(words []string, word string) (retail.Date, []string) {
	text, words := cut(words, word)
	if text == "" {
		return 0, words
	}
	day, err := retail.ParseDate(text)
	if err != nil {
		p.t.Fatal(err)
	}
	return day, words
}

// cut cuts "WORD VALUE" out of the words.
func cut(words []string, word string) (value string, rest []string) {
	for i, w := range words {
		if i > 0 && w == word && i+1 < len(words) {
			return words[i+1], append(append([]string{}, words[:i]...), words[i+2:]...)
		}
	}
	return "", words
}

func digits(code string) string {
	gtin, isGTIN := reference.GTIN(code)
	gln, isGLN := reference.GLN(code)
	if !isGTIN && !isGLN {
		return strings.TrimSpace("neither " + reference.Doubt(code))
	}
	return strings.TrimSpace("GTIN " + gtin + strings.Repeat(" GLN "+gln, len(gln)/13))
}

func find(book *reference.Book, verb string, n reference.Naming, code string, day retail.Date) string {
	switch verb {
	case "vendor":
		return book.Vendor(n.System, code, day)
	case "location":
		id, _, ok := book.Location(n, code, day)
		return string(id) + unless(ok)
	}
	id, _, ok := book.Item(n, code, day)
	return string(id) + unless(ok)
}

func unless(known bool) string {
	if known {
		return ""
	}
	return " is not known"
}

func meant(book *reference.Book, verb string, system retail.SystemID, code string, day retail.Date) string {
	var got string
	var ok bool
	switch verb {
	case "fee":
		got, ok = book.Fee(system, code, day)
	case "stock":
		got, ok = book.StockReason(system, code, day)
	case "return":
		got, ok = book.ReturnReason(system, code, day)
	case "disposition":
		var d event.Disposition
		d, ok = book.Disposition(system, code, day)
		got = string(d)
	}
	if !ok {
		return "nothing tells (" + strconv.Quote(got) + ")"
	}
	return got
}

func refusal(err error) string {
	f := fault.As(err)
	return string(f.Code) + " " + f.Subject + ": " + f.Detail
}
