package ledger

import (
	"cmp"
	"slices"
	"strings"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Sum is what entries post to one shown role on one side. Debits never net against credits.
type Sum struct {
	Entity   retail.EntityID
	Shown    string
	Side     Side
	Currency money.Currency
	Minor    int64
}

// Merge adds up the lines of entries by entity, shown role and side: the legs of one step of
// a worked example printed together, dimensions that are not shown ignored.
func Merge(entries []*Entry) []Sum {
	var sums []Sum
	for _, e := range entries {
		for _, p := range e.postings {
			sums = append(sums, Sum{e.proposal.Unit.Entity, p.Shown(), p.Side, e.proposal.Currency, p.Minor})
		}
	}
	slices.SortStableFunc(sums, func(a, b Sum) int {
		return cmp.Or(cmp.Compare(a.Entity, b.Entity), cmp.Compare(a.Currency, b.Currency), cmp.Compare(b.Side, a.Side),
			cmp.Compare(BalanceKey{Shown: a.Shown}.Role().order(), BalanceKey{Shown: b.Shown}.Role().order()), cmp.Compare(a.Shown, b.Shown))
	})
	merged := sums[:0]
	for _, s := range sums {
		n := len(merged)
		same := n > 0 && merged[n-1].Entity == s.Entity && merged[n-1].Currency == s.Currency &&
			merged[n-1].Side == s.Side && merged[n-1].Shown == s.Shown
		if same {
			merged[n-1].Minor += s.Minor
			continue
		}
		merged = append(merged, s)
	}
	return merged
}

// Notation prints entries of one entity and currency as the rule book does:
// "Dr A 1.00; B 2.00 / Cr C 3.00". No entries print as "–".
func Notation(entries []*Entry) string {
	sides := map[Side][]string{}
	for _, s := range Merge(entries) {
		sides[s.Side] = append(sides[s.Side], s.Shown+" "+money.Of(s.Minor, s.Currency).Decimal())
	}
	if len(sides) == 0 {
		return "–"
	}
	return "Dr " + strings.Join(sides[Dr], "; ") + " / Cr " + strings.Join(sides[Cr], "; ")
}
