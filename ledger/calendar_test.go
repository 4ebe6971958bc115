package ledger_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/heddlehq/heddle/fault"
	"github.com/heddlehq/heddle/ledger"
	"github.com/heddlehq/heddle/retail"
)

func year(t testing.TB) *ledger.Calendar {
	t.Helper()
	c := ledger.NewCalendar()
	for _, p := range []ledger.Period{
		{Entity: "LE1", Name: "2026-07", From: 20260701, To: 20260731, Status: ledger.PeriodOpen},
		{Entity: "LE1", Name: "2026-05", From: 20260501, To: 20260531, Status: ledger.PeriodHardClosed},
		{Entity: "LE1", Name: "2026-06", From: 20260601, To: 20260630, Status: ledger.PeriodSoftClosed},
	} {
		if err := c.Set(p); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// reproduces: V-DATE-02
func TestAccountingDate(t *testing.T) {
	cases := []struct {
		name             string
		day              retail.Date
		fact, adjustment retail.Date // zero means V-DATE-02
	}{
		{"before the calendar", 20260401, 20260701, 20260601},
		{"hard closed", 20260531, 20260701, 20260601},
		{"soft closed takes adjustments only", 20260630, 20260701, 20260630},
		{"open", 20260715, 20260715, 20260715},
		{"the last open day", 20260731, 20260731, 20260731},
		{"a period that nobody opened", 20260801, 0, 0},
	}
	c := year(t)
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			for name, got := range map[string]func(retail.EntityID, retail.Date) (retail.Date, error){
				"fact": c.AccountingDate, "adjustment": c.AdjustmentDate,
			} {
				want := tc.fact
				if name == "adjustment" {
					want = tc.adjustment
				}
				day, err := got("LE1", tc.day)
				if day != want || (want == 0) != fault.HasCode(err, fault.DateClosed) {
					t.Errorf("%s: got %s, %v, want %s", name, day, err, want)
				}
			}
		})
	}
	if day, err := c.AccountingDate("LE2", 20260715); !fault.HasCode(err, fault.DateClosed) {
		t.Errorf("got %s, %v for an entity without calendar", day, err)
	}
}

// TestAccountingDateNeverEarlier is INV-22: never before the business date, and always in an
// open period.
func TestAccountingDateNeverEarlier(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := ledger.NewCalendar()
		first := retail.Date(20260101)
		for i, status := range rapid.SliceOfN(rapid.SampledFrom([]ledger.PeriodStatus{
			ledger.PeriodOpen, ledger.PeriodSoftClosed, ledger.PeriodHardClosed}), 1, 6).Draw(t, "statuses") {
			from := first.AddDays(i * 30)
			if err := c.Set(ledger.Period{Entity: "LE1", Name: string(rune('a' + i)), From: from, To: from.AddDays(29), Status: status}); err != nil {
				t.Fatal(err)
			}
		}
		business := first.AddDays(rapid.IntRange(-10, 200).Draw(t, "day"))
		day, err := c.AccountingDate("LE1", business)
		if err != nil {
			return
		}
		p, ok := c.Period("LE1", day)
		if day < business || !ok || p.Status != ledger.PeriodOpen {
			t.Fatalf("%s is accounted on %s, in %+v", business, day, p)
		}
		for d := business; d < day; d = d.AddDays(1) {
			if p, ok := c.Period("LE1", d); ok && p.Status == ledger.PeriodOpen {
				t.Fatalf("%s was open and is earlier than %s", d, day)
			}
		}
	})
}

func TestCalendarChanges(t *testing.T) {
	c := year(t)
	if day, err := c.NextPeriodStart("LE1", 20260615); err != nil || day != 20260701 {
		t.Errorf("got %s, %v", day, err)
	}
	if _, err := c.NextPeriodStart("LE1", 20260801); !fault.HasCode(err, fault.DateClosed) {
		t.Errorf("got %v, want V-DATE-02", err)
	}
	reopened := ledger.Period{Entity: "LE1", Name: "2026-05", From: 20260501, To: 20260531, Status: ledger.PeriodOpen}
	if err := c.Set(reopened); err != nil {
		t.Fatal(err)
	}
	if day, _ := c.AccountingDate("LE1", 20260531); day != 20260531 {
		t.Errorf("got %s after reopening", day)
	}
	c.Remove("LE1", "2026-05")
	if day, _ := c.AccountingDate("LE1", 20260531); day != 20260701 {
		t.Errorf("got %s after removing", day)
	}
	for name, p := range map[string]ledger.Period{
		"overlap":        {Entity: "LE1", Name: "X", From: 20260731, To: 20260831, Status: ledger.PeriodOpen},
		"backwards":      {Entity: "LE1", Name: "X", From: 20260831, To: 20260801, Status: ledger.PeriodOpen},
		"without a day":  {Entity: "LE1", Name: "X", To: 20260831, Status: ledger.PeriodOpen},
		"unknown status": {Entity: "LE1", Name: "X", From: 20260801, To: 20260831, Status: "AJAR"},
	} {
		if err := c.Set(p); !fault.HasCode(err, fault.SchemaInvalid) {
			t.Errorf("%s: got %v, want V-SCH-01", name, err)
		}
	}
}
