package ledger

import (
	"cmp"
	"slices"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/retail"
)

// PeriodStatus says what may be booked in a period (rule book E5).
type PeriodStatus string

// The statuses. A period that the calendar does not know is a future one: nothing is booked in it.
const (
	PeriodOpen       PeriodStatus = "OPEN"
	PeriodSoftClosed PeriodStatus = "SOFT_CLOSED" // corrections and automatic legs only
	PeriodHardClosed PeriodStatus = "HARD_CLOSED" // nothing, ever
)

// Period is one period of an entity's close calendar.
type Period struct {
	Entity retail.EntityID
	Name   string // "2026-06"
	From   retail.Date
	To     retail.Date // the last day, inclusive
	Status PeriodStatus
}

// Calendar is the close calendar of all entities. It is for one goroutine while it is set.
type Calendar struct {
	periods map[retail.EntityID][]Period // by first day
}

// NewCalendar returns a calendar without periods.
func NewCalendar() *Calendar { return &Calendar{periods: map[retail.EntityID][]Period{}} }

// Set puts a period, or replaces the one of that name. A period that ends before it begins,
// overlaps another of its entity or has no known status is V-SCH-01.
func (c *Calendar) Set(p Period) error {
	subject := retail.Key(string(p.Entity), p.Name)
	if p.From == 0 || p.To < p.From || !slices.Contains([]PeriodStatus{PeriodOpen, PeriodSoftClosed, PeriodHardClosed}, p.Status) {
		return fault.New(fault.SchemaInvalid, subject, "a period has a first and a last day, and is OPEN, SOFT_CLOSED or HARD_CLOSED")
	}
	others := slices.DeleteFunc(slices.Clone(c.periods[p.Entity]), func(have Period) bool { return have.Name == p.Name })
	for _, have := range others {
		if p.From <= have.To && have.From <= p.To {
			return fault.New(fault.SchemaInvalid, subject, "it overlaps the period %s", have.Name)
		}
	}
	others = append(others, p)
	slices.SortFunc(others, func(a, b Period) int { return cmp.Compare(a.From, b.From) })
	c.periods[p.Entity] = others
	return nil
}

// Remove takes a period out of the calendar.
func (c *Calendar) Remove(entity retail.EntityID, name string) {
	c.periods[entity] = slices.DeleteFunc(c.periods[entity], func(have Period) bool { return have.Name == name })
}

// Period returns the period that holds a day.
func (c *Calendar) Period(entity retail.EntityID, day retail.Date) (Period, bool) {
	for _, p := range c.periods[entity] {
		if p.From <= day && day <= p.To {
			return p, true
		}
	}
	return Period{}, false
}

// AccountingDate returns the day on which a new fact is accounted (L4): its business date
// where that lies in an open period, else the first open day after it. It is never earlier
// than the business date (INV-22). Where no open day follows it is V-DATE-02.
func (c *Calendar) AccountingDate(entity retail.EntityID, business retail.Date) (retail.Date, error) {
	return c.firstDay(entity, business, PeriodOpen, PeriodOpen)
}

// AdjustmentDate is AccountingDate for automatic legs (true-ups, reclasses), which a
// soft-closed period still takes.
func (c *Calendar) AdjustmentDate(entity retail.EntityID, day retail.Date) (retail.Date, error) {
	return c.firstDay(entity, day, PeriodOpen, PeriodSoftClosed)
}

func (c *Calendar) firstDay(entity retail.EntityID, from retail.Date, one, other PeriodStatus) (retail.Date, error) {
	for _, p := range c.periods[entity] {
		if (p.Status == one || p.Status == other) && from <= p.To {
			return max(from, p.From), nil
		}
	}
	return 0, fault.New(fault.DateClosed, string(entity), "no period is open on %s or later", from)
}

// NextPeriodStart returns the day after the period that holds a day: what is booked at the
// end of the one reverses itself on the other (P92). A day in no known period is V-DATE-02.
func (c *Calendar) NextPeriodStart(entity retail.EntityID, day retail.Date) (retail.Date, error) {
	p, ok := c.Period(entity, day)
	if !ok {
		return 0, fault.New(fault.DateClosed, string(entity), "no period holds %s", day)
	}
	return p.To.AddDays(1), nil
}
