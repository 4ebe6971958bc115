package cost_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/cost"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// ledger plays random operations on two scopes of an item and keeps, beside the pools, what
// the operations book: the other side of rule book C1 and of INV-08.
type ledger struct {
	pools     [2]*cost.Pool
	position  [2]retail.Quantity
	inventory [2]int64
	received  int64 // Σ receipt values, opening included
	cogs      int64 // Σ signed debits to COGS
	trueUps   int64 // Σ signed debits to COGS_TRUEUP
	gains     int64 // Σ credits to SHRINK_EXPENSE
	issues    []*issue
}

type issue struct {
	cost.Issued
	scope     int
	travelled bool // some of it came back in the other scope
}

func newLedger(t *rapid.T) *ledger {
	l := &ledger{}
	for i := range l.pools {
		p, err := cost.NewPool("EUR")
		if err != nil {
			t.Fatal(err)
		}
		l.pools[i] = p
	}
	return l
}

var (
	drawQty = rapid.Custom(func(t *rapid.T) retail.Quantity {
		if rapid.Bool().Draw(t, "by weight") {
			return retail.Quantity(rapid.Int64Range(1, 5_000).Draw(t, "grams"))
		}
		return retail.Units(rapid.Int64Range(1, 8).Draw(t, "units"))
	})
	drawValue = rapid.OneOf(rapid.Int64Range(0, 9), rapid.Int64Range(0, 100_000))
)

func (l *ledger) issue(t *rapid.T) {
	scope, n := rapid.IntRange(0, 1).Draw(t, "scope"), drawQty.Draw(t, "issue")
	fallback := cost.UnitCost(rapid.Int64Range(0, 9_000_000).Draw(t, "fallback"))
	issued, err := l.pools[scope].Issue(cost.IssueID(fmt.Sprint("S", len(l.issues))), n, &fallback)
	if err != nil {
		t.Fatal(err)
	}
	l.issues = append(l.issues, &issue{Issued: issued, scope: scope})
	l.position[scope] -= n
	l.inventory[scope] -= issued.Value
	l.cogs += issued.Value
}

func (l *ledger) receive(t *rapid.T) {
	scope, n, value := rapid.IntRange(0, 1).Draw(t, "scope"), drawQty.Draw(t, "receive"), drawValue.Draw(t, "value")
	trueUps, err := l.pools[scope].Receive("R", n, value)
	if err != nil {
		t.Fatal(err)
	}
	l.position[scope] += n
	l.inventory[scope] += value
	l.received += value
	l.settle(scope, trueUps)
}

func (l *ledger) gain(t *rapid.T) {
	scope, n := rapid.IntRange(0, 1).Draw(t, "scope"), drawQty.Draw(t, "gain")
	value, err := l.pools[scope].Gain(n, nil)
	if fault.HasCode(err, fault.CostUnknown) {
		return
	}
	if err != nil || value < 0 {
		t.Fatalf("a gain of %s gives %d, %v", n, value, err)
	}
	l.position[scope] += n
	l.inventory[scope] += value
	l.gains += value
}

func (l *ledger) restore(t *rapid.T) {
	if len(l.issues) == 0 {
		return
	}
	i := l.issues[rapid.IntRange(0, len(l.issues)-1).Draw(t, "which")]
	out := i.Qty - i.Returned
	if out == 0 {
		if _, err := l.pools[i.scope].Restore(&i.Issued, 1); !fault.HasCode(err, fault.ReturnTooMany) {
			t.Fatalf("%s is back already: got %v, want %s", i.ID, err, fault.ReturnTooMany)
		}
		return
	}
	n := out
	if rapid.Bool().Draw(t, "in part") {
		n = retail.Quantity(rapid.Int64Range(1, int64(out)).Draw(t, "return"))
	}
	scope := i.scope
	if rapid.IntRange(0, 4).Draw(t, "elsewhere") == 0 {
		scope = 1 - scope
		i.travelled = true
	}
	restored, err := l.pools[scope].Restore(&i.Issued, n)
	if err != nil || restored.Value < 0 {
		t.Fatalf("a return of %s gives %+v, %v", n, restored, err)
	}
	l.position[scope] += n
	l.inventory[scope] += restored.Value
	l.cogs -= restored.Value
	l.settle(scope, restored.TrueUps)
	if got, want := i.Restored, i.Value+i.TrueUps; i.Returned == i.Qty && !i.travelled && got != want {
		t.Fatalf("all of %+v is back and restored %d, want %d", i.Issued, got, want)
	}
}

func (l *ledger) settle(scope int, trueUps []cost.TrueUp) {
	for _, u := range trueUps {
		l.inventory[scope] -= u.Difference()
		l.trueUps += u.Difference()
		at := slices.IndexFunc(l.issues, func(i *issue) bool { return i.ID == u.Issue })
		l.issues[at].Settle(u)
	}
}

// check asserts INV-07 and INV-08, and that a stored pool reads as itself.
func (l *ledger) check(t *rapid.T) {
	var inventory int64
	for i, p := range l.pools {
		if err := p.Check(); err != nil {
			t.Fatal(err)
		}
		if got, want := p.Position(), l.position[i]; got != want {
			t.Fatalf("scope %d: position %s, want %s", i, got, want)
		}
		if got, want := p.Inventory(), l.inventory[i]; got != want {
			t.Fatalf("scope %d: inventory %d, want %d", i, got, want)
		}
		inventory += l.inventory[i]
		text, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		var again cost.Pool
		if err := json.Unmarshal(text, &again); err != nil {
			t.Fatal(err)
		}
		if second, err := json.Marshal(&again); err != nil || string(second) != string(text) {
			t.Fatalf("stored as %s, then as %s, %v", text, second, err)
		}
		l.pools[i] = &again // and works on as if it had never been stored
	}
	if l.received+l.gains != inventory+l.cogs+l.trueUps {
		t.Fatalf("received %d and gained %d, but inventory %d + COGS %d + COGS_TRUEUP %d", l.received, l.gains, inventory, l.cogs, l.trueUps)
	}
}

func TestINV07ControlEquationAndINV08Conservation(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := newLedger(t)
		t.Repeat(map[string]func(*rapid.T){
			"issue":   l.issue,
			"receive": l.receive,
			"gain":    l.gain,
			"return":  l.restore,
			"":        l.check,
		})
	})
}

// When every receipt has one unit cost, every movement has it as well, in any order: no
// true-up is left once the fallback is the same, and stock is worth quantity × cost.
func TestINV08OneCostStaysOneCost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cents := rapid.Int64Range(0, 1_000).Draw(t, "cents")
		unit := cost.UnitCost(cents * 10_000)
		p, err := cost.NewPool("EUR")
		if err != nil {
			t.Fatal(err)
		}
		for i, units := range rapid.SliceOfN(rapid.Int64Range(-8, 8), 1, 30).Draw(t, "movements") {
			switch {
			case units > 0:
				trueUps, err := p.Receive("R", retail.Units(units), units*cents)
				if err != nil {
					t.Fatal(err)
				}
				for _, u := range trueUps {
					if u.Difference() != 0 {
						t.Fatalf("%+v", u)
					}
				}
			case units < 0:
				issued, err := p.Issue(cost.IssueID(fmt.Sprint(i)), retail.Units(-units), &unit)
				if err != nil || issued.Value != -units*cents {
					t.Fatalf("%d units left at %d, %v", -units, issued.Value, err)
				}
			}
			if got, want := p.Inventory(), int64(p.Position()/retail.One)*cents; got != want {
				t.Fatalf("%s units are worth %d, want %d", p.Position(), got, want)
			}
		}
	})
}

// A return of what receipts and stock have settled is the telescoping share of rule book
// C8, to the minor unit, whatever else moves between.
func TestINV13SettledReturnIsTheTelescopingShare(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := retail.Units(rapid.Int64Range(1, 9).Draw(t, "sold"))
		fallback := cost.UnitCost(rapid.Int64Range(0, 9_000_000).Draw(t, "fallback"))
		value := drawValue.Draw(t, "value")
		p, err := cost.NewPool("EUR")
		if err != nil {
			t.Fatal(err)
		}
		issued, err := p.Issue("S", n, &fallback)
		if err != nil {
			t.Fatal(err)
		}
		trueUps, err := p.Receive("R", n, value)
		if err != nil || len(trueUps) != 1 {
			t.Fatalf("%v, %v", trueUps, err)
		}
		issued.Settle(trueUps[0])
		for issued.Returned < n {
			before := issued.Returned
			part := retail.Units(rapid.Int64Range(1, int64((n-before)/retail.One)).Draw(t, "part"))
			restored, err := p.Restore(&issued, part)
			if err != nil {
				t.Fatal(err)
			}
			if want := telescoped(value, before+part, n) - telescoped(value, before, n); restored.Value != want {
				t.Fatalf("%s after %s of %s for %d: got %d, want %d", part, before, n, value, restored.Value, want)
			}
		}
	})
}

// telescoped is T(x) of rule book D3 for a total that is not negative.
func telescoped(total int64, x, n retail.Quantity) int64 {
	return (2*total*int64(x) + int64(n)) / (2 * int64(n))
}
