package posting_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestTables plays each file of testdata: facts, a line of dashes, and what they post.
//
// A line that begins with "+" belongs to the step before it, whose entries are printed
// together as the rule book does. Words in capitals below are the reader's own:
//
//	currency USD
//	opening VALUE                           P51O
//	receipt RECEIPT LINE PO|- VENDOR VALUE  P30
//	adjust REASON VALUE                     P51
//	trueup VALUE                            P60
//	cost VALUE                              P02
//	restock VALUE                           P05
//	order ID [inclusive]                    then indented lines, to "total"; posts nothing
//	sale KEY [inclusive]                    the same; posts nothing yet
//	  line NO QTY GROSS [less AMOUNT[:FUNDING]]… = NET [tax [?]CODE[@PERCENT] AMOUNT]…
//	  shipping AMOUNT [tax …]
//	  tender CLASS AMOUNT [REFERENCE]
//	  rounding AMOUNT
//	  total AMOUNT
//	resolve DOCUMENT CODE JURISDICTION      maps a tax code that "?" left open
//	sell SALE LINE…                         P01
//	capture ORDER AMOUNT CLASS PROCESSOR REFERENCE             P16
//	fulfil ORDER LINE QTY                                      P17
//	return DOCUMENT LINE QTY RETURN NET [tax …]… [taxes AMOUNT] [to CLASS AMOUNT]…  P04
//	refund RETURN AMOUNT CLASS PROCESSOR REFERENCE             P21
//	settle GROSS FEE CLASS PROCESSOR REFERENCE PAYOUT          P70, P74
//	payout PROCESSOR PAYOUT AMOUNT                             P72
//	bank LINE AMOUNT [PAYOUT]                                  P73; P80 without payout
//	match LINE AMOUNT PAYOUT                                   P73M
//	reclass, reverse                                           P92, P92R
//	open, balance                           clearing keys that are not zero; trial balance
func TestTables(t *testing.T) {
	texttable.Check(t, "testdata/*.txt", *update, play)
}

// book is what the facts of one table have made.
type book struct {
	t       *testing.T
	setting posting.Setting
	chart   *ledger.Chart
	out     strings.Builder

	orders map[string]*posting.Order
	sales  map[string]*posting.Sold
	draft  *document // the order or sale that is being read

	entries []*ledger.Entry
	step    []*ledger.Entry // of the step that is not printed yet
	title   string
	faults  []string
	reclass []posting.Draft
}

func play(t *testing.T, in string) string {
	t.Helper()
	b := &book{t: t, chart: ledger.NewChart(), orders: map[string]*posting.Order{}, sales: map[string]*posting.Sold{}}
	b.setting = posting.Setting{Store: "S1", Channel: "STORE", Currency: "USD"}
	if err := b.chart.Set("*·*", 0, ledger.Account{Code: "{role}"}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(in) {
		line, _, _ = strings.Cut(line, "#")
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		if words[0] == "+" {
			b.title += "\n" + strings.Join(words, " ")
			words = words[1:]
		} else if !strings.HasPrefix(line, " ") {
			b.flush()
			b.title = strings.Join(words, " ")
		}
		b.apply(words)
	}
	b.flush()
	return b.out.String()
}

// flush prints the step.
func (b *book) flush() {
	if len(b.step) > 0 || len(b.faults) > 0 {
		b.out.WriteString(b.title + "\n")
		if len(b.step) > 0 {
			b.out.WriteString("    " + ledger.Notation(b.step) + "\n")
		}
		for _, f := range b.faults {
			b.out.WriteString("    " + f + "\n")
		}
	}
	b.step, b.faults = nil, nil
}

// apply plays a line on copies of the documents and keeps them only where nothing was
// refused, as booking does. Copies are made by the JSON form, which has to hold everything.
func (b *book) apply(words []string) {
	orders, sales, faults := maps.Clone(b.orders), maps.Clone(b.sales), len(b.faults)
	for id, o := range b.orders {
		b.orders[id] = roundTrip(b.t, o)
	}
	for key, s := range b.sales {
		b.sales[key] = roundTrip(b.t, s)
	}
	b.do(words)
	if len(b.faults) > faults {
		b.orders, b.sales = orders, sales
	}
}

func roundTrip[T any](t *testing.T, in *T) *T {
	t.Helper()
	first, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	out := new(T)
	if err := json.Unmarshal(first, out); err != nil {
		t.Fatal(err)
	}
	if second, err := json.Marshal(out); err != nil || !bytes.Equal(first, second) {
		t.Fatalf("%s\nreads back as\n%s, %v", first, second, err)
	}
	return out
}

// post makes entries of drafts, or notes the fault.
func (b *book) post(err error, drafts ...posting.Draft) {
	if err != nil {
		b.fail(err)
		return
	}
	for _, d := range drafts {
		if d.IsZero() {
			continue
		}
		e, err := d.Entry(posting.Cause{
			Event: fmt.Sprintf("event-%03d", len(b.entries)), Entity: "LE1", Functional: b.setting.Currency,
			Dates: ledger.Dates{Accounting: 20260630, Business: 20260630, TaxPoint: 20260630},
		}, b.chart)
		if err != nil {
			b.fail(err)
			continue
		}
		b.entries, b.step = append(b.entries, e), append(b.step, e)
	}
}

func (b *book) fail(err error) {
	f := fault.As(err)
	if f.Code == fault.InternalError {
		b.t.Fatalf("%s: %v", b.title, err)
	}
	b.faults = append(b.faults, fmt.Sprintf("%s %s: %s", f.Code, f.Subject, f.Detail))
}

func (b *book) minor(text string) int64 {
	a, err := money.Parse(text, b.setting.Currency)
	if err != nil {
		b.t.Fatalf("%s: %v", b.title, err)
	}
	return a.Minor
}

func (b *book) quantity(text string) retail.Quantity {
	q, err := retail.ParseQuantity(text)
	if err != nil {
		b.t.Fatalf("%s: %v", b.title, err)
	}
	return q
}

func (b *book) goods(value string) posting.Goods {
	return posting.Goods{Value: b.minor(value), Scope: "LE1/S1", Class: "MAIN", Department: "D1"}
}

// do plays one line.
func (b *book) do(words []string) {
	w := append(slices.Clone(words), "", "", "", "", "", "", "")
	s := b.setting
	switch w[0] {
	case "currency":
		b.setting.Currency = money.Currency(w[1])
	case "opening":
		b.post(nil, posting.OpeningLoad(s, "1", b.goods(w[1])))
	case "receipt":
		b.post(nil, posting.ReceiptAtCost(s, posting.Receipt{
			Receipt: w[1], Line: w[2], Purchase: strings.Trim(w[3], "-"), Vendor: strings.Trim(w[4], "-"), Goods: b.goods(w[5])}))
	case "adjust":
		d, err := posting.Adjustment(s, "1", w[1], b.goods(w[2]))
		b.post(err, d)
	case "trueup":
		b.post(nil, posting.TrueUp(s, "1", "NEGATIVE", b.goods(w[1])))
	case "cost":
		b.post(nil, posting.CostOfSale(s, "1", b.goods(w[1])))
	case "restock":
		b.post(nil, posting.ReturnCost(s, "1", b.goods(w[1])))
	case "order", "sale", "line", "shipping", "tender", "rounding", "total", "resolve", "sell":
		b.doDocument(words, w)
	case "capture", "fulfil", "return":
		b.doPart(words, w)
	case "open":
		b.printOpen()
	case "balance":
		if err := ledger.TrialBalanceOf(b.entries).WriteText(&b.out); err != nil {
			b.t.Fatal(err)
		}
	default:
		b.doTreasury(w)
	}
}

func (b *book) doTreasury(w []string) {
	s := b.setting
	switch w[0] {
	case "refund":
		d, err := posting.Refund(s, w[1], tender(w[3:]), b.minor(w[2]))
		b.post(err, d)
	case "settle":
		gross, fee := b.minor(w[1]), b.minor(w[2])
		d, err := posting.Settled(s, posting.Settlement{Of: tender(w[3:]), Payout: w[6], Gross: gross, Fee: fee, Net: gross - fee})
		b.post(err, d)
	case "payout":
		b.post(nil, posting.PaidOut(s, posting.Payout{Processor: w[1], Payout: w[2], BankAccount: "ACC", Minor: b.minor(w[3])}))
	case "bank":
		line := posting.BankLine{Account: "ACC", Key: w[1], Source: "bank", Minor: b.minor(w[2])}
		if w[3] == "" {
			b.post(nil, posting.BankUnmatched(s, line))
			return
		}
		b.post(nil, posting.BankMatched(s, line, w[3]))
	case "match":
		b.post(nil, posting.BankMatchedLater(s, posting.BankLine{Account: "ACC", Key: w[1], Source: "bank", Minor: b.minor(w[2])}, w[3]))
	case "reclass":
		b.reclass = nil
		for _, item := range posting.ReclassItems(b.open()) {
			item.Customer = "customer of " + item.Order
			b.reclass = append(b.reclass, posting.Reclass(s, item))
		}
		b.post(nil, b.reclass...)
	case "reverse":
		for _, d := range b.reclass {
			b.post(nil, d.Mirror(posting.P92R))
		}
	default:
		b.t.Fatalf("what is %q?", w[0])
	}
}

func tender(w []string) posting.Tender {
	return posting.Tender{Class: posting.TenderClass(w[0]), Processor: w[1], Reference: w[2], Programme: w[3], Issuer: "LE1"}
}

func (b *book) open() []ledger.Open {
	var rows []ledger.Open
	for _, e := range b.entries {
		rows = append(rows, e.Clearing()...)
	}
	return ledger.OpenItems(rows)
}

func (b *book) printOpen() {
	items := b.open()
	if len(items) == 0 {
		b.out.WriteString("every clearing key is zero\n")
	}
	for _, o := range items {
		fmt.Fprintf(&b.out, "open %s %s %s\n", o.Role, o.Key, money.Of(o.Minor, o.Currency))
	}
}
