package estate

import (
	"fmt"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Scenario says what is ordered, paid and brought back. Amounts are minor units of the
// currency, quantities whole units. The zero value stands for E01.
type Scenario struct {
	Currency money.Currency
	// Items are what the store has and the customer orders, one order line each.
	Items []Item
	// Discount is taken off the whole order and spread over its lines (rule book D1).
	Discount int64
	// Taxes are asked of every line, after discounts (rule book D4 LINE).
	Taxes []Tax
	Fee   Fee
	// Returned says which line comes back, and how much of it.
	Returned Returned
}

// Item is one article.
type Item struct {
	ID         retail.ItemID
	Department string
	Class      string
	// Price is that of one unit, without tax.
	Price int64
	// Ordered is what the customer orders.
	Ordered int64
	// Opening and Value are the quantity in the store before, and its worth.
	Opening, Value int64
	// Safety is held back from promises.
	Safety int64
}

// Tax is what one jurisdiction asks. The shop knows it by its title, the till by its authority.
type Tax struct {
	Title, Authority, Jurisdiction string
	Rate                           money.Rate
}

// Fee is what the processor keeps of a payment. A refund does not bring it back.
type Fee struct {
	Rate  money.Rate
	Fixed int64
}

// Returned is a part of an order line that comes back to the store.
type Returned struct {
	Item     retail.ItemID
	Quantity int64
}

// E01 returns the rule book's key scenario.
func E01() Scenario {
	return Scenario{
		Currency: "USD",
		Items: []Item{
			{ID: "A", Department: "HOME", Class: "MERCH", Price: 4999, Ordered: 1, Opening: 10, Value: 21400, Safety: 2},
			{ID: "B", Department: "HOME", Class: "MERCH", Price: 3000, Ordered: 1, Opening: 8, Value: 10200, Safety: 1},
		},
		Discount: 1000,
		Taxes: []Tax{
			{Title: "State Tax", Authority: "ST-01", Jurisdiction: "STATE", Rate: percent(625)},
			{Title: "City Tax", Authority: "CT-77", Jurisdiction: "CITY", Rate: percent(200)},
		},
		Fee:      Fee{Rate: percent(290), Fixed: 30},
		Returned: Returned{Item: "B", Quantity: 1},
	}
}

// percent returns hundredths of a percent as a rate.
func percent(hundredths int64) money.Rate { return money.Rate(hundredths * 100_000_000) }

// IsZero reports whether nothing is said, which stands for E01.
func (s Scenario) IsZero() bool {
	return s.Currency == "" && len(s.Items) == 0 && s.Discount == 0 && len(s.Taxes) == 0 && s.Fee == (Fee{}) && s.Returned == (Returned{})
}

// The limits of a scenario. They keep every figure of it far from where amounts end.
const (
	itemsMax    = 50
	taxesMax    = 5
	unitsMax    = 10_000
	priceMax    = 1_000_000_00
	hundredPart = money.Rate(1_000_000_000_000)
)

// Validate says what cannot be played.
func (s Scenario) Validate() error {
	if exponent, known := s.Currency.Exponent(); !known || exponent != 0 && exponent != 2 || ownUnit(s.Currency) {
		return invalid("currency", "%q is not a currency that the pretend processor counts in minor units of 0 or 2 places", s.Currency)
	}
	if len(s.Items) == 0 || len(s.Items) > itemsMax {
		return invalid("items", "an order has 1 to %d items", itemsMax)
	}
	if len(s.Taxes) > taxesMax {
		return invalid("taxes", "at most %d jurisdictions ask for tax", taxesMax)
	}
	for i, item := range s.Items {
		if err := item.validate(fmt.Sprintf("items[%d]", i)); err != nil {
			return err
		}
		if slices.ContainsFunc(s.Items[:i], func(other Item) bool { return other.ID == item.ID }) {
			return invalid(fmt.Sprintf("items[%d]", i), "%s stands twice", item.ID)
		}
	}
	taken := [3]map[string]bool{{}, {}, {}}
	for i, t := range s.Taxes {
		subject := fmt.Sprintf("taxes[%d]", i)
		for kind, name := range []string{t.Title, t.Authority, t.Jurisdiction} {
			if name == "" || taken[kind][name] {
				return invalid(subject, "its title, authority and jurisdiction have to be there, and its own")
			}
			taken[kind][name] = true
		}
		if t.Rate > hundredPart {
			return invalid(subject, "a rate is a fraction: 0.0625 is 6.25 %%")
		}
	}
	if s.Discount < 0 || s.Discount >= s.gross() {
		return invalid("discount", "it lies between nothing and the price of the order")
	}
	if s.Fee.Fixed < 0 || s.Fee.Rate > hundredPart {
		return invalid("fee", "it is a fraction and a fixed part, neither below zero")
	}
	return s.validateReturned()
}

// ownUnit reports whether Stripe counts the currency in another unit than ISO 4217.
func ownUnit(c money.Currency) bool { return c == "ISK" || c == "UGX" || c == "MGA" }

func (i Item) validate(subject string) error {
	switch {
	case i.ID == "" || i.Department == "" || i.Class == "":
		return invalid(subject, "an item has an id, a department and a class")
	case i.Price <= 0 || i.Price > priceMax:
		return invalid(subject, "a price lies above zero and below %d minor units", priceMax)
	case i.Ordered <= 0 || i.Safety < 0 || i.Opening > unitsMax:
		return invalid(subject, "quantities are whole and not negative, and something is ordered")
	case i.Opening < i.Ordered+i.Safety:
		return invalid(subject, "the store has to have what is ordered beyond its safety stock")
	case i.Value <= 0 || i.Value > priceMax:
		return invalid(subject, "the opening quantity is worth more than nothing and at most %d minor units", priceMax)
	}
	return nil
}

// validateReturned asks for a return that leaves the processor something to pay out.
func (s Scenario) validateReturned() error {
	line := s.returnedLine()
	if line < 0 || s.Returned.Quantity <= 0 || s.Returned.Quantity > s.Items[line].Ordered {
		return invalid("return", "it names an item of the order and at most what is ordered of it")
	}
	f := s.figures()
	if f.Refund <= 0 {
		return invalid("return", "nothing would be refunded")
	}
	if f.Payout <= 0 {
		return invalid("return", "nothing would be paid out: %s settled, %s refunded", money.Of(f.Settled, s.Currency), money.Of(f.Refund, s.Currency))
	}
	return nil
}

func (s Scenario) gross() int64 {
	var sum int64
	for _, i := range s.Items {
		sum += i.Price * i.Ordered
	}
	return sum
}

// returnedLine returns the place of the returned item among the items, -1 if it is none.
func (s Scenario) returnedLine() int {
	for i, item := range s.Items {
		if item.ID == s.Returned.Item {
			return i
		}
	}
	return -1
}

func invalid(subject, format string, args ...any) error {
	return fault.New(fault.BadConfig, "scenario "+subject, format, args...).
		WithHint("Compare it with docs/scenario.yaml and heddle demo --help.")
}
