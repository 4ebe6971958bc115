package posting

import (
	"slices"

	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/retail"
)

// TemplateID names a template of the posting matrix.
type TemplateID string

// The templates, by the ids of rule book B2. A letter behind the number is a variant that
// needs a unit of its own beside the template's.
const (
	P01  TemplateID = "P01"  // sale
	P02  TemplateID = "P02"  // cost of sale
	P04  TemplateID = "P04"  // return accepted
	P05  TemplateID = "P05"  // return cost
	P07  TemplateID = "P07"  // no-receipt return
	P07C TemplateID = "P07C" // its cost leg, at the current average
	P16  TemplateID = "P16"  // capture before fulfilment
	P17  TemplateID = "P17"  // fulfilment
	P21  TemplateID = "P21"  // refund issued
	P30  TemplateID = "P30"  // PO receipt at cost
	P51  TemplateID = "P51"  // adjustment
	P51O TemplateID = "P51O" // adjustment of reason OPENING_LOAD, against OPENING_EQUITY
	P60  TemplateID = "P60"  // negative-stock true-up
	P70  TemplateID = "P70"  // settled
	P72  TemplateID = "P72"  // payout
	P73  TemplateID = "P73"  // bank line matched
	P73M TemplateID = "P73M" // bank line matched later: moves P80's suspense
	P74  TemplateID = "P74"  // refund settled
	P80  TemplateID = "P80"  // unmatched bank line
	P92  TemplateID = "P92"  // clearing reclass at period end
	P92R TemplateID = "P92R" // its reversal on the next day
)

// Template describes a template.
type Template struct {
	ID TemplateID
	// Version rises with every change of what the template posts; old versions stay in the
	// code, so that an old journal still gives its old entries.
	Version int
	Title   string
}

// Templates returns the table of templates.
func Templates() []Template {
	return []Template{
		{P01, 1, "sale"},
		{P02, 1, "cost of sale"},
		{P04, 1, "return accepted"},
		{P05, 1, "return cost"},
		{P07, 1, "return without receipt"},
		{P07C, 1, "cost of a return without receipt"},
		{P16, 1, "capture before fulfilment"},
		{P17, 1, "fulfilment"},
		{P21, 1, "refund issued"},
		{P30, 1, "receipt at cost"},
		{P51, 1, "stock adjustment"},
		{P51O, 1, "opening load"},
		{P60, 1, "negative-stock true-up"},
		{P70, 1, "payment settled"},
		{P72, 1, "payout"},
		{P73, 1, "bank line matched"},
		{P73M, 1, "bank line matched later"},
		{P74, 1, "refund settled"},
		{P80, 1, "bank line unmatched"},
		{P92, 1, "clearing reclass at period end"},
		{P92R, 1, "clearing reclass reversed"},
	}
}

// Title returns what the template books, for a person.
func (id TemplateID) Title() string {
	for _, t := range Templates() {
		if t.ID == id {
			return t.Title
		}
	}
	return ""
}

// Setting is what all drafts of one fact share.
type Setting struct {
	Currency money.Currency
	Store    retail.LocationID
	Channel  retail.ChannelID
}

// Draft is one posting unit, balanced, not yet an entry: it knows neither its event nor
// its accounts.
type Draft struct {
	Setting
	Template TemplateID
	Version  int
	Leg      ledger.Leg
	// Unit is the line of the event that the unit books; empty where it has none.
	Unit  string
	Lines []ledger.Line
}

// Cause is what a draft needs to become an entry.
type Cause struct {
	Event      string // the event's id
	Revision   int64  // the source's version of the fact
	Position   int64
	Entity     retail.EntityID
	Dates      ledger.Dates
	Functional money.Currency
}

// draft returns the first version of a unit.
func (s Setting) draft(id TemplateID, leg ledger.Leg, unit string, lines ...ledger.Line) Draft {
	lines = slices.DeleteFunc(lines, func(l ledger.Line) bool { return l.Minor == 0 })
	return Draft{Setting: s, Template: id, Version: 1, Leg: leg, Unit: unit, Lines: lines}
}

// IsZero reports whether there is nothing to book, as for the cost of what cost nothing.
func (d Draft) IsZero() bool { return len(d.Lines) == 0 }

// Mirror returns the draft with every line on the other side. Its template is named by the
// caller, because a mirror is a unit of its own.
func (d Draft) Mirror(id TemplateID) Draft {
	d.Template = id
	d.Lines = slices.Clone(d.Lines)
	for i := range d.Lines {
		d.Lines[i] = d.Lines[i].Mirror()
	}
	return d
}

// Proposal returns what ledger.NewEntry takes.
func (d Draft) Proposal(c Cause) ledger.Proposal {
	return ledger.Proposal{
		Unit: ledger.UnitID{
			Event: c.Event, Revision: c.Revision, Template: string(d.Template),
			Entity: c.Entity, Leg: d.Leg, Line: d.Unit,
		},
		Version: d.Version, Position: c.Position, Dates: c.Dates,
		Currency: d.Currency, Functional: c.Functional,
		Store: d.Store, Channel: d.Channel, Lines: d.Lines,
	}
}

// Entry makes the entry; see ledger.NewEntry for what it refuses.
func (d Draft) Entry(c Cause, chart *ledger.Chart) (*ledger.Entry, error) {
	return ledger.NewEntry(d.Proposal(c), chart)
}

func dim(name ledger.DimName, value string) ledger.Dim { return ledger.Dim{Name: name, Value: value} }

func dr(role ledger.Role, minor int64, dims ...ledger.Dim) ledger.Line {
	return ledger.Post(ledger.Dr, role, minor, dims...)
}

func cr(role ledger.Role, minor int64, dims ...ledger.Dim) ledger.Line {
	return ledger.Post(ledger.Cr, role, minor, dims...)
}
