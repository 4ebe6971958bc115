package cost_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"strings"
	"testing"

	"github.com/heddlehq/heddle/cost"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/internal/texttable"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

var update = flag.Bool("update", false, "rewrite the expectations in testdata")

// TestTables plays each file of testdata: operations, a line of dashes, and the table that
// they have to give. The operations are
//
//	currency CODE                    of all pools; the first line
//	scope NAME                       changes to another pool
//	receive RECEIPT QTY VALUE
//	issue ISSUE QTY [FALLBACK]       FALLBACK is a unit cost
//	return ISSUE QTY                 by lineage, into the scope of the moment
//	gain QTY [FALLBACK]              a count gain, or a return without lineage
//	layers                           shows the shadow of the receipts
//
// In the table, "booked" is what goes to INVENTORY: a debit, or a credit as a negative
// figure. "inventory" is the balance after it: the value in stock less the open value.
func TestTables(t *testing.T) {
	texttable.Check(t, "testdata/*.txt", *update, play)
}

// book is what the operations of one table have made.
type book struct {
	t        *testing.T
	currency money.Currency
	pools    map[string]*cost.Pool
	issues   map[cost.IssueID]*cost.Issued
	pool     *cost.Pool
	out      strings.Builder
}

func play(t *testing.T, in string) string {
	t.Helper()
	b := &book{t: t, pools: map[string]*cost.Pool{}, issues: map[cost.IssueID]*cost.Issued{}}
	fmt.Fprintf(&b.out, "%-24s %10s | %9s %10s | %9s %10s | %10s %14s\n", "", "booked", "in stock", "value", "open", "value", "inventory", "last cost")
	for line := range strings.Lines(in) {
		line, _, _ = strings.Cut(line, "#")
		if words := strings.Fields(line); len(words) > 0 {
			b.do(strings.Join(words, " "), words)
		}
	}
	return b.out.String()
}

// do plays one line and prints its rows.
func (b *book) do(line string, words []string) {
	b.t.Helper()
	switch words[0] {
	case "currency":
		b.currency = money.Currency(words[1])
		b.enter("")
		return
	case "scope":
		b.enter(words[1])
		fmt.Fprintln(&b.out, line)
		return
	case "layers":
		for _, l := range b.pool.Shadow {
			text := fmt.Sprintf("  layer %-16s %10s", l.Receipt, l.Left)
			if l.Receipt != "" {
				text += " of " + l.Received.String()
			}
			fmt.Fprintln(&b.out, text)
		}
		return
	}
	stored, before := b.stored(), b.pool.Inventory()
	booked, trueUps, err := b.move(words)
	if err != nil {
		fmt.Fprintf(&b.out, "%-24s %10s\n", line, fault.As(err).Code)
		if now := b.stored(); now != stored {
			b.t.Fatalf("%s: the refusal changed the pool from %s to %s", line, stored, now)
		}
		return
	}
	b.row(line, booked)
	if issued := b.issues[cost.IssueID(words[1])]; words[0] == "issue" && issued.Provisional > 0 {
		fmt.Fprintf(&b.out, "  %s %19s | %s provisional at %s\n", fault.StockNegative, "", issued.Provisional, b.amount(issued.ProvisionalValue))
	}
	for _, u := range trueUps {
		b.issues[u.Issue].Settle(u)
		booked -= u.Difference()
		fmt.Fprintf(&b.out, "  true-up %-14s %10s | %s actual %s, provisional %s\n",
			u.Issue, b.amount(-u.Difference()), u.Qty, b.amount(u.Actual), b.amount(u.Provisional))
	}
	if err := b.pool.Check(); err != nil {
		b.t.Fatal(err)
	}
	if got := b.pool.Inventory() - before; got != booked {
		b.t.Fatalf("%s: the pool moved by %d, and %d was booked", line, got, booked)
	}
}

// move plays an operation on the pool and returns what it books to INVENTORY.
func (b *book) move(words []string) (booked int64, trueUps []cost.TrueUp, err error) {
	switch words[0] {
	case "receive":
		booked = b.minor(words[3])
		trueUps, err = b.pool.Receive(cost.ReceiptID(words[1]), b.qty(words[2]), booked)
	case "issue":
		var issued cost.Issued
		issued, err = b.pool.Issue(cost.IssueID(words[1]), b.qty(words[2]), b.fallback(words[3:]))
		if err == nil {
			b.issues[issued.ID] = &issued
		}
		booked = -issued.Value
	case "return":
		var restored cost.Restored
		restored, err = b.pool.Restore(b.issues[cost.IssueID(words[1])], b.qty(words[2]))
		booked, trueUps = restored.Value, restored.TrueUps
	case "gain":
		booked, err = b.pool.Gain(b.qty(words[1]), b.fallback(words[2:]))
	default:
		b.t.Fatalf("no operation %q", words[0])
	}
	return booked, trueUps, err
}

func (b *book) stored() string {
	text, err := json.Marshal(b.pool)
	if err != nil {
		b.t.Fatal(err)
	}
	return string(text)
}

func (b *book) enter(scope string) {
	if b.pools[scope] == nil {
		p, err := cost.NewPool(b.currency)
		if err != nil {
			b.t.Fatal(err)
		}
		b.pools[scope] = p
	}
	b.pool = b.pools[scope]
}

func (b *book) row(line string, booked int64) {
	last := "none"
	if b.pool.LastCost != nil {
		last = b.pool.LastCost.String()
	}
	fmt.Fprintf(&b.out, "%-24s %10s | %9s %10s | %9s %10s | %10s %14s\n", line, b.amount(booked),
		b.pool.Qty, b.amount(b.pool.Value),
		b.pool.Qty-b.pool.Position(), b.amount(b.pool.Value-b.pool.Inventory()),
		b.amount(b.pool.Inventory()), last)
}

func (b *book) amount(minor int64) string { return money.Of(minor, b.currency).Decimal() }

func (b *book) minor(s string) int64 {
	a, err := money.Parse(s, b.currency)
	if err != nil {
		b.t.Fatal(err)
	}
	return a.Minor
}

func (b *book) qty(s string) retail.Quantity {
	q, err := retail.ParseQuantity(s)
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

func (b *book) fallback(words []string) *cost.UnitCost {
	if len(words) == 0 {
		return nil
	}
	u, err := cost.ParseUnitCost(words[0])
	if err != nil {
		b.t.Fatal(err)
	}
	return &u
}
