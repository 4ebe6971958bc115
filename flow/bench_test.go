package flow_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/heddlehq/heddle/event"
	"github.com/heddlehq/heddle/flow"
	"github.com/heddlehq/heddle/money"
	"github.com/heddlehq/heddle/record"
	"github.com/heddlehq/heddle/reference"
	"github.com/heddlehq/heddle/retail"
	"github.com/heddlehq/heddle/store/sqlite"
)

// BenchmarkSubmit decides and appends one-line sales on SQLite, 500 a request.
func BenchmarkSubmit(b *testing.B) {
	now := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	s, err := sqlite.Open(b.Context(), b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	o, err := flow.Open(b.Context(), s.Journal(), s.Views(), flow.Options{
		Tenant: "acme", Environment: "test", Clock: func() time.Time { return now }, TailMax: 1 << 40,
	})
	if err != nil {
		b.Fatal(err)
	}
	row := func(table event.Table, key string, row event.Row) record.Submission {
		return record.Submission{Event: reference.NewEvent(&event.ReferenceSet{Table: string(table), RowKey: key, Row: row, Author: "ann"}, "config", now)}
	}
	subs := []record.Submission{row(event.TableLocations, "S1", event.Row{"entity": "LE1", "zone": "UTC"})}
	for i := range 200 {
		subs = append(subs, row(event.TableItems, fmt.Sprintf("SKU-%d", i), event.Row{"department": "D1", "class": "M"}))
	}
	if _, err := o.Submit(b.Context(), subs); err != nil {
		b.Fatal(err)
	}
	const batch = 500
	n := 0
	b.ResetTimer()
	for range b.N {
		subs := make([]record.Submission, batch)
		for i := range subs {
			n++
			amount := money.Of(1999, "USD")
			subs[i].Event = &event.Event{
				Header: event.Header{System: "poslog", Instance: "main", Key: fmt.Sprintf("S1·2026-07-01·3·%d", n), Time: now, TZ: "UTC", BusinessDate: 20260701},
				Data: &event.Sale{
					Location: "S1", Till: "3", Currency: "USD", Total: amount,
					Lines:   []event.SaleLine{{Line: "1", Item: fmt.Sprintf("SKU-%d", n%200), Quantity: retail.One, Gross: amount, Net: amount}},
					Tenders: []event.Tender{{Code: "Card", Amount: amount}},
				},
			}
		}
		if _, err := o.Submit(b.Context(), subs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N*batch)/b.Elapsed().Seconds(), "events/s")
	b.StopTimer()
	if err := o.Close(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
}
