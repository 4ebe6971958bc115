package posting

import (
	"slices"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Sold is a till transaction: the amounts of its lines, how they were paid, and how much of
// them has come back. Its JSON form is its document; the same sale gives the same bytes.
type Sold struct {
	// Key is the till transaction: store·business_date·till·number.
	Key      string            `json:"key"`
	Currency money.Currency    `json:"currency"`
	Store    retail.LocationID `json:"store"`
	Channel  retail.ChannelID  `json:"channel"`
	Lines    []SoldLine        `json:"lines"`
}

// SoldLine is a line of a sale with its share of the payment.
type SoldLine struct {
	SoldGoods
	// Tenders is the line's share of each tender of the sale (D1).
	Tenders []TenderAmount `json:"tenders,omitempty"`
	// Rounding is its share of the cash rounding, above zero where the customer paid more.
	Rounding int64 `json:"rounding,omitempty"`
}

// TenderAmount is what was paid, or paid back, by one tender.
type TenderAmount struct {
	Tender
	Minor int64 `json:"minor"`
}

// SaleTerms is what reference data says about a sale.
type SaleTerms struct {
	Key     string
	Store   retail.LocationID
	Channel retail.ChannelID
	Day     retail.Date // the business date
	Lines   []LineTerms // in the order of the lines
	Tenders []Tender    // in the order of the tenders; an unknown one has no class
	Cash    money.CashRule
}

// NewSold reads a sale by the sale builder (J2): amounts of each line, the header against the
// lines (V-BAL-02), the tenders against the header (V-BAL-01), cash rounding (D7), and the
// tenders apportioned to the lines by what each is due (D1), so that every line balances by
// itself. A difference is never plugged. A tender without class is V-TND-01; unmapped tax
// codes may stay open, see Resolve.
func NewSold(sale *event.Sale, terms SaleTerms) (*Sold, error) {
	s := &Sold{Key: terms.Key, Currency: sale.Currency, Store: terms.Store, Channel: terms.Channel}
	var total int64
	for i, l := range sale.Lines {
		source := sourceLine{l.Line, l.Quantity, l.Gross, l.Discounts, l.Net.Minor, l.Taxes}
		if err := source.within(len(sale.Lines)); err != nil {
			return nil, err
		}
		a, err := source.amounts(sale.Currency, lineTerms(terms.Lines, i), sale.PricesIncludeTax)
		if err != nil {
			return nil, err
		}
		s.Lines = append(s.Lines, SoldLine{SoldGoods: SoldGoods{Line: l.Line, Quantity: l.Quantity, Amounts: a}})
		total += a.due()
	}
	if total != sale.Total.Minor {
		return nil, headerUnequal(terms.Key, s.Currency, sale.Total.Minor, total)
	}
	tenders, err := saleTenders(sale, terms)
	if err != nil {
		return nil, err
	}
	rounding, err := cashRounding(sale, terms, tenders)
	if err != nil {
		return nil, err
	}
	if err := s.apportion(tenders, rounding); err != nil {
		return nil, err
	}
	return s, nil
}

// saleTenders puts the resolved tenders beside their amounts.
func saleTenders(sale *event.Sale, terms SaleTerms) ([]TenderAmount, error) {
	if len(sale.Tenders) > partsMax {
		return nil, fault.New(fault.NotRepresentable, terms.Key, "a sale has at most %d tenders", partsMax)
	}
	out := make([]TenderAmount, len(sale.Tenders))
	for i, t := range sale.Tenders {
		var known Tender
		if i < len(terms.Tenders) {
			known = terms.Tenders[i]
		}
		if known.Class == "" {
			return nil, fault.New(fault.TenderUnknown, t.Code, "the tender is not mapped to a class")
		}
		if known.Reference == "" {
			known.Reference = t.Reference
		}
		if t.Amount.Minor < 0 {
			return nil, fault.New(fault.AmountSign, terms.Key, "a tender of a sale is not negative")
		}
		out[i] = TenderAmount{TillTender(known, terms.Store, terms.Day, terms.Key), t.Amount.Minor}
	}
	return out, nil
}

// cashRounding returns the difference between what was paid and what was due, if it is a
// rounding of cash that the till recorded; any other difference is V-BAL-01.
func cashRounding(sale *event.Sale, terms SaleTerms, tenders []TenderAmount) (int64, error) {
	var paid, recorded int64
	cash := false
	for _, t := range tenders {
		paid += t.Minor
		cash = cash || t.Class == TenderCash
	}
	if sale.Rounding != nil {
		recorded = sale.Rounding.Minor
	}
	difference := paid - sale.Total.Minor
	size := max(difference, -difference)
	if difference == recorded && (difference == 0 || cash && size < terms.Cash.Step) {
		return difference, nil
	}
	return 0, fault.New(fault.TendersUnequal, terms.Key, "the tenders add up to %s, the total is %s, recorded cash rounding %s",
		money.Of(paid, sale.Currency), sale.Total, money.Of(recorded, sale.Currency))
}

// apportion gives each line its share of the rounding and of each tender, one after the
// other by what the line is still due (D1), so that both the lines and the tenders add up.
func (s *Sold) apportion(tenders []TenderAmount, rounding int64) error {
	due := make([]int64, len(s.Lines))
	for i := range s.Lines {
		due[i] = s.Lines[i].due()
	}
	shares, err := money.LargestRemainder(rounding, due)
	if err != nil {
		return err
	}
	for i := range s.Lines {
		s.Lines[i].Rounding = shares[i]
		due[i] += shares[i]
	}
	for _, t := range tenders {
		shares, err := money.LargestRemainder(t.Minor, due)
		if err != nil {
			return err
		}
		for i, share := range shares {
			if share == 0 {
				continue
			}
			s.Lines[i].Tenders = append(s.Lines[i].Tenders, TenderAmount{t.Tender, share})
			due[i] -= share
		}
	}
	return nil
}

// Resolve gives their treatment to taxes whose codes were not mapped before.
func (s *Sold) Resolve(treatment func(source string) (Treatment, bool)) {
	for i := range s.Lines {
		resolveTaxes(s.Lines[i].Taxes, treatment)
	}
}

// Revenue is P01 for one line: its share of the tenders, SALES_DISCOUNT, CASH_ROUNDING /
// SALES_REVENUE, TAX_PAYABLE. While a tax code of the line is not mapped it is V-TAX-02; the
// other lines do not wait for it.
func (s *Sold) Revenue(line, department string) (Draft, error) {
	l, err := s.line(line)
	if err != nil {
		return Draft{}, err
	}
	if err := resolved(l.Taxes); err != nil {
		return Draft{}, err
	}
	setting := Setting{s.Currency, s.Store, s.Channel}
	lines := setting.revenue(l.Amounts, department)
	for _, t := range l.Tenders {
		paid, err := t.line(ledger.Dr, t.Minor)
		if err != nil {
			return Draft{}, err
		}
		lines = append(lines, paid)
	}
	lines = append(lines, cr(ledger.CashRounding, l.Rounding))
	return setting.draft(P01, ledger.LegRevenue, line, lines...), nil
}

// Return takes the share of a return of a line and counts it; see SoldGoods.
func (s *Sold) Return(line string, claim ReturnClaim) (ReturnShare, error) {
	l, err := s.line(line)
	if err != nil {
		return ReturnShare{}, err
	}
	return l.giveBack(s.Currency, claim)
}

func (s *Sold) line(number string) (*SoldLine, error) {
	i := slices.IndexFunc(s.Lines, func(l SoldLine) bool { return l.Line == number })
	if i < 0 {
		return nil, fault.New(fault.ParentMissing, retail.Key(s.Key, number), "the sale has no such line")
	}
	return &s.Lines[i], nil
}
