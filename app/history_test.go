package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/intake"
	"github.com/heddlehq/heddle/stock"
)

const pastConfig = `
environment: test
tenant: acme
data_dir: data
history: 2010-12-01
sources:
  - pack: csv
    instance: web
    zone: Europe/London
    options: {currency: GBP, location: UK, tender: ACCOUNT}
reference:
  locations: [{key: UK, entity: LE1, zone: Europe/London, kind: STORE}]
  items: [{key: MUG, department: D1, class: MERCH, cost: "1.00"}]
  tenders: [{key: [csv, ACCOUNT], class: BANK_TRANSFER}]
  accounts: [{key: ["*", "*"], account: "{role}", name: "{role}"}]
  periods: [{key: [LE1, 2010-12], from: 2010-12-01, to: 2010-12-31, status: OPEN}]
policies: {LE1: {functional_currency: GBP}}
`

// loadPast opens a house, takes rows of sales in and returns when each was known.
func loadPast(t *testing.T, c *app.Config, today time.Time, rows, lies string) (known []string) {
	t.Helper()
	house, err := app.OpenHouse(t.Context(), c, app.Options{Clock: func() time.Time { return today }})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	}()
	receipt, err := house.Doors.Take(t.Context(), intake.Arrival{
		Pack: "csv", Instance: "web", Body: []byte("invoice,item,quantity,price,time\n" + rows), Caller: "loader",
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range receipt.Records {
		if line.Code != "" {
			t.Fatalf("record %d: %s %s", line.Record, line.Code, line.Detail)
		}
		record, err := house.Owner.Record(t.Context(), line.Events[0].Position)
		if err != nil {
			t.Fatal(err)
		}
		known = append(known, record.At.UTC().Format(time.RFC3339))
	}
	if err := house.Books.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	if open, err := house.Books.Exceptions(t.Context(), today); err != nil || len(open) > 0 {
		t.Errorf("open: %+v, %v", open, err)
	}
	positions, err := house.Owner.AsOf(t.Context(), "MUG", "UK", stock.Instant{Known: time.Date(2010, 12, 3, 0, 0, 0, 0, time.UTC)})
	if err != nil || len(positions) != 1 || positions[0].Quantity.String() != lies {
		t.Errorf("known on 3 December: got %+v, %v, want %s", positions, err, lies)
	}
	return known
}

// A past that is loaded is known when it happened; what is told afterwards is known today.
func TestHistory(t *testing.T) {
	today := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	dir := t.TempDir()
	config := func() *app.Config {
		c, problems := app.Parse([]byte(pastConfig), dir)
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		return c
	}
	const first, second = "1,MUG,2,2.50,2010-12-01 08:26:00\n", "2,MUG,1,2.50,2010-12-02 09:00:00\n"
	for _, c := range []struct {
		name, history, rows string
		known, lies         string // when each row is known; what lies there on 3 December
	}{
		{"the first days", "2010-12-01", first + second, "2010-12-01T08:26:00Z 2010-12-02T09:00:00Z", "-3"},
		{"after a restart, of the days before", "2010-12-01", "0,MUG,1,2.50,2010-12-01 07:00:00\n", "2010-12-02T09:00:00Z", "-4"},
		{"a later day", "2010-12-01", "3,MUG,1,2.50,2010-12-06 10:00:00\n", "2010-12-06T10:00:00Z", "-4"},
		{"once the past is loaded", "", "4,MUG,1,2.50,2010-12-07 10:00:00\n", "2026-11-23T12:00:00Z", "-4"},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := config()
			cfg.History = c.history
			if got := strings.Join(loadPast(t, cfg, today, c.rows, c.lies), " "); got != c.known {
				t.Errorf("got %s, want %s", got, c.known)
			}
		})
	}
}
