package ledger

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// BalanceKey names one figure of a trial balance.
type BalanceKey struct {
	Entity retail.EntityID
	// Shown is the role with the dimension that reports tell apart: "TAX_PAYABLE[STATE]".
	Shown    string
	Currency money.Currency
}

// String returns entity·shown·currency, for a store's counter.
func (k BalanceKey) String() string {
	return retail.Key(string(k.Entity), k.Shown, string(k.Currency))
}

// ParseBalanceKey reads what String returns.
func ParseBalanceKey(s string) (BalanceKey, bool) {
	entity, rest, ok := strings.Cut(s, retail.Sep)
	at := strings.LastIndex(rest, retail.Sep)
	if !ok || at < 0 {
		return BalanceKey{}, false
	}
	return BalanceKey{retail.EntityID(entity), rest[:at], money.Currency(rest[at+len(retail.Sep):])}, true
}

// Role returns the role of the figure.
func (k BalanceKey) Role() Role {
	role, _, _ := strings.Cut(k.Shown, "[")
	return Role(role)
}

// Balance is one figure of a trial balance.
type Balance struct {
	BalanceKey
	// Minor is debit less credit.
	Minor int64
}

// ClearingKey names one open matter of a clearing role (rule book 0.5).
type ClearingKey struct {
	Entity   retail.EntityID
	Currency money.Currency
	Role     Role
	Key      string
}

// String returns entity·currency·role·key, for a store's counter.
func (k ClearingKey) String() string {
	return retail.Key(string(k.Entity), string(k.Currency), string(k.Role), k.Key)
}

// ParseClearingKey reads what String returns.
func ParseClearingKey(s string) (ClearingKey, bool) {
	parts := strings.SplitN(s, retail.Sep, 4)
	if len(parts) != 4 {
		return ClearingKey{}, false
	}
	return ClearingKey{retail.EntityID(parts[0]), money.Currency(parts[1]), Role(parts[2]), parts[3]}, true
}

// Open is the balance of one clearing key.
type Open struct {
	ClearingKey
	// Minor is debit less credit.
	Minor int64
}

// Balances returns what the entry adds to each figure of the trial balance.
func (e *Entry) Balances() []Balance {
	out := make([]Balance, 0, len(e.postings))
	for _, p := range e.postings {
		out = append(out, Balance{BalanceKey{e.proposal.Unit.Entity, p.Shown(), e.proposal.Currency}, p.Signed()})
	}
	return mergeBalances(out)
}

// Clearing returns what the entry adds to each clearing key.
func (e *Entry) Clearing() []Open {
	var out []Open
	for _, p := range e.postings {
		if p.Key != "" {
			out = append(out, Open{ClearingKey{e.proposal.Unit.Entity, e.proposal.Currency, p.Role, p.Key}, p.Signed()})
		}
	}
	return OpenItems(out)
}

// OpenItems merges rows of one key, leaves out those that are zero, and sorts them as
// reports list them.
func OpenItems(rows []Open) []Open {
	rows = slices.Clone(rows)
	slices.SortStableFunc(rows, func(a, b Open) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Role.order(), b.Role.order()), cmp.Compare(a.Role, b.Role), cmp.Compare(a.Key, b.Key))
	})
	merged := rows[:0]
	for _, r := range rows {
		if n := len(merged); n > 0 && merged[n-1].ClearingKey == r.ClearingKey {
			merged[n-1].Minor += r.Minor
			continue
		}
		merged = append(merged, r)
	}
	return slices.DeleteFunc(merged, func(r Open) bool { return r.Minor == 0 })
}

// mergeBalances merges rows of one key, leaves out those that are zero, and sorts them as
// reports list them.
func mergeBalances(rows []Balance) []Balance {
	slices.SortStableFunc(rows, func(a, b Balance) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Currency, b.Currency),
			cmp.Compare(a.Role().order(), b.Role().order()), cmp.Compare(a.Shown, b.Shown))
	})
	merged := rows[:0]
	for _, r := range rows {
		if n := len(merged); n > 0 && merged[n-1].BalanceKey == r.BalanceKey {
			merged[n-1].Minor += r.Minor
			continue
		}
		merged = append(merged, r)
	}
	return slices.DeleteFunc(merged, func(r Balance) bool { return r.Minor == 0 })
}

// TrialBalance is the balances of all roles, by entity and currency.
type TrialBalance struct{ rows []Balance }

// NewTrialBalance adds up rows, whatever their order.
func NewTrialBalance(rows []Balance) *TrialBalance {
	return &TrialBalance{mergeBalances(slices.Clone(rows))}
}

// TrialBalanceOf adds up entries.
func TrialBalanceOf(entries []*Entry) *TrialBalance {
	var rows []Balance
	for _, e := range entries {
		rows = append(rows, e.Balances()...)
	}
	return &TrialBalance{mergeBalances(rows)}
}

// Rows returns the balances that are not zero, by entity and currency, in the order of Roles.
func (t *TrialBalance) Rows() []Balance { return slices.Clone(t.rows) }

// Total is the sum of the debit and of the credit balances of one entity in one currency.
type Total struct {
	Entity        retail.EntityID
	Debit, Credit money.Amount
}

// Balanced reports whether both sides are equal.
func (t Total) Balanced() bool { return t.Debit == t.Credit }

// Totals returns both sides for each entity and currency, in the order of Rows.
func (t *TrialBalance) Totals() []Total {
	var totals []Total
	for _, r := range t.rows {
		n := len(totals)
		if n == 0 || totals[n-1].Entity != r.Entity || totals[n-1].Debit.Currency != r.Currency {
			totals = append(totals, Total{r.Entity, money.Of(0, r.Currency), money.Of(0, r.Currency)})
			n++
		}
		if r.Minor > 0 {
			totals[n-1].Debit.Minor += r.Minor
		} else {
			totals[n-1].Credit.Minor -= r.Minor
		}
	}
	return totals
}

// WriteText writes a table for a person, one block for each entity and currency.
func (t *TrialBalance) WriteText(w io.Writer) error {
	var table [][3]string
	rows := t.rows
	for i, total := range t.Totals() {
		if i > 0 {
			table = append(table, [3]string{})
		}
		table = append(table, [3]string{string(total.Entity) + " " + string(total.Debit.Currency), "debit", "credit"})
		for len(rows) > 0 && rows[0].Entity == total.Entity && rows[0].Currency == total.Debit.Currency {
			debit, credit := rows[0].sides()
			table = append(table, [3]string{rows[0].Shown, debit, credit})
			rows = rows[1:]
		}
		table = append(table, [3]string{"Σ", total.Debit.Decimal(), total.Credit.Decimal()})
	}
	return writeTable(w, table)
}

// writeTable aligns the first column to the left and the figures to the right.
func writeTable(w io.Writer, table [][3]string) error {
	var widths [3]int
	for _, row := range table {
		for i, cell := range row {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	for _, row := range table {
		line := fmt.Sprintf("%-*s  %*s  %*s", widths[0], row[0], widths[1], row[1], widths[2], row[2])
		text.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	_, err := io.WriteString(w, text.String())
	return err
}

// sides returns the balance as a decimal on its side, and "" on the other.
func (b Balance) sides() (debit, credit string) {
	if b.Minor < 0 {
		return "", money.Of(-b.Minor, b.Currency).Decimal()
	}
	return money.Of(b.Minor, b.Currency).Decimal(), ""
}

type balanceDocument struct {
	Credit   string          `json:"credit,omitempty"`
	Currency money.Currency  `json:"currency"`
	Debit    string          `json:"debit,omitempty"`
	Entity   retail.EntityID `json:"entity"`
	Shown    string          `json:"role"`
}

type totalDocument struct {
	Balanced bool            `json:"balanced"`
	Credit   string          `json:"credit"`
	Currency money.Currency  `json:"currency"`
	Debit    string          `json:"debit"`
	Entity   retail.EntityID `json:"entity"`
}

// MarshalJSON writes {"rows":[…],"totals":[…]} with decimal amounts.
func (t *TrialBalance) MarshalJSON() ([]byte, error) {
	out := struct {
		Rows   []balanceDocument `json:"rows"`
		Totals []totalDocument   `json:"totals"`
	}{[]balanceDocument{}, []totalDocument{}}
	for _, r := range t.rows {
		debit, credit := r.sides()
		out.Rows = append(out.Rows, balanceDocument{credit, r.Currency, debit, r.Entity, r.Shown})
	}
	for _, t := range t.Totals() {
		out.Totals = append(out.Totals, totalDocument{t.Balanced(), t.Credit.Decimal(), t.Debit.Currency, t.Debit.Decimal(), t.Entity})
	}
	return marshalPlain(out)
}
