package estate

import (
	"cmp"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// StepCount is the number of steps of the key scenario.
const StepCount = 11

// Side is the side of an entry line.
type Side string

// The sides.
const (
	Dr Side = "Dr"
	Cr Side = "Cr"
)

// EntryLine is what a step posts to one role on one side. Debits are never netted against
// credits; the role is written as reports show it: TAX_PAYABLE[STATE].
type EntryLine struct {
	Role  string
	Side  Side
	Minor int64
}

// Move is what a step does to one bucket of an item.
type Move struct {
	Item     retail.ItemID
	Bucket   event.Bucket
	Quantity retail.Quantity
}

// Level is what stands of an item at the store.
type Level struct {
	Item                          retail.ItemID
	Sellable, Reserved, Allocated retail.Quantity
	// ATS is what can be promised (rule book A2).
	ATS retail.Quantity
}

// BalanceRow is one figure of a trial balance; one of its sides is zero.
type BalanceRow struct {
	Role          string
	Debit, Credit int64
}

// StepExpectation is what one step has to do.
type StepExpectation struct {
	Number int
	// Moves is the stock column of the rule book, in the order of items.
	Moves []Move
	// Levels stands after the step. Step 6 has none: the report that carries it comes after
	// step 8, and it moves no stock.
	Levels []Level
	// Lines are the entries of the step together, debits first, in the order of reports.
	Lines []EntryLine
}

// Expectation is what a scenario has to end in, computed by the rules. All clearing roles
// end at zero, by key.
type Expectation struct {
	Currency      money.Currency
	Steps         [StepCount]StepExpectation // step n stands at n-1
	Balance       []BalanceRow
	Debit, Credit int64
}

// Expect computes what a scenario has to do and to end in; the zero Scenario is E01. An
// invalid scenario has no expectation.
func Expect(s Scenario) (Expectation, error) {
	if s.IsZero() {
		s = E01()
	}
	if err := s.Validate(); err != nil {
		return Expectation{}, err
	}
	e := Expectation{Currency: s.Currency}
	f := s.figures()
	for i := range e.Steps {
		number := i + 1
		e.Steps[i] = StepExpectation{Number: number, Moves: s.moves(number), Lines: s.postings(f, number)}
	}
	e.levels(s)
	e.Balance = balance(e.Steps[:])
	for _, row := range e.Balance {
		e.Debit += row.Debit
		e.Credit += row.Credit
	}
	return e, nil
}

// moves is the stock column (rule book A5).
func (s Scenario) moves(step int) []Move {
	var out []Move
	for _, item := range s.Items {
		add := func(bucket event.Bucket, units int64) {
			out = append(out, Move{item.ID, bucket, retail.Units(units)})
		}
		switch step {
		case 1:
			add(event.Sellable, item.Opening)
		case 2:
			add(event.Reserved, item.Ordered)
		case 3:
			add(event.Reserved, -item.Ordered)
			add(event.AllocatedStock, item.Ordered)
		case 5:
			add(event.Sellable, -item.Ordered)
			add(event.AllocatedStock, -item.Ordered)
		case 7:
			if item.ID == s.Returned.Item {
				add(event.Sellable, s.Returned.Quantity)
			}
		}
	}
	return out
}

// levels adds the moves up.
func (e *Expectation) levels(s Scenario) {
	now := make([]Level, len(s.Items))
	for i, item := range s.Items {
		now[i].Item = item.ID
	}
	for i := range e.Steps {
		for _, m := range e.Steps[i].Moves {
			at := slices.IndexFunc(now, func(l Level) bool { return l.Item == m.Item })
			switch m.Bucket {
			case event.Sellable:
				now[at].Sellable += m.Quantity
			case event.Reserved:
				now[at].Reserved += m.Quantity
			case event.AllocatedStock:
				now[at].Allocated += m.Quantity
			}
		}
		for at, item := range s.Items {
			l := &now[at]
			l.ATS = max(0, l.Sellable-l.Reserved-l.Allocated-retail.Units(item.Safety))
		}
		if e.Steps[i].Number != 6 {
			e.Steps[i].Levels = slices.Clone(now)
		}
	}
}

// postings is the journal column (rule book B2, the templates that E01 names).
func (s Scenario) postings(f figures, step int) []EntryLine {
	var b lines
	switch step {
	case 1: // P51, OPENING_LOAD
		var value int64
		for _, item := range s.Items {
			value += item.Value
		}
		b.add("INVENTORY", Dr, value)
		b.add("OPENING_EQUITY", Cr, value)
	case 4: // P16
		b.add("TENDER_CLEARING[CARD]", Dr, f.Total)
		b.add("CONTRACT_LIABILITY", Cr, f.Net)
		b.taxes("TAX_DEFERRED", Cr, s.Taxes, f.Taxes)
	case 5: // P17, P02
		b.fulfilment(s, f)
	case 6: // P70
		b.add("PSP_RECEIVABLE", Dr, f.Settled)
		b.add("MERCHANT_FEES", Dr, f.Fee)
		b.add("TENDER_CLEARING[CARD]", Cr, f.Total)
	case 7: // P04, P05
		back := f.Lines[s.returnedLine()].Back
		b.add("SALES_RETURNS", Dr, back.Net)
		b.taxes("TAX_PAYABLE", Dr, s.Taxes, back.Taxes)
		b.add("INVENTORY", Dr, back.Cost)
		b.add("REFUND_PAYABLE", Cr, f.Refund)
		b.add("COGS", Cr, back.Cost)
	case 8: // P21
		b.add("REFUND_PAYABLE", Dr, f.Refund)
		b.add("TENDER_CLEARING[CARD]", Cr, f.Refund)
	case 9: // P74
		b.add("TENDER_CLEARING[CARD]", Dr, f.Refund)
		b.add("PSP_RECEIVABLE", Cr, f.Refund)
	case 10: // P72
		b.add("PAYOUT_IN_TRANSIT", Dr, f.Payout)
		b.add("PSP_RECEIVABLE", Cr, f.Payout)
	case 11: // P73
		b.add("BANK", Dr, f.Payout)
		b.add("PAYOUT_IN_TRANSIT", Cr, f.Payout)
	}
	return mergeLines(b)
}

// lines gathers what a step posts.
type lines []EntryLine

func (b *lines) add(role string, side Side, minor int64) {
	*b = append(*b, EntryLine{role, side, minor})
}

func (b *lines) taxes(role string, side Side, taxes []Tax, minor []int64) {
	for j, t := range taxes {
		b.add(role+"["+t.Jurisdiction+"]", side, minor[j])
	}
}

func (b *lines) fulfilment(s Scenario, f figures) {
	var cost int64
	for _, l := range f.Lines {
		cost += l.Cost
	}
	b.add("CONTRACT_LIABILITY", Dr, f.Net)
	b.taxes("TAX_DEFERRED", Dr, s.Taxes, f.Taxes)
	b.add("SALES_DISCOUNT", Dr, s.Discount)
	b.add("SALES_REVENUE", Cr, f.Gross)
	b.taxes("TAX_PAYABLE", Cr, s.Taxes, f.Taxes)
	b.add("COGS", Dr, cost)
	b.add("INVENTORY", Cr, cost)
}

// mergeLines adds up the lines of one role and side, drops those of zero and sorts the rest:
// debits first, then in the order of reports.
func mergeLines(in []EntryLine) []EntryLine {
	var out []EntryLine
	for _, l := range in {
		at := slices.IndexFunc(out, func(have EntryLine) bool { return have.Role == l.Role && have.Side == l.Side })
		if at < 0 {
			out = append(out, l)
			continue
		}
		out[at].Minor += l.Minor
	}
	out = slices.DeleteFunc(out, func(l EntryLine) bool { return l.Minor == 0 })
	slices.SortFunc(out, func(a, b EntryLine) int { return cmp.Or(cmp.Compare(b.Side, a.Side), compareRoles(a.Role, b.Role)) })
	return out
}

// reportOrder is the order in which a trial balance lists the roles: assets, liabilities,
// equity, income, expense (rule book B1).
var reportOrder = []string{
	"BANK", "TENDER_CLEARING", "PSP_RECEIVABLE", "PAYOUT_IN_TRANSIT", "AR_CUSTOMER", "INVENTORY",
	"CONTRACT_LIABILITY", "TAX_DEFERRED", "TAX_PAYABLE", "REFUND_PAYABLE", "SUSPENSE", "OPENING_EQUITY",
	"SALES_REVENUE", "SALES_DISCOUNT", "SALES_RETURNS", "COGS", "COGS_TRUEUP", "MERCHANT_FEES",
}

func compareRoles(a, b string) int {
	place := func(shown string) int {
		role, _, _ := strings.Cut(shown, "[")
		if at := slices.Index(reportOrder, role); at >= 0 {
			return at
		}
		return len(reportOrder)
	}
	return cmp.Or(cmp.Compare(place(a), place(b)), cmp.Compare(a, b))
}

// balance nets all steps by role and leaves out what is zero.
func balance(steps []StepExpectation) []BalanceRow {
	signed := map[string]int64{}
	for _, step := range steps {
		for _, l := range step.Lines {
			if l.Side == Cr {
				l.Minor = -l.Minor
			}
			signed[l.Role] += l.Minor
		}
	}
	var out []BalanceRow
	for role, minor := range signed {
		if minor != 0 {
			out = append(out, BalanceRow{role, max(minor, 0), max(-minor, 0)})
		}
	}
	sortBalance(out)
	return out
}

func sortBalance(rows []BalanceRow) {
	slices.SortFunc(rows, func(a, b BalanceRow) int { return compareRoles(a.Role, b.Role) })
}
