package stock

import (
	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Arrival is a quantity that a document of the pipeline (IN_TRANSIT, ON_ORDER) brings to a
// place.
type Arrival struct {
	Place
	Bucket   event.Bucket    `json:"bucket"`
	Shipment string          `json:"shipment"`
	Quantity retail.Quantity `json:"quantity"`
	// ETA is the day on which it is expected at the latest; zero means that nobody has said.
	ETA retail.Date `json:"eta,omitzero"`
}

// Outlook is a State that also knows what is to come and who waits for it. Both lists are
// asked once for each ATP.
type Outlook interface {
	State
	// Arrivals returns the open documents of the pipeline at the place, in any order.
	Arrivals(p Place) []Arrival
	// Backorders returns the claims on the place that ask for more than they hold
	// (Claim.Unmet), in any order.
	Backorders(p Place) []ClaimID
}

// ATP returns what can be promised to the channel for the end of a day: what is available now,
// and the arrivals expected by then times the confidence in them, less the backorders needed by
// then, rounded down to whole base units (A2). It is negative where more is promised than
// will be there. An arrival without an ETA is not counted, nor one that was received before it
// was shipped: its goods are available already.
func ATP(s Outlook, p Place, ch retail.ChannelID, day retail.Date, confidence money.Rate) retail.Quantity {
	var expected, owed retail.Quantity
	for _, a := range s.Arrivals(p) {
		if a.ETA != 0 && a.ETA <= day {
			expected += max(a.Quantity, 0)
		}
	}
	for _, id := range s.Backorders(p) {
		if c, ok := s.Claim(id); ok && c.NeededBy <= day {
			owed += c.Unmet()
		}
	}
	expected = retail.Quantity(confidence.Apply(int64(expected), money.Down))
	return wholeUnits(RawATS(s, p, ch) + expected - owed)
}

// wholeUnits rounds down, away from zero below it.
func wholeUnits(q retail.Quantity) retail.Quantity {
	return q - (q%retail.One+retail.One)%retail.One
}
