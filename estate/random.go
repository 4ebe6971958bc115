package estate

import (
	"fmt"
	"math/rand/v2"

	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Random returns the scenario of a seed: one to four items, of each one to five, one to three
// jurisdictions, with or without a discount, and a return of a line or of a part of it. The
// same seed gives the same scenario.
func Random(seed uint64) Scenario {
	r := rand.New(rand.NewPCG(seed, 0xE01)) //nolint:gosec // figures for tests, not secrets
	for {
		if s := draw(r); s.Validate() == nil {
			return s
		}
	}
}

// draw makes a scenario that may leave the processor nothing to pay out; then another is drawn.
func draw(r *rand.Rand) Scenario {
	s := Scenario{Currency: pick[money.Currency](r, "USD", "USD", "USD", "EUR", "JPY")}
	between := func(low, high int64) int64 { return low + r.Int64N(high-low+1) }
	for i := range between(1, 4) {
		item := Item{
			ID: retail.ItemID(fmt.Sprintf("%s-%02d", pick(r, "LAMP", "VASE", "RUG", "MUG"), i+1)), Department: pick(r, "HOME", "GARDEN"), Class: "MERCH",
			Price: between(99, 24_999), Ordered: between(1, 5), Safety: between(0, 3),
		}
		item.Opening = item.Ordered + item.Safety + between(0, 20)
		// A pool whose average is no whole number of minor units shows whether value comes first (C1).
		item.Value = item.Opening*money.MulDiv(item.Price, between(30, 70), 100, money.HalfAway) + between(0, item.Opening)
		s.Items = append(s.Items, item)
	}
	taxes := []Tax{
		{Title: "State Tax", Authority: "ST-01", Jurisdiction: "STATE", Rate: percent(between(300, 900))},
		{Title: "City Tax", Authority: "CT-77", Jurisdiction: "CITY", Rate: percent(between(25, 300))},
		{Title: "Transit District Tax", Authority: "TD-9", Jurisdiction: "TRANSIT", Rate: percent(between(10, 100))},
	}
	s.Taxes = taxes[:between(1, 3)]
	if r.IntN(3) > 0 {
		s.Discount = money.MulDiv(s.gross(), between(1, 30), 100, money.HalfAway)
	}
	s.Fee = Fee{Rate: percent(between(120, 350)), Fixed: between(0, 35)}
	line := s.Items[r.IntN(len(s.Items))]
	s.Returned = Returned{Item: line.ID, Quantity: between(1, line.Ordered)}
	return s
}

func pick[T any](r *rand.Rand, choices ...T) T { return choices[r.IntN(len(choices))] }
