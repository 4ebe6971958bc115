package ledger

import (
	"bytes"
	"encoding/json"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// document is the JSON form of an entry, its members in alphabetical order. Amounts are
// decimals of the entry's currency; functional amounts are written only where the
// functional currency is another one.
type document struct {
	AccountingDate retail.Date       `json:"accounting_date"`
	BusinessDate   retail.Date       `json:"business_date"`
	Channel        retail.ChannelID  `json:"channel,omitempty"`
	Currency       money.Currency    `json:"currency"`
	Entity         retail.EntityID   `json:"entity"`
	EntryHash      Digest            `json:"entry_hash"`
	EntryID        Digest            `json:"entry_id"`
	Event          string            `json:"event_id"`
	Functional     money.Currency    `json:"functional_currency"`
	Ledger         string            `json:"ledger"`
	Leg            Leg               `json:"leg"`
	Lines          []postingDocument `json:"lines"`
	Position       int64             `json:"position"`
	Unit           string            `json:"posting_unit_id"`
	Reverses       *Digest           `json:"reverses,omitempty"`
	Revision       int64             `json:"revision"`
	Store          retail.LocationID `json:"store,omitempty"`
	TaxPointDate   retail.Date       `json:"tax_point_date"`
	Template       string            `json:"template"`
	Version        int               `json:"template_version"`
	UnitLine       string            `json:"unit_line,omitempty"`
}

type postingDocument struct {
	Account          string `json:"account"`
	AccountName      string `json:"account_name,omitempty"`
	Credit           string `json:"credit,omitempty"`
	Debit            string `json:"debit,omitempty"`
	Dims             Dims   `json:"dims,omitempty"`
	FunctionalCredit string `json:"functional_credit,omitempty"`
	FunctionalDebit  string `json:"functional_debit,omitempty"`
	Key              string `json:"key,omitempty"`
	Role             Role   `json:"role"`
}

// MarshalJSON writes the document form: the same bytes for the same entry.
func (e *Entry) MarshalJSON() ([]byte, error) {
	p := e.proposal
	d := document{
		AccountingDate: p.Dates.Accounting, BusinessDate: p.Dates.Business, TaxPointDate: p.Dates.TaxPoint,
		Channel: p.Channel, Store: p.Store, Currency: p.Currency, Functional: p.Functional,
		Entity: p.Unit.Entity, Event: p.Unit.Event, Revision: p.Unit.Revision, Leg: p.Unit.Leg, UnitLine: p.Unit.Line,
		Template: p.Unit.Template, Version: p.Version, Position: p.Position, Unit: p.Unit.String(),
		EntryID: e.id, EntryHash: e.hash, Ledger: MainLedger,
	}
	if !p.Reverses.IsZero() {
		d.Reverses = &p.Reverses
	}
	for _, posting := range e.postings {
		d.Lines = append(d.Lines, e.postingDocument(posting))
	}
	return marshalPlain(d)
}

func (e *Entry) postingDocument(p Posting) postingDocument {
	d := postingDocument{Account: p.Account.Code, AccountName: p.Account.Name, Dims: p.Dims, Key: p.Key, Role: p.Role}
	amount, functional := &d.Debit, &d.FunctionalDebit
	if p.Side == Cr {
		amount, functional = &d.Credit, &d.FunctionalCredit
	}
	*amount = money.Of(p.Minor, e.proposal.Currency).Decimal()
	if e.proposal.Currency != e.proposal.Functional {
		*functional = money.Of(p.Functional, e.proposal.Functional).Decimal()
	}
	return d
}

// DecodeEntry reads what MarshalJSON writes and checks it like a new entry: an entry that
// does not balance, or whose id or hash is not the one it says (H-ENTRY), does not get in.
func DecodeEntry(b []byte) (*Entry, error) {
	var d document
	dec := json.NewDecoder(bytes.NewReader(b))
	dec.DisallowUnknownFields()
	err := dec.Decode(&d)
	if err != nil || dec.More() {
		return nil, fault.Wrap(err, fault.EntryCorrupt, "ledger.decode", "")
	}
	p, accounts, err := d.proposal()
	if err != nil {
		return nil, err
	}
	lines, err := p.checked()
	if err != nil {
		return nil, fault.Wrap(err, fault.EntryCorrupt, "ledger.decode", d.Unit)
	}
	if len(lines) != len(d.Lines) || !slices.IsSortedFunc(p.Lines, compareLines) {
		return nil, fault.New(fault.EntryCorrupt, d.Unit, "the lines are not those that were written").In("ledger.decode")
	}
	postings := make([]Posting, len(lines))
	for i, l := range lines {
		postings[i] = Posting{l, accounts[i]}
	}
	e := newEntry(p, postings)
	if e.id != d.EntryID || e.hash != d.EntryHash || p.Unit.String() != d.Unit || d.Ledger != MainLedger {
		return nil, fault.New(fault.EntryCorrupt, d.Unit, "the entry does not have the id and the hash that it says").In("ledger.decode")
	}
	return e, nil
}

func (d document) proposal() (Proposal, []Account, error) {
	p := Proposal{
		Unit:    UnitID{Event: d.Event, Revision: d.Revision, Template: d.Template, Entity: d.Entity, Leg: d.Leg, Line: d.UnitLine},
		Version: d.Version, Position: d.Position, Store: d.Store, Channel: d.Channel,
		Dates:    Dates{Accounting: d.AccountingDate, Business: d.BusinessDate, TaxPoint: d.TaxPointDate},
		Currency: d.Currency, Functional: d.Functional,
	}
	if d.Reverses != nil {
		p.Reverses = *d.Reverses
	}
	accounts := make([]Account, len(d.Lines))
	for i, l := range d.Lines {
		line, err := l.line(d.Currency, d.Functional)
		if err != nil {
			return p, nil, fault.Wrap(err, fault.EntryCorrupt, "ledger.decode", d.Unit)
		}
		p.Lines, accounts[i] = append(p.Lines, line), Account{Code: l.Account, Name: l.AccountName}
	}
	return p, accounts, nil
}

func (d postingDocument) line(c, functional money.Currency) (Line, error) {
	l := Line{Role: d.Role, Dims: d.Dims, Key: d.Key, Side: Dr}
	amount, functionalAmount := d.Debit, d.FunctionalDebit
	if d.Credit != "" {
		l.Side, amount, functionalAmount = Cr, d.Credit, d.FunctionalCredit
	}
	value, err := money.Parse(amount, c)
	if err != nil {
		return l, err
	}
	l.Minor, l.Functional = value.Minor, value.Minor
	if c != functional {
		value, err = money.Parse(functionalAmount, functional)
		l.Functional = value.Minor
	}
	if d.Debit != "" && d.Credit != "" {
		return l, fault.New(fault.EntryUnbalanced, string(d.Role), "a line stands on one side")
	}
	return l, err
}
