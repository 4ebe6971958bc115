//go:build e2e

package app_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/heddlehq/heddle/app"
	"github.com/heddlehq/heddle/intake"
)

// shopPast is an installation that finds the days of a shop in a folder.
const shopPast = `environment: test
tenant: acme
data_dir: data
history: 2010-12-01
sources:
  - pack: csv
    instance: web
    zone: Europe/London
    options:
      columns: invoice=InvoiceNo, item=StockCode, quantity=Quantity, time=InvoiceDate, price=UnitPrice, customer=CustomerID
      currency: GBP
      location: UK
      tender: ACCOUNT
      disposition: RESTOCK
      unpriced_reason: NO PRICE
      not_sold: AMAZONFEE, BANK CHARGES, S
    files: [{folder: in, every: 1s, settle: 1s}]
reference:
  locations: [{key: UK, entity: LE1, zone: Europe/London, kind: STORE}]
  tenders: [{key: [csv, ACCOUNT], class: BANK_TRANSFER}]
  reasons: [{key: [csv, NO PRICE], stock: DATA_FIX}]
  accounts: [{key: ["*", "*"], account: "{role}", name: "{role}"}]
  periods:
    - {key: [LE1, 2010-12], from: 2010-12-01, to: 2010-12-31, status: OPEN}
policies: {LE1: {functional_currency: GBP}}
`

// TestE2EHistoryFromFiles has a server find days of a real shop in a folder: each row has one
// answer in the receipts, the books balance, everything was known when it happened, and a day
// that comes again with one row changed is one conflict.
func TestE2EHistoryFromFiles(t *testing.T) {
	past := readPast(t, "2010-12-12.csv", "2010-12-19.csv", "2010-12-23.csv")
	dir := t.TempDir()
	in := filepath.Join(dir, "in")
	if err := os.Mkdir(in, 0o700); err != nil {
		t.Fatal(err)
	}
	c, problems := app.Parse([]byte(past.config), dir)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	house, err := app.OpenHouse(t.Context(), c, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := house.Close(); err != nil {
			t.Error(err)
		}
	}()
	var sum intake.FileCounts
	for _, day := range past.names {
		n := takeFile(t, house, in, day, past.bodies[day])
		sum.Records, sum.Accepted, sum.Refused = sum.Records+n.Records, sum.Accepted+n.Accepted, sum.Refused+n.Refused
	}
	if sum.Records != past.rows || sum.Refused != past.refused || sum.Accepted != past.rows-past.refused {
		t.Errorf("got %+v of %d rows, %d of which are refused", sum, past.rows, past.refused)
	}
	last, err := house.Owner.Record(t.Context(), house.Owner.Position())
	if err != nil || last.At.Format(time.DateOnly) != "2010-12-23" {
		t.Errorf("the last fact was known at %v, %v", last.At, err)
	}

	lines := strings.SplitAfter(past.bodies[past.names[2]], "\n")
	lines[3] = strings.Replace(lines[3], ",2010-12-23", "0,2010-12-23", 1)
	if n := takeFile(t, house, in, past.names[2], strings.Join(lines, "")); n.Conflict != 1 || n.Accepted != 0 || n.Conflict+n.Duplicate+n.Refused != n.Records {
		t.Errorf("a changed row: got %+v, want one conflict", n)
	}
	if err := house.Books.CatchUp(t.Context()); err != nil {
		t.Fatal(err)
	}
	balance, err := house.Books.TrialBalance(t.Context(), "")
	if err != nil || len(balance.Totals()) != 1 || !balance.Totals()[0].Balanced() {
		t.Errorf("got %v, %v", balance.Totals(), err)
	}
	if waiting, err := house.Books.Waiting(t.Context(), 10); err != nil || len(waiting) > 0 {
		t.Errorf("these wait: %+v, %v", waiting, err)
	}
}

// pastDays are days of a shop and what the test itself counts in them.
type pastDays struct {
	names         []string
	bodies        map[string]string
	rows, refused int
	config        string // of a server that knows their items
}

func readPast(t *testing.T, names ...string) pastDays {
	t.Helper()
	samples := os.Getenv("HEDDLE_SAMPLES")
	if samples == "" {
		t.Skip("HEDDLE_SAMPLES is not set")
	}
	past, items := pastDays{names: names, bodies: map[string]string{}}, []string(nil)
	for _, name := range names {
		body, err := os.ReadFile(filepath.Join(samples, "dataset-online-retail", name))
		if err != nil {
			t.Fatal(err)
		}
		past.bodies[name] = string(body)
		table, err := csv.NewReader(strings.NewReader(string(body))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		for _, cells := range table[1:] {
			past.rows++
			if slices.Contains([]string{"AMAZONFEE", "BANK CHARGES", "S"}, cells[1]) {
				past.refused++
			}
			items = append(items, cells[1])
		}
	}
	slices.Sort(items)
	before, after, _ := strings.Cut(shopPast, "reference:\n")
	past.config = before + "reference:\n  items:\n"
	for _, item := range slices.Compact(items) {
		past.config += fmt.Sprintf("    - {key: %q, department: D1, class: MERCH, cost: \"1.00\"}\n", item)
	}
	past.config += after
	return past
}

// takeFile lays a file down and waits until the server has taken it.
func takeFile(t *testing.T, house *app.House, folder, name, body string) intake.FileCounts {
	t.Helper()
	query := intake.FileQuery{Pack: "csv", Instance: "web", Limit: 100}
	before, err := house.Store.Desk().Files().Find(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o600); err != nil {
		t.Fatal(err)
	}
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		select {
		case <-t.Context().Done():
			t.Fatalf("%s was not taken", name)
		case <-look.C:
		}
		files, err := house.Store.Desk().Files().Find(t.Context(), query)
		if err != nil {
			t.Fatal(err)
		}
		if len(files) > len(before) && files[0].PutAway {
			return files[0].Counts
		}
	}
}
