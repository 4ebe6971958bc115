package estate

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// The figures are typed from the rule book, example E01.
func TestE01(t *testing.T) {
	e, err := Expect(Scenario{})
	if err != nil {
		t.Fatal(err)
	}
	want := []struct{ posted, moved, levels string }{
		{"Dr INVENTORY 316.00 / Cr OPENING_EQUITY 316.00", "A.SELLABLE 10, B.SELLABLE 8", "A 10/0/0 ATS 8, B 8/0/0 ATS 7"},
		{"–", "A.RESERVED 1, B.RESERVED 1", "A 10/1/0 ATS 7, B 8/1/0 ATS 6"},
		{"–", "A.RESERVED -1, A.ALLOCATED 1, B.RESERVED -1, B.ALLOCATED 1", "A 10/0/1 ATS 7, B 8/0/1 ATS 6"},
		{"Dr TENDER_CLEARING[CARD] 75.76 / Cr CONTRACT_LIABILITY 69.99; TAX_DEFERRED[CITY] 1.40; TAX_DEFERRED[STATE] 4.37", "", "A 10/0/1 ATS 7, B 8/0/1 ATS 6"},
		{"Dr CONTRACT_LIABILITY 69.99; TAX_DEFERRED[CITY] 1.40; TAX_DEFERRED[STATE] 4.37; SALES_DISCOUNT 10.00; COGS 34.15" +
			" / Cr INVENTORY 34.15; TAX_PAYABLE[CITY] 1.40; TAX_PAYABLE[STATE] 4.37; SALES_REVENUE 79.99",
			"A.SELLABLE -1, A.ALLOCATED -1, B.SELLABLE -1, B.ALLOCATED -1", "A 9/0/0 ATS 7, B 7/0/0 ATS 6"},
		{"Dr PSP_RECEIVABLE 73.26; MERCHANT_FEES 2.50 / Cr TENDER_CLEARING[CARD] 75.76", "", ""},
		{"Dr INVENTORY 12.75; TAX_PAYABLE[CITY] 0.53; TAX_PAYABLE[STATE] 1.64; SALES_RETURNS 26.25 / Cr REFUND_PAYABLE 28.42; COGS 12.75", "B.SELLABLE 1", "A 9/0/0 ATS 7, B 8/0/0 ATS 7"},
		{"Dr REFUND_PAYABLE 28.42 / Cr TENDER_CLEARING[CARD] 28.42", "", "A 9/0/0 ATS 7, B 8/0/0 ATS 7"},
		{"Dr TENDER_CLEARING[CARD] 28.42 / Cr PSP_RECEIVABLE 28.42", "", "A 9/0/0 ATS 7, B 8/0/0 ATS 7"},
		{"Dr PAYOUT_IN_TRANSIT 44.84 / Cr PSP_RECEIVABLE 44.84", "", "A 9/0/0 ATS 7, B 8/0/0 ATS 7"},
		{"Dr BANK 44.84 / Cr PAYOUT_IN_TRANSIT 44.84", "", "A 9/0/0 ATS 7, B 8/0/0 ATS 7"},
	}
	for i, w := range want {
		step := e.Steps[i]
		if step.Number != i+1 {
			t.Errorf("step %d stands at %d", step.Number, i)
		}
		if got := posted(step.Lines); got != w.posted {
			t.Errorf("step %d posts\n%s, want\n%s", i+1, got, w.posted)
		}
		if got := moved(step.Moves); got != w.moved {
			t.Errorf("step %d moves %s, want %s", i+1, got, w.moved)
		}
		if got := standing(step.Levels); got != w.levels {
			t.Errorf("after step %d stands %s, want %s", i+1, got, w.levels)
		}
	}
	wantBalance := []BalanceRow{
		{"BANK", 4484, 0}, {"INVENTORY", 29460, 0}, {"TAX_PAYABLE[CITY]", 0, 87}, {"TAX_PAYABLE[STATE]", 0, 273}, {"OPENING_EQUITY", 0, 31600},
		{"SALES_REVENUE", 0, 7999}, {"SALES_DISCOUNT", 1000, 0}, {"SALES_RETURNS", 2625, 0}, {"COGS", 2140, 0}, {"MERCHANT_FEES", 250, 0},
	}
	if !slices.Equal(e.Balance, wantBalance) {
		t.Errorf("trial balance %v, want %v", e.Balance, wantBalance)
	}
	if e.Debit != 39959 || e.Credit != 39959 {
		t.Errorf("totals %d and %d, want 399.59 on both sides", e.Debit, e.Credit)
	}
}

func posted(lines []EntryLine) string {
	if len(lines) == 0 {
		return "–"
	}
	sides := map[Side][]string{}
	for _, l := range lines {
		sides[l.Side] = append(sides[l.Side], l.Role+" "+money.Of(l.Minor, "USD").Decimal())
	}
	return "Dr " + strings.Join(sides[Dr], "; ") + " / Cr " + strings.Join(sides[Cr], "; ")
}

func moved(moves []Move) string {
	var out []string
	for _, m := range moves {
		out = append(out, fmt.Sprintf("%s.%s %s", m.Item, m.Bucket, m.Quantity))
	}
	return strings.Join(out, ", ")
}

func standing(levels []Level) string {
	var out []string
	for _, l := range levels {
		out = append(out, fmt.Sprintf("%s %s/%s/%s ATS %s", l.Item, l.Sellable, l.Reserved, l.Allocated, l.ATS))
	}
	return strings.Join(out, ", ")
}

// Three units of a line of 10.00 come back two of three: each component rounds by itself, and
// the pool's value comes before its average.
func TestPartialReturn(t *testing.T) {
	s := E01()
	s.Items = []Item{{ID: "C", Department: "HOME", Class: "MERCH", Price: 333, Ordered: 3, Opening: 7, Value: 1000}}
	s.Discount, s.Returned = 100, Returned{"C", 2}
	e, err := Expect(s)
	if err != nil {
		t.Fatal(err)
	}
	// gross 9.99, net 8.99; STATE 0.56, CITY 0.18; cost 10.00 × 3/7 = 4.29.
	// two thirds: net 5.99, STATE 0.37, CITY 0.12, cost 2.86.
	want := "Dr INVENTORY 2.86; TAX_PAYABLE[CITY] 0.12; TAX_PAYABLE[STATE] 0.37; SALES_RETURNS 5.99 / Cr REFUND_PAYABLE 6.48; COGS 2.86"
	if got := posted(e.Steps[6].Lines); got != want {
		t.Errorf("the return posts\n%s, want\n%s", got, want)
	}
}

// Whatever the figures: every step balances, clearing ends at zero, both sides of the trial
// balance are equal, and all claims are gone.
func TestExpectationsConserve(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Random(rapid.Uint64().Draw(t, "seed"))
		e, err := Expect(s)
		if err != nil {
			t.Fatal(err)
		}
		for _, step := range e.Steps {
			var sum int64
			for _, l := range step.Lines {
				if l.Minor <= 0 {
					t.Errorf("step %d posts %d to %s", step.Number, l.Minor, l.Role)
				}
				if l.Side == Cr {
					l.Minor = -l.Minor
				}
				sum += l.Minor
			}
			if sum != 0 {
				t.Errorf("step %d is off by %d", step.Number, sum)
			}
		}
		if e.Debit != e.Credit || e.Debit == 0 {
			t.Errorf("debit %d, credit %d", e.Debit, e.Credit)
		}
		for _, row := range e.Balance {
			role, _, _ := strings.Cut(row.Role, "[")
			if slices.Contains([]string{"TENDER_CLEARING", "PSP_RECEIVABLE", "PAYOUT_IN_TRANSIT", "CONTRACT_LIABILITY", "TAX_DEFERRED", "REFUND_PAYABLE", "SUSPENSE"}, role) {
				t.Errorf("%s is open: %v", row.Role, row)
			}
		}
		for i, l := range e.Steps[StepCount-1].Levels {
			back := int64(0)
			if l.Item == s.Returned.Item {
				back = s.Returned.Quantity
			}
			if want := retail.Units(s.Items[i].Opening - s.Items[i].Ordered + back); l.Sellable != want || l.Reserved != 0 || l.Allocated != 0 {
				t.Errorf("%v at the end, want %s sellable and no claims", l, want)
			}
		}
	})
}

func TestRandomIsSeeded(t *testing.T) {
	shapes := map[string]bool{}
	for seed := range uint64(40) {
		s := Random(seed)
		if fmt.Sprint(s) != fmt.Sprint(Random(seed)) {
			t.Fatalf("seed %d gives two scenarios", seed)
		}
		line := s.Items[s.returnedLine()]
		shapes[fmt.Sprintf("items %d", len(s.Items))] = true
		shapes[fmt.Sprintf("taxes %d", len(s.Taxes))] = true
		shapes[fmt.Sprintf("discount %t", s.Discount > 0)] = true
		shapes[fmt.Sprintf("part of a line %t", s.Returned.Quantity < line.Ordered)] = true
	}
	if len(shapes) != 4+3+2+2 {
		t.Errorf("forty seeds draw only %v", shapes)
	}
}
