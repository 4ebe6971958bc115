package booking

import (
	"strings"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/posting"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store"
)

// futureMax is how far a fact may be dated after it was recorded (V-DATE-01).
const futureMax = 15 * time.Minute

// setPeriod puts a row of the close calendar where dates are looked up.
func (b *Books) setPeriod(key string, row event.Row) error {
	entity, name, ok := strings.Cut(key, retail.Sep)
	if !ok {
		return fault.New(fault.SchemaInvalid, "periods "+key, "the key is entity·yyyy-mm")
	}
	if len(row) == 0 {
		b.calendar.Remove(retail.EntityID(entity), name)
		return nil
	}
	from, err := retail.ParseDate(row["from"])
	if err != nil {
		return err
	}
	to, err := retail.ParseDate(row["to"])
	if err != nil {
		return err
	}
	return b.calendar.Set(ledger.Period{
		Entity: retail.EntityID(entity), Name: name, From: from, To: to, Status: ledger.PeriodStatus(row["status"]),
	})
}

// periodRun books a period-end run. CLEARING_RECLASS is P92: clearing keys of orders that
// were fulfilled and not paid show as receivables at the period's end, and go back on the
// first day of the next.
func (w *work) periodRun(d *event.PeriodRunRequested) error {
	if d.Run != event.ClearingReclass {
		return fault.New(fault.SchemaInvalid, string(d.Run), "there is no such run")
	}
	next, err := w.p.b.calendar.NextPeriodStart(d.Entity, d.AsOf)
	if err != nil {
		return waitFor(causePeriods(d.Entity), err)
	}
	var open []ledger.Open
	err = w.o.ScanCounters(w.o.Context(), tableClearing, store.Prefix(retail.Key(string(d.Entity), "")), 0, func(key string, n int64) bool {
		if k, ok := ledger.ParseClearingKey(key); ok {
			open = append(open, ledger.Open{ClearingKey: k, Minor: n})
		}
		return true
	})
	if err != nil {
		return err
	}
	for len(open) > 0 {
		var same, rest []ledger.Open
		for _, o := range open {
			if o.Currency == open[0].Currency {
				same = append(same, o)
			} else {
				rest = append(rest, o)
			}
		}
		if err := w.reclass(d, same, next); err != nil {
			return err
		}
		open = rest
	}
	return nil
}

func (w *work) reclass(d *event.PeriodRunRequested, open []ledger.Open, next retail.Date) error {
	s := posting.Setting{Currency: open[0].Currency}
	for _, item := range posting.ReclassItems(open) {
		item.Customer = item.Order
		draft := posting.Reclass(s, item)
		if err := w.bookOn(draft, d.Entity, d.AsOf); err != nil {
			return err
		}
		if err := w.bookOn(draft.Mirror(posting.P92R), d.Entity, next); err != nil {
			return err
		}
	}
	return nil
}
