package ledger

import (
	"cmp"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// Limits of an entry, so that no sum in it can overflow.
const (
	linesMax = 500
	lineMax  = money.MaxMinor
)

// Dates are the three days of an entry.
type Dates struct {
	// Accounting is the day in the books: the business date, or the first open day after it (L4).
	Accounting retail.Date
	// Business is the trading day on which it happened.
	Business retail.Date
	// TaxPoint is the day for tax reporting; closing a period never alters it.
	TaxPoint retail.Date
}

// Proposal is what an entry is made of.
type Proposal struct {
	Unit UnitID
	// Version is the version of the template.
	Version int
	// Position is the place in the journal at which it was booked.
	Position int64
	Dates    Dates
	// Currency is that of the lines; Functional that of the entity's books.
	Currency   money.Currency
	Functional money.Currency
	Store      retail.LocationID
	Channel    retail.ChannelID
	// Reverses is the entry that this one mirrors; zero where it mirrors none.
	Reverses Digest
	Lines    []Line
}

// Posting is a line in the books: with its account.
type Posting struct {
	Line
	Account Account
}

// Entry is a balanced set of postings for one posting unit. It is made by NewEntry or read
// by DecodeEntry, which check it, and cannot be changed.
type Entry struct {
	proposal Proposal // without its lines, which are postings
	id, hash Digest
	postings []Posting
}

// NewEntry checks a proposal and gives it its accounts. Lines of zero are dropped. It refuses
// what does not balance in either currency (V-BAL-03), lacks a mandatory dimension (V-MAP-02)
// or an account on the accounting date (V-MAP-01), and a foreign amount without its value in
// functional currency (V-CUR-02).
func NewEntry(p Proposal, chart *Chart) (*Entry, error) {
	lines, err := p.checked()
	if err != nil {
		return nil, err
	}
	postings := make([]Posting, len(lines))
	for i, l := range lines {
		account, err := chart.Resolve(p.Unit.Entity, l.Role, l.Dims, p.Dates.Accounting)
		if err != nil {
			return nil, err
		}
		postings[i] = Posting{l, account}
	}
	return newEntry(p, postings), nil
}

// newEntry makes an entry of what has been checked.
func newEntry(p Proposal, postings []Posting) *Entry {
	lines := make([]Line, len(postings))
	for i := range postings {
		lines[i] = postings[i].Line
	}
	p.Lines = nil
	return &Entry{
		proposal: p,
		id:       entryID(p.Unit, p.Version),
		hash:     entryHash(p.Unit.Entity, p.Currency, lines),
		postings: postings,
	}
}

// checked returns the lines in their order, zero ones dropped, or what is wrong with them.
func (p Proposal) checked() ([]Line, error) {
	if err := p.checkHead(); err != nil {
		return nil, err
	}
	lines := make([]Line, 0, len(p.Lines))
	for _, l := range p.Lines {
		if p.Currency == p.Functional && l.Functional == 0 {
			l.Functional = l.Minor
		}
		if err := l.check(); err != nil {
			return nil, err
		}
		if l.Minor != 0 || l.Functional != 0 {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, compareLines)
	return lines, p.checkBalance(lines)
}

func (p Proposal) checkHead() error {
	if err := p.Unit.check(); err != nil {
		return err
	}
	unit := p.Unit.String()
	for _, c := range []money.Currency{p.Currency, p.Functional} {
		if _, ok := c.Exponent(); !ok {
			return fault.New(fault.CurrencyUnknown, unit, "%q is not an ISO 4217 currency", c)
		}
	}
	d := p.Dates
	if d.Accounting == 0 || d.Business == 0 || d.TaxPoint == 0 || d.Accounting < d.Business {
		return fault.New(fault.EntryUnbalanced, unit, "an entry has three dates, and is not accounted before its business date")
	}
	if p.Version < 1 || len(p.Lines) > linesMax {
		return fault.New(fault.EntryUnbalanced, unit, "an entry has a template version and at most %d lines", linesMax)
	}
	return nil
}

// checkBalance adds up both sides in both currencies.
func (p Proposal) checkBalance(lines []Line) error {
	var balance, functional, debit, functionalDebit int64
	for _, l := range lines {
		sign := int64(1)
		if l.Side == Cr {
			sign = -1
		} else {
			debit += l.Minor
			functionalDebit += l.Functional
		}
		balance += sign * l.Minor
		functional += sign * l.Functional
	}
	unit := p.Unit.String()
	switch {
	case len(lines) == 0:
		return fault.New(fault.EntryUnbalanced, unit, "an entry has lines")
	case balance != 0:
		return fault.New(fault.EntryUnbalanced, unit, "debit %s, credit %s",
			money.Of(debit, p.Currency), money.Of(debit-balance, p.Currency))
	case p.Currency != p.Functional && functionalDebit == 0 && functional == 0 && debit != 0:
		return fault.New(fault.RateMissing, unit, "%s has no value in %s", money.Of(debit, p.Currency), p.Functional)
	case functional != 0:
		return fault.New(fault.EntryUnbalanced, unit, "debit %s, credit %s",
			money.Of(functionalDebit, p.Functional), money.Of(functionalDebit-functional, p.Functional))
	}
	return nil
}

// ID returns the entry_id, the journal_id of rule book 0.4: which unit by which template version.
func (e *Entry) ID() Digest { return e.id }

// Hash returns the entry_hash, the journal_hash of rule book 0.4: what the lines say.
func (e *Entry) Hash() Digest { return e.hash }

// Unit returns the posting unit that the entry books.
func (e *Entry) Unit() UnitID { return e.proposal.Unit }

// Version returns the version of the template.
func (e *Entry) Version() int { return e.proposal.Version }

// Position returns the place in the journal at which the entry was booked.
func (e *Entry) Position() int64 { return e.proposal.Position }

// Dates returns the entry's days.
func (e *Entry) Dates() Dates { return e.proposal.Dates }

// Currency returns the currency of the lines.
func (e *Entry) Currency() money.Currency { return e.proposal.Currency }

// Functional returns the functional currency.
func (e *Entry) Functional() money.Currency { return e.proposal.Functional }

// Store returns the place where it happened; empty where it has none.
func (e *Entry) Store() retail.LocationID { return e.proposal.Store }

// Channel returns the sales channel; empty where it has none.
func (e *Entry) Channel() retail.ChannelID { return e.proposal.Channel }

// Reverses returns the entry that this one mirrors; zero where it mirrors none.
func (e *Entry) Reverses() Digest { return e.proposal.Reverses }

// Postings returns the lines with their accounts, debits first. Do not change them.
func (e *Entry) Postings() []Posting { return slices.Clone(e.postings) }

// Debit returns the sum of the debits, which is that of the credits.
func (e *Entry) Debit() money.Amount {
	var sum int64
	for _, p := range e.postings {
		if p.Side == Dr {
			sum += p.Minor
		}
	}
	return money.Of(sum, e.proposal.Currency)
}

// Compare orders entries by accounting date, position and unit, for reading and export.
func Compare(a, b *Entry) int {
	return cmp.Or(
		cmp.Compare(a.proposal.Dates.Accounting, b.proposal.Dates.Accounting),
		cmp.Compare(a.proposal.Position, b.proposal.Position),
		cmp.Compare(a.proposal.Unit.String(), b.proposal.Unit.String()),
	)
}
